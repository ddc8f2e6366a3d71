//! Small parts as a row of tags with their places in the bytes: read through quick-xml with namespaces, changed by
//! replacing bytes at those places, so that everything else stays as the office program wrote it.
//!
//! Deliberately absent: trees, serialising, the mass of rows (`rows`). UTF-8 only: another encoding is refused, and so
//! is a DOCTYPE.

use super::bytes::cut;
use crate::workbook::refusal::{Cause, Refusal};
use quick_xml::events::Event;
use quick_xml::name::{QName, ResolveResult};
use quick_xml::reader::NsReader;
use std::borrow::Cow;
use std::ops::Range;

/// Namespace of worksheets, workbooks and tables (transitional).
pub const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
/// The same in strict files.
pub const MAIN_STRICT: &str = "http://purl.oclc.org/ooxml/spreadsheetml/main";

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `<a>`
    Open,
    /// `<a/>`
    Empty,
    /// `</a>`
    Close,
    /// Text, CDATA, comments, the declaration.
    Other,
}

/// One attribute.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Name without prefix.
    pub local: String,
    /// Whether the name has a prefix.
    pub prefixed: bool,
    /// Namespace of a prefixed name.
    pub namespace: String,
    /// The value, unescaped.
    pub value: String,
    /// Where the raw value stands, without quotes.
    pub place: Range<usize>,
}

/// One node.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Name without prefix; empty for `Other`.
    pub local: String,
    /// Prefix with its colon (`x:`), or nothing.
    pub prefix: String,
    /// Namespace of the element.
    pub namespace: String,
    /// Where the tag or text stands.
    pub place: Range<usize>,
    /// Attributes of an opening tag.
    pub attributes: Vec<Attribute>,
}

impl Node {
    /// Whether this is an opening tag of the spreadsheet namespace with this name.
    pub fn opens(&self, local: &str) -> bool {
        matches!(self.kind, Kind::Open | Kind::Empty) && self.local == local && self.is_main()
    }

    /// Whether the element belongs to the spreadsheet namespace.
    pub fn is_main(&self) -> bool {
        self.namespace == MAIN || self.namespace == MAIN_STRICT
    }

    /// An attribute without prefix.
    pub fn attribute(&self, local: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| !a.prefixed && a.local == local)
    }

    /// The value of an attribute without prefix.
    pub fn value(&self, local: &str) -> Option<&str> {
        self.attribute(local).map(|a| a.value.as_str())
    }
}

/// Reads a part node by node.
pub struct Walker<'a> {
    reader: NsReader<&'a [u8]>,
    bytes: &'a [u8],
    part: &'a str,
    base: usize,
    depth: usize,
}

/// Checks the encoding of a part and returns where its text begins (after a byte order mark).
pub fn text_start(bytes: &[u8], part: &str) -> Result<usize, Refusal> {
    let encoding = || Refusal::at(Cause::Encoding, part);
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || cut(bytes, 0..4).contains(&0) {
        return Err(encoding());
    }
    let start = if bytes.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
    let head = cut(bytes, start..bytes.len().min(start + 200));
    let declaration = memchr::memchr(b'>', head).map_or(head, |end| cut(head, 0..end));
    if declaration.starts_with(b"<?xml") {
        let named = attributes(declaration).find(|(name, _)| cut(declaration, name.clone()) == b"encoding");
        if let Some((_, value)) = named {
            let name = cut(declaration, value).to_ascii_lowercase();
            if name != b"utf-8" && name != b"us-ascii" {
                return Err(encoding());
            }
        }
    }
    Ok(start)
}

impl<'a> Walker<'a> {
    /// Begins at the start of a part.
    pub fn new(bytes: &'a [u8], part: &'a str) -> Result<Self, Refusal> {
        let base = text_start(bytes, part)?;
        let text = bytes.get(base..).unwrap_or_default();
        Ok(Self { reader: NsReader::from_reader(text), bytes, part, base, depth: 0 })
    }

    fn damaged(&self) -> Refusal {
        Refusal::at(Cause::Damaged, self.part)
    }

    fn position(&self) -> Result<usize, Refusal> {
        usize::try_from(self.reader.buffer_position())
            .map(|at| at.saturating_add(self.base))
            .map_err(|_| self.damaged())
    }

    /// The next node; `None` at the end of a complete document.
    pub fn next(&mut self) -> Result<Option<Node>, Refusal> {
        let start = self.position()?;
        let event = self.reader.read_event().map_err(|_| self.damaged())?;
        let place = start..self.position()?;
        let (kind, name) = match &event {
            Event::Start(tag) => (Kind::Open, tag.name().0.to_owned()),
            Event::Empty(tag) => (Kind::Empty, tag.name().0.to_owned()),
            Event::End(tag) => (Kind::Close, tag.name().0.to_owned()),
            Event::Eof if self.depth == 0 => return Ok(None),
            Event::Eof => return Err(self.damaged()),
            Event::DocType(_) => return Err(Refusal::at(Cause::Doctype, self.part)),
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::GeneralRef(_) => (Kind::Other, String::new()),
        };
        match kind {
            Kind::Open => self.depth = self.depth.saturating_add(1),
            Kind::Close => self.depth = self.depth.saturating_sub(1),
            Kind::Empty | Kind::Other => {}
        }
        self.node(kind, &name, place).map(Some)
    }

    fn node(&self, kind: Kind, name: &str, place: Range<usize>) -> Result<Node, Refusal> {
        let (prefix, local) = split(name);
        let namespace = match self.reader.resolver().resolve_element(QName(name)).0 {
            ResolveResult::Bound(namespace) => namespace.0.to_owned(),
            ResolveResult::Unbound | ResolveResult::Unknown(_) => String::new(),
        };
        let attributes = match kind {
            Kind::Open | Kind::Empty => self.attributes(&place)?,
            Kind::Close | Kind::Other => Vec::new(),
        };
        Ok(Node { kind, local: local.to_owned(), prefix: prefix.to_owned(), namespace, place, attributes })
    }

    fn attributes(&self, tag: &Range<usize>) -> Result<Vec<Attribute>, Refusal> {
        let bytes = cut(self.bytes, tag.clone());
        attributes(bytes)
            .map(|(name, value)| {
                let text = |range: Range<usize>| std::str::from_utf8(cut(bytes, range)).map_err(|_| self.damaged());
                let name = text(name)?;
                let raw = text(value.clone())?;
                let (prefix, local) = split(name);
                let namespace = match self.reader.resolver().resolve_attribute(QName(name)).0 {
                    ResolveResult::Bound(namespace) => namespace.0.to_owned(),
                    ResolveResult::Unbound | ResolveResult::Unknown(_) => String::new(),
                };
                Ok(Attribute {
                    local: local.to_owned(),
                    prefixed: !prefix.is_empty(),
                    namespace,
                    value: unescape(raw).into_owned(),
                    place: tag.start.saturating_add(value.start)..tag.start.saturating_add(value.end),
                })
            })
            .collect()
    }
}

fn split(name: &str) -> (&str, &str) {
    match name.find(':') {
        Some(colon) => name.split_at_checked(colon.saturating_add(1)).unwrap_or(("", name)),
        None => ("", name),
    }
}

/// Text with its character and predefined references resolved; unknown ones stay as written.
pub fn unescape(raw: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(raw).unwrap_or(Cow::Borrowed(raw))
}

/// Escapes text for element content and for attribute values in double quotes.
pub fn escape_into(text: &str, out: &mut Vec<u8>) {
    for letter in text.chars() {
        match letter {
            '&' => out.extend_from_slice(b"&amp;"),
            '<' => out.extend_from_slice(b"&lt;"),
            '>' => out.extend_from_slice(b"&gt;"),
            '"' => out.extend_from_slice(b"&quot;"),
            other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// The attributes of the tag that `tag` begins with: ranges of name and raw value. Ends at the end of the tag.
pub fn attributes(tag: &[u8]) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + '_ {
    let mut at = tag.iter().position(|b| b.is_ascii_whitespace() || *b == b'>').unwrap_or(tag.len());
    std::iter::from_fn(move || {
        let skip_blank = |mut from: usize| {
            while tag.get(from).is_some_and(u8::is_ascii_whitespace) {
                from = from.saturating_add(1);
            }
            from
        };
        let start = skip_blank(at);
        let mut end = start;
        while tag.get(end).is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'=' | b'>' | b'/')) {
            end = end.saturating_add(1);
        }
        let equals = skip_blank(end);
        if end == start || tag.get(equals) != Some(&b'=') {
            return None;
        }
        let open = skip_blank(equals.saturating_add(1));
        let quote = *tag.get(open).filter(|b| matches!(b, b'"' | b'\''))?;
        let value = open.saturating_add(1);
        let close = value.saturating_add(memchr::memchr(quote, tag.get(value..)?)?);
        at = close.saturating_add(1);
        Some((start..end, value..close))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_in_whatever_way_they_are_written() {
        let tag = b"<x:c  r = 'A>1'\n s=\"2\" x14ac:d='\"'/>";
        let found: Vec<_> = attributes(tag).map(|(n, v)| (&tag[n], &tag[v])).collect();
        assert_eq!(found, [(&b"r"[..], &b"A>1"[..]), (b"s", b"2"), (b"x14ac:d", b"\"")]);
        assert_eq!(attributes(b"<row>").count(), 0);
        assert_eq!(attributes(b"<row/>").count(), 0);
        assert_eq!(attributes(b"<row r=").count(), 0);
    }

    #[test]
    fn other_encodings_and_doctypes_are_refused_by_name() {
        let cause = |bytes: &[u8]| {
            let mut walker = Walker::new(bytes, "p").map_err(|r| r.cause)?;
            while walker.next().map_err(|r| r.cause)?.is_some() {}
            Ok::<_, Cause>(())
        };
        assert_eq!(cause(b"\xff\xfe<\0a\0"), Err(Cause::Encoding));
        assert_eq!(cause(b"<?xml version='1.0' encoding='windows-1251'?><a/>"), Err(Cause::Encoding));
        assert_eq!(cause(b"<!DOCTYPE a><a/>"), Err(Cause::Doctype));
        assert_eq!(cause(b"<a><b></a>"), Err(Cause::Damaged));
        assert_eq!(cause(b"<a>"), Err(Cause::Damaged));
        assert_eq!(cause("\u{feff}<?xml version='1.0' encoding='UTF-8'?><a/>".as_bytes()), Ok(()));
    }
}
