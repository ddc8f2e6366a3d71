//! The applicant's category, where the letter states it in so many words.
//!
//! The values are those of the register's list. A category that the letter gives to somebody else ("мати, інвалід
//! II групи") is not the applicant's; where that cannot be told, the category is left out. Being away from the home
//! town alone makes nobody a ВПО here: that is a status with a certificate.

use crate::domain::reading::Found;
use crate::reading::fold::is_letter;
use crate::reading::kinship::relation;
use crate::reading::words::part;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Words that state a category (folded), the value of the list, how sure they are. The first that fits wins.
const CUES: &[(&str, &str, f32)] = &[
    ("дружина загибл", "сім'я загиблого", 0.9),
    ("вдова загибл", "сім'я загиблого", 0.9),
    ("вдова військов", "сім'я загиблого", 0.9),
    ("мати загибл", "сім'я загиблого", 0.9),
    ("батько загибл", "сім'я загиблого", 0.9),
    ("сім'я загибл", "сім'я загиблого", 0.85),
    ("родина загибл", "сім'я загиблого", 0.85),
    ("член сім'ї загибл", "сім'я загиблого", 0.9),
    ("семья погибш", "сім'я загиблого", 0.85),
    ("я учасник бойових", "УБД", 0.95),
    ("учасник бойових дій", "УБД", 0.75),
    ("учасниця бойових дій", "УБД", 0.85),
    ("статус убд", "УБД", 0.75),
    ("маю убд", "УБД", 0.9),
    ("я убд", "УБД", 0.9),
    ("ветеран війни", "УБД", 0.75),
    ("ветеран ато", "УБД", 0.8),
    ("ветеран оос", "УБД", 0.8),
    ("участник боевых действий", "УБД", 0.75),
    ("я інвалід", "особа з інвалідністю", 0.95),
    ("маю інвалідність", "особа з інвалідністю", 0.95),
    ("особа з інвалідністю", "особа з інвалідністю", 0.8),
    ("інвалід", "особа з інвалідністю", 0.6),
    ("інвалідність", "особа з інвалідністю", 0.55),
    ("инвалид", "особа з інвалідністю", 0.6),
    ("багатодітна мати", "багатодітна сім'я", 0.9),
    ("багатодітна мама", "багатодітна сім'я", 0.9),
    ("багатодітний батько", "багатодітна сім'я", 0.9),
    ("багатодітн", "багатодітна сім'я", 0.8),
    ("многодетн", "багатодітна сім'я", 0.8),
    ("пенсіонерка", "пенсіонер", 0.9),
    ("пенсіонер", "пенсіонер", 0.9),
    ("пенсионер", "пенсіонер", 0.9),
    ("на пенсії", "пенсіонер", 0.8),
    ("моя пенсія", "пенсіонер", 0.8),
    ("мою пенсію", "пенсіонер", 0.8),
    ("я впо", "ВПО", 0.95),
    ("ми впо", "ВПО", 0.9),
    ("довідка впо", "ВПО", 0.8),
    ("довідку впо", "ВПО", 0.8),
    ("взяття на облік впо", "ВПО", 0.85),
    ("внутрішньо переміщен", "ВПО", 0.85),
    ("переселенк", "ВПО", 0.85),
    ("переселенець", "ВПО", 0.85),
    ("переселенц", "ВПО", 0.7),
    ("переселенець", "ВПО", 0.85),
    ("переселенка", "ВПО", 0.85),
    ("я впл", "ВПО", 0.8),
    ("вимушено переміщен", "ВПО", 0.8),
];

/// Longest text that is looked through, in bytes of the folded text.
const MAX_TEXT: usize = 40_000;

/// Words before a cue in which another person may stand.
const WORDS_BEFORE: usize = 4;

/// All cues in one pass. Compiling can only fail for sets far larger than this one.
static FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(CUES.iter().map(|(cue, ..)| cue)).ok());

/// The category of the applicant (a value of `List::Category`), if the folded text states one.
pub fn find_category(folded: &str) -> Option<Found<String>> {
    let folded = part(folded, 0, floor(folded, MAX_TEXT));
    let found = FINDER.iter().flat_map(|finder| finder.find_overlapping_iter(folded));
    let (cue, at) = found
        .map(|found| (found.pattern().as_usize(), found.start()))
        .filter(|(_, at)| begins_a_word(folded, *at) && !is_of_another(folded, *at))
        .min()?;
    let (cue, value, confidence) = CUES.get(cue)?;
    let quote = part(folded, at, floor(folded, at + cue.len() + 30));
    let rest = part(quote, cue.len(), quote.len());
    let tail = rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len());
    let quote = part(quote, 0, cue.len() + tail).to_owned();
    Some(Found { value: (*value).to_owned(), quote, confidence: *confidence })
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn begins_a_word(text: &str, at: usize) -> bool {
    part(text, 0, at).chars().next_back().is_none_or(|c| !is_letter(c))
}

/// Whether a relative or a group stands in the few words before, in the same sentence.
fn is_of_another(text: &str, at: usize) -> bool {
    let from = floor(text, at.saturating_sub(120));
    let before = part(text, from, at);
    let sentence = before.rsplit(['.', '!', '?', ';']).next().unwrap_or("");
    let words: Vec<&str> =
        sentence.split(|c: char| !(is_letter(c) || c == '\'')).filter(|word| !word.is_empty()).collect();
    let near = words.iter().rev().take(WORDS_BEFORE);
    let mut own = false;
    for word in near {
        if matches!(*word, "я" | "мене" | "мені" | "сам" | "сама") {
            own = true;
        }
        let of_others = relation(word).is_some()
            || ["для", "інших", "всім", "усім", "багато", "наших", "шановні", "списку", "пункт", "знижки", "матері"]
                .contains(word);
        if of_others && !own {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(
            find_category(&crate::reading::fold::fold(text)).map(|found| found.value).as_deref(),
            expected,
            "{text}"
        );
    }

    #[test]
    fn the_applicant_states_a_category() {
        check("Я — Воробей Ніна Архипівна, пенсіонерка.", Some("пенсіонер"));
        check("економіст на пенсії", Some("пенсіонер"));
        check("Я інвалід 2 групи, маю довідку.", Some("особа з інвалідністю"));
        check("Я переселенка з Сєвєродонецька", Some("ВПО"));
        check("Довідку ВПО додаю.", Some("ВПО"));
        check("Багатодітна мати, троє дітей", Some("багатодітна сім'я"));
        check("Я учасник бойових дій, служив з 2015 року", Some("УБД"));
        check("Я вдова загиблого військовослужбовця", Some("сім'я загиблого"));
        check("Я внутрішньо переміщена особа", Some("ВПО"));
    }

    #[test]
    fn the_category_of_another_person_is_not_the_applicants() {
        check("Моя мати, інвалід 1 групи, лежача", None);
        check("чи є знижки для переселенців", None);
        check("Немає нічого такого", None);
    }
}
