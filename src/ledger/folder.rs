//! How far each folder on a mail server was taken in, and how many bytes were fetched for it.

use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::open::Ledger;
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};

/// How far a folder was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// UIDVALIDITY under which `next_uid` means something.
    pub validity: u32,
    /// Everything below this UID is known or gone.
    pub next_uid: u32,
}

impl Ledger {
    /// How far a folder was taken in; `None` if it never was looked into.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn cursor(&self, mailbox: &str, folder: &str) -> Result<Option<Cursor>, LedgerError> {
        self.db
            .prepare_cached("SELECT validity, next_uid FROM folder WHERE mailbox = ?1 AND folder = ?2")
            .and_then(|mut statement| {
                statement
                    .query_row(params![mailbox, folder], |row| {
                        Ok(Cursor { validity: row.get(0)?, next_uid: row.get(1)? })
                    })
                    .optional()
            })
            .attempted("look how far a folder was taken in")
    }

    /// Notes how far a folder was taken in.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn move_cursor(&mut self, mailbox: &str, folder: &str, cursor: Cursor) -> Result<(), LedgerError> {
        self.db
            .prepare_cached(
                "INSERT INTO folder (mailbox, folder, validity, next_uid) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (mailbox, folder) DO UPDATE SET validity = ?3, next_uid = ?4",
            )
            .and_then(|mut statement| statement.execute(params![mailbox, folder, cursor.validity, cursor.next_uid]))
            .map(|_| ())
            .attempted("note how far a folder was taken in")
    }

    /// Adds to the bytes fetched on a day.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn add_traffic(&mut self, mailbox: &str, day: NaiveDate, bytes: u64) -> Result<(), LedgerError> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.db
            .prepare_cached(
                "INSERT INTO traffic (mailbox, day, bytes) VALUES (?1, ?2, ?3)
                 ON CONFLICT (mailbox, day) DO UPDATE SET bytes = bytes + ?3",
            )
            .and_then(|mut statement| statement.execute(params![mailbox, day.to_string(), bytes]))
            .map(|_| ())
            .attempted("note the bytes fetched")
    }

    /// Bytes fetched on a day.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn traffic(&self, mailbox: &str, day: NaiveDate) -> Result<u64, LedgerError> {
        let bytes: Option<i64> = self
            .db
            .prepare_cached("SELECT bytes FROM traffic WHERE mailbox = ?1 AND day = ?2")
            .and_then(|mut statement| {
                statement.query_row(params![mailbox, day.to_string()], |row| row.get(0)).optional()
            })
            .attempted("count the bytes fetched")?;
        Ok(bytes.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0))
    }
}
