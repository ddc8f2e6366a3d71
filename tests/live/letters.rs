//! Letters in two mailboxes of a real IMAP server become appeals, with acknowledgements in the store of the SMTP server,
//! each exactly once.

use super::served::{MAILBOXES, Served};
use crate::office::letter;
use std::collections::BTreeSet;

/// How many letters; more with ZVERNENNIA_LETTERS.
fn letters() -> usize {
    std::env::var("ZVERNENNIA_LETTERS").ok().and_then(|text| text.parse().ok()).unwrap_or(200)
}

#[test]
fn letters_in_two_mailboxes_are_taken_in_and_answered_exactly_once() {
    let Some(served) = Served::whole("imaps") else { return };
    let count = letters();
    for n in 0..count {
        served.stack.put(MAILBOXES[n % 2].0, n, &letter(n));
    }
    let first = served.office.once(&[]);
    assert_eq!(first["decided"]["appeals"], count, "{first}");
    assert_eq!(first["letters"]["sent"], count, "{first}");
    let recipients: BTreeSet<String> = (0..count).map(|n| format!("petrenko{n}@ukr.net")).collect();
    assert_eq!(served.stack.recipients(), recipients.iter().map(|one| (one.clone(), 1)).collect());
    assert_eq!(served.office.rows().len(), count);
    let again = served.office.once(&[]);
    assert_eq!((&again["decided"]["appeals"], &again["letters"]["sent"]), (&0.into(), &0.into()), "{again}");
    assert_eq!(again["mailboxes"][0]["letters"], 0, "{again}");
    assert_eq!(served.stack.recipients().len(), count);
}
