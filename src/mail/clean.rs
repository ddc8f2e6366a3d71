//! Cleaning of foreign text before anybody sees it: control, bidi and zero-width characters out, line ends `\n`,
//! canonical composition (a decomposed «й» or «ї» of macOS becomes one character).
//!
//! Letters, apostrophes and punctuation stay exactly as written; look-alike letters are not folded here.

use unicode_normalization::UnicodeNormalization;

/// Characters that reorder or hide text: bidi controls and isolates, zero-width characters, soft hyphen, BOM, tags.
pub fn is_invisible(ch: char) -> bool {
    matches!(
        ch,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Whether the character ends or breaks a line in some program (including the Unicode separators).
fn is_line_break(ch: char) -> bool {
    matches!(ch, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// One line: breaks and control characters become spaces, runs of spaces one space, invisible characters vanish,
/// at most `limit` characters.
pub fn line(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit.saturating_mul(2)));
    let mut count = 0_usize;
    let mut gap = false;
    for ch in text.chars() {
        if is_invisible(ch) {
            continue;
        }
        if ch.is_whitespace() || ch.is_control() || is_line_break(ch) {
            gap = true;
            continue;
        }
        if gap && count > 0 {
            out.push(' ');
            count = count.saturating_add(1);
        }
        gap = false;
        if count >= limit {
            break;
        }
        out.push(ch);
        count = count.saturating_add(1);
    }
    out.truncate(out.trim_end().len());
    compose(out)
}

/// Text of several lines: line ends `\n`, no-break spaces plain, control and invisible characters out (tab stays),
/// no spaces at line ends, at most one empty line in a row at the end, at most `limit` bytes.
pub fn text(raw: &str, limit: usize) -> String {
    let mut out = String::with_capacity(raw.len().min(limit));
    let mut chars = raw.chars().peekable();
    while let Some(ch) = chars.next() {
        if out.len() >= limit {
            break;
        }
        match ch {
            ' ' | '!'..='~' => out.push(ch),
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    end_line(&mut out);
                }
            }
            '\t' => out.push('\t'),
            _ if is_line_break(ch) => end_line(&mut out),
            '\u{a0}' | '\u{2007}' | '\u{202f}' => out.push(' '),
            _ if ch.is_control() || is_invisible(ch) => {}
            _ => out.push(ch),
        }
    }
    out.truncate(out.trim_end().len());
    compose(out)
}

/// A display name without the quotation marks that mail programs put round it, however often.
pub fn unquoted(name: &str) -> &str {
    let mut name = name.trim_matches(['"', ' ']);
    while let Some(inner) = name.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        name = inner.trim_matches(['"', ' ']);
    }
    name
}

fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches([' ', '\t']).len());
    out.push('\n');
}

/// Canonical composition, only where a combining mark is present (almost never).
fn compose(text: String) -> String {
    if text.chars().any(|ch| matches!(ch, '\u{300}'..='\u{36f}')) { text.nfc().collect() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_breaks_no_bidi_and_a_limit() {
        for (raw, limit, want) in [
            ("Прорив\r\n труби", 100, "Прорив труби"),
            ("a\0b\u{202e}c\u{200b}d", 100, "a bcd"),
            ("  д  і \t м ", 100, "д і м"),
            ("абвгд", 3, "абв"),
            ("Дем’яненко Лук'янівка", 100, "Дем’яненко Лук'янівка"),
            ("и\u{306}і\u{308}", 10, "йї"),
            ("рядок\u{2028}рядок", 20, "рядок рядок"),
        ] {
            assert_eq!(line(raw, limit), want, "{raw:?}");
        }
    }

    #[test]
    fn text_keeps_lines_and_loses_controls() {
        for (raw, want) in [
            ("а\r\nб\rв\nг", "а\nб\nв\nг"),
            ("а  \r\n\r\nб\u{a0}в\u{7}\u{feff}", "а\n\nб в"),
            ("\tтаб", "\tтаб"),
            ("кінець\n\n\n", "кінець"),
        ] {
            assert_eq!(text(raw, 1000), want, "{raw:?}");
        }
    }
}
