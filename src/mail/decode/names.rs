//! Names of attachments: RFC 2231 (with continuations and charsets), RFC 2047 inside of quotes (not allowed, common),
//! raw 8-bit, percent-encoding without its star; and their cleaning, so that a name can be shown and saved safely.

use super::charset::{self, Charset};
use super::words;
use crate::mail::clean;

/// Characters of a shown name.
pub const MAX_NAME: usize = 120;
/// Parameters read from one header.
const MAX_PARAMETERS: usize = 100;
/// Name given where only an extension or nothing readable is left.
const WINDOWS_RESERVED: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

/// A parameter as it stands: lower-case name with its stars, value without quotes.
struct Parameter {
    name: String,
    value: Vec<u8>,
}

/// The value of a parameter (`filename`, `name`) of a raw Content-Disposition or Content-Type value; empty if absent.
pub fn parameter(raw: &[u8], wanted: &str, hint: Option<Charset>) -> String {
    let parameters = parameters(&words::unfold(raw));
    let mut sections: Vec<(u32, bool, &[u8])> = Vec::new();
    for one in &parameters {
        let Some(rest) = one.name.strip_prefix(wanted) else { continue };
        let Some(rest) = rest.strip_prefix('*') else { continue };
        let (index, encoded) = match rest.strip_suffix('*') {
            Some(index) => (index, true),
            None => (rest, rest.is_empty()),
        };
        let index = if index.is_empty() { Some(0) } else { index.parse::<u32>().ok() };
        if let Some(index) = index {
            sections.push((index, encoded, &one.value));
        }
    }
    if !sections.is_empty() {
        sections.sort_by_key(|(index, _, _)| *index);
        return extended(&sections, hint);
    }
    let Some(plain) = parameters.iter().find(|one| one.name == wanted) else { return String::new() };
    let decoded = words::decode(&plain.value, hint);
    percent_encoded(&decoded).unwrap_or(decoded)
}

/// Joins the sections of RFC 2231 as bytes, then decodes them with the charset named in the first.
fn extended(sections: &[(u32, bool, &[u8])], hint: Option<Charset>) -> String {
    let mut label = None;
    let mut bytes = Vec::new();
    for (position, (_, encoded, value)) in sections.iter().enumerate() {
        let mut value = *value;
        if *encoded && position == 0 {
            let mut parts = value.splitn(3, |byte| *byte == b'\'');
            if let (Some(charset), Some(_language), Some(rest)) = (parts.next(), parts.next(), parts.next()) {
                label = Charset::by_label(&String::from_utf8_lossy(charset));
                value = rest;
            }
        }
        if *encoded { percent(value, &mut bytes) } else { bytes.extend_from_slice(value) }
    }
    if label.is_none() && memchr::memmem::find(&bytes, b"=?").is_some() {
        return words::decode(&bytes, hint);
    }
    charset::decode(&bytes, label.or(hint)).text.into_owned()
}

fn percent(value: &[u8], out: &mut Vec<u8>) {
    let mut rest = value;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte == b'%'
            && let [high, low, after @ ..] = tail
            && let (Some(high), Some(low)) = (char::from(*high).to_digit(16), char::from(*low).to_digit(16))
        {
            out.push((high << 4 | low) as u8);
            rest = after;
        } else {
            out.push(byte);
        }
    }
}

/// A plain value that is UTF-8 in percent-encoding, as some web mailers write it.
fn percent_encoded(value: &str) -> Option<String> {
    if !value.contains("%D") && !value.contains("%d") {
        return None;
    }
    let mut bytes = Vec::with_capacity(value.len());
    percent(value.as_bytes(), &mut bytes);
    String::from_utf8(bytes).ok()
}

fn parameters(value: &[u8]) -> Vec<Parameter> {
    let mut out = Vec::new();
    let mut rest = skip_to_semicolon(value);
    while let Some(tail) = rest.strip_prefix(b";") {
        if out.len() >= MAX_PARAMETERS {
            break;
        }
        let end = tail.iter().position(|byte| matches!(byte, b'=' | b';')).unwrap_or(tail.len());
        let (name, after) = tail.split_at_checked(end).unwrap_or((tail, b""));
        let Some(after) = after.strip_prefix(b"=") else {
            rest = after;
            continue;
        };
        let (value, after) = one_value(after.trim_ascii_start());
        let name = String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase();
        out.push(Parameter { name, value });
        rest = after;
    }
    out
}

/// Reads a value, quoted or not; returns it and what follows from the next semicolon on.
fn one_value(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let Some(inner) = bytes.strip_prefix(b"\"") else {
        let end = memchr::memchr(b';', bytes).unwrap_or(bytes.len());
        let (value, after) = bytes.split_at_checked(end).unwrap_or((bytes, b""));
        return (value.trim_ascii().to_vec(), after);
    };
    let mut value = Vec::new();
    let mut rest = inner;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'"' => break,
            b'\\' => match tail.split_first() {
                // Internet Explorer sent whole paths unescaped: a backslash before a letter is a separator.
                Some((&next, after)) if matches!(next, b'"' | b'\\') => {
                    value.push(next);
                    rest = after;
                }
                _ => value.push(b'\\'),
            },
            _ => value.push(byte),
        }
    }
    (value, skip_to_semicolon(rest))
}

fn skip_to_semicolon(bytes: &[u8]) -> &[u8] {
    let at = memchr::memchr(b';', bytes).unwrap_or(bytes.len());
    bytes.get(at..).unwrap_or_default()
}

/// A name fit to be shown and saved: no path, control, bidi or reserved characters, no reserved Windows name, at most
/// 120 characters with the extension kept.
pub fn clean(name: &str) -> String {
    let line = clean::line(name, 2000);
    let base = line.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe: String =
        base.chars().map(|ch| if matches!(ch, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { ch }).collect();
    let safe = safe.trim_matches([' ', '.']);
    if safe.is_empty() {
        return String::new();
    }
    let stem = safe.split('.').next().unwrap_or_default().trim_end();
    let upper = stem.to_ascii_uppercase();
    let numbered = ["COM", "LPT"].iter().any(|port| {
        upper.strip_prefix(port).is_some_and(|rest| {
            let mut chars = rest.chars();
            matches!((chars.next(), chars.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
        })
    });
    let safe =
        if WINDOWS_RESERVED.contains(&upper.as_str()) || numbered { format!("_{safe}") } else { safe.to_owned() };
    shorten(&safe)
}

/// At most 120 characters; a short extension survives.
fn shorten(name: &str) -> String {
    let count = name.chars().count();
    if count <= MAX_NAME {
        return name.to_owned();
    }
    match name.rsplit_once('.').filter(|(_, extension)| extension.chars().count() <= 10) {
        Some((stem, extension)) => {
            let room = MAX_NAME.saturating_sub(extension.chars().count()).saturating_sub(1);
            let stem: String = stem.chars().take(room).collect();
            format!("{}.{extension}", stem.trim_end())
        }
        None => name.chars().take(MAX_NAME).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_every_encoding_that_mailers_use() {
        for (raw, want) in [
            (&b"attachment; filename=plain.pdf"[..], "plain.pdf"),
            (b"attachment; filename=\"two words.pdf\"; size=1", "two words.pdf"),
            (b"attachment; filename=two words.pdf", "two words.pdf"),
            (b"attachment; filename*=utf-8''%D0%94%D1%8F.pdf", "Дя.pdf"),
            (b"attachment; filename*=windows-1251'uk'%C4%FF.pdf", "Дя.pdf"),
            // split inside of a character; order of the sections as it comes
            (b"attachment; filename*0*=utf-8''%D0%94%D1; filename*1*=%8F; filename*2=.pdf", "Дя.pdf"),
            (b"attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
            (b"attachment; filename=\"fallback.pdf\"; filename*=utf-8''%D0%94.pdf", "Д.pdf"),
            (b"attachment; filename=\"=?utf-8?B?0JTRjy5wZGY=?=\"", "Дя.pdf"),
            (b"attachment; filename==?utf-8?Q?=D0=94=D1=8F?=.pdf", "Дя.pdf"),
            (b"attachment; filename=\"=?utf-8?B?0JTR?=\r\n =?utf-8?B?jy5wZGY=?=\"", "Дя.pdf"),
            (b"attachment; filename=\"\xc4\xee\xe2\xb3\xe4\xea\xe0.pdf\"", "Довідка.pdf"),
            (b"attachment; filename=\"%D0%94%D1%8F.pdf\"", "Дя.pdf"),
            (b"attachment; filename=\"100%.pdf\"", "100%.pdf"),
            (b"attachment; FileName = \"a;b\\\"c.pdf\"", "a;b\"c.pdf"),
            (b"attachment", ""),
            (b"attachment; filename", ""),
        ] {
            assert_eq!(parameter(raw, "filename", None), want, "{}", String::from_utf8_lossy(raw));
        }
    }

    #[test]
    fn shown_names_are_safe() {
        for (raw, want) in [
            ("Заява.docx", "Заява.docx"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\a.txt", "a.txt"),
            ("фото\u{202e}gnp.scr", "фотоgnp.scr"),
            ("a\r\nb\0.pdf", "a b .pdf"),
            ("a<b>:\"|?*.txt", "a_b______.txt"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            ("COM1.log", "_COM1.log"),
            ("COM10.log", "COM10.log"),
            ("...", ""),
            (" .pdf ", "pdf"),
            ("назва. . ", "назва"),
            ("", ""),
        ] {
            assert_eq!(clean(raw), want, "{raw:?}");
        }
        let long = clean(&format!("{}.xlsx", "ї".repeat(300)));
        assert_eq!((long.chars().count(), long.ends_with("ї.xlsx")), (120, true));
    }
}
