//! The name in the fields of a form: "ПІБ: …", or surname, given name and patronymic apart.

use crate::reading::fold::{fold, is_capital};
use crate::reading::form_labels::{PART_LABELS, WHOLE_LABELS};
use crate::reading::name::{FullName, Parts, assemble, nominative};

/// The name in the fields of a web form or a questionnaire: one whole field or three parts, with the words quoted.
pub(super) fn form_fields(text: &str) -> Option<(FullName, String)> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut parts: [String; 3] = Default::default();
    for (index, line) in lines.iter().enumerate() {
        let next = lines.get(index + 1..).unwrap_or(&[]).iter().find(|line| !line.is_empty()).copied().unwrap_or("");
        let (label, value) = labelled(line, next);
        if value.is_empty() {
            continue;
        }
        if WHOLE_LABELS.contains(&label.as_str()) {
            let head = value.split([',', ';', '|', '(']).next().unwrap_or("");
            let words = head.split_whitespace().count();
            let full = nominative(head);
            if (2..=5).contains(&words) && full.surname.is_some() && full.name.is_some() && is_capital(head) {
                return Some((full, head.to_owned()));
            }
        }
        for (slot, labels) in parts.iter_mut().zip(PART_LABELS) {
            if labels.contains(&label.as_str()) && value.split_whitespace().count() <= 3 && slot.is_empty() {
                value.clone_into(slot);
            }
        }
    }
    let [surname, name, patronymic_word] = &parts;
    if surname.is_empty() || name.is_empty() {
        return None;
    }
    let quote = format!("{surname} {name} {patronymic_word}").trim().to_owned();
    let joined_surname = surname.split_whitespace().next().unwrap_or("");
    let who = assemble(Parts { surname: joined_surname, name, patronymic: patronymic_word });
    Some((who.full, quote))
}

/// A line as label and value: "Прізвище: Бондар", "ПІБ | Бондар Олег", or the label alone and the value below.
fn labelled<'a>(line: &'a str, next: &'a str) -> (String, &'a str) {
    let clean = |label: &str| fold(label).trim_matches(|c: char| " *-–—•·".contains(c)).to_owned();
    if let Some((label, value)) = line.split_once([':', '|', '\t', '=']) {
        let value = value.trim_matches(|c: char| c.is_whitespace() || "|:*_".contains(c));
        return (clean(label), if value.is_empty() { next } else { value });
    }
    for dash in [" - ", " – ", " — "] {
        if let Some((label, value)) = line.split_once(dash) {
            return (clean(label), value.trim());
        }
    }
    (clean(line), next)
}
