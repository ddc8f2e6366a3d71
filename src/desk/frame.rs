//! Everything in a register but its rows: title, lists of the dropdowns, the sheets beside the register.

use crate::desk::calls::{self, Call};
use crate::desk::conflict::{self, Conflict};
use crate::domain::field::List;
use crate::domain::grid::Stamp;
use crate::domain::register::{Frame, Heading, Table, Title};
use crate::domain::status::STATUSES;
use crate::domain::value::Value;
use crate::settings::valid::Settings;
use chrono::{DateTime, NaiveDateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// Name of the sheet with letters that got no row.
pub const UNREGISTERED_SHEET: &str = "Не зареєстровано";
/// Name of the sheet with typical answers.
pub const ANSWERS_SHEET: &str = "Типові відповіді";

/// A letter that got no row, as the sheet shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnregisteredLine {
    /// When it was received, Kyiv's local time.
    pub received: NaiveDateTime,
    /// How it came.
    pub channel: String,
    /// Address in From.
    pub sender: String,
    /// Subject.
    pub subject: String,
    /// What it is.
    pub class: String,
    /// Why it got no row.
    pub reason: String,
    /// Number of the appeal that it names.
    pub number: String,
    /// Where the original lies.
    pub raw: String,
}

/// What the class of a letter is called for operators.
pub fn class_label(id: &str) -> &'static str {
    match id {
        "appeal" => "звернення",
        "anonymous" => "анонімне",
        "follow_up" => "продовження листування",
        "department_reply" => "відповідь підрозділу",
        "bounce" => "недоставлений лист",
        "auto_reply" => "автовідповідь",
        "newsletter" => "розсилка",
        "spam" => "спам",
        "receipt" => "підтвердження доставки",
        "invite" => "запрошення",
        "empty" => "порожній лист",
        _ => "не прочитано",
    }
}

/// The frame of the register of a year.
pub fn frame(
    settings: &Settings,
    year: i32,
    (unregistered, conflicts, calls): (&[UnregisteredLine], &[Conflict], &[Call]),
    stamp: Stamp,
    created: DateTime<Utc>,
) -> Frame {
    let office = &settings.office;
    Frame {
        heading: Heading::Register(Title {
            organisation: office.organisation.clone(),
            centre: office.centre.clone(),
            reference: settings.register.reference.clone(),
            year,
        }),
        lists: lists(settings),
        tables: vec![
            calls::table(calls),
            typical_answers(),
            unregistered_table(unregistered),
            conflict::table(conflicts),
        ],
        stamp: Some(stamp),
        created,
    }
}

fn lists(settings: &Settings) -> BTreeMap<List, Vec<String>> {
    let departments = &settings.office.departments;
    let mut lists: BTreeMap<List, Vec<String>> = BTreeMap::new();
    for list in [List::Channel, List::Category, List::Kind, List::Sign, List::Notified, List::Control] {
        lists.insert(list, list.fixed_values().iter().map(|value| (*value).to_owned()).collect());
    }
    let mut operators = vec![crate::desk::registration::SERVICE.to_owned()];
    operators.extend(settings.people.operators.iter().cloned());
    lists.insert(List::Operator, operators);
    let topics: BTreeSet<String> =
        departments.iter().map(|department| format!("{} / {}", department.topic, department.support.label())).collect();
    lists.insert(List::Topic, topics.into_iter().collect());
    lists.insert(List::Department, departments.iter().map(|department| department.name.clone()).collect());
    lists.insert(List::Status, STATUSES.iter().map(|spec| spec.label.to_owned()).collect());
    lists
}

fn columns(columns: &[(&str, u16)]) -> Vec<(String, u16)> {
    columns.iter().map(|(header, width)| ((*header).to_owned(), *width)).collect()
}

fn typical_answers() -> Table {
    Table {
        name: ANSWERS_SHEET.to_owned(),
        note: "Відповіді на типові питання. Без дати затвердження або після дати «Дійсна до» відповідь не надсилають."
            .to_owned(),
        columns: columns(&[
            ("№", 6),
            ("Тема", 24),
            ("Ключові слова", 28),
            ("Питання", 40),
            ("Відповідь", 60),
            ("Правова підстава", 28),
            ("Підрозділ", 28),
            ("Дата затвердження", 14),
            ("Дійсна до", 12),
            ("Використано разів", 12),
        ]),
        rows: Vec::new(),
    }
}

fn unregistered_table(lines: &[UnregisteredLine]) -> Table {
    Table {
        name: UNREGISTERED_SHEET.to_owned(),
        note: "Листи, які не стали зверненнями: анонімні, відповіді, розсилки, непрочитані. Оригінали збережено."
            .to_owned(),
        columns: columns(&[
            ("Дата надходження", 12),
            ("Час", 8),
            ("Канал", 14),
            ("Від кого", 30),
            ("Тема листа", 44),
            ("Що це", 22),
            ("Чому не зареєстровано", 50),
            ("Звернення №", 16),
            ("Оригінал", 20),
        ]),
        rows: lines.iter().map(unregistered_row).collect(),
    }
}

/// The cells of a letter without a row.
pub fn unregistered_row(line: &UnregisteredLine) -> Vec<Value> {
    vec![
        Value::Date(line.received.date()),
        Value::minutes(line.received.time()),
        Value::text(&line.channel),
        Value::text(&line.sender),
        Value::text(&line.subject),
        Value::text(class_label(&line.class)),
        Value::text(&line.reason),
        Value::text(&line.number),
        Value::text(&line.raw.chars().take(12).collect::<String>()),
    ]
}
