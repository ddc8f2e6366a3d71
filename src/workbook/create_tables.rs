//! Further sheets of a register: one plain table each, with a line that says what it is for.

use crate::domain::field::Shape;
use crate::domain::register::Table as PlainTable;
use crate::domain::value::{Value, cell_text};
use crate::workbook::create::{CreateError, MAX_ROWS, at};
use crate::workbook::create_register::write_value;
use crate::workbook::create_style::Styles;
use rust_xlsxwriter::{Color, Format, Table, TableColumn, TableStyle, Workbook, Worksheet, XlsxError};
use std::collections::BTreeSet;

/// Row of the headers, 0-based; the line of explanation stands above.
const HEADER: u32 = 2;
/// Most characters in the name of a sheet.
const NAME_LENGTH: usize = 31;
/// Most columns of a plain table.
const MAX_COLUMNS: usize = 200;

pub(super) fn draw(
    book: &mut Workbook,
    styles: &Styles,
    table: &PlainTable,
    taken: &mut BTreeSet<String>,
) -> Result<(), CreateError> {
    if table.columns.is_empty() || table.columns.len() > MAX_COLUMNS || table.rows.len() > MAX_ROWS {
        return Err(CreateError::TooManyRows { row: table.rows.len(), most: MAX_ROWS });
    }
    let name = sheet_name(&table.name, taken);
    let sheet = book.add_worksheet_with_constant_memory().map_err(at("temporary file"))?;
    fill(sheet, styles, table, &name).map_err(at(&name))
}

fn fill(sheet: &mut Worksheet, styles: &Styles, table: &PlainTable, name: &str) -> Result<(), XlsxError> {
    sheet.set_name(name)?.set_tab_color(Color::RGB(0x00A6_A6A6));
    for (column, (_, width)) in (0u16..).zip(&table.columns) {
        sheet.set_column_width(column, f64::from(*width))?;
    }
    sheet.set_row_height(0, 22)?;
    sheet.write_string_with_format(0, 0, name, &styles.title)?;
    let note = cell_text(&table.note);
    if !note.is_empty() {
        sheet.write_string_with_format(1, 0, note, &styles.note)?;
    }
    sheet.set_row_height(HEADER, 34)?;
    let last_row = HEADER + table.rows.len().max(1) as u32;
    let last_column = table.columns.len() as u16 - 1;
    sheet.add_table(HEADER, 0, last_row, last_column, &excel_table(styles, table, name))?;
    let blank = Vec::new();
    let rows = if table.rows.is_empty() { std::slice::from_ref(&blank) } else { table.rows.as_slice() };
    for (row, values) in (HEADER + 1..).zip(rows) {
        for (column, _) in (0u16..).zip(&table.columns) {
            let value = values.get(usize::from(column)).unwrap_or(&Value::Empty);
            write_value(sheet, (row, column), value, looks(styles, value))?;
        }
    }
    sheet.set_freeze_panes(HEADER + 1, 0)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3).set_repeat_rows(HEADER, HEADER)?;
    sheet.set_footer("&RСторінка &P з &N");
    Ok(())
}

/// Without a field to say it, the value itself decides how it looks.
fn looks<'a>(styles: &'a Styles, value: &Value) -> (Shape, &'a Format) {
    match value {
        Value::Empty | Value::Text(_) => (Shape::Wrapped, &styles.text),
        Value::Number(_) => (Shape::Integer, &styles.number),
        Value::Date(_) => (Shape::Date, &styles.date),
        Value::Time(_) => (Shape::Time, &styles.time),
    }
}

fn excel_table(styles: &Styles, table: &PlainTable, name: &str) -> Table {
    let mut seen = BTreeSet::new();
    let columns: Vec<TableColumn> = table
        .columns
        .iter()
        .enumerate()
        .map(|(position, (header, _))| {
            let mut header = cell_text(header).into_owned();
            // Excel wants every column of a table to have a name of its own.
            if header.is_empty() || !seen.insert(header.to_lowercase()) {
                header = format!("{header} ({})", position + 1);
                seen.insert(header.to_lowercase());
            }
            TableColumn::new().set_header(header).set_header_format(&styles.header)
        })
        .collect();
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    Table::new()
        .set_name(format!("Таблиця_{plain}"))
        .set_columns(&columns)
        .set_style(TableStyle::Light15)
        .set_banded_rows(false)
}

/// A name that Excel takes for a sheet and that no other sheet has.
fn sheet_name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let clean: String = cell_text(wanted)
        .chars()
        .map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\n' | '\'') { ' ' } else { c })
        .take(NAME_LENGTH)
        .collect();
    let clean = if clean.trim().is_empty() { "Аркуш".to_owned() } else { clean.trim().to_owned() };
    let mut name = clean.clone();
    for number in 2u32.. {
        if taken.insert(name.to_lowercase()) {
            break;
        }
        let suffix = format!(" {number}");
        let room = NAME_LENGTH.saturating_sub(suffix.len());
        name = clean.chars().take(room).collect::<String>() + &suffix;
    }
    name
}
