//! What a person meant by the content of a cell: raw cell → canonical value and remarks. Never fails.
//!
//! Two cells that mean the same give equal values, however they are written; what is not understood stays as the text that
//! stands there. Absent on purpose: lists of the configuration (the caller compares with `canonical`) and the question what
//! to do with a value (`merge`). An error such as `#REF!` is not a value at all: ask `is_readable` before.

use crate::domain::field::{Field, List, Shape};
use crate::domain::grid::Raw;
use crate::domain::label::{key, same};
use crate::domain::remark::Remark;
use crate::domain::status::STATUSES;
use crate::domain::value::Value;
use crate::merge::{moment, phone};

/// A beginning of a label must have so many letters to stand for the whole.
const MIN_PREFIX: usize = 4;

/// Whether the cell says anything; where it does not, the last known value stays.
pub fn is_readable(raw: &Raw) -> bool {
    !matches!(raw, Raw::Error(_))
}

/// The canonical value of a cell of a column; `date1904` as the workbook counts days.
pub fn interpret(raw: &Raw, field: Field, date1904: bool) -> (Value, Vec<Remark>) {
    let mut remarks = Vec::new();
    let value = match (raw, field.shape()) {
        (Raw::Empty, _) => Value::Empty,
        (Raw::Error(error), _) => {
            let text = format!("Комірка показує помилку {error}; залишено останнє відоме значення.");
            remarks.push(Remark::on(field, text));
            Value::Empty
        }
        (_, Shape::Date) => day(raw, (field, date1904), &mut remarks),
        (_, Shape::Time) => time(raw, field, &mut remarks),
        (_, Shape::Integer) => integer(raw),
        (_, Shape::Phone) => phones(raw, field, &mut remarks),
        (_, Shape::List(list)) => listed(raw, (field, list), &mut remarks),
        (_, Shape::Text | Shape::Wrapped) => Value::text(&plain(raw)),
    };
    (value, remarks)
}

/// The value of a list that the text means: the same to the eye, or the only one that begins so.
pub fn canonical<'v>(text: &str, values: impl Iterator<Item = &'v str> + Clone) -> Option<&'v str> {
    let exact = values.clone().find(|value| *value == text);
    if let Some(value) = exact.or_else(|| values.clone().find(|value| same(value, text))) {
        return Some(value);
    }
    let beginning = key(text);
    if beginning.chars().count() < MIN_PREFIX {
        return None;
    }
    let mut fitting = values.filter(|value| key(value).starts_with(&beginning));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// The text that a person sees in the cell.
fn plain(raw: &Raw) -> String {
    match raw {
        Raw::Empty => String::new(),
        Raw::Text(text) | Raw::Error(text) => text.clone(),
        Raw::Number(number) => number_text(*number),
        Raw::Bool(true) => "ІСТИНА".to_owned(),
        Raw::Bool(false) => "ХИБНІСТЬ".to_owned(),
    }
}

/// Whole numbers without a point; others as short as they can be, without the noise of binary fractions.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        // Excel shows 15 digits; 0.1 + 0.2 is 0.3 to everybody in the office.
        let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
        format!("{rounded}").replace('.', ",")
    }
}

fn integer(raw: &Raw) -> Value {
    let text = plain(raw);
    match text.trim().trim_end_matches(['.', ')']).parse() {
        Ok(number) => Value::Number(number),
        Err(_) => Value::text(&text),
    }
}

fn day(raw: &Raw, (field, date1904): (Field, bool), remarks: &mut Vec<Remark>) -> Value {
    let read = match raw {
        Raw::Number(number) => moment::day_of_number(*number, date1904),
        Raw::Text(text) => moment::day_of_text(text),
        Raw::Empty | Raw::Bool(_) | Raw::Error(_) => None,
    };
    match read {
        Some(day) => Value::Date(day),
        None => unclear(raw, remarks, field, "Не вдалося прочитати дату; введіть її у вигляді ДД.ММ.РРРР."),
    }
}

fn time(raw: &Raw, field: Field, remarks: &mut Vec<Remark>) -> Value {
    let read = match raw {
        Raw::Number(number) => moment::time_of_number(*number),
        Raw::Text(text) => moment::time_of_text(text),
        Raw::Empty | Raw::Bool(_) | Raw::Error(_) => None,
    };
    match read {
        Some(time) => Value::Time(time),
        None => unclear(raw, remarks, field, "Не вдалося прочитати час; введіть його у вигляді ГГ:ХХ."),
    }
}

/// The text as it stands, with a remark unless it only says "nothing".
fn unclear(raw: &Raw, remarks: &mut Vec<Remark>, field: Field, remark: &str) -> Value {
    let value = Value::text(&plain(raw));
    let says_something = value.as_text().is_some_and(|text| text.chars().any(char::is_alphanumeric));
    if says_something {
        remarks.push(Remark::on(field, remark));
    }
    value
}

fn phones(raw: &Raw, field: Field, remarks: &mut Vec<Remark>) -> Value {
    let text = plain(raw);
    let Some((phones, repaired)) = phone::canonical(&text) else { return Value::text(&text) };
    if repaired || matches!(raw, Raw::Number(_)) {
        remarks.push(Remark::on(field, "Номер телефону відновлено з неповного запису; перевірте його."));
    }
    Value::Text(phones)
}

fn listed(raw: &Raw, (field, list): (Field, List), remarks: &mut Vec<Remark>) -> Value {
    let text = plain(raw);
    let found = match list {
        // What a word means for the state is judged by the desk, and only then does the table's word stand in the cell.
        List::Status => {
            let mut labels = STATUSES.iter().map(|spec| spec.label);
            let label = labels.clone().find(|label| *label == text).or_else(|| labels.find(|label| same(label, &text)));
            return Value::text(label.unwrap_or(&text));
        }
        List::Channel | List::Category | List::Kind | List::Sign | List::Notified | List::Control => {
            canonical(&text, list.fixed_values().iter().copied())
        }
        List::Operator | List::Topic | List::Department => return Value::text(&text),
    };
    match found {
        Some(label) => Value::Text(label.to_owned()),
        None => unclear(raw, remarks, field, "Такого значення немає в переліку; перевірте, чи немає помилки."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{NaiveDate, NaiveTime};

    fn text(text: &str) -> Raw {
        Raw::Text(text.to_owned())
    }

    #[test]
    fn however_people_write_a_day_it_is_one_day() {
        let expected = Value::Date(NaiveDate::from_ymd_opt(2022, 7, 11).unwrap());
        for raw in [
            Raw::Number(44753.0),
            Raw::Number(44753.44),
            Raw::Number(11_072_022.0),
            text("11.07.2022"),
            text("11.7.22"),
            text("11.07.22 р."),
            text("11.07.2022 року"),
            text(" 11. 07. 2022\u{a0}р "),
            text("11,07,2022"),
            text("2022-07-11"),
            text("2022-07-11T00:00:00.000"),
            text("11.07.2022 10:35"),
            text("11 липня 2022"),
            text("«11» липня 2022 року"),
            text("11 ЛИПНЯ 2022р."),
            text("11 июля 2022 г."),
            text("11-07-2022"),
        ] {
            assert_eq!(interpret(&raw, Field::ReceivedDate, false), (expected.clone(), vec![]), "{raw:?}");
        }
        assert_eq!(interpret(&Raw::Number(44753.0 - 1462.0), Field::ReceivedDate, true).0, expected);
    }

    #[test]
    fn a_day_that_is_not_clear_stays_as_it_stands_and_is_remarked() {
        for raw in ["11 липня", "11.07", "31.02.2022", "7/11/2022", "минулого вівторка", "45"] {
            let (value, remarks) = interpret(&text(raw), Field::DueDate, false);
            assert_eq!((value, remarks.len()), (Value::text(raw), 1), "{raw}");
        }
        assert_eq!(interpret(&Raw::Number(5.0), Field::DueDate, false).0, Value::text("5"));
        assert_eq!(interpret(&text("-"), Field::DueDate, false), (Value::text("-"), vec![]));
    }

    #[test]
    fn however_people_write_a_time_it_is_one_time() {
        let expected = Value::Time(NaiveTime::from_hms_opt(10, 35, 0).unwrap());
        for raw in [
            Raw::Number(635.0 / 1440.0),
            Raw::Number(44753.0 + 635.0 / 1440.0),
            Raw::Number(10.35),
            Raw::Number(1035.0),
            text("10:35"),
            text("10.35"),
            text("10-35"),
            text("10:35:20"),
            text("10 год. 35 хв."),
            text("о 10:35"),
            text("10,35"),
        ] {
            assert_eq!(interpret(&raw, Field::ReceivedTime, false).0, expected, "{raw:?}");
        }
        assert_eq!(interpret(&Raw::Number(10.3), Field::ReceivedTime, false).0.to_string(), "10:30");
        assert_eq!(interpret(&text("9"), Field::ReceivedTime, false).0.to_string(), "09:00");
        assert_eq!(interpret(&text("зранку"), Field::ReceivedTime, false).1.len(), 1);
        assert_eq!(interpret(&text("25:10"), Field::ReceivedTime, false).0, Value::text("25:10"));
    }

    #[test]
    fn phones_get_back_what_excel_took_from_them() {
        for (raw, expected) in [
            (Raw::Number(662_838_182.0), "+380662838182"),
            (Raw::Number(380_662_838_182.0), "+380662838182"),
            (text("066 283-81-82"), "+380662838182"),
            (text("(066) 283 81 82, +38 050 111 22 33"), "+380662838182; +380501112233"),
            (text("80662838182"), "+380662838182"),
            (text("+30951391978"), "+380951391978"),
            (text("+48 600 700 800"), "+48600700800"),
            (text("2-33-44 (дзвонити після 18)"), "2-33-44 (дзвонити після 18)"),
            (text("066 283 81 82 (син)"), "066 283 81 82 (син)"),
            (text("немає"), "немає"),
        ] {
            assert_eq!(interpret(&raw, Field::Phone, false).0, Value::text(expected), "{raw:?}");
        }
        assert_eq!(interpret(&Raw::Number(662_838_182.0), Field::Phone, false).1.len(), 1);
        assert_eq!(interpret(&text("066 283-81-82"), Field::Phone, false).1.len(), 0);
    }

    #[test]
    fn a_label_is_recognised_as_the_eye_does_and_by_a_clear_beginning() {
        for (raw, field, expected) in [
            ("зареєстровано ", Field::Status, "Зареєстровано"),
            ("Надано роз’яснення", Field::Status, "Надано роз'яснення"),
            ("виконано", Field::Status, "виконано"),
            ("B роботі", Field::Status, "В роботі"),
            ("заява", Field::Kind, "Заява (клопотання)"),
            ("K", Field::Control, "К"),
            ("Телефон\u{a0}1", Field::Channel, "телефон 1"),
        ] {
            assert_eq!(interpret(&text(raw), field, false), (Value::text(expected), vec![]), "{raw}");
        }
        for (raw, field) in [("телефон", Field::Channel), ("телеграма", Field::Channel)] {
            let (value, remarks) = interpret(&text(raw), field, false);
            assert_eq!((value, remarks.len()), (Value::text(raw), 1), "{raw}");
        }
    }

    #[test]
    fn numbers_in_text_columns_are_what_the_cell_shows() {
        for (raw, field, expected) in [
            (Raw::Number(128.0), Field::Number, Value::text("128")),
            (Raw::Number(0.1 + 0.2), Field::Notes, Value::text("0,3")),
            (Raw::Number(7.0), Field::Ordinal, Value::Number(7)),
            (text("7."), Field::Ordinal, Value::Number(7)),
            (Raw::Bool(true), Field::Notes, Value::text("ІСТИНА")),
            (Raw::Text(" \u{a0}".into()), Field::Notes, Value::Empty),
        ] {
            assert_eq!(interpret(&raw, field, false).0, expected, "{raw:?}");
        }
        assert!(!is_readable(&Raw::Error("#REF!".into())));
    }
}
