//! A regular expression, or a list of phrases, compiled once, at its first use.
//!
//! Patterns are constants of this crate; one that does not compile matches nothing, and `assert_compiles` in the tests
//! of its module fails.

use crate::reading::folded::Words;
use crate::reading::lookup::Begins;
use aho_corasick::AhoCorasick;
use regex::{Captures, Match, Regex};
use std::ops::Range;
use std::sync::OnceLock;

/// A pattern written in the source.
#[derive(Debug)]
pub struct Pattern {
    source: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Keeps the source; nothing is compiled yet.
    pub const fn new(source: &'static str) -> Self {
        Self { source, compiled: OnceLock::new() }
    }

    fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(self.source).ok()).as_ref()
    }

    /// Whether the text holds a match.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// The first match.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.regex().and_then(|regex| regex.find(text))
    }

    /// The first match with its groups.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex().and_then(|regex| regex.captures(text))
    }

    /// All matches that do not overlap.
    pub fn find_all<'t>(&self, text: &'t str) -> Vec<Match<'t>> {
        self.regex().map(|regex| regex.find_iter(text).collect()).unwrap_or_default()
    }

    /// A group of the first match.
    pub fn group<'t>(&self, text: &'t str, index: usize) -> Option<&'t str> {
        self.captures(text).and_then(|captures| captures.get(index)).map(|found| found.as_str())
    }

    /// Fails the test if the source is no regular expression.
    #[cfg(test)]
    pub fn assert_compiles(&self) {
        assert!(self.regex().is_some(), "{}", self.source);
    }
}

/// A pattern for the begin of a text, tried only where the first word is one with which it can match: a letter has many
/// lines, and few of them begin so.
#[derive(Debug)]
pub struct Opening {
    stems: &'static [&'static str],
    begins: OnceLock<Begins<()>>,
    pattern: Pattern,
}

impl Opening {
    /// Keeps the (folded) beginnings of the first word and the source; nothing is compiled yet.
    pub const fn new(stems: &'static [&'static str], source: &'static str) -> Self {
        Self { stems, begins: OnceLock::new(), pattern: Pattern::new(source) }
    }

    /// The match at the begin of the text.
    pub fn find<'t>(&self, text: Words<'t>) -> Option<Match<'t>> {
        let (key, word) = text.keyed(0)?;
        let begins = self.begins.get_or_init(|| Begins::stems(self.stems));
        begins.of(key, word).next()?;
        self.pattern.find(text.source())
    }

    /// Whether the text begins so.
    pub fn is_match(&self, text: Words<'_>) -> bool {
        self.find(text).is_some()
    }

    /// Fails the test if the source is no regular expression.
    #[cfg(test)]
    pub fn assert_compiles(&self) {
        self.pattern.assert_compiles();
    }
}

/// Phrases written in the source, all looked for in one pass, as they stand, inside of words too.
#[derive(Debug)]
pub struct Phrases {
    list: &'static [&'static str],
    compiled: OnceLock<Option<AhoCorasick>>,
}

impl Phrases {
    /// Keeps the list; nothing is compiled yet.
    pub const fn new(list: &'static [&'static str]) -> Self {
        Self { list, compiled: OnceLock::new() }
    }

    /// Where the phrases stand, in the order of their ends; they may overlap.
    pub fn find_all<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        let compiled = self.compiled.get_or_init(|| AhoCorasick::new(self.list).ok());
        compiled.iter().flat_map(move |phrases| phrases.find_overlapping_iter(text)).map(|found| found.range())
    }

    /// Whether any of the phrases stands in the text.
    pub fn any(&self, text: &str) -> bool {
        self.find_all(text).next().is_some()
    }
}
