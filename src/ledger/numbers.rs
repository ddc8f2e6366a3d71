//! Issuing numbers. A number is issued only inside the commit that registers its appeal, and never again.

use crate::ledger::error::{Attempted, LedgerError};
use rusqlite::{OptionalExtension, Transaction, params};

/// Takes the running number that a plan has foreseen; refuses any but the very next one.
pub(crate) fn take_number(transaction: &Transaction<'_>, year: i32, seq: i64) -> Result<(), LedgerError> {
    let last: i64 = transaction
        .prepare_cached("SELECT last FROM counter WHERE year = ?1")
        .and_then(|mut statement| statement.query_row(params![year], |row| row.get(0)).optional())
        .attempted("read a counter")?
        .unwrap_or(0);
    if seq != last + 1 {
        return Err(LedgerError::Stale(format!("number {seq} of {year} was foreseen, {} is next", last + 1)));
    }
    transaction
        .prepare_cached("INSERT INTO counter (year, last) VALUES (?1, ?2) ON CONFLICT (year) DO UPDATE SET last = ?2")
        .and_then(|mut statement| statement.execute(params![year, seq]))
        .attempted("move a counter on")?;
    Ok(())
}
