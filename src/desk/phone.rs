//! A row that an operator typed: is it complete, and what does the service add to it?
//!
//! Operators save in the middle of typing, so an incomplete row is left alone but for a hint. Only empty cells are
//! filled; what a person typed stands.

use crate::desk::action::{NewEvent, Registration};
use crate::desk::certainty;
use crate::desk::context::Desk;
use crate::desk::repeat::{self, Found};
use crate::desk::{hint, registration};
use crate::domain::deadline::{Deadline, due};
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::number::letter_or;
use crate::domain::reading::Reading;
use crate::domain::register::Row;
use crate::domain::status::Status;
use crate::domain::value::Value;
use chrono::{Datelike, NaiveDateTime, NaiveTime};

/// Why such an appeal was registered, for the journal.
pub const CAUSE: &str = "typed into the register";
/// The five data that the order asks of an applicant (п. 3.5), and what they are called in a hint.
const ASKED: [(Field, &str); 5] = [
    (Field::Applicant, "прізвище, ім'я, по батькові"),
    (Field::Phone, "контактний телефон"),
    (Field::RegisteredAddress, "прописка"),
    (Field::TemporaryAddress, "місце тимчасового проживання"),
    (Field::Essence, "суть питання"),
];
/// What operators write instead of a name.
const NAMELESS: [&str; 5] = ["анонім", "невідом", "не назва", "без імені", "відмови"];
/// Most look-alikes that a hint names.
const MOST_LOOK_ALIKES: usize = 3;

/// An appeal that a new row may repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookAlike {
    /// Its number.
    pub number: String,
    /// Why it looks alike.
    pub why: &'static str,
}

/// What becomes of a typed row.
#[derive(Debug, Clone, PartialEq)]
pub enum Typed {
    /// It waits; the hint says for what.
    Waits(String),
    /// It becomes an appeal.
    Registered(Box<Registration>),
    /// It holds nothing of an appeal (a separator, a remark of the office): left alone altogether.
    Nothing,
}

/// Decides on a typed row. `reading` is that of its essence.
pub fn decide(
    desk: &Desk<'_>,
    row: &Row,
    reading: &Reading,
    (year, last_seq, now): (i32, i64, NaiveDateTime),
    (look_alikes, found): (&[LookAlike], &Found),
) -> Typed {
    let missing: Vec<&str> =
        ASKED.iter().filter(|(field, _)| row.get(*field).is_empty()).map(|(_, label)| *label).collect();
    if missing.len() == ASKED.len() {
        return Typed::Nothing;
    }
    let name = row.get(Field::Applicant).to_string().to_lowercase();
    if NAMELESS.iter().any(|word| name.starts_with(word)) {
        return Typed::Waits("Анонімне звернення не реєструється (п. 3.6 Положення).".to_owned());
    }
    if !missing.is_empty() {
        return Typed::Waits(format!("Щоб надати номер, бракує: {}.", missing.join("; ")));
    }
    if name.split_whitespace().count() < 2 {
        return Typed::Waits("Щоб надати номер, потрібні прізвище та ім'я заявника.".to_owned());
    }
    // An appeal of January belongs into the register of the new year, also if the old one is still open on the screen.
    let received_in = received(row, now).year();
    if received_in != year {
        return Typed::Waits(format!(
            "Надійшло у {received_in} році: внесіть цей рядок до реєстру за {received_in} рік."
        ));
    }
    Typed::Registered(Box::new(register(desk, row, reading, (year, last_seq, now), (look_alikes, found))))
}

fn register(
    desk: &Desk<'_>,
    typed: &Row,
    reading: &Reading,
    (year, last_seq, now): (i32, i64, NaiveDateTime),
    (look_alikes, found): (&[LookAlike], &Found),
) -> Registration {
    let seq = last_seq + 1;
    let name = typed.get(Field::Applicant).to_string();
    let surname = name.split_whitespace().next();
    let collective_letter = &desk.settings.numbering.collective_letter;
    let initial = letter_or(surname, false, collective_letter, registration::NAMELESS_LETTER);
    let number = desk.numbers.format(&initial, u32::try_from(seq).unwrap_or(u32::MAX), year);
    let kind = reading.kind.as_ref().map(|kind| kind.value);
    let received = received(typed, now);
    let deadline = due(received, registration::rule_for(desk, kind), &desk.settings.calendar);
    let mut row = typed.clone();
    let mut fill = |field: Field, value: Value| {
        if row.get(field).is_empty() {
            row.set(field, value);
        }
    };
    fill(Field::ReceivedDate, Value::Date(received.date()));
    fill(Field::ReceivedTime, Value::minutes(now.time()));
    if let Some(kind) = kind {
        fill(Field::Kind, Value::text(registration::kind_label(kind)));
    }
    fill(Field::Sign, Value::text(repeat::FIRST));
    fill(Field::Topic, registration::topic(desk, reading));
    fill(Field::Status, Value::text(Status::Registered.label()));
    if reading.alarm.is_some() {
        fill(Field::Control, Value::text("Резонансне"));
    }
    row.set(Field::Ordinal, Value::Number(seq));
    row.set(Field::Number, Value::text(&number));
    row.set(Field::DueDate, Value::Date(deadline.control));
    row.set(Field::RoutedDate, Value::Empty);
    row.set(Field::Hint, Value::text(&hint_of(desk, reading, look_alikes, &deadline).join("\n")));
    repeat::mark(&mut row, found);
    let mut events = certainty::noted(desk, reading);
    events.extend(found.repeats.clone().map(|detail| NewEvent { kind: EventKind::Repeats, detail, open: false }));
    Registration {
        letter: None,
        completes: None,
        year,
        seq,
        number,
        row,
        typed: typed.filled().map(|(field, value)| (field, value.clone())).collect(),
        address: typed.get(Field::Email).to_string().to_lowercase(),
        events,
        cause: CAUSE.to_owned(),
    }
}

/// When the call came: the typed day and time where they make sense, else now.
fn received(typed: &Row, now: NaiveDateTime) -> NaiveDateTime {
    let day = typed.get(Field::ReceivedDate).as_date().filter(|day| *day <= now.date() && day.year() >= now.year() - 1);
    let time = match typed.get(Field::ReceivedTime) {
        Value::Time(time) => Some(*time),
        Value::Empty | Value::Text(_) | Value::Number(_) | Value::Date(_) => None,
    };
    match (day, time) {
        (None, _) => now,
        (Some(day), time) if day == now.date() => day.and_time(time.unwrap_or_else(|| now.time())),
        (Some(day), time) => day.and_time(time.unwrap_or(NaiveTime::MIN)),
    }
}

fn hint_of(desk: &Desk<'_>, reading: &Reading, look_alikes: &[LookAlike], deadline: &Deadline) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(alarm) = &reading.alarm {
        lines.push(format!("РЕЗОНАНСНЕ: {} ({}).", hint::alarm_label(alarm.value), hint::quoted(&alarm.quote)));
    }
    lines.extend(hint::department(desk, reading));
    for look_alike in look_alikes.iter().take(MOST_LOOK_ALIKES) {
        lines.push(format!("Можливо, повторне до № {} ({}).", look_alike.number, look_alike.why));
    }
    lines.push(hint::term(deadline));
    lines
}
