//! What a department's answer changes: each appeal that it speaks of is judged, and told back in the echo.
//!
//! A department changes only appeals that it has. What cannot be applied is never lost: the echo says why, and the hint of
//! the row shows it to the operator. Pure; how the answer was written (workbook or words) does not matter here.

use crate::desk::action::{Move, NewEvent};
use crate::desk::case::Case;
use crate::desk::co_executors;
use crate::desk::context::Desk;
use crate::desk::moves::{Judged, Standing, Wish, judge};
use crate::desk::notices::appeal_row;
use crate::domain::department::Department;
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::office::Office;
use crate::domain::register::Row;
use crate::domain::status::{Setter, Status};
use crate::domain::value::Value;
use crate::letters::params::AppealRow;
use chrono::NaiveDate;

/// Most letters of an answer that the hint of a row repeats.
const HINT_LETTERS: usize = 500;

/// What a department has to do with an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It has the appeal: its word counts.
    Main,
    /// It takes part: its word is for the operator.
    CoExecutor,
}

impl Case {
    /// What a department has to do with the appeal; `None`: nothing.
    pub fn part(&self, office: &Office, code: &str) -> Option<Part> {
        if self.department == code {
            return Some(Part::Main);
        }
        co_executors::takes_part(office, &self.row, code).then_some(Part::CoExecutor)
    }
}

/// What an answer says of one appeal.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// Its number as the ledger writes it, or as the department wrote it where it is none of ours.
    pub number: String,
    /// The state in any words; empty: it is not spoken of.
    pub status: String,
    /// The answer; `None`: it is not spoken of.
    pub answer: Option<String>,
    /// State and answer are the same words of a letter: an answer for the applicant only if the state is a result.
    pub in_words: bool,
    /// Other columns of the department.
    pub others: Vec<(Field, Value)>,
}

/// Who answered.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The department.
    pub department: &'a Department,
    /// For the journal.
    pub cause: &'a str,
    /// When the answer came.
    pub day: NaiveDate,
}

/// What becomes of one appeal.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// The change of the appeal.
    pub change: Option<Move>,
    /// What was taken over, for the echo.
    pub taken: Option<AppealRow>,
    /// What was not, for the echo.
    pub remark: Option<String>,
}

/// Judges what an answer says of one appeal; `given`: the appeal, if there is one of this number.
pub fn judge_answer(desk: &Desk<'_>, source: &Source<'_>, said: &Said, given: Option<&Case>) -> Outcome {
    let remark = |text: String| Outcome { remark: Some(text), ..Outcome::default() };
    let Some(given) = given else {
        return remark(format!("№ {}: такого номера в реєстрі немає; перевірте його.", said.number));
    };
    match given.part(&desk.settings.office, &source.department.code) {
        Some(Part::Main) => {}
        Some(Part::CoExecutor) => return co_executor(source, said, given),
        None => {
            let why = "звернення не на розгляді у Вашого підрозділу; нічого не змінено.";
            return remark(format!("№ {}: {why}", said.number));
        }
    }
    let (mut cells, mut lines, mut events) = (said.others.clone(), Vec::new(), Vec::new());
    let mut told = None;
    let mut to = None;
    let answer = said.answer.as_deref().map(str::trim).filter(|answer| !answer.is_empty());
    let deadline = given.deadline(desk);
    match (said.status.trim().is_empty(), &deadline) {
        (true, _) => cells.extend(answer.map(|answer| (Field::Answer, Value::text(answer)))),
        (false, None) => told = Some("дату надходження в реєстрі не прочитано, стан не змінено.".to_owned()),
        (false, Some(deadline)) => {
            let interim = given.last(EventKind::Interim).map(|event| event.detail.as_str());
            let standing = Standing { status: given.status, row: &given.row, deadline, with_department: true, interim };
            let wish = Wish { status: said.status.clone(), answer: answer.map(str::to_owned) };
            match judge(&standing, &wish, Setter::Department, &desk.settings.calendar) {
                Judged::Apply(change) => {
                    to = change.to;
                    let words_alone = said.in_words && !change.to.unwrap_or(given.status).tells_the_applicant();
                    for (field, value) in change.cells {
                        if words_alone && field == Field::Answer {
                            lines.push(cut(&value.to_string()));
                        } else {
                            cells.push((field, value));
                        }
                    }
                    events.extend(change.promised.map(|day| NewEvent {
                        kind: EventKind::Promised,
                        detail: day.to_string(),
                        open: false,
                    }));
                    told = Some(change.remark).filter(|remark| !remark.is_empty());
                }
                Judged::Wait(why) => {
                    cells.extend(answer.map(|answer| (Field::Answer, Value::text(answer))));
                    told = Some(why);
                }
                Judged::Refuse(why) => {
                    lines.extend(answer.map(cut));
                    told = Some(why);
                }
            }
        }
    }
    for (field, label) in [(Field::Executor, "виконавець"), (Field::DepartmentNote, "примітка")] {
        let typed = said.others.iter().find(|(other, value)| *other == field && !value.is_empty());
        lines.extend(typed.map(|(_, value)| format!("{label}: {value}")));
    }
    lines.extend(told.iter().cloned());
    hint(&given.row, source, &lines, &mut cells);
    cells.retain(|(field, value)| given.row.get(*field) != value);
    let mut row = given.row.clone();
    for (field, value) in &cells {
        row.set(*field, value.clone());
    }
    let spoken = cells.iter().any(|(field, _)| *field != Field::Hint) || to.is_some();
    Outcome {
        change: (!cells.is_empty() || to.is_some()).then(|| moved(source, given, to, cells, events)),
        taken: spoken.then(|| appeal_row(&row)),
        remark: told.map(|why| format!("№ {}: {why}", said.number)),
    }
}

/// What a co-executor says: all of it for the operator, nothing of it into force.
fn co_executor(source: &Source<'_>, said: &Said, given: &Case) -> Outcome {
    let others = said.others.iter().map(|(_, value)| value.to_string());
    let answer = said.answer.clone().filter(|answer| *answer != said.status);
    let mut lines: Vec<String> =
        [said.status.clone()].into_iter().chain(answer).chain(others).map(|text| cut(&text)).collect();
    lines.retain(|line| !line.is_empty());
    if let Some(first) = lines.first_mut() {
        *first = format!("як співвиконавець: {first}");
    }
    let mut cells = Vec::new();
    hint(&given.row, source, &lines, &mut cells);
    let change = (!cells.is_empty()).then(|| moved(source, given, None, cells, Vec::new()));
    let told = "Ви співвиконавець: Вашу відповідь передано контактному центру; стан змінює підрозділ, який відповідає.";
    Outcome { change, taken: None, remark: Some(format!("№ {}: {told}", said.number)) }
}

/// The change of the appeal that an answer brings.
fn moved(
    source: &Source<'_>,
    given: &Case,
    to: Option<Status>,
    cells: Vec<(Field, Value)>,
    events: Vec<NewEvent>,
) -> Move {
    Move {
        appeal: given.id,
        to,
        department: None,
        cells,
        events,
        actor: source.department.name.clone(),
        cause: source.cause.to_owned(),
    }
}

/// Words for the hint; the letter itself is kept whole.
fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= HINT_LETTERS {
        return line;
    }
    let kept: String = line.chars().take(HINT_LETTERS).collect();
    format!("{}… (скорочено)", kept.trim_end())
}

/// The hint of the row with what the operator must know of the answer.
fn hint(row: &Row, source: &Source<'_>, lines: &[String], cells: &mut Vec<(Field, Value)>) {
    if lines.is_empty() {
        return;
    }
    let line = format!("{} {}: {}", source.day.format("%d.%m.%Y"), source.department.name, lines.join("; "));
    let present = row.get(Field::Hint).to_string();
    if !present.contains(&line) {
        cells.push((Field::Hint, Value::text(format!("{present}\n{line}").trim())));
    }
}
