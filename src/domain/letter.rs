//! A letter after decoding: text in Unicode, headers cleaned, attachments listed. Made by `mail`, read by `reading`.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Name and address of a correspondent, as the header gives them, decoded and cleaned of control characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correspondent {
    /// Display name; empty if there is none.
    pub name: String,
    /// `local@domain`, lower case; empty if there is none.
    pub address: String,
}

/// An attachment: what it says it is, and the text found in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Shown name: no control or bidi characters, no path, at most 120 characters; empty if unnamed.
    pub name: String,
    /// MIME type, lower case (`application/pdf`).
    pub mime: String,
    /// Size of the decoded content in bytes.
    pub size: u64,
    /// Text of a .docx, .pdf, .txt, .rtf; `None` where there is none or it could not be read (a scan, a picture).
    pub text: Option<String>,
    /// The content itself, for extraction outside of the decoder; never stored with a reading.
    #[serde(skip)]
    pub content: Vec<u8>,
}

/// A decoded letter. Decoding cannot fail: what could not be understood is empty and told in `remarks`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// First address of From.
    pub from: Correspondent,
    /// How many addresses stand in all From headers (more than one is suspicious).
    pub from_count: usize,
    /// First address of Reply-To.
    pub reply_to: Option<Correspondent>,
    /// Return-Path; `Some("")` is the null path `<>` of bounces.
    pub return_path: Option<String>,
    /// To and Cc.
    pub recipients: Vec<Correspondent>,
    /// Subject, decoded, one line.
    pub subject: String,
    /// Date header: the sender's claim.
    pub date: Option<DateTime<FixedOffset>>,
    /// Date of the topmost Received header: when the server took the letter in.
    pub received: Option<DateTime<FixedOffset>>,
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// Message-IDs of In-Reply-To, without angle brackets.
    pub in_reply_to: Vec<String>,
    /// Message-IDs of References, oldest first.
    pub references: Vec<String>,
    /// Other headers by lower-case name, decoded, in order (auto-submitted, precedence, list-id, x-*, content-type …).
    pub headers: Vec<(String, String)>,
    /// Text of the text/plain parts; if there are none, text made of `html`. Line ends `\n`.
    pub text: String,
    /// Text made of the text/html part (tables one row a line), also where a text part exists; empty if there is none.
    pub html_text: String,
    /// Whether `text` comes from HTML only.
    pub html_only: bool,
    /// RFC 3464 delivery-status, read receipt and returned headers, as text, for bounces and receipts.
    pub report: String,
    /// A text/calendar part is present.
    pub has_calendar: bool,
    /// Forwarded letters attached as message/rfc822 (only the outermost level).
    pub enclosed: Vec<Letter>,
    /// Attachments in order; inline pictures of a signature included.
    pub attachments: Vec<Attachment>,
    /// What was repaired or could not be decoded, in Ukrainian.
    pub remarks: Vec<String>,
}

impl Letter {
    /// The first header of this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl Letter {
    /// Digest of what the sender wrote, whatever way the letter took: two copies of one letter have the same, another
    /// text under the same Message-ID has another. Without a Message-ID the date of the letter counts as well.
    pub fn fingerprint(&self) -> String {
        let mut hasher = Sha256::new();
        let mut part = |bytes: &[u8]| {
            hasher.update(bytes.len().to_le_bytes());
            hasher.update(bytes);
        };
        part(self.from.address.as_bytes());
        part(self.subject.as_bytes());
        part(self.text.as_bytes());
        part(self.html_text.as_bytes());
        if self.message_id.is_none() {
            part(self.date.map_or(String::new(), |date| date.to_rfc3339()).as_bytes());
        }
        for attachment in &self.attachments {
            part(attachment.name.as_bytes());
            part(&Sha256::digest(&attachment.content));
        }
        for enclosed in &self.enclosed {
            part(enclosed.fingerprint().as_bytes());
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
/// What an answer to a letter puts into References (RFC 5322 §3.6.4): its thread, then its own Message-ID.
pub fn references(thread: &[String], message_id: &str) -> Vec<String> {
    thread.iter().map(String::as_str).chain([message_id]).filter(|id| !id.is_empty()).map(str::to_owned).collect()
}
