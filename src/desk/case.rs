//! An appeal with its course, as the desk follows it up: row, state in force, events, whom to write to.

use crate::desk::clarification::Asked;
use crate::desk::context::Desk;
use crate::desk::marks::{Mark, marks};
use crate::desk::registration::{self, SERVICE};
use crate::desk::typical::Typical;
use crate::domain::deadline::{Deadline, Pause, anew, due, extended, paused};
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::label::same;
use crate::domain::reading::Kind;
use crate::domain::register::Row;
use crate::domain::status::{Setter, Status};
use crate::domain::value::Value;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::collections::BTreeMap;

/// Something that happened to an appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id in the ledger.
    pub id: i64,
    /// When, Kyiv's local time.
    pub at: NaiveDateTime,
    /// What.
    pub kind: EventKind,
    /// The particulars, as the kind says.
    pub detail: String,
    /// Who caused it.
    pub actor: String,
    /// Something follows from it that has not been done.
    pub open: bool,
}

/// How the applicant is written to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// Name in From of his letter.
    pub name: String,
    /// Address of his letter.
    pub address: String,
    /// Several people apply.
    pub collective: bool,
    /// Message-ID of his last letter; empty if there is none.
    pub message_id: String,
    /// Message-IDs of the thread, oldest first.
    pub references: Vec<String>,
    /// Why no automatic letter may be written to that address.
    pub no_reply: Option<String>,
}

/// An appeal that the desk looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its id in the ledger.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// Its row.
    pub row: Row,
    /// The state in force.
    pub status: Status,
    /// Code of the department that has it; empty: none.
    pub department: String,
    /// Its course, oldest first.
    pub events: Vec<Event>,
    /// Who changed a cell last, and what it had shown before.
    pub edits: BTreeMap<Field, (String, Value)>,
    /// How the applicant is written to.
    pub contact: Contact,
    /// Typical answers that its matter may want, and the one that its answer cell or a former one names.
    pub typical: Vec<Typical>,
}

impl Case {
    /// Its term, extensions and new work included; `None` where the day of receipt is not a day.
    pub fn deadline(&self, desk: &Desk<'_>) -> Option<Deadline> {
        let day = self.row.get(Field::ReceivedDate).as_date()?;
        let time = match self.row.get(Field::ReceivedTime) {
            Value::Time(time) => *time,
            Value::Empty | Value::Text(_) | Value::Number(_) | Value::Date(_) => NaiveTime::MIN,
        };
        let kind = self.row.get(Field::Kind).to_string();
        let kind = [Kind::Proposal, Kind::Application, Kind::Complaint, Kind::Inquiry]
            .into_iter()
            .find(|known| same(registration::kind_label(*known), &kind));
        let (calendar, rule) = (&desk.settings.calendar, registration::rule_for(desk, kind));
        let (first, begun) = match self.completed_after_return() {
            Some((returned, completed)) => (anew(completed.at, returned, rule, calendar), completed.id),
            None => (due(day.and_time(time), rule, calendar), 0),
        };
        let first = paused(&first, &self.pauses(begun), calendar);
        let last = self.last(EventKind::Extended).filter(|event| event.id > begun);
        let last = last.and_then(|event| event.detail.parse::<NaiveDate>().ok());
        Some(last.map_or(first.clone(), |day| extended(&first, day, calendar)))
    }

    /// When it was returned to the applicant last, and the event with which he completed it.
    fn completed_after_return(&self) -> Option<(NaiveDate, &Event)> {
        let returned = Status::ReturnedToApplicant.id();
        let moves: Vec<&Event> = self.events.iter().filter(|event| event.kind == EventKind::Moved).collect();
        let pairs = moves.windows(2).rev();
        pairs
            .filter_map(|pair| if let [before, after] = pair { Some((before, after)) } else { None })
            .find(|(before, after)| before.detail == returned && after.detail == Status::Registered.id())
            .map(|(before, after)| (before.at.date(), *after))
    }

    /// Days on which the term did not run since an event: data that art. 5 of the law itself requires had been asked for,
    /// until the state changed. While they are still awaited nothing is known of the end.
    fn pauses(&self, since: i64) -> Vec<Pause> {
        let asked = self.events.iter().filter(|event| event.kind == EventKind::Asked && event.id > since);
        asked
            .filter(|event| Asked::read(&event.detail).is_some_and(|asked| asked.is_required_by_law()))
            .filter_map(|event| {
                let end = self.events.iter().find(|later| later.id > event.id && later.kind == EventKind::Moved)?;
                let (from, to) = (event.at.date().succ_opt()?, end.at.date());
                (from <= to).then_some(Pause { from, to })
            })
            .collect()
    }

    /// What was asked of the applicant last and is not answered by a change of state.
    pub fn asked(&self) -> Option<Asked> {
        (self.status == Status::NeedsClarification || self.status == Status::ReturnedToApplicant)
            .then(|| self.last(EventKind::Asked).and_then(|event| Asked::read(&event.detail)))
            .flatten()
    }

    /// The last event of a kind.
    pub fn last(&self, kind: EventKind) -> Option<&Event> {
        self.events.iter().rev().find(|event| event.kind == kind)
    }

    /// Whether an event of this kind with this detail is known.
    pub fn has(&self, kind: EventKind, detail: &str) -> bool {
        self.events.iter().any(|event| event.kind == kind && event.detail == detail)
    }

    /// How often it was sent back for more work.
    pub fn reworked(&self) -> usize {
        let rework = Status::Rework.id();
        self.events.iter().filter(|event| event.kind == EventKind::Moved && event.detail == rework).count()
    }

    /// The marks of control.
    pub fn marks(&self, desk: &Desk<'_>) -> Vec<Mark> {
        let registered = self.deadline(desk).map_or(NaiveDate::MIN, |deadline| deadline.registered_on);
        marks(self.row.get(Field::Control), registered)
    }

    /// As whom the last editor of a cell counts.
    pub fn setter_of(&self, desk: &Desk<'_>, field: Field) -> Setter {
        match self.edits.get(&field) {
            Some((actor, _)) if actor == SERVICE => Setter::Service,
            Some((actor, _)) if desk.settings.people.is_supervisor(actor) => Setter::Supervisor,
            Some(_) | None => Setter::Operator,
        }
    }

    /// Whether the applicant, or somebody for him, asked for no letters ("не писати, лише телефон").
    pub fn writes_nothing(&self) -> bool {
        let notes = self.row.get(Field::Notes).to_string();
        let notes = crate::reading::fold::fold(&notes);
        ["не писати", "лише телефон", "тільки телефон", "листів не надсилати"].iter().any(|words| notes.contains(words))
    }

    /// The address that letters to the applicant go to; `None`: he is to be called.
    pub fn address(&self, desk: &Desk<'_>) -> Option<String> {
        if self.writes_nothing() || self.contact.no_reply.is_some() {
            return None;
        }
        let cell = self.row.get(Field::Email).to_string();
        let address = cell.split([';', ',', ' ', '\n']).map(str::trim).find(|part| part.contains('@'))?.to_lowercase();
        (!desk.settings.office.is_own(&address)).then_some(address)
    }
}
