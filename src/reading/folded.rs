//! A folded text: the words of a letter in the one form in which terms are looked for, with the way back to the letter.
//!
//! Lower case; ё is е, ґ is г; apostrophes, stress marks and soft hyphens vanish; Latin look-alikes inside of a Cyrillic
//! word become Cyrillic; everything that is no letter or digit separates words. A folded text is the words with single
//! spaces between them and at both ends. Each word knows where it stood in the text. Absent on purpose: any stemming,
//! that is what the `*` of a term is for.

use crate::reading::fold::small_run;
use crate::reading::lookup::key_of;
use crate::reading::sentence::sentences;
use std::ops::Range;
use std::sync::LazyLock;

/// A text as words to search in, with the way back to the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded<'s> {
    source: &'s str,
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
    /// Its first letters, see `lookup`.
    key: u64,
}

/// The words of a folded text or of a part of it, so that a text is folded once and its lines and sentences are not.
#[derive(Debug, Clone, Copy, Default)]
pub struct Words<'a> {
    source: &'a str,
    text: &'a str,
    words: &'a [Word],
    /// Where `text` and `source` begin in those of the whole.
    at: usize,
    from: usize,
}

impl<'s> Folded<'s> {
    /// Folds a text.
    pub fn new(source: &'s str) -> Self {
        let mut folded = Self {
            source,
            text: String::with_capacity(source.len() + 2),
            words: Vec::with_capacity(source.len() / 10),
        };
        folded.text.push(' ');
        let mut open: Option<Open> = None;
        let mut offset = 0;
        loop {
            let rest = source.get(offset..).unwrap_or_default();
            let (plain, rest) = rest.split_at_checked(small_run(rest)).unwrap_or(("", rest));
            if !plain.is_empty() {
                let word = open.get_or_insert(Open { at: folded.text.len(), from: offset, alphabets: 0 });
                word.alphabets |= CYRILLIC;
                folded.text.push_str(plain);
                offset += plain.len();
            }
            let Some(letter) = rest.chars().next() else { break };
            match letter_of(letter) {
                Letter::Of(lower) => {
                    let word = open.get_or_insert(Open { at: folded.text.len(), from: offset, alphabets: 0 });
                    word.alphabets |= alphabet(lower);
                    folded.text.push(lower);
                }
                Letter::Mark(mark) if open.is_some() => compose(&mut folded.text, mark),
                Letter::Silent | Letter::Mark(_) => {}
                Letter::Border => {
                    if let Some(word) = open.take() {
                        folded.close(word, offset);
                    }
                }
            }
            offset += letter.len_utf8();
        }
        if let Some(word) = open {
            folded.close(word, source.len());
        }
        folded
    }

    fn close(&mut self, word: Open, to: usize) {
        if word.alphabets == LATIN | CYRILLIC {
            let cured: String = self.text.get(word.at..).unwrap_or_default().chars().map(cyrillic_twin).collect();
            self.text.truncate(word.at);
            self.text.push_str(&cured);
        }
        let key = key_of(self.text.get(word.at..).unwrap_or_default());
        self.words.push(Word { at: word.at, end: self.text.len(), from: word.from, to, key });
        self.text.push(' ');
    }

    /// All words.
    pub fn words(&self) -> Words<'_> {
        Words { source: self.source, text: &self.text, words: &self.words, at: 0, from: 0 }
    }
}

impl<'a> From<&'a Folded<'_>> for Words<'a> {
    fn from(folded: &'a Folded<'_>) -> Self {
        folded.words()
    }
}

impl<'a> Words<'a> {
    /// The original.
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// The folded text: words with single spaces between them and at both ends.
    pub fn text(&self) -> &'a str {
        self.text
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
    pub fn word(&self, index: usize) -> Option<&'a str> {
        self.words.get(index).and_then(|word| self.folded(word))
    }

    /// The words from left to right.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        self.words.iter().filter_map(move |word| self.folded(word))
    }

    fn folded(&self, word: &Word) -> Option<&'a str> {
        self.text.get(word.at.checked_sub(self.at)?..word.end.checked_sub(self.at)?)
    }

    /// The key of a word (see `lookup`), and the word, folded.
    pub fn keyed(&self, index: usize) -> Option<(u64, &'a str)> {
        let word = self.words.get(index)?;
        Some((word.key, self.folded(word)?))
    }

    /// Where the words from `first` to `last` stand in the original (bytes).
    pub fn span(&self, first: usize, last: usize) -> Range<usize> {
        let from = self.words.get(first).map_or(0, |word| word.from.saturating_sub(self.from));
        let to = self.words.get(last).map_or(from, |word| word.to.saturating_sub(self.from));
        from..to.max(from)
    }

    /// What stands in the original from the word `first` to the word `last`.
    pub fn quote(&self, first: usize, last: usize) -> &'a str {
        self.source.get(self.span(first, last)).unwrap_or_default()
    }

    /// The words in a part of the original (bytes); `None` where its ends cut a word.
    pub fn part(&self, range: Range<usize>) -> Option<Self> {
        let source = self.source.get(range.clone())?;
        let (from, to) = (self.from + range.start, self.from + range.end);
        let first = self.words.partition_point(|word| word.to <= from);
        let after = self.words.partition_point(|word| word.from < to);
        let words = self.words.get(first..after)?;
        let (Some(left), Some(right)) = (words.first(), words.last()) else {
            return Some(Self { source, text: "", words, at: self.at, from });
        };
        if left.from < from || right.to > to {
            return None;
        }
        let at = left.at.checked_sub(1)?;
        let text = self.text.get(at.checked_sub(self.at)?..(right.end + 1).checked_sub(self.at)?)?;
        Some(Self { source, text, words, at, from })
    }

    /// The sentences; none of them cuts a word.
    pub fn sentences(self) -> impl Iterator<Item = Self> {
        sentences(self.source).into_iter().filter_map(move |range| self.part(range))
    }

    /// The lines with their line ends.
    pub fn lines(self) -> impl Iterator<Item = Self> {
        let mut from = 0;
        self.source.split_inclusive('\n').filter_map(move |line| {
            let start = from;
            from += line.len();
            self.part(start..from)
        })
    }
}

/// The words of a text, folded, with single spaces between them and none at the ends.
pub fn plain(source: &str) -> String {
    Folded::new(source).text.trim().to_owned()
}

/// A word that goes on: where it begins, and the alphabets of its letters so far.
struct Open {
    at: usize,
    from: usize,
    alphabets: u8,
}

const LATIN: u8 = 1;
const CYRILLIC: u8 = 2;

fn alphabet(letter: char) -> u8 {
    match letter {
        'a'..='z' | 'A'..='Z' => LATIN,
        '\u{0400}'..='\u{04ff}' => CYRILLIC,
        _ => 0,
    }
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
        // The common ones first: nearly all of a letter is made of them.
        'a'..='z' | '0'..='9' | 'а'..='я' | 'і' | 'ї' | 'є' => Letter::Of(letter),
        ' ' | '\n' | ',' | '.' | '-' => Letter::Border,
        'А'..='Я' => Letter::Of(char::from_u32(u32::from(letter) + 32).unwrap_or(letter)),
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
        let words = folded.words();
        assert_eq!(words.iter().collect::<Vec<_>>(), ["прошу", "обїзд", "швидко"]);
        assert_eq!(words.quote(1, 2), "об'їзд «швидко");
    }

    #[test]
    fn a_part_of_a_folded_text_is_that_part_folded() {
        let source = "Під'їзд 5. Хто МИЄ? Ніхто…\n\nСич, Oлег";
        let folded = Folded::new(source);
        for parts in [folded.words().sentences().collect::<Vec<_>>(), folded.words().lines().collect()] {
            for part in parts {
                let alone = Folded::new(part.source());
                assert_eq!(part.iter().collect::<Vec<_>>(), alone.words().iter().collect::<Vec<_>>());
                assert_eq!(part.text().trim(), alone.words().text().trim());
                assert_eq!(part.span(0, 0), alone.words().span(0, 0));
                assert_eq!(part.keyed(0), alone.words().keyed(0));
            }
        }
        assert!(folded.words().part(2..source.len()).is_none(), "cuts a word");
    }
}
