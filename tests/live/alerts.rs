//! A channel that dies is noticed and reported through another one, once; so is its recovery.

use super::served::{ADMINISTRATOR, Daemon, MAILBOXES, Served};
use crate::office::letter;
use std::time::Instant;
use toml_edit::{Item, value};

#[test]
fn a_dead_channel_is_reported_and_so_is_its_recovery() {
    let Some(served) = Served::whole("proxy_imaps") else { return };
    let stack = &served.stack;
    served.change(|config| {
        let mut spare = served.server("smtps", 1);
        spare["pause"] = value("0s");
        config["post"]["spare"] = Item::Table(spare);
    });
    let daemon = Daemon::start(&served);
    stack.put(MAILBOXES[0].0, 0, &letter(0));
    served.wait_for("acknowledgement", || stack.recipients().len() == 1);

    // Both mailboxes fall silent; the way out works. One letter for each.
    let begun = Instant::now();
    stack.run(&["fault", "proxy", "blackhole"], b"");
    served.wait_for("alerts", || stack.taken_for(ADMINISTRATOR) == 2);
    println!("a silent death of the mailboxes was reported after {:.1} s", begun.elapsed().as_secs_f64());
    assert!(stack.letters_for(ADMINISTRATOR).iter().all(|letter| letter.contains("Subject: =?utf-8?")));
    stack.run(&["fault", "proxy"], b"");
    served.wait_for("news of the recovery", || stack.taken_for(ADMINISTRATOR) == 4);

    // The way out dies; the second account tells.
    stack.run(&["fault", "smtp", r#"{"on":"connect","do":"drop"}"#], b"");
    stack.put(MAILBOXES[1].0, 1, &letter(1));
    served.wait_for("alert by the second account", || stack.delivered(ADMINISTRATOR).len() == 1);
    assert_eq!(stack.recipients().len(), 2);
    stack.run(&["fault", "smtp"], b"");
    served.wait_for("acknowledgement that waited", || stack.taken_for("petrenko1@ukr.net") == 1);
    served.wait_for("news of the recovery", || stack.taken_for(ADMINISTRATOR) == 5);
    daemon.stop();
    let told = served.outbox();
    let kinds = |kind: &str| told.iter().filter(|mail| mail["kind"] == kind).count();
    assert_eq!((kinds("alert_channel"), kinds("channel_restored")), (3, 3), "each episode once");
}
