//! How the channels are: noted where it changes, and now and then where it does not, so that `status` can tell when each
//! last worked. The desk reports from there.

use crate::engine::service::Service;
use crate::ledger::LedgerError;
use crate::ledger::channel::ChannelTrouble;
use chrono::{DateTime, TimeDelta, Utc};

/// That a channel works is noted at most so often.
const NOTE_EVERY: TimeDelta = TimeDelta::seconds(60);

/// Notes how a channel is. `true` if it works again.
///
/// # Errors
/// If the ledger fails.
pub fn note(
    service: &Service,
    name: &str,
    trouble: Option<&ChannelTrouble>,
    now: DateTime<Utc>,
) -> Result<bool, LedgerError> {
    let before = service.ledger.with(|ledger| ledger.channel(name))?;
    match trouble {
        Some(trouble) => {
            let worked = service.ledger.with(|ledger| ledger.note_trouble(name, trouble, None, now))?;
            if worked {
                tracing::error!(channel = name, trouble = %trouble.what, "a channel does not work");
            } else {
                tracing::warn!(channel = name, trouble = %trouble.what, "a channel still does not work");
            }
            Ok(false)
        }
        None => {
            let since = before.as_ref().and_then(|before| before.since);
            let noted = before.and_then(|before| before.works_at);
            if let Some(since) = since {
                tracing::info!(channel = name, %since, "a channel works again");
            }
            if since.is_none() && noted.is_some_and(|at| now - at < NOTE_EVERY) {
                return Ok(false);
            }
            service.ledger.with(|ledger| ledger.note_works(name, now))?;
            Ok(since.is_some())
        }
    }
}
