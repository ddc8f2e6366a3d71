//! The sheet "Зателефонувати": applicants to whom no letter can be written, until the operator enters how they were told.
//!
//! The service keeps the columns up to "Чекає з" and "Стан", the operator fills in the rest; what he enters is taken in
//! whole before a line is emptied. A line stays where it is while the applicant waits, emptied lines are used again. Lines
//! whose number is unknown are the operator's own and are left alone.

use crate::desk::beside;
use crate::desk::hint::{missing_label, quoted};
use crate::domain::field::Field;
use crate::domain::grid::{BesideTable, Raw, SheetEdits};
use crate::domain::label::key;
use crate::domain::reading::Missing;
use crate::domain::register::{Row, Table};
use crate::domain::value::Value;
use crate::letters::kind::LetterKind;
use crate::merge::value::interpret;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Name of the sheet.
pub const CALLS_SHEET: &str = "Зателефонувати";
const NUMBER: &str = "Реєстраційний №";
const HOW: &str = "Як повідомлено";
const WHEN: &str = "Коли повідомлено";
const NOTE: &str = "Примітка";
/// The columns with their widths in Excel characters; the operator fills in the three before the last.
const COLUMNS: [(&str, u16); 9] = [
    (NUMBER, 15),
    ("Заявник", 26),
    ("Телефон", 18),
    ("Що повідомити", 60),
    ("Чекає з", 12),
    (HOW, 18),
    (WHEN, 14),
    (NOTE, 28),
    ("Стан", 28),
];
/// What operators enter when nobody was reached.
const FAILED: [&str; 5] = ["невдалося", "недозвон", "недодзвон", "небереслухавку", "абонент"];

/// An applicant who must be called.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Number of the appeal.
    pub number: String,
    /// Its row.
    pub row: Row,
    /// Key of the letter that cannot be written.
    pub kind: String,
    /// What is missing, where he is to be asked for data.
    pub missing: Vec<Missing>,
    /// Since when he waits.
    pub since: NaiveDate,
    /// What was entered in vain, oldest first.
    pub attempts: Vec<String>,
}

/// What an operator entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Number of the appeal.
    pub number: String,
    /// How the applicant was told; empty: only a note.
    pub how: String,
    /// When; `None`: today.
    pub day: Option<NaiveDate>,
    /// Anything else.
    pub note: String,
}

/// Whether this says that nobody was reached.
pub fn is_in_vain(how: &str) -> bool {
    let key = key(how);
    FAILED.iter().any(|failed| key.starts_with(failed))
}

/// What the detail of the event `Called` says: the day, then how; `None` if it is none.
pub fn said(detail: &str) -> Option<(NaiveDate, &str)> {
    let (day, how) = detail.split_once(' ')?;
    Some((day.parse().ok()?, how))
}

/// A call in vain, as people see it.
pub fn attempt(detail: &str) -> Option<String> {
    said(detail).filter(|(_, how)| is_in_vain(how)).map(|(day, how)| format!("{} {how}", day.format("%d.%m.%Y")))
}

/// What must be said on the telephone.
pub fn to_say(call: &Call) -> String {
    let answer = call.row.get(Field::Answer).to_string();
    let status = call.row.get(Field::Status).to_string();
    let asked: Vec<&str> = call.missing.iter().map(|missing| missing_label(*missing)).collect();
    let mut parts = vec![status];
    match LetterKind::from_id(&call.kind) {
        Some(LetterKind::Clarification | LetterKind::Returned) if !asked.is_empty() => {
            parts.push(format!("запитайте: {}", asked.join("; ")));
        }
        Some(LetterKind::Interim) => {
            parts.push(format!("строк — до {}", call.row.get(Field::DueDate)));
        }
        Some(_) | None => {}
    }
    if !answer.is_empty() {
        parts.push(answer);
    }
    parts.join(". ")
}

impl Call {
    fn line(&self) -> [Value; COLUMNS.len()] {
        [
            Value::text(&self.number),
            self.row.get(Field::Applicant).clone(),
            Value::text(&self.row.get(Field::Phone).to_string()),
            Value::text(&to_say(self)),
            Value::text(&self.since.format("%d.%m.%Y").to_string()),
            Value::Empty,
            Value::Empty,
            Value::Empty,
            Value::text(&self.attempts.join("; ")),
        ]
    }
}

/// The sheet of a new register.
pub fn table(calls: &[Call]) -> Table {
    Table {
        name: CALLS_SHEET.to_owned(),
        note:
            "Заявники, яким не можна надіслати листа. Зателефонуйте та впишіть, як повідомлено («телефоном», «поштою», \
               «не вдалося») і коли; рядок зникне, а запис перейде до реєстру."
                .to_owned(),
        columns: beside::columns(&COLUMNS),
        rows: calls.iter().map(|call| call.line().to_vec()).collect(),
    }
}

/// Headers by which the sheet is found.
pub fn headers() -> Vec<String> {
    beside::headers(&COLUMNS)
}

/// What operators entered: of those who wait when it says how, of others whatever it says.
pub fn entries(sheet: &BesideTable, calls: &[Call], date1904: bool, is_known: impl Fn(&str) -> bool) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (_, cells) in &sheet.rows {
        let text = |header: &str| beside::word(cells, header);
        let (number, how) = (text(NUMBER), text(HOW));
        let (day, typed) = match interpret(cells.get(WHEN).unwrap_or(&Raw::Empty), Field::AnswerDate, date1904).0 {
            Value::Date(day) => (Some(day), String::new()),
            Value::Empty | Value::Number(_) | Value::Time(_) => (None, text(WHEN)),
            Value::Text(typed) => (None, typed),
        };
        let note = [typed, text(NOTE)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
        let says = !how.is_empty() || day.is_some() || !note.is_empty();
        let waits = calls.iter().any(|call| call.number == number);
        if says && is_known(&number) && (!how.is_empty() || !waits) {
            entries.push(Entry { number, how, day, note });
        }
    }
    entries
}

/// The edits that make the sheet show who waits, after the entries were taken in.
pub fn show(sheet: &BesideTable, calls: &[Call], is_known: impl Fn(&str) -> bool) -> SheetEdits {
    let mut edits = SheetEdits::default();
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    let mut set = |row: u32, cells: &BTreeMap<String, Raw>, line: &[Value], keep: &[&str]| {
        for ((header, _), value) in COLUMNS.iter().zip(line) {
            let Some(column) = sheet.columns.get(*header) else { continue };
            let has = cells.get(*header).map(Raw::to_string).unwrap_or_default();
            if !keep.contains(header) && Value::text(&has) != *value {
                edits.cells.insert((row, *column), value.clone());
            }
        }
    };
    let mut free: Vec<(u32, &BTreeMap<String, Raw>)> = Vec::new();
    let empty = BTreeMap::new();
    let used: BTreeSet<u32> = sheet.rows.iter().map(|(row, _)| *row).collect();
    for (row, cells) in &sheet.rows {
        let text = |header: &str| beside::word(cells, header);
        let number = text(NUMBER);
        match calls.iter().find(|call| call.number == number).filter(|call| !shown.contains(call.number.as_str())) {
            Some(call) => {
                shown.insert(&call.number);
                // A line that says how was taken in: the attempt was in vain. What is being typed is left alone.
                let keep: &[&str] = if text(HOW).is_empty() { &[HOW, WHEN, NOTE] } else { &[] };
                set(*row, cells, &call.line(), keep);
            }
            None if is_known(&number) => free.push((*row, cells)),
            None => {}
        }
    }
    // Gaps that earlier lines left.
    if let (Some(first), Some(last)) = (used.first(), used.last()) {
        free.extend((*first..*last).filter(|row| !used.contains(row)).map(|row| (row, &empty)));
    }
    free.sort_by_key(|(row, _)| *row);
    let mut free = free.into_iter();
    let mut append = Vec::new();
    for call in calls.iter().filter(|call| !shown.contains(call.number.as_str())) {
        match free.next() {
            Some((row, cells)) => set(row, cells, &call.line(), &[]),
            None => append.push(call.line()),
        }
    }
    let blank: [Value; COLUMNS.len()] = Default::default();
    for (row, cells) in free {
        set(row, cells, &blank, &[]);
    }
    edits.append = append.into_iter().map(|line| beside::line(sheet, &COLUMNS, line)).collect();
    edits
}

/// What the hint of the row says while the applicant waits.
pub fn hint_line(phone: &str, status: &str, attempts: &[String]) -> String {
    let phone = if phone.is_empty() { "телефону немає" } else { phone };
    let attempts = if attempts.is_empty() { String::new() } else { format!(" Спроби: {}.", attempts.join("; ")) };
    format!(
        "листа надіслати не можна ({phone}). Повідомте: {}. Потім заповніть аркуш «{CALLS_SHEET}» або графу «Спосіб повідомлення заявника».{attempts}",
        quoted(status)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(number: &str) -> Call {
        let mut row = Row::default();
        row.set(Field::Status, Value::text("Надано роз'яснення"));
        row.set(Field::Answer, Value::text("Зверніться до ЦНАП."));
        row.set(Field::Phone, Value::text("+380661234567"));
        Call {
            number: number.to_owned(),
            row,
            kind: LetterKind::Explained.id().to_owned(),
            missing: Vec::new(),
            since: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
            attempts: Vec::new(),
        }
    }

    fn sheet(lines: &[(u32, &[(&str, &str)])]) -> BesideTable {
        BesideTable {
            name: CALLS_SHEET.to_owned(),
            columns: (0..).zip(headers()).map(|(column, header)| (header, column)).collect(),
            rows: lines
                .iter()
                .map(|(row, cells)| {
                    let cells =
                        cells.iter().map(|(header, text)| ((*header).to_owned(), Raw::Text((*text).to_owned())));
                    (*row, cells.collect())
                })
                .collect(),
        }
    }

    /// The sheet as it looks after the edits.
    fn edited(mut sheet: BesideTable, edits: &SheetEdits) -> BesideTable {
        let header_at = |column: u32| COLUMNS[column as usize].0.to_owned();
        let mut rows: BTreeMap<u32, BTreeMap<String, Raw>> = sheet.rows.into_iter().collect();
        for ((row, column), value) in &edits.cells {
            let cells = rows.entry(*row).or_default();
            if value.is_empty() {
                cells.remove(&header_at(*column));
            } else {
                cells.insert(header_at(*column), Raw::Text(value.to_string()));
            }
        }
        rows.retain(|_, cells| !cells.is_empty());
        let next = rows.keys().next_back().map_or(4, |last| last + 1);
        for (row, cells) in (next..).zip(&edits.append) {
            let cells = cells.iter().map(|(column, value)| (header_at(*column), Raw::Text(value.to_string())));
            rows.insert(row, cells.collect());
        }
        sheet.rows = rows.into_iter().collect();
        sheet
    }

    #[test]
    fn lines_come_stay_and_go_and_a_second_look_changes_nothing() {
        let known = |number: &str| number.ends_with("/2026");
        let calls = [call("А-1/2026"), call("Б-2/2026")];
        let first = edited(sheet(&[]), &show(&sheet(&[]), &calls, known));
        assert_eq!(first.rows.len(), 2);
        assert!(show(&first, &calls, known).is_nothing());
        // The first was told; a third one takes its line; the operator's own line stays.
        let mut typed = first.clone();
        typed.rows[0].1.insert(HOW.to_owned(), Raw::Text("телефоном".to_owned()));
        typed.rows.push((9, BTreeMap::from([(NUMBER.to_owned(), Raw::Text("моє".to_owned()))])));
        let said = entries(&typed, &calls, false, known);
        assert_eq!(said, [Entry { number: "А-1/2026".into(), how: "телефоном".into(), day: None, note: "".into() }]);
        let calls = [call("Б-2/2026"), call("В-3/2026")];
        let second = edited(typed.clone(), &show(&typed, &calls, known));
        let numbers: Vec<_> = second.rows.iter().map(|(row, cells)| (*row, cells[NUMBER].to_string())).collect();
        assert_eq!(numbers, [(4, "В-3/2026".into()), (5, "Б-2/2026".into()), (9, "моє".into())]);
        assert!(!second.rows[0].1.contains_key(HOW), "nobody inherits an entry");
        assert!(show(&second, &calls, known).is_nothing());
    }

    #[test]
    fn what_is_being_typed_waits_and_what_was_typed_about_a_closed_call_is_taken() {
        let known = |_: &str| true;
        let calls = [call("А-1/2026")];
        let typing = sheet(&[(4, &[(NUMBER, "А-1/2026"), (NOTE, "просив після 18:00")])]);
        assert_eq!(entries(&typing, &calls, false, known), []);
        let edits = show(&typing, &calls, known);
        assert!(!edits.cells.contains_key(&(4, 7)), "the note stands");
        assert_eq!(entries(&typing, &[], false, known).len(), 1, "nobody waits any more: the note is kept");
        let day = sheet(&[(4, &[(NUMBER, "А-1/2026"), (HOW, "поштою"), (WHEN, "05.03.2026")])]);
        assert_eq!(entries(&day, &calls, false, known)[0].day, NaiveDate::from_ymd_opt(2026, 3, 5));
        assert!(is_in_vain("Не вдалося (двічі)") && !is_in_vain("телефоном"));
    }
}
