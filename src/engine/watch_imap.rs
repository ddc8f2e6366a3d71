//! The loop of a mailbox on an IMAP server: look, then wait until the server tells of news, then look again.
//!
//! One connection for both. IDLE is a hint: after every wait it is looked, whatever ended the wait. A connection that
//! ended is made anew after a pause that grows, and shrinks again only once a connection has lasted.

use crate::engine::error::EngineError;
use crate::engine::health;
use crate::engine::intake::{self, ImapWatch};
use crate::engine::run::{Pulse, Shared, told_of_letters};
use crate::ledger::channel::ChannelTrouble;
use crate::settings::valid::{ImapSource, Mailbox};
use crate::world::{clock, entropy};
use std::sync::Arc;
use std::time::Duration;

/// Pauses before a connection is made anew, in seconds; the last one repeats.
const RECONNECT_SECONDS: [u64; 7] = [1, 2, 5, 15, 30, 60, 120];
/// The same where trying again soon would lock the account.
const DENIED_SECONDS: [u64; 3] = [30, 60, 300];
/// A connection that lasted this long was a good one.
const GOOD_AFTER: Duration = Duration::from_secs(60);
/// Pauses vary by this share, so that many mailboxes do not come back at the same moment.
const JITTER: f64 = 0.2;

/// Serves one mailbox until the service stops.
pub(super) async fn serve(
    shared: Arc<Shared>,
    mailbox: Mailbox,
    source: ImapSource,
    pulse: Arc<Pulse>,
) -> Result<(), EngineError> {
    let mut watch = ImapWatch::new(&source)?;
    let mut failures = 0;
    loop {
        // Begun before the question, so that no call to stop is missed in between.
        let mut stopped = std::pin::pin!(shared.wakes.stop.notified());
        if shared.service.stopping() {
            break;
        }
        let (kept, looked) = look(Arc::clone(&shared), mailbox.clone(), watch, Arc::clone(&pulse)).await?;
        watch = kept;
        let looked_at = clock::instant();
        let ended = match looked {
            Ok(Ok(())) => {
                tokio::select! {
                    ended = watch.wait(mailbox.poll) => ended,
                    () = &mut stopped => break,
                }
            }
            Ok(Err(trouble)) => Err(trouble),
            Err(error) if error.passes() => {
                tracing::error!(mailbox = %mailbox.name, %error, "the step is repeated later");
                Err(ChannelTrouble::default())
            }
            Err(error) => return Err(error),
        };
        let lasted = clock::instant().saturating_duration_since(looked_at) >= GOOD_AFTER;
        let Err(trouble) = ended else {
            failures = if lasted { 0 } else { failures };
            continue;
        };
        failures = if lasted { 0 } else { failures + 1 };
        if !trouble.what.is_empty() {
            health::note(&shared.service, &intake::channel(&mailbox), Some(&trouble), clock::now())?;
            shared.wakes.desk.notify_one();
        }
        tokio::select! {
            () = tokio::time::sleep(pause(failures, trouble.urgent).min(source.longest_pause)) => {}
            () = &mut stopped => break,
        }
    }
    watch.close().await;
    Ok(())
}

/// One look. It blocks (SQLite, fsync, parsing), so it has a thread of its own, and comes back with the connection.
async fn look(
    shared: Arc<Shared>,
    mailbox: Mailbox,
    mut watch: ImapWatch,
    pulse: Arc<Pulse>,
) -> Result<(ImapWatch, Result<Result<(), ChannelTrouble>, EngineError>), EngineError> {
    let name = pulse.name.clone();
    tokio::task::spawn_blocking(move || {
        pulse.begin();
        let looked = look_now(&shared, &mailbox, &mut watch);
        pulse.end();
        (watch, looked)
    })
    .await
    .map_err(|panic| EngineError::Settings(format!("the loop {name} broke down: {panic}")))
}

fn look_now(
    shared: &Shared,
    mailbox: &Mailbox,
    watch: &mut ImapWatch,
) -> Result<Result<(), ChannelTrouble>, EngineError> {
    let now = clock::now();
    let looked = watch.look(&shared.service, mailbox, now, &mut |_, _| shared.wakes.desk.notify_one())?;
    Ok(match looked {
        Ok(taken) => {
            if health::note(&shared.service, &intake::channel(mailbox), None, now)? {
                // What was reported is over: that is reported too.
                shared.wakes.desk.notify_one();
            }
            told_of_letters(shared, mailbox, &taken);
            Ok(())
        }
        Err(trouble) => Err(trouble),
    })
}

fn pause(failures: usize, urgent: bool) -> Duration {
    let steps: &[u64] = if urgent { &DENIED_SECONDS } else { &RECONNECT_SECONDS };
    let step = steps.get(failures.saturating_sub(1)).or(steps.last()).copied().unwrap_or(1);
    Duration::from_secs(step).mul_f64(1.0 - JITTER + 2.0 * JITTER * entropy::share())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_two_minutes_and_to_five_where_accounts_get_locked() {
        for (failures, urgent, seconds) in [(1, false, 1.0), (4, false, 15.0), (99, false, 120.0), (99, true, 300.0)] {
            let share = pause(failures, urgent).as_secs_f64() / seconds;
            assert!((0.79..=1.21).contains(&share), "{failures} {share}");
        }
    }
}
