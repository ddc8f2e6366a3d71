//! A text as lines and sentences.
//!
//! A sentence ends at `.`, `!`, `?` or `…` before a capital letter, a digit or an opening quote, and at a line end. A full
//! stop after an abbreviation ("вул.", "кв.", "тел.") or an initial ends nothing. Absent: grammar.

use crate::reading::fold::{is_letter, small_run};
use crate::reading::lookup::WordSet;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

/// Longest abbreviation with the marks that may stand before it, in bytes.
const MAX_ABBREVIATION: usize = 20;

/// Abbreviations whose full stop ends no sentence, lower case.
static ABBREVIATIONS: LazyLock<WordSet<&str>> = LazyLock::new(|| {
    WordSet::from_iter([
        "вул",
        "ул",
        "просп",
        "пр",
        "бул",
        "бульв",
        "пров",
        "пер",
        "пл",
        "буд",
        "б",
        "д",
        "дом",
        "корп",
        "кв",
        "кім",
        "кімн",
        "ком",
        "м",
        "г",
        "с",
        "смт",
        "п",
        "пгт",
        "обл",
        "р",
        "рр",
        "рн",
        "тел",
        "т",
        "моб",
        "тис",
        "млн",
        "грн",
        "руб",
        "коп",
        "ім",
        "гр",
        "см",
        "стор",
        "ст",
        "ч",
        "абз",
        "п.п",
        "н",
        "нар",
        "дол",
        "напр",
        "ін",
        "т.д",
        "т.п",
        "т.зв",
        "зв",
        "рег",
        "факт",
        "прож",
        "мкр",
        "наб",
        "ш",
        "шос",
        "від",
        "№",
        "ф",
        "оф",
        "під",
        "пн",
        "вт",
        "ср",
        "чт",
        "пт",
        "сб",
        "нд",
    ])
});

/// The sentences of a text as byte ranges, trimmed; blank ones are left out.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        let ends = match letter {
            '\n' => true,
            '!' | '?' | '…' => begins_anew(text, end),
            '.' => begins_anew(text, end) && !is_abbreviation(text.get(start..at).unwrap_or_default()),
            _ => continue,
        };
        if ends {
            push(text, start..end, &mut found);
            start = end;
        }
    }
    push(text, start..text.len(), &mut found);
    found
}

fn push(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let piece = text.get(range.clone()).unwrap_or_default();
    let left = piece.len() - piece.trim_start().len();
    let whole = piece.trim();
    if !whole.is_empty() {
        found.push(range.start + left..range.start + left + whole.len());
    }
}

/// Whether what follows a mark looks like a new sentence: white space, then no small letter.
fn begins_anew(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    let spaced = rest.starts_with(char::is_whitespace);
    let next = rest.trim_start().chars().next();
    (spaced || rest.is_empty() || rest.starts_with(')')) && next.is_none_or(|letter| !letter.is_lowercase())
}

/// Whether a full stop after these words belongs to an abbreviation or an initial.
pub fn is_abbreviation(before: &str) -> bool {
    let word = before
        .rsplit(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ',' | ';' | ':' | '/'))
        .next()
        .unwrap_or_default();
    // Nearly all words are longer than any abbreviation.
    if word.len() > MAX_ABBREVIATION && !word.contains('.') {
        return false;
    }
    let word = if small_run(word) == word.len() { Cow::Borrowed(word) } else { Cow::Owned(word.to_lowercase()) };
    let letters = word.chars().filter(|letter| is_letter(*letter)).count();
    let initial = letters == 1 && word.chars().count() == 1;
    let initials = word.contains('.') && word.split('.').all(|part| part.chars().count() <= 2);
    initial || (initials && letters > 0) || ABBREVIATIONS.contains(&word.trim_start_matches(['«', '"', '-', '–', '—']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = sentences(text).into_iter().filter_map(|range| text.get(range)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_full_stop_of_an_abbreviation_or_initial_ends_nothing() {
        check(
            "Живу у м. Дніпро, вул. Робоча, 7. Прошу допомогти!",
            &["Живу у м. Дніпро, вул. Робоча, 7.", "Прошу допомогти!"],
        );
        check("Я, П. Хижняк, прошу. Дякую", &["Я, П. Хижняк, прошу.", "Дякую"]);
        check("Виїзд 14.02, далі? Так…\n\nО.П. Сич", &["Виїзд 14.02, далі?", "Так…", "О.П. Сич"]);
    }
}
