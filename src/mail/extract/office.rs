//! Text of .docx and .odt: the one part with the body is inflated up to a limit and read as a stream of XML events.
//!
//! No entities are expanded (a DOCTYPE ends the reading), no other part of the container is opened, declared sizes are
//! not believed. Deleted text of tracked changes, field codes and the second form of text boxes are left out.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::MAX_TEXT;

/// Bytes of the body part after inflating.
const MAX_PART: u64 = 16 << 20;
/// Entries of the container.
const MAX_ENTRIES: usize = 2000;
/// XML events read of one part.
const MAX_EVENTS: usize = 2_000_000;

/// The text of a document; `None` if the container is none of the two, or not to be trusted.
pub fn text(content: &[u8]) -> Option<String> {
    let mut archive = ZipArchive::new(Cursor::new(content)).ok()?;
    if archive.len() > MAX_ENTRIES {
        return None;
    }
    let mut read = |name: &str| {
        let part = archive.by_name(name).ok()?;
        if part.size() > MAX_PART {
            return None;
        }
        let mut bytes = Vec::new();
        part.take(MAX_PART).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    };
    if let Some(body) = read("word/document.xml") {
        return walk(&body, word);
    }
    read("content.xml").and_then(|body| walk(&body, open_document))
}

/// What a tag means for the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Nothing,
    /// The text inside counts.
    Text,
    /// Everything inside is left out.
    Skip,
    LineEnd,
    Tab,
    Spaces,
    Row,
    Cell,
}

fn word(name: &str) -> Meaning {
    match name {
        "w:t" => Meaning::Text,
        "w:p" | "w:br" | "w:cr" => Meaning::LineEnd,
        "w:tab" | "w:ptab" => Meaning::Tab,
        "w:tr" => Meaning::Row,
        "w:tc" => Meaning::Cell,
        "mc:Fallback" | "w:del" | "w:instrText" | "w:tabs" => Meaning::Skip,
        _ => Meaning::Nothing,
    }
}

fn open_document(name: &str) -> Meaning {
    match name {
        "text:p" | "text:h" => Meaning::LineEnd,
        "text:line-break" => Meaning::LineEnd,
        "text:tab" => Meaning::Tab,
        "text:s" => Meaning::Spaces,
        "table:table-row" => Meaning::Row,
        "table:table-cell" => Meaning::Cell,
        "office:text" => Meaning::Text,
        "text:tracked-changes" | "office:annotation" | "svg:desc" | "svg:title" => Meaning::Skip,
        _ => Meaning::Nothing,
    }
}

/// Text under construction.
#[derive(Default)]
struct Page {
    out: String,
    /// Depth of elements that are left out.
    skipped: usize,
    /// Depth of elements whose text counts.
    inside: usize,
    cells: usize,
}

impl Page {
    fn begin(&mut self, meaning: Meaning) {
        match meaning {
            Meaning::Skip => self.skipped = self.skipped.saturating_add(1),
            Meaning::Text => self.inside = self.inside.saturating_add(1),
            Meaning::Cell => self.cells = self.cells.saturating_add(1),
            Meaning::Nothing | Meaning::LineEnd | Meaning::Tab | Meaning::Spaces | Meaning::Row => {}
        }
    }

    fn end(&mut self, meaning: Meaning) {
        match meaning {
            Meaning::Skip => self.skipped = self.skipped.saturating_sub(1),
            Meaning::Text => self.inside = self.inside.saturating_sub(1),
            Meaning::LineEnd if self.skipped == 0 => self.out.push(if self.cells > 0 { ' ' } else { '\n' }),
            Meaning::Row if self.skipped == 0 => {
                let line = self.out.trim_end_matches([' ', '|']).len();
                self.out.truncate(line);
                self.out.push('\n');
            }
            Meaning::Cell => {
                self.cells = self.cells.saturating_sub(1);
                let text = self.out.trim_end_matches(' ').len();
                self.out.truncate(text);
                if self.skipped == 0 && !self.out.ends_with(['\n', '|']) && !self.out.is_empty() {
                    self.out.push_str(" | ");
                }
            }
            Meaning::Nothing | Meaning::Tab | Meaning::Spaces | Meaning::LineEnd | Meaning::Row => {}
        }
    }

    fn empty(&mut self, meaning: Meaning, tag: &BytesStart<'_>) {
        if self.skipped > 0 {
            return;
        }
        match meaning {
            Meaning::LineEnd => self.end(Meaning::LineEnd),
            Meaning::Tab => self.out.push('\t'),
            Meaning::Spaces => {
                let count = tag.try_get_attribute("text:c").ok().flatten();
                let count = count.and_then(|value| value.value.parse::<usize>().ok()).unwrap_or(1);
                self.out.extend(std::iter::repeat_n(' ', count.min(200)));
            }
            Meaning::Nothing | Meaning::Text | Meaning::Skip | Meaning::Row | Meaning::Cell => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.inside > 0 && self.skipped == 0 {
            self.out.push_str(text);
        }
    }
}

fn walk(body: &[u8], meaning: fn(&str) -> Meaning) -> Option<String> {
    let body = std::str::from_utf8(body).ok()?;
    let mut reader = Reader::from_str(body);
    reader.config_mut().check_end_names = false;
    let mut page = Page::default();
    for _ in 0..MAX_EVENTS {
        if page.out.len() > MAX_TEXT {
            break;
        }
        match reader.read_event() {
            Ok(Event::Start(tag)) => page.begin(meaning(tag.name().as_ref())),
            Ok(Event::End(tag)) => page.end(meaning(tag.name().as_ref())),
            Ok(Event::Empty(tag)) => page.empty(meaning(tag.name().as_ref()), &tag),
            Ok(Event::Text(text)) => page.text(&text.xml10_content()),
            Ok(Event::CData(text)) => page.text(&text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => {
                let text = match reference.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                if let Some(ch) = text {
                    page.text(ch.encode_utf8(&mut [0; 4]));
                }
            }
            Ok(Event::DocType(_)) => return None,
            Ok(Event::Decl(_) | Event::PI(_) | Event::Comment(_)) => {}
            Ok(Event::Eof) | Err(_) => break,
        }
    }
    Some(page.out)
}
