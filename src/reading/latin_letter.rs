//! A whole letter in Latin letters ("Dobryi den, proshu …"): its words spelled back, so that all other rules can read it.
//!
//! Only for reading: the essence stays as it was written. Foreign languages are left alone: some words of a Ukrainian
//! letter must be there.

use crate::reading::body::Body;
use crate::reading::fold::{is_all_capital, is_capital, is_cyrillic, title};
use crate::reading::latin::{is_latin, plain_word, surname};
use crate::reading::lookup::WordSet;
use crate::reading::person_cues::words_of;
use std::sync::LazyLock;

/// Words of which a letter in Latin letters has some.
static SIGNS: LazyLock<WordSet<&str>> = LazyLock::new(|| {
    words_of(
        "dobryi dobryy dobroho dobrogo den dnia dnya vechir zdravstvuyte zdravstvuite proshu pomozhit dopomozhit
         pomogite bud budlaska laska mene menia menya zvaty zovut zhyvu zhivu prozhyvaiu meshkaiu propyska
         propiska propysanyi propysana zareiestrovanyi zareiestrovana vul vulytsia ulitsa kv diakuiu dyakuyu dyakuiu
         spasibo chomu pochemu koly kogda mozhna mozhno skazhit skazhite pidkazhit podskazhite",
    )
});

/// Fewest such words.
const MIN_SIGNS: usize = 3;

/// Words that the sounds alone do not lead back.
const KNOWN: &[(&str, &str)] = &[
    ("bulvar", "бульвар"),
    ("ulitsa", "улица"),
    ("polshcha", "польща"),
    ("polshchi", "польщі"),
    ("polshchu", "польщу"),
];

/// Spellings of Polish names, which have other endings than ours.
const POLISH: &[&str] = &["sz", "cz", "rz", "w"];

/// The letter with its words spelled in Cyrillic, if it is one in Latin letters.
pub fn respelled(body: &Body) -> Option<Body> {
    let (mut latin, mut signs) = (0_usize, 0_usize);
    for word in body.own.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        if word.chars().any(is_cyrillic) {
            return None;
        }
        latin += 1;
        signs += usize::from(SIGNS.contains(word.to_lowercase().as_str()));
    }
    (signs >= MIN_SIGNS && latin > MIN_SIGNS).then(|| Body {
        own: in_cyrillic(&body.own),
        matter: in_cyrillic(&body.matter),
        subject: in_cyrillic(&body.subject),
        ..body.clone()
    })
}

/// The words of a text spelled in Cyrillic; addresses of mail and the web stay.
pub fn in_cyrillic(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for piece in text.split_inclusive(char::is_whitespace) {
        if piece.contains('@') || piece.contains("://") || piece.contains("www.") {
            out.push_str(piece);
            continue;
        }
        let mut word = String::new();
        for c in piece.chars() {
            if c.is_ascii_alphabetic() || (c == '\'' && !word.is_empty()) {
                word.push(c);
            } else {
                out.push_str(&one(&std::mem::take(&mut word)));
                out.push(c);
            }
        }
        out.push_str(&one(&word));
    }
    out
}

fn one(word: &str) -> String {
    if !is_latin(word) {
        return word.to_owned();
    }
    let lower = word.to_lowercase();
    let spelled = match KNOWN.iter().find(|(latin, _)| *latin == lower) {
        Some((_, cyrillic)) => (*cyrillic).to_owned(),
        // With a capital it may be a name, whose endings are known better.
        None if is_capital(word) && word.chars().count() > 3 && !POLISH.iter().any(|sound| lower.contains(sound)) => {
            surname(word).to_lowercase()
        }
        None => plain_word(&lower),
    };
    if is_all_capital(word) {
        spelled.to_uppercase()
    } else if is_capital(word) {
        title(&spelled)
    } else {
        spelled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_in_latin_letters_is_spelled_back() {
        assert_eq!(in_cyrillic("Ya, Hrytsenko Artem Vadymovych"), "Я, Гриценко Артем Вадимович");
        assert_eq!(in_cyrillic("propyska, vul. Robocha 24 kv. 8"), "прописка, вул. Робоча 24 кв. 8");
        assert_eq!(in_cyrillic("a.b@ukr.net"), "a.b@ukr.net");
        let own = "Dear Sir, please send me your address".to_owned();
        assert!(respelled(&Body { own, ..Body::default() }).is_none());
    }
}
