//! Addresses without a street of ours: a house of a village, an address abroad in Latin letters.

use crate::reading::address_parse::{Chunk, Look, Town};
use crate::reading::address_words::is_label;
use crate::reading::settlement::{self, Sort as PlaceSort};
use crate::reading::words::Sort;

/// Longest address abroad, in tokens.
const MAX_FOREIGN: usize = 16;

/// How far before an address abroad its country or label may stand, in tokens.
const REACH: usize = 6;

impl Look<'_> {
    /// "у селі Боброве, будинок 12": a village without streets.
    pub(super) fn village_house(&self, index: usize, (town, last): &(Town, usize)) -> Option<Chunk> {
        if town.shown.starts_with("м. ") || town.shown.is_empty() || town.country.is_some() {
            return None;
        }
        let label = if self.is_mark(*last + 1, ",") { last + 2 } else { last + 1 };
        let labelled = matches!(self.folded(label), Some("буд" | "будинок" | "будинку" | "дом" | "дома" | "доме"));
        let (house, end) = self.house(last + 1).filter(|_| labelled)?;
        let street = Some(String::new());
        Some(Chunk {
            first: index,
            last: end,
            town: Some(town.clone()),
            street,
            house: Some(house),
            home_street: false,
        })
    }

    /// "Німеччина, 04109 Leipzig, Käthe-Kollwitz-Str. 17": Latin words and numbers behind a country or a label.
    pub(super) fn foreign_address(&self, index: usize) -> Option<Chunk> {
        let begins = self.latin(index) || self.number(index).is_some() && self.latin(index + 1);
        if !begins {
            return None;
        }
        let (mut words, mut numbers, mut last) = (0_usize, 0_usize, index);
        for at in index..index + MAX_FOREIGN {
            let Some(token) = self.token(at) else { break };
            match token.sort {
                Sort::Word if self.latin(at) => words += 1,
                Sort::Word if numbers > 0 && token.text.chars().count() == 1 && !token.gap => {}
                Sort::Number if token.text.len() <= 5 => numbers += 1,
                Sort::Mark if matches!(token.text, "," | "." | "-" | "/" | "–") => continue,
                Sort::Word | Sort::Number | Sort::Mark | Sort::Break => break,
            }
            last = at;
        }
        if words == 0 || numbers == 0 {
            return None;
        }
        let (country, first) = self.country_or_label(index)?;
        let shown = self.text_between(index, last);
        let town = Some(Town { shown, country, ..Town::default() });
        let empty = Some(String::new());
        Some(Chunk { first, last, town, street: empty.clone(), house: empty, home_street: false })
    }

    fn latin(&self, index: usize) -> bool {
        self.word(index).is_some_and(|word| {
            let latin = word.text.chars().all(|c| !crate::reading::fold::is_cyrillic(c));
            latin && (word.capital || matches!(word.text, "ul" | "rue" | "via" | "am" | "de" | "der" | "str" | "of"))
        })
    }

    /// The country or the label of an address in the few words before, and where it begins.
    fn country_or_label(&self, index: usize) -> Option<(Option<String>, usize)> {
        for at in (1..=REACH).filter_map(|back| index.checked_sub(back)) {
            let token = self.token(at)?;
            if token.lines() > 1 || matches!(token.text, "!" | "?" | ";") {
                return None;
            }
            let Some(word) = self.folded(at) else { continue };
            if let Some(place) = settlement::known(word) {
                match place.sort {
                    PlaceSort::Country => return Some((Some(place.name.to_owned()), at)),
                    PlaceSort::Abroad | PlaceSort::Town => {}
                }
            }
            if is_label(word) {
                return Some((None, index));
            }
        }
        None
    }

    /// The tokens as they were written.
    fn text_between(&self, first: usize, last: usize) -> String {
        let mut out = String::new();
        for (at, token) in self.tokens.iter().enumerate().take(last + 1).skip(first) {
            if token.gap && at > first {
                out.push(' ');
            }
            out.push_str(token.text);
        }
        out
    }
}
