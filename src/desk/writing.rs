//! Which letter is owed to whom, and what it says. At most one automatic letter per event; never to robots, lists,
//! bounces or ourselves; never more to one address in a day than the office allows.

use crate::desk::action::{Action, Priority, Writing};
use crate::desk::case::Case;
use crate::desk::hint::quoted;
use crate::desk::plan::Mind;
use crate::desk::registration;
use crate::desk::snapshot::Pending;
use crate::domain::letter::{Correspondent, references};
use crate::domain::reading::{Alarm, Missing};
use crate::letters::kind::LetterKind;
use crate::letters::params::LetterParams;
use chrono::{Days, NaiveDate};

/// The one letter that tells an applicant that his appeal is registered: what is missing is asked for in it (L3), outside
/// of working hours it says when the appeal will be looked at (L2), else it simply confirms (L1).
pub(crate) fn acknowledgement(mind: &mut Mind<'_>, letter: &Pending, number: &str) {
    let desk = mind.desk;
    let deadline = registration::deadline(desk, letter);
    let reply_by = mind.reply_by();
    let in_hours = desk.settings.calendar.in_hours(letter.received);
    let missing = letter.reading.missing.clone();
    let kind = if !missing.is_empty() {
        LetterKind::Clarification
    } else if in_hours {
        LetterKind::Registered
    } else {
        LetterKind::OutOfHours
    };
    let department = registration::told_department(desk, letter).map(str::to_owned);
    let params = LetterParams {
        number: Some(number.to_owned()),
        department,
        registered_on: Some(deadline.registered_on).filter(|day| *day != deadline.received_on),
        handled_on: (!in_hours).then_some(deadline.registered_on),
        due: Some(deadline.legal),
        reply_by: reply_by.filter(|_| !missing.is_empty()),
        missing,
        ..person(letter)
    };
    mind.write_to_sender(letter, (kind, params), Some(number), format!("registered {number}"));
}

/// Asks an anonymous sender, once, who he is. `false` if no letter may be written.
pub(crate) fn who_are_you(mind: &mut Mind<'_>, letter: &Pending, reply_by: Option<NaiveDate>) -> bool {
    let mut missing = vec![Missing::Name, Missing::Phone, Missing::RegisteredAddress, Missing::TemporaryAddress];
    missing.retain(|field| {
        *field == Missing::Name || letter.reading.missing.is_empty() || letter.reading.missing.contains(field)
    });
    let params = LetterParams { missing, reply_by, ..person(letter) };
    mind.write_to_sender(letter, (LetterKind::Clarification, params), None, format!("asked {}", letter.id))
}

/// Answers the question how an appeal stands.
pub(crate) fn state(mind: &mut Mind<'_>, letter: &Pending, case: &Case) {
    let params = LetterParams {
        number: Some(case.number.clone()),
        status: Some(case.status.label().to_owned()),
        department: Some(case.department.clone()).filter(|code| !code.is_empty()),
        due: case.deadline(mind.desk).map(|deadline| deadline.legal).filter(|_| !case.status.is_final()),
        ..person(letter)
    };
    let params = LetterParams { received: None, ..params };
    mind.write_to_sender(letter, (LetterKind::State, params), Some(&case.number), format!("state {}", letter.id));
}

/// Tells an anonymous sender who did not answer that nothing was registered (L4).
pub(crate) fn anonymous(mind: &mut Mind<'_>, letter: &Pending) {
    let params = person(letter);
    mind.write_to_sender(letter, (LetterKind::Anonymous, params), None, format!("settled {}", letter.id));
}

/// Tells supervisor and operators at once of a resonant letter (annex 2 of the order, p. 3).
pub(crate) fn alert(mind: &mut Mind<'_>, letter: &Pending, number: Option<&str>) {
    let Some(alarm) = &letter.reading.alarm else { return };
    let params = LetterParams {
        number: number.map(str::to_owned),
        alarm: Some(alarm.value),
        emergency: alarm.value == Alarm::Life,
        quote: Some(alarm.quote.clone()),
        phones: letter.reading.phones.iter().map(|found| found.value.clone()).collect(),
        ..LetterParams::default()
    };
    report(mind, letter, params, &format!("resonant {}", letter.id));
}

/// Tells supervisor and operators once of a mass appeal.
pub(crate) fn mass_alert(mind: &mut Mind<'_>, letter: &Pending, first: &str, number: &str) {
    let params = LetterParams {
        number: Some(number.to_owned()),
        alarm: Some(Alarm::Mass),
        quote: letter.reading.essence.as_deref().map(quoted),
        ..LetterParams::default()
    };
    report(mind, letter, params, &format!("mass {first}"));
}

fn report(mind: &mut Mind<'_>, letter: &Pending, params: LetterParams, cause: &str) {
    let params = LetterParams { received: Some(letter.received), channel: Some(letter.channel.clone()), ..params };
    let people = &mind.desk.settings.people;
    for address in people.supervisor_email.iter().chain(&people.operators_email) {
        let to = Correspondent { name: String::new(), address: address.clone() };
        let kind = LetterKind::AlertResonant;
        let writing = Writing::to_colleague(kind, to, params.clone(), cause.to_owned(), Priority::Alert);
        mind.actions.push(Action::Write(Box::new(Writing { answers: Some(letter.id), ..writing })));
    }
}

/// What every letter to an applicant knows of him.
fn person(letter: &Pending) -> LetterParams {
    let reading = &letter.reading;
    // An initial is no name to address a person by.
    let whole = |name: &str| name.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let value = |found: &Option<crate::domain::reading::Found<String>>| {
        found.as_ref().map(|found| found.value.clone()).filter(|name| whole(name))
    };
    LetterParams {
        name: value(&reading.name),
        patronymic: value(&reading.patronymic),
        collective: reading.collective,
        received: Some(letter.received),
        emergency: reading.alarm.as_ref().is_some_and(|alarm| alarm.value == Alarm::Life),
        ..LetterParams::default()
    }
}

impl Mind<'_> {
    /// The day until which an applicant is asked to answer.
    pub(crate) fn reply_by(&self) -> Option<NaiveDate> {
        let days = u64::from(self.desk.settings.terms.clarification_days);
        self.snapshot.now.date().checked_add_days(Days::new(days))
    }

    /// The address that the sender of a letter may be written to now.
    pub(crate) fn reachable(&self, letter: &Pending) -> Option<String> {
        let address = letter.reading.email.clone().unwrap_or_else(|| letter.sender.clone());
        let written = self.written_today.get(&address).copied().unwrap_or(0);
        let allowed = letter.reading.no_reply.is_none()
            && !address.is_empty()
            && !self.desk.settings.office.is_own(&address)
            && written < self.desk.settings.post.per_address_per_day;
        allowed.then_some(address)
    }

    /// Promises a letter to the sender of a letter, if it may be written.
    fn write_to_sender(
        &mut self,
        letter: &Pending,
        (kind, params): (LetterKind, LetterParams),
        number: Option<&str>,
        cause: String,
    ) -> bool {
        let Some(address) = self.reachable(letter) else { return false };
        *self.written_today.entry(address.clone()).or_insert(0) += 1;
        let name = if address == letter.sender { letter.sender_name.clone() } else { String::new() };
        self.actions.push(Action::Write(Box::new(Writing {
            kind,
            to: Correspondent { name, address },
            params,
            number: number.map(str::to_owned),
            answers: Some(letter.id),
            in_reply_to: letter.message_id.clone(),
            references: references(&letter.thread, &letter.message_id),
            cause,
            priority: Priority::Applicant,
        })));
        true
    }
}
