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
    /// The same for the administrator where there is more to say.
    pub cause: String,
    /// Appeals that the file does not show yet.
    pub rows: Vec<Row>,
}

impl Waiting {
    /// For the administrator.
    pub fn told(&self) -> &str {
        if self.cause.is_empty() { &self.text } else { &self.cause }
    }

    /// Somebody has the file open.
    pub(super) fn held(held: &Held, rows: Vec<Row>) -> Self {
        let who = if held.by.is_empty() { String::new() } else { format!(" (користувач: {})", held.by) };
        let since = held.since.map_or(String::new(), |since| format!(" з {}", to_kyiv(since).format("%H:%M %d.%m.%Y")));
        Self {
            cause: String::new(),
            why: Why::Held,
            text: format!("реєстр відкрито{since}{who}; зміни буде внесено, щойно його закриють"),
            rows,
        }
    }
}

impl Fault {
    /// The register cannot be merged.
    pub(super) fn refused(why: Why, text: String) -> Self {
        Self::Register(Waiting { why, text, cause: String::new(), rows: Vec::new() })
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::refused(Why::Refused(refusal.cause), refusal.to_string())
    }
}

impl From<FileError> for Fault {
    fn from(error: FileError) -> Self {
        let (what, remedy) = words(error.trouble);
        Self::Register(Waiting {
            why: Why::File(error.trouble),
            text: format!("{what} («{}»); {remedy}", error.path.display()),
            cause: error.to_string(),
            rows: Vec::new(),
        })
    }
}

/// What stands in the way and what to do.
fn words(trouble: Trouble) -> (&'static str, &'static str) {
    match trouble {
        Trouble::DiskFull => ("на диску з реєстром немає місця", "звільніть місце"),
        Trouble::ReadOnly => ("диск із реєстром доступний лише для читання", "під'єднайте його для запису"),
        Trouble::Denied => ("система не має права читати або записувати реєстр", "надайте їй доступ до файлу й теки"),
        Trouble::Missing => ("теки або файлу реєстру немає", "перевірте шлях у налаштуваннях і чи під'єднано диск"),
        Trouble::Exists => ("ім'я вже зайняте іншим файлом", "перевірте, що це за файл, і перенесіть його"),
        Trouble::Changed => ("реєстр саме змінили", "робити нічого не треба: його буде прочитано знову"),
        Trouble::TooLarge => ("реєстр завеликий", "перенесіть зайві аркуші й зображення до іншої книги"),
        Trouble::ShareGone => ("мережевий диск із реєстром недоступний", "під'єднайте його знову"),
        Trouble::Hardware => ("диск із реєстром повідомляє про помилку", "перевірте диск"),
        Trouble::Damaged => ("записане на диск не збігається з прочитаним", "перевірте диск"),
        Trouble::Other => ("реєстр недоступний", "подробиці — у журналі роботи програми"),
    }
}
