//! Letters of a mailbox on an IMAP server, over one connection that is kept while it is good.
//!
//! A letter is known by (folder, UIDVALIDITY, UID). The cursor is the lowest UID that is neither known nor gone; it saves
//! listing, and is never the truth: at the start, each hour and after another UIDVALIDITY the last days are listed whole.
//! Letters older than the start date are counted by the server's date and never fetched. Deliberately absent: `\Seen`,
//! sequence numbers, and when to look (`engine::run`).

use super::Taken;
use super::take::{Fault, Fetched, Inbox, Intake, Run, Waiting, apart, take_in};
use super::understand::Message;
use crate::domain::kyiv::kyiv_day;
use crate::engine::account::{Account, AccountError};
use crate::engine::error::EngineError;
use crate::engine::service::Service;
use crate::ledger::LedgerError;
use crate::ledger::channel::ChannelTrouble;
use crate::ledger::facts::{Fact, Finding, MessageKey};
use crate::ledger::folder::Cursor;
use crate::settings::valid::{ImapSource, Mailbox};
use crate::world::clock;
use crate::world::imap::{Body, ImapMailbox, Listed, Woke, batches};
use crate::world::mail_error::{MailError, MailTrouble};
use crate::world::net::Net;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Of a letter over the limit so much is fetched: headers and text.
const HEAD_BYTES: u32 = 1024 * 1024;
/// How often the last days are listed whole.
const RECONCILE_EVERY: TimeDelta = TimeDelta::hours(1);
/// How many days are listed then.
const RECONCILED_DAYS: u64 = 3;
/// How often the folder of spam is looked into.
const JUNK_EVERY: TimeDelta = TimeDelta::minutes(10);
/// Letters before the start are noted so many at a time.
const OLD_AT_ONCE: usize = 1_000;

/// A mailbox under watch.
pub struct ImapWatch {
    net: Net,
    account: Account,
    source: ImapSource,
    open: Option<Open>,
    reconciled_at: Option<DateTime<Utc>>,
    junk_at: Option<DateTime<Utc>>,
}

struct Open {
    mailbox: ImapMailbox,
    /// Until when the connection is good (a token's life).
    until: Option<Instant>,
}

impl ImapWatch {
    /// Nothing is connected yet.
    ///
    /// # Errors
    /// If the system gives no runtime for connections.
    pub fn new(source: &ImapSource) -> Result<Self, EngineError> {
        let net = Net::here().map_err(|error| EngineError::Settings(format!("no network runtime: {error}")))?;
        let account = Account::new(&source.server);
        Ok(Self { net, account, source: source.clone(), open: None, reconciled_at: None, junk_at: None })
    }

    /// Takes in everything that is new; `Ok(Err(_))` if the mailbox cannot be looked into. The connection is made if there
    /// is none, and given up if anything goes wrong with it.
    ///
    /// # Errors
    /// If the ledger or the store of originals fails.
    pub fn look(
        &mut self,
        service: &Service,
        mailbox: &Mailbox,
        now: DateTime<Utc>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Result<Taken, ChannelTrouble>, EngineError> {
        let intake = Intake { service, mailbox, junk: false, now };
        let looked = self.look_into(&intake, progress);
        match looked {
            Ok(taken) => Ok(Ok(taken)),
            Err(Fault::Mailbox(trouble)) => Ok(Err(trouble)),
            Err(Fault::Service(error)) => Err(error),
        }
    }

    fn look_into(&mut self, intake: &Intake<'_>, progress: &mut dyn FnMut(usize, usize)) -> Result<Taken, Fault> {
        let outlived = self.open.as_ref().and_then(|open| open.until).is_some_and(|until| until <= clock::instant());
        if outlived {
            self.hang_up();
        }
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.connect()?,
        };
        let mut taken = Taken::default();
        let due = |at: Option<DateTime<Utc>>, every| at.is_none_or(|at| intake.now - at >= every);
        if let Some(junk) = self.source.spam_folder.clone()
            && due(self.junk_at, JUNK_EVERY)
        {
            taken = self.look_into_junk(intake, (&mut open, &junk), progress)?;
            self.junk_at = Some(intake.now);
        }
        let reconcile = due(self.reconciled_at, RECONCILE_EVERY);
        let folder = Folder {
            name: &self.source.folder,
            reconcile,
            move_to: self.source.move_to.as_deref(),
            per_day: self.source.per_day,
        };
        let run = folder.take_in(intake, &self.net, &mut open.mailbox, progress)?;
        if let Some(trouble) = run.trouble {
            return Err(Fault::Mailbox(trouble));
        }
        if reconcile {
            self.reconciled_at = Some(intake.now);
        }
        self.open = Some(open);
        taken.recorded = taken.recorded + run.taken.recorded;
        taken.gone += run.taken.gone;
        Ok(taken)
    }

    /// A folder of spam that is not there must not keep letters from being taken in.
    fn look_into_junk(
        &self,
        intake: &Intake<'_>,
        (open, name): (&mut Open, &str),
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Taken, Fault> {
        let mut taken = Taken::default();
        match self.net.wait(open.mailbox.turn_to(name, false)) {
            Ok(()) => {
                let folder = Folder { name, reconcile: false, move_to: None, per_day: self.source.per_day };
                let run = folder.take_in(&Intake { junk: true, ..*intake }, &self.net, &mut open.mailbox, progress)?;
                if let Some(trouble) = run.trouble {
                    return Err(Fault::Mailbox(trouble));
                }
                taken = run.taken;
            }
            Err(error) if matches!(error.trouble, MailTrouble::Refused | MailTrouble::Setting) => {
                tracing::error!(mailbox = %intake.mailbox.name, folder = name, %error,
                    "the folder of spam cannot be opened; correct spam_folder, or leave it out");
            }
            Err(error) => return Err(mailbox_fault(&error)),
        }
        self.net
            .wait(open.mailbox.turn_to(&self.source.folder, self.source.move_to.is_some()))
            .map_err(|error| mailbox_fault(&error))?;
        Ok(taken)
    }

    fn connect(&mut self) -> Result<Open, Fault> {
        let (account, source) = (&mut self.account, &self.source);
        let connected = self.net.wait(async {
            let (proof, until) = account.proof().await?;
            let place = account.place(&source.folder, source.move_to.is_some());
            let mailbox = ImapMailbox::connect(&place, &proof, &account.imap_limits()).await?;
            Ok::<Open, AccountError>(Open { mailbox, until })
        });
        match connected {
            Ok(open) => Ok(open),
            Err(error) => {
                self.account.refused();
                Err(Fault::Mailbox((&error).into()))
            }
        }
    }

    /// Waits for news, at most as long as IDLE may last; then it must be looked. Without a connection it does not wait.
    ///
    /// # Errors
    /// If the connection ended.
    pub async fn wait(&mut self, poll: Duration) -> Result<(), ChannelTrouble> {
        let Some(open) = &mut self.open else { return Ok(()) };
        let left = open.until.map_or(Duration::MAX, |until| until.saturating_duration_since(clock::instant()));
        match open.mailbox.idle(self.source.idle.min(left)).await {
            Ok(Woke::News | Woke::Quiet) => Ok(()),
            Ok(Woke::Unsupported) => {
                tokio::time::sleep(poll.min(left)).await;
                Ok(())
            }
            Err(error) => {
                self.open = None;
                Err((&error).into())
            }
        }
    }

    /// Says goodbye, from a thread that may block.
    pub fn hang_up(&mut self) {
        if let Some(open) = self.open.take() {
            self.net.wait(open.mailbox.close());
        }
    }

    /// Says goodbye.
    pub async fn close(&mut self) {
        if let Some(open) = self.open.take() {
            open.mailbox.close().await;
        }
    }
}

fn mailbox_fault(error: &MailError) -> Fault {
    Fault::Mailbox(error.into())
}

impl From<LedgerError> for Fault {
    fn from(error: LedgerError) -> Self {
        Self::Service(error.into())
    }
}

impl From<EngineError> for Fault {
    fn from(error: EngineError) -> Self {
        Self::Service(error)
    }
}

/// One folder, open.
struct Folder<'a> {
    name: &'a str,
    /// The last days are listed whole.
    reconcile: bool,
    move_to: Option<&'a str>,
    /// Most bytes of letters in a day.
    per_day: u64,
}

impl Folder<'_> {
    fn take_in(
        &self,
        intake: &Intake<'_>,
        net: &Net,
        mailbox: &mut ImapMailbox,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Run, Fault> {
        let ledger = &intake.service.ledger;
        let name = &intake.mailbox.name;
        let validity = mailbox.opened().uid_validity;
        let before = ledger.with(|ledger| ledger.cursor(name, self.name))?;
        if before.is_some_and(|before| before.validity != validity) {
            tracing::warn!(mailbox = %name, folder = self.name, "the server has numbered its letters anew; all are compared");
        }
        let cursor = before.filter(|before| before.validity == validity).unwrap_or(Cursor { validity, next_uid: 1 });
        let listed = self.list(intake, net, mailbox, cursor)?;
        let keys: Vec<MessageKey> = listed.iter().map(|listed| self.key(intake, validity, listed.uid)).collect();
        let known = ledger.with(|ledger| ledger.outcomes(&keys))?;
        self.move_again(net, mailbox, (&keys, &known))?;
        let (old, new): (Vec<_>, Vec<_>) =
            listed.iter().zip(keys).zip(&known).filter(|(_, known)| known.is_none()).map(|(one, _)| one).partition(
                |(listed, _)| {
                    let start = intake.service.settings.intake.start;
                    start.zip(listed.received).is_some_and(|(start, received)| received < start)
                },
            );
        self.note_old(intake, &old)?;
        let mut run = self.take_in_new(intake, (net, mailbox), new, progress)?;
        run.taken.recorded.before_start += old.len();
        let open: BTreeSet<u32> = run.open.iter().filter_map(|key| key.uid.parse().ok()).collect();
        let beyond = listed.iter().map(|listed| listed.uid.saturating_add(1)).max().unwrap_or(0).max(cursor.next_uid);
        let moved = Cursor { validity, next_uid: open.first().copied().unwrap_or(beyond).min(beyond) };
        if before != Some(moved) {
            ledger.with(|ledger| ledger.move_cursor(name, self.name, moved))?;
        }
        Ok(run)
    }

    fn list(
        &self,
        intake: &Intake<'_>,
        net: &Net,
        mailbox: &mut ImapMailbox,
        cursor: Cursor,
    ) -> Result<Vec<Listed>, Fault> {
        let list = async {
            let mut listed: BTreeMap<u32, Listed> = BTreeMap::new();
            if self.reconcile && cursor.next_uid > 1 {
                let since = intake.now.date_naive() - Days::new(RECONCILED_DAYS);
                listed.extend(mailbox.list_days(since).await?.into_iter().map(|listed| (listed.uid, listed)));
            }
            listed.extend(mailbox.list_since(cursor.next_uid).await?.into_iter().map(|listed| (listed.uid, listed)));
            Ok(listed.into_values().collect())
        };
        net.wait_beating(list, || intake.service.beat()).map_err(|error: MailError| mailbox_fault(&error))
    }

    fn key(&self, intake: &Intake<'_>, validity: u32, uid: u32) -> MessageKey {
        MessageKey {
            mailbox: intake.mailbox.name.clone(),
            folder: self.name.to_owned(),
            validity: i64::from(validity),
            uid: uid.to_string(),
        }
    }

    /// Letters that were taken in by a run that ended before it could move them.
    fn move_again(
        &self,
        net: &Net,
        mailbox: &mut ImapMailbox,
        (keys, known): (&[MessageKey], &[Option<String>]),
    ) -> Result<(), Fault> {
        let Some(folder) = self.move_to else { return Ok(()) };
        let left: Vec<u32> = keys
            .iter()
            .zip(known)
            .filter(|(_, outcome)| matches!(outcome.as_deref(), Some("letter" | "copy")))
            .filter_map(|(key, _)| key.uid.parse().ok())
            .collect();
        net.wait(mailbox.move_to(&left, folder)).map_err(|error| mailbox_fault(&error))
    }

    fn note_old(&self, intake: &Intake<'_>, old: &[(&Listed, MessageKey)]) -> Result<(), Fault> {
        for part in old.chunks(OLD_AT_ONCE) {
            let facts: Vec<Fact> = part
                .iter()
                .map(|(listed, key)| Fact {
                    key: key.clone(),
                    raw: String::new(),
                    size: u64::from(listed.size),
                    finding: Finding::BeforeStart,
                })
                .collect();
            intake.service.ledger.with(|ledger| ledger.record(&facts, intake.now, &[]))?;
            intake.service.beat();
        }
        Ok(())
    }

    fn take_in_new(
        &self,
        intake: &Intake<'_>,
        (net, mailbox): (&Net, &mut ImapMailbox),
        new: Vec<(&Listed, MessageKey)>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Run, Fault> {
        let service = intake.service;
        let name = &intake.mailbox.name;
        let in_hand = service.ledger.with(|ledger| ledger.in_hand(name, self.name))?;
        let day = kyiv_day(intake.now);
        let used = service.ledger.with(|ledger| ledger.traffic(name, day))?;
        let mut left = self.per_day.saturating_sub(used);
        // A letter larger than a whole day's allowance would never be fetched whole.
        let max_bytes = service.settings.intake.max_bytes.min(self.per_day);
        let waiting = new.into_iter().map(|(listed, key)| Waiting {
            key,
            delivered: listed.received,
            size: u64::from(listed.size),
        });
        let (affordable, dear): (Vec<_>, Vec<_>) = waiting.partition(|waiting| {
            let cost = fetched_of(waiting.size, max_bytes);
            let fits = cost <= left;
            if fits {
                left -= cost;
            }
            fits
        });
        let (fresh, suspects) = apart(affordable, &in_hand);
        let (fresh, large): (Vec<_>, Vec<_>) = fresh.into_iter().partition(|waiting| waiting.size <= max_bytes);
        let mut batches = batches(fresh, |waiting| waiting.size);
        batches.extend(large.into_iter().chain(suspects).map(|alone| vec![alone]));
        let mut inbox = Imap { net, service, name, mailbox, max_bytes, day, move_to: self.move_to };
        let mut run = take_in(intake, &batches, &in_hand, &mut inbox, progress)?;
        if !dear.is_empty() {
            run.trouble.get_or_insert_with(allowance_used_up);
            run.open.extend(dear.into_iter().map(|waiting| waiting.key));
        }
        Ok(run)
    }
}

/// The open folder as take-in sees it.
struct Imap<'a> {
    net: &'a Net,
    service: &'a Service,
    /// Name of the mailbox.
    name: &'a str,
    mailbox: &'a mut ImapMailbox,
    max_bytes: u64,
    /// The day whose traffic this is.
    day: NaiveDate,
    move_to: Option<&'a str>,
}

impl Inbox for Imap<'_> {
    fn fetch(&mut self, batch: &[Waiting]) -> Result<Vec<Fetched>, Fault> {
        let uids: Vec<u32> = batch.iter().filter_map(|waiting| waiting.key.uid.parse().ok()).collect();
        let large = batch.len() == 1 && batch.iter().any(|waiting| waiting.size > self.max_bytes);
        let fetch = async {
            if let [uid] = uids.as_slice()
                && large
            {
                let most = u32::try_from(self.max_bytes).unwrap_or(u32::MAX).min(HEAD_BYTES);
                Ok(vec![(*uid, self.mailbox.fetch_head(*uid, most).await?)])
            } else {
                self.mailbox.fetch_batch(&uids).await
            }
        };
        let bodies = self.net.wait_beating(fetch, || self.service.beat()).map_err(|error| mailbox_fault(&error))?;
        let bytes: u64 = bodies.iter().map(|(_, body)| body.bytes()).sum();
        // At once: whoever is killed now has fetched it all the same.
        self.service.ledger.with(|ledger| ledger.add_traffic(self.name, self.day, bytes))?;
        let fetched = batch.iter().zip(bodies).map(|(waiting, (_, body))| match body {
            Body::Letter(bytes) => Fetched::Letter(Message {
                key: waiting.key.clone(),
                bytes,
                size: waiting.size,
                partial: large,
                // A server that does not tell when it took a letter in: at the latest now.
                delivered: waiting.delivered.unwrap_or_else(clock::now),
            }),
            Body::Vanished => Fetched::Gone,
            Body::Withheld => Fetched::Withheld,
            Body::Unreadable => Fetched::Unparsable,
        });
        Ok(fetched.collect())
    }

    fn put_away(&mut self, taken: &[MessageKey]) -> Result<(), Fault> {
        let Some(folder) = self.move_to else { return Ok(()) };
        let uids: Vec<u32> = taken.iter().filter_map(|key| key.uid.parse().ok()).collect();
        self.net.wait(self.mailbox.move_to(&uids, folder)).map_err(|error| mailbox_fault(&error))
    }
}

/// How much of a letter of this size is fetched.
fn fetched_of(size: u64, max_bytes: u64) -> u64 {
    if size <= max_bytes { size } else { max_bytes.min(u64::from(HEAD_BYTES)) }
}

fn allowance_used_up() -> ChannelTrouble {
    ChannelTrouble {
        what: "the day's allowance of bytes is used up; letters are fetched again tomorrow (per_day_megabytes)"
            .to_owned(),
        text: "вичерпано добовий обсяг завантаження листів".to_owned(),
        remedy: "листи будуть прийняті завтра; якщо поштова служба дозволяє більше, збільште per_day_megabytes"
            .to_owned(),
        urgent: true,
    }
}
