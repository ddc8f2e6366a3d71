//! Opening the ledger: pragmas set and read back, migrations, a quick check.
//!
//! Migrations are append-only and each runs in one transaction with its version.

use crate::ledger::backup::quick_check;
use crate::ledger::error::{Attempted, LedgerError};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::path::Path;
use std::time::Duration;

/// The migrations in order; the position + 1 is the schema version.
const MIGRATIONS: &[&str] = &[include_str!("schema/0001.sql")];

/// How long to wait for another connection (a backup, an administrator's `status`).
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The ledger: one connection, one writer.
pub struct Ledger {
    pub(crate) db: Connection,
}

impl Ledger {
    /// Opens the ledger, making or migrating it where needed.
    ///
    /// # Errors
    /// If the file cannot be opened, is damaged, newer than this program, or not on a disk that keeps its promises.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let db = Connection::open(path).map_err(|source| LedgerError::Open { path: path.to_path_buf(), source })?;
        Self::prepare(db)
    }

    /// A ledger in memory, for tests.
    ///
    /// # Errors
    /// As `open`.
    #[cfg(test)]
    pub fn in_memory() -> Result<Self, LedgerError> {
        let db = Connection::open_in_memory().attempted("open in memory")?;
        let mut ledger = Self { db };
        ledger.migrate()?;
        Ok(ledger)
    }

    fn prepare(db: Connection) -> Result<Self, LedgerError> {
        db.busy_timeout(BUSY_TIMEOUT).attempted("set the waiting time")?;
        for (pragma, value, expected) in [
            ("journal_mode", "WAL", "wal"),
            ("synchronous", "FULL", "2"),
            ("foreign_keys", "ON", "1"),
            ("secure_delete", "ON", "1"),
            ("trusted_schema", "OFF", "0"),
            // Negative: KiB. The default of 2 MB reads pages again and again once the ledger has 10,000 letters.
            ("cache_size", "-16000", "-16000"),
        ] {
            db.pragma_update(None, pragma, value).attempted("set a pragma")?;
            let found = db
                .pragma_query_value(None, pragma, |row| row.get::<_, rusqlite::types::Value>(0))
                .attempted("read a pragma back")?;
            let found = match found {
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other @ (rusqlite::types::Value::Null
                | rusqlite::types::Value::Real(_)
                | rusqlite::types::Value::Blob(_)) => format!("{other:?}"),
            };
            if found != expected {
                return Err(LedgerError::Pragma { pragma, found });
            }
        }
        db.set_prepared_statement_cache_capacity(64);
        let mut ledger = Self { db };
        ledger.migrate()?;
        Ok(ledger)
    }

    /// Reads through the whole file for damage.
    ///
    /// # Errors
    /// `Damaged` with SQLite's first finding.
    pub fn check(&self) -> Result<(), LedgerError> {
        quick_check(&self.db)
    }

    fn migrate(&mut self) -> Result<(), LedgerError> {
        let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
        let found: i64 = self
            .db
            .query_row("SELECT user_version FROM pragma_user_version", [], |row| row.get(0))
            .attempted("read its schema version")?;
        if found > known {
            return Err(LedgerError::Newer { found, known });
        }
        let done = usize::try_from(found).unwrap_or(0);
        for (position, sql) in MIGRATIONS.iter().enumerate().skip(done) {
            let transaction =
                self.db.transaction_with_behavior(TransactionBehavior::Immediate).attempted("begin a migration")?;
            transaction.execute_batch(sql).attempted("migrate")?;
            let version = i64::try_from(position).unwrap_or(0) + 1;
            transaction.pragma_update(None, "user_version", version).attempted("note its schema version")?;
            transaction.commit().attempted("commit a migration")?;
        }
        Ok(())
    }

    /// A small fact about the ledger.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn meta(&self, key: &str) -> Result<Option<String>, LedgerError> {
        self.db
            .prepare_cached("SELECT value FROM meta WHERE key = ?1")
            .and_then(|mut statement| statement.query_row(params![key], |row| row.get(0)).optional())
            .attempted("read a fact about itself")
    }

    /// Keeps a small fact about the ledger.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn set_meta(&mut self, key: &str, value: &str) -> Result<(), LedgerError> {
        self.db
            .execute(
                "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
                params![key, value],
            )
            .map(|_| ())
            .attempted("keep a fact about itself")
    }

    /// The revision: how many commits have changed what workbooks show.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn revision(&self) -> Result<i64, LedgerError> {
        Ok(self.meta("revision")?.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    pub(crate) fn immediate(&mut self) -> Result<rusqlite::Transaction<'_>, LedgerError> {
        self.db.transaction_with_behavior(TransactionBehavior::Immediate).attempted("begin a transaction")
    }
}

/// Moves the revision on by one and returns it.
pub(crate) fn next_revision(transaction: &rusqlite::Transaction<'_>) -> Result<i64, LedgerError> {
    transaction
        .query_row(
            "INSERT INTO meta (key, value) VALUES ('revision', '1')
             ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)
             RETURNING CAST(value AS INTEGER)",
            [],
            |row| row.get(0),
        )
        .attempted("move its revision on")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_of_a_newer_version_is_refused_and_an_old_one_is_migrated_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        drop(Ledger::open(&path).unwrap());
        let ledger = Ledger::open(&path).unwrap();
        ledger.check().unwrap();
        ledger.db.pragma_update(None, "user_version", 999).unwrap();
        drop(ledger);
        assert!(matches!(Ledger::open(&path), Err(LedgerError::Newer { found: 999, .. })));
    }

    #[test]
    fn the_journal_cannot_be_rewritten() {
        let ledger = Ledger::in_memory().unwrap();
        ledger
            .db
            .execute(
                "INSERT INTO journal (at, revision, actor, cause, field, old, new) VALUES ('', 1, 'a', 'c', '', '', '')",
                [],
            )
            .unwrap();
        assert!(ledger.db.execute("UPDATE journal SET actor = 'b'", []).is_err());
        assert!(ledger.db.execute("DELETE FROM journal", []).is_err());
    }
}
