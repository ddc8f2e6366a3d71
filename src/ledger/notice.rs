//! Notices that wait for departments, and the workbooks that went out with them: what each copy showed, at which revision.

use crate::desk::notices::Waiting;
use crate::domain::kyiv::to_kyiv;
use crate::domain::register::Row;
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::{stamp, unstamp};
use crate::ledger::open::Ledger;
use crate::ledger::outbox::{NewMail, queue};
use chrono::{DateTime, Utc};
use rusqlite::params;
use std::collections::BTreeSet;

/// A workbook that goes out to a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailed {
    /// Identity of the copy, as in its stamp.
    pub replica: String,
    /// Code of the department.
    pub department: String,
    /// Revision that it shows.
    pub revision: i64,
    /// The appeals in it.
    pub appeals: Vec<i64>,
    /// The notices that it answers for.
    pub notices: Vec<i64>,
}

impl Ledger {
    /// Notices that wait, oldest first.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn waiting_notices(&self) -> Result<Vec<Waiting>, LedgerError> {
        self.db
            .prepare_cached(
                "SELECT id, appeal_id, department, urgent, queued_at FROM notice WHERE sent_at = '' ORDER BY id",
            )
            .and_then(|mut statement| {
                statement
                    .query_map([], |row| {
                        let queued: String = row.get(4)?;
                        Ok(Waiting {
                            id: row.get(0)?,
                            appeal: row.get(1)?,
                            department: row.get(2)?,
                            urgent: row.get(3)?,
                            queued: to_kyiv(unstamp(&queued)),
                        })
                    })?
                    .collect()
            })
            .attempted("list the notices that wait")
    }

    /// Causes of letters of these kinds that begin so.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn causes_beginning(&self, kinds: &[&str], beginning: &str) -> Result<BTreeSet<String>, LedgerError> {
        let kinds = serde_json::Value::from(kinds).to_string();
        self.db
            .prepare_cached(
                "SELECT DISTINCT cause FROM outbox
                 WHERE kind IN (SELECT value FROM json_each(?1)) AND substr(cause, 1, length(?2)) = ?2",
            )
            .and_then(|mut statement| statement.query_map(params![kinds, beginning], |row| row.get(0))?.collect())
            .attempted("look for letters that were promised")
    }

    /// The row of an appeal as it is now.
    ///
    /// # Errors
    /// If SQLite fails or the row cannot be understood.
    pub fn row_now(&self, appeal: i64) -> Result<Row, LedgerError> {
        let cells: String = self
            .db
            .prepare_cached("SELECT cells FROM row_version WHERE appeal_id = ?1 AND to_rev IS NULL")
            .and_then(|mut statement| statement.query_row(params![appeal], |row| row.get(0)))
            .attempted("read a row")?;
        Row::decode(&cells).ok_or_else(|| LedgerError::Unreadable(format!("the row of appeal {appeal}")))
    }

    /// Whether this workbook was ever written.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn was_mailed(&self, replica: &str) -> Result<bool, LedgerError> {
        self.db
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM mailed WHERE replica = ?1)")
            .and_then(|mut statement| statement.query_row(params![replica], |row| row.get(0)))
            .attempted("look for a workbook")
    }

    /// Notes what a workbook on the share shows now.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn note_shown(&mut self, shown: &Mailed) -> Result<(), LedgerError> {
        let transaction = self.immediate()?;
        for appeal in &shown.appeals {
            transaction
                .prepare_cached(
                    "INSERT INTO mailed (replica, appeal_id, department, revision) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (replica, appeal_id) DO UPDATE SET revision = excluded.revision",
                )
                .and_then(|mut statement| {
                    statement.execute(params![shown.replica, appeal, shown.department, shown.revision])
                })
                .attempted("note what a workbook shows")?;
        }
        transaction.commit().attempted("note what a workbook shows")
    }

    /// Promises the letters of a notice and notes what their workbook shows, in one transaction; gives how many letters.
    ///
    /// # Errors
    /// `Stale` if a notice was sent meanwhile; nothing is promised then.
    pub fn send_notice(
        &mut self,
        mailed: &Mailed,
        mails: &[NewMail],
        appeal: Option<i64>,
        now: DateTime<Utc>,
    ) -> Result<usize, LedgerError> {
        let transaction = self.immediate()?;
        for notice in &mailed.notices {
            let changed = transaction
                .execute("UPDATE notice SET sent_at = ?2 WHERE id = ?1 AND sent_at = ''", params![notice, stamp(now)])
                .attempted("note that a notice was sent")?;
            if changed != 1 {
                return Err(LedgerError::Stale(format!("notice {notice} was sent already")));
            }
        }
        for appeal in &mailed.appeals {
            transaction
                .execute(
                    "INSERT INTO mailed (replica, appeal_id, department, revision) VALUES (?1, ?2, ?3, ?4)",
                    params![mailed.replica, appeal, mailed.department, mailed.revision],
                )
                .attempted("note what a workbook shows")?;
        }
        let mut promised = 0;
        for mail in mails {
            promised += queue(&transaction, mail, appeal, now)?;
        }
        transaction.commit().attempted("commit a notice")?;
        Ok(promised)
    }
}
