//! The name in the fields of a form: "ПІБ: …", or surname, given name and patronymic apart.

use crate::reading::fold::{fold, is_capital};
use crate::reading::form_labels::{PART_LABELS, WHOLE_LABELS};
use crate::reading::name::{FullName, Parts, assemble, nominative};

/// The name in the fields of a web form or a questionnaire: one whole field or three parts, with the words quoted.
pub(super) fn form_fields(text: &str) -> Option<(FullName, String)> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut parts: [String; 3] = Default::default();
    for (index, line) in lines.iter().enumerate() {
        let below = || lines.get(index + 1..).unwrap_or(&[]).iter().find(|line| !line.is_empty()).copied();
        let Some((label, beside)) = labelled(line) else { continue };
        let label = fold(label.trim_matches(AROUND_LABEL));
        let label = label.trim_matches(AROUND_LABEL);
        let value = if beside.is_empty() { below().unwrap_or("") } else { beside };
        if value.is_empty() {
            continue;
        }
        if WHOLE_LABELS.contains(&label) {
            let head = value.split([',', ';', '|', '(']).next().unwrap_or("");
            let words = head.split_whitespace().count();
            let full = nominative(head);
            if (2..=5).contains(&words) && full.surname.is_some() && full.name.is_some() && is_capital(head) {
                return Some((full, head.to_owned()));
            }
        }
        for (slot, labels) in parts.iter_mut().zip(PART_LABELS) {
            if labels.contains(&label) && value.split_whitespace().count() <= 3 && slot.is_empty() {
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

/// Longest label with what may stand around it, in bytes; a person's line is longer.
const MAX_LABEL: usize = 120;

/// What may stand around a label.
const AROUND_LABEL: [char; 7] = [' ', '*', '-', '–', '—', '•', '·'];

/// A line as label and value: "Прізвище: Бондар", "ПІБ | Бондар Олег", or the label alone, with the value below. A line that
/// begins with no label is `None`.
fn labelled(line: &str) -> Option<(&str, &str)> {
    let head = line.get(..line.floor_char_boundary(MAX_LABEL + 1)).unwrap_or(line);
    if let Some((label, _)) = head.split_once([':', '|', '\t', '=']) {
        let value = line.get(label.len() + 1..).unwrap_or_default();
        return Some((label, value.trim_matches(|c: char| c.is_whitespace() || "|:*_".contains(c))));
    }
    for dash in [" - ", " – ", " — "] {
        if let Some((label, _)) = head.split_once(dash) {
            return Some((label, line.get(label.len() + dash.len()..).unwrap_or_default().trim()));
        }
    }
    (head.len() == line.len()).then_some((line, ""))
}
