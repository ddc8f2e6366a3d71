//! The register's loop: the workbook of each year shows what the ledger holds, and nothing of a person's is overwritten.
//!
//! What is about to be written is noted first (its digest and the revision that it shows), so that after a kill between
//! the rename and the note the file is recognised as our own. A file that is neither what we wrote last nor what we were
//! about to write was changed by a person.

mod absent;
mod companion;
mod edits;
mod make;
mod memory;
mod merge;
mod notices;
mod settled;
mod twins;
mod waiting;
mod warning;

pub use memory::Memory;
pub use waiting::{Waiting, Why};

use crate::domain::digest::Digest;
use crate::domain::kyiv::kyiv_day;
use crate::engine::error::EngineError;
use crate::engine::service::Service;
use crate::ledger::LedgerError;
use crate::ledger::replica::Replica;
use crate::workbook::refusal::Cause;
use crate::world::clock;
use crate::world::error::FileError;
use crate::world::file::{self, Fingerprint};
use crate::world::marker;
use crate::world::office_lock::{self, Held, Use};
use crate::world::steady::{Glance, Steady};
use chrono::{DateTime, Datelike, Utc};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Largest register that is read.
const MAX_BYTES: u64 = 40 * 1024 * 1024;

/// What became of the register of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Synchronised {
    /// The file shows all there is.
    Unchanged,
    /// It was made, with this many rows.
    Written(usize),
    /// It was changed in place.
    Merged {
        /// Cells set.
        cells: usize,
        /// Rows appended.
        rows: usize,
    },
    /// Somebody writes the file this moment; to be looked at again after this time.
    Moving(Duration),
    /// Changes wait.
    Waits(Waiting),
}

impl Synchronised {
    /// How long a file that is being saved must still be left alone.
    pub fn moving(&self) -> Option<Duration> {
        match self {
            Self::Moving(rest) => Some(*rest),
            Self::Unchanged | Self::Written(_) | Self::Merged { .. } | Self::Waits(_) => None,
        }
    }
}

/// One register after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterState {
    /// Its year.
    pub year: i32,
    /// Where it lies.
    pub path: PathBuf,
    /// What became of it.
    pub outcome: Synchronised,
}

/// Brings the register of every year up to the ledger.
///
/// # Errors
/// If the ledger fails; a fault of the register's own folder is an outcome.
pub fn step(service: &Service, now: DateTime<Utc>) -> Result<Vec<RegisterState>, EngineError> {
    let mut years = service.ledger.with(|ledger| ledger.years())?;
    let this_year = kyiv_day(now).year();
    if !years.contains(&this_year) {
        years.push(this_year);
    }
    years.into_iter().map(|year| one(service, year, now)).collect()
}

fn one(service: &Service, year: i32, now: DateTime<Utc>) -> Result<RegisterState, EngineError> {
    let path = service.settings.register_path(year);
    let id = format!("{}/register/{year}", service.ledger_id);
    let before = service.ledger.with(|ledger| ledger.replica(&id))?;
    let mut replica = before.clone().unwrap_or_else(|| Replica::register(id, path.display().to_string(), year));
    replica.path = path.display().to_string();
    let outcome = match synchronise(service, &mut replica, &path, now) {
        Ok(outcome) => outcome,
        Err(Fault::Ledger(error)) => return Err(error.into()),
        Err(Fault::Register(mut waiting)) => {
            waiting.rows = service.ledger.with(|ledger| ledger.new_rows(year, replica.written_rev))?;
            Synchronised::Waits(waiting)
        }
    };
    aftermath(service, &mut replica, (&path, &outcome), now)?;
    if before.as_ref() != Some(&replica) {
        service.ledger.with(|ledger| ledger.save_replica(&replica))?;
    }
    Ok(RegisterState { year, path, outcome })
}

/// What people are shown and told after the outcome.
fn aftermath(
    service: &Service,
    replica: &mut Replica,
    (path, outcome): (&Path, &Synchronised),
    now: DateTime<Utc>,
) -> Result<(), EngineError> {
    let waiting = match outcome {
        Synchronised::Moving(_) => return Ok(()),
        Synchronised::Waits(waiting) => Some(waiting),
        Synchronised::Unchanged | Synchronised::Written(_) | Synchronised::Merged { .. } => None,
    };
    let copies = twins::twins(service, replica, path);
    match waiting {
        Some(waiting) => {
            if replica.waiting_code != waiting.why.code() {
                replica.waiting_code = waiting.why.code().to_owned();
                replica.waiting_since = Some(now);
                replica.notices = 0;
            }
            waiting.told().clone_into(&mut replica.waiting);
            notices::tell(service, replica, (path, waiting), now)?;
        }
        None => {
            (replica.waiting, replica.waiting_code) = (String::new(), String::new());
            replica.waiting_since = None;
            replica.notices = 0;
            notices::tell_of_twins(service, replica, (path, &copies), now)?;
        }
    }
    companion::show(service, replica, (path, waiting), now);
    warning::show(service, replica, (path, waiting), &copies);
    Ok(())
}

/// What went wrong with one register.
enum Fault {
    /// The ledger; the service must not go on.
    Ledger(LedgerError),
    /// The register or its folder; the ledger goes on.
    Register(Waiting),
}

impl From<LedgerError> for Fault {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

fn synchronise(
    service: &Service,
    replica: &mut Replica,
    path: &Path,
    now: DateTime<Utc>,
) -> Result<Synchronised, Fault> {
    let held = holder(replica, path, now)?;
    let revision = service.ledger.with(|ledger| ledger.register_revision(replica.year))?;
    let Some(present) = Fingerprint::of(path)? else {
        return absent::absent(service, replica, path, revision, now);
    };
    mark(service, replica, path)?;
    if stat(&present) == replica.stat && replica.written_rev == revision {
        replica.editor = held.map(|held| held.by).unwrap_or_default();
        return Ok(Synchronised::Unchanged);
    }
    let state = format!("{} {revision} {}", stat(&present), held.is_some());
    let merged = service.registers.of(&replica.id, |known| known.merged.clone().filter(|(seen, _)| *seen == state));
    if let Some((_, mut waiting)) = merged {
        if let Some(held) = &held {
            waiting = Waiting::held(held, waiting.rows);
        }
        return Ok(Synchronised::Waits(waiting));
    }
    if let Some(wait) = unsettled(service, &present, path)? {
        return Ok(Synchronised::Moving(wait));
    }
    let found = file::read(path, MAX_BYTES)?;
    let digest = found.digest().to_string();
    if digest == replica.intended {
        replica.written_rev = replica.intended_rev;
        replica.digest.clone_from(&digest);
    }
    if digest == replica.digest && replica.written_rev == revision {
        replica.stat = stat(&found.fingerprint);
        return Ok(Synchronised::Unchanged);
    }
    let outcome = merge::merge(service, replica, (path, held.as_ref()), &found, now);
    remember(service, &replica.id, state, &outcome);
    outcome
}

/// Marks the folder of a register that was written before and clears it of what a killed run left, once.
fn mark(service: &Service, replica: &Replica, path: &Path) -> Result<(), Fault> {
    if service.registers.of(&replica.id, |known| known.marked) {
        return Ok(());
    }
    let Some(folder) = path.parent() else { return Ok(()) };
    let marked = match marker::read(folder)? {
        Some(owner) => owner == service.ledger_id,
        // Never a folder that may be another one than that in which registers were made.
        None if replica.written_rev >= 0 || absent::none_was_made(service)? => {
            marker::write(folder, &service.ledger_id).is_ok()
        }
        None => false,
    };
    if marked {
        // What a killed run left; in a folder of our own only.
        file::remove_strays(folder)?;
    }
    service.registers.of(&replica.id, |known| known.marked = marked);
    Ok(())
}

/// Who has the file open now; noted, so that `status` can say it and the journal can name who edited.
fn holder(replica: &mut Replica, path: &Path, now: DateTime<Utc>) -> Result<Option<Held>, FileError> {
    match office_lock::look(path)? {
        Use::Held(held) => {
            replica.held_by.clone_from(&held.by);
            replica.held_since = held.since.or(replica.held_since).or(Some(now));
            if !held.by.is_empty() {
                replica.editor.clone_from(&held.by);
            }
            Ok(Some(Held { since: replica.held_since, ..held }))
        }
        Use::Free { .. } => {
            replica.held_by = String::new();
            replica.held_since = None;
            Ok(None)
        }
    }
}

/// Remembers a merge that ended in waiting, unless trying again may help.
fn remember(service: &Service, id: &str, state: String, outcome: &Result<Synchronised, Fault>) {
    let waiting = match outcome {
        Ok(Synchronised::Waits(waiting)) | Err(Fault::Register(waiting)) => waiting,
        Ok(
            Synchronised::Unchanged | Synchronised::Written(_) | Synchronised::Merged { .. } | Synchronised::Moving(_),
        )
        | Err(Fault::Ledger(_)) => return,
    };
    match waiting.why {
        Why::File(_) | Why::Gone | Why::Refused(Cause::ServiceFault) => {}
        Why::Held | Why::Foreign | Why::Newer | Why::Suspicious | Why::Refused(_) => {
            service.registers.of(id, |known| known.merged = Some((state, waiting.clone())));
        }
    }
}

/// How long a file that was changed a moment ago must still be left to come to rest.
fn unsettled(service: &Service, present: &Fingerprint, path: &Path) -> Result<Option<Duration>, FileError> {
    let mut steady = Steady::new(service.settings.register.quiet);
    match steady.glance(path, clock::now(), clock::instant())? {
        Glance::AtRest(seen) if seen == *present => Ok(None),
        Glance::Moving(wait) => Ok(Some(wait)),
        Glance::AtRest(_) | Glance::Absent => Ok(Some(service.settings.register.quiet)),
    }
}

/// Notes durably what is about to be written.
fn intend(service: &Service, replica: &mut Replica, bytes: &[u8], revision: i64) -> Result<(), LedgerError> {
    replica.intended = Digest::of(bytes).to_string();
    replica.intended_rev = revision;
    service.ledger.with(|ledger| ledger.save_replica(replica))
}

/// Notes that the file is what was intended.
fn agree(replica: &mut Replica, fingerprint: &Fingerprint, revision: i64) {
    replica.editor = replica.held_by.clone();
    replica.stat = stat(fingerprint);
    replica.digest.clone_from(&replica.intended);
    replica.written_rev = revision;
}

/// A fingerprint as the ledger keeps it.
fn stat(fingerprint: &Fingerprint) -> String {
    format!("{fingerprint:?}")
}
