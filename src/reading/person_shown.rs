//! The sender's name as the header shows it, or as his address spells it.

use crate::domain::letter::Correspondent;
use crate::reading::fold::fold;
use crate::reading::given::NOM;
use crate::reading::latin;
use crate::reading::name::{Assembled, FullName, is_given, is_initial, nominative};
use crate::reading::patronymic::patronymic;

/// The sender's name as the header shows it.
#[derive(Default)]
pub(super) struct Shown {
    /// Its parts.
    pub(super) full: FullName,
    /// The words as they stand in the header.
    pub(super) quote: String,
    /// How sure it is that the applicant is meant.
    pub(super) certainty: f32,
    /// The given name is a short or pet name.
    pub(super) short: bool,
    russian: bool,
}

impl Shown {
    /// What the text must outweigh to be believed more.
    pub(super) fn weight(&self) -> f32 {
        if self.full.name.as_deref().is_some_and(is_initial) { 1.0 } else { 1.9 }
    }

    /// As a mention of the text would be.
    pub(super) fn as_assembled(&self) -> Assembled {
        Assembled {
            full: self.full.clone(),
            cases: NOM,
            russian: self.russian,
            known_name: true,
            short_name: self.short,
        }
    }
}

/// The display name if it is a person's; else the address, if a given name of the dictionary stands in it.
pub(super) fn display_name(from: &Correspondent) -> Shown {
    let name = from.name.split(['(', '<', '|', '/', ',']).next().unwrap_or("").trim();
    let words: Vec<&str> =
        name.split(|c: char| c.is_whitespace() || c == '.').filter(|word| !word.is_empty()).collect();
    let several = words.iter().any(|word| matches!(fold(word).as_ref(), "та" | "і" | "й" | "и" | "and"));
    let plain = !several && name.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || "'’ʼ`-.".contains(c));
    let given = words.iter().any(|word| is_given(word));
    let initials = words.iter().any(|word| is_initial(word)) && words.iter().any(|word| word.chars().count() > 2);
    let fathered = words.iter().any(|word| patronymic(word).is_some_and(|found| found.known));
    if plain && words.len() <= 4 && (given || initials || fathered) && !is_organisation(name) {
        let mut full = nominative(name);
        // A word beside the given name that is one letter, or small, is no surname ("Тетяна П.", "Оля з Дніпра").
        if full.name.as_deref().is_some_and(is_initial) && given {
            full = only_given(&words);
        }
        let mut certainty = if full.name.is_some() && full.surname.is_some() { 0.65 } else { 0.5 };
        if latin::is_latin(name) {
            certainty -= 0.1;
        }
        let short = full.name.as_deref().is_some_and(is_short);
        let russian = words.iter().any(|word| crate::reading::surname::has_russian_letters(word));
        full.remarks.clear();
        return Shown { full, quote: from.name.clone(), certainty, short, russian };
    }
    if !from.name.trim().is_empty() && plain && words.len() > 1 {
        return Shown::default();
    }
    by_address(&from.address)
}

fn is_short(name: &str) -> bool {
    crate::reading::given::forms_of(name).iter().all(|form| form.short)
}

fn only_given(words: &[&str]) -> FullName {
    let name = words.iter().find(|word| is_given(word)).copied().unwrap_or("");
    FullName { name: nominative(name).name, ..FullName::default() }
}

fn is_organisation(name: &str) -> bool {
    let folded = fold(name);
    ["осбб", "центр", "тов", "пп", "го", "бф", "фонд", "школа", "ліцей", "управління", "магазин", "приймальня", "штаб"]
        .iter()
        .any(|word| folded.split(' ').any(|part| part == *word))
}

/// `olena.kovalenko@…`: a given name of the dictionary and one other word.
fn by_address(address: &str) -> Shown {
    let local = address.split('@').next().unwrap_or("");
    let words: Vec<&str> = local
        .split(['.', '_', '-'])
        .map(|word| word.trim_matches(|c: char| c.is_ascii_digit()))
        .filter(|word| word.len() >= 3 && latin::is_latin(word))
        .collect();
    let [first, second] = words.as_slice() else { return Shown::default() };
    if is_given(first) == is_given(second) || ROLES.contains(first) || ROLES.contains(second) {
        return Shown::default();
    }
    let mut full = nominative(&format!("{first} {second}"));
    full.remarks.clear();
    Shown { full, quote: address.to_owned(), certainty: 0.4, short: false, russian: false }
}

/// Words of addresses that are no surnames.
const ROLES: &[&str] =
    &["work", "home", "mail", "office", "info", "law", "sever", "shop", "school", "post", "family", "mama"];
