//! To which correspondence a letter belongs: Message-IDs of ours that it answers, the number that it names.
//!
//! A number alone proves nothing about the sender (anybody may write it); `answers` lists only identifiers of our own
//! domain. Where they are ours, the number comes from them first: people answer letters of old matters with new ones.

use crate::domain::letter::Letter;
use crate::domain::office::Office;
use crate::reading::body::Body;
use regex::Regex;

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
#[derive(Debug)]
pub struct Numbers(Option<Patterns>);

#[derive(Debug)]
struct Patterns {
    exact: Regex,
    /// The same without word borders, which on text that is not ASCII cost most of the time: where this finds nothing,
    /// the exact one finds nothing either.
    loose: Regex,
}

impl Numbers {
    /// Compiles the pattern; one that does not compile finds no number.
    pub fn new(office: &Office) -> Self {
        let pattern = office.number_pattern.trim();
        let compile = |pattern: &str| Regex::new(&format!("(?i){pattern}")).ok();
        let patterns = compile(pattern).zip(compile(&pattern.replace(r"\b", "")));
        Self(patterns.filter(|_| !pattern.is_empty()).map(|(exact, loose)| Patterns { exact, loose }))
    }

    /// The first number in a text, as the office writes it.
    pub fn find(&self, text: &str) -> Option<String> {
        let patterns = self.0.as_ref()?;
        let look = |text: &str| {
            let from = patterns.loose.find(text)?.start();
            patterns.exact.find_at(text, from).map(|found| found.as_str().to_uppercase())
        };
        if let Some(found) = look(text) {
            return Some(found);
        }
        if !text.chars().any(is_odd_dash) {
            return None;
        }
        let plain: String = text.chars().map(|letter| if is_odd_dash(letter) { '-' } else { letter }).collect();
        look(&plain)
    }
}

fn is_odd_dash(letter: char) -> bool {
    matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}')
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
        assert!(!is_ours("appeal.S-000305.cc@evil.example", &office));
    }
}
