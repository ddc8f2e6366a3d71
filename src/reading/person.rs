//! Who applies: the applicant among all persons that a letter names.

use crate::domain::letter::Correspondent;
use crate::domain::reading::Found;
use crate::domain::remark::Remark;

/// Where the name of the applicant may stand.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The author's own words with line ends as in the letter: no quoted history; head, address block and signature included.
    pub own_text: &'a str,
    /// The signature block where it was cut off from `own_text`; may be empty.
    pub signature: &'a str,
    /// Author of the letter (for a forward the inner one). Leave empty for a follow-up: only new words count there.
    pub from: &'a Correspondent,
    /// Subject of the letter; may be empty.
    pub subject: &'a str,
}

/// Who applies, and for whom.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Person {
    /// Surname, nominative.
    pub surname: Option<Found<String>>,
    /// Given name, nominative.
    pub name: Option<Found<String>>,
    /// Patronymic, nominative.
    pub patronymic: Option<Found<String>>,
    /// The person or group in whose interest the applicant acts.
    pub representative_of: Option<Found<String>>,
    /// The appeal is made by or for a group.
    pub collective: bool,
    /// What the operator should know.
    pub remarks: Vec<Remark>,
}

/// The applicant.
pub fn find_applicant(_sources: &Sources<'_>) -> Person {
    Person::default()
}
