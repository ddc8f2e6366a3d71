//! Who applies: the applicant among all persons that a letter names.
//!
//! Form fields come first, then every mention is weighed by the words around it (cues of an applicant, of a relative, of
//! an official), by its place (a line of its own, the head, the end) and by the sender's display name; the best one above
//! a threshold applies. Missing parts are filled from other mentions of the same person and from the display name.
//! Absent on purpose: a name from an address alone, if the text names somebody.

use crate::domain::field::Field;
use crate::domain::letter::Correspondent;
use crate::domain::reading::Found;
use crate::domain::remark::Remark;
use crate::reading::fold::{fold, is_capital};
use crate::reading::given::{GEN, NOM};
use crate::reading::latin;
use crate::reading::name::{Assembled, FullName, is_given, is_initial, nominative};
use crate::reading::patronymic::patronymic;
use crate::reading::person_cues::{APPLICANT, OFFICIALS, PART_LABELS, WHOLE_LABELS};
use crate::reading::person_find::{Extent, Mention, mentions};
use crate::reading::representative::{Scene, find_represented, is_collective, relation};
use crate::reading::words::{Sort, Token, flow, part, tokens};

/// Where the name of the applicant may stand.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The author's own words with line ends as in the letter: no quoted history; head, address block and signature included.
    pub own_text: &'a str,
    /// The signature block where it was cut off from `own_text`; may be empty.
    pub signature: &'a str,
    /// Author of the letter (for a forward the inner one). Leave empty for a follow-up: only new words count there.
    pub from: &'a Correspondent,
    /// Subject of the letter; may be empty.
    pub subject: &'a str,
}

/// Who applies, and for whom.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Person {
    /// Surname, nominative.
    pub surname: Option<Found<String>>,
    /// Given name, nominative.
    pub name: Option<Found<String>>,
    /// Patronymic, nominative.
    pub patronymic: Option<Found<String>>,
    /// The person or group in whose interest the applicant acts.
    pub representative_of: Option<Found<String>>,
    /// The appeal is made by or for a group.
    pub collective: bool,
    /// What the operator should know.
    pub remarks: Vec<Remark>,
}

/// Below this weight nobody in the text is taken for the applicant.
const THRESHOLD: f32 = 0.9;

/// How many words before a name are looked at.
const WORDS_BEFORE: usize = 6;

/// The applicant.
pub fn find_applicant(sources: &Sources<'_>) -> Person {
    let joined = match (sources.own_text.trim().is_empty(), sources.signature.trim().is_empty()) {
        (_, true) => sources.own_text.to_owned(),
        (true, false) => sources.signature.to_owned(),
        (false, false) => format!("{}\n\n{}", sources.own_text.trim_end(), sources.signature),
    };
    let text = flow(&joined);
    let tokens = tokens(&text);
    let found = mentions(&tokens);
    let shown = display_name(sources.from);
    let weighed: Vec<f32> = found.iter().map(|mention| weight(mention, &tokens, &shown)).collect();
    let form = form_fields(&text);
    let best = best_mention(&found, &weighed);

    let mut person = Person::default();
    let mut taken: Option<&Mention> = None;
    if let Some((full, quote)) = &form {
        fill(&mut person, full, quote, 0.98);
    }
    if let Some((index, weight)) = best {
        let display_wins = shown.full.surname.is_some() && shown.full.name.is_some() && weight < shown.weight();
        if let (Some(mention), false) = (found.get(index), display_wins)
            && agrees(&person, &mention.who.full)
        {
            let quote = quote_of(mention, &tokens, &text);
            fill(&mut person, &mention.who.full, quote, certainty(mention, weight));
            person.remarks.extend(mention.who.full.remarks.iter().cloned());
            taken = Some(mention);
        }
    }
    for (mention, weight) in found.iter().zip(&weighed) {
        let same = mention.extent != Extent::Given
            || mention.who.full.name == person.name.as_ref().map(|found| found.value.clone());
        if *weight > -2.0 && same && person.surname.is_some() && shares_a_part(&person, &mention.who.full) {
            complete(&mut person, &mention.who, quote_of(mention, &tokens, &text));
        }
    }
    if agrees(&person, &shown.full) {
        complete(&mut person, &shown.as_assembled(), &shown.quote);
        fill(&mut person, &shown.full, &shown.quote, shown.certainty);
    }
    let scene = Scene {
        text: &text,
        tokens: &tokens,
        mentions: &found,
        applicant: taken,
        from: sources.from,
        subject: sources.subject,
    };
    person.representative_of = find_represented(&scene);
    person.collective = is_collective(&scene);
    tell(&mut person);
    person
}

fn quote_of<'a>(mention: &Mention, tokens: &[Token<'_>], text: &'a str) -> &'a str {
    let start = tokens.get(mention.first).map_or(0, |token| token.start);
    let end = tokens.get(mention.last).map_or(start, |token| token.end);
    part(text, start, end)
}

/// The best mention; of equal ones the first.
fn best_mention(found: &[Mention], weighed: &[f32]) -> Option<(usize, f32)> {
    let mut best: Option<(usize, f32)> = None;
    for (index, weight) in weighed.iter().enumerate().take(found.len()) {
        if *weight >= THRESHOLD && best.is_none_or(|(_, other)| *weight > other) {
            best = Some((index, *weight));
        }
    }
    best
}

fn certainty(mention: &Mention, weight: f32) -> f32 {
    let base: f32 = match mention.extent {
        Extent::Full => 0.86,
        Extent::NoSurname | Extent::Pair => 0.76,
        Extent::Initials => 0.7,
        Extent::Given => 0.55,
    };
    let oblique = if mention.who.cases & NOM == 0 { 0.08 } else { 0.0 };
    (base + (weight * 0.02).min(0.12) - oblique).clamp(0.3, 0.98)
}

/// Set the parts that are still empty.
fn fill(person: &mut Person, full: &FullName, quote: &str, confidence: f32) {
    let found = |value: &String| Found { value: value.clone(), quote: quote.replace('\n', " "), confidence };
    for (slot, value) in [
        (&mut person.surname, &full.surname),
        (&mut person.name, &full.name),
        (&mut person.patronymic, &full.patronymic),
    ] {
        if slot.is_none() {
            *slot = value.as_ref().map(found);
        }
    }
}

/// Better forms of the same name: a whole given name for an initial, a nominative for a guessed one, a missing part.
fn complete(person: &mut Person, other: &Assembled, quote: &str) {
    if !agrees(person, &other.full) {
        return;
    }
    let nominative_form = other.cases & NOM != 0;
    for (slot, value) in [
        (&mut person.name, &other.full.name),
        (&mut person.patronymic, &other.full.patronymic),
        (&mut person.surname, &other.full.surname),
    ] {
        let (Some(known), Some(value)) = (slot.as_mut(), value) else { continue };
        let fuller = is_initial(&known.value) && !is_initial(value);
        let surer = nominative_form && !is_initial(value) && known.value != *value && known.confidence < 0.95;
        if fuller || (surer && same_stem(&known.value, value) && !other.russian && !latin::is_latin(quote)) {
            known.value.clone_from(value);
        }
    }
    fill(person, &other.full, quote, 0.7);
}

/// Whether two words differ in the ending only, by at most two letters on either side.
fn same_stem(left: &str, right: &str) -> bool {
    let (left, right) = (fold(left), fold(right));
    let common = left.chars().zip(right.chars()).take_while(|(a, b)| a == b).count();
    common >= 3 && common + 2 >= left.chars().count() && common + 2 >= right.chars().count()
}

/// Whether nothing in the two names speaks against one person.
fn agrees(person: &Person, other: &FullName) -> bool {
    let fits = |known: &Option<Found<String>>, other: &Option<String>, surname: bool| match (known, other) {
        (Some(known), Some(other)) => same_part(&known.value, other, surname),
        _ => true,
    };
    fits(&person.surname, &other.surname, true)
        && fits(&person.name, &other.name, false)
        && fits(&person.patronymic, &other.patronymic, false)
}

fn shares_a_part(person: &Person, other: &FullName) -> bool {
    let same = |known: &Option<Found<String>>, other: &Option<String>| match (known, other) {
        (Some(known), Some(other)) => same_part(&known.value, other, true),
        _ => false,
    };
    same(&person.surname, &other.surname) || (same(&person.name, &other.name) && other.surname.is_none())
}

fn same_part(left: &str, right: &str, surname: bool) -> bool {
    if fold(left) == fold(right) || latin::sounds_like(left, right) {
        return true;
    }
    if is_initial(left) || is_initial(right) {
        return fold(left).chars().next() == fold(right).chars().next();
    }
    surname && same_stem(left, right)
}

/// How much speaks for this mention being the applicant.
fn weight(mention: &Mention, tokens: &[Token<'_>], shown: &Shown) -> f32 {
    let around = Around::of(mention, tokens);
    let mut weight: f32 = match mention.extent {
        Extent::Full => 2.0,
        Extent::NoSurname => 0.6,
        Extent::Pair => 1.0,
        Extent::Initials => 0.4,
        Extent::Given => -0.8,
    };
    weight += around.weight(mention);
    let full = &mention.who.full;
    if let (Some(own), Some(theirs)) = (&full.surname, &shown.full.surname)
        && same_part(own, theirs, true)
    {
        weight += 2.5;
    }
    match (&full.name, &shown.full.name) {
        (Some(own), Some(theirs)) if same_part(own, theirs, false) => weight += 2.0,
        (Some(own), Some(theirs)) if full.surname.is_some() && !is_initial(own) && !shown.short && is_given(theirs) => {
            weight -= 1.0;
        }
        _ => {}
    }
    weight
}

/// The words around a mention.
struct Around<'a> {
    /// Folded words before it in the same sentence, nearest first.
    before: Vec<String>,
    after: Option<&'a Token<'a>>,
    after_next: Option<&'a Token<'a>>,
    line_start: bool,
    line_end: bool,
    in_brackets: bool,
    /// Line breaks before it in the text.
    line: usize,
    last_third: bool,
}

impl<'a> Around<'a> {
    fn of(mention: &Mention, tokens: &'a [Token<'a>]) -> Self {
        let mut before = Vec::new();
        let mut at = mention.first;
        let mut in_brackets = false;
        while let Some(previous) = at.checked_sub(1) {
            at = previous;
            let Some(token) = tokens.get(at) else { break };
            match token.sort {
                Sort::Word => before.push(fold(token.text)),
                Sort::Break if token.lines() > 1 || before.is_empty() && token.lines() == 1 && !hangs(tokens, at) => {
                    break;
                }
                Sort::Mark if matches!(token.text, "!" | "?" | ";") => break,
                Sort::Mark if token.text == "." && !abbreviation(tokens, at) => break,
                Sort::Mark if token.text == "(" => in_brackets = before.is_empty() || in_brackets,
                Sort::Break | Sort::Mark | Sort::Number => {}
            }
            if before.len() >= WORDS_BEFORE {
                break;
            }
        }
        let previous = mention.first.checked_sub(1).and_then(|at| tokens.get(at));
        let after = tokens.get(mention.last + 1);
        Self {
            before,
            after,
            after_next: tokens.get(mention.last + 2),
            line_start: previous.is_none_or(|token| token.sort == Sort::Break),
            line_end: after.is_none_or(|token| token.sort == Sort::Break),
            in_brackets,
            line: tokens.iter().take(mention.first).map(Token::lines).sum(),
            last_third: mention.first * 3 >= tokens.len() * 2,
        }
    }

    fn near(&self, count: usize) -> impl Iterator<Item = &str> {
        self.before.iter().take(count).map(String::as_str)
    }

    fn weight(&self, mention: &Mention) -> f32 {
        let nominative_form = mention.who.cases & NOM != 0;
        let mut weight = 0.0_f32;
        let cue = self.near(1).any(|word| APPLICANT.contains(&word)) || self.near(2).any(|word| word == "я");
        let for_whom =
            self.near(6).any(|word| word == "особі") || self.near(4).any(|word| word == "від" || word == "от");
        if cue || (for_whom && !nominative_form) {
            weight += 3.0;
        }
        let related = self.near(3).any(|word| relation(word).is_some());
        if related && !cue && !for_whom {
            weight -= 4.0;
        }
        let official = self.near(2).any(|word| OFFICIALS.iter().any(|prefix| word.starts_with(prefix)));
        if official && !for_whom && !self.near(2).any(|word| word == "я" || word == "заявник") {
            weight -= if nominative_form { 2.0 } else { 4.0 };
        }
        if self.near(3).any(|word| DOCUMENTS.contains(&word)) {
            weight -= 5.0;
        }
        if !nominative_form {
            let head = self.line_start && self.line <= 8 && mention.who.cases & GEN != 0;
            weight += if head {
                3.0
            } else if cue || for_whom {
                0.0
            } else {
                -2.0
            };
        }
        if self.line_start && self.line_end && nominative_form {
            weight += 2.0;
        } else if self.line_start && nominative_form {
            weight += 1.0;
        } else if self.line_end && nominative_form && self.last_third {
            weight += 0.8;
        }
        if self.in_brackets && !cue {
            weight -= 1.5;
        }
        weight + self.weight_after(mention, nominative_form)
    }

    fn weight_after(&self, mention: &Mention, nominative_form: bool) -> f32 {
        let mut weight = 0.0_f32;
        let is_contact = |token: &Token<'_>| match token.sort {
            Sort::Number => true,
            Sort::Word => CONTACT.iter().any(|word| fold(token.text).starts_with(word)),
            Sort::Mark => token.text == "+",
            Sort::Break => false,
        };
        if let Some(after) = self.after {
            if after.sort == Sort::Word && fold(after.text) == "я" {
                weight += 3.0;
            }
            let mark = after.sort == Sort::Mark || after.sort == Sort::Break;
            let contact = is_contact(after) || (mark && self.after_next.is_some_and(is_contact));
            if contact && nominative_form {
                weight += 1.2;
            }
        }
        if self.last_third && nominative_form && mention.extent != Extent::Given {
            weight += 0.4;
        }
        weight
    }
}

/// Words that announce a person of a document, not the writer.
const DOCUMENTS: &[&str] =
    &["ім'я", "имя", "прізвище", "довіреністю", "довіреності", "спадкодавця", "власника", "власниця", "власник"];

/// Words that follow the name of a writer.
const CONTACT: &[&str] = &[
    "тел",
    "моб",
    "пропис",
    "зареєстр",
    "реєстр",
    "прожив",
    "мешка",
    "живу",
    "адрес",
    "р.н",
    "рік",
    "зарегистр",
    "дзвін",
];

/// Whether the line before a break ends in the middle of a phrase ("від", ",").
fn hangs(tokens: &[Token<'_>], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|token| {
        matches!(
            fold(token.text).as_str(),
            "від"
                | "от"
                | ","
                | ":"
                | "я"
                | "звати"
                | "заявник"
                | "заявниця"
                | "повагою"
                | "піб"
                | "заявника"
                | "уважением"
                | "гр"
        )
    })
}

/// Whether the full stop at `at` ends an abbreviation ("гр.", "п.", "тел."), not a sentence.
fn abbreviation(tokens: &[Token<'_>], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|before| tokens.get(before))
        .is_some_and(|token| token.sort == Sort::Word && token.text.chars().count() <= 3 && !is_capital(token.text))
}

/// The sender's name as the header shows it.
#[derive(Default)]
struct Shown {
    full: FullName,
    quote: String,
    certainty: f32,
    short: bool,
    russian: bool,
}

impl Shown {
    fn weight(&self) -> f32 {
        if self.full.name.as_deref().is_some_and(is_initial) { 1.0 } else { 1.9 }
    }

    fn as_assembled(&self) -> Assembled {
        Assembled {
            full: self.full.clone(),
            cases: NOM,
            russian: self.russian,
            known_name: true,
            short_name: self.short,
        }
    }
}

/// The display name if it is a person's; else the address, if a given name of the dictionary stands in it.
fn display_name(from: &Correspondent) -> Shown {
    let name = from.name.split(['(', '<', '|', '/', ',']).next().unwrap_or("").trim();
    let words: Vec<&str> =
        name.split(|c: char| c.is_whitespace() || c == '.').filter(|word| !word.is_empty()).collect();
    let plain = name.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || "'’ʼ`-.".contains(c));
    let given = words.iter().any(|word| is_given(word));
    let initials = words.iter().any(|word| is_initial(word)) && words.iter().any(|word| word.chars().count() > 2);
    let fathered = words.iter().any(|word| patronymic(word).is_some_and(|found| found.known));
    if plain && words.len() <= 4 && (given || initials || fathered) && !is_organisation(name) {
        let mut full = nominative(name);
        // A word beside the given name that is one letter, or small, is no surname ("Тетяна П.", "Оля з Дніпра").
        if full.name.as_deref().is_some_and(is_initial) && given {
            full = only_given(&words);
        }
        let mut certainty = if full.name.is_some() && full.surname.is_some() { 0.65 } else { 0.5 };
        if latin::is_latin(name) {
            certainty -= 0.1;
        }
        let short = full.name.as_deref().is_some_and(is_short);
        let russian = words.iter().any(|word| crate::reading::surname::has_russian_letters(word));
        full.remarks.clear();
        return Shown { full, quote: from.name.clone(), certainty, short, russian };
    }
    if !from.name.trim().is_empty() && plain && words.len() > 1 {
        return Shown::default();
    }
    by_address(&from.address)
}

fn is_short(name: &str) -> bool {
    crate::reading::given::forms_of(name).iter().all(|form| form.short)
}

fn only_given(words: &[&str]) -> FullName {
    let name = words.iter().find(|word| is_given(word)).copied().unwrap_or("");
    FullName { name: nominative(name).name, ..FullName::default() }
}

fn is_organisation(name: &str) -> bool {
    let folded = fold(name);
    ["осбб", "центр", "тов", "пп", "го", "бф", "фонд", "школа", "ліцей", "управління", "магазин", "приймальня", "штаб"]
        .iter()
        .any(|word| folded.split(' ').any(|part| part == *word))
}

/// `olena.kovalenko@…`: a given name of the dictionary and one other word.
fn by_address(address: &str) -> Shown {
    let local = address.split('@').next().unwrap_or("");
    let words: Vec<&str> = local
        .split(['.', '_', '-'])
        .map(|word| word.trim_matches(|c: char| c.is_ascii_digit()))
        .filter(|word| word.len() >= 3 && latin::is_latin(word))
        .collect();
    let [first, second] = words.as_slice() else { return Shown::default() };
    if is_given(first) == is_given(second) || ROLES.contains(first) || ROLES.contains(second) {
        return Shown::default();
    }
    let mut full = nominative(&format!("{first} {second}"));
    full.remarks.clear();
    Shown { full, quote: address.to_owned(), certainty: 0.4, short: false, russian: false }
}

/// Words of addresses that are no surnames.
const ROLES: &[&str] =
    &["work", "home", "mail", "office", "info", "law", "sever", "shop", "school", "post", "family", "mama"];

/// The name in the fields of a web form or a questionnaire: one whole field or three parts, with the words quoted.
fn form_fields(text: &str) -> Option<(FullName, String)> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut parts: [String; 3] = Default::default();
    for (index, line) in lines.iter().enumerate() {
        let next = lines.get(index + 1..).unwrap_or(&[]).iter().find(|line| !line.is_empty()).copied().unwrap_or("");
        let (label, value) = labelled(line, next);
        if value.is_empty() {
            continue;
        }
        if WHOLE_LABELS.contains(&label.as_str()) {
            let head = value.split([',', ';', '|', '(']).next().unwrap_or("");
            let words = head.split_whitespace().count();
            let full = nominative(head);
            if (2..=5).contains(&words) && full.surname.is_some() && full.name.is_some() && is_capital(head) {
                return Some((full, head.to_owned()));
            }
        }
        for (slot, labels) in parts.iter_mut().zip(PART_LABELS) {
            if labels.contains(&label.as_str()) && value.split_whitespace().count() <= 3 && slot.is_empty() {
                value.clone_into(slot);
            }
        }
    }
    let [surname, name, patronymic_word] = &parts;
    if surname.is_empty() || name.is_empty() {
        return None;
    }
    let quote = format!("{surname} {name} {patronymic_word}").trim().to_owned();
    let joined_surname = surname.split_whitespace().next().unwrap_or("");
    let who = crate::reading::name::assemble(crate::reading::name::Parts {
        surname: joined_surname,
        name,
        patronymic: patronymic_word,
    });
    Some((who.full, quote))
}

/// A line as label and value: "Прізвище: Бондар", "ПІБ | Бондар Олег", or the label alone and the value below.
fn labelled<'a>(line: &'a str, next: &'a str) -> (String, &'a str) {
    let clean = |label: &str| fold(label).trim_matches(|c: char| " *-–—•·".contains(c)).to_owned();
    if let Some((label, value)) = line.split_once([':', '|', '\t', '=']) {
        let value = value.trim_matches(|c: char| c.is_whitespace() || "|:*_".contains(c));
        return (clean(label), if value.is_empty() { next } else { value });
    }
    for dash in [" - ", " – ", " — "] {
        if let Some((label, value)) = line.split_once(dash) {
            return (clean(label), value.trim());
        }
    }
    (clean(line), next)
}

/// What the operator should know about the name.
fn tell(person: &mut Person) {
    let text = match (&person.surname, &person.name) {
        (None, None) => None,
        (None, Some(_)) => Some("Прізвища заявника в листі немає: уточніть."),
        (Some(_), None) => Some("Імені заявника в листі немає: уточніть."),
        (Some(_), Some(name)) if is_initial(&name.value) => Some("Вказано лише ініціали заявника: уточніть ім'я."),
        (Some(surname), Some(_)) if surname.confidence < 0.7 => {
            Some("Ім'я взято з поля «Від», у тексті його немає: перевірте.")
        }
        (Some(_), Some(_)) => None,
    };
    if let Some(text) = text {
        person.remarks.push(Remark::on(Field::Applicant, text));
    }
}
