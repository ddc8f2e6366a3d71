//! The daily backup: a whole copy of the ledger, checked, under its date; the newest are kept.
//!
//! Runs beside the writer. A copy of the same occurrence takes the place of the earlier one, so that it may run twice.
//! Nothing is removed unless the ledger itself is sound: a damaged one must not push the good copies out.

use crate::domain::schedule::Occurrence;
use crate::engine::error::EngineError;
use crate::engine::jobs::Ended;
use crate::engine::service::Service;
use crate::ledger::{LedgerError, backup};
use crate::world::copies::Copies;
use chrono::{DateTime, Utc};

/// Makes the backup of this occurrence.
///
/// # Errors
/// `Damaged` if the ledger itself is; anything else is a failed job.
pub fn run(service: &Service, occurrence: Occurrence, _now: DateTime<Utc>) -> Result<Ended, EngineError> {
    let (settings, ledger) = (&service.settings.backup, &service.settings.paths.ledger);
    let copies = Copies { folder: &settings.folder, prefix: "ledger-", ending: ".sqlite" };
    let date = occurrence.wall.format("%Y-%m-%dT%H%M").to_string();
    let added = copies.add(&date, |temp| -> Result<(), EngineError> {
        backup::copy(ledger, temp)?;
        Ok(backup::check(temp)?)
    });
    match backup::check(ledger) {
        Err(error @ LedgerError::Damaged(_)) => return Err(error.into()),
        Err(error) => return Ok(Ended::Failed(error.to_string())),
        Ok(()) => {}
    }
    let target = match added {
        Ok(target) => target,
        Err(error) => return Ok(Ended::Failed(error.to_string())),
    };
    match copies.keep_newest(settings.keep) {
        Ok(removed) => Ok(Ended::Done(format!("{} written and checked, {removed} old ones removed", target.display()))),
        Err(error) => Ok(Ended::Failed(error.to_string())),
    }
}
