//! The header fields of a letter, read from the raw bytes that mail-parser has delimited.
//!
//! Trace and authentication headers are unfolded but not decoded: an encoded word inside of them must not turn into a
//! verdict. All From headers are counted, since a second one is the mark of a forgery.

use chrono::{DateTime, FixedOffset};
use mail_parser::{Header, Message};

use crate::domain::letter::{Correspondent, Letter};

use super::charset::Charset;
use super::{address, dates, words};
use crate::mail::clean;

/// Headers kept of one letter.
const MAX_HEADERS: usize = 500;
/// Characters kept of one header value.
const MAX_VALUE: usize = 8 * 1024;
/// Bytes looked at in one header value.
const MAX_RAW_VALUE: usize = 64 * 1024;
/// Characters of a subject.
const MAX_SUBJECT: usize = 1000;
/// Message-IDs kept of References: the newest.
const MAX_REFERENCES: usize = 100;
/// Bytes of a value that is read as a date.
const MAX_DATE: usize = 200;
/// Longest Message-ID that is kept.
const MAX_ID: usize = 500;

/// Headers whose values are never decoded, only unfolded.
const VERBATIM: [&str; 10] = [
    "received",
    "received-spf",
    "authentication-results",
    "arc-authentication-results",
    "arc-message-signature",
    "arc-seal",
    "dkim-signature",
    "return-path",
    "message-id",
    "auto-submitted",
];

/// Fills the header fields of the letter.
pub fn fill(message: &Message<'_>, hint: Option<Charset>, letter: &mut Letter) {
    let raw: &[u8] = &message.raw_message;
    let mut has_from = false;
    let mut has_subject = false;
    let headers = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
    if headers.len() > MAX_HEADERS {
        letter.remarks.push("Лист має надмірно багато заголовків; частину пропущено".to_owned());
    }
    for header in headers.iter().take(MAX_HEADERS) {
        let name = header.name().to_ascii_lowercase();
        if !is_name(&name) {
            continue;
        }
        let value = raw_value(raw, header);
        match name.as_str() {
            "from" => {
                let found = address::parse(value, hint);
                let count = found.iter().filter(|one| !one.address.is_empty()).count();
                letter.from_count = letter.from_count.saturating_add(count);
                if !has_from && let Some(first) = first(found) {
                    letter.from = first;
                    has_from = true;
                }
            }
            "reply-to" if letter.reply_to.is_none() => letter.reply_to = first(address::parse(value, hint)),
            "to" | "cc" => letter.recipients.extend(address::parse(value, hint)),
            "subject" if !has_subject => {
                letter.subject = clean::line(&words::decode(value, hint), MAX_SUBJECT);
                has_subject = true;
            }
            "date" if letter.date.is_none() => letter.date = date(value, hint),
            "received" if letter.received.is_none() => letter.received = received(value),
            "return-path" if letter.return_path.is_none() => letter.return_path = Some(path(value)),
            "message-id" if letter.message_id.is_none() => letter.message_id = ids(value).into_iter().next(),
            "in-reply-to" => letter.in_reply_to.extend(ids(value)),
            "references" => letter.references.extend(ids(value)),
            _ => {}
        }
        letter.headers.push((name.clone(), shown(&name, value, hint)));
    }
    let surplus = letter.references.len().saturating_sub(MAX_REFERENCES);
    letter.references.drain(..surplus);
    letter.in_reply_to.truncate(MAX_REFERENCES);
    letter.recipients.truncate(MAX_HEADERS);
    if letter.from_count > 1 {
        letter.remarks.push("У листі зазначено більше одного відправника".to_owned());
    }
}

/// Whether this may be the name of a header (RFC 5322: visible ASCII; nobody uses long ones).
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 80 && name.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The header's value as it stands in the letter.
fn raw_value<'a>(raw: &'a [u8], header: &Header<'_>) -> &'a [u8] {
    let start = usize::try_from(header.offset_start).unwrap_or(usize::MAX);
    let end = usize::try_from(header.offset_end).unwrap_or(usize::MAX);
    let value = raw.get(start..end).unwrap_or_default();
    value.get(..MAX_RAW_VALUE).unwrap_or(value)
}

fn shown(name: &str, value: &[u8], hint: Option<Charset>) -> String {
    if VERBATIM.contains(&name) {
        return clean::line(&words::raw_text(&words::unfold(value), hint), MAX_VALUE);
    }
    clean::line(&words::decode(value, hint), MAX_VALUE)
}

/// The first correspondent with an address, else the first name.
fn first(found: Vec<Correspondent>) -> Option<Correspondent> {
    let best = found.iter().position(|one| !one.address.is_empty()).unwrap_or(0);
    found.into_iter().nth(best)
}

/// The beginning of a value that may be a date, as text.
fn date(value: &[u8], hint: Option<Charset>) -> Option<DateTime<FixedOffset>> {
    dates::parse(&words::decode(value.get(..MAX_DATE).unwrap_or(value), hint))
}

/// The date of a Received header: behind its last semicolon.
fn received(value: &[u8]) -> Option<DateTime<FixedOffset>> {
    let at = memchr::memrchr(b';', value)?;
    let tail = value.get(at.saturating_add(1)..)?;
    date(tail, None)
}

/// The address of Return-Path; empty for `<>`.
fn path(value: &[u8]) -> String {
    let text = clean::line(&String::from_utf8_lossy(value), MAX_ID);
    let inner = text.split_once('<').map_or(text.as_str(), |(_, rest)| rest.split('>').next().unwrap_or(rest));
    inner.trim().to_lowercase()
}

/// All Message-IDs of a value; without angle brackets, bare words with an `@` are taken.
fn ids(value: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(value);
    let mut out = Vec::new();
    let mut rest: &str = &text;
    while let Some((_, tail)) = rest.split_once('<') {
        let (inner, after) = tail.split_once('>').unwrap_or((tail, ""));
        push_id(&mut out, inner);
        rest = after;
    }
    if out.is_empty() {
        text.split_whitespace().filter(|word| word.contains('@')).for_each(|word| push_id(&mut out, word));
    }
    out
}

fn push_id(out: &mut Vec<String>, inner: &str) {
    let id: String =
        inner.chars().filter(|ch| !ch.is_whitespace() && !ch.is_control() && !clean::is_invisible(*ch)).collect();
    if !id.is_empty() && id.len() <= MAX_ID && out.len() < MAX_HEADERS {
        out.push(id);
    }
}
