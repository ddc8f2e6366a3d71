//! Dropdowns that warn and colours of deadlines. Both reach some hundreds of rows below the data, for new rows.
//!
//! The colours follow the calendar by themselves (`TODAY`), so that a workbook is right on days when nobody wrote it.
//! WORKDAY knows weekends only; transferred days are the service's business and show in "Термін виконання".

use crate::domain::field::{Field, Shape};
use crate::domain::form::Form;
use crate::domain::status::Status;
use crate::workbook::create_lists::{FINAL_NAME, Lists};
use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime,
    Format, Formula, Worksheet, XlsxError, utility,
};

/// How far below the data dropdowns and colours reach.
pub(super) const ROWS_BELOW: u32 = 500;

/// Colours of a rule.
#[derive(Clone, Copy)]
pub(super) enum Tint {
    Red,
    Orange,
    Yellow,
    Green,
    Grey,
    Violet,
}

impl Tint {
    pub(super) fn format(self) -> Format {
        let (ground, ink) = match self {
            Self::Red => (0x00FF_C7CE, 0x009C_0006),
            Self::Orange => (0x00FC_D5B4, 0x0097_4706),
            Self::Yellow => (0x00FF_F2B3, 0x007F_6000),
            Self::Green => (0x00D5_EDD0, 0x0037_5623),
            Self::Grey => (0x00E3_E3E3, 0x0040_4040),
            Self::Violet => (0x00E4_DFEC, 0x0040_3151),
        };
        let format = Format::new().set_background_color(Color::RGB(ground)).set_font_color(Color::RGB(ink));
        if matches!(self, Self::Red) { format.set_bold() } else { format }
    }
}

/// One line of the legend on the sheet of lists.
pub(super) struct LegendLine {
    /// The colours.
    pub tint: Tint,
    /// What stands in the coloured cell.
    pub sample: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// What the colours mean.
pub(super) const LEGEND: [LegendLine; 6] = [
    LegendLine {
        tint: Tint::Red, sample: "червоний", meaning: "термін виконання минув, розгляд не завершено"
    },
    LegendLine {
        tint: Tint::Orange,
        sample: "оранжевий",
        meaning: "термін спливає сьогодні або наступного робочого дня",
    },
    LegendLine {
        tint: Tint::Yellow, sample: "жовтий", meaning: "до терміну лишилося не більше трьох робочих днів"
    },
    LegendLine { tint: Tint::Green, sample: "зелений", meaning: "розгляд завершено" },
    LegendLine {
        tint: Tint::Grey, sample: "сірий", meaning: "розгляд завершено без вирішення по суті"
    },
    LegendLine {
        tint: Tint::Violet,
        sample: "бузковий",
        meaning: "потрібна дія оператора: уточнення, перерозподіл, доопрацювання",
    },
];

/// Adds both to a sheet of this form; rows 0-based, first and last row that they reach.
pub(super) fn add(
    sheet: &mut Worksheet,
    form: Form,
    lists: &Lists,
    (first, last): (u32, u32),
) -> Result<(), XlsxError> {
    for (column, spec) in (0..).zip(form.columns()) {
        if let Some(rule) = validation(spec.shape, lists)? {
            sheet.add_data_validation(first, column, last, column, &rule)?;
        }
    }
    let at = |field: Field| form.column(field).map(|(column, _)| Area { column, first, last });
    if let (Some(number), Some(due), Some(status)) = (at(Field::Number), at(Field::DueDate), at(Field::Status)) {
        deadline_colours(sheet, [number, due], status)?;
        status_colours(sheet, status)?;
    }
    at(Field::Control).map_or(Ok(()), |control| control_colours(sheet, control))
}

/// The cells of a column that rules reach, rows 0-based.
#[derive(Clone, Copy)]
struct Area {
    column: u16,
    first: u32,
    last: u32,
}

impl Area {
    /// The first cell, its row relative: `$U5`.
    fn cell(self) -> String {
        format!("${}{}", utility::column_number_to_name(self.column), self.first + 1)
    }

    /// `U5:U511`.
    fn range(self) -> String {
        let letter = utility::column_number_to_name(self.column);
        format!("{letter}{}:{letter}{}", self.first + 1, self.last + 1)
    }

    fn add(self, sheet: &mut Worksheet, rule: &ConditionalFormatFormula) -> Result<(), XlsxError> {
        sheet.add_conditional_format(self.first, self.column, self.last, self.column, rule).map(|_| ())
    }
}

fn validation(shape: Shape, lists: &Lists) -> Result<Option<DataValidation>, XlsxError> {
    let rule = match shape {
        Shape::List(list) => match lists.name(list) {
            Some(name) => warn(
                DataValidation::new().allow_list_formula(Formula::new(format!("={name}"))),
                "Значення поза переліком",
                "Такого значення немає в переліку (аркуш «Довідники»). Перевірте, чи немає помилки. Залишити введене?",
            )?,
            None => return Ok(None),
        },
        Shape::Date => warn(
            DataValidation::new().allow_date(DataValidationRule::Between(
                ExcelDateTime::from_ymd(2000, 1, 1)?,
                ExcelDateTime::from_ymd(2100, 12, 31)?,
            )),
            "Перевірте дату",
            "Дату вводять у вигляді ДД.ММ.РРРР, наприклад 11.07.2022. Залишити введене?",
        )?,
        Shape::Time => warn(
            DataValidation::new().allow_time(DataValidationRule::Between(
                ExcelDateTime::from_hms(0, 0, 0)?,
                ExcelDateTime::from_hms(23, 59, 59)?,
            )),
            "Перевірте час",
            "Час вводять у вигляді ГГ:ХХ, наприклад 10:35. Залишити введене?",
        )?,
        Shape::Integer | Shape::Text | Shape::Wrapped | Shape::Phone => return Ok(None),
    };
    Ok(Some(rule))
}

/// A person's word counts more than a list: Excel asks and lets through.
fn warn(rule: DataValidation, title: &str, message: &str) -> Result<DataValidation, XlsxError> {
    rule.set_error_style(DataValidationErrorStyle::Warning).set_error_title(title)?.set_error_message(message)
}

fn deadline_colours(sheet: &mut Worksheet, [number, due]: [Area; 2], status: Area) -> Result<(), XlsxError> {
    let (term, state) = (due.cell(), status.cell());
    let rules = [
        (format!("=ISNUMBER(MATCH({state},{FINAL_NAME},0))"), Tint::Green),
        (format!("=AND(ISNUMBER({term}),{term}<TODAY())"), Tint::Red),
        (format!("=AND(ISNUMBER({term}),{term}<=WORKDAY(TODAY(),1))"), Tint::Orange),
        (format!("=AND(ISNUMBER({term}),{term}<=WORKDAY(TODAY(),3))"), Tint::Yellow),
    ];
    let areas = format!("{} {}", number.range(), due.range());
    for (formula, tint) in rules {
        let rule = ConditionalFormatFormula::new()
            .set_rule(formula.as_str())
            .set_format(tint.format())
            .set_multi_range(&areas)
            .set_stop_if_true(true);
        sheet.add_conditional_format(number.first, number.column, due.last, due.column, &rule)?;
    }
    Ok(())
}

fn status_colours(sheet: &mut Worksheet, area: Area) -> Result<(), XlsxError> {
    let status = area.cell();
    let is_one_of = |states: &[Status]| {
        let tests: Vec<String> = states.iter().map(|state| format!("{status}=\"{}\"", state.label())).collect();
        format!("=OR({})", tests.join(","))
    };
    let rules = [
        (
            is_one_of(&[Status::Refused, Status::ReturnedToApplicant, Status::NotConsidered, Status::Withdrawn]),
            Tint::Grey,
        ),
        (format!("=ISNUMBER(MATCH({status},{FINAL_NAME},0))"), Tint::Green),
        (is_one_of(&[Status::NeedsClarification, Status::ReturnedForRerouting, Status::Rework]), Tint::Violet),
    ];
    for (formula, tint) in rules {
        let rule =
            ConditionalFormatFormula::new().set_rule(formula.as_str()).set_format(tint.format()).set_stop_if_true(true);
        area.add(sheet, &rule)?;
    }
    Ok(())
}

fn control_colours(sheet: &mut Worksheet, area: Area) -> Result<(), XlsxError> {
    let control = area.cell();
    let rule = ConditionalFormatFormula::new()
        .set_rule(format!("=OR({control}=\"Резонансне\",{control}=\"Прострочено\")").as_str())
        .set_format(Tint::Red.format());
    area.add(sheet, &rule)
}
