//! What a department's workbook has of its own: the instructions and the print set-up.

use crate::domain::form::Form;
use crate::domain::register::Instructions;
use crate::domain::value::cell_text;
use crate::workbook::create::{CreateError, at};
use crate::workbook::create_rows::{height, wrapped_lines};
use crate::workbook::create_sheet::{HEADER, PAPER_A4};
use crate::workbook::create_style::{self, Styles};
use rust_xlsxwriter::{Color, Worksheet, XlsxError};

/// The number stays when scrolling to the right: on a phone one sees it beside any other column.
const FROZEN_COLUMNS: u16 = 1;

pub(super) fn draw(sheet: &mut Worksheet, styles: &Styles, top: &Instructions) -> Result<(), CreateError> {
    set_up(sheet, top).map_err(at("page set-up"))?;
    heading(sheet, styles, top).map_err(at("instructions"))
}

fn set_up(sheet: &mut Worksheet, top: &Instructions) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(HEADER + 1, FROZEN_COLUMNS)?;
    sheet.set_landscape().set_paper_size(PAPER_A4).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.3, 0.3, 0.5, 0.5, 0.25, 0.25).set_repeat_rows(HEADER, HEADER)?;
    sheet.set_tab_color(Color::RGB(0x001F_4E79));
    sheet.set_header_footer_scale_with_doc(false);
    let font = create_style::PRINT_FONT;
    // "&" begins a code in page headers and footers.
    let title = cell_text(&top.title).replace('&', "&&");
    sheet.set_footer(format!("&L{font}{title}&R{font}Сторінка &P з &N"));
    Ok(())
}

/// The title and the two lines, over the whole width: on paper they stand in one row each.
fn heading(sheet: &mut Worksheet, styles: &Styles, top: &Instructions) -> Result<(), XlsxError> {
    let columns = Form::Department.columns();
    let last = columns.len() as u16 - 1;
    let width = columns.iter().map(|spec| spec.width).sum();
    sheet.set_row_height(0, 24)?;
    sheet.merge_range(0, 0, 0, last, &cell_text(&top.title), &styles.title)?;
    for (row, line) in (1..HEADER).zip(&top.lines) {
        let text = cell_text(line);
        sheet.set_row_height(row, height(wrapped_lines(&text, width)))?;
        sheet.merge_range(row, 0, row, last, &text, &styles.instruction)?;
    }
    Ok(())
}
