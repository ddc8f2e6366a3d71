//! Text of a PDF. To be called only where an abort or an endless loop hurts nobody: the library follows references of
//! the file without limits (see the module above). A panic is caught here.

use std::panic::catch_unwind;

use pdf_extract::{Document, PlainTextOutput, output_doc_page};

use super::MAX_TEXT;

/// Bytes of a PDF that is read.
pub const MAX_INPUT: usize = 4 << 20;
/// Pages that are read.
const MAX_PAGES: u32 = 20;
/// Letters and digits below which a PDF counts as a picture.
const MIN_LETTERS: usize = 20;

/// The text of a PDF; `None` for a scan, a damaged or an encrypted file.
pub fn text(content: &[u8]) -> Option<String> {
    if content.len() > MAX_INPUT {
        return None;
    }
    let document = catch_unwind(|| Document::load_mem(content).ok()).ok().flatten()?;
    if document.is_encrypted() {
        return None;
    }
    let mut out = String::new();
    for page in 1..=MAX_PAGES {
        // A page that cannot be read does not take the others with it.
        let one = catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut text = String::new();
            output_doc_page(&document, &mut PlainTextOutput::new(&mut text), page).ok().map(|()| text)
        }));
        match one {
            Ok(Some(text)) => {
                out.push_str(&text);
                out.push('\n');
            }
            Ok(None) => break,
            Err(_) => {}
        }
        if out.len() > MAX_TEXT {
            break;
        }
    }
    let lines = unbroken(&out);
    let letters = lines.chars().filter(|ch| ch.is_alphanumeric()).count();
    if letters < MIN_LETTERS { None } else { Some(lines) }
}

/// At most one empty line in a row, no spaces round lines.
fn unbroken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim) {
        if line.is_empty() && empty {
            continue;
        }
        empty = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    out
}
