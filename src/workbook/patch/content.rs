//! What goes into one cell, and its XML.
//!
//! Texts are written inline: no shared string is touched, no index can go wrong. Days are serial numbers where the
//! format of the cell shows a day, else text as people write it. Text that a formula could be made of stays text.

use super::place::cell_name;
use super::styles::{Shows, Styles};
use super::xml::escape_into;
use crate::domain::value::Value;
use chrono::{NaiveDate, NaiveTime, Timelike};

/// Longest text of a cell in UTF-16 units; Excel refuses more.
pub const TEXT_LIMIT: usize = 32_767;
/// Largest whole number that a cell holds exactly: Excel keeps 15 digits.
const WHOLE_LIMIT: i64 = 999_999_999_999_999;

/// What to put into a cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Content {
    /// Nothing; the cell keeps its format.
    #[default]
    Blank,
    /// Text, exactly as given.
    Text(String),
    /// A number.
    Number(f64),
    /// A whole number.
    Whole(i64),
    /// TRUE or FALSE.
    Flag(bool),
    /// A formula without `=`; the office program computes it.
    Formula(String),
    /// A day.
    Day(NaiveDate),
    /// A time of day.
    Time(NaiveTime),
}

/// A cell to write.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewCell {
    /// What it shows.
    pub content: Content,
    /// Index of a cell format; `None` keeps the present one, or takes that of the row above.
    pub style: Option<u32>,
}

impl From<Value> for NewCell {
    fn from(value: Value) -> Self {
        let content = match value {
            Value::Empty => Content::Blank,
            Value::Text(text) => Content::Text(text),
            Value::Number(number) => Content::Whole(number),
            Value::Date(day) => Content::Day(day),
            Value::Time(time) => Content::Time(time),
        };
        Self { content, style: None }
    }
}

/// What a cell shows once it is written; the ledger must remember this as the base.
pub fn as_written(value: &Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(limited(text)),
        Value::Empty | Value::Number(_) | Value::Date(_) | Value::Time(_) => value.clone(),
    }
}

/// Text cut to what a cell can hold, with `…` where something was cut off.
fn limited(text: &str) -> String {
    if text.len() <= TEXT_LIMIT || text.encode_utf16().count() <= TEXT_LIMIT {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(TEXT_LIMIT);
    let mut units = 0_usize;
    for letter in text.chars() {
        units = units.saturating_add(letter.len_utf16());
        if units >= TEXT_LIMIT {
            break;
        }
        kept.push(letter);
    }
    kept.push('…');
    kept
}

/// A cell as it will stand in the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// No value.
    Nothing,
    /// Inline text.
    Text(String),
    /// A number in the form of the file.
    Number(String),
    /// TRUE or FALSE.
    Flag(bool),
    /// A formula.
    Formula(String),
}

/// A cell ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Ready {
    /// Index of its format.
    pub style: Option<u32>,
    /// What it shows.
    pub shown: Shown,
}

/// Days since Excel's beginning of time; `None` before it.
fn serial(day: NaiveDate, date1904: bool) -> Option<i64> {
    let days_since = |y, m, d| Some(day.signed_duration_since(NaiveDate::from_ymd_opt(y, m, d)?).num_days());
    if date1904 {
        return days_since(1904, 1, 1).filter(|days| *days >= 0);
    }
    // Excel counts a 29 February 1900 that never was.
    let days = days_since(1899, 12, 30)?;
    if days > 60 { Some(days) } else { days_since(1899, 12, 31).filter(|days| *days >= 1) }
}

/// Chooses format and form for a cell. `fixed`: the cell exists and keeps its format.
pub fn ready(new: &NewCell, style: Option<u32>, fixed: bool, styles: &Styles, date1904: bool) -> Ready {
    let style = new.style.or(style);
    let fixed = fixed || new.style.is_some();
    let fitting = |wanted: Shows| {
        if styles.shows(style) == wanted {
            Some(style)
        } else if fixed {
            None
        } else {
            styles.sibling(style, wanted).map(Some)
        }
    };
    let (style, shown) = match &new.content {
        Content::Blank => (style, Shown::Nothing),
        Content::Text(text) if text.is_empty() => (style, Shown::Nothing),
        Content::Text(text) => {
            // Pressed F2 and Enter in a cell of general format, such a text would turn into a formula or a number.
            let risky = text.starts_with(['=', '+', '-', '@']) || text.bytes().all(|b| b.is_ascii_digit());
            let fit = if risky { fitting(Shows::Text).unwrap_or(style) } else { style };
            (fit, Shown::Text(limited(text)))
        }
        Content::Number(number) => (style, Shown::Number(number.to_string())),
        Content::Whole(number) if (-WHOLE_LIMIT..=WHOLE_LIMIT).contains(number) => {
            (style, Shown::Number(number.to_string()))
        }
        Content::Whole(number) => (style, Shown::Text(number.to_string())),
        Content::Flag(flag) => (style, Shown::Flag(*flag)),
        Content::Formula(formula) => (style, Shown::Formula(formula.trim_start_matches('=').to_owned())),
        Content::Day(day) => match (fitting(Shows::Day), serial(*day, date1904)) {
            (Some(fit), Some(days)) => (fit, Shown::Number(days.to_string())),
            _ => (style, Shown::Text(day.format("%d.%m.%Y").to_string())),
        },
        Content::Time(time) => match fitting(Shows::Time) {
            Some(fit) => (fit, Shown::Number((f64::from(time.num_seconds_from_midnight()) / 86_400.0).to_string())),
            None => (style, Shown::Text(time.format("%H:%M").to_string())),
        },
    };
    Ready { style, shown }
}

/// Whether `_xHHHH_` begins here: written as it is, Excel would read one letter.
fn looks_escaped(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    bytes.starts_with(b"_x")
        && bytes.get(6) == Some(&b'_')
        && bytes.get(2..6).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
}

/// Text in the form of the file: XML escapes, and `_xHHHH_` for what XML cannot say.
fn text_into(text: &str, out: &mut Vec<u8>) {
    for (at, letter) in text.char_indices() {
        match letter {
            '_' if text.get(at..).is_some_and(looks_escaped) => out.extend_from_slice(b"_x005F_"),
            '\t' | '\n' => escape_into(letter.encode_utf8(&mut [0; 4]), out),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                out.extend_from_slice(format!("_x{:04X}_", u32::from(letter)).as_bytes());
            }
            _ => escape_into(letter.encode_utf8(&mut [0; 4]), out),
        }
    }
}

/// Writes the rest of a cell whose tag is open up to its attributes: type, content, end.
pub fn finish_cell(prefix: &str, shown: &Shown, out: &mut Vec<u8>) {
    let mut tag = |before: &str, name: &str, after: &str| {
        out.extend_from_slice(format!("{before}<{prefix}{name}{after}").as_bytes());
    };
    match shown {
        Shown::Nothing => {
            out.extend_from_slice(b"/>");
            return;
        }
        Shown::Text(text) => {
            let blank = |letter: Option<char>| letter.is_some_and(char::is_whitespace);
            let keep = blank(text.chars().next()) || blank(text.chars().last()) || text.contains(['\n', '\t']);
            tag(" t=\"inlineStr\">", "is", ">");
            tag("", "t", if keep { " xml:space=\"preserve\">" } else { ">" });
            text_into(text, out);
            out.extend_from_slice(format!("</{prefix}t></{prefix}is>").as_bytes());
        }
        Shown::Number(number) => {
            tag(">", "v", &format!(">{number}</{prefix}v>"));
        }
        Shown::Flag(flag) => {
            tag(" t=\"b\">", "v", &format!(">{}</{prefix}v>", u8::from(*flag)));
        }
        Shown::Formula(formula) => {
            tag(">", "f", ">");
            escape_into(formula, out);
            out.extend_from_slice(format!("</{prefix}f>").as_bytes());
        }
    }
    out.extend_from_slice(format!("</{prefix}c>").as_bytes());
}

/// Writes a new cell.
pub fn new_cell(prefix: &str, column: u32, row: u32, ready: &Ready, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("<{prefix}c r=\"{}\"", cell_name(column, row)).as_bytes());
    if let Some(style) = ready.style {
        out.extend_from_slice(format!(" s=\"{style}\"").as_bytes());
    }
    finish_cell(prefix, &ready.shown, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(content: Content) -> String {
        let ready = ready(&NewCell { content, style: None }, Some(3), true, &Styles::default(), false);
        let mut out = Vec::new();
        new_cell("", 13, 17, &ready, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_kind_of_content_has_its_form() {
        let text = |t: &str| Content::Text(t.to_owned());
        let inline = |t: &str| format!("<c r=\"N17\" s=\"3\" t=\"inlineStr\"><is><t>{t}</t></is></c>");
        let kept =
            |t: &str| format!("<c r=\"N17\" s=\"3\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{t}</t></is></c>");
        for (content, expected) in [
            (Content::Blank, "<c r=\"N17\" s=\"3\"/>".to_owned()),
            (text("Виконано"), inline("Виконано")),
            (text("a<b>&c"), inline("a&lt;b&gt;&amp;c")),
            (text(" зліва"), kept(" зліва")),
            (text("два\nрядки"), kept("два\nрядки")),
            (text("=1+1"), inline("=1+1")),
            (text("_x0041_"), inline("_x005F_x0041_")),
            (text("_xyz_"), inline("_xyz_")),
            (text("a\u{1}b\r"), kept("a_x0001_b_x000D_")),
            (Content::Whole(7), "<c r=\"N17\" s=\"3\"><v>7</v></c>".to_owned()),
            (Content::Number(0.5), "<c r=\"N17\" s=\"3\"><v>0.5</v></c>".to_owned()),
            (Content::Flag(true), "<c r=\"N17\" s=\"3\" t=\"b\"><v>1</v></c>".to_owned()),
            (Content::Formula("=A1&B1".to_owned()), "<c r=\"N17\" s=\"3\"><f>A1&amp;B1</f></c>".to_owned()),
            (Content::Whole(1_234_567_890_123_456), inline("1234567890123456")),
        ] {
            assert_eq!(xml(content), expected);
        }
    }

    #[test]
    fn days_count_as_excel_counts_them() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        for (date, since1900, since1904) in [
            (day(2025, 12, 31), Some(46_022), Some(44_560)),
            (day(1900, 1, 1), Some(1), None),
            (day(1900, 2, 28), Some(59), None),
            (day(1900, 3, 1), Some(61), None),
            (day(1899, 12, 31), None, None),
            (day(1904, 1, 1), Some(1_462), Some(0)),
        ] {
            assert_eq!((serial(date, false), serial(date, true)), (since1900, since1904), "{date}");
        }
    }

    #[test]
    fn a_day_in_a_cell_of_general_format_is_written_as_people_write_it() {
        let day = Content::Day(NaiveDate::from_ymd_opt(2025, 12, 31).unwrap());
        assert!(xml(day).contains("<t>31.12.2025</t>"));
        let time = Content::Time(NaiveTime::from_hms_opt(9, 5, 0).unwrap());
        assert!(xml(time).contains("<t>09:05</t>"));
    }

    #[test]
    fn text_is_cut_where_excel_ends_it() {
        let long = "ї".repeat(TEXT_LIMIT + 5);
        let cut = limited(&long);
        assert_eq!(cut.encode_utf16().count(), TEXT_LIMIT);
        assert!(cut.ends_with('…'));
        let pairs = format!("{}😀😀", "a".repeat(TEXT_LIMIT - 2));
        assert!(limited(&pairs).encode_utf16().count() <= TEXT_LIMIT);
        assert_eq!(limited(&"a".repeat(TEXT_LIMIT)).len(), TEXT_LIMIT);
    }
}
