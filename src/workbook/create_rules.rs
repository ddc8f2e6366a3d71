//! Dropdowns that warn and colours of deadlines. Both reach some hundreds of rows below the data, for new rows.
//!
//! The colours follow the calendar by themselves (`TODAY`), so that the register is right on days when nobody wrote it.
//! WORKDAY knows weekends only; transferred days are the service's business and show in "Термін виконання".

use crate::domain::field::{FIELDS, Field, Shape};
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

/// Adds both to the register; rows 0-based, first and last row that they reach.
pub(super) fn add(sheet: &mut Worksheet, lists: &Lists, (first, last): (u32, u32)) -> Result<(), XlsxError> {
    for spec in &FIELDS {
        if let Some(rule) = validation(spec.shape, lists)? {
            let column = spec.field as u16;
            sheet.add_data_validation(first, column, last, column, &rule)?;
        }
    }
    deadline_colours(sheet, (first, last))?;
    status_colours(sheet, (first, last))?;
    control_colours(sheet, (first, last))
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

/// Reference to a column in the first row, the row relative: `$U5`.
fn cell(field: Field, first: u32) -> String {
    format!("${}{}", utility::column_number_to_name(field as u16), first + 1)
}

fn deadline_colours(sheet: &mut Worksheet, (first, last): (u32, u32)) -> Result<(), XlsxError> {
    let (due, status) = (cell(Field::DueDate, first), cell(Field::Status, first));
    let rules = [
        (format!("=ISNUMBER(MATCH({status},{FINAL_NAME},0))"), Tint::Green),
        (format!("=AND(ISNUMBER({due}),{due}<TODAY())"), Tint::Red),
        (format!("=AND(ISNUMBER({due}),{due}<=WORKDAY(TODAY(),1))"), Tint::Orange),
        (format!("=AND(ISNUMBER({due}),{due}<=WORKDAY(TODAY(),3))"), Tint::Yellow),
    ];
    let area = |field: Field| {
        let letter = utility::column_number_to_name(field as u16);
        format!("{letter}{}:{letter}{}", first + 1, last + 1)
    };
    let areas = format!("{} {}", area(Field::Number), area(Field::DueDate));
    for (formula, tint) in rules {
        let rule = ConditionalFormatFormula::new()
            .set_rule(formula.as_str())
            .set_format(tint.format())
            .set_multi_range(&areas)
            .set_stop_if_true(true);
        sheet.add_conditional_format(first, Field::Number as u16, last, Field::DueDate as u16, &rule)?;
    }
    Ok(())
}

fn status_colours(sheet: &mut Worksheet, (first, last): (u32, u32)) -> Result<(), XlsxError> {
    let status = cell(Field::Status, first);
    let is_one_of = |states: &[Status]| {
        let tests: Vec<String> = states.iter().map(|state| format!("{status}=\"{}\"", state.label())).collect();
        format!("=OR({})", tests.join(","))
    };
    let column = Field::Status as u16;
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
        sheet.add_conditional_format(first, column, last, column, &rule)?;
    }
    Ok(())
}

fn control_colours(sheet: &mut Worksheet, (first, last): (u32, u32)) -> Result<(), XlsxError> {
    let control = cell(Field::Control, first);
    let column = Field::Control as u16;
    let rule = ConditionalFormatFormula::new()
        .set_rule(format!("=OR({control}=\"Резонансне\",{control}=\"Прострочено\")").as_str())
        .set_format(Tint::Red.format());
    sheet.add_conditional_format(first, column, last, column, &rule)?;
    Ok(())
}
