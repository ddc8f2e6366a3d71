//! The second half: the edits that make a copy show what the ledger holds, after it took over what people typed.

use crate::domain::field::{Field, Owner};
use crate::domain::grid::SheetEdits;
use crate::domain::register::Row;
use crate::domain::value::Value;
use crate::merge::take::Understood;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a row of the sheet is after the ledger took over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wanted<'a> {
    /// It shows this row of the ledger.
    Row(&'a Row),
    /// It is nobody's row: the service's cells are emptied, the hint says why.
    Unnumbered(&'a str),
    /// It is left as it is, but for the hint.
    Left(&'a str),
    /// It is left as it is.
    Untouched,
}

/// The edits that make the sheet show what is wanted: for each row of the sheet what it is to show, and the rows that
/// are to be appended.
pub fn show(sheet: &Understood, wanted: &[Wanted<'_>], append: &[Row]) -> SheetEdits {
    let mut edits = SheetEdits::default();
    for (position, wanted) in wanted.iter().enumerate() {
        let (Some(row), Some(excel_row)) = (sheet.rows.get(position), sheet.positions.get(position)) else { continue };
        for (field, column) in &sheet.columns {
            if sheet.untouchable.contains(&(position, *field)) {
                continue;
            }
            let value = match wanted {
                Wanted::Row(ledger) => Cow::Borrowed(ledger.get(*field)),
                Wanted::Unnumbered(hint) | Wanted::Left(hint) if *field == Field::Hint => Cow::Owned(Value::text(hint)),
                Wanted::Unnumbered(_) if sheet.form.owner(*field) == Owner::Service => Cow::Owned(Value::Empty),
                Wanted::Unnumbered(_) | Wanted::Left(_) | Wanted::Untouched => continue,
            };
            if *value != *row.get(*field) {
                edits.cells.insert((*excel_row, *column), value.into_owned());
            }
        }
    }
    for row in append {
        let cells: BTreeMap<u32, Value> = sheet
            .columns
            .iter()
            .map(|(field, column)| (*column, row.get(*field).clone()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        edits.append.push(cells);
    }
    edits
}
