//! Clarification: what is asked of an applicant, and what becomes of his answer.
//!
//! An anonymous letter whose sender answers with his data becomes one whole appeal; an answer about a registered appeal
//! fills exactly the cells that were asked about or are blank. What is missing is for `reading::missing` to say, of a
//! letter and of a row alike.

use crate::desk::registration::full_name;
use crate::desk::snapshot::Pending;
use crate::domain::field::Field;
use crate::domain::reading::{Class, Found, Missing, Reading};
use crate::domain::register::Row;
use crate::domain::value::Value;
use crate::reading::missing::missing;
use chrono::NaiveDate;

/// What was asked for, and until when: the detail of the event `Asked`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The day until which an answer is awaited.
    pub until: NaiveDate,
    /// What was asked for.
    pub missing: Vec<Missing>,
}

impl Asked {
    /// As the event keeps it.
    pub fn detail(&self) -> String {
        let keys = self.missing.iter().map(|missing| missing.id().to_owned());
        std::iter::once(self.until.to_string()).chain(keys).collect::<Vec<_>>().join(" ")
    }

    /// From the event; `None` if it is none.
    pub fn read(detail: &str) -> Option<Self> {
        let mut words = detail.split(' ');
        let until = words.next()?.parse().ok()?;
        Some(Self { until, missing: words.filter_map(Missing::from_id).collect() })
    }

    /// Without what was asked for there is no proper appeal (art. 5).
    pub fn is_required_by_law(&self) -> bool {
        self.missing.iter().any(|missing| missing.is_required_by_law())
    }
}

/// What a row lacks of the five data.
pub fn lacks(row: &Row) -> Vec<Missing> {
    missing(&read_row(row), false)
}

/// The cells that an answer fills, and what is still missing of what was asked for.
pub fn answered(row: &Row, asked: &[Missing], answer: &Reading) -> (Vec<(Field, Value)>, Vec<Missing>) {
    let value = |found: &Option<Found<String>>| found.as_ref().map_or(Value::Empty, |found| Value::text(&found.value));
    let phones: Vec<&str> = answer.phones.iter().map(|found| found.value.as_str()).collect();
    let named = answer.surname.is_some() && answer.name.is_some();
    let name = if named { Value::text(&full_name(answer)) } else { Value::Empty };
    let offered = [
        (Field::Applicant, Some(Missing::Name), name),
        (Field::Phone, Some(Missing::Phone), Value::text(&phones.join("; "))),
        (Field::RegisteredAddress, Some(Missing::RegisteredAddress), value(&answer.registered_address)),
        (Field::TemporaryAddress, Some(Missing::TemporaryAddress), value(&answer.temporary_address)),
        (Field::Essence, Some(Missing::Essence), answer.essence.as_deref().map_or(Value::Empty, Value::text)),
        (Field::Category, None, value(&answer.category)),
    ];
    let given = missing(answer, false);
    let mut cells = Vec::new();
    let mut filled = row.clone();
    for (field, what, value) in offered {
        // A cell that holds something gives way only to a whole answer to what was asked.
        let blank = row.get(field).is_empty() && field != Field::Essence;
        let asked_for = what.is_some_and(|what| asked.contains(&what) && !given.contains(&what));
        if !value.is_empty() && (blank || asked_for) && *row.get(field) != value {
            filled.set(field, value.clone());
            cells.push((field, value));
        }
    }
    let still = lacks(&filled).into_iter().filter(|missing| asked.contains(missing)).collect();
    (cells, still)
}

/// A row as if it had been read from a letter.
fn read_row(row: &Row) -> Reading {
    let found = |value: &str| Some(Found { value: value.to_owned(), quote: String::new(), confidence: 1.0 });
    let cell = |field: Field| Some(row.get(field).to_string()).filter(|text| !text.is_empty());
    let applicant = row.get(Field::Applicant).to_string();
    let mut words = applicant.split_whitespace();
    Reading {
        surname: words.next().and_then(found),
        name: words.next().and_then(found),
        phones: cell(Field::Phone).and_then(|phone| found(&phone)).into_iter().collect(),
        registered_address: cell(Field::RegisteredAddress).and_then(|address| found(&address)),
        temporary_address: cell(Field::TemporaryAddress).and_then(|address| found(&address)),
        essence: cell(Field::Essence),
        ..Reading::default()
    }
}

/// Joins the letter that was put aside with the answer that names its author. The matter stays that of the first letter;
/// `None` if the answer does not say who writes.
pub fn completed(first: &Pending, answer: &Pending) -> Option<Pending> {
    let named = answer.reading.surname.is_some() && answer.reading.name.is_some();
    if !named {
        return None;
    }
    let mut whole = first.clone();
    let reading = &mut whole.reading;
    reading.class = Class::Appeal;
    fill(&mut reading.surname, &answer.reading.surname);
    fill(&mut reading.name, &answer.reading.name);
    fill(&mut reading.patronymic, &answer.reading.patronymic);
    fill(&mut reading.representative_of, &answer.reading.representative_of);
    fill(&mut reading.registered_address, &answer.reading.registered_address);
    fill(&mut reading.temporary_address, &answer.reading.temporary_address);
    fill(&mut reading.category, &answer.reading.category);
    for phone in &answer.reading.phones {
        if reading.phones.iter().all(|known| known.value != phone.value) {
            reading.phones.push(phone.clone());
        }
    }
    if reading.kind.is_none() {
        reading.kind = answer.reading.kind.clone();
    }
    if reading.departments.is_empty() {
        reading.departments = answer.reading.departments.clone();
    }
    // A registered address alone means that he lives there, as far as nothing else is said.
    let same_place = reading.registered_address.is_some();
    reading.missing = missing(reading, same_place);
    // The answer is what the applicant is written back to, and what the appeal is registered by.
    whole.id = answer.id;
    whole.message_id.clone_from(&answer.message_id);
    whole.thread.clone_from(&answer.thread);
    whole.received = answer.received;
    whole.channel.clone_from(&answer.channel);
    Some(whole)
}

fn fill(field: &mut Option<Found<String>>, from: &Option<Found<String>>) {
    if field.is_none() {
        field.clone_from(from);
    }
}
