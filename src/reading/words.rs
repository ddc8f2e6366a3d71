//! A text as words, numbers and marks: the ground on which names and addresses are looked for.
//!
//! Two steps. `flow` joins the lines that a mail program broke in the middle of a sentence and repairs spaces; real
//! line ends stay, since a signature or an address block lives by them. `tokens` cuts the result.
//! Absent on purpose: sentences and grammar. Limits: texts and token lists are cut at a named size.

use crate::reading::fold::{fold, is_apostrophe, is_capital, is_dash, is_invisible, is_letter, small_run};
use crate::reading::sentence::is_abbreviation;
use std::borrow::Cow;

/// Longest text that is read, in bytes; what is beyond is not looked at.
pub const MAX_TEXT: usize = 200_000;

/// Most tokens that are kept of one text.
pub const MAX_TOKENS: usize = 40_000;

/// Widest line that a mail program breaks text to, in characters.
const MAX_WRAP: usize = 100;

/// How much narrower than the widest line a broken line may be, in characters.
const NEAR_WIDEST: usize = 14;

/// Shortest line that can have been broken by a program, in characters.
const MIN_BROKEN: usize = 45;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Letters, with apostrophes and hyphens inside.
    Word,
    /// Decimal digits.
    Number,
    /// Any other visible character.
    Mark,
    /// One or more line ends; the text has them all.
    Break,
}

/// A piece of the text.
#[derive(Debug, Clone)]
pub struct Token<'a> {
    /// What it is.
    pub sort: Sort,
    /// As it stands.
    pub text: &'a str,
    /// A word in the form in which words are compared; anything else as it stands.
    pub fold: Cow<'a, str>,
    /// Whether it is a word with a capital.
    pub capital: bool,
    /// Byte offset of its begin.
    pub start: usize,
    /// Byte offset after its end.
    pub end: usize,
    /// Whether white space stands before it.
    pub gap: bool,
}

impl Token<'_> {
    /// Whether the token is this mark.
    pub fn is_mark(&self, mark: char) -> bool {
        self.sort == Sort::Mark && self.text.starts_with(mark)
    }

    /// Whether the token is a dash of any length standing alone.
    pub fn is_dash(&self) -> bool {
        self.sort == Sort::Mark && self.text.starts_with(is_dash)
    }

    /// How many line ends the token holds (0 for all but breaks).
    pub fn lines(&self) -> usize {
        if self.sort == Sort::Break { self.text.bytes().filter(|b| *b == b'\n').count() } else { 0 }
    }
}

/// A part of the text, empty where the offsets do not fit.
pub fn part(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or("")
}

/// The beginning of a text, at most `limit` bytes, never inside a character.
fn head(text: &str, limit: usize) -> &str {
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    part(text, 0, end)
}

/// The text with lines joined that a program broke, spaces of all kinds as one space, invisible characters off and no
/// white space at line ends. Line ends that a person made stay.
pub fn flow(text: &str) -> String {
    let lines: Vec<Line<'_>> = head(text, MAX_TEXT).lines().map(Line::new).collect();
    let widest = lines.iter().map(|line| line.width).max().unwrap_or(0);
    let near = |line: &&Line<'_>| line.width + NEAR_WIDEST >= widest && line.width >= MIN_BROKEN;
    let layout = Layout { widest, several: lines.iter().filter(near).count() >= 2 };
    let mut out = String::with_capacity(text.len());
    let mut previous: Option<&Line<'_>> = None;
    for line in &lines {
        if let Some(before) = previous {
            out.push(if before.runs_into(line, layout) { ' ' } else { '\n' });
        }
        out.push_str(&line.text);
        previous = Some(line);
    }
    out
}

/// What the lines of a text tell about the program that broke them.
#[derive(Clone, Copy)]
struct Layout {
    /// Width of the widest line, in characters.
    widest: usize,
    /// Several lines are nearly as wide: a program broke them. One wide line alone may be a person's.
    several: bool,
}

struct Line<'a> {
    text: Cow<'a, str>,
    width: usize,
    first_word: usize,
    flowed: bool,
}

impl<'a> Line<'a> {
    fn new(raw: &'a str) -> Self {
        let spaced = if is_spaced_well(raw) { Cow::Borrowed(raw) } else { Cow::Owned(spaced(raw)) };
        let flowed = spaced.ends_with(' ') && spaced != "-- ";
        let text = match spaced {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_end()),
            Cow::Owned(mut text) => {
                text.truncate(text.trim_end().len());
                Cow::Owned(text)
            }
        };
        let width = text.chars().count();
        let first_word = text.split(' ').next().unwrap_or("").chars().count();
        Self { text, width, first_word, flowed }
    }

    /// Whether a program, not a person, ended this line.
    fn runs_into(&self, next: &Self, layout: Layout) -> bool {
        if self.width == 0 || next.width == 0 {
            return false;
        }
        if self.flowed && self.width >= MIN_BROKEN {
            return true;
        }
        // Nobody ends a line of his own with the kind of a street.
        if OPEN_ENDS.iter().any(|end| self.text.ends_with(end)) {
            return true;
        }
        let full =
            layout.widest <= MAX_WRAP && self.width >= MIN_BROKEN && self.width + 1 + next.first_word > layout.widest;
        let small = next.text.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
        let signature = !small && next.width < MIN_BROKEN && ends_sentence(&self.text);
        full && if layout.several { !signature } else { small && !ends_sentence(&self.text) }
    }
}

/// Ends of lines that go on in the next one.
const OPEN_ENDS: &[&str] = &[" вул.", " ул.", " просп.", " бул.", " пров.", " кв.", " буд.", " м."];
/// Whether each white space of a line is one plain space between words (or at the end), and nothing is invisible.
fn is_spaced_well(line: &str) -> bool {
    let (mut rest, mut space) = (line, true);
    loop {
        if let Some((plain, other)) = rest.split_at_checked(small_run(rest)) {
            space &= plain.is_empty();
            rest = other;
        }
        let mut letters = rest.chars();
        let Some(c) = letters.next() else { return true };
        rest = letters.as_str();
        let after_space = std::mem::replace(&mut space, c == ' ');
        let well = match c {
            ' ' => !after_space,
            '!'..='~' | '\u{0400}'..='\u{052f}' => true,
            other => !(is_invisible(other) || other.is_whitespace() || other.is_control()),
        };
        if !well {
            return false;
        }
    }
}

/// The line so spaced.
fn spaced(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for c in line.chars().filter(|c| !is_invisible(*c)) {
        if !(c.is_whitespace() || c.is_control()) {
            text.push(c);
        } else if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
    }
    text
}

/// Whether a line ends a sentence; a full stop of an abbreviation ("вул.") does not.
fn ends_sentence(line: &str) -> bool {
    match line.strip_suffix('.') {
        Some(before) => !is_abbreviation(before),
        None => line.ends_with(['!', '?', '…', ')']),
    }
}

/// A text on its way through the readers: each thing that several of them need is made once.
#[derive(Debug)]
pub struct Text<'a> {
    /// The text as `flow` gives it.
    pub flowed: &'a str,
    /// The same, folded.
    pub folded: Cow<'a, str>,
    /// Its tokens.
    pub tokens: Vec<Token<'a>>,
}

impl<'a> Text<'a> {
    /// Makes ready a text that has been through `flow`.
    pub fn of(flowed: &'a str) -> Self {
        Self { flowed, folded: fold(flowed), tokens: tokens(flowed) }
    }

    /// What stands from one token to another, both included.
    pub fn between(&self, first: usize, last: usize) -> &'a str {
        let start = self.tokens.get(first).map_or(0, |token| token.start);
        let end = self.tokens.get(last).map_or(start, |token| token.end);
        part(self.flowed, start, end)
    }
}

/// The tokens of a text.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let text = head(text, MAX_TEXT);
    let mut out: Vec<Token<'_>> = Vec::with_capacity(text.len() / 8);
    let mut start = 0;
    let mut gap = true;
    while out.len() < MAX_TOKENS {
        let rest = part(text, start, text.len());
        let Some(c) = rest.chars().next() else { break };
        // Nothing but small letters, which fold to themselves.
        let mut small = false;
        let (sort, length) = if c == '\n' {
            (Sort::Break, rest.len() - rest.trim_start().len())
        } else if c.is_whitespace() {
            gap = true;
            start += c.len_utf8();
            continue;
        } else if is_letter(c) {
            let plain = small_run(rest);
            let whole = word_length(rest, plain);
            small = whole == plain;
            (Sort::Word, whole)
        } else if c.is_ascii_digit() {
            (Sort::Number, rest.find(|d: char| !d.is_ascii_digit()).unwrap_or(rest.len()))
        } else {
            (Sort::Mark, c.len_utf8())
        };
        let end = start + length;
        let whole = part(text, start, end);
        let word = sort == Sort::Word;
        out.push(Token {
            sort,
            text: whole,
            fold: if word && !small { fold(whole) } else { Cow::Borrowed(whole) },
            capital: word && !small && is_capital(whole),
            start,
            end,
            gap: gap || sort == Sort::Break,
        });
        gap = sort == Sort::Break;
        start = end;
    }
    out
}

/// The length of the word at the begin: letters, and apostrophes or hyphens between letters. The first `known` bytes are
/// letters.
fn word_length(text: &str, known: usize) -> usize {
    let mut letters = part(text, known, text.len()).char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let inside = is_letter(c)
            || matches!(c, '\u{300}'..='\u{36f}')
            || (is_apostrophe(c) || is_dash(c)) && letters.peek().is_some_and(|(_, next)| is_letter(*next));
        if !inside {
            return known + at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_broken_by_a_program_are_joined_and_those_of_a_person_stay() {
        let text = "Живемо тимчасово в місті Хмельницький на вулиці Подільська, 54, квартира\n8, а раніше жили \
                    в іншому місті.\n\nРудь Емілія\nтел. 097";
        assert_eq!(
            flow(text),
            "Живемо тимчасово в місті Хмельницький на вулиці Подільська, 54, квартира 8, а раніше жили в іншому \
             місті.\n\nРудь Емілія\nтел. 097"
        );
    }

    #[test]
    fn words_keep_their_apostrophes_and_hyphens() {
        let texts: Vec<&str> = tokens("Мар'яна Нечуй-Левицька, 22-а - так").iter().map(|t| t.text).collect();
        assert_eq!(texts, ["Мар'яна", "Нечуй-Левицька", ",", "22", "-", "а", "-", "так"]);
    }
}
