//! The way out for trials and tests: each letter becomes one `.eml` file in a folder, nothing leaves the machine.
//!
//! Handing over the same outbox row again is harmless: the name depends only on the row and its Message-ID, and an
//! equal file that is already there means "delivered". A different file of that name is an error, never overwritten.

use super::error::{Attempt, FileError, Trouble};
use super::file;
use crate::domain::digest::Digest;
use std::fs;
use std::io;
use std::path::Path;

/// Digits of the Message-ID's digest in the file name.
const DIGITS: usize = 16;

/// Whether the letter is there because of this call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    /// Written now.
    Now,
    /// An equal file was there: an earlier run delivered it and was stopped before it could say so.
    Before,
}

/// The file name of an outbox row: sorts in the order of sending, tells nothing about the addressee.
pub fn file_name(outbox_id: i64, message_id: &str) -> String {
    let digits: String = Digest::of(message_id.as_bytes()).to_string().chars().take(DIGITS).collect();
    format!("{outbox_id:08}-{digits}.eml")
}

/// Delivers a letter into the folder; it survives a power cut when this returns.
pub fn deliver(folder: &Path, outbox_id: i64, message_id: &str, letter: &[u8]) -> Result<Delivered, FileError> {
    let path = folder.join(file_name(outbox_id, message_id));
    match fs::read(&path) {
        Ok(present) if present == letter => {
            // The earlier run may have been stopped between the rename and this.
            file::sync_folder(folder)?;
            Ok(Delivered::Before)
        }
        Ok(_) => Err(FileError::found("deliver", &path, Trouble::Exists)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder).attempt("create", folder)?;
            file::create_new(&path, letter, 0o660)?;
            Ok(Delivered::Now)
        }
        Err(error) => Err(FileError::io("read", &path, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delivering_twice_leaves_one_file() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("out");
        assert_eq!(deliver(&folder, 7, "a@b", b"letter").unwrap(), Delivered::Now);
        assert_eq!(deliver(&folder, 7, "a@b", b"letter").unwrap(), Delivered::Before);
        let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|item| item.unwrap().file_name()).collect();
        assert_eq!(names, [file_name(7, "a@b").as_str()]);
    }

    #[test]
    fn another_letter_under_the_same_name_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        deliver(dir.path(), 7, "a@b", b"letter").unwrap();
        assert_eq!(deliver(dir.path(), 7, "a@b", b"other").unwrap_err().trouble, Trouble::Exists);
        assert_eq!(fs::read(dir.path().join(file_name(7, "a@b"))).unwrap(), b"letter");
    }

    #[test]
    fn names_sort_in_the_order_of_sending_and_hide_the_message_id() {
        assert!(file_name(9, "z@z") < file_name(10, "a@a"));
        assert_eq!(file_name(9, "ack.17@city.ua").len(), "00000009-0123456789abcdef.eml".len());
        assert!(!file_name(9, "ack.17@city.ua").contains("city"));
    }
}
