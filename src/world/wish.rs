//! A wish of another process to the service: "look at the registers now". A file in the state folder; that it is there is
//! the wish, that it is gone is the answer. Not a signal: one that comes too early or to the wrong process would kill.

use super::error::{Attempt, FileError};
use super::file::remove_if_there;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Name of the file.
const NAME: &str = "sync.wanted";

fn path(state: &Path) -> PathBuf {
    state.join(NAME)
}

/// Leaves the wish.
pub fn leave(state: &Path) -> Result<(), FileError> {
    let path = path(state);
    let made = OpenOptions::new().write(true).create(true).truncate(true).mode(0o660).open(&path);
    made.map(|_| ()).attempt("create", &path)
}

/// Whether somebody wishes it.
pub fn is_there(state: &Path) -> bool {
    path(state).exists()
}

/// Takes it away: it was fulfilled, or nobody fulfils it.
pub fn take(state: &Path) -> Result<(), FileError> {
    remove_if_there(&path(state))
}
