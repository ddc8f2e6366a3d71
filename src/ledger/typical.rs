//! Typical answers: what the sheet says, what is found for a matter (FTS5 over the beginnings of words), how often used.

use crate::desk::similar::Stems;
use crate::desk::typical::Typical;
use crate::ledger::commit::{Commit, JournalLine};
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::open::Ledger;
use crate::ledger::takeover::TakeOver;
use chrono::NaiveDate;
use rusqlite::{Row, params};
use std::collections::BTreeSet;

const COLUMNS: &str = "number, topic, keywords, question, answer, basis, department, approved, valid_to, end_unclear,
    (SELECT COUNT(DISTINCT appeal_id) FROM event WHERE kind = 'typical_used' AND detail = CAST(number AS TEXT))";
/// Most that are looked at for one matter.
const MOST_FITTING: i64 = 20;

impl Ledger {
    /// The typical answers of the sheet, by number.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn typical_answers(&self) -> Result<Vec<Typical>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM typical WHERE listed = 1 ORDER BY number");
        self.db
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.query_map([], typical)?.collect())
            .attempted("list the typical answers")
    }

    /// Those that share words with a matter, the best first.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn typical_for(&self, matter: &str) -> Result<Vec<Typical>, LedgerError> {
        let stems = Stems::of(matter);
        let words: Vec<String> = stems.iter().map(|stem| format!("\"{stem}\"")).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM typical_words JOIN typical ON number = typical_words.rowid
             WHERE typical_words MATCH ?1 AND listed = 1 ORDER BY bm25(typical_words), number LIMIT ?2"
        );
        self.db
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                statement.query_map(params![words.join(" OR "), MOST_FITTING], typical)?.collect()
            })
            .attempted("look for typical answers")
    }

    /// The typical answer with a number, if the sheet has it.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn typical_named(&self, number: i64) -> Result<Vec<Typical>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM typical WHERE number = ?1 AND listed = 1");
        self.db
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.query_map(params![number], typical)?.collect())
            .attempted("look up a typical answer")
    }
}

impl Commit<'_> {
    /// Takes over what the sheet says; what went from it is kept, unlisted. The journal has each change.
    pub(crate) fn take_typical(&self, known: &[Typical], now: &[Typical], take: &TakeOver) -> Result<(), LedgerError> {
        for one in now {
            let before = known.iter().find(|known| known.number == one.number);
            if before.is_some_and(|before| Typical { used: one.used, ..before.clone() } == *one) {
                continue;
            }
            self.write_typical(one)?;
            self.journal_typical(take, one.number, before.map(said), Some(said(one)))?;
        }
        let listed: BTreeSet<i64> = now.iter().map(|one| one.number).collect();
        for gone in known.iter().filter(|one| !listed.contains(&one.number)) {
            self.transaction
                .execute("UPDATE typical SET listed = 0 WHERE number = ?1", params![gone.number])
                .attempted("take a typical answer from the list")?;
            self.journal_typical(take, gone.number, Some(said(gone)), None)?;
        }
        Ok(())
    }

    fn write_typical(&self, one: &Typical) -> Result<(), LedgerError> {
        self.transaction
            .execute(
                "INSERT OR REPLACE INTO typical
                    (number, topic, keywords, question, answer, basis, department, approved, valid_to, end_unclear, listed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1)",
                params![
                    one.number,
                    one.topic,
                    one.keywords,
                    one.question,
                    one.answer,
                    one.basis,
                    one.department,
                    day(one.approved),
                    day(one.valid_to),
                    one.end_unclear
                ],
            )
            .attempted("keep a typical answer")?;
        self.transaction
            .execute("DELETE FROM typical_words WHERE rowid = ?1", params![one.number])
            .and_then(|_| {
                self.transaction.execute(
                    "INSERT INTO typical_words (rowid, words) VALUES (?1, ?2)",
                    params![one.number, one.words()],
                )
            })
            .map(|_| ())
            .attempted("index a typical answer")
    }

    fn journal_typical(
        &self,
        take: &TakeOver,
        number: i64,
        old: Option<String>,
        new: Option<String>,
    ) -> Result<(), LedgerError> {
        self.journal(&JournalLine {
            actor: &take.actor,
            cause: &format!("typical answer {number} edited in {}", take.replica),
            appeal: None,
            field: "",
            old: &old.unwrap_or_default(),
            new: &new.unwrap_or_default(),
        })
    }
}

/// A day as the ledger keeps it; "" for none.
fn day(day: Option<NaiveDate>) -> String {
    day.map_or(String::new(), |day| day.to_string())
}

/// All of it on one line, for the journal.
fn said(one: &Typical) -> String {
    let (approved, valid_to) = (day(one.approved), day(one.valid_to));
    [&one.topic, &one.keywords, &one.question, &one.answer, &one.basis, &one.department, &approved, &valid_to]
        .map(|text| text.replace('\n', " "))
        .join(" | ")
}

fn typical(row: &Row<'_>) -> rusqlite::Result<Typical> {
    let day = |at: usize| row.get::<_, String>(at).map(|day| day.parse().ok());
    Ok(Typical {
        number: row.get(0)?,
        topic: row.get(1)?,
        keywords: row.get(2)?,
        question: row.get(3)?,
        answer: row.get(4)?,
        basis: row.get(5)?,
        department: row.get(6)?,
        approved: day(7)?,
        valid_to: day(8)?,
        end_unclear: row.get(9)?,
        used: row.get(10)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::facts::stamp;
    use crate::ledger::open::next_revision;

    fn answer(number: i64, question: &str) -> Typical {
        Typical {
            number,
            question: question.to_owned(),
            answer: "Заяву подають до ЦНАП.".to_owned(),
            ..Typical::default()
        }
    }

    #[test]
    fn the_index_finds_other_forms_of_the_words_and_forgets_what_was_taken_from_the_list() {
        let mut ledger = Ledger::in_memory().unwrap();
        let (subsidy, paper) = (answer(7, "Як призначити субсидію?"), answer(8, "Як отримати довідку переселенця?"));
        let mut take = |known: &[Typical], now: &[Typical]| {
            let transaction = ledger.immediate().unwrap();
            let revision = next_revision(&transaction).unwrap();
            let commit = Commit { transaction: &transaction, at: stamp(chrono::DateTime::UNIX_EPOCH), revision };
            commit.take_typical(known, now, &TakeOver::default()).unwrap();
            transaction.commit().unwrap();
            let found = |matter: &str| -> Vec<i64> {
                ledger.typical_for(matter).unwrap().iter().map(|one| one.number).collect()
            };
            (found("Чому мені не призначили субсидій"), found("довідки для переселенців"), found("«\"OR» NEAR("))
        };
        let both = [subsidy.clone(), paper];
        assert_eq!(take(&[], &both), (vec![7], vec![8], vec![]));
        assert_eq!(take(&both, &[subsidy]), (vec![7], vec![], vec![]));
    }
}
