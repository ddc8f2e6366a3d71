//! What follows from what happened: letters to the applicant, notices to departments, the day of the answer.
//!
//! One event causes at most one letter. A result leaves only as a text that stands in the row together with a state that a
//! person set. Whoever has no address, or asked for no letters, is to be called: the hint says so until the column
//! "Спосіб повідомлення заявника" is filled.

use super::{Look, call, remark, typical};
use crate::desk::action::{Action, NewEvent, Priority, Writing};
use crate::desk::case::Event;
use crate::desk::clarification::{Asked, lacks};
use crate::desk::notices::appeal_row;
use crate::desk::refusal;
use crate::domain::deadline::Deadline;
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::letter::Correspondent;
use crate::domain::status::Status;
use crate::domain::value::Value;
use crate::letters::kind::LetterKind;
use crate::letters::params::LetterParams;
use chrono::Days;

/// What stands in "Спосіб повідомлення заявника" when a letter was written.
const BY_LETTER: &str = "е-поштою";
/// Who decides where no supervisor is named.
const HEAD: &str = "керівник";

/// Does what follows from the open events.
pub(super) fn owed(look: &mut Look<'_>, deadline: &Deadline) {
    let open: Vec<Event> = look.case.events.iter().filter(|event| event.open).cloned().collect();
    for event in open {
        // A call is owed until somebody made it, or nothing is to be said any more.
        if event.kind != EventKind::CallOwed || call::is_over(look, &event) {
            look.closed.push(event.id);
        }
        match event.kind {
            EventKind::Moved => moved(look, &event, deadline),
            EventKind::Routed => routed(look, &event, deadline),
            EventKind::Complains => complains(look, deadline),
            EventKind::RoutingTold
            | EventKind::CoExecutor
            | EventKind::Sure
            | EventKind::Repeats
            | EventKind::Extended
            | EventKind::Promised
            | EventKind::Wrote
            | EventKind::Reopened
            | EventKind::Clarified
            | EventKind::Interim
            | EventKind::Answered
            | EventKind::Confirmed
            | EventKind::Silent
            | EventKind::Reminded
            | EventKind::Asked
            | EventKind::CallOwed
            | EventKind::Called
            | EventKind::Typical
            | EventKind::TypicalUsed
            | EventKind::Escalated => {}
        }
    }
}

fn routed(look: &mut Look<'_>, event: &Event, deadline: &Deadline) {
    let case = look.case;
    if case.department != event.detail {
        // It was given to another one meanwhile.
        return;
    }
    notify(look, event, "routed");
    if case.has(EventKind::RoutingTold, &event.detail) {
        return;
    }
    let params = LetterParams {
        department: Some(event.detail.clone()),
        routed_on: Some(event.at.date()),
        due: Some(deadline.legal),
        ..person(look)
    };
    // A courtesy: who cannot be written to is not called for it.
    if let Some(address) = case.address(look.desk) {
        write(look, (LetterKind::Routed, params), address, event);
    }
}

/// A complaint of a department goes to the supervisor (art. 7): one letter, whoever else it complains of.
fn complains(look: &mut Look<'_>, deadline: &Deadline) {
    let case = look.case;
    let office = &look.desk.settings.office;
    let complained = case.events.iter().filter(|event| event.kind == EventKind::Complains);
    let names: Vec<String> = complained
        .map(|event| match office.department(&event.detail) {
            Some(department) => department.name.clone(),
            None => "посадова особа, підрозділ якої в тексті не названо".to_owned(),
        })
        .collect();
    let mut row = appeal_row(&case.row);
    row.due = Some(deadline.legal);
    for address in &look.desk.settings.people.supervisor_email {
        let params = LetterParams {
            number: Some(case.number.clone()),
            text: Some(names.join("; ")),
            rows: vec![row.clone()],
            ..LetterParams::default()
        };
        let to = Correspondent { name: String::new(), address: address.clone() };
        let cause = format!("complaint {}", case.number);
        let writing = Writing::to_colleague(LetterKind::Complaint, to, params, cause, Priority::Alert);
        look.actions.push(Action::Write(Box::new(writing)));
    }
}

fn notify(look: &mut Look<'_>, event: &Event, why: &str) {
    let urgent = why == "rework" || super::routing::is_urgent(look);
    look.actions.push(Action::Notify {
        appeal: look.case.id,
        department: look.case.department.clone(),
        cause: format!("{why} {}", event.id),
        urgent,
    });
}

fn moved(look: &mut Look<'_>, event: &Event, deadline: &Deadline) {
    let case = look.case;
    if Status::from_id(&event.detail) != Some(case.status) {
        // Overtaken by a later state, which has its own event.
        return;
    }
    let text = case.row.get(Field::Answer).to_string();
    let answered = Some(text.clone()).filter(|text| !text.is_empty());
    let plain = LetterParams { text: answered, ..person(look) };
    let department = Some(case.department.clone()).filter(|code| !code.is_empty());
    let head = look.desk.settings.people.supervisors.first().map_or(HEAD, String::as_str).to_owned();
    let today = look.now.date();
    let (kind, params) = match case.status {
        Status::Solved => (LetterKind::Solved, LetterParams { department, ..plain }),
        Status::Explained => (LetterKind::Explained, LetterParams { department, valid_on: Some(today), ..plain }),
        Status::Refused => {
            let Ok(refusal) = refusal::read(&text) else { return };
            let halves = LetterParams { text: Some(refusal.motives), legal_basis: Some(refusal.ground), ..plain };
            (LetterKind::Refused, LetterParams { decided_by: Some(head), ..halves })
        }
        Status::Forwarded => {
            (LetterKind::Forwarded, LetterParams { body: Some(text.clone()), sent_on: Some(today), ..plain })
        }
        Status::InterimAnswer => (LetterKind::Interim, LetterParams { due: Some(deadline.legal), ..plain }),
        Status::Extended => {
            (LetterKind::Interim, LetterParams { extended_to: Some(deadline.legal), decided_by: Some(head), ..plain })
        }
        Status::ReturnedToApplicant => (LetterKind::Returned, asking(look, plain)),
        Status::NotConsidered => (LetterKind::Stopped, LetterParams { decided_by: Some(head), ..earlier(look, plain) }),
        Status::Withdrawn => (LetterKind::Withdrawn, plain),
        Status::NeedsClarification => (LetterKind::Clarification, asking(look, plain)),
        Status::Rework => {
            // How he was told of the former answer says nothing of the next one.
            look.set(Field::Notified, Value::Empty);
            look.set(Field::AnswerDate, Value::Empty);
            return notify(look, event, "rework");
        }
        Status::ReturnedForRerouting => {
            let name = case.row.get(Field::Department).to_string();
            let why = format!("«{name}» повернув звернення як не своє: оберіть інший підрозділ у цій графі.");
            return look.remark(remark::DEPARTMENT, Some(&why));
        }
        Status::Registered | Status::Routed | Status::InProgress => return,
    };
    tell(look, (kind, params), event);
}

/// Writes to the applicant, or asks the operators to call him.
fn tell(look: &mut Look<'_>, (kind, params): (LetterKind, LetterParams), event: &Event) {
    let case = look.case;
    if kind.spec().needed.iter().any(|needed| !params.has(*needed)) {
        look.remark(remark::STATE, Some("заявника не повідомлено: у рядку бракує даних для листа."));
        return;
    }
    let text = case.row.get(Field::Answer).to_string();
    let mut noted = look.change(None, "the applicant is told");
    let mut note = |kind: EventKind, detail: &str, open: bool| {
        noted.events.push(NewEvent { kind, detail: detail.to_owned(), open });
    };
    let is_final = case.status.is_final();
    let used = typical::told(look).filter(|_| is_final);
    if matches!(case.status, Status::InterimAnswer | Status::Extended) {
        note(EventKind::Interim, &text, false);
    }
    match case.address(look.desk) {
        Some(address) => {
            if is_final {
                note(EventKind::Answered, &text, false);
                look.set(Field::AnswerDate, Value::Date(look.now.date()));
                look.set(Field::Notified, Value::text(BY_LETTER));
            }
            write(look, (kind, params), address, event);
        }
        // Whoever typed the state told the applicant himself.
        None if is_final && !case.row.get(Field::Notified).is_empty() => note(EventKind::Answered, &text, false),
        None => {
            note(EventKind::CallOwed, kind.id(), true);
            look.remark(remark::CALL, Some(&call::line(case, &[])));
        }
    }
    noted.events.extend(used);
    if !noted.events.is_empty() {
        look.go(noted);
    }
}

fn write(look: &mut Look<'_>, (kind, params): (LetterKind, LetterParams), address: String, event: &Event) {
    let contact = &look.case.contact;
    let name = if contact.address == address { contact.name.clone() } else { String::new() };
    let writing = Writing {
        kind,
        to: Correspondent { name, address },
        params,
        number: Some(look.case.number.clone()),
        answers: None,
        in_reply_to: contact.message_id.clone(),
        references: contact.references.clone(),
        cause: format!("{} {} {}", kind.id(), look.case.number, event.id),
        priority: Priority::Applicant,
    };
    look.actions.push(Action::Write(Box::new(writing)));
}

/// What every letter to an applicant knows of him.
fn person(look: &Look<'_>) -> LetterParams {
    let case = look.case;
    let applicant = case.row.get(Field::Applicant).to_string();
    let words: Vec<&str> = applicant.split_whitespace().collect();
    // Surname first; an initial is no name to address a person by.
    let part = |at: usize| {
        let word = words.get(at)?.trim_matches(',');
        (word.chars().filter(|c| c.is_alphabetic()).count() > 1).then(|| word.to_owned())
    };
    LetterParams {
        name: part(1),
        patronymic: part(2),
        collective: case.contact.collective,
        number: Some(case.number.clone()),
        received: case.row.get(Field::ReceivedDate).as_date().map(|day| day.and_time(chrono::NaiveTime::MIN)),
        ..LetterParams::default()
    }
}

/// A letter that asks for what the row lacks.
fn asking(look: &mut Look<'_>, params: LetterParams) -> LetterParams {
    let days = u64::from(look.desk.settings.terms.clarification_days);
    let Some(until) = look.now.date().checked_add_days(Days::new(days)) else { return params };
    let missing = lacks(&look.case.row);
    let mut asked = look.change(None, "data are asked for");
    let detail = Asked { until, missing: missing.clone() }.detail();
    asked.events.push(NewEvent { kind: EventKind::Asked, detail, open: false });
    look.go(asked);
    LetterParams { missing, reply_by: Some(until), ..params }
}

/// The earlier appeal on the matter: the one that was found at registration.
fn earlier(look: &Look<'_>, params: LetterParams) -> LetterParams {
    match look.case.last(EventKind::Repeats) {
        Some(event) => {
            let mut words = event.detail.split(' ');
            LetterParams {
                earlier_number: words.next().map(str::to_owned),
                earlier_answered_on: words.next().and_then(|day| day.parse().ok()),
                ..params
            }
        }
        None => params,
    }
}
