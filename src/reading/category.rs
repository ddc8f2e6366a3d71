//! The applicant's category, where the letter states it.

use crate::domain::reading::Found;

/// The category of the applicant (a value of `List::Category`), if the letter states one.
pub fn find_category(_own_text: &str) -> Option<Found<String>> {
    None
}
