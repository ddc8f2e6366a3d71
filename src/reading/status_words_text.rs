//! A status cell as words: folded, cut into sentences and clauses, with dates taken out and typing slips repaired.
//!
//! Nothing here knows what a word means for the state of an appeal; it only knows which words may be meant
//! (`status_words_table`). Apostrophes vanish (роз'яснено, розʼяснено and розяснено are one word), Latin look-alikes become
//! Cyrillic, a text typed wholly in Latin letters is read by sound or by the keys of the keyboard.

use super::fold::{is_apostrophe, is_cyrillic, is_dash, is_invisible};
use super::status_words_table::{BEFORE_PROMISE, KNOWN_WORDS, RULES, STEMS};
use super::written_dates::dates_in;
use crate::domain::number::look_alike;
use chrono::NaiveDate;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// A status cell longer than this is cut (characters): the first words decide.
pub const MAX_CHARS: usize = 600;
/// Words from this length are repaired (letters).
const REPAIRED_FROM: usize = 6;
/// Beginnings of words are compared with a slip from this length (letters).
const STEM_REPAIRED_FROM: usize = 6;

/// Words of phrases protect words that begin so from repair from this length (letters).
const PHRASE_WORD_FROM: usize = 5;

/// How a date is tied to the words around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// After "до": a promise.
    Till,
    /// After "на", "орієнтовно": a promise where the future is meant.
    On,
    /// After "від": a date of some paper.
    From,
    /// After "з": since when something is in force, no day on which it was done.
    Since,
    /// Alone.
    Plain,
}

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Lower case, no apostrophes, look-alikes as Cyrillic.
    pub text: String,
    /// A full stop follows: may be an abbreviation.
    pub stopped: bool,
    /// Was repaired.
    pub repaired: bool,
    /// Stands in capitals (an abbreviation of a body: ПФУ).
    pub capitals: bool,
}

/// A clause: words between commas, brackets and dashes.
pub type Clause = Vec<Word>;

/// A date of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// The day.
    pub day: NaiveDate,
    /// How it is tied to the words before it.
    pub tie: Tie,
    /// Its sentence, by position; `None`: it stands alone.
    pub sentence: Option<usize>,
}

/// The text of a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// Sentences, each a list of clauses.
    pub sentences: Vec<Vec<Clause>>,
    /// Dates in order.
    pub dates: Vec<Dated>,
    /// Ends with a question mark.
    pub question: bool,
}

/// Cuts a cell into words.
pub fn read(raw: &str, registered: NaiveDate) -> Text {
    let clean: String = raw.nfc().filter(|c| !is_invisible(*c)).take(MAX_CHARS).collect();
    let clean = own_words(&clean);
    let cyrillic = to_cyrillic(&clean);
    let dates = dates_in(&cyrillic, registered);
    let mut text = Text { question: cyrillic.trim_end().ends_with('?'), ..Text::default() };
    let mut builder = Builder::new(&cyrillic);
    let mut from = 0;
    for (place, day) in dates {
        builder.scan(cyrillic.get(from..place.start).unwrap_or_default());
        text.dates.push(Dated { day, tie: builder.tie(), sentence: builder.sentences.len().checked_sub(1) });
        builder.date();
        from = place.end;
    }
    builder.scan(cyrillic.get(from..).unwrap_or_default());
    let (sentences, places) = builder.finish();
    text.sentences = sentences;
    for dated in &mut text.dates {
        dated.sentence = dated.sentence.and_then(|place| places.get(place).copied().flatten());
    }
    text
}

/// The lines that the writer typed himself: quoted ones are off.
fn own_words(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with('>')).collect::<Vec<_>>().join("\n")
}

/// A text without any Cyrillic letter, read by sound ("vykonano") or by the keys ("dbrjyfyj"), whichever gives known
/// words; look-alikes inside Cyrillic words become Cyrillic.
fn to_cyrillic(text: &str) -> String {
    let latin = text.chars().any(|c| c.is_ascii_alphabetic()) && !text.chars().any(is_cyrillic);
    let twins: String = text.chars().map(twin).collect();
    if !latin {
        return twins;
    }
    let all_twins = !twins.chars().any(|c| c.is_ascii_alphabetic());
    [twins.clone(), by_sound(text), by_keys(text)]
        .into_iter()
        .enumerate()
        .find(|(way, candidate)| (*way > 0 || all_twins) && knows_a_word(candidate))
        .map_or(twins, |(_, candidate)| candidate)
}

fn twin(c: char) -> char {
    let upper = c.to_ascii_uppercase();
    let found = look_alike(upper);
    if found == upper {
        return c;
    }
    if c.is_ascii_lowercase() { found.to_lowercase().next().unwrap_or(found) } else { found }
}

fn knows_a_word(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic())
        .map(str::to_lowercase)
        .any(|word| word.chars().count() > 3 && STEMS.iter().any(|stem| word.starts_with(stem.stem)))
}

fn by_sound(text: &str) -> String {
    const SOUNDS: [(&str, &str); 34] = [
        ("shch", "щ"),
        ("zh", "ж"),
        ("kh", "х"),
        ("ts", "ц"),
        ("ch", "ч"),
        ("sh", "ш"),
        ("yu", "ю"),
        ("ya", "я"),
        ("ye", "є"),
        ("yi", "ї"),
        ("ia", "я"),
        ("iu", "ю"),
        ("a", "а"),
        ("b", "б"),
        ("v", "в"),
        ("h", "г"),
        ("g", "г"),
        ("d", "д"),
        ("e", "е"),
        ("z", "з"),
        ("y", "и"),
        ("i", "і"),
        ("j", "й"),
        ("k", "к"),
        ("l", "л"),
        ("m", "м"),
        ("n", "н"),
        ("o", "о"),
        ("p", "п"),
        ("r", "р"),
        ("s", "с"),
        ("t", "т"),
        ("u", "у"),
        ("f", "ф"),
    ];
    let lower = text.to_lowercase();
    let mut rest = lower.as_str();
    let mut out = String::with_capacity(text.len().saturating_mul(2));
    while let Some(c) = rest.chars().next() {
        match SOUNDS.iter().find_map(|(latin, letter)| rest.strip_prefix(latin).map(|tail| (*letter, tail))) {
            Some((letter, tail)) => {
                out.push_str(letter);
                rest = tail;
            }
            None => {
                out.push(c);
                rest = rest.strip_prefix(c).unwrap_or_default();
            }
        }
    }
    out
}

fn by_keys(text: &str) -> String {
    const LATIN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
    const CYRILLIC: &str = "йцукенгшщзхїфівапролджєячсмитьбю'";
    text.to_lowercase()
        .chars()
        .map(|c| LATIN.chars().position(|key| key == c).and_then(|place| CYRILLIC.chars().nth(place)).unwrap_or(c))
        .collect()
}

/// Collects words into clauses and sentences.
struct Builder {
    sentences: Vec<Vec<Clause>>,
    word: String,
    all_capital: bool,
}

impl Builder {
    fn new(text: &str) -> Self {
        let lower = text.chars().any(char::is_lowercase);
        Self { sentences: vec![vec![Vec::new()]], word: String::new(), all_capital: !lower }
    }

    fn scan(&mut self, part: &str) {
        let mut rest = part.chars().peekable();
        while let Some(c) = rest.next() {
            let next = rest.peek().copied();
            if c.is_alphanumeric() {
                self.word.push(c);
            } else if is_apostrophe(c)
                || matches!(c, '"' | '*' | '’') && !self.word.is_empty() && next.is_some_and(is_cyrillic)
            {
                // An apostrophe, however typed, only joins.
            } else if (is_dash(c) || c == '/') && !self.word.is_empty() && next.is_some_and(char::is_alphabetic) {
                self.word.push(if c == '/' { '/' } else { '-' });
            } else if c == '.' {
                let begins = rest.clone().find(|c| !c.is_whitespace());
                self.full_stop(next.is_none_or(char::is_whitespace), begins);
            } else {
                self.mark(c);
            }
        }
        self.end_word(false);
    }

    fn mark(&mut self, c: char) {
        self.end_word(false);
        match c {
            '\n' | ';' | '!' | '?' | '…' => self.end_sentence(),
            ',' | '(' | ')' | ':' | '–' | '—' | '-' => self.end_clause(),
            '+' | '✓' | '✔' | '☑' | '√' | '✅' | '👍' => {
                self.word.push('+');
                self.end_word(false);
            }
            '%' => {
                self.word.push('%');
                self.end_word(false);
            }
            _ => {}
        }
    }

    /// A full stop ends a sentence before a capital letter, unless it may be an abbreviation in a text of capitals.
    fn full_stop(&mut self, space_follows: bool, begins: Option<char>) {
        let short = self.word.chars().count() <= 4;
        self.end_word(true);
        let capital = begins.is_none_or(char::is_uppercase);
        if space_follows && capital && !(self.all_capital && short) {
            self.end_sentence();
        }
    }

    fn end_word(&mut self, stopped: bool) {
        if self.word.is_empty() {
            return;
        }
        let capitals = !self.all_capital && self.word.chars().count() >= 2 && self.word.chars().all(char::is_uppercase);
        let folded: String = self.word.chars().flat_map(char::to_lowercase).map(plain_letter).collect();
        self.word.clear();
        for (text, repaired) in words_of(&folded) {
            if let Some(clause) = self.sentences.last_mut().and_then(|clauses| clauses.last_mut()) {
                // "роз яснено": a space in the place of the apostrophe.
                match clause.last_mut() {
                    Some(last) if last.text == "роз" && text.starts_with("яс") => last.text.push_str(&text),
                    Some(_) | None => clause.push(Word { text, stopped, repaired, capitals }),
                }
            }
        }
    }

    fn end_clause(&mut self) {
        if let Some(clauses) = self.sentences.last_mut().filter(|clauses| clauses.last().is_some_and(|c| !c.is_empty()))
        {
            clauses.push(Vec::new());
        }
    }

    fn end_sentence(&mut self) {
        self.end_word(false);
        if self.sentences.last().is_some_and(|clauses| clauses.iter().any(|clause| !clause.is_empty())) {
            self.sentences.push(vec![Vec::new()]);
        }
    }

    /// A date stands where a word could: it keeps neighbours apart.
    fn date(&mut self) {
        self.end_word(false);
    }

    fn tie(&self) -> Tie {
        let clause = self.sentences.last().and_then(|clauses| clauses.last());
        let mut before = clause.into_iter().flatten().rev().map(|word| word.text.as_str());
        let last = before.next().unwrap_or_default();
        match last {
            "до" | "к" | "по" => Tie::Till,
            "від" | "от" | "од" => Tie::From,
            "з" | "із" | "с" => Tie::Since,
            "на" if before.next().is_some_and(|word| word == "станом") => Tie::From,
            "на" => Tie::On,
            _ if BEFORE_PROMISE.iter().any(|stem| last.starts_with(stem)) => Tie::Till,
            _ => Tie::Plain,
        }
    }

    /// The sentences with words, and where each of all is among them.
    fn finish(mut self) -> (Vec<Vec<Clause>>, Vec<Option<usize>>) {
        self.end_word(false);
        for clauses in &mut self.sentences {
            clauses.retain(|clause| !clause.is_empty());
        }
        let mut kept = 0..;
        let places = self.sentences.iter().map(|clauses| if clauses.is_empty() { None } else { kept.next() }).collect();
        self.sentences.retain(|clauses| !clauses.is_empty());
        (self.sentences, places)
    }
}

fn plain_letter(c: char) -> char {
    match c {
        'ё' => 'е',
        'ґ' => 'г',
        other => other,
    }
}

/// A folded word as known words: itself, contracted ("вик-но"), joined by a hyphen ("в-роботі"), or repaired.
fn words_of(folded: &str) -> Vec<(String, bool)> {
    if let Some((head, tail)) = folded.split_once('-') {
        if let Some(word) = contracted(head, tail) {
            return vec![(word.to_owned(), false)];
        }
        return folded.split('-').filter(|part| !part.is_empty()).map(repair).collect();
    }
    if folded.contains('/') && folded.chars().count() > 3 {
        return folded.split('/').filter(|part| !part.is_empty()).map(repair).collect();
    }
    vec![repair(folded)]
}

/// The known word that begins and ends so ("вик-ся" is "виконується").
fn contracted(head: &str, tail: &str) -> Option<&'static str> {
    let short = |part: &str| (1..=5).contains(&part.chars().count());
    if !short(head) || !short(tail) || (head == "в" || head == "у") {
        return None;
    }
    let fits = |word: &str| {
        word.starts_with(head) && word.ends_with(tail) && word.len() > head.len().saturating_add(tail.len())
    };
    KNOWN_WORDS.iter().copied().find(|word| fits(word))
}

/// Beginnings of known words, grouped by nothing: the search is linear over some two hundred short words.
static LEXICON: LazyLock<Vec<Vec<char>>> =
    LazyLock::new(|| KNOWN_WORDS.iter().map(|word| word.chars().collect()).collect());

static LONG_STEMS: LazyLock<Vec<(Vec<char>, &'static str)>> = LazyLock::new(|| {
    let letters = |stem: &'static str| (stem.chars().collect::<Vec<char>>(), stem);
    STEMS.iter().map(|stem| letters(stem.stem)).filter(|(chars, _)| chars.len() >= STEM_REPAIRED_FROM).collect()
});

/// Words of phrases: "відноситься" is no slip of "відновиться".
static PHRASE_WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let words = RULES.iter().flat_map(|(phrase, _)| phrase.split([' ', '|'])).map(|word| word.trim_end_matches('*'));
    words.filter(|word| word.chars().count() >= PHRASE_WORD_FROM).collect()
});

/// The word itself if it is known or short, else the one known word at one slip from it.
fn repair(word: &str) -> (String, bool) {
    let typed: Vec<char> = word.chars().collect();
    let known = typed.len() < REPAIRED_FROM
        || STEMS.iter().any(|stem| word.starts_with(stem.stem))
        || KNOWN_WORDS.iter().any(|known| known == &word)
        || PHRASE_WORDS.iter().any(|known| word.starts_with(known));
    if known {
        return (word.to_owned(), false);
    }
    if let Some(found) = LEXICON
        .iter()
        .find(|known| known.len() >= REPAIRED_FROM && one_slip(&typed, known) && !other_ending(&typed, known))
    {
        return (found.iter().collect(), true);
    }
    for (stem, text) in LONG_STEMS.iter() {
        for length in [stem.len(), stem.len().saturating_add(1), stem.len().saturating_sub(1)] {
            let (head, tail) = typed.split_at(length.min(typed.len()));
            if head.len() == length && tail.len() >= 2 && one_slip(head, stem) {
                return (text.chars().chain(tail.iter().copied()).collect(), true);
            }
        }
    }
    (word.to_owned(), false)
}

/// Whether two words differ in the last letter only: another case of the word, not a slip.
fn other_ending(typed: &[char], known: &[char]) -> bool {
    let same = typed.iter().zip(known).take_while(|(a, b)| a == b).count();
    same >= typed.len().max(known.len()).saturating_sub(1)
}

/// Whether two words differ by at most one letter put in, left out, changed or swapped with its neighbour.
pub fn one_slip(left: &[char], right: &[char]) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if long.len().saturating_sub(short.len()) > 1 {
        return false;
    }
    let start = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let end = short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
    let same = start.saturating_add(end);
    if short.len() == long.len() {
        let differ = short.len().saturating_sub(same);
        let swapped = || {
            short.get(start) == long.get(start.saturating_add(1))
                && short.get(start.saturating_add(1)) == long.get(start)
        };
        return same >= short.len().saturating_sub(1) || (differ == 2 && swapped());
    }
    same >= short.len()
}
