//! A copy of the ledger, made while the service works, and the check of either for damage.
//!
//! Both use a connection of their own that only reads: the one writer is not kept waiting.

use crate::ledger::error::{Attempted, LedgerError};
use rusqlite::{Connection, OpenFlags, params};
use std::path::Path;
use std::time::Duration;

/// How long to wait for another connection.
const BUSY_TIMEOUT: Duration = Duration::from_secs(60);

/// Writes a whole, compact copy of the ledger into an empty file; the caller makes it durable.
///
/// # Errors
/// If one of them cannot be opened, read or written.
pub fn copy(ledger: &Path, into: &Path) -> Result<(), LedgerError> {
    let Some(into) = into.to_str() else {
        return Err(LedgerError::Unreadable(format!("a backup path that is not UTF-8: {}", into.display())));
    };
    reader(ledger)?.execute("VACUUM INTO ?1", params![into]).map(|_| ()).attempted("copy itself into the backup")
}

/// Reads through a ledger, or a copy of it, for damage.
///
/// # Errors
/// `Damaged` with SQLite's first finding, or if it cannot be opened.
pub fn check(ledger: &Path) -> Result<(), LedgerError> {
    quick_check(&reader(ledger)?)
}

/// SQLite's own check.
pub(crate) fn quick_check(db: &Connection) -> Result<(), LedgerError> {
    let finding: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).attempted("check itself")?;
    if finding == "ok" { Ok(()) } else { Err(LedgerError::Damaged(finding)) }
}

fn reader(path: &Path) -> Result<Connection, LedgerError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)
        .map_err(|source| LedgerError::Open { path: path.to_path_buf(), source })?;
    db.busy_timeout(BUSY_TIMEOUT).attempted("set the waiting time")?;
    Ok(db)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Ledger;

    #[test]
    fn a_copy_made_beside_the_writer_is_whole_and_a_damaged_one_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let (path, copied) = (folder.path().join("ledger.sqlite"), folder.path().join("copy.sqlite"));
        let mut ledger = Ledger::open(&path).unwrap();
        ledger.set_meta("who", "we").unwrap();
        std::fs::write(&copied, "").unwrap();
        copy(&path, &copied).unwrap();
        ledger.set_meta("who", "they").unwrap();
        check(&copied).unwrap();
        check(&path).unwrap();
        assert_eq!(Ledger::open(&copied).unwrap().meta("who").unwrap().as_deref(), Some("we"));
        assert!(copy(&path, &copied).is_err(), "a copy never overwrites anything");

        let mut bytes = std::fs::read(&copied).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 4096].fill(0xff);
        std::fs::write(&copied, bytes).unwrap();
        assert!(check(&copied).is_err());
    }
}
