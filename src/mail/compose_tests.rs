//! Letters that we write: the same bytes each time, no header that we did not write, and everything comes back.

use std::collections::BTreeSet;

use chrono::DateTime;
use proptest::prelude::*;

use super::*;
use crate::mail::decode;

fn letter() -> Outgoing {
    Outgoing {
        from: Party::new("Контактний центр Сєвєродонецької МВА", "9a010722@gmail.com"),
        to: Party::new("Ніна Воробей", "nina@gmail.com"),
        reply_to: None,
        subject: HeaderText::new("Звернення S-000305 зареєстровано"),
        text: "Вітаємо!\n\nЗвернення зареєстровано.\n.\nFrom тут\n".to_owned(),
        html: Some("<p>Вітаємо!</p><p>Звернення зареєстровано.</p>".to_owned()),
        message_id: "appeal.S-000305.ack-aaaa-bbbb@cc.smva.example".to_owned(),
        date: DateTime::parse_from_rfc3339("2026-03-29T10:00:00+03:00").unwrap(),
        in_reply_to: Some("CAX28@mail.gmail.com".to_owned()),
        references: vec!["first@x.ua".to_owned(), "CAX28@mail.gmail.com".to_owned()],
        auto_submitted: AutoSubmitted::Replied,
        attachments: Vec::new(),
    }
}

/// Names of the header fields of the letter's top, as they stand on the wire.
fn fields(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8(bytes.to_vec()).expect("a letter is ASCII on the wire");
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    head.split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split_once(':').unwrap_or_else(|| panic!("no field: {line}")).0.to_lowercase())
        .collect()
}

/// No bare CR or LF, no long line, no NUL, ASCII only.
fn assert_wire_form(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.is_ascii() && !text.contains('\0'));
    for line in text.split("\r\n") {
        assert!(!line.contains(['\r', '\n']), "{line:?}");
        assert!(line.len() <= 998, "{} octets", line.len());
    }
}

#[test]
fn a_letter_has_its_headers_and_the_same_bytes_each_time() {
    let bytes = compose(&letter()).unwrap();
    assert_eq!(bytes, compose(&letter()).unwrap());
    assert_wire_form(&bytes);
    let got = decode(&bytes);
    assert_eq!(got.message_id.as_deref(), Some("appeal.S-000305.ack-aaaa-bbbb@cc.smva.example"));
    assert_eq!(got.subject, "Звернення S-000305 зареєстровано");
    assert_eq!(got.from.name, "Контактний центр Сєвєродонецької МВА");
    assert_eq!(got.recipients[0].name, "Ніна Воробей");
    assert_eq!(got.date, Some(letter().date));
    assert_eq!(got.in_reply_to, ["CAX28@mail.gmail.com"]);
    assert_eq!(got.references, ["first@x.ua", "CAX28@mail.gmail.com"]);
    assert_eq!(got.text, "Вітаємо!\n\nЗвернення зареєстровано.\n.\nFrom тут");
    assert_eq!(got.html_text, "Вітаємо!\n\nЗвернення зареєстровано.");
    for (name, value) in [
        ("auto-submitted", "auto-replied"),
        ("x-auto-response-suppress", "All"),
        ("x-zvernennia-loop", "cc.smva.example"),
        ("date", "Sun, 29 Mar 2026 10:00:00 +0300"),
    ] {
        assert_eq!(got.header(name), Some(value), "{name}");
    }
    assert!(got.header("bcc").is_none() && got.header("list-id").is_none());
}

#[test]
fn attachments_keep_their_ukrainian_names() {
    let mut with_files = letter();
    let names = ["Реєстр звернень № 5 (березень).xlsx", "plain.txt", "a\"b\\c;d.txt", "../../etc/passwd", ""];
    for name in names {
        let file = OutgoingFile { name: name.into(), mime: "text/plain".into(), content: vec![0, 255, 13, 10, 65] };
        with_files.attachments.push(file);
    }
    with_files.attachments[0].mime = "нічого".into();
    let bytes = compose(&with_files).unwrap();
    assert_wire_form(&bytes);
    assert!(String::from_utf8_lossy(&bytes).contains("filename*0*=utf-8''"), "RFC 2231 is used");
    let got = decode(&bytes);
    let found: Vec<(&str, &str)> = got.attachments.iter().map(|one| (one.name.as_str(), one.mime.as_str())).collect();
    assert_eq!(
        found,
        [
            ("Реєстр звернень № 5 (березень).xlsx", "application/octet-stream"),
            ("plain.txt", "text/plain"),
            ("c;d.txt", "text/plain"),
            ("passwd", "text/plain"),
            ("file", "text/plain"),
        ]
    );
    assert!(got.attachments.iter().all(|one| one.content == [0, 255, 13, 10, 65]));
    assert_eq!(got.text, decode(&compose(&letter()).unwrap()).text);
}

#[test]
fn what_cannot_be_sent_is_an_error_and_not_a_panic() {
    let long = format!("{}@b.ua", "a".repeat(65));
    for address in [
        "",
        "nobody",
        "@b.ua",
        "a@",
        "a b@c.ua",
        "a@b",
        "a@b..ua",
        "a@b.ua\r\nBcc: x@y.ua",
        "олена@b.ua",
        &long,
        "a@-b.ua",
        "<a@b.ua>",
    ] {
        let mut bad = letter();
        bad.to.address = address.to_owned();
        assert!(matches!(compose(&bad), Err(ComposeError::Address { header: "To" })), "{address}");
    }
    let mut national = letter();
    national.to.address = "a@пошта.укр".to_owned();
    assert_eq!(decode(&compose(&national).unwrap()).recipients[0].address, "a@xn--80a1acn3a.xn--j1amh");
    for id in ["", "a", "@b", "a@", "a b@c", "a@b>\r\nBcc: x", "ї@b.ua"] {
        let mut bad = letter();
        bad.message_id = id.to_owned();
        assert!(matches!(compose(&bad), Err(ComposeError::MessageId)), "{id}");
    }
    let mut bad = letter();
    bad.date = DateTime::parse_from_rfc3339("1969-12-31T00:00:00Z").unwrap();
    assert!(matches!(compose(&bad), Err(ComposeError::Date)));
}

#[test]
fn a_long_thread_keeps_its_beginning_and_its_end() {
    let mut long = letter();
    long.references = (0..50).map(|at| format!("{at}@x.ua")).collect();
    long.references.push("не ідентифікатор\r\nBcc: a@b.ua".to_owned());
    long.in_reply_to = Some("49@x.ua".to_owned());
    let got = decode(&compose(&long).unwrap());
    assert_eq!(got.references.len(), 20);
    assert_eq!((got.references[0].as_str(), got.references[19].as_str()), ("0@x.ua", "49@x.ua"));
}

/// Text as people, and as attackers, write it.
fn wild() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,60}",
        any::<String>(),
        "[А-Яа-яіїєґ'’ ]{0,120}",
        "[a-zA-Zі=?_\"\\\\<>@,;:() \r\n\t\0]{0,80}",
        "(Bcc: a@b.ua|\r\n|=\\?utf-8\\?[BQ]\\?|\\?=|X: y|ї| ){0,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_adds_a_header_and_everything_comes_back(
        name in wild(), subject in wild(), text in wild(), file in wild(), id in wild(), mime in wild(),
    ) {
        let mut out = letter();
        let plain = fields(&compose(&out).unwrap()).into_iter().collect::<BTreeSet<_>>();
        out.to = Party::new(&name, "nina@gmail.com");
        out.reply_to = Some(Party::new(&subject, "r@b.ua"));
        out.subject = HeaderText::new(&subject);
        out.html = None;
        out.text = text.clone();
        out.in_reply_to = Some(id.clone());
        out.references = vec![id, name.clone()];
        out.attachments.push(OutgoingFile { name: file.clone(), mime, content: text.clone().into_bytes() });
        let bytes = compose(&out).unwrap();
        assert_wire_form(&bytes);
        let names = fields(&bytes);
        let known: BTreeSet<String> = names.iter().cloned().collect();
        prop_assert_eq!(known.len(), names.len(), "a field twice");
        let allowed: BTreeSet<String> = plain.into_iter().chain(["reply-to".to_owned()]).collect();
        prop_assert!(known.is_subset(&allowed), "{:?}", known);
        let got = decode(&bytes);
        prop_assert_eq!(&got.subject, out.subject.as_str());
        prop_assert_eq!(&got.recipients[0].name, out.to.name.as_str());
        prop_assert_eq!(&got.recipients[0].address, "nina@gmail.com");
        prop_assert_eq!(got.recipients.len(), 1);
        prop_assert_eq!(got.from_count, 1);
        let cleaned = crate::mail::clean::text(&text, 1 << 20);
        prop_assert_eq!(got.text.as_str(), cleaned.trim_start_matches('\n'));
        let file = attachment_name(&file);
        let file = if file.is_empty() { "file".to_owned() } else { file };
        prop_assert_eq!(&got.attachments[0].name, &file);
        prop_assert_eq!(&got.attachments[0].content, text.as_bytes());
    }
}
