//! The sheet "Довідники": the lists behind the dropdowns, each a named range, and what the colours mean.

use crate::domain::field::{List, Shape};
use crate::domain::form::Form;
use crate::domain::register::Frame;
use crate::domain::status::STATUSES;
use crate::domain::value::cell_text;
use crate::workbook::create::{CreateError, LISTS_SHEET, at};
use crate::workbook::create_rules::LEGEND;
use crate::workbook::create_style::{FONT, Styles};
use rust_xlsxwriter::{Color, FormatBorder, Workbook, Worksheet, XlsxError, utility};
use std::collections::BTreeSet;

/// Most values of one list.
const MAX_VALUES: usize = 1_000;
/// Row of the headers, 0-based; a line of explanation stands above.
const HEADER: u32 = 2;
/// Last column of the legend under the lists, 0-based.
const LEGEND_END: u16 = 3;
/// Name of the range with the final states.
pub(super) const FINAL_NAME: &str = "Довідник_завершальні_стани";

/// One list.
pub(super) struct Column {
    /// Which; `None`: the final states, which have no dropdown.
    pub list: Option<List>,
    /// Header on the sheet.
    header: &'static str,
    /// Name of the range.
    pub name: &'static str,
    /// The values, never empty.
    values: Vec<String>,
}

/// All lists that have values, in the order of the sheet.
pub(super) struct Lists {
    columns: Vec<Column>,
}

impl Lists {
    /// Those of the frame; where it has none, those that are the same in every office.
    pub(super) fn of(frame: &Frame) -> Self {
        let mut columns = Vec::new();
        let of_column = |shape: Shape| if let Shape::List(list) = shape { Some(list) } else { None };
        for list in frame.form().columns().iter().filter_map(|spec| of_column(spec.shape)) {
            let given = frame.lists.get(&list).map_or(&[][..], Vec::as_slice);
            let values = if !given.is_empty() {
                distinct(given.iter().map(String::as_str))
            } else if list == List::Status {
                distinct(STATUSES.iter().map(|spec| spec.label))
            } else {
                distinct(list.fixed_values().iter().copied())
            };
            let (header, name) = labels(list);
            if !values.is_empty() {
                columns.push(Column { list: Some(list), header, name, values });
            }
        }
        let values = distinct(STATUSES.iter().filter(|spec| spec.is_final).map(|spec| spec.label));
        columns.push(Column {
            list: None, header: "Завершальні стани розгляду", name: FINAL_NAME, values
        });
        Self { columns }
    }

    /// Name of the range of a list that has values.
    pub(super) fn name(&self, list: List) -> Option<&'static str> {
        self.columns.iter().find(|column| column.list == Some(list)).map(|column| column.name)
    }
}

fn distinct<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    values
        .map(|value| cell_text(value).into_owned())
        .filter(|value| !value.is_empty() && seen.insert(value.clone()))
        .take(MAX_VALUES)
        .collect()
}

/// Header on the sheet and name of the range.
fn labels(list: List) -> (&'static str, &'static str) {
    match list {
        List::Channel => ("Канали надходження", "Довідник_канали"),
        List::Operator => ("Оператори", "Довідник_оператори"),
        List::Category => ("Категорії заявників", "Довідник_категорії"),
        List::Kind => ("Види звернень", "Довідник_види"),
        List::Sign => ("Ознаки надходження", "Довідник_ознаки"),
        List::Topic => ("Тематика (вид забезпечення)", "Довідник_тематика"),
        List::Department => ("Структурні підрозділи", "Довідник_підрозділи"),
        List::Status => ("Стани розгляду", "Довідник_стани"),
        List::Notified => ("Способи повідомлення", "Довідник_способи"),
        List::Control => ("Відмітки про контроль", "Довідник_контроль"),
    }
}

pub(super) fn draw(book: &mut Workbook, styles: &Styles, form: Form, lists: &Lists) -> Result<(), CreateError> {
    let sheet = book.add_worksheet();
    fill(sheet, styles, form, lists).map_err(at(LISTS_SHEET))?;
    for (position, column) in lists.columns.iter().enumerate() {
        let letter = utility::column_number_to_name(position as u16);
        let (first, last) = (HEADER + 2, HEADER + 1 + column.values.len() as u32);
        let range = format!("={LISTS_SHEET}!${letter}${first}:${letter}${last}");
        book.define_name(column.name, &range).map_err(at(column.name))?;
    }
    Ok(())
}

fn fill(sheet: &mut Worksheet, styles: &Styles, form: Form, lists: &Lists) -> Result<(), XlsxError> {
    sheet.set_name(LISTS_SHEET)?.set_tab_color(Color::RGB(0x007F_7F7F));
    let note = match form {
        Form::Register => {
            "Значення випадних списків реєстру. Переліки операторів, тематики та підрозділів задано в налаштуваннях служби."
        }
        Form::Department => "Значення випадного списку графи «Статус».",
    };
    sheet.set_row_height(0, 22)?;
    sheet.write_string_with_format(0, 0, LISTS_SHEET, &styles.title)?;
    sheet.write_string_with_format(1, 0, note, &styles.note)?;
    sheet.set_row_height(HEADER, 32)?;
    for (position, column) in lists.columns.iter().enumerate() {
        let at = position as u16;
        sheet.write_string_with_format(HEADER, at, column.header, &styles.header)?;
        let widest = column.values.iter().map(|value| value.chars().count()).max().unwrap_or(0);
        sheet.set_column_width(at, (widest as f64 + 2.0).clamp(16.0, 46.0))?;
        for (offset, value) in column.values.iter().enumerate() {
            sheet.write_string_with_format(HEADER + 1 + offset as u32, at, value.as_str(), &styles.text)?;
        }
    }
    // The legend is wider than two lists.
    for column in lists.columns.len() as u16..=LEGEND_END {
        sheet.set_column_width(column, 24)?;
    }
    let longest = lists.columns.iter().map(|column| column.values.len()).max().unwrap_or(0) as u32;
    let legend = HEADER + longest + 3;
    sheet.merge_range(legend, 0, legend, LEGEND_END, "Позначення кольорами", &styles.header)?;
    for (offset, line) in (1u32..).zip(&LEGEND) {
        let sample = line.tint.format().set_font_name(FONT).set_font_size(10).set_border(FormatBorder::Thin);
        let row = legend + offset;
        sheet.write_string_with_format(row, 0, line.sample, &sample)?;
        sheet.merge_range(row, 1, row, LEGEND_END, line.meaning, &styles.text)?;
    }
    sheet.set_freeze_panes(HEADER + 1, 0)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    Ok(())
}
