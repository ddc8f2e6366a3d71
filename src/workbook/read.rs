//! Reads the appeals out of a workbook for the merge: cells as the file has them, under the columns of the form.
//!
//! Streams cells (a workbook with two cells in far corners must not take a terabyte), never holds a grid. Meant to run in a
//! child process with limits (`cli/parse_workbook`), since a parser may still abort. Absent on purpose: the meaning of a
//! cell (`merge/value`), what to do with it (`merge`).

use crate::domain::form::Form;
use crate::domain::grid::{Raw, Sheet, SheetRow};
use crate::domain::label::same;
use crate::domain::remark::Remark;
use crate::workbook::inspect::SheetOutline;
use crate::workbook::package::Package;
use crate::workbook::prepass::{Limits, Noticed, look};
use crate::workbook::read_beside::read_beside;
use crate::workbook::read_header::{self, Columns, Dictionary, HEAD_ROWS, Head};
use crate::workbook::read_rows::Gatherer;
use crate::workbook::refusal::{Cause, Refusal};
use crate::workbook::stamp::read_stamp;
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::io::Cursor;

pub use crate::workbook::read_beside::Asked;
pub use crate::workbook::read_header::{HeaderMap, Layout};

/// Most sheets that are looked at.
const MAX_SHEETS: usize = 50;
/// Most cells of a sheet that are looked at, blank ones counted.
const MAX_CELLS: u64 = 10_000_000;
/// Cells to the right of this column (0-based) are not looked at.
const MAX_COLUMN: u32 = 512;
/// Most merged areas that a remark names.
const NAMED_AREAS: usize = 5;

pub(super) type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads the appeals in the form that is looked for.
///
/// # Errors
/// Why the workbook could not be read, in the words of an operator.
pub fn read_in_process(bytes: &[u8], layout: &Layout) -> Result<Sheet, Refusal> {
    read_with_beside(bytes, layout, &[], &mut |_, _| false)
}

/// Reads the appeals and the tables beside them that are asked for. `leave_out`: rows for which it is true are not kept;
/// it is told whether days count from 1904.
///
/// # Errors
/// Why the appeals could not be read; a table beside it that could not be read is simply not there.
pub fn read_with_beside(
    bytes: &[u8],
    layout: &Layout,
    asked: &[Asked],
    leave_out: &mut dyn FnMut(&SheetRow, bool) -> bool,
) -> Result<Sheet, Refusal> {
    let noticed = look(bytes, Limits::REGISTER)?;
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| refusal(&error, ""))?;
    let dictionary = Dictionary::new(layout);
    let (name, columns) = find_sheet(&mut book, layout.form, &dictionary)?;
    let date1904 = book.has_1904_epoch();
    let mut leave_out = |row: &SheetRow| leave_out(row, date1904);
    let mut sheet = read_rows(&mut book, (&name, &columns, &dictionary), &mut leave_out)?;
    sheet.date1904 = date1904;
    sheet.stamp = read_stamp(bytes);
    sheet.beside = asked.iter().filter_map(|asked| read_beside(&mut book, asked)).collect();
    sheet.remarks.extend(merged_remark(bytes, &sheet, &noticed));
    Ok(sheet)
}

/// The sheet with the appeals and its columns: the one that holds the table of the form, else the one of its name, else
/// the first visible sheet with such headers.
fn find_sheet(book: &mut Book<'_>, form: Form, dictionary: &Dictionary) -> Result<(String, Columns), Refusal> {
    // Tables only help to choose; a workbook with odd ones is still read.
    let has_tables = book.load_tables().is_ok();
    let mut candidates: Vec<(u8, String)> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .take(MAX_SHEETS)
        .filter_map(|sheet| {
            let has_table =
                has_tables && book.table_names_in_sheet(&sheet.name).iter().any(|table| same(table, form.sheet()));
            let rank = match (has_table, same(&sheet.name, form.sheet()), sheet.visible) {
                (true, _, _) => 0,
                (false, true, _) => 1,
                (false, false, SheetVisible::Visible) => 2,
                (false, false, SheetVisible::Hidden | SheetVisible::VeryHidden) => return None,
            };
            Some((rank, sheet.name.clone()))
        })
        .collect();
    candidates.sort_by_key(|(rank, _)| *rank);
    for (_, name) in candidates {
        let head = read_head(book, &name)?;
        if let Some(columns) = read_header::find(&head, dictionary, &name)? {
            return Ok((name, columns));
        }
    }
    Err(Refusal::at(Cause::NoHeader, form.sheet()))
}

/// The texts of the first rows.
fn read_head(book: &mut Book<'_>, name: &str) -> Result<Head, Refusal> {
    let mut head = Head::new();
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        Err(XlsxError::NotAWorksheet(_)) => return Ok(head),
        Err(error) => return Err(refusal(&error, name)),
    };
    for _ in 0..MAX_CELLS {
        let Some(cell) = cells.next_cell().map_err(|error| refusal(&error, name))? else { break };
        let (row, column) = cell.get_position();
        if row >= HEAD_ROWS {
            break;
        }
        if let DataRef::String(text) = cell.get_value() {
            note(&mut head, (row, column), text);
        } else if let DataRef::SharedString(text) = cell.get_value() {
            note(&mut head, (row, column), text);
        }
    }
    Ok(head)
}

fn note(head: &mut Head, (row, column): (u32, u32), text: &str) {
    if column <= MAX_COLUMN && !text.trim().is_empty() {
        head.entry(row).or_default().insert(column, text.trim().to_owned());
    }
}

fn read_rows(
    book: &mut Book<'_>,
    (name, columns, dictionary): (&str, &Columns, &Dictionary),
    leave_out: &mut dyn FnMut(&SheetRow) -> bool,
) -> Result<Sheet, Refusal> {
    let mut gatherer = Gatherer::new((columns, dictionary, name), leave_out);
    let mut cells = book.worksheet_cells_reader(name).map_err(|error| refusal(&error, name))?;
    let mut seen = 0u64;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| refusal(&error, name))? {
        seen += 1;
        if seen > MAX_CELLS {
            return Err(Refusal::at(Cause::TooMuchData, name));
        }
        if cell.pos.1 <= MAX_COLUMN {
            gatherer.cell(cell.pos, raw(cell.value), cell.formula.is_some())?;
        }
    }
    gatherer.finish_row()?;
    let mut remarks = columns.remarks.clone();
    if gatherer.dittos > 0 {
        remarks.push(Remark::general(format!(
            "Знаки повторення («-//-», «так само») прочитано як значення з рядка вище: {}.",
            gatherer.dittos
        )));
    }
    Ok(Sheet {
        name: name.to_owned(),
        header_row: columns.header_row + 1,
        columns: columns.known.iter().map(|(column, field)| (*field, *column)).collect(),
        headers: columns.headers.clone(),
        last_row: gatherer.last_row,
        rows: gatherer.rows(),
        remarks,
        ..Sheet::default()
    })
}

pub(super) fn raw(value: DataRef<'_>) -> Raw {
    match value {
        DataRef::Empty => Raw::Empty,
        DataRef::Int(number) => Raw::Number(number as f64),
        DataRef::Float(number) => Raw::Number(number),
        DataRef::DateTime(moment) => Raw::Number(moment.as_f64()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Raw::Text(text),
        DataRef::SharedString(text) => Raw::Text(text.to_owned()),
        DataRef::Bool(truth) => Raw::Bool(truth),
        DataRef::Error(error) => Raw::Error(error.to_string()),
    }
}

/// Merged cells hold a value at the top left only; areas among the title rows do not matter.
fn merged_remark(bytes: &[u8], sheet: &Sheet, noticed: &Noticed) -> Option<Remark> {
    if noticed.merged.is_empty() {
        return None;
    }
    let part = Package::open(bytes)?.sheets().remove(&sheet.name)?;
    let areas: Vec<&str> = noticed
        .merged
        .get(&part)?
        .iter()
        .map(String::as_str)
        .filter(|area| last_row(area).is_some_and(|row| row > sheet.header_row && row <= sheet.last_row))
        .take(NAMED_AREAS)
        .collect();
    let areas = if areas.is_empty() { return None } else { areas.join(", ") };
    Some(Remark::general(format!(
        "Серед рядків зі зверненнями є об'єднані комірки ({areas}); враховано значення лише лівої верхньої. Роз'єднайте їх."
    )))
}

/// The last row of an area such as `A5:B7`.
fn last_row(area: &str) -> Option<u32> {
    area.rsplit(':').next()?.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '$').parse().ok()
}

/// The sheets of a workbook that passed the pre-pass.
pub(super) fn outline(bytes: &[u8]) -> Vec<SheetOutline> {
    let Ok(mut book) = Xlsx::new(Cursor::new(bytes)) else { return Vec::new() };
    let has_tables = book.load_tables().is_ok();
    let sheets = book.sheets_metadata().iter().take(MAX_SHEETS);
    sheets
        .map(|sheet| SheetOutline {
            name: sheet.name.clone(),
            visible: sheet.visible == SheetVisible::Visible,
            has_cells: sheet.typ == SheetType::WorkSheet,
            tables: if has_tables {
                book.table_names_in_sheet(&sheet.name).into_iter().cloned().collect()
            } else {
                Vec::new()
            },
        })
        .collect()
}

fn refusal(error: &XlsxError, place: &str) -> Refusal {
    let cause = if matches!(error, XlsxError::Password) {
        Cause::Encrypted
    } else if matches!(error, XlsxError::CellError(_)) {
        Cause::UnknownError
    } else if matches!(error, XlsxError::NotAWorksheet(_)) {
        Cause::NotCells
    } else if matches!(error, XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound) {
        Cause::NotWorkbook
    } else {
        Cause::Damaged
    };
    Refusal::at(cause, place)
}
