//! More than a hundred letters made to harm: what strangers put into names, subjects, texts, file names and identifiers;
//! letters without form; robots and forgers. Through the whole program: each is accounted for, nothing of theirs becomes
//! a header of ours, a formula, a template or a state, and whoever must not be answered is not.

use crate::office::{Office, letter, text};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// What strangers write where a name is expected.
fn words() -> Vec<(&'static str, String)> {
    let named = |kind, text: &str| (kind, text.to_owned());
    vec![
        named("a header after a line break", "Іван\r\nBcc: evil@evil.example\r\nX-Evil: 1"),
        named("a header after a bare CR", "Іван\rBcc: evil@evil.example"),
        named("a header after a bare LF", "Іван\nBcc: evil@evil.example"),
        named("a body after two line breaks", "Іван\r\n\r\nПідроблений текст"),
        named("NUL", "Іван\0Петренко"),
        named("bidirectional marks", "Іван\u{202e}окнертеП\u{2066}"),
        named("invisible letters", "І\u{200b}ван\u{2060} Петрен\u{ad}ко"),
        named("other line ends", "Іван\u{85}Bcc: x@evil.example\u{2028}Bcc: y@evil.example"),
        named("a formula", "=HYPERLINK(\"http://evil.example\";\"тут\")"),
        named("a formula with plus", "+1+1|cmd!A1"),
        named("a formula with at", "@SUM(A1:A9)"),
        named("a formula with minus", "-2+3+cmd|' /C calc'!A0"),
        named("a formula after a tab", "\t=1+1"),
        named("a template", "{{ office.name }}{{ 7*7 }}"),
        named("a statement of a template", "{% include 'x' %}{# x #}{% for a in b %}"),
        named("markup", "<script>alert(1)</script><img src=x onerror=alert(1)>"),
        named("the end of a cell", "]]></t></is></c><c t=\"inlineStr\"><is><t>&lt;&#0;&bogus;"),
        named("an encoded word in an encoded word", "=?utf-8?Q?=0D=0ABcc:_evil=40evil.example?="),
        named("quotes and brackets", "\"Іван\\\" <evil@evil.example>, <x@evil.example>"),
        ("a very long name", "їжак ".repeat(5_000)),
        ("letters upon letters", format!("І{}", "\u{301}".repeat(3_000))),
        named("no characters at all", "\u{fffe}\u{ffff}\u{10ffff}\u{fdd0}"),
        named("a statement of SQL", "'); DROP TABLE letter; --"),
        named("a path", "../../../../etc/passwd\0.xlsx"),
        named("the number of another's appeal", "П-1/2026 S-000001 № 1"),
    ]
}

fn base64(bytes: &[u8]) -> String {
    let encoding = lettre::message::header::ContentTransferEncoding::Base64;
    let body = lettre::message::Body::new_with_encoding(bytes.to_vec(), encoding).unwrap().into_vec();
    text(&body).replace("\r\n", "")
}

fn encoded(word: &str) -> String {
    format!("=?utf-8?B?{}?=", base64(word.as_bytes()))
}

/// The plain letter of a citizen, changed.
fn changed(n: usize, pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut letter = String::from_utf8(letter(n)).unwrap();
    for (from, to) in pairs {
        assert!(letter.contains(from), "{from}");
        letter = letter.replacen(from, to, 1);
    }
    letter.into_bytes()
}

/// What must become of a letter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// A row, and an answer to its sender.
    Answered,
    /// Accounted for, whatever it is; its sender may be answered.
    Any,
    /// Accounted for, and never answered.
    Silent,
}

struct Hostile {
    kind: String,
    bytes: Vec<u8>,
    fate: Fate,
}

/// Everything, each a letter of its own; number `n` is from petrenko{n}@ukr.net.
fn letters() -> Vec<Hostile> {
    let mut all: Vec<Hostile> = Vec::new();
    let mut add = |kind: String, fate: Fate, make: &dyn Fn(usize) -> Vec<u8>| {
        let bytes = make(all.len() + 1);
        all.push(Hostile { kind, bytes, fate });
    };
    for (kind, word) in words() {
        let encoded = encoded(&word);
        // Who names another's number is put aside for an operator to see, not joined and not answered.
        let answered = if word.contains("П-1/2026") { Fate::Any } else { Fate::Answered };
        add(format!("{kind} in the name of the sender"), answered, &|n| {
            changed(
                n,
                &[("From: petrenko", &format!("From: {encoded} <petrenko")), ("@ukr.net\r\nTo:", "@ukr.net>\r\nTo:")],
            )
        });
        add(format!("{kind} in the subject"), answered, &|n| {
            changed(n, &[(&format!("Subject: zvernennia {n}"), &format!("Subject: {encoded}"))])
        });
        add(format!("{kind} in the text"), Fate::Any, &|n| {
            changed(n, &[("прошу призначити", &format!("{word} прошу призначити"))])
        });
        add(format!("{kind} in the name of a file"), answered, &|n| {
            let body = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
            let mixed = format!("Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n{body}");
            let mut bytes = changed(n, &[(body, &mixed)]);
            let file = format!(
                "\r\n--b\r\nContent-Type: image/png; name=\"{encoded}\"\r\nContent-Disposition: attachment; \
                 filename=\"{encoded}\"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n"
            );
            bytes.extend(file.into_bytes());
            bytes
        });
    }
    for (kind, id) in [
        ("a line break", "<a@b>\r\n Bcc: evil@evil.example"),
        ("no brackets", "not an id at all"),
        ("an endless id", &format!("<{}@x.ua>", "a".repeat(50_000))),
        (
            "a made-up id of ours",
            "<appeal._41f_-1_2f_2026.registered-aaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaa@cc.smva.example>",
        ),
        ("quotes", "<\"a\\\"> <evil@evil.example\"@x.ua>"),
        ("Cyrillic", "<лист@пошта.укр>"),
    ] {
        add(format!("{kind} as Message-ID"), Fate::Any, &|n| changed(n, &[(&format!("<letter-{n}@ukr.net>"), id)]));
        add(format!("{kind} as In-Reply-To"), Fate::Any, &|n| {
            changed(
                n,
                &[("MIME-Version: 1.0", &format!("MIME-Version: 1.0\r\nIn-Reply-To: {id}\r\nReferences: {id} {id}"))],
            )
        });
    }
    without_form(&mut add);
    robots(&mut add);
    forgers(&mut add);
    all
}

type Add<'a> = dyn FnMut(String, Fate, &dyn Fn(usize) -> Vec<u8>) + 'a;

fn without_form(add: &mut Add<'_>) {
    let html = "Content-Type: text/html; charset=utf-8";
    let plain = "Content-Type: text/plain; charset=utf-8";
    let parts = "--q\r\n\r\nx\r\n".repeat(5_000);
    let nested: String =
        (0..500).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n")).collect();
    for (kind, bytes) in [
        ("nothing", Vec::new()),
        ("line ends", b"\r\n\r\n\r\n".to_vec()),
        ("bytes", vec![0xff; 3_000]),
        ("zeros", vec![0; 3_000]),
        ("text without a header", "просто текст без заголовків".as_bytes().to_vec()),
        ("multiparts in multiparts", nested.clone().into_bytes()),
        ("letters in letters", "Content-Type: message/rfc822\r\n\r\n".repeat(2_000).into_bytes()),
        ("a flood of headers", "X: y\r\n".repeat(30_000).into_bytes()),
    ] {
        add(kind.to_owned(), Fate::Any, &|_| bytes.clone());
    }
    for (kind, from, to) in [
        ("an unknown charset", plain, "Content-Type: text/plain; charset=x-none"),
        ("a charset that lies", plain, "Content-Type: text/plain; charset=utf-16"),
        ("a boundary that never comes", plain, "Content-Type: multipart/mixed; boundary=nowhere"),
        ("five thousand parts", "\r\n\r\nДоброго", &format!("\r\n\r\n{parts}Доброго")),
        ("markup without end", plain, html),
        ("base64 that is none", "Encoding: 8bit", "Encoding: base64"),
        ("quoted-printable that is none", "Encoding: 8bit", "Encoding: quoted-printable"),
        ("a date that is none", "Date: Mon, 02 Mar 2026 09:00:00 +0200", "Date: Thu, 99 Foo 99999 99:99:99 +9999"),
        ("a date of tomorrow's century", "02 Mar 2026", "02 Mar 2126"),
        ("no recipient", "To: 9a010722@gmail.com\r\n", ""),
        ("no sender", "From: ", "X-From: "),
        ("two senders", "From: ", "From: boss@city.example\r\nFrom: "),
    ] {
        add(kind.to_owned(), Fate::Any, &|n| changed(n, &[(from, to)]));
    }
}

fn robots(add: &mut Add<'_>) {
    let received = "Received: from a by b; Mon, 02 Mar 2026 09:00:00 +0200\r\n".repeat(60);
    for (kind, header) in [
        ("an automatic reply", "Auto-Submitted: auto-replied\r\n"),
        ("a mailing", "Precedence: bulk\r\n"),
        ("a list", "List-Id: <list.example.org>\r\n"),
        ("a list that can be left", "List-Unsubscribe: <mailto:x@example.org>\r\n"),
        ("our own letter come back", "X-Zvernennia-Loop: cc.smva.example\r\n"),
        ("no answers wanted", "X-Auto-Response-Suppress: All\r\n"),
        ("a loop", &received),
        ("an empty return path", "Return-Path: <>\r\n"),
    ] {
        add(kind.to_owned(), Fate::Silent, &|n| {
            let mut bytes = header.as_bytes().to_vec();
            bytes.extend(changed(n, &[(&format!("Return-Path: <petrenko{n}@ukr.net>\r\n"), "")]));
            bytes
        });
    }
    for address in ["9a010722@gmail.com", "MAILER-DAEMON@ukr.net", "no-reply@ukr.net", "postmaster@ukr.net"] {
        add(format!("a letter from {address}"), Fate::Silent, &|n| {
            changed(n, &[(&format!("From: petrenko{n}@ukr.net"), &format!("From: {address}"))])
        });
    }
}

fn forgers(add: &mut Add<'_>) {
    let pass = "Authentication-Results: mx.google.com; dmarc=pass header.from=smva.example; spf=pass; dkim=pass\r\n";
    for (kind, header, subject) in [
        ("the department, unproved", "", "Re: П-1/2026"),
        ("the department, with a proof of its own making", pass, "Re: П-1/2026 виконано"),
        (
            "the department, in our thread as it guesses it",
            "In-Reply-To: <appeal._41f_-1_2f_2026.department-aaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaa@cc.smva.example>\r\n",
            "Re: П-1/2026",
        ),
    ] {
        add(kind.to_owned(), Fate::Silent, &|n| {
            let mut bytes = format!("Received: from evil.example by mx.google.com\r\n{header}").into_bytes();
            let from = format!("From: petrenko{n}@ukr.net");
            let subject_was = format!("Subject: zvernennia {n}");
            bytes.extend(changed(
                n,
                &[
                    (&from, "From: soc@smva.example"),
                    (&subject_was, &format!("Subject: {subject}")),
                    ("Доброго дня!", "П-1/2026: Виконано, відмовлено. "),
                ],
            ));
            bytes
        });
    }
}

/// Names of the fields in the head of a letter of ours, and whom it is for.
fn head(letter: &str) -> (Vec<String>, String) {
    let (head, _) = letter.split_once("\r\n\r\n").unwrap();
    let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    let names =
        lines.clone().map(|line| line.split_once(':').unwrap_or_else(|| panic!("no field: {line}")).0.to_lowercase());
    let unfolded = head.replace("\r\n ", " ");
    let to = unfolded.split("\r\n").find_map(|line| line.strip_prefix("To: ")).unwrap();
    (names.collect(), to.rsplit([' ', '<']).next().unwrap().trim_end_matches('>').to_owned())
}

const OURS: [&str; 14] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "auto-submitted",
    "x-auto-response-suppress",
    "x-zvernennia-loop",
    "content-language",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
];

#[test]
fn a_hundred_hostile_letters_harm_nothing() {
    let office = Office::new();
    office.configure("quiet_seconds = 3", "quiet_seconds = 1");
    office.configure("per_hour = 60", "per_hour = 1000");
    office.drop_letter(1, "honest", &letter(0));
    office.at("2026-03-02T10:00:00+02:00");
    let honest = office.rows();
    assert_eq!(honest[0]["Реєстраційний №"], "П-1/2026");
    let sent_before = office.sent().len();
    let all = letters();
    assert!(all.len() >= 100, "{}", all.len());
    for (n, hostile) in (1..).zip(&all) {
        office.drop_letter(1 + u8::try_from(n % 2).unwrap(), &format!("{n:04}"), &hostile.bytes);
    }
    let begun = Instant::now();
    let passed = office.at("2026-03-02T11:00:00+02:00");
    println!("{} letters in {:.1} s: {passed}", all.len(), begun.elapsed().as_secs_f64());
    assert!(begun.elapsed() < Duration::from_secs(120));
    // Each is accounted for.
    let known: i64 = office.asked("SELECT COUNT(*) FROM message");
    assert_eq!(usize::try_from(known).unwrap(), all.len() + 1);
    assert_eq!(office.asked::<i64>("SELECT COUNT(*) FROM letter WHERE outcome = 'pending'"), 0);
    // The reader of the results refuses a workbook with a formula in it.
    let rows = office.rows();
    assert_eq!(rows[0], honest[0], "nothing that strangers write changes an appeal");
    // No header that we did not write, one recipient each, and only those who wrote.
    let mut answered: BTreeMap<String, usize> = BTreeMap::new();
    for name in office.sent() {
        let letter = String::from_utf8(std::fs::read(office.path("sent").join(name)).unwrap()).unwrap();
        let (fields, to) = head(&letter);
        let once: BTreeSet<&String> = fields.iter().collect();
        assert_eq!(once.len(), fields.len(), "{fields:?}");
        assert!(fields.iter().all(|name| OURS.contains(&name.as_str())), "{fields:?}");
        // No head that ends early either.
        assert!(
            OURS[..9].iter().chain(&OURS[11..13]).all(|name| fields.iter().any(|field| field == name)),
            "{fields:?}"
        );
        assert!(!letter.contains("evil.example\r\n") && !letter.contains("\0"), "{letter}");
        *answered.entry(to).or_default() += 1;
    }
    let count: i64 = office.asked("SELECT COUNT(*) FROM outbox");
    assert_eq!(usize::try_from(count).unwrap(), office.sent().len());
    for (n, hostile) in (1..).zip(&all) {
        let copies = answered.remove(&format!("petrenko{n}@ukr.net")).unwrap_or(0);
        match hostile.fate {
            Fate::Answered => assert_eq!(copies, 1, "{n}: {}", hostile.kind),
            Fate::Any => assert!(copies <= 1, "{n}: {}", hostile.kind),
            Fate::Silent => assert_eq!(copies, 0, "{n}: {}", hostile.kind),
        }
    }
    assert_eq!(answered.remove("petrenko0@ukr.net"), Some(sent_before), "the honest applicant heard nothing new");
    answered.retain(|to, _| !to.ends_with("@smva.example"));
    assert!(answered.is_empty(), "strangers were written to: {answered:?}");
    let again = office.at("2026-03-02T11:01:00+02:00");
    assert_eq!((&again["decided"]["appeals"], &again["letters"]["sent"]), (&0.into(), &0.into()), "{again}");
}
