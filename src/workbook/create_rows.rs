//! Rows of appeals as XML, one at a time; and how high a row must be.
//!
//! The heights are a service to LibreOffice, which takes the heights of a file as they are; they are written without
//! `customHeight`, so that both programs fit a row again as soon as somebody edits it. All text is inline: nothing that
//! is written here can be a formula.

use crate::domain::field::{FieldSpec, Shape};
use crate::domain::register::Row;
use crate::domain::value::{Value, cell_text};
use chrono::{NaiveDate, NaiveTime, Timelike};
use std::fmt::Write;

/// Height of one line of text in points (Times New Roman 10).
const LINE_HEIGHT: u32 = 13;
/// Room above and below the text of a row, points.
const PADDING: u32 = 3;
/// Greatest row height of Excel, points.
const MAX_HEIGHT: u32 = 409;

/// A column of a form: its letters and the style of its cells.
pub(super) struct Column {
    /// Its line in the form.
    pub spec: &'static FieldSpec,
    /// `AB`.
    pub letters: String,
    /// Index of the cell format.
    pub style: u32,
}

/// Appends a `<row>` to the XML; the row number is Excel's.
pub(super) fn write_row(xml: &mut String, number: u32, row: &Row, columns: &[Column]) {
    let lines = columns.iter().map(|column| lines(row.get(column.spec.field), column.spec.width)).max().unwrap_or(1);
    let height = height(lines);
    // Writing to a String cannot fail.
    let _ = write!(xml, "<row r=\"{number}\" spans=\"1:{}\" ht=\"{height}\">", columns.len());
    for column in columns {
        write_cell(xml, number, row.get(column.spec.field), column);
    }
    xml.push_str("</row>");
}

/// Height of a row with so many lines, points.
pub(super) fn height(lines: u32) -> u32 {
    lines.saturating_mul(LINE_HEIGHT).saturating_add(PADDING).min(MAX_HEIGHT)
}

fn write_cell(xml: &mut String, number: u32, value: &Value, column: &Column) {
    let Column { spec, letters, style } = column;
    let _ = write!(xml, "<c r=\"{letters}{number}\" s=\"{style}\"");
    let numeric = match (value, spec.shape) {
        (Value::Empty, _) => {
            xml.push_str("/>");
            return;
        }
        (Value::Number(whole), Shape::Integer) => Some(*whole as f64),
        (Value::Date(day), Shape::Date) => serial(*day),
        (Value::Time(time), Shape::Time) => Some(day_part(*time)),
        // What does not fit the shape of its column is shown as text.
        (Value::Number(_) | Value::Date(_) | Value::Time(_) | Value::Text(_), _) => None,
    };
    match (numeric, value) {
        (Some(numeric), _) => {
            let _ = write!(xml, "><v>{numeric}</v></c>");
        }
        (None, Value::Text(text)) => write_text(xml, text),
        (None, Value::Empty | Value::Number(_) | Value::Date(_) | Value::Time(_)) => {
            write_text(xml, &value.to_string())
        }
    }
}

fn write_text(xml: &mut String, text: &str) {
    let text = cell_text(text);
    if text.is_empty() {
        xml.push_str("/>");
        return;
    }
    xml.push_str(" t=\"inlineStr\"><is><t>");
    escape(xml, &text);
    xml.push_str("</t></is></c>");
}

/// XML escapes, and a literal `_x0041_` protected from being read as an escape of Excel's own.
fn escape(xml: &mut String, text: &str) {
    let mut plain = 0;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let replacement = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'_' if is_escape(bytes.get(at..at + 7)) => "_x005F_",
            _ => continue,
        };
        // All four are ASCII, so the pieces between them are whole letters.
        xml.push_str(text.get(plain..at).unwrap_or_default());
        xml.push_str(replacement);
        plain = at + 1;
    }
    xml.push_str(text.get(plain..).unwrap_or_default());
}

fn is_escape(seven: Option<&[u8]>) -> bool {
    match seven {
        Some([b'_', b'x', hex @ .., b'_']) => hex.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    }
}

/// Excel's number of a day; `None` before 1 March 1900, where its calendar has a day that never was.
pub(super) fn serial(day: NaiveDate) -> Option<f64> {
    let days = day.signed_duration_since(NaiveDate::from_ymd_opt(1899, 12, 30)?).num_days();
    (61..=2_958_465).contains(&days).then_some(days as f64)
}

/// Excel's number of a time: the part of the day.
pub(super) fn day_part(time: NaiveTime) -> f64 {
    f64::from(time.num_seconds_from_midnight()) / 86_400.0
}

/// About how many lines a value takes in its column.
fn lines(value: &Value, width: u16) -> u32 {
    match value {
        Value::Text(text) => wrapped_lines(text, width),
        Value::Empty | Value::Number(_) | Value::Date(_) | Value::Time(_) => 1,
    }
}

/// Lines of a text that wraps at words in a column of this width; widths of letters are those of Times New Roman,
/// in hundredths of the letter height, a column unit is 7 pixels at a letter height of 13.3.
pub(super) fn wrapped_lines(text: &str, width: u16) -> u32 {
    let room = u32::from(width) * 51;
    let mut lines = 0u32;
    for paragraph in text.split('\n') {
        lines += 1;
        let (mut used, mut word) = (0u32, 0u32);
        for letter in paragraph.chars() {
            let advance = advance(letter);
            if letter == ' ' || letter == '-' {
                used += word + advance;
                word = 0;
                continue;
            }
            word += advance;
            if used + word > room {
                lines += 1;
                used = 0;
                if word > room {
                    word = advance;
                }
            }
        }
    }
    lines
}

fn advance(letter: char) -> u32 {
    match letter {
        ' ' | '.' | ',' | ';' | ':' | 'і' | 'ї' | 'i' | 'l' | 'j' | 't' | '\'' | '’' | '/' | '(' | ')' | '-' => 29,
        'ш' | 'щ' | 'ю' | 'ж' | 'м' | 'm' | 'w' | '@' | 'ф' | 'ы' => 76,
        'а'..='я' | 'є' | 'ґ' | 'a'..='z' | '0'..='9' => 49,
        _ => 72,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_that_looks_like_an_escape_of_excel_stays_itself() {
        for (text, xml) in [
            ("a<b>&c", "a&lt;b&gt;&amp;c"),
            ("_x0041_", "_x005F_x0041_"),
            ("__x000a_я", "__x005F_x000a_я"),
            ("_x00_ _xЖ041_", "_x00_ _xЖ041_"),
        ] {
            let mut written = String::new();
            escape(&mut written, text);
            assert_eq!(written, xml);
        }
    }

    #[test]
    fn excel_counts_days_from_a_day_that_never_was() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(serial(day(2022, 7, 11)), Some(44753.0));
        assert_eq!(serial(day(1900, 3, 1)), Some(61.0));
        assert_eq!(serial(day(1900, 2, 28)), None);
        assert_eq!(day_part(NaiveTime::from_hms_opt(12, 0, 0).unwrap()), 0.5);
    }

    #[test]
    fn a_row_is_as_high_as_its_longest_cell() {
        assert_eq!(wrapped_lines("Скарга", 14), 1);
        assert_eq!(wrapped_lines("а\nб\nв", 14), 3);
        assert_eq!(wrapped_lines(&"слово ".repeat(40), 60), 4);
        assert_eq!(wrapped_lines(&"я".repeat(100), 10), 10);
    }
}
