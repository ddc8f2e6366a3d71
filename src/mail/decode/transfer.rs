//! Transfer encodings, leniently: base64 and quoted-printable that strict decoders refuse (footers behind the padding,
//! stray characters, missing padding, spaces in encoded words) still give what can be had.

/// Value of a base64 digit.
fn digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte.wrapping_sub(b'A'),
        b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

/// Base64: foreign bytes are skipped, padding ends a group, a rest of less than eight bits is dropped.
pub fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().saturating_mul(3) / 4);
    let mut bits = 0_u32;
    let mut have = 0_u32;
    for &byte in bytes {
        if byte == b'=' {
            // A new group begins: several padded texts may have been joined.
            bits = 0;
            have = 0;
            continue;
        }
        let Some(value) = digit(byte) else { continue };
        bits = (bits << 6 | value) & 0x00ff_ffff;
        have = have.saturating_add(6);
        if have >= 8 {
            have = have.saturating_sub(8);
            out.push((bits >> have & 0xff) as u8);
        }
    }
    out
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Quoted-printable of a body: `=XX`, soft line ends, trailing spaces of lines dropped; a lone `=` stays.
pub fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let (content, end) = split_end(line);
        let content = content.trim_ascii_end();
        let (content, soft) = match content.strip_suffix(b"=") {
            Some(rest) => (rest, true),
            None => (content, false),
        };
        escapes(content, &mut out);
        if !soft {
            out.extend_from_slice(end);
        }
    }
    out
}

fn split_end(line: &[u8]) -> (&[u8], &[u8]) {
    let content = line.strip_suffix(b"\n").unwrap_or(line);
    let content = content.strip_suffix(b"\r").unwrap_or(content);
    line.split_at_checked(content.len()).unwrap_or((line, b""))
}

/// Replaces `=XX` escapes.
fn escapes(content: &[u8], out: &mut Vec<u8>) {
    let mut rest = content;
    while let Some(at) = memchr::memchr(b'=', rest) {
        let (plain, tail) = rest.split_at_checked(at).unwrap_or((rest, b""));
        out.extend_from_slice(plain);
        if let [_, high, low, after @ ..] = tail
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            out.push(high << 4 | low);
            rest = after;
        } else {
            out.push(b'=');
            rest = tail.get(1..).unwrap_or_default();
        }
    }
    out.extend_from_slice(rest);
}

/// The Q encoding of RFC 2047: as quoted-printable, with `_` for a space.
pub fn q_word(bytes: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'_' { b' ' } else { *byte }).collect();
    let mut out = Vec::with_capacity(spaced.len());
    escapes(&spaced, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_encodings_give_what_can_be_had() {
        for (raw, want) in [
            (&b"0JTRj9C6\r\n0YPRjg=="[..], "Дякую"),
            (b"0JTRj9C60YPRjg", "Дякую"),
            (b"0JTRj9C60YPRjg==\r\n", "Дякую"),
            (b"0JTRj9C6*0YPRjg==", "Дякую"),
        ] {
            assert_eq!(String::from_utf8_lossy(&base64(raw)), want);
        }
        for (raw, want) in [
            (&b"=D0=94=D1=8F=D0=BA=D1=83=D1=8E  \r\n2=3"[..], "Дякую\r\n2=3"),
            (b"=D0=\r\n=94=d1=8f", "Дя"),
            (b"50% = half", "50% = half"),
        ] {
            assert_eq!(String::from_utf8_lossy(&quoted_printable(raw)), want);
        }
        assert_eq!(q_word(b"a_b=20c"), b"a b c");
    }
}
