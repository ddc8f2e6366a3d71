//! Phones of a cell in the form in which they are compared: E.164, several by `; `.
//!
//! Only a cell that holds nothing but phones is rewritten; a name or a note beside a number leaves the cell as it is.
//! Finding phones in letters is `reading/phone`'s work.

/// Most phones in one cell.
const MAX_PHONES: usize = 10;

/// The phones of a cell and whether one of them was repaired; `None` if it holds anything else than whole phones.
pub(super) fn canonical(text: &str) -> Option<(String, bool)> {
    let mut phones: Vec<String> = Vec::new();
    let mut repaired = false;
    for piece in text.split([';', ',', '\n', '/']).map(str::trim).filter(|piece| !piece.is_empty()) {
        let (phone, was_repaired) = one(piece)?;
        repaired |= was_repaired;
        if phones.len() < MAX_PHONES && !phones.contains(&phone) {
            phones.push(phone);
        }
    }
    if phones.is_empty() { None } else { Some((phones.join("; "), repaired)) }
}

fn one(piece: &str) -> Option<(String, bool)> {
    let clean = |c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '+' | '-' | '–' | '(' | ')' | '.');
    if !piece.chars().all(clean) {
        return None;
    }
    let digits: String = piece.chars().filter(char::is_ascii_digit).collect();
    let international = piece.starts_with('+') || piece.starts_with("00");
    let bare = digits.trim_start_matches("00");
    match digits.len() {
        9 if !digits.starts_with('0') && !international => Some((format!("+380{digits}"), true)),
        10 if digits.starts_with('0') => Some((format!("+38{digits}"), false)),
        11 if digits.starts_with("80") => Some((format!("+3{digits}"), false)),
        // "+30 95…": the 8 of +380 was lost.
        11 if digits.starts_with("30") && piece.starts_with('+') => {
            Some((format!("+380{}", digits.strip_prefix("30")?), true))
        }
        12 if digits.starts_with("380") => Some((format!("+{digits}"), false)),
        8..=17 if international && (8..=15).contains(&bare.len()) => Some((format!("+{bare}"), false)),
        _ => None,
    }
}
