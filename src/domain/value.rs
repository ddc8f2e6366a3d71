//! The value of one cell of the register, in the one form in which values are compared, stored and shown.
//!
//! A workbook may show the same value in many ways (a date as a serial number, as text, in 1904 counting);
//! `merge` turns those into a `Value`, `workbook` writes a `Value` back. Equality of `Value`s is equality of meaning.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The value of one cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Value {
    /// Nothing, or only white space.
    #[default]
    Empty,
    /// Text, trimmed, line ends as `\n`, never empty.
    Text(String),
    /// A whole number (running number in the year, counters).
    Number(i64),
    /// A calendar day in Kyiv.
    Date(NaiveDate),
    /// A time of day in Kyiv, whole minutes.
    Time(NaiveTime),
}

impl Value {
    /// Text in its canonical form: line ends `\n`, outer white space off, `Empty` where nothing is left.
    pub fn text(raw: &str) -> Self {
        let text = raw.replace("\r\n", "\n").replace('\r', "\n");
        let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if trimmed.is_empty() { Self::Empty } else { Self::Text(trimmed.to_owned()) }
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
