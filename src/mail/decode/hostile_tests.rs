//! Letters made to break a reader: each must be decoded quickly, without a panic, and with clean fields.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{clean, decode};
use crate::domain::letter::Letter;

/// What one hostile letter may take; a build without optimisation is some ten times slower.
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });

fn quick(name: &str, raw: &[u8]) -> Letter {
    let start = Instant::now();
    let letter = decode(raw);
    let spent = start.elapsed();
    if std::env::var_os("ZVERNENNIA_SHOW").is_some() {
        println!("{name}: {} bytes, {spent:?}, {:?}", raw.len(), letter.remarks);
    }
    assert!(spent < LIMIT, "{name}: {spent:?} for {} bytes", raw.len());
    let names = letter.attachments.iter().map(|one| &one.name);
    for text in [&letter.subject, &letter.from.name, &letter.from.address].into_iter().chain(names) {
        assert!(!text.chars().any(|ch| ch.is_control() || clean::is_invisible(ch)), "{name}: {text:?}");
    }
    letter
}

fn repeated(text: &str, count: usize) -> Vec<u8> {
    text.repeat(count).into_bytes()
}

fn with_head(head: &str, body: Vec<u8>) -> Vec<u8> {
    [format!("From: a@b.ua\r\nSubject: s\r\n{head}\r\n\r\n").into_bytes(), body].concat()
}

#[test]
fn structures_without_end_are_not_followed() {
    let nested: String =
        (0..20_000).map(|at| format!("Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n")).collect();
    let letters = "Content-Type: message/rfc822\r\n\r\n".repeat(100_000);
    let obfuscated = "Content-Type: message /\r\n rfc822\r\n\r\n".repeat(100_000);
    let no_boundary =
        format!("--q\r\n{}", "Content-Type: multipart/mixed; boundary=none\r\n\r\nx\r\n--q\r\n".repeat(20_000));
    let parts = format!("--q\r\n{}", "\r\n\r\nx\r\n--q\r\n".repeat(100_000));
    for (name, raw) in [
        ("multiparts in multiparts", nested.clone().into_bytes()),
        ("letters in letters", letters.into_bytes()),
        ("letters in letters, spelled oddly", obfuscated.into_bytes()),
        (
            "parts with boundaries that never come",
            with_head("Content-Type: multipart/mixed; boundary=q", no_boundary.into_bytes()),
        ),
        ("a hundred thousand parts", with_head("Content-Type: multipart/mixed; boundary=q", parts.into_bytes())),
    ] {
        let letter = quick(name, &raw);
        assert!(!letter.remarks.is_empty(), "{name}: nothing is said");
    }
}

#[test]
fn a_letter_hidden_in_base64_is_decoded_once_and_not_deeper() {
    let inner = b"From: x@y.ua\r\nSubject: inner\r\n\r\ntext";
    let wrap = |bytes: &[u8]| -> Vec<u8> {
        let mut head = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n".to_vec();
        let base64 = lettre::message::header::ContentTransferEncoding::Base64;
        head.extend(lettre::message::Body::new_with_encoding(bytes.to_vec(), base64).unwrap().into_vec());
        head
    };
    let letter = quick("one", &wrap(inner));
    assert_eq!(letter.enclosed.len(), 1);
    assert_eq!((letter.enclosed[0].subject.as_str(), letter.enclosed[0].text.as_str()), ("inner", "text"));
    let mut deep = inner.to_vec();
    for _ in 0..30 {
        deep = wrap(&deep);
    }
    assert!(quick("thirty", &deep).enclosed.len() <= 1);
    let many: Vec<u8> =
        repeated("Content-Type: multipart/digest; boundary=q\r\n\r\n--q\r\n\r\nFrom: a@b\r\n\r\nx\r\n", 2000);
    quick("a digest in base64", &wrap(&many));
}

#[test]
fn long_headers_cost_what_their_bytes_cost() {
    for (name, head) in [
        ("a hundred thousand headers", "X: y\r\n".repeat(100_000)),
        ("one header of 5 MB", format!("X: {}\r\n", "y".repeat(5 << 20))),
        ("one name of 5 MB", format!("{}: x\r\n", "y".repeat(5 << 20))),
        ("subject of encoded words", format!("Subject: {}\r\n", "=?utf-8?Q?=D0=94?= ".repeat(100_000))),
        ("subject of broken words", format!("Subject: {}\r\n", "=?utf-8?Q?=D0".repeat(100_000))),
        ("subject of question marks", format!("Subject: {}\r\n", "=?".repeat(300_000))),
        ("From of commas", format!("From: {}\r\n", "a,".repeat(200_000))),
        ("From of addresses", format!("From: {}\r\n", "<a@b.ua>,".repeat(100_000))),
        ("From of brackets", format!("From: {}\r\n", "<".repeat(500_000))),
        ("From of comments", format!("From: {}\r\n", "(".repeat(500_000))),
        ("From of quotes", format!("From: {}\r\n", "\"".repeat(500_001))),
        ("references", format!("References: {}\r\n", "<a@b.ua> ".repeat(200_000))),
        (
            "continuations",
            format!(
                "Content-Type: text/plain; {}\r\n",
                (0..200_000).map(|at| format!("name*{at}=aaaaaaaa; ")).collect::<String>()
            ),
        ),
        (
            "parameters",
            format!("Content-Type: text/plain; {}\r\n", (0..50_000).map(|at| format!("a{at}=b; ")).collect::<String>()),
        ),
        (
            "encoded parameter",
            format!("Content-Disposition: attachment; filename*=utf-8''{}\r\n", "%D0%94".repeat(100_000)),
        ),
    ] {
        quick(name, &with_head(&head, b"text".to_vec()));
    }
}

#[test]
fn hostile_html_costs_what_its_bytes_cost() {
    for (name, html) in [
        ("nested divs", "<div>".repeat(200_000)),
        ("nested tables", "<table><tr><td>a<td>b".repeat(50_000)),
        ("rows", format!("<table>{}", "<tr><td>a<td>b".repeat(70_000))),
        ("blockquotes", "<blockquote>a".repeat(80_000)),
        ("hidden", "<div style='display:none'>".repeat(40_000)),
        ("less-than", "<".repeat(1 << 20)),
        ("unclosed quotes", "<a \"".repeat(250_000)),
        ("unclosed attribute quotes", "<a b=\"".repeat(170_000)),
        ("unclosed comments", "<!--".repeat(250_000)),
        ("unclosed styles", "<style>".repeat(150_000)),
        ("unclosed declarations", "<!a".repeat(300_000)),
        ("entities", "&nbsp;&#".repeat(120_000)),
        ("ampersands", "&".repeat(1 << 20)),
        ("attributes", format!("<p {}>", "a=b ".repeat(250_000))),
        ("lists", "<ol><li>".repeat(120_000)),
        ("twenty megabytes", "<p>текст</p>".repeat(1_300_000)),
    ] {
        let letter = quick(name, &with_head("Content-Type: text/html; charset=utf-8", html.into_bytes()));
        assert!(letter.text.len() <= super::MAX_TEXT + 8, "{name}: {} bytes of text", letter.text.len());
    }
}

#[test]
fn bodies_that_lie_about_their_encoding_are_read_as_far_as_possible() {
    for (name, head, body, want) in [
        ("base64 that is text", "Content-Transfer-Encoding: base64", "Добрий день!", "Добрий день!"),
        ("base64 with a footer", "Content-Transfer-Encoding: base64", "0JTRj9C60YPRjg==\r\n--\r\nfooter!", "Дякую"),
        ("unknown encoding", "Content-Transfer-Encoding: x-unknown", "Дякую", "Дякую"),
        ("7bit that is UTF-8", "Content-Transfer-Encoding: 7bit", "Дякую", "Дякую"),
        ("multipart without a boundary", "Content-Type: multipart/mixed", "Дякую", "Дякую"),
        ("multipart whose boundary never comes", "Content-Type: multipart/mixed; boundary=q", "Дякую", "Дякую"),
        ("empty charset", "Content-Type: text/plain; charset=\"\"", "Дякую", "Дякую"),
        ("nonsense charset", "Content-Type: text/plain; charset=нема", "Дякую", "Дякую"),
        ("no type", "Content-Type:", "Дякую", "Дякую"),
        ("unknown text", "Content-Type: text", "Дякую", "Дякую"),
    ] {
        let letter = quick(name, &with_head(head, body.as_bytes().to_vec()));
        assert_eq!(letter.text, want, "{name}");
    }
}

#[test]
fn what_is_no_letter_is_still_shown() {
    for (name, raw) in [
        ("nothing", Vec::new()),
        ("line ends", b"\r\n\r\n\r\n".to_vec()),
        ("text only", "просто текст без заголовків".as_bytes().to_vec()),
        ("noughts", vec![0; 100_000]),
        ("0xff", vec![255; 1 << 20]),
        ("colons", repeated(":", 100_000)),
        ("a gigabyte promised", b"From: a@b.ua\r\nContent-Length: 1000000000\r\n\r\nx".to_vec()),
    ] {
        quick(name, &raw);
    }
    assert_eq!(quick("text only", "просто текст".as_bytes()).text, "просто текст");
}

#[test]
fn two_senders_are_counted_and_the_first_is_taken() {
    let letter = quick("two From", b"From: real@b.ua\r\nFrom: Boss <boss@city.ua>\r\n\r\nx");
    assert_eq!((letter.from.address.as_str(), letter.from_count), ("real@b.ua", 2));
    let letter = quick("two in one", b"From: a@b.ua, c@d.ua\r\n\r\nx");
    assert_eq!((letter.from.address.as_str(), letter.from_count), ("a@b.ua", 2));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(raw in proptest::collection::vec(any::<u8>(), 0..600)) {
        decode(&raw);
    }

    #[test]
    fn no_mixture_of_mail_words_panics(words in proptest::collection::vec(prop_oneof![
        Just("From: "), Just("Subject: "), Just("Content-Type: "), Just("multipart/mixed; "), Just("boundary=q"),
        Just("\r\n"), Just("\r\n\r\n"), Just("--q"), Just("--q--"), Just("message/rfc822"), Just("text/html; charset=koi8-u"),
        Just("Content-Transfer-Encoding: base64"), Just("quoted-printable"), Just("=?utf-8?B?0J"), Just("?="), Just("<div style=\"display:none\">"),
        Just("<td>"), Just("</tr>"), Just("&nbsp"), Just("ї"), Just(" "), Just("\""), Just("; name*0*=utf-8''%D0"), Just("\n"), Just("begin 644 a"),
        Just("format=flowed"), Just(">"), Just("message/delivery-status"), Just("text/calendar"), Just("<blockquote>"), Just("\0"),
    ], 0..60)) {
        let letter = decode(words.concat().as_bytes());
        prop_assert!(!letter.subject.contains(char::is_control));
    }
}
