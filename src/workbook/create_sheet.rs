//! The sheet of a form without its rows: headers, one blank row that shows the style of each column, dropdowns, colours.
//! Heading and print set-up are the form's own. `create_fill` puts the rows in and the true last row in place of
//! `LAST_ROW` and `RULES_END`.

use crate::domain::field::Field;
use crate::domain::form::Form;
use crate::domain::register::{Frame, Heading};
use crate::workbook::create::{CreateError, at};
use crate::workbook::create_lists::Lists;
use crate::workbook::create_style::{self, Styles};
use crate::workbook::{create_department, create_register, create_rules};
use rust_xlsxwriter::{IgnoreError, Table, TableColumn, TableStyle, Workbook, Worksheet, XlsxError};

/// Row of the headers, 0-based; three rows of heading stand above in every form.
pub(super) const HEADER: u32 = 3;
/// Stands for the last row of data (1-based) behind the rows; no other number of the sheet is like it.
pub(super) const LAST_ROW: u32 = 1_048_333;
/// Stands for the last row (1-based) that dropdowns and colours reach.
pub(super) const RULES_END: u32 = 1_048_444;
/// Paper format A4 in the numbering of Excel.
pub(super) const PAPER_A4: u8 = 9;

pub(super) fn draw(book: &mut Workbook, styles: &Styles, frame: &Frame, lists: &Lists) -> Result<(), CreateError> {
    let form = frame.form();
    let sheet = book.add_worksheet();
    sheet.set_name(form.sheet()).map_err(at(form.sheet()))?;
    columns(sheet, form).map_err(at("columns"))?;
    match &frame.heading {
        Heading::Register(title) => create_register::draw(sheet, styles, title, &frame.title())?,
        Heading::Department(instructions) => create_department::draw(sheet, styles, instructions)?,
    }
    sheet.set_row_height(HEADER, header_height(form)).map_err(at("header row"))?;
    let last_column = form.columns().len() as u16 - 1;
    sheet.add_table(HEADER, 0, HEADER + 1, last_column, &table(styles, form)).map_err(at("table of appeals"))?;
    for (column, spec) in (0..).zip(form.columns()) {
        sheet.write_blank(HEADER + 1, column, &create_style::data(form, spec)).map_err(at("styles of the columns"))?;
    }
    create_rules::add(sheet, form, lists, (HEADER + 1, RULES_END - 1)).map_err(at("dropdowns and colours"))?;
    for (column, _) in
        [Field::Number, Field::Phone, Field::Applicant].into_iter().filter_map(|field| form.column(field))
    {
        sheet
            .ignore_error_range(HEADER + 1, column, LAST_ROW - 1, column, IgnoreError::NumberStoredAsText)
            .map_err(at("marks of numbers kept as text"))?;
    }
    Ok(())
}

/// Height of the header row in points, for the most lines that a header takes.
fn header_height(form: Form) -> u32 {
    match form {
        Form::Register => 60,
        Form::Department => 34,
    }
}

fn columns(sheet: &mut Worksheet, form: Form) -> Result<(), XlsxError> {
    for (column, spec) in (0..).zip(form.columns()) {
        sheet.set_column_width(column, f64::from(spec.width))?;
        sheet.set_column_format(column, &create_style::column(spec))?;
    }
    Ok(())
}

fn table(styles: &Styles, form: Form) -> Table {
    let columns: Vec<TableColumn> = form
        .columns()
        .iter()
        .map(|spec| TableColumn::new().set_header(spec.header).set_header_format(&styles.header))
        .collect();
    // The style gives borders to rows that Excel adds by itself.
    Table::new().set_name(form.sheet()).set_columns(&columns).set_style(TableStyle::Light15).set_banded_rows(false)
}
