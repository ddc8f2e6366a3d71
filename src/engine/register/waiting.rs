//! Why changes wait for a register, said for its operators.

use super::Fault;
use crate::domain::kyiv::to_kyiv;
use crate::domain::register::Row;
use crate::workbook::refusal::{Cause, Refusal};
use crate::world::error::{FileError, Trouble};
use crate::world::office_lock::Held;

/// The kinds of waiting that call for different behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Somebody has the file open.
    Held,
    /// The file is not there.
    Gone,
    /// Another register lies in its place.
    Foreign,
    /// It shows more than the ledger knows.
    Newer,
    /// So much of it vanished that a person must look first.
    Suspicious,
    /// The workbook is not read or not changed.
    Refused(Cause),
    /// Its folder or disk.
    File(Trouble),
}

impl Why {
    /// Stable key.
    pub fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Gone => "gone",
            Self::Foreign => "foreign",
            Self::Newer => "newer",
            Self::Suspicious => "suspicious",
            Self::Refused(cause) => cause.code(),
            Self::File(_) => "file",
        }
    }
}

/// Changes wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Why.
    pub why: Why,
    /// The same for the operators, Ukrainian, with the remedy.
    pub text: String,
    /// Appeals that the file does not show yet.
    pub rows: Vec<Row>,
}

impl Waiting {
    /// Somebody has the file open.
    pub(super) fn held(held: &Held, rows: Vec<Row>) -> Self {
        let who = if held.by.is_empty() { String::new() } else { format!(" (користувач: {})", held.by) };
        let since = held.since.map_or(String::new(), |since| format!(" з {}", to_kyiv(since).format("%H:%M %d.%m.%Y")));
        Self {
            why: Why::Held,
            text: format!("реєстр відкрито{since}{who}; зміни буде внесено, щойно його закриють"),
            rows,
        }
    }
}

impl Fault {
    /// The register cannot be merged.
    pub(super) fn refused(why: Why, text: String) -> Self {
        Self::Register(Waiting { why, text, rows: Vec::new() })
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::refused(Why::Refused(refusal.cause), refusal.to_string())
    }
}

impl From<FileError> for Fault {
    fn from(error: FileError) -> Self {
        Self::refused(Why::File(error.trouble), error.to_string())
    }
}
