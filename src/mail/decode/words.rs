//! Values of unstructured headers: unfolding, encoded words (RFC 2047) whole and broken, raw bytes above 127.
//!
//! Neighbouring encoded words of one charset are joined as bytes before they are decoded, because mailers split them
//! inside of a character and inside of a base64 group. Raw bytes are read as UTF-8, else in the charset of the body,
//! else guessed. No structure (addresses, parameters) is read here.

use super::charset::{self, Charset};
use super::transfer;

/// A stretch of a header value before charsets are applied.
enum Piece {
    /// Bytes outside of encoded words.
    Plain(Vec<u8>),
    /// Bytes of encoded words: their charset label, whether it was base64 (still encoded), the payload.
    Word { label: String, base64: bool, payload: Vec<u8> },
}

/// Decodes a header value. `hint` is the charset of the letter's body, used for raw bytes.
pub fn decode(raw: &[u8], hint: Option<Charset>) -> String {
    if raw.is_ascii() && memchr::memmem::find(raw, b"=?").is_none() {
        return unfold(raw).iter().map(|byte| char::from(*byte)).collect();
    }
    let mut out = String::with_capacity(raw.len());
    for piece in pieces(&unfold(raw)) {
        match piece {
            Piece::Plain(bytes) => out.push_str(&raw_text(&bytes, hint)),
            Piece::Word { label, base64, payload } => {
                let bytes = if base64 { transfer::base64_word(&payload) } else { payload };
                out.push_str(&charset::decode(&bytes, Charset::by_label(&label).or(hint)).text);
            }
        }
    }
    out
}

/// Raw bytes of a header: UTF-8, else the hint, else a guess.
pub fn raw_text(bytes: &[u8], hint: Option<Charset>) -> String {
    charset::decode(bytes, hint).text.into_owned()
}

/// Removes line ends; the white space that follows them stays.
pub fn unfold(raw: &[u8]) -> Vec<u8> {
    raw.trim_ascii().iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect()
}

fn pieces(value: &[u8]) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut rest = value;
    let mut plain: Vec<u8> = Vec::new();
    while let Some(at) = memchr::memmem::find(rest, b"=?") {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, b""));
        plain.extend_from_slice(before);
        let Some(word) = encoded_word(tail) else {
            plain.extend_from_slice(b"=?");
            rest = tail.get(2..).unwrap_or_default();
            continue;
        };
        let between_words = matches!(out.last(), Some(Piece::Word { .. })) && plain.iter().all(u8::is_ascii_whitespace);
        if !between_words && !plain.is_empty() {
            out.push(Piece::Plain(std::mem::take(&mut plain)));
        }
        plain.clear();
        join(&mut out, &word);
        rest = tail.get(word.length..).unwrap_or_default();
    }
    plain.extend_from_slice(rest);
    if !plain.is_empty() {
        out.push(Piece::Plain(plain));
    }
    out
}

/// An encoded word found in the raw bytes.
struct Found<'a> {
    label: &'a [u8],
    base64: bool,
    payload: &'a [u8],
    length: usize,
}

fn join(out: &mut Vec<Piece>, word: &Found<'_>) {
    let label = String::from_utf8_lossy(word.label).to_ascii_lowercase();
    let bytes = if word.base64 { word.payload.to_vec() } else { transfer::q_word(word.payload) };
    if let Some(Piece::Word { label: last, base64, payload }) = out.last_mut()
        && *last == label
    {
        match (*base64, word.base64) {
            (true, true) | (false, false) => payload.extend_from_slice(&bytes),
            (true, false) => {
                *payload = transfer::base64_word(payload);
                *base64 = false;
                payload.extend_from_slice(&bytes);
            }
            (false, true) => payload.extend_from_slice(&transfer::base64_word(&bytes)),
        }
        return;
    }
    out.push(Piece::Word { label, base64: word.base64, payload: bytes });
}

/// Reads an encoded word at the start of `tail` (which begins with `=?`). A word whose end is missing reaches to the
/// next white space or to the end.
fn encoded_word(tail: &[u8]) -> Option<Found<'_>> {
    let inner = tail.strip_prefix(b"=?")?;
    let label_end = memchr::memchr(b'?', inner)?;
    let (label, after) = inner.split_at_checked(label_end)?;
    if label.is_empty() || label.len() > 60 || !label.iter().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    // RFC 2231: a language may follow the charset.
    let charset = label.split(|byte| *byte == b'*').next().unwrap_or(label);
    let [b'?', kind, b'?', payload @ ..] = after else { return None };
    let base64 = match kind {
        b'B' | b'b' => true,
        b'Q' | b'q' => false,
        _ => return None,
    };
    let head = label.len().saturating_add(5);
    match memchr::memmem::find(payload, b"?=") {
        // In Q a `?=` may be the beginning of an escape behind a raw question mark: the word ends at white space.
        Some(end) => {
            let payload = payload.get(..end)?;
            Some(Found { label: charset, base64, payload, length: head.saturating_add(end).saturating_add(2) })
        }
        None => {
            let end = payload.iter().position(u8::is_ascii_whitespace).unwrap_or(payload.len());
            let payload = payload.get(..end)?;
            let shown = payload.strip_suffix(b"?").unwrap_or(payload);
            Some(Found { label: charset, base64, payload: shown, length: head.saturating_add(end) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_and_broken_encoded_words() {
        for (raw, want) in [
            (&b"plain"[..], "plain"),
            (b"=?utf-8?B?0JTRj9C60YPRjg==?=", "Дякую".to_string().as_str()),
            // split inside of a character, and inside of a base64 group
            (b"=?utf-8?Q?=D0=94=D1?=\r\n =?UTF-8?Q?=8F?=", "Дя"),
            (b"=?utf-8?B?0JTRj9C?= =?utf-8?B?60YPRjg==?=", "Дякую"),
            // underscores and a raw space
            (b"=?utf-8?Q?=D0=94_a b?= c", "Д a b c"),
            // unknown and lying charset names
            (b"=?x-unknown?Q?=CF=F0=EE=F8=F3_=ED=E0=E4=E0=F2=E8?=", "Прошу надати"),
            (b"=?utf-8?B?z/Du+PMg7eDk4PLo?=", "Прошу надати"),
            // no end
            (b"Re: =?utf-8?B?0JTRj9C60YPRjg== tail", "Re: Дякую tail"),
            // not a word at all
            (b"2=?3", "2=?3"),
            (b"=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
            // text between words is kept, white space between words is not
            (b"=?utf-8?Q?a?= - =?utf-8?Q?b?=  =?utf-8?Q?c?=", "a - bc"),
            (b"=?koi8-u?B?8NLP29U=?= =?windows-1251?Q?_=EF?=", "Прошу п"),
        ] {
            assert_eq!(decode(raw, None), want, "{}", String::from_utf8_lossy(raw));
        }
    }
}
