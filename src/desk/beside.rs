//! What the sheets beside the register have in common: their columns, the words of a line, lines to append.

use crate::domain::grid::{BesideTable, Raw};
use crate::domain::value::Value;
use std::collections::BTreeMap;

/// The columns of a new sheet.
pub fn columns(columns: &[(&str, u16)]) -> Vec<(String, u16)> {
    columns.iter().map(|(header, width)| ((*header).to_owned(), *width)).collect()
}

/// Headers by which a sheet is found.
pub fn headers(columns: &[(&str, u16)]) -> Vec<String> {
    columns.iter().map(|(header, _)| (*header).to_owned()).collect()
}

/// What stands in a line under a header, without white space around it.
pub fn word(cells: &BTreeMap<String, Raw>, header: &str) -> String {
    cells.get(header).map(Raw::to_string).unwrap_or_default().trim().to_owned()
}

/// A line to append to a sheet; its columns may have been moved.
pub fn line(
    sheet: &BesideTable,
    columns: &[(&str, u16)],
    values: impl IntoIterator<Item = Value>,
) -> BTreeMap<u32, Value> {
    let filled = columns.iter().zip(values).filter(|(_, value)| !value.is_empty());
    filled.filter_map(|((header, _), value)| Some((*sheet.columns.get(*header)?, value))).collect()
}
