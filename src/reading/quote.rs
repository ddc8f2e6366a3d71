//! Where a letter stops being its author's words: quoted history and forwarded letters inside of the text.
//!
//! Known layouts: lines with `>`, Gmail's "… пише:", Outlook's block From/Sent/To/Subject (three languages), rulers with
//! "Original Message" or "Пересланий лист". A head such as "Від: Іваненка Івана" of a paper-like application is none of
//! them. What follows a header is returned as it stands, so that a forward in a forward can be cut again.

use crate::domain::letter::Correspondent;
use crate::reading::pattern::Pattern;

/// How many lines the header of a quoted letter may take.
const MAX_HEADER_LINES: usize = 14;

/// How many lines Gmail's line of attribution may be broken into.
const MAX_ATTRIBUTION_LINES: usize = 3;

/// Longest line of attribution, in characters.
const MAX_ATTRIBUTION: usize = 300;

static RULER: Pattern = Pattern::new(concat!(
    r"(?i)^[\s>*]*[-_=–—]{2,}\s*(пересл\w*|пересил\w*|forwarded|пересыл\w*|переадрес\w*|original|вихідн\w*|початков\w*|",
    r"оригінальн\w*|исходн\w*|цитован\w*)\s*(message|лист\w*|повідомлен\w*|письмо|сообщен\w*|mail|e-?mail|by|від|от)?.{0,80}$",
));
static BEGIN: Pattern = Pattern::new(
    r"(?i)^[\s>*]*(begin forwarded message|початок переслан\w+ (повідомлен\w+|листа)|начало пере\w+ (сообщен\w+|письма))\s*:?\s*$",
);
static FORWARD_WORD: Pattern = Pattern::new(r"(?i)(пересл|пересил|forward|пересыл|переадрес)");
static KEY: Pattern = Pattern::new(concat!(
    r"(?i)^[\s>*]*(?:(from|від кого|від|от кого|от)|(sent|date|надіслано|дата|відправлено|отправлено)|",
    r"(to|cc|кому|копія|копия|reply-to)|(subject|тема))\s*\*?\s*:\s*\*?\s*(.*)$",
));
static ATTRIBUTION: Pattern = Pattern::new(concat!(
    r"(?i)(пише|написав|написала|написав\(-ла\)|написав\(ла\)|пишет|писал|писала|написал|написала|написал\(а\)|wrote|",
    r"schrieb|napisał|napisał\(a\)|napisała|pisze|a écrit)\s*:\s*$|",
    r"^.{0,60}\d{1,2}:\d{2}.{0,20}(від|от|from|by)\s.{0,160}@[^\s>]{1,80}>?\s*:\s*$",
));
static ATTRIBUTION_START: Pattern = Pattern::new(concat!(
    r"(?i)^[\s>]*(on|am|le|el|в|у)?\s*((пн|вт|ср|чт|пт|сб|нд|вс|mon|tue|wed|thu|fri|sat|sun|понеділ|вівтор|серед|четвер|",
    r"п.ятниц|субот|неділ|понед|вторник|сред|пятниц|воскрес|january|february|march|april|may|june|july|august|",
    r"september|october|november|december)|\d{1,4}[.\-/ ]|.*@)",
));
static ATTRIBUTION_MARK: Pattern = Pattern::new(r"@|\d{1,2}[:.]\d{2}|(?-u:\b)(19|20)\d{2}(?-u:\b)");
static ADDRESS: Pattern = Pattern::new(r"[\w.+%\-]+@[\w\-]+(?:\.[\w\-]+)+");

/// A letter inside of a letter's text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inner {
    /// Who wrote it, as the header says; empty if it does not.
    pub author: Correspondent,
    /// Its subject; empty if the header has none.
    pub subject: String,
    /// Its text, possibly with further letters inside.
    pub text: String,
    /// The layout says "forwarded".
    pub forwarded: bool,
}

/// A text cut at the first letter inside of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cut {
    /// The words above (and, after lines with `>`, below).
    pub own: String,
    /// The letter inside.
    pub inner: Option<Inner>,
}

/// Cuts a text at the first letter inside of it.
pub fn cut(text: &str) -> Cut {
    let lines: Vec<&str> = text.lines().collect();
    let mut own: Vec<&str> = Vec::new();
    let mut quoted: Vec<&str> = Vec::new();
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let rest = lines.get(index..).unwrap_or_default();
        if let Some((inner, _)) = header(rest) {
            return Cut { own: finish(&own), inner: Some(inner) };
        }
        if let Some((inner, used)) = attribution(rest) {
            let after = lines.get(index + used..).unwrap_or_default();
            // With ">" the quotation ends where the marks end, and words below it are own words again.
            if after.iter().any(|line| is_marked(line)) || is_marked(line) {
                quoted.extend(rest.iter().take(used));
                index += used;
                continue;
            }
            let text = after.join("\n");
            return Cut { own: finish(&own), inner: Some(Inner { text, ..inner }) };
        }
        if is_marked(line) {
            quoted.push(line);
        } else {
            own.push(line);
        }
        index += 1;
    }
    let inner = (!quoted.is_empty()).then(|| marked_letter(&quoted));
    Cut { own: finish(&own), inner }
}

fn finish(lines: &[&str]) -> String {
    lines.join("\n").trim_matches('\n').trim_end().to_owned()
}

fn is_marked(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

fn unmark(line: &str) -> &str {
    let line = line.trim_start();
    line.strip_prefix('>').map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest))
}

/// The letter that lines with `>` quote; its author from the line of attribution among them.
fn marked_letter(quoted: &[&str]) -> Inner {
    let lines: Vec<&str> = quoted.iter().map(|line| unmark(line)).collect();
    let author = lines
        .iter()
        .take(MAX_ATTRIBUTION_LINES)
        .find_map(|line| ADDRESS.find(line))
        .map(|found| Correspondent { name: String::new(), address: found.as_str().to_lowercase() })
        .unwrap_or_default();
    Inner { author, text: lines.join("\n"), ..Inner::default() }
}

/// The letter whose header stands at the first of these lines, and how many lines the header takes.
fn header(lines: &[&str]) -> Option<(Inner, usize)> {
    let first = lines.first()?;
    let bare = first.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '*'));
    let ruler = bare.starts_with(['-', '_', '=', '–', '—']) && RULER.is_match(first) || BEGIN.is_match(first);
    if !ruler && !first.contains(':') {
        return None;
    }
    let block = if ruler { lines.get(1..).unwrap_or_default() } else { lines };
    let mut inner = Inner { forwarded: ruler && FORWARD_WORD.is_match(first), ..Inner::default() };
    let (mut from, mut date, mut other, mut used) = (false, false, false, 0);
    for (position, line) in block.iter().take(MAX_HEADER_LINES).enumerate() {
        let bare = if is_marked(first) { unmark(line) } else { line };
        if let Some(captures) = KEY.captures(bare) {
            let value = captures.get(5).map_or("", |value| value.as_str()).trim().trim_matches('*').trim();
            if captures.get(1).is_some() {
                from = true;
                inner.author = correspondent(value);
            } else if captures.get(2).is_some() {
                date = true;
            } else if captures.get(4).is_some() {
                other = true;
                inner.subject = value.to_owned();
            } else {
                other = true;
            }
            used = position + 1;
        } else if bare.trim().is_empty() {
            if used > 0 {
                break;
            }
        } else if position == 0 || !continues(bare, used, position) {
            break;
        }
    }
    let known = if ruler { from || other } else { from && date && other };
    if !known && !ruler {
        return None;
    }
    let body: Vec<&str> = block.get(used..).unwrap_or_default().to_vec();
    let marked = body.iter().filter(|line| !line.trim().is_empty()).all(|line| is_marked(line));
    let body: Vec<&str> = if marked { body.iter().map(|line| unmark(line)).collect() } else { body };
    inner.text = body.join("\n").trim_matches('\n').to_owned();
    Some((inner, used + usize::from(ruler)))
}

/// Whether a line goes on with the value of the header line above (a broken list of addresses or a long subject).
fn continues(line: &str, used: usize, position: usize) -> bool {
    used > 0 && position == used && (line.contains('@') || line.starts_with(' ') || line.starts_with('\t'))
}

/// The letter announced by a line of attribution at the first of these lines, and how many lines that line takes.
fn attribution(lines: &[&str]) -> Option<(Inner, usize)> {
    // It ends with a colon, sooner or later.
    let ends = |line: &&str| line.trim_end().ends_with(':');
    if !lines.iter().take(MAX_ATTRIBUTION_LINES).any(ends) || !ATTRIBUTION_START.is_match(lines.first()?) {
        return None;
    }
    let mut joined = String::new();
    for (position, line) in lines.iter().take(MAX_ATTRIBUTION_LINES).enumerate() {
        if line.trim().is_empty() {
            return None;
        }
        joined.push(' ');
        joined.push_str(unmark(line));
        if joined.chars().count() > MAX_ATTRIBUTION {
            return None;
        }
        if ATTRIBUTION.is_match(&joined) {
            return ATTRIBUTION_MARK.is_match(&joined).then(|| {
                let address = ADDRESS.find(&joined).map(|found| found.as_str().to_lowercase()).unwrap_or_default();
                let author = Correspondent { name: String::new(), address };
                (Inner { author, ..Inner::default() }, position + 1)
            });
        }
    }
    None
}

/// `Name <address>`, `Name [mailto:address]`, a bare address or a bare name.
pub fn correspondent(value: &str) -> Correspondent {
    let Some(found) = ADDRESS.find(value) else {
        return Correspondent { name: bare_name(value), address: String::new() };
    };
    let name = value.get(..found.start()).unwrap_or_default();
    let name = name.trim_end().trim_end_matches("mailto:").trim_end_matches(['<', '[', '(']);
    Correspondent { name: bare_name(name), address: found.as_str().to_lowercase() }
}

fn bare_name(text: &str) -> String {
    text.trim()
        .trim_matches(|letter: char| matches!(letter, '"' | '\'' | '*' | '<' | '>' | '«' | '»'))
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        for pattern in
            [&RULER, &BEGIN, &FORWARD_WORD, &KEY, &ATTRIBUTION, &ATTRIBUTION_START, &ATTRIBUTION_MARK, &ADDRESS]
        {
            pattern.assert_compiles();
        }
    }

    fn check(text: &str, own: &str, author: &str, inner_text: &str) {
        let cut = cut(text);
        assert_eq!(cut.own, own, "{text}");
        let inner = cut.inner.unwrap_or_default();
        assert_eq!(inner.author.address, author, "{text}");
        assert_eq!(inner.text.trim(), inner_text, "{text}");
    }

    #[test]
    fn each_layout_of_quotation_is_cut() {
        let gmail =
            "Ось адреса.\n\nпт, 17 лют. 2023 р. о 08:20 Контактний центр\n<a@b.ua> пише:\n\n> Вітаємо!\n> Текст\n";
        check(
            gmail,
            "Ось адреса.",
            "a@b.ua",
            "пт, 17 лют. 2023 р. о 08:20 Контактний центр\n<a@b.ua> пише:\nВітаємо!\nТекст",
        );
        let plain = "Так.\n\n19.04.2023 10:10, a@b.ua написав(ла):\nПитання?";
        check(plain, "Так.", "a@b.ua", "Питання?");
        let outlook = "Так.\n\nFrom: Центр <a@b.ua>\nSent: Thursday, March 30, 2023 4:42 PM\nTo: o@e.ua\nSubject: S-1\n\nВітаємо!";
        check(outlook, "Так.", "a@b.ua", "Вітаємо!");
        let bold = "Так.\n*Від:* Центр <a@b.ua>\n*Надіслано:* 13 квітня 2023 р.\n*Кому:* o@e.ua\n*Тема:* S\nВітаємо!";
        check(bold, "Так.", "a@b.ua", "Вітаємо!");
        let ruler = "Так.\n-----Original Message-----\nFrom: a@b.ua\nSubject: x\n\nВітаємо!";
        check(ruler, "Так.", "a@b.ua", "Вітаємо!");
        let forward = "Див.\n---------- Forwarded message ---------\nВід: Марфа <m@i.ua>\nDate: чт\nSubject: Прошу\nTo: <o@g.com>\n\nЯ Марфа.";
        check(forward, "Див.", "m@i.ua", "Я Марфа.");
        assert!(cut(forward).inner.is_some_and(|inner| inner.forwarded && inner.author.name == "Марфа"));
        let between = "> Чи є вода?\nНемає.\n> А газ?\nТеж ні.";
        check(between, "Немає.\nТеж ні.", "", "Чи є вода?\nА газ?");
    }

    #[test]
    fn the_head_of_a_paper_application_is_not_a_quotation() {
        for text in [
            "Кому: начальнику СМВА\nВід: Іваненка Івана\nТема: субсидія\nПрошу допомогти",
            "Лікар написав: приходьте завтра.\nЩо робити?",
            "Від мешканців будинку\nпросимо",
        ] {
            assert_eq!(cut(text), Cut { own: text.to_owned(), inner: None });
        }
    }
}
