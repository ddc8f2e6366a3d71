//! The settlement of an address: before the street, after the house, with its oblast and country.

use crate::reading::address_parse::{Look, Town, no_street};
use crate::reading::address_words::street_kind;
use crate::reading::fold::{fold, tidy};
use crate::reading::settlement::{self, Sort as PlaceSort, nominative_by_ending};
use crate::reading::words::Sort;

impl Look<'_> {
    /// The settlement that ends right before the token, and its first token.
    pub(super) fn town_before(&self, index: usize, free: usize) -> Option<(Town, usize)> {
        let mut end = index.checked_sub(1)?;
        let mut broken = false;
        while end > free
            && self.token(end).is_some_and(|token| {
                (token.sort == Sort::Mark && ",:(-–—".contains(token.text)) || (token.lines() == 1 && !broken)
            })
        {
            broken |= self.token(end).is_some_and(|token| token.sort == Sort::Break);
            end -= 1;
        }
        let (after_region, oblast) = self.over_region(end, free);
        end = after_region;
        // "на вулиці …": a preposition, "за адресою".
        while end > free
            && matches!(self.folded(end), Some("на" | "по" | "за" | "адресою" | "адресі" | "район" | "районі"))
        {
            end -= 1;
        }
        while end > free && self.is_mark(end, ",:(-–—") {
            end -= 1;
        }
        let with_region = |town: Town, first: usize| {
            let (town, first) = self.with_region(town, first, free);
            let oblast = town.oblast.clone().or_else(|| oblast.clone());
            (Town { oblast, ..town }, first)
        };
        for words in (1..=3_usize).rev() {
            let Some(first) = (end + 1).checked_sub(words) else { continue };
            if first < free {
                continue;
            }
            if let Some((town, last)) = self.town_at(first)
                && last == end
            {
                return Some(with_region(town, first));
            }
        }
        // The kind before an unknown name of one to three words.
        for words in 1..=3_usize {
            let Some(first) = end.checked_sub(words) else { break };
            let kind_at = if self.is_mark(first, ".") { first.saturating_sub(1) } else { first };
            if kind_at < free {
                break;
            }
            if let Some((town, last)) = self.town_at(kind_at)
                && last == end
            {
                return Some(with_region(town, kind_at));
            }
        }
        None
    }

    /// "у Решетилівці Полтавської області, вулиця …", "у Лимані (Донецька обл.), вул. …": back over the region and notes
    /// in brackets behind the settlement; the oblast, if one is named.
    fn over_region(&self, end: usize, free: usize) -> (usize, Option<String>) {
        let (mut end, mut oblast) = (end, None);
        for _ in 0..MAX_REGIONS {
            let mut at = end;
            while at > free && self.is_mark(at, ").,") {
                at -= 1;
            }
            let bracket = (at + 1..=end).any(|mark| self.is_mark(mark, ")"));
            let region = self.folded(at).is_some_and(is_region);
            let named = at.checked_sub(1).filter(|name| region && *name > free);
            if let Some(name) = named.and_then(|name| self.word(name)) {
                if self.folded(at).is_some_and(|word| word.starts_with("обл")) {
                    oblast = Some(format!("{} обл.", oblast_nominative(name.text)));
                }
                at -= 2;
            } else if bracket {
                let open = (1..=MAX_NOTE).filter_map(|back| at.checked_sub(back)).find(|mark| self.is_mark(*mark, "("));
                let Some(open) = open.filter(|open| *open > free) else { break };
                at = open;
            } else {
                break;
            }
            while at > free && self.is_mark(at, "(,") {
                at -= 1;
            }
            end = at;
        }
        (end, oblast)
    }

    /// The settlement right after the house: "вул. Енергетиків 40-2, Сєвєродонецьк", "…, що в Сєвєродонецьку".
    pub(super) fn town_after(&self, from: usize) -> Option<(Town, usize)> {
        let mut at = from;
        if self.is_mark(at, ",") {
            at += 1;
        }
        for small in ["що", "який", "яка", "в", "у"] {
            if self.folded(at) == Some(small) {
                at += 1;
            }
        }
        let (town, last) = self.town_at(at)?;
        // The settlement of the next address is not this one's.
        let mut next = last + 1;
        if self.is_mark(next, ",:(-–—") {
            next += 1;
        }
        let follows = self.typed_street(next).is_some()
            || self
                .word(next)
                .is_some_and(|word| word.capital && self.house(next + 1).is_some_and(|_| !no_street(word)));
        (!follows).then_some((town, last))
    }

    /// The settlement that begins at this token, and its last token.
    pub(super) fn town_at(&self, index: usize) -> Option<(Town, usize)> {
        let first = self.word(index)?;
        let dotted = self.is_mark(index + 1, ".");
        if let Some(kind) = town_kind(&first.fold, dotted) {
            let mut at = if dotted { index + 2 } else { index + 1 };
            // "с. м. т.", "місто м.": the second says the same.
            if self.folded(at).is_some_and(|word| town_kind(word, self.is_mark(at + 1, ".")).is_some()) {
                at += if self.is_mark(at + 1, ".") { 2 } else { 1 };
            }
            return self.named_town(kind, at);
        }
        self.listed(index, !first.capital)
    }

    /// A place of the list or of the office: one to three words.
    fn listed(&self, index: usize, small: bool) -> Option<(Town, usize)> {
        if small && !self.after_in(index) {
            return None;
        }
        for words in (1..=3_usize).rev() {
            if !(index..index + words).all(|at| self.word(at).is_some_and(|word| small || word.capital)) {
                continue;
            }
            let joined = self.compared(index, words);
            let last = index + words - 1;
            if let Some(shown) = self.homes.settlement(&joined) {
                return Some((Town { shown: shown.to_owned(), home: true, ..Town::default() }, last));
            }
            let Some(place) = settlement::known(&joined) else { continue };
            if place.sort == PlaceSort::Country {
                return Some(self.country(place.name, last));
            }
            let shown = format!("м. {}", place.name);
            return Some((Town { shown, ..Town::default() }, last));
        }
        None
    }

    /// "Польща, м. Вроцлав", "Данія, Орхус", "в Польщі".
    fn country(&self, name: &str, last: usize) -> (Town, usize) {
        let mut at = last + 1;
        if self.is_mark(at, ",(") {
            at += 1;
        }
        for small in ["в", "у"] {
            if self.folded(at) == Some(small) {
                at += 1;
            }
        }
        let inner = self.word(at).and_then(|word| {
            let dotted = self.is_mark(at + 1, ".");
            if let Some(kind) = town_kind(&word.fold, dotted) {
                return self.named_town(kind, if dotted { at + 2 } else { at + 1 });
            }
            let known = settlement::known(&word.fold).filter(|place| place.sort != PlaceSort::Country && word.capital);
            known.map(|place| (Town { shown: format!("м. {}", place.name), ..Town::default() }, at)).or_else(|| {
                let plain = word.capital && !no_street(word) && at > last + 1 && street_kind(word, dotted).is_none();
                plain.then(|| (Town { shown: format!("м. {}", tidy(word.text)), ..Town::default() }, at))
            })
        });
        match inner {
            Some((town, end)) => (Town { country: Some(name.to_owned()), ..town }, end),
            None => (Town { shown: String::new(), country: Some(name.to_owned()), ..Town::default() }, last),
        }
    }

    /// The name after "м.", "смт", "с." and the like.
    fn named_town(&self, kind: &'static str, at: usize) -> Option<(Town, usize)> {
        if let Some((town, last)) = self.listed(at, false).or_else(|| self.listed(at, true)) {
            let plain = town.shown.trim_start_matches("м. ").to_owned();
            let shown = if town.country.is_some() { town.shown.clone() } else { format!("{kind} {plain}") };
            return Some((Town { shown, ..town }, last));
        }
        let word = self.word(at).filter(|word| word.capital || kind != "с.")?;
        let mut last = at;
        let mut name = nominative_by_ending(word.text);
        if let Some(second) =
            self.word(at + 1).filter(|word| word.capital && !no_street(word) && street_kind(word, false).is_none())
            && self.house(at + 2).is_none()
            && !self.folded(at + 2).is_some_and(is_region)
        {
            name = format!("{} {}", tidy(word.text), tidy(second.text));
            last = at + 1;
        }
        Some((Town { shown: format!("{kind} {name}"), ..Town::default() }, last))
    }

    /// Whether "в", "у", "з", "до", "м." stands before: then a place in small letters counts.
    fn after_in(&self, index: usize) -> bool {
        let before = index.checked_sub(1).and_then(|at| self.folded(at));
        matches!(before, Some("в" | "у" | "во" | "із" | "м" | "місті" | "городе"))
            || (index >= 2 && self.is_mark(index - 1, ".") && matches!(self.folded(index - 2), Some("м" | "г")))
    }

    /// Oblast, raion and country standing before the settlement.
    fn with_region(&self, mut town: Town, first: usize, free: usize) -> (Town, usize) {
        let mut first = first;
        for _ in 0..4_usize {
            let Some(mut at) = first.checked_sub(1).filter(|at| *at >= free) else { break };
            while at > free && self.is_mark(at, ",.") {
                at -= 1;
            }
            if self.number(at).is_some_and(|number| number.len() == 5) {
                first = at;
                continue;
            }
            let Some(folded) = self.folded(at) else { break };
            let region = folded.starts_with("обл");
            if region || folded == "р-н" || folded.starts_with("район") || folded == "р-ні" {
                let Some(name_at) = at.checked_sub(1).filter(|at| *at >= free) else { break };
                let Some(name) = self.word(name_at) else { break };
                if region {
                    town.oblast = Some(format!("{} обл.", oblast_nominative(name.text)));
                }
                first = name_at;
                continue;
            }
            let country = settlement::known(folded).filter(|place| place.sort == PlaceSort::Country);
            match country {
                Some(place) => {
                    town.country = Some(place.name.to_owned());
                    first = at;
                }
                None => break,
            }
        }
        (town, first)
    }
}

/// Most regions and notes behind a settlement (raion, oblast, a former name).
const MAX_REGIONS: usize = 3;

/// Longest note in brackets behind a settlement, in tokens.
const MAX_NOTE: usize = 6;

fn is_region(folded: &str) -> bool {
    folded.starts_with("обл") || folded.starts_with("район") || matches!(folded, "р-н" | "р-ну" | "р-ні")
}

fn oblast_nominative(word: &str) -> String {
    let word = tidy(word);
    let folded = fold(&word);
    for (from, to) in [
        ("ській", "ська"),
        ("цькій", "цька"),
        ("ської", "ська"),
        ("цької", "цька"),
        ("ская", "ська"),
        ("цкая", "цька"),
        ("ской", "ська"),
    ] {
        if let Some(stem) = folded.strip_suffix(from) {
            return crate::reading::fold::title(&format!("{stem}{to}"));
        }
    }
    crate::reading::fold::title(&word)
}

/// The kind of settlement that a folded word means.
fn town_kind(folded: &str, dotted: bool) -> Option<&'static str> {
    Some(match folded {
        "м" | "г" if dotted => "м.",
        "місто" | "місті" | "міста" | "город" | "городе" | "гор" => "м.",
        "смт" | "пгт" => "смт",
        "с-ще" | "сщ" | "селище" | "селищі" | "селища" | "поселок" | "поселке" => {
            "с-ще"
        }
        "с" if dotted => "с.",
        "село" | "селі" | "села" | "деревня" => "с.",
        _ => return None,
    })
}
