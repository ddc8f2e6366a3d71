//! Each mistake in the configuration of a mailbox gives one line that names it and the remedy; the other mailbox goes on.

use super::served::{MAILBOXES, Served};
use crate::office::letter;
use std::os::unix::fs::PermissionsExt;
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
    a_secret_that_others_may_read(&served);
}

fn a_secret_that_others_may_read(served: &Served) {
    let secret = served.office.path("another-password");
    std::fs::write(&secret, MAILBOXES[0].1).unwrap();
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o644)).unwrap();
    served.change(|config| {
        let mailbox = config["mailbox"].as_array_of_tables_mut().unwrap().get_mut(0).unwrap();
        mailbox["imap"]["password_file"] = value(secret.to_str().unwrap());
    });
    let told = crate::office::text(&served.office.run("once", &[]).stderr);
    let line = told.lines().find(|line| line.contains("chmod 600")).unwrap_or_else(|| panic!("{told}"));
    assert!(line.contains("zvernennia.toml:") && !told.contains(MAILBOXES[0].1), "{told}");
}
