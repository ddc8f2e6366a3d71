//! To which correspondence a letter belongs: Message-IDs of ours that it answers, the number that it names.
//!
//! A number alone proves nothing about the sender (anybody may write it); `answers` lists only identifiers of our own
//! domain. Where they are ours, the number comes from them first: people answer letters of old matters with new ones.

use crate::domain::letter::Letter;
use crate::domain::office::Office;
use crate::reading::body::Body;
use regex::Regex;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};

/// Most identifiers that are kept.
const MAX_ANSWERS: usize = 20;

/// What tells the correspondence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thread {
    /// Number of the appeal that the letter is about.
    pub refers_to: Option<String>,
    /// The number stands in the author's own words or in the subject, not only in quoted ones.
    pub named: bool,
    /// Message-IDs of ours that the letter answers to, nearest first.
    pub answers: Vec<String>,
}

/// The numbers of an office: its pattern, compiled.
#[derive(Debug, Default)]
pub struct Numbers {
    exact: Option<Regex>,
    /// Matches wherever `exact` does, and with any dash for another, and is many times faster: no word borders, for which
    /// `regex` has no automaton outside of ASCII. Nearly all texts have no number and are done with here.
    loose: Option<Regex>,
}

impl Numbers {
    /// Compiles the pattern; one that does not compile finds no number.
    pub fn new(office: &Office) -> Self {
        let pattern = office.number_pattern.trim();
        if pattern.is_empty() {
            return Self::default();
        }
        let pattern = format!("(?i){pattern}");
        let loose = regex_syntax::parse(&pattern).ok().map(|parsed| loosened(&parsed).to_string());
        Self { exact: Regex::new(&pattern).ok(), loose: loose.and_then(|pattern| Regex::new(&pattern).ok()) }
    }

    /// The first number in a text, as the office writes it.
    pub fn find(&self, text: &str) -> Option<String> {
        if self.loose.as_ref().is_some_and(|loose| !loose.is_match(text)) {
            return None;
        }
        let exact = self.exact.as_ref()?;
        if let Some(found) = exact.find(text) {
            return Some(found.as_str().to_uppercase());
        }
        let plain: String = text.chars().map(|letter| if is_odd_dash(letter) { '-' } else { letter }).collect();
        exact.find(&plain).map(|found| found.as_str().to_uppercase())
    }
}

/// The pattern with any dash for a hyphen, and without what it asks of the places between characters (`\b`, `$`).
fn loosened(pattern: &Hir) -> Hir {
    match pattern.kind() {
        HirKind::Look(_) => Hir::empty(),
        HirKind::Empty => Hir::empty(),
        HirKind::Class(class) if takes_hyphen(class) => Hir::alternation(vec![pattern.clone(), dashes()]),
        HirKind::Class(_) => pattern.clone(),
        HirKind::Literal(text) => match std::str::from_utf8(&text.0) {
            Ok(text) => Hir::concat(text.chars().map(loosened_letter).collect()),
            Err(_) => pattern.clone(),
        },
        HirKind::Capture(group) => loosened(&group.sub),
        HirKind::Repetition(many) => {
            let sub = Box::new(loosened(&many.sub));
            Hir::repetition(Repetition { sub, ..many.clone() })
        }
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(loosened).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(loosened).collect()),
    }
}

fn loosened_letter(letter: char) -> Hir {
    let mut bytes = [0; 4];
    if letter == '-' { dashes() } else { Hir::literal(letter.encode_utf8(&mut bytes).as_bytes()) }
}

fn takes_hyphen(class: &Class) -> bool {
    match class {
        Class::Unicode(class) => class.iter().any(|range| (range.start()..=range.end()).contains(&'-')),
        Class::Bytes(class) => class.iter().any(|range| (range.start()..=range.end()).contains(&b'-')),
    }
}

/// The hyphen and what people type for it.
fn dashes() -> Hir {
    let dashes = ODD_DASHES.into_iter().chain([('-', '-')]);
    Hir::class(Class::Unicode(ClassUnicode::new(dashes.map(|(from, to)| ClassUnicodeRange::new(from, to)))))
}

/// Dashes that people type for a hyphen.
const ODD_DASHES: [(char, char); 2] = [('\u{2010}', '\u{2015}'), ('\u{2212}', '\u{2212}')];

fn is_odd_dash(letter: char) -> bool {
    ODD_DASHES.iter().any(|(from, to)| (*from..=*to).contains(&letter))
}

/// Finds the correspondence of a letter.
pub fn find_thread(letter: &Letter, body: &Body, office: &Office, numbers: &Numbers) -> Thread {
    let answers = answers(letter, office);
    let mut named = true;
    let refers_to = answers
        .iter()
        .find_map(|id| numbers.find(id))
        .or_else(|| numbers.find(&letter.subject))
        .or_else(|| numbers.find(&body.own))
        .or_else(|| {
            named = false;
            [&letter.report, &body.cover, &body.quoted, &letter.text].into_iter().find_map(|text| numbers.find(text))
        })
        .or_else(|| letter.enclosed.first().and_then(|inner| enclosed(inner, numbers)));
    Thread { named: named && refers_to.is_some(), refers_to, answers }
}

/// The number in a letter that a bounce or receipt returns.
fn enclosed(inner: &Letter, numbers: &Numbers) -> Option<String> {
    let id = inner.message_id.as_deref().unwrap_or_default();
    numbers.find(id).or_else(|| numbers.find(&inner.subject)).or_else(|| numbers.find(&inner.text))
}

fn answers(letter: &Letter, office: &Office) -> Vec<String> {
    let mut answers: Vec<String> = Vec::new();
    for id in letter.in_reply_to.iter().chain(letter.references.iter().rev()) {
        if is_ours(id, office) && !answers.contains(id) && answers.len() < MAX_ANSWERS {
            answers.push(id.clone());
        }
    }
    answers
}

/// Whether a Message-ID was made by us.
pub fn is_ours(id: &str, office: &Office) -> bool {
    let domain = office.message_id_domain.trim();
    !domain.is_empty()
        && id.rsplit_once('@').is_some_and(|(_, host)| host.trim_end_matches('>').eq_ignore_ascii_case(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office() -> Office {
        Office { message_id_domain: "cc.smva.example".into(), number_pattern: r"S-\d{6}".into(), ..Office::default() }
    }

    #[test]
    fn the_number_comes_from_our_message_id_before_the_subject() {
        let letter = Letter {
            subject: "Re: s–000001".into(),
            in_reply_to: vec!["x@gmail.com".into()],
            references: vec!["appeal.S-000305.cc@cc.smva.example".into(), "appeal.S-000306.cc@CC.smva.example".into()],
            ..Letter::default()
        };
        let office = office();
        let numbers = Numbers::new(&office);
        let thread = find_thread(&letter, &Body::default(), &office, &numbers);
        assert_eq!(thread.refers_to.as_deref(), Some("S-000306"));
        assert_eq!(thread.answers.len(), 2);
        assert_eq!(numbers.find("Re: s–000001").as_deref(), Some("S-000001"));
        let bounded = Numbers::new(&Office { number_pattern: r"\bS[-_]\d{6}\b".into(), ..Office::default() });
        assert_eq!(bounded.find("про s–000001.").as_deref(), Some("S-000001"));
        assert_eq!(bounded.find("xS-000001, S-0000012"), None);
        assert!(!is_ours("appeal.S-000305.cc@evil.example", &office));
    }
}
