//! What went wrong with a file or a folder, said so that the reader knows the thing and the remedy.
//!
//! Callers branch on `Trouble`, never on text. Paths are the installation's own and may be shown; contents never are.

use rustix::io::Errno;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The kinds of failure that call for different behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No space, or the quota is used up.
    DiskFull,
    /// The file system is mounted read-only.
    ReadOnly,
    /// The user of the service may not do this.
    Denied,
    /// There is no such file or folder.
    Missing,
    /// Something of this name is already there and is not the same.
    Exists,
    /// The file is not what it was when it was read: someone saved meanwhile.
    Changed,
    /// Larger than the limit.
    TooLarge,
    /// The share or the mount is gone (stale handle, not connected, timed out).
    ShareGone,
    /// The disk reports an error. After a failed fsync data may be lost: stop and read everything anew.
    Hardware,
    /// What was read back differs from what was written or from its own digest.
    Damaged,
    /// Anything else; the source says it.
    Other,
}

impl Trouble {
    /// The kind of an operating system error.
    pub fn of(error: &io::Error) -> Self {
        match Errno::from_io_error(error) {
            Some(Errno::NOSPC | Errno::DQUOT) => Self::DiskFull,
            Some(Errno::ROFS) => Self::ReadOnly,
            Some(Errno::ACCESS | Errno::PERM) => Self::Denied,
            Some(Errno::NOENT | Errno::NOTDIR) => Self::Missing,
            Some(Errno::EXIST) => Self::Exists,
            Some(Errno::FBIG) => Self::TooLarge,
            Some(Errno::STALE | Errno::NOTCONN | Errno::TIMEDOUT | Errno::HOSTDOWN | Errno::HOSTUNREACH) => {
                Self::ShareGone
            }
            Some(Errno::IO) => Self::Hardware,
            Some(_) | None => Self::Other,
        }
    }

    /// What the administrator can do about it.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::DiskFull => "free some space on this file system; the work resumes by itself",
            Self::ReadOnly => "mount the file system read-write, or list the folder in ReadWritePaths= of the unit",
            Self::Denied => "give the user of the service access (owner, group or ACL of the file and its folder)",
            Self::Missing => "check the path in the configuration and that the share is mounted",
            Self::Exists => "something else bears this name: look at it and move it away",
            Self::Changed => "nothing to do: it is read and merged again",
            Self::TooLarge => "raise the limit in the configuration if this is legitimate",
            Self::ShareGone => "mount the share again; the work resumes by itself",
            Self::Hardware => "check the disk and the kernel log before starting again",
            Self::Damaged => "check the disk; restore the file from a backup",
            Self::Other => "see the cause",
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DiskFull => "no space left",
            Self::ReadOnly => "the file system is read-only",
            Self::Denied => "permission denied",
            Self::Missing => "not found",
            Self::Exists => "something else of this name is there",
            Self::Changed => "changed by someone meanwhile",
            Self::TooLarge => "larger than the limit",
            Self::ShareGone => "the share is not reachable",
            Self::Hardware => "input/output error",
            Self::Damaged => "the content is damaged",
            Self::Other => "failed",
        })
    }
}

/// A failed attempt on a file or a folder.
#[derive(Debug, thiserror::Error)]
#[error("cannot {attempt} {}: {trouble} ({})", path.display(), trouble.remedy())]
pub struct FileError {
    /// What was attempted ("write", "list", "replace").
    pub attempt: &'static str,
    /// On what.
    pub path: PathBuf,
    /// What stood in the way.
    pub trouble: Trouble,
    /// The operating system's word, where there is one.
    #[source]
    pub source: Option<io::Error>,
}

impl FileError {
    /// A failure that the operating system reported.
    pub fn io(attempt: &'static str, path: &Path, error: impl Into<io::Error>) -> Self {
        let source = error.into();
        Self { attempt, path: path.to_owned(), trouble: Trouble::of(&source), source: Some(source) }
    }

    /// A failure that we found ourselves.
    pub fn found(attempt: &'static str, path: &Path, trouble: Trouble) -> Self {
        Self { attempt, path: path.to_owned(), trouble, source: None }
    }
}

/// Adds what was attempted, and on what, to an operating system error.
pub(super) trait Attempt<T> {
    /// Names the attempt and the path.
    fn attempt(self, attempt: &'static str, path: &Path) -> Result<T, FileError>;
}

impl<T, E: Into<io::Error>> Attempt<T> for Result<T, E> {
    fn attempt(self, attempt: &'static str, path: &Path) -> Result<T, FileError> {
        self.map_err(|error| FileError::io(attempt, path, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_thing_and_the_remedy() {
        let full = FileError::io("write", Path::new("/share/register.xlsx"), Errno::NOSPC);
        assert_eq!(full.trouble, Trouble::DiskFull);
        assert_eq!(
            full.to_string(),
            "cannot write /share/register.xlsx: no space left (free some space on this file system; \
             the work resumes by itself)"
        );
    }

    #[test]
    fn each_kind_of_failure_is_told_from_the_others() {
        for (errno, trouble) in [
            (Errno::DQUOT, Trouble::DiskFull),
            (Errno::ROFS, Trouble::ReadOnly),
            (Errno::PERM, Trouble::Denied),
            (Errno::STALE, Trouble::ShareGone),
            (Errno::IO, Trouble::Hardware),
            (Errno::MFILE, Trouble::Other),
        ] {
            assert_eq!(Trouble::of(&io::Error::from(errno)), trouble, "{errno:?}");
        }
    }
}
