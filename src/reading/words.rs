//! A text as words, numbers and marks: the ground on which names and addresses are looked for.
//!
//! Two steps. `flow` joins the lines that a mail program broke in the middle of a sentence and repairs spaces; real
//! line ends stay, since a signature or an address block lives by them. `tokens` cuts the result.
//! Absent on purpose: sentences and grammar. Limits: texts and token lists are cut at a named size.

use crate::reading::fold::{is_apostrophe, is_dash, is_invisible, is_letter};
use crate::reading::sentence::is_abbreviation;

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
#[derive(Debug, Clone, Copy)]
pub struct Token<'a> {
    /// What it is.
    pub sort: Sort,
    /// As it stands.
    pub text: &'a str,
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
    let lines: Vec<Line> = head(text, MAX_TEXT).lines().map(Line::new).collect();
    let widest = lines.iter().map(|line| line.width).max().unwrap_or(0);
    let near = |line: &&Line| line.width + NEAR_WIDEST >= widest && line.width >= MIN_BROKEN;
    let layout = Layout { widest, several: lines.iter().filter(near).count() >= 2 };
    let mut out = String::with_capacity(text.len());
    let mut previous: Option<&Line> = None;
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

struct Line {
    text: String,
    width: usize,
    first_word: usize,
    flowed: bool,
}

impl Line {
    fn new(raw: &str) -> Self {
        let mut text = String::with_capacity(raw.len());
        for c in raw.chars() {
            if is_invisible(c) {
                continue;
            }
            if c.is_whitespace() || c.is_control() {
                if !text.is_empty() && !text.ends_with(' ') {
                    text.push(' ');
                }
            } else {
                text.push(c);
            }
        }
        let flowed = text.ends_with(' ') && text != "-- ";
        let kept = text.trim_end().len();
        text.truncate(kept);
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

/// Whether a line ends a sentence; a full stop of an abbreviation ("вул.") does not.
fn ends_sentence(line: &str) -> bool {
    match line.strip_suffix('.') {
        Some(before) => !is_abbreviation(before),
        None => line.ends_with(['!', '?', '…', ')']),
    }
}

/// The tokens of a text.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let text = head(text, MAX_TEXT);
    let mut out: Vec<Token<'_>> = Vec::with_capacity(text.len() / 8);
    let mut chars = text.char_indices().peekable();
    let mut gap = true;
    while let Some((start, c)) = chars.next() {
        if out.len() >= MAX_TOKENS {
            break;
        }
        if c == '\n' {
            let mut end = start + 1;
            while let Some((at, next)) = chars.peek().copied() {
                if !next.is_whitespace() {
                    break;
                }
                end = at + next.len_utf8();
                chars.next();
            }
            out.push(Token { sort: Sort::Break, text: part(text, start, end), start, end, gap: true });
            gap = true;
            continue;
        }
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        let mut end = start + c.len_utf8();
        let sort = if is_letter(c) {
            end = word_end(text, end);
            Sort::Word
        } else if c.is_ascii_digit() {
            end = part(text, end, text.len()).find(|d: char| !d.is_ascii_digit()).map_or(text.len(), |n| end + n);
            Sort::Number
        } else {
            Sort::Mark
        };
        while chars.peek().is_some_and(|(at, _)| *at < end) {
            chars.next();
        }
        out.push(Token { sort, text: part(text, start, end), start, end, gap });
        gap = false;
    }
    out
}

/// The offset after a word that goes on at `from`: letters, and apostrophes or hyphens between letters.
fn word_end(text: &str, from: usize) -> usize {
    let mut end = from;
    let mut rest = part(text, from, text.len()).chars().peekable();
    while let Some(c) = rest.next() {
        let inside = (is_apostrophe(c) || is_dash(c)) && rest.peek().is_some_and(|next| is_letter(*next));
        if inside || is_letter(c) || matches!(c, '\u{300}'..='\u{36f}') {
            end += c.len_utf8();
        } else {
            break;
        }
    }
    end
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
