//! Dated copies in a folder: each whole or not there at all, the newest kept.

use crate::world::error::{Attempt, FileError};
use crate::world::file::{beside, create, make_folder, remove_if_there, sync_folder_of};
use rustix::fs::Mode;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// A folder of copies named `<prefix><date><ending>`; names sort by date.
#[derive(Debug)]
pub struct Copies<'a> {
    /// Where they lie.
    pub folder: &'a Path,
    /// How their names begin.
    pub prefix: &'a str,
    /// How their names end.
    pub ending: &'a str,
}

impl Copies<'_> {
    /// Lets `fill` write a new copy into an empty file of ours (mode 0600) and gives it its name when it is on the disk.
    ///
    /// # Errors
    /// What `fill` says, or a fault of the disk; no file of that name was touched then.
    pub fn add<E: From<FileError>>(&self, date: &str, fill: impl FnOnce(&Path) -> Result<(), E>) -> Result<PathBuf, E> {
        make_folder(self.folder)?;
        let target = self.folder.join(format!("{}{date}{}", self.prefix, self.ending));
        let temp = beside(&target, ".zv.tmp");
        remove_if_there(&temp)?;
        drop(create(&temp, Mode::from_raw_mode(0o600))?);
        let filled = fill(&temp).and_then(|()| Ok(settle(&temp, &target)?));
        if filled.is_err() {
            // What cannot be removed now is a stray file, which the next copy of this date removes.
            let _ = fs::remove_file(&temp);
        }
        filled.map(|()| target)
    }

    /// Removes all but the newest copies; files with other names are none of ours. Returns how many were removed.
    ///
    /// # Errors
    /// If the folder cannot be listed or a file not be removed.
    pub fn keep_newest(&self, keep: usize) -> Result<usize, FileError> {
        let mut names = Vec::new();
        for item in fs::read_dir(self.folder).attempt("list", self.folder)? {
            let name = item.attempt("list", self.folder)?.file_name();
            let ours = name.to_str().is_some_and(|name| name.starts_with(self.prefix) && name.ends_with(self.ending));
            if ours {
                names.push(name);
            }
        }
        names.sort_unstable();
        let old = names.len().saturating_sub(keep);
        for name in names.iter().take(old) {
            remove_if_there(&self.folder.join(name))?;
        }
        Ok(old)
    }
}

fn settle(temp: &Path, target: &Path) -> Result<(), FileError> {
    File::open(temp).and_then(|file| file.sync_all()).attempt("write", temp)?;
    fs::rename(temp, target).attempt("replace", target)?;
    sync_folder_of(target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn copies_appear_whole_and_only_the_newest_of_ours_stay() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("backup");
        let copies = Copies { folder: &inside, prefix: "ledger-", ending: ".sqlite" };
        for date in ["2026-03-02", "2026-03-01", "2026-03-03"] {
            let made = copies.add::<FileError>(date, |temp| {
                assert!(!inside.join(format!("ledger-{date}.sqlite")).exists());
                fs::write(temp, date).attempt("write", temp)
            });
            let mode = fs::metadata(made.unwrap()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(inside.join("notes.sqlite"), "").unwrap();
        let failed = copies.add("2026-03-04", |temp| Err(FileError::io("write", temp, std::io::Error::other("full"))));
        assert!(failed.is_err());
        assert_eq!(copies.keep_newest(2).unwrap(), 1);
        let mut left: Vec<_> = fs::read_dir(&inside).unwrap().map(|item| item.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["ledger-2026-03-02.sqlite", "ledger-2026-03-03.sqlite", "notes.sqlite"]);
    }
}
