//! A letter that cannot be written: the applicant is to be called until somebody enters how he was told.
//!
//! Entered in the sheet "Зателефонувати" (an event) or, for a result, in the column "Спосіб повідомлення заявника". A call in
//! vain leaves it owed.

use super::{Look, remark};
use crate::desk::action::NewEvent;
use crate::desk::calls::{attempt, hint_line, is_in_vain, said};
use crate::desk::case::{Case, Event};
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::status::Status;
use crate::domain::value::Value;
use crate::letters::kind::LetterKind;

/// Whether a call that was owed is not owed any more; does what follows.
pub(super) fn is_over(look: &mut Look<'_>, owed: &Event) -> bool {
    let case = look.case;
    let superseded = case.last(EventKind::CallOwed).is_some_and(|last| last.id > owed.id);
    let asked = owed.detail == LetterKind::Clarification.id();
    let interim = owed.detail == LetterKind::Interim.id();
    let answered = interim && case.status.is_final() && !case.row.get(Field::Notified).is_empty();
    if superseded || answered || (asked && case.status != Status::NeedsClarification) {
        if !superseded {
            look.remark(remark::CALL, None);
        }
        return true;
    }
    let entered: Vec<&str> = case
        .events
        .iter()
        .filter(|event| event.id > owed.id && event.kind == EventKind::Called)
        .map(|event| event.detail.as_str())
        .collect();
    let told = entered.iter().filter_map(|detail| said(detail)).find(|(_, how)| !is_in_vain(how));
    let is_result = case.status.is_final() && !interim;
    if let Some((day, how)) = told {
        if is_result {
            look.set(Field::Notified, Value::text(how));
            look.set(Field::AnswerDate, Value::Date(day));
        }
        return over(look, is_result);
    }
    let typed = case.row.get(Field::Notified).to_string();
    if is_result && !typed.is_empty() {
        return over(look, !is_in_vain(&typed));
    }
    let attempts: Vec<String> = entered.iter().filter_map(|detail| attempt(detail)).collect();
    look.remark(remark::CALL, Some(&line(case, &attempts)));
    false
}

/// The applicant knows, as far as he can be reached.
fn over(look: &mut Look<'_>, answered: bool) -> bool {
    look.remark(remark::CALL, None);
    if answered {
        let detail = look.case.row.get(Field::Answer).to_string();
        let mut noted = look.change(None, "the applicant is told");
        noted.events.push(NewEvent { kind: EventKind::Answered, detail, open: false });
        look.go(noted);
    }
    true
}

/// What the hint says.
pub(super) fn line(case: &Case, attempts: &[String]) -> String {
    hint_line(&case.row.get(Field::Phone).to_string(), case.status.label(), attempts)
}
