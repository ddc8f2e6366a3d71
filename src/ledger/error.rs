//! What can go wrong with the ledger. Any of these ends the process: a service that cannot remember must not act.

use std::path::PathBuf;

/// A fault of the ledger or of the disk under it.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file cannot be opened.
    #[error("cannot open the ledger {path}: {source}; check that the folder exists and belongs to the service's user")]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A setting on which durability rests was not accepted.
    #[error("SQLite did not accept {pragma}: it is {found}; the ledger must lie on a local disk")]
    Pragma {
        /// The setting.
        pragma: &'static str,
        /// What it is instead.
        found: String,
    },
    /// The file was written by a newer version of the service.
    #[error("the ledger has schema {found}, this version knows {known}; install the newer version again")]
    Newer {
        /// Schema of the file.
        found: i64,
        /// Schema of this program.
        known: i64,
    },
    /// The file is damaged.
    #[error("the ledger is damaged ({0}); stop the service and restore the last backup")]
    Damaged(String),
    /// A step failed; the transaction was rolled back.
    #[error("the ledger could not {attempted}: {source}")]
    Step {
        /// What was attempted.
        attempted: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A plan does not fit the ledger any more; nothing of it was carried out.
    #[error("the plan does not fit the ledger: {0}")]
    Stale(String),
    /// A row of the ledger cannot be understood.
    #[error("the ledger holds {0} that this version cannot read")]
    Unreadable(String),
}

/// Names the step that a fault of SQLite happened in.
pub(crate) trait Attempted<T> {
    /// The same result with the step named.
    fn attempted(self, step: &'static str) -> Result<T, LedgerError>;
}

impl<T> Attempted<T> for Result<T, rusqlite::Error> {
    fn attempted(self, step: &'static str) -> Result<T, LedgerError> {
        self.map_err(|source| LedgerError::Step { attempted: step, source })
    }
}
