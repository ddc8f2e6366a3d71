//! What can go wrong with the ledger. Any of these ends the process: a service that cannot remember must not act.

use rusqlite::ErrorCode;
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
    #[error("the ledger could not {attempted}: {source}{}", remedy(source))]
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

impl LedgerError {
    /// Whether the same step succeeds by itself once its surroundings are in order; nothing was committed.
    pub fn passes(&self) -> bool {
        match self {
            Self::Step { source, .. } => !remedy(source).is_empty(),
            Self::Open { .. }
            | Self::Pragma { .. }
            | Self::Newer { .. }
            | Self::Damaged(_)
            | Self::Stale(_)
            | Self::Unreadable(_) => false,
        }
    }
}

/// What the administrator can do about a fault that comes from outside of SQLite; empty for any other.
fn remedy(source: &rusqlite::Error) -> &'static str {
    const NO_SPACE: &str = "; free some space on its file system, the work resumes by itself";
    // A full disk is no "full" to SQLite where it makes the index of the write-ahead log.
    if source.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
        return NO_SPACE;
    }
    match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => NO_SPACE,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "; another program holds it, the work resumes when it lets go"
        }
        Some(ErrorCode::ReadOnly) => "; make its file system and folder writable, the work resumes by itself",
        Some(_) | None => "",
    }
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
