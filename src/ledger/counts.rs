//! Counts for people: how many messages, appeals and letters there are in each state.

use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::open::Ledger;
use serde::Serialize;
use std::collections::BTreeMap;

/// How the ledger stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Messages by mailbox and outcome ("1 letter").
    pub messages: BTreeMap<String, i64>,
    /// Letters by class as read ("appeal").
    pub classes: BTreeMap<String, i64>,
    /// Letters by what was decided ("registered").
    pub decisions: BTreeMap<String, i64>,
    /// Appeals by year.
    pub appeals: BTreeMap<String, i64>,
    /// Letters of ours by stage ("sent").
    pub outbox: BTreeMap<String, i64>,
    /// Letters of ours by kind ("registered").
    pub kinds: BTreeMap<String, i64>,
}

/// What was taken over from workbooks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TakenOver {
    /// Cells that people changed.
    pub cells: i64,
    /// Rows that people typed and that became appeals.
    pub rows: i64,
    /// Cells of the service that people changed and that were put back.
    pub put_back: i64,
    /// Conflicts that people decided.
    pub decisions: i64,
}

impl Ledger {
    /// What was taken over from workbooks after a revision.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn taken_over_since(&self, revision: i64) -> Result<TakenOver, LedgerError> {
        self.db
            .prepare_cached(
                "SELECT COUNT(*) FILTER (WHERE cause LIKE 'edited in %'),
                        COUNT(*) FILTER (WHERE cause = ?2 AND field = ''),
                        COUNT(*) FILTER (WHERE cause LIKE 'put back in %'),
                        COUNT(*) FILTER (WHERE cause LIKE 'conflict %')
                 FROM journal WHERE revision > ?1",
            )
            .and_then(|mut statement| {
                statement.query_row(rusqlite::params![revision, crate::desk::phone::CAUSE], |row| {
                    Ok(TakenOver {
                        cells: row.get(0)?,
                        rows: row.get(1)?,
                        put_back: row.get(2)?,
                        decisions: row.get(3)?,
                    })
                })
            })
            .attempted("count what was taken over")
    }

    /// Counts everything.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn counts(&self) -> Result<Counts, LedgerError> {
        Ok(Counts {
            messages: self.group("SELECT mailbox || ' ' || outcome, COUNT(*) FROM message GROUP BY 1")?,
            classes: self.group("SELECT reading ->> '$.class', COUNT(*) FROM letter GROUP BY 1")?,
            decisions: self.group("SELECT outcome, COUNT(*) FROM letter GROUP BY 1")?,
            appeals: self.group("SELECT CAST(year AS TEXT), COUNT(*) FROM appeal GROUP BY 1")?,
            outbox: self.group("SELECT stage, COUNT(*) FROM outbox GROUP BY 1")?,
            kinds: self.group("SELECT kind, COUNT(*) FROM outbox GROUP BY 1")?,
        })
    }

    fn group<T: rusqlite::types::FromSql>(&self, sql: &str) -> Result<BTreeMap<String, T>, LedgerError> {
        self.db
            .prepare_cached(sql)
            .and_then(|mut statement| {
                statement
                    .query_map([], |row| Ok((row.get::<_, Option<String>>(0)?.unwrap_or_default(), row.get(1)?)))?
                    .collect()
            })
            .attempted("count")
    }
}
