//! The value of one cell of the register, in the one form in which values are compared, stored and shown.
//!
//! A workbook may show the same value in many ways (a date as a serial number, as text, in 1904 counting);
//! `merge` turns those into a `Value`, `workbook` writes a `Value` back. Equality of `Value`s is equality of meaning.

use chrono::{NaiveDate, NaiveTime, Timelike};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::fmt::Write as _;

/// The value of one cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Value {
    /// Nothing, or only white space.
    #[default]
    Empty,
    /// Text that a cell can hold: trimmed, line ends as `\n`, no control characters, never empty, never too long.
    Text(String),
    /// A whole number (running number in the year, counters).
    Number(i64),
    /// A calendar day in Kyiv.
    Date(NaiveDate),
    /// A time of day in Kyiv, whole minutes.
    Time(NaiveTime),
}

impl Value {
    /// Text in its canonical form: line ends `\n`, outer white space off, what XML cannot carry left out, cut to what a
    /// cell holds; `Empty` where nothing is left. A canonical text comes back from a workbook as it was written.
    pub fn text(raw: &str) -> Self {
        let text = cell_text(raw);
        if text.is_empty() { Self::Empty } else { Self::Text(text.into_owned()) }
    }

    /// A time of day in whole minutes.
    pub fn minutes(time: NaiveTime) -> Self {
        Self::Time(time.with_second(0).and_then(|time| time.with_nanosecond(0)).unwrap_or(time))
    }

    /// Whether the cell shows nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The text of a text cell; `None` for every other kind.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Empty | Self::Number(_) | Self::Date(_) | Self::Time(_) => None,
        }
    }

    /// The day of a date cell; `None` for every other kind.
    pub fn as_date(&self) -> Option<NaiveDate> {
        match self {
            Self::Date(day) => Some(*day),
            Self::Empty | Self::Number(_) | Self::Text(_) | Self::Time(_) => None,
        }
    }
}

/// Most UTF-16 units in a cell of Excel.
pub const CELL_UNITS: usize = 32_767;
/// Most line feeds in a cell of Excel.
pub const CELL_LINE_FEEDS: usize = 253;
/// Stands at the end of a text that was cut to fit a cell.
pub const CUT_MARK: &str = "… [скорочено]";

/// The part of a text that a cell can hold (see `Value::text`). Applied twice it changes nothing.
pub fn cell_text(raw: &str) -> Cow<'_, str> {
    let outer = |c: char| c.is_whitespace() || is_unprintable(c);
    let trimmed = raw.trim_matches(outer);
    let plain = trimmed.len() <= CELL_UNITS && !trimmed.contains(|c: char| is_unprintable(c) || is_line_end(c));
    if plain {
        return Cow::Borrowed(trimmed);
    }
    let mut text = String::with_capacity(trimmed.len());
    let mut feeds = 0;
    let mut letters = trimmed.chars().peekable();
    while let Some(letter) = letters.next() {
        if is_line_end(letter) {
            if letter == '\r' {
                letters.next_if_eq(&'\n');
            }
            feeds += 1;
            text.push(if feeds <= CELL_LINE_FEEDS { '\n' } else { ' ' });
        } else if !is_unprintable(letter) {
            text.push(letter);
        }
    }
    if text.encode_utf16().count() > CELL_UNITS {
        text = cut(&text);
    }
    Cow::Owned(text)
}

/// As much of the text as leaves room for the mark, and the mark.
fn cut(text: &str) -> String {
    let mut room = CELL_UNITS - CUT_MARK.encode_utf16().count();
    let kept: String = text
        .chars()
        .take_while(|letter| {
            let fits = letter.len_utf16() <= room;
            room = room.saturating_sub(letter.len_utf16());
            fits
        })
        .collect();
    format!("{}{CUT_MARK}", kept.trim_end())
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Not allowed in XML 1.0, or invisible at no use (a byte order mark inside a text).
fn is_unprintable(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

impl Value {
    /// The value as one line of text for the ledger: a letter for the kind, then the content. `Empty` is "".
    pub fn encode(&self) -> String {
        let mut encoded = String::new();
        self.encode_into(&mut encoded);
        encoded
    }

    /// As `encode`, behind what a text holds already.
    pub fn encode_into(&self, out: &mut String) {
        // Writing into a String cannot fail.
        let _ = match self {
            Self::Empty => Ok(()),
            Self::Text(text) => {
                out.push('T');
                out.write_str(text)
            }
            Self::Number(number) => write!(out, "N{number}"),
            Self::Date(day) => write!(out, "D{day}"),
            Self::Time(time) => write!(out, "H{:02}:{:02}", time.hour(), time.minute()),
        };
    }

    /// Reads what `encode` wrote; `None` for anything else.
    pub fn decode(encoded: &str) -> Option<Self> {
        let mut rest = encoded.chars();
        let kind = rest.next();
        let content = rest.as_str();
        match kind {
            None => Some(Self::Empty),
            Some('T') => Some(Self::Text(content.to_owned())),
            Some('N') => content.parse().ok().map(Self::Number),
            Some('D') => NaiveDate::parse_from_str(content, "%Y-%m-%d").ok().map(Self::Date),
            Some('H') => NaiveTime::parse_from_str(content, "%H:%M").ok().map(Self::Time),
            Some(_) => None,
        }
    }
}

/// As a person in the office would read it: `ДД.ММ.РРРР`, `ГГ:ХХ`, plain text.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Date(day) => write!(f, "{}", day.format("%d.%m.%Y")),
            Self::Time(time) => write!(f, "{}", time.format("%H:%M")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_what_a_cell_can_hold_and_then_stays_so() {
        let long = "я".repeat(40_000);
        let many_lines = "а\n".repeat(300);
        for (raw, expected) in [
            ("  Коваленко\u{a0}", "Коваленко"),
            ("а\r\nб\rв\u{b}г", "а\nб\nв\nг"),
            ("\u{feff}а\u{0}\u{1b}б\u{ffff}", "аб"),
            ("\u{1}\t ", ""),
            ("=HYPERLINK(\"http://a\")", "=HYPERLINK(\"http://a\")"),
        ] {
            assert_eq!(cell_text(raw), expected, "{raw:?}");
        }
        let cut = cell_text(&long).into_owned();
        assert_eq!(cut.encode_utf16().count(), CELL_UNITS);
        assert!(cut.ends_with(CUT_MARK));
        assert_eq!(cell_text(&many_lines).matches('\n').count(), CELL_LINE_FEEDS);
        for raw in [long.as_str(), many_lines.as_str(), "а\r\n\r\nб"] {
            let once = cell_text(raw).into_owned();
            assert_eq!(cell_text(&once), once.as_str());
        }
    }

    #[test]
    fn every_kind_of_value_survives_the_ledger() {
        let day = NaiveDate::from_ymd_opt(2022, 7, 11).unwrap();
        let time = NaiveTime::from_hms_opt(10, 5, 0).unwrap();
        for value in [
            Value::Empty,
            Value::text(" =HYPERLINK(\"x\")\r\nдругий рядок "),
            Value::Number(-7),
            Value::Date(day),
            Value::Time(time),
        ] {
            assert_eq!(Value::decode(&value.encode()), Some(value));
        }
        assert_eq!(Value::decode("Xщось"), None);
    }
}
