//! Who applies: the applicant among all persons that a letter names.
//!
//! Form fields come first, then every mention is weighed by the words around it (cues of an applicant, of a relative, of
//! an official), by its place (a line of its own, the head, the end) and by the sender's display name; the best one above
//! a threshold applies. Missing parts are filled from other mentions of the same person and from the display name.
//! Absent on purpose: a name from an address alone, if the text names somebody.

use crate::domain::field::Field;
use crate::domain::letter::Correspondent;
use crate::domain::reading::Found;
use crate::domain::remark::Remark;
use crate::reading::fold::fold;
use crate::reading::given::NOM;
use crate::reading::latin;
use crate::reading::name::{Assembled, FullName, is_initial};
use crate::reading::person_find::{Extent, Mention, mentions};
use crate::reading::person_form::form_fields;
use crate::reading::person_shown::display_name;
use crate::reading::person_weight::weight;
use crate::reading::representative::{Scene, find_represented, is_collective};
use crate::reading::words::Text;

/// Where the name of the applicant may stand.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The author's own words: no quoted history; head, address block and signature included.
    pub own: &'a Text<'a>,
    /// Author of the letter (for a forward the inner one). Leave empty for a follow-up: only new words count there.
    pub from: &'a Correspondent,
    /// Subject of the letter; may be empty.
    pub subject: &'a str,
}

/// Who applies, and for whom.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Person {
    /// Surname, nominative.
    pub surname: Option<Found<String>>,
    /// Given name, nominative.
    pub name: Option<Found<String>>,
    /// Patronymic, nominative.
    pub patronymic: Option<Found<String>>,
    /// The person or group in whose interest the applicant acts.
    pub representative_of: Option<Found<String>>,
    /// The appeal is made by or for a group.
    pub collective: bool,
    /// What the operator should know.
    pub remarks: Vec<Remark>,
}

/// Below this weight nobody in the text is taken for the applicant.
const THRESHOLD: f32 = 0.9;

/// The applicant.
pub fn find_applicant(sources: &Sources<'_>) -> Person {
    let text = sources.own;
    let tokens = &text.tokens;
    let found = mentions(tokens);
    let shown = display_name(sources.from);
    let weighed: Vec<f32> = found.iter().map(|mention| weight(mention, tokens, &shown)).collect();
    let form = form_fields(text.flowed);
    let best = best_mention(&found, &weighed);

    let mut person = Person::default();
    let mut taken: Option<&Mention> = None;
    if let Some((full, quote)) = &form {
        fill(&mut person, full, quote, 0.98);
    }
    if let Some((index, weight)) = best {
        let display_wins = shown.full.surname.is_some() && shown.full.name.is_some() && weight < shown.weight();
        if let (Some(mention), false) = (found.get(index), display_wins)
            && agrees(&person, &mention.who.full)
        {
            let quote = quote_of(mention, text);
            fill(&mut person, &mention.who.full, quote, certainty(mention, weight));
            person.remarks.extend(mention.who.full.remarks.iter().cloned());
            taken = Some(mention);
        }
    }
    for (mention, weight) in found.iter().zip(&weighed) {
        let same = mention.extent != Extent::Given
            || mention.who.full.name == person.name.as_ref().map(|found| found.value.clone());
        if *weight > -2.0 && same && person.surname.is_some() && shares_a_part(&person, &mention.who.full) {
            complete(&mut person, &mention.who, quote_of(mention, text));
        }
    }
    if agrees(&person, &shown.full) {
        complete(&mut person, &shown.as_assembled(), &shown.quote);
        fill(&mut person, &shown.full, &shown.quote, shown.certainty);
    }
    let scene = Scene { text, mentions: &found, applicant: taken, from: sources.from, subject: sources.subject };
    person.representative_of = find_represented(&scene);
    person.collective = is_collective(&scene);
    tell(&mut person);
    person
}

fn quote_of<'a>(mention: &Mention, text: &Text<'a>) -> &'a str {
    text.between(mention.first, mention.last)
}

/// The best mention; of equal ones the first.
fn best_mention(found: &[Mention], weighed: &[f32]) -> Option<(usize, f32)> {
    let mut best: Option<(usize, f32)> = None;
    for (index, weight) in weighed.iter().enumerate().take(found.len()) {
        if *weight >= THRESHOLD && best.is_none_or(|(_, other)| *weight > other) {
            best = Some((index, *weight));
        }
    }
    best
}

fn certainty(mention: &Mention, weight: f32) -> f32 {
    let base: f32 = match mention.extent {
        Extent::Full => 0.86,
        Extent::NoSurname | Extent::Pair => 0.76,
        Extent::Initials => 0.7,
        Extent::Given => 0.55,
    };
    let oblique = if mention.who.cases & NOM == 0 { 0.08 } else { 0.0 };
    (base + (weight * 0.02).min(0.12) - oblique).clamp(0.3, 0.98)
}

/// Set the parts that are still empty.
fn fill(person: &mut Person, full: &FullName, quote: &str, confidence: f32) {
    let found = |value: &String| Found { value: value.clone(), quote: quote.replace('\n', " "), confidence };
    for (slot, value) in [
        (&mut person.surname, &full.surname),
        (&mut person.name, &full.name),
        (&mut person.patronymic, &full.patronymic),
    ] {
        if slot.is_none() {
            *slot = value.as_ref().map(found);
        }
    }
}

/// Better forms of the same name: a whole given name for an initial, a nominative for a guessed one, a missing part.
fn complete(person: &mut Person, other: &Assembled, quote: &str) {
    if !agrees(person, &other.full) {
        return;
    }
    let nominative_form = other.cases & NOM != 0;
    for (slot, value) in [
        (&mut person.name, &other.full.name),
        (&mut person.patronymic, &other.full.patronymic),
        (&mut person.surname, &other.full.surname),
    ] {
        let (Some(known), Some(value)) = (slot.as_mut(), value) else { continue };
        let fuller = is_initial(&known.value) && !is_initial(value);
        let surer = nominative_form && !is_initial(value) && known.value != *value && known.confidence < 0.95;
        if fuller || (surer && same_stem(&known.value, value) && !other.russian && !latin::is_latin(quote)) {
            known.value.clone_from(value);
        }
    }
    fill(person, &other.full, quote, 0.7);
}

/// Whether two words differ in the ending only, by at most two letters on either side.
fn same_stem(left: &str, right: &str) -> bool {
    let (left, right) = (fold(left), fold(right));
    let common = left.chars().zip(right.chars()).take_while(|(a, b)| a == b).count();
    common >= 3 && common + 2 >= left.chars().count() && common + 2 >= right.chars().count()
}

/// Whether nothing in the two names speaks against one person.
fn agrees(person: &Person, other: &FullName) -> bool {
    let fits = |known: &Option<Found<String>>, other: &Option<String>, surname: bool| match (known, other) {
        (Some(known), Some(other)) => same_part(&known.value, other, surname),
        _ => true,
    };
    fits(&person.surname, &other.surname, true)
        && fits(&person.name, &other.name, false)
        && fits(&person.patronymic, &other.patronymic, false)
}

fn shares_a_part(person: &Person, other: &FullName) -> bool {
    let same = |known: &Option<Found<String>>, other: &Option<String>| match (known, other) {
        (Some(known), Some(other)) => same_part(&known.value, other, true),
        _ => false,
    };
    same(&person.surname, &other.surname) || (same(&person.name, &other.name) && other.surname.is_none())
}

/// Whether two words are the same part of a name, as far as endings, initials and scripts let it be seen.
pub(super) fn same_part(left: &str, right: &str, surname: bool) -> bool {
    if fold(left) == fold(right) || latin::sounds_like(left, right) {
        return true;
    }
    if is_initial(left) || is_initial(right) {
        return fold(left).chars().next() == fold(right).chars().next();
    }
    surname && same_stem(left, right)
}

/// What the operator should know about the name.
fn tell(person: &mut Person) {
    let text = match (&person.surname, &person.name) {
        (None, None) => None,
        (None, Some(_)) => Some("Прізвища заявника в листі немає: уточніть."),
        (Some(_), None) => Some("Імені заявника в листі немає: уточніть."),
        (Some(_), Some(name)) if is_initial(&name.value) => Some("Вказано лише ініціали заявника: уточніть ім'я."),
        (Some(surname), Some(_)) if surname.confidence < 0.7 => {
            Some("Ім'я взято з поля «Від», у тексті його немає: перевірте.")
        }
        (Some(_), Some(_)) => None,
    };
    if let Some(text) = text {
        person.remarks.push(Remark::on(Field::Applicant, text));
    }
}
