//! Address headers (From, To, Cc, Reply-To), read tolerantly from raw bytes.
//!
//! Unquoted commas in names, encoded words with commas inside, groups, comments, missing brackets and source routes are
//! all met in real letters. Structure is read before charsets, as RFC 2047 wants, so a decoded name can never become an
//! address. An address is lower case and has no spaces, controls or bidi characters.

use crate::domain::letter::Correspondent;

use super::charset::Charset;
use super::words;
use crate::mail::clean;

/// Addresses read from one header.
const MAX_ADDRESSES: usize = 500;
/// Characters of a display name.
const MAX_NAME: usize = 200;
/// Characters of an address (RFC 5321: 64 + 1 + 255).
const MAX_ADDRESS: usize = 320;

/// What has been read of the current mailbox.
#[derive(Default)]
struct Current {
    phrase: Vec<u8>,
    angle: Option<Vec<u8>>,
    comment: Vec<u8>,
}

/// Reads all mailboxes of a header value.
pub fn parse(raw: &[u8], hint: Option<Charset>) -> Vec<Correspondent> {
    let value = words::unfold(raw);
    let mut out: Vec<Correspondent> = Vec::new();
    let mut current = Current::default();
    let mut pending = Vec::new();
    let mut rest = value.as_slice();
    while let Some((&byte, tail)) = rest.split_first() {
        if out.len() >= MAX_ADDRESSES {
            return out;
        }
        rest = tail;
        match byte {
            b'"' => rest = quoted(tail, &mut current.phrase),
            b'(' => rest = comment(tail, &mut current.comment),
            b'<' => {
                let end = memchr::memchr(b'>', tail).unwrap_or(tail.len());
                current.angle = Some(tail.get(..end).unwrap_or_default().to_vec());
                rest = tail.get(end.saturating_add(1)..).unwrap_or_default();
            }
            b'=' if tail.first() == Some(&b'?') => {
                let length = word_length(tail);
                current.phrase.push(b'=');
                current.phrase.extend_from_slice(tail.get(..length).unwrap_or_default());
                rest = tail.get(length..).unwrap_or_default();
            }
            b',' | b';' => flush(&mut current, &mut pending, &mut out, hint),
            // The name of a group ends here.
            b':' if current.angle.is_none() && !current.phrase.contains(&b'@') => current.phrase.clear(),
            _ => current.phrase.push(byte),
        }
    }
    flush(&mut current, &mut pending, &mut out, hint);
    if !pending.is_empty() {
        out.push(Correspondent { name: name(&pending, hint), address: String::new() });
    }
    out
}

/// Length of an encoded word behind its `=`; 1 if it is none.
fn word_length(tail: &[u8]) -> usize {
    let mut marks = 0_usize;
    for (at, byte) in tail.iter().enumerate().take(400) {
        match byte {
            b'?' => marks = marks.saturating_add(1),
            b'=' if marks >= 4 => return at.saturating_add(1),
            b'<' | b'>' | b'"' => return 1,
            _ if marks >= 4 => return at,
            _ => {}
        }
    }
    1
}

/// Copies a quoted string; returns what follows it.
fn quoted<'a>(bytes: &'a [u8], into: &mut Vec<u8>) -> &'a [u8] {
    let mut rest = bytes;
    while let Some((&byte, tail)) = rest.split_first() {
        match byte {
            b'"' => return tail,
            b'\\' => match tail.split_first() {
                Some((&next, after)) => {
                    into.push(next);
                    rest = after;
                }
                None => return tail,
            },
            _ => {
                into.push(byte);
                rest = tail;
            }
        }
    }
    rest
}

/// Copies a comment with its inner comments; returns what follows it.
fn comment<'a>(bytes: &'a [u8], into: &mut Vec<u8>) -> &'a [u8] {
    let mut depth = 1_usize;
    let mut rest = bytes;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'(' => depth = depth.saturating_add(1),
            b')' => depth = depth.saturating_sub(1),
            b'\\' => {
                if let Some((&next, after)) = tail.split_first() {
                    into.push(next);
                    rest = after;
                }
            }
            _ => into.push(byte),
        }
        if depth == 0 {
            break;
        }
    }
    rest
}

/// Ends a mailbox. A phrase without an address waits: it is the first half of a name with an unquoted comma.
fn flush(current: &mut Current, pending: &mut Vec<u8>, out: &mut Vec<Correspondent>, hint: Option<Charset>) {
    let Current { phrase, angle, comment } = std::mem::take(current);
    let shown = if phrase.trim_ascii().is_empty() { &comment } else { &phrase };
    let (address, own_name) = match angle {
        Some(angle) => (address(&angle, hint), shown.clone()),
        None if phrase.contains(&b'@') => (address(&phrase, hint), comment),
        None => {
            let part = phrase.trim_ascii();
            if !part.is_empty() && pending.len() < 2000 {
                if !pending.is_empty() {
                    pending.extend_from_slice(b", ");
                }
                pending.extend_from_slice(part);
            }
            return;
        }
    };
    let mut full = std::mem::take(pending);
    if !full.is_empty() && !own_name.is_empty() {
        full.extend_from_slice(b", ");
    }
    full.extend_from_slice(&own_name);
    let name = name(&full, hint);
    if !name.is_empty() || !address.is_empty() {
        out.push(Correspondent { name, address });
    }
}

fn name(raw: &[u8], hint: Option<Charset>) -> String {
    let decoded = words::decode(raw, hint);
    let cleaned = clean::line(&decoded, MAX_NAME);
    // Outlook quotes names twice: "'Олена Коваль'".
    clean::unquoted(&cleaned).to_owned()
}

fn address(raw: &[u8], hint: Option<Charset>) -> String {
    let decoded = words::decode(raw, hint);
    let cleaned = clean::line(&decoded, MAX_ADDRESS);
    let routed =
        if cleaned.starts_with('@') { cleaned.rsplit_once(':').map_or("", |(_, after)| after) } else { &cleaned };
    let bare = routed.strip_prefix("mailto:").unwrap_or(routed);
    bare.chars().filter(|ch| !ch.is_whitespace() && !matches!(ch, '<' | '>')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_as_people_and_programs_write_them() {
        let koi: &[u8] = b"\xf0\xc5\xd4\xd2\xc5\xce\xcb\xcf <p@i.ua>";
        for (raw, want) in [
            (&b"a@b.ua"[..], vec![("", "a@b.ua")]),
            (b"<A@B.ua>", vec![("", "a@b.ua")]),
            (b"Olena <o@b.ua>, \"K, Ivan\" <i@b.ua>", vec![("Olena", "o@b.ua"), ("K, Ivan", "i@b.ua")]),
            (b"Koval, Olena <o@b.ua>", vec![("Koval, Olena", "o@b.ua")]),
            (b"=?utf-8?Q?=D0=94,_a?= <d@b.ua>", vec![("Д, a", "d@b.ua")]),
            (b"\"=?utf-8?B?0JTRj9C60YPRjg==?=\" <d@b.ua>", vec![("Дякую", "d@b.ua")]),
            (b"o@b.ua (Olena (K))", vec![("Olena K", "o@b.ua")]),
            (b"undisclosed-recipients:;", vec![]),
            (b"Team: a@b.ua, b@b.ua;", vec![("", "a@b.ua"), ("", "b@b.ua")]),
            (b"<@relay.ua:a@b.ua>", vec![("", "a@b.ua")]),
            (b"'Olena' <o@b.ua>", vec![("Olena", "o@b.ua")]),
            (b"\"evil\\\" <x@y.ua>\" <real@b.ua>", vec![("evil\" <x@y.ua>", "real@b.ua")]),
            (b"=?utf-8?Q?a=0D=0ABcc:_x@y.ua?= <a@b.ua>", vec![("a Bcc: x@y.ua", "a@b.ua")]),
            (b"nobody", vec![("nobody", "")]),
            (b"", vec![]),
            (b"<>", vec![]),
            (koi, vec![("Петренко", "p@i.ua")]),
        ] {
            let got = parse(raw, None);
            let got: Vec<(&str, &str)> = got.iter().map(|one| (one.name.as_str(), one.address.as_str())).collect();
            assert_eq!(got, want, "{}", String::from_utf8_lossy(raw));
        }
    }
}
