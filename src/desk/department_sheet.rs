//! A department's workbook: what it shows of an appeal, what stands above, how it is called.
//!
//! There are two kinds: one mailed with each notice, which shows the appeals newly given, and one that stands on the share
//! and shows all of them. Both are replicas of the ledger with a stamp of their own. Only what the consideration of an
//! appeal needs is shown (art. 10 of the law): who applies and how to reach him, the matter, the term.

use crate::desk::co_executors;
use crate::desk::marks::{Mark, marks};
use crate::domain::department::Department;
use crate::domain::field::{Field, List};
use crate::domain::grid::Stamp;
use crate::domain::office::Office;
use crate::domain::register::{Frame, Heading, Instructions, Row};
use crate::domain::status::{STATUSES, Setter, Status};
use crate::domain::value::Value;
use crate::settings::valid::Settings;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;

/// What operators write into the notes where the applicant must not be written to.
pub const DO_NOT_WRITE: &str = "не писати";

/// A workbook of a department, as its stamp names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Copy {
    /// Mailed with a notice; the text tells which.
    Mailed(String),
    /// On the share.
    Standing,
}

/// What stands in the place of the notice in the stamp of a standing workbook.
const STANDING: &str = "standing";

impl Copy {
    /// The copy that goes out on a day with a notice, the last of those that it carries.
    pub fn mailed(day: NaiveDate, notice: i64) -> Self {
        Self::Mailed(format!("{day}-{notice}"))
    }

    /// Identity of the replica.
    pub fn id(&self, ledger: &str, department: &str) -> String {
        let which = match self {
            Self::Mailed(notice) => notice.as_str(),
            Self::Standing => STANDING,
        };
        format!("{ledger}/department/{department}/{which}")
    }

    /// Department and copy of an identity; `None` if it is that of another ledger or of no such workbook.
    pub fn of(id: &str, ledger: &str) -> Option<(String, Self)> {
        let (department, which) = id.strip_prefix(ledger)?.strip_prefix("/department/")?.split_once('/')?;
        let copy = if which == STANDING { Self::Standing } else { Self::Mailed(which.to_owned()) };
        (!department.is_empty() && !which.is_empty()).then(|| (department.to_owned(), copy))
    }
}

/// Name of the file of a mailed copy.
pub fn file_name(department: &Department, day: NaiveDate) -> String {
    format!("Звернення – {} – {}.xlsx", department.name, day.format("%d.%m.%Y"))
}

/// What an appeal shows to the department that considers it.
pub fn shown(office: &Office, row: &Row) -> Row {
    let mut shown = Row::default();
    for field in [
        Field::Number,
        Field::Essence,
        Field::DueDate,
        Field::Status,
        Field::Answer,
        Field::Executor,
        Field::AnswerDate,
        Field::DepartmentNote,
    ] {
        shown.set(field, row.get(field).clone());
    }
    shown.set(Field::Applicant, Value::text(&applicant(row)));
    shown.set(Field::Hint, Value::text(&attention(office, row).join("\n")));
    shown
}

/// What an appeal shows in the workbook of a department on the share: of one that it does not have any more the number alone.
pub fn standing(office: &Office, code: &str, row: &Row) -> Row {
    let has = office
        .department_called(&row.get(Field::Department).to_string())
        .is_some_and(|department| department.code == code)
        || co_executors::takes_part(office, row, code);
    if has {
        return shown(office, row);
    }
    let mut gone = Row::default();
    gone.set(Field::Number, row.get(Field::Number).clone());
    gone.set(Field::Hint, Value::text("Звернення не на розгляді у Вашого підрозділу."));
    gone
}

/// Name, phone and address below each other, with whom he acts for.
fn applicant(row: &Row) -> String {
    let line = |label: &str, field: Field| {
        let value = row.get(field);
        if value.is_empty() { String::new() } else { format!("{label}{value}") }
    };
    let address = match row.get(Field::TemporaryAddress) {
        Value::Empty => line("", Field::RegisteredAddress),
        Value::Text(_) | Value::Number(_) | Value::Date(_) | Value::Time(_) => line("", Field::TemporaryAddress),
    };
    let lines = [
        line("", Field::Applicant),
        line("представник: ", Field::Representative),
        line("в інтересах: ", Field::OnBehalfOf),
        line("", Field::Phone),
        address,
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What the department must know before it begins, one thought a line.
fn attention(office: &Office, row: &Row) -> Vec<String> {
    let text = |field: Field| row.get(field).as_text().unwrap_or_default();
    let mut lines = Vec::new();
    for mark in marks(row.get(Field::Control), NaiveDate::MIN) {
        match mark {
            Mark::Control => lines.push("На контролі керівника.".to_owned()),
            Mark::Resonant => lines.push("Резонансне: розгляньте першочергово.".to_owned()),
            Mark::Overdue | Mark::Lifted | Mark::Approved | Mark::ExtendTo(_) | Mark::Other(_) => {}
        }
    }
    if text(Field::Notes).to_lowercase().contains(DO_NOT_WRITE) {
        lines.push("Заявнику не писати, лише телефонувати.".to_owned());
    }
    if Status::from_label(text(Field::Status)) == Some(Status::Rework) {
        lines.push("На доопрацюванні: заявник не погоджується з відповіддю.".to_owned());
    }
    let others: Vec<&str> = co_executors::of(office, row)
        .codes
        .iter()
        .filter_map(|code| office.department(code).map(|department| department.name.as_str()))
        .collect();
    if !others.is_empty() {
        lines.push(format!("Відповідає: {}. Співвиконавці: {}.", text(Field::Department), others.join("; ")));
    }
    lines
}

/// Everything in a department's workbook but its rows.
pub fn frame(
    settings: &Settings,
    department: &Department,
    copy: (&Copy, NaiveDate),
    stamp: Stamp,
    created: DateTime<Utc>,
) -> Frame {
    Frame {
        heading: Heading::Department(instructions(settings, department, copy)),
        lists: BTreeMap::from([(List::Status, states())]),
        tables: Vec::new(),
        stamp: Some(stamp),
        created,
    }
}

/// The states that a department may choose.
pub fn states() -> Vec<String> {
    let may = |setters: &[Setter]| setters.contains(&Setter::Department);
    STATUSES.iter().filter(|spec| may(spec.setters)).map(|spec| spec.label.to_owned()).collect()
}

fn instructions(settings: &Settings, department: &Department, (copy, day): (&Copy, NaiveDate)) -> Instructions {
    let secret = "Відомості про заявників не розголошуйте (стаття 10 Закону України «Про звернення громадян»).";
    let (title, back) = match copy {
        Copy::Mailed(_) => (
            format!("Звернення на розгляд: {}, {}", department.name, day.format("%d.%m.%Y")),
            "Збережіть книгу й надішліть її у відповідь на лист, не змінюючи теми.",
        ),
        Copy::Standing => (
            format!("Звернення на розгляді: {}", department.name),
            "Збережіть книгу на цьому самому місці: зміни буде враховано протягом робочого дня.",
        ),
    };
    Instructions {
        title,
        lines: [
            "Заповніть лише білі графи: статус виберіть зі списку, відповідь напишіть так, щоб її можна було надіслати \
             заявникові. Сірі графи змінює контактний центр."
                .to_owned(),
            format!("{back} {secret}"),
        ],
        organisation: settings.office.organisation.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_tells_the_department_and_the_copy() {
        let day = NaiveDate::from_ymd_opt(2022, 7, 12).unwrap();
        for copy in [Copy::mailed(day, 17), Copy::Standing] {
            assert_eq!(Copy::of(&copy.id("0a1b", "soc"), "0a1b"), Some(("soc".to_owned(), copy)));
        }
        assert_eq!(Copy::mailed(day, 17).id("0a1b", "soc"), "0a1b/department/soc/2022-07-12-17");
        for foreign in ["0a1b/register/2022", "ffff/department/soc/standing", "0a1b/department/soc", ""] {
            assert_eq!(Copy::of(foreign, "0a1b"), None, "{foreign}");
        }
    }

    #[test]
    fn a_department_sees_what_it_needs_of_an_appeal_and_no_more() {
        let mut row = Row::default();
        for (field, text) in [
            (Field::Number, "К-128/2022"),
            (Field::Applicant, "Коваленко Олена Петрівна"),
            (Field::OnBehalfOf, "Коваленко Ніна Семенівна"),
            (Field::Phone, "+380661234567"),
            (Field::Email, "olena@example.com"),
            (Field::RegisteredAddress, "м. Сєвєродонецьк, вул. Гагаріна, буд. 5"),
            (Field::TemporaryAddress, "м. Дніпро, вул. Робоча, буд. 7"),
            (Field::Control, "К"),
            (Field::Notes, "Не писати, лише телефон; сусідка скаржиться"),
            (Field::Hint, "Можливо, повторне до № К-101/2022"),
        ] {
            row.set(field, Value::text(text));
        }
        let shown = shown(&Office::default(), &row);
        assert_eq!(
            shown.get(Field::Applicant).to_string(),
            "Коваленко Олена Петрівна\nв інтересах: Коваленко Ніна Семенівна\n+380661234567\nм. Дніпро, вул. Робоча, буд. 7"
        );
        assert_eq!(
            shown.get(Field::Hint).to_string(),
            "На контролі керівника.\nЗаявнику не писати, лише телефонувати."
        );
        let seen: Vec<Field> = shown.filled().map(|(field, _)| field).collect();
        assert_eq!(seen, [Field::Number, Field::Applicant, Field::Hint]);
    }

    #[test]
    fn a_department_chooses_among_states_that_it_may_set() {
        let states = states();
        assert!(states.contains(&"В роботі".to_owned()) && states.contains(&"Повернуто на перерозподіл".to_owned()));
        assert!(!states.contains(&"Термін продовжено".to_owned()) && !states.contains(&"Зареєстровано".to_owned()));
    }
}
