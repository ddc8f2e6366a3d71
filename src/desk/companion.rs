//! The workbook beside a register that cannot be written: which appeals wait and why.

use crate::domain::field::Field;
use crate::domain::register::{Row, Table};
use chrono::{Datelike, NaiveDate};

/// The columns that it shows.
const SHOWN: [Field; 17] = [
    Field::Number,
    Field::ReceivedDate,
    Field::ReceivedTime,
    Field::Channel,
    Field::Applicant,
    Field::Representative,
    Field::Phone,
    Field::Email,
    Field::RegisteredAddress,
    Field::TemporaryAddress,
    Field::Kind,
    Field::Essence,
    Field::Topic,
    Field::Department,
    Field::DueDate,
    Field::Control,
    Field::Hint,
];

/// Its names: where somebody has the register open, and where something must be repaired. Those of a past year name it.
pub fn file_names(year: i32, today: NaiveDate) -> [String; 2] {
    let of_year = if year == today.year() { String::new() } else { format!(" {year}") };
    ["реєстр відкрито", "реєстр не оновлюється"].map(|why| format!("Нові звернення{of_year} ({why}).xlsx"))
}

/// What it shows.
pub fn table(rows: &[Row], why: &str) -> Table {
    Table {
        name: "Нові звернення".to_owned(),
        note: format!(
            "Ці звернення ще не внесено до реєстру: {why}. Лише для перегляду: файл зникне, щойно їх буде внесено."
        ),
        columns: SHOWN.iter().map(|field| (field.spec().header.to_owned(), field.spec().width)).collect(),
        rows: rows.iter().map(|row| SHOWN.iter().map(|field| row.get(*field).clone()).collect()).collect(),
    }
}
