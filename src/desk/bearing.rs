//! Which rows that nobody touched bear on what is decided about the others, so that they must be looked at with them: the
//! originals of copies, and appeals that a new row may repeat.

use crate::desk::context::person;
use crate::desk::repeat::{self, MOST_RECENT};
use crate::domain::field::Field;
use crate::domain::grid::SettledRow;
use crate::domain::number::fold;
use crate::domain::register::Row;
use crate::domain::value::Value;
use crate::merge::settled::{Told, disputed};
use crate::merge::take::Understood;
use std::collections::{BTreeMap, BTreeSet};

/// What makes an appeal bear on the rows that differ.
#[derive(Debug, Default)]
pub struct Bearing {
    disputed: BTreeSet<u32>,
    /// The latest appeals, from this one on, may be on the same matter.
    recent: u32,
    keys: BTreeSet<String>,
    people: BTreeSet<String>,
    phones: BTreeSet<Value>,
    /// Applicant and essence: what a copied row has in common with its original.
    matters: BTreeSet<(Value, Value)>,
}

impl Bearing {
    /// On these rows of a sheet, whose other rows are settled.
    pub fn on(sheet: &Understood, settled: &[SettledRow], told: &[Told]) -> Self {
        let disputed = disputed(settled, told, sheet);
        let numbers: BTreeSet<&str> = told.iter().map(|told| told.number.as_str()).collect();
        let folded = |row: &Row| row.get(Field::Number).as_text().map(fold);
        let mut claims: BTreeMap<String, usize> = BTreeMap::new();
        sheet.rows.iter().filter_map(folded).for_each(|number| *claims.entry(number).or_default() += 1);
        // A row that bears the number of an appeal, alone, is that appeal; of several, any may be the copy.
        let perhaps_new = |row: &&Row| {
            let is_told = row.get(Field::Number).as_text().is_some_and(|number| numbers.contains(number));
            let alone = folded(row).is_some_and(|number| claims.get(&number) == Some(&1));
            !is_told || !alone || !disputed.is_empty()
        };
        let rows: Vec<&Row> = sheet.rows.iter().filter(perhaps_new).collect();
        let older = if rows.is_empty() { told.len() } else { told.len().saturating_sub(MOST_RECENT) };
        Self {
            recent: u32::try_from(older).unwrap_or(u32::MAX),
            keys: rows.iter().flat_map(|row| repeat::keys(row)).collect(),
            people: rows.iter().map(|row| person(row)).filter(|name| !name.is_empty()).collect(),
            phones: rows.iter().map(|row| row.get(Field::Phone)).filter(|phone| !phone.is_empty()).cloned().collect(),
            matters: rows.iter().filter_map(|row| row.matter()).collect(),
            disputed,
        }
    }

    /// Whether no appeal of so many does.
    pub fn is_none(&self, told: usize) -> bool {
        self.disputed.is_empty() && u32::try_from(told).is_ok_and(|told| told <= self.recent)
    }

    /// Whether the appeal that was told so does, with this row.
    pub fn has(&self, told: u32, row: &Row) -> bool {
        self.disputed.contains(&told)
            || told >= self.recent
            || repeat::keys(row).iter().any(|key| self.keys.contains(key))
            || self.phones.contains(row.get(Field::Phone))
            || self.people.contains(&person(row))
            || row.matter().is_some_and(|matter| self.matters.contains(&matter))
    }
}
