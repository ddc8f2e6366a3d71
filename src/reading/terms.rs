//! Terms: many words and phrases looked for at once in a folded text.
//!
//! A term is what a supervisor can write: `субсиді*` (any ending), `УБД` (this word), `допомог* на догляд` (a phrase),
//! `прошу ~ видати` (`~` stands for up to three words). Each word of a text is looked up among the beginnings of all
//! terms; the rest of a phrase is compared word by word. A term that is empty after folding finds nothing.

use crate::reading::folded::{Words, plain};
use crate::reading::lookup::Begins;

/// How many words `~` may stand for.
const GAP_WORDS: usize = 3;

/// A set of terms, each with something that it stands for.
#[derive(Debug)]
pub struct Terms<T> {
    /// By the first word.
    begins: Begins<Entry<T>>,
}

#[derive(Debug)]
struct Entry<T> {
    rest: Vec<Part>,
    value: T,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// A whole word.
    Whole(String),
    /// The beginning of a word.
    Begin(String),
    /// Up to `GAP_WORDS` words.
    Gap,
}

/// A term found: what it stands for and the words it takes (indexes into the folded text).
#[derive(Debug)]
pub struct Hit<'a, T> {
    /// What the term stands for.
    pub value: &'a T,
    /// Index of its first word.
    pub first: usize,
    /// Index of its last word.
    pub last: usize,
}

impl<T> Terms<T> {
    /// Compiles terms.
    pub fn new<'s>(terms: impl IntoIterator<Item = (&'s str, T)>) -> Self {
        let entries = terms.into_iter().filter_map(|(term, value)| {
            let mut parts = parts(term).into_iter();
            let (first, whole) = match parts.next()? {
                Part::Whole(word) => (word, true),
                Part::Begin(word) => (word, false),
                Part::Gap => return None,
            };
            Some((first, whole, Entry { rest: parts.collect(), value }))
        });
        Self { begins: Begins::new(entries) }
    }

    /// All places where a term stands, from left to right.
    pub fn hits<'a>(&'a self, text: impl Into<Words<'a>>) -> impl Iterator<Item = Hit<'a, T>> {
        let text = text.into();
        (0..text.len()).flat_map(move |first| self.hits_at(text, first))
    }

    /// The terms that begin with this word, those with the shortest beginning first.
    pub fn hits_at<'a>(&'a self, text: Words<'a>, first: usize) -> impl Iterator<Item = Hit<'a, T>> {
        text.keyed(first).into_iter().flat_map(|(key, word)| self.begins.of(key, word)).filter_map(move |entry| {
            let last = follow(&entry.rest, text, first)?;
            Some(Hit { value: &entry.value, first, last })
        })
    }

    /// Whether any term stands in the text.
    pub fn any<'a>(&'a self, text: impl Into<Words<'a>>) -> bool {
        self.hits(text).next().is_some()
    }
}

impl Terms<()> {
    /// Compiles terms separated by `;` that stand for nothing but themselves.
    pub fn of(list: &str) -> Self {
        Self::new(listed(list).map(|term| (term, ())))
    }

    /// Compiles terms that stand for nothing but themselves.
    pub fn words(terms: &[&str]) -> Self {
        Self::new(terms.iter().map(|term| (*term, ())))
    }
}

/// The terms of a list, separated by `;`.
pub fn listed(list: &str) -> impl Iterator<Item = &str> {
    list.split([';', '\n']).map(str::trim).filter(|term| !term.is_empty())
}

/// How many words a term has (`~` does not count).
pub fn word_count(term: &str) -> usize {
    parts(term).iter().filter(|part| **part != Part::Gap).count()
}

fn parts(term: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for piece in term.split_whitespace() {
        if piece == "~" {
            parts.push(Part::Gap);
            continue;
        }
        let (stem, begin) = piece.split_once('*').map_or((piece, false), |(stem, _)| (stem, true));
        let folded = plain(stem);
        let mut words = folded.split(' ').filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.next() {
            let open = begin && words.peek().is_none();
            parts.push(if open { Part::Begin(word.to_owned()) } else { Part::Whole(word.to_owned()) });
        }
    }
    parts
}

/// The last word taken if the parts follow the word `at`.
fn follow(rest: &[Part], text: Words<'_>, at: usize) -> Option<usize> {
    let Some((part, further)) = rest.split_first() else {
        return Some(at);
    };
    let next = text.word(at + 1);
    match part {
        Part::Whole(word) => (next? == word).then(|| follow(further, text, at + 1)).flatten(),
        Part::Begin(word) => next?.starts_with(word.as_str()).then(|| follow(further, text, at + 1)).flatten(),
        Part::Gap => (0..=GAP_WORDS).find_map(|skipped| follow(further, text, at + skipped)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::folded::Folded;

    fn check(term: &str, text: &str, expected: &[(usize, usize)]) {
        let terms = Terms::words(&[term]);
        let folded = Folded::new(text);
        let found: Vec<_> = terms.hits(&folded).map(|hit| (hit.first, hit.last)).collect();
        assert_eq!(found, expected, "{term} in {text}");
    }

    #[test]
    fn a_term_is_found_as_its_signs_say() {
        check("субсиді*", "Про субсидію і Субсидії", &[(1, 1), (3, 3)]);
        check("УБД", "посвідчення УБД, не убдшник", &[(1, 1)]);
        check("допомог* на догляд", "допомогу на догляд; допомога по догляду", &[(0, 2)]);
        check("прошу ~ видати", "прошу мені терміново видати", &[(0, 3)]);
        check("прошу ~ видати", "прошу видати", &[(0, 1)]);
        check("прошу ~ видати", "прошу раз два три чотири видати", &[]);
        check("сім'ї загибл*", "сім’ї загиблих", &[(0, 1)]);
        check("військово-облік*", "військово облікові дані", &[(0, 1)]);
        check("впо", "впо впо", &[(0, 0), (1, 1)]);
        check("", "слово", &[]);
    }
}
