//! Comparing short labels (headers, values of lists) as people see them, not as they are encoded.
//!
//! Case, blanks, punctuation, apostrophes and dashes do not count; Latin letters that look like Cyrillic ones are taken
//! for them (an order once had "ВС" in its head and "BC" in its annexes). Only for comparing: never shown, never stored.

use crate::domain::look_alike::cyrillic_twin;

/// The form in which two labels are compared: letters, digits and `№`, lower case, look-alikes as Cyrillic.
pub fn key(label: &str) -> String {
    let mut key = String::with_capacity(label.len());
    for letter in label.chars() {
        // The modifier apostrophe counts as a letter in Unicode; to the eye it is an apostrophe like the others.
        if !(letter.is_alphanumeric() || letter == '№') || letter == 'ʼ' {
            continue;
        }
        key.extend(cyrillic_twin(letter).to_lowercase().map(|lower| match lower {
            'ґ' => 'г',
            'ё' => 'е',
            // Both sides go through here, so small Latin letters may follow their capitals.
            'b' => 'в',
            'h' => 'н',
            'k' => 'к',
            'm' => 'м',
            't' => 'т',
            'y' => 'у',
            other => other,
        }));
    }
    key
}

/// Whether two labels are the same to the eye.
pub fn same(one: &str, other: &str) -> bool {
    one == other || key(one) == key(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_look_the_same_are_the_same() {
        for (one, other) in [
            ("Прізвище, ім'я, по батькові заявника", "ПРІЗВИЩЕ ІМ’Я\nПО БАТЬКОВІ ЗАЯВНИКА"),
            ("№ з/п", "№з/п"),
            ("К", "K"),
            ("Статус", "  cтатуc\u{a0}"),
            ("е-пошта 1", "E–пошта 1"),
            ("Надано роз'яснення", "надано розʼяснення"),
        ] {
            assert!(same(one, other), "{one} / {other}");
        }
        for (one, other) in [("інше", "інші"), ("телефон 1", "телефон 2"), ("Дата", "Дата відповіді")]
        {
            assert!(!same(one, other), "{one} / {other}");
        }
    }
}
