//! The mass of a worksheet: rows and cells found by byte search, never as a tree.
//!
//! A sheet of 100,000 rows is 80 MB of XML; finding its rows costs a few milliseconds this way. Comments, CDATA and
//! processing instructions are found first and hidden from the search: a comment that holds `<row r="999">` is not a
//! row. `<` cannot stand in an attribute value or in text, so nothing else can look like a tag.

use super::bytes::{cut, rest};
use super::place::{COLUMNS, LAST_ROW, parse_cell};
use super::xml::{Kind, Walker, attributes};
use crate::workbook::refusal::{Cause, Refusal};
use memchr::memmem::Finder;
use std::ops::Range;

/// A worksheet part with the extent of its rows.
pub struct SheetText<'a> {
    /// The whole part.
    pub bytes: &'a [u8],
    /// Name of the part, for refusals.
    pub part: &'a str,
    /// Prefix of the spreadsheet namespace with its colon, or nothing.
    pub prefix: String,
    /// The opening tag of `sheetData`; for `<sheetData/>` the whole element.
    pub head: Range<usize>,
    /// What stands between the tags of `sheetData`.
    pub body: Range<usize>,
    /// `<sheetData/>`
    pub closed: bool,
    /// Comments, CDATA sections and processing instructions among the rows.
    hidden: Vec<Range<usize>>,
}

/// One row. Offsets fit: a part is at most 400 MB.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Number, 1-based.
    pub number: u32,
    start: u32,
    tag_len: u32,
    len: u32,
}

impl Row {
    /// The whole element.
    pub fn place(&self) -> Range<usize> {
        let start = to_usize(self.start);
        start..start.saturating_add(to_usize(self.len))
    }

    /// The opening tag.
    pub fn tag(&self) -> Range<usize> {
        let start = to_usize(self.start);
        start..start.saturating_add(to_usize(self.tag_len))
    }

    /// `<row …/>`
    pub fn closed(&self) -> bool {
        self.tag_len == self.len
    }
}

/// One cell of a row.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Column, 0-based.
    pub column: u32,
    /// The whole element.
    pub place: Range<usize>,
    /// The opening tag.
    pub tag: Range<usize>,
}

fn to_usize(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// One past the `>` that ends the tag at `start`; quotes are honoured.
fn tag_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        let hit = at.checked_add(memchr::memchr3(b'>', b'"', b'\'', rest(bytes, at))?)?;
        let quote = *bytes.get(hit)?;
        at = hit.checked_add(1)?;
        if quote == b'>' {
            return Some(at);
        }
        at = at.checked_add(memchr::memchr(quote, rest(bytes, at))?)?.checked_add(1)?;
    }
}

fn ends_name(byte: Option<&u8>) -> bool {
    byte.is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))
}

impl<'a> SheetText<'a> {
    /// Finds `sheetData`; refuses chart and macro sheets.
    pub fn open(bytes: &'a [u8], part: &'a str) -> Result<Self, Refusal> {
        let damaged = || Refusal::at(Cause::Damaged, part);
        let mut walker = Walker::new(bytes, part)?;
        let mut root = false;
        let (node, prefix) = loop {
            let node = walker.next()?.ok_or_else(damaged)?;
            match node.kind {
                Kind::Open | Kind::Empty if !root => {
                    if !node.opens("worksheet") || node.kind == Kind::Empty {
                        return Err(Refusal::at(Cause::NotCells, part));
                    }
                    root = true;
                }
                Kind::Open | Kind::Empty if node.opens("sheetData") => {
                    let prefix = node.prefix.clone();
                    break (node, prefix);
                }
                Kind::Open | Kind::Empty | Kind::Close | Kind::Other => {}
            }
        };
        let head = node.place;
        let closed = node.kind == Kind::Empty;
        let body = if closed {
            head.end..head.end
        } else {
            let close = format!("</{prefix}sheetData");
            let end =
                memchr::memmem::rfind(bytes, close.as_bytes()).filter(|end| *end >= head.end).ok_or_else(damaged)?;
            head.end..end
        };
        let mut sheet = Self { bytes, part, prefix, head, body, closed, hidden: Vec::new() };
        sheet.find_hidden()?;
        Ok(sheet)
    }

    fn damaged(&self) -> Refusal {
        Refusal::at(Cause::Damaged, self.part)
    }

    fn find_hidden(&mut self) -> Result<(), Refusal> {
        let mut at = self.body.start;
        while let Some(found) = self.next_markup(at) {
            let text = cut(self.bytes, found..self.body.end);
            let (opening, closing): (usize, &[u8]) = if text.starts_with(b"<!--") {
                (4, b"-->")
            } else if text.starts_with(b"<![CDATA[") {
                (9, b"]]>")
            } else if text.starts_with(b"<?") {
                (2, b"?>")
            } else {
                return Err(self.damaged());
            };
            let len = memchr::memmem::find(rest(text, opening), closing).ok_or_else(|| self.damaged())?;
            at = found.saturating_add(opening).saturating_add(len).saturating_add(closing.len());
            self.hidden.push(found..at);
        }
        Ok(())
    }

    /// The next `<!` or `<?` among the rows. `!` and `?` are rare in a register, `<` is every third letter.
    fn next_markup(&self, from: usize) -> Option<usize> {
        let text = cut(self.bytes, from..self.body.end);
        memchr::memchr2_iter(b'!', b'?', text)
            .filter_map(|hit| hit.checked_sub(1))
            .find(|before| text.get(*before) == Some(&b'<'))
            .map(|before| from.saturating_add(before))
    }

    /// The next tag that begins with `finder`'s needle (`<x:c`, `</x:row`) as a whole name.
    fn find_tag(&self, finder: &Finder<'_>, from: usize, to: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let hit = at.checked_add(finder.find(cut(self.bytes, at..to))?)?;
            let after = hit.checked_add(finder.needle().len())?;
            let index = self.hidden.partition_point(|range| range.end <= hit);
            let hidden = self.hidden.get(index).filter(|range| range.start <= hit);
            match hidden {
                Some(range) => at = range.end,
                None if ends_name(self.bytes.get(after)) => return Some(hit),
                None => at = after,
            }
        }
    }

    /// An element whose opening tag begins at `start`: the end of the tag and the end of the element.
    fn element(&self, start: usize, closing: &Finder<'_>, to: usize) -> Result<(usize, usize), Refusal> {
        let end = tag_end(self.bytes, start).filter(|end| *end <= to).ok_or_else(|| self.damaged())?;
        if self.bytes.get(end.saturating_sub(2)) == Some(&b'/') {
            return Ok((end, end));
        }
        let close = self.find_tag(closing, end, to).ok_or_else(|| self.damaged())?;
        let close_end = tag_end(self.bytes, close).filter(|end| *end <= to).ok_or_else(|| self.damaged())?;
        Ok((end, close_end))
    }

    /// All rows, ascending.
    pub fn rows(&self) -> Result<Vec<Row>, Refusal> {
        let (opening, closing) = (format!("<{}row", self.prefix), format!("</{}row", self.prefix));
        let (opening, closing) = (Finder::new(opening.as_bytes()), Finder::new(closing.as_bytes()));
        let mut rows: Vec<Row> = Vec::new();
        let (mut at, mut last) = (self.body.start, 0_u32);
        while let Some(start) = self.find_tag(&opening, at, self.body.end) {
            let (tag, end) = self.element(start, &closing, self.body.end)?;
            let number = match self.attribute(start..tag, b"r") {
                None => last.saturating_add(1),
                Some(value) => {
                    std::str::from_utf8(value).ok().and_then(|v| v.trim().parse().ok()).ok_or_else(|| self.damaged())?
                }
            };
            if number <= last || number > LAST_ROW {
                return Err(Refusal::at(Cause::Disorder, self.part));
            }
            let small = |n: usize| u32::try_from(n).map_err(|_| Refusal::at(Cause::TooLarge, self.part));
            rows.push(Row {
                number,
                start: small(start)?,
                tag_len: small(tag.saturating_sub(start))?,
                len: small(end.saturating_sub(start))?,
            });
            (at, last) = (end, number);
        }
        Ok(rows)
    }

    /// The raw value of an attribute of a tag.
    pub fn attribute(&self, tag: Range<usize>, name: &[u8]) -> Option<&'a [u8]> {
        let bytes = cut(self.bytes, tag);
        attributes(bytes).find(|(n, _)| cut(bytes, n.clone()) == name).map(|(_, value)| cut(bytes, value))
    }

    /// The cells of a row, ascending; refuses cells out of order or of another row.
    pub fn cells(&self, row: &Row) -> Result<Vec<Cell>, Refusal> {
        let (opening, closing) = (format!("<{}c", self.prefix), format!("</{}c", self.prefix));
        let (opening, closing) = (Finder::new(opening.as_bytes()), Finder::new(closing.as_bytes()));
        let mut cells: Vec<Cell> = Vec::new();
        let (mut at, to, mut next) = (row.tag().end, row.place().end, 0_u32);
        while let Some(start) = self.find_tag(&opening, at, to) {
            let (tag, end) = self.element(start, &closing, to)?;
            let column = match self.attribute(start..tag, b"r") {
                None => next,
                Some(value) => {
                    let named = std::str::from_utf8(value).ok().and_then(parse_cell).ok_or_else(|| self.damaged())?;
                    if named.1 != row.number {
                        return Err(Refusal::at(Cause::Disorder, self.part));
                    }
                    named.0
                }
            };
            if column < next || column >= COLUMNS {
                return Err(Refusal::at(Cause::Disorder, self.part));
            }
            cells.push(Cell { column, place: start..end, tag: start..tag });
            (at, next) = (end, column.saturating_add(1));
        }
        Ok(cells)
    }

    /// The first child of a cell with this name: its tag, and its content without the closing tag.
    pub fn child(&self, cell: &Cell, name: &str) -> Option<(Range<usize>, Range<usize>)> {
        let (opening, closing) = (format!("<{}{name}", self.prefix), format!("</{}{name}", self.prefix));
        let start = self.find_tag(&Finder::new(opening.as_bytes()), cell.tag.end, cell.place.end)?;
        let (tag, end) = self.element(start, &Finder::new(closing.as_bytes()), cell.place.end).ok()?;
        let close = memchr::memrchr(b'<', cut(self.bytes, tag..end)).map_or(tag, |at| tag.saturating_add(at));
        Some((start..tag, tag..close))
    }

    /// Whether a cell shows something: a value, or inline text that is not blank. A formula alone is nothing.
    pub fn shows(&self, cell: &Cell) -> bool {
        if cell.tag.end == cell.place.end {
            return false;
        }
        if let Some((_, content)) = self.child(cell, "v") {
            return !cut(self.bytes, content).trim_ascii().is_empty();
        }
        let Some((_, content)) = self.child(cell, "is") else { return false };
        let mut inside = false;
        cut(self.bytes, content).iter().any(|byte| {
            match byte {
                b'<' => inside = true,
                b'>' => inside = false,
                _ => {}
            }
            !inside && *byte != b'>' && !byte.is_ascii_whitespace()
        })
    }

    /// Areas of array formulas and data tables: none of their cells may be written.
    pub fn guarded(&self) -> Vec<super::place::Area> {
        let body = cut(self.bytes, self.body.clone());
        let mut areas = Vec::new();
        for word in [&b"array"[..], b"dataTable"] {
            for hit in memchr::memmem::find_iter(body, word) {
                let at = self.body.start.saturating_add(hit);
                let quoted = matches!(self.bytes.get(at.saturating_add(word.len())), Some(b'"' | b'\''));
                let Some(open) = memchr::memrchr(b'<', cut(self.bytes, self.body.start..at)).filter(|_| quoted) else {
                    continue;
                };
                let tag = self.body.start.saturating_add(open)..self.body.end;
                if self.attribute(tag.clone(), b"t") != Some(word) {
                    continue;
                }
                let area = self.attribute(tag, b"ref").and_then(|v| std::str::from_utf8(v).ok());
                areas.extend(area.and_then(super::place::Area::parse));
            }
        }
        areas
    }
}
