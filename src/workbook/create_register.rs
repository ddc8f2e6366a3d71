//! The sheet "Реєстр" without its rows: title block, headers, one blank row that shows the style of each column, dropdowns,
//! colours, print set-up. `create` puts the rows in and the true last row in place of `LAST_ROW` and `RULES_END`.

use crate::domain::field::{FIELDS, Field};
use crate::domain::register::Frame;
use crate::domain::value::cell_text;
use crate::workbook::create::{CreateError, REGISTER_SHEET, REGISTER_TABLE, at};
use crate::workbook::create_lists::Lists;
use crate::workbook::create_rules;
use crate::workbook::create_style::{self, Styles};
use rust_xlsxwriter::{Color, IgnoreError, Table, TableColumn, TableStyle, Workbook, Worksheet, XlsxError};

/// Row of the headers, 0-based: organisation, title and contact centre stand above.
pub(super) const HEADER: u32 = 3;
/// Stands for the last row of data (1-based) behind the rows; no other number of the sheet is like it.
pub(super) const LAST_ROW: u32 = 1_048_333;
/// Stands for the last row (1-based) that dropdowns and colours reach.
pub(super) const RULES_END: u32 = 1_048_444;
/// Columns that stay when scrolling to the right and stand on each printed page: ordinal and registration number.
const FROZEN_COLUMNS: u16 = 2;
/// The title block stands right of the frozen columns (on every printed page they would show a piece of it), the
/// reference to the order right of the title; both on the first printed page and on a screen without scrolling.
const TITLE: [Field; 2] = [Field::ReceivedDate, Field::Representative];
const REFERENCE: [Field; 2] = [Field::OnBehalfOf, Field::Email];
/// Printed three pages wide, each with the frozen columns: who applies and how, what about, what became of it.
const LAST_COLUMN_OF_PAGES: [Field; 2] = [Field::Email, Field::Topic];
/// Percent at which the widest of the three fills an A4 sheet; smaller would be too small to read.
const PRINT_SCALE: u16 = 54;
/// Height of the header row, points.
const HEADER_HEIGHT: u32 = 60;
/// Paper format A4 in the numbering of Excel.
const PAPER_A4: u8 = 9;

/// "РЕЄСТР звернень громадян за 2022 рік".
pub(super) fn title(frame: &Frame) -> String {
    format!("РЕЄСТР звернень громадян за {} рік", frame.title.year)
}

pub(super) fn draw(book: &mut Workbook, styles: &Styles, frame: &Frame, lists: &Lists) -> Result<(), CreateError> {
    let sheet = book.add_worksheet();
    sheet.set_name(REGISTER_SHEET).map_err(at(REGISTER_SHEET))?;
    set_up(sheet, frame).map_err(at("page set-up"))?;
    title_block(sheet, styles, frame).map_err(at("title block"))?;
    sheet.set_row_height(HEADER, HEADER_HEIGHT).map_err(at("header row"))?;
    let last_column = FIELDS.len() as u16 - 1;
    sheet.add_table(HEADER, 0, HEADER + 1, last_column, &table(styles)).map_err(at("table of appeals"))?;
    for field in Field::all() {
        sheet.write_blank(HEADER + 1, field as u16, &create_style::data(field)).map_err(at("styles of the columns"))?;
    }
    create_rules::add(sheet, lists, (HEADER + 1, RULES_END - 1)).map_err(at("dropdowns and colours"))?;
    for field in [Field::Number, Field::Phone, Field::Applicant] {
        let column = field as u16;
        sheet
            .ignore_error_range(HEADER + 1, column, LAST_ROW - 1, column, IgnoreError::NumberStoredAsText)
            .map_err(at("marks of numbers kept as text"))?;
    }
    Ok(())
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
    sheet.set_landscape().set_paper_size(PAPER_A4).set_print_scale(PRINT_SCALE);
    // Excel heeds these breaks only at a fixed scale, not with "fit to pages".
    sheet.set_vertical_page_breaks(&LAST_COLUMN_OF_PAGES.map(|field| field.position() + 1))?;
    sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3).set_print_center_horizontally(true);
    sheet.set_repeat_rows(HEADER, HEADER)?;
    sheet.set_repeat_columns(0, FROZEN_COLUMNS - 1)?;
    sheet.set_tab_color(Color::RGB(0x001F_4E79));
    sheet.set_header_footer_scale_with_doc(false);
    let font = create_style::PRINT_FONT;
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
    let [first, last] = TITLE.map(|field| field as u16);
    let [from, to] = REFERENCE.map(|field| field as u16);
    sheet.merge_range(0, first, 0, last, &cell_text(&frame.title.organisation), &styles.organisation)?;
    sheet.merge_range(0, from, 2, to, &reference, &styles.reference)?;
    sheet.merge_range(1, first, 1, last, &title(frame), &styles.title)?;
    sheet.merge_range(2, first, 2, last, &cell_text(&frame.title.centre), &styles.subtitle)?;
    Ok(())
}
