//! A mailbox as a Maildir on this machine (fetched there by another program, or delivered by an MDA).
//!
//! The folder belongs to others: nothing in it is ever moved, marked, written or deleted. A message is known by its
//! base name, the part before `:2,`, so that the move from `new` to `cur` by a mail reader does not make it another
//! message. Files come and go between listing and reading; that is an ordinary case (`Fetched::Gone`).
//! Deliberately absent: flags (an unread mark is a person's, never our state), subfolders, `tmp`.

use super::error::{Attempt, FileError, Trouble};
use super::lease::{Against, Lease, NoLease};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Most messages that a listing takes in; beyond it the Maildir needs archiving.
pub const MAX_LISTED: usize = 1_000_000;
/// Seconds since 1970 that a delivery time in a file name must exceed to be believed (1 January 2000).
const EARLIEST_DELIVERY: i64 = 946_684_800;

/// A message that stands in the Maildir.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Base name: the identity of the message in this Maildir.
    pub uid: String,
    /// Where it stood when the Maildir was listed.
    pub path: PathBuf,
    /// When it was delivered, where the file name tells it.
    pub delivered: Option<DateTime<Utc>>,
}

/// What reading a message gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// The message, whole, or its beginning if it is larger than the limit.
    Letter {
        /// At most `max_bytes` bytes.
        bytes: Vec<u8>,
        /// Size of the file in bytes.
        size: u64,
        /// When the file was written, for messages whose name does not tell it.
        modified: DateTime<Utc>,
    },
    /// It is no longer there, or not yet whole: somebody has it open for writing. A later listing tells.
    Gone,
}

/// All messages of `new` and `cur`, the oldest delivery first; the order is the same at each call.
/// A missing `new` or `cur` is an error: an empty answer must never mean an unmounted disk.
pub fn list(root: &Path) -> Result<Vec<Entry>, FileError> {
    let mut found: BTreeMap<Key, Entry> = BTreeMap::new();
    // `new` first: what moves to `cur` meanwhile is then seen twice rather than never, and the later sight wins.
    for folder in ["new", "cur"] {
        let folder = root.join(folder);
        for item in fs::read_dir(&folder).attempt("list", &folder)? {
            let item = item.attempt("list", &folder)?;
            let name = item.file_name();
            // A link is not followed: it could lead out of the Maildir.
            if name.as_bytes().starts_with(b".") || !item.file_type().is_ok_and(|kind| kind.is_file()) {
                continue;
            }
            if found.len() >= MAX_LISTED {
                return Err(FileError::found("list", root, Trouble::TooLarge));
            }
            let key = Key::of(&name);
            let (uid, delivered) = (key.uid.clone(), key.delivered());
            found.insert(key, Entry { uid, path: folder.join(&name), delivered });
        }
    }
    Ok(found.into_values().collect())
}

/// Reads a message that `list` found, at most `max_bytes` of it. If it has moved since, it is looked for once more.
pub fn read(root: &Path, entry: &Entry, max_bytes: u64) -> Result<Fetched, FileError> {
    match read_file(&entry.path, max_bytes) {
        Err(error) if error.trouble == Trouble::Missing => {}
        other => return other,
    }
    // Moved from `new` to `cur`, or flagged: rare, so a second listing costs nothing worth saving.
    match list(root)?.into_iter().find(|other| other.uid == entry.uid) {
        None => Ok(Fetched::Gone),
        Some(moved) => match read_file(&moved.path, max_bytes) {
            Err(error) if error.trouble == Trouble::Missing => Ok(Fetched::Gone),
            other => other,
        },
    }
}

fn read_file(path: &Path, max_bytes: u64) -> Result<Fetched, FileError> {
    let read = || -> io::Result<Fetched> {
        let file = File::open(path)?;
        // Deliveries are renamed into `new`, but people also copy letters there; a half-written one is not a letter.
        let whole = Lease::take(&file, Against::Writers);
        if matches!(whole, Err(NoLease::Open)) {
            return Ok(Fetched::Gone);
        }
        let about = file.metadata()?;
        let mut bytes = Vec::with_capacity(usize::try_from(about.len().min(max_bytes)).unwrap_or(0));
        (&file).take(max_bytes).read_to_end(&mut bytes)?;
        Ok(Fetched::Letter { bytes, size: about.len(), modified: DateTime::from(about.modified()?) })
    };
    read().attempt("read", path)
}

/// Delivery time and base name: the order of a Maildir (`seconds.MmicrosPpid_n.host`).
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    seconds: i64,
    micros: i64,
    uid: String,
}

impl Key {
    fn of(name: &OsStr) -> Self {
        let base = name.as_bytes().split(|byte| *byte == b':').next().unwrap_or_default();
        let uid = match std::str::from_utf8(base) {
            Ok(text) => text.to_owned(),
            // Two different names must stay two different messages, so nothing is replaced by U+FFFD.
            Err(_) => base.iter().fold("=".to_owned(), |hex, byte| format!("{hex}{byte:02x}")),
        };
        let mut parts = uid.split('.');
        let seconds = parts.next().and_then(|part| part.parse().ok()).unwrap_or(i64::MAX);
        let micros = parts.next().and_then(|part| part.strip_prefix('M')).map_or(0, |rest| {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).and_then(|end| rest.get(..end)).unwrap_or(rest);
            digits.parse().unwrap_or(0)
        });
        Self { seconds, micros, uid }
    }

    fn delivered(&self) -> Option<DateTime<Utc>> {
        let believed = (EARLIEST_DELIVERY..i64::from(u32::MAX)).contains(&self.seconds);
        believed.then(|| DateTime::from_timestamp(self.seconds, 0)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::unix::fs::symlink;

    fn maildir() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["new", "cur", "tmp"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        dir
    }

    fn put(dir: &tempfile::TempDir, name: &str) {
        fs::write(dir.path().join(name), name).unwrap();
    }

    fn uids(dir: &tempfile::TempDir) -> Vec<String> {
        list(dir.path()).unwrap().into_iter().map(|entry| entry.uid).collect()
    }

    #[test]
    fn messages_come_in_the_order_of_delivery_wherever_they_stand() {
        let dir = maildir();
        for name in ["new/1700000002.M5P1.h", "cur/1700000001.M9P1.h:2,S", "cur/1700000002.M10P1.h:2,", "new/plain.eml"]
        {
            put(&dir, name);
        }
        let order = ["1700000001.M9P1.h", "1700000002.M5P1.h", "1700000002.M10P1.h", "plain.eml"];
        assert_eq!(uids(&dir), order);
        let entries = list(dir.path()).unwrap();
        assert_eq!(entries[0].delivered.unwrap().timestamp(), 1_700_000_001);
        assert_eq!(entries[3].delivered, None);
    }

    #[test]
    fn what_is_not_a_delivered_message_is_not_seen() {
        let dir = maildir();
        for name in ["tmp/1700000001.a", "new/.hidden", "cur/.nfs000"] {
            put(&dir, name);
        }
        fs::create_dir(dir.path().join("cur/1700000003.folder")).unwrap();
        symlink("/etc/passwd", dir.path().join("new/1700000004.link")).unwrap();
        assert_eq!(uids(&dir), Vec::<String>::new());
    }

    #[test]
    fn a_message_moved_by_a_mail_reader_stays_the_same_message() {
        let dir = maildir();
        put(&dir, "new/1700000001.a");
        let before = list(dir.path()).unwrap();
        fs::rename(dir.path().join("new/1700000001.a"), dir.path().join("cur/1700000001.a:2,RS")).unwrap();
        assert_eq!(uids(&dir), vec![before[0].uid.clone()]);
        let Fetched::Letter { bytes, .. } = read(dir.path(), &before[0], 100).unwrap() else { panic!("gone") };
        assert_eq!(bytes, b"new/1700000001.a");
        fs::remove_file(dir.path().join("cur/1700000001.a:2,RS")).unwrap();
        assert_eq!(read(dir.path(), &before[0], 100).unwrap(), Fetched::Gone);
    }

    #[test]
    fn a_message_seen_in_both_folders_is_one_message() {
        let dir = maildir();
        put(&dir, "new/1700000001.a");
        put(&dir, "cur/1700000001.a:2,S");
        let entries = list(dir.path()).unwrap();
        assert_eq!(entries.len(), 1);
        assert!(entries[0].path.ends_with("cur/1700000001.a:2,S"));
    }

    #[test]
    fn of_a_message_over_the_limit_the_beginning_and_the_size_are_given() {
        let dir = maildir();
        fs::write(dir.path().join("new/1.a"), vec![b'x'; 1000]).unwrap();
        let entry = list(dir.path()).unwrap().remove(0);
        let Fetched::Letter { bytes, size, .. } = read(dir.path(), &entry, 10).unwrap() else { panic!("gone") };
        assert_eq!((bytes.len(), size), (10, 1000));
    }

    #[test]
    fn a_missing_maildir_is_an_error_and_not_an_empty_one() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(list(dir.path()).unwrap_err().trouble, Trouble::Missing);
    }

    #[test]
    fn names_that_are_not_unicode_stay_apart() {
        let key = |bytes: &[u8]| Key::of(OsStr::from_bytes(bytes)).uid;
        assert_ne!(key(b"1.\xff"), key(b"1.\xfe"));
        assert_eq!(key(b"1.\xff:2,S"), key(b"1.\xff"));
    }

    #[test]
    fn a_letter_that_is_still_being_copied_into_new_is_no_letter_yet() {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["new", "cur"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        let mut copying = File::create(dir.path().join("new/1")).unwrap();
        let known = !matches!(Lease::take(&copying, Against::Writers), Err(NoLease::Unknown));
        copying.write_all(b"Subject: ha").unwrap();
        let entry = list(dir.path()).unwrap().remove(0);
        if known {
            assert_eq!(read(dir.path(), &entry, 1000).unwrap(), Fetched::Gone);
        }
        copying.write_all(b"lf\r\n\r\n").unwrap();
        drop(copying);
        let Fetched::Letter { bytes, .. } = read(dir.path(), &entry, 1000).unwrap() else { panic!("it is whole now") };
        assert_eq!(bytes, b"Subject: half\r\n\r\n");
    }
}
