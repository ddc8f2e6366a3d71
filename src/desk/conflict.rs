//! Cells that two sides changed differently: the sheet that shows them, and the one word that settles them.
//!
//! What the person typed stands until somebody decides. "реєстр" leaves it so, "база" brings back what the ledger had; the
//! other value stays in the journal either way. A decision about a cell that was changed once more is not carried out.

use crate::desk::beside;
use crate::domain::field::Field;
use crate::domain::grid::{BesideTable, SheetEdits};
use crate::domain::kyiv::to_kyiv;
use crate::domain::label::key;
use crate::domain::register::Table;
use crate::domain::value::Value;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Name of the sheet.
pub const CONFLICTS_SHEET: &str = "Розбіжності";
/// Header of the column with the id.
const ID: &str = "№";
/// Header of the column for the deciding word.
const DECISION: &str = "Рішення";
/// Header of the column that tells what became of the decision.
const OUTCOME: &str = "Стан";
/// The columns with their widths in Excel characters.
const COLUMNS: [(&str, u16); 9] = [
    (ID, 6),
    ("Реєстраційний №", 16),
    ("Графа", 28),
    ("У реєстрі", 44),
    ("В обліковій базі", 44),
    ("Хто змінив", 20),
    ("Коли", 18),
    (DECISION, 14),
    (OUTCOME, 40),
];

/// Which of the two values shall stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// What the person typed into the register.
    Register,
    /// What the ledger had.
    Ledger,
}

impl Decision {
    /// Stable key.
    pub fn id(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Ledger => "ledger",
        }
    }

    /// The decision with this key.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Register, Self::Ledger].into_iter().find(|decision| decision.id() == id)
    }

    /// The decision that a word means; however it is written.
    pub fn of_word(word: &str) -> Option<Self> {
        match key(word).as_str() {
            "реєстр" | "уреєстрі" | "зреєстру" | "реестр" | "книга" | "укнизі" => {
                Some(Self::Register)
            }
            "база" | "облікова" | "обліковабаза" | "вобліковійбазі" | "вбазі" | "збази" => {
                Some(Self::Ledger)
            }
            _ => None,
        }
    }
}

/// A cell that two sides changed differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Its id.
    pub id: i64,
    /// The appeal.
    pub appeal: i64,
    /// Number of the appeal.
    pub number: String,
    /// Key of the column.
    pub field: String,
    /// What the person typed.
    pub workbook: Value,
    /// What the ledger had.
    pub ledger: Value,
    /// Who typed it.
    pub actor: String,
    /// When it was found.
    pub at: DateTime<Utc>,
    /// Revision at which it was found.
    pub revision: i64,
    /// What was decided; `None`: it is open.
    pub decision: Option<Decision>,
    /// The decision was not carried out: the cell had been changed once more.
    pub overtaken: bool,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
}

/// What a decision does to the cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The cell shows what was decided.
    Stands,
    /// The cell gets this value.
    Set(Value),
    /// The cell shows neither value any more; it is left alone.
    Overtaken,
}

impl Conflict {
    /// Header of the column.
    pub fn header(&self) -> String {
        Field::from_id(&self.field).map_or_else(|| self.field.clone(), |field| field.spec().header.to_owned())
    }

    /// What a decision does to the cell, which shows `now`.
    pub fn settle(&self, decision: Decision, now: &Value) -> Settled {
        let (wanted, other) = match decision {
            Decision::Register => (&self.workbook, &self.ledger),
            Decision::Ledger => (&self.ledger, &self.workbook),
        };
        if now == wanted {
            Settled::Stands
        } else if now == other {
            Settled::Set(wanted.clone())
        } else {
            Settled::Overtaken
        }
    }

    /// What the column "Стан" says.
    fn outcome(&self) -> Value {
        let Some(decision) = self.decision else { return Value::Empty };
        let at = self.decided_at.map_or(String::new(), |at| format!(" {}", to_kyiv(at).format("%d.%m.%Y %H:%M")));
        Value::text(&match (self.overtaken, decision) {
            (true, _) => format!("Не застосовано{at}: клітинку після цього змінили ще раз."),
            (false, Decision::Register) => format!("Вирішено{at}: залишено значення з реєстру."),
            (false, Decision::Ledger) => format!("Вирішено{at}: повернено значення з облікової бази."),
        })
    }

    /// Its line in the sheet.
    fn line(&self) -> [Value; COLUMNS.len()] {
        [
            Value::Number(self.id),
            Value::text(&self.number),
            Value::text(&self.header()),
            Value::text(&self.workbook.to_string()),
            Value::text(&self.ledger.to_string()),
            Value::text(&self.actor),
            Value::text(&to_kyiv(self.at).format("%d.%m.%Y %H:%M").to_string()),
            Value::Empty,
            self.outcome(),
        ]
    }
}

/// The sheet of a new register.
pub fn table(conflicts: &[Conflict]) -> Table {
    Table {
        name: CONFLICTS_SHEET.to_owned(),
        note: "Клітинки, які двоє змінили по-різному. У графі «Рішення» напишіть «реєстр» або «база».".to_owned(),
        columns: beside::columns(&COLUMNS),
        rows: conflicts.iter().map(|conflict| conflict.line().to_vec()).collect(),
    }
}

/// Headers by which the sheet is found.
pub fn headers() -> Vec<String> {
    beside::headers(&COLUMNS)
}

/// The lines of the sheet by id: row of the sheet and the word in the column "Рішення".
fn lines(sheet: &BesideTable) -> BTreeMap<i64, (u32, String)> {
    let mut lines = BTreeMap::new();
    for (row, cells) in &sheet.rows {
        if let Ok(id) = beside::word(cells, ID).parse() {
            // Of two lines with one id (copied) the first is the line.
            lines.entry(id).or_insert((*row, beside::word(cells, DECISION)));
        }
    }
    lines
}

/// What people decided that is not yet known.
pub fn decisions(sheet: &BesideTable, conflicts: &[Conflict]) -> Vec<(i64, Decision)> {
    let lines = lines(sheet);
    conflicts
        .iter()
        .filter_map(|conflict| {
            let decision = Decision::of_word(&lines.get(&conflict.id)?.1)?;
            (conflict.decision != Some(decision)).then_some((conflict.id, decision))
        })
        .collect()
}

/// The edits that make the sheet show the conflicts: those found after the revision that the file shows are appended.
pub fn show(sheet: &BesideTable, conflicts: &[Conflict], stamped: i64) -> SheetEdits {
    let lines = lines(sheet);
    let mut edits = SheetEdits::default();
    for conflict in conflicts {
        match lines.get(&conflict.id) {
            Some((row, word)) => {
                let Some(column) = sheet.columns.get(OUTCOME) else { continue };
                let mut outcome = conflict.outcome();
                if outcome.is_empty() && !word.is_empty() && Decision::of_word(word).is_none() {
                    outcome = Value::text("Не зрозуміло: напишіть «реєстр» або «база».");
                }
                let shown = sheet.rows.iter().find(|(other, _)| other == row).and_then(|(_, cells)| cells.get(OUTCOME));
                if shown.map(|raw| Value::text(&raw.to_string())).unwrap_or_default() != outcome {
                    edits.cells.insert((*row, *column), outcome);
                }
            }
            None if conflict.revision > stamped => edits.append.push(
                COLUMNS
                    .iter()
                    .zip(conflict.line())
                    .filter_map(|((header, _), value)| Some((*sheet.columns.get(*header)?, value)))
                    .filter(|(_, value)| !value.is_empty())
                    .collect(),
            ),
            // Somebody took the line away to keep the sheet short; the conflict stays in `zvernennia conflicts`.
            None => {}
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conflict() -> Conflict {
        Conflict {
            id: 4,
            appeal: 1,
            number: "П-1/2026".to_owned(),
            field: Field::Notes.id().to_owned(),
            workbook: Value::text("людина"),
            ledger: Value::text("служба"),
            actor: "Олена".to_owned(),
            at: DateTime::UNIX_EPOCH,
            revision: 3,
            decision: None,
            overtaken: false,
            decided_at: None,
        }
    }

    #[test]
    fn one_word_decides_however_it_is_written() {
        for (word, expected) in [
            ("реєстр", Some(Decision::Register)),
            (" РЕЄСТР.", Some(Decision::Register)),
            ("База", Some(Decision::Ledger)),
            ("бaзa", Some(Decision::Ledger)),
            ("так", None),
            ("", None),
        ] {
            assert_eq!(Decision::of_word(word), expected, "{word}");
        }
    }

    #[test]
    fn a_decision_never_touches_a_cell_that_was_changed_once_more() {
        let conflict = conflict();
        for (decision, now, expected) in [
            (Decision::Register, "людина", Settled::Stands),
            (Decision::Ledger, "людина", Settled::Set(Value::text("служба"))),
            (Decision::Register, "служба", Settled::Set(Value::text("людина"))),
            (Decision::Ledger, "щось третє", Settled::Overtaken),
        ] {
            assert_eq!(conflict.settle(decision, &Value::text(now)), expected, "{decision:?} {now}");
        }
    }
}
