//! The tests that one clause of a status cell goes through, in their order, and the grammar that they need.
//!
//! Words are known by their beginnings; their endings tell a result ("передано") from an order ("передати"), from work
//! ("вирішується") and from a promise ("виконаємо"). That is enough of grammar: nothing here parses a sentence.

use super::status_words_around::{assigning, deciding, giving, has, returning, sending, taking};
use super::status_words_table::{
    AT_WORK, AWAITED, BODIES, CELLS, FILLERS, FUTURE, Kind, Meaning, NOT_STEMS, PARTLY, POLITE, RULES, STEMS,
};
use super::status_words_text::Word;
use crate::domain::status::{STATUSES, Status};
use Meaning::{Ask, Is, Order};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Most words between the parts of a phrase.
const MAX_GAP: usize = 3;
/// Shortest abbreviation that may stand for a longer known word (letters).
const MIN_ABBREVIATION: usize = 3;
/// Longest clause that may be a bare address ("це питання до ЖКГ"), in words.
const MAX_BARE: usize = 5;

/// Which test decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// "не виконано".
    Negation,
    /// "буде виконано".
    Future,
    /// "виконано частково".
    Partial,
    /// The whole clause is a known cell.
    Cell,
    /// A phrase.
    Phrase,
    /// A word by its beginning.
    Stem,
    /// A word after repair of a slip.
    Repaired,
    /// Solved, but something is promised beside it.
    Doubted,
}

impl Test {
    /// Name for logs and `explain`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Negation => "negation",
            Self::Future => "future",
            Self::Partial => "partial",
            Self::Cell => "cell",
            Self::Phrase => "phrase",
            Self::Stem | Self::Doubted => "stem",
            Self::Repaired => "repaired",
        }
    }
}

/// What a clause means and by which test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Meaning.
    pub meaning: Meaning,
    /// The test that decided.
    pub test: Test,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// "передано".
    Done,
    /// "передається", "передамо".
    NotYet,
    /// "передати".
    Infinitive,
    /// "передання".
    Noun,
}

/// Judges one clause.
pub fn judge(clause: &[Word]) -> Option<Finding> {
    let work = |test| Some(Finding { meaning: Is(Status::InProgress), test });
    if let Some(meaning) = whole_cell(clause) {
        return Some(Finding { meaning, test: Test::Cell });
    }
    if negated(clause) {
        return work(Test::Negation);
    }
    if partly(clause) {
        return work(Test::Partial);
    }
    let main = clause.get(..main_words(clause)).unwrap_or(clause);
    let planned =
        |word: &Word| kind_of(word, false) == Some(Kind::Planned) && !matches!(form_of(&word.text), Form::Infinitive);
    if main.iter().any(|word| FUTURE.contains(&word.text.as_str()) || planned(word)) {
        return work(Test::Future);
    }
    scan(clause).or_else(|| bare_body(clause)).or_else(|| awaited(clause))
}

/// How many words stand before those about something else: "роз'яснено, чому не виплачено".
fn main_words(clause: &[Word]) -> usize {
    let opens = ["що", "чому", "якщо", "коли", "оскільки", "бо", "щодо", "стосовно", "что", "почему", "когда"];
    let open = |(place, word): (usize, &Word)| {
        let before = place.checked_sub(1).and_then(|before| clause.get(before))?;
        // "поки що", "поки ще" are no conjunctions.
        (opens.contains(&word.text.as_str()) && !["поки", "пока"].contains(&before.text.as_str())).then_some(place)
    };
    clause.iter().enumerate().find_map(open).unwrap_or(clause.len())
}

static WHOLE: LazyLock<BTreeMap<String, Meaning>> = LazyLock::new(|| {
    let labels = STATUSES.iter().map(|spec| (fold_label(spec.label), Is(spec.status)));
    let cells = CELLS.iter().flat_map(|(meaning, forms)| forms.iter().map(|form| ((*form).to_owned(), *meaning)));
    labels.chain(cells).collect()
});

fn fold_label(label: &str) -> String {
    let words = label.split(|c: char| !c.is_alphabetic() && c != '\'').filter(|word| !word.is_empty());
    words.map(|word| word.to_lowercase().replace('\'', "")).collect::<Vec<_>>().join(" ")
}

fn whole_cell(clause: &[Word]) -> Option<Meaning> {
    let key = clause.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    WHOLE.get(&key).copied()
}

/// "не" before anything that would be a result; "невиконано"; "виконано не було"; "неможливо виконати".
fn negated(clause: &[Word]) -> bool {
    let clause = clause.get(..main_words(clause)).unwrap_or(clause);
    let text = |place: usize| clause.get(place).map_or("", |word| word.text.as_str());
    let known = |words: &[Word]| words.iter().any(|word| kind_of(word, false).is_some());
    let mut place = 0;
    while place < clause.len() {
        // A phrase with its own "не" ("не наше", "заявник не надав документів") is no negation of a result.
        if let Some((_, length)) = longest_phrase(clause, place) {
            place = place.saturating_add(length.max(1));
            continue;
        }
        let word = text(place);
        let no_way = ["немає", "нема", "нет"].contains(&word) && text(place.saturating_add(1)).starts_with("можлив");
        let impossible = no_way || word.starts_with("неможлив") || word.starts_with("невозможн");
        if joined_negation(word) || (impossible && known(clause)) {
            return true;
        }
        place = place.saturating_add(1);
        if word != "не" && word != "ні" {
            continue;
        }
        let mut next = place;
        while FILLERS.contains(&text(next)) {
            next = next.saturating_add(1);
        }
        let verb =
            clause.get(next).is_some_and(|word| kind_of(word, true).is_some() && form_of(&word.text) != Form::Noun);
        let after_verb = clause.get(next).is_none() && known(clause);
        if verb || after_verb || longest_phrase(clause, next).is_some() {
            return true;
        }
    }
    false
}

/// "невиконано", "невик.", "нерешено".
fn joined_negation(word: &str) -> bool {
    let Some(rest) = word.strip_prefix("не") else {
        return false;
    };
    let known = STEMS.iter().any(|stem| stem.stem.starts_with("не") && word.starts_with(stem.stem));
    let verb = |stem: &str, kind: Kind| {
        matches!(kind, Kind::Result(_) | Kind::Deciding | Kind::Giving | Kind::Assigning) && rest.starts_with(stem)
    };
    !known && (STEMS.iter().any(|stem| verb(stem.stem, stem.kind)) || ["вик", "вир", "вип", "вып"].contains(&rest))
}

/// "частково", "не повністю", "на 50 %".
fn partly(clause: &[Word]) -> bool {
    let mut words = clause.iter().map(|word| word.text.as_str()).peekable();
    while let Some(word) = words.next() {
        let next = words.peek().copied().unwrap_or_default();
        let whole = ["повн", "полност", "весь", "все", "всі", "усі", "остаточн"].iter().any(|w| next.starts_with(w));
        if (word == "не" && whole) || PARTLY.iter().any(|stem| word.starts_with(stem)) {
            return true;
        }
        let share = word.trim_end_matches('%').parse::<u32>().is_ok_and(|share| share < 100);
        if share && (next == "%" || word.ends_with('%') || next.starts_with("відсот") || next.starts_with("процент"))
        {
            return true;
        }
    }
    clause.windows(3).any(|three| three.iter().map(|w| w.text.as_str()).eq(["не", "до", "кінця"]))
}

/// The first phrase or word that says something; an order waits whether a result follows it.
fn scan(clause: &[Word]) -> Option<Finding> {
    let mut weak: Option<Finding> = None;
    let mut place = 0;
    while let Some(word) = clause.get(place) {
        let phrase = longest_phrase(clause, place);
        let found = match phrase {
            Some((meaning, _)) => Some(Finding { meaning, test: Test::Phrase }),
            None => by_word(clause, place),
        };
        let step = phrase.map_or(1, |(_, length)| length.max(1));
        let ordered = weak.is_some_and(|finding| finding.meaning == Order);
        place = place.saturating_add(step);
        let Some(mut found) = found else {
            continue;
        };
        if word.repaired {
            found.test = Test::Repaired;
        }
        match found.meaning {
            // After an order only a finished deed is a state: "розглянути, надати роз'яснення" orders twice.
            Is(_) if !ordered || (phrase.is_none() && form_of(&word.text) == Form::Done) => return Some(found),
            Is(_) => {}
            Ask if weak.is_none() || (ordered && form_of(&word.text) == Form::Done && phrase.is_none()) => {
                weak = Some(found)
            }
            Order if weak.is_none() => weak = Some(found),
            Ask | Order => {}
        }
    }
    weak
}

/// A compiled alternative: beginning or whole word.
type Alternative = (String, bool);

struct Phrase {
    /// Each part: whether a gap may stand before it, and what it may be.
    parts: Vec<(bool, Vec<Alternative>)>,
    /// A gap at the end asks for at least one more word.
    more: bool,
    meaning: Meaning,
}

static PHRASES: LazyLock<Vec<Phrase>> =
    LazyLock::new(|| RULES.iter().map(|(text, meaning)| phrase(text, *meaning)).collect());

fn phrase(text: &str, meaning: Meaning) -> Phrase {
    let mut parts = Vec::new();
    let mut gap = false;
    for part in text.split(' ') {
        if part == "~" {
            gap = true;
            continue;
        }
        let alternative = |text: &str| (text.trim_end_matches('*').to_owned(), text.ends_with('*'));
        parts.push((gap, part.split('|').map(alternative).collect()));
        gap = false;
    }
    Phrase { parts, more: gap, meaning }
}

fn fits(word: &Word, alternatives: &[Alternative]) -> bool {
    alternatives
        .iter()
        .any(|(text, open)| if *open { word.text.starts_with(text.as_str()) } else { word.text == *text })
}

/// The phrase with the most parts that begins here, and how many words it covers.
fn longest_phrase(clause: &[Word], place: usize) -> Option<(Meaning, usize)> {
    let mut best: Option<(usize, usize, Meaning)> = None;
    for phrase in PHRASES.iter() {
        let Some(length) = phrase_length(phrase, clause, place) else {
            continue;
        };
        let parts = phrase.parts.len();
        // More parts win; among equals the one whose words stand closer.
        if best.is_none_or(|(most, span, _)| parts > most || (parts == most && length < span)) {
            best = Some((parts, length, phrase.meaning));
        }
    }
    best.map(|(_, length, meaning)| (meaning, length))
}

fn phrase_length(phrase: &Phrase, clause: &[Word], place: usize) -> Option<usize> {
    let mut at = place;
    for (gap, alternatives) in &phrase.parts {
        let reach = if *gap { MAX_GAP } else { 0 };
        let mut near = clause.iter().enumerate().skip(at).take(reach.saturating_add(1));
        // A gap never jumps over "не": "роботи не завершено" is not "роботи завершено".
        at = near.find_map(|(place, word)| match fits(word, alternatives) {
            true => Some(Some(place)),
            false => (word.text == "не").then_some(None),
        })??;
        at = at.saturating_add(1);
    }
    if phrase.more && clause.get(at).is_none() {
        return None;
    }
    Some(at.saturating_sub(place))
}

/// The kind of a word: by its longest known beginning, or as an abbreviation of only one kind.
fn kind_of(word: &Word, negated: bool) -> Option<Kind> {
    let text = word.text.as_str();
    if NOT_STEMS.iter().any(|stem| text.starts_with(stem)) {
        return None;
    }
    let known = STEMS.iter().filter(|stem| text.starts_with(stem.stem)).max_by_key(|stem| stem.stem.len());
    if let Some(stem) = known {
        return Some(stem.kind);
    }
    if (!word.stopped && !negated) || text.chars().count() < MIN_ABBREVIATION {
        return None;
    }
    let mut kinds = STEMS.iter().filter(|stem| stem.stem.starts_with(text)).map(|stem| stem.kind);
    let first = kinds.next()?;
    kinds.all(|kind| kind == first).then_some(first)
}

/// What the ending says. Endings that fit none are results: slips at the end of a word are the most frequent ones.
fn form_of(word: &str) -> Form {
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    let russian = word.starts_with("вы")
        || ["реш", "сдел", "разъ", "рассм", "отказ", "передат", "провер", "исполн", "подгот", "отправ", "устран"]
            .iter()
            .any(|stem| word.starts_with(stem));
    if ends(&["ти", "тися", "тись", "йте", "іть", "ьте"]) || (russian && ends(&["ть", "ться"]))
    {
        return Form::Infinitive;
    }
    if ends(&["ння", "нню", "нні", "нням", "ние", "нию", "нии", "ния"]) {
        return Form::Noun;
    }
    let russian_future = russian && ends(&["им", "ем", "ут", "ют", "ят", "ет", "ит"]);
    if russian_future || ends(&["ться", "тся", "мо", "уть", "ють", "ать", "ять", "ить", "ує", "ає", "є", "ує", "сть"])
    {
        return Form::NotYet;
    }
    Form::Done
}

fn by_word(clause: &[Word], place: usize) -> Option<Finding> {
    let word = clause.get(place)?;
    let kind = kind_of(word, false)?;
    let form = form_of(&word.text);
    let meaning = match (kind, form) {
        (Kind::Any(status), _) => any_form(status, &word.text, form),
        (Kind::Working | Kind::Planned, Form::Infinitive) | (Kind::Doing, _) => Order,
        (Kind::Working, _) => Is(Status::InProgress),
        (Kind::Planned, _) => return Some(Finding { meaning: Is(Status::InProgress), test: Test::Future }),
        (Kind::Clarifying, Form::Infinitive | Form::Noun) => Is(Status::NeedsClarification),
        (Kind::Clarifying, Form::Done | Form::NotYet) => Ask,
        (Kind::Sending, form) => sending(clause, &word.text, form),
        (Kind::Returning, Form::Done) => returning(clause),
        (Kind::Closing, Form::Noun) if !word.text.starts_with("відпов") => return None,
        (Kind::Closing, Form::Done | Form::Noun) => Ask,
        (_, Form::Infinitive) => Order,
        (_, Form::Noun) => return None,
        (_, Form::NotYet) => return Some(not_yet(&word.text)),
        (Kind::Result(status), Form::Done) => Is(status),
        (Kind::Giving, Form::Done) => giving(clause, word),
        (Kind::Taking, Form::Done) => taking(clause),
        (Kind::Assigning, Form::Done) => assigning(clause),
        (Kind::Removing, Form::Done) => Ask,
        (Kind::Deciding, Form::Done) => deciding(clause, &word.text)?,
    };
    Some(Finding { meaning, test: Test::Stem })
}

/// "вирішується" goes on now; "вирішимо" is a promise.
fn not_yet(word: &str) -> Finding {
    let now = word.ends_with("ся") || word.contains("ую") || word.contains("ова");
    Finding { meaning: Is(Status::InProgress), test: if now { Test::Stem } else { Test::Future } }
}

fn any_form(status: Status, word: &str, form: Form) -> Meaning {
    match (status, form) {
        (Status::NeedsClarification, _) => Is(status),
        (_, Form::Infinitive) => Order,
        (Status::Explained, Form::NotYet) if !word.contains("ує") && !word.contains("ю") => Is(Status::InProgress),
        (Status::Refused, Form::NotYet) if !word.contains("ля") => Is(Status::InProgress),
        (Status::Extended, Form::NotYet) => Is(Status::InProgress),
        (_, Form::Done | Form::NotYet | Form::Noun) => Is(status),
    }
}

/// "до ЖКГ", "це до освіти": somebody else's.
fn bare_body(clause: &[Word]) -> Option<Finding> {
    let skip = ["це", "это", "питання", "вопрос", "тут", "звернення"];
    let rest: Vec<&Word> = clause.iter().skip_while(|word| skip.contains(&word.text.as_str())).collect();
    let leads = rest.first().is_some_and(|word| ["до", "в", "у", "к"].contains(&word.text.as_str()));
    let body = |place: usize| {
        rest.get(place).is_some_and(|word| word.capitals || BODIES.iter().any(|stem| word.text.starts_with(stem)))
    };
    // "питання ЦНАПу" needs no preposition.
    let matter_of = rest.len() == 1 && clause.len() > 1 && body(0);
    let bare = ((leads && body(1)) || matter_of) && clause.len() <= MAX_BARE;
    bare.then_some(Finding { meaning: Is(Status::ReturnedForRerouting), test: Test::Phrase })
}

/// "комісія 20.07", "шукаємо": the matter waits for it, or somebody is at work; the day beside it is a promise.
fn awaited(clause: &[Word]) -> Option<Finding> {
    let at_work = |word: &Word| {
        AT_WORK.iter().any(|ending| word.text.ends_with(ending))
            && word.text.chars().count() > MIN_ABBREVIATION.saturating_add(2)
            && !POLITE.iter().any(|stem| word.text.starts_with(stem))
    };
    let waits = has(clause, &AWAITED) || (clause.iter().any(at_work) && !clause.iter().any(|word| word.text == "не"));
    (waits && clause.len() <= MAX_BARE).then_some(Finding { meaning: Is(Status::InProgress), test: Test::Future })
}
