//! What an applicant's letter about his own appeal brings: data that were missing, a word that the matter is not solved,
//! thanks, the question how things stand. Whose letter it is was decided before (`plan`); a number alone brings nothing.

use crate::desk::action::{Action, Move, NewEvent};
use crate::desk::case::Case;
use crate::desk::clarification::{answered, lacks};
use crate::desk::context::Desk;
use crate::desk::hint::{missing_label, quoted};
use crate::desk::plan::Mind;
use crate::desk::snapshot::Pending;
use crate::desk::writing;
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::status::Status;
use crate::domain::value::Value;
use crate::reading::fold::fold;
use chrono::TimeDelta;

/// Who answers, in the journal.
const APPLICANT: &str = "заявник";
/// Longest letter that asks for the state and nothing else, in words.
const MOST_STATE_WORDS: usize = 6;
/// Fewest words that can say that a matter is not solved.
const FEWEST_WORDS: usize = 2;
/// Words that take thanks back.
const UNSOLVED: [&str; 12] = [
    "не виріш",
    "не викон",
    "не зробл",
    "не отрим",
    "не надійш",
    "не допомог",
    "досі",
    "так і не",
    "нічого не",
    "не реш",
    "до сих пор",
    "?",
];

/// Does what the letter brings; returns what the hint of the row says of it besides the letter itself.
pub(crate) fn reply(mind: &mut Mind<'_>, letter: &Pending, case: &Case) -> Option<String> {
    let text = fold(letter.reading.essence.as_deref().unwrap_or(&letter.subject));
    mind.actions.push(note(case, None, EventKind::Wrote, &letter.id.to_string()));
    if asks_state(&text) {
        writing::state(mind, letter, case);
        return None;
    }
    if matches!(case.status, Status::NeedsClarification | Status::ReturnedToApplicant) {
        return clarified(mind, letter, case);
    }
    if !case.status.is_final() {
        return None;
    }
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if letter.reading.thanks && !has(&UNSOLVED) {
        mind.actions.push(note(case, None, EventKind::Confirmed, ""));
        return Some("Заявник підтвердив вирішення.".to_owned());
    }
    if !says_something(&text) {
        return None;
    }
    let answered = case.last(EventKind::Answered)?.at;
    let days = i64::from(mind.desk.settings.terms.reopen_days);
    if letter.received - answered > TimeDelta::days(days) || !Status::Rework.may_follow(case.status, false) {
        return None;
    }
    mind.actions.push(note(case, Some(Status::Rework), EventKind::Reopened, &letter.id.to_string()));
    Some(format!("Заявник не згоден: повернуто на доопрацювання ({} раз).", case.reworked() + 1))
}

/// Whether a letter about a closed appeal brings its matter up again after the days in which it could be reopened.
pub(crate) fn comes_too_late(desk: &Desk<'_>, letter: &Pending, case: &Case) -> bool {
    let text = fold(letter.reading.essence.as_deref().unwrap_or(&letter.subject));
    let Some(answered) = case.last(EventKind::Answered).filter(|_| case.status.is_final()) else { return false };
    let thanks = letter.reading.thanks && !UNSOLVED.iter().any(|word| text.contains(word));
    let days = i64::from(desk.settings.terms.reopen_days);
    letter.received - answered.at > TimeDelta::days(days) && !thanks && !asks_state(&text) && says_something(&text)
}

/// A bare envelope (nothing but our own subject) says nothing.
fn says_something(text: &str) -> bool {
    let words = text.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1);
    words.count() >= FEWEST_WORDS
}

fn asks_state(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.len() <= MOST_STATE_WORDS && words.iter().any(|word| *word == "статус" || *word == "стан")
}

/// Fills exactly the cells that were asked about or are blank, and that the letter answers.
fn clarified(mind: &mut Mind<'_>, letter: &Pending, case: &Case) -> Option<String> {
    let asked = case.asked().map_or_else(|| lacks(&case.row), |asked| asked.missing);
    let (cells, still) = answered(&case.row, &asked, &letter.reading);
    if cells.is_empty() {
        return None;
    }
    let filled: Vec<String> = cells
        .iter()
        .map(|(field, value)| format!("{} — {}", field.spec().header, quoted(&value.to_string())))
        .collect();
    let to = still.is_empty().then_some(Status::Registered);
    let mut action = note(case, to, EventKind::Clarified, &letter.id.to_string());
    if let Action::Move(moved) = &mut action {
        moved.cells.extend(cells);
    }
    mind.actions.push(action);
    let still: Vec<&str> = still.into_iter().map(missing_label).collect();
    let still = if still.is_empty() { String::new() } else { format!(" Ще бракує: {}.", still.join("; ")) };
    Some(format!("З листа заявника внесено: {}.{still}", filled.join("; ")))
}

/// What the applicant did, with the state that it brings.
fn note(case: &Case, to: Option<Status>, kind: EventKind, detail: &str) -> Action {
    Action::Move(Box::new(Move {
        appeal: case.id,
        to,
        department: None,
        cells: to.map(|to| (Field::Status, Value::text(to.label()))).into_iter().collect(),
        events: vec![NewEvent { kind, detail: detail.to_owned(), open: false }],
        actor: APPLICANT.to_owned(),
        cause: "letter of the applicant".to_owned(),
    }))
}
