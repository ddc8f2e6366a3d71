//! Reads the plain tables beside the register ("Розбіжності", …): found by the name of their sheet, their columns by header.
//!
//! They are a help, not the register: a table that was renamed, emptied or broken is simply not there.

use crate::domain::grid::{BesideTable, Raw};
use crate::domain::label::same;
use crate::workbook::read::{Book, raw};
use calamine::Reader;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The headers stand within this many rows.
const HEAD_ROWS: u32 = 20;
/// Most rows that are read.
const MAX_ROWS: usize = 20_000;
/// Most cells that are looked at.
const MAX_CELLS: usize = 500_000;

/// A table that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Name of its sheet.
    pub sheet: String,
    /// Its headers.
    pub headers: Vec<String>,
}

/// Reads a table; `None` if it is not there in a form that can be read.
pub(super) fn read_beside(book: &mut Book<'_>, asked: &Asked) -> Option<BesideTable> {
    let name = book.sheets_metadata().iter().find(|sheet| same(&sheet.name, &asked.sheet))?.name.clone();
    let mut cells = book.worksheet_cells_reader(&name).ok()?;
    let mut table = BesideTable { name: name.clone(), ..BesideTable::default() };
    let mut head: BTreeMap<u32, BTreeMap<String, u32>> = BTreeMap::new();
    for _ in 0..MAX_CELLS {
        let Ok(Some(cell)) = cells.next_cell() else { break };
        let (row, column) = cell.get_position();
        let value = raw(cell.get_value().clone());
        if table.columns.is_empty() {
            // The row of headers ends where the next row begins.
            let before = head.range(..row).next_back().map(|(_, found)| found);
            if let Some(found) = before.filter(|found| is_head(found, asked)) {
                table.columns.clone_from(found);
            } else if row >= HEAD_ROWS {
                return None;
            }
        }
        if table.columns.is_empty() {
            let text = value.to_string();
            if let Some(header) = asked.headers.iter().find(|header| same(header, &text)) {
                head.entry(row).or_default().entry(header.clone()).or_insert(column);
            }
        } else if let Some((header, _)) = table.columns.iter().find(|(_, at)| **at == column) {
            put(&mut table.rows, row + 1, header.clone(), value);
        }
        if table.rows.len() > MAX_ROWS {
            break;
        }
    }
    if table.columns.is_empty() {
        // A table of headers alone.
        table.columns = head.into_values().find(|found| is_head(found, asked))?;
    }
    Some(table)
}

/// Most of the headers stand in one row.
fn is_head(found: &BTreeMap<String, u32>, asked: &Asked) -> bool {
    found.len() * 2 > asked.headers.len()
}

fn put(rows: &mut Vec<(u32, BTreeMap<String, Raw>)>, row: u32, header: String, value: Raw) {
    if matches!(&value, Raw::Empty) || matches!(&value, Raw::Text(text) if text.trim().is_empty()) {
        return;
    }
    match rows.last_mut() {
        Some((last, cells)) if *last == row => {
            cells.insert(header, value);
        }
        Some(_) | None => rows.push((row, BTreeMap::from([(header, value)]))),
    }
}
