//! What a workbook looks like to the service: for `zvernennia workbook inspect`, when somebody asks why it was refused.
//!
//! Says names of sheets, tables and columns, counts and remarks; never the content of a row.

use crate::domain::field::Field;
use crate::domain::form::Form;
use crate::domain::grid::Stamp;
use crate::domain::remark::Remark;
use crate::workbook::prepass::prepass;
use crate::workbook::read::{HeaderMap, Layout, outline, read_in_process};
use crate::workbook::refusal::Refusal;
use crate::workbook::stamp::read_stamp;
use serde::{Deserialize, Serialize};

/// One sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetOutline {
    /// Its name.
    pub name: String,
    /// Whether people see it.
    pub visible: bool,
    /// Whether it has cells (else a chart, a macro sheet).
    pub has_cells: bool,
    /// Names of its tables.
    pub tables: Vec<String>,
}

/// A column of the form that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundColumn {
    /// The column.
    pub field: Field,
    /// Header in the form.
    pub header: String,
    /// Header in the workbook.
    pub shown: String,
    /// Where it stands, 1-based.
    pub position: u32,
}

/// The register in the workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterOutline {
    /// Name of the sheet.
    pub sheet: String,
    /// Row of the headers, 1-based.
    pub header_row: u32,
    /// Last row with a value, 1-based.
    pub last_row: u32,
    /// How many rows were read.
    pub rows: usize,
    /// How many of them have a registration number.
    pub numbered: usize,
    /// Days count from 1904.
    pub date1904: bool,
    /// Columns of the form, as they stand in the workbook from left to right.
    pub columns: Vec<FoundColumn>,
    /// Columns of the form that are not there.
    pub missing: Vec<String>,
    /// Headers of columns that the form does not know: the office's own.
    pub unknown: Vec<String>,
    /// What was odd.
    pub remarks: Vec<Remark>,
}

/// What a workbook looks like to the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// Size of the file in bytes.
    pub bytes: usize,
    /// The stamp of the service.
    pub stamp: Option<Stamp>,
    /// Its sheets in order.
    pub sheets: Vec<SheetOutline>,
    /// The register, if there is one.
    pub register: Option<RegisterOutline>,
    /// Why it is not read, if it is not.
    pub refusal: Option<Refusal>,
    /// The same in the words of an operator.
    pub refusal_text: Option<String>,
}

/// Looks at a workbook; a refusal is part of the answer.
pub fn inspect(bytes: &[u8], headers: &HeaderMap) -> Inspection {
    let checked = prepass(bytes);
    // Only what passed the pre-pass is shown to a parser.
    let is_sound = checked.is_ok();
    let read = checked.and_then(|()| read_in_process(bytes, &Layout::register(headers)));
    let (register, refusal) = match read {
        Ok(sheet) => {
            let mut columns: Vec<FoundColumn> = sheet
                .columns
                .iter()
                .map(|(field, at)| FoundColumn {
                    field: *field,
                    header: field.spec().header.to_owned(),
                    shown: sheet.headers.get(at).cloned().unwrap_or_default(),
                    position: at + 1,
                })
                .collect();
            columns.sort_by_key(|column| column.position);
            let unknown =
                sheet.headers.iter().filter(|(at, _)| !columns.iter().any(|column| column.position == *at + 1));
            let unknown = unknown.map(|(_, header)| header.clone()).collect();
            let register = RegisterOutline {
                header_row: sheet.header_row,
                last_row: sheet.last_row,
                rows: sheet.rows.len(),
                numbered: sheet.rows.iter().filter(|row| row.cells.contains_key(&Field::Number)).count(),
                date1904: sheet.date1904,
                missing: Form::Register
                    .columns()
                    .iter()
                    .filter(|spec| !sheet.columns.contains_key(&spec.field))
                    .map(|spec| spec.header.to_owned())
                    .collect(),
                columns,
                unknown,
                remarks: sheet.remarks,
                sheet: sheet.name,
            };
            (Some(register), None)
        }
        Err(refusal) => (None, Some(refusal)),
    };
    Inspection {
        bytes: bytes.len(),
        stamp: if is_sound { read_stamp(bytes) } else { None },
        sheets: if is_sound { outline(bytes) } else { Vec::new() },
        register,
        refusal_text: refusal.as_ref().map(ToString::to_string),
        refusal,
    }
}
