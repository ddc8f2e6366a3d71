//! The sheet "Не зареєстровано": letters that got no row, and the one word by which an operator decides on those that may
//! speak for a department.
//!
//! A line is known by the beginning of the digest of its letter. "так" takes the letter in as the department's answer,
//! "ні" leaves it aside; only letters that were asked about obey. What became of it stands in the line's reason.

use crate::desk::beside;
use crate::domain::grid::{BesideTable, SheetEdits};
use crate::domain::label::key;
use crate::domain::register::Table;
use crate::domain::value::Value;
use chrono::NaiveDateTime;
use std::collections::BTreeMap;

/// Name of the sheet.
pub const UNREGISTERED_SHEET: &str = "Не зареєстровано";
/// Header of the column with the beginning of the digest of the original.
const ORIGINAL: &str = "Оригінал";
/// Header of the column that says why.
const REASON: &str = "Чому не зареєстровано";
/// Header of the column for the deciding word.
const DECISION: &str = "Рішення";
/// Digits of the digest that the sheet shows.
const DIGITS: usize = 12;
/// The columns with their widths in Excel characters.
const COLUMNS: [(&str, u16); 10] = [
    ("Дата надходження", 12),
    ("Час", 8),
    ("Канал", 14),
    ("Від кого", 30),
    ("Тема листа", 44),
    ("Що це", 22),
    (REASON, 50),
    ("Звернення №", 16),
    (ORIGINAL, 20),
    (DECISION, 14),
];

/// A letter that got no row, as the sheet shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnregisteredLine {
    /// When it was received, Kyiv's local time.
    pub received: NaiveDateTime,
    /// How it came.
    pub channel: String,
    /// Address in From.
    pub sender: String,
    /// Subject.
    pub subject: String,
    /// What it is.
    pub class: String,
    /// Why it got no row.
    pub reason: String,
    /// Number of the appeal that it names.
    pub number: String,
    /// Where the original lies.
    pub raw: String,
}

/// A letter that an operator is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedAbout {
    /// The letter.
    pub letter: i64,
    /// Where its original lies.
    pub raw: String,
    /// Its reason as the ledger has it.
    pub reason: String,
    /// What was decided; `None`: nothing yet.
    pub decided: Option<bool>,
}

/// What the class of a letter is called for operators.
pub fn class_label(id: &str) -> &'static str {
    match id {
        "appeal" => "звернення",
        "anonymous" => "анонімне",
        "follow_up" => "продовження листування",
        "department_reply" => "відповідь підрозділу",
        "bounce" => "недоставлений лист",
        "auto_reply" => "автовідповідь",
        "newsletter" => "розсилка",
        "spam" => "спам",
        "receipt" => "підтвердження доставки",
        "invite" => "запрошення",
        "empty" => "порожній лист",
        _ => "не прочитано",
    }
}

/// What the deciding word means; however it is written.
fn meaning(word: &str) -> Option<bool> {
    match key(word).as_str() {
        "так" | "да" | "врахувати" | "підтверджую" | "погоджено" | "ок" => {
            Some(true)
        }
        "ні" | "нет" | "неврахувати" | "відхилити" | "відхилено" => Some(false),
        _ => None,
    }
}

/// The sheet of a new register.
pub fn table(lines: &[UnregisteredLine]) -> Table {
    Table {
        name: UNREGISTERED_SHEET.to_owned(),
        note: "Листи, які не стали зверненнями: анонімні, відповіді, розсилки, непрочитані. Оригінали збережено. Де питають \
               про відповідь підрозділу, напишіть у графі «Рішення» «так» або «ні»."
            .to_owned(),
        columns: beside::columns(&COLUMNS),
        rows: lines.iter().map(|line| row(line).to_vec()).collect(),
    }
}

/// Headers by which the sheet is found.
pub fn headers() -> Vec<String> {
    beside::headers(&COLUMNS)
}

/// The cells of a letter without a row.
fn row(line: &UnregisteredLine) -> [Value; COLUMNS.len()] {
    [
        Value::Date(line.received.date()),
        Value::minutes(line.received.time()),
        Value::text(&line.channel),
        Value::text(&line.sender),
        Value::text(&line.subject),
        Value::text(class_label(&line.class)),
        Value::text(&line.reason),
        Value::text(&line.number),
        Value::text(&original(&line.raw)),
        Value::Empty,
    ]
}

fn original(raw: &str) -> String {
    raw.chars().take(DIGITS).collect()
}

/// The lines of the sheet by their originals: row, reason shown, deciding word.
fn lines(sheet: &BesideTable) -> BTreeMap<String, (u32, String, String)> {
    let mut lines = BTreeMap::new();
    for (row, cells) in &sheet.rows {
        let text = |header: &str| beside::word(cells, header);
        let original = text(ORIGINAL);
        if !original.is_empty() {
            // Of two lines of one letter (copied) the first is the line.
            lines.entry(original).or_insert((*row, text(REASON), text(DECISION)));
        }
    }
    lines
}

/// What people decided that is not yet known.
pub fn decisions(sheet: &BesideTable, asked: &[AskedAbout]) -> Vec<(i64, bool)> {
    let lines = lines(sheet);
    asked
        .iter()
        .filter(|asked| asked.decided.is_none())
        .filter_map(|asked| Some((asked.letter, meaning(&lines.get(&original(&asked.raw))?.2)?)))
        .collect()
}

/// The edits that make the sheet show the letters: `new` ones are appended, the reasons of those that were asked about are
/// kept up. Without `sheet` (it was not read) everything is appended.
pub fn show(sheet: Option<&BesideTable>, new: &[UnregisteredLine], asked: &[AskedAbout]) -> SheetEdits {
    let lines = sheet.map(lines).unwrap_or_default();
    let mut edits = SheetEdits::default();
    let unknown = new.iter().filter(|line| !lines.contains_key(&original(&line.raw)));
    edits.append = unknown
        .map(|line| match sheet {
            Some(sheet) => beside::line(sheet, &COLUMNS, row(line)),
            None => (0..).zip(row(line)).filter(|(_, value)| !value.is_empty()).collect(),
        })
        .collect();
    let Some(column) = sheet.and_then(|sheet| sheet.columns.get(REASON)) else { return edits };
    for asked in asked {
        let Some((row, shown, word)) = lines.get(&original(&asked.raw)) else { continue };
        let unclear = asked.decided.is_none() && !word.is_empty() && meaning(word).is_none();
        let more = if unclear {
            " Рішення не зрозуміло: напишіть «так» або «ні»."
        } else {
            ""
        };
        let reason = Value::text(&format!("{}{more}", asked.reason));
        if Value::text(shown) != reason {
            edits.cells.insert((*row, *column), reason);
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grid::Raw;

    fn sheet(lines: &[(&str, &str, &str)]) -> BesideTable {
        let raw = |text: &str| Raw::Text(text.to_owned());
        BesideTable {
            name: UNREGISTERED_SHEET.to_owned(),
            columns: headers().into_iter().zip(0..).collect(),
            rows: (4..)
                .zip(lines)
                .map(|(at, (original, reason, word))| {
                    let cells = [(ORIGINAL, raw(original)), (REASON, raw(reason)), (DECISION, raw(word))];
                    (at, cells.into_iter().map(|(header, raw)| (header.to_owned(), raw)).collect())
                })
                .collect(),
        }
    }

    fn asked(letter: i64, raw: &str, decided: Option<bool>) -> AskedAbout {
        AskedAbout { letter, raw: format!("{raw}ffff"), reason: "Спитано.".to_owned(), decided }
    }

    #[test]
    fn only_letters_that_were_asked_about_obey_a_word_and_each_once() {
        let sheet = sheet(&[
            ("aaaaaaaaaaaa", "Спитано.", "Так!"),
            ("bbbbbbbbbbbb", "Спитано.", "ні"),
            ("cccccccccccc", "Спитано.", "подумаю"),
            ("dddddddddddd", "Анонімне.", "так"),
            ("eeeeeeeeeeee", "Спитано.", "так"),
        ]);
        let asked = [
            asked(1, "aaaaaaaaaaaa", None),
            asked(2, "bbbbbbbbbbbb", None),
            asked(3, "cccccccccccc", None),
            asked(5, "eeeeeeeeeeee", Some(true)),
        ];
        assert_eq!(decisions(&sheet, &asked), [(1, true), (2, false)]);
        let edits = show(Some(&sheet), &[], &asked);
        let unclear = Value::text("Спитано. Рішення не зрозуміло: напишіть «так» або «ні».");
        assert_eq!(edits.cells, BTreeMap::from([((6, 6), unclear)]));
    }
}
