//! The register's loop: the workbook of each year shows what the ledger holds, and nothing of a person's is overwritten.
//!
//! What is about to be written is noted first (its digest and the revision that it shows), so that after a kill between
//! the rename and the note the file is recognised as our own. A file that is neither what we wrote last nor what we were
//! about to write was changed by a person.

use crate::desk::frame::frame;
use crate::domain::digest::Digest;
use crate::domain::grid::Stamp;
use crate::domain::kyiv::kyiv_day;
use crate::domain::register::Row;
use crate::engine::error::EngineError;
use crate::engine::merge_register;
use crate::engine::service::Service;
use crate::ledger::replica::Replica;
use crate::ledger::{LedgerError, Shared};
use crate::workbook::create::create;
use crate::world::clock;
use crate::world::error::FileError;
use crate::world::file::{self, Fingerprint};
use crate::world::steady::{Glance, Steady};
use chrono::{DateTime, Datelike, Utc};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Rows that are read from the ledger at once.
const PAGE: usize = 500;
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
    /// Changes wait; why and what to do.
    Waits(String),
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
    let mut replica = service.ledger.with(|ledger| ledger.replica(&id))?.unwrap_or_else(|| Replica {
        id,
        kind: "register".to_owned(),
        path: path.display().to_string(),
        year,
        written_rev: -1,
        digest: String::new(),
        stat: String::new(),
        intended: String::new(),
        intended_rev: -1,
        waiting: String::new(),
    });
    let before = replica.clone();
    let outcome = match synchronise(service, &mut replica, &path, now) {
        Ok(outcome) => outcome,
        Err(Fault::Ledger(error)) => return Err(error.into()),
        Err(Fault::Register(why)) => Synchronised::Waits(why),
    };
    replica.waiting = match &outcome {
        Synchronised::Waits(why) => why.clone(),
        Synchronised::Unchanged | Synchronised::Moving(_) | Synchronised::Written(_) | Synchronised::Merged { .. } => {
            String::new()
        }
    };
    if replica != before {
        service.ledger.with(|ledger| ledger.save_replica(&replica))?;
    }
    Ok(RegisterState { year, path, outcome })
}

/// What went wrong with one register.
pub(super) enum Fault {
    /// The ledger; the service must not go on.
    Ledger(LedgerError),
    /// The register or its folder; the ledger goes on.
    Register(String),
}

impl From<LedgerError> for Fault {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl From<FileError> for Fault {
    fn from(error: FileError) -> Self {
        Self::Register(error.to_string())
    }
}

fn synchronise(
    service: &Service,
    replica: &mut Replica,
    path: &Path,
    now: DateTime<Utc>,
) -> Result<Synchronised, Fault> {
    let revision = service.ledger.with(|ledger| ledger.register_revision(replica.year))?;
    let Some(present) = Fingerprint::of(path)? else {
        return if replica.written_rev < 0 {
            make(service, replica, path, revision, now)
        } else {
            Ok(Synchronised::Waits(format!(
                "the register {} is gone; put it back (a backup will do: newer rows are added to it)",
                path.display()
            )))
        };
    };
    if stat(&present) == replica.stat && replica.written_rev == revision {
        return Ok(Synchronised::Unchanged);
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
    merge_register::merge(service, replica, path, &found, now)
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

/// Makes the register of a year for the first time.
fn make(
    service: &Service,
    replica: &mut Replica,
    path: &Path,
    revision: i64,
    now: DateTime<Utc>,
) -> Result<Synchronised, Fault> {
    let lines = service.ledger.with(|ledger| ledger.unregistered(replica.year, -1))?;
    let stamp = Stamp { replica: replica.id.clone(), revision };
    let frame = frame(&service.settings, replica.year, &lines, stamp, now);
    let count = service.ledger.with(|ledger| ledger.count_rows(replica.year, revision))?;
    let mut rows = Rows::new(service.ledger.clone(), replica.year, revision, count);
    let mut bytes = Cursor::new(Vec::new());
    let created = create(&frame, &mut rows, &mut bytes).map_err(|error| Fault::Register(error.to_string()))?;
    if let Some(error) = rows.fault {
        return Err(error.into());
    }
    let bytes = bytes.into_inner();
    intend(service, replica, &bytes, revision)?;
    if let Some(folder) = path.parent() {
        file::make_folder(folder)?;
    }
    file::create_new(path, &bytes, 0o660)?;
    let fingerprint = Fingerprint::of(path)?
        .ok_or_else(|| Fault::Register(format!("{} vanished right after it was made", path.display())))?;
    agree(replica, &fingerprint, revision);
    service.beat();
    Ok(Synchronised::Written(usize::try_from(created.rows).unwrap_or(0)))
}

/// Notes durably what is about to be written.
pub(super) fn intend(service: &Service, replica: &mut Replica, bytes: &[u8], revision: i64) -> Result<(), LedgerError> {
    replica.intended = Digest::of(bytes).to_string();
    replica.intended_rev = revision;
    service.ledger.with(|ledger| ledger.save_replica(replica))
}

/// Notes that the file is what was intended.
pub(super) fn agree(replica: &mut Replica, fingerprint: &Fingerprint, revision: i64) {
    replica.stat = stat(fingerprint);
    replica.digest.clone_from(&replica.intended);
    replica.written_rev = revision;
}

/// A fingerprint as the ledger keeps it.
pub(super) fn stat(fingerprint: &Fingerprint) -> String {
    format!("{fingerprint:?}")
}

/// The rows of a year at a revision, read page by page, so that the ledger is free between pages.
struct Rows {
    ledger: Shared,
    year: i32,
    revision: i64,
    left: usize,
    after: i64,
    page: std::vec::IntoIter<Row>,
    fault: Option<LedgerError>,
}

impl Rows {
    fn new(ledger: Shared, year: i32, revision: i64, count: usize) -> Self {
        Self { ledger, year, revision, left: count, after: 0, page: Vec::new().into_iter(), fault: None }
    }

    fn turn(&mut self) {
        match self.ledger.with(|ledger| ledger.page_of_rows(self.year, self.revision, self.after, PAGE)) {
            Ok(page) => {
                self.after = page.last().map_or(self.after, |last| last.seq);
                self.page = page.into_iter().map(|numbered| numbered.row).collect::<Vec<_>>().into_iter();
            }
            Err(error) => self.fault = Some(error),
        }
    }
}

impl Iterator for Rows {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        if self.left == 0 || self.fault.is_some() {
            return None;
        }
        if self.page.len() == 0 {
            self.turn();
        }
        self.left -= 1;
        self.page.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}
