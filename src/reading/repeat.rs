//! Whether two letters are the same letter: sent again, to both mailboxes, forwarded, in another charset.
//!
//! The digest is taken over the folded words of the author, so that envelope, quoting, line ends, charset, look-alike
//! letters and a greeting do not matter. Where the digests differ, the matters are compared word by word: nearly all of
//! it equal, no other figures, and the same person. A near-copy by another person is another appeal (mass appeals are).

use crate::domain::reading::{Class, Reading};
use crate::reading::essence::without_greeting;
use crate::reading::folded::{Folded, Words};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Fewest words of a matter that may be compared by likeness; shorter ones must be equal.
const MIN_WORDS: usize = 8;

/// How much of the three-word runs must be common (Jaccard).
const ALIKE: f32 = 0.6;

/// Hex SHA-256 of the folded own words without the greeting; `None` if there are none.
pub fn text_digest(own: Words<'_>) -> Option<String> {
    let rest = without_greeting(own);
    match own.part(own.source().len() - rest.len()..own.source().len()) {
        Some(words) => digest(words),
        // A greeting glued to the next word.
        None => digest(Folded::new(rest).words()),
    }
}

fn digest(words: Words<'_>) -> Option<String> {
    if words.is_empty() {
        return None;
    }
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(words.text().trim().as_bytes()) {
        // Writing into a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    Some(hex)
}

/// Whether the later letter is a copy of the earlier one.
pub fn same_letter(earlier: &Reading, later: &Reading) -> bool {
    if !is_words(earlier.class) || !is_words(later.class) {
        return false;
    }
    let same_text = earlier.text_digest.is_some() && earlier.text_digest == later.text_digest;
    if same_text {
        return same_person(earlier, later) != Some(false);
    }
    same_person(earlier, later) == Some(true) && alike(earlier.essence.as_deref(), later.essence.as_deref())
}

fn is_words(class: Class) -> bool {
    match class {
        Class::Appeal | Class::Anonymous | Class::FollowUp => true,
        Class::DepartmentReply
        | Class::Bounce
        | Class::AutoReply
        | Class::Newsletter
        | Class::Spam
        | Class::Receipt
        | Class::Invite
        | Class::Empty => false,
    }
}

/// Whether both are by one person; `None` if it cannot be told.
fn same_person(earlier: &Reading, later: &Reading) -> Option<bool> {
    let surname = |reading: &Reading| reading.surname.as_ref().map(|found| found.value.to_lowercase());
    let name = |reading: &Reading| reading.name.as_ref().map(|found| found.value.to_lowercase());
    if let (Some(one), Some(other)) = (surname(earlier), surname(later)) {
        let names_agree = match (name(earlier), name(later)) {
            (Some(one), Some(other)) => initial(&one) == initial(&other),
            (None, _) | (_, None) => true,
        };
        return Some(one == other && names_agree);
    }
    match (&earlier.email, &later.email) {
        (Some(one), Some(other)) => Some(one.eq_ignore_ascii_case(other)),
        (None, _) | (_, None) => None,
    }
}

fn initial(name: &str) -> Option<char> {
    name.chars().next()
}

/// Whether two matters are nearly the same words with the same figures.
fn alike(one: Option<&str>, other: Option<&str>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    let (one, other) = (Folded::new(one), Folded::new(other));
    let (one, other) = (one.words(), other.words());
    if one.len() < MIN_WORDS || other.len() < MIN_WORDS || figures(one) != figures(other) {
        return false;
    }
    let (left, right) = (runs(one), runs(other));
    let common = left.intersection(&right).count() as f32;
    let all = left.union(&right).count() as f32;
    common >= ALIKE * all
}

fn figures(text: Words<'_>) -> BTreeSet<&str> {
    text.iter().filter(|word| word.starts_with(|letter: char| letter.is_ascii_digit())).collect()
}

fn runs(text: Words<'_>) -> BTreeSet<(&str, &str, &str)> {
    let words: Vec<&str> = text.iter().collect();
    words.windows(3).filter_map(|run| Some((*run.first()?, *run.get(1)?, *run.get(2)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::letter::{Correspondent, Letter};
    use crate::reading::{Reader, tests::office};

    const TEXT: &str =
        "Прошу відремонтувати дах у будинку, бо після зливи тече стеля на п'ятому поверсі і псуються меблі.";

    fn letter(address: &str, subject: &str, text: &str) -> Letter {
        let from = Correspondent { name: String::new(), address: address.into() };
        Letter { from, from_count: 1, subject: subject.into(), text: text.into(), ..Letter::default() }
    }

    fn check(earlier: &str, later: &Letter, copy: bool) {
        let reader = Reader::new(&office());
        let (one, other) = (reader.read(&letter("ivan.sych@ukr.net", "Дах", earlier)), reader.read(later));
        assert_eq!(same_letter(&one, &other), copy, "{}", later.text);
    }

    #[test]
    fn the_same_letter_is_known_in_another_envelope_and_a_near_copy_of_somebody_else_is_not() {
        let original = format!("Доброго дня!\n{TEXT}\n\nСич Іван Петрович, 066 123 45 67");
        let wrapped = original.replace(", бо", ",\nбо").replace('\'', "’");
        check(&original, &letter("ivan.sych@ukr.net", "Re: Дах", &wrapped), true);
        check(&original, &letter("ivan.sych@ukr.net", "Дах", &original.replace("Доброго дня!\n", "")), true);
        check(&original, &letter("ivan.sych@ukr.net", "Дах", &format!("{original}\n\nНадіслано з iPhone")), true);
        let forward =
            format!("---------- Forwarded message ---------\nFrom: <ivan.sych@ukr.net>\nSubject: Дах\n\n{original}");
        check(&original, &letter("olha@i.ua", "Fwd: Дах", &forward), true);
        let reworded = original.replace("і псуються меблі", "та псуються меблі");
        check(&original, &letter("ivan.sych@ukr.net", "Дах", &reworded), true);
        let neighbour = original.replace("Сич Іван Петрович, 066 123 45 67", "Коваль Ольга Ігорівна, 067 123 45 67");
        check(&original, &letter("olha@i.ua", "Дах", &neighbour), false);
        let other = "Прошу видати довідку про склад сім'ї.\n\nСич Іван Петрович, 066 123 45 67";
        check(&original, &letter("ivan.sych@ukr.net", "Довідка", other), false);
        let other_figure = original.replace("п'ятому поверсі", "5 поверсі");
        check(&original, &letter("ivan.sych@ukr.net", "Дах", &other_figure), false);
    }
}
