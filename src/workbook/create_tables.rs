//! Further sheets of a register: one plain table each, with a line that says what it is for.

use crate::domain::register::Table as PlainTable;
use crate::domain::value::{Value, cell_text};
use crate::workbook::create::{CreateError, MAX_ROWS, at};
use crate::workbook::create_rows::{day_part, height, serial, wrapped_lines};
use crate::workbook::create_style::{PRINT_FONT, Styles};
use rust_xlsxwriter::{Color, Table, TableColumn, TableStyle, Workbook, Worksheet, XlsxError};
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
        return Err(CreateError::TooMuch);
    }
    let name = sheet_name(&table.name, taken);
    fill(book.add_worksheet(), styles, table, &name).map_err(at(&name))
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
        let widths = table.columns.iter().map(|(_, width)| *width);
        let texts = values.iter().zip(widths).filter_map(|(value, width)| Some((value.as_text()?, width)));
        let lines = texts.map(|(text, width)| wrapped_lines(text, width)).max().unwrap_or(1);
        if lines > 1 {
            sheet.set_row_height(row, height(lines))?;
        }
        for (column, _) in (0u16..).zip(&table.columns) {
            let value = values.get(usize::from(column)).unwrap_or(&Value::Empty);
            write_value(sheet, (row, column), value, styles)?;
        }
    }
    sheet.set_freeze_panes(HEADER + 1, 0)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3).set_repeat_rows(HEADER, HEADER)?;
    sheet.set_footer(format!("&R{PRINT_FONT}Сторінка &P з &N"));
    Ok(())
}

/// Without a field to say it, the value itself decides how it looks.
fn write_value(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: &Value,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let text = |sheet: &mut Worksheet, text: &str| match cell_text(text) {
        empty if empty.is_empty() => sheet.write_blank(row, column, &styles.text).map(|_| ()),
        text => sheet.write_string_with_format(row, column, text, &styles.text).map(|_| ()),
    };
    match value {
        Value::Empty => text(sheet, ""),
        Value::Text(words) => text(sheet, words),
        Value::Number(number) => {
            sheet.write_number_with_format(row, column, *number as f64, &styles.number).map(|_| ())
        }
        Value::Date(day) => match serial(*day) {
            Some(serial) => sheet.write_number_with_format(row, column, serial, &styles.date).map(|_| ()),
            None => text(sheet, &value.to_string()),
        },
        Value::Time(time) => sheet.write_number_with_format(row, column, day_part(*time), &styles.time).map(|_| ()),
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
