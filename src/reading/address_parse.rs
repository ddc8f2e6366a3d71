//! Addresses as they stand in a text: settlement, street, house, flat, each where people put it.
//!
//! `chunks` finds every stretch of words that is an address and takes it apart; whose address it is and what for is
//! decided by `address`. A street is known by its kind ("вул."), by standing right after a settlement or a label, by
//! being a street of the home town, or by a flat after the house. Streets without a house and numbers that are no
//! houses (years, sums, phones) are left.

use crate::reading::address_house::{MONTHS, is_house_label};
use crate::reading::address_words::{Homes, is_label, street_kind, street_name};
use crate::reading::fold::{fold, tidy};
use crate::reading::no_names::NO_NAMES;
use crate::reading::settlement;
use crate::reading::words::{Sort, Token};
use std::borrow::Cow;

/// Most addresses that are taken from one text.
const MAX_CHUNKS: usize = 30;

/// Longest name of a street, in words.
const MAX_STREET_WORDS: usize = 4;

/// A settlement and what stands with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Town {
    /// With its kind, as a clerk writes it: "м. Дніпро".
    pub shown: String,
    /// It belongs to the home community.
    pub home: bool,
    /// Country, if abroad and named.
    pub country: Option<String>,
    /// Oblast with "обл.", if named.
    pub oblast: Option<String>,
}

/// An address in the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chunk {
    /// Index of the first token.
    pub first: usize,
    /// Index of the last token.
    pub last: usize,
    /// Settlement, if named.
    pub town: Option<Town>,
    /// Street with its kind.
    pub street: Option<String>,
    /// House with "буд." and flat with "кв.", as a clerk writes them.
    pub house: Option<String>,
    /// The street is one of the home town.
    pub home_street: bool,
}

/// All addresses of the text in order; settlements alone are among them, the caller takes only labelled ones.
pub fn chunks(tokens: &[Token<'_>], homes: &Homes) -> Vec<Chunk> {
    let look = Look { tokens, homes };
    let mut out: Vec<Chunk> = Vec::new();
    let mut free = 0_usize;
    let mut index = 0_usize;
    while index < tokens.len() && out.len() < MAX_CHUNKS {
        let town = look.town_at(index);
        match look.address(index, free, town.as_ref()) {
            Some(chunk) => {
                index = chunk.last + 1;
                free = index;
                // A settlement found before as a place alone is a part of this address.
                out.retain(|other| other.last < chunk.first);
                out.push(chunk);
            }
            None => {
                if let Some((town, last)) = town {
                    out.push(Chunk { first: index, last, town: Some(town), ..Chunk::default() });
                    index = last;
                }
                index += 1;
            }
        }
    }
    out
}

/// The tokens of a text and the places of the home community: what addresses are looked for in.
pub(super) struct Look<'a> {
    /// The tokens.
    pub(super) tokens: &'a [Token<'a>],
    /// The home community.
    pub(super) homes: &'a Homes,
}

/// A street, its house and flat: up to which token they reach.
pub(super) struct Street {
    shown: String,
    house: Option<String>,
    last: usize,
    home: bool,
    typed: bool,
}

impl<'a> Look<'a> {
    /// The token at this index.
    pub(super) fn token(&self, index: usize) -> Option<&'a Token<'a>> {
        self.tokens.get(index)
    }

    /// The word at this index.
    pub(super) fn word(&self, index: usize) -> Option<&'a Token<'a>> {
        self.token(index).filter(|token| token.sort == Sort::Word)
    }

    /// The folded word at this index.
    pub(super) fn folded(&self, index: usize) -> Option<&'a str> {
        self.word(index).map(|word| word.fold.as_ref())
    }

    /// The number at this index.
    pub(super) fn number(&self, index: usize) -> Option<&'a str> {
        self.token(index).filter(|token| token.sort == Sort::Number).map(|token| token.text)
    }

    /// Whether one of these marks stands at this index.
    pub(super) fn is_mark(&self, index: usize, marks: &str) -> bool {
        self.token(index)
            .is_some_and(|token| token.sort == Sort::Mark && marks.chars().any(|mark| token.text.starts_with(mark)))
    }

    /// The address that begins here; `town`: the settlement that does.
    fn address(&self, index: usize, free: usize, town: Option<&(Town, usize)>) -> Option<Chunk> {
        if let Some(chunk) = self.foreign_address(index).or_else(|| self.village_house(index, town?)) {
            return Some(chunk);
        }
        let street = self.typed_street(index).or_else(|| self.bare_street(index, free))?;
        let mut chunk = Chunk {
            first: index,
            last: street.last,
            town: None,
            street: Some(street.shown),
            house: street.house,
            home_street: street.home,
        };
        if let Some((town, first)) = self.town_before(index, free) {
            chunk.first = first;
            chunk.town = Some(town);
        } else if let Some((town, last)) = self.town_after(street.last + 1) {
            chunk.last = last;
            chunk.town = Some(town);
        }
        // A kind of street with words after it and neither house nor settlement is talk, not an address.
        (chunk.house.is_some() || (street.typed && chunk.town.is_some())).then_some(chunk)
    }

    /// "вул. Федоренка, буд. 27, кв. 5", "Гвардійський пр. 37", "Донецьке шосе, 111".
    pub(super) fn typed_street(&self, index: usize) -> Option<Street> {
        let word = self.word(index)?;
        if let Some((kind, after)) = street_kind(word, self.is_mark(index + 1, ".")) {
            let mut at = index + 1;
            if self.is_mark(at, ".") {
                at += 1;
            }
            let (name, next) = self.street_words(at)?;
            // "вул. Хмельницьке шосе 145": the kind behind the name is the real one.
            if let Some(real) = self.word(next).and_then(|word| street_kind(word, false)).filter(|(_, after)| *after) {
                return Some(self.finished(real, &word.fold, &name, next + 1));
            }
            return Some(self.finished((kind, after), &word.fold, &name, next));
        }
        // The kind stands after one or two words of the name.
        if !word.capital || settlement::known(&word.fold).is_some_and(|place| place.nominative) {
            return None;
        }
        for words in 1..=2_usize {
            let at = index + words;
            let Some(kind_word) = self.word(at) else { break };
            let dotted = self.is_mark(at + 1, ".");
            let Some((kind, after)) = street_kind(kind_word, dotted) else { continue };
            let next = if dotted { at + 2 } else { at + 1 };
            // The next word begins a name of its own: "Київ вул. Соборна" has its kind before.
            if self.word(next).is_some_and(|word| word.capital && !is_label(&word.fold)) && !after {
                return None;
            }
            if (index..at).any(|at| self.word(at).is_some_and(no_street)) || self.house(next).is_none() {
                return None;
            }
            return Some(self.finished((kind, after), &kind_word.fold, &self.written(index, words), next));
        }
        None
    }

    fn finished(&self, kind: (&'static str, bool), kind_word: &str, name: &str, next: usize) -> Street {
        let (kind, after) = kind;
        let (name, home) = street_name(name, kind_word, self.homes);
        let house = self.house(next);
        let shown = if after { format!("{name} {kind}") } else { format!("{kind} {name}") };
        let last = house.as_ref().map_or(next.saturating_sub(1), |(_, last)| *last);
        Street { shown, house: house.map(|(house, _)| house), last, home, typed: true }
    }

    /// The words of a street's name after its kind, and the index after them.
    fn street_words(&self, from: usize) -> Option<(String, usize)> {
        let mut words: Vec<String> = Vec::new();
        let mut at = from;
        // Guillemets around a name, a number as the first word ("8 Березня"), an initial ("Т. Шевченка").
        if self.is_mark(at, "«\"“") {
            at += 1;
        }
        if let Some(number) = self.number(at) {
            let named = self.word(at + 1).is_some_and(|word| word.capital && !is_label(&word.fold))
                || (self.is_mark(at + 1, "-–") && self.folded(at + 2).is_some_and(|word| word.starts_with("річч")));
            if !named {
                return None;
            }
            words.push(number.to_owned());
            at += 1;
            if self.is_mark(at, "-–") {
                words.push(format!("-{}", self.word(at + 1)?.text));
                at += 2;
            }
        }
        while words.len() < MAX_STREET_WORDS {
            let Some(word) = self.word(at) else { break };
            let short = word.text.chars().count() <= 2;
            if is_house_label(&word.fold)
                || is_label(&word.fold)
                || (street_kind(word, false).is_some() && !words.is_empty())
            {
                break;
            }
            let dotted = self.is_mark(at + 1, ".");
            if short && dotted && word.capital {
                words.push(format!("{}.", word.text));
                at += 2;
                continue;
            }
            if matches!(word.fold.as_ref(), "ім" | "імені" | "им") {
                at += if dotted { 2 } else { 1 };
                continue;
            }
            // A small word goes on only towards a house number ("Героїв праці 5").
            let goes_on =
                self.house(at + 1).is_some() || self.word(at + 1).is_some_and(|_| self.house(at + 2).is_some());
            if !word.capital && !goes_on {
                break;
            }
            if !words.is_empty() && settlement::known(&word.fold).is_some() && !goes_on {
                break;
            }
            words.push(tidy(word.text));
            at += 1;
        }
        if self.is_mark(at, "»\"”") {
            at += 1;
        }
        if words.is_empty() {
            return None;
        }
        Some((words.join(" ").replace(" -", "-"), at))
    }

    /// "Гагаріна 58, кв. 3" without a kind.
    fn bare_street(&self, index: usize, free: usize) -> Option<Street> {
        let first = self.word(index)?;
        if !first.capital || no_street(first) {
            return None;
        }
        for words in (1..=3_usize).rev() {
            let next = index + words;
            if !(index..next).all(|at| self.word(at).is_some_and(|word| word.capital && !no_street(word))) {
                continue;
            }
            let Some((house, last)) = self.house(next) else { continue };
            let (shown, home) = street_name(&self.written(index, words), "", self.homes);
            if settlement::known(&self.compared(index, words)).is_some() && !home {
                continue;
            }
            let with_flat = house.contains("кв.") || house.contains("кімн.");
            let trusted = home || with_flat || self.after_place_or_label(index, free);
            if !trusted {
                continue;
            }
            let kind = if is_latin_street(&shown) {
                String::new()
            } else if shown.ends_with("ий") || shown.ends_with("ій") || self.homes.is_avenue(&shown) {
                "просп. ".to_owned()
            } else {
                "вул. ".to_owned()
            };
            return Some(Street { shown: format!("{kind}{shown}"), house: Some(house), last, home, typed: false });
        }
        None
    }

    /// Whether a settlement or a label of an address stands right before.
    fn after_place_or_label(&self, index: usize, free: usize) -> bool {
        if self.town_before(index, free).is_some() {
            return true;
        }
        (1..=3_usize)
            .filter_map(|back| index.checked_sub(back))
            .take_while(|at| {
                !self.token(*at).is_some_and(|token| token.lines() > 1 || matches!(token.text, "." | "!" | "?"))
            })
            .filter_map(|at| self.folded(at))
            .any(is_label)
    }

    /// So many words from this token on as they stand, with single spaces between.
    fn written(&self, index: usize, words: usize) -> String {
        (index..index + words).filter_map(|at| self.word(at)).map(|word| word.text).collect::<Vec<_>>().join(" ")
    }

    /// The same, folded.
    pub(super) fn compared(&self, index: usize, words: usize) -> Cow<'a, str> {
        match self.word(index) {
            Some(word) if words == 1 => Cow::Borrowed(word.fold.as_ref()),
            Some(_) | None => Cow::Owned(fold(&self.written(index, words)).into_owned()),
        }
    }
}

/// Whether no street is called so: a label, a month, a word of talk.
pub(super) fn no_street(word: &Token<'_>) -> bool {
    let folded = word.fold.as_ref();
    NO_NAMES.contains(folded) || is_house_label(folded) || MONTHS.contains(&folded) || is_label(folded)
}

fn is_latin_street(name: &str) -> bool {
    name.chars().any(|c| c.is_ascii_alphabetic())
}
