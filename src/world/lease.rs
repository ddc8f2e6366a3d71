//! File leases (fcntl(2), F_SETLEASE): the only way on the server itself to see whether a program, smbd for Excel
//! among them, has a file open. The one file of the crate that may use `unsafe`: no safe crate offers these calls.
//!
//! A read lease is refused while anyone has the file open for writing, a write lease while anyone else has it open
//! at all; who opens the file later waits in open(2) until the lease is given back (at most the kernel's
//! lease-break-time, 45 s). So a lease must be short. It needs a local file system, and the file's owner or CAP_LEASE.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::sync::Once;

/// What a lease guards against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// Anyone who opens the file for writing.
    Writers,
    /// Anyone who opens the file.
    Everyone,
}

/// Why there is no lease.
#[derive(Debug)]
pub enum NoLease {
    /// Somebody has the file open.
    Open,
    /// This file system or this user cannot have leases: nothing is known.
    Unknown,
}

/// A lease; given back when dropped.
#[derive(Debug)]
pub struct Lease<'a> {
    file: &'a File,
    against: Against,
}

impl<'a> Lease<'a> {
    /// Takes a lease on a file that is open for reading only.
    pub fn take(file: &'a File, against: Against) -> Result<Self, NoLease> {
        ignore_sigio();
        match set(file, wanted(against)) {
            Ok(()) => Ok(Self { file, against }),
            Err(error) if error.raw_os_error() == Some(libc::EAGAIN) => Err(NoLease::Open),
            Err(_) => Err(NoLease::Unknown),
        }
    }

    /// Whether nobody has tried to open the file in a way that the lease guards against.
    pub fn undisturbed(&self) -> bool {
        get(self.file) == libc::c_int::from(wanted(self.against))
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        // Closing the file would give it back too.
        let _ = set(self.file, libc::F_UNLCK);
    }
}

type LeaseType = libc::c_int;

fn wanted(against: Against) -> LeaseType {
    match against {
        Against::Writers => libc::F_RDLCK,
        Against::Everyone => libc::F_WRLCK,
    }
}

#[expect(unsafe_code, reason = "fcntl(F_SETLEASE) has no safe wrapper; the descriptor is open as long as `file` lives")]
fn set(file: &File, kind: LeaseType) -> io::Result<()> {
    // SAFETY: a valid descriptor and an integer argument; the call touches no memory of ours.
    let answer = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, kind) };
    if answer == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

#[expect(unsafe_code, reason = "fcntl(F_GETLEASE) has no safe wrapper; the descriptor is open as long as `file` lives")]
fn get(file: &File) -> libc::c_int {
    // SAFETY: a valid descriptor and no further argument; the call touches no memory of ours.
    unsafe { libc::fcntl(file.as_raw_fd(), libc::F_GETLEASE) }
}

/// The kernel tells the holder of a lease by SIGIO that someone waits, and SIGIO kills a process that neither handles
/// nor ignores it. We ask (`undisturbed`) rather than be told.
#[expect(unsafe_code, reason = "signal(SIGIO, SIG_IGN) has no safe wrapper")]
fn ignore_sigio() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: SIG_IGN installs no code of ours; nothing else in the program uses SIGIO.
        unsafe { libc::signal(libc::SIGIO, libc::SIG_IGN) };
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::OpenOptions;

    #[test]
    fn a_lease_shows_who_has_the_file_open_and_the_signal_does_not_kill() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("register.xlsx");
        std::fs::write(&path, b"x").unwrap();
        let ours = File::open(&path).unwrap();
        if matches!(Lease::take(&ours, Against::Everyone), Err(NoLease::Unknown)) {
            println!("no leases on this file system: skipped");
            return;
        }
        let reader = File::open(&path).unwrap();
        assert!(matches!(Lease::take(&ours, Against::Everyone), Err(NoLease::Open)));
        assert!(Lease::take(&ours, Against::Writers).is_ok());
        drop(reader);
        let writer = OpenOptions::new().write(true).open(&path).unwrap();
        assert!(matches!(Lease::take(&ours, Against::Writers), Err(NoLease::Open)));
        drop(writer);
        std::thread::scope(|scope| {
            let lease = Lease::take(&ours, Against::Everyone).unwrap();
            assert!(lease.undisturbed());
            let waiting = scope.spawn(|| OpenOptions::new().write(true).open(&path).is_ok());
            while lease.undisturbed() {
                std::thread::yield_now();
            }
            drop(lease);
            assert!(waiting.join().unwrap());
        });
    }
}
