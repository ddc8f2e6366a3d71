//! Registration numbers: written by a format, read as people type them, found in subjects.
//!
//! Instruction № 348: first letter of the surname and a running number (К-128/2022). The office sets the form by a format
//! string with `{letter}`, `{seq}` or `{seq:06}`, `{year}`. People retype numbers with Latin letters, other dashes, spaces
//! and without leading zeros; `fold` makes all of them one key, which is what numbers are compared by.
//!
//! Deliberately absent: issuing (only the ledger's commit does that) and trust: a number in a subject is a hint, never
//! a proof of whose letter it is.

use crate::domain::look_alike::cyrillic_twin;
use chrono::NaiveDate;
use regex::Regex;
use std::fmt::Write as _;
use thiserror::Error;

/// The widest zero padding of a running number, in digits.
const MAX_WIDTH: usize = 9;
/// Longer formats are a mistake (characters).
const MAX_FORMAT: usize = 100;
/// Longer texts are not searched for numbers beyond this many bytes.
const MAX_SEARCH: usize = 10_000;
/// Most numbers taken from one text.
const MAX_FOUND: usize = 50;

/// The parts of a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    /// Letter of the surname or its stand-in, upper-case Cyrillic; empty if the format has none.
    pub letter: String,
    /// Running number in the year.
    pub seq: u32,
    /// Year; `None` if the format has none.
    pub year: Option<i32>,
}

/// What is wrong with a format.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FormatError {
    /// `{seq}` is what makes a number unique.
    #[error("the number format has no {{seq}}")]
    NoSeq,
    /// Each placeholder may stand once.
    #[error("{{{0}}} stands twice in the number format")]
    Twice(&'static str),
    /// Unknown placeholder or unpaired brace.
    #[error("the number format may hold {{letter}}, {{seq}}, {{seq:06}} and {{year}}, found {0:?}")]
    Unknown(String),
    /// Placeholders that touch cannot be told apart when read back.
    #[error("{{seq}} and {{year}} need something other than a digit between them in the number format")]
    Touching,
    /// Too long.
    #[error("the number format is longer than {MAX_FORMAT} characters")]
    TooLong,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Letter,
    Seq(usize),
    Year,
}

/// A checked format.
#[derive(Debug, Clone)]
pub struct NumberFormat {
    parts: Vec<Part>,
    finder: Regex,
    whole: Regex,
}

impl NumberFormat {
    /// Checks a format string.
    pub fn parse(format: &str) -> Result<Self, FormatError> {
        if format.chars().count() > MAX_FORMAT {
            return Err(FormatError::TooLong);
        }
        let parts = split(format)?;
        let count = |wanted: fn(&Part) -> bool| parts.iter().filter(|part| wanted(part)).count();
        for (name, found) in [
            ("letter", count(|part| matches!(part, Part::Letter))),
            ("seq", count(|part| matches!(part, Part::Seq(_)))),
            ("year", count(|part| matches!(part, Part::Year))),
        ] {
            if found > 1 {
                return Err(FormatError::Twice(name));
            }
            if name == "seq" && found == 0 {
                return Err(FormatError::NoSeq);
            }
        }
        if digits_touch(&parts) {
            return Err(FormatError::Touching);
        }
        let pattern = pattern_of(&parts, "[0-9]{4}");
        let loose = pattern_of(&parts, "(?:[0-9]{4}|[0-9]{2})");
        let compile = |text: &str| Regex::new(text).map_err(|_| FormatError::Unknown(format.to_owned()));
        let whole = compile(&format!(r"^[\s№#\[(N]*{loose}[\s\]).,;]*(?i:р\.?|року)?$"))?;
        Ok(Self { finder: compile(&bounded(&pattern, &parts))?, parts, whole })
    }

    /// The number in the form of the office.
    pub fn format(&self, letter: &str, seq: u32, year: i32) -> String {
        let mut out = String::new();
        for part in &self.parts {
            // Writing into a String cannot fail.
            let _ = match part {
                Part::Literal(text) => out.write_str(text),
                Part::Letter => out.write_str(letter),
                Part::Seq(width) => write!(out, "{seq:0width$}"),
                Part::Year => write!(out, "{year:04}"),
            };
        }
        out
    }

    /// A number that was read, in the form of the office.
    pub fn spell(&self, number: &Number) -> String {
        self.format(&number.letter, number.seq, number.year.unwrap_or_default())
    }

    /// The pattern (regular expression) that finds numbers of this form in running text, typed with any look-alikes.
    ///
    /// Named groups `letter`, `seq`, `year` as far as the format has them.
    pub fn pattern(&self) -> &str {
        self.finder.as_str()
    }

    /// A number that a person typed alone (in a cell, on the command line).
    pub fn read(&self, text: &str) -> Option<Number> {
        if text.len() > MAX_FORMAT.saturating_mul(4) {
            return None;
        }
        self.whole.captures(text.trim()).and_then(|found| number_of(&found))
    }

    /// All numbers of this form in running text, in order, each once.
    pub fn find_in(&self, text: &str) -> Vec<Number> {
        let text = text.get(..text.floor_char_boundary(MAX_SEARCH)).unwrap_or(text);
        let mut found: Vec<Number> = Vec::new();
        for captures in self.finder.captures_iter(text).take(MAX_FOUND) {
            if let Some(number) = number_of(&captures).filter(|number| !found.contains(number)) {
                found.push(number);
            }
        }
        found
    }
}

impl NumberFormat {
    /// Each number in running text with the words that follow it, up to the next number.
    pub fn spoken_of(&self, text: &str) -> Vec<(Number, String)> {
        let text = text.get(..text.floor_char_boundary(MAX_SEARCH)).unwrap_or(text);
        let found: Vec<_> = self.finder.captures_iter(text).take(MAX_FOUND).collect();
        let mut spoken = Vec::new();
        for (position, captures) in found.iter().enumerate() {
            let (Some(whole), Some(number)) = (captures.get(0), number_of(captures)) else { continue };
            let end = found.get(position + 1).and_then(|next| next.get(0)).map_or(text.len(), |next| next.start());
            let words = text.get(whole.end()..end).unwrap_or_default();
            let edge = |c: char| !c.is_alphanumeric() && c != '+' && c != '(' && c != '«';
            let words =
                words.trim_start_matches(edge).trim_end_matches([' ', '\n', '\t', '№', ',', ';', '-', '–', '—', '*']);
            spoken.push((number, words.to_owned()));
        }
        spoken
    }
}

/// The letter of a number: the first letter of the surname, upper-case Cyrillic (a Latin surname by its sound).
pub fn letter_of(surname: &str) -> Option<char> {
    let letters: Vec<char> =
        surname.chars().filter(|c| c.is_alphabetic()).take(4).flat_map(char::to_uppercase).collect();
    let first = *letters.first()?;
    let cyrillic = letters.iter().any(|c| is_cyrillic(*c));
    if cyrillic {
        return Some(match look_alike(first) {
            'Ё' => 'Й',
            'Э' => 'Е',
            'Ы' => 'И',
            letter => letter,
        });
    }
    Some(by_sound(&letters.iter().collect::<String>()).unwrap_or(first))
}

/// The letter or its stand-in: "КО" for a collective appeal, the office's own where there is no surname.
pub fn letter_or(surname: Option<&str>, collective: bool, collective_letter: &str, nameless_letter: &str) -> String {
    if collective {
        return collective_letter.to_owned();
    }
    surname.and_then(letter_of).map_or_else(|| nameless_letter.to_owned(), String::from)
}

/// The key by which numbers are compared: upper case, Cyrillic for look-alikes, digits without leading zeros, one
/// separator after digits, none after letters. `k-128/2022`, `К 128 / 2022` and `№К–00128/2022` give one key.
pub fn fold(text: &str) -> String {
    let mut runs: Vec<(bool, String)> = Vec::new();
    let mut touching = false;
    for raw in text.chars() {
        let upper = raw.to_uppercase().next().map_or(raw, look_alike);
        let in_digits = touching && runs.last().is_some_and(|(digits, _)| *digits);
        let c = if in_digits { digit_alike(upper) } else { upper };
        let digit = c.is_ascii_digit();
        touching = match runs.last_mut() {
            _ if !digit && !c.is_alphabetic() => false,
            Some((digits, run)) if touching && *digits == digit => {
                run.push(c);
                true
            }
            Some(_) | None => {
                runs.push((digit, c.to_string()));
                true
            }
        };
    }
    let mut out = String::new();
    for (digits, run) in runs {
        if out.ends_with(|last: char| last.is_ascii_digit()) {
            out.push('/');
        }
        let significant = run.trim_start_matches('0');
        out.push_str(if digits && significant.is_empty() { "0" } else { significant });
    }
    out
}

/// Whether two numbers typed by people are one.
pub fn same(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

/// The year that a registration day belongs to.
pub fn year_of(day: NaiveDate) -> i32 {
    chrono::Datelike::year(&day)
}

fn split(format: &str) -> Result<Vec<Part>, FormatError> {
    let mut parts = Vec::new();
    let mut rest = format;
    while let Some((literal, tail)) = rest.split_once('{') {
        if literal.contains('}') {
            return Err(FormatError::Unknown(literal.to_owned()));
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.to_owned()));
        }
        let (name, tail) = tail.split_once('}').ok_or_else(|| FormatError::Unknown(format!("{{{tail}")))?;
        parts.push(placeholder(name).ok_or_else(|| FormatError::Unknown(format!("{{{name}}}")))?);
        rest = tail;
    }
    if rest.contains('}') {
        return Err(FormatError::Unknown(rest.to_owned()));
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    Ok(parts)
}

fn placeholder(name: &str) -> Option<Part> {
    match name {
        "letter" => Some(Part::Letter),
        "seq" => Some(Part::Seq(0)),
        "year" => Some(Part::Year),
        _ => {
            let width = name.strip_prefix("seq:")?.strip_prefix('0')?.parse().ok()?;
            (1..=MAX_WIDTH).contains(&width).then_some(Part::Seq(width))
        }
    }
}

fn digits_touch(parts: &[Part]) -> bool {
    let digits = |part: &Part, at_end: bool| match part {
        Part::Seq(_) | Part::Year => true,
        Part::Letter => false,
        Part::Literal(text) => {
            let edge = if at_end { text.chars().next_back() } else { text.chars().next() };
            edge.is_some_and(|c| c.is_ascii_digit())
        }
    };
    parts.iter().zip(parts.iter().skip(1)).any(|(left, right)| digits(left, true) && digits(right, false))
}

fn pattern_of(parts: &[Part], year: &str) -> String {
    let mut pattern = String::new();
    for part in parts {
        match part {
            Part::Letter => pattern.push_str(r"(?<letter>\p{L}{1,2})"),
            Part::Seq(_) => pattern.push_str(r"(?<seq>[0-9]{1,9})"),
            Part::Year => {
                let _ = write!(pattern, "(?<year>{year})");
            }
            Part::Literal(text) => text.chars().for_each(|c| pattern.push_str(&literal_pattern(c))),
        }
    }
    pattern
}

/// One character of the format as people may type it.
fn literal_pattern(c: char) -> String {
    let upper = c.to_uppercase().next().map_or(c, look_alike);
    if is_dash(c) {
        return r"[\s\p{Pd}\u{2212}_]{0,3}".to_owned();
    }
    if c == '/' || c == '\\' {
        return r"\s?[/\\\u{2044}\u{2215}|]\s?".to_owned();
    }
    if c.is_whitespace() {
        return r"\s{0,3}".to_owned();
    }
    let mut class = String::from("(?i:");
    class.push_str(&regex::escape(&c.to_string()));
    for latin in "ABCEHIKMOPTXY".chars().filter(|latin| look_alike(*latin) == upper) {
        class.push('|');
        class.push(latin);
        class.push('|');
        class.push(upper);
    }
    class.push(')');
    class
}

/// Ends at a border of digits, so that a longer number is never read as a shorter one.
fn bounded(pattern: &str, parts: &[Part]) -> String {
    let start = match parts.first() {
        Some(Part::Literal(text)) if !text.starts_with(char::is_alphanumeric) => "",
        Some(Part::Literal(_) | Part::Letter | Part::Seq(_) | Part::Year) | None => r"\b",
    };
    format!(r"{start}{pattern}(?:\b|\P{{Nd}}|$)")
}

fn number_of(found: &regex::Captures<'_>) -> Option<Number> {
    let group = |name| found.name(name).map(|part| part.as_str());
    let letter = group("letter").unwrap_or_default().chars().flat_map(char::to_uppercase).map(look_alike).collect();
    let year = match group("year") {
        None => None,
        Some(text) => {
            let year: i32 = text.parse().ok()?;
            Some(if text.len() == 2 { year.saturating_add(2000) } else { year })
        }
    };
    Some(Number { letter, seq: group("seq")?.parse().ok()?, year })
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

/// The Cyrillic letter that a Latin capital looks like; itself otherwise. In a number `Y` is taken for У as well.
pub fn look_alike(upper: char) -> char {
    if upper == 'Y' { 'У' } else { cyrillic_twin(upper) }
}

/// The digit that a letter inside a number stands for.
fn digit_alike(c: char) -> char {
    match c {
        'О' => '0',
        'З' => '3',
        'І' | 'L' | '|' => '1',
        other => other,
    }
}

/// The Ukrainian letter that a Latin surname begins with by its sound (four upper-case letters are enough).
fn by_sound(upper: &str) -> Option<char> {
    const SOUNDS: [(&str, char); 36] = [
        ("SHCH", 'Щ'),
        ("SH", 'Ш'),
        ("CH", 'Ч'),
        ("ZH", 'Ж'),
        ("KH", 'Х'),
        ("TS", 'Ц'),
        ("YA", 'Я'),
        ("IA", 'Я'),
        ("YU", 'Ю'),
        ("IU", 'Ю'),
        ("YE", 'Є'),
        ("YI", 'Ї'),
        ("A", 'А'),
        ("B", 'Б'),
        ("C", 'К'),
        ("D", 'Д'),
        ("E", 'Е'),
        ("F", 'Ф'),
        ("G", 'Г'),
        ("H", 'Г'),
        ("I", 'І'),
        ("J", 'Й'),
        ("K", 'К'),
        ("L", 'Л'),
        ("M", 'М'),
        ("N", 'Н'),
        ("O", 'О'),
        ("P", 'П'),
        ("Q", 'К'),
        ("R", 'Р'),
        ("S", 'С'),
        ("T", 'Т'),
        ("U", 'У'),
        ("V", 'В'),
        ("W", 'В'),
        ("Y", 'Й'),
    ];
    let more = [("X", 'К'), ("Z", 'З')];
    SOUNDS.iter().chain(&more).find(|(latin, _)| upper.starts_with(latin)).map(|(_, letter)| *letter)
}

#[cfg(test)]
#[path = "number_tests.rs"]
mod tests;
