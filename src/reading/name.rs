//! Names of persons: from any order, case, language and script to a nominative Ukrainian full name.
//!
//! `assemble` puts the parts of one name together once it is known which word is which; `nominative` finds that out for
//! a name standing alone (a cell, a display name, a command line); `person` finds names in running text.
//! The case is told by the given name and the patronymic, then the surname is led back to the nominative.
//! Nothing here guesses a part that was not written; what was translated or is missing is told in the remarks.

use crate::domain::field::Field;
use crate::domain::remark::Remark;
use crate::reading::fold::{fold, is_capital, tidy, title};
use crate::reading::given::{ANY, Cases, Form, GEN, NOM, VOC, forms_of};
use crate::reading::latin;
use crate::reading::patronymic::{Patronymic, patronymic};
use crate::reading::surname::{self, from_russian, has_russian_letters, shown};
use crate::reading::words::{Sort, tokens};

/// Longest name that is read, in words.
const MAX_WORDS: usize = 12;

/// Grammatical gender of a person, as far as the name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gender {
    /// He.
    Male,
    /// She.
    Female,
    /// The name does not tell.
    #[default]
    Unknown,
}

/// A person's name, each part in the nominative.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FullName {
    /// Surname; `None` if it was not written.
    pub surname: Option<String>,
    /// Given name or its initial with a full stop.
    pub name: Option<String>,
    /// Patronymic or its initial with a full stop.
    pub patronymic: Option<String>,
    /// As far as the parts tell.
    pub gender: Gender,
    /// What was translated, guessed or is missing.
    pub remarks: Vec<Remark>,
}

/// The words of one name as written, each at most once; `""` where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Parts<'a> {
    /// Surname.
    pub surname: &'a str,
    /// Given name or initial.
    pub name: &'a str,
    /// Patronymic or initial.
    pub patronymic: &'a str,
}

/// A name put together, and in which case it stood.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Assembled {
    /// The parts in the nominative.
    pub full: FullName,
    /// The cases that it may have stood in.
    pub cases: Cases,
    /// It was written in Russian.
    pub russian: bool,
    /// The given name is in the dictionary.
    pub known_name: bool,
    /// The given name is a short or pet name.
    pub short_name: bool,
}

/// Whether the word is an initial: one letter, or two as in "Ю", "Дз".
pub fn is_initial(word: &str) -> bool {
    let letters = word.trim_end_matches('.');
    is_capital(letters) && letters.chars().count() == 1
}

/// The parts of one name in the nominative.
pub fn assemble(parts: Parts<'_>) -> Assembled {
    let father = patronymic(parts.patronymic);
    let form = choose(parts, father.as_ref());
    let father_gender = father.as_ref().map_or_else(|| turkic_gender(parts.patronymic), |found| found.gender);
    let gender = match form {
        Some(form) if father_gender == Gender::Unknown => form.gender,
        Some(_) | None => father_gender,
    };
    let cases = match (form, &father) {
        (Some(form), Some(father)) if form.cases & father.cases != 0 => form.cases & father.cases,
        (Some(form), None) => preferred(form.cases),
        (_, Some(father)) => father.cases,
        (None, None) => NOM,
    };
    // Initials and a surname alone do not tell the case; a surname's own ending may.
    let (gender, cases) = match (form, &father) {
        (None, None) if parts.name.is_empty() || is_initial(parts.name) => {
            surname::oblique(parts.surname).unwrap_or((gender, cases))
        }
        _ => (gender, cases),
    };
    let russian = form.is_some_and(|form| form.russian)
        || father.as_ref().is_some_and(|found| found.russian)
        || has_russian_letters(parts.surname);
    let mut full = FullName { gender, ..FullName::default() };
    if !parts.name.is_empty() {
        full.name = Some(match form {
            Some(form) => form.name.to_owned(),
            None if is_initial(parts.name) => initial(parts.name),
            None if latin::is_latin(parts.name) => latin::surname(parts.name),
            None => surname::nominative(parts.name, gender, cases),
        });
    }
    if !parts.patronymic.is_empty() {
        full.patronymic = Some(match &father {
            Some(found) => found.nominative.clone(),
            None if is_initial(parts.patronymic) => initial(parts.patronymic),
            None => parts.patronymic.split_whitespace().map(turkic).collect::<Vec<_>>().join(" "),
        });
    }
    if !parts.surname.is_empty() {
        full.surname = Some(whole_surname(parts.surname, gender, cases, russian, &mut full.remarks));
    }
    if russian {
        full.remarks
            .push(Remark::on(Field::Applicant, "Ім'я написано російською; подано українською, звірте з документом."));
    }
    Assembled { full, cases, russian, known_name: form.is_some(), short_name: form.is_some_and(|form| form.short) }
}

fn whole_surname(word: &str, gender: Gender, cases: Cases, russian: bool, remarks: &mut Vec<Remark>) -> String {
    if latin::is_latin(word) {
        remarks.push(Remark::on(
            Field::Applicant,
            "Прізвище написано латиницею; подано ймовірне українське написання, звірте.",
        ));
        return latin::surname(word);
    }
    let whole = surname::nominative(word, gender, cases);
    if russian { from_russian(&whole) } else { whole }
}

/// The nominative where it is possible, else the genitive (people write "від кого"), else what there is.
fn preferred(cases: Cases) -> Cases {
    if cases & NOM != 0 {
        NOM
    } else if cases & GEN != 0 {
        GEN
    } else {
        cases
    }
}

/// Which of the names that the written form may belong to is meant.
fn choose(parts: Parts<'_>, father: Option<&Patronymic>) -> Option<Form> {
    if latin::is_latin(parts.name) {
        return latin::given(parts.name);
    }
    let forms = forms_of(parts.name);
    let fits =
        |form: &&Form| father.is_none_or(|father| form.gender == father.gender && form.cases & father.cases != 0);
    let rank = |form: &&Form| {
        let nominative = form.cases & NOM != 0;
        // "Шевчука Олександра" is him in the genitive, "Скиба Олександра" is she.
        let oblique_surname = father.is_none() && male_genitive_only(parts.surname);
        let by_surname = match form.gender {
            Gender::Male => oblique_surname && !nominative,
            Gender::Female | Gender::Unknown => !oblique_surname && nominative,
        };
        (by_surname, nominative, !form.short, !form.russian, form.cases & VOC == 0)
    };
    forms.iter().filter(fits).max_by_key(rank).copied()
}

/// Endings that a woman's surname in the nominative can hardly have.
fn male_genitive_only(surname: &str) -> bool {
    let word = fold(surname);
    ["ука", "юка", "енка", "ого", "ця", "ака", "яка", "ича", "ника", "аря"].iter().any(|ending| word.ends_with(ending))
}

/// "О." from "О", "о." and the like.
fn initial(word: &str) -> String {
    let mut out: String = tidy(word.trim_end_matches('.')).to_uppercase();
    out.push('.');
    out
}

/// Words that make a patronymic of the father's name standing before them.
pub fn is_turkic_link(word: &str) -> bool {
    turkic_gender(word) != Gender::Unknown
}

fn turkic_gender(words: &str) -> Gender {
    match fold(words).split_whitespace().last() {
        Some("огли" | "оглу" | "оглы" | "угли" | "огла") => Gender::Male,
        Some("кизи" | "гизи" | "кызы" | "кизі") => Gender::Female,
        Some(_) | None => Gender::Unknown,
    }
}

fn turkic(word: &str) -> String {
    match fold(word).as_ref() {
        "оглы" | "огла" => "огли".to_owned(),
        "кызы" | "кизі" => "кизи".to_owned(),
        small if is_turkic_link(small) => small.to_owned(),
        _ => shown(word),
    }
}

/// Gender by the patronymic, else by the given name (either may be empty).
pub fn gender(name: &str, patronymic_word: &str) -> Gender {
    if let Some(father) = patronymic(patronymic_word) {
        return father.gender;
    }
    match turkic_gender(patronymic_word) {
        Gender::Unknown => choose(Parts { name, ..Parts::default() }, None).map_or(Gender::Unknown, |form| form.gender),
        known @ (Gender::Male | Gender::Female) => known,
    }
}

/// What may stand before or around a name without belonging to it.
const AROUND: &str = "
від гр громадянин громадянина громадянка громадянки громадянину громадянці пан пана пану пані панові заявник
заявниця заявника піб фіо фио я мене звати шановний шановна гр-н гр-ка гр-на гр-ки фоп адвокат адвокатка адвоката
от имени імені прізвище ім'я по батькові фамилия имя отчество mr mrs ms звертається вас до з повагою
";

/// The parts of one written name in the nominative: any order, case of declension, Russian or Latin spelling.
pub fn nominative(as_written: &str) -> FullName {
    let words = words_of(as_written);
    let spelled: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut full = match sorted(&spelled) {
        Some(parts) => parts.assembled(),
        None => FullName::default(),
    };
    tell_what_is_missing(&mut full);
    full
}

/// The remarks that follow from the parts.
pub fn tell_what_is_missing(full: &mut FullName) {
    let text = match (&full.surname, &full.name, &full.patronymic) {
        (None, None, _) => Some("Ім'я не розпізнано."),
        (None, Some(_), _) => Some("Прізвища не вказано: уточніть."),
        (Some(_), None, _) => Some("Імені не вказано: уточніть."),
        (Some(_), Some(name), _) if is_initial(name) => Some("Вказано лише ініціали: уточніть ім'я."),
        (Some(_), Some(_), None) => Some("По батькові немає."),
        (Some(_), Some(_), Some(_)) => None,
    };
    if let Some(text) = text {
        full.remarks.push(Remark::on(Field::Applicant, text));
    }
}

/// The words of a name, without titles, brackets and punctuation; glued initials ("О.П.Коваленко") taken apart.
fn words_of(as_written: &str) -> Vec<String> {
    let text: String = tidy_spaces(as_written);
    let found = tokens(&text);
    let mut words: Vec<String> = Vec::new();
    for token in found.iter().filter(|token| token.sort == Sort::Word) {
        let word = tidy(token.text);
        // "Алі-огли" is a patronymic of two words.
        let link = word.rsplit_once('-').filter(|(_, link)| is_turkic_link(link));
        if let Some((father, link)) = link {
            words.extend([father.to_owned(), link.to_owned()]);
            continue;
        }
        let folded = fold(&word);
        let noise = AROUND.split_whitespace().any(|around| around == folded);
        if !noise && words.len() < MAX_WORDS {
            words.push(word);
        }
    }
    // "Шевченко т. г.": nothing but a surname and letters.
    let one_letter = |word: &String| word.chars().count() == 1;
    if words.len() > 1 && words.iter().filter(|word| !one_letter(word)).count() == 1 {
        words.iter_mut().filter(|word| one_letter(word)).for_each(|word| *word = word.to_uppercase());
    }
    words
}

fn tidy_spaces(text: &str) -> String {
    // What stands in brackets is a note, unless it is a patronymic.
    let mut out = String::with_capacity(text.len());
    let mut note = String::new();
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    if patronymic(note.trim()).is_some() {
                        out.push_str(&note);
                    }
                    note.clear();
                }
            }
            other if depth > 0 => note.push(other),
            other => out.push(other),
        }
    }
    out
}

/// The words of one name, told apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Sorted<'a> {
    surname: Vec<&'a str>,
    name: Vec<&'a str>,
    patronymic: Vec<&'a str>,
}

impl Sorted<'_> {
    fn assembled(&self) -> FullName {
        let (surname, patronymic) = (self.surname.join("-"), self.patronymic.join(" "));
        let first = self.name.first().copied().unwrap_or("");
        let mut full = assemble(Parts { surname: &surname, name: first, patronymic: &patronymic }).full;
        for more in self.name.iter().skip(1) {
            let name = assemble(Parts { surname: &surname, name: more, patronymic: &patronymic }).full.name;
            full.name = Some([full.name, name].into_iter().flatten().collect::<Vec<_>>().join(" "));
        }
        full
    }
}

/// Which word is which.
fn sorted<'a>(words: &[&'a str]) -> Option<Sorted<'a>> {
    let at = |index: usize| words.get(index).copied().unwrap_or("");
    let rest = |taken: &[usize]| -> Vec<&'a str> {
        words.iter().enumerate().filter(|(index, _)| !taken.contains(index)).map(|(_, word)| *word).take(2).collect()
    };
    match words.len() {
        0 => return None,
        1 => return Some(alone(at(0))),
        _ => {}
    }
    // A Turkic patronymic: the father's name and "огли" after the given name.
    if let Some(link) = (2..words.len()).find(|index| is_turkic_link(at(*index))) {
        let (name, father) = (link.saturating_sub(2), link - 1);
        return Some(Sorted {
            surname: rest(&[name, father, link]),
            name: vec![at(name)],
            patronymic: vec![at(father), at(link)],
        });
    }
    // The patronymic stands right after the given name.
    let pairs = (1..words.len()).rev().filter(|index| patronymic(at(*index)).is_some() && !is_initial(at(*index - 1)));
    let best = pairs.max_by_key(|index| (is_given(at(*index - 1)), words.len() > 2 || *index == 1));
    if let Some(father) = best {
        // "Яна Кочубей (Ігорівна)": the surname went between.
        if father == 2 && words.len() == 3 && is_given(at(0)) && !is_given(at(1)) {
            return Some(Sorted { surname: vec![at(1)], name: vec![at(0)], patronymic: vec![at(2)] });
        }
        let lone_pair = words.len() == 2 && !is_given(at(0));
        // "Гнатович Олег" is no son of an Олег; "Коваленко Петрівна" has no given name.
        if !lone_pair {
            return Some(Sorted {
                surname: rest(&[father - 1, father]),
                name: vec![at(father - 1)],
                patronymic: vec![at(father)],
            });
        }
        if patronymic(at(1)).is_some_and(|found| found.known) {
            return Some(Sorted { surname: vec![at(0)], name: Vec::new(), patronymic: vec![at(1)] });
        }
    }
    let initials: Vec<usize> = (0..words.len()).filter(|index| is_initial(at(*index))).collect();
    if let Some(first) = initials.first() {
        let second: Vec<&'a str> = initials.get(1).map(|index| at(*index)).into_iter().collect();
        return Some(Sorted { surname: rest(&initials), name: vec![at(*first)], patronymic: second });
    }
    Some(two_or_more(words))
}

fn alone(word: &str) -> Sorted<'_> {
    if is_given(word) {
        Sorted { name: vec![word], ..Sorted::default() }
    } else {
        Sorted { surname: vec![word], ..Sorted::default() }
    }
}

/// No patronymic, no initials: the dictionary tells the given name; between two given names the order "Ім'я Прізвище".
fn two_or_more<'a>(words: &[&'a str]) -> Sorted<'a> {
    let given: Vec<usize> = (0..words.len()).filter(|index| words.get(*index).is_some_and(|w| is_given(w))).collect();
    let capital_last = words.iter().rposition(|word| crate::reading::fold::is_all_capital(word));
    let all_capital = words.iter().all(|word| crate::reading::fold::is_all_capital(word));
    let name = match (given.first(), given.get(1)) {
        (Some(first), Some(second)) if !all_capital && capital_last == Some(*first) => *second,
        // A man's name is often a surname, a woman's hardly ever: "Мартин Ольга".
        (Some(first), Some(second)) if is_of(words, *first, Gender::Male) && is_of(words, *second, Gender::Female) => {
            *second
        }
        (Some(first), _) => *first,
        // Unknown given name: the written order is the official one.
        (None, _) => 1,
    };
    // "Анна Марія", "Ван Тхань": a name of two words stays whole, as long as a word is left for the surname.
    let next = name.saturating_add(1);
    let whole = words.len() > 2 && next < words.len() && (given.is_empty() || given.contains(&next));
    let end = if whole { next.saturating_add(1) } else { next };
    let called = words.iter().take(end).skip(name).copied().collect();
    let others = words.iter().enumerate().filter(|(index, _)| *index < name || *index >= end);
    Sorted { surname: others.map(|(_, word)| *word).take(1).collect(), name: called, patronymic: Vec::new() }
}

/// Whether this word in the nominative can only be a name of this gender.
fn is_of(words: &[&str], place: usize, gender: Gender) -> bool {
    let forms = words.get(place).map_or(&[][..], |word| forms_of(word));
    !forms.is_empty() && forms.iter().all(|form| form.gender == gender && form.cases & NOM != 0)
}

/// Whether the word is a given name in any case, Ukrainian, Russian or Latin.
pub fn is_given(word: &str) -> bool {
    !forms_of(word).is_empty() || (latin::is_latin(word) && latin::given(word).is_some())
}

/// Whether the word is a given name in the nominative.
pub fn is_given_nominative(word: &str) -> bool {
    forms_of(word).iter().any(|form| form.cases & NOM != 0 || form.cases == ANY)
}

/// Title case of a nominative, for callers that show a word as a name.
pub fn shown_name(word: &str) -> String {
    title(&tidy(word))
}

#[cfg(test)]
#[path = "name_tests.rs"]
mod tests;
