//! Rows of the sheet that are no appeal of the ledger: typed anew, copied, with a number that was never issued.

use super::Fault;
use crate::desk::Desk;
use crate::desk::context::applicant_key;
use crate::desk::phone::{self, LookAlike, Typed};
use crate::domain::field::Field;
use crate::domain::kyiv::to_kyiv;
use crate::domain::letter::Letter;
use crate::domain::register::Row;
use crate::engine::service::Service;
use crate::ledger::takeover::TakeOver;
use crate::merge::identity::{Known, Place};
use crate::merge::take::{Taken, Understood};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// What a row without an appeal gets.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Hint {
    /// A hint; the row is otherwise left alone.
    Left(String),
    /// A hint; it is a copy, so the service's cells are emptied.
    Unnumbered(String),
    /// It became this appeal.
    Registered(String),
}

/// What the rows without an appeal get, by position in the sheet; complete ones become appeals.
pub(super) fn new_rows(
    service: &Service,
    year: i32,
    (sheet, known, taken): (&Understood, &[Known], &Taken),
    over: &mut TakeOver,
    now: DateTime<Utc>,
) -> Result<BTreeMap<usize, Hint>, Fault> {
    let desk = Desk { settings: &service.settings, numbers: service.numbers.clone() };
    let mut last = service.ledger.with(|ledger| ledger.last_number(year))?;
    let mut hints = BTreeMap::new();
    for (position, place) in taken.places.iter().enumerate() {
        let Some(row) = sheet.rows.get(position) else { continue };
        let hint = match place {
            Place::Appeal(_) => None,
            Place::Copy(index) => known.get(*index).map(|original| {
                Hint::Unnumbered(format!(
                    "Копія рядка № {}: змініть дані заявника та суть або видаліть.",
                    original.number
                ))
            }),
            Place::Foreign => Some(Hint::Left(
                "Такого номера в обліковій базі немає. Щоб зареєструвати рядок, очистіть графу «Реєстраційний №»."
                    .into(),
            )),
            Place::New => match repeats(row, known) {
                Some(number) => {
                    Some(Hint::Left(format!("Копія рядка № {number}: змініть дані заявника та суть або видаліть.")))
                }
                None => match decide(service, &desk, row, (year, last, now), known) {
                    Typed::Nothing => None,
                    Typed::Waits(hint) => Some(Hint::Left(hint)),
                    Typed::Registered(registration) => {
                        last = registration.seq;
                        let number = registration.number.clone();
                        over.registrations.push(*registration);
                        Some(Hint::Registered(number))
                    }
                },
            },
        };
        if let Some(hint) = hint {
            let shown = match &hint {
                Hint::Left(text) => row.get(Field::Hint).as_text() == Some(text.as_str()),
                Hint::Unnumbered(_) | Hint::Registered(_) => false,
            };
            if !shown {
                hints.insert(position, hint);
            }
        }
    }
    Ok(hints)
}

/// The number of an appeal that this row merely repeats, person and matter alike.
fn repeats(row: &Row, known: &[Known]) -> Option<String> {
    let same = |field: Field, other: &Row| !row.get(field).is_empty() && row.get(field) == other.get(field);
    known
        .iter()
        .find(|known| same(Field::Applicant, &known.now) && same(Field::Essence, &known.now))
        .map(|known| known.number.clone())
}

fn decide(
    service: &Service,
    desk: &Desk<'_>,
    row: &Row,
    (year, last, now): (i32, i64, DateTime<Utc>),
    known: &[Known],
) -> Typed {
    let essence = row.get(Field::Essence).to_string();
    let letter = Letter { text: essence, ..Letter::default() };
    let reading = service.reader.read(&letter);
    phone::decide(desk, row, &reading, (year, last, to_kyiv(now)), &look_alikes(row, known))
}

/// Appeals of the same person or from the same phone.
fn look_alikes(row: &Row, known: &[Known]) -> Vec<LookAlike> {
    let person = |row: &Row| {
        let name = row.get(Field::Applicant).to_string();
        let mut words = name.split_whitespace();
        applicant_key(words.next(), words.next())
    };
    let (name, phone) = (person(row), row.get(Field::Phone));
    known
        .iter()
        .rev()
        .filter_map(|known| {
            let why = if !name.is_empty() && person(&known.now) == name {
                "той самий заявник"
            } else if !phone.is_empty() && known.now.get(Field::Phone) == phone {
                "той самий телефон"
            } else {
                return None;
            };
            Some(LookAlike { number: known.number.clone(), why })
        })
        .collect()
}
