//! The program as a stranger uses it: init, letters in, `once`, the register and the letters out.

use crate::office::{Office, letter, samples, text};
use std::process::Command;

#[test]
fn the_second_pass_changes_nothing() {
    let office = Office::new();
    for (name, bytes) in samples() {
        let mailbox = if text(&bytes).contains("Delivered-To: 9a020722@gmail.com") { 2 } else { 1 };
        office.drop_letter(mailbox, &name, &bytes);
    }
    let first = office.once(&[]);
    let register = std::fs::read(office.register()).unwrap();
    let sent = office.sent();
    let appeals = first["decided"]["appeals"].as_u64().unwrap();
    assert!(appeals >= 25, "{first}");
    assert_eq!(first["decided"]["letters"].as_u64().unwrap(), sent.len() as u64);
    let second = office.once(&[]);
    assert_eq!(second["decided"]["appeals"], 0);
    assert_eq!(second["mailboxes"][0]["letters"], 0);
    assert_eq!(second["registers"][0]["state"], "unchanged");
    assert_eq!(std::fs::read(office.register()).unwrap(), register);
    assert_eq!(office.sent(), sent);
    let rows = office.rows();
    assert_eq!(rows.len() as u64, appeals);
    for (position, row) in rows.iter().enumerate() {
        assert_eq!(row["№ з/п"], position + 1);
        assert!(row["Дата надходження"].as_str().is_some_and(|day| day.len() == 10), "{row:?}");
    }
}

#[test]
fn a_citizens_letter_becomes_a_row_and_an_acknowledgement() {
    let office = Office::new();
    office.drop_letter(1, "one", &letter(7));
    office.once(&["--at", "2026-03-02T10:30:00+02:00"]);
    let rows = office.rows();
    let row = &rows[0];
    assert_eq!(row["Реєстраційний №"], "П-1/2026");
    assert_eq!(row["Дата надходження"], "2026-03-02");
    assert_eq!(row["Прізвище, ім'я, по батькові заявника"], "Петренко Іван Степанович");
    assert_eq!(row["Контактний телефон"], "+380661234567");
    assert_eq!(row["Канал надходження"], "е-пошта 1");
    assert_eq!(row["Статус"], "Зареєстровано");
    assert_eq!(row["Термін виконання (до)"], "2026-04-01");
    let sent = office.sent();
    assert_eq!(sent.len(), 1);
    let letter = std::fs::read_to_string(office.path("sent").join(sent.first().unwrap())).unwrap();
    for header in ["Auto-Submitted: auto-generated", "In-Reply-To: <letter-7@ukr.net>", "To: petrenko7@ukr.net"] {
        assert!(letter.contains(header) || letter.contains(&header.replace("To: ", "To: <")), "{header}\n{letter}");
    }
}

#[test]
fn one_letter_in_both_mailboxes_is_one_appeal() {
    let office = Office::new();
    office.drop_letter(1, "one", &letter(1));
    office.drop_letter(2, "two", &letter(1));
    let passed = office.once(&[]);
    assert_eq!(passed["decided"]["appeals"], 1);
    assert_eq!(passed["mailboxes"][1]["copies"], 1);
    assert_eq!(office.sent().len(), 1);
}

#[test]
fn another_text_under_the_same_message_id_is_another_appeal() {
    let office = Office::new();
    office.drop_letter(1, "one", &letter(1));
    let other = text(&letter(2)).replace("letter-2@", "letter-1@");
    office.drop_letter(1, "two", other.as_bytes());
    assert_eq!(office.once(&[])["decided"]["appeals"], 2);
    let hints: Vec<String> =
        office.rows().iter().map(|row| row["Підказка системи"].as_str().unwrap_or_default().to_owned()).collect();
    assert!(hints.iter().any(|hint| hint.contains("Message-ID")), "{hints:?}");
}

#[test]
fn any_bytes_are_a_letter_and_harm_nobody_else() {
    let office = Office::new();
    office.drop_letter(1, "a-empty", b"");
    office.drop_letter(1, "b-zeros", &[0; 5_000]);
    office.drop_letter(
        1,
        "c-noise",
        &(0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect::<Vec<_>>(),
    );
    office.drop_letter(1, "d-good", &letter(1));
    let passed = office.once(&[]);
    assert_eq!(passed["decided"]["appeals"], 1, "{passed}");
    assert_eq!(office.once(&[])["mailboxes"][0]["letters"], 0);
}

#[test]
fn what_a_person_typed_stays_when_new_rows_are_added() {
    let office = Office::new();
    office.drop_letter(1, "one", &letter(1));
    office.once(&[]);
    let script = "import sys, openpyxl\nb = openpyxl.load_workbook(sys.argv[1])\ns = b['Реєстр']\n\
                  s.cell(s.max_row, 27).value = 'дзвонили'\nb.save(sys.argv[1])";
    let edited = crate::office::python().args(["-c", script]).arg(office.register()).output().unwrap();
    assert!(edited.status.success(), "{}", text(&edited.stderr));
    office.drop_letter(1, "two", &letter(2));
    let passed = office.once(&[]);
    assert_eq!(passed["decided"]["appeals"], 1);
    assert_eq!(passed["registers"][0]["state"], "merged", "{passed}");
    let rows = office.rows();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["Примітки"], "дзвонили");
    assert_eq!(rows[1]["Реєстраційний №"].as_str().unwrap().split('/').next(), Some("П-2"));
    assert_eq!(office.once(&[])["registers"][0]["state"], "unchanged");
    assert_eq!(office.rows(), rows);
}

#[test]
fn a_foreign_file_in_place_of_the_register_stays_as_it_is() {
    let office = Office::new();
    let year = chrono::Utc::now().format("%Y").to_string();
    let path = office.path(&format!("register/Реєстр звернень {year}.xlsx"));
    std::fs::write(&path, b"not a workbook").unwrap();
    office.drop_letter(1, "one", &letter(1));
    let passed = office.once(&[]);
    assert_eq!(passed["registers"][0]["state"], "waits", "{passed}");
    assert_eq!(std::fs::read(&path).unwrap(), b"not a workbook");
    assert_eq!(passed["decided"]["appeals"], 1);
}

#[test]
fn the_register_opens_in_libreoffice() {
    if Command::new("soffice").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "LibreOffice is missing; run `make test`");
        return;
    }
    let office = Office::new();
    office.drop_letter(1, "one", &letter(1));
    office.once(&[]);
    let out = office.path("csv");
    let profile = format!("-env:UserInstallation=file://{}", office.path("profile").display());
    let converted = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1"])
        .args(["--outdir", out.to_str().unwrap()])
        .arg(office.register())
        .output()
        .unwrap();
    assert!(converted.status.success(), "{}", text(&converted.stderr));
    let csv = std::fs::read_dir(&out).unwrap().next().unwrap().unwrap().path();
    let csv = std::fs::read_to_string(csv).unwrap();
    assert!(csv.contains("Петренко Іван Степанович") && csv.contains("+380661234567"), "{csv}");
}

#[test]
fn pretending_another_time_is_refused_where_letters_really_leave() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("real");
    let program = env!("CARGO_BIN_EXE_zvernennia");
    assert!(Command::new(program).args(["init", dir.to_str().unwrap()]).status().unwrap().success());
    let output = Command::new(program)
        .args(["once", "--at", "2026-03-02T10:30:00+02:00", "--config", dir.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("--at"), "{}", text(&output.stderr));
}

#[test]
fn a_second_instance_says_who_works_here() {
    let office = Office::new();
    let mut daemon = office.start_daemon();
    let second = office.run("once", &[]);
    assert_eq!(second.status.code(), Some(75));
    assert!(text(&second.stderr).contains(&daemon.id().to_string()), "{}", text(&second.stderr));
    stop(&mut daemon);
}

#[test]
fn the_daemon_takes_in_what_is_dropped_and_stops_cleanly() {
    let office = Office::new();
    let mut daemon = office.start_daemon();
    office.drop_letter(1, "one", &letter(1));
    office.wait_for_letters(&mut daemon, 1);
    stop(&mut daemon);
    assert_eq!(office.once(&[])["decided"]["appeals"], 0);
    assert_eq!(office.rows().len(), 1);
}

#[test]
fn told_to_stop_amid_a_storm_it_leaves_no_letter_that_looks_guilty() {
    let office = Office::new();
    office.configure("batch = 50", "batch = 2");
    for n in 0..200 {
        office.drop_letter(1, &format!("{n:04}"), &letter(n));
    }
    let mut daemon = office.start_daemon();
    let ledger = rusqlite::Connection::open(office.path("ledger.sqlite")).unwrap();
    let count = |table: &str| -> i64 {
        ledger.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    };
    while count("letter") < 10 {
        assert!(daemon.try_wait().unwrap().is_none(), "the daemon ended");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    stop(&mut daemon);
    assert!(count("letter") < 200, "stopped too late to show anything");
    assert_eq!(count("in_hand"), 0);
    office.once(&[]);
    assert_eq!((count("letter"), count("in_hand"), office.rows().len()), (200, 0, 200));
}

#[test]
fn a_letter_is_not_blamed_for_kills_from_outside() {
    let office = Office::new();
    office.drop_letter(1, "one", &letter(1));
    // As after nine kills, each while this letter was in hand.
    let ledger = rusqlite::Connection::open(office.path("ledger.sqlite")).unwrap();
    let in_hand = "INSERT INTO in_hand (mailbox, folder, validity, uid, attempts) VALUES ('1', '', 0, 'one', 9)";
    assert_eq!(ledger.execute(in_hand, []).unwrap(), 1);
    drop(ledger);
    let passed = office.once(&[]);
    assert_eq!(passed["mailboxes"][0]["quarantined"], 0, "{passed}");
    assert_eq!(passed["decided"]["appeals"], 1, "{passed}");
}

#[test]
fn a_changed_configuration_is_taken_over_without_a_stop_and_a_wrong_one_is_not() {
    let office = Office::new();
    let mut daemon = office.start_daemon();
    let config = office.path("zvernennia.toml");
    let right = std::fs::read_to_string(&config).unwrap();
    let arrives = |daemon: &mut std::process::Child, name: &str, letters: usize| {
        office.drop_letter(1, name, &letter(letters));
        office.wait_for_letters(daemon, letters);
    };
    std::fs::write(&config, right.replace("[intake]", "[intake]\nno_such_key = 1")).unwrap();
    signal(&daemon, rustix::process::Signal::HUP);
    arrives(&mut daemon, "one", 1);
    std::fs::write(&config, right.replace("{letter}-{seq}/{year}", "Z-{seq}/{year}")).unwrap();
    signal(&daemon, rustix::process::Signal::HUP);
    // The signal may find a pass at work; the next letters come under the new form.
    let mut letters = 2;
    loop {
        arrives(&mut daemon, &format!("{letters}"), letters);
        let sent = office.sent();
        let last = std::fs::read(office.path("sent").join(sent.last().unwrap())).unwrap();
        if text(&last).contains(&format!("Z-{letters}")) {
            break;
        }
        letters += 1;
        assert!(letters < 50, "the new configuration never came into force");
    }
    stop(&mut daemon);
}

fn signal(daemon: &std::process::Child, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(daemon.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

/// SIGTERM and a clean end.
pub fn stop(daemon: &mut std::process::Child) {
    signal(daemon, rustix::process::Signal::TERM);
    assert!(daemon.wait().unwrap().success());
}
