//! The minimal edit of an existing workbook: edits in, bytes out. Only the cells that were meant change; everything
//! else in the file stays byte for byte, so that people's colours, notes, filters, charts and macros survive.
//!
//! The sheet part is inflated, bytes are replaced in it, and it is deflated again; every other part is copied as it lies
//! in the archive. No library does this without loss, so the archive's records are handled here (`archive`).
//!
//! Deliberately absent: files, locks, time (`world`), what a column means (`merge`), moving rows up or down.
//! Invariants: no edit, no change; what cannot be done safely is refused with a cause and a remedy, never half done;
//! nothing is returned that was not read back (`verify`).

mod archive;
mod areas;
mod bytes;
mod chain;
mod content;
mod deflate;
mod package;
mod place;
mod properties;
mod region;
mod rows;
mod sheet;
mod styles;
mod verify;
mod xml;

pub use content::{Content, NewCell, TEXT_LIMIT, as_written};
pub use place::{LAST_ROW, cell_name, parse_cell};

use crate::domain::grid::{SheetEdits, Stamp};
use crate::workbook::refusal::{Cause, Refusal};
use archive::{Changes, Packed};
use bytes::Splice;
use chain::Gone;
use package::{ListedSheet, Package};
use sheet::SheetPatch;
use std::collections::{BTreeMap, BTreeSet};
use styles::Styles;

/// Custom property that holds the identity of the replica.
pub const REPLICA_PROPERTY: &str = "zvernennia.replica";
/// Custom property that holds the ledger revision that the workbook shows.
pub const REVISION_PROPERTY: &str = "zvernennia.revision";
/// Parts up to this size are deflated thoroughly, larger ones fast.
const THOROUGH_LIMIT: usize = 1 << 20;
/// Deflate level of small parts.
const THOROUGH: u32 = 6;
/// Deflate level of large parts: a tenth of the time for a tenth to a half more of size.
const FAST: u32 = 1;

/// Which sheet an edit is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetName {
    /// By its name on the tab.
    Named(String),
    /// By its position among all sheets, 0-based.
    Nth(usize),
}

/// Edits of one worksheet. Rows are 1-based, columns 0-based.
#[derive(Debug, Clone)]
pub struct SheetEdit {
    /// The sheet.
    pub sheet: SheetName,
    /// Cells to set, by (row, column); a row that is not there is made.
    pub cells: BTreeMap<(u32, u32), NewCell>,
    /// Rows to append after the last data row, in order: column → cell.
    pub append: Vec<BTreeMap<u32, NewCell>>,
    /// Rows to take out of the file; the others keep their numbers.
    pub remove: BTreeSet<u32>,
    /// The last data row, where the caller has read it; else it is found here.
    pub after: Option<u32>,
    /// Row of the headers, where the caller has read it.
    pub header_row: Option<u32>,
    /// Areas that end at the first row end at the second afterwards; `None`: those of the register grow with it.
    pub growth: Option<Vec<(u32, u32)>>,
}

impl SheetEdit {
    /// No edits of a sheet.
    pub fn new(sheet: SheetName) -> Self {
        Self {
            sheet,
            cells: BTreeMap::new(),
            append: Vec::new(),
            remove: BTreeSet::new(),
            after: None,
            header_row: None,
            growth: None,
        }
    }

    /// The edits of one pass to a named sheet.
    pub fn of(name: &str, edits: &SheetEdits) -> Self {
        let row = |cells: &BTreeMap<u32, _>| {
            cells.iter().map(|(column, v)| (*column, NewCell::from(Clone::clone(v)))).collect()
        };
        Self {
            cells: edits.cells.iter().map(|(place, value)| (*place, value.clone().into())).collect(),
            append: edits.append.iter().map(row).collect(),
            ..Self::new(SheetName::Named(name.to_owned()))
        }
    }
}

/// What else a patch does.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Custom document properties to set, as text.
    pub properties: Vec<(String, String)>,
}

impl Options {
    /// Leaves a stamp.
    pub fn stamp(stamp: &Stamp) -> Self {
        let revision = stamp.revision.to_string();
        Self {
            properties: vec![
                (REPLICA_PROPERTY.to_owned(), stamp.replica.clone()),
                (REVISION_PROPERTY.to_owned(), revision),
            ],
        }
    }
}

/// What became of one sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its name.
    pub sheet: String,
    /// Numbers of the appended rows.
    pub new_rows: Vec<u32>,
    /// Areas that ended at the first row were free to grow to the second.
    pub grown: Vec<(u32, u32)>,
}

/// A part that changes.
struct Part {
    index: usize,
    original: Vec<u8>,
    splice: Splice,
}

/// A part that is added.
struct NewPart {
    name: String,
    content: Vec<u8>,
}

/// Makes the edits. The result has been read back; where anything is not as intended, it is refused.
pub fn edit(workbook: &[u8], edits: &[SheetEdit], options: &Options) -> Result<Vec<u8>, Refusal> {
    edit_and_report(workbook, edits, options).map(|(bytes, _)| bytes)
}

/// As `edit`, and says where the new rows went.
pub fn edit_and_report(
    workbook: &[u8],
    edits: &[SheetEdit],
    options: &Options,
) -> Result<(Vec<u8>, Vec<Report>), Refusal> {
    let package = Package::open(workbook)?;
    let styles = Styles::read(&package)?;
    let mut sheets: Vec<(&ListedSheet, SheetPatch)> = Vec::new();
    for edit in edits {
        let listed = find_sheet(&package, &edit.sheet)?;
        if sheets.iter().any(|(other, _)| other.position == listed.position) {
            return Err(Refusal::at(Cause::BadEdit, listed.name.clone()));
        }
        sheets.push((listed, sheet::plan(&package, &styles, listed, edit)?));
    }
    let grown: Vec<_> = sheets.iter().map(|(listed, patch)| (*listed, &patch.growth)).collect();
    let mut parts: Vec<Part> = sheet::grow_names(&package, &grown)?.into_iter().collect();
    let gone: Gone = sheets.iter().flat_map(|(_, patch)| patch.gone.iter().cloned()).collect();
    let dropped: Vec<usize> = chain::drop_entries(&package, &gone, &mut parts)?.into_iter().collect();
    let mut new_parts = Vec::new();
    properties::set(&package, &options.properties, &mut parts, &mut new_parts)?;
    let mut sheets: Vec<SheetPatch> = sheets.into_iter().map(|(_, patch)| patch).collect();
    let mut changes = Changes { dropped, ..Changes::default() };
    let of_sheets = sheets.iter_mut().flat_map(|patch| std::iter::once(&mut patch.part).chain(&mut patch.tables));
    for part in parts.iter_mut().chain(of_sheets) {
        part.splice.settle(part.original.len())?;
        if part.splice.is_empty() {
            continue;
        }
        let packed = pack(&part.splice.pieces(&part.original), part.original.len())?;
        changes.replaced.insert(part.index, packed);
        // Its checksum is what the read-back must give; a sheet is too large to be held twice.
        part.original = Vec::new();
    }
    for part in &new_parts {
        changes.added.push((part.name.clone(), pack(&[&part.content], part.content.len())?));
    }
    let reports = |sheets: Vec<SheetPatch>| sheets.into_iter().map(|patch| patch.report).collect();
    if changes.is_empty() {
        return Ok((workbook.to_vec(), reports(sheets)));
    }
    let out = package.archive.assemble(&changes)?;
    // The deflated copies are in the output now; dropped before the output is inflated again.
    changes
        .replaced
        .values_mut()
        .chain(changes.added.iter_mut().map(|(_, part)| part))
        .for_each(|p| p.bytes = Vec::new());
    verify::workbook(&package.archive, &out, &changes, (&new_parts, &sheets))?;
    Ok((out, reports(sheets)))
}

fn pack(pieces: &[&[u8]], size: usize) -> Result<Packed, Refusal> {
    deflate::pack(pieces, if size <= THOROUGH_LIMIT { THOROUGH } else { FAST })
}

fn find_sheet<'p>(package: &'p Package<'_>, wanted: &SheetName) -> Result<&'p ListedSheet, Refusal> {
    match wanted {
        SheetName::Named(name) => package
            .sheets
            .iter()
            .find(|sheet| sheet.name == *name)
            .ok_or_else(|| Refusal::at(Cause::NoSheet, name.clone())),
        SheetName::Nth(position) => package
            .sheets
            .iter()
            .find(|sheet| sheet.position == *position)
            .ok_or_else(|| Refusal::at(Cause::NoSheet, (position.saturating_add(1)).to_string())),
    }
}
