//! A register as a person sees it: rows of raw cells and a stamp. What the file formats do is tested elsewhere.

use zvernennia::domain::field::Field;
use zvernennia::domain::form::Form;
use zvernennia::domain::grid::{Raw, Sheet, SheetEdits, SheetRow, Stamp};
use zvernennia::domain::value::Value;
use zvernennia::merge::value::interpret;

/// First row below the headers.
const FIRST: u32 = 5;

/// The columns that a register shows.
pub fn columns() -> impl Iterator<Item = Field> {
    Form::Register.columns().iter().map(|spec| spec.field)
}

/// A register without rows.
pub fn empty() -> Sheet {
    Sheet {
        name: "Реєстр".into(),
        header_row: FIRST - 1,
        columns: columns().zip(0..).collect(),
        last_row: FIRST - 1,
        ..Sheet::default()
    }
}

/// The value as it lies in a cell.
pub fn raw(value: &Value) -> Raw {
    match value {
        Value::Empty => Raw::Empty,
        Value::Text(text) => Raw::Text(text.clone()),
        Value::Number(number) => Raw::Number(*number as f64),
        Value::Date(day) => {
            Raw::Number((*day - chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap()).num_days() as f64)
        }
        Value::Time(time) => {
            use chrono::Timelike;
            Raw::Number(f64::from(time.num_seconds_from_midnight()) / 86_400.0)
        }
    }
}

/// What a cell means.
pub fn meant(row: &SheetRow, field: Field) -> Value {
    row.cells.get(&field).map_or(Value::Empty, |raw| interpret(raw, field, false).0)
}

/// Puts a value into a cell of a row.
pub fn put(row: &mut SheetRow, field: Field, raw: Raw) {
    if raw == Raw::Empty {
        row.cells.remove(&field);
    } else {
        row.cells.insert(field, raw);
    }
}

/// Numbers the rows from the top without gaps.
pub fn renumber(sheet: &mut Sheet) {
    sheet.rows.retain(|row| !row.cells.is_empty());
    for (row, number) in sheet.rows.iter_mut().zip(FIRST..) {
        row.row = number;
    }
    sheet.last_row = sheet.rows.last().map_or(FIRST - 1, |row| row.row);
}

/// What the patch does with the edits of a pass.
pub fn apply(sheet: &mut Sheet, edits: &SheetEdits, stamp: Stamp) {
    let fields: Vec<Field> = columns().collect();
    for ((number, column), value) in &edits.cells {
        let row = sheet.rows.iter_mut().find(|row| row.row == *number).unwrap();
        put(row, fields[*column as usize], raw(value));
    }
    sheet.rows.retain(|row| !row.cells.is_empty());
    let mut last = sheet.last_row;
    for cells in &edits.append {
        last += 1;
        let cells = cells.iter().map(|(column, value)| (fields[*column as usize], raw(value))).collect();
        sheet.rows.push(SheetRow { row: last, cells, ..SheetRow::default() });
    }
    sheet.last_row = last;
    sheet.stamp = Some(stamp);
}
