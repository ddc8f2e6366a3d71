//! Addresses: where the applicant is registered and where the applicant lives now.

use crate::domain::office::Office;
use crate::domain::reading::Found;
use crate::domain::remark::Remark;

/// The addresses of an applicant.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Addresses {
    /// Registered address (прописка).
    pub registered: Option<Found<String>>,
    /// Address of temporary residence; a settlement is enough.
    pub temporary: Option<Found<String>>,
    /// The applicant says that he lives where he is registered: the temporary address is empty and not missing.
    pub same_place: bool,
    /// What the operator should know.
    pub remarks: Vec<Remark>,
}

/// The addresses of the applicant in the author's own words (head and signature included).
pub fn find_addresses(_own_text: &str, _office: &Office) -> Addresses {
    Addresses::default()
}
