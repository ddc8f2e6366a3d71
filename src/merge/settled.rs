//! Rows that nobody touched. A register of fifty thousand rows is compared by digests where it is read; only rows that
//! differ from the ledger, or that bear on such rows, are held and compared cell by cell.

use crate::domain::digest::Digest;
use crate::domain::field::Field;
use crate::domain::form::Form;
use crate::domain::grid::{Raw, SettledRow, SheetRow};
use crate::domain::number;
use crate::domain::register::Row;
use crate::merge::take::{Understood, meaning};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the reader is told of an appeal: its number, and the digest of what a sheet that agrees with the ledger shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its number as the ledger writes it.
    pub number: String,
    /// Digest of its row in the form (`Row::digest`).
    pub digest: Digest,
}

/// Tells, row by row, which show an appeal just as told.
pub struct Settling<'t> {
    form: Form,
    told: BTreeMap<&'t str, (u32, &'t Digest)>,
    /// Those that do.
    pub found: Vec<SettledRow>,
}

impl<'t> Settling<'t> {
    /// Looks for these appeals.
    pub fn new(form: Form, told: &'t [Told]) -> Self {
        let told = (0..).zip(told).map(|(index, told)| (told.number.as_str(), (index, &told.digest))).collect();
        Self { form, told, found: Vec::new() }
    }

    /// Whether the row shows an appeal just as told. A formula, an error or a sign of repetition must be looked at.
    pub fn settles(&mut self, row: &SheetRow, date1904: bool) -> bool {
        let Some(Raw::Text(number)) = row.cells.get(&Field::Number) else { return false };
        let Some((told, digest)) = self.told.get(number.as_str()).copied() else { return false };
        let plain = row.formulas.is_empty()
            && row.dittos.is_empty()
            && !row.cells.values().any(|raw| matches!(raw, Raw::Error(_)));
        let settled = plain && meaning(row, date1904).0.digest(self.form) == *digest;
        if settled {
            self.found.push(SettledRow { told, row: row.row });
        }
        settled
    }
}

/// Appeals whose settled rows must be compared with the others after all: their numbers stand in other rows as well.
pub fn disputed(settled: &[SettledRow], told: &[Told], others: &Understood) -> BTreeSet<u32> {
    let mut seen = BTreeSet::new();
    let mut disputed: BTreeSet<u32> = settled.iter().map(|row| row.told).filter(|told| !seen.insert(*told)).collect();
    let claims: BTreeSet<String> = others
        .rows
        .iter()
        .map(|row| row.get(Field::Number).to_string())
        .filter(|number| !number.is_empty())
        .map(|number| number::fold(&number))
        .collect();
    if !claims.is_empty() {
        let number = |index: &u32| told.get(*index as usize).map(|told| number::fold(&told.number));
        disputed.extend(seen.iter().filter(|index| number(index).is_some_and(|number| claims.contains(&number))));
    }
    disputed
}

/// Puts rows, with their places in the sheet, among those that are compared cell by cell.
pub fn put_back(understood: &mut Understood, rows: Vec<(u32, Row)>) {
    if rows.is_empty() {
        return;
    }
    let before = std::mem::take(&mut understood.rows);
    let positions = std::mem::take(&mut understood.positions);
    let mut all: Vec<(u32, Row, Option<usize>)> =
        positions.into_iter().zip(before).enumerate().map(|(index, (place, row))| (place, row, Some(index))).collect();
    all.extend(rows.into_iter().map(|(place, row)| (place, row, None)));
    all.sort_by_key(|(place, ..)| *place);
    let moved: BTreeMap<usize, usize> =
        all.iter().enumerate().filter_map(|(now, (.., index))| index.map(|index| (index, now))).collect();
    let now = |index: usize| moved.get(&index).copied().unwrap_or(index);
    understood.untouchable =
        std::mem::take(&mut understood.untouchable).into_iter().map(|(index, field)| (now(index), field)).collect();
    understood.remarks.iter_mut().for_each(|(index, _)| *index = now(*index));
    for (place, row, _) in all {
        understood.positions.push(place);
        understood.rows.push(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::value::Value;

    fn row(number: &str, note: &str) -> Row {
        let mut row = Row::default();
        row.set(Field::Number, Value::text(number));
        row.set(Field::Notes, Value::text(note));
        row
    }

    fn sheet_row(at: u32, number: &str, note: &str) -> SheetRow {
        let cells =
            [(Field::Number, number), (Field::Notes, note)].map(|(field, text)| (field, Raw::Text(text.into())));
        SheetRow { row: at, cells: cells.into(), ..SheetRow::default() }
    }

    fn told(number: &str, note: &str) -> Told {
        let mut row = row(number, note);
        row.set(Field::Executor, Value::text("видно лише підрозділу"));
        Told { number: number.into(), digest: row.digest(Form::Register) }
    }

    #[test]
    fn a_row_is_settled_if_all_that_it_shows_is_what_the_ledger_has() {
        let told = [told("К-1/2026", "а"), told("К-2/2026", "б")];
        let mut settling = Settling::new(Form::Register, &told);
        assert!(settling.settles(&sheet_row(7, "К-2/2026", " б "), false));
        assert!(!settling.settles(&sheet_row(8, "К-1/2026", "інше"), false), "somebody typed");
        assert!(!settling.settles(&sheet_row(9, "К-1/2026", ""), false), "somebody emptied a cell");
        assert!(!settling.settles(&sheet_row(9, "К-3/2026", "а"), false), "a number that was never told");
        let mut formula = sheet_row(10, "К-1/2026", "а");
        formula.formulas.push(Field::Notes);
        assert!(!settling.settles(&formula, false), "a formula shows it");
        let mut free = sheet_row(11, "К-1/2026", "а");
        free.cells.insert(Field::Hint, Raw::Error("#REF!".into()));
        assert!(!settling.settles(&free, false), "an error");
        assert_eq!(settling.found, [SettledRow { told: 1, row: 7 }]);
    }

    #[test]
    fn a_settled_row_is_disputed_if_its_number_stands_twice_however_it_is_written() {
        let told = [told("К-1/2026", "а"), told("К-2/2026", "б"), told("К-3/2026", "в")];
        let settled = [(0, 5), (1, 6), (0, 9), (2, 10)].map(|(told, row)| SettledRow { told, row });
        let others =
            Understood { rows: vec![row("k 002/2026", "копія"), row("", "нове")], ..Understood::default() };
        assert_eq!(disputed(&settled, &told, &others), BTreeSet::from([0, 1]));
    }

    #[test]
    fn what_is_put_back_stands_in_its_place() {
        let mut understood = Understood {
            positions: vec![5, 9],
            rows: vec![row("1", ""), row("2", "")],
            untouchable: BTreeSet::from([(1, Field::Notes)]),
            ..Understood::default()
        };
        put_back(&mut understood, vec![(7, row("3", "")), (4, row("4", ""))]);
        assert_eq!(understood.positions, [4, 5, 7, 9]);
        assert_eq!(understood.rows, ["4", "1", "3", "2"].map(|number| row(number, "")));
        assert_eq!(understood.untouchable, BTreeSet::from([(3, Field::Notes)]));
    }
}
