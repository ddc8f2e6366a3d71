//! Settlements: a form in any case ("у Сєвєродонецьку", "в Кропивницькому") leads back to the nominative.
//!
//! Known places come from `places_data` with forms made by rule; a place that is not in the list is led back by its
//! ending alone. The home town and its villages come from the office and are known to the caller.

use crate::reading::fold::{fold, tidy, title};
use crate::reading::lookup::WordMap;
use crate::reading::places_data::{COUNTRIES, TOWNS, TOWNS_ABROAD};
use std::sync::LazyLock;

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A town or settlement of Ukraine.
    Town,
    /// A town abroad.
    Abroad,
    /// A country.
    Country,
}

/// A place of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Nominative.
    pub name: &'static str,
    /// What it is.
    pub sort: Sort,
    /// The form found was the nominative.
    pub nominative: bool,
}

static PLACES: LazyLock<WordMap<String, Place>> = LazyLock::new(|| {
    let mut map: WordMap<String, Place> = WordMap::default();
    let lists = [(TOWNS, Sort::Town), (TOWNS_ABROAD, Sort::Abroad), (COUNTRIES, Sort::Country)];
    // Nominatives first: they win over a form of another place that is written alike.
    for nominative in [true, false] {
        for (list, sort) in lists {
            for entry in list.split('|') {
                let (name, more) = entry.split_once('=').unwrap_or((entry, ""));
                for written in std::iter::once(name).chain(more.split(',')).filter(|written| !written.is_empty()) {
                    let forms = if nominative { vec![fold(written).into_owned()] } else { declined(&fold(written)) };
                    for form in forms {
                        map.entry(form).or_insert(Place { name, sort, nominative });
                    }
                }
            }
        }
    }
    map
});

/// The place of the list that these folded words name (one to three words, any case).
pub fn known(folded: &str) -> Option<Place> {
    PLACES.get(folded).copied()
}

/// All forms of a folded name but the nominative, Ukrainian and Russian endings together.
pub fn declined(name: &str) -> Vec<String> {
    if let Some((first, second)) = name.split_once(' ') {
        return combined(first, second, ' ');
    }
    if let Some((first, second)) = name.rsplit_once('-') {
        let fixed = first.ends_with('о') || !second.ends_with("ий");
        return if fixed {
            one(second).into_iter().map(|form| format!("{first}-{form}")).collect()
        } else {
            combined(first, second, '-')
        };
    }
    one(name)
}

fn combined(first: &str, second: &str, link: char) -> Vec<String> {
    let mut out = Vec::new();
    for left in one(first) {
        for right in one(second) {
            out.push(format!("{left}{link}{right}"));
        }
    }
    out
}

/// Words whose stem changes.
const CHANGING: &[(&str, &str)] = &[
    ("ріг", "рог"),
    ("рог", "рог"),
    ("київ", "києв"),
    ("тернопіль", "тернопол"),
    ("бориспіль", "борисполь"),
    ("самбір", "самбор"),
    ("ірпінь", "ірпен"),
    ("канів", "канев"),
    ("миколаїв", "миколаєв"),
    ("чугуїв", "чугуєв"),
    ("костопіль", "костопол"),
    ("ямпіль", "ямпол"),
    ("старокостянтинів", "старокостянтинов"),
    ("відень", "відн"),
    ("стрий", "стри"),
    ("кельн", "кельн"),
];

fn one(name: &str) -> Vec<String> {
    let endings = |stem: &str, list: &[&str]| list.iter().map(|ending| format!("{stem}{ending}")).collect::<Vec<_>>();
    let soft = ["я", "ю", "і", "ем", "єм", "еві", "е"];
    let hard = ["а", "у", "і", "ом", "ові", "е"];
    if let Some((_, stem)) = CHANGING.iter().find(|(whole, _)| *whole == name) {
        let stem = stem.trim_end_matches('ь');
        let mut out = endings(stem, &hard);
        out.extend(endings(stem, &soft));
        if let Some(rest) = stem.strip_suffix('г') {
            out.push(format!("{rest}зі"));
        }
        return out;
    }
    for adjective in ["ий", "ый", "ій"] {
        if let Some(stem) = name.strip_suffix(adjective)
            && stem.chars().count() > 2
        {
            return endings(stem, &["ого", "ому", "им", "ім", "ом", "ым"]);
        }
    }
    if let Some(stem) = name.strip_suffix("ое").or_else(|| name.strip_suffix('е')) {
        return endings(stem, &["ого", "ому", "им", "ім", "а", "і", "у", "ом"]);
    }
    if let Some(stem) = name.strip_suffix("ая").or_else(|| name.strip_suffix('а')) {
        let mut out = endings(stem, &["и", "і", "у", "ою", "ої", "ій", "ы", "е", "ой"]);
        for (hard, soft) in [('к', "ці"), ('г', "зі"), ('х', "сі")] {
            if let Some(rest) = stem.strip_suffix(hard) {
                out.push(format!("{rest}{soft}"));
            }
        }
        return out;
    }
    if let Some(stem) = name.strip_suffix('я') {
        return endings(stem, &["і", "ї", "ю", "ею", "єю", "ям", "и", "ей", "е"]);
    }
    if let Some(stem) = name.strip_suffix(['и', 'ы']) {
        return endings(stem, &["", "ів", "ах", "ам", "ами", "ях"]);
    }
    if let Some(stem) = name.strip_suffix('і') {
        return endings(stem, &["ів", "ях", "ям", "ями", "ь", "ах"]);
    }
    if let Some(stem) = name.strip_suffix('о') {
        return endings(stem, &["а", "і", "у", "ом", "ові", "е"]);
    }
    if let Some(stem) = name.strip_suffix("їв") {
        return endings(stem, &["єва", "єву", "єві", "євом"]);
    }
    if let Some(stem) = name.strip_suffix("ів") {
        let mut out = endings(stem, &["ова", "ову", "ові", "овом"]);
        out.extend(endings(stem, &["ева", "еву", "еві"]));
        return out;
    }
    if let Some(stem) = name.strip_suffix("ець").or_else(|| name.strip_suffix("ец")) {
        return endings(stem, &["ця", "цю", "ці", "цем", "це", "ца"]);
    }
    if let Some(stem) = name.strip_suffix(['ь', 'й']) {
        return endings(stem, &soft);
    }
    endings(name, &hard)
}

/// An unknown place in the nominative by its ending, as it stands after "в", "у", "з", "до".
pub fn nominative_by_ending(written: &str) -> String {
    let word = tidy(written);
    let lower = fold(&word);
    let table: [(&str, &str); 20] = [
        ("ському", "ське"),
        ("цькому", "цьке"),
        ("овому", "ове"),
        ("евому", "еве"),
        ("ному", "не"),
        ("ську", "ськ"),
        ("цьку", "цьк"),
        ("ська", "ськ"),
        ("івці", "івка"),
        ("ївці", "ївка"),
        ("івки", "івка"),
        ("ївки", "ївка"),
        ("нці", "нка"),
        ("ові", "ів"),
        ("єві", "їв"),
        ("ичах", "ичі"),
        ("ах", "и"),
        ("ях", "і"),
        ("ині", "ина"),
        ("озі", "ога"),
    ];
    for (from, to) in table {
        if let Some(stem) = lower.strip_suffix(from)
            && stem.chars().count() >= 2
        {
            return title(&format!("{stem}{to}"));
        }
    }
    for (from, to) in [("аді", "ад"), ("оді", "од"), ("олі", "оль"), ("аві", "ава"), ("ні", "нь"), ("ці", "ця")]
    {
        if let Some(stem) = lower.strip_suffix(from)
            && stem.chars().count() >= 2
        {
            return title(&format!("{stem}{to}"));
        }
    }
    if word.chars().next().is_some_and(char::is_lowercase) { title(&word) } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_known_in_every_case() {
        for (form, name) in [
            ("Кропивницькому", "Кропивницький"),
            ("Вінниці", "Вінниця"),
            ("Дніпрі", "Дніпро"),
            ("дніпропетровську", "Дніпро"),
            ("Кривому Розі", "Кривий Ріг"),
            ("Кривого Рогу", "Кривий Ріг"),
            ("Чопі", "Чоп"),
            ("Сумах", "Суми"),
            ("Чернівцях", "Чернівці"),
            ("Полтаві", "Полтава"),
            ("Ужгороді", "Ужгород"),
            ("Львові", "Львів"),
            ("Києві", "Київ"),
            ("Миколаєві", "Миколаїв"),
            ("Івано-Франківську", "Івано-Франківськ"),
            ("Кам'янці-Подільському", "Кам'янець-Подільський"),
            ("Білій Церкві", "Біла Церква"),
            ("Рівному", "Рівне"),
            ("Запоріжжі", "Запоріжжя"),
            ("Тернополі", "Тернопіль"),
            ("Самборі", "Самбір"),
            ("Умані", "Умань"),
            ("Кременчуге", "Кременчук"),
            ("Черкассах", "Черкаси"),
            ("Константиновка", "Костянтинівка"),
            ("Польщі", "Польща"),
            ("Німеччині", "Німеччина"),
            ("Германии", "Німеччина"),
            ("Кракові", "Краків"),
            ("Одесі", "Одеса"),
            ("Трускавці", "Трускавець"),
            ("Стрию", "Стрий"),
            ("Мукачеві", "Мукачево"),
            ("Харькове", "Харків"),
        ] {
            assert_eq!(known(&fold(form)).map(|place| place.name), Some(name), "{form}");
        }
    }

    #[test]
    fn unknown_places_are_led_back_by_their_ending() {
        for (form, name) in [
            ("Петриківці", "Петриківка"),
            ("Новопетрівському", "Новопетрівське"),
            ("Борзенську", "Борзенськ"),
            ("Малехові", "Малехів"),
        ] {
            assert_eq!(nominative_by_ending(form), name);
        }
    }
}
