//! One service per state folder. The kernel's lock is the truth (it ends with the process, however that ends); the
//! text in the file only tells a person who holds it.

use super::error::{Attempt, FileError};
use chrono::{DateTime, SecondsFormat, Utc};
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Name of the lock file in the state folder.
pub const NAME: &str = "zvernennia.lock";
/// Longest note that is read from a lock file, in bytes.
const MAX_NOTE: u64 = 200;

/// Held as long as this value lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why the lock was not given.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process works on this state folder.
    #[error("another zvernennia works here already: {holder}; stop it first (systemctl stop zvernennia)")]
    Held {
        /// What the holder wrote about itself ("process 4711 since 2026-11-25T07:00:00Z").
        holder: String,
    },
    /// The lock file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Lock {
    /// Takes the lock of a state folder, or says at once who holds it.
    pub fn take(state: &Path, now: DateTime<Utc>) -> Result<Self, LockError> {
        let path = state.join(NAME);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .attempt("open the lock", &path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => return Err(LockError::Held { holder: note(&file) }),
            Err(errno) => return Err(FileError::io("lock", &path, errno).into()),
        }
        let note = format!("process {} since {}\n", std::process::id(), now.to_rfc3339_opts(SecondsFormat::Secs, true));
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(note.as_bytes()))
            .attempt("write", &path)?;
        Ok(Self { _file: file })
    }

    /// Who holds the lock of a state folder; `None` if nobody. For `status`, which does not take it.
    pub fn holder(state: &Path) -> Result<Option<String>, FileError> {
        let path = state.join(NAME);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(FileError::io("open the lock", &path, error)),
        };
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => Ok(None),
            Err(Errno::WOULDBLOCK) => Ok(Some(note(&file))),
            Err(errno) => Err(FileError::io("lock", &path, errno)),
        }
    }
}

fn note(file: &File) -> String {
    let mut text = String::new();
    let read = file.take(MAX_NOTE).read_to_string(&mut text);
    let line = text.lines().next().unwrap_or_default().trim();
    // Between locking and writing there is a moment in which the file is still empty.
    if read.is_err() || line.is_empty() { "an unknown process".to_owned() } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_service_is_told_who_is_there_and_gets_in_when_the_first_ends() {
        let dir = tempfile::tempdir().unwrap();
        let now = DateTime::from_timestamp(1_764_000_000, 0).unwrap();
        assert_eq!(Lock::holder(dir.path()).unwrap(), None);
        let first = Lock::take(dir.path(), now).unwrap();
        let refusal = Lock::take(dir.path(), now).unwrap_err().to_string();
        let holder = format!("process {} since 2025-11-24T16:00:00Z", std::process::id());
        assert!(refusal.contains(&holder), "{refusal}");
        assert_eq!(Lock::holder(dir.path()).unwrap(), Some(holder));
        drop(first);
        assert_eq!(Lock::holder(dir.path()).unwrap(), None);
        Lock::take(dir.path(), now).unwrap();
    }

    #[test]
    fn of_many_that_start_at_once_exactly_one_gets_in() {
        let dir = tempfile::tempdir().unwrap();
        let now = DateTime::from_timestamp(1_764_000_000, 0).unwrap();
        let results: Vec<_> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..16).map(|_| scope.spawn(|| Lock::take(dir.path(), now))).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    }
}
