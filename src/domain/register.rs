//! Appeals as a document: what a workbook of them shows, as plain values. `workbook` draws it, `ledger` fills it.

use crate::domain::digest::Digest;
use crate::domain::field::{FIELDS, Field, List};
use crate::domain::form::Form;
use crate::domain::grid::Stamp;
use crate::domain::value::Value;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// The cells of one appeal in the order of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    cells: [Value; FIELDS.len()],
}

impl Row {
    /// The value in a column.
    pub fn get(&self, field: Field) -> &Value {
        static EMPTY: Value = Value::Empty;
        self.cells.get(field as usize).unwrap_or(&EMPTY)
    }

    /// Puts a value into a column.
    pub fn set(&mut self, field: Field, value: Value) {
        if let Some(cell) = self.cells.get_mut(field as usize) {
            *cell = value;
        }
    }

    /// The cells that show something, from left to right.
    pub fn filled(&self) -> impl Iterator<Item = (Field, &Value)> {
        Field::all().map(|field| (field, self.get(field))).filter(|(_, value)| !value.is_empty())
    }
}

/// A plain table on a sheet of its own ("Не зареєстровано", "Розбіжності", …).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Name of the sheet.
    pub name: String,
    /// One line above the table that says what it is for.
    pub note: String,
    /// Headers with their widths in Excel characters.
    pub columns: Vec<(String, u16)>,
    /// Rows, as wide as the headers.
    pub rows: Vec<Vec<Value>>,
}

/// What stands above the register of a year and in its print header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Title {
    /// Full name of the organisation.
    pub organisation: String,
    /// Name of the contact centre, the line under the title; empty: left out.
    pub centre: String,
    /// Reference to the order ("Додаток 3 до розпорядження …"), several lines.
    pub reference: String,
    /// Year of the register.
    pub year: i32,
}

/// What stands above the appeals of a department and in the print header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Instructions {
    /// What this is ("Звернення на розгляді: …").
    pub title: String,
    /// How it is filled in and where it goes, two lines.
    pub lines: [String; 2],
    /// Full name of the organisation, for the document properties.
    pub organisation: String,
}

/// What stands above the rows; it tells the form as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heading {
    /// The register of a year.
    Register(Title),
    /// Appeals of a department.
    Department(Instructions),
}

impl Default for Heading {
    fn default() -> Self {
        Self::Register(Title::default())
    }
}

/// Everything in a workbook of appeals but its rows, which are streamed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frame {
    /// What stands above the rows.
    pub heading: Heading,
    /// Values of the dropdowns.
    pub lists: BTreeMap<List, Vec<String>>,
    /// Further sheets in order.
    pub tables: Vec<Table>,
    /// The stamp to leave.
    pub stamp: Option<Stamp>,
    /// The moment of making, for the document properties.
    pub created: DateTime<Utc>,
}

impl Frame {
    /// The form of the rows.
    pub fn form(&self) -> Form {
        match &self.heading {
            Heading::Register(_) => Form::Register,
            Heading::Department(_) => Form::Department,
        }
    }

    /// What the workbook is called.
    pub fn title(&self) -> String {
        match &self.heading {
            Heading::Register(title) => format!("РЕЄСТР звернень громадян за {} рік", title.year),
            Heading::Department(instructions) => instructions.title.clone(),
        }
    }

    /// Full name of the organisation.
    pub fn organisation(&self) -> &str {
        match &self.heading {
            Heading::Register(title) => &title.organisation,
            Heading::Department(instructions) => &instructions.organisation,
        }
    }
}

impl Row {
    /// Applicant and essence, if both are there: who wants what.
    pub fn matter(&self) -> Option<(Value, Value)> {
        let (applicant, essence) = (self.get(Field::Applicant), self.get(Field::Essence));
        (!applicant.is_empty() && !essence.is_empty()).then(|| (applicant.clone(), essence.clone()))
    }

    /// The digest of all that a form shows of the row: equal digests, equal cells.
    pub fn digest(&self, form: Form) -> Digest {
        let mut shown = String::with_capacity(1024);
        for spec in form.columns() {
            self.get(spec.field).encode_into(&mut shown);
            // No value holds this letter.
            shown.push('\0');
        }
        Digest::of(shown.as_bytes())
    }

    /// What a form shows of the row; the other cells are empty.
    pub fn as_shown(&self, form: Form) -> Self {
        let mut shown = Self::default();
        form.columns().iter().for_each(|spec| shown.set(spec.field, self.get(spec.field).clone()));
        shown
    }

    /// The row as one line of JSON for the ledger: an array of encoded values.
    pub fn encode(&self) -> String {
        let encoded: Vec<String> = self.cells.iter().map(Value::encode).collect();
        serde_json::to_string(&encoded).unwrap_or_default()
    }

    /// Reads what `encode` wrote; columns that a later form added are empty. `None` for anything else.
    pub fn decode(encoded: &str) -> Option<Self> {
        let values: Vec<String> = serde_json::from_str(encoded).ok()?;
        let mut row = Self::default();
        for (field, value) in Field::all().zip(&values) {
            row.set(field, Value::decode(value)?);
        }
        Some(row)
    }
}
