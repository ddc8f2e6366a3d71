//! Clarification: an anonymous letter whose sender answers with his data becomes one whole appeal.

use crate::desk::snapshot::Pending;
use crate::domain::reading::{Class, Found};
use crate::reading::missing::missing;

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
