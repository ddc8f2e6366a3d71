//! The daemon: the loops' bodies in threads, tokio for the waiting between them.
//!
//! A loop waits until it is woken, until its own time comes, or until the service stops; then it looks at the state. The
//! watchdog is fed only while every loop either waits or has done real work not long ago: a hung loop stops the feeding.

use crate::engine::error::EngineError;
use crate::engine::intake::Taken;
use crate::engine::jobs::Ended;
use crate::engine::post::Post;
use crate::engine::service::Service;
use crate::engine::{desk, intake, jobs, register, watch_imap};
use crate::settings::valid::{Mailbox, Source};
use crate::world::clock;
use crate::world::watch::Watch;
use crate::world::wish;
use sd_notify::NotifyState;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// The desk and the post look at least this often, for what time alone brings about.
const IDLE_LOOK: Duration = Duration::from_secs(60);
/// After a step that could not do its work (a missing folder), the loop waits this long.
const AFTER_TROUBLE: Duration = Duration::from_secs(30);
/// Letters that are due but held (an allowance, a rest of the account) are looked at this often.
const HELD_LOOK: Duration = Duration::from_secs(5);
/// What becomes due in less than this is looked at after this.
const SHORTEST_LOOK: Duration = Duration::from_millis(200);
/// While changes wait for a register it is looked at this often, so that they follow soon after it is closed.
const WHILE_WAITING: Duration = Duration::from_secs(15);
/// A loop that neither waits nor does anything for this long hangs.
const HANGS_AFTER_SECONDS: u64 = 600;
/// How often the pulse is felt when systemd does not say.
const FEEL_PULSE: Duration = Duration::from_secs(30);

/// How serving ended.
pub enum End {
    /// The service was told to stop.
    Stopped,
    /// The configuration is to be read again; the old service is handed back.
    Reload(Arc<Service>),
}

/// What a loop tells the watchdog.
pub(super) struct Pulse {
    pub(super) name: String,
    /// Seconds of the monotonic clock when the loop began its step; 0 = it waits.
    busy_since: AtomicU64,
}

impl Pulse {
    /// The loop begins a step.
    pub(super) fn begin(&self) {
        self.busy_since.store(clock::monotonic_seconds().max(1), Ordering::SeqCst);
    }

    /// The loop waits.
    pub(super) fn end(&self) {
        self.busy_since.store(0, Ordering::SeqCst);
    }
}

/// Wakes of the loops that others wake.
pub(super) struct Wakes {
    /// All loops are to stop.
    pub(super) stop: Notify,
    intake: Notify,
    pub(super) desk: Notify,
    post: Notify,
    register: Notify,
    jobs: Notify,
}

/// What all loops share.
pub(super) struct Shared {
    pub(super) service: Arc<Service>,
    pub(super) wakes: Wakes,
    pulses: Mutex<Vec<Arc<Pulse>>>,
}

/// One turn of a loop: does its work and says how long it may wait.
type Turn = Box<dyn FnMut(&Shared) -> Result<Duration, EngineError> + Send>;

/// Serves until a signal comes. On SIGHUP `may_reload` is asked first: where it says no, all goes on as before.
///
/// # Errors
/// If a loop met a fault after which the service must not go on, or the runtime cannot be made.
pub fn serve(service: Service, may_reload: &dyn Fn() -> bool) -> Result<End, EngineError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| EngineError::Settings(format!("cannot start the runtime: {error}")))?;
    runtime.block_on(serve_loops(Arc::new(service), may_reload))
}

async fn serve_loops(service: Arc<Service>, may_reload: &dyn Fn() -> bool) -> Result<End, EngineError> {
    let broken = |error: std::io::Error| EngineError::Settings(format!("cannot listen to signals: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(broken)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(broken)?;
    let mut hang_up = signal(SignalKind::hangup()).map_err(broken)?;
    let wakes = Wakes {
        stop: Notify::new(),
        intake: Notify::new(),
        desk: Notify::new(),
        post: Notify::new(),
        register: Notify::new(),
        jobs: Notify::new(),
    };
    let shared = Arc::new(Shared { service: Arc::clone(&service), wakes, pulses: Mutex::new(Vec::new()) });
    let _watch = watch(&shared);
    let mut loops = JoinSet::new();
    for (index, mailbox) in service.settings.mailboxes.iter().enumerate() {
        let name = format!("intake {}", index + 1);
        match &mailbox.source {
            Source::Maildir { .. } => {
                loops.spawn(run_loop(Arc::clone(&shared), name, intake_turn(index), |w| &w.intake));
            }
            Source::Imap(imap) => {
                let pulse = shared.pulse(name);
                loops.spawn(watch_imap::serve(Arc::clone(&shared), mailbox.clone(), (**imap).clone(), pulse));
            }
        }
    }
    loops.spawn(run_loop(Arc::clone(&shared), "desk".to_owned(), Box::new(desk_turn), |w| &w.desk));
    let post = Post::new(&service.settings)?;
    loops.spawn(run_loop(Arc::clone(&shared), "post".to_owned(), post_turn(post), |w| &w.post));
    loops.spawn(run_loop(Arc::clone(&shared), "register".to_owned(), Box::new(register_turn), |w| &w.register));
    loops.spawn(run_loop(Arc::clone(&shared), "jobs".to_owned(), Box::new(jobs_turn), |w| &w.jobs));
    tell(&[NotifyState::Ready, NotifyState::Status("taking in letters")]);
    tracing::info!(mailboxes = service.settings.mailboxes.len(), "the service is ready");
    let interval = sd_notify::watchdog_enabled().map_or(FEEL_PULSE, |limit| limit / 3);
    let mut watchdog = tokio::time::interval(interval);
    let mut reload = false;
    let mut fault = None;
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hang_up.recv() => if may_reload() { reload = true; break },
            _ = watchdog.tick() => feed(&shared),
            ended = loops.join_next() => {
                fault = match ended {
                    Some(Ok(Err(error))) => Some(error),
                    Some(Err(panic)) => Some(EngineError::Settings(format!("a loop broke down: {panic}"))),
                    Some(Ok(Ok(()))) | None => None,
                };
                break;
            }
        }
    }
    let notify = if reload { NotifyState::Reloading } else { NotifyState::Stopping };
    tell(&[notify]);
    service.stop();
    shared.wake_all();
    while let Some(ended) = loops.join_next().await {
        if let Ok(Err(error)) = ended {
            fault.get_or_insert(error);
        }
    }
    tracing::info!(reload, "the loops have stopped");
    match fault {
        Some(error) => Err(error),
        None if reload => Ok(End::Reload(service)),
        None => Ok(End::Stopped),
    }
}

impl Shared {
    fn wake_all(&self) {
        let wakes = &self.wakes;
        for wake in [&wakes.stop, &wakes.intake, &wakes.desk, &wakes.post, &wakes.register, &wakes.jobs] {
            wake.notify_waiters();
            wake.notify_one();
        }
    }

    /// The pulse of a new loop.
    fn pulse(&self, name: String) -> Arc<Pulse> {
        let pulse = Arc::new(Pulse { name, busy_since: AtomicU64::new(0) });
        self.pulses.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&pulse));
        pulse
    }
}

/// Turns a loop until the service stops.
async fn run_loop(
    shared: Arc<Shared>,
    name: String,
    mut turn: Turn,
    wake: fn(&Wakes) -> &Notify,
) -> Result<(), EngineError> {
    let pulse = shared.pulse(name);
    loop {
        // Begun before the turn: a wake during it counts, whoever else is woken by it as well.
        let woken = wake(&shared.wakes).notified();
        if shared.service.stopping() {
            break;
        }
        let (here, beat) = (Arc::clone(&shared), Arc::clone(&pulse));
        // The turn blocks (SQLite, fsync, parsing), so it has a thread of its own; it comes back with its state.
        let (kept, wait) = tokio::task::spawn_blocking(move || {
            beat.begin();
            let wait = turn(&here);
            beat.end();
            (turn, wait)
        })
        .await
        .map_err(|panic| EngineError::Settings(format!("the loop {} broke down: {panic}", pulse.name)))?;
        turn = kept;
        let wait = match wait {
            Err(error) if error.passes() => {
                tracing::error!(name = %pulse.name, %error, "the step is repeated later");
                AFTER_TROUBLE
            }
            wait => wait?,
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = woken => {}
        }
    }
    Ok(())
}

fn intake_turn(index: usize) -> Turn {
    Box::new(move |shared| {
        let Some(mailbox) = shared.service.settings.mailboxes.get(index) else { return Ok(IDLE_LOOK) };
        let taken = intake::step(&shared.service, mailbox, clock::now(), &mut |_, _| shared.wakes.desk.notify_one())?;
        match taken {
            Ok(taken) => {
                told_of_letters(shared, mailbox, &taken);
                Ok(mailbox.poll)
            }
            Err(_) => {
                shared.wakes.desk.notify_one();
                Ok(AFTER_TROUBLE)
            }
        }
    })
}

/// Says what came in, and wakes who has to do with it.
pub(super) fn told_of_letters(shared: &Shared, mailbox: &Mailbox, taken: &Taken) {
    if taken.recorded.letters + taken.recorded.quarantined > 0 {
        tracing::info!(mailbox = %mailbox.name, letters = taken.recorded.letters,
            quarantined = taken.recorded.quarantined, "letters taken in");
        shared.wakes.desk.notify_one();
        shared.wakes.register.notify_one();
    }
}

fn desk_turn(shared: &Shared) -> Result<Duration, EngineError> {
    let committed = desk::step(&shared.service, clock::now(), &mut |_| shared.wakes.post.notify_one())?;
    if committed != crate::ledger::commit::Committed::default() {
        tracing::info!(
            appeals = committed.appeals,
            copies = committed.copies,
            aside = committed.aside,
            letters = committed.letters,
            "decided"
        );
        shared.wakes.post.notify_one();
        shared.wakes.register.notify_one();
    }
    next_report(shared)
}

/// How long until a channel that does not work must be reported, at most until the next look.
fn next_report(shared: &Shared) -> Result<Duration, EngineError> {
    let patience = shared.service.settings.notice.channel;
    let now = clock::now();
    let channels = shared.service.ledger.with(|ledger| ledger.channels())?;
    let silent = channels.iter().filter(|channel| channel.told.is_none()).filter_map(|channel| channel.since);
    let due = silent.map(|since| patience.saturating_sub((now - since).to_std().unwrap_or_default()));
    Ok(due.min().map_or(IDLE_LOOK, |due| due.clamp(SHORTEST_LOOK, IDLE_LOOK)))
}

fn post_turn(mut post: Post) -> Turn {
    let mut troubled = false;
    Box::new(move |shared| {
        let now = clock::now();
        let posted = post.step(&shared.service, now, &mut |_| {})?;
        if posted.sent + posted.failed + posted.later + posted.unclear > 0 {
            tracing::info!(
                sent = posted.sent,
                later = posted.later,
                failed = posted.failed,
                unclear = posted.unclear,
                "post"
            );
        }
        // A failure is reported by the desk, and so is its end.
        if posted.trouble.is_some() || (troubled && posted.sent > 0) {
            shared.wakes.desk.notify_one();
        }
        troubled = posted.trouble.is_some() || (troubled && posted.sent == 0);
        if posted.more {
            return Ok(Duration::ZERO);
        }
        let next = shared.service.ledger.with(|ledger| ledger.next_mail_at())?;
        let due_in = next.map_or(IDLE_LOOK, |next| (next - now).to_std().unwrap_or(HELD_LOOK).max(SHORTEST_LOOK));
        Ok(due_in.min(IDLE_LOOK))
    })
}

fn jobs_turn(shared: &Shared) -> Result<Duration, EngineError> {
    let now = clock::now();
    for ran in jobs::step(&shared.service, now)? {
        match &ran.ended {
            Ended::Done(what) => tracing::info!(job = ran.name, occurrence = %ran.occurrence, %what, "job done"),
            Ended::Failed(why) => tracing::error!(job = ran.name, occurrence = %ran.occurrence, %why, "job failed"),
        }
        // What a job brought, the others see for themselves.
        for wake in [&shared.wakes.desk, &shared.wakes.register, &shared.wakes.post] {
            wake.notify_one();
        }
    }
    Ok(jobs::rest(&shared.service, now).clamp(SHORTEST_LOOK, IDLE_LOOK))
}

fn register_turn(shared: &Shared) -> Result<Duration, EngineError> {
    let mut wait = shared.service.settings.register.poll;
    let wished = wish::is_there(shared.service.settings.state_folder());
    let states = register::step(&shared.service, clock::now())?;
    if wished && states.iter().all(|state| state.outcome.moving().is_none()) {
        wish::take(shared.service.settings.state_folder())?;
    }
    for state in states {
        match state.outcome {
            register::Synchronised::Unchanged => {}
            register::Synchronised::Written(rows) => tracing::info!(year = state.year, rows, "register written"),
            register::Synchronised::Merged { cells, rows } => {
                tracing::info!(year = state.year, cells, rows, "register merged");
                // What people typed may have promised letters.
                shared.wakes.post.notify_one();
            }
            register::Synchronised::Moving(rest) => wait = wait.min(rest),
            register::Synchronised::Waits(waiting) => {
                wait = wait.min(WHILE_WAITING);
                tracing::warn!(
                    year = state.year,
                    why = waiting.why.code(),
                    appeals = waiting.rows.len(),
                    cause = %waiting.cause,
                    "the register waits"
                );
            }
        }
    }
    Ok(wait)
}

/// Watches Maildirs and register folders; what cannot be watched is polled all the same.
fn watch(shared: &Arc<Shared>) -> Vec<Watch> {
    let settings = &shared.service.settings;
    let maildirs: Vec<PathBuf> = settings
        .mailboxes
        .iter()
        .filter_map(|mailbox| match &mailbox.source {
            Source::Maildir { path } => Some(path.join("new")),
            Source::Imap(_) => None,
        })
        .collect();
    let mut register: Vec<PathBuf> = if settings.register.inotify {
        settings.register_path(0).parent().map(PathBuf::from).into_iter().collect()
    } else {
        Vec::new()
    };
    let mut watches = Vec::new();
    let here = Arc::clone(shared);
    watches.extend(start(&maildirs, move || {
        here.wakes.intake.notify_waiters();
        here.wakes.intake.notify_one();
    }));
    let here = Arc::clone(shared);
    register.push(settings.state_folder().to_path_buf());
    watches.extend(start(&register, move || here.wakes.register.notify_one()));
    watches
}

fn start(folders: &[PathBuf], wake: impl Fn() + Send + 'static) -> Option<Watch> {
    if folders.is_empty() {
        return None;
    }
    let watch = Watch::start(folders, wake);
    let deaf = watch.as_ref().map_or_else(|| folders.to_vec(), |watch| watch.unwatched.clone());
    for folder in deaf {
        tracing::warn!(folder = %folder.display(), "the system does not tell of changes here; only polling helps");
    }
    watch
}

/// Feeds the watchdog unless a loop hangs.
fn feed(shared: &Shared) {
    let now = clock::monotonic_seconds();
    let pulses = shared.pulses.lock().unwrap_or_else(PoisonError::into_inner);
    let last_beat = shared.service.last_beat();
    for pulse in pulses.iter() {
        let busy_since = pulse.busy_since.load(Ordering::SeqCst);
        let quiet_since = busy_since.max(last_beat);
        if busy_since > 0 && now.saturating_sub(quiet_since) > HANGS_AFTER_SECONDS {
            tracing::error!(name = %pulse.name, "a loop hangs; the watchdog is not fed");
            return;
        }
    }
    tell(&[NotifyState::Watchdog]);
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "systemd could not be told");
    }
}
