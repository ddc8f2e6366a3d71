//! Letters that may speak for a department: those that an operator is asked about, and what he decided.

use crate::desk::unregistered::AskedAbout;
use crate::ledger::commit::{Commit, JournalLine};
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::open::Ledger;
use crate::ledger::takeover::TakeOver;
use rusqlite::params;

impl Ledger {
    /// The letters of a year that an operator is or was asked about, oldest first.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn asked_about(&self, year: i32) -> Result<Vec<AskedAbout>, LedgerError> {
        self.db
            .prepare_cached(
                "SELECT id, raw, reason, approval FROM letter WHERE year = ?1 AND approval <> '' ORDER BY id",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![year], |row| {
                        let approval: String = row.get(3)?;
                        let decided = match approval.as_str() {
                            "yes" => Some(true),
                            "no" => Some(false),
                            _ => None,
                        };
                        Ok(AskedAbout { letter: row.get(0)?, raw: row.get(1)?, reason: row.get(2)?, decided })
                    })?
                    .collect()
            })
            .attempted("list the letters that an operator is asked about")
    }
}

impl Commit<'_> {
    /// Carries out what an operator decided about a letter that may speak for a department.
    pub(crate) fn approve(&self, (letter, yes): (i64, bool), day: &str, take: &TakeOver) -> Result<(), LedgerError> {
        let (outcome, approval, reason) = if yes {
            ("entrusted", "yes", format!("Враховано як відповідь підрозділу: рішення від {day} ({}).", take.actor))
        } else {
            ("aside", "no", format!("Не враховано: рішення від {day} ({}).", take.actor))
        };
        let changed = self
            .transaction
            .prepare_cached(
                "UPDATE letter SET outcome = ?2, approval = ?3, reason = ?4, decided_rev = ?5
                 WHERE id = ?1 AND outcome = 'aside' AND approval = 'asked'",
            )
            .and_then(|mut statement| statement.execute(params![letter, outcome, approval, reason, self.revision]))
            .attempted("note what was decided about a letter")?;
        if changed == 1 {
            let cause = format!("letter {letter} decided in {}", take.replica);
            self.journal(&JournalLine {
                actor: &take.actor,
                cause: &cause,
                appeal: None,
                field: "",
                old: "asked",
                new: approval,
            })?;
        }
        Ok(())
    }
}
