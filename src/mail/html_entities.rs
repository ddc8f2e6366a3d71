//! Character references of HTML: the names met in letters, and numbers. Unknown ones stay as written.

/// Longest reference that is looked for, without `&` and `;`.
const MAX_NAME: usize = 12;

/// Passes the text on with references replaced.
pub fn decode_into(text: &str, sink: &mut dyn FnMut(&str)) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        if !before.is_empty() {
            sink(before);
        }
        let inner = tail.get(1..).unwrap_or_default();
        match reference(inner) {
            Some((ch, used)) => {
                if ch != '\0' {
                    sink(ch.encode_utf8(&mut [0; 4]));
                }
                rest = inner.get(used..).unwrap_or_default();
            }
            None => {
                sink("&");
                rest = inner;
            }
        }
    }
    if !rest.is_empty() {
        sink(rest);
    }
}

/// The character and the bytes used behind `&`; `'\0'` for invisible characters.
fn reference(inner: &str) -> Option<(char, usize)> {
    let length = inner
        .bytes()
        .take(MAX_NAME)
        .position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'#'))
        .unwrap_or(inner.len().min(MAX_NAME));
    let name = inner.get(..length)?;
    let used = length.saturating_add(usize::from(inner.as_bytes().get(length) == Some(&b';')));
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse::<u32>().ok()?,
        };
        return numeric(code).map(|ch| (ch, used));
    }
    if let Some(ch) = named(name) {
        return Some((ch, used));
    }
    // «&nbspтекст», «&ltb»: the old names need no semicolon.
    ["nbsp", "amp", "lt", "gt", "quot"]
        .into_iter()
        .find(|old| name.starts_with(old) && used == length)
        .and_then(|old| named(old).map(|ch| (ch, old.len())))
}

/// A numeric reference; 128-159 are read as windows-1252, as browsers do.
fn numeric(code: u32) -> Option<char> {
    let byte = u8::try_from(code).ok().filter(|byte| (0x80..=0x9f).contains(byte));
    if let Some(byte) = byte {
        return encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
    }
    char::from_u32(code)
}

fn named(name: &str) -> Option<char> {
    Some(match name {
        "nbsp" => '\u{a0}',
        "amp" | "AMP" => '&',
        "lt" | "LT" => '<',
        "gt" | "GT" => '>',
        "quot" | "QUOT" => '"',
        "apos" => '\'',
        "laquo" => '«',
        "raquo" => '»',
        "lsaquo" => '‹',
        "rsaquo" => '›',
        "ldquo" => '“',
        "rdquo" => '”',
        "bdquo" => '„',
        "lsquo" => '‘',
        "rsquo" => '’',
        "sbquo" => '‚',
        "ndash" => '–',
        "mdash" => '—',
        "minus" => '−',
        "hellip" => '…',
        "bull" => '•',
        "middot" => '·',
        "deg" => '°',
        "sect" => '§',
        "para" => '¶',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "numero" => '№',
        "euro" => '€',
        "pound" => '£',
        "cent" => '¢',
        "yen" => '¥',
        "times" => '×',
        "divide" => '÷',
        "plusmn" => '±',
        "frac12" => '½',
        "frac14" => '¼',
        "frac34" => '¾',
        "sup1" => '¹',
        "sup2" => '²',
        "sup3" => '³',
        "micro" => 'µ',
        "asymp" => '≈',
        "ne" => '≠',
        "le" => '≤',
        "ge" => '≥',
        "larr" => '←',
        "rarr" => '→',
        "uarr" => '↑',
        "darr" => '↓',
        "check" => '✓',
        "tab" | "Tab" => '\t',
        "NewLine" => '\n',
        "comma" => ',',
        "period" => '.',
        "colon" => ':',
        "semi" => ';',
        "excl" => '!',
        "quest" => '?',
        "num" => '#',
        "commat" => '@',
        "lowbar" => '_',
        "plus" => '+',
        "equals" => '=',
        "percnt" => '%',
        "sol" => '/',
        "bsol" => '\\',
        "lpar" => '(',
        "rpar" => ')',
        "lsqb" | "lbrack" => '[',
        "rsqb" | "rbrack" => ']',
        "vert" => '|',
        "ensp" | "emsp" | "thinsp" | "hairsp" => ' ',
        "shy" | "zwnj" | "zwj" | "lrm" | "rlm" => '\0',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "aacute" => 'á',
        "iacute" => 'í',
        "oacute" => 'ó',
        "uacute" => 'ú',
        "ntilde" => 'ñ',
        "ccedil" => 'ç',
        _ => return cyrillic(name),
    })
}

/// Names that some editors write for Cyrillic letters (ISO entity sets «cyr1», «cyr2»).
fn cyrillic(name: &str) -> Option<char> {
    const LETTERS: [(&str, char); 35] = [
        ("acy", 'а'),
        ("bcy", 'б'),
        ("vcy", 'в'),
        ("gcy", 'г'),
        ("dcy", 'д'),
        ("iecy", 'е'),
        ("jukcy", 'є'),
        ("zhcy", 'ж'),
        ("zcy", 'з'),
        ("icy", 'и'),
        ("iukcy", 'і'),
        ("yicy", 'ї'),
        ("jcy", 'й'),
        ("kcy", 'к'),
        ("lcy", 'л'),
        ("mcy", 'м'),
        ("ncy", 'н'),
        ("ocy", 'о'),
        ("pcy", 'п'),
        ("rcy", 'р'),
        ("scy", 'с'),
        ("tcy", 'т'),
        ("ucy", 'у'),
        ("fcy", 'ф'),
        ("khcy", 'х'),
        ("tscy", 'ц'),
        ("chcy", 'ч'),
        ("shcy", 'ш'),
        ("shchcy", 'щ'),
        ("softcy", 'ь'),
        ("yucy", 'ю'),
        ("yacy", 'я'),
        ("ycy", 'ы'),
        ("ecy", 'э'),
        ("iocy", 'ё'),
    ];
    if !name.ends_with("cy") && !name.ends_with("CY") {
        return None;
    }
    let capital = name.starts_with(|ch: char| ch.is_ascii_uppercase());
    let (_, letter) = LETTERS.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    if capital { letter.to_uppercase().next() } else { Some(letter) }
}
