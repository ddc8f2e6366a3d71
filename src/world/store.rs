//! The raw store: every letter as it came, byte for byte, under the SHA-256 of its content (`a/bcdef….eml`).
//!
//! A batch is durable when `put_batch` returns; only then may the ledger name it. The same letter twice is one file.
//! Files are 0600, folders 0700: these are citizens' letters. Deliberately absent: an index (the ledger is it),
//! compression, and any change of a stored file.
//!
//! Durability costs one wait per file, and waits can be shared: for 50 letters of 12 KB on a busy ext4 disk one fsync
//! after another took 540 ms, sixteen at a time 25 ms; for 200 letters 363 and 120 ms. One `syncfs` took 17 and
//! 105 ms, but it waits for everything that any program has written to this file system, which has no bound.

use super::error::{Attempt, FileError, Trouble};
use super::file;
use crate::domain::digest::Digest;
use rustix::fs::Mode;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// How many files wait for the disk at once.
const AT_ONCE: usize = 16;

/// Digits of the digest that make a folder. The folders of a batch are synced too, so they should be few: with 16
/// folders, 50 letters took from half to four fifths of what they took with 256 on the same busy disk.
const FOLDER_DIGITS: usize = 1;

/// The folder of raw letters.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// Opens the store, making the folder if there is none, and removes what a killed run left half written.
    pub fn open(root: &Path) -> Result<Self, FileError> {
        DirBuilder::new().recursive(true).mode(0o700).create(root).attempt("create", root)?;
        for item in fs::read_dir(root).attempt("list", root)? {
            let item = item.attempt("list", root)?;
            if item.file_type().is_ok_and(|kind| kind.is_dir()) {
                file::remove_strays(&item.path())?;
            }
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Stores letters; all of them survive a power cut when this returns. The digests stand in the order of `letters`.
    pub fn put_batch(&self, letters: &[&[u8]]) -> Result<Vec<Digest>, FileError> {
        let digests: Vec<Digest> = letters.iter().map(|letter| Digest::of(letter)).collect();
        // Each content once: two writers of one temporary file would spoil each other.
        let distinct: BTreeMap<Digest, &[u8]> = digests.iter().copied().zip(letters.iter().copied()).collect();
        let work: Vec<(PathBuf, &[u8])> =
            distinct.into_iter().map(|(digest, letter)| (self.path(&digest), letter)).collect();
        let folders: BTreeSet<PathBuf> =
            work.iter().filter_map(|(path, _)| path.parent()).map(Path::to_owned).collect();
        let mut made = false;
        for folder in &folders {
            made |= make_folder(folder)?;
        }
        if made {
            file::sync_folder(&self.root)?;
        }
        in_parallel(&work, |(path, letter)| put(path, letter))?;
        // Also the folders of letters that were there already: the run that wrote them may have been killed before this.
        in_parallel(&Vec::from_iter(folders), |folder| file::sync_folder(folder))?;
        Ok(digests)
    }

    /// The letter of this digest; `None` if it is not stored; `Trouble::Damaged` if it is not what was stored.
    pub fn get(&self, digest: &Digest) -> Result<Option<Vec<u8>>, FileError> {
        let path = self.path(digest);
        match fs::read(&path) {
            Ok(bytes) if Digest::of(&bytes) == *digest => Ok(Some(bytes)),
            Ok(_) => Err(FileError::found("read", &path, Trouble::Damaged)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FileError::io("read", &path, error)),
        }
    }

    /// Removes a letter whose term of keeping is over. Removing twice is no error.
    pub fn remove(&self, digest: &Digest) -> Result<(), FileError> {
        let path = self.path(digest);
        file::remove_if_there(&path)?;
        match file::sync_folder_of(&path) {
            Err(error) if error.trouble == Trouble::Missing => Ok(()),
            other => other,
        }
    }

    /// Where a letter of this digest lies or would lie.
    pub fn path(&self, digest: &Digest) -> PathBuf {
        let digits = digest.to_string();
        let (folder, name) = digits.split_at_checked(FOLDER_DIGITS).unwrap_or((digits.as_str(), ""));
        self.root.join(folder).join(format!("{name}.eml"))
    }
}

fn make_folder(folder: &Path) -> Result<bool, FileError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(FileError::io("create", folder, error)),
    }
}

fn put(path: &Path, letter: &[u8]) -> Result<(), FileError> {
    // Compared rather than trusted: a file spoilt by the disk is written anew.
    if fs::read(path).is_ok_and(|present| present == letter) {
        return Ok(());
    }
    let temp = file::beside(path, ".zv.tmp");
    file::remove_if_there(&temp)?;
    let mut new = file::create(&temp, Mode::from_raw_mode(0o600))?;
    let written = new.write_all(letter).and_then(|()| new.sync_all()).attempt("write", &temp);
    let placed = written.and_then(|()| fs::rename(&temp, path).attempt("store", path));
    if placed.is_err() {
        let _ = fs::remove_file(&temp);
    }
    placed
}

/// Does `work` on all items, `AT_ONCE` at a time; the first failure is returned after all have ended.
fn in_parallel<T: Sync>(items: &[T], work: impl Fn(&T) -> Result<(), FileError> + Sync) -> Result<(), FileError> {
    if items.len() < 2 {
        return items.iter().try_for_each(work);
    }
    std::thread::scope(|scope| {
        let lane = items.len().div_ceil(AT_ONCE);
        let work = &work;
        let lanes: Vec<_> =
            items.chunks(lane).map(|lane| scope.spawn(move || lane.iter().try_for_each(work))).collect();
        lanes.into_iter().try_for_each(|lane| match lane.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("letters")).unwrap();
        (dir, store)
    }

    #[test]
    fn what_is_stored_comes_back_byte_for_byte_and_the_same_letter_is_one_file() {
        let (_dir, store) = store();
        let many: Vec<Vec<u8>> = (0..60).map(|n| format!("letter {}\r\n\0", n % 50).into_bytes()).collect();
        let borrowed: Vec<&[u8]> = many.iter().map(Vec::as_slice).collect();
        let digests = store.put_batch(&borrowed).unwrap();
        for (digest, letter) in digests.iter().zip(&many) {
            assert_eq!(store.get(digest).unwrap().as_ref(), Some(letter));
        }
        assert_eq!(BTreeSet::from_iter(&digests).len(), 50);
        assert_eq!(store.put_batch(&borrowed).unwrap(), digests);
        assert_eq!(store.put_batch(&[]).unwrap(), []);
    }

    #[test]
    fn only_the_service_may_read_the_letters() {
        let (_dir, store) = store();
        let digest = store.put_batch(&[b"letter"]).unwrap()[0];
        let path = store.path(&digest);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!((mode(&path), mode(path.parent().unwrap()), mode(&store.root)), (0o600, 0o700, 0o700));
        let digits = digest.to_string();
        let (folder, name) = digits.split_at(FOLDER_DIGITS);
        assert!(path.ends_with(format!("{folder}/{name}.eml")));
    }

    #[test]
    fn a_spoilt_file_is_told_and_healed_by_the_next_fetch() {
        let (_dir, store) = store();
        let digest = store.put_batch(&[b"letter"]).unwrap()[0];
        fs::write(store.path(&digest), b"lettuce").unwrap();
        assert_eq!(store.get(&digest).unwrap_err().trouble, Trouble::Damaged);
        store.put_batch(&[b"letter"]).unwrap();
        assert_eq!(store.get(&digest).unwrap().unwrap(), b"letter");
        store.remove(&digest).unwrap();
        store.remove(&digest).unwrap();
        assert_eq!(store.get(&digest).unwrap(), None);
    }

    #[test]
    fn what_a_killed_run_left_half_written_is_removed_at_start() {
        let (dir, store) = store();
        let digest = store.put_batch(&[b"letter"]).unwrap()[0];
        let stray = file::beside(&store.path(&digest), ".zv.tmp");
        fs::write(&stray, b"let").unwrap();
        Store::open(&dir.path().join("letters")).unwrap();
        assert!(!stray.exists() && store.path(&digest).exists());
    }
}
