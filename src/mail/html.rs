//! HTML to text in one pass, for letters: line ends where a reader sees them, table rows as `a | b | c`, quotations
//! (`<blockquote>`) marked with `> ` so that they can be cut, hidden parts, styles and scripts left out.
//!
//! No tree is built and no nesting is recursed into, so 100,000 nested tags cost what their bytes cost. Links, pictures
//! and colours are deliberately dropped. Broken HTML gives broken lines, never lost text: if nothing is left after hiding,
//! the conversion is repeated without hiding.

use super::html_entities;
use super::html_writer::Writer;

/// Bytes of HTML that are read; the rest of a longer part is dropped.
pub const MAX_INPUT: usize = 1 << 20;
/// How far the end of a tag is looked for behind quotation marks.
const MAX_QUOTED_TAG: usize = 4096;
/// Bytes that may be searched in vain for the end of quotation marks, in one document.
const MAX_VAIN: usize = 1 << 20;
/// Attributes looked at in one tag.
const MAX_ATTRIBUTES: usize = 40;

/// Text of an HTML document or fragment.
pub fn to_text(html: &str) -> String {
    let input = cut(html, MAX_INPUT);
    let hidden_off = convert(input, true);
    if hidden_off.trim().is_empty() { convert(input, false) } else { hidden_off }
}

/// The beginning of a text, at most `limit` bytes, at a character border.
fn cut(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or(text)
}

/// What keeps the search for the ends of tags linear in the document.
struct Search {
    /// Bytes from the last `>` on to the end of the document; in a shorter rest there is none.
    end: usize,
    /// Bytes that may still be searched in vain.
    vain: usize,
    /// End marks of elements and comments that do not occur any more.
    unclosed: Vec<&'static str>,
}

/// An element whose content is skipped, and how often it is open.
struct Skip {
    name: String,
    depth: usize,
}

fn convert(html: &str, hide: bool) -> String {
    let mut writer = Writer::new(html.len());
    let mut rest = html;
    let mut skip: Option<Skip> = None;
    let last = memchr::memrchr(b'>', html.as_bytes()).map_or(usize::MAX, |at| html.len().saturating_sub(at));
    let mut search = Search { end: last, vain: MAX_VAIN, unclosed: Vec::new() };
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        if skip.is_none() {
            html_entities::decode_into(before, &mut |text| writer.text(text));
        }
        let Some(tag) = Tag::read(tail, &mut search) else {
            if let Some(after) = markup_declaration(tail, &mut search) {
                rest = after;
                continue;
            }
            if skip.is_none() {
                writer.text("<");
            }
            rest = tail.get(1..).unwrap_or_default();
            continue;
        };
        rest = tail.get(tag.length..).unwrap_or_default();
        if let Some(open) = skip.as_mut() {
            if open.name.eq_ignore_ascii_case(tag.name) && !tag.empty {
                open.depth = if tag.closing { open.depth.saturating_sub(1) } else { open.depth.saturating_add(1) };
            }
            if open.depth == 0 {
                skip = None;
            }
            continue;
        }
        if !tag.closing {
            if let Some(after) = raw_element(&tag, rest, &mut search.unclosed) {
                rest = after;
                continue;
            }
            if hide && !tag.empty && tag.hidden() {
                skip = Some(Skip { name: tag.name.to_owned(), depth: 1 });
                continue;
            }
        }
        apply(&mut writer, &tag);
    }
    if skip.is_none() {
        html_entities::decode_into(rest, &mut |text| writer.text(text));
    }
    writer.finish()
}

/// Comments, doctypes, conditional comments and processing instructions: returns what follows.
fn markup_declaration<'a>(tail: &'a str, search: &mut Search) -> Option<&'a str> {
    if let Some(inner) = tail.strip_prefix("<!--") {
        if !search.unclosed.contains(&"-->") {
            if let Some(end) = memchr::memmem::find(inner.as_bytes(), b"-->") {
                return inner.get(end.saturating_add(3)..);
            }
            search.unclosed.push("-->");
        }
        return Some(inner);
    }
    if (tail.starts_with("<!") || tail.starts_with("<?")) && tail.len() >= search.end {
        let end = memchr::memchr(b'>', tail.as_bytes())?;
        return tail.get(end.saturating_add(1)..);
    }
    None
}

/// Elements whose content is no text of the letter; skipped to their end tag. An end tag that is missing is remembered,
/// so that many unclosed elements do not cost a search each.
fn raw_element<'a>(tag: &Tag<'_>, rest: &'a str, unclosed: &mut Vec<&'static str>) -> Option<&'a str> {
    const RAW: [(&str, &str); 7] = [
        ("script", "</script"),
        ("style", "</style"),
        ("head", "</head"),
        ("title", "</title"),
        ("template", "</template"),
        ("svg", "</svg"),
        ("select", "</select"),
    ];
    let (_, end) = RAW.into_iter().find(|(name, _)| tag.name.eq_ignore_ascii_case(name))?;
    if unclosed.contains(&end) {
        return Some(rest);
    }
    let bytes = rest.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes) {
        let stop = at.saturating_add(end.len());
        if bytes.get(at..stop).is_some_and(|found| found.eq_ignore_ascii_case(end.as_bytes())) {
            let after = rest.get(stop..)?;
            let close = memchr::memchr(b'>', after.as_bytes()).map_or(after.len(), |at| at.saturating_add(1));
            return after.get(close..);
        }
    }
    unclosed.push(end);
    Some(rest)
}

/// What a tag does to the text.
fn apply(writer: &mut Writer, tag: &Tag<'_>) {
    let mut name = [0_u8; 12];
    let lower = tag.lower_name(&mut name);
    match lower {
        "br" => writer.line_break(),
        "p" => {
            let tight = tag.attribute("class").is_some_and(|class| class.starts_with("Mso"));
            writer.paragraph(tag.closing, tight);
        }
        "div" | "section" | "article" | "header" | "footer" | "address" | "center" | "dl" | "dt" | "dd" | "form"
        | "fieldset" | "caption" | "body" | "html" | "main" | "nav" | "figure" => writer.block(),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => writer.paragraph(tag.closing, false),
        "hr" => writer.rule(),
        "ul" | "menu" => writer.list(tag.closing, None),
        "ol" => {
            let start = tag.attribute("start").and_then(|value| value.trim().parse::<u32>().ok()).unwrap_or(1);
            writer.list(tag.closing, Some(start));
        }
        "li" => writer.item(tag.closing),
        "pre" => writer.preformatted(tag.closing),
        "blockquote" => {
            if tag.closing {
                writer.end_quote();
            } else {
                writer.begin_quote(tag.quotes());
            }
        }
        "table" => writer.table(tag.closing),
        "tr" => writer.row(tag.closing),
        "td" | "th" => writer.cell(tag.closing),
        _ => {}
    }
}

/// One tag.
struct Tag<'a> {
    name: &'a str,
    closing: bool,
    /// Self-closed or without content by its nature.
    empty: bool,
    attributes: &'a str,
    length: usize,
}

impl<'a> Tag<'a> {
    /// Reads a tag at the start of `tail`; `None` if it is none.
    fn read(tail: &'a str, search: &mut Search) -> Option<Tag<'a>> {
        if tail.len() < search.end {
            return None;
        }
        let inner = tail.strip_prefix('<')?;
        let (closing, inner) = match inner.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, inner),
        };
        if !inner.starts_with(|ch: char| ch.is_ascii_alphabetic()) {
            return None;
        }
        let name_end =
            inner.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_')))?;
        let name = inner.get(..name_end)?;
        let end = tag_end(inner.as_bytes(), search)?;
        let attributes = inner.get(name_end..end).unwrap_or_default();
        let void = ["br", "img", "hr", "input", "meta", "link", "col", "area", "base", "wbr", "source"];
        let empty = attributes.ends_with('/') || void.iter().any(|one| name.eq_ignore_ascii_case(one));
        let length = end.saturating_add(2).saturating_add(usize::from(closing));
        Some(Tag { name, closing, empty, attributes, length })
    }

    fn lower_name<'b>(&self, buffer: &'b mut [u8; 12]) -> &'b str {
        let name = self.name.as_bytes();
        for (slot, byte) in buffer.iter_mut().zip(name) {
            *slot = byte.to_ascii_lowercase();
        }
        let used = if name.len() > buffer.len() { &[] } else { buffer.get(..name.len()).unwrap_or_default() };
        std::str::from_utf8(used).unwrap_or_default()
    }

    fn pairs(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|ch: char| ch.is_whitespace() || ch == '/');
            if rest.is_empty() {
                return None;
            }
            let name_end = rest.find(|ch: char| ch == '=' || ch.is_whitespace()).unwrap_or(rest.len());
            let (name, after) = rest.split_at_checked(name_end)?;
            let Some(value) = after.trim_start().strip_prefix('=') else {
                rest = after;
                return Some((name, ""));
            };
            let value = value.trim_start();
            let (value, after) = match value.chars().next() {
                Some(mark @ ('"' | '\'')) => {
                    let inner = value.get(1..)?;
                    inner.split_once(mark).unwrap_or((inner, ""))
                }
                _ => value.split_at_checked(value.find(char::is_whitespace).unwrap_or(value.len()))?,
            };
            rest = after;
            Some((name, value))
        })
        .take(MAX_ATTRIBUTES)
    }

    fn attribute(&self, wanted: &str) -> Option<&'a str> {
        if self.attributes.is_empty() {
            return None;
        }
        self.pairs().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    }

    fn style(&self) -> String {
        let style = self.attribute("style").unwrap_or_default();
        style.chars().filter(|ch| !ch.is_whitespace()).take(1000).map(|ch| ch.to_ascii_lowercase()).collect()
    }

    /// Whether the element is not shown: the hidden text of newsletters, and of those who wish to deceive a reader.
    fn hidden(&self) -> bool {
        if self.attributes.len() < 6 {
            return false;
        }
        if self.attribute("hidden").is_some() {
            return true;
        }
        let style = self.style();
        style.contains("display:none")
            || style.contains("visibility:hidden")
            || style.contains("mso-hide:all")
            || (style.contains("max-height:0") && style.contains("overflow:hidden"))
    }

    /// Whether a blockquote is a quotation: Gmail uses the element for indenting too.
    fn quotes(&self) -> bool {
        let cited = self.attribute("type").is_some_and(|value| value.eq_ignore_ascii_case("cite"));
        let class = self.attribute("class").unwrap_or_default();
        cited || class.contains("quote") || !self.style().contains("border:none")
    }
}

/// Position of the `>` that ends a tag, quotation marks respected as far as they are closed nearby.
fn tag_end(inner: &[u8], search: &mut Search) -> Option<usize> {
    let near = inner.get(..MAX_QUOTED_TAG.min(search.vain)).unwrap_or(inner);
    let mut mark: Option<u8> = None;
    let mut before = b' ';
    for (at, &byte) in near.iter().enumerate() {
        match mark {
            None if byte == b'>' => return Some(at),
            None if matches!(byte, b'"' | b'\'') && matches!(before, b'=' | b' ') => mark = Some(byte),
            Some(open) if open == byte => mark = None,
            None | Some(_) => {}
        }
        before = byte;
    }
    search.vain = search.vain.saturating_sub(near.len());
    memchr::memchr(b'>', inner)
}
