//! Lists of words that each word of a letter is looked up in: whole words by a quick hash, beginnings of words by their
//! first letters.
//!
//! What is put in comes from this crate or from the configuration, never from a letter: nobody can choose keys that
//! collide. Absent on purpose: patterns and phrases (`pattern`, `terms`).

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Folded words with something that each stands for.
pub type WordMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

/// Folded words.
pub type WordSet<K> = HashSet<K, BuildHasherDefault<Quick>>;

/// A hash that is quick for short words and keys.
#[derive(Debug, Default)]
pub struct Quick(u64);

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (whole, rest) = bytes.as_chunks();
        for eight in whole {
            self.write_u64(u64::from_le_bytes(*eight));
        }
        self.write_u64(rest.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)));
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    fn write_u64(&mut self, number: u64) {
        // The constant of the golden ratio spreads neighbours over all high bits.
        self.0 = (self.0.rotate_left(26) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

/// How many letters of a word make its key, and the bits of one.
const KEY_LETTERS: usize = 3;
const LETTER_BITS: usize = 21;

/// The bits of the first letter of a key.
const LETTER: u64 = (1 << LETTER_BITS) - 1;

/// The first letters of a word, by which beginnings are found.
pub fn key_of(word: &str) -> u64 {
    word.chars()
        .take(KEY_LETTERS)
        .enumerate()
        .fold(0, |key, (at, c)| key | u64::from(u32::from(c)) << (at * LETTER_BITS))
}

/// Beginnings of words, and whole words, with something that each stands for.
#[derive(Debug)]
pub struct Begins<V> {
    by_key: WordMap<u64, Vec<Begin<V>>>,
    /// Whether there are beginnings of one letter, and of two.
    short: [bool; KEY_LETTERS - 1],
    /// By the first two letters, whether any beginning may fit: nearly all words of a letter are done with here.
    gate: Gate,
}

/// A set of pairs of letters that says "no" for certain and "yes" perhaps.
#[derive(Debug)]
struct Gate([u64; GATE_WORDS]);

/// Words of a gate; a power of two.
const GATE_WORDS: usize = 32;

impl Gate {
    fn place(key: u64) -> (usize, u64) {
        let (first, second) = (key & LETTER, key >> LETTER_BITS & LETTER);
        let place = first.wrapping_mul(37).wrapping_add(second);
        ((place >> 6) as usize & (GATE_WORDS - 1), 1 << (place & 63))
    }

    fn open(&mut self, key: u64) {
        let (at, bit) = Self::place(key);
        if let Some(word) = self.0.get_mut(at) {
            *word |= bit;
        }
    }

    fn admits(&self, key: u64) -> bool {
        let (at, bit) = Self::place(key);
        self.0.get(at).is_some_and(|word| word & bit != 0)
    }
}

#[derive(Debug)]
struct Begin<V> {
    text: String,
    whole: bool,
    value: V,
}

impl<V> Begins<V> {
    /// Takes in beginnings (`false`) and whole words (`true`).
    pub fn new(list: impl IntoIterator<Item = (String, bool, V)>) -> Self {
        let mut begins =
            Self { by_key: WordMap::default(), short: [false; KEY_LETTERS - 1], gate: Gate([0; GATE_WORDS]) };
        for (text, whole, value) in list {
            let letters = text.chars().count();
            if letters == 1 && !whole {
                // Any second letter fits.
                begins.gate = Gate([u64::MAX; GATE_WORDS]);
            }
            begins.gate.open(key_of(&text));
            if let Some(short) = letters.checked_sub(1).and_then(|at| begins.short.get_mut(at)) {
                *short |= !whole;
            }
            begins.by_key.entry(key_of(&text)).or_default().push(Begin { text, whole, value });
        }
        for same in begins.by_key.values_mut() {
            same.sort_by_key(|begin| (begin.text.len(), begin.whole));
        }
        begins
    }

    /// What the beginnings of this word stand for, the shortest beginning first; `key` is the word's.
    pub fn of<'a>(&'a self, key: u64, word: &'a str) -> impl Iterator<Item = &'a V> {
        let keys = self.gate.admits(key).then(|| {
            let shorter = self.short.iter().enumerate().filter(|(_, known)| **known).filter_map(move |(at, _)| {
                let shorter = key & ((1 << ((at + 1) * LETTER_BITS)) - 1);
                (shorter != key).then_some(shorter)
            });
            shorter.chain([key])
        });
        keys.into_iter()
            .flatten()
            .filter_map(|key| self.by_key.get(&key))
            .flatten()
            .filter(move |begin| if begin.whole { word == begin.text } else { word.starts_with(begin.text.as_str()) })
            .map(|begin| &begin.value)
    }
}

impl Begins<()> {
    /// Takes in beginnings that stand for nothing but themselves.
    pub fn stems(list: &[&str]) -> Self {
        Self::new(list.iter().map(|stem| ((*stem).to_owned(), false, ())))
    }

    /// Whether the word begins with one of them.
    pub fn fit(&self, word: &str) -> bool {
        self.of(key_of(word), word).next().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_by_each_of_its_beginnings() {
        let list = ["з", "за", "зая", "заяв", "заявник", "заявниця", "інше", "id"];
        let begins = Begins::new(list.iter().map(|begin| ((*begin).to_owned(), *begin == "заявник", *begin)));
        for (word, expected) in [
            ("заявник", &["з", "за", "зая", "заяв", "заявник"][..]),
            ("заявники", &["з", "за", "зая", "заяв"]),
            ("зая", &["з", "за", "зая"]),
            ("за", &["з", "за"]),
            ("з", &["з"]),
            ("id", &["id"]),
            ("i", &[]),
            ("", &[]),
            ("ні", &[]),
        ] {
            assert_eq!(begins.of(key_of(word), word).copied().collect::<Vec<_>>(), expected, "{word}");
        }
    }
}
