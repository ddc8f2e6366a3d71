//! Names in Latin letters, as display names and addresses have them, back into Ukrainian.
//!
//! Given names are found in the dictionary by a skeleton in which all ways of romanising sound alike
//! (Yevhenii, Evgeniy, Yevgen); surnames are spelled back by rule. What comes out is a proposal, never a certainty.

use crate::reading::fold::{fold, is_letter, title};
use crate::reading::given::{Form, NOM, full_names};
use crate::reading::name::Gender;
use crate::reading::names_data::{FEMALE_SHORT, MALE_SHORT};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static BY_SKELETON: LazyLock<BTreeMap<String, Form>> = LazyLock::new(|| {
    let mut map = BTreeMap::new();
    for (name, gender, form) in full_names() {
        map.entry(skeleton_of_cyrillic(form)).or_insert(Form {
            name,
            gender,
            cases: NOM,
            russian: form != name,
            short: false,
        });
    }
    for (list, gender) in [(MALE_SHORT, Gender::Male), (FEMALE_SHORT, Gender::Female)] {
        for name in list.split_whitespace() {
            map.entry(skeleton_of_cyrillic(name)).or_insert(Form {
                name,
                gender,
                cases: NOM,
                russian: false,
                short: true,
            });
        }
    }
    map
});

/// Western forms that no skeleton reaches.
const WESTERN: &[(&str, &str, Gender)] = &[
    ("alexander", "Олександр", Gender::Male),
    ("alexandr", "Олександр", Gender::Male),
    ("alexandra", "Олександра", Gender::Female),
    ("eugene", "Євген", Gender::Male),
    ("eugenia", "Євгенія", Gender::Female),
    ("michael", "Михайло", Gender::Male),
    ("peter", "Петро", Gender::Male),
    ("paul", "Павло", Gender::Male),
    ("helen", "Олена", Gender::Female),
    ("catherine", "Катерина", Gender::Female),
    ("katherine", "Катерина", Gender::Female),
    ("natalie", "Наталія", Gender::Female),
    ("george", "Георгій", Gender::Male),
    ("ludmila", "Людмила", Gender::Female),
    ("ludmyla", "Людмила", Gender::Female),
    ("luba", "Люба", Gender::Female),
    ("lubov", "Любов", Gender::Female),
    ("victor", "Віктор", Gender::Male),
    ("victoria", "Вікторія", Gender::Female),
    ("max", "Максим", Gender::Male),
    ("olga", "Ольга", Gender::Female),
    ("igor", "Ігор", Gender::Male),
    ("oleg", "Олег", Gender::Male),
];

/// Whether the word is written in Latin letters only.
pub fn is_latin(word: &str) -> bool {
    let mut letters = 0_usize;
    for c in word.chars().filter(|c| is_letter(*c)) {
        if !c.is_ascii_alphabetic() {
            return false;
        }
        letters += 1;
    }
    letters > 0
}

/// The given name that a Latin word stands for.
pub fn given(word: &str) -> Option<Form> {
    let lower = word.to_lowercase();
    if let Some((_, name, gender)) = WESTERN.iter().find(|(western, ..)| *western == lower) {
        return Some(Form { name, gender: *gender, cases: NOM, russian: false, short: false });
    }
    if lower.chars().count() < 3 {
        return None;
    }
    BY_SKELETON.get(&skeleton_of_latin(&lower)).copied()
}

/// Sounds of Latin spellings, longest first.
const SOUNDS: &[(&str, &str)] = &[
    ("shch", "щ"),
    ("sch", "щ"),
    ("zgh", "зг"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("tz", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("ph", "ф"),
    ("th", "т"),
    ("ck", "к"),
    ("x", "кс"),
    ("a", "а"),
    ("b", "б"),
    ("c", "к"),
    ("d", "д"),
    ("e", "е"),
    ("f", "ф"),
    ("g", "г"),
    ("h", "г"),
    ("i", "и"),
    ("j", "и"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("q", "к"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("v", "в"),
    ("w", "в"),
    ("y", "и"),
    ("z", "з"),
];

/// Cut the longest known sound off the front: the Cyrillic for it and the rest.
fn sound<'a>(rest: &'a str, table: &[(&str, &'static str)]) -> Option<(&'static str, &'a str)> {
    table.iter().find_map(|(latin, cyrillic)| rest.strip_prefix(latin).map(|after| (*cyrillic, after)))
}

fn skeleton_of_latin(lower: &str) -> String {
    let mut raw = String::with_capacity(lower.len() * 2);
    let mut rest = lower;
    while let Some(c) = rest.chars().next() {
        match sound(rest, SOUNDS) {
            Some((cyrillic, after)) => {
                raw.push_str(cyrillic);
                rest = after;
            }
            None => rest = rest.strip_prefix(c).unwrap_or(""),
        }
    }
    settled(&raw)
}

fn skeleton_of_cyrillic(word: &str) -> String {
    let mut raw = String::with_capacity(word.len() + 8);
    for c in fold(word).chars() {
        match c {
            'я' => raw.push_str("иа"),
            'ю' => raw.push_str("иу"),
            'є' => raw.push_str("ие"),
            'і' | 'ї' | 'й' | 'ы' => raw.push('и'),
            'э' => raw.push('е'),
            'ь' | 'ъ' | '\'' => {}
            other => raw.push(other),
        }
    }
    settled(&raw)
}

/// Doubled letters once; "ие" at the begin as "е".
fn settled(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut previous = ' ';
    for c in raw.chars() {
        if c != previous {
            out.push(c);
        }
        previous = c;
    }
    out.strip_prefix("ие").map_or(out.clone(), |rest| format!("е{rest}"))
}

/// Whether a Latin and a Cyrillic word, or two of either kind, sound alike (surnames compared across alphabets).
pub fn sounds_like(left: &str, right: &str) -> bool {
    let skeleton = |word: &str| {
        if is_latin(word) { skeleton_of_latin(&word.to_lowercase()) } else { skeleton_of_cyrillic(word) }
    };
    let (left, right) = (skeleton(left), skeleton(right));
    !left.is_empty() && left == right
}

/// Endings of surnames, longest first.
const ENDINGS: &[(&str, &str)] = &[
    ("tskyi", "цький"),
    ("tskyy", "цький"),
    ("tskiy", "цький"),
    ("tskij", "цький"),
    ("tskii", "цький"),
    ("tskaya", "цька"),
    ("tskaia", "цька"),
    ("tsky", "цький"),
    ("tski", "цький"),
    ("tska", "цька"),
    ("skyi", "ський"),
    ("skyy", "ський"),
    ("skiy", "ський"),
    ("skij", "ський"),
    ("skii", "ський"),
    ("skaya", "ська"),
    ("skaia", "ська"),
    ("sky", "ський"),
    ("ski", "ський"),
    ("ska", "ська"),
    ("yi", "ий"),
    ("yy", "ий"),
    ("iy", "ій"),
    ("ii", "ій"),
    ("ets", "ець"),
    ("iets", "єць"),
    ("its", "иць"),
    ("al", "аль"),
    ("el", "ель"),
    ("il", "іль"),
];

/// Sounds inside a surname, longest first.
const INNER: &[(&str, &str)] = &[
    ("shch", "щ"),
    ("zgh", "зг"),
    ("yu", "ю"),
    ("iu", "ю"),
    ("ju", "ю"),
    ("ya", "я"),
    ("ia", "я"),
    ("ja", "я"),
    ("ye", "є"),
    ("ie", "є"),
    ("je", "є"),
    ("yi", "ї"),
    ("yo", "йо"),
    ("io", "йо"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("lc", "льc"),
    ("ln", "льн"),
    ("lk", "льк"),
    ("i", "і"),
    ("j", "й"),
    ("y", "и"),
];

/// A surname in Latin letters spelled back into Ukrainian.
pub fn surname(word: &str) -> String {
    let parts: Vec<String> = word.to_lowercase().split('-').map(one_surname).collect();
    title(&parts.join("-"))
}

fn one_surname(lower: &str) -> String {
    let (stem, ending) = ENDINGS
        .iter()
        .find_map(|(latin, cyrillic)| lower.strip_suffix(latin).map(|stem| (stem, *cyrillic)))
        .unwrap_or((lower, ""));
    let mut out = String::with_capacity(lower.len() * 2);
    let mut rest = stem;
    while let Some(c) = rest.chars().next() {
        // "ль" before ч: the c of "lch" goes back to be read with its h.
        if let Some(after) = rest.strip_prefix("lch") {
            out.push_str("льч");
            rest = after;
            continue;
        }
        match sound(rest, INNER).or_else(|| sound(rest, SOUNDS)) {
            Some((cyrillic, after)) => {
                push_sound(&mut out, cyrillic);
                rest = after;
            }
            None => rest = rest.strip_prefix(c).unwrap_or(""),
        }
    }
    if ending.starts_with("сь") && out.ends_with('л') {
        out.push('ь');
    }
    out.push_str(ending);
    out
}

/// A word of a letter in Latin letters spelled back into Ukrainian, in small letters.
pub fn plain_word(lower: &str) -> String {
    let mut out = String::with_capacity(lower.len() * 2);
    let mut rest = lower;
    while let Some(c) = rest.chars().next() {
        match sound(rest, POLISH).or_else(|| sound(rest, INNER)).or_else(|| sound(rest, SOUNDS)) {
            Some((cyrillic, after)) if cyrillic == "ї" && after.is_empty() => {
                out.push_str("ий");
                rest = after;
            }
            Some((cyrillic, after)) => {
                push_sound(&mut out, cyrillic);
                rest = after;
            }
            None => {
                if c != '\'' {
                    out.push(c);
                }
                rest = rest.strip_prefix(c).unwrap_or("");
            }
        }
    }
    out
}

/// Polish spellings of sounds, and pairs that no Ukrainian word has.
const POLISH: &[(&str, &str)] = &[("szcz", "щ"), ("sz", "ш"), ("cz", "ч"), ("rz", "ж"), ("lc", "льц")];

fn push_sound(out: &mut String, cyrillic: &str) {
    let last = out.chars().last().unwrap_or(' ');
    match cyrillic {
        "я" | "ю" | "є" if "бпвмф".contains(last) => {
            out.push('\'');
            out.push_str(cyrillic);
        }
        "и" if "аеєоую".contains(last) => out.push('й'),
        "і" if "аеєоую".contains(last) => out.push('ї'),
        other => out.push_str(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_are_found_however_they_are_romanised() {
        for (latin, name) in [
            ("Olena", "Олена"),
            ("Yevhenii", "Євгеній"),
            ("Evgeniy", "Євгеній"),
            ("Yevhen", "Євген"),
            ("Oleksandr", "Олександр"),
            ("Aleksandr", "Олександр"),
            ("Alexander", "Олександр"),
            ("Serhii", "Сергій"),
            ("Sergey", "Сергій"),
            ("Mykola", "Микола"),
            ("Nikolay", "Микола"),
            ("Yuliia", "Юлія"),
            ("Julia", "Юлія"),
            ("Nataliya", "Наталія"),
            ("Iryna", "Ірина"),
            ("Lesia", "Леся"),
            ("Kateryna", "Катерина"),
            ("Ekaterina", "Катерина"),
            ("Dmytro", "Дмитро"),
            ("Igor", "Ігор"),
            ("Khrystyna", "Христина"),
            ("Lyudmila", "Людмила"),
            ("Viacheslav", "В'ячеслав"),
            ("Yana", "Яна"),
            ("Anna", "Анна"),
            ("Zinaida", "Зінаїда"),
        ] {
            assert_eq!(given(latin).map(|form| form.name), Some(name), "{latin}");
        }
    }

    #[test]
    fn surnames_are_spelled_back() {
        for (latin, cyrillic) in [
            ("Kovalenko", "Коваленко"),
            ("Kovalchuk", "Ковальчук"),
            ("Shevchenko", "Шевченко"),
            ("Zadorozhnyi", "Задорожний"),
            ("Kravets", "Кравець"),
            ("Tarasiuk", "Тарасюк"),
            ("Melnyk", "Мельник"),
            ("Vyshnevska", "Вишневська"),
            ("Polishchuk", "Поліщук"),
            ("Khyzhniak", "Хижняк"),
            ("Zhmak", "Жмак"),
            ("Bida", "Біда"),
            ("Havryliuk", "Гаврилюк"),
            ("Lytvynenko", "Литвиненко"),
        ] {
            assert_eq!(surname(latin), cyrillic);
        }
    }
}
