//! Transfer encodings, leniently: base64 and quoted-printable that strict decoders refuse (footers behind the padding,
//! stray characters, missing padding, spaces in encoded words) still give what can be had.

/// Value of a base64 digit.
fn digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte.wrapping_sub(b'A'),
        b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Base64: single foreign bytes are skipped, padding ends a group, a rest of less than eight bits is dropped. A line
/// that is no base64 ends the text: mailing lists append their footers behind it. What was never base64 stays as it is.
pub fn base64(bytes: &[u8]) -> Vec<u8> {
    let first = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
    if first.is_some_and(foreign) {
        return bytes.to_vec();
    }
    let mut out = Vec::with_capacity(bytes.len().saturating_mul(3) / 4);
    let mut group = Group::default();
    for line in bytes.split(|byte| *byte == b'\n') {
        if foreign(line.trim_ascii()) {
            break;
        }
        line.iter().for_each(|byte| group.push(*byte, &mut out));
    }
    out
}

/// Base64 of encoded words, which have no lines.
pub fn base64_word(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().saturating_mul(3) / 4);
    let mut group = Group::default();
    bytes.iter().for_each(|byte| group.push(*byte, &mut out));
    out
}

/// Whether a line cannot be base64: it has spaces inside, dashes at its beginning, or several foreign bytes.
fn foreign(line: &[u8]) -> bool {
    let strange = line.iter().filter(|byte| digit(**byte).is_none() && **byte != b'=').take(2).count();
    strange > 1 || line.starts_with(b"--") || line.contains(&b' ')
}

/// Bits of a group of four digits.
#[derive(Default)]
struct Group {
    bits: u32,
    have: u32,
}

impl Group {
    fn push(&mut self, byte: u8, out: &mut Vec<u8>) {
        if byte == b'=' {
            // A new group begins: several padded texts may have been joined.
            *self = Group::default();
            return;
        }
        let Some(value) = digit(byte) else { return };
        self.bits = (self.bits << 6 | value) & 0x00ff_ffff;
        self.have = self.have.saturating_add(6);
        if self.have >= 8 {
            self.have = self.have.saturating_sub(8);
            out.push((self.bits >> self.have & 0xff) as u8);
        }
    }
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
            (b"0JTRj9C60YPRjg==\r\n--\r\nfooter of a list", "Дякую"),
            (b"0JTRj9C60YPR\r\njg\r\n_____________\r\nfooter", "Дякую"),
            (b"never was base64\r\n", "never was base64\r\n"),
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
