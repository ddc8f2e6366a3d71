//! What a notice of a mail server says of a letter of ours: which one, to whom, how it ended and why.
//!
//! RFC 3464 says it in fields; free text quotes the letter or its headers somewhere. A letter is known only by a
//! Message-ID of our domain; an address or a number in a notice proves nothing.

use crate::domain::delivery::{Delivery, enhanced};
use crate::domain::letter::Letter;
use crate::domain::office::Office;
use crate::reading::bounce::Notice;
use crate::reading::pattern::Pattern;

/// Most Message-IDs that are looked at.
const MOST_IDS: usize = 20;
/// Longest local part of a Message-ID.
const LONGEST_ID: usize = 400;
/// Free text is searched this far, in bytes.
const SEARCHED: usize = 100_000;

static FIELD: Pattern = Pattern::new(r"(?im)^\s*(?:final|original)-recipient\s*:[^\n]*?([^\s<>;,]+@[^\s<>;,]+)");
static STATUS: Pattern = Pattern::new(r"(?im)^\s*status\s*:\s*([245]\.\d{1,3}\.\d{1,3})");
static DIAGNOSTIC: Pattern = Pattern::new(r"(?im)^\s*diagnostic-code\s*:\s*([^\n]*(?:\n[ \t][^\n]*)*)");
static BASIC: Pattern = Pattern::new(r"(?m)(?:^|[\s:;#(<])([45]\d\d)[\s\-]");

/// Words of free text → the code that they mean.
const WORDS: &[(&str, &str)] = &[
    ("user unknown", "5.1.1"),
    ("unknown user", "5.1.1"),
    ("no such user", "5.1.1"),
    ("no such recipient", "5.1.1"),
    ("does not exist", "5.1.1"),
    ("doesn't exist", "5.1.1"),
    ("address not found", "5.1.1"),
    ("recipient not found", "5.1.1"),
    ("no mailbox here", "5.1.1"),
    ("адресу не знайдено", "5.1.1"),
    ("адресата не знайдено", "5.1.1"),
    ("адрес не найден", "5.1.1"),
    ("mailbox full", "5.2.2"),
    ("mailbox is full", "5.2.2"),
    ("over quota", "5.2.2"),
    ("quota exceeded", "5.2.2"),
    ("переповнен", "5.2.2"),
    ("переполнен", "5.2.2"),
    ("mailbox disabled", "5.2.1"),
    ("account is disabled", "5.2.1"),
    ("host or domain name not found", "5.1.2"),
    ("domain not found", "5.1.2"),
    ("message too large", "5.3.4"),
    ("message size exceeds", "5.3.4"),
    ("retry time", "4.4.7"),
    ("retry timeout exceeded", "4.4.7"),
    ("blocked", "5.7.1"),
    ("spam", "5.7.1"),
];

/// What a notice says.
pub fn delivery(letter: &Letter, notice: Notice) -> Option<Delivery> {
    let delayed = match notice {
        Notice::Failure => false,
        Notice::Delay => true,
        Notice::Success | Notice::Read => return None,
    };
    let mut recipients: Vec<String> = FIELD
        .find_all(&letter.report)
        .into_iter()
        .filter_map(|field| FIELD.group(field.as_str(), 1).map(str::to_lowercase))
        .collect();
    recipients.extend(letter.header("x-failed-recipients").into_iter().flat_map(|failed| {
        failed.split(',').map(|address| address.trim().to_lowercase()).filter(|address| address.contains('@'))
    }));
    recipients.sort();
    recipients.dedup();
    Some(Delivery { delayed, recipients, code: code(letter) })
}

/// The code that tells most: a status that says something, else the words of the other server, else free text.
fn code(letter: &Letter) -> String {
    let status = STATUS.group(&letter.report, 1).filter(|code| !code.ends_with(".0.0"));
    let diagnostic = DIAGNOSTIC.group(&letter.report, 1).unwrap_or_default();
    let text = searched(&letter.text);
    let words = || {
        let lower = text.to_lowercase();
        WORDS.iter().find(|(words, _)| lower.contains(words)).map(|(_, code)| *code)
    };
    status
        .or_else(|| enhanced(diagnostic).map(|(code, _)| code))
        .or_else(|| enhanced(text).map(|(code, _)| code))
        .or_else(words)
        .or_else(|| BASIC.group(diagnostic, 1))
        .or_else(|| BASIC.group(text, 1))
        .unwrap_or_default()
        .to_owned()
}

/// Message-IDs of ours that a notice quotes in whatever part, besides those of its own headers.
pub fn quoted_ids(letter: &Letter, office: &Office) -> Vec<String> {
    let domain = office.message_id_domain.trim().to_lowercase();
    let mut ids: Vec<String> = Vec::new();
    if domain.is_empty() {
        return ids;
    }
    let enclosed = letter.enclosed.iter().flat_map(|inner| {
        inner.message_id.as_deref().into_iter().chain([inner.report.as_str(), inner.text.as_str()]).map(searched)
    });
    let texts = [&letter.report, &letter.text, &letter.html_text].into_iter().map(|text| searched(text));
    let attached = letter.attachments.iter().filter_map(|attachment| attachment.text.as_deref()).map(searched);
    for text in enclosed.chain(texts).chain(attached) {
        for id in ids_in(text, &domain) {
            if !ids.contains(&id) && ids.len() < MOST_IDS {
                ids.push(id);
            }
        }
    }
    ids
}

fn searched(text: &str) -> &str {
    text.get(..text.floor_char_boundary(SEARCHED)).unwrap_or(text)
}

/// Whatever stands before `@domain` and can be part of a Message-ID.
fn ids_in<'t>(text: &'t str, domain: &str) -> impl Iterator<Item = String> + 't {
    let mark = format!("@{domain}");
    let lower = text.to_ascii_lowercase();
    let places: Vec<usize> = lower.match_indices(&mark).map(|(at, _)| at).take(MOST_IDS).collect();
    places.into_iter().filter_map(move |at| {
        let before = text.get(..at)?;
        let part = |c: char| c.is_ascii_alphanumeric() || "-._+=".contains(c);
        let begin = before.rfind(|c: char| !part(c)).map_or(0, |last| last + 1);
        let local = before.get(begin..).filter(|local| !local.is_empty() && local.len() <= LONGEST_ID)?;
        Some(format!("{local}{mark}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::letter::Correspondent;
    use crate::reading::bounce::notice;

    const OURS: &str = "appeal.S-000305.registered_2e_0a1b2c3d4e-aaaaaaaa-bbbbbbbbbbbbbbbbbbbbbbbb@cc.smva.example";

    fn office() -> Office {
        Office { message_id_domain: "cc.smva.example".into(), ..Office::default() }
    }

    fn check(text: &str, report: &str, headers: &[(&str, &str)], expected: (bool, &[&str], &str)) {
        let letter = Letter {
            from: Correspondent { name: "Mail Delivery System".into(), address: "mailer-daemon@mx.example".into() },
            subject: "Undelivered Mail Returned to Sender".into(),
            return_path: Some(String::new()),
            text: text.replace("OURS", OURS),
            report: report.replace("OURS", OURS),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ..Letter::default()
        };
        let found = delivery(&letter, notice(&letter).unwrap()).unwrap();
        let (delayed, recipients, code) = expected;
        assert_eq!(
            (found.delayed, found.recipients.as_slice(), found.code.as_str()),
            (delayed, &recipients.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>()[..], code),
            "{text}{report}"
        );
        assert_eq!(quoted_ids(&letter, &office()), [OURS], "{text}{report}");
    }

    #[test]
    fn patterns_compile() {
        for pattern in [&FIELD, &STATUS, &DIAGNOSTIC, &BASIC] {
            pattern.assert_compiles();
        }
    }

    #[test]
    fn notices_of_many_servers_name_the_letter_the_recipient_and_the_reason() {
        let a = "olena@ukr.example";
        // Postfix.
        check(
            "This is the mail system at host mx.",
            "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; olena@ukr.example\nOriginal-Recipient: rfc822;Olena@ukr.example\n\
             Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\nMessage-ID: <OURS>",
            &[],
            (false, &[a], "5.1.1"),
        );
        // Exchange: a status that says nothing.
        check(
            "Delivery has failed to these recipients",
            "Final-recipient: RFC822; olena@ukr.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp;550 5.2.2\n\
             message-id: OURS",
            &[],
            (false, &[a], "5.2.2"),
        );
        // Gmail.
        check(
            "Address not found. Your message wasn't delivered to olena@ukr.example because the address couldn't be found.",
            "Final-Recipient: rfc822; olena@ukr.example\nAction: failed\nStatus: 5.1.1\n\nmessage-id: <OURS>",
            &[("x-failed-recipients", "olena@ukr.example")],
            (false, &[a], "5.1.1"),
        );
        // Exim.
        check(
            "This message was created automatically by mail delivery software.\n  olena@ukr.example\n    Unrouteable address\n\
             ------ This is a copy of the message, including all the headers. ------\nMessage-Id: <OURS>\n",
            "",
            &[("x-failed-recipients", "olena@ukr.example")],
            (false, &[a], ""),
        );
        // qmail.
        check(
            "Hi. This is the qmail-send program.\n<olena@ukr.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n\
             --- Below this line is a copy of the message.\n\nMessage-ID: <OURS>\n",
            "",
            &[],
            (false, &[], "5.1.1"),
        );
        // sendmail, and words alone.
        check(
            "   ----- The following addresses had permanent fatal errors -----\n<olena@ukr.example>\n    (reason: 550 mailbox full)\n\
             Message-ID: <OURS>",
            "",
            &[],
            (false, &[], "5.2.2"),
        );
        // A Ukrainian provider.
        check(
            "Лист не доставлено: скринька одержувача переповнена.\n> Message-ID: <OURS>",
            "",
            &[],
            (false, &[], "5.2.2"),
        );
        // Not given up yet.
        check(
            "will be retried",
            "Final-Recipient: rfc822; olena@ukr.example\nAction: delayed\nStatus: 4.4.1\nMessage-ID: <OURS>",
            &[],
            (true, &[a], "4.4.1"),
        );
    }

    #[test]
    fn only_message_ids_of_our_domain_count() {
        let letter = Letter {
            text: "<x@other.example> cc.smva.example @cc.smva.example <a b@CC.smva.example> <c@cc.smva.example.evil.example>".into(),
            ..Letter::default()
        };
        assert_eq!(quoted_ids(&letter, &office()), ["b@cc.smva.example", "c@cc.smva.example"]);
        assert_eq!(quoted_ids(&letter, &Office::default()), Vec::<String>::new());
    }
}
