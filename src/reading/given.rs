//! Given names in all cases: a form as it stands in a letter leads back to the name in the nominative.
//!
//! The table of forms is made once from `names_data`. One form may belong to several names ("Олександра" is she, or
//! him in the genitive); the caller decides with the patronymic and the surname.

use crate::reading::fold::fold;
use crate::reading::lookup::WordMap;
use crate::reading::name::Gender;
use crate::reading::names_data::{FEMALE, FEMALE_SHORT, MALE, MALE_SHORT};
use std::sync::LazyLock;

/// A set of grammatical cases.
pub type Cases = u8;
/// Who? what?
pub const NOM: Cases = 1;
/// Of whom?
pub const GEN: Cases = 2;
/// To whom?
pub const DAT: Cases = 4;
/// Whom?
pub const ACC: Cases = 8;
/// By whom?
pub const INS: Cases = 16;
/// On whom?
pub const LOC: Cases = 32;
/// O whom!
pub const VOC: Cases = 64;
/// All of them: the word is not declined.
pub const ANY: Cases = 127;

/// What a form may be a form of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// The Ukrainian name in the nominative.
    pub name: &'static str,
    /// Whose name it is.
    pub gender: Gender,
    /// The cases that the form may stand for.
    pub cases: Cases,
    /// The form is of the Russian name.
    pub russian: bool,
    /// A short or pet name.
    pub short: bool,
}

static FORMS: LazyLock<WordMap<String, Vec<Form>>> = LazyLock::new(forms);

/// What a word may be as a given name; the word need not be folded. Empty: no given name.
pub fn forms_of(word: &str) -> &'static [Form] {
    FORMS.get(fold(word).as_ref()).map_or(&[], Vec::as_slice)
}

/// The names of one list with their Russian forms.
fn entries(list: &'static str) -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    list.split_whitespace().map(|entry| {
        let (name, more) = entry.split_once('=').unwrap_or((entry, ""));
        (name, more.split(',').filter(|other| !other.is_empty()))
    })
}

/// All full given names: Ukrainian name, gender, the Russian or further form (or the name itself).
pub fn full_names() -> impl Iterator<Item = (&'static str, Gender, &'static str)> {
    let of = |list, gender| {
        entries(list)
            .flat_map(move |(name, more)| std::iter::once(name).chain(more).map(move |form| (name, gender, form)))
    };
    of(MALE, Gender::Male).chain(of(FEMALE, Gender::Female))
}

fn forms() -> WordMap<String, Vec<Form>> {
    let mut map: WordMap<String, Vec<Form>> = WordMap::default();
    for (name, gender, form) in full_names() {
        add(&mut map, form, Form { name, gender, cases: NOM, russian: form != name, short: false });
    }
    for (list, gender) in [(MALE_SHORT, Gender::Male), (FEMALE_SHORT, Gender::Female)] {
        for (name, _) in entries(list) {
            add(&mut map, name, Form { name, gender, cases: NOM, russian: false, short: true });
        }
    }
    map
}

fn add(map: &mut WordMap<String, Vec<Form>>, written: &str, form: Form) {
    for (word, cases) in declined(&fold(written), form.gender) {
        let known = map.entry(word).or_default();
        match known.iter_mut().find(|other| other.name == form.name && other.gender == form.gender) {
            Some(other) => {
                other.cases |= cases;
                other.russian &= form.russian;
            }
            None => known.push(Form { cases, ..form }),
        }
    }
}

/// Names whose stem changes with the ending: nominative, stem.
const CHANGING: [(&str, &str); 13] = [
    ("федір", "федор"),
    ("яків", "яков"),
    ("сидір", "сидор"),
    ("антін", "антон"),
    ("прокіп", "прокоп"),
    ("тиміш", "тимош"),
    ("ничипір", "ничипор"),
    ("хведір", "хведор"),
    ("тихін", "тихон"),
    ("павел", "павл"),
    ("лев", "льв"),
    ("любов", "любов"),
    ("корній", "корні"),
];

/// The folded forms of a folded name, Ukrainian and Russian endings together.
fn declined(name: &str, gender: Gender) -> Vec<(String, Cases)> {
    let mut out = vec![(name.to_owned(), NOM)];
    let last = name.chars().last().unwrap_or(' ');
    let cut = |ending: char| name.strip_suffix(ending).unwrap_or(name);
    let mut put = |stem: &str, endings: &[(&str, Cases)]| {
        for (ending, cases) in endings {
            out.push((format!("{stem}{ending}"), *cases));
        }
    };
    match (last, gender) {
        ('а', _) => {
            let stem = cut('а');
            put(stem, &[("и", GEN), ("ы", GEN), ("і", DAT | LOC), ("е", DAT | LOC), ("у", ACC)]);
            put(stem, &[("ою", INS), ("ой", INS), ("ею", INS), ("о", VOC)]);
            if let Some((soft, ending)) = softened(stem) {
                put(&soft, &[(ending, DAT | LOC)]);
            }
        }
        ('я', _) => {
            let stem = cut('я');
            put(stem, &[("і", GEN | DAT | LOC), ("ї", GEN | DAT | LOC), ("и", GEN | DAT | LOC), ("ю", ACC | VOC)]);
            put(stem, &[("ею", INS), ("єю", INS), ("ей", INS), ("е", VOC | DAT), ("є", VOC)]);
        }
        ('о', Gender::Male) => {
            let stem = cut('о');
            put(stem, &[("а", GEN | ACC), ("у", DAT | LOC | VOC), ("ові", DAT | LOC), ("ом", INS), ("е", VOC)]);
        }
        ('й', Gender::Male) => {
            let stem = cut('й');
            put(stem, &[("я", GEN | ACC), ("ю", DAT | LOC | VOC), ("єві", DAT | LOC), ("єм", INS)]);
            put(stem, &[("ем", INS), ("ї", LOC), ("е", LOC)]);
        }
        ('ь', Gender::Male) => soft_male(cut('ь'), &mut put),
        ('ь' | 'в', Gender::Female) => {
            let stem = cut('ь');
            put(stem, &[("і", GEN | DAT | LOC), ("и", GEN | DAT | LOC), ("'ю", INS), ("ью", INS), ("лю", INS)]);
            put(stem, &[("ю", INS), ("е", VOC), ("", ACC)]);
        }
        (c, Gender::Male) if !"аеєиіїоуюяэы".contains(c) => hard_male(name, &mut put),
        (_, Gender::Male | Gender::Female | Gender::Unknown) => out.push((name.to_owned(), ANY)),
    }
    out
}

/// Stems in г, к, х change before -і: the new stem and the ending.
fn softened(stem: &str) -> Option<(String, &'static str)> {
    for (hard, soft) in [('г', 'з'), ('к', 'ц'), ('х', 'с')] {
        if let Some(rest) = stem.strip_suffix(hard) {
            return Some((format!("{rest}{soft}"), "і"));
        }
    }
    None
}

fn soft_male(stem: &str, put: &mut impl FnMut(&str, &[(&str, Cases)])) {
    put(stem, &[("я", GEN | ACC), ("ю", DAT | LOC | VOC), ("еві", DAT | LOC), ("ем", INS), ("і", LOC), ("е", LOC)]);
}

fn hard_male(name: &str, put: &mut impl FnMut(&str, &[(&str, Cases)])) {
    let stem = CHANGING.iter().find(|(whole, _)| *whole == name).map_or(name, |(_, stem)| stem);
    let hard = [("а", GEN | ACC), ("у", DAT | LOC | VOC), ("ові", DAT | LOC), ("ом", INS), ("е", VOC), ("і", LOC)];
    put(stem, &hard);
    put(stem, &[("еві", DAT | LOC), ("ем", INS)]);
    if name == "лев" {
        put(name, &hard);
    }
    if name.ends_with('р') {
        soft_male(stem, put);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, name: &str, case: Cases) {
        assert!(
            forms_of(word).iter().any(|form| form.name == name && form.cases & case != 0),
            "{word} should be a form of {name}: {:?}",
            forms_of(word)
        );
    }

    #[test]
    fn every_case_leads_back_to_the_nominative() {
        for (word, name, case) in [
            ("Андрія", "Андрій", GEN),
            ("Андрієві", "Андрій", DAT),
            ("Сергею", "Сергій", DAT),
            ("Сергеем", "Сергій", INS),
            ("Любові", "Любов", GEN),
            ("Любов'ю", "Любов", INS),
            ("Ользі", "Ольга", DAT),
            ("Ігоря", "Ігор", GEN),
            ("Федора", "Федір", GEN),
            ("Льва", "Лев", GEN),
            ("Іллі", "Ілля", GEN),
            ("Миколи", "Микола", GEN),
            ("Петром", "Петро", INS),
            ("Елены", "Олена", GEN),
            ("Еленой", "Олена", INS),
            ("Дар'ї", "Дар'я", GEN),
            ("Марії", "Марія", GEN),
            ("НАТАЛІЇ", "Наталія", GEN),
            ("Василя", "Василь", GEN),
            ("Пётр", "Петро", NOM),
            ("Алёна", "Альона", NOM),
            ("Олексієм", "Олексій", INS),
        ] {
            check(word, name, case);
        }
    }

    #[test]
    fn a_form_of_two_names_gives_both() {
        check("Олександра", "Олександра", NOM);
        check("Олександра", "Олександр", GEN);
    }

    #[test]
    fn common_words_are_no_names() {
        for word in ["Прошу", "Дякую", "Телефон", "Добрий", "Київ", "Заява"] {
            assert!(forms_of(word).is_empty(), "{word}");
        }
    }
}
