//! A worksheet as it was read, and the edits that are to be made to it. Plain values between `workbook` and `merge`.
//!
//! Rows are Excel's (1-based); columns are 0-based. Nothing here knows what a column means except by its `Field`.

use crate::domain::field::Field;
use crate::domain::remark::Remark;
use crate::domain::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The stamp that the service leaves in the custom document properties of every workbook it writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Identity of the replica (property `zvernennia.replica`).
    pub replica: String,
    /// Ledger revision that the workbook shows (property `zvernennia.revision`).
    pub revision: i64,
}

/// A cell as the file has it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Raw {
    /// No cell, or no value.
    #[default]
    Empty,
    /// Text of any kind (shared, inline, formula result, ISO date of a `t="d"` cell).
    Text(String),
    /// A number; a date or a time where the column says so.
    Number(f64),
    /// TRUE or FALSE.
    Bool(bool),
    /// An error value such as `#REF!`: unreadable, the last known value stays.
    Error(String),
}

impl fmt::Display for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) | Self::Error(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Bool(truth) => write!(f, "{truth}"),
        }
    }
}

/// A plain table on a sheet beside the register, as read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BesideTable {
    /// Name of the worksheet.
    pub name: String,
    /// The asked headers that were found and where they stand (0-based).
    pub columns: BTreeMap<String, u32>,
    /// Rows with at least one value under them: Excel's row number, non-empty cells by header.
    pub rows: Vec<(u32, BTreeMap<String, Raw>)>,
}

/// One row of the register as read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SheetRow {
    /// Excel's row number, 1-based.
    pub row: u32,
    /// Non-empty cells of known columns.
    pub cells: BTreeMap<Field, Raw>,
    /// Columns whose cell holds a formula (the cached value is in `cells`).
    pub formulas: Vec<Field>,
    /// Columns whose cell said "the same as above"; `cells` has the value from above, which is to be written out.
    #[serde(default)]
    pub dittos: Vec<Field>,
    /// Non-empty cells of unknown columns, by header text.
    pub extra: BTreeMap<String, Raw>,
}

/// A row of the sheet that shows an appeal as the ledger has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledRow {
    /// Which of the appeals that the reader was told of.
    pub told: u32,
    /// Excel's row number, 1-based.
    pub row: u32,
}

/// The register sheet as read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Name of the worksheet.
    pub name: String,
    /// Row of the headers, 1-based.
    pub header_row: u32,
    /// Known columns and where they stand (0-based).
    pub columns: BTreeMap<Field, u32>,
    /// Every header as it stands in the row of headers, by column (0-based).
    #[serde(default)]
    pub headers: BTreeMap<u32, String>,
    /// The row after which the next row is appended (last row with a value in any column of the table), 1-based.
    pub last_row: u32,
    /// Serial dates count from 1904.
    pub date1904: bool,
    /// Rows with at least one value in a known column, in file order; title rows and the "1 2 3 …" row left out.
    pub rows: Vec<SheetRow>,
    /// Rows that show just what the reader was told of them, and are therefore left out of `rows`.
    #[serde(default)]
    pub settled: Vec<SettledRow>,
    /// The stamp, if the workbook carries a readable one.
    pub stamp: Option<Stamp>,
    /// Tables beside the register that were asked for and found.
    #[serde(default)]
    pub beside: Vec<BesideTable>,
    /// What was odd.
    pub remarks: Vec<Remark>,
}

/// Edits of one pass to one worksheet; all of them go into the file in one patch.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SheetEdits {
    /// Cells to set: (row 1-based, column 0-based) → value; `Value::Empty` clears the cell and keeps its style.
    pub cells: BTreeMap<(u32, u32), Value>,
    /// Rows to append after the last data row, in order: column 0-based → value.
    pub append: Vec<BTreeMap<u32, Value>>,
}

impl SheetEdits {
    /// Whether nothing is to be changed.
    pub fn is_nothing(&self) -> bool {
        self.cells.is_empty() && self.append.is_empty()
    }
}
