//! Words of addresses: kinds and names of streets, labels, and the places of the home community.
//!
//! The home town has many spellings; all of them fold to the one that the office writes. A street of the home town is
//! written as the office writes it, whatever the language of the letter.

use crate::domain::office::Office;
use crate::reading::fold::{fold, is_capital, tidy, title};
use crate::reading::lookup::{Begins, WordMap, key_of};
use crate::reading::places_data::{RUSSIAN_STREETS, STREET_KINDS};
use crate::reading::settlement::declined;
use crate::reading::surname::has_russian_letters;
use crate::reading::words::Token;
use std::sync::LazyLock;

/// The places and streets of the home community.
#[derive(Debug)]
pub struct Homes {
    /// The home town as a clerk writes it; empty if there is none.
    pub town: String,
    /// Folded form → as a clerk writes it.
    settlements: WordMap<String, String>,
    /// Skeleton → name of the street.
    streets: WordMap<String, String>,
}

impl Homes {
    /// From the office.
    pub fn of(office: &Office) -> Self {
        let mut settlements = WordMap::default();
        let town = if office.home_town.is_empty() { String::new() } else { format!("м. {}", office.home_town) };
        for name in std::iter::once(&office.home_town).chain(&office.home_town_aliases).filter(|name| !name.is_empty())
        {
            let folded = fold(name).into_owned();
            for form in declined(&folded) {
                settlements.entry(form).or_insert_with(|| town.clone());
            }
            settlements.insert(folded, town.clone());
        }
        for name in &office.home_settlements {
            let folded = fold(name).into_owned();
            for form in declined(&folded) {
                settlements.entry(form).or_insert_with(|| name.clone());
            }
            settlements.entry(folded).or_insert_with(|| name.clone());
        }
        let streets = office.home_streets.iter().map(|name| (skeleton(name), name.clone())).collect();
        Self { town, settlements, streets }
    }

    /// The settlement of the home community that these folded words name.
    pub fn settlement(&self, folded: &str) -> Option<&str> {
        if let Some(shown) = self.settlements.get(folded) {
            return Some(shown);
        }
        // Spellings nobody has listed: С?в?родон?цьк in any vowels.
        const HOME: [&str; 6] =
            ["северодонецк", "сиверодонецк", "севиродонецк", "сиверскодонецк", "сивиродонецк", "сыверодонецк"];
        if !folded.trim_start_matches(SILENT).starts_with('с') || self.town.is_empty() {
            return None;
        }
        let bones = skeleton(folded);
        HOME.iter()
            .any(|spelling| bones.starts_with(spelling) && bones.len() <= spelling.len() + 6)
            .then_some(self.town.as_str())
    }

    /// The street of the home town that is written so, in the office's spelling.
    fn street(&self, name: &str) -> Option<&String> {
        self.streets.get(&skeleton(name))
    }

    /// Avenues of the home town that people name without a kind.
    pub fn is_avenue(&self, name: &str) -> bool {
        fold(name) == "хіміків" && self.street(name).is_some()
    }
}

/// What is left out of a skeleton.
const SILENT: [char; 5] = ['ь', 'ъ', '\'', ' ', '.'];

/// The form in which streets of two languages and many spellings are compared.
fn skeleton(name: &str) -> String {
    fold(name)
        .chars()
        .filter(|c| !SILENT.contains(c))
        .map(|c| match c {
            'і' | 'ї' | 'й' | 'ы' => 'и',
            'є' | 'э' => 'е',
            other => other,
        })
        .collect()
}

/// Folded form → the kind as a clerk writes it, and whether it stands after the name.
static KINDS: LazyLock<WordMap<&str, (&str, bool)>> = LazyLock::new(|| {
    let mut kinds = WordMap::default();
    for (forms, kind, after) in STREET_KINDS {
        for form in forms.split(' ') {
            kinds.entry(form).or_insert((*kind, *after));
        }
    }
    kinds
});

/// The kind of street that a word means, and whether it stands after the name.
pub fn street_kind(word: &Token<'_>, dotted: bool) -> Option<(&'static str, bool)> {
    let folded = word.fold.as_ref();
    let kind = *KINDS.get(folded)?;
    // Short forms are words of their own without the full stop ("пл", "пр" may be anything).
    let short = folded.chars().count() <= 3
        && !dotted
        && !matches!(folded, "вул" | "ул" | "прт" | "б-р" | "мкр" | "пр" | "пер" | "ul");
    let other = folded == "дорога" || folded == "дорозі" || folded == "квартал" && word.capital;
    (!short && !other).then_some(kind)
}

/// The name of a street after this (folded) word of its kind as a clerk writes it, and whether it is one of the home town.
pub fn street_name(name: &str, kind_word: &str, homes: &Homes) -> (String, bool) {
    let ukrainian = in_ukrainian(name);
    if let Some(own) = homes.street(&ukrainian).or_else(|| homes.street(name)) {
        return (own.clone(), true);
    }
    let nominative = of_oblique_kind(&ukrainian, kind_word);
    if let Some(own) = homes.street(&nominative) {
        return (own.clone(), true);
    }
    (nominative, false)
}

/// "на вулиці Донецькій" → "Донецька", "на проспекті Центральному" → "Центральний".
fn of_oblique_kind(name: &str, kind_word: &str) -> String {
    let feminine = matches!(kind_word, "вулиці" | "площі" | "вулицю" | "улице" | "набережній" | "вулицею");
    let masculine = matches!(
        kind_word,
        "проспекті"
            | "проспекту"
            | "бульварі"
            | "бульвару"
            | "провулку"
            | "мікрорайоні"
            | "кварталі"
            | "проспекте"
    );
    let table: &[(&str, &str)] = if feminine {
        &[
            ("ській", "ська"),
            ("цькій", "цька"),
            ("ної", "на"),
            ("ній", "на"),
            ("ської", "ська"),
            ("цької", "цька"),
            ("вій", "ва"),
            ("вої", "ва"),
            ("ську", "ська"),
            ("ною", "на"),
        ]
    } else if masculine {
        &[("ському", "ський"), ("цькому", "цький"), ("ному", "ний"), ("вому", "вий"), ("ського", "ський")]
    } else {
        return name.to_owned();
    };
    let words: Vec<String> = name
        .split(' ')
        .map(|word| {
            let exchanged =
                table.iter().find_map(|(from, to)| word.strip_suffix(from).map(|stem| format!("{stem}{to}")));
            exchanged.unwrap_or_else(|| word.to_owned())
        })
        .collect();
    words.join(" ")
}

/// A street in Ukrainian: translated where the dictionary knows it, else by endings.
fn in_ukrainian(name: &str) -> String {
    let folded = fold(name);
    if let Some((_, ukrainian)) = RUSSIAN_STREETS.iter().find(|(russian, _)| *russian == folded) {
        return (*ukrainian).to_owned();
    }
    let words: Vec<String> = name.split(' ').map(one_in_ukrainian).collect();
    words.join(" ")
}

fn one_in_ukrainian(word: &str) -> String {
    let folded = fold(word);
    if let Some((_, ukrainian)) = RUSSIAN_STREETS.iter().find(|(russian, _)| *russian == folded) {
        return (*ukrainian).to_owned();
    }
    let table = [
        ("ская", "ська"),
        ("ский", "ський"),
        ("цкая", "цька"),
        ("цкий", "цький"),
        ("ская", "ська"),
        ("ская", "ська"),
        ("ского", "ського"),
        ("ный", "ний"),
        ("ная", "на"),
        ("вая", "ва"),
        ("овый", "овий"),
    ];
    if let Some(spelled) =
        table.iter().find_map(|(from, to)| folded.strip_suffix(from).map(|stem| format!("{stem}{to}")))
    {
        return title(&letters(&spelled));
    }
    if has_russian_letters(word) {
        return title(&letters(&folded));
    }
    let word = tidy(word);
    if is_capital(&word) && !crate::reading::fold::is_all_capital(&word)
        || word.chars().next().is_some_and(|c| c.is_ascii_digit())
    {
        word
    } else {
        title(&word)
    }
}

fn letters(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            'ы' => 'и',
            'э' => 'е',
            'ъ' => '\'',
            other => other,
        })
        .collect()
}

/// What a label says of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Registered.
    Registered,
    /// Where the applicant lives now.
    Temporary,
    /// Somebody else's, or an office.
    Foreign,
}

/// Prefixes of words about registration.
const REGISTERED: &[&str] = &["пропис", "зареєстр", "реєстр", "регистр", "зарегистр", "паспорт"];

/// Prefixes of words about living somewhere now.
const TEMPORARY: &[&str] = &[
    "тимчасов",
    "фактичн",
    "фактическ",
    "мешка",
    "прожив",
    "живу",
    "живе",
    "живемо",
    "живем",
    "зараз",
    "нині",
    "тепер",
    "перебува",
    "евакуйов",
    "евакуюв",
    "орендую",
    "орендуєм",
    "орендован",
    "знімаю",
    "знімаєм",
    "сейчас",
    "временно",
    "переїха",
    "винайма",
    "винайня",
    "снимаю",
    "снимаем",
    "прихист",
    "приїхал",
    "переселил",
    "осел",
    "оселил",
    "временн",
    "находимся",
    "нахожусь",
    "выехал",
    "виїхал",
    "тут",
    "живёт",
    "проживан",
    "поточн",
    "знаходж",
    "евакуац",
    "житлоемо",
    "поселил",
    "прийняли",
    "переехал",
    "эвакуир",
];

/// Words that say that the address is not the applicant's home.
const OTHERS: &[&str] = &[
    "офіс",
    "офис",
    "робот",
    "контор",
    "юридичн",
    "юрадрес",
    "магазин",
    "склад",
    "склада",
    "його",
    "її",
    "їхня",
    "їх",
    "его",
    "ее",
    "їхній",
];

/// Labels that are whole words.
const LABELS: &[(&str, Label)] = &[
    ("рег", Label::Registered),
    ("реєст", Label::Registered),
    ("адр_рег", Label::Registered),
    ("факт", Label::Temporary),
    ("фактич", Label::Temporary),
    ("тимч", Label::Temporary),
    ("прож", Label::Temporary),
    ("тимчас", Label::Temporary),
];

static LABEL: LazyLock<Begins<Label>> = LazyLock::new(|| {
    let whole = LABELS.iter().copied().chain(OTHERS.iter().map(|word| (*word, Label::Foreign)));
    let stems = REGISTERED.iter().map(|stem| (*stem, Label::Registered));
    let stems = stems.chain(TEMPORARY.iter().map(|stem| (*stem, Label::Temporary)));
    let stems = stems.map(|(stem, label)| (stem.to_owned(), false, label));
    Begins::new(whole.map(|(word, label)| (word.to_owned(), true, label)).chain(stems))
});

/// What this folded word says of the address near it.
pub fn label_of(folded: &str) -> Option<Label> {
    LABEL.of(key_of(folded), folded).next().copied()
}

/// Whether the folded word is a label of an address at all ("адреса" included).
pub fn is_label(folded: &str) -> bool {
    folded.starts_with("адрес") || matches!(label_of(folded), Some(Label::Registered | Label::Temporary))
}
