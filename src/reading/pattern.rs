//! A regular expression compiled once, at its first use.
//!
//! Patterns are constants of this crate; one that does not compile matches nothing, and `assert_compiles` in the tests
//! of its module fails.

use regex::{Captures, Match, Regex};
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
