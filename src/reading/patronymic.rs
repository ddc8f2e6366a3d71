//! Patronymics: recognised in every case, Russian ones turned into the Ukrainian form.
//!
//! Known fathers come from `names_data`; a father that is not in the list is recognised by the ending alone.
//! Turkic patronymics ("Мамед огли") are two words; `name` puts them together.

use crate::reading::fold::{fold, title};
use crate::reading::given::{ACC, Cases, DAT, GEN, INS, LOC, NOM, VOC, full_names};
use crate::reading::lookup::WordMap;
use crate::reading::name::Gender;
use crate::reading::names_data::IRREGULAR_PATRONYMICS;
use std::sync::LazyLock;

/// A patronymic found in one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patronymic {
    /// The Ukrainian form in the nominative.
    pub nominative: String,
    /// Son or daughter.
    pub gender: Gender,
    /// The cases that the written form may stand for.
    pub cases: Cases,
    /// It was written in Russian.
    pub russian: bool,
    /// The father's name is in the dictionary.
    pub known: bool,
}

/// Folded nominative as anyone may write it → Ukrainian patronymic.
static KNOWN: LazyLock<WordMap<String, String>> = LazyLock::new(known);

/// Endings of sons: ending, what makes it nominative, cases.
const SON: [(&str, &str, Cases); 11] = [
    ("ічеві", "іч", DAT | LOC),
    ("ічем", "іч", INS),
    ("іча", "іч", GEN | ACC),
    ("ічу", "іч", DAT | LOC | VOC),
    ("іч", "іч", NOM),
    ("ичеві", "ич", DAT | LOC),
    ("ичем", "ич", INS),
    ("ича", "ич", GEN | ACC),
    ("ичу", "ич", DAT | LOC | VOC),
    ("ичі", "ич", LOC),
    ("ич", "ич", NOM),
];

/// Endings of daughters.
const DAUGHTER: [(&str, &str, Cases); 9] = [
    ("ною", "на", INS),
    ("ной", "на", INS),
    ("ни", "на", GEN),
    ("ны", "на", GEN),
    ("ні", "на", DAT | LOC),
    ("не", "на", DAT | LOC),
    ("ну", "на", ACC),
    ("но", "на", VOC),
    ("на", "на", NOM),
];

/// The patronymic that this word is, if it is one.
pub fn patronymic(word: &str) -> Option<Patronymic> {
    let word = fold(word);
    let ending = |table: &[(&str, &str, Cases)]| {
        table.iter().find_map(|(ending, nominative, cases)| {
            word.strip_suffix(ending).map(|stem| (format!("{stem}{nominative}"), *cases))
        })
    };
    if let Some((nominative, cases)) = ending(&SON) {
        return recognised(&nominative, Gender::Male, cases);
    }
    let (nominative, cases) = ending(&DAUGHTER)?;
    recognised(&nominative, Gender::Female, cases)
}

fn recognised(nominative: &str, gender: Gender, cases: Cases) -> Option<Patronymic> {
    if let Some(ukrainian) = KNOWN.get(nominative) {
        let russian = fold(ukrainian) != nominative;
        return Some(Patronymic { nominative: ukrainian.clone(), gender, cases, russian, known: true });
    }
    let ends = |endings: &[&str]| {
        endings.iter().any(|ending| nominative.len() > ending.len() + 4 && nominative.ends_with(ending))
    };
    let ukrainian = match gender {
        Gender::Male => ends(&["ович", "йович", "євич"]),
        Gender::Female => ends(&["івна", "ївна"]),
        Gender::Unknown => false,
    };
    if ukrainian {
        return Some(Patronymic { nominative: title(nominative), gender, cases, russian: false, known: false });
    }
    const COMMON: [&str; 7] = ["головна", "духовна", "основна", "церковна", "верховна", "виховна", "чиновна"];
    if !ends(&["евич", "овна", "евна", "инична"]) || COMMON.contains(&nominative) {
        return None;
    }
    Some(Patronymic { nominative: title(&translated(nominative)), gender, cases, russian: true, known: false })
}

/// A Russian patronymic of an unknown father by its sounds.
fn translated(russian: &str) -> String {
    const ENDINGS: [(&str, &str); 12] = [
        ("ьевич", "ійович"),
        ("иевич", "ійович"),
        ("аевич", "айович"),
        ("еевич", "ейович"),
        ("евич", "ович"),
        ("ьевна", "іївна"),
        ("иевна", "іївна"),
        ("аевна", "аївна"),
        ("еевна", "еївна"),
        ("евна", "івна"),
        ("овна", "івна"),
        ("инична", "івна"),
    ];
    let (stem, ending) = ENDINGS
        .iter()
        .find_map(|(from, to)| russian.strip_suffix(from).map(|stem| (stem, *to)))
        .unwrap_or((russian, ""));
    let stem: String = stem
        .chars()
        .map(|c| match c {
            'ы' => 'и',
            'э' => 'е',
            'ъ' => '\'',
            other => other,
        })
        .collect();
    format!("{stem}{ending}")
}

fn known() -> WordMap<String, String> {
    let mut map = WordMap::default();
    for (_, son, daughter, more) in IRREGULAR_PATRONYMICS {
        map.insert(fold(son).into_owned(), (*son).to_owned());
        map.insert(fold(daughter).into_owned(), (*daughter).to_owned());
        for form in more.split_whitespace() {
            let of_son = form.ends_with('ч');
            map.insert(fold(form).into_owned(), (if of_son { *son } else { *daughter }).to_owned());
        }
    }
    for (name, gender, form) in full_names().filter(|(_, gender, _)| *gender == Gender::Male) {
        debug_assert_eq!(gender, Gender::Male);
        let irregular = IRREGULAR_PATRONYMICS.iter().find(|(father, ..)| *father == name);
        let (son, daughter) = match irregular {
            Some((_, son, daughter, _)) => ((*son).to_owned(), (*daughter).to_owned()),
            None => ukrainian_of(name),
        };
        let (other_son, other_daughter) = if form == name { ukrainian_of(name) } else { russian_of(form) };
        // The regular form of an irregular name ("Кузьмович") is a name in its own right; a Russian form is not.
        let own = form == name;
        for (written, proper) in [
            (&son, &son),
            (&daughter, &daughter),
            (&other_son, if own { &other_son } else { &son }),
            (&other_daughter, if own { &other_daughter } else { &daughter }),
        ] {
            map.entry(fold(written).into_owned()).or_insert_with(|| proper.clone());
        }
        // A Russian ending on the Ukrainian name, and the other way round, both occur in letters.
        let (mixed_son, mixed_daughter) = russian_of(name);
        map.entry(fold(&mixed_son).into_owned()).or_insert(son);
        if let Some(stem) = name.strip_suffix("ій") {
            map.entry(fold(&format!("{stem}ьївна")).into_owned()).or_insert_with(|| daughter.clone());
        }
        map.entry(fold(&mixed_daughter).into_owned()).or_insert(daughter);
    }
    map
}

/// Patronymics by the Ukrainian rule.
fn ukrainian_of(father: &str) -> (String, String) {
    if let Some(stem) = father.strip_suffix('й') {
        return (format!("{father}ович"), format!("{stem}ївна"));
    }
    let stem = father.strip_suffix(['о', 'а', 'я', 'ь', 'і']).unwrap_or(father);
    (format!("{stem}ович"), format!("{stem}івна"))
}

/// Patronymics by the Russian rule.
fn russian_of(father: &str) -> (String, String) {
    if let Some(stem) = father.strip_suffix("ий").or_else(|| father.strip_suffix("ій")) {
        let two_consonants = stem.chars().rev().take(2).all(|c| !"аеєиіїоуюяыэё".contains(c));
        let link = if two_consonants { "и" } else { "ь" };
        return (format!("{stem}{link}евич"), format!("{stem}{link}евна"));
    }
    if let Some(stem) = father.strip_suffix('й') {
        return (format!("{stem}евич"), format!("{stem}евна"));
    }
    if let Some(stem) = father.strip_suffix('ь') {
        return (format!("{stem}евич"), format!("{stem}евна"));
    }
    let stem = father.strip_suffix(['о', 'а', 'я']).unwrap_or(father);
    (format!("{stem}ович"), format!("{stem}овна"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patronymics_of_every_kind_become_ukrainian_nominatives() {
        for (written, proper) in [
            ("Архипівна", "Архипівна"),
            ("Федосійович", "Федосійович"),
            ("Миколайовича", "Миколайович"),
            ("Кузьмовича", "Кузьмович"),
            ("Григорівни", "Григорівна"),
            ("Ілліч", "Ілліч"),
            ("Іллічу", "Ілліч"),
            ("Анатольевна", "Анатоліївна"),
            ("Сергеевны", "Сергіївна"),
            ("Львовна", "Львівна"),
            ("Ильинична", "Іллівна"),
            ("Никитичем", "Микитович"),
            ("Фёдоровна", "Федорівна"),
            ("Николаевичу", "Миколайович"),
            ("Юрьевне", "Юріївна"),
            ("Дмитриевна", "Дмитрівна"),
            ("Яковлевич", "Якович"),
            ("Евгеньевна", "Євгеніївна"),
            ("Васильевной", "Василівна"),
            ("Мар’янівна", "Мар'янівна"),
            ("Петрівною", "Петрівна"),
            ("Всеславович", "Всеславович"),
            ("Савич", "Савич"),
            ("Оверкович", "Оверкович"),
            ("Вячеславовна", "В'ячеславівна"),
            ("Геннадиевич", "Геннадійович"),
            ("Геннадьевич", "Геннадійович"),
            ("Алексеевна", "Олексіївна"),
            ("Андреевич", "Андрійович"),
        ] {
            assert_eq!(patronymic(written).map(|found| found.nominative).as_deref(), Some(proper), "{written}");
        }
    }

    #[test]
    fn other_words_are_no_patronymics() {
        for word in ["Бабич", "довідна", "Коваленко", "рівна", "Рівне", "головна", "вна", "ович", "Прошу", "мовна"]
        {
            assert_eq!(patronymic(word), None, "{word}");
        }
    }
}
