//! Appeals that a new one may repeat: looked up by the keys of its person, and the latest of anybody.

use crate::desk::repeat::{Former, MOST_RECENT, keys};
use crate::domain::register::Row;
use crate::ledger::commit::Commit;
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::stamp;
use crate::ledger::open::Ledger;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::params;
use std::collections::BTreeSet;

/// Most appeals of one key that are looked at, the latest.
const MOST_OF_A_KEY: i64 = 5;
/// How far back those are looked for.
const RECENT: TimeDelta = TimeDelta::days(4);

impl Ledger {
    /// The latest appeals that share a key with a person, newest first.
    ///
    /// # Errors
    /// If SQLite fails or a row cannot be understood.
    pub fn formers(&self, keys: &[String]) -> Result<Vec<Former>, LedgerError> {
        let mut ids = BTreeSet::new();
        for key in keys {
            let found: Vec<i64> = self
                .db
                .prepare_cached("SELECT appeal_id FROM person WHERE key = ?1 ORDER BY appeal_id DESC LIMIT ?2")
                .and_then(|mut statement| statement.query_map(params![key, MOST_OF_A_KEY], |row| row.get(0))?.collect())
                .attempted("look for earlier appeals of a person")?;
            ids.extend(found);
        }
        ids.into_iter().rev().map(|id| Ok(Former::new(id, self.number_of(id)?, self.row_now(id)?))).collect()
    }

    /// The latest appeals of anybody, newest first.
    ///
    /// # Errors
    /// If SQLite fails or a row cannot be understood.
    pub fn recent_appeals(&self, now: DateTime<Utc>) -> Result<Vec<Former>, LedgerError> {
        let ids: Vec<i64> = self
            .db
            .prepare_cached(
                "SELECT id FROM (SELECT id, created_at FROM appeal ORDER BY id DESC LIMIT ?1) WHERE created_at >= ?2",
            )
            .and_then(|mut statement| {
                statement.query_map(params![MOST_RECENT as i64, stamp(now - RECENT)], |row| row.get(0))?.collect()
            })
            .attempted("list the latest appeals")?;
        ids.into_iter().map(|id| Ok(Former::new(id, self.number_of(id)?, self.row_now(id)?))).collect()
    }
}

impl Commit<'_> {
    /// Keeps the keys by which the appeals of its person are found; former names and phones stay.
    pub(crate) fn know_person(&self, appeal: i64, row: &Row) -> Result<(), LedgerError> {
        for key in keys(row) {
            self.transaction
                .prepare_cached("INSERT OR IGNORE INTO person (key, appeal_id) VALUES (?1, ?2)")
                .and_then(|mut statement| statement.execute(params![key, appeal]))
                .attempted("note a person")?;
        }
        Ok(())
    }
}
