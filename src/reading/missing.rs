//! What must be asked for: the five mandatory things of п. 3.5 of the statute that the letter does not say.
//!
//! A patronymic alone is never asked for. A registered address counts with street and house (or a village house); a
//! settlement is enough for the temporary one, and who lives where he is registered has none.

use crate::domain::reading::{Found, Missing, Reading};
use crate::reading::folded::Folded;

/// Fewest words that can tell a matter.
const MIN_ESSENCE_WORDS: usize = 2;

/// How far these words are looked for, in bytes.
const ENOUGH: usize = 300;

/// What must be asked for, in the order of the form.
pub fn missing(reading: &Reading, same_place: bool) -> Vec<Missing> {
    let mut missing = Vec::new();
    if reading.surname.is_none() || !reading.name.as_ref().is_some_and(is_whole_name) {
        missing.push(Missing::Name);
    }
    if reading.phones.is_empty() {
        missing.push(Missing::Phone);
    }
    if !reading.registered_address.as_ref().is_some_and(has_house) {
        missing.push(Missing::RegisteredAddress);
    }
    if reading.temporary_address.is_none() && !same_place {
        missing.push(Missing::TemporaryAddress);
    }
    if !reading.essence.as_deref().is_some_and(tells) {
        missing.push(Missing::Essence);
    }
    missing
}

fn tells(essence: &str) -> bool {
    let begin = essence.get(..essence.floor_char_boundary(ENOUGH)).unwrap_or(essence);
    Folded::new(begin).words().len() >= MIN_ESSENCE_WORDS
}

/// An initial is no name to answer to.
fn is_whole_name(name: &Found<String>) -> bool {
    name.value.trim().trim_end_matches('.').chars().count() > 1
}

fn has_house(address: &Found<String>) -> bool {
    let value = address.value.as_str();
    value.chars().any(|letter| letter.is_ascii_digit()) || value.contains("б/н")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::letter::Letter;
    use crate::reading::{Reader, tests::office};

    #[test]
    fn what_the_letter_does_not_say_is_asked_for() {
        let found = |value: &str| Some(Found { value: value.to_owned(), quote: String::new(), confidence: 1.0 });
        let mut reading = Reader::new(&office()).read(&Letter::default());
        use Missing::{Essence, Name, Phone, RegisteredAddress, TemporaryAddress};
        assert_eq!(missing(&reading, false), [Name, Phone, RegisteredAddress, TemporaryAddress, Essence]);
        reading.surname = found("Сич");
        reading.name = found("І.");
        reading.registered_address = found("м. Сєвєродонецьк");
        reading.essence = Some("Прошу допомоги".to_owned());
        assert_eq!(missing(&reading, true), [Name, Phone, RegisteredAddress], "an initial, a town without a house");
        reading.name = found("Іван");
        reading.registered_address = found("м. Сєвєродонецьк, вул. Гагаріна, буд. 5");
        assert_eq!(missing(&reading, true), [Phone]);
    }
}
