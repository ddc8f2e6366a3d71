//! Text of attachments: .docx, .odt, .rtf, .txt, .html here and now; .pdf only where a crash can be contained.
//!
//! The readers of this module allocate no more than the named limits allow and recurse nowhere, so `decode` calls them
//! directly. The PDF library recurses along references of the file (a form that draws itself ends the process) and
//! expands what the file tells it to; `pdf` is therefore to be run in a short-lived child with memory and CPU limits,
//! and [`fill_pdf`] takes that as a function. Pictures and scans have no text here.

mod office;
pub mod pdf;
mod rtf;

use crate::domain::letter::{Attachment, Letter};

use super::decode::charset;
use super::{clean, html};

/// Bytes of an attachment that is read at all.
pub const MAX_CONTENT: usize = 16 << 20;
/// Bytes of text kept of one attachment.
pub const MAX_TEXT: usize = 256 * 1024;
/// Attachments of one letter that are read.
const MAX_READ: usize = 10;

/// Fills `text` of the attachments that can be read safely in this process.
pub(super) fn fill(letter: &mut Letter) {
    for attachment in letter.attachments.iter_mut().take(MAX_READ) {
        attachment.text = text(attachment);
    }
}

/// Whether the attachment is a PDF, by its first bytes.
pub fn is_pdf(attachment: &Attachment) -> bool {
    let head = attachment.content.get(..1024).unwrap_or(&attachment.content);
    memchr::memmem::find(head, b"%PDF-").is_some()
}

/// Fills `text` of the PDFs of a letter and of its enclosed letters with what `read` finds in their bytes.
pub fn fill_pdf(letter: &mut Letter, read: &dyn Fn(&[u8]) -> Option<String>) {
    let enclosed = letter.enclosed.iter_mut().flat_map(|inner| inner.attachments.iter_mut());
    let all = letter.attachments.iter_mut().chain(enclosed);
    for attachment in all.filter(|one| one.text.is_none() && is_pdf(one)).take(MAX_READ) {
        if attachment.content.len() <= pdf::MAX_INPUT {
            attachment.text = read(&attachment.content).and_then(|text| presentable(&text));
        }
    }
}

/// Text of an attachment; the first bytes count for more than its name and type.
fn text(attachment: &Attachment) -> Option<String> {
    let content = attachment.content.as_slice();
    if content.is_empty() || content.len() > MAX_CONTENT {
        return None;
    }
    let ending = attachment.name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    let raw = if content.starts_with(b"PK\x03\x04") {
        office::text(content)?
    } else if content.starts_with(b"{\\rtf") {
        rtf::text(content)
    } else {
        let plain = matches!(attachment.mime.as_str(), "text/plain" | "text/csv" | "text/markdown")
            || matches!(ending.as_str(), "txt" | "csv" | "log" | "md");
        let markup = attachment.mime == "text/html" || matches!(ending.as_str(), "htm" | "html");
        if !plain && !markup || looks_binary(content) {
            return None;
        }
        let text = charset::with_mark(content);
        if markup { html::to_text(&text) } else { text }
    };
    presentable(&raw)
}

/// Cleaned text; `None` if nothing is left.
fn presentable(raw: &str) -> Option<String> {
    let text = clean::text(raw, MAX_TEXT);
    let text = text.trim_matches('\n');
    if text.chars().any(char::is_alphanumeric) { Some(text.to_owned()) } else { None }
}

/// Whether the bytes are no text: a NUL that is not part of UTF-16.
fn looks_binary(content: &[u8]) -> bool {
    let marked = content.starts_with(b"\xff\xfe") || content.starts_with(b"\xfe\xff");
    !marked && memchr::memchr(0, content.get(..4096).unwrap_or(content)).is_some()
}

#[cfg(test)]
mod tests;
