//! The sheet "Реєстр": title block, headers, rows, print set-up.
//!
//! Row heights of data are left to Excel and LibreOffice, which fit them when the file is opened; only a row whose text
//! would fill more than a screen gets a fixed height.

use crate::domain::field::{FIELDS, Field, Shape};
use crate::domain::register::{Frame, Row};
use crate::domain::value::{Value, cell_text};
use crate::workbook::create::{CreateError, Created, MAX_ROWS, REGISTER_SHEET, REGISTER_TABLE, at};
use crate::workbook::create_lists::Lists;
use crate::workbook::create_rules;
use crate::workbook::create_style::{self, Styles};
use chrono::{NaiveDate, NaiveTime, Timelike};
use rust_xlsxwriter::{Color, Format, IgnoreError, Table, TableColumn, TableStyle, Workbook, Worksheet, XlsxError};

/// Row of the headers, 0-based: organisation, title and contact centre stand above.
const HEADER: u32 = 3;
/// The title block stands over these first columns, which a screen shows without scrolling.
const TITLE_COLUMNS: u16 = 13;
/// The reference to the order stands over these last columns.
const REFERENCE_COLUMNS: u16 = 6;
/// Columns that stay when scrolling to the right: ordinal and registration number.
const FROZEN_COLUMNS: u16 = 2;
/// The register is printed this many pages wide.
const PAGES_WIDE: u16 = 1;
/// Lines of text in one cell from which a row gets the greatest height that Excel knows.
const TALL_LINES: usize = 31;
/// Greatest row height, points.
const MAX_HEIGHT: f64 = 409.0;
/// Paper format A4 in the numbering of Excel.
const PAPER_A4: u8 = 9;

/// "РЕЄСТР звернень громадян за 2022 рік".
pub(super) fn title(frame: &Frame) -> String {
    format!("РЕЄСТР звернень громадян за {} рік", frame.title.year)
}

pub(super) fn draw(
    book: &mut Workbook,
    styles: &Styles,
    frame: &Frame,
    lists: &Lists,
    (count, rows): (usize, &mut dyn Iterator<Item = Row>),
) -> Result<Created, CreateError> {
    let sheet = book.add_worksheet_with_constant_memory().map_err(at("temporary file"))?;
    let data_rows = u32::try_from(count.clamp(1, MAX_ROWS)).unwrap_or(1);
    let last = HEADER + data_rows;
    sheet.set_name(REGISTER_SHEET).map_err(at(REGISTER_SHEET))?;
    set_up(sheet, frame).map_err(at("page set-up"))?;
    title_block(sheet, styles, frame).map_err(at("title block"))?;
    sheet.set_row_height(HEADER, 60).map_err(at("header row"))?;
    let last_column = FIELDS.len() as u16 - 1;
    sheet.add_table(HEADER, 0, last, last_column, &table(styles)).map_err(at("table of appeals"))?;
    let written = write_rows(sheet, count, rows)?;
    create_rules::add(sheet, lists, (HEADER + 1, last)).map_err(at("dropdowns and colours"))?;
    for field in [Field::Number, Field::Phone, Field::Applicant] {
        let column = field as u16;
        sheet
            .ignore_error_range(HEADER + 1, column, last, column, IgnoreError::NumberStoredAsText)
            .map_err(at("marks of numbers kept as text"))?;
    }
    Ok(Created { header_row: HEADER + 1, first_row: HEADER + 2, rows: written })
}

fn table(styles: &Styles) -> Table {
    let columns: Vec<TableColumn> = FIELDS
        .iter()
        .map(|spec| TableColumn::new().set_header(spec.header).set_header_format(&styles.header))
        .collect();
    // The style gives borders to rows that Excel adds by itself.
    Table::new().set_name(REGISTER_TABLE).set_columns(&columns).set_style(TableStyle::Light15).set_banded_rows(false)
}

fn set_up(sheet: &mut Worksheet, frame: &Frame) -> Result<(), XlsxError> {
    for spec in &FIELDS {
        let column = spec.field as u16;
        sheet.set_column_width(column, f64::from(spec.width))?;
        sheet.set_column_format(column, &create_style::column(spec.field))?;
    }
    sheet.set_freeze_panes(HEADER + 1, FROZEN_COLUMNS)?;
    sheet.set_landscape().set_paper_size(PAPER_A4).set_print_fit_to_pages(PAGES_WIDE, 0);
    sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3).set_print_center_horizontally(true);
    sheet.set_repeat_rows(HEADER, HEADER)?;
    sheet.set_repeat_columns(0, FROZEN_COLUMNS - 1)?;
    sheet.set_tab_color(Color::RGB(0x001F_4E79));
    sheet.set_header_footer_scale_with_doc(false);
    let font = format!("&\"{},Regular\"&9", create_style::FONT);
    sheet.set_header(format!("&R{font}Реєстр звернень громадян за {} рік", frame.title.year));
    sheet.set_footer(format!("&L{font}Надруковано &D &T&R{font}Сторінка &P з &N"));
    Ok(())
}

fn title_block(sheet: &mut Worksheet, styles: &Styles, frame: &Frame) -> Result<(), XlsxError> {
    let reference = cell_text(&frame.title.reference);
    let lines = reference.lines().count().max(1) as f64;
    let (title_height, centre_height) = (24.0, 18.0);
    let top_height = (lines * 14.5 - title_height - centre_height).max(18.0);
    sheet.set_row_height(0, top_height)?.set_row_height(1, title_height)?.set_row_height(2, centre_height)?;
    let last = FIELDS.len() as u16 - 1;
    let over = TITLE_COLUMNS - 1;
    sheet.merge_range(0, 0, 0, over, &cell_text(&frame.title.organisation), &styles.organisation)?;
    sheet.merge_range(0, last + 1 - REFERENCE_COLUMNS, 2, last, &reference, &styles.reference)?;
    sheet.merge_range(1, 0, 1, over, &title(frame), &styles.title)?;
    sheet.merge_range(2, 0, 2, over, &cell_text(&frame.title.centre), &styles.subtitle)?;
    Ok(())
}

fn write_rows(sheet: &mut Worksheet, count: usize, rows: &mut dyn Iterator<Item = Row>) -> Result<u32, CreateError> {
    let formats: Vec<(Field, Format)> = Field::all().map(|field| (field, create_style::data(field))).collect();
    let mut written = 0u32;
    for (index, row) in rows.enumerate() {
        if index >= count {
            return Err(CreateError::TooManyRows { row: index + 1, most: count });
        }
        written += 1;
        write_row(sheet, HEADER + written, &row, &formats)
            .map_err(|source| CreateError::Write { what: format!("row {written} of the register"), source })?;
    }
    // A table needs a row; announced rows that did not come stay blank.
    for blank in written..u32::try_from(count.max(1)).unwrap_or(1) {
        write_row(sheet, HEADER + 1 + blank, &Row::default(), &formats).map_err(at("blank row"))?;
    }
    Ok(written)
}

fn write_row(sheet: &mut Worksheet, at: u32, row: &Row, formats: &[(Field, Format)]) -> Result<(), XlsxError> {
    let tall = row.filled().any(|(field, value)| lines(field, value) >= TALL_LINES);
    if tall {
        sheet.set_row_height(at, MAX_HEIGHT)?;
    }
    for (field, format) in formats {
        write_value(sheet, (at, *field as u16), row.get(*field), (field.shape(), format))?;
    }
    Ok(())
}

/// Writes a value as its column shows values; what does not fit the column's shape is written as text.
pub(super) fn write_value(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: &Value,
    (shape, format): (Shape, &Format),
) -> Result<(), XlsxError> {
    match (value, shape) {
        (Value::Empty, _) => sheet.write_blank(row, column, format)?,
        (Value::Text(text), _) => write_text(sheet, (row, column), text, format)?,
        (Value::Number(number), Shape::Integer) => {
            sheet.write_number_with_format(row, column, *number as f64, format)?
        }
        (Value::Date(day), Shape::Date) => match serial(*day) {
            Some(serial) => sheet.write_number_with_format(row, column, serial, format)?,
            None => write_text(sheet, (row, column), &value.to_string(), format)?,
        },
        (Value::Time(time), Shape::Time) => sheet.write_number_with_format(row, column, day_part(*time), format)?,
        (Value::Number(_) | Value::Date(_) | Value::Time(_), _) => {
            write_text(sheet, (row, column), &value.to_string(), format)?
        }
    };
    Ok(())
}

fn write_text<'a>(
    sheet: &'a mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<&'a mut Worksheet, XlsxError> {
    let text = cell_text(text);
    if text.is_empty() {
        sheet.write_blank(row, column, format)
    } else {
        sheet.write_string_with_format(row, column, text, format)
    }
}

/// Excel's number of a day; `None` before 1 March 1900, where its calendar has a day that never was.
pub(super) fn serial(day: NaiveDate) -> Option<f64> {
    let days = day.signed_duration_since(NaiveDate::from_ymd_opt(1899, 12, 30)?).num_days();
    (61..=2_958_465).contains(&days).then_some(days as f64)
}

/// Excel's number of a time: the part of the day.
pub(super) fn day_part(time: NaiveTime) -> f64 {
    f64::from(time.num_seconds_from_midnight()) / 86_400.0
}

/// About how many lines a text takes in its column; cheap for the usual short text.
fn lines(field: Field, value: &Value) -> usize {
    match value {
        Value::Text(text) if text.len() > TALL_LINES => {
            let width = usize::from(field.spec().width.max(1));
            text.lines().map(|line| 1 + line.len() / 2 / width).sum()
        }
        Value::Text(_) | Value::Empty | Value::Number(_) | Value::Date(_) | Value::Time(_) => 1,
    }
}
