//! The service refuses to start with everything that is wrong, each with file, line and remedy; and makes what is new.

use crate::office::{Office, text};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The shipped configuration in a folder, with everything that it names below that folder.
fn shipped(folder: &Path, change: impl Fn(String) -> String) -> PathBuf {
    let office = folder.join("office");
    let made = Command::new(env!("CARGO_BIN_EXE_zvernennia")).arg("init").arg(&office).output().unwrap();
    assert!(made.status.success(), "{}", text(&made.stderr));
    let config = office.join("zvernennia.toml");
    let shipped = std::fs::read_to_string(&config).unwrap();
    let local = shipped.replace("/var/lib/zvernennia", "state").replace("/srv/share", "share");
    std::fs::write(&config, change(local)).unwrap();
    std::fs::create_dir(office.join("state")).unwrap();
    office
}

/// What a start says that must be refused as a wrong configuration.
fn refused(office: &Path, command: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_zvernennia"))
        .args([command, "--config"])
        .arg(office)
        .env_remove("CREDENTIALS_DIRECTORY")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(78), "{}", text(&output.stderr));
    let home = format!("{}/", office.display());
    text(&output.stderr).replace(&home, "").lines().map(|line| line.trim().to_owned()).collect()
}

fn write(path: &Path, content: &str, mode: u32) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn secrets_and_templates_that_cannot_be_used_are_all_told_before_anything_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let office = shipped(folder.path(), |config| {
        config
            .replace("\"credential:mailbox-1\"", "\"secrets/mailbox-1\"")
            .replace("# templates = \"templates\"", "templates = \"templates\"")
    });
    write(&office.join("secrets/mailbox-1"), "hunter2", 0o644);
    write(&office.join("templates/registered/body.txt.j2"), "Вітаємо!\n{{ nomer }}\n", 0o644);
    write(&office.join("templates/withdrawn/subject.txt.j2"), "{% if %}", 0o644);
    write(&office.join("templates/registred/body.txt.j2"), "x", 0o644);
    write(&office.join("state/message-id.key"), &"k".repeat(32), 0o640);
    for command in ["once", "run"] {
        let told = refused(&office, command);
        let starts = |start: &str, remedy: &str| {
            let found = told.iter().filter(|line| line.starts_with(start) && line.contains(remedy)).count();
            assert!(found >= 1, "{start} … {remedy} is missing in {told:#?}");
        };
        starts("zvernennia.toml:", "others may read the secret secrets/mailbox-1; run: chmod 600");
        starts("zvernennia.toml:", "the credential \"mailbox-2\" is given by systemd only");
        starts("state/message-id.key: ", "chmod 600");
        starts("templates/registered/body.txt.j2:2: ", "correct the template");
        starts("templates/withdrawn/subject.txt.j2:1: ", "correct the template");
        starts("templates/registred/body.txt.j2: ", "no letter has a template of this name");
        assert!(!told.join("\n").contains("hunter2"));
    }
    assert!(!office.join("state/ledger.sqlite").exists(), "nothing was opened");
}

#[test]
fn ten_mistakes_in_the_files_are_told_by_the_program_with_file_key_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let mistakes = [
        ("own_phones = [\"+380662838182\"", "own_phones = [\"0662838182\"", "office.own_phones"),
        ("open = \"10:00\"", "open = \"10.00\"", "hours.open"),
        ("format = \"{letter}-{seq}/{year}\"", "format = \"{letter}\"", "numbering.format"),
        ("poll_seconds = 60", "poll_seconds = \"60\"", "mailbox[1].poll_seconds"),
        ("host = \"imap.gmail.com\"", "host = \"imap gmail\"", "mailbox[1].imap.host"),
        ("batch_minutes = 15", "batch_minutes = 0", "notice.batch_minutes"),
        ("ingest = \"0 */15", "ingest = \"*/15", "departments.ingest"),
        ("keep = 14", "keep = -1", "backup.keep"),
        ("cron = \"0 30 1 * * *\"", "cron = \"0 30 1 30 2 *\"", "backup.cron"),
        ("[safety]", "[saffety]", "saffety"),
    ];
    let office = shipped(folder.path(), |config| {
        mistakes.iter().fold(config, |config, (from, to, _)| {
            assert!(config.contains(from), "{from}");
            config.replacen(from, to, 1)
        })
    });
    let told = refused(&office, "once");
    assert!(told[0].starts_with("zvernennia: 10 problems in the configuration:"), "{told:#?}");
    let config = std::fs::read_to_string(office.join("zvernennia.toml")).unwrap();
    for (_, wrong, key) in mistakes {
        let line = 1 + config.lines().position(|line| line.contains(wrong)).unwrap();
        let place = format!("zvernennia.toml:{line}: {key}: ");
        assert!(told.iter().any(|said| said.starts_with(&place)), "{place} is missing in {told:#?}");
    }
}

#[test]
fn a_new_service_makes_its_key_and_an_old_one_never_goes_on_with_another() {
    let office = Office::new();
    let key = office.path("message-id.key");
    office.once(&[]);
    std::fs::remove_file(&key).unwrap();
    let output = office.run("once", &[]);
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("message-id.key"), "{}", text(&output.stderr));
    std::fs::remove_file(office.path("ledger.sqlite")).unwrap();
    office.once(&[]);
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let made = std::fs::read(&key).unwrap();
    office.once(&[]);
    assert_eq!((made.len(), std::fs::read(&key).unwrap()), (32, made));
}
