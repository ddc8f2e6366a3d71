//! The department that stands in the cell: the appeal is given to it, unless it is complained of or already has it.

use super::{Look, remark};
use crate::desk::action::{Action, NewEvent};
use crate::desk::co_executors;
use crate::desk::marks::Mark;
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::status::Status;
use crate::domain::value::Value;
use crate::reading::status_words::understand_status;

/// Looks at the cell; `true` if the appeal was moved.
pub(super) fn department(look: &mut Look<'_>) -> bool {
    let case = look.case;
    let office = &look.desk.settings.office;
    let typed = case.row.get(Field::Department).to_string();
    if typed.is_empty() {
        look.remark(remark::DEPARTMENT, None);
        return by_itself(look);
    }
    let Some(code) = office.department_called(&typed).map(|department| department.code.clone()) else {
        look.remark(remark::DEPARTMENT, Some(&format!("«{typed}» немає в переліку; оберіть підрозділ зі списку.")));
        return false;
    };
    if code == case.department {
        return false;
    }
    if complained_of(look, &code) {
        let name = office.department(&code).map_or(code.as_str(), |department| department.name.as_str());
        let why = format!(
            "скаргу на «{name}» не можна передати йому ж (стаття 7 Закону): оберіть інший підрозділ або доповідайте керівникові. \
             Якщо це не скарга на нього, керівник ставить «Погоджено» у графі «Контроль»."
        );
        put_back(look, &why);
        return false;
    }
    if closes_at_once(look) {
        // Answered at the telephone: the department is kept for the reports, nothing is sent to it.
        return false;
    }
    if case.status.is_final() {
        let mut moved = look.change(None, "the department of a closed appeal was named");
        moved.department = Some(code);
        look.go(moved);
        return true;
    }
    route(look, &code)
}

/// Whether the appeal complains of the department, and the supervisor has not said that it does not.
fn complained_of(look: &Look<'_>, code: &str) -> bool {
    look.case.has(EventKind::Complains, code) && !look.case.marks(look.desk).contains(&Mark::Approved)
}

/// Nobody chose a department yet, and the service is sure enough whose matter it is (`routing.mode = "auto"`).
fn by_itself(look: &mut Look<'_>) -> bool {
    let case = look.case;
    let touched = !case.department.is_empty() || case.edits.contains_key(&Field::Department);
    if case.status != Status::Registered || touched || waits_for_judgement(look) {
        return false;
    }
    let Some(sure) = case.last(EventKind::Sure) else { return false };
    look.desk.settings.office.department(&sure.detail).is_some() && route(look, &sure.detail)
}

/// Departments that a note names as co-executors: told of the appeal once, as soon as a department has it.
pub(super) fn co_executors(look: &mut Look<'_>) {
    let case = look.case;
    let office = &look.desk.settings.office;
    let named = co_executors::of(office, &case.row);
    let mut told = look.change(None, "a co-executor was named");
    let mut wrong: Vec<String> =
        named.unknown.iter().map(|name| format!("співвиконавця «{name}» немає в переліку підрозділів")).collect();
    for code in named.codes {
        if complained_of(look, &code) {
            let name = office.department(&code).map_or(code.as_str(), |department| department.name.as_str());
            wrong.push(format!("«{name}» не може бути співвиконавцем: це скарга на нього (стаття 7 Закону)"));
            continue;
        }
        let begun = !case.department.is_empty() && !case.status.is_final() && code != case.department;
        if begun && !case.has(EventKind::CoExecutor, &code) {
            look.actions.push(Action::Notify {
                appeal: case.id,
                department: code.clone(),
                cause: format!("{} {code}", EventKind::CoExecutor.id()),
                urgent: is_urgent(look),
            });
            told.events.push(NewEvent { kind: EventKind::CoExecutor, detail: code, open: false });
        }
    }
    let line = (!wrong.is_empty()).then(|| format!("{}.", wrong.join("; ")));
    look.remark(remark::CO_EXECUTORS, line.as_deref());
    if !told.events.is_empty() {
        look.go(told);
    }
}

/// Whether a department must hear of the appeal at once.
pub(super) fn is_urgent(look: &Look<'_>) -> bool {
    look.case.marks(look.desk).iter().any(|mark| matches!(mark, Mark::Control | Mark::Resonant))
}

/// Gives the appeal to a department; `true` if it was done.
pub(super) fn route(look: &mut Look<'_>, code: &str) -> bool {
    let case = look.case;
    let again = case.status == Status::Routed;
    if !again && !Status::Routed.may_follow(case.status, !case.department.is_empty()) {
        put_back(look, &format!("у стані «{}» звернення не передають іншому підрозділу.", case.status.label()));
        return false;
    }
    let office = &look.desk.settings.office;
    let name = office.department(code).map_or(code, |department| department.name.as_str()).to_owned();
    let mut moved = look.change((!again).then_some(Status::Routed), "the department was chosen");
    if let Some((actor, _)) = case.edits.get(&Field::Department) {
        moved.actor.clone_from(actor);
    }
    moved.department = Some(code.to_owned());
    moved.cells = vec![
        (Field::Department, Value::text(&name)),
        (Field::RoutedDate, Value::Date(look.now.date())),
        (Field::Status, Value::text(Status::Routed.label())),
    ];
    if waits_for_judgement(look) {
        moved.cells.pop();
    }
    moved.events.push(NewEvent { kind: EventKind::Routed, detail: code.to_owned(), open: true });
    look.remark(remark::DEPARTMENT, None);
    look.go(moved);
    true
}

/// What the cell had shown when the appeal was last given away stands again.
fn put_back(look: &mut Look<'_>, why: &str) {
    let office = &look.desk.settings.office;
    let name = office.department(&look.case.department).map_or(Value::Empty, |before| Value::text(&before.name));
    look.remark(remark::DEPARTMENT, Some(why));
    look.set(Field::Department, name);
}

/// A final state stands in the cell of an appeal that no department has.
fn closes_at_once(look: &Look<'_>) -> bool {
    let case = look.case;
    typed_status(look).is_some_and(|to| to.is_final() && to.may_follow(case.status, false))
}

/// The cell holds a state of a person's that is neither in force nor the routing itself.
fn waits_for_judgement(look: &Look<'_>) -> bool {
    look.case.row.get(Field::Status).as_text() != Some(look.case.status.label())
        && typed_status(look).is_none_or(|to| to != Status::Routed)
}

fn typed_status(look: &Look<'_>) -> Option<Status> {
    let typed = look.case.row.get(Field::Status).to_string();
    if typed == look.case.status.label() {
        return None;
    }
    Status::from_label(&typed).or_else(|| understand_status(&typed, look.now.date()).status)
}
