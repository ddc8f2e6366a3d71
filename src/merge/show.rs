//! The second half: the edits that make a copy show what the ledger holds, after it took over what people typed.

use crate::domain::field::{Field, Owner};
use crate::domain::grid::{SheetEdits, Stamp};
use crate::domain::register::Row;
use crate::domain::value::Value;
use crate::merge::take::Understood;
use std::collections::BTreeMap;

/// What a row of the sheet is after the ledger took over.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// It shows this row of the ledger.
    Row(Box<Row>),
    /// It is nobody's row: the service's cells are emptied, the hint says why.
    Unnumbered(String),
    /// It is left as it is, but for the hint.
    Left(String),
    /// It is left as it is.
    Untouched,
}

/// The edits that make the sheet show what is wanted: for each row of the sheet what it is to show, and the rows that
/// are to be appended.
pub fn show(sheet: &Understood, wanted: &[Wanted], append: &[Row], stamp: Stamp) -> SheetEdits {
    let mut edits = SheetEdits::default();
    for (position, wanted) in wanted.iter().enumerate() {
        let (Some(row), Some(excel_row)) = (sheet.rows.get(position), sheet.positions.get(position)) else { continue };
        for (field, column) in &sheet.columns {
            if sheet.untouchable.contains(&(position, *field)) {
                continue;
            }
            let value = match wanted {
                Wanted::Row(ledger) => ledger.get(*field).clone(),
                Wanted::Unnumbered(hint) | Wanted::Left(hint) if *field == Field::Hint => Value::text(hint),
                Wanted::Unnumbered(_) if field.owner() == Owner::Service => Value::Empty,
                Wanted::Unnumbered(_) | Wanted::Left(_) | Wanted::Untouched => continue,
            };
            if value != *row.get(*field) {
                edits.cells.insert((*excel_row, *column), value);
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
    edits.stamp = Some(stamp);
    edits
}
