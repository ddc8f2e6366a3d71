//! Each mistake in the configuration of a mailbox gives one line that names it and the remedy; the other mailbox goes on.

use super::served::{Daemon, MAILBOXES, Served};
use crate::office::letter;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use toml_edit::{Item, value};

#[test]
fn a_mistake_in_one_mailbox_is_told_in_one_line_and_the_other_goes_on() {
    let Some(served) = Served::whole("imaps") else { return };
    let closed = i64::from(served.stack.port("base")) + 19;
    let cases: [(&str, Item, &str); 8] = [
        ("host", value("no-such-host.invalid"), "check the name of the server and DNS"),
        ("port", value(closed), "check address, port and firewall"),
        ("port", value(i64::from(served.stack.port("imap"))), "check the port and the setting tls"),
        ("tls", value("starttls"), "check"),
        ("host", value("0.0.0.0"), "check the server's certificate"),
        ("folder", value("Нема такої"), "look into the mailbox"),
        ("user", value("nobody@callcentre.test"), "check user and password"),
        ("ca_file", value("absent.pem"), "create it or correct the path"),
    ];
    for (n, (key, wrong, remedy)) in cases.into_iter().enumerate() {
        let right = std::fs::read_to_string(served.office.path("zvernennia.toml")).unwrap();
        served.change(|config| {
            config["mailbox"].as_array_of_tables_mut().unwrap().get_mut(0).unwrap()["imap"][key] = wrong.clone();
        });
        served.stack.put(MAILBOXES[1].0, n, &letter(n));
        let output = served.office.run("once", &["--json"]);
        let told = crate::office::text(&output.stderr);
        let lines: Vec<&str> = told.lines().filter(|line| line.contains(remedy)).collect();
        assert_eq!(lines.len(), 1, "{key} = {wrong}: {told}");
        assert!(!output.status.success());
        if key == "ca_file" {
            // What can be seen without a server is seen before anything begins.
            assert_eq!(output.status.code(), Some(78), "{told}");
        } else {
            let passed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(passed["mailboxes"][1]["letters"], 1, "{key}: {passed}");
            assert_eq!(served.stack.taken_for(&format!("petrenko{n}@ukr.net")), 1, "{key}: {passed}");
        }
        std::fs::write(served.office.path("zvernennia.toml"), right).unwrap();
    }
    a_secret_that_cannot_be_read(&served);
    a_mended_secret_needs_no_restart(&served);
}

/// The first mailbox and the way out take their password from a file of this name.
fn secret_of_the_first(served: &Served) -> std::path::PathBuf {
    let secret = served.office.path("another-password");
    served.change(|config| {
        let mailbox = config["mailbox"].as_array_of_tables_mut().unwrap().get_mut(0).unwrap();
        mailbox["imap"]["password_file"] = value(secret.to_str().unwrap());
    });
    secret
}

fn write(secret: &Path, content: &str, mode: u32) {
    std::fs::write(secret, content).unwrap();
    std::fs::set_permissions(secret, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn a_secret_that_cannot_be_read(served: &Served) {
    let secret = secret_of_the_first(served);
    let password = MAILBOXES[0].1;
    for (n, (content, mode, remedy)) in (20..).zip([
        (Some(password), 0o644, "chmod 600"),
        (Some(""), 0o600, "write the secret into it"),
        (Some("one\ntwo"), 0o600, "leave the secret alone in it"),
        (None, 0, "create it with mode 0600"),
    ]) {
        let _ = std::fs::remove_file(&secret);
        if let Some(content) = content {
            write(&secret, content, mode);
        }
        served.stack.put(MAILBOXES[1].0, n, &letter(n));
        let output = served.office.run("once", &["--json"]);
        let told = crate::office::text(&output.stderr);
        let lines: Vec<&str> = told.lines().filter(|line| line.contains(remedy)).collect();
        assert!(lines.len() == 1 && lines[0].contains("zvernennia.toml:"), "{told}");
        assert!(!told.contains(password) && !output.status.success(), "{told}");
        assert_eq!(served.stack.taken_for(&format!("petrenko{n}@ukr.net")), 1, "{told}");
    }
    // Without any mailbox there is nothing to begin for.
    served.change(|config| {
        let mailbox = config["mailbox"].as_array_of_tables_mut().unwrap().get_mut(1).unwrap();
        mailbox["imap"]["password_file"] = value(secret.to_str().unwrap());
    });
    let output = served.office.run("once", &[]);
    assert_eq!(output.status.code(), Some(78), "{}", crate::office::text(&output.stderr));
    served.change(|config| {
        let mailbox = config["mailbox"].as_array_of_tables_mut().unwrap().get_mut(1).unwrap();
        mailbox["imap"]["password_file"] = value(served.office.path("password-1").to_str().unwrap());
    });
}

fn a_mended_secret_needs_no_restart(served: &Served) {
    let secret = secret_of_the_first(served);
    // The same password opens the way out: its trouble is told before there is a letter.
    served.change(|config| config["post"]["smtp"]["password_file"] = value(secret.to_str().unwrap()));
    write(&secret, MAILBOXES[0].1, 0o640);
    let daemon = Daemon::start(served);
    let troubled = || {
        let status = served.status();
        let channels = status["channels"].as_array().unwrap().clone();
        let broken = channels
            .into_iter()
            .filter(|channel| channel["trouble"]["what"].as_str().is_some_and(|what| what.contains("chmod 600")));
        broken.map(|channel| channel["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    served.wait_for("trouble", || troubled() == [format!("mailbox {}", "1"), "post".to_owned()]);
    served.stack.put(MAILBOXES[0].0, 30, &letter(30));
    served.stack.put(MAILBOXES[1].0, 31, &letter(31));
    served.wait_for("row of the other mailbox", || {
        served.outbox().iter().any(|mail| mail["recipient"] == "petrenko31@ukr.net")
    });
    assert_eq!(served.stack.taken_for("petrenko31@ukr.net"), 0);
    write(&secret, MAILBOXES[0].1, 0o600);
    for recipient in ["petrenko30@ukr.net", "petrenko31@ukr.net"] {
        served.wait_for("acknowledgement", || served.stack.taken_for(recipient) == 1);
    }
    served.wait_for("end of the trouble", || troubled().is_empty());
    daemon.stop();
}
