//! What ends the service: the ledger or the disk under it. Everything else is an outcome of a step, kept and reported.

use crate::ledger::LedgerError;
use crate::world::error::{FileError, Trouble};

/// A fault after which the service must not go on.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A file of the service's own.
    #[error(transparent)]
    File(#[from] FileError),
    /// A letter of ours could not be written; nothing of the plan was committed.
    #[error("cannot write the letter {kind}: {why}")]
    Letter {
        /// Which letter.
        kind: String,
        /// What was wrong, without personal data.
        why: String,
    },
    /// The settings do not allow to start.
    #[error("{0}")]
    Settings(String),
}

impl EngineError {
    /// Whether the loop may try the same step again later: a full or unreachable disk, from which nothing was lost.
    pub fn passes(&self) -> bool {
        match self {
            Self::Ledger(error) => error.passes(),
            Self::File(error) => match error.trouble {
                Trouble::DiskFull | Trouble::ReadOnly | Trouble::Denied | Trouble::ShareGone => true,
                Trouble::Missing
                | Trouble::Exists
                | Trouble::Changed
                | Trouble::TooLarge
                | Trouble::Hardware
                | Trouble::Damaged
                | Trouble::Other => false,
            },
            Self::Letter { .. } | Self::Settings(_) => false,
        }
    }
}
