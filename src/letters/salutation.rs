//! How a letter addresses a person: vocative of given name and patronymic, or the safest greeting that is surely right.
//!
//! "Пан/пані" goes with a name alone, never with a name and patronymic; the surname is never in a salutation. Rules of
//! the 2019 orthography plus a table of exceptions. Deliberately absent: guessing. Who cannot be named surely is greeted
//! "Доброго дня!": a wrong gender hurts more than no name.

use crate::domain::given_name::{Gender, gender_of_given_name, gender_of_patronymic};
use crate::letters::vocative_data::{INVARIABLE, IRREGULAR, SOFT_R};

/// The greeting where nobody can be named surely.
pub const GREETING: &str = "Доброго дня!";

/// The salutation of a collective appeal.
pub const TO_SEVERAL: &str = "Шановні заявники!";

/// Longest name in characters that is put into a salutation.
const LONGEST_NAME: usize = 40;

/// How one person is addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Vocative of the given name; `None` if it is not known surely.
    pub name: Option<String>,
    /// Vocative of a Slavic patronymic.
    pub patronymic: Option<String>,
    /// The whole line.
    pub salutation: String,
}

/// The first line of a letter to an applicant.
///
/// `name` and `patronymic` stand in the nominative; `hint` is a gender that something else than the names tells.
pub fn salutation(name: Option<&str>, patronymic: Option<&str>, hint: Option<Gender>, collective: bool) -> String {
    if collective {
        return TO_SEVERAL.to_owned();
    }
    address(name, patronymic, hint).salutation
}

/// The same of one person, with its parts.
pub fn address(name: Option<&str>, patronymic: Option<&str>, hint: Option<Gender>) -> Address {
    let patronymic = patronymic.map(str::trim).filter(|patronymic| !patronymic.is_empty());
    let fathers = patronymic.and_then(vocative_patronymic);
    let unnamed = |name, patronymic| Address { name, patronymic, salutation: GREETING.to_owned() };
    let Some(name) = name.and_then(clean_name) else { return unnamed(None, fathers) };
    let told = [patronymic.and_then(gender_of_patronymic), gender_of_given_name(&name), hint];
    let mut known = told.into_iter().flatten();
    let Some(gender) = known.next() else {
        // A vocative that is the same for him and for her is sure all the same.
        let [his, hers] = [Gender::Male, Gender::Female].map(|gender| vocative_name(&name, gender));
        return unnamed(his.filter(|his| Some(his) == hers.as_ref()), fathers);
    };
    if known.any(|other| other != gender) {
        // "Олександра Петрович": one of the two was read wrongly, nobody knows which.
        return unnamed(None, None);
    }
    let Some(called) = vocative_name(&name, gender) else { return unnamed(None, fathers) };
    let (honoured, title) = match gender {
        Gender::Male => ("Шановний", "пане"),
        Gender::Female => ("Шановна", "пані"),
    };
    let salutation = match &fathers {
        Some(fathers) => format!("{honoured} {called} {fathers}!"),
        None => format!("{honoured} {title} {called}!"),
    };
    Address { name: Some(called), patronymic: fathers, salutation }
}

/// The vocative of a given name ("Олена" → "Олено"), also of a double one; `None` for what is no whole name.
pub fn vocative_name(name: &str, gender: Gender) -> Option<String> {
    let name = clean_name(name)?;
    let parts: Vec<String> = name.split('-').map(|part| vocative_of_part(part, gender)).collect();
    Some(parts.join("-"))
}

/// The vocative of a Slavic patronymic ("Петрівна" → "Петрівно"); `None` for another kind or a shortened one.
pub fn vocative_patronymic(patronymic: &str) -> Option<String> {
    let patronymic = clean_name(patronymic)?;
    let lower = patronymic.to_lowercase();
    if lower.contains('-') {
        return None;
    }
    if lower.ends_with("ич") || lower.ends_with("іч") {
        return Some(format!("{patronymic}у"));
    }
    let female = ["івна", "ївна", "овна", "евна", "ична", "ічна", "шна"].iter().any(|ending| lower.ends_with(ending));
    if female { swap_ending(&patronymic, "а", "о") } else { None }
}

/// A name fit for a letter: Ukrainian letters, capital first, plain apostrophe; `None` for initials and everything odd.
fn clean_name(raw: &str) -> Option<String> {
    let name: String = raw.trim().chars().map(|c| if "’ʼ`‘ʹ′".contains(c) { '\'' } else { c }).collect();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let plain = name.chars().all(|c| is_ukrainian(c) || c == '\'' || c == '-');
    let whole = name.split('-').all(|part| part.chars().filter(|c| c.is_alphabetic()).count() >= 2);
    if !plain || !whole || letters > LONGEST_NAME {
        return None;
    }
    Some(name.split('-').map(capitalised).collect::<Vec<_>>().join("-"))
}

fn is_ukrainian(c: char) -> bool {
    matches!(c, 'А'..='Щ' | 'Ь' | 'Ю' | 'Я' | 'а'..='щ' | 'ь' | 'ю' | 'я' | 'Ґ' | 'ґ' | 'Є' | 'є' | 'І' | 'і' | 'Ї' | 'ї')
}

fn capitalised(part: &str) -> String {
    let mut letters = part.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    first + &letters.as_str().to_lowercase()
}

fn swap_ending(word: &str, ending: &str, by: &str) -> Option<String> {
    word.strip_suffix(ending).map(|stem| format!("{stem}{by}"))
}

fn vocative_of_part(name: &str, gender: Gender) -> String {
    if let Some((_, vocative)) = IRREGULAR.iter().find(|(nominative, _)| *nominative == name) {
        return (*vocative).to_owned();
    }
    if INVARIABLE.contains(&name) {
        return name.to_owned();
    }
    let mut ending = name.chars().rev();
    let (Some(last), Some(before)) = (ending.next(), ending.next()) else { return name.to_owned() };
    let stem = name.strip_suffix(last).unwrap_or(name);
    match (gender, last) {
        (Gender::Male | Gender::Female, 'а') => format!("{stem}о"),
        (Gender::Male | Gender::Female, 'я') if is_vowel(before) || before == '\'' || before == 'й' => {
            format!("{stem}є")
        }
        // The many short names (Галя, Женя, Вася); the few full ones are in the table.
        (Gender::Male | Gender::Female, 'я') => format!("{stem}ю"),
        (Gender::Male, 'о') if is_velar(before) => format!("{stem}у"),
        (Gender::Male, 'о') => format!("{stem}е"),
        (Gender::Male, 'й' | 'ь') => format!("{stem}ю"),
        (Gender::Male, 'р') if SOFT_R.contains(&name) => format!("{name}ю"),
        (Gender::Male, last) if is_velar(last) => format!("{name}у"),
        (Gender::Male, last) if !is_vowel(last) => format!("{name}е"),
        (Gender::Female, 'ь') => format!("{stem}е"),
        // Foreign names of women that end in a hard consonant, all that end in another vowel.
        (Gender::Male | Gender::Female, _) => name.to_owned(),
    }
}

fn is_vowel(c: char) -> bool {
    "аеєиіїоуюяАЕЄИІЇОУЮЯ".contains(c)
}

fn is_velar(c: char) -> bool {
    "гґкх".contains(c)
}

#[cfg(test)]
#[path = "salutation_tests.rs"]
mod tests;
