//! What the cell formats of a workbook show: a day, a time, text. Read only; a patch adds no format.
//!
//! A day written into a cell of general format would show as 46022, so a fitting format is looked for among those
//! that the workbook has: same font, fill, border and alignment. Where there is none, the caller writes text.

use super::bytes::cut;
use super::package::Package;
use super::xml::{Kind, Node, Walker};
use crate::workbook::refusal::Refusal;
use std::collections::BTreeMap;

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// A day (perhaps with a time).
    Day,
    /// A time of day.
    Time,
    /// The number format `@`.
    Text,
    /// Everything else.
    Number,
}

#[derive(Debug)]
struct Format {
    shows: Shows,
    quoted: bool,
    /// Font, fill, border, parent style, alignment and protection: equal keys look alike.
    look: Vec<u8>,
}

/// The cell formats of a workbook by index.
#[derive(Debug, Default)]
pub struct Styles {
    formats: Vec<Format>,
}

/// What a format code shows, quoted text and colour, locale or condition brackets left out.
fn code_shows(code: &str) -> Shows {
    let (mut quoted, mut bracket, mut escaped) = (false, false, false);
    let (mut day, mut time) = (false, false);
    if code == "@" {
        return Shows::Text;
    }
    let elapsed = ["[h]", "[hh]", "[m]", "[mm]", "[s]", "[ss]"].iter().any(|t| code.to_ascii_lowercase().contains(t));
    for letter in code.split(';').next().unwrap_or_default().chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' | '_' | '*' => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            'd' | 'D' | 'y' | 'Y' => day = true,
            'h' | 'H' | 's' | 'S' => time = true,
            _ => {}
        }
    }
    match (day, time || elapsed) {
        (true, _) => Shows::Day,
        (false, true) => Shows::Time,
        (false, false) => Shows::Number,
    }
}

fn id_shows(id: u32, codes: &BTreeMap<u32, String>) -> Shows {
    match (codes.get(&id), id) {
        (Some(code), _) => code_shows(code),
        (None, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57..=58) => Shows::Day,
        (None, 18..=21 | 32..=35 | 45..=47 | 55..=56) => Shows::Time,
        (None, 49) => Shows::Text,
        (None, _) => Shows::Number,
    }
}

impl Styles {
    /// Reads the styles part; no formats where the workbook has none.
    pub fn read(package: &Package<'_>) -> Result<Self, Refusal> {
        let Some(part) = package.part_of_kind("styles") else { return Ok(Self::default()) };
        let (_, bytes) = package.load(part)?;
        let mut walker = Walker::new(&bytes, part)?;
        let mut codes = BTreeMap::new();
        let mut formats = Vec::new();
        let mut inside = false;
        while let Some(node) = walker.next()? {
            if node.local == "cellXfs" && node.is_main() {
                inside = node.kind == Kind::Open;
            } else if node.opens("numFmt") && formats.is_empty() {
                let id = node.value("numFmtId").and_then(|v| v.parse::<u32>().ok());
                codes.extend(id.zip(node.value("formatCode").map(str::to_owned)));
            } else if inside && node.opens("xf") {
                formats.push(Format::read(&node, &codes));
            } else if inside
                && (node.opens("alignment") || node.opens("protection"))
                && let Some(format) = formats.last_mut()
            {
                format.look.extend_from_slice(cut(&bytes, node.place.clone()));
            }
        }
        Ok(Self { formats })
    }

    /// Whether there is a format of this index.
    pub fn has(&self, index: u32) -> bool {
        self.get(Some(index)).is_some()
    }

    fn get(&self, index: Option<u32>) -> Option<&Format> {
        self.formats.get(usize::try_from(index.unwrap_or(0)).ok()?)
    }

    /// What a format shows; format 0 where a cell names none.
    pub fn shows(&self, index: Option<u32>) -> Shows {
        self.get(index).map_or(Shows::Number, |format| format.shows)
    }

    /// A format that looks like `index` and shows `wanted`.
    pub fn sibling(&self, index: Option<u32>, wanted: Shows) -> Option<u32> {
        let own = self.get(index)?;
        let found = self
            .formats
            .iter()
            .position(|format| format.shows == wanted && !format.quoted && format.look == own.look)?;
        u32::try_from(found).ok()
    }
}

impl Format {
    fn read(node: &Node, codes: &BTreeMap<u32, String>) -> Self {
        let id = node.value("numFmtId").and_then(|v| v.parse().ok()).unwrap_or(0);
        let mut look = Vec::new();
        for name in ["fontId", "fillId", "borderId", "xfId"] {
            look.extend_from_slice(node.value(name).unwrap_or("0").as_bytes());
            look.push(b' ');
        }
        let quoted = matches!(node.value("quotePrefix"), Some("1" | "true"));
        Self { shows: id_shows(id, codes), quoted, look }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_formats_are_told_apart() {
        for (code, expected) in [
            ("dd.mm.yyyy", Shows::Day),
            ("[$-422]d mmmm yyyy;@", Shows::Day),
            ("dd.mm.yyyy hh:mm", Shows::Day),
            ("hh:mm", Shows::Time),
            ("[h]:mm", Shows::Time),
            ("@", Shows::Text),
            ("0.00", Shows::Number),
            ("\"days\" 0", Shows::Number),
            ("[Red]0", Shows::Number),
            ("0\\d", Shows::Number),
        ] {
            assert_eq!(code_shows(code), expected, "{code}");
        }
        assert_eq!(id_shows(14, &BTreeMap::new()), Shows::Day);
        assert_eq!(id_shows(20, &BTreeMap::new()), Shows::Time);
        assert_eq!(id_shows(49, &BTreeMap::new()), Shows::Text);
    }
}
