//! THE judge of states: what becomes of a state that somebody typed, wherever he typed it.
//!
//! One place for the register, for departments' workbooks and letters, for the supervisor and for applicants: what the
//! words mean (`reading::status_words`), whether this state may follow that one and who may set it (`domain::status`),
//! and what it cannot be set without: an answer text, a ground of refusal, the supervisor's mark, a department, a day.
//! Pure: the state in force is never what stands in the cell but what was last applied.

use crate::desk::marks::{Mark, marks};
use crate::desk::refusal;
use crate::desk::typical::named;
use crate::domain::calendar::Calendar;
use crate::domain::deadline::{Deadline, extended};
use crate::domain::field::Field;
use crate::domain::register::Row;
use crate::domain::status::{STATUSES, Setter, Status};
use crate::domain::value::Value;
use crate::reading::status_words::{StatusReading, understand_status};
use chrono::NaiveDate;

/// Fewest words of an answer that is more than the state itself.
const FEWEST_ANSWER_WORDS: usize = 2;

/// Where an appeal stands when somebody wants to move it.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The state in force.
    pub status: Status,
    /// The row as the ledger has it.
    pub row: &'a Row,
    /// Its term.
    pub deadline: &'a Deadline,
    /// A department has it.
    pub with_department: bool,
    /// Text of an interim answer that was sent already; it is no final answer.
    pub interim: Option<&'a str>,
}

/// What somebody wants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// The state as typed: a label of the table or anything that people write.
    pub status: String,
    /// The answer text; `None`: what stands in the row.
    pub answer: Option<String>,
}

/// A state that may be set, with the cells that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The new state; `None` if it is in force already.
    pub to: Option<Status>,
    /// The cells, the state's label among them.
    pub cells: Vec<(Field, Value)>,
    /// Day by which something is promised.
    pub promised: Option<NaiveDate>,
    /// Day on which it was completed.
    pub completed: Option<NaiveDate>,
    /// The new last day of an extended term.
    pub extended_to: Option<NaiveDate>,
    /// What to tell the operator (or to echo to the department); empty if nothing.
    pub remark: String,
}

/// The judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// Do it.
    Apply(Change),
    /// Something is lacking: what was typed stays where it stands, the state in force stays in force.
    Wait(String),
    /// It is not allowed: the state in force is put back; the remark says what is allowed.
    Refuse(String),
}

/// Judges a wish.
pub fn judge(standing: &Standing<'_>, wish: &Wish, by: Setter, calendar: &Calendar) -> Judged {
    let reading = understand_status(&wish.status, standing.deadline.registered_on);
    let exact = Status::from_label(wish.status.trim());
    let Some(to) = exact.or(reading.status) else {
        return if wish.status.trim().is_empty() {
            Judged::Refuse("Стан не може бути порожнім.".to_owned())
        } else {
            Judged::Wait(format!("«{}»: {}", wish.status.trim(), decapitalized(&reading.remark)))
        };
    };
    if to == standing.status {
        return Judged::Apply(plain(standing, None, &reading, wish));
    }
    if !to.may_follow(standing.status, standing.with_department) {
        return Judged::Refuse(not_after(standing, to, by));
    }
    let marks = marks(standing.row.get(Field::Control), standing.deadline.registered_on);
    let supervised = marks.iter().any(|mark| matches!(mark, Mark::Approved | Mark::ExtendTo(_)));
    let by_mark = supervised && by != Setter::Applicant && to.may_be_set_by(Setter::Supervisor);
    if !(by_mark || to.may_be_set_by(by)) {
        return Judged::Refuse(not_by(standing, to, by));
    }
    if reading.needs_operator && to.is_final() && exact.is_none() {
        return Judged::Wait(format!("«{}»: {}", wish.status.trim(), decapitalized(&reading.remark)));
    }
    let answer = answer(standing, wish);
    if let Some(lacks) = lacking(standing, (to, by), (&answer, &reading)) {
        return Judged::Wait(format!("Стан «{}» буде встановлено, коли {lacks}.", to.label()));
    }
    let mut change = plain(standing, Some(to), &reading, wish);
    if to == Status::Extended {
        let Some(wanted) = wanted_day(&marks, &reading) else {
            return Judged::Wait(
                "Стан «Термін продовжено» буде встановлено, коли буде вказано нову дату, наприклад «продовжено до 25.08»."
                    .to_owned(),
            );
        };
        let longer = extended(standing.deadline, wanted, calendar);
        if longer.legal <= standing.deadline.legal {
            return Judged::Refuse(format!(
                "Строк уже не можна продовжити: граничний строк — {} (стаття 20 Закону: не більше 45 днів).",
                longer.legal.format("%d.%m.%Y")
            ));
        }
        if longer.legal < wanted {
            change.remark = format!(
                "Строк продовжено лише до {}: загалом не більше 45 днів (стаття 20 Закону).",
                longer.legal.format("%d.%m.%Y")
            );
        }
        change.cells.push((Field::DueDate, Value::Date(longer.control)));
        change.extended_to = Some(longer.legal);
    }
    Judged::Apply(change)
}

/// The answer that would go with the wish.
fn answer(standing: &Standing<'_>, wish: &Wish) -> String {
    wish.answer.clone().unwrap_or_else(|| standing.row.get(Field::Answer).to_string()).trim().to_owned()
}

fn plain(standing: &Standing<'_>, to: Option<Status>, reading: &StatusReading, wish: &Wish) -> Change {
    let label = to.unwrap_or(standing.status).label();
    let mut cells = vec![(Field::Status, Value::text(label))];
    if let Some(answer) = &wish.answer
        && !answer.trim().is_empty()
    {
        cells.push((Field::Answer, Value::text(answer)));
    } else if to == Some(Status::Forwarded) && standing.row.get(Field::Answer).is_empty() {
        // "скеровано до ПФУ" says to whom; it is what the applicant is told.
        cells.push((Field::Answer, Value::text(&wish.status)));
    }
    Change {
        to,
        cells,
        promised: reading.promised,
        completed: reading.completed,
        extended_to: None,
        remark: reading.remark.clone(),
    }
}

/// What a state cannot be set without, as it stands after "коли"; `None` if nothing is lacking.
fn lacking(
    standing: &Standing<'_>,
    (to, by): (Status, Setter),
    (answer, reading): (&str, &StatusReading),
) -> Option<String> {
    const COLUMN: &str = "у графі «Надана відповідь (результат розгляду)»";
    // The number of a typical answer that may not be sent is no answer.
    let told = answer.split_whitespace().count() >= FEWEST_ANSWER_WORDS && named(answer).is_none();
    let fresh = standing.interim.is_none_or(|interim| interim.trim() != answer);
    match to {
        Status::Routed if standing.row.get(Field::Department).is_empty() => {
            Some("буде обрано структурний підрозділ".to_owned())
        }
        Status::Solved | Status::Explained | Status::ReturnedToApplicant | Status::NotConsidered if !told => {
            Some(format!("{COLUMN} буде текст для заявника"))
        }
        Status::Solved | Status::Explained | Status::Refused if !fresh => {
            Some(format!("{COLUMN} стоятиме остаточна відповідь, а не текст уже надісланої проміжної"))
        }
        Status::Refused => refusal::read(answer).err().map(|lacks| format!("{COLUMN} не бракуватиме {lacks}")),
        // The words of the state itself may name the body ("скеровано до ПФУ").
        Status::Forwarded if !told && reading.decided_by != "phrase" => {
            Some(format!("{COLUMN} буде вказано, до якого органу надіслано звернення"))
        }
        Status::InterimAnswer if !told => Some(format!("{COLUMN} буде текст проміжної відповіді")),
        Status::Extended if !told && by != Setter::Service => Some(format!("{COLUMN} буде причина продовження")),
        Status::Registered
        | Status::NeedsClarification
        | Status::Routed
        | Status::ReturnedForRerouting
        | Status::InProgress
        | Status::InterimAnswer
        | Status::Extended
        | Status::Solved
        | Status::Explained
        | Status::Forwarded
        | Status::ReturnedToApplicant
        | Status::NotConsidered
        | Status::Withdrawn
        | Status::Rework => None,
    }
}

fn wanted_day(marks: &[Mark], reading: &StatusReading) -> Option<NaiveDate> {
    let marked = marks.iter().find_map(|mark| match mark {
        Mark::ExtendTo(day) => Some(*day),
        Mark::Control | Mark::Resonant | Mark::Overdue | Mark::Lifted | Mark::Approved | Mark::Other(_) => None,
    });
    // The supervisor's own day counts before anybody's words.
    marked.or(reading.promised)
}

fn not_after(standing: &Standing<'_>, to: Status, by: Setter) -> String {
    let allowed = allowed(standing, by);
    let now = standing.status.label();
    if allowed.is_empty() {
        return format!("Після стану «{now}» змінювати стан не можна: «{}» скасовано.", to.label());
    }
    format!("Після стану «{now}» не можна встановити «{}». Дозволено: {}.", to.label(), allowed.join(", "))
}

fn not_by(standing: &Standing<'_>, to: Status, by: Setter) -> String {
    let supervisor = to.may_be_set_by(Setter::Supervisor) && !to.spec().setters.contains(&Setter::Operator);
    let who = match (to.spec().setters.contains(&Setter::Department), supervisor) {
        (true, true) if to.spec().setters.contains(&Setter::Supervisor) => {
            "структурний підрозділ або керівник (відмітка «Погоджено» у графі «Контроль»)"
        }
        (true, _) => "структурний підрозділ; щоб передати звернення іншому, змініть графу «Структурний підрозділ»",
        (false, true) => "керівник (відмітка «Погоджено» або «Продовжити до …» у графі «Контроль»)",
        (false, false) => "оператор контактного центру",
    };
    let allowed = allowed(standing, by);
    let allowed =
        if allowed.is_empty() { String::new() } else { format!(" Дозволено: {}.", allowed.join(", ")) };
    format!("Стан «{}» встановлює {who}.{allowed}", to.label())
}

/// What he may set now, in the order of the dropdown.
fn allowed(standing: &Standing<'_>, by: Setter) -> Vec<String> {
    STATUSES
        .iter()
        .map(|spec| spec.status)
        .filter(|to| *to != standing.status)
        .filter(|to| to.may_follow(standing.status, standing.with_department) && to.may_be_set_by(by))
        .map(|to| format!("«{}»", to.label()))
        .collect()
}

/// A remark as the middle of a sentence.
fn decapitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
#[path = "moves_tests.rs"]
mod tests;
