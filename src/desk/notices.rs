//! Notices to departments: which are due, and what the letter says. All that wait for one department go in one letter.

use crate::domain::field::Field;
use crate::domain::register::Row;
use crate::domain::value::Value;
use crate::letters::params::{AppealRow, LetterParams};
use chrono::{NaiveDateTime, TimeDelta};
use std::collections::BTreeMap;

/// Most appeals of one letter; the others follow in the next.
pub const MOST_ROWS: usize = 200;

/// A notice that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its id in the ledger.
    pub id: i64,
    /// The appeal.
    pub appeal: i64,
    /// Code of the department.
    pub department: String,
    /// Not to wait for others.
    pub urgent: bool,
    /// Since when it waits, Kyiv's local time.
    pub queued: NaiveDateTime,
}

/// The notices that are due, by department: all of a department as soon as one is urgent or has waited long enough.
pub fn due(waiting: &[Waiting], now: NaiveDateTime, batch: TimeDelta) -> BTreeMap<String, Vec<Waiting>> {
    let mut by_department: BTreeMap<String, Vec<Waiting>> = BTreeMap::new();
    for notice in waiting {
        by_department.entry(notice.department.clone()).or_default().push(notice.clone());
    }
    by_department.retain(|_, notices| notices.iter().any(|notice| notice.urgent || now - notice.queued >= batch));
    for notices in by_department.values_mut() {
        notices.truncate(MOST_ROWS);
    }
    by_department
}

/// What the letter says of these appeals.
pub fn letter(department: &str, rows: &[Row]) -> LetterParams {
    let number = match rows {
        [only] => Some(only.get(Field::Number).to_string()),
        _ => None,
    };
    LetterParams {
        department: Some(department.to_owned()),
        number,
        rows: rows.iter().map(appeal_row).collect(),
        ..LetterParams::default()
    }
}

/// An appeal in a letter to a department.
pub fn appeal_row(row: &Row) -> AppealRow {
    let text = |field: Field| row.get(field).to_string();
    let address = match row.get(Field::TemporaryAddress) {
        Value::Empty => text(Field::RegisteredAddress),
        Value::Text(_) | Value::Number(_) | Value::Date(_) | Value::Time(_) => text(Field::TemporaryAddress),
    };
    AppealRow {
        number: text(Field::Number),
        received: row.get(Field::ReceivedDate).as_date(),
        applicant: text(Field::Applicant),
        phone: text(Field::Phone),
        address,
        essence: text(Field::Essence),
        due: row.get(Field::DueDate).as_date(),
        days_left: None,
        status: text(Field::Status),
        answer: text(Field::Answer),
        control: text(Field::Control),
        department: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn notices_of_a_department_go_together_when_one_has_waited_or_is_urgent() {
        let at = |minute| NaiveDate::from_ymd_opt(2026, 3, 2).unwrap().and_hms_opt(10, minute, 0).unwrap();
        let notice = |id, department: &str, urgent, minute| Waiting {
            id,
            appeal: id,
            department: department.to_owned(),
            urgent,
            queued: at(minute),
        };
        let waiting = [notice(1, "soc", false, 0), notice(2, "soc", false, 14), notice(3, "zhkg", false, 5)];
        let ids = |minute, waiting: &[Waiting]| {
            let due = due(waiting, at(minute), TimeDelta::minutes(15));
            due.into_iter()
                .map(|(code, all)| (code, all.iter().map(|one| one.id).collect::<Vec<_>>()))
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(14, &waiting), []);
        assert_eq!(ids(15, &waiting), [("soc".to_owned(), vec![1, 2])]);
        assert_eq!(ids(20, &waiting).len(), 2);
        assert_eq!(ids(5, &[notice(1, "soc", false, 5), notice(2, "soc", true, 5)]), [("soc".to_owned(), vec![1, 2])]);
    }
}
