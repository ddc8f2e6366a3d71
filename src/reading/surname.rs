//! Surnames: back from an oblique case to the nominative, and from the Russian spelling to the Ukrainian one.
//!
//! Surnames cannot be looked up, only recognised by their endings; where two nominatives would give the same form, the
//! more usual one is taken ("Гришка" → "Гришко") and the caller may know better from a signature or a display name.
//! Women's surnames in a consonant or -о are not declined. Absent on purpose: guesses about foreign surnames.

use crate::reading::fold::{fold, is_all_capital, is_dash, tidy, title};
use crate::reading::given::{ACC, Cases, DAT, GEN, INS, LOC, NOM};
use crate::reading::name::Gender;

/// The nominative of a surname written in one of these cases by or of a person of this gender.
pub fn nominative(written: &str, gender: Gender, cases: Cases) -> String {
    let word = shown(written);
    if cases & NOM != 0 || gender == Gender::Unknown {
        return word;
    }
    let parts: Vec<String> = word.split('-').map(|part| one(part, gender, cases)).collect();
    title(&parts.join("-"))
}

/// A name as it is shown: repaired, in title case if it stands in capitals or small letters, else as written.
pub fn shown(written: &str) -> String {
    let word = tidy(written);
    let small_start = word.chars().next().is_some_and(char::is_lowercase);
    if is_all_capital(&word) || small_start || word.split(is_dash).any(is_all_capital) { title(&word) } else { word }
}

fn one(part: &str, gender: Gender, cases: Cases) -> String {
    let word = fold(part).into_owned();
    if undeclined(&word) {
        return word;
    }
    match gender {
        Gender::Male if cases & (GEN | ACC) != 0 => male_genitive(&word),
        Gender::Male if cases & (DAT | LOC) != 0 => male_dative(&word),
        Gender::Male if cases & INS != 0 => male_instrumental(&word),
        Gender::Female => female(&word, cases),
        Gender::Male | Gender::Unknown => word,
    }
}

fn undeclined(word: &str) -> bool {
    if word.ends_with('о') {
        return !word.ends_with("го");
    }
    ["швілі", "дзе", "их", "е", "є"].iter().any(|ending| word.ends_with(ending))
}

/// The word with one of the endings exchanged; the first that fits.
fn exchanged(word: &str, table: &[(&str, &str)]) -> Option<String> {
    table.iter().find_map(|(from, to)| {
        let stem = word.strip_suffix(from)?;
        (stem.chars().count() >= 2).then(|| format!("{stem}{to}"))
    })
}

const VOWELS: &str = "аеєиіїоуюяыэё";
const HISSING: &str = "жчшщ";

/// Words whose vowel falls out, where the rule would take the wrong one.
const FLEETING: &[(&str, &str)] = &[
    ("вовка", "вовк"),
    ("полка", "полк"),
    ("орла", "орел"),
    ("козла", "козел"),
    ("лева", "лев"),
    ("коня", "кінь"),
    ("дубка", "дубок"),
    ("сверчка", "сверчок"),
    ("мішка", "мішок"),
    ("порошка", "порошок"),
    ("голубка", "голубок"),
    ("горобця", "горобець"),
    ("цапка", "цапок"),
    ("чайка", "чайка"),
    ("волка", "волк"),
    ("петрика", "петрик"),
    ("короля", "король"),
    ("журавля", "журавель"),
    ("кисіля", "кисіль"),
    ("вівса", "овес"),
    ("коробця", "коробець"),
    ("лоба", "лоб"),
    ("рога", "ріг"),
    ("бійця", "боєць"),
    ("купця", "купець"),
];

fn male_genitive(word: &str) -> String {
    if let Some((_, whole)) = FLEETING.iter().find(|(from, _)| *from == word) {
        return (*whole).to_owned();
    }
    let table = [
        ("ського", "ський"),
        ("цького", "цький"),
        ("зького", "зький"),
        ("ского", "ский"),
        ("цкого", "цкий"),
        ("нього", "ній"),
        ("ього", "ій"),
        ("ого", "ий"),
        ("его", "ий"),
        ("йця", "єць"),
        ("еця", "ець"),
        ("ця", "ець"),
        ("'я", "ей"),
        ("ря", "р"),
        ("ая", "ай"),
        ("ея", "ей"),
        ("ія", "ій"),
        ("ия", "ий"),
        ("їя", "їй"),
        ("оя", "ой"),
        ("уя", "уй"),
        ("юя", "юй"),
        ("яя", "яй"),
        ("я", "ь"),
        ("ы", "а"),
        ("ки", "ка"),
        ("ї", "я"),
        ("і", "я"),
    ];
    if let Some(whole) = exchanged(word, &table) {
        return whole;
    }
    if let Some(stem) = word.strip_suffix('и') {
        return format!("{stem}а");
    }
    let Some(stem) = word.strip_suffix('а') else { return word.to_owned() };
    match stem.strip_suffix('к').and_then(|rest| rest.chars().last()) {
        Some(before) if !VOWELS.contains(before) && stem.chars().count() > 2 => format!("{stem}о"),
        _ => stem.to_owned(),
    }
}

fn male_dative(word: &str) -> String {
    let table =
        [("ському", "ський"), ("цькому", "цький"), ("зькому", "зький"), ("ньому", "ній"), ("ому", "ий"), ("ему", "ий")];
    if let Some(whole) = exchanged(word, &table) {
        return whole;
    }
    if let Some(stem) = word.strip_suffix("ові").or_else(|| word.strip_suffix('у')) {
        return male_genitive(&format!("{stem}а"));
    }
    if let Some(stem) = word.strip_suffix("еві") {
        let hissing = stem.chars().last().is_some_and(|c| HISSING.contains(c));
        return if hissing { stem.to_owned() } else { male_genitive(&format!("{stem}я")) };
    }
    if let Some(stem) = word.strip_suffix("єві").or_else(|| word.strip_suffix('ю')) {
        return male_genitive(&format!("{stem}я"));
    }
    noun_dative(word)
}

/// Nouns in -а, -я: dative and locative, of men and women.
fn noun_dative(word: &str) -> String {
    exchanged(word, &[("ці", "ка"), ("зі", "га"), ("ї", "я"), ("і", "а"), ("е", "а")])
        .unwrap_or_else(|| word.to_owned())
}

fn male_instrumental(word: &str) -> String {
    let table = [
        ("ським", "ський"),
        ("цьким", "цький"),
        ("зьким", "зький"),
        ("овим", "ов"),
        ("евим", "ев"),
        ("євим", "єв"),
        ("іним", "ін"),
        ("їним", "їн"),
        ("овым", "ов"),
        ("евым", "ев"),
        ("иным", "ин"),
        ("ым", "ый"),
        ("им", "ий"),
        ("ою", "а"),
        ("ею", "я"),
        ("єю", "я"),
    ];
    if let Some(whole) = exchanged(word, &table) {
        return whole;
    }
    if let Some(stem) = word.strip_suffix("ом") {
        return male_genitive(&format!("{stem}а"));
    }
    if let Some(stem) = word.strip_suffix("єм") {
        return male_genitive(&format!("{stem}я"));
    }
    if let Some(stem) = word.strip_suffix("ем") {
        let hissing = stem.chars().last().is_some_and(|c| HISSING.contains(c));
        return if hissing { stem.to_owned() } else { male_genitive(&format!("{stem}я")) };
    }
    word.to_owned()
}

fn female(word: &str, cases: Cases) -> String {
    let whole = if cases & GEN != 0 {
        exchanged(
            word,
            &[
                ("ої", "а"),
                ("ьої", "я"),
                ("ской", "ская"),
                ("цкой", "цкая"),
                ("ой", "а"),
                ("ї", "я"),
                ("и", "а"),
                ("ы", "а"),
                ("і", "я"),
            ],
        )
    } else if cases & (DAT | LOC) != 0 {
        exchanged(word, &[("ій", "а"), ("їй", "я"), ("ской", "ская"), ("ой", "а")]).or_else(|| Some(noun_dative(word)))
    } else if cases & ACC != 0 {
        exchanged(word, &[("ую", "ая"), ("у", "а"), ("ю", "я")])
    } else if cases & INS != 0 {
        exchanged(word, &[("ою", "а"), ("ею", "я"), ("єю", "я"), ("ской", "ская"), ("ой", "а")])
    } else {
        None
    };
    whole.unwrap_or_else(|| word.to_owned())
}

/// Whether the letters can only be Russian.
pub fn has_russian_letters(word: &str) -> bool {
    word.chars().any(|c| matches!(c, 'ы' | 'э' | 'ё' | 'ъ' | 'Ы' | 'Э' | 'Ё' | 'Ъ'))
}

/// Whether the letters can only be Ukrainian.
pub fn has_ukrainian_letters(word: &str) -> bool {
    word.chars().any(|c| matches!(c, 'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ'))
}

/// The usual Ukrainian spelling of a Russian surname in the nominative.
pub fn from_russian(surname: &str) -> String {
    let lower: String = tidy(surname).to_lowercase();
    if has_ukrainian_letters(&lower) {
        return title(&lower);
    }
    let parts: Vec<String> = lower.split('-').map(one_from_russian).collect();
    title(&parts.join("-"))
}

/// Roots of Ukrainian surnames that have і where Russian has и or о.
const ROOTS: &[(&str, &str)] = &[
    ("зинч", "зінч"),
    ("диден", "діден"),
    ("никит", "нікіт"),
    ("никола", "ніколаї"),
    ("филат", "філат"),
    ("филип", "філіп"),
    ("филин", "філін"),
    ("фил", "філ"),
    ("лис", "лис"),
    ("билоус", "білоус"),
    ("белоус", "білоус"),
    ("кириен", "кирієн"),
    ("матвиен", "матвієн"),
    ("андриен", "андрієн"),
    ("сергиен", "сергієн"),
    ("горбен", "горбен"),
    ("кравец", "кравець"),
    ("швец", "швець"),
    ("заец", "заєць"),
    ("заяц", "заяць"),
    ("ковальчук", "ковальчук"),
];

fn one_from_russian(part: &str) -> String {
    let table = [
        ("ский", "ський"),
        ("ская", "ська"),
        ("цкий", "цький"),
        ("цкая", "цька"),
        ("ый", "ий"),
        ("ая", "а"),
        ("яя", "я"),
        ("еев", "єєв"),
        ("еева", "єєва"),
        ("ец", "ець"),
    ];
    let (stem, ending) = table
        .iter()
        .find_map(|(from, to)| part.strip_suffix(from).map(|stem| (stem, *to)))
        .or_else(|| family_ending(part))
        .unwrap_or((part, ""));
    for (from, to) in ROOTS {
        if let Some(rest) = stem.strip_prefix(from) {
            return format!("{to}{}{ending}", sounds(rest, false));
        }
    }
    format!("{}{ending}", sounds(stem, true))
}

/// Surnames in -ов, -ев, -ёв, -ин and their feminine forms.
fn family_ending(part: &str) -> Option<(&str, &'static str)> {
    const ENDINGS: [(&str, &str, &str); 6] = [
        ("ёва", "ьова", "йова"),
        ("ёв", "ьов", "йов"),
        ("ева", "єва", "єва"),
        ("ев", "єв", "єв"),
        ("ина", "іна", "їна"),
        ("ин", "ін", "їн"),
    ];
    const KEEP: [&str; 8] = ["литвин", "волошин", "русин", "сербин", "турчин", "мартин", "половин", "калин"];
    if KEEP.iter().any(|root| part.starts_with(root)) {
        return None;
    }
    ENDINGS.iter().find_map(|(from, soft, after_vowel)| {
        let stem = part.strip_suffix(from)?;
        let last = stem.chars().last()?;
        if stem.chars().count() < 2 || HISSING.contains(last) || last == 'ц' {
            return None;
        }
        Some((stem, if VOWELS.contains(last) || last == 'ь' { *after_vowel } else { *soft }))
    })
}

fn sounds(stem: &str, initial: bool) -> String {
    let mut out = String::with_capacity(stem.len());
    let mut chars = stem.chars().peekable();
    let mut previous = if initial { ' ' } else { 'б' };
    while let Some(c) = chars.next() {
        let next_vowel = chars.peek().is_some_and(|next| VOWELS.contains(*next));
        match c {
            'и' if previous == ' ' => out.push('і'),
            'и' if VOWELS.contains(previous) => out.push('ї'),
            'и' if next_vowel => out.push('і'),
            'ы' => out.push('и'),
            'э' => out.push('е'),
            'е' if previous == ' ' || previous == 'ь' || VOWELS.contains(previous) => out.push('є'),
            'ё' if previous == ' ' || VOWELS.contains(previous) => out.push_str("йо"),
            'ё' if HISSING.contains(previous) => out.push('о'),
            'ё' => out.push_str("ьо"),
            'ъ' => out.push('\''),
            other => out.push(other),
        }
        previous = c;
    }
    out
}

/// What its ending tells of a surname without a name, or with initials only: whose it is and in which case.
pub fn oblique(surname: &str) -> Option<(Gender, Cases)> {
    const ENDINGS: [(&str, Gender, Cases); 21] = [
        ("ського", Gender::Male, GEN),
        ("цького", Gender::Male, GEN),
        ("ському", Gender::Male, DAT),
        ("цькому", Gender::Male, DAT),
        ("ським", Gender::Male, INS),
        ("цьким", Gender::Male, INS),
        ("ської", Gender::Female, GEN),
        ("цької", Gender::Female, GEN),
        ("ській", Gender::Female, DAT),
        ("цькій", Gender::Female, DAT),
        ("ською", Gender::Female, INS),
        ("цькою", Gender::Female, INS),
        ("енка", Gender::Male, GEN),
        ("енку", Gender::Male, DAT),
        ("енкові", Gender::Male, DAT),
        ("енком", Gender::Male, INS),
        ("чука", Gender::Male, GEN),
        ("чуку", Gender::Male, DAT),
        ("чуком", Gender::Male, INS),
        ("юка", Gender::Male, GEN),
        ("юку", Gender::Male, DAT),
    ];
    let word = fold(surname);
    ENDINGS.iter().find(|(ending, ..)| word.ends_with(ending)).map(|(_, gender, cases)| (*gender, *cases))
}

/// How much a capitalised word looks like a surname: 0 unknown, 1 by its ending.
pub fn looks_like(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "енко",
        "енка",
        "енку",
        "ко",
        "ук",
        "юк",
        "ука",
        "юка",
        "чук",
        "ський",
        "ська",
        "ського",
        "ської",
        "цький",
        "цька",
        "цького",
        "цької",
        "ець",
        "ця",
        "ак",
        "як",
        "ака",
        "яка",
        "ів",
        "їв",
        "ов",
        "ова",
        "ову",
        "ої",
        "ев",
        "єв",
        "єва",
        "ін",
        "їн",
        "іна",
        "їна",
        "их",
        "ич",
        "ич",
        "ій",
        "ий",
        "ого",
        "ар",
        "аря",
        "ань",
        "ун",
        "уна",
        "швілі",
        "дзе",
        "ян",
        "ло",
        "ай",
        "ей",
        "ба",
        "да",
        "ка",
        "ль",
        "дь",
        "ць",
        "чко",
        "ша",
        "ний",
        "ной",
        "ский",
        "ская",
        "цкий",
        "цкая",
        "ін",
        "ин",
        "ина",
    ];
    let word = fold(word);
    word.chars().count() >= 3 && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

#[cfg(test)]
#[path = "surname_tests.rs"]
mod tests;
