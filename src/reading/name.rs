//! Names of persons: from any order, case, language and script to a nominative Ukrainian full name.

use crate::domain::remark::Remark;

/// Grammatical gender of a person, as far as the name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gender {
    /// He.
    Male,
    /// She.
    Female,
    /// The name does not tell.
    #[default]
    Unknown,
}

/// A person's name, each part in the nominative.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FullName {
    /// Surname; `None` if it was not written.
    pub surname: Option<String>,
    /// Given name or its initial with a full stop.
    pub name: Option<String>,
    /// Patronymic or its initial with a full stop.
    pub patronymic: Option<String>,
    /// As far as the parts tell.
    pub gender: Gender,
    /// What was translated, guessed or is missing.
    pub remarks: Vec<Remark>,
}

/// The parts of one written name in the nominative: any order, case of declension, Russian or Latin spelling.
pub fn nominative(_as_written: &str) -> FullName {
    FullName::default()
}

/// Gender by the patronymic, else by the given name (either may be empty).
pub fn gender(_name: &str, _patronymic: &str) -> Gender {
    Gender::Unknown
}
