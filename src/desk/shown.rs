//! What the register sheet lacks to show what the ledger holds, after it took over what people did.

use crate::desk::typed_rows::Hint;
use crate::domain::field::Field;
use crate::domain::grid::SheetEdits;
use crate::domain::register::Row;
use crate::domain::value::Value;
use crate::merge::identity::{Known, Place};
use crate::merge::show::{Wanted, show};
use crate::merge::take::{Taken, Understood};
use std::collections::{BTreeMap, BTreeSet};

/// The edits of the sheet, and the rows among them that are not there yet. `rows`: the ledger's, by number.
pub fn register(
    (sheet, known, taken): (&Understood, &[Known], &Taken),
    rows: &BTreeMap<&str, &Row>,
    hints: &BTreeMap<usize, Hint>,
) -> (SheetEdits, Vec<Row>) {
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    let mut row_of = |number: &str| match rows.get_key_value(number) {
        Some((number, row)) => {
            shown.insert(number);
            Wanted::Row(row)
        }
        None => Wanted::Untouched,
    };
    let wanted: Vec<Wanted<'_>> = taken
        .places
        .iter()
        .enumerate()
        .map(|(position, place)| match (place, hints.get(&position)) {
            (Place::Appeal(index), _) => known.get(*index).map_or(Wanted::Untouched, |known| row_of(&known.number)),
            (_, Some(Hint::Registered(number))) => row_of(number),
            (_, Some(Hint::Left(hint))) => Wanted::Left(hint),
            (_, Some(Hint::Unnumbered(hint))) => Wanted::Unnumbered(hint),
            (Place::Copy(_) | Place::Foreign | Place::New, None) => Wanted::Untouched,
        })
        .collect();
    let mut append: Vec<&Row> =
        rows.iter().filter(|(number, _)| !shown.contains(**number)).map(|(_, row)| *row).collect();
    append.sort_by_key(|row| match row.get(Field::Ordinal) {
        Value::Number(seq) => *seq,
        Value::Empty | Value::Text(_) | Value::Date(_) | Value::Time(_) => 0,
    });
    let append: Vec<Row> = append.into_iter().cloned().collect();
    (show(sheet, &wanted, &append), append)
}
