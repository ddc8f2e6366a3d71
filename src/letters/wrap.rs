//! Plain text as a letter shows it: lines of 72 characters, list items hanging, never more than one empty line.

/// RFC 5322 recommends at most 78 characters; 72 leaves room for the "> " of answers.
const WIDTH: usize = 72;

/// What a list item begins with.
const BULLET: &str = "- ";

/// Words that do not end a line: what follows belongs to them.
const BOUND: [&str; 16] = [
    "№",
    "ст.",
    "п.",
    "вул.",
    "буд.",
    "кв.",
    "м.",
    "тел.",
    "стаття",
    "(стаття",
    "статті",
    "(статті",
    "статтею",
    "пункт",
    "(пункт",
    "пунктом",
];

/// Wraps the lines of a letter; words longer than a line stay whole.
pub(crate) fn wrap(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / WIDTH);
    let mut empty = 0;
    for line in text.lines() {
        let line = line.trim_end_matches([' ', '\t']).trim_start_matches([' ', '\t']);
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty > 1 || (line.is_empty() && out.is_empty()) {
            continue;
        }
        wrap_line(line, &mut out);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn wrap_line(line: &str, out: &mut String) {
    let indent = if line.starts_with(BULLET) { BULLET.chars().count() } else { 0 };
    let mut used = 0;
    for word in units(line) {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > WIDTH {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
            used = indent;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(&word);
        used += length;
    }
    out.push('\n');
}

/// The words of a line, those that belong together in one piece.
fn units(line: &str) -> Vec<String> {
    let mut units: Vec<String> = Vec::new();
    let mut bound = false;
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        match units.last_mut() {
            Some(unit) if bound => {
                unit.push(' ');
                unit.push_str(word);
            }
            Some(_) | None => units.push(word.to_owned()),
        }
        bound = BOUND.contains(&word);
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_short_items_hang_and_words_stay_whole() {
        let long = format!("{} {}", "слово ".repeat(20), "https://example.org/".repeat(5));
        let wrapped = wrap(&format!("\n\n{long}\n\n\n\n- {long}\n"));
        for line in wrapped.lines() {
            assert!(line.chars().count() <= WIDTH || line.trim_start().starts_with("https"), "{line}");
        }
        assert!(wrapped.contains("\n- слово") && wrapped.contains("\n  слово") && !wrapped.contains("\n\n\n"));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&wrapped), words(&format!("{long} - {long}")));
    }

    #[test]
    fn wrapping_twice_changes_nothing_more_in_plain_paragraphs() {
        let once = wrap(&"слово ".repeat(50));
        assert_eq!(wrap(&once), once);
    }
}
