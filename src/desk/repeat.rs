//! Repeated, doubled and mass appeals (classifier № 858, sign of receipt): found when an appeal is registered.
//!
//! The same person on the same matter: *doublet* while the earlier appeal is still considered in its term, *repeated* once it
//! was answered or its term ran out, *manifold* from the third on. At least three people on one matter within two days:
//! *mass*. A person is the same by surname and given name together with a phone, an address of mail or a patronymic; a
//! matter by the beginnings of its words. The service links and marks; whether an appeal is stopped under art. 8 a person
//! decides.

use crate::desk::action::{NewEvent, Registration};
use crate::desk::case::Case;
use crate::desk::context::person;
use crate::desk::registration::full_name;
use crate::desk::similar::Stems;
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::reading::Reading;
use crate::domain::register::Row;
use crate::domain::status::Status;
use crate::domain::value::Value;
use chrono::{NaiveDate, TimeDelta};
use std::collections::BTreeSet;

/// The same person's matters are one from this likeness on.
const SAME_MATTER: f64 = 0.5;
/// Different people's matters are one from this likeness on.
const SAME_MATTER_OF_MANY: f64 = 0.6;
/// Fewest people of a mass appeal.
const MANY: usize = 3;
/// Mass appeals come within this time.
const MASS_WITHIN: TimeDelta = TimeDelta::days(2);
/// What is known of the applicant from an earlier appeal of his.
const CARRIED: [Field; 6] =
    [Field::OnBehalfOf, Field::Phone, Field::RegisteredAddress, Field::TemporaryAddress, Field::Category, Field::Topic];
/// Most of the latest appeals of anybody that a new one is compared with.
pub const MOST_RECENT: usize = 300;
/// Most numbers that a hint names.
const MOST_NAMED: usize = 5;

/// Sign of a first appeal.
pub const FIRST: &str = "первинне";
/// Sign of a mass appeal.
pub const MASS: &str = "масове";
const REPEATED: &str = "повторне";
const DOUBLET: &str = "дублетне";
const MANIFOLD: &str = "неодноразове";

/// An appeal that a new one may repeat.
#[derive(Debug, Clone, PartialEq)]
pub struct Former {
    /// Its id in the ledger; 0 if it is being registered together with the new one.
    pub appeal: i64,
    /// Its number.
    pub number: String,
    /// Its row.
    pub row: Row,
    /// The beginnings of the words of its matter, made once: it is compared with many.
    matter: Stems,
    /// Whose it is, likewise.
    person: String,
}

impl Former {
    /// An appeal with this row.
    pub fn new(appeal: i64, number: String, row: Row) -> Self {
        Self { appeal, number, matter: Stems::of_matter(&row), person: person(&row), row }
    }
}

/// What was found of a new appeal.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The sign, where it is not a first appeal.
    pub sign: Option<&'static str>,
    /// The earlier appeal and the day of its answer: detail of the event `Repeats`.
    pub repeats: Option<String>,
    /// Other appeals of a mass appeal.
    pub mass: Vec<Former>,
    /// What the hint says.
    pub lines: Vec<String>,
}

/// The keys by which a person's appeals are looked up.
pub fn keys(row: &Row) -> Vec<String> {
    let mut keys: Vec<String> = phones(row).into_iter().map(|phone| format!("p {phone}")).collect();
    keys.extend(Some(person(row)).filter(|key| !key.is_empty()).map(|key| format!("n {key}")));
    keys
}

/// The same of a letter.
pub fn letter_keys(reading: &Reading) -> Vec<String> {
    let mut row = Row::default();
    let phones: Vec<&str> = reading.phones.iter().map(|phone| phone.value.as_str()).collect();
    row.set(Field::Applicant, Value::text(&full_name(reading)));
    row.set(Field::Phone, Value::text(&phones.join("; ")));
    keys(&row)
}

/// What a new row repeats. `formers`: appeals that share a key with it; `recent`: the latest appeals of anybody.
pub fn find(row: &Row, formers: &[&Former], recent: &[&Former]) -> Found {
    let matter = Stems::of_matter(row);
    let mut found = Found::default();
    let mut same: Vec<(f64, &Former)> = Vec::new();
    let mut others = Vec::new();
    for former in formers.iter().filter(|former| is_same_person(row, &former.row)) {
        let likeness = matter.likeness(&former.matter);
        if likeness >= SAME_MATTER { same.push((likeness, former)) } else { others.push(former.number.as_str()) }
    }
    if let Some((likeness, former)) = same.iter().max_by(|(one, _), (other, _)| one.total_cmp(other)) {
        let (sign, why) = sign(&former.row, same.len());
        found.sign = Some(sign);
        found.repeats = Some(link(&former.number, &former.row));
        found.lines.push(format!("{} до № {} (збіг {likeness:.2}): {why}.", capitalized(sign), former.number));
    }
    others.truncate(MOST_NAMED);
    if !others.is_empty() {
        found.lines.push(format!("Інші звернення цього заявника: № {}.", others.join(", № ")));
    }
    found.mass = mass(row, &matter, recent);
    if !found.mass.is_empty() {
        let numbers: Vec<&str> = found.mass.iter().take(MOST_NAMED).map(|former| former.number.as_str()).collect();
        found.lines.push(format!("Масове: те саме питання порушують № {}.", numbers.join(", № ")));
        found.sign = found.sign.or(Some(MASS));
    }
    found
}

/// The sign by the course of the earlier appeal, and the words for it.
fn sign(former: &Row, count: usize) -> (&'static str, String) {
    let is_final = Status::from_label(&former.get(Field::Status).to_string()).is_some_and(Status::is_final);
    let overdue = former.get(Field::Control).to_string().contains("Прострочено");
    let why = match former.get(Field::AnswerDate).as_date() {
        Some(day) => format!("відповідь надано {}", day.format("%d.%m.%Y")),
        None if is_final => "розгляд завершено".to_owned(),
        None if overdue => "строк розгляду сплив".to_owned(),
        None => "перше ще розглядають".to_owned(),
    };
    let sign = match (count, is_final || overdue) {
        (2.., _) => MANIFOLD,
        (_, true) => REPEATED,
        (_, false) => DOUBLET,
    };
    (sign, why)
}

/// Appeals of others on this matter, if there are enough people.
fn mass(row: &Row, matter: &Stems, recent: &[&Former]) -> Vec<Former> {
    let Some(day) = row.get(Field::ReceivedDate).as_date() else { return Vec::new() };
    let person = person(row);
    let alike: Vec<&Former> = recent
        .iter()
        .copied()
        .filter(|former| former.row.get(Field::ReceivedDate).as_date().is_some_and(|other| near(day, other)))
        .filter(|former| former.person != person)
        .filter(|former| matter.likeness(&former.matter) >= SAME_MATTER_OF_MANY)
        .collect();
    let people: BTreeSet<&str> =
        alike.iter().map(|former| former.person.as_str()).filter(|person| !person.is_empty()).collect();
    if people.len() + 1 < MANY { Vec::new() } else { alike.into_iter().cloned().collect() }
}

fn near(one: NaiveDate, other: NaiveDate) -> bool {
    (one - other).abs() <= MASS_WITHIN
}

fn is_same_person(one: &Row, other: &Row) -> bool {
    let (key_of_one, key_of_other) = (person(one), person(other));
    if key_of_one.is_empty() || key_of_one != key_of_other {
        return false;
    }
    let patronymics = (patronymic(one), patronymic(other));
    if let (Some(one), Some(other)) = &patronymics
        && one != other
    {
        return false;
    }
    let email = |row: &Row| row.get(Field::Email).to_string().to_lowercase();
    let shared = phones(one).iter().any(|phone| phones(other).contains(phone));
    shared
        || (!email(one).is_empty() && email(one) == email(other))
        || (patronymics.0.is_some() && patronymics.1.is_some())
}

fn patronymic(row: &Row) -> Option<String> {
    row.get(Field::Applicant).to_string().split_whitespace().nth(2).map(str::to_lowercase)
}

fn phones(row: &Row) -> Vec<String> {
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>();
    let text = row.get(Field::Phone).to_string();
    text.split([';', ',', '\n']).map(digits).filter(|phone| phone.len() >= 9).collect()
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Makes a new appeal of what an applicant wrote after a closed one, too late to reopen it.
pub fn goes_on(registration: &mut Registration, after: &Case) {
    for field in CARRIED {
        if registration.row.get(field).is_empty() {
            registration.row.set(field, after.row.get(field).clone());
        }
    }
    registration.row.set(Field::Kind, after.row.get(Field::Kind).clone());
    let (sign, why) = sign(&after.row, 1);
    let line = format!("{} до № {}: {why}.", capitalized(sign), after.number);
    mark(&mut registration.row, &Found { sign: Some(sign), lines: vec![line], ..Found::default() });
    let detail = link(&after.number, &after.row);
    registration.events.push(NewEvent { kind: EventKind::Repeats, detail, open: false });
}

/// The detail of the event `Repeats`: the earlier appeal and, if it was answered, the day.
fn link(number: &str, row: &Row) -> String {
    let answered = row.get(Field::AnswerDate).as_date();
    format!("{number}{}", answered.map_or(String::new(), |day| format!(" {day}")))
}

/// Puts what was found into a new row.
pub fn mark(row: &mut Row, found: &Found) {
    if let Some(sign) = found.sign
        && matches!(row.get(Field::Sign).as_text(), None | Some(FIRST))
    {
        row.set(Field::Sign, Value::text(sign));
    }
    if !found.lines.is_empty() {
        let hint = row.get(Field::Hint).to_string();
        let lines = found.lines.join("\n");
        row.set(Field::Hint, Value::text(&if hint.is_empty() { lines } else { format!("{hint}\n{lines}") }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn former(number: &str, name: &str, essence: &str, more: &[(Field, Value)]) -> Former {
        let mut row = Row::default();
        row.set(Field::Applicant, Value::text(name));
        row.set(Field::Essence, Value::text(essence));
        row.set(Field::Status, Value::text("В роботі"));
        row.set(Field::ReceivedDate, Value::Date(NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()));
        for (field, value) in more {
            row.set(*field, value.clone());
        }
        Former::new(1, number.to_owned(), row)
    }

    const IVAN: &str = "Петренко Іван Степанович";
    const SUBSIDY: &str = "Прошу призначити субсидію на оплату комунальних послуг";
    const AGAIN: &str = "Досі не призначено субсидії для оплати комунальної послуги";

    #[test]
    fn the_sign_follows_from_the_course_of_the_earlier_appeal() {
        let day = Value::Date(NaiveDate::from_ymd_opt(2026, 3, 5).unwrap());
        let done = [(Field::Status, Value::text("Надано роз'яснення")), (Field::AnswerDate, day)];
        let overdue = [(Field::Control, Value::text("К; Прострочено"))];
        let pending = former("П-1/2026", IVAN, SUBSIDY, &[]);
        let answered = former("П-1/2026", IVAN, SUBSIDY, &done);
        let late = former("П-1/2026", IVAN, SUBSIDY, &overdue);
        let namesake = former("П-1/2026", "Петренко Іван Петрович", SUBSIDY, &[]);
        let other = former("П-1/2026", IVAN, "Протікає дах будинку", &[]);
        let new = former("", IVAN, AGAIN, &[]).row;
        let signed = |formers: &[&Former]| find(&new, formers, &[]).sign;
        assert_eq!(signed(&[&pending]), Some(DOUBLET));
        assert_eq!(signed(&[&answered]), Some(REPEATED));
        assert_eq!(signed(&[&late]), Some(REPEATED));
        assert_eq!(signed(&[&answered, &pending]), Some(MANIFOLD));
        assert_eq!(signed(&[&namesake]), None);
        assert_eq!(signed(&[&other]), None);
        let found = find(&new, &[&answered, &other], &[]);
        assert_eq!(found.repeats.as_deref(), Some("П-1/2026 2026-03-05"));
        assert!(found.lines[0].starts_with("Повторне до № П-1/2026 (збіг 0."), "{:?}", found.lines);
        assert!(found.lines[1].starts_with("Інші звернення цього заявника: № П-1/2026"), "{:?}", found.lines);
    }

    #[test]
    fn three_people_on_one_matter_within_two_days_are_a_mass_appeal() {
        let water = "У будинку по вулиці Гагаріна третій день немає води";
        let one = former("К-1/2026", "Коваль Олена", "Немає води на Гагаріна третій день у будинку", &[]);
        let two = former("Б-2/2026", "Бондар Петро", "Третій день у нашому будинку на Гагаріна немає води", &[]);
        let old = Value::Date(NaiveDate::from_ymd_opt(2026, 2, 20).unwrap());
        let long_ago = former("Б-2/2026", "Бондар Петро", water, &[(Field::ReceivedDate, old)]);
        let new = former("", IVAN, water, &[]).row;
        assert_eq!(find(&new, &[], &[&one, &two]).sign, Some(MASS));
        assert_eq!(find(&new, &[], &[&one, &two]).mass.len(), 2);
        assert_eq!(find(&new, &[], &[&one]).sign, None, "two people are not many");
        assert_eq!(find(&new, &[], &[&one, &long_ago]).sign, None);
    }
}
