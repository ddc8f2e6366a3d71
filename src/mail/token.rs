//! Message-IDs that carry their appeal: `appeal.NUMBER.EVENT-RECIPIENT-MAC@domain`.
//!
//! Mail programs put them into In-Reply-To and References, so an answer names its appeal even if its subject was
//! rewritten. The MAC shows that we made the id; the recipient's mark shows for whom. An id is quoted and forwarded, so
//! it narrows and never suffices alone; trust is decided elsewhere. Numbers stay readable where they are plain ASCII;
//! other characters are written as `_HEX_`. No clock, no randomness.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of the MAC: 120 bits.
const MAC_LENGTH: usize = 15;
/// Bytes of the recipient's mark: 40 bits.
const MARK_LENGTH: usize = 5;
/// Shortest key.
pub const MIN_KEY: usize = 16;
/// Longest id that is looked at.
const MAX_ID: usize = 500;
/// Version of this form, part of what is signed.
const VERSION: &str = "z1";
const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Keys for Message-IDs: the first signs, all verify. Printing shows none of them.
pub struct KeyRing {
    keys: Vec<Vec<u8>>,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeyRing({} keys)", self.keys.len())
    }
}

/// Why keys were not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No key at all.
    #[error("the key ring for Message-IDs is empty")]
    Empty,
    /// A key shorter than 16 bytes.
    #[error("a key for Message-IDs is shorter than 16 bytes")]
    Short,
}

/// What a valid id says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Registration number of the appeal.
    pub appeal: String,
    /// What the letter was about, as given to [`make`].
    pub event: String,
    key: usize,
    mark: Vec<u8>,
}

impl KeyRing {
    /// A ring of keys, the newest first.
    pub fn new(keys: Vec<Vec<u8>>) -> Result<Self, KeyError> {
        if keys.is_empty() {
            return Err(KeyError::Empty);
        }
        if keys.iter().any(|key| key.len() < MIN_KEY) {
            return Err(KeyError::Short);
        }
        Ok(KeyRing { keys })
    }

    /// Whether the letter with this token was addressed to `address`.
    pub fn addressed_to(&self, token: &Token, address: &str) -> bool {
        let Some(key) = self.keys.get(token.key) else { return false };
        let expected = digest(key, &["recipient", &address.trim().to_lowercase()]);
        expected.is_some_and(|mac| mac.verify_truncated_left(&token.mark).is_ok())
    }
}

/// A Message-ID, without angle brackets, for a letter about `event` of `appeal` to `recipient`.
pub fn make(appeal: &str, event: &str, recipient: &str, domain: &str, keys: &KeyRing) -> String {
    let appeal = escape(appeal);
    let event = escape(event);
    let domain = domain.to_ascii_lowercase();
    let key = keys.keys.first().map(Vec::as_slice).unwrap_or_default();
    let mark = cut(digest(key, &["recipient", &recipient.trim().to_lowercase()]), MARK_LENGTH);
    let mark = base32(&mark);
    let mac = base32(&cut(digest(key, &[VERSION, &event, &appeal, &mark, &domain]), MAC_LENGTH));
    format!("appeal.{appeal}.{event}-{mark}-{mac}@{domain}")
}

/// What an id says, if one of the keys made it for this domain. The comparison takes the same time for any MAC.
pub fn verify(id: &str, domain: &str, keys: &KeyRing) -> Option<Token> {
    let (appeal, tail) = parts(id, domain)?;
    let (rest, mac) = tail.rsplit_once('-')?;
    let (event, mark) = rest.rsplit_once('-')?;
    let mac = unbase32(mac).filter(|mac| mac.len() == MAC_LENGTH)?;
    let bytes = unbase32(mark).filter(|mark| mark.len() == MARK_LENGTH)?;
    let domain = domain.to_ascii_lowercase();
    let signed = [VERSION, event, appeal, mark, &domain];
    let key = keys
        .keys
        .iter()
        .position(|key| digest(key, &signed).is_some_and(|expected| expected.verify_truncated_left(&mac).is_ok()))?;
    Some(Token { appeal: unescape(appeal)?, event: unescape(event)?, key, mark: bytes })
}

/// The number in an id of our form on our domain, valid or not. For recognising only: anybody can write such an id.
pub fn foreign_form(id: &str, domain: &str) -> Option<String> {
    let (appeal, _) = parts(id, domain)?;
    unescape(appeal).filter(|number| !number.is_empty())
}

/// Number and tail of an id of our form.
fn parts<'a>(id: &'a str, domain: &str) -> Option<(&'a str, &'a str)> {
    if id.len() > MAX_ID {
        return None;
    }
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let (local, host) = id.rsplit_once('@')?;
    if domain.is_empty() || !host.eq_ignore_ascii_case(domain) {
        return None;
    }
    let rest = local.strip_prefix("appeal.")?;
    rest.split_once('.').filter(|(appeal, tail)| !appeal.is_empty() && !tail.is_empty())
}

/// The keyed digest of fields; each with its length, so that no two lists look alike.
fn digest(key: &[u8], fields: &[&str]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    for field in fields {
        let length = u64::try_from(field.len()).unwrap_or(u64::MAX);
        mac.update(&length.to_be_bytes());
        mac.update(field.as_bytes());
    }
    Some(mac)
}

fn cut(mac: Option<Hmac<Sha256>>, length: usize) -> Vec<u8> {
    mac.map(|mac| mac.finalize().into_bytes().iter().copied().take(length).collect()).unwrap_or_default()
}

/// RFC 4648 base32 in lower case; the lengths used here need no padding.
fn base32(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().saturating_mul(8) / 5);
    let mut bits = 0_u32;
    let mut have = 0_u32;
    for byte in bytes {
        bits = (bits << 8 | u32::from(*byte)) & 0xffff;
        have = have.saturating_add(8);
        while have >= 5 {
            have = have.saturating_sub(5);
            let index = usize::try_from(bits >> have & 31).unwrap_or(0);
            out.push(DIGITS.get(index).copied().map_or('a', char::from));
        }
    }
    out
}

fn unbase32(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len().saturating_mul(5) / 8);
    let mut bits = 0_u32;
    let mut have = 0_u32;
    for byte in text.bytes() {
        let value = DIGITS.iter().position(|digit| *digit == byte)?;
        bits = (bits << 5 | u32::try_from(value).ok()?) & 0xffff;
        have = have.saturating_add(5);
        if have >= 8 {
            have = have.saturating_sub(8);
            out.push((bits >> have & 0xff) as u8);
        }
    }
    // Bits left over must be zero, else two texts would mean the same bytes.
    if have >= 5 || bits & ((1 << have) - 1) != 0 { None } else { Some(out) }
}

/// Letters, digits and hyphens stay; any other character becomes `_HEX_`.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        if ch.is_ascii_alphanumeric() || ch == '-' {
            out.push(ch);
        } else {
            out.push_str(&format!("_{:x}_", u32::from(ch)));
        }
    }
    out
}

fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, tail)) = rest.split_once('_') {
        let (hex, after) = tail.split_once('_')?;
        out.push_str(plain);
        out.push(u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?);
        rest = after;
    }
    out.push_str(rest);
    let plain = |ch: char| !ch.is_control();
    if out.chars().all(plain) { Some(out) } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DOMAIN: &str = "cc.smva.example";

    fn ring(keys: &[&[u8]]) -> KeyRing {
        KeyRing::new(keys.iter().map(|key| key.to_vec()).collect()).unwrap()
    }

    #[test]
    fn a_plain_number_stays_readable_and_any_number_comes_back() {
        let keys = ring(&[b"0123456789abcdef"]);
        let id = make("S-000305", "ack", "a@b.ua", DOMAIN, &keys);
        assert!(id.starts_with("appeal.S-000305.ack-") && id.ends_with("@cc.smva.example"), "{id}");
        assert!(id.len() - DOMAIN.len() - 1 <= 64, "{id}");
        for number in ["S-000305", "К-128/2022", "а.б_в", "№ 5 від 01.02"] {
            let id = make(number, "нагад.2", "a@b.ua", DOMAIN, &keys);
            assert!(id.is_ascii() && !id.contains(' '), "{id}");
            let token = verify(&format!("<{id}>"), DOMAIN, &keys).unwrap();
            assert_eq!((token.appeal.as_str(), token.event.as_str()), (number, "нагад.2"));
            assert_eq!(foreign_form(&id, DOMAIN).as_deref(), Some(number));
        }
    }

    #[test]
    fn keys_change_and_old_letters_stay_valid() {
        let old = ring(&[b"old-old-old-old-old"]);
        let both = ring(&[b"new-new-new-new-new", b"old-old-old-old-old"]);
        let new = ring(&[b"new-new-new-new-new"]);
        let id = make("S-000305", "ack", "A@b.ua", DOMAIN, &old);
        let token = verify(&id, DOMAIN, &both).unwrap();
        assert!(both.addressed_to(&token, "a@B.ua ") && !both.addressed_to(&token, "x@b.ua"));
        assert_eq!(verify(&id, DOMAIN, &new), None);
        assert!(verify(&make("S-000305", "ack", "a@b.ua", DOMAIN, &both), DOMAIN, &new).is_some());
        assert_eq!(KeyRing::new(Vec::new()).unwrap_err(), KeyError::Empty);
        assert_eq!(KeyRing::new(vec![vec![1; 15]]).unwrap_err(), KeyError::Short);
        assert_eq!(format!("{both:?}"), "KeyRing(2 keys)");
    }

    #[test]
    fn past_letters_are_recognised_without_a_mac() {
        let keys = ring(&[b"0123456789abcdef"]);
        for (id, want) in [
            ("appeal.S-000305.ev@cc.smva.example", Some("S-000305")),
            ("<appeal.S-000305.ev@CC.smva.example>", Some("S-000305")),
            ("appeal.S-000305.ev@other.example", None),
            ("appeal.S-000305@cc.smva.example", None),
            ("appeal..ev@cc.smva.example", None),
            ("S-000305.ev@cc.smva.example", None),
            ("appeal._zz_.ev@cc.smva.example", None),
            ("appeal._d_.ev@cc.smva.example", None),
        ] {
            assert_eq!(foreign_form(id, DOMAIN).as_deref(), want, "{id}");
            assert_eq!(verify(id, DOMAIN, &keys), None, "{id}");
        }
    }

    #[test]
    fn a_changed_character_anywhere_makes_an_id_invalid() {
        let keys = ring(&[b"0123456789abcdef"]);
        let id = make("S-000305", "ack", "a@b.ua", DOMAIN, &keys);
        let local = id.len() - DOMAIN.len() - 1;
        for at in 7..local {
            let mut bytes = id.clone().into_bytes();
            bytes[at] = if bytes[at] == b'b' { b'c' } else { b'b' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(verify(&changed, DOMAIN, &keys), None, "{changed}");
        }
        assert_eq!(verify(&id, "cc.other.example", &keys), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_number_and_event_come_back(number in "\\PC{1,20}", event in "\\PC{1,8}") {
            let keys = ring(&[b"0123456789abcdef"]);
            let id = make(&number, &event, "a@b.ua", DOMAIN, &keys);
            let token = verify(&id, DOMAIN, &keys).unwrap();
            prop_assert_eq!(token.appeal, number);
            prop_assert_eq!(token.event, event);
        }

        #[test]
        fn nothing_panics(id in "\\PC{0,80}") {
            let keys = ring(&[b"0123456789abcdef"]);
            prop_assert_eq!(verify(&id, DOMAIN, &keys), None);
            foreign_form(&id, DOMAIN);
        }
    }
}
