//! Making the register of a year for the first time.

use super::{Fault, Synchronised, Why, agree, intend};
use crate::desk::frame::{Beside, frame};
use crate::domain::grid::Stamp;
use crate::domain::register::Row;
use crate::engine::service::Service;
use crate::ledger::replica::Replica;
use crate::ledger::{LedgerError, Shared};
use crate::workbook::create::create;
use crate::world::error::{FileError, Trouble};
use crate::world::file::{self, Fingerprint};
use chrono::{DateTime, Utc};
use std::io::Cursor;
use std::path::Path;

/// Rows that are read from the ledger at once.
const PAGE: usize = 500;

/// Makes the register of a year for the first time.
pub(super) fn make(
    service: &Service,
    replica: &mut Replica,
    path: &Path,
    revision: i64,
    now: DateTime<Utc>,
) -> Result<Synchronised, Fault> {
    let lines = service.ledger.with(|ledger| ledger.unregistered(replica.year, -1))?;
    let stamp = Stamp { replica: replica.id.clone(), revision };
    let conflicts = service.ledger.with(|ledger| ledger.conflicts(Some(replica.year)))?;
    let answers = service.ledger.with(|ledger| ledger.typical_answers())?;
    let calls = service.ledger.with(|ledger| ledger.calls(replica.year))?;
    let beside = Beside { unregistered: &lines, conflicts: &conflicts, calls: &calls, answers: &answers };
    let frame = frame(&service.settings, replica.year, &beside, stamp, now);
    let count = service.ledger.with(|ledger| ledger.count_rows(replica.year, revision))?;
    let mut rows = Rows::new(service.ledger.clone(), replica.year, revision, count);
    let mut bytes = Cursor::new(Vec::new());
    let created = create(&frame, &mut rows, &mut bytes)
        .map_err(|error| Fault::refused(Why::File(Trouble::Other), error.to_string()))?;
    if let Some(error) = rows.fault {
        return Err(error.into());
    }
    let bytes = bytes.into_inner();
    intend(service, replica, &bytes, revision)?;
    if let Some(folder) = path.parent() {
        file::make_folder(folder)?;
    }
    file::create_new(path, &bytes, 0o660)?;
    let fingerprint = Fingerprint::of(path)?.ok_or_else(|| FileError::found("look at", path, Trouble::Missing))?;
    agree(replica, &fingerprint, revision);
    service.beat();
    Ok(Synchronised::Written(usize::try_from(created.rows).unwrap_or(0)))
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
