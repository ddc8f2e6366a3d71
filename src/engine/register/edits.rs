//! The edits that make the file show what the ledger holds, all of one pass in one patch.

use super::Fault;
use super::merge::{Read, is_issued};
use crate::desk::calls::{self, CALLS_SHEET};
use crate::desk::conflict::{self, CONFLICTS_SHEET};
use crate::desk::shown;
use crate::desk::typed_rows::Hint;
use crate::desk::typical::{self, ANSWERS_SHEET};
use crate::desk::unregistered::{self, UNREGISTERED_SHEET};
use crate::domain::grid::{BesideTable, Sheet, SheetEdits, Stamp};
use crate::domain::register::Row;
use crate::engine::service::Service;
use crate::ledger::replica::Numbered;
use crate::workbook::patch::{Options, SheetEdit, SheetName, edit};
use crate::workbook::refusal::Cause;
use std::collections::BTreeMap;

/// What the file lacks.
#[derive(Debug, Default)]
pub(super) struct Lacks {
    /// Edits of the register sheet, its new rows among them.
    register: SheetEdits,
    /// Edits of the sheets beside it.
    beside: Vec<(&'static str, SheetEdits)>,
    /// Rows that are not in the file.
    pub(super) rows: Vec<Row>,
}

impl Lacks {
    /// Whether the file shows everything.
    pub(super) fn is_nothing(&self) -> bool {
        self.register.is_nothing() && self.beside.is_empty()
    }

    /// Cells of rows that are there already.
    pub(super) fn cells(&self) -> usize {
        self.register.cells.len()
    }
}

/// Compares the ledger with the file; `changed`: rows that are newer than those that were read for the merge.
pub(super) fn lacks(
    service: &Service,
    year: i32,
    read: &Read,
    changed: Vec<Numbered>,
    hints: &BTreeMap<usize, Hint>,
) -> Result<Lacks, Fault> {
    let mut now: BTreeMap<&str, &Row> = read.known.iter().map(|known| (known.number.as_str(), &known.now)).collect();
    now.extend(changed.iter().map(|numbered| (numbered.number.as_str(), &numbered.row)));
    let (register, rows) = shown::register((&read.understood, &read.known, &read.taken), &now, hints);
    Ok(Lacks { register, beside: beside_edits(service, year, read)?, rows })
}

fn beside_edits(service: &Service, year: i32, read: &Read) -> Result<Vec<(&'static str, SheetEdits)>, Fault> {
    let sheet = &read.sheet;
    let stamped = sheet.stamp.as_ref().map_or(-1, |stamp| stamp.revision);
    let (new, conflicts) =
        service.ledger.with(|ledger| Ok((ledger.unregistered(year, stamped)?, ledger.conflicts(Some(year))?)))?;
    let asked = service.ledger.with(|ledger| ledger.asked_about(year))?;
    let letters = unregistered::show(beside(sheet, UNREGISTERED_SHEET), &new, &asked);
    let mut edits = vec![(UNREGISTERED_SHEET, letters)];
    edits.extend(
        beside(sheet, CONFLICTS_SHEET).map(|table| (CONFLICTS_SHEET, conflict::show(table, &conflicts, stamped))),
    );
    if let Some(table) = beside(sheet, CALLS_SHEET) {
        let waiting = service.ledger.with(|ledger| ledger.calls(year))?;
        edits.push((CALLS_SHEET, calls::show(table, &waiting, |number| is_issued(service, number))));
    }
    if let Some(table) = beside(sheet, ANSWERS_SHEET).filter(|_| read.is_current) {
        let answers = service.ledger.with(|ledger| ledger.typical_answers())?;
        edits.push((ANSWERS_SHEET, typical::show(table, &answers, &[], sheet.date1904)));
    }
    edits.retain(|(_, edits)| !edits.is_nothing());
    Ok(edits)
}

/// A table beside the register.
pub(super) fn beside<'s>(sheet: &'s Sheet, name: &str) -> Option<&'s BesideTable> {
    sheet.beside.iter().find(|table| table.name == name)
}

/// The file with what it lacks, in one patch.
pub(super) fn patched(lacks: &Lacks, sheet: &str, stamp: &Stamp, bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut all = vec![SheetEdit::of(sheet, &lacks.register)];
    all.extend(lacks.beside.iter().map(|(name, edits)| SheetEdit::of(name, edits)));
    loop {
        match edit(bytes, &all, &Options::stamp(stamp)) {
            // The office removed or renamed a sheet beside the register: the register itself must go on.
            Err(refusal) if refusal.cause == Cause::NoSheet && all.len() > 1 && refusal.place != sheet => {
                all.retain(|edit| edit.sheet != SheetName::Named(refusal.place.clone()));
            }
            other => return Ok(other?),
        }
    }
}
