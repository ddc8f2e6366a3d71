//! Byte ranges of a part, and a list of replacements in it. The original is never copied: what comes out is a row of
//! slices, old and new, so that a sheet of a hundred megabytes costs its own size once.
//!
//! Invariant: replacements do not overlap; those at one point keep the order in which they were made.

use crate::workbook::refusal::{Cause, Refusal};
use std::ops::Range;

/// A slice that is empty where the range lies outside.
pub fn cut(bytes: &[u8], range: Range<usize>) -> &[u8] {
    bytes.get(range).unwrap_or_default()
}

/// From `start` to the end; empty where `start` lies outside.
pub fn rest(bytes: &[u8], start: usize) -> &[u8] {
    bytes.get(start..).unwrap_or_default()
}

/// Replacements in one part.
#[derive(Debug, Default)]
pub struct Splice {
    edits: Vec<(Range<usize>, Vec<u8>)>,
}

impl Splice {
    /// Puts `new` in the place of `range`; an empty range inserts.
    pub fn replace(&mut self, range: Range<usize>, new: impl Into<Vec<u8>>) {
        self.edits.push((range, new.into()));
    }

    /// Whether nothing is to be replaced.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Sorts the replacements and proves that they lie within `len` bytes and do not overlap.
    pub fn settle(&mut self, len: usize) -> Result<(), Refusal> {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut last = 0;
        for (range, _) in &self.edits {
            if range.start < last || range.end < range.start || range.end > len {
                return Err(Refusal::whole(Cause::NotConfirmed));
            }
            last = range.end;
        }
        Ok(())
    }

    /// The new content as slices in order; call `settle` first.
    pub fn pieces<'a>(&'a self, original: &'a [u8]) -> Vec<&'a [u8]> {
        let mut pieces = Vec::with_capacity(self.edits.len().saturating_mul(2).saturating_add(1));
        let mut at = 0;
        for (range, new) in &self.edits {
            pieces.push(cut(original, at..range.start));
            pieces.push(new.as_slice());
            at = range.end;
        }
        pieces.push(rest(original, at));
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }

    /// Each settled replacement: the range in the original and the new bytes.
    pub fn edits(&self) -> impl Iterator<Item = (&Range<usize>, &[u8])> {
        self.edits.iter().map(|(range, new)| (range, new.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insertions_at_one_point_keep_their_order_and_overlaps_are_refused() {
        let mut splice = Splice::default();
        splice.replace(3..3, *b"x");
        splice.replace(3..3, *b"y");
        splice.replace(0..1, *b"A");
        splice.settle(6).unwrap();
        assert_eq!(splice.pieces(b"abcdef").concat(), b"Abcxydef");
        splice.replace(2..4, *b"z");
        assert!(splice.settle(6).is_err());
        let mut beyond = Splice::default();
        beyond.replace(5..9, *b"z");
        assert!(beyond.settle(6).is_err());
    }
}
