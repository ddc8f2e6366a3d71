//! The parts of a letter: which are its text, which are reports, enclosed letters, attachments.
//!
//! Of alternatives the plain text is the text and the HTML is kept beside it; other multiparts are read in order and
//! joined. A part with a file name is an attachment unless it is the first part of the letter.

use std::borrow::Cow;

use mail_parser::{HeaderName, Message, MessagePart, MimeHeaders, PartType};

use crate::domain::letter::{Attachment, Letter};

use super::charset::{self, Charset};
use super::{MAX_TEXT, decode_at, flowed, guard, names, transfer};
use crate::mail::{clean, html};

/// Parts looked at in one letter.
const MAX_PARTS: usize = 1000;
/// Depth of multiparts; `guard` lets no deeper letter through.
const MAX_DEPTH: usize = 100;
/// Attachments kept with their content.
const MAX_ATTACHMENTS: usize = 200;
/// Enclosed letters decoded.
const MAX_ENCLOSED: usize = 20;
/// Bytes kept of delivery reports.
const MAX_REPORT: usize = 64 * 1024;

/// Text found in a part and below it.
#[derive(Default)]
struct Found {
    plain: String,
    html: String,
}

/// A walk over the parts of one letter.
pub struct Walk<'a> {
    message: &'a Message<'a>,
    depth: usize,
    charset: Option<Charset>,
    parts: usize,
    leaves: usize,
    plain_seen: bool,
    remarks: Vec<&'static str>,
}

/// Type of a part in lower case.
struct Kind {
    kind: String,
    sub: String,
}

impl<'a> Walk<'a> {
    /// Prepares a walk; `depth` is the depth of enclosure of this letter.
    pub fn new(message: &'a Message<'a>, depth: usize) -> Self {
        Walk { message, depth, charset: None, parts: 0, leaves: 0, plain_seen: false, remarks: Vec::new() }
    }

    /// The charset of the first text that had characters outside of ASCII.
    pub fn charset(&self) -> Option<Charset> {
        self.charset
    }

    /// Walks and fills the body fields of the letter.
    pub fn run(&mut self, letter: &mut Letter) {
        let found = self.part(0, 0, false, letter);
        letter.html_text = whole_lines(&found.html);
        letter.text = whole_lines(&found.plain);
        if !self.plain_seen && !letter.html_text.is_empty() {
            letter.html_only = true;
            letter.text = letter.html_text.clone();
        }
        if letter.text.len() >= MAX_TEXT {
            self.remark("Текст листа надто довгий; показано його початок");
        }
        if has_uuencode(&letter.text) {
            self.remark("У тексті листа є вкладення у форматі uuencode; його не розпаковано");
        }
        letter.remarks.extend(self.remarks.drain(..).map(str::to_owned));
    }

    fn remark(&mut self, text: &'static str) {
        if !self.remarks.contains(&text) {
            self.remarks.push(text);
        }
    }

    fn part(&mut self, id: usize, level: usize, report: bool, letter: &mut Letter) -> Found {
        let message: &'a Message<'a> = self.message;
        let Some(part) = message.parts.get(id) else { return Found::default() };
        self.parts = self.parts.saturating_add(1);
        if self.parts > MAX_PARTS || level > MAX_DEPTH {
            self.remark("Лист має надто багато частин; частину пропущено");
            return Found::default();
        }
        if let PartType::Multipart(children) = &part.body {
            return self.multipart(part, children, level, letter);
        }
        self.leaf(part, report, letter)
    }

    fn multipart(&mut self, part: &MessagePart<'_>, children: &[u32], level: usize, letter: &mut Letter) -> Found {
        let kind = Kind::of(part);
        let report = kind.sub == "report";
        let mut all: Vec<Found> = Vec::new();
        for child in children {
            let id = usize::try_from(*child).unwrap_or(usize::MAX);
            all.push(self.part(id, level.saturating_add(1), report, letter));
        }
        if kind.sub == "alternative" {
            let mut best = Found::default();
            for one in all {
                if best.plain.trim().is_empty() {
                    best.plain = one.plain;
                }
                if !one.html.trim().is_empty() {
                    best.html = one.html;
                }
            }
            return best;
        }
        let any_html = all.iter().any(|one| !one.html.is_empty());
        let mut joined = Found::default();
        for one in all {
            let plain = if one.plain.trim().is_empty() { &one.html } else { &one.plain };
            append(&mut joined.plain, plain);
            if any_html {
                append(&mut joined.html, if one.html.is_empty() { &one.plain } else { &one.html });
            }
        }
        joined
    }

    fn leaf(&mut self, part: &MessagePart<'_>, report: bool, letter: &mut Letter) -> Found {
        let kind = Kind::of(part);
        let name = self.file_name(part);
        let attached = part.content_disposition().is_some_and(|disposition| disposition.is_attachment());
        let first = self.leaves == 0;
        self.leaves = self.leaves.saturating_add(1);
        match (kind.kind.as_str(), kind.sub.as_str()) {
            ("message" | guard::RENAMED, "rfc822" | "global" | "rfc2822" | "news") => {
                self.enclosed(part, report, letter);
                return Found::default();
            }
            (
                "message",
                "delivery-status"
                | "disposition-notification"
                | "feedback-report"
                | "global-delivery-status"
                | "global-disposition-notification",
            )
            | ("text", "rfc822-headers") => {
                let text = self.text(part, false);
                append_report(letter, &text);
                return Found::default();
            }
            ("text", "calendar") => letter.has_calendar = true,
            ("text", "plain" | "html") | ("multipart", _) if !attached && (first || name.is_empty()) => {
                return self.text_part(part, kind.sub == "html");
            }
            ("application", "ms-tnef" | "vnd.ms-tnef") => {
                self.remark("Вкладення winmail.dat (формат Outlook) не розпаковано");
            }
            ("application", "pkcs7-mime" | "x-pkcs7-mime") => {
                self.remark("Лист зашифровано або підписано у форматі S/MIME; вміст не розпаковано");
            }
            _ => {}
        }
        self.attach(part, &kind, name, letter);
        Found::default()
    }

    fn text_part(&mut self, part: &MessagePart<'_>, is_html: bool) -> Found {
        let text = self.text(part, is_html);
        if is_html {
            if text.len() > html::MAX_INPUT {
                self.remark("Текст листа надто довгий; показано його початок");
            }
            return Found { plain: String::new(), html: html::to_text(&text) };
        }
        let content_type = part.content_type();
        let attribute = |name: &str| content_type.and_then(|kind| kind.attribute(name)).unwrap_or_default();
        let text = if attribute("format").eq_ignore_ascii_case("flowed") {
            flowed::unfold(&text, attribute("delsp").eq_ignore_ascii_case("yes"))
        } else {
            text
        };
        if !text.trim().is_empty() {
            self.plain_seen = true;
        }
        Found { plain: text, html: String::new() }
    }

    /// Text of a part, its charset repaired.
    fn text(&mut self, part: &MessagePart<'_>, is_html: bool) -> String {
        let named = part.content_type().and_then(|kind| kind.attribute("charset"));
        let label = named.and_then(Charset::by_label);
        if let PartType::Text(text) | PartType::Html(text) = &part.body
            && !part.is_encoding_problem
            && (text.is_ascii()
                || named.is_some_and(|name| name.eq_ignore_ascii_case("utf-7"))
                || ((label.is_some() || named.is_none()) && charset::believable(text, label)))
        {
            if self.charset.is_none() && !text.is_ascii() {
                self.charset = label.or(Some(Charset::UTF8));
            }
            return self.undo_double(text.as_ref());
        }
        let bytes = content(self.message, part);
        let label = label.or_else(|| if is_html { meta_charset(&bytes) } else { None });
        let decoded = charset::decode(&bytes, label);
        if self.charset.is_none() && !decoded.text.is_ascii() {
            self.charset = Some(decoded.charset);
        }
        if decoded.guessed && label.is_some() {
            self.remark("Кодування тексту в листі зазначено неправильно; його визначено за змістом");
        }
        if decoded.text.contains('\u{fffd}') {
            self.remark("Деякі символи листа пошкоджено");
        }
        self.undo_double(&decoded.text)
    }

    /// Undoes a text that was once decoded with a wrong charset and then encoded as UTF-8.
    fn undo_double(&mut self, text: &str) -> String {
        match charset::undo_double(text) {
            Some(repaired) => {
                self.remark("Текст листа було перекодовано з помилкою; його відновлено");
                repaired
            }
            None => text.to_owned(),
        }
    }

    fn file_name(&self, part: &MessagePart<'_>) -> String {
        let raw_of = |wanted: &HeaderName<'_>| {
            let header = part.headers.iter().find(|header| header.name == *wanted)?;
            Some(raw(self.message, header.offset_start, header.offset_end))
        };
        let disposition = raw_of(&HeaderName::ContentDisposition);
        let mut name = disposition.map(|raw| names::parameter(raw, "filename", self.charset)).unwrap_or_default();
        if name.is_empty() {
            let content_type = raw_of(&HeaderName::ContentType);
            name = content_type.map(|raw| names::parameter(raw, "name", self.charset)).unwrap_or_default();
        }
        names::clean(&name)
    }

    fn enclosed(&mut self, part: &MessagePart<'_>, report: bool, letter: &mut Letter) {
        if self.depth > 0 || letter.enclosed.len() >= MAX_ENCLOSED {
            self.remark("Вкладені листи глибших рівнів не розпаковано");
            return;
        }
        let inner = match &part.body {
            PartType::Message(message) => super::letter_of(message, self.depth.saturating_add(1)),
            PartType::Text(_)
            | PartType::Html(_)
            | PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Multipart(_) => decode_at(&content(self.message, part), self.depth.saturating_add(1)),
        };
        if report {
            let lines: Vec<String> = inner.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            append_report(letter, &lines.join("\n"));
        }
        letter.enclosed.push(inner);
    }

    fn attach(&mut self, part: &MessagePart<'_>, kind: &Kind, name: String, letter: &mut Letter) {
        if letter.attachments.len() >= MAX_ATTACHMENTS {
            self.remark("Лист має надто багато вкладень; частину пропущено");
            return;
        }
        let content = content(self.message, part).into_owned();
        let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
        let mime = format!("{}/{}", kind.kind, kind.sub);
        letter.attachments.push(Attachment { name, mime, size, text: None, content });
    }
}

/// The bytes of a part, transfer encoding removed.
fn content<'b>(message: &'b Message<'_>, part: &'b MessagePart<'_>) -> Cow<'b, [u8]> {
    match &part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) if !part.is_encoding_problem => {
            Cow::Borrowed(bytes.as_ref())
        }
        PartType::Multipart(_) => Cow::Borrowed(b""),
        PartType::Text(_)
        | PartType::Html(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Message(_) => {
            let raw = raw(message, part.offset_body, part.offset_end);
            let encoding = part.content_transfer_encoding().unwrap_or_default().trim();
            if encoding.eq_ignore_ascii_case("base64") {
                Cow::Owned(transfer::base64(raw))
            } else if encoding.eq_ignore_ascii_case("quoted-printable") {
                Cow::Owned(transfer::quoted_printable(raw))
            } else {
                Cow::Borrowed(raw)
            }
        }
    }
}

/// A stretch of the letter as it was received.
fn raw<'b>(message: &'b Message<'_>, start: u32, end: u32) -> &'b [u8] {
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let end = usize::try_from(end).unwrap_or(usize::MAX).min(message.raw_message.len());
    message.raw_message.get(start..end).unwrap_or_default()
}

impl Kind {
    fn of(part: &MessagePart<'_>) -> Kind {
        match part.content_type() {
            Some(found) => {
                let kind = clean::line(found.ctype(), 60).to_ascii_lowercase();
                let sub = clean::line(found.subtype().unwrap_or("plain"), 100).to_ascii_lowercase();
                Kind { kind, sub }
            }
            None => Kind { kind: "text".to_owned(), sub: "plain".to_owned() },
        }
    }
}

/// Cleaned text without empty lines at its beginning.
fn whole_lines(raw: &str) -> String {
    let mut text = clean::text(raw, MAX_TEXT);
    let empty = text.len().saturating_sub(text.trim_start_matches('\n').len());
    text.drain(..empty);
    text
}

fn append(into: &mut String, text: &str) {
    let text = text.trim_matches(['\r', '\n']);
    if text.trim().is_empty() || into.len() > MAX_TEXT {
        return;
    }
    if !into.is_empty() {
        into.push_str("\n\n");
    }
    into.push_str(text);
}

fn append_report(letter: &mut Letter, text: &str) {
    let room = MAX_REPORT.saturating_sub(letter.report.len());
    let text = clean::text(text, room);
    if text.is_empty() {
        return;
    }
    if !letter.report.is_empty() {
        letter.report.push_str("\n\n");
    }
    letter.report.push_str(&text);
}

/// `<meta charset=…>` near the beginning of an HTML part.
fn meta_charset(bytes: &[u8]) -> Option<Charset> {
    let head = bytes.get(..2048).unwrap_or(bytes).to_ascii_lowercase();
    let at = memchr::memmem::find(&head, b"charset=")?;
    let value = head.get(at.saturating_add(8)..)?;
    let value: Vec<u8> = value
        .iter()
        .copied()
        .skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '))
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .take(40)
        .collect();
    Charset::by_label(&String::from_utf8_lossy(&value))
}

/// Whether the text has the first line of a uuencoded file (`begin 644 name`).
fn has_uuencode(text: &str) -> bool {
    let begins = |line: &str| {
        line.strip_prefix("begin ").is_some_and(|rest| {
            let mode: String = rest.chars().take(4).collect();
            mode.chars().take(3).all(|ch| matches!(ch, '0'..='7')) && mode.ends_with(' ')
        })
    };
    memchr::memmem::find(text.as_bytes(), b"begin ").is_some() && text.lines().any(begins)
}
