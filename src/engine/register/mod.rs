//! The register's loop: the workbook of each year shows what the ledger holds, and nothing of a person's is overwritten.
//!
//! What is about to be written is noted first (its digest and the revision that it shows), so that after a kill between
//! the rename and the note the file is recognised as our own. A file that is neither what we wrote last nor what we were
//! about to write was changed by a person.

mod edits;
mod make;
mod merge;
mod rows;
mod waiting;

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
use crate::world::office_lock::{self, Held, Use};
use crate::world::steady::{Glance, Steady};
use chrono::{DateTime, Datelike, Utc};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
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

/// What is remembered between the steps so that nothing is done twice; losing it does no harm.
#[derive(Debug, Default)]
pub struct Memory {
    /// By replica: the state of file and ledger that was merged last while nothing could be written, and why it could not.
    merged: Mutex<BTreeMap<String, (String, Waiting)>>,
}

impl Memory {
    fn merged(&self, replica: &str, state: &str) -> Option<Waiting> {
        let merged = self.merged.lock().unwrap_or_else(PoisonError::into_inner);
        merged.get(replica).filter(|(known, _)| known == state).map(|(_, waiting)| waiting.clone())
    }

    fn note_merged(&self, replica: &str, state: String, waiting: &Waiting) {
        let mut merged = self.merged.lock().unwrap_or_else(PoisonError::into_inner);
        merged.insert(replica.to_owned(), (state, waiting.clone()));
    }
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
    match &outcome {
        Synchronised::Waits(waiting) => {
            replica.waiting.clone_from(&waiting.text);
            replica.waiting_since.get_or_insert(now);
        }
        Synchronised::Moving(_) => {}
        Synchronised::Unchanged | Synchronised::Written(_) | Synchronised::Merged { .. } => {
            replica.waiting = String::new();
            replica.waiting_since = None;
            replica.notices = 0;
        }
    }
    if before.as_ref() != Some(&replica) {
        service.ledger.with(|ledger| ledger.save_replica(&replica))?;
    }
    Ok(RegisterState { year, path, outcome })
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
        return if replica.written_rev < 0 {
            make::make(service, replica, path, revision, now)
        } else {
            Err(Fault::refused(
                Why::Gone,
                format!(
                    "реєстру {} немає на місці; поверніть його (підійде й резервна копія: новіші рядки буде додано)",
                    path.display()
                ),
            ))
        };
    };
    if stat(&present) == replica.stat && replica.written_rev == revision {
        replica.editor = held.map(|held| held.by).unwrap_or_default();
        return Ok(Synchronised::Unchanged);
    }
    let state = format!("{} {revision} {}", stat(&present), held.is_some());
    if let Some(mut waiting) = service.registers.merged(&replica.id, &state) {
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
            service.registers.note_merged(id, state, waiting);
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
