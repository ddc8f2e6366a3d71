//! Areas that belong to the rows of a register and grow with them: dropdowns, conditional formats, filters, protected
//! ranges, tables, names. What grows and what stays is decided here, in one function.
//!
//! An area grows when it ended at the last data row, or at the end of the table. LibreOffice splits areas when a row is
//! copied, so an area of a single cell may be all that carries a dropdown at the last row.

use super::bytes::cut;
use super::place::Area;
use super::rows::SheetText;
use super::xml::{Kind, Node, Walker, unescape};
use crate::workbook::refusal::Refusal;
use std::ops::Range;

/// What an area belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A data validation, old or new (x14).
    Validation,
    /// A conditional format, old or new (x14).
    Format,
    /// The filter of the sheet.
    Filter,
    /// Protected ranges and ignored errors.
    Range,
    /// Merged cells; they never grow.
    Merged,
    /// `dimension`; it follows the cells.
    Dimension,
}

/// One attribute or text that holds areas.
#[derive(Debug, Clone)]
pub struct Found {
    /// What it belongs to.
    pub owner: Owner,
    /// Where the text stands in the part.
    pub place: Range<usize>,
    /// The areas, separated by white space.
    pub text: String,
}

/// Everything around the rows that matters for a patch.
#[derive(Debug, Default)]
pub struct Frame {
    /// Areas in file order.
    pub found: Vec<Found>,
    /// Default formats of columns: first, last (0-based), format.
    pub column_styles: Vec<(u32, u32, u32)>,
}

/// Which rows growing areas end at, and where they are to end.
#[derive(Debug, Clone, Default)]
pub struct Growth {
    /// From → to, in rows.
    pub pairs: Vec<(u32, u32)>,
    /// Row of the headers: areas that end there or above do not grow (but filters do).
    pub header: Option<u32>,
    /// The pairs were given by the caller: no caution about neighbours.
    pub told: bool,
}

impl Growth {
    /// The new bottom row of an area that ends at `bottom`.
    pub fn target(&self, bottom: u32) -> Option<u32> {
        self.pairs.iter().find(|(from, _)| *from == bottom).map(|(_, to)| *to).filter(|to| *to > bottom)
    }

    /// Whether, and to which row, one of several areas of an owner grows.
    fn decide(&self, owner: Owner, area: &Area, others: &[Area]) -> Option<u32> {
        let to = self.target(area.bottom)?;
        match owner {
            Owner::Merged | Owner::Dimension => return None,
            Owner::Filter => return Some(to),
            Owner::Validation | Owner::Format | Owner::Range => {}
        }
        if self.header.is_some_and(|header| area.bottom <= header) {
            return None;
        }
        let first_data_row = self.header.map(|header| header.saturating_add(1));
        let single = area.top == area.bottom && first_data_row != Some(area.top);
        let covered = others
            .iter()
            .any(|other| other.bottom == area.bottom && other.top < other.bottom && other.shares_columns(area));
        if single && covered {
            return None;
        }
        let below = Area { top: area.bottom.saturating_add(1), bottom: to, ..*area };
        let taken = owner == Owner::Validation && !self.told && others.iter().any(|other| other.meets(&below));
        (!taken).then_some(to)
    }
}

impl Frame {
    /// Reads what stands before and after the rows.
    pub fn read(sheet: &SheetText<'_>) -> Result<Self, Refusal> {
        let split = sheet.body.start;
        let mut text = cut(sheet.bytes, 0..split).to_vec();
        text.extend_from_slice(cut(sheet.bytes, sheet.body.end..sheet.bytes.len()));
        let shift = sheet.body.len();
        let real = |at: usize| if at >= split { at.saturating_add(shift) } else { at };
        let mut walker = Walker::new(&text, sheet.part)?;
        let mut frame = Self::default();
        let mut parents: Vec<String> = Vec::new();
        while let Some(node) = walker.next()? {
            frame.take(&node, &parents, &text);
            match node.kind {
                Kind::Open => parents.push(node.local),
                Kind::Close => {
                    parents.pop();
                }
                Kind::Empty | Kind::Other => {}
            }
        }
        for found in &mut frame.found {
            found.place = real(found.place.start)..real(found.place.end);
        }
        Ok(frame)
    }

    fn take(&mut self, node: &Node, parents: &[String], text: &[u8]) {
        let parent = parents.last().map_or("", String::as_str);
        if node.kind == Kind::Other && parent == "sqref" {
            let owner = match parents.iter().rev().nth(1).map(String::as_str) {
                Some("dataValidation") => Owner::Validation,
                Some("conditionalFormatting") => Owner::Format,
                _ => return,
            };
            let raw = std::str::from_utf8(cut(text, node.place.clone())).unwrap_or_default();
            self.found.push(Found { owner, place: node.place.clone(), text: unescape(raw).into_owned() });
            return;
        }
        if !node.is_main() || !matches!(node.kind, Kind::Open | Kind::Empty) {
            return;
        }
        let (owner, name) = match (node.local.as_str(), parent) {
            ("dataValidation", _) => (Owner::Validation, "sqref"),
            ("conditionalFormatting", _) => (Owner::Format, "sqref"),
            ("ignoredError" | "protectedRange", _) => (Owner::Range, "sqref"),
            ("mergeCell", _) => (Owner::Merged, "ref"),
            ("dimension", "worksheet") => (Owner::Dimension, "ref"),
            ("autoFilter", "worksheet") => (Owner::Filter, "ref"),
            ("col", "cols") => {
                let number = |name| node.value(name).and_then(|v| v.parse::<u32>().ok());
                if let (Some(min), Some(max), Some(style)) = (number("min"), number("max"), number("style")) {
                    self.column_styles.push((min.saturating_sub(1), max.saturating_sub(1), style));
                }
                return;
            }
            _ => return,
        };
        if let Some(attribute) = node.attribute(name) {
            self.found.push(Found { owner, place: attribute.place.clone(), text: attribute.value.clone() });
        }
    }

    /// All areas of an owner.
    pub fn areas(&self, owner: Owner) -> Vec<Area> {
        let of_owner = self.found.iter().filter(|found| found.owner == owner);
        of_owner.flat_map(|found| found.text.split_ascii_whitespace()).filter_map(Area::parse).collect()
    }

    /// The default format of a column.
    pub fn column_style(&self, column: u32) -> Option<u32> {
        self.column_styles.iter().find(|(min, max, _)| (*min..=*max).contains(&column)).map(|(_, _, style)| *style)
    }

    /// The new text of every attribute or text whose areas grow.
    pub fn grown(&self, growth: &Growth) -> Vec<(Range<usize>, String)> {
        let mut changed = Vec::new();
        for found in &self.found {
            let all = self.areas(found.owner);
            let mut grows = false;
            let words: Vec<String> = found
                .text
                .split_ascii_whitespace()
                .map(|word| {
                    let to = Area::parse(word).and_then(|area| growth.decide(found.owner, &area, &all));
                    grows |= to.is_some();
                    to.map_or_else(|| word.to_owned(), |to| Area::with_bottom(word, to))
                })
                .collect();
            if grows {
                changed.push((found.place.clone(), words.join(" ")));
            }
        }
        changed
    }
}

/// One table of a sheet.
#[derive(Debug, Clone)]
pub struct Table {
    /// Name of its part.
    pub part: String,
    /// The whole table with headers.
    pub area: Area,
    /// Row of the headers, if it shows them.
    pub header: Option<u32>,
    /// Rows of totals below the data.
    pub totals: u32,
    /// Where `ref` of the table and of its filter stand, with their texts.
    refs: Vec<(Range<usize>, String)>,
}

impl Table {
    /// Reads a table part; `None` where its `ref` is no area.
    pub fn read(bytes: &[u8], part: &str) -> Result<Option<Self>, Refusal> {
        let mut walker = Walker::new(bytes, part)?;
        let mut table: Option<Self> = None;
        while let Some(node) = walker.next()? {
            if node.opens("table") {
                let number = |name, default| node.value(name).and_then(|v| v.parse::<u32>().ok()).unwrap_or(default);
                let Some((attribute, area)) = node.attribute("ref").and_then(|a| Some((a, Area::parse(&a.value)?)))
                else {
                    return Ok(None);
                };
                table = Some(Self {
                    part: part.to_owned(),
                    area,
                    header: (number("headerRowCount", 1) > 0).then_some(area.top),
                    totals: number("totalsRowCount", 0),
                    refs: vec![(attribute.place.clone(), attribute.value.clone())],
                });
            } else if node.opens("autoFilter")
                && let (Some(table), Some(attribute)) = (table.as_mut(), node.attribute("ref"))
                && Area::parse(&attribute.value).is_some_and(|area| area.bottom == table.area.bottom)
            {
                table.refs.push((attribute.place.clone(), attribute.value.clone()));
            }
        }
        Ok(table)
    }

    /// Whether the cell is the name of a column of the table: it stands in the table's own part as well, and Excel takes
    /// a workbook in which the two differ for damaged.
    pub fn names_column(&self, row: u32, column: u32) -> bool {
        self.header == Some(row) && (self.area.left..=self.area.right).contains(&column)
    }

    /// The new texts of `ref` when the table ends at `bottom`.
    pub fn grown(&self, bottom: u32) -> Vec<(Range<usize>, String)> {
        self.refs.iter().map(|(place, text)| (place.clone(), Area::with_bottom(text, bottom))).collect()
    }
}

/// A defined name's text with its areas of `sheet` grown; `None` where nothing grows or where it is no plain list of areas.
pub fn grow_name(text: &str, sheet: &str, growth: &Growth, filter: bool) -> Option<String> {
    let mut grows = false;
    let mut words = Vec::new();
    for word in split_list(text)? {
        let (name, area_text) = word.rsplit_once('!')?;
        let plain = name
            .strip_prefix('\'')
            .and_then(|n| n.strip_suffix('\''))
            .map_or_else(|| name.to_owned(), |n| n.replace("''", "'"));
        let area = Area::parse(area_text);
        let to = area
            .filter(|area| plain == sheet && area_text.contains(':') && (filter || area.top < area.bottom))
            .and_then(|area| {
                let above = growth.header.is_some_and(|header| area.bottom <= header);
                growth.target(area.bottom).filter(|_| filter || !above)
            });
        grows |= to.is_some();
        words.push(to.map_or_else(|| word.to_owned(), |to| format!("{name}!{}", Area::with_bottom(area_text, to))));
    }
    grows.then(|| words.join(","))
}

/// Splits at commas outside of quotes; `None` where quotes do not close.
fn split_list(text: &str) -> Option<Vec<&str>> {
    let (mut words, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b',' if !quoted => {
                words.push(text.get(start..at)?);
                start = at.saturating_add(1);
            }
            _ => {}
        }
    }
    words.push(text.get(start..)?);
    (!quoted).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growth(pairs: &[(u32, u32)]) -> Growth {
        Growth { pairs: pairs.to_vec(), header: Some(3), told: false }
    }

    #[test]
    fn names_grow_only_where_they_are_plain_areas_of_the_sheet() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(grow_name(text, "Реєстр 2026", &growth(&[(103, 105)]), false).as_deref(), expected, "{text}");
        };
        check("'Реєстр 2026'!$A$3:$T$103", Some("'Реєстр 2026'!$A$3:$T$105"));
        check(
            "'Реєстр 2026'!$A$3:$B$103,'Реєстр 2026'!$D$1:$D$2",
            Some("'Реєстр 2026'!$A$3:$B$105,'Реєстр 2026'!$D$1:$D$2"),
        );
        check("'Інший'!$A$3:$T$103", None);
        check("'Реєстр 2026'!$A$103", None);
        check("OFFSET('Реєстр 2026'!$A$3:$T$103,1,0)", None);
        check("'Реєстр 2026'!$A:$T", None);
    }

    #[test]
    fn split_areas_grow_once_for_each_column() {
        let found = |owner, text: &str| Found { owner, place: 0..1, text: text.to_owned() };
        let frame = Frame {
            found: vec![
                found(Owner::Validation, "T22:T103 T4:T20"),
                found(Owner::Validation, "T103"),
                found(Owner::Validation, "S103"),
                found(Owner::Format, "A3:T3"),
                found(Owner::Filter, "A3:T3"),
            ],
            column_styles: Vec::new(),
        };
        let grown: Vec<String> = frame.grown(&growth(&[(103, 104)])).into_iter().map(|(_, text)| text).collect();
        assert_eq!(grown, ["T22:T104 T4:T20", "S103:S104"]);
        let grown: Vec<String> = frame.grown(&growth(&[(3, 4)])).into_iter().map(|(_, text)| text).collect();
        assert_eq!(grown, ["A3:T4"], "only the filter may start at the headers");
    }
}
