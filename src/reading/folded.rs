//! A folded text: the words of a letter in the one form in which terms are looked for, with the way back to the letter.
//!
//! Lower case; ё is е, ґ is г; apostrophes, stress marks and soft hyphens vanish; Latin look-alikes inside of a Cyrillic
//! word become Cyrillic; everything that is no letter or digit separates words. A folded text is the words with single
//! spaces between them and at both ends, so that ` слово` finds a beginning and ` слово ` a whole word. Each word knows
//! where it stood in the text. Absent on purpose: any stemming, that is what the `*` of a term is for.

use std::ops::Range;
use std::sync::LazyLock;

/// A text as words to search in, with the way back to the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    text: String,
    words: Vec<Word>,
}

/// Where a word stands: in the folded text and in the original (byte offsets).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Word {
    at: usize,
    end: usize,
    from: usize,
    to: usize,
}

impl Folded {
    /// Folds a text.
    pub fn new(source: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(source.len() + 2), words: Vec::new() };
        folded.text.push(' ');
        let mut open: Option<(usize, usize)> = None;
        for (offset, letter) in source.char_indices() {
            match (letter_of(letter), open) {
                (Letter::Of(lower), _) => {
                    if open.is_none() {
                        open = Some((folded.text.len(), offset));
                    }
                    folded.text.push(lower);
                }
                (Letter::Mark(mark), Some(_)) => compose(&mut folded.text, mark),
                (Letter::Silent, _) | (Letter::Mark(_), None) => {}
                (Letter::Border, Some((at, from))) => {
                    folded.close(at, from, offset);
                    open = None;
                }
                (Letter::Border, None) => {}
            }
        }
        if let Some((at, from)) = open {
            folded.close(at, from, source.len());
        }
        folded
    }

    fn close(&mut self, at: usize, from: usize, to: usize) {
        let word = self.text.get(at..).unwrap_or_default();
        if word.chars().any(|letter| letter.is_ascii_alphabetic()) && word.chars().any(is_cyrillic) {
            let cured: String = word.chars().map(cyrillic_twin).collect();
            self.text.truncate(at);
            self.text.push_str(&cured);
        }
        self.words.push(Word { at, end: self.text.len(), from, to });
        self.text.push(' ');
    }

    /// The folded text: words with single spaces between them and at both ends.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// A word, folded.
    pub fn word(&self, index: usize) -> Option<&str> {
        self.words.get(index).and_then(|word| self.text.get(word.at..word.end))
    }

    /// The words from left to right.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().filter_map(|word| self.text.get(word.at..word.end))
    }

    /// Index of the word that begins at this offset of the folded text.
    pub fn index_at(&self, offset: usize) -> Option<usize> {
        self.words.binary_search_by_key(&offset, |word| word.at).ok()
    }

    /// Where the words from `first` to `last` stand in the original (bytes).
    pub fn span(&self, first: usize, last: usize) -> Range<usize> {
        let from = self.words.get(first).map_or(0, |word| word.from);
        let to = self.words.get(last).map_or(from, |word| word.to);
        from..to.max(from)
    }

    /// Index of the first word that begins at or after this byte of the original.
    pub fn index_from(&self, original: usize) -> usize {
        self.words.partition_point(|word| word.from < original)
    }
}

/// The words of a text, folded, with single spaces between them and none at the ends.
pub fn plain(source: &str) -> String {
    Folded::new(source).text.trim().to_owned()
}

#[derive(Clone, Copy)]
enum Letter {
    Of(char),
    Mark(char),
    Silent,
    Border,
}

/// `classify` for the first characters of Unicode, Cyrillic the last of them: nearly all of a letter.
static COMMON: LazyLock<Vec<Letter>> =
    LazyLock::new(|| (0..0x530).map(|code| char::from_u32(code).map_or(Letter::Border, classify)).collect());

fn letter_of(letter: char) -> Letter {
    COMMON.get(letter as usize).copied().unwrap_or_else(|| classify(letter))
}

fn classify(letter: char) -> Letter {
    match letter {
        'a'..='z' | '0'..='9' | 'а'..='я' | 'і' | 'ї' | 'є' => Letter::Of(letter),
        'A'..='Z' => Letter::Of(letter.to_ascii_lowercase()),
        'ё' | 'Ё' => Letter::Of('е'),
        'ґ' | 'Ґ' => Letter::Of('г'),
        '\'' | '\u{2019}' | '\u{02bc}' | '`' | '\u{00b4}' | '\u{2018}' | '\u{00ad}' => Letter::Silent,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{0301}' | '\u{0300}' => Letter::Silent,
        '\u{0306}' | '\u{0308}' => Letter::Mark(letter),
        _ if letter.is_alphanumeric() => {
            let mut lower = letter.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(single), None) => Letter::Of(single),
                _ => Letter::Of(letter),
            }
        }
        _ => Letter::Border,
    }
}

/// Puts a combining mark on the last letter where the two make one letter (и + ˘ = й, і + ¨ = ї, е + ¨ = е).
fn compose(text: &mut String, mark: char) {
    let whole = match (text.chars().next_back(), mark) {
        (Some('и'), '\u{0306}') => 'й',
        (Some('і'), '\u{0308}') => 'ї',
        _ => return,
    };
    text.pop();
    text.push(whole);
}

fn is_cyrillic(letter: char) -> bool {
    ('\u{0400}'..='\u{04ff}').contains(&letter)
}

/// The Cyrillic letter that looks like this Latin one.
fn cyrillic_twin(letter: char) -> char {
    match letter {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'i' => 'і',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_differently_folds_to_the_same_words() {
        for (typed, folded) in [
            ("Здоров’я, ЗДОРОВ'Я", "здоровя здоровя"),
            ("моё", "мое"),
            ("Cубсидiя", "субсидія"),
            ("й\u{0306}ого ри\u{0306}с", "його рйс"),
            ("військово-облікові  дані…", "військово облікові дані"),
            ("ID-карта № 5/2", "id карта 5 2"),
            ("", ""),
        ] {
            assert_eq!(plain(typed), folded, "{typed}");
        }
    }

    #[test]
    fn a_word_knows_where_it_stood() {
        let source = "Прошу, об'їзд «швидко»!";
        let folded = Folded::new(source);
        assert_eq!(folded.words().collect::<Vec<_>>(), ["прошу", "обїзд", "швидко"]);
        assert_eq!(source.get(folded.span(1, 2)), Some("об'їзд «швидко"));
        assert_eq!(folded.index_at(1), Some(0));
        assert_eq!(folded.index_at(2), None);
    }
}
