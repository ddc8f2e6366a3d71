//! Answers of departments: those that wait to be taken in, what their workbooks had shown, and the taking in itself.

use crate::desk::action::Move;
use crate::desk::case::Case;
use crate::desk::snapshot::Pending;
use crate::domain::register::Row;
use crate::ledger::commit::Commit;
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::stamp;
use crate::ledger::open::{Ledger, next_revision};
use crate::ledger::outbox::{NewMail, queue};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

/// An answer that waits to be taken in.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The letter.
    pub letter: Pending,
    /// Digest of its raw original.
    pub raw: String,
    /// Code of the department that it speaks for.
    pub department: String,
}

/// Rows of an appeal since a revision.
#[derive(Debug, Clone, PartialEq)]
pub struct RowsSince {
    /// The row at the revision; `None` if it was not there yet.
    pub base: Option<Row>,
    /// Later ones, oldest first.
    pub since: Vec<Row>,
}

impl Ledger {
    /// Answers of departments that wait, oldest first.
    ///
    /// # Errors
    /// If SQLite fails or a stored reading cannot be understood.
    pub fn waiting_answers(&self, limit: u32) -> Result<Vec<Answer>, LedgerError> {
        let found: Vec<(i64, String, String)> = self
            .db
            .prepare_cached("SELECT id, raw, department FROM letter WHERE outcome = 'entrusted' ORDER BY id LIMIT ?1")
            .and_then(|mut statement| {
                statement.query_map(params![limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
            })
            .attempted("list the answers of departments")?;
        let mut answers = Vec::new();
        for (id, raw, department) in found {
            if let Some(letter) = self.letter(id)? {
                answers.push(Answer { letter, raw, department });
            }
        }
        Ok(answers)
    }

    /// The appeal of a number with its course.
    ///
    /// # Errors
    /// If SQLite fails or the row cannot be understood.
    pub fn given(&self, number: &str) -> Result<Option<Case>, LedgerError> {
        let found: Option<i64> = self
            .db
            .prepare_cached("SELECT id FROM appeal WHERE number = ?1")
            .and_then(|mut statement| statement.query_row(params![number], |row| row.get(0)).optional())
            .attempted("look up the appeal of an answer")?;
        Ok(found.map(|appeal| self.case(appeal)).transpose()?.flatten())
    }

    /// Number of an appeal.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn number_of(&self, appeal: i64) -> Result<String, LedgerError> {
        self.db
            .prepare_cached("SELECT number FROM appeal WHERE id = ?1")
            .and_then(|mut statement| statement.query_row(params![appeal], |row| row.get(0)))
            .attempted("look up the number of an appeal")
    }

    /// The revision at which an appeal was shown to a department: in this copy, or in the last one that went out.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn shown_at(&self, appeal: i64, department: &str, replica: Option<&str>) -> Result<Option<i64>, LedgerError> {
        self.db
            .prepare_cached(
                "SELECT revision FROM mailed WHERE appeal_id = ?1 AND department = ?2 AND (?3 IS NULL OR replica = ?3)
                 ORDER BY revision DESC LIMIT 1",
            )
            .and_then(|mut statement| {
                statement.query_row(params![appeal, department, replica], |row| row.get(0)).optional()
            })
            .attempted("look for what a workbook had shown")
    }

    /// The appeals of the workbook that went out with a letter of ours, or the one that the letter itself is about (a
    /// reminder).
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn appeals_of_mail(&self, message_id: &str) -> Result<Vec<i64>, LedgerError> {
        self.db
            .prepare_cached(
                "SELECT mailed.appeal_id FROM mailed JOIN outbox ON outbox.cause = mailed.replica
                 WHERE outbox.message_id = ?1
                 UNION SELECT appeal_id FROM outbox WHERE message_id = ?1 AND appeal_id IS NOT NULL ORDER BY 1",
            )
            .and_then(|mut statement| statement.query_map(params![message_id], |row| row.get(0))?.collect())
            .attempted("list the appeals of a letter of ours")
    }

    /// The rows of an appeal since a revision.
    ///
    /// # Errors
    /// If SQLite fails or a row cannot be understood.
    pub fn rows_of_since(&self, appeal: i64, revision: i64) -> Result<RowsSince, LedgerError> {
        let found: Vec<(i64, String)> = self
            .db
            .prepare_cached(
                "SELECT from_rev, cells FROM row_version WHERE appeal_id = ?1 AND (to_rev IS NULL OR to_rev > ?2)
                 ORDER BY from_rev",
            )
            .and_then(|mut statement| {
                statement.query_map(params![appeal, revision], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .attempted("read the versions of a row")?;
        let mut rows = RowsSince { base: None, since: Vec::new() };
        for (from, cells) in found {
            let row =
                Row::decode(&cells).ok_or_else(|| LedgerError::Unreadable(format!("the row of appeal {appeal}")))?;
            if from <= revision { rows.base = Some(row) } else { rows.since.push(row) }
        }
        Ok(rows)
    }

    /// The appeals that a department was ever given, or takes part in, with their rows, in the order of their numbers.
    ///
    /// # Errors
    /// If SQLite fails or a row cannot be understood.
    pub fn appeals_of_department(&self, department: &str) -> Result<Vec<(i64, Row)>, LedgerError> {
        let ids: Vec<i64> = self
            .db
            .prepare_cached(
                "SELECT id FROM appeal WHERE department = ?1 OR id IN
                   (SELECT appeal_id FROM event WHERE detail = ?1 AND kind IN ('routed', 'co_executor'))
                 ORDER BY year, seq",
            )
            .and_then(|mut statement| statement.query_map(params![department], |row| row.get(0))?.collect())
            .attempted("list the appeals of a department")?;
        ids.into_iter().map(|id| Ok((id, self.row_now(id)?))).collect()
    }

    /// Takes an answer in (`letter`: the one that brought it, and why an operator must read it; `None`: a workbook on the
    /// share): what it changes and what is written back, in one transaction; gives how many letters.
    ///
    /// # Errors
    /// `Stale` if it was taken in meanwhile.
    pub fn take_answer(
        &mut self,
        (letter, appeal): (Option<(i64, &str)>, Option<i64>),
        moves: &[Move],
        mails: &[NewMail],
        now: DateTime<Utc>,
    ) -> Result<usize, LedgerError> {
        let transaction = self.immediate()?;
        let mut promised = 0;
        {
            let revision = next_revision(&transaction)?;
            if let Some((letter, reason)) = letter {
                let changed = transaction
                    .execute(
                        "UPDATE letter SET outcome = 'attached', appeal_id = ?2, decided_rev = ?3,
                                           reason = CASE ?4 WHEN '' THEN reason ELSE ?4 END
                         WHERE id = ?1 AND outcome = 'entrusted'",
                        params![letter, appeal, revision, reason],
                    )
                    .attempted("note that an answer was taken in")?;
                if changed != 1 {
                    return Err(LedgerError::Stale(format!("the answer in letter {letter} was taken in already")));
                }
            }
            let commit = Commit { transaction: &transaction, at: stamp(now), revision };
            for moved in moves {
                commit.move_appeal(moved)?;
            }
            for mail in mails {
                promised += queue(&transaction, mail, appeal, now)?;
            }
        }
        transaction.commit().attempted("commit an answer of a department")?;
        Ok(promised)
    }
}
