//! What a template sees: every value written out as letters show it (dates ДД.ММ.РРРР, words for kinds), and clean.
//!
//! All names are always there, so that a mistyped one in a template is an error and not an empty place. Values come from
//! strangers: control and direction characters are taken out here, HTML is escaped by the templates.

use crate::domain::deadline::weekday_name;
use crate::domain::office::Office;
use crate::domain::reading::{Alarm, Missing};
use crate::letters::kind::{LetterKind, Needed};
use crate::letters::params::{AppealRow, LetterParams};
use crate::letters::salutation::salutation;
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use serde::Serialize;

/// Longest single value in a letter in characters; a department's answer has a few thousand.
const LONGEST_VALUE: usize = 20_000;

/// Most rows in one letter to a department.
pub(crate) const MOST_ROWS: usize = 500;

/// Stands between № and the number, so that they are never torn apart.
const NO_BREAK_SPACE: char = '\u{a0}';

/// What a template sees.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct View {
    pub(crate) subject: String,
    salutation: String,
    centre: String,
    organisation: String,
    phones: String,
    hours: String,
    hours_words: String,
    higher_body_to: String,
    number: Option<String>,
    numbered: Option<String>,
    received_day: Option<String>,
    received_time: Option<String>,
    registered_day: Option<String>,
    handled_day: Option<String>,
    handled_weekday: Option<&'static str>,
    department: Option<String>,
    department_to: Option<String>,
    routed_day: Option<String>,
    due: Option<String>,
    extended_to: Option<String>,
    emergency: bool,
    missing: Vec<&'static str>,
    by_law: bool,
    reply_by: Option<String>,
    body: Option<String>,
    sent_day: Option<String>,
    contacts: Option<String>,
    text: Option<String>,
    legal_basis: Option<String>,
    valid_on: Option<String>,
    decided_by: Option<String>,
    earlier_number: Option<String>,
    earlier_day: Option<String>,
    status: Option<String>,
    waiting: Option<u32>,
    since: bool,
    since_day: Option<String>,
    since_time: Option<String>,
    held_by: Option<String>,
    alarm: Option<&'static str>,
    quote: Option<String>,
    applicant_phones: Option<String>,
    channel: Option<String>,
    remedy: Option<String>,
    rows: Vec<RowView>,
    remarks: Vec<String>,
}

/// One appeal in a letter to a department.
#[derive(Debug, Clone, Serialize)]
struct RowView {
    number: String,
    numbered: String,
    received: Option<String>,
    applicant: String,
    phone: String,
    address: String,
    essence: String,
    due: Option<String>,
    left: Option<String>,
    overdue: bool,
    status: String,
    answer: String,
    control: String,
    department: String,
}

impl View {
    /// The values of a letter; the subject is put in later.
    pub(crate) fn new(kind: LetterKind, params: &LetterParams, office: &Office) -> Self {
        let (department, department_to) = department(params, office);
        let number = line(&params.number);
        let received = params.received;
        let asked = if params.missing.is_empty() && kind == LetterKind::Anonymous {
            // Who wrote without a name may have left out anything.
            &[Missing::Name, Missing::Phone, Missing::RegisteredAddress, Missing::TemporaryAddress, Missing::Essence]
        } else {
            params.missing.as_slice()
        };
        let names = (params.name.as_deref(), params.patronymic.as_deref());
        Self {
            subject: String::new(),
            salutation: salutation(names.0, names.1, params.gender, params.collective),
            centre: one_line(&office.centre),
            organisation: one_line(&office.organisation),
            phones: office.shown_phones.iter().map(|phone| unbroken(&one_line(phone))).collect::<Vec<_>>().join(", "),
            hours: one_line(&office.hours),
            hours_words: hours_words(&one_line(&office.hours)),
            higher_body_to: one_line(&office.higher_body_to),
            numbered: number.as_deref().map(numbered),
            number,
            received_day: received.map(|moment| day(moment.date())),
            received_time: received.map(time),
            registered_day: params
                .registered_on
                .filter(|registered| received.is_none_or(|received| received.date() != *registered))
                .map(day),
            handled_day: params.handled_on.map(day),
            handled_weekday: params.handled_on.map(|day| weekday_name(day.weekday())),
            department,
            department_to,
            routed_day: params.routed_on.map(day),
            due: params.due.map(day),
            extended_to: params.extended_to.map(day),
            emergency: params.emergency,
            missing: asked.iter().map(|missing| asked_for(*missing)).collect(),
            by_law: asked.iter().any(|missing| missing.is_required_by_law()),
            reply_by: params.reply_by.map(day),
            body: line(&params.body),
            sent_day: params.sent_on.map(day),
            contacts: line(&params.contacts),
            text: params.text.as_deref().map(lines).filter(|text| !text.is_empty()),
            legal_basis: line(&params.legal_basis).map(|basis| basis.trim_end_matches('.').to_owned()),
            valid_on: params.valid_on.map(day),
            decided_by: line(&params.decided_by).map(|who| who.trim_end_matches('.').to_owned()),
            earlier_number: line(&params.earlier_number),
            earlier_day: params.earlier_answered_on.map(day),
            status: line(&params.status),
            waiting: params.waiting,
            since: params.since.is_some(),
            since_day: params.since.map(|moment| day(moment.date())),
            since_time: params.since.map(time),
            held_by: line(&params.held_by),
            alarm: params.alarm.map(alarm),
            quote: line(&params.quote),
            applicant_phones: line(&Some(params.phones.join("; "))),
            channel: line(&params.channel),
            remedy: line(&params.remedy),
            rows: params.rows.iter().take(MOST_ROWS).map(row).collect(),
            remarks: params.remarks.iter().take(MOST_ROWS).map(|remark| one_line(remark)).collect(),
        }
    }
}

/// Name of the department and its form after "до", by its code; a name without a code stays as it is.
fn department(params: &LetterParams, office: &Office) -> (Option<String>, Option<String>) {
    let Some(given) = line(&params.department) else { return (None, None) };
    match office.department(&given) {
        Some(department) => (Some(one_line(&department.name)), line(&department.name_to)),
        None => (Some(given), None),
    }
}

fn row(row: &AppealRow) -> RowView {
    let number = one_line(&row.number);
    RowView {
        numbered: numbered(&number),
        number,
        received: row.received.map(day),
        applicant: one_line(&row.applicant),
        phone: one_line(&row.phone),
        address: one_line(&row.address),
        essence: one_line(&row.essence),
        due: row.due.map(day),
        left: row.days_left.map(left),
        overdue: row.days_left.is_some_and(|days| days < 0),
        status: one_line(&row.status),
        answer: one_line(&row.answer),
        control: one_line(&row.control),
        department: one_line(&row.department),
    }
}

fn numbered(number: &str) -> String {
    format!("№{NO_BREAK_SPACE}{number}")
}

fn day(day: NaiveDate) -> String {
    day.format("%d.%m.%Y").to_string()
}

fn time(moment: NaiveDateTime) -> String {
    moment.format("%H:%M").to_string()
}

fn left(days: i64) -> String {
    let count = days.unsigned_abs();
    let word = plural(count, "день", "дні", "днів");
    match days {
        0 => "термін спливає сьогодні".to_owned(),
        1.. => format!("{} {count} {word}", plural(count, "залишився", "залишилося", "залишилося")),
        _ => format!("прострочено на {count} {word}"),
    }
}

/// The form of a noun after a number: 1 день, 2 дні, 5 днів, 11 днів, 21 день.
pub(crate) fn plural<T>(count: u64, one: T, few: T, many: T) -> T {
    match (count % 10, count % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    }
}

fn asked_for(missing: Missing) -> &'static str {
    match missing {
        Missing::Name => "прізвище, власне ім'я та по батькові (за наявності)",
        Missing::Phone => "контактний номер телефону",
        Missing::RegisteredAddress => {
            "зареєстроване місце проживання (населений пункт, вулиця, номер будинку і квартири)"
        }
        Missing::TemporaryAddress => "місце тимчасового проживання (достатньо назвати населений пункт)",
        Missing::Essence => "суть питання: що сталося і про що Ви просите",
    }
}

/// "10:00–15:00" in a sentence: "з 10:00 до 15:00".
fn hours_words(hours: &str) -> String {
    match hours.split_once(['–', '-', '—']) {
        Some((from, to)) => format!("з {} до {}", from.trim(), to.trim()),
        None => hours.to_owned(),
    }
}

/// A phone that no line end tears apart.
fn unbroken(phone: &str) -> String {
    phone.replace(' ', &NO_BREAK_SPACE.to_string())
}

fn alarm(alarm: Alarm) -> &'static str {
    match alarm {
        Alarm::Life => "загроза життю або здоров'ю людини",
        Alarm::Corruption => "повідомлення про можливу корупцію",
        Alarm::Media => "можливий суспільний розголос",
        Alarm::Mass => "масове звернення",
    }
}

/// The name of a needed value, for an error text.
pub(crate) fn needed_name(needed: Needed) -> &'static str {
    match needed {
        Needed::Number => "number",
        Needed::Received => "received",
        Needed::HandledOn => "handled_on",
        Needed::Missing => "missing (or text)",
        Needed::ReplyBy => "reply_by",
        Needed::Department => "department",
        Needed::Body => "body",
        Needed::SentOn => "sent_on",
        Needed::Text => "text",
        Needed::LegalBasis => "legal_basis",
        Needed::DecidedBy => "decided_by",
        Needed::Earlier => "earlier_number and earlier_answered_on",
        Needed::Status => "status",
        Needed::Waiting => "waiting",
        Needed::Alarm => "alarm",
        Needed::Channel => "channel",
        Needed::Rows => "rows",
    }
}

/// One line, clean, not empty.
fn line(value: &Option<String>) -> Option<String> {
    value.as_deref().map(one_line).filter(|text| !text.is_empty())
}

/// Everything on one line, clean.
pub(crate) fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Several lines, clean, without white space at the ends of lines, at most one empty line together.
fn lines(text: &str) -> String {
    let mut out = String::new();
    let mut empty = 0;
    for line in clean(&text.replace("\r\n", "\n").replace('\r', "\n")).lines() {
        let line = line.trim();
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim().to_owned()
}

/// Without control characters, direction marks and invisible ones; cut at the limit.
fn clean(text: &str) -> String {
    let unwanted = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.chars().filter(|c| !unwanted(*c)).take(LONGEST_VALUE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_their_nouns() {
        for (count, expected) in [
            (0, "днів"),
            (1, "день"),
            (2, "дні"),
            (4, "дні"),
            (5, "днів"),
            (11, "днів"),
            (14, "днів"),
            (21, "день"),
            (112, "днів"),
        ] {
            assert_eq!(plural(count, "день", "дні", "днів"), expected, "{count}");
        }
        assert_eq!(left(1), "залишився 1 день");
        assert_eq!(left(22), "залишилося 22 дні");
        assert_eq!(left(0), "термін спливає сьогодні");
        assert_eq!(left(-3), "прострочено на 3 дні");
    }

    #[test]
    fn what_strangers_wrote_loses_its_tricks() {
        assert_eq!(one_line("а\u{202e}б\0\r\nBcc: x"), "аб Bcc: x");
        assert_eq!(lines("раз\r\n\r\n\r\n\r\n  два \rтри\u{200b}"), "раз\n\nдва\nтри");
        assert_eq!(lines(&"я".repeat(30_000)).chars().count(), LONGEST_VALUE);
    }
}
