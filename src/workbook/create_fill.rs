//! Streams the appeals into the skeleton of a workbook: the sheet is written anew around them, the reference of the
//! table gets its true end, every other part is copied as it is.
//!
//! The text of the skeleton is our own writer's, so plain searching is enough; what is not where it must be is an error.

use crate::domain::form::Form;
use crate::domain::register::Row;
use crate::workbook::create::{CreateError, Created, MAX_ROWS};
use crate::workbook::create_rows::{Column, write_row};
use crate::workbook::create_rules::ROWS_BELOW;
use crate::workbook::create_sheet::{HEADER, LAST_ROW, RULES_END};
use rust_xlsxwriter::utility;
use std::io::{Cursor, Read, Seek, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// The appeals are on the first sheet, in the first table.
const SHEET_PART: &str = "xl/worksheets/sheet1.xml";
const TABLE_PART: &str = "xl/tables/table1.xml";
/// XML of rows is handed to the compressor in pieces of about this size, bytes.
const CHUNK: usize = 64 * 1024;

/// Writes the whole workbook.
pub(super) fn fill(
    skeleton: &[u8],
    form: Form,
    rows: &mut dyn Iterator<Item = Row>,
    out: impl Write + Seek,
) -> Result<Created, CreateError> {
    let mut parts = ZipArchive::new(Cursor::new(skeleton))?;
    let sheet = text_of(&mut parts, SHEET_PART)?;
    let table = text_of(&mut parts, TABLE_PART)?;
    let mut packer = ZipWriter::new(out);
    let mut written = None;
    for index in 0..parts.len() {
        let part = parts.by_index_raw(index)?;
        let name = part.name()?.into_owned();
        match (name.as_str(), written) {
            (SHEET_PART, _) => {
                packer.start_file(SHEET_PART, options())?;
                written = Some(write_sheet(&mut packer, &sheet, form, rows)?);
            }
            (TABLE_PART, Some(written)) => {
                packer.start_file(TABLE_PART, options())?;
                packer.write_all(with_last_row(&table, form, written).as_bytes())?;
            }
            (TABLE_PART, None) => return Err(CreateError::Skeleton("the sheet before its table")),
            _ => packer.raw_copy_file(part)?,
        }
    }
    let rows = written.ok_or(CreateError::Skeleton("the sheet"))?;
    packer.finish()?;
    Ok(Created { header_row: HEADER + 1, first_row: HEADER + 2, rows })
}

/// A fixed time of the parts keeps the bytes of equal workbooks equal.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .large_file(false)
}

fn text_of(parts: &mut ZipArchive<Cursor<&[u8]>>, name: &'static str) -> Result<String, CreateError> {
    let mut text = String::new();
    parts.by_name(name)?.read_to_string(&mut text)?;
    Ok(text)
}

/// 1-based last row of the table, which has a blank row where there is no appeal.
fn last_row(written: u32) -> u32 {
    HEADER + 1 + written.max(1)
}

/// The table and its filter reach from the headers to the last row.
fn with_last_row(table: &str, form: Form, written: u32) -> String {
    let last_column = form.columns().len() as u16 - 1;
    let end = |row: u32| format!(":{}{row}\"", utility::column_number_to_name(last_column));
    table.replace(&end(HEADER + 2), &end(last_row(written)))
}

fn write_sheet(
    packer: &mut impl Write,
    skeleton: &str,
    form: Form,
    rows: &mut dyn Iterator<Item = Row>,
) -> Result<u32, CreateError> {
    let blank_start = format!("<row r=\"{}\"", HEADER + 2);
    let (head, rest) = skeleton.split_once(&blank_start).ok_or(CreateError::Skeleton("the blank row"))?;
    let (blank, tail) = rest.split_once("</sheetData>").ok_or(CreateError::Skeleton("the end of the rows"))?;
    let columns = columns(blank, form)?;
    packer.write_all(without_dimension(head).as_bytes())?;
    let mut xml = String::with_capacity(2 * CHUNK);
    let mut written = 0u32;
    for row in rows {
        if written as usize >= MAX_ROWS {
            return Err(CreateError::TooMuch);
        }
        written += 1;
        write_row(&mut xml, HEADER + 1 + written, &row, &columns);
        if xml.len() >= CHUNK {
            packer.write_all(xml.as_bytes())?;
            xml.clear();
        }
    }
    if written == 0 {
        write_row(&mut xml, HEADER + 2, &Row::default(), &columns);
    }
    let last = last_row(written);
    let rules_end = last.saturating_add(ROWS_BELOW);
    xml.push_str("</sheetData>");
    xml.push_str(
        &tail.replace(&LAST_ROW.to_string(), &last.to_string()).replace(&RULES_END.to_string(), &rules_end.to_string()),
    );
    packer.write_all(xml.as_bytes())?;
    Ok(written)
}

/// The dimension is optional and would have to be known before the rows are.
fn without_dimension(head: &str) -> String {
    match head.split_once("<dimension ") {
        Some((before, after)) => format!("{before}{}", after.split_once("/>").map_or("", |(_, rest)| rest)),
        None => head.to_owned(),
    }
}

/// Column letters and styles, as the blank row of the skeleton shows them.
fn columns(blank: &str, form: Form) -> Result<Vec<Column>, CreateError> {
    (0..)
        .zip(form.columns())
        .map(|(position, spec)| {
            let letters = utility::column_number_to_name(position);
            let cell = format!("<c r=\"{letters}{}\" s=\"", HEADER + 2);
            let style = blank
                .split_once(&cell)
                .and_then(|(_, rest)| rest.split_once('"'))
                .and_then(|(number, _)| number.parse().ok())
                .ok_or(CreateError::Skeleton("the style of a column"))?;
            Ok(Column { spec, letters, style })
        })
        .collect()
}
