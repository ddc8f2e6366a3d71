//! The state that stands in the cell: judged if it is not the one in force.

use super::{Look, remark};
use crate::desk::action::NewEvent;
use crate::desk::moves::{Judged, Standing, Wish, judge};
use crate::domain::deadline::Deadline;
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::status::Status;
use crate::domain::value::Value;

/// Judges the cell; `true` if the appeal was moved.
pub(super) fn judge_cell(look: &mut Look<'_>, deadline: &Deadline) -> bool {
    let case = look.case;
    let typed = case.row.get(Field::Status).to_string();
    if typed == case.status.label() {
        look.remark(remark::STATE, None);
        return false;
    }
    let by = case.setter_of(look.desk, Field::Status);
    match judge(&standing(look, deadline), &Wish { status: typed, answer: None }, by, &look.desk.settings.calendar) {
        Judged::Apply(change) => {
            if change.to == Some(Status::Routed) && !case.department.is_empty() {
                // The same department once more, after it had sent the appeal back.
                return super::routing::route(look, &case.department.clone());
            }
            if change.to == Some(Status::Routed) {
                // The department of the cell is not known; its own remark says so.
                look.remark(remark::STATE, Some("звернення буде передано, коли підрозділ буде обрано зі списку."));
                return false;
            }
            let mut moved = look.change(change.to, "the state was typed");
            if let Some((actor, _)) = case.edits.get(&Field::Status) {
                moved.actor.clone_from(actor);
            }
            moved.cells = change.cells;
            let day = |kind, day: chrono::NaiveDate| NewEvent { kind, detail: day.to_string(), open: false };
            moved.events.extend(change.extended_to.map(|to| day(EventKind::Extended, to)));
            moved.events.extend(change.promised.map(|by| day(EventKind::Promised, by)));
            let promised = change.promised.map(|by| format!("виконання обіцяно до {}.", by.format("%d.%m.%Y")));
            let line = if change.remark.is_empty() { promised } else { Some(change.remark) };
            look.remark(remark::STATE, line.as_deref());
            look.go(moved);
            true
        }
        Judged::Wait(why) => {
            look.remark(remark::STATE, Some(&why));
            false
        }
        Judged::Refuse(why) => {
            look.remark(remark::STATE, Some(&why));
            look.set(Field::Status, Value::text(case.status.label()));
            false
        }
    }
}

/// Where the appeal of this look stands.
pub(super) fn standing<'a>(look: &'a Look<'_>, deadline: &'a Deadline) -> Standing<'a> {
    Standing {
        status: look.case.status,
        row: &look.case.row,
        deadline,
        with_department: !look.case.department.is_empty(),
        interim: look.case.last(EventKind::Interim).map(|event| event.detail.as_str()),
    }
}
