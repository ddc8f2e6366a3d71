//! Rows of the sheet that are no appeal (yet): being typed, copied, with a number that was never issued. The ledger
//! remembers what they said when last seen, so that it is in the journal when they are gone: deleted, emptied, overwritten
//! by the service's hint, or replaced by an older file.

use crate::domain::field::Field;
use crate::domain::register::Row;
use crate::domain::value::Value;
use crate::merge::identity::{Known, Place};
use crate::merge::take::Understood;
use std::collections::{BTreeMap, BTreeSet};

/// What people said in rows that are no appeal, in the order of the sheet. `hints`: what the service says in a row (by
/// position); that, and what a copy has from its original, is not remembered.
pub fn rows(sheet: &Understood, places: &[Place], known: &[Known], hints: &BTreeMap<usize, &str>) -> Vec<Row> {
    let mut rows = Vec::new();
    for (position, (row, place)) in sheet.rows.iter().zip(places).enumerate() {
        let original = match place {
            Place::Appeal(_) => continue,
            Place::Copy(index) => known.get(*index),
            Place::Foreign | Place::New => None,
        };
        let mut said = row.clone();
        if said.get(Field::Hint).as_text() == hints.get(&position).copied() {
            said.set(Field::Hint, Value::Empty);
        }
        for shown in original.into_iter().flat_map(|known| known.base.iter().chain([&known.now])) {
            shown.filled().filter(|(field, value)| row.get(*field) == *value).for_each(|(field, _)| {
                said.set(field, Value::Empty);
            });
        }
        if said.filled().next().is_some() {
            rows.push(said);
        }
    }
    rows
}

/// Cells of remembered rows that stand nowhere in their column now.
pub fn gone(remembered: &[Row], sheet: &Understood) -> BTreeSet<(Field, Value)> {
    if remembered.is_empty() {
        return BTreeSet::new();
    }
    let here: BTreeSet<(Field, &Value)> = sheet.rows.iter().flat_map(Row::filled).collect();
    let said = remembered.iter().flat_map(Row::filled);
    said.filter(|cell| !here.contains(cell)).map(|(field, value)| (field, value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(Field, &str)]) -> Row {
        let mut row = Row::default();
        cells.iter().for_each(|(field, text)| row.set(*field, Value::text(text)));
        row
    }

    fn sheet(rows: &[Row]) -> Understood {
        Understood { rows: rows.to_vec(), ..Understood::default() }
    }

    #[test]
    fn only_what_stands_nowhere_any_more_is_gone() {
        let before = [row(&[(Field::Applicant, "Бойко"), (Field::Notes, "дзвонив двічі"), (Field::Hint, "увага")])];
        let moved = row(&[(Field::Applicant, "Бойко"), (Field::Hint, "дзвонив двічі")]);
        let expected =
            [(Field::Notes, "дзвонив двічі"), (Field::Hint, "увага")].map(|(f, text)| (f, Value::text(text)));
        assert_eq!(gone(&before, &sheet(&[moved])), BTreeSet::from(expected));
        assert!(gone(&before, &sheet(&before)).is_empty());
        assert_eq!(gone(&before, &sheet(&[])).len(), 3);
    }

    #[test]
    fn a_row_is_remembered_until_it_is_an_appeal_and_only_what_people_said_in_it() {
        let original = row(&[(Field::Number, "Б-1/2026"), (Field::Applicant, "Бойко"), (Field::DueDate, "01.04")]);
        let known = Known {
            appeal: 1,
            number: "Б-1/2026".into(),
            now: original.clone(),
            base: None,
            since: Vec::new(),
            adopted: false,
        };
        let mut copy = original.clone();
        copy.set(Field::Notes, Value::text("ще раз"));
        let hinted = row(&[(Field::Applicant, "Гай"), (Field::Hint, "бракує суті")]);
        let noted = row(&[(Field::Applicant, "Дуб"), (Field::Hint, "подзвонити")]);
        let rows_of = sheet(&[original.clone(), copy, hinted, noted.clone(), original]);
        let places = [Place::Appeal(0), Place::Copy(0), Place::New, Place::Foreign, Place::Copy(0)];
        let hints = BTreeMap::from([(2, "бракує суті"), (3, "такого номера немає")]);
        let expected = [row(&[(Field::Notes, "ще раз")]), row(&[(Field::Applicant, "Гай")]), noted];
        assert_eq!(rows(&rows_of, &places, &[known], &hints), expected);
    }
}
