//! The running service while the mail server behind it is tormented: each letter becomes one appeal and one
//! acknowledgement, whatever happens to the connection.

use super::served::{Daemon, MAILBOXES, Served};
use std::collections::BTreeMap;

/// The whole dialogue, from the handshake to the letter, is a little longer; in bytes from the server.
const DIALOGUE: usize = 4_800;

/// At how many points of it connections are cut; more with ZVERNENNIA_CUTS.
fn cuts() -> usize {
    std::env::var("ZVERNENNIA_CUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(6)
}

#[test]
fn a_tormented_imap_server_loses_nothing_and_doubles_nothing() {
    let Some(served) = Served::whole("proxy_imaps") else { return };
    let stack = &served.stack;
    let user = MAILBOXES[0].0;
    let daemon = Daemon::start(&served);
    let mut story = Story { served: &served, letters: 0 };
    story.letter_arrives("an ordinary day");
    for mode in ["close", "rst", "blackhole", "flip"] {
        stack.run(&["fault", "proxy", mode], b"");
        story.put();
        daemon.hears_of_trouble(mode);
        stack.run(&["fault", "proxy"], b"");
        story.all_arrived(mode);
    }
    stack.run(&["kick", user], b"");
    story.letter_arrives("kick");
    stack.run(&["freeze", user], b"");
    story.letter_arrives("freeze");
    stack.run(&["thaw", user], b"");
    stack.run(&["restart-imap"], b"");
    story.letter_arrives("restart");
    stack.run(&["passwd", user, "another"], b"");
    stack.run(&["kick", user], b"");
    story.put();
    daemon.hears_of_trouble("user or password is not accepted");
    stack.run(&["passwd", user, MAILBOXES[0].1], b"");
    story.all_arrived("password back");
    stack.run(&["uidvalidity", user, "1234567"], b"");
    stack.run(&["kick", user], b"");
    story.letter_arrives("UIDVALIDITY");
    stack.run(&["rebuild", user], b"");
    story.letter_arrives("rebuild");
    let count = cuts();
    for cut in 0..count {
        stack.run(&["fault", "proxy", &format!("cut {}", 1 + cut * DIALOGUE / count)], b"");
        let before = stack.cuts();
        story.put();
        stack.run(&["kick", user], b"");
        served.wait_for("cut and no letter", || stack.cuts() > before || story.acknowledged().len() == story.letters);
        stack.run(&["fault", "proxy"], b"");
        story.all_arrived(&format!("cut {cut}"));
    }
    println!("{} connections were cut", stack.cuts());
    assert!(stack.cuts() >= count * 2 / 3);
    daemon.stop();
    story.each_exactly_once();
}

/// Letters sent so far, and what must have become of them.
struct Story<'a> {
    served: &'a Served,
    letters: usize,
}

impl Story<'_> {
    fn put(&mut self) {
        self.served.stack.put(MAILBOXES[0].0, self.letters, &crate::office::letter(self.letters));
        self.letters += 1;
    }

    /// Applicants who were written to, and how often; the administrator, who is told of the torment, is none of them.
    fn acknowledged(&self) -> BTreeMap<String, usize> {
        let recipients = self.served.stack.recipients().into_iter();
        recipients.filter(|(recipient, _)| recipient.starts_with("petrenko")).collect()
    }

    fn all_arrived(&self, why: &str) {
        self.served.wait_for(&format!("{} acknowledgements after {why}", self.letters), || {
            self.acknowledged().len() == self.letters
        });
    }

    fn letter_arrives(&mut self, why: &str) {
        self.put();
        self.all_arrived(why);
    }

    fn each_exactly_once(&self) {
        let again = self.served.office.once(&[]);
        assert_eq!(again["decided"]["appeals"], 0, "{again}");
        assert_eq!(self.served.office.rows().len(), self.letters);
        let copies = self.acknowledged();
        assert!(copies.values().all(|copies| *copies == 1), "{copies:?}");
    }
}
