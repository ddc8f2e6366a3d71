//! What a status cell typed by people means: a state, a promised day, a day of completion, or a question to the operator.
//!
//! Tests in this order, clause by clause, the first own words deciding: negation ("не виконано через …" is work, with a
//! warning); future and partial ("буде виконано до 15.08"); an order of the chief ("виконати до 15.08") is no state; the
//! whole cell, phrases, beginnings of words (after repair of one slip in words of six letters and more); else the
//! operator is asked. A day inside a final state is its completion, a day after "до" a promise.
//!
//! Invariants: never fails, whatever the text; a closing without a result ("закрито", "+") is never guessed; a question
//! ("виконано?") is never a statement. The cell itself is never changed by this.

use super::status_words_judge::{Finding, Test, judge};
use super::status_words_table::Meaning;
use super::status_words_text::{Clause, Dated, Text, Tie, read};
use crate::domain::status::Status;
use chrono::NaiveDate;

/// What a status cell means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReading {
    /// The state; `None` if it was not recognised or is for a person to choose.
    pub status: Option<Status>,
    /// Day by which something is promised.
    pub promised: Option<NaiveDate>,
    /// Day on which it was completed.
    pub completed: Option<NaiveDate>,
    /// A person must look at the cell.
    pub needs_operator: bool,
    /// Which test decided: `negation`, `future`, `partial`, `order`, `cell`, `phrase`, `stem`, `repaired`, `ambiguous`,
    /// `question`, `unknown`, `empty`.
    pub decided_by: &'static str,
    /// What to tell the operator, in Ukrainian; empty if nothing.
    pub remark: String,
}

/// Reads a status cell of an appeal registered on this day.
pub fn understand_status(text: &str, registered: NaiveDate) -> StatusReading {
    if text.trim().is_empty() {
        return answer(None, "empty", false, "");
    }
    let read = read(text, registered);
    let Some((found, sentence)) = decide(&read) else {
        return answer(None, "unknown", true, "Стан не розпізнано: виберіть його зі списку.");
    };
    let Meaning::Is(status) = found.meaning else {
        return if found.meaning == Meaning::Ask {
            answer(None, "ambiguous", true, "Розгляд закрито без зазначення результату: оберіть стан зі списку.")
        } else {
            answer(None, "order", true, "Це доручення виконавцеві, а не стан розгляду: зазначте стан.")
        };
    };
    if read.question {
        return answer(None, "question", true, "Стан записано із знаком питання: уточніть його.");
    }
    let mut reading = answer(Some(status), found.test.id(), false, "");
    dates(&mut reading, &read, (found.test, sentence));
    match found.test {
        Test::Negation => {
            reading.needs_operator = true;
            reading.remark =
                "Підрозділ повідомляє, що не виконано: перевірте, чи потрібне продовження строку.".to_owned();
        }
        Test::Repaired => reading.remark = "У слові виправлено описку: перевірте стан.".to_owned(),
        Test::Doubted => {
            reading.needs_operator = true;
            reading.remark = "Зазначено виконання, але щось іще обіцяно: перевірте стан.".to_owned();
        }
        Test::Future | Test::Partial | Test::Cell | Test::Phrase | Test::Stem => {}
    }
    if reading.completed.is_some_and(|day| day < registered) {
        reading.needs_operator = true;
        reading.remark = "Дата виконання раніша за дату реєстрації: перевірте її.".to_owned();
    }
    reading
}

fn answer(status: Option<Status>, decided_by: &'static str, needs_operator: bool, remark: &str) -> StatusReading {
    StatusReading { status, promised: None, completed: None, needs_operator, decided_by, remark: remark.to_owned() }
}

/// The first sentence with a state decides; without one, the first that closes or orders.
fn decide(text: &Text) -> Option<(Finding, usize)> {
    let mut weak: Option<(Finding, usize)> = None;
    for (place, clauses) in text.sentences.iter().enumerate() {
        match sentence(clauses) {
            Some(found) if matches!(found.meaning, Meaning::Is(_)) => return Some((found, place)),
            found => weak = weak.or(found.map(|found| (found, place))),
        }
    }
    weak
}

/// The first clause with a state decides, but "solved" only as far as the rest of the sentence does not take it back, and
/// "not done" only as far as the rest does not say that it will not be done here ("не призначено, немає права").
fn sentence(clauses: &[Clause]) -> Option<Finding> {
    let found: Vec<Finding> = clauses.iter().filter_map(|clause| judge(clause)).collect();
    let first = *found.iter().find(|finding| matches!(finding.meaning, Meaning::Is(_))).or(found.first())?;
    if matches!(first.test, Test::Negation | Test::Future) && first.meaning == Meaning::Is(Status::InProgress) {
        let never = [Meaning::Is(Status::Refused), Meaning::Is(Status::ReturnedForRerouting)];
        return Some(found.iter().find(|finding| never.contains(&finding.meaning)).copied().unwrap_or(first));
    }
    if first.meaning != Meaning::Is(Status::Solved) {
        return Some(first);
    }
    let takes_back = |test: Test| found.iter().find(|finding| finding.test == test).copied();
    if let Some(back) = takes_back(Test::Negation).or_else(|| takes_back(Test::Partial)) {
        return Some(back);
    }
    Some(if takes_back(Test::Future).is_some() { Finding { test: Test::Doubted, ..first } } else { first })
}

/// A day of completion stands in the sentence that says the state, or alone.
fn dates(reading: &mut StatusReading, text: &Text, (test, sentence): (Test, usize)) {
    let Some(status) = reading.status else {
        return;
    };
    let among = |wanted: &[Tie], counts: &dyn Fn(&Dated) -> bool| {
        let tied =
            |tie: &Tie| text.dates.iter().find(|dated| dated.tie == *tie && counts(dated)).map(|dated| dated.day);
        wanted.iter().find_map(tied)
    };
    let first = |wanted: &[Tie]| among(wanted, &|_| true);
    let promised = first(&[Tie::Till]);
    if status.spec().is_final {
        let here = |dated: &Dated| dated.sentence.is_none_or(|place| place == sentence);
        reading.completed = among(&[Tie::Plain, Tie::On, Tie::From], &here);
        reading.promised = promised;
        return;
    }
    let planned = matches!(test, Test::Future) || status == Status::Extended;
    reading.promised = promised.or_else(|| if planned { first(&[Tie::On, Tie::Plain]) } else { None });
}

#[cfg(test)]
#[path = "status_words_tests.rs"]
mod tests;
