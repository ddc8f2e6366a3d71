//! What is wrong with the configuration: file, line, key, and the remedy. All of it at once, never only the first.
//!
//! Deliberately absent: values. A problem quotes a value only where it cannot be a secret (secrets live in files of their
//! own, which are never quoted).

use std::fmt;

/// One thing that is wrong and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Name of the file as it was given.
    pub file: String,
    /// Line in the file, from 1; `None`: the file as a whole.
    pub line: Option<usize>,
    /// Dotted path of the key (`mailbox[2].address`); empty: the file as a whole.
    pub key: String,
    /// What is wrong and the remedy, in English.
    pub what: String,
}

/// `file:line: key: what`.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.what)
    }
}

/// Everything that is wrong, by file and line; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
}

impl Problems {
    /// `Err` with the problems in the order of the lines, `Ok` where there are none.
    ///
    /// # Errors
    /// The problems, each once.
    pub fn none_or(mut list: Vec<Problem>) -> Result<(), Self> {
        if list.is_empty() {
            return Ok(());
        }
        list.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        list.dedup();
        Err(Self { list })
    }

    /// One problem with a file as a whole.
    pub(crate) fn of_file(file: &str, what: String) -> Self {
        Self { list: vec![Problem { file: file.to_owned(), line: None, key: String::new(), what }] }
    }

    /// The problems by file and line.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }
}

/// One problem a line, with the count first.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.list.len() {
            1 => f.write_str("1 problem in the configuration:")?,
            count => write!(f, "{count} problems in the configuration:")?,
        }
        for problem in &self.list {
            write!(f, "\n  {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
