//! The first half: what people typed into a copy, cell by cell, against what that very copy had shown them.

use crate::domain::field::Field;
use crate::domain::form::Form;
use crate::domain::grid::{Raw, Sheet, SheetRow};
use crate::domain::register::Row;
use crate::domain::remark::Remark;
use crate::domain::value::Value;
use crate::merge::cell::{Verdict, merge};
use crate::merge::guard;
use crate::merge::identity::{Known, Place, places};
use crate::merge::value::{interpret, is_readable};
use std::collections::{BTreeMap, BTreeSet};

/// A sheet with its cells understood.
#[derive(Debug, Clone, Default)]
pub struct Understood {
    /// Its form.
    pub form: Form,
    /// Excel's number of each row.
    pub positions: Vec<u32>,
    /// The cells of each row.
    pub rows: Vec<Row>,
    /// Cells that are neither compared nor written: formulas, errors, columns that are not there.
    pub untouchable: BTreeSet<(usize, Field)>,
    /// Columns of the sheet.
    pub columns: BTreeMap<Field, u32>,
    /// What was odd, by row.
    pub remarks: Vec<(usize, Remark)>,
    /// How many more rows the sheet has that show an appeal just as the ledger has it.
    pub settled: usize,
}

/// A cell that a person changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The appeal (position in the list of the known).
    pub known: usize,
    /// The column.
    pub field: Field,
    /// What the ledger has.
    pub old: Value,
    /// What the person typed.
    pub new: Value,
    /// What becomes of it.
    pub verdict: Verdict,
}

impl Edit {
    /// Whether the ledger takes what was typed.
    pub fn is_taken(&self) -> bool {
        matches!(self.verdict, Verdict::Take | Verdict::TakeAgainst)
    }
}

/// What people did to a copy.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// What each row of the sheet is.
    pub places: Vec<Place>,
    /// Cells that people changed.
    pub edits: Vec<Edit>,
    /// Rows that the copy showed and that are no longer there (positions in the list of the known).
    pub missing: Vec<usize>,
    /// Why nothing may be changed.
    pub suspicion: Option<String>,
}

/// Understands the cells of a sheet of this form.
pub fn understand(sheet: &Sheet, form: Form) -> Understood {
    let settled = sheet.settled.len();
    let mut understood = Understood { form, settled, columns: sheet.columns.clone(), ..Understood::default() };
    for (position, read) in sheet.rows.iter().enumerate() {
        let (row, remarks) = meaning(read, sheet.date1904);
        let errors = read.cells.iter().filter(|(_, raw)| matches!(raw, Raw::Error(_))).map(|(field, _)| field);
        understood.untouchable.extend(errors.chain(&read.formulas).map(|field| (position, *field)));
        understood.remarks.extend(remarks.into_iter().map(|remark| (position, remark)));
        understood.positions.push(read.row);
        understood.rows.push(row);
    }
    understood
}

/// What the cells of a row mean; a cell that shows an error means nothing.
pub fn meaning(read: &SheetRow, date1904: bool) -> (Row, Vec<Remark>) {
    let (mut row, mut remarks) = (Row::default(), Vec::new());
    for (field, raw) in read.cells.iter().filter(|(_, raw)| is_readable(raw)) {
        let (value, odd) = interpret(raw, *field, date1904);
        row.set(*field, value);
        remarks.extend(odd);
    }
    (row, remarks)
}

/// Finds what people did. `stamped`: the file says itself that it is this register.
pub fn take(sheet: &Understood, known: &[Known], stamped: bool) -> Taken {
    let mut taken = Taken { places: places(sheet.form, &sheet.rows, known), ..Taken::default() };
    let found: BTreeSet<usize> = taken
        .places
        .iter()
        .filter_map(|place| match place {
            Place::Appeal(known) => Some(*known),
            Place::Copy(_) | Place::Foreign | Place::New => None,
        })
        .collect();
    let shown = known.iter().filter(|known| known.base.is_some()).count();
    taken.missing = known
        .iter()
        .enumerate()
        .filter(|(position, known)| known.base.is_some() && !found.contains(position))
        .map(|(position, _)| position)
        .collect();
    let (rows, shown) = (sheet.rows.len() + sheet.settled, shown + sheet.settled);
    taken.suspicion = guard::suspicion(rows, shown, taken.missing.len(), stamped);
    if taken.suspicion.is_none() {
        for (position, place) in taken.places.iter().enumerate() {
            if let (Place::Appeal(appeal), Some(row)) = (place, sheet.rows.get(position))
                && let Some(known) = known.get(*appeal)
            {
                taken.edits.extend(edits(sheet, position, row, (*appeal, known)));
            }
        }
    }
    taken
}

fn edits<'a>(
    sheet: &'a Understood,
    position: usize,
    row: &'a Row,
    (index, known): (usize, &'a Known),
) -> impl Iterator<Item = Edit> + 'a {
    sheet.columns.keys().filter_map(move |field| {
        if sheet.untouchable.contains(&(position, *field)) {
            return None;
        }
        let typed = row.get(*field);
        let ledger = known.now.get(*field);
        let base = known.base.as_ref().map(|base| base.get(*field));
        // The ledger had this very value since the copy was written: it was taken over before, and the file could not be
        // stamped since (it was held).
        let known_already =
            base.is_some_and(|base| base != typed) && known.since.iter().any(|row| row.get(*field) == typed);
        if known_already {
            return None;
        }
        let verdict = merge(sheet.form.owner(*field), base, ledger, typed);
        match verdict {
            Verdict::Nothing | Verdict::Show => None,
            Verdict::Take | Verdict::TakeAgainst | Verdict::PutBack => {
                Some(Edit { known: index, field: *field, old: ledger.clone(), new: typed.clone(), verdict })
            }
        }
    })
}
