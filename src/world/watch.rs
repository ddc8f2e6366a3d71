//! "Something happened in one of these folders": a wake-up without data. What happened is found by looking.
//!
//! A convenience only: on CIFS and NFS mounts the kernel does not see what others write, so the loops poll as well and
//! a watcher that cannot be set up is a remark, not a failure. Our own temporary files, the owner files of Excel and
//! LibreOffice and their half-written copies wake nobody; neither do reads.

use super::file;
use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Watches as long as it lives.
#[derive(Debug)]
pub struct Watch {
    _watcher: RecommendedWatcher,
    /// Folders that could not be watched: for these, polling alone must do.
    pub unwatched: Vec<PathBuf>,
}

impl Watch {
    /// Calls `wake`, from a thread of its own and perhaps many times for one change, when a folder's content changes.
    /// `None` if the system has no watchers left (fs.inotify.max_user_instances).
    pub fn start(folders: &[PathBuf], wake: impl Fn() + Send + 'static) -> Option<Self> {
        let heard = move |event: notify::Result<notify::Event>| match event {
            // `need_rescan`: the queue of the kernel ran over; then anything may have happened.
            Ok(event) => {
                if event.need_rescan() || (is_change(&event.kind) && event.paths.iter().any(|path| matters(path))) {
                    wake();
                }
            }
            Err(_) => wake(),
        };
        let mut watcher = notify::recommended_watcher(heard).ok()?;
        let mut unwatched = Vec::new();
        for folder in folders {
            if watcher.watch(folder, RecursiveMode::NonRecursive).is_err() {
                unwatched.push(folder.clone());
            }
        }
        Some(Self { _watcher: watcher, unwatched })
    }
}

/// Only what leaves a folder with other finished content: a file closed after writing, moved, removed. A `Modify` of
/// data comes for each piece of a copy and is followed by the closing.
fn is_change(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Metadata(_)) => false,
        EventKind::Modify(ModifyKind::Name(_) | ModifyKind::Any | ModifyKind::Other) => true,
        // A link(2) into the folder, as some delivery agents do it, is a creation without a closing.
        EventKind::Create(_) | EventKind::Remove(_) | EventKind::Any | EventKind::Other => true,
    }
}

/// Whether the name can be that of a message or a workbook. The going of an owner file matters too: it is the moment
/// in which a held register becomes free; so those wake, only what is certainly half-made does not.
fn matters(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::as_bytes).unwrap_or_default();
    let half_made = file::is_ours(OsStr::from_bytes(name))
        || (name.starts_with(b"lu") && name.ends_with(b".tmp"))
        || is_excels_temporary(name);
    !half_made
}

/// Excel saves into eight hexadecimal digits, with or without `.tmp`.
fn is_excels_temporary(name: &[u8]) -> bool {
    let stem = name.strip_suffix(b".tmp").unwrap_or(name);
    stem.len() == 8 && stem.iter().all(|c| c.is_ascii_digit() || (b'A'..=b'F').contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::mpsc;
    use std::time::Duration;

    #[test]
    fn half_made_files_wake_nobody() {
        for (name, wakes) in [
            ("Реєстр.xlsx", true),
            ("1700000000.M1P1.host", true),
            ("~$Реєстр.xlsx", true),
            (".Реєстр.xlsx.zv.tmp", false),
            ("lu3f2a.tmp", false),
            ("3A7F00C1", false),
            ("3A7F00C1.tmp", false),
            ("3A7F00C1.xlsx", true),
        ] {
            assert_eq!(matters(&Path::new("/share").join(name)), wakes, "{name}");
        }
    }

    #[test]
    fn a_delivery_and_a_save_wake_and_a_read_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let (woken, wakes) = mpsc::channel();
        let gone = dir.path().join("gone");
        let watch = Watch::start(&[dir.path().to_owned(), gone.clone()], move || woken.send(()).unwrap()).unwrap();
        assert_eq!(watch.unwatched, [gone]);
        let path = dir.path().join("r.xlsx");
        fs::write(&path, b"x").unwrap();
        wakes.recv_timeout(Duration::from_secs(10)).unwrap();
        // Everything that the write causes is heard before what a later marker causes.
        while wakes.recv_timeout(Duration::from_millis(200)).is_ok() {}
        fs::read(&path).unwrap();
        fs::write(dir.path().join(".r.xlsx.zv.tmp"), b"y").unwrap();
        assert!(wakes.recv_timeout(Duration::from_millis(200)).is_err());
        fs::remove_file(&path).unwrap();
        wakes.recv_timeout(Duration::from_secs(10)).unwrap();
    }
}
