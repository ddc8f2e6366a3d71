//! Both ways of proving who we are, with the real program: OAuth with tokens that live for seconds, with a permission that
//! is taken away and given again; a password that the server stops accepting. Each trouble is named with its remedy, the
//! administrator is written to through the second account, and nothing needs a restart.

use super::served::{ADMINISTRATOR, Daemon, MAILBOXES, Served};
use crate::office::letter;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use toml_edit::{Item, value};

fn write(secret: &Path, content: &str) {
    std::fs::write(secret, content).unwrap();
    std::fs::set_permissions(secret, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// The first mailbox and the way out are opened by OAuth; a second account, with a password, carries alerts.
fn by_oauth(served: &Served) -> PathBuf {
    let token = served.office.path("refresh-token");
    write(&token, "refresh-appeals");
    served.change(|config| {
        let mut spare = served.server("smtps", 1);
        spare["pause"] = value("0s");
        config["post"]["spare"] = Item::Table(spare);
        let turn = |server: &mut Item| {
            server.as_table_mut().unwrap().remove("password_file");
            server["oauth"] = served.oauth(&token);
        };
        turn(&mut config["mailbox"].as_array_of_tables_mut().unwrap().get_mut(0).unwrap()["imap"]);
        turn(&mut config["post"]["smtp"]);
    });
    token
}

const MAILBOX: &str = "mailbox 1";
const POST: &str = "post";

/// A letter into the first mailbox comes through to its acknowledgement.
fn comes_through(served: &Served, n: usize) {
    served.stack.put(MAILBOXES[0].0, n, &letter(n));
    acknowledged(served, n);
}

fn acknowledged(served: &Served, n: usize) {
    let recipient = format!("petrenko{n}@ukr.net");
    served.wait_for("acknowledgement", || served.stack.taken_for(&recipient) == 1);
}

#[test]
fn tokens_are_refreshed_and_a_lost_permission_is_named_reported_and_recovered_from() {
    let Some(served) = Served::whole("imaps") else { return };
    let stack = &served.stack;
    let token = by_oauth(&served);
    stack.run(&["fault", "oauth", r#"{"ttl": 5}"#], b"");
    let daemon = Daemon::start(&served);
    // Tokens end while the service works; a connection that is made anew in time is no trouble.
    for n in 0..4 {
        comes_through(&served, n);
        let before = stack.tokens();
        served.wait_for("next token", || stack.tokens() > before);
    }
    assert_eq!(served.trouble(MAILBOX), "");
    assert!(stack.delivered(ADMINISTRATOR).is_empty());

    let refused = |channel: &str, remedy: &str| {
        served.wait_for(remedy, || served.trouble(channel).contains(remedy));
        let trouble = served.trouble(channel);
        println!("{channel}: {trouble}");
        assert!(!trouble.contains("refresh-appeals") && !trouble.contains("client secret"), "{trouble}");
    };
    // The owner takes the permission away: no token, and the old ones end.
    stack.run(&["fault", "oauth", r#"{"fail": "invalid_grant"}"#], b"");
    stack.put(MAILBOXES[0].0, 4, &letter(4));
    stack.put(MAILBOXES[1].0, 5, &letter(5));
    refused(MAILBOX, "authorise anew");
    refused(POST, "authorise anew");
    served.wait_for("alerts", || stack.delivered(ADMINISTRATOR).len() == 2);
    assert!(served.outbox().iter().any(|mail| mail["recipient"] == "petrenko5@ukr.net"), "the other mailbox goes on");
    stack.run(&["fault", "oauth", r#"{"ttl": 3600}"#], b"");
    acknowledged(&served, 4);
    acknowledged(&served, 5);
    served.wait_for("news of the recovery", || stack.taken_for(ADMINISTRATOR) == 2);

    // What else a token endpoint says, and a permission of somebody else.
    for (n, answer, remedy) in
        [(6, r#"{"fail": "invalid_client"}"#, "check client_id"), (7, r#"{"fail": "500"}"#, "later by itself")]
    {
        stack.run(&["fault", "oauth", answer], b"");
        stack.run(&["kick", MAILBOXES[0].0], b"");
        // A token that still lives opens the mailbox once more.
        stack.put(MAILBOXES[0].0, n, &letter(n));
        daemon_forgets(&served);
        refused(MAILBOX, remedy);
        stack.run(&["fault", "oauth"], b"");
        acknowledged(&served, n);
    }
    write(&token, "refresh-work");
    daemon_forgets(&served);
    refused(MAILBOX, "given for this very mailbox");
    write(&token, "refresh-appeals");
    comes_through(&served, 8);
    daemon.stop();
}

/// All access tokens end at once.
fn daemon_forgets(served: &Served) {
    served.stack.run(&["revoke"], b"");
    served.stack.run(&["kick", MAILBOXES[0].0], b"");
}

#[test]
fn a_password_that_the_server_refuses_is_named_and_tried_again() {
    let Some(served) = Served::whole("imaps") else { return };
    let stack = &served.stack;
    let daemon = Daemon::start(&served);
    comes_through(&served, 0);
    stack.run(&["passwd", MAILBOXES[0].0, "another"], b"");
    stack.run(&["kick", MAILBOXES[0].0], b"");
    stack.run(&["fault", "smtp", r#"{"on":"auth","do":"535 5.7.8 Username and Password not accepted"}"#], b"");
    stack.put(MAILBOXES[0].0, 1, &letter(1));
    stack.put(MAILBOXES[1].0, 2, &letter(2));
    for channel in [MAILBOX, POST] {
        served.wait_for("trouble", || served.trouble(channel).contains("Gmail wants an app password"));
    }
    stack.run(&["passwd", MAILBOXES[0].0, MAILBOXES[0].1], b"");
    stack.run(&["fault", "smtp"], b"");
    acknowledged(&served, 1);
    acknowledged(&served, 2);
    for channel in [MAILBOX, POST] {
        served.wait_for("end of the trouble", || served.trouble(channel).is_empty());
    }
    daemon.stop();
}
