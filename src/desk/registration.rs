//! Registration: from the reading of a letter to the row of an appeal.

use crate::desk::action::{NewEvent, Registration};
use crate::desk::certainty;
use crate::desk::context::Desk;
use crate::desk::hint;
use crate::desk::repeat;
use crate::desk::snapshot::Pending;
use crate::domain::deadline::{Deadline, Rule, due};
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::number::letter_or;
use crate::domain::reading::{Found, Kind, Reading};
use crate::domain::register::Row;
use crate::domain::status::Status;
use crate::domain::value::Value;
use chrono::Datelike;

/// Who takes letters in, as the column "Оператор" says.
pub const SERVICE: &str = "Система";
/// Stands for the letter of the surname where there is none ("без прізвища").
pub const NAMELESS_LETTER: &str = "БП";
/// Longer matters are cut in the register; the letter itself is kept whole.
const ESSENCE_LENGTH: usize = 2_000;

/// The label of a kind in the register.
pub fn kind_label(kind: Kind) -> &'static str {
    match kind {
        Kind::Proposal => "Пропозиція (зауваження)",
        Kind::Application => "Заява (клопотання)",
        Kind::Complaint => "Скарга",
        Kind::Inquiry => "Запит на довідку",
    }
}

/// The term of an appeal of this kind (art. 20 of the law; shorter for requests for information by the office's rule).
pub fn rule_for(desk: &Desk<'_>, kind: Option<Kind>) -> Rule {
    match (kind, desk.settings.terms.inquiry_days) {
        (Some(Kind::Inquiry), 1..) => Rule::Custom(desk.settings.terms.inquiry_days),
        (Some(Kind::Inquiry | Kind::Proposal | Kind::Application | Kind::Complaint) | None, _) => Rule::Month,
    }
}

/// The term of a letter.
pub fn deadline(desk: &Desk<'_>, letter: &Pending) -> Deadline {
    let kind = letter.reading.kind.as_ref().map(|kind| kind.value);
    due(letter.received, rule_for(desk, kind), &desk.settings.calendar)
}

/// The name as it stands in the register: surname first, what is unknown left out.
pub fn full_name(reading: &Reading) -> String {
    [&reading.surname, &reading.name, &reading.patronymic]
        .into_iter()
        .flatten()
        .map(|found| found.value.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The registration of a letter under the next running number.
pub fn register(desk: &Desk<'_>, letter: &Pending, last_seq: i64, completes: Option<i64>) -> Registration {
    let deadline = deadline(desk, letter);
    let year = deadline.registered_on.year();
    let seq = last_seq + 1;
    let surname = letter.reading.surname.as_ref().map(|found| found.value.as_str());
    let collective_letter = &desk.settings.numbering.collective_letter;
    let initial = letter_or(surname, letter.reading.collective, collective_letter, NAMELESS_LETTER);
    let number = desk.numbers.format(&initial, u32::try_from(seq).unwrap_or(u32::MAX), year);
    let row = row(desk, letter, seq, &number, &deadline);
    Registration {
        letter: Some(letter.id),
        completes,
        year,
        seq,
        number,
        row,
        typed: Vec::new(),
        address: letter.reading.email.clone().unwrap_or_else(|| letter.sender.clone()),
        events: events(desk, letter),
        cause: format!("letter {}", letter.id),
    }
}

/// What is known of the appeal from the beginning.
fn events(desk: &Desk<'_>, letter: &Pending) -> Vec<NewEvent> {
    let told = told_department(desk, letter).map(|code| NewEvent {
        kind: EventKind::RoutingTold,
        detail: code.to_owned(),
        open: false,
    });
    certainty::noted(desk, &letter.reading).into_iter().chain(told).collect()
}

/// The department that the acknowledgement names, since the appeal is given to it at once. Out of hours, or while data are
/// missing, the letter says something else.
pub fn told_department<'l>(desk: &Desk<'_>, letter: &'l Pending) -> Option<&'l str> {
    let at_once = letter.reading.missing.is_empty() && desk.settings.calendar.in_hours(letter.received);
    certainty::sure(desk, &letter.reading).filter(|_| at_once)
}

fn row(desk: &Desk<'_>, letter: &Pending, seq: i64, number: &str, deadline: &Deadline) -> Row {
    let reading = &letter.reading;
    let phones: Vec<&str> = reading.phones.iter().map(|found| found.value.as_str()).collect();
    let status = if reading.missing.is_empty() { Status::Registered } else { Status::NeedsClarification };
    let essence = reading.essence.clone().unwrap_or_else(|| letter.subject.clone());
    let sign =
        if reading.collective && reading.alarm.as_ref().is_some_and(mass) { repeat::MASS } else { repeat::FIRST };
    let mut row = Row::default();
    for (field, value) in [
        (Field::Ordinal, Value::Number(seq)),
        (Field::Number, Value::text(number)),
        (Field::ReceivedDate, Value::Date(letter.received.date())),
        (Field::ReceivedTime, Value::minutes(letter.received.time())),
        (Field::Channel, Value::text(&letter.channel)),
        (Field::Operator, Value::text(SERVICE)),
        (Field::Applicant, Value::text(&full_name(reading))),
        (Field::OnBehalfOf, found(reading.representative_of.as_ref())),
        (Field::Phone, Value::text(&phones.join("; "))),
        (Field::Email, Value::text(reading.email.as_deref().unwrap_or(&letter.sender))),
        (Field::RegisteredAddress, found(reading.registered_address.as_ref())),
        (Field::TemporaryAddress, found(reading.temporary_address.as_ref())),
        (Field::Category, found(reading.category.as_ref())),
        (Field::Kind, Value::text(kind_label(reading.kind.as_ref().map_or(Kind::Application, |kind| kind.value)))),
        (Field::Sign, Value::text(sign)),
        (Field::Essence, Value::text(&shortened(&essence))),
        (Field::Topic, topic(desk, reading)),
        (Field::DueDate, Value::Date(deadline.control)),
        (Field::Status, Value::text(status.label())),
        (Field::Control, Value::text(if reading.alarm.is_some() { "Резонансне" } else { "" })),
        (Field::Hint, Value::text(&hint::of_new_row(desk, letter, deadline).join("\n"))),
    ] {
        row.set(field, value);
    }
    row
}

fn mass(alarm: &Found<crate::domain::reading::Alarm>) -> bool {
    alarm.value == crate::domain::reading::Alarm::Mass
}

fn found(found: Option<&Found<String>>) -> Value {
    found.map_or(Value::Empty, |found| Value::text(&found.value))
}

/// What the column "Тематика" says of the likeliest department.
pub fn topic(desk: &Desk<'_>, reading: &Reading) -> Value {
    let office = &desk.settings.office;
    let code = reading.departments.first().map_or(office.default_department.as_str(), |first| first.code.as_str());
    office.department(code).map_or(Value::Empty, |department| {
        Value::text(&format!("{} / {}", department.topic, department.support.label()))
    })
}

fn shortened(essence: &str) -> String {
    if essence.chars().count() <= ESSENCE_LENGTH {
        return essence.to_owned();
    }
    let kept: String = essence.chars().take(ESSENCE_LENGTH).collect();
    format!("{}… (скорочено; повний текст — у листі)", kept.trim_end())
}
