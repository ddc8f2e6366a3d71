//! The marker in a folder of registers: which ledger they belong to. A share that is not mounted is an empty folder; where
//! the marker is missing, nothing is made that looks as if all were well.

use super::error::{Attempt, FileError, Trouble};
use super::file;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Name of the marker.
pub const NAME: &str = ".zvernennia";
/// Longest marker that is read, in bytes.
const MAX: u64 = 1_000;

fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// The ledger that a folder belongs to; `None` if it bears no marker or is not there.
pub fn read(folder: &Path) -> Result<Option<String>, FileError> {
    let path = path(folder);
    let mut text = String::new();
    match File::open(&path).and_then(|file| file.take(MAX).read_to_string(&mut text)) {
        Ok(_) => Ok(text.lines().next().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).attempt("read", &path),
    }
}

/// Marks a folder.
pub fn write(folder: &Path, ledger: &str) -> Result<(), FileError> {
    let text = format!(
        "{ledger}\nThe registers in this folder belong to this zvernennia. Leave this file where it is: without it the\n\
         service takes the share for not mounted and makes no register here.\n"
    );
    match file::create_new(&path(folder), text.as_bytes(), 0o660) {
        Err(error) if error.trouble == Trouble::Exists => Ok(()),
        other => other,
    }
}
