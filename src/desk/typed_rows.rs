//! Rows of the register that are no appeal of the ledger: typed anew, copied, with a number that was never issued. Complete
//! ones become appeals; the others get a hint and are otherwise left alone.

use crate::desk::action::Registration;
use crate::desk::context::{Desk, person};
use crate::desk::phone::{self, LookAlike, Typed};
use crate::desk::repeat::{self, Former, Found, MOST_RECENT};
use crate::domain::field::{Field, Owner};
use crate::domain::reading::Reading;
use crate::domain::register::Row;
use crate::domain::value::Value;
use crate::merge::identity::{Known, Place};
use crate::merge::take::{Taken, Understood};
use chrono::{NaiveDate, NaiveDateTime};
use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::BTreeMap;

/// Most appeals of the same person that are looked at.
const MOST_FORMERS: usize = 10;
/// What a row with an unknown number says.
const FOREIGN: &str =
    "Такого номера в обліковій базі немає. Щоб зареєструвати рядок, очистіть графу «Реєстраційний №».";

/// What a row without an appeal gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// A hint; the row is otherwise left alone.
    Left(String),
    /// A hint; it is a copy, so the service's cells are emptied.
    Unnumbered(String),
    /// It became this appeal.
    Registered(String),
}

impl Hint {
    /// What the row says.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Left(text) | Self::Unnumbered(text) => Some(text),
            Self::Registered(_) => None,
        }
    }
}

/// What is decided on the rows without an appeal.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decided {
    /// New appeals.
    pub registrations: Vec<Registration>,
    /// What each row gets, by position in the sheet.
    pub hints: BTreeMap<usize, Hint>,
}

/// Decides on the rows without an appeal. `read`: reads an essence; `last`: the last number of the year.
pub fn decide(
    desk: &Desk<'_>,
    read: &dyn Fn(&str) -> Reading,
    (year, mut last, now): (i32, i64, NaiveDateTime),
    (sheet, known, taken): (&Understood, &[Known], &Taken),
) -> Decided {
    let mut decided = Decided::default();
    let mut appeals = Appeals::after(known, taken);
    let mut waiting = Vec::new();
    let recent = LazyCell::new(|| known.iter().rev().take(MOST_RECENT).map(former).collect::<Vec<_>>());
    for (position, (row, place)) in sheet.rows.iter().zip(&taken.places).enumerate() {
        let row = match place {
            Place::Appeal(_) => continue,
            Place::Foreign => {
                decided.hints.insert(position, Hint::Left(FOREIGN.to_owned()));
                continue;
            }
            Place::New => Cow::Borrowed(row),
            Place::Copy(_) => Cow::Owned(without_ours(row)),
        };
        if appeals.repeated_by(&row).is_some() {
            waiting.push((position, row, String::new()));
            continue;
        }
        let reading = read(&row.get(Field::Essence).to_string());
        let found = repeated(&row, known, &recent, now.date());
        let look_alikes = if found.lines.is_empty() { look_alikes(&row, known) } else { Vec::new() };
        match phone::decide(desk, &row, &reading, (year, last, now), (&look_alikes, &found)) {
            Typed::Nothing => waiting.push((position, row, String::new())),
            Typed::Waits(hint) => waiting.push((position, row, hint)),
            Typed::Registered(registration) => {
                last = registration.seq;
                appeals.add(&registration.row, &registration.number);
                decided.hints.insert(position, Hint::Registered(registration.number.clone()));
                decided.registrations.push(*registration);
            }
        }
    }
    // A row that waits may repeat one that became an appeal below it.
    for (position, row, hint) in waiting {
        let hint = appeals.repeated_by(&row).map_or(hint, copied);
        match taken.places.get(position) {
            Some(Place::Copy(_)) => decided.hints.insert(position, Hint::Unnumbered(hint)),
            _ if hint.is_empty() => None,
            _ => decided.hints.insert(position, Hint::Left(hint)),
        };
    }
    decided
}

fn copied(number: &str) -> String {
    format!("Копія рядка № {number}: змініть дані заявника та суть або видаліть.")
}

/// The row with the service's columns emptied: a copy has them from its original.
fn without_ours(row: &Row) -> Row {
    let mut row = row.clone();
    Field::all().filter(|field| field.owner() == Owner::Service).for_each(|field| row.set(field, Value::Empty));
    row
}

/// Numbers of appeals by applicant and matter, the first of each, as they will be after the pass.
struct Appeals(BTreeMap<(Value, Value), String>);

impl Appeals {
    fn after(known: &[Known], taken: &Taken) -> Self {
        let typed: BTreeMap<(usize, Field), &Value> = taken
            .edits
            .iter()
            .filter(|edit| edit.is_taken())
            .map(|edit| ((edit.known, edit.field), &edit.new))
            .collect();
        let mut appeals = Self(BTreeMap::new());
        for (index, known) in known.iter().enumerate() {
            let mut row = known.now.clone();
            for field in [Field::Applicant, Field::Essence] {
                if let Some(value) = typed.get(&(index, field)) {
                    row.set(field, (*value).clone());
                }
            }
            appeals.add(&row, &known.number);
        }
        appeals
    }

    fn add(&mut self, row: &Row, number: &str) {
        if let Some(key) = row.matter() {
            self.0.entry(key).or_insert_with(|| number.to_owned());
        }
    }

    /// The number of the appeal that this row merely repeats, person and matter alike.
    fn repeated_by(&self, row: &Row) -> Option<&str> {
        self.0.get(&row.matter()?).map(String::as_str)
    }
}

/// What a typed row repeats among the appeals of the year.
fn repeated(row: &Row, known: &[Known], recent: &[Former], today: NaiveDate) -> Found {
    let keys = repeat::keys(row);
    let formers: Vec<Former> = known
        .iter()
        .rev()
        .filter(|known| repeat::keys(&known.now).iter().any(|key| keys.contains(key)))
        .take(MOST_FORMERS)
        .map(former)
        .collect();
    let mut dated = row.clone();
    if dated.get(Field::ReceivedDate).as_date().is_none() {
        dated.set(Field::ReceivedDate, Value::Date(today));
    }
    repeat::find(&dated, &formers.iter().collect::<Vec<_>>(), &recent.iter().collect::<Vec<_>>())
}

fn former(known: &Known) -> Former {
    Former::new(known.appeal, known.number.clone(), known.now.clone())
}

/// Appeals of the same person or from the same phone.
fn look_alikes(row: &Row, known: &[Known]) -> Vec<LookAlike> {
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
