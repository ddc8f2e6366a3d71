//! Files written so that they are whole after a power cut, and other people's files replaced only if unchanged.
//!
//! A write is always: temporary file in the same folder → content → fsync → rename or link → fsync of the folder.
//! Replacing (`Staged`) carries over mode, owner, ACL and extended attributes of the old file, reads its own work
//! back, and compares the fingerprint of the target at the last moment: a file that someone saved meanwhile is never
//! overwritten. Deliberately absent: writing in place, retries, and whether a file is open elsewhere (`office_lock`).

use super::error::{Attempt, FileError, Trouble};
use crate::domain::digest::Digest;
use rustix::fs::{self as sys, AtFlags, CWD, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// End of the names of our temporary files (`.NAME.zv.tmp`) and of the links that keep an old file (`.NAME.zv.old`).
pub const TEMP_ENDS: [&str; 2] = [".zv.tmp", ".zv.old"];
/// Largest extended attribute that is carried over, in bytes (the kernel's own limit).
const MAX_XATTR: usize = 65_536;

/// Which file this is and which state of it, as far as the file system tells without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    /// Device.
    pub dev: u64,
    /// Inode: another one after every save by rename.
    pub ino: u64,
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change of the content, in nanoseconds since 1970.
    pub mtime_ns: i128,
}

impl Fingerprint {
    /// The fingerprint of a file; `None` if there is none of this name.
    pub fn of(path: &Path) -> Result<Option<Self>, FileError> {
        match fs::metadata(path) {
            Ok(about) => Ok(Some(Self::from(&about))),
            Err(error) if Errno::from_io_error(&error) == Some(Errno::NOENT) => Ok(None),
            Err(error) => Err(FileError::io("look at", path, error)),
        }
    }
}

impl From<&Metadata> for Fingerprint {
    fn from(about: &Metadata) -> Self {
        let mtime_ns = i128::from(about.mtime()) * 1_000_000_000 + i128::from(about.mtime_nsec());
        Self { dev: about.dev(), ino: about.ino(), size: about.len(), mtime_ns }
    }
}

/// A file as it was read: the bytes and the fingerprint that belongs to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadFile {
    /// The whole content.
    pub bytes: Vec<u8>,
    /// Fingerprint of the very file that the bytes came from.
    pub fingerprint: Fingerprint,
}

impl ReadFile {
    /// The digest of the content.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.bytes)
    }
}

/// Reads a whole file of at most `max_bytes`. If it changed during the reading, that is `Trouble::Changed`: "not now".
pub fn read(path: &Path, max_bytes: u64) -> Result<ReadFile, FileError> {
    let file = File::open(path).attempt("read", path)?;
    let before = Fingerprint::from(&file.metadata().attempt("read", path)?);
    if before.size > max_bytes {
        return Err(FileError::found("read", path, Trouble::TooLarge));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(before.size).unwrap_or(0));
    (&file).take(max_bytes.saturating_add(1)).read_to_end(&mut bytes).attempt("read", path)?;
    let after = Fingerprint::from(&file.metadata().attempt("read", path)?);
    if before != after || u64::try_from(bytes.len()) != Ok(after.size) {
        return Err(FileError::found("read", path, Trouble::Changed));
    }
    Ok(ReadFile { bytes, fingerprint: after })
}

/// A new content, on the disk and verified, that has not yet taken the place of the old one. Dropped: removed.
#[derive(Debug)]
pub struct Staged {
    target: PathBuf,
    temp: PathBuf,
    left_behind: Vec<String>,
}

/// What a replacement led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The fingerprint of the file that now stands there.
    pub fingerprint: Fingerprint,
    /// Attributes of the old file that could not be carried over (owner, `security.NTACL`): a remark for the log.
    pub left_behind: Vec<String>,
}

impl Staged {
    /// Writes `bytes` beside `target`, with the mode, owner, ACL and extended attributes of the present `target`.
    pub fn prepare(target: &Path, bytes: &[u8]) -> Result<Self, FileError> {
        let temp = beside(target, ".zv.tmp");
        remove_if_there(&temp)?;
        let file = create(&temp, Mode::from_raw_mode(0o660))?;
        let mut staged = Self { target: target.to_owned(), temp, left_behind: Vec::new() };
        match File::open(target) {
            Ok(old) => staged.left_behind = carry_over(&old, &file).attempt("copy the attributes of", target)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(FileError::io("open", target, error)),
        }
        (&file).write_all(bytes).attempt("write", &staged.temp)?;
        file.sync_all().attempt("write", &staged.temp)?;
        drop(file);
        if fs::read(&staged.temp).attempt("read back", &staged.temp)? != bytes {
            return Err(FileError::found("read back", &staged.temp, Trouble::Damaged));
        }
        Ok(staged)
    }

    /// Takes the place of the old file if that still has the fingerprint `expected` (`None`: if there still is none).
    pub fn commit(self, expected: Option<&Fingerprint>) -> Result<Replaced, FileError> {
        let Some(expected) = expected else { return self.commit_new() };
        self.check(expected)?;
        fs::rename(&self.temp, &self.target).attempt("replace", &self.target)?;
        self.finish()
    }

    /// Fails with `Changed` unless the target still is the file that was read.
    pub(super) fn check(&self, expected: &Fingerprint) -> Result<(), FileError> {
        match Fingerprint::of(&self.target)? {
            Some(present) if present == *expected => Ok(()),
            Some(_) => Err(FileError::found("replace", &self.target, Trouble::Changed)),
            None => Err(FileError::found("replace", &self.target, Trouble::Missing)),
        }
    }

    /// Where the new content lies and what it is to replace.
    pub(super) fn paths(&self) -> (&Path, &Path) {
        (&self.temp, &self.target)
    }

    /// After the rename: makes it durable and tells what stands there now.
    pub(super) fn finish(mut self) -> Result<Replaced, FileError> {
        sync_folder_of(&self.target)?;
        let fingerprint = Fingerprint::of(&self.target)?
            .ok_or_else(|| FileError::found("look at", &self.target, Trouble::Missing))?;
        Ok(Replaced { fingerprint, left_behind: std::mem::take(&mut self.left_behind) })
    }

    fn commit_new(self) -> Result<Replaced, FileError> {
        rename_if_absent(&self.temp, &self.target)?;
        self.finish()
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // After a rename it is gone already; a failure leaves a stray file, which the next start removes.
        let _ = fs::remove_file(&self.temp);
    }
}

/// Replaces `path` by `bytes` if its fingerprint still is `expected`; with `None` creates it and never overwrites.
pub fn replace(path: &Path, expected: Option<&Fingerprint>, bytes: &[u8]) -> Result<Replaced, FileError> {
    Staged::prepare(path, bytes)?.commit(expected)
}

/// Creates a file durably under its final name with this mode; `Trouble::Exists` if the name is taken.
pub fn create_new(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    let temp = beside(path, ".zv.tmp");
    remove_if_there(&temp)?;
    let written = create(&temp, Mode::from_raw_mode(mode)).and_then(|mut file| {
        file.write_all(bytes).and_then(|()| file.sync_all()).attempt("write", &temp)?;
        rename_if_absent(&temp, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&temp);
    }
    written?;
    sync_folder_of(path)
}

/// Makes a folder and those above it, where they are missing.
pub fn make_folder(folder: &Path) -> Result<(), FileError> {
    fs::create_dir_all(folder).attempt("create", folder)
}

/// Removes what a killed run left in a folder: our temporary files and links, nothing else. Returns how many.
pub fn remove_strays(folder: &Path) -> Result<usize, FileError> {
    let mut removed = 0;
    for item in fs::read_dir(folder).attempt("list", folder)? {
        let item = item.attempt("list", folder)?;
        if is_ours(&item.file_name()) && item.file_type().is_ok_and(|kind| kind.is_file()) {
            remove_if_there(&item.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Removes a file of ours; that it is gone already is well.
pub fn remove(path: &Path) -> Result<(), FileError> {
    remove_if_there(path)?;
    sync_folder_of(path)
}

/// Whether a file name is one of our temporary names.
pub fn is_ours(name: &OsStr) -> bool {
    let name = name.as_bytes();
    name.starts_with(b".") && TEMP_ENDS.iter().any(|end| name.ends_with(end.as_bytes()))
}

/// `.NAME` + end, in the folder of `path`.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(end);
    path.with_file_name(name)
}

/// A new file that nobody else made, never through a link.
pub(super) fn create(path: &Path, mode: Mode) -> Result<File, FileError> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    sys::open(path, flags, mode).map(File::from).attempt("create", path)
}

/// Makes the names in the folder of `path` durable.
pub(super) fn sync_folder_of(path: &Path) -> Result<(), FileError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync_folder(folder)
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> Result<(), FileError> {
    File::open(folder).and_then(|folder| folder.sync_all()).attempt("sync the folder", folder)
}

pub(super) fn remove_if_there(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FileError::io("remove", path, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Rename that fails with `Exists` if the new name is taken, also on file systems without RENAME_NOREPLACE.
pub(super) fn rename_if_absent(from: &Path, to: &Path) -> Result<(), FileError> {
    match sys::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Not every network file system knows the flag; a hard link never overwrites either.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            sys::linkat(CWD, from, CWD, to, AtFlags::empty()).attempt("create", to)?;
            remove_if_there(from)
        }
        other => other.attempt("create", to),
    }
}

/// Mode, owner and all extended attributes (ACLs are such) of `old`. What may not be set is named in the result:
/// an unprivileged service cannot give files away, and `security.*` wants a capability; on a share a setgid folder
/// keeps the group right anyway.
fn carry_over(old: &File, new: &File) -> io::Result<Vec<String>> {
    let (was, is) = (old.metadata()?, new.metadata()?);
    let mut left_behind = Vec::new();
    if (was.uid(), was.gid()) != (is.uid(), is.gid()) {
        let (uid, gid) = (sys::Uid::from_raw(was.uid()), sys::Gid::from_raw(was.gid()));
        if was.gid() != is.gid() && sys::fchown(new, None, Some(gid)).is_err() {
            left_behind.push("group".to_owned());
        }
        if was.uid() != is.uid() && sys::fchown(new, Some(uid), None).is_err() {
            left_behind.push("owner".to_owned());
        }
    }
    // Before the ACL, whose mask lives in the group bits of the mode.
    sys::fchmod(new, Mode::from_raw_mode(was.mode() & 0o7777))?;
    for name in attribute_names(old)? {
        let mut value = vec![0u8; MAX_XATTR];
        let copied = sys::fgetxattr(old, name.as_slice(), &mut value).and_then(|size| {
            value.truncate(size);
            sys::fsetxattr(new, name.as_slice(), &value, sys::XattrFlags::empty())
        });
        if copied.is_err() {
            left_behind.push(String::from_utf8_lossy(&name).into_owned());
        }
    }
    Ok(left_behind)
}

fn attribute_names(file: &File) -> io::Result<Vec<Vec<u8>>> {
    let mut names = vec![0u8; MAX_XATTR];
    match sys::flistxattr(file, &mut names) {
        Ok(size) => names.truncate(size),
        // A file system without extended attributes has none to carry over.
        Err(Errno::OPNOTSUPP | Errno::NOSYS) => names.clear(),
        Err(errno) => return Err(errno.into()),
    }
    Ok(names.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("register.xlsx");
        fs::write(&path, b"old").unwrap();
        (dir, path)
    }

    fn names(dir: &tempfile::TempDir) -> Vec<OsString> {
        let mut names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|item| item.unwrap().file_name()).collect();
        names.sort();
        names
    }

    #[test]
    fn an_unchanged_file_is_replaced_and_keeps_mode_and_attributes() {
        let (dir, path) = folder();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let attribute = sys::setxattr(&path, "user.DOSATTRIB", b"0x20", sys::XattrFlags::empty());
        let before = read(&path, 100).unwrap();
        let replaced = replace(&path, Some(&before.fingerprint), b"new").unwrap();
        assert_eq!(read(&path, 100).unwrap(), ReadFile { bytes: b"new".to_vec(), fingerprint: replaced.fingerprint });
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o640);
        assert_eq!(names(&dir), ["register.xlsx"]);
        if attribute.is_ok() {
            let mut value = [0u8; 10];
            assert_eq!(sys::getxattr(&path, "user.DOSATTRIB", &mut value).unwrap(), 4);
            assert_eq!(replaced.left_behind, Vec::<String>::new());
        }
    }

    #[test]
    fn a_file_that_someone_saved_meanwhile_is_never_overwritten() {
        let (dir, path) = folder();
        let before = read(&path, 100).unwrap();
        let staged = Staged::prepare(&path, b"ours").unwrap();
        fs::write(dir.path().join("saved"), b"theirs").unwrap();
        fs::rename(dir.path().join("saved"), &path).unwrap();
        assert_eq!(staged.commit(Some(&before.fingerprint)).unwrap_err().trouble, Trouble::Changed);
        assert_eq!(fs::read(&path).unwrap(), b"theirs");
        assert_eq!(names(&dir), ["register.xlsx"]);
    }

    #[test]
    fn a_file_that_vanished_is_not_made_anew() {
        let (dir, path) = folder();
        let before = read(&path, 100).unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(replace(&path, Some(&before.fingerprint), b"ours").unwrap_err().trouble, Trouble::Missing);
        assert_eq!(names(&dir), Vec::<OsString>::new());
    }

    #[test]
    fn creating_never_overwrites() {
        let (dir, path) = folder();
        assert_eq!(replace(&path, None, b"ours").unwrap_err().trouble, Trouble::Exists);
        assert_eq!(create_new(&path, b"ours", 0o600).unwrap_err().trouble, Trouble::Exists);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        replace(&dir.path().join("second"), None, b"ours").unwrap();
        create_new(&dir.path().join("third"), b"ours", 0o600).unwrap();
        assert_eq!(names(&dir), ["register.xlsx", "second", "third"]);
    }

    #[test]
    fn a_planted_link_in_place_of_the_temporary_file_is_not_followed() {
        let (dir, path) = folder();
        let victim = dir.path().join("victim");
        fs::write(&victim, b"precious").unwrap();
        symlink(&victim, beside(&path, ".zv.tmp")).unwrap();
        replace(&path, Fingerprint::of(&path).unwrap().as_ref(), b"new").unwrap();
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
    }

    #[test]
    fn only_our_own_strays_are_removed() {
        let (dir, path) = folder();
        for name in [".register.xlsx.zv.tmp", ".register.xlsx.zv.old", "~$register.xlsx", ".~lock.register.xlsx#"] {
            fs::write(dir.path().join(name), b"").unwrap();
        }
        assert_eq!(remove_strays(path.parent().unwrap()).unwrap(), 2);
        assert_eq!(names(&dir), [".~lock.register.xlsx#", "register.xlsx", "~$register.xlsx"]);
    }

    #[test]
    fn a_file_over_the_limit_is_not_read() {
        let (_dir, path) = folder();
        assert_eq!(read(&path, 2).unwrap_err().trouble, Trouble::TooLarge);
        assert_eq!(read(&path, 3).unwrap().digest(), Digest::of(b"old"));
    }
}
