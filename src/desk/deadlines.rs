//! Reminders of terms: what is owed today to departments (one digest each) and to the supervisor (one digest).
//!
//! Which stage is owed is decided in `domain::reminder`; here is who must act. What a department has is the department's;
//! what nobody has (registered, sent back, waiting for the applicant) is the contact centre's own and goes to the
//! supervisor when the term ends. Stages are counted anew when the term or the department changes. Deliberately absent:
//! the hour (the job asks the calendar).

use crate::desk::action::{Action, Move, NewEvent, Plan, Priority, Writing};
use crate::desk::case::Case;
use crate::desk::context::Desk;
use crate::desk::follow::remark;
use crate::desk::notices::appeal_row;
use crate::desk::registration::SERVICE;
use crate::domain::deadline::{Deadline, days_word};
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::letter::Correspondent;
use crate::domain::reminder::{Stage, days_overdue, owed, stage, working_days_left};
use crate::domain::status::Status;
use crate::domain::value::Value;
use crate::letters::kind::LetterKind;
use crate::letters::params::{AppealRow, LetterParams};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// An appeal whose term ends soon or has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    appeal: i64,
    /// Code of the department that must act; empty: the contact centre.
    department: String,
    line: AppealRow,
    /// How near the term is.
    stage: Stage,
    /// This stage is to be told of today: to the department, to the supervisor.
    owed: (bool, bool),
    /// Stands in the events: stages of another term or department are other stages.
    term: String,
    hint: String,
    working_days: u32,
}

/// Looks at an appeal on a working day; `None` if its term is far or it is closed.
pub fn near(desk: &Desk<'_>, case: &Case, today: NaiveDate) -> Option<Near> {
    let calendar = &desk.settings.calendar;
    if case.status.is_final() {
        return None;
    }
    let deadline = case.deadline(desk)?;
    let department = with_department(case);
    let term = format!("{} {department}", deadline.control);
    let told = |kind| last_stage(case, kind, &term);
    let stage = stage(&deadline, today, calendar)?;
    let due = |kind| owed(&deadline, told(kind), today, calendar).is_some();
    // The supervisor hears of what is overdue, and a day before it of what nobody has.
    let concerns = stage == Stage::Overdue || (department.is_empty() && stage >= Stage::OneDay);
    let line = AppealRow { days_left: Some(days_left(&deadline, today)), ..appeal_row(&case.row) };
    Some(Near {
        appeal: case.id,
        owed: (!department.is_empty() && due(EventKind::Reminded), concerns && due(EventKind::Escalated)),
        department,
        line,
        stage,
        term,
        hint: case.row.get(Field::Hint).to_string(),
        working_days: working_days_left(&deadline, today, calendar),
    })
}

/// The letters of today and what is noted of them. `told`: departments that have had their digest today.
pub fn digests(desk: &Desk<'_>, near: &[Near], today: NaiveDate, told: impl Fn(&str) -> bool) -> Plan {
    let mut by_department: BTreeMap<&str, Vec<&Near>> = BTreeMap::new();
    for one in near.iter().filter(|one| !one.department.is_empty()) {
        by_department.entry(&one.department).or_default().push(one);
    }
    let mut digest = Digest { desk, today, writings: Vec::new(), noted: BTreeMap::new() };
    for (code, appeals) in by_department {
        let Some(department) = desk.settings.office.department(code) else { continue };
        let addresses = std::iter::once(&department.email).chain(&department.more_emails);
        let addresses: Vec<String> = addresses.map(|address| address.to_lowercase()).collect();
        let cause = cause(code, today);
        if appeals.iter().any(|one| one.owed.0) && !told(&cause) {
            // What is overdue stands in each digest until it is done.
            let listed = appeals.iter().filter(|one| one.owed.0 || one.stage == Stage::Overdue).copied().collect();
            let params = LetterParams { department: Some(code.to_owned()), ..LetterParams::default() };
            let name = department.name.clone();
            digest.write((LetterKind::DepartmentReminder, params), (&name, &addresses), listed, &cause);
        }
    }
    let people = &desk.settings.people;
    let supervisors =
        if people.supervisor_email.is_empty() { &people.operators_email } else { &people.supervisor_email };
    let listed: Vec<&Near> = near.iter().filter(|one| one.owed.1).collect();
    let cause = cause("", today);
    if !listed.is_empty() && !told(&cause) {
        digest.write((LetterKind::Escalation, LetterParams::default()), ("", supervisors), listed, &cause);
    }
    digest.plan()
}

/// The cause of a digest: one a day for each department, and one for the supervisor.
pub fn cause(department: &str, today: NaiveDate) -> String {
    format!("terms {today} {department}").trim_end().to_owned()
}

struct Digest<'a> {
    desk: &'a Desk<'a>,
    today: NaiveDate,
    writings: Vec<Writing>,
    noted: BTreeMap<i64, (String, Vec<NewEvent>)>,
}

impl Digest<'_> {
    fn write(
        &mut self,
        (kind, params): (LetterKind, LetterParams),
        (name, addresses): (&str, &[String]),
        mut listed: Vec<&Near>,
        cause: &str,
    ) {
        if addresses.is_empty() {
            return;
        }
        listed.sort_by_key(|one| (one.line.days_left, one.appeal));
        let to_department = kind == LetterKind::DepartmentReminder;
        let number = match listed.as_slice() {
            [only] => Some(only.line.number.clone()),
            _ => None,
        };
        let rows = listed.iter().map(|one| self.row(one)).collect();
        let params = LetterParams { rows, number, ..params };
        for address in addresses {
            let to = Correspondent { name: name.to_owned(), address: address.clone() };
            let writing = Writing::to_colleague(kind, to, params.clone(), cause.to_owned(), Priority::Routine);
            self.writings.push(writing);
        }
        let newly = |one: &&Near| if to_department { one.owed.0 } else { one.owed.1 };
        for one in listed.into_iter().filter(newly) {
            self.note(one, to_department);
        }
    }

    fn row(&self, near: &Near) -> AppealRow {
        let office = &self.desk.settings.office;
        let name = office.department(&near.department).map_or(String::new(), |department| department.name.clone());
        AppealRow { department: name, ..near.line.clone() }
    }

    fn note(&mut self, near: &Near, to_department: bool) {
        let day = self.today.format("%d.%m.%Y");
        let (kind, about, line) = if to_department {
            (EventKind::Reminded, remark::REMINDED, format!("{day}, {}.", said(near)))
        } else {
            (EventKind::Escalated, remark::ESCALATED, format!("{day} повідомлено: {}.", said(near)))
        };
        let (hint, events) = self.noted.entry(near.appeal).or_insert_with(|| (near.hint.clone(), Vec::new()));
        *hint = remark::with_line(hint, about, Some(&line));
        events.push(NewEvent { kind, detail: format!("{} {}", near.stage.id(), near.term), open: false });
    }

    fn plan(self) -> Plan {
        let mut actions: Vec<Action> =
            self.writings.into_iter().map(|writing| Action::Write(Box::new(writing))).collect();
        actions.extend(self.noted.into_iter().map(|(appeal, (hint, events))| {
            Action::Move(Box::new(Move {
                appeal,
                to: None,
                department: None,
                cells: vec![(Field::Hint, Value::text(&hint))],
                events,
                actor: SERVICE.to_owned(),
                cause: "the term comes near".to_owned(),
            }))
        }));
        Plan { actions }
    }
}

/// Code of the department that must act; empty where the contact centre must.
fn with_department(case: &Case) -> String {
    match case.status {
        Status::Routed | Status::InProgress | Status::InterimAnswer | Status::Extended | Status::Rework => {
            case.department.clone()
        }
        Status::Registered
        | Status::NeedsClarification
        | Status::ReturnedForRerouting
        | Status::Solved
        | Status::Explained
        | Status::Refused
        | Status::Forwarded
        | Status::ReturnedToApplicant
        | Status::NotConsidered
        | Status::Withdrawn => String::new(),
    }
}

/// The last stage of this term that was told of.
fn last_stage(case: &Case, kind: EventKind, term: &str) -> Option<Stage> {
    let of_term = |detail: &str| {
        let (stage, rest) = detail.split_once(' ')?;
        (rest == term).then(|| Stage::from_id(stage)).flatten()
    };
    case.events.iter().filter(|event| event.kind == kind).filter_map(|event| of_term(&event.detail)).max()
}

/// Calendar days to the control date; after the legal one those since it, negative.
fn days_left(deadline: &Deadline, today: NaiveDate) -> i64 {
    match days_overdue(deadline, today) {
        0 => (deadline.control - today).num_days().max(0),
        overdue => -i64::from(overdue),
    }
}

/// How near the term is, in the middle of a sentence.
fn said(near: &Near) -> String {
    match (near.stage, near.line.days_left) {
        (Stage::Overdue, Some(days)) => {
            let days = u32::try_from(days.unsigned_abs()).unwrap_or(u32::MAX);
            format!("строк прострочено на {days} {}", days_word(days))
        }
        (Stage::Today, _) => "строк спливає сьогодні".to_owned(),
        (Stage::FiveDays | Stage::ThreeDays | Stage::OneDay | Stage::Overdue, _) => {
            format!("до контрольної дати {} роб. {}", near.working_days, days_word(near.working_days))
        }
    }
}
