//! Phones: E.164 from what people write, and nothing that only looks like one.
//!
//! The text is cut into runs of digit groups; a phone is a run of whole groups whose digits fit one of the patterns of
//! `pattern` (Ukrainian mobile and city codes, known countries after `+`, old `8-0XX`, the lost 8 of `+30…`, letters
//! that look like digits). Cards, IBANs, tax numbers, passports, dates and sums do not fit or stand behind a word that
//! tells. Absent on purpose: whether the number exists.

use crate::domain::phone_plan::{LOCAL_DIGITS, Oddity, Pattern, pattern};
use crate::domain::reading::Found;
use crate::reading::fold::{fold, is_dash, is_letter, small_run};
use crate::reading::words::part;

/// Most phones that are taken from one text.
const MAX_PHONES: usize = 20;

/// Most digit groups of one run.
const MAX_GROUPS: usize = 40;

/// How far back a word is looked for that tells what a number is, in bytes.
const LOOK_BACK: usize = 90;

/// A number found in a text.
struct Hit {
    start: usize,
    end: usize,
    e164: String,
    oddity: Option<Oddity>,
}

/// Digits standing together.
struct Group {
    digits: String,
    start: usize,
    end: usize,
    plus: bool,
    /// A full stop stands between this group and the one before.
    after_stop: bool,
    repaired: bool,
}

/// The contact phones of a flowed text, E.164, in order, each once; `own_phones` (E.164) are never among them.
pub fn find_phones(text: &str, own_phones: &[String]) -> Vec<Found<String>> {
    let mut out: Vec<Found<String>> = Vec::new();
    for hit in hits(text) {
        let known = own_phones.contains(&hit.e164) || out.iter().any(|found| found.value == hit.e164);
        if known || out.len() >= MAX_PHONES || is_somebody_elses(text, hit.start) {
            continue;
        }
        let confidence = hit.oddity.map_or(0.97, Oddity::confidence);
        let before = part(text, 0, hit.start);
        let start = before.trim_end_matches(['+', '(']).len();
        let quote = part(text, start, hit.end).replace('\n', " ");
        out.push(Found { value: hit.e164, quote, confidence });
    }
    out
}

fn hits(text: &str) -> Vec<Hit> {
    let mut out = Vec::new();
    for run in runs(text) {
        if run.iter().map(|group| group.digits.len()).sum::<usize>() < LOCAL_DIGITS {
            continue;
        }
        let mut at = 0_usize;
        while at < run.len() {
            match phone_at(text, &run, at) {
                Some((hit, taken)) => {
                    out.push(hit);
                    at += taken;
                }
                None => at += date_at(&run, at).max(1),
            }
        }
    }
    out
}

/// The number of groups of a date that begins here ("08.02.2023"), 0 if there is none.
fn date_at(run: &[Group], at: usize) -> usize {
    let len = |index: usize| run.get(index).map_or(0, |group| group.digits.len());
    let stop = |index: usize| run.get(index).is_some_and(|group| group.after_stop);
    let day = len(at) <= 2 && len(at) > 0;
    if day && stop(at + 1) && len(at + 1) <= 2 && stop(at + 2) && matches!(len(at + 2), 2 | 4) { 3 } else { 0 }
}

fn phone_at(text: &str, run: &[Group], at: usize) -> Option<(Hit, usize)> {
    if date_at(run, at) > 0 {
        return None;
    }
    let first = run.get(at)?;
    let before = fold(part(text, back(text, first.start), first.start));
    let labelled = is_phone_label(&before);
    if !first.plus && !labelled && is_other_number(&before) {
        return None;
    }
    let mut digits = String::new();
    let mut repaired = false;
    let mut best: Option<(Hit, usize)> = None;
    for (index, group) in run.iter().enumerate().skip(at) {
        if index > at && (group.plus || date_at(run, index) > 0) {
            break;
        }
        digits.push_str(&group.digits);
        repaired |= group.repaired;
        if digits.len() > 15 {
            break;
        }
        let next = run.get(index + 1).map_or("", |group| group.digits.as_str());
        let shape = Pattern {
            digits: &digits,
            plus: first.plus,
            labelled,
            cell: false,
            groups: index + 1 - at,
            whole: at == 0 && index + 1 == run.len(),
        };
        if let Some((e164, oddity)) = pattern(&shape) {
            let oddity = oddity.or_else(|| repaired.then_some(Oddity::Letters));
            best = Some((Hit { start: first.start, end: group.end, e164, oddity }, index + 1 - at));
            // A foreign number has no fixed length: go on while short groups follow.
            if !first.plus || digits.starts_with("380") || next.len() >= 9 {
                break;
            }
        }
    }
    best
}

/// The offset up to which one looks back from a number: at most `LOOK_BACK` bytes.
fn back(text: &str, from: usize) -> usize {
    let mut start = from.saturating_sub(LOOK_BACK);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    start
}

/// The digit groups of the text, run by run. A run ends where something else than one separator stands.
fn runs(text: &str) -> Vec<Vec<Group>> {
    let mut out: Vec<Vec<Group>> = Vec::new();
    let mut at = 0_usize;
    let mut previous = ' ';
    let mut open = false;
    let mut stop = false;
    let mut plus = false;
    while let Some((c, next)) = two(text, at) {
        if !(open || plus || stop || previous.is_ascii_digit()) {
            // Nothing here goes on: on to the next character that a number, or what stands before one, may begin with.
            let rest = part(text, at, text.len());
            let skipped = next_begin(rest, previous).unwrap_or(rest.len());
            if skipped > 0 {
                at += skipped;
                previous = part(text, 0, at).chars().next_back().unwrap_or(' ');
                continue;
            }
        }
        if digit(previous, c, next).is_none() {
            plus = c == '+' || (plus && matches!(c, ' ' | '('));
            stop = c == '.';
            open = open && (is_separator(c) || (c == '\n' && run_is_unfinished(out.last())));
            previous = c;
            at += c.len_utf8();
            continue;
        }
        // Digits glued to letters are no phone ("S000305", "UA21…").
        let glued = is_letter(previous) && digit(' ', previous, c).is_none() && !glued_label(text, at);
        let start = at;
        let (mut digits, mut repaired) = (String::new(), false);
        while let Some((c, next)) = two(text, at)
            && let Some((value, letter)) = digit(previous, c, next)
        {
            digits.push(value);
            repaired |= letter;
            previous = c;
            at += c.len_utf8();
        }
        let group = Group { digits, start, end: at, plus, after_stop: stop, repaired };
        let join = open && out.last().is_some_and(|run| run.len() < MAX_GROUPS);
        if glued {
            open = false;
        } else {
            if !join {
                out.push(Vec::new());
            }
            if let Some(run) = out.last_mut() {
                run.push(group);
            }
            open = true;
        }
        (plus, stop) = (false, false);
    }
    out
}

/// Where a group of digits, or a mark that tells of one, may begin in a text that stands after `previous`.
fn next_begin(text: &str, mut previous: char) -> Option<usize> {
    let mut rest = text;
    loop {
        let mut letters = rest.chars();
        let c = letters.next()?;
        let may = match c {
            '0'..='9' | '+' | '.' => true,
            'О' | 'O' | 'о' | 'o' => {
                !(is_letter(previous) || previous.is_ascii_digit()) && letters.clone().next().is_some_and(is_numeric)
            }
            _ => false,
        };
        if may {
            return Some(text.len() - rest.len());
        }
        previous = c;
        rest = letters.as_str();
        if let Some((plain, other)) = rest.split_at_checked(small_run(rest))
            && let Some(last) = plain.chars().next_back()
            && is_letter(c)
        {
            previous = last;
            rest = other;
        }
    }
}

/// The character at an offset, and the next (a space after the last).
fn two(text: &str, at: usize) -> Option<(char, char)> {
    let mut rest = text.get(at..)?.chars();
    Some((rest.next()?, rest.next().unwrap_or(' ')))
}

/// A run whose digits begin like a Ukrainian phone and stop short of its end: a line broken inside a number.
fn run_is_unfinished(run: Option<&Vec<Group>>) -> bool {
    let Some(run) = run else { return false };
    let digits: String = run.iter().map(|group| group.digits.as_str()).collect();
    (digits.starts_with("38") && digits.len() < 12)
        || (digits.starts_with('0') && digits.len() < 10 && digits.len() > 2)
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '(' | ')' | '.' | '+') || is_dash(c)
}

/// The digit that the character is, and whether it is a letter in the place of one.
fn digit(previous: char, c: char, next: char) -> Option<(char, bool)> {
    if c.is_ascii_digit() {
        return Some((c, false));
    }
    let (value, leading) = match c {
        'О' | 'O' | 'о' | 'o' => ('0', true),
        'З' | 'з' => ('3', false),
        'І' | 'l' | 'I' | '|' => ('1', false),
        'б' => ('6', false),
        _ => return None,
    };
    let inside = previous.is_ascii_digit() && !is_letter(next);
    let begins = leading && is_numeric(next) && !previous.is_alphanumeric();
    (inside || (previous.is_ascii_digit() && is_numeric(next)) || begins).then_some((value, true))
}

/// A digit, or a letter that people type for one.
fn is_numeric(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, 'О' | 'O' | 'З' | 'з')
}

/// "тел0662838182": the word before, without a space, says phone.
fn glued_label(text: &str, start: usize) -> bool {
    let before = fold(part(text, back(text, start), start));
    ["тел", "моб", "тлф"].iter().any(|label| before.ends_with(label))
}

/// Whether the words just before say that a phone follows.
fn is_phone_label(before: &str) -> bool {
    const LABELS: &[&str] = &[
        "тел",
        "т",
        "телефон",
        "телефону",
        "телефоном",
        "моб",
        "мобільний",
        "мобільного",
        "тлф",
        "номер",
        "номером",
        "дзвінків",
        "зв'язку",
        "звонить",
        "звоните",
        "дзвоніть",
        "телефонувати",
        "телефонуйте",
        "телефони",
        "вайбер",
        "viber",
        "whatsapp",
        "telegram",
        "телеграм",
        "tel",
        "phone",
        "конт",
        "контакт",
        "контактний",
        "мій",
        "моя",
        "мой",
    ];
    let last = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let word = last.rsplit(|c: char| !(is_letter(c) || c == '\'')).next().unwrap_or("");
    LABELS.contains(&word)
}

/// Whether the words just before say that another number follows (tax number, card, passport, account, certificate).
fn is_other_number(before: &str) -> bool {
    const LABELS: &[&str] = &[
        "іпн",
        "інн",
        "инн",
        "рнокпп",
        "код",
        "коду",
        "паспорт",
        "паспорта",
        "серія",
        "картка",
        "картку",
        "картки",
        "картці",
        "карта",
        "карту",
        "карты",
        "iban",
        "рахунок",
        "рахунку",
        "рахунка",
        "єдрпоу",
        "унзр",
        "довідка",
        "довідки",
        "довідку",
        "посвідчення",
        "договір",
        "договору",
        "рр",
        "р/р",
        "ідентифікаційний",
        "справа",
        "справи",
        "провадження",
        "єрдр",
        "заявка",
        "заявки",
        "заява",
        "№",
        "ордер",
        "індекс",
        "индекс",
        "лічильник",
        "лічильника",
    ];
    let last = before.trim_end_matches(|c: char| c.is_whitespace() || ":-–—.,".contains(c));
    if last.ends_with('№') {
        return !before.contains("тел");
    }
    let word = last.rsplit(|c: char| c.is_whitespace() || "(,;:".contains(c)).next().unwrap_or("");
    LABELS.contains(&word)
}

/// Whether the sentence says that the number is a hot line, an office, a swindler and not the applicant's.
fn is_somebody_elses(text: &str, start: usize) -> bool {
    const CUES: &[&str] = &[
        "гаряч",
        "горяч",
        "дзвонив на",
        "дзвонила на",
        "дзвонили на",
        "дзвоню на",
        "дзвонимо на",
        "телефонував на",
        "телефонувала на",
        "телефоную на",
        "дзвонив за",
        "дзвонила за",
        "дзвоню за",
        "додзвонитис",
        "дозвонит",
        "з номера",
        "з номеру",
        "с номера",
        "шахра",
        "мошенник",
        "за вашим номером",
        "на ваш номер",
        "ваш телефон",
        "на номер",
        "звонил на",
        "звонила на",
        "звоню на",
        "звонил по",
        "звонила по",
        "звоню по",
    ];
    let before = fold(part(text, back(text, start), start));
    let sentence = before.rsplit(['.', '!', '?', ';']).next().unwrap_or("");
    let whole = if sentence.trim().len() < 12 { before.as_ref() } else { sentence };
    let own = ["мій", "моя", "зі мною", "мені", "передзвон"].iter().any(|cue| whole.contains(cue));
    !own && CUES.iter().any(|cue| sentence.contains(cue))
}

#[cfg(test)]
#[path = "phone_tests.rs"]
mod tests;
