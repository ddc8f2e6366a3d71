//! The look of a workbook: fonts, borders, colours, number formats; the one place for them.
//!
//! Times New Roman, as offices write. Text cells have the format `@`, so that a text that begins with `=` or `+380`
//! stays text even after F2 and Enter.

use crate::domain::field::{Field, FieldSpec, Owner, Shape};
use crate::domain::form::Form;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// Font of everything.
pub(super) const FONT: &str = "Times New Roman";
/// The same in page headers and footers, where it is written as a code.
pub(super) const PRINT_FONT: &str = "&\"Times New Roman,Regular\"&9";
/// Ground of header rows.
const HEADER_GROUND: Color = Color::RGB(0x00DD_EBF7);
/// Ground of cells in a department's workbook that are not the department's.
const LOCKED_GROUND: Color = Color::RGB(0x00F2_F2F2);
/// Lines between cells.
const LINE: Color = Color::RGB(0x0080_8080);

/// Ready formats.
pub(super) struct Styles {
    /// Default of the workbook.
    pub base: Format,
    /// Name of the organisation.
    pub organisation: Format,
    /// The title.
    pub title: Format,
    /// The line under the title.
    pub subtitle: Format,
    /// The reference to the order, at the right.
    pub reference: Format,
    /// A line of explanation.
    pub note: Format,
    /// How a sheet is filled in.
    pub instruction: Format,
    /// Headers of tables.
    pub header: Format,
    /// Text in a list or a plain table.
    pub text: Format,
    /// A day in a plain table.
    pub date: Format,
    /// A time in a plain table.
    pub time: Format,
    /// A number in a plain table.
    pub number: Format,
}

impl Styles {
    pub(super) fn new() -> Self {
        let base = Format::new().set_font_name(FONT).set_font_size(11);
        let bold = base.clone().set_bold().set_align(FormatAlign::VerticalCenter);
        Self {
            organisation: bold.clone().set_font_size(12).set_text_wrap(),
            title: bold.clone().set_font_size(16),
            subtitle: base.clone().set_font_size(12).set_align(FormatAlign::VerticalCenter),
            reference: base.clone().set_align(FormatAlign::Top).set_text_wrap(),
            note: base.clone().set_font_size(10).set_italic().set_align(FormatAlign::VerticalCenter),
            instruction: base.clone().set_align(FormatAlign::VerticalCenter).set_text_wrap(),
            header: framed(bold.set_font_size(10))
                .set_background_color(HEADER_GROUND)
                .set_align(FormatAlign::Center)
                .set_text_wrap(),
            text: framed(cell(Shape::Wrapped)),
            date: framed(cell(Shape::Date)),
            time: framed(cell(Shape::Time)),
            number: framed(cell(Shape::Integer)),
            base,
        }
    }
}

/// Format of a cell of a form that holds data. A department sees at once which columns are not its own.
pub(super) fn data(form: Form, spec: &FieldSpec) -> Format {
    let format = framed(cell(spec.shape));
    let format = if spec.field == Field::Number { format.set_bold() } else { format };
    match (form, spec.owner) {
        (Form::Department, Owner::Service) => format.set_background_color(LOCKED_GROUND),
        (Form::Register, _) | (Form::Department, Owner::People | Owner::Shared) => format,
    }
}

/// Format of a whole column: what a cell gets that somebody types under the data; no borders there.
pub(super) fn column(spec: &FieldSpec) -> Format {
    cell(spec.shape)
}

fn cell(shape: Shape) -> Format {
    let base = Format::new().set_font_name(FONT).set_font_size(10).set_align(FormatAlign::Top);
    match shape {
        Shape::Integer => base.set_num_format("0").set_align(FormatAlign::Center),
        Shape::Date => base.set_num_format("dd.mm.yyyy").set_align(FormatAlign::Center),
        Shape::Time => base.set_num_format("hh:mm").set_align(FormatAlign::Center),
        Shape::Text | Shape::Wrapped | Shape::Phone | Shape::List(_) => {
            base.set_num_format("@").set_align(FormatAlign::Left).set_text_wrap()
        }
    }
}

fn framed(format: Format) -> Format {
    format.set_border(FormatBorder::Thin).set_border_color(LINE)
}
