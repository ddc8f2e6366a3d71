//! Bytes to text when the declared charset may be missing, unknown or a lie.
//!
//! Order of trust: valid multi-byte UTF-8 is UTF-8 whatever the label says; then the declared charset if the result
//! reads like writing; then the most plausible of the charsets that Ukrainian mailers use. The label keeps a bonus, so
//! that a short name is not re-guessed on weak evidence. cp866 is read as cp1125 (with і ї є ґ) where that reads better.

use std::borrow::Cow;

use encoding_rs::{Encoding, IBM866, ISO_8859_5, KOI8_U, UTF_8, WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC};

use super::plausible::{self, Evidence};

/// Bytes looked at when charsets are compared.
const SAMPLE: usize = 2048;
/// Evidence that a label is worth, in units of `plausible`.
const LABEL_BONUS: i32 = 45;

/// Fewest characters outside of ASCII on which a double encoding is recognised.
const MIN_DOUBLE: i32 = 6;

/// A charset that can be decoded here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// Any charset of the Encoding Standard.
    Standard(&'static Encoding),
    /// cp1125 (RUSCII): cp866 with the Ukrainian letters.
    Cp1125,
}

/// Candidates of a guess with their prior evidence.
const CANDIDATES: [(Charset, i32); 8] = [
    (Charset::Standard(WINDOWS_1251), 12),
    (Charset::Standard(UTF_8), 10),
    (Charset::Standard(KOI8_U), 8),
    (Charset::Standard(WINDOWS_1252), 0),
    (Charset::Standard(ISO_8859_5), -4),
    (Charset::Cp1125, -6),
    (Charset::Standard(IBM866), -7),
    (Charset::Standard(X_MAC_CYRILLIC), -20),
];

impl Charset {
    /// UTF-8.
    pub const UTF8: Charset = Charset::Standard(UTF_8);
    /// windows-1251, the charset of Windows in Ukraine.
    pub const WINDOWS_1251: Charset = Charset::Standard(WINDOWS_1251);

    /// The charset of a label, with the spellings met in letters; `None` if it says nothing (`us-ascii`, `unknown-8bit`).
    pub fn by_label(label: &str) -> Option<Charset> {
        let label = label.trim().trim_matches(['"', '\'']);
        let key: String =
            label.chars().filter(char::is_ascii_alphanumeric).map(|ch| ch.to_ascii_lowercase()).take(32).collect();
        match key.as_str() {
            "usascii" | "ascii" | "ansix341968" | "unknown8bit" | "unknown" | "xunknown" | "binary" | "8bit"
            | "default" | "none" | "" => return None,
            "cp1125" | "ruscii" | "cp866u" | "ibm1125" => return Some(Charset::Cp1125),
            "windows1251" | "win1251" | "cp1251" | "1251" | "xcp1251" | "cswindows1251" | "ansi1251" => {
                return Some(Charset::Standard(WINDOWS_1251));
            }
            // KOI8-R has box drawings where KOI8-U has і ї є ґ; Ukrainian letters come under both names.
            "koi8u" | "koi8ru" | "cskoi8u" | "koi8uk" | "koi8r" | "koi8" | "cskoi8r" | "koi" => {
                return Some(Charset::Standard(KOI8_U));
            }
            "utf8" | "unicode11utf8" | "xutf8" | "utf8mb4" | "cp65001" => return Some(Charset::UTF8),
            "cp866" | "ibm866" | "866" | "dos866" => return Some(Charset::Standard(IBM866)),
            "iso88595" | "88595" => return Some(Charset::Standard(ISO_8859_5)),
            _ => {}
        }
        Encoding::for_label(label.as_bytes()).map(Charset::Standard)
    }

    /// Whether every byte is a character by itself, so that reading in this charset never fails and proves nothing.
    fn single_byte(self) -> bool {
        match self {
            Charset::Standard(encoding) => encoding.is_single_byte(),
            Charset::Cp1125 => true,
        }
    }

    /// Decodes; what is not of this charset becomes U+FFFD.
    pub fn read(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Charset::Standard(encoding) => encoding.decode_without_bom_handling(bytes).0,
            Charset::Cp1125 => {
                Cow::Owned(IBM866.decode_without_bom_handling(bytes).0.chars().map(cp1125_of_cp866).collect::<String>())
            }
        }
    }
}

/// The eight places where cp1125 differs from cp866.
fn cp1125_of_cp866(ch: char) -> char {
    match ch {
        'Є' => 'Ґ',
        'є' => 'ґ',
        'Ї' => 'Є',
        'ї' => 'є',
        'Ў' => 'І',
        'ў' => 'і',
        '°' => 'Ї',
        '∙' => 'ї',
        _ => ch,
    }
}

/// Decoded text and the charset that was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// The charset in which it was read.
    pub charset: Charset,
    /// Whether the label was missing or overruled although there was something to decode.
    pub guessed: bool,
}

/// Decodes bytes of which the letter says that they are in `label` (`None`: it says nothing).
pub fn decode<'a>(bytes: &'a [u8], label: Option<Charset>) -> Decoded<'a> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let multi_byte = label.filter(|charset| !charset.single_byte() && *charset != Charset::UTF8);
    if let Some(charset) = multi_byte {
        // Chinese, Japanese, UTF-16, ISO-2022: not to be guessed at as long as the reading succeeds.
        let text = charset.read(bytes);
        if !text.contains('\u{fffd}') {
            return Decoded { text, charset, guessed: false };
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let declared = label.unwrap_or(Charset::UTF8);
        let (charset, guessed) =
            if text.is_ascii() { (declared, false) } else { (Charset::UTF8, declared != Charset::UTF8) };
        return Decoded { text: Cow::Borrowed(text), charset, guessed };
    }
    let charset = choose(bytes, label);
    Decoded { text: charset.read(bytes), charset, guessed: Some(charset) != label }
}

/// A file's text without a label: by its byte order mark, else guessed.
pub fn with_mark(bytes: &[u8]) -> String {
    match Encoding::for_bom(bytes) {
        Some((encoding, length)) => {
            let rest = bytes.get(length..).unwrap_or_default();
            encoding.decode_without_bom_handling(rest).0.into_owned()
        }
        None => decode(bytes, None).text.into_owned(),
    }
}

/// A text that was once decoded with a wrong charset and then encoded as UTF-8, put right: «РџСЂРё» (UTF-8 read as
/// windows-1251), «Ïðè» (windows-1251 read as Latin-1), «ÐŸÑ€Ð¸» (UTF-8 read as Latin-1). `None` if it is none of these.
pub fn undo_double(text: &str) -> Option<String> {
    let before = plausible::weigh(text);
    if before.count < MIN_DOUBLE || before.sum >= before.count.saturating_neg() {
        return None;
    }
    let latin = text.chars().take(SAMPLE).all(|ch| !WINDOWS_1252.encode(ch.encode_utf8(&mut [0; 4])).2);
    let encoding = if latin { WINDOWS_1252 } else { WINDOWS_1251 };
    let (bytes, _, lossy) = encoding.encode(text);
    if lossy {
        return None;
    }
    let repaired = match std::str::from_utf8(&bytes) {
        Ok(utf8) => utf8.to_owned(),
        Err(_) if latin => Charset::WINDOWS_1251.read(&bytes).into_owned(),
        Err(_) => return None,
    };
    if plausible::weigh(&repaired).convincing() { Some(repaired) } else { None }
}

/// Whether a text already decoded with its label may be believed without looking at other charsets.
pub fn believable(text: &str, label: Option<Charset>) -> bool {
    match label {
        Some(charset) if charset.single_byte() => plausible::weigh(text).convincing(),
        Some(_) | None => !text.contains('\u{fffd}'),
    }
}

/// The most plausible charset for bytes that are not valid UTF-8.
pub fn choose(bytes: &[u8], label: Option<Charset>) -> Charset {
    let sample = sample(bytes);
    if let Some(charset) = label
        && charset != Charset::UTF8
        && charset != Charset::Standard(IBM866)
        && plausible::weigh(&charset.read(sample)).convincing()
    {
        return charset;
    }
    let mut best: Option<(i32, Charset)> = None;
    let labelled = label.map(|charset| (charset, 0));
    for (charset, prior) in labelled.into_iter().chain(CANDIDATES) {
        let Evidence { sum, count, .. } = plausible::weigh(&charset.read(sample));
        let bonus = if Some(charset) == label { LABEL_BONUS } else { prior };
        // An undecodable tail cut by the sample must not count against UTF-8.
        let score = if count == 0 { i32::MIN } else { sum.saturating_add(bonus) };
        if best.is_none_or(|(other, _)| score > other) {
            best = Some((score, charset));
        }
    }
    best.map_or(Charset::Standard(WINDOWS_1251), |(_, charset)| charset)
}

/// A stretch of bytes that begins shortly before the first byte outside of ASCII.
fn sample(bytes: &[u8]) -> &[u8] {
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let start = first.saturating_sub(2);
    let rest = bytes.get(start..).unwrap_or_default();
    rest.get(..SAMPLE).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANGRAM: &str = "Їхній ґанок біля під'їзду зруйновано, є загроза; прошу щось зробити. ЄДРПОУ, Ґалаґан";

    /// Encodes for tests; cp1125 by inverting the eight places.
    fn encode(text: &str, charset: Charset) -> Vec<u8> {
        match charset {
            Charset::Standard(encoding) => encoding.encode(text).0.into_owned(),
            Charset::Cp1125 => text
                .chars()
                .map(|ch| {
                    (0_u8..=255).find(|byte| charset.read(&[*byte]).chars().eq([ch])).expect("letter is in cp1125")
                })
                .collect(),
        }
    }

    #[test]
    fn every_ukrainian_charset_is_recognised_without_a_label_and_with_a_lie() {
        let all = [
            Charset::Standard(WINDOWS_1251),
            Charset::Standard(KOI8_U),
            Charset::Standard(ISO_8859_5),
            Charset::Cp1125,
            Charset::UTF8,
        ];
        for charset in all {
            let text = if charset == Charset::Standard(ISO_8859_5) {
                PANGRAM.replace(['ґ', 'Ґ'], "г")
            } else {
                PANGRAM.to_owned()
            };
            let bytes = encode(&text, charset);
            let lies = all.into_iter().map(Some).chain([None, Some(Charset::Standard(WINDOWS_1252))]);
            for label in lies {
                let decoded = decode(&bytes, label);
                assert_eq!(decoded.text, text, "{charset:?} said to be {label:?}, read as {:?}", decoded.charset);
            }
        }
    }

    #[test]
    fn short_names_are_recognised_too() {
        for name in ["Ірина Коваль", "Олена", "Юрій Щербина", "Ґалаґан Єва", "Їжакевич", "ПЕТРЕНКО", "Іван Франко"]
        {
            for charset in [Charset::Standard(WINDOWS_1251), Charset::Standard(KOI8_U)] {
                let bytes = encode(name, charset);
                assert_eq!(decode(&bytes, None).text, name, "{charset:?}");
                assert_eq!(decode(&bytes, Some(charset)).text, name, "{charset:?} with its label");
            }
        }
    }

    #[test]
    fn double_encodings_are_undone_and_good_text_is_left_alone() {
        for (raw, want) in [
            ("РџСЂРѕС€Сѓ РЅР°РґР°С‚Рё", Some("Прошу надати")),
            ("Ïðîøó íàäàòè äîâ³äêó", Some("Прошу надати довідку")),
            ("ÐŸÑ€Ð¾ÑˆÑƒ Ð½Ð°Ð´Ð°Ñ‚Ð¸", Some("Прошу надати")),
            ("Прошу надати", None),
            ("ґ ’ґґґґ", None),
            ("ÄÖÜ äöü größe", None),
            ("ЩЩЩ ЪЪЪ ЫЫЫ", None),
        ] {
            assert_eq!(undo_double(raw).as_deref(), want, "{raw}");
        }
    }

    #[test]
    fn western_names_stay_western_and_broken_utf8_stays_utf8() {
        for (bytes, label, want) in [
            (&b"M\xfcller, Caf\xe9"[..], Some(Charset::Standard(WINDOWS_1252)), "Müller, Café"),
            (&b"Caf\xe9 M\xfcller"[..], None, "Café Müller"),
            (
                "Прошу надати довідку".as_bytes().split_last().unwrap().1,
                Some(Charset::UTF8),
                "Прошу надати довідк\u{fffd}",
            ),
        ] {
            assert_eq!(decode(bytes, label).text, want);
        }
    }
}
