//! Folding: the forms in which words are compared, and the repair of letters that only look right.
//!
//! People mix four apostrophes, six dashes and two alphabets in one word. Everything that is *compared* goes through
//! `fold`; everything that is *shown* goes through `tidy`, which repairs without changing what was meant.
//! Absent on purpose: stemming and transliteration (`name`, `latin`), and any knowledge of names or places.

pub use crate::domain::look_alike::cyrillic_twin;
use std::borrow::Cow;

/// Whether the character is an apostrophe of any kind.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{02bc}' | '\u{2018}' | '`' | '\u{00b4}' | '\u{02b9}' | '\u{201b}' | '\u{2032}')
}

/// Whether the character is a hyphen or dash of any kind.
pub fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{00ad}')
}

/// Whether the character is invisible and means nothing (zero width, direction marks, byte order mark).
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{00ad}')
}

/// Whether the character is a letter: the same as `char::is_alphabetic`, quickly for the letters that letters are made of.
pub fn is_letter(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{0400}'..='\u{0481}' | '\u{048a}'..='\u{052f}' => true,
        '\0'..='\u{7f}' => false,
        _ => c.is_alphabetic(),
    }
}

/// Whether the letter is Cyrillic.
pub fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{0400}'..='\u{052f}')
}

/// How many bytes at the begin of the text are small letters of the Ukrainian and Russian alphabets (all but ё and ґ). Most
/// of a letter is made of them; they stand for themselves wherever words are compared.
pub fn small_run(text: &str) -> usize {
    let (letters, _) = text.as_bytes().as_chunks();
    let plain = |letter: &&[u8; 2]| matches!(letter, [0xd0, 0xb0..=0xbf] | [0xd1, 0x80..=0x8f | 0x94 | 0x96 | 0x97]);
    2 * letters.iter().take_while(plain).count()
}

/// Lower case; apostrophes as `'`, hyphens and dashes as `-`, `ё` as `е`, `ґ` as `г`; invisible characters off;
/// white space of every kind as a space (line ends too). Words of two alphabets become Cyrillic.
///
/// Costs no allocation where the text is folded already, as most words of a letter are.
pub fn fold(text: &str) -> Cow<'_, str> {
    if is_folded(text) { Cow::Borrowed(text) } else { Cow::Owned(folded(text)) }
}

/// Whether folding would surely change nothing: small letters of one alphabet, digits, plain marks.
fn is_folded(text: &str) -> bool {
    let (mut cyrillic, mut latin) = (false, false);
    for c in text.chars() {
        match c {
            'а'..='я' | 'і' | 'ї' | 'є' => cyrillic = true,
            'a'..='z' => latin = true,
            '0'..='9' | ' ' | ',' | '.' | '\'' | '-' => {}
            _ => return false,
        }
    }
    !(cyrillic && latin)
}

fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mixed = text.chars().any(is_cyrillic);
    let mut rest = text;
    loop {
        if let Some((plain, other)) = rest.split_at_checked(small_run(rest)) {
            out.push_str(plain);
            rest = other;
        }
        let mut letters = rest.chars();
        let Some(c) = letters.next() else { break };
        rest = letters.as_str();
        // The common letters first: nearly all of a letter is made of them.
        match c {
            '0'..='9' | ' ' | ',' | '.' => {
                out.push(c);
                continue;
            }
            'А'..='Я' => {
                out.push(char::from_u32(u32::from(c) + 32).unwrap_or(c));
                continue;
            }
            _ => {}
        }
        if is_invisible(c) {
            continue;
        }
        let c = if mixed { cyrillic_twin(c) } else { c };
        if is_apostrophe(c) {
            out.push('\'');
        } else if is_dash(c) {
            out.push('-');
        } else if c.is_whitespace() {
            out.push(' ');
        } else {
            for lower in c.to_lowercase() {
                out.push(match lower {
                    'ё' => 'е',
                    'ґ' => 'г',
                    other => other,
                });
            }
        }
    }
    out
}

/// One word for the eye: straight apostrophe, plain hyphen, no invisible characters, one alphabet where a Cyrillic
/// word contains Latin twins. The case is kept.
pub fn tidy(word: &str) -> String {
    let mixed = word.chars().any(is_cyrillic);
    word.chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| {
            if is_apostrophe(c) {
                '\''
            } else if is_dash(c) {
                '-'
            } else if mixed {
                cyrillic_twin(c)
            } else {
                c
            }
        })
        .collect()
}

/// Title case of a name: the first letter and each letter after a hyphen large, all others small, so that
/// `НЕЧУЙ-ЛЕВИЦЬКА` becomes `Нечуй-Левицька` and `Д'ЯЧЕНКО` becomes `Д'яченко`.
pub fn title(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut start = true;
    for c in word.chars() {
        if start {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        start = is_dash(c);
    }
    out
}

/// Whether the word begins with a capital letter.
pub fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// Whether all letters of the word are capital and there are at least two.
pub fn is_all_capital(word: &str) -> bool {
    let mut letters = 0_usize;
    for c in word.chars().filter(|c| is_letter(*c)) {
        if !c.is_uppercase() {
            return false;
        }
        letters += 1;
    }
    letters >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_look_the_same_fold_the_same() {
        for (left, right) in [
            ("Д’яченко", "д'ЯЧЕНКО"),
            ("Мар`яна", "Марʼяна"),
            ("Cєвєродонецьк", "сєвєродонецьк"),
            ("Нечуй–Левицька", "нечуй-левицька"),
            ("Артём", "артем"),
            ("ВС", "BС"),
        ] {
            assert_eq!(fold(left), fold(right));
        }
        assert_eq!(fold("Olena"), "olena", "a Latin word stays Latin");
    }

    #[test]
    fn names_in_capitals_become_title_case() {
        for (from, to) in [("КОВАЛЕНКО", "Коваленко"), ("Д'ЯЧЕНКО", "Д'яченко"), ("НЕЧУЙ-ЛЕВИЦЬКА", "Нечуй-Левицька")]
        {
            assert_eq!(title(from), to);
        }
    }
}
