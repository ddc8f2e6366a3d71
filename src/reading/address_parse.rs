//! Addresses as they stand in a text: settlement, street, house, flat, each where people put it.
//!
//! `chunks` finds every stretch of words that is an address and takes it apart; whose address it is and what for is
//! decided by `address`. A street is known by its kind ("вул."), by standing right after a settlement or a label, by
//! being a street of the home town, or by a flat after the house. Streets without a house and numbers that are no
//! houses (years, sums, phones) are left.

use crate::reading::address_words::{Homes, is_label, street_kind, street_name};
use crate::reading::fold::{fold, is_capital, tidy};
use crate::reading::person_cues::NO_NAMES;
use crate::reading::settlement::{self, Sort as PlaceSort, nominative_by_ending};
use crate::reading::words::{Sort, Token};

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
        match look.address(index, free) {
            Some(chunk) => {
                index = chunk.last + 1;
                free = index;
                // A settlement found before as a place alone is a part of this address.
                out.retain(|other| other.last < chunk.first);
                out.push(chunk);
            }
            None => {
                if let Some((town, last)) = look.town_at(index)
                    && index >= free
                {
                    out.push(Chunk { first: index, last, town: Some(town), ..Chunk::default() });
                    index = last;
                }
                index += 1;
            }
        }
    }
    out
}

struct Look<'a> {
    tokens: &'a [Token<'a>],
    homes: &'a Homes,
}

/// A street, its house and flat: up to which token they reach.
struct Street {
    shown: String,
    house: Option<String>,
    last: usize,
    home: bool,
    typed: bool,
}

impl<'a> Look<'a> {
    fn token(&self, index: usize) -> Option<&Token<'a>> {
        self.tokens.get(index)
    }

    fn word(&self, index: usize) -> Option<&'a str> {
        self.token(index).filter(|token| token.sort == Sort::Word).map(|token| token.text)
    }

    fn number(&self, index: usize) -> Option<&'a str> {
        self.token(index).filter(|token| token.sort == Sort::Number).map(|token| token.text)
    }

    fn is_mark(&self, index: usize, marks: &str) -> bool {
        self.token(index).is_some_and(|token| token.sort == Sort::Mark && marks.contains(token.text))
    }

    fn address(&self, index: usize, free: usize) -> Option<Chunk> {
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
    fn typed_street(&self, index: usize) -> Option<Street> {
        let word = self.word(index)?;
        if let Some((kind, after)) = street_kind(word, self.is_mark(index + 1, ".")) {
            let mut at = index + 1;
            if self.is_mark(at, ".") {
                at += 1;
            }
            let (name, next) = self.street_words(at)?;
            return Some(self.finished((kind, after), word, &name, next));
        }
        // The kind stands after one or two words of the name.
        if !is_capital(word) || settlement::known(word).is_some_and(|place| place.nominative) {
            return None;
        }
        for words in 1..=2_usize {
            let at = index + words;
            let Some(kind_word) = self.word(at) else { break };
            let dotted = self.is_mark(at + 1, ".");
            let Some((kind, after)) = street_kind(kind_word, dotted) else { continue };
            let next = if dotted { at + 2 } else { at + 1 };
            // The next word begins a name of its own: "Київ вул. Соборна" has its kind before.
            if self.word(next).is_some_and(|word| is_capital(word) && !is_label(word)) && !after {
                return None;
            }
            let name: Vec<&str> = (index..at).filter_map(|at| self.word(at)).collect();
            if name.iter().any(|word| self.no_street(word)) || self.house(next).is_none() {
                return None;
            }
            return Some(self.finished((kind, after), kind_word, &name.join(" "), next));
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
            let named = self.word(at + 1).is_some_and(|word| is_capital(word) && !is_label(word))
                || (self.is_mark(at + 1, "-–") && self.word(at + 2).is_some_and(|word| fold(word).starts_with("річч")));
            if !named {
                return None;
            }
            words.push(number.to_owned());
            at += 1;
            if self.is_mark(at, "-–") {
                words.push(format!("-{}", self.word(at + 1)?));
                at += 2;
            }
        }
        while words.len() < MAX_STREET_WORDS {
            let Some(word) = self.word(at) else { break };
            let short = word.chars().count() <= 2;
            if is_house_label(word) || is_label(word) || (street_kind(word, false).is_some() && !words.is_empty()) {
                break;
            }
            let dotted = self.is_mark(at + 1, ".");
            if short && dotted && is_capital(word) {
                words.push(format!("{word}."));
                at += 2;
                continue;
            }
            if matches!(fold(word).as_str(), "ім" | "імені" | "им") {
                at += if dotted { 2 } else { 1 };
                continue;
            }
            // A small word goes on only towards a house number ("Героїв праці 5").
            let goes_on =
                self.house(at + 1).is_some() || self.word(at + 1).is_some_and(|_| self.house(at + 2).is_some());
            if !is_capital(word) && !goes_on {
                break;
            }
            if !words.is_empty() && settlement::known(word).is_some() && !goes_on {
                break;
            }
            words.push(tidy(word));
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
        if !is_capital(first) || self.no_street(first) {
            return None;
        }
        for words in (1..=3_usize).rev() {
            let next = index + words;
            let name: Vec<&str> =
                (index..next).filter_map(|at| self.word(at).filter(|word| is_capital(word))).collect();
            if name.len() < words || name.iter().any(|word| self.no_street(word)) {
                continue;
            }
            let Some((house, last)) = self.house(next) else { continue };
            let joined = name.join(" ");
            let (shown, home) = street_name(&joined, "", self.homes);
            if settlement::known(&joined).is_some() && !home {
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
            .filter_map(|at| self.word(at))
            .any(is_label)
    }

    fn no_street(&self, word: &str) -> bool {
        let folded = fold(word);
        NO_NAMES.contains(folded.as_str())
            || is_label(word)
            || is_house_label(word)
            || MONTHS.contains(&folded.as_str())
    }

    /// House, block and flat from this token on: as a clerk writes them, and the last token.
    fn house(&self, from: usize) -> Option<(String, usize)> {
        let mut at = from;
        if self.is_mark(at, ",") || self.is_mark(at, "-–—") && self.number(at + 1).is_some() {
            at += 1;
        }
        let labelled = self.word(at).is_some_and(|word| HOUSE.contains(&fold(word).as_str()));
        if labelled {
            at += 1;
            if self.is_mark(at, ".") {
                at += 1;
            }
        }
        if self.is_mark(at, "№") {
            at += 1;
        }
        let number = self.number(at).filter(|number| number.len() <= 4 && !number.starts_with('0'))?;
        if !labelled && self.no_house_after(at) {
            return None;
        }
        let mut house = number.to_owned();
        let mut last = at;
        let mut dash_flat: Option<String> = None;
        // 32/1, 32-А, 32а, 40-2 (house 40, flat 2).
        if self.is_mark(at + 1, "/\\") && !self.gap(at + 2) {
            if let Some(part) =
                self.token(at + 2).filter(|token| token.sort != Sort::Mark && token.text.chars().count() <= 4)
            {
                house = format!("{house}/{}", tidy(part.text));
                last = at + 2;
            }
        } else if self.is_mark(at + 1, "-–") && !self.gap(at + 1) && !self.gap(at + 2) {
            if let Some(letter) = self.word(at + 2).filter(|word| word.chars().count() == 1) {
                house = format!("{house}-{}", tidy(letter));
                last = at + 2;
            } else if let Some(flat) = self.number(at + 2).filter(|flat| flat.len() <= 3 && !self.is_mark(at + 3, "-–"))
            {
                dash_flat = Some(flat.to_owned());
                last = at + 2;
            }
        } else if let Some(letter) = self.letter_after(at) {
            house = format!("{house}{letter}");
            last = at + 1;
        }
        // A letter glued to a fraction: 12/14а.
        if last > at
            && self.number(last).is_some()
            && let Some(letter) = self.letter_after(last)
        {
            house.push_str(&letter);
            last += 1;
        }
        let mut shown = format!("буд. {house}");
        if let Some((block, end)) = self.labelled_number(last + 1, BLOCK) {
            shown = format!("{shown}, корп. {block}");
            last = end;
        }
        if let Some(flat) = dash_flat {
            return Some((format!("{shown}, кв. {flat}"), last));
        }
        if let Some((flat, end)) = self.labelled_number(last + 1, FLAT) {
            return Some((format!("{shown}, кв. {flat}"), end));
        }
        if let Some((room, end)) = self.labelled_number(last + 1, ROOM) {
            return Some((format!("{shown}, кімн. {room}"), end));
        }
        // "Сметаніна 18, 42": a small number right behind a comma is the flat.
        if self.is_mark(last + 1, ",")
            && let Some(flat) = self.number(last + 2).filter(|flat| flat.len() <= 3 && !flat.starts_with('0'))
            && !self.no_house_after(last + 2)
            && !self.is_mark(last + 3, "/-")
        {
            return Some((format!("{shown}, кв. {flat}"), last + 2));
        }
        Some((shown, last))
    }

    fn gap(&self, index: usize) -> bool {
        self.token(index).is_some_and(|token| token.gap)
    }

    /// A single letter glued to the number (or with a space, before a comma or an end): 32а, 32 А.
    fn letter_after(&self, at: usize) -> Option<String> {
        let token = self.token(at + 1).filter(|token| token.sort == Sort::Word)?;
        let one = token.text.chars().count() == 1;
        let closed =
            self.token(at + 2).is_none_or(|next| matches!(next.text, "," | ";" | ")") || next.sort == Sort::Break);
        let fits = one && (!token.gap || (is_capital(token.text) && closed)) && !self.is_mark(at + 2, "/");
        fits.then(|| tidy(token.text))
    }

    /// ", кв. 5", "кв 5", "(кімната 105)".
    fn labelled_number(&self, from: usize, labels: &[&str]) -> Option<(String, usize)> {
        let mut at = from;
        let mut bracket = false;
        if self.is_mark(at, ",;/") {
            at += 1;
        }
        if self.is_mark(at, "(") {
            bracket = true;
            at += 1;
        }
        // A wrapped line may end before the label.
        if self.token(at).is_some_and(|token| token.lines() == 1) {
            at += 1;
        }
        let word = self.word(at)?;
        if !labels.contains(&fold(word).as_str()) {
            return None;
        }
        at += 1;
        while self.is_mark(at, ".№:") || self.token(at).is_some_and(|token| token.lines() == 1) {
            at += 1;
        }
        let number = self.number(at).filter(|number| number.len() <= 4)?;
        let mut value = number.to_owned();
        if self.is_mark(at + 1, "-")
            && !self.gap(at + 1)
            && self.word(at + 2).is_some_and(|word| word.chars().count() == 1)
        {
            value = format!("{value}-{}", self.word(at + 2).unwrap_or(""));
            at += 2;
        } else if self
            .token(at + 1)
            .is_some_and(|next| next.sort == Sort::Word && !next.gap && next.text.chars().count() == 1)
        {
            value.push_str(self.word(at + 1).unwrap_or(""));
            at += 1;
        }
        if bracket && self.is_mark(at + 1, ")") {
            at += 1;
        }
        Some((value, at))
    }

    /// Whether the number is none of a house: a year, a sum, a time, a date, a phone, a count.
    fn no_house_after(&self, at: usize) -> bool {
        let number = self.number(at).unwrap_or("");
        if number.len() == 4 && (number.starts_with("19") || number.starts_with("20")) {
            return true;
        }
        if self.number(at + 1).is_some() && self.gap(at + 1) {
            return true;
        }
        if self.is_mark(at + 1, ".:") && self.number(at + 2).is_some() && !self.gap(at + 2) {
            return true;
        }
        self.word(at + 1).is_some_and(|word| {
            let word = fold(word);
            COUNTED.iter().any(|counted| word.starts_with(counted)) || MONTHS.contains(&word.as_str())
        })
    }

    /// The settlement that ends right before the token, and its first token.
    fn town_before(&self, index: usize, free: usize) -> Option<(Town, usize)> {
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
        // "на вулиці …": a preposition, "за адресою".
        while end > free
            && self.word(end).is_some_and(|word| {
                matches!(fold(word).as_str(), "на" | "по" | "за" | "адресою" | "адресі" | "район" | "районі")
            })
        {
            end -= 1;
        }
        while end > free && self.is_mark(end, ",:(-–—") {
            end -= 1;
        }
        for words in (1..=3_usize).rev() {
            let Some(first) = (end + 1).checked_sub(words) else { continue };
            if first < free {
                continue;
            }
            if let Some((town, last)) = self.town_at(first)
                && last == end
            {
                return Some(self.with_region(town, first, free));
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
                return Some(self.with_region(town, kind_at, free));
            }
        }
        None
    }

    /// The settlement right after the house: "вул. Енергетиків 40-2, Сєвєродонецьк", "…, що в Сєвєродонецьку".
    fn town_after(&self, from: usize) -> Option<(Town, usize)> {
        let mut at = from;
        if self.is_mark(at, ",") {
            at += 1;
        }
        for small in ["що", "який", "яка", "в", "у", "м"] {
            if small != "м" && self.word(at).is_some_and(|word| fold(word) == small) {
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
                .is_some_and(|word| is_capital(word) && self.house(next + 1).is_some_and(|_| !self.no_street(word)));
        (!follows).then_some((town, last))
    }

    /// The settlement that begins at this token, and its last token.
    fn town_at(&self, index: usize) -> Option<(Town, usize)> {
        let first = self.word(index)?;
        let dotted = self.is_mark(index + 1, ".");
        if let Some(kind) = town_kind(first, dotted) {
            let mut at = if dotted { index + 2 } else { index + 1 };
            if let Some(more) = self.word(at).and_then(|word| town_kind(word, self.is_mark(at + 1, "."))) {
                // "с. м. т.", "місто м.": the second says the same.
                let _ = more;
                at += if self.is_mark(at + 1, ".") { 2 } else { 1 };
            }
            return self.named_town(kind, at);
        }
        self.listed(index, !is_capital(first))
    }

    /// A place of the list or of the office: one to three words.
    fn listed(&self, index: usize, small: bool) -> Option<(Town, usize)> {
        if small && !self.after_in(index) {
            return None;
        }
        for words in (1..=3_usize).rev() {
            let names: Vec<&str> = (index..index + words).filter_map(|at| self.word(at)).collect();
            if names.len() < words || (!small && !names.iter().all(|word| is_capital(word))) {
                continue;
            }
            let joined = names.join(" ");
            let last = index + words - 1;
            if let Some(shown) = self.homes.settlement(&joined) {
                return Some((Town { shown, home: true, ..Town::default() }, last));
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
            if self.word(at).is_some_and(|word| fold(word) == small) {
                at += 1;
            }
        }
        let inner = self.word(at).and_then(|word| {
            let dotted = self.is_mark(at + 1, ".");
            if let Some(kind) = town_kind(word, dotted) {
                return self.named_town(kind, if dotted { at + 2 } else { at + 1 });
            }
            let known = settlement::known(word).filter(|place| place.sort != PlaceSort::Country && is_capital(word));
            known.map(|place| (Town { shown: format!("м. {}", place.name), ..Town::default() }, at)).or_else(|| {
                let plain =
                    is_capital(word) && !self.no_street(word) && at > last + 1 && street_kind(word, dotted).is_none();
                plain.then(|| (Town { shown: format!("м. {}", tidy(word)), ..Town::default() }, at))
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
        let word = self.word(at).filter(|word| is_capital(word) || kind != "с.")?;
        let mut last = at;
        let mut name = nominative_by_ending(word);
        if let Some(second) = self
            .word(at + 1)
            .filter(|word| is_capital(word) && !self.no_street(word) && street_kind(word, false).is_none())
            && self.house(at + 2).is_none()
        {
            name = format!("{} {}", tidy(word), tidy(second));
            last = at + 1;
        }
        Some((Town { shown: format!("{kind} {name}"), ..Town::default() }, last))
    }

    /// Whether "в", "у", "з", "до", "м." stands before: then a place in small letters counts.
    fn after_in(&self, index: usize) -> bool {
        let before = index.checked_sub(1).and_then(|at| self.word(at)).map(fold);
        before.is_some_and(|word| matches!(word.as_str(), "в" | "у" | "во" | "із" | "м" | "місті" | "городе"))
            || (index >= 2
                && self.is_mark(index - 1, ".")
                && self.word(index - 2).is_some_and(|word| matches!(fold(word).as_str(), "м" | "г")))
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
            let Some(word) = self.word(at) else { break };
            let folded = fold(word);
            let region = folded.starts_with("обл");
            if region || folded == "р-н" || folded.starts_with("район") || folded == "р-ні" {
                let Some(name_at) = at.checked_sub(1).filter(|at| *at >= free) else { break };
                let Some(name) = self.word(name_at) else { break };
                if region {
                    town.oblast = Some(format!("{} обл.", oblast_nominative(name)));
                }
                first = name_at;
                continue;
            }
            let country = settlement::known(word).filter(|place| place.sort == PlaceSort::Country);
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

fn is_latin_street(name: &str) -> bool {
    name.chars().any(|c| c.is_ascii_alphabetic())
}

/// The kind of settlement that a word means.
fn town_kind(word: &str, dotted: bool) -> Option<&'static str> {
    let folded = fold(word);
    Some(match folded.as_str() {
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

fn is_house_label(word: &str) -> bool {
    let folded = fold(word);
    [HOUSE, BLOCK, FLAT, ROOM].iter().any(|labels| labels.contains(&folded.as_str()))
}

const HOUSE: &[&str] = &["буд", "будинок", "будинку", "б", "д", "дом", "дома", "доме", "house"];
const BLOCK: &[&str] = &["корп", "корпус", "блок", "секція"];
const FLAT: &[&str] = &["кв", "квартира", "квартирі", "квартире", "кварт", "apt", "m"];
const ROOM: &[&str] = &["кімн", "кімната", "кімнаті", "кім", "к", "ком", "комната", "комн", "комнате"];

/// Words that count what stands before them.
const COUNTED: &[&str] = &[
    "грн",
    "гривен",
    "рок",
    "років",
    "р.н",
    "год",
    "хв",
    "хвилин",
    "осіб",
    "люд",
    "шт",
    "підпис",
    "відсот",
    "кг",
    "км",
    "тис",
    "млн",
    "дн",
    "місяц",
    "місяч",
    "раз",
    "доб",
    "лет",
    "год",
    "руб",
    "діт",
    "дітей",
    "родин",
    "га",
    "поверх",
    "пункт",
    "статт",
    "клас",
    "літр",
    "мг",
    "група",
    "групи",
];

const MONTHS: &[&str] = &[
    "січня",
    "лютого",
    "березня",
    "квітня",
    "травня",
    "червня",
    "липня",
    "серпня",
    "вересня",
    "жовтня",
    "листопада",
    "грудня",
];
