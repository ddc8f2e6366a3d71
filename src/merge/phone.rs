//! Phones of a cell in the form in which they are compared: E.164, several by `; `.
//!
//! Only a cell that holds nothing but phones is rewritten; a name or a note beside a number leaves the cell as it is.
//! Finding phones in letters is `reading/phone`'s work.

use crate::domain::phone_plan::{Oddity, Pattern, pattern};

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
    let plus = piece.starts_with('+');
    let shape = Pattern { digits: &digits, plus, labelled: false, cell: true, groups: 1, whole: true };
    if let Some((phone, oddity)) = pattern(&shape) {
        return Some((phone, matches!(oddity, Some(Oddity::LostDigit | Oddity::LostZero))));
    }
    // A country that the plan does not list, or a number that is not whole: as it was written.
    let bare = digits.trim_start_matches("00");
    let international = plus || piece.starts_with("00");
    (international && (8..=15).contains(&bare.len())).then(|| (format!("+{bare}"), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_of_phones_gets_one_form_and_keeps_it() {
        for cell in [
            "066 283 81 82",
            "(066)2838182",
            "066-28-38-182",
            "+38 066 283 81 82",
            "38(066)2838182",
            "380 66 283 81 82",
            "8 066 283 81 82",
            "80662838182",
            "662838182",
            "+380662838182",
            "066.283.81.82",
            "0-66-283-81-82",
        ] {
            assert_eq!(canonical(cell).map(|(phones, _)| phones).as_deref(), Some("+380662838182"), "{cell}");
        }
        for (cell, expected, repaired) in [
            ("+30951391978", "+380951391978", true),
            ("0662838182; 0951391978", "+380662838182; +380951391978", false),
            ("(06452) 4-25-30", "+380645242530", false),
            ("645242530", "+380645242530", true),
            ("+48 511 222 333", "+48511222333", false),
            ("+7 959 123 45 67", "+79591234567", false),
            ("+998 90 123 45 67", "+998901234567", false),
            ("+250 788 123 456", "+250788123456", false),
        ] {
            assert_eq!(canonical(cell), Some((expected.to_owned(), repaired)), "{cell}");
            assert_eq!(canonical(expected), Some((expected.to_owned(), false)), "{expected}");
        }
        for cell in ["1234567890", "немає", "0662838182 (дочка Юля)", ""] {
            assert_eq!(canonical(cell), None, "{cell}");
        }
    }
}
