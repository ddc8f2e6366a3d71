//! Nothing leaves the patch unread: the archive is opened again by another reader, every changed part is inflated and its
//! checksum compared with that of what was planned, every intended cell is read back, every other record is proved to be
//! the very same bytes.
//!
//! Records that were copied are not inflated: they are equal to the input's, whose checksums the reader proves.

use super::NewPart;
use super::archive::{Archive, Changes};
use super::bytes::cut;
use super::content::Shown;
use super::rows::{Row, SheetText};
use super::sheet::{Expected, SheetPatch};
use super::xml::{Kind, Walker, unescape};
use crate::workbook::refusal::{Cause, Refusal};
use std::io::Cursor;

fn refuse() -> Refusal {
    Refusal::whole(Cause::NotConfirmed)
}

fn demand(held: bool) -> Result<(), Refusal> {
    if held { Ok(()) } else { Err(refuse()) }
}

/// Proves a patched workbook against what was intended.
pub fn workbook(
    before: &Archive<'_>,
    after: &[u8],
    changes: &Changes,
    (new_parts, sheets): (&[NewPart], &[SheetPatch]),
) -> Result<(), Refusal> {
    let opened = Archive::open(after).map_err(|_| refuse())?;
    let second = zip::ZipArchive::new(Cursor::new(after)).map_err(|_| refuse())?;
    demand(second.len() == opened.entries.len())?;
    let kept: Vec<usize> = (0..before.entries.len()).filter(|index| !changes.dropped.contains(index)).collect();
    demand(opened.entries.len() == kept.len().saturating_add(new_parts.len()))?;
    for (there, here) in kept.iter().enumerate() {
        if !changes.replaced.contains_key(here) {
            demand(before.same_record(*here, &opened, there))?;
        }
    }
    let place = |index: usize| kept.iter().position(|here| *here == index).ok_or_else(refuse);
    for part in new_parts {
        let there = opened.find(&part.name).ok_or_else(refuse)?;
        demand(opened.content(there).map_err(|_| refuse())? == part.content)?;
    }
    for (index, planned) in &changes.replaced {
        let there = place(*index)?;
        // Inflated to its end; size and checksum are those of the plan, not only those that the archive claims.
        let content = opened.content(there).map_err(|_| refuse())?;
        demand(opened.entries.get(there).is_some_and(|entry| entry.holds(planned)))?;
        if let Some(patch) = sheets.iter().find(|patch| patch.part.index == *index) {
            sheet(&content, patch)?;
        }
    }
    demand(sheets.iter().all(|patch| patch.expected.is_empty() || changes.replaced.contains_key(&patch.part.index)))
}

/// Reads the rows again: ascending, none twice, every intended cell as intended.
fn sheet(content: &[u8], patch: &SheetPatch) -> Result<(), Refusal> {
    let text = SheetText::open(content, "").map_err(|_| refuse())?;
    let rows = text.rows().map_err(|_| refuse())?;
    let find = |number: u32| rows.binary_search_by_key(&number, |row| row.number).ok().and_then(|at| rows.get(at));
    demand(patch.removed.iter().all(|number| find(*number).is_none()))?;
    let mut expected = patch.expected.iter().collect::<Vec<_>>();
    expected.sort_by_key(|cell| (cell.row, cell.column));
    for of_row in expected.chunk_by(|a, b| a.row == b.row) {
        let Some(first) = of_row.first() else { continue };
        row(&text, find(first.row).ok_or_else(refuse)?, of_row)?;
    }
    Ok(())
}

fn row(text: &SheetText<'_>, row: &Row, expected: &[&Expected]) -> Result<(), Refusal> {
    let cells = text.cells(row).map_err(|_| refuse())?;
    for cell in expected {
        let found = cells.iter().find(|c| c.column == cell.column).ok_or_else(refuse)?;
        let xml = cut(text.bytes, found.place.clone());
        let (style, shown) = read_cell(xml)?;
        demand(style == cell.ready.style && shown == cell.ready.shown)?;
    }
    Ok(())
}

/// Reads one cell of our own writing with the XML reader.
fn read_cell(xml: &[u8]) -> Result<(Option<u32>, Shown), Refusal> {
    let mut walker = Walker::new(xml, "").map_err(|_| refuse())?;
    let (mut kind, mut style) = (String::new(), None);
    let mut path: Vec<String> = Vec::new();
    let (mut value, mut formula, mut inline) = (None::<String>, None::<String>, None::<String>);
    while let Some(node) = walker.next().map_err(|_| refuse())? {
        match node.kind {
            Kind::Open | Kind::Empty => {
                if node.local == "c" {
                    node.value("t").unwrap_or("n").clone_into(&mut kind);
                    style = node.value("s").and_then(|s| s.parse().ok());
                }
                if node.kind == Kind::Open {
                    path.push(node.local);
                }
            }
            Kind::Close => {
                path.pop();
            }
            Kind::Other => {
                let slot = match path.last().map(String::as_str) {
                    Some("v") => &mut value,
                    Some("f") => &mut formula,
                    Some("t") => &mut inline,
                    _ => continue,
                };
                let raw = std::str::from_utf8(cut(xml, node.place)).map_err(|_| refuse())?;
                slot.get_or_insert_default().push_str(raw);
            }
        }
    }
    let plain = |text: String| unescape(&text).into_owned();
    let shown = match (kind.as_str(), formula, value, inline) {
        (_, Some(formula), ..) => Shown::Formula(plain(formula)),
        ("inlineStr", None, None, Some(text)) => Shown::Text(decode(&plain(text))),
        ("b", None, Some(value), None) => Shown::Flag(value == "1"),
        ("n", None, Some(value), None) => Shown::Number(value),
        ("n", None, None, None) => Shown::Nothing,
        _ => return Err(refuse()),
    };
    Ok((style, shown))
}

/// Resolves `_xHHHH_`.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut left = text;
    while let Some(at) = left.find("_x") {
        let (before, from) = left.split_at_checked(at).unwrap_or((left, ""));
        out.push_str(before);
        let letter = from
            .get(2..6)
            .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()) && from.get(6..7) == Some("_"))
            .and_then(|hex| char::from_u32(u32::from_str_radix(hex, 16).ok()?));
        let taken = if let Some(letter) = letter {
            out.push(letter);
            7
        } else {
            out.push_str("_x");
            2
        };
        left = from.get(taken..).unwrap_or_default();
    }
    out.push_str(left);
    out
}
