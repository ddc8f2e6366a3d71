//! Jobs of the schedule through the real binary: each once, and a backup that can be restored.

use crate::office::{Office, letter, text};
use serde_json::Value;
use std::path::Path;

/// Names in the folder of the backups.
fn backups(office: &Office) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(office.path("backup")) else { return Vec::new() };
    let mut names: Vec<String> = folder.map(|item| item.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The occurrences of the backup that a pass at this time carried out.
fn ran(office: &Office, at: &str) -> Vec<String> {
    let passed = office.once(&["--at", at]);
    let jobs = passed["jobs"].as_array().unwrap();
    jobs.iter()
        .filter(|job| job["name"] == "backup")
        .map(|job| {
            assert_eq!(job["state"], "done", "{job}");
            job["occurrence"].as_str().unwrap().to_owned()
        })
        .collect()
}

fn set(office: &Office, from: &str, to: &str) {
    let path = office.path("zvernennia.toml");
    let config = std::fs::read_to_string(&path).unwrap();
    assert!(config.contains(from), "{from}");
    std::fs::write(path, config.replace(from, to)).unwrap();
}

fn appeals(ledger: &Path) -> i64 {
    let db = rusqlite::Connection::open_with_flags(ledger, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    db.query_row("SELECT COUNT(*) FROM appeal", [], |row| row.get(0)).unwrap()
}

#[test]
fn the_backup_is_made_once_a_day_over_both_nights_of_the_clocks_and_once_after_a_stop() {
    let office = Office::new();
    // The worst time of all: the spring night has no 03:30, the autumn night has two.
    set(&office, "cron = \"0 30 1 * * *\"", "cron = \"0 30 3 * * *\"");
    set(&office, "keep = 14", "keep = 3");
    for (at, expected) in [
        ("2026-03-28T12:00:00+02:00", None),
        ("2026-03-29T02:59:59+02:00", None),
        ("2026-03-29T04:00:00+03:00", Some("2026-03-29T03:30:00")),
        ("2026-03-29T04:00:00+03:00", None),
        ("2026-03-29T04:30:00+03:00", None),
        ("2026-04-08T09:00:00+03:00", Some("2026-04-08T03:30:00")),
        ("2026-10-24T12:00:00+03:00", Some("2026-10-24T03:30:00")),
        ("2026-10-25T03:29:59+03:00", None),
        ("2026-10-25T03:30:00+03:00", Some("2026-10-25T03:30:00")),
        ("2026-10-25T03:30:00+02:00", None),
        ("2026-10-25T05:00:00+02:00", None),
        ("2026-10-26T03:30:00+02:00", Some("2026-10-26T03:30:00")),
        // A clock that is set back repeats nothing.
        ("2026-10-25T12:00:00+02:00", None),
    ] {
        assert_eq!(ran(&office, at), Vec::from_iter(expected), "{at}");
    }
    let names = ["ledger-2026-10-24T0330.sqlite", "ledger-2026-10-25T0330.sqlite", "ledger-2026-10-26T0330.sqlite"];
    assert_eq!(backups(&office), names);
    let status = office.run("status", &["--json"]);
    let status: Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(status["jobs"][0]["last_run"], "2026-10-26T03:30:00");
}

#[test]
fn a_ledger_restored_from_the_backup_goes_on_where_the_backup_was() {
    let office = Office::new();
    office.drop_letter(1, "1", &letter(1));
    office.once(&["--at", "2026-03-02T09:00:00+02:00"]);
    assert_eq!(ran(&office, "2026-03-03T09:00:00+02:00"), ["2026-03-03T01:30:00"]);
    let backup = office.path("backup").join(&backups(&office)[0]);
    assert_eq!(appeals(&backup), 1);
    let ledger = office.path("ledger.sqlite");
    std::fs::remove_file(&ledger).unwrap();
    for beside in ["ledger.sqlite-wal", "ledger.sqlite-shm"] {
        let _ = std::fs::remove_file(office.path(beside));
    }
    std::fs::copy(backup, &ledger).unwrap();
    let passed = office.once(&["--at", "2026-03-03T10:00:00+02:00"]);
    assert_eq!((&passed["decided"]["appeals"], &passed["letters"]["sent"]), (&0.into(), &0.into()), "{passed}");
    assert_eq!((office.rows().len(), office.sent().len()), (1, 1));
}

#[test]
fn a_backup_that_cannot_be_written_fails_alone_and_is_made_later() {
    let office = Office::new();
    office.once(&["--at", "2026-03-02T09:00:00+02:00"]);
    std::fs::write(office.path("backup"), "a file where the folder should be").unwrap();
    office.drop_letter(1, "1", &letter(1));
    let passed = office.once(&["--at", "2026-03-03T09:00:00+02:00"]);
    assert_eq!(passed["jobs"][0]["state"], "failed", "{passed}");
    assert_eq!(passed["decided"]["appeals"], 1, "the rest of the pass goes on");
    let told = text(&office.run("status", &[]).stdout);
    assert!(told.contains("job backup") && told.contains("failed: ") && told.contains("/backup"), "{told}");
    std::fs::remove_file(office.path("backup")).unwrap();
    assert_eq!(ran(&office, "2026-03-03T09:05:00+02:00"), [""; 0], "it rests");
    assert_eq!(ran(&office, "2026-03-03T09:10:00+02:00"), ["2026-03-03T01:30:00"]);
}
