//! What the desk knows besides the snapshot: the office's settings, and how names are compared.

use crate::domain::field::Field;
use crate::domain::number::NumberFormat;
use crate::domain::register::Row;
use crate::settings::valid::Settings;

/// The desk's standing knowledge.
pub struct Desk<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// How appeals are numbered.
    pub numbers: &'a NumberFormat,
}

/// Surname and given name in the form in which two applicants are compared: lower case, apostrophes and hyphens off.
/// Empty unless both are known.
pub fn applicant_key(surname: Option<&str>, name: Option<&str>) -> String {
    match (surname, name) {
        (Some(surname), Some(name)) => {
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
            format!("{} {}", letters(surname), letters(name))
        }
        (Some(_) | None, _) => String::new(),
    }
}

/// The same of the applicant of a row.
pub fn person(row: &Row) -> String {
    let name = row.get(Field::Applicant).to_string();
    let mut words = name.split_whitespace();
    applicant_key(words.next(), words.next())
}
