//! Addresses: where the applicant is registered and where the applicant lives now.
//!
//! `address_parse` finds the addresses; here the labels around each ("прописка", "фактично", "(реєстрація)") and its
//! place (home community or elsewhere) decide what it is. Without any label the home community is the registered
//! address and a place elsewhere the temporary one. A registered address needs street and house; for the temporary one
//! a settlement is enough, but only where a label says so.

use crate::domain::field::Field;
use crate::domain::reading::Found;
use crate::domain::remark::Remark;
use crate::reading::address_parse::{Chunk, chunks};
use crate::reading::address_words::{Homes, Label, label_of};
use crate::reading::kinship::relation;
use crate::reading::pattern::Phrases;
use crate::reading::words::{Sort, Text, Token, part};

/// The addresses of an applicant.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Addresses {
    /// Registered address (прописка).
    pub registered: Option<Found<String>>,
    /// Address of temporary residence; a settlement is enough.
    pub temporary: Option<Found<String>>,
    /// The applicant says that he lives where he is registered: the temporary address is empty and not missing.
    pub same_place: bool,
    /// What the operator should know.
    pub remarks: Vec<Remark>,
}

/// How far before an address a label is looked for, in words.
const REACH_BEFORE: usize = 7;

/// How far after an address a label is looked for, in tokens.
const REACH_AFTER: usize = 5;

/// An address and what is said of it.
struct Judged<'a> {
    chunk: &'a Chunk,
    label: Option<Label>,
    home: bool,
}

impl Judged<'_> {
    fn whole(&self) -> bool {
        self.chunk.street.is_some() && self.chunk.house.is_some()
    }
}

/// The addresses of the applicant in the author's own words (head and signature included).
pub fn find_addresses(text: &Text<'_>, homes: &Homes) -> Addresses {
    let found = joined(chunks(&text.tokens, homes), &text.tokens);
    let judged = judge(&found, &text.tokens);
    let mut out = Addresses::default();

    let registered = pick(&judged, registered_rank);
    let not_registered = |index: &usize| Some(*index) != registered.map(|(index, _)| index);
    let temporary = pick(&judged, temporary_rank).filter(|(index, _)| not_registered(index));
    let temporary = temporary.or_else(|| {
        let rest: Vec<i32> = judged.iter().map(temporary_rank).collect();
        best(rest.iter().enumerate().filter(|(index, _)| not_registered(index)).map(|(index, rank)| (index, *rank)))
    });
    if let Some((index, rank)) = registered
        && let Some(item) = judged.get(index)
    {
        if item.whole() {
            out.registered = Some(shown(item, text, homes, rank));
        } else {
            let quote = quote_of(item.chunk, text);
            let remark = format!("Місце реєстрації вказано неповно («{quote}»): уточніть вулицю і будинок.");
            out.remarks.push(Remark::on(Field::RegisteredAddress, remark));
        }
    }
    if let Some((index, rank)) = temporary
        && let Some(item) = judged.get(index)
    {
        out.temporary = Some(shown(item, text, homes, rank));
    }
    // Who says of his home in the community that he lives there has no other.
    let lives_there = registered
        .and_then(|(index, _)| judged.get(index))
        .is_some_and(|item| item.label == Some(Label::Temporary) && item.whole());
    out.same_place = out.temporary.is_none() && (lives_there || says_same_place(&text.folded));
    out
}

/// Furthest distance of a street from its settlement, in tokens.
const MAX_APART: usize = 12;

/// "живу в Дніпрі у гуртожитку на вул. Титова 5": the street of the settlement that the same sentence named before.
fn joined(found: Vec<Chunk>, tokens: &[Token<'_>]) -> Vec<Chunk> {
    let mut out: Vec<Chunk> = Vec::with_capacity(found.len());
    for chunk in found {
        let apart = out.last().and_then(|before| tokens.get(before.last + 1..chunk.first)).is_some_and(|between| {
            between.len() <= MAX_APART
                && !between.iter().any(|token| {
                    token.lines() > 0
                        || matches!(token.text, "." | "!" | "?" | ";" | ":" | "/" | ")")
                        || token.sort == Sort::Word && label_of(&token.fold).is_some()
                })
        });
        let street_alone = chunk.town.is_none() && chunk.house.is_some() && !chunk.home_street;
        match out.last_mut() {
            Some(before) if apart && street_alone && before.town.is_some() && before.street.is_none() => {
                let town = before.town.take();
                *before = Chunk { first: before.first, town, ..chunk };
            }
            Some(_) | None => out.push(chunk),
        }
    }
    out
}

/// The best rank above zero; of equal ones the first.
fn best(ranks: impl Iterator<Item = (usize, i32)>) -> Option<(usize, i32)> {
    ranks.filter(|(_, rank)| *rank > 0).fold(None, |best: Option<(usize, i32)>, (index, rank)| match best {
        Some((_, other)) if other >= rank => best,
        _ => Some((index, rank)),
    })
}

fn pick(judged: &[Judged<'_>], rank: impl Fn(&Judged<'_>) -> i32) -> Option<(usize, i32)> {
    best(judged.iter().enumerate().map(|(index, item)| (index, rank(item))))
}

/// How well an address fits as the registered one; 0: not at all.
fn registered_rank(item: &Judged<'_>) -> i32 {
    match (item.label, item.home) {
        (Some(Label::Registered), true) if item.whole() => 70,
        (Some(Label::Registered), false) if item.whole() => 50,
        (Some(Label::Registered), true) => 20,
        (Some(Label::Registered), false) => 15,
        (None, true) if item.whole() => 40,
        (Some(Label::Temporary), true) if item.whole() => 10,
        (Some(Label::Temporary | Label::Foreign) | None, _) => 0,
    }
}

/// How well an address fits as the temporary one; 0: not at all.
fn temporary_rank(item: &Judged<'_>) -> i32 {
    let whole = if item.whole() { 10 } else { 0 };
    match (item.label, item.home) {
        (Some(Label::Temporary), false) => 50 + whole,
        (Some(Label::Temporary), true) if item.whole() => 35,
        (None, false) if item.whole() => 30 + whole,
        (Some(Label::Temporary | Label::Registered | Label::Foreign) | None, _) => 0,
    }
}

fn judge<'a>(found: &'a [Chunk], tokens: &[Token<'_>]) -> Vec<Judged<'a>> {
    let mut out: Vec<Judged<'a>> = Vec::with_capacity(found.len());
    let mut free = 0_usize;
    for (index, chunk) in found.iter().enumerate() {
        let next = found.get(index + 1).map_or(tokens.len(), |next| next.first);
        let after = label_after(tokens, chunk.last + 1, next);
        let label = after.map(|(label, _)| label).or_else(|| label_before(tokens, chunk.first, free));
        let label = if of_others(tokens, chunk, label, next) { Some(Label::Foreign) } else { label };
        free = after.map_or(chunk.last + 1, |(_, end)| end + 1);
        let home = match &chunk.town {
            Some(town) => town.home,
            None => chunk.home_street || label == Some(Label::Registered),
        };
        out.push(Judged { chunk, label, home });
    }
    // A street without a settlement and without a label, the only one of the letter, is of the home town.
    if let [only] = out.as_mut_slice()
        && only.chunk.town.is_none()
        && only.label.is_none()
    {
        only.home = true;
    }
    out
}

/// Whether others are there and not the applicant: "під Куп'янськом", "…, у підвалі сидять мої батьки".
fn of_others(tokens: &[Token<'_>], chunk: &Chunk, label: Option<Label>, next: usize) -> bool {
    let before = chunk.first.checked_sub(1).and_then(|at| tokens.get(at)).map(|token| token.fold.as_ref());
    let near = matches!(before, Some("під" | "з-під" | "под" | "из-под" | "біля"));
    if near && chunk.street.is_none() {
        return true;
    }
    if label.is_some() {
        return false;
    }
    let rest = tokens.get(chunk.last + 1..next).unwrap_or_default();
    let mut words = rest
        .iter()
        .take_while(|token| token.lines() <= 1 && !matches!(token.text, "!" | "?" | ";" | "."))
        .filter(|token| token.sort == Sort::Word)
        .map(|token| token.fold.as_ref());
    let mine = words.by_ref().find(|word| {
        matches!(*word, "мої" | "мій" | "моя" | "мои" | "мой" | "наші" | "живу" | "мешкаю" | "проживаю" | "я")
    });
    mine.is_some_and(|word| word.starts_with("мо") || word.starts_with("наш"))
        && words.next().is_some_and(|word| relation(word).is_some())
}

/// The nearest label before the address in the same sentence.
fn label_before(tokens: &[Token<'_>], first: usize, free: usize) -> Option<Label> {
    let mut words = 0_usize;
    let mut found: Option<Label> = None;
    let mut residence = false;
    let mut at = first;
    while at > free && words < REACH_BEFORE {
        at -= 1;
        let Some(token) = tokens.get(at) else { break };
        match token.sort {
            Sort::Break if words > 0 || token.lines() > 1 && !label_line(tokens, at) => break,
            Sort::Mark if matches!(token.text, "!" | "?" | ";" | "|" | "→") && words > 0 => break,
            Sort::Mark if token.text == "." && !abbreviated(tokens, at) => break,
            Sort::Word => {
                words += 1;
                residence |= token.fold.starts_with("прожив");
                if let Some(label) = label_of(&token.fold) {
                    // "зареєстроване місце проживання" is the registered one, whatever stands nearest.
                    let overruled = found == Some(Label::Temporary) && residence && label == Label::Registered;
                    if found.is_none() || overruled {
                        found = Some(label);
                    }
                    if !residence {
                        break;
                    }
                }
            }
            Sort::Break | Sort::Mark | Sort::Number => {}
        }
    }
    found
}

/// Whether the line above a blank line is a label alone ("Реєстрація").
fn label_line(tokens: &[Token<'_>], at: usize) -> bool {
    let word = at.checked_sub(1).and_then(|before| tokens.get(before));
    word.is_some_and(|token| token.sort == Sort::Word && label_of(&token.fold).is_some() || token.is_mark(':'))
}

/// Whether the full stop ends a label cut short ("факт.", "рег.", "обл.").
fn abbreviated(tokens: &[Token<'_>], at: usize) -> bool {
    let colon = tokens.get(at + 1).is_some_and(|token| token.is_mark(':'));
    let short = at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|token| {
        matches!(
            token.fold.as_ref(),
            "рег"
                | "факт"
                | "прож"
                | "тимч"
                | "адр"
                | "обл"
                | "м"
                | "реєст"
                | "тимчас"
                | "фактич"
                | "прописка"
                | "проживання"
                | "реєстрація"
        )
    });
    colon || short
}

/// A label right after the address: in brackets, behind a dash, or ", там прописка"; and where it ends.
fn label_after(tokens: &[Token<'_>], from: usize, next: usize) -> Option<(Label, usize)> {
    let opener = tokens.get(from)?;
    let opened = opener.is_mark('(') || opener.is_dash();
    let there = (from..from + 2).find(|at| {
        tokens.get(*at).is_some_and(|token| {
            token.sort == Sort::Word && matches!(token.fold.as_ref(), "там" | "де" | "где" | "тут")
        })
    });
    if !opened && there.is_none() {
        return None;
    }
    let end = (from + 1 + REACH_AFTER).min(next);
    for at in from..end {
        let token = tokens.get(at)?;
        if token.is_mark(')') || token.sort == Sort::Break || matches!(token.text, "." | ";") {
            break;
        }
        if token.sort == Sort::Word
            && let Some(label) = label_of(&token.fold)
        {
            // Behind a dash the label must end the phrase; else it opens the next address ("… – зараз Суми").
            let closed = tokens.get(at + 1).is_none_or(|after| {
                after.sort == Sort::Break
                    || matches!(after.text, ")" | "." | ";" | ",")
                    || matches!(after.fold.as_ref(), "обоє" | "обидві" | "обидва" | "я" | "ми")
            });
            return (closed || opener.is_mark('(') || there.is_some()).then_some((label, at));
        }
    }
    None
}

fn quote_of(chunk: &Chunk, text: &Text<'_>) -> String {
    text.between(chunk.first, chunk.last).replace('\n', " ")
}

/// As a clerk writes it: country, oblast, settlement, street, house, flat.
fn shown(item: &Judged<'_>, text: &Text<'_>, homes: &Homes, rank: i32) -> Found<String> {
    let chunk = item.chunk;
    let home = &homes.town;
    let mut parts: Vec<&str> = Vec::new();
    match &chunk.town {
        Some(town) => {
            parts.extend(town.country.as_deref());
            parts.extend(town.oblast.as_deref());
            parts.push(&town.shown);
        }
        None if item.home => parts.push(home),
        None => {}
    }
    parts.extend(chunk.street.as_deref());
    parts.extend(chunk.house.as_deref());
    parts.retain(|part| !part.is_empty());
    let confidence = if rank >= 50 {
        0.95
    } else if rank >= 40 {
        0.8
    } else {
        0.65
    };
    Found { value: parts.join(", "), quote: quote_of(chunk, text), confidence }
}

/// Phrases of one who lives where he is registered.
static SAME: Phrases = Phrases::new(&[
    "за тією ж адресою",
    "за тією самою адресою",
    "за цією ж адресою",
    "за цією самою адресою",
    "за тою ж адресою",
    "за цією адресою і живу",
    "там же",
    "там і живу",
    "там само",
    "там и живу",
    "там же живу",
    "по тому же адресу",
    "по этому же адресу",
    "за місцем реєстрації",
    "за місцем прописки",
    "за адресою реєстрації",
    "за адресою прописки",
    "по месту прописки",
    "по месту регистрации",
    "адреса та сама",
    "та сама адреса",
    "адреса співпадає",
    "адреси співпадають",
    "адреси збігаються",
    "збігається з",
    "співпадає з",
    "така ж",
    "така сама",
    "та ж адреса",
    "та сама",
    "ця ж адреса",
    "ця сама",
    "за пропискою",
]);

/// Words of living, one of which must stand near.
const LIVING: &[&str] =
    &["живу", "живемо", "мешка", "прожив", "фактичн", "тимчасов", "перебува", "живем", "живе", "факт"];

/// Phrases of one who never left.
static STAYED: Phrases = Phrases::new(&[
    "нікуди не виїжджа",
    "нікуди не виїзд",
    "нікуди не виїха",
    "никуда не выезжа",
    "никуда не выеха",
    "никуда не уезжа",
    "живу як і жи",
    "живу где и жи",
]);

fn says_same_place(folded: &str) -> bool {
    if STAYED.any(folded) {
        return true;
    }
    SAME.find_all(folded).any(|found| {
        let before = window(folded, found.start.saturating_sub(90), found.start);
        let after = window(folded, found.end, found.end + 50);
        let near_before = before.rsplit(['.', '!', '?']).next().unwrap_or("");
        let near_after = after.split(['.', '!', '?', ',', ';']).next().unwrap_or("");
        let not_place = near_before.trim_end().ends_with("не") || near_before.contains("довідк");
        !not_place && LIVING.iter().any(|word| near_before.contains(word) || near_after.contains(word))
    })
}

fn window(text: &str, from: usize, to: usize) -> &str {
    let (mut from, mut to) = (from.min(text.len()), to.min(text.len()));
    while !text.is_char_boundary(from) {
        from += 1;
    }
    while !text.is_char_boundary(to) {
        to += 1;
    }
    part(text, from, to)
}
