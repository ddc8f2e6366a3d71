//! A disk that is full, a folder that cannot be written: said clearly, nothing lost, and all goes on afterwards.

use crate::office::{Office, letter, text};
use std::io::Write;
use std::process::Command;

/// A small file system of its own, unmounted in the end.
struct Small(tempfile::TempDir);

impl Small {
    /// `None` where this user may not mount.
    fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            println!("skipped: mounting a small file system needs root");
            return None;
        }
        Some(Self(folder))
    }

    fn ballast(&self) -> std::path::PathBuf {
        self.0.path().join("ballast")
    }

    /// Fills the file system up but for so many KiB.
    fn fill(&self, but: u64) {
        let mut ballast = std::fs::File::create(self.ballast()).unwrap();
        while ballast.write_all(&[0; 4096]).is_ok() {}
        let length = ballast.metadata().unwrap().len();
        ballast.set_len(length.saturating_sub(but * 1024)).unwrap();
    }

    fn relieve(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l".as_ref(), self.0.path().as_os_str()]).status();
    }
}

/// Letters, appeals and rows after all passes are as many as on a disk with room.
fn all_is_there(office: &Office, letters: usize) {
    let passed = office.once(&[]);
    assert_eq!(passed["letters"]["failed"], 0, "{passed}");
    let last = office.once(&[]);
    assert_eq!(last["decided"]["appeals"], 0, "{last}");
    assert_eq!(last["registers"][0]["state"], "unchanged", "{last}");
    let rows = office.rows();
    assert_eq!(rows.len(), letters);
    let numbers: std::collections::BTreeSet<_> = rows.iter().map(|row| row["Реєстраційний №"].to_string()).collect();
    assert_eq!(numbers.len(), letters, "a number was issued twice");
    assert_eq!(office.sent().len(), letters, "one acknowledgement for each");
}

#[test]
fn a_disk_that_fills_up_at_any_moment_loses_nothing() {
    const LETTERS: usize = 30;
    for room in [0, 8, 40, 100, 200, 300, 400, 600] {
        let Some(small) = Small::mount("16m") else { return };
        let office = Office::within(small.0.path());
        for n in 1..=LETTERS {
            office.drop_letter(1, &format!("{n}"), &letter(n));
        }
        small.fill(room);
        let output = office.run("once", &["--json"]);
        if !output.status.success() {
            let said = text(&output.stderr);
            assert!(said.contains("space"), "{room} KiB of room: {said}");
            assert!(!said.contains("panicked"), "{said}");
        }
        small.relieve();
        all_is_there(&office, LETTERS);
    }
}

#[test]
fn the_daemon_outlives_a_full_disk() {
    let Some(small) = Small::mount("16m") else { return };
    let office = Office::within(small.0.path());
    let mut daemon = office.start_daemon();
    // As mail programs do: written beside, then moved in, which needs no room.
    let beside = office.path("mail/1/tmp/one");
    std::fs::write(&beside, letter(1)).unwrap();
    small.fill(0);
    std::fs::rename(&beside, office.path("mail/1/new/one")).unwrap();
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert!(daemon.try_wait().unwrap().is_none(), "the daemon ended");
    assert!(office.sent().is_empty());
    small.relieve();
    crate::blackbox::stop(&mut daemon);
    all_is_there(&office, 1);
}

#[test]
fn a_register_folder_that_cannot_be_written_is_named_and_the_rest_goes_on() {
    let Some(small) = Small::mount("4m") else { return };
    let office = Office::new();
    // The small file system takes the place of the register's folder, read-only.
    let folder = office.path("register");
    let bound = |args: &[&str]| Command::new("mount").args(args).arg(&folder).status().unwrap().success();
    assert!(bound(&["--bind", small.0.path().to_str().unwrap()]));
    assert!(bound(&["-o", "remount,ro,bind"]));
    office.drop_letter(1, "one", &letter(1));
    let passed = office.once(&[]);
    let unmounted = Command::new("umount").arg(&folder).status().unwrap();
    assert!(unmounted.success());
    assert_eq!(passed["decided"]["appeals"], 1);
    assert_eq!(passed["registers"][0]["state"], "waits", "{passed}");
    let why = passed["registers"][0]["detail"].to_string();
    assert!(why.contains("read-only") && why.contains(folder.to_str().unwrap()), "{why}");
    all_is_there(&office, 1);
}
