//! Phones: E.164 from what people write.

use crate::domain::reading::Found;
use crate::domain::remark::Remark;

/// The contact phones of a text, E.164, in order, each once; `own_phones` (E.164) are never among them.
pub fn find_phones(_text: &str, _own_phones: &[String]) -> Vec<Found<String>> {
    Vec::new()
}

/// The content of a phone cell in canonical form (`+380…`, several by `; `, labels kept); `None` if there is no phone in it.
pub fn normalise(_cell: &str) -> (Option<String>, Vec<Remark>) {
    (None, Vec::new())
}
