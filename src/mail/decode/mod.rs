//! Bytes of a letter to a [`Letter`]. Never fails, never panics.
//!
//! Structure and transfer encodings come from mail-parser; charsets, headers, addresses, attachment names, HTML and
//! format=flowed are read here, because real letters lie about them. mail-parser runs behind `guard` (it recurses and
//! copies where letters are nested) and `catch_unwind`. What a letter means is not decided here.
//! Invariants: the same bytes give the same letter; every string of a letter is free of control and bidi characters;
//! lengths, parts and depths have the named limits below.

mod address;
mod body;
pub(super) mod charset;
mod dates;
mod flowed;
mod guard;
mod headers;
mod names;
mod plausible;
mod transfer;
mod words;

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod sample_tests;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use mail_parser::{HeaderName, Message, MessageParser};

use crate::domain::letter::Letter;

use super::{clean, extract};
use body::Walk;
pub use names::clean as attachment_name;

/// Bytes of text kept of one letter.
pub const MAX_TEXT: usize = 512 * 1024;
/// Bytes of raw text shown when the structure cannot be read.
const MAX_RAW_TEXT: usize = 64 * 1024;

static PARSER: LazyLock<MessageParser> =
    LazyLock::new(|| MessageParser::new().with_mime_headers().default_header_ignore());

/// For letters that are not taken apart: only the places of the headers are found, none is parsed.
static PLACES: LazyLock<MessageParser> =
    LazyLock::new(|| MessageParser::new().header_raw(HeaderName::MimeVersion).default_header_ignore());

/// Decodes a letter.
pub fn decode(raw: &[u8]) -> Letter {
    decode_at(raw, 0)
}

/// Decodes a letter at a depth of enclosure (0: the letter itself).
fn decode_at(raw: &[u8], depth: usize) -> Letter {
    let raw = without_envelope_line(raw);
    let tame = guard::tame(raw);
    let attempt = catch_unwind(AssertUnwindSafe(|| match &tame {
        guard::Tamed::Ready(bytes) => {
            PARSER.parse(bytes.as_ref()).filter(has_headers).map(|message| letter_of(&message, depth))
        }
        guard::Tamed::TooComplex => PLACES
            .parse_headers(raw)
            .filter(has_headers)
            .map(|message| headers_only(&message, raw, "Лист має надмірно складну будову")),
    }));
    match attempt {
        Ok(Some(letter)) => letter,
        Ok(None) => unreadable(raw, "Лист не має заголовків; показано його вміст без розбору"),
        Err(_) => unreadable(raw, "Лист пошкоджено, розібрати його не вдалося; показано початок вмісту"),
    }
}

/// Whether at least one header has the form of one; a text without any is not a letter.
fn has_headers(message: &Message<'_>) -> bool {
    let headers = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
    headers.iter().any(|header| headers::is_name(header.name()))
}

/// Drops empty lines and an mbox `From ` line at the beginning.
fn without_envelope_line(raw: &[u8]) -> &[u8] {
    let start = raw.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(0);
    let raw = raw.get(start..).unwrap_or_default();
    if raw.starts_with(b"From ") || raw.starts_with(b">From ") {
        let end = memchr::memchr(b'\n', raw).map_or(raw.len(), |at| at.saturating_add(1));
        return raw.get(end..).unwrap_or_default();
    }
    raw
}

/// A parsed message as a letter.
fn letter_of(message: &Message<'_>, depth: usize) -> Letter {
    let mut letter = Letter::default();
    let mut walk = Walk::new(message, depth);
    walk.run(&mut letter);
    let hint = walk.charset();
    headers::fill(message, hint, &mut letter);
    extract::fill(&mut letter);
    letter
}

/// A letter whose body is not taken apart.
fn headers_only(message: &Message<'_>, raw: &[u8], remark: &str) -> Letter {
    let mut letter = Letter::default();
    headers::fill(message, None, &mut letter);
    let start = message.parts.first().map_or(0, |part| part.offset_body);
    let body = usize::try_from(start).ok().and_then(|start| raw.get(start..)).unwrap_or_default();
    letter.text = raw_text(body);
    letter.remarks.push(format!("{remark}; показано початок вмісту без розбору"));
    letter
}

/// A letter of which nothing but the bytes is known.
fn unreadable(raw: &[u8], remark: &str) -> Letter {
    Letter { text: raw_text(raw), remarks: vec![remark.to_owned()], ..Letter::default() }
}

fn raw_text(bytes: &[u8]) -> String {
    let shown = bytes.get(..MAX_RAW_TEXT).unwrap_or(bytes);
    clean::text(&charset::decode(shown, None).text, MAX_RAW_TEXT)
}
