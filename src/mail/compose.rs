//! A letter that we send, as bytes. The same [`Outgoing`] gives the same bytes, for ever: a retry sends what was
//! promised. Boundaries come from the Message-ID, the date from the caller; there is no randomness and no clock.
//!
//! One recipient a letter (one refused address must not stop the others), no Bcc, and always the headers that keep
//! automatic mail from being answered automatically. Sending is not here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, Datelike, FixedOffset, Utc};
use lettre::address::Envelope;
use lettre::message::header::{ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use sha2::{Digest, Sha256};

use super::clean;
use super::decode::attachment_name;
use super::header_text::HeaderText;

/// Message-IDs written into References: the first and the newest.
const MAX_REFERENCES: usize = 20;
/// Longest Message-ID written.
const MAX_ID: usize = 400;
/// Longest local part of an address (RFC 5321 §4.5.3.1.1), in octets.
const MAX_LOCAL: usize = 64;

/// Name and address of somebody in a letter of ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// Display name; may be empty.
    pub name: HeaderText,
    /// `local@domain`; a domain with national letters is written in its ASCII form.
    pub address: String,
}

impl Party {
    /// A party with a name that is cleaned.
    pub fn new(name: &str, address: &str) -> Self {
        let name = HeaderText::new(clean::unquoted(HeaderText::new(name).as_str()));
        Party { name, address: address.trim().to_owned() }
    }
}

/// What an automatic letter answers (RFC 3834 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoSubmitted {
    /// Sent by itself: a dispatch, a reminder, a summary.
    Generated,
    /// Sent because a letter came: an acknowledgement.
    Replied,
}

/// A file that goes with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingFile {
    /// File name; cleaned like names of attachments that come in.
    pub name: String,
    /// MIME type; what is none becomes `application/octet-stream`.
    pub mime: String,
    /// The bytes.
    pub content: Vec<u8>,
}

/// A letter to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Sender: one of our mailboxes.
    pub from: Party,
    /// The one recipient.
    pub to: Party,
    /// Where answers shall go, if not to the sender.
    pub reply_to: Option<Party>,
    /// Subject.
    pub subject: HeaderText,
    /// Plain text.
    pub text: String,
    /// The same as HTML, if there is one.
    pub html: Option<String>,
    /// Message-ID without angle brackets, on our domain.
    pub message_id: String,
    /// Date header.
    pub date: DateTime<FixedOffset>,
    /// Message-ID of the letter that is answered, without angle brackets.
    pub in_reply_to: Option<String>,
    /// Message-IDs of the thread, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// Why the letter is sent.
    pub auto_submitted: AutoSubmitted,
    /// Attachments.
    pub attachments: Vec<OutgoingFile>,
}

/// Why a letter cannot be written. The texts hold no addresses and no names.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// An address that no mail server would take.
    #[error("composing a letter: the address in {header} is not valid")]
    Address {
        /// The header in which it would stand.
        header: &'static str,
    },
    /// A Message-ID that is not `local@domain` in plain ASCII.
    #[error("composing a letter: the Message-ID is not valid")]
    MessageId,
    /// A date outside of the years 1970-9999.
    #[error("composing a letter: the date is out of range")]
    Date,
    /// The builder refused the letter.
    #[error("composing a letter: the mail builder refused it")]
    Builder(#[source] lettre::error::Error),
    /// The builder panicked.
    #[error("composing a letter: the mail builder failed unexpectedly")]
    Panicked,
}

/// Writes the letter.
pub fn compose(letter: &Outgoing) -> Result<Vec<u8>, ComposeError> {
    catch_unwind(AssertUnwindSafe(|| write(letter))).unwrap_or(Err(ComposeError::Panicked))
}

fn write(letter: &Outgoing) -> Result<Vec<u8>, ComposeError> {
    let message_id = wire_id(&letter.message_id).ok_or(ComposeError::MessageId)?;
    let (_, domain) = message_id.rsplit_once('@').ok_or(ComposeError::MessageId)?;
    let from = mailbox(&letter.from, "From")?;
    let to = mailbox(&letter.to, "To")?;
    let envelope = Envelope::new(Some(from.email.clone()), vec![to.email.clone()]).map_err(ComposeError::Builder)?;
    let mut builder = Message::builder()
        .envelope(envelope)
        .from(from)
        .to(to)
        .subject(letter.subject.as_str())
        .raw_header(date(letter.date)?)
        .raw_header(verbatim("Message-ID", format!("<{message_id}>")))
        .raw_header(verbatim("Auto-Submitted", auto_submitted(letter.auto_submitted).to_owned()))
        .raw_header(verbatim("X-Auto-Response-Suppress", "All".to_owned()))
        .raw_header(verbatim("X-Zvernennia-Loop", domain.to_owned()))
        .raw_header(verbatim("Content-Language", "uk".to_owned()));
    if let Some(party) = &letter.reply_to {
        builder = builder.reply_to(mailbox(party, "Reply-To")?);
    }
    if let Some(id) = letter.in_reply_to.as_deref().and_then(wire_id) {
        builder = builder.raw_header(verbatim("In-Reply-To", format!("<{id}>")));
    }
    let references = references(letter);
    if !references.is_empty() {
        builder = builder.raw_header(verbatim("References", references.join("\r\n ")));
    }
    let message = match body(letter) {
        Part::Single(part) => builder.singlepart(part),
        Part::Multi(part) => builder.multipart(part),
    };
    Ok(message.map_err(ComposeError::Builder)?.formatted())
}

fn auto_submitted(kind: AutoSubmitted) -> &'static str {
    match kind {
        AutoSubmitted::Generated => "auto-generated",
        AutoSubmitted::Replied => "auto-replied",
    }
}

/// A header whose value is ASCII and already folded.
fn verbatim(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
}

/// The date with the offset of its zone on the wire. The builder reads its own form back, hence the two forms.
fn date(date: DateTime<FixedOffset>) -> Result<HeaderValue, ComposeError> {
    if date.timestamp() < 0 || date.year() > 9998 {
        return Err(ComposeError::Date);
    }
    let own = date.with_timezone(&Utc).format("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let wire = date.format("%a, %d %b %Y %H:%M:%S %z").to_string();
    Ok(HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str("Date"), own, wire))
}

fn mailbox(party: &Party, header: &'static str) -> Result<Mailbox, ComposeError> {
    let address = wire_address(&party.address).ok_or(ComposeError::Address { header })?;
    let name = if party.name.is_empty() { None } else { Some(party.name.as_str().to_owned()) };
    Ok(Mailbox::new(name, address))
}

/// An address as it goes over the wire: a plain local part, a domain in ASCII.
fn wire_address(address: &str) -> Option<Address> {
    let (local, domain) = address.trim().rsplit_once('@')?;
    let plain = |ch: char| ch.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(ch);
    if local.is_empty() || local.len() > MAX_LOCAL || !local.chars().all(plain) {
        return None;
    }
    let domain = idna::domain_to_ascii_strict(domain).ok()?;
    if !domain.contains('.') {
        return None;
    }
    Address::new(local, &domain).ok()
}

/// A Message-ID that may be written: `local@domain`, visible ASCII without brackets.
fn wire_id(id: &str) -> Option<&str> {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let plain = |ch: char| ch.is_ascii_graphic() && !matches!(ch, '<' | '>' | '"' | '(' | ')' | '\\' | ',' | ';');
    let (local, domain) = id.rsplit_once('@')?;
    let whole = !local.is_empty() && !domain.is_empty() && id.len() <= MAX_ID && id.chars().all(plain);
    if whole { Some(id) } else { None }
}

/// The thread for References: the first letter and the newest, ending with the one that is answered.
fn references(letter: &Outgoing) -> Vec<String> {
    let mut ids: Vec<&str> = Vec::new();
    for id in letter.references.iter().chain(&letter.in_reply_to).filter_map(|id| wire_id(id)) {
        ids.retain(|known| *known != id);
        ids.push(id);
    }
    let surplus = ids.len().saturating_sub(MAX_REFERENCES);
    if surplus > 0 {
        ids.drain(1..=surplus);
    }
    ids.into_iter().map(|id| format!("<{id}>")).collect()
}

enum Part {
    Single(SinglePart),
    Multi(MultiPart),
}

fn body(letter: &Outgoing) -> Part {
    let plain = text_part(&letter.text, ContentType::TEXT_PLAIN);
    let core = match &letter.html {
        None => Part::Single(plain),
        Some(html) => Part::Multi(
            MultiPart::alternative()
                .boundary(boundary(&letter.message_id, "alternative"))
                .singlepart(plain)
                .singlepart(text_part(html, ContentType::TEXT_HTML)),
        ),
    };
    if letter.attachments.is_empty() {
        return core;
    }
    let mixed = MultiPart::mixed().boundary(boundary(&letter.message_id, "mixed"));
    let mut mixed = match core {
        Part::Single(part) => mixed.singlepart(part),
        Part::Multi(part) => mixed.multipart(part),
    };
    for file in &letter.attachments {
        mixed = mixed.singlepart(file_part(file));
    }
    Part::Multi(mixed)
}

/// Text in base64 if it is not plain ASCII, else in quoted-printable: in neither can a boundary occur.
fn text_part(text: &str, kind: ContentType) -> SinglePart {
    let encoding =
        if text.is_ascii() { ContentTransferEncoding::QuotedPrintable } else { ContentTransferEncoding::Base64 };
    let body = Body::new_with_encoding(text.to_owned(), encoding)
        .unwrap_or_else(|bytes| Body::dangerous_pre_encoded(bytes, ContentTransferEncoding::Binary));
    SinglePart::builder().header(kind).body(body)
}

fn file_part(file: &OutgoingFile) -> SinglePart {
    let octets = "application/octet-stream";
    let kind =
        ContentType::parse(&file.mime).or_else(|_| ContentType::parse(octets)).unwrap_or(ContentType::TEXT_PLAIN);
    let name = attachment_name(&file.name);
    let name = if name.is_empty() { "file".to_owned() } else { name };
    let body = Body::new_with_encoding(file.content.clone(), ContentTransferEncoding::Base64)
        .unwrap_or_else(|bytes| Body::dangerous_pre_encoded(bytes, ContentTransferEncoding::Binary));
    SinglePart::builder().header(kind).header(ContentDisposition::attachment(&name)).body(body)
}

/// A boundary that depends on the Message-ID only. `=_` occurs neither in base64 nor in quoted-printable (RFC 2045).
fn boundary(message_id: &str, purpose: &str) -> String {
    let digest = Sha256::digest(format!("{purpose}\0{message_id}"));
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("=_{hex}")
}

#[cfg(test)]
#[path = "compose_tests.rs"]
mod tests;
