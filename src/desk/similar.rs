//! How alike two matters are, in a way that survives Ukrainian inflection: words are folded and cut to their beginnings.
//!
//! "Не виплатили субсидію" and "невиплата субсидії" share the beginnings of their words though no word is equal. Words of
//! courtesy and of office say nothing and are left out. The measure is between 0 and 1 and does not depend on the order.

use crate::domain::field::Field;
use crate::domain::register::Row;
use crate::reading::fold::fold;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

/// Longer words are cut to this many letters.
const STEM: usize = 5;
/// Words of up to five letters are cut to this many.
const SHORT_STEM: usize = 3;
/// Most stems of one matter.
const MOST_STEMS: usize = 200;
/// Words that any letter may have.
const COMMON: [&str; 37] = [
    "прошу",
    "просимо",
    "доброго",
    "добрий",
    "шановні",
    "будь",
    "ласка",
    "допомога",
    "допоможіть",
    "звернення",
    "звертаюся",
    "громадянин",
    "мене",
    "мені",
    "моя",
    "мій",
    "моєї",
    "мого",
    "наші",
    "нашого",
    "який",
    "тому",
    "також",
    "цього",
    "цей",
    "для",
    "при",
    "про",
    "або",
    "але",
    "вже",
    "дуже",
    "телефон",
    "тел",
    "вулиця",
    "вул",
    "дякую",
];

/// Their beginnings, made once: matters are compared with hundreds of others.
static COMMON_STEMS: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| COMMON.iter().filter_map(|word| stem(&fold(word))).collect());

/// The beginnings of the words of a matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stems {
    stems: BTreeSet<String>,
    /// Their digests, sorted: a matter is compared with hundreds of others.
    digests: Vec<u64>,
}

impl Stems {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        Self::from(stems(text))
    }

    fn from(stems: BTreeSet<String>) -> Self {
        let digest = |stem: &String| {
            let mut hasher = DefaultHasher::new();
            stem.hash(&mut hasher);
            hasher.finish()
        };
        let mut digests: Vec<u64> = stems.iter().map(digest).collect();
        digests.sort_unstable();
        Self { stems, digests }
    }

    /// Of the matter of an appeal: whose it is says nothing about it.
    pub fn of_matter(row: &Row) -> Self {
        let who = stems(&row.get(Field::Applicant).to_string());
        let mut matter = stems(&row.get(Field::Essence).to_string());
        matter.retain(|stem| !who.contains(stem));
        Self::from(matter)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.stems.iter().map(String::as_str)
    }

    /// How alike two matters are: what they share against the mean of both, a short one told in a long one counting more.
    pub fn likeness(&self, other: &Self) -> f64 {
        let (few, many) = (self.stems.len().min(other.stems.len()), self.stems.len().max(other.stems.len()));
        if few == 0 {
            return 0.0;
        }
        let common = common(&self.digests, &other.digests) as f64;
        let dice = 2.0 * common / (few + many) as f64;
        let within = common / few as f64;
        // Of two words nearly any two are found somewhere.
        if few < 3 { dice } else { (dice + within) / 2.0 }
    }
}

fn stems(text: &str) -> BTreeSet<String> {
    let folded = fold(text).replace(['\'', '’', 'ʼ'], "");
    let words = folded.split(|c: char| !c.is_alphanumeric());
    words.filter_map(stem).filter(|stem| !COMMON_STEMS.contains(stem)).take(MOST_STEMS).collect()
}

/// How many of the sorted numbers two lists share.
fn common(mut one: &[u64], mut other: &[u64]) -> usize {
    let mut found = 0;
    while let ([first, rest @ ..], [second, further @ ..]) = (one, other) {
        found += usize::from(first == second);
        (one, other) = match first.cmp(second) {
            Ordering::Less => (rest, other),
            Ordering::Equal => (rest, further),
            Ordering::Greater => (one, further),
        };
    }
    found
}

/// The beginning of a word that stays through its forms; `None` for what says nothing.
fn stem(word: &str) -> Option<String> {
    if word.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let kept = match word.chars().count() {
        0..=2 => return None,
        3..=5 => SHORT_STEM,
        _ => STEM,
    };
    Some(word.chars().take(kept).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_the_same_words_are_alike_and_other_matters_are_not() {
        let like = |one: &str, other: &str| Stems::of(one).likeness(&Stems::of(other));
        let subsidy = "Не виплачено субсидію на оплату комунальних послуг за січень";
        for (one, other, at_least, at_most) in [
            (subsidy, subsidy, 1.0, 1.0),
            (subsidy, "Виплата субсидії для оплати комунальної послуги за січень не надійшла", 0.6, 1.0),
            (subsidy, "Як отримати довідку внутрішньо переміщеної особи?", 0.0, 0.2),
            ("Протікає дах будинку", "Протікання даху в будинку № 5 після дощу", 0.55, 1.0),
            (subsidy, "", 0.0, 0.0),
            ("Прошу допомоги", "Прошу, будь ласка, допомогти", 0.0, 0.0),
        ] {
            let found = like(one, other);
            assert!((at_least..=at_most).contains(&found), "{one} / {other}: {found}");
            assert!((found - like(other, one)).abs() < 1e-9, "the order does not matter");
        }
    }
}
