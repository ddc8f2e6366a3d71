//! What the register has of its own: the title block and the print set-up.

use crate::domain::field::Field;
use crate::domain::register::Title;
use crate::domain::value::cell_text;
use crate::workbook::create::{CreateError, at};
use crate::workbook::create_sheet::{HEADER, PAPER_A4};
use crate::workbook::create_style::{self, Styles};
use rust_xlsxwriter::{Color, Worksheet, XlsxError};

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

pub(super) fn draw(sheet: &mut Worksheet, styles: &Styles, title: &Title, name: &str) -> Result<(), CreateError> {
    set_up(sheet, title).map_err(at("page set-up"))?;
    title_block(sheet, styles, title, name).map_err(at("title block"))
}

fn set_up(sheet: &mut Worksheet, title: &Title) -> Result<(), XlsxError> {
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
    sheet.set_header(format!("&R{font}Реєстр звернень громадян за {} рік", title.year));
    sheet.set_footer(format!("&L{font}Надруковано &D &T&R{font}Сторінка &P з &N"));
    Ok(())
}

fn title_block(sheet: &mut Worksheet, styles: &Styles, title: &Title, name: &str) -> Result<(), XlsxError> {
    let reference = cell_text(&title.reference);
    let lines = reference.lines().count().max(1) as f64;
    let (title_height, centre_height) = (24.0, 18.0);
    let top_height = (lines * 14.5 - title_height - centre_height).max(18.0);
    sheet.set_row_height(0, top_height)?.set_row_height(1, title_height)?.set_row_height(2, centre_height)?;
    let [first, last] = TITLE.map(|field| field as u16);
    let [from, to] = REFERENCE.map(|field| field as u16);
    sheet.merge_range(0, first, 0, last, &cell_text(&title.organisation), &styles.organisation)?;
    sheet.merge_range(0, from, 2, to, &reference, &styles.reference)?;
    sheet.merge_range(1, first, 1, last, name, &styles.title)?;
    sheet.merge_range(2, first, 2, last, &cell_text(&title.centre), &styles.subtitle)?;
    Ok(())
}
