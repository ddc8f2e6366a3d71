//! The column "Контроль": marks that stand side by side, separated by ";". Which are the supervisor's, which computed.
//!
//! The supervisor speaks through this column: "К", "Знято", "Погоджено", "Продовжити до 25.08". "Прострочено" is computed
//! by the desk and never typed; "Резонансне" comes from the reading of a letter or from a person.

use crate::domain::value::Value;
use crate::reading::fold::fold;
use crate::reading::written_dates::dates_in;
use chrono::NaiveDate;

/// One mark.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Under control: an interim answer does not end it.
    Control,
    /// Must be looked at now.
    Resonant,
    /// Computed: the term has run out.
    Overdue,
    /// Control is taken off.
    Lifted,
    /// The supervisor agrees to what only he may decide (refusal, stopping, a state against the order).
    Approved,
    /// The supervisor extends the term to this day (art. 20).
    ExtendTo(NaiveDate),
    /// Anything else that a person typed.
    Other(String),
}

impl Mark {
    /// As it stands in the register.
    pub fn shown(&self) -> String {
        match self {
            Self::Control => "К".to_owned(),
            Self::Resonant => "Резонансне".to_owned(),
            Self::Overdue => "Прострочено".to_owned(),
            Self::Lifted => "Знято".to_owned(),
            Self::Approved => "Погоджено".to_owned(),
            Self::ExtendTo(day) => format!("Продовжити до {}", day.format("%d.%m.%Y")),
            Self::Other(text) => text.clone(),
        }
    }

    /// Whether only the supervisor may put it there or take it away.
    pub fn is_supervisors(&self) -> bool {
        match self {
            Self::Control | Self::Lifted | Self::Approved | Self::ExtendTo(_) => true,
            Self::Resonant | Self::Overdue | Self::Other(_) => false,
        }
    }
}

/// The marks of a cell in order. A day without a year is the next one not before `registered`.
pub fn marks(cell: &Value, registered: NaiveDate) -> Vec<Mark> {
    let Some(text) = cell.as_text() else { return Vec::new() };
    text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()).map(|part| mark(part, registered)).collect()
}

fn mark(part: &str, registered: NaiveDate) -> Mark {
    let folded = fold(part);
    let begins = |stem: &str| folded.starts_with(stem);
    if begins("продовж") {
        if let Some((_, day)) = dates_in(part, registered).first() {
            return Mark::ExtendTo(*day);
        }
        return Mark::Other(part.to_owned());
    }
    match folded.as_ref() {
        "к" | "k" | "контроль" | "на контролі" => Mark::Control,
        _ if begins("резонанс") => Mark::Resonant,
        _ if begins("простроч") => Mark::Overdue,
        _ if begins("знят") => Mark::Lifted,
        _ if begins("погодж") => Mark::Approved,
        _ => Mark::Other(part.to_owned()),
    }
}

/// The cell that shows these marks, each once.
pub fn cell(marks: &[Mark]) -> Value {
    let mut shown: Vec<String> = Vec::new();
    for mark in marks {
        let text = mark.shown();
        if !shown.contains(&text) {
            shown.push(text);
        }
    }
    Value::text(&shown.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_as_people_type_them_and_written_in_one_form() {
        let registered = NaiveDate::from_ymd_opt(2026, 7, 11).unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 8, 25).unwrap();
        for (typed, expected, written) in [
            ("K", vec![Mark::Control], "К"),
            ("К; Резонансне", vec![Mark::Control, Mark::Resonant], "К; Резонансне"),
            ("продовжити до 25.08", vec![Mark::ExtendTo(day)], "Продовжити до 25.08.2026"),
            ("Продовжено до 25 серпня 2026 року; погоджено", vec![Mark::ExtendTo(day), Mark::Approved], ""),
            ("знято з контролю", vec![Mark::Lifted], "Знято"),
            ("продовжити", vec![Mark::Other("продовжити".into())], "продовжити"),
            ("", vec![], ""),
        ] {
            let found = marks(&Value::text(typed), registered);
            assert_eq!(found, expected, "{typed}");
            if !written.is_empty() {
                assert_eq!(cell(&found), Value::text(written));
            }
            assert_eq!(marks(&cell(&found), registered), found, "{typed}");
        }
    }
}
