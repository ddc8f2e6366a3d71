//! Lines of the column "Підказка системи" that say one thing each and are replaced, not piled up: "Стан: …".

/// About the state of consideration.
pub(super) const STATE: &str = "Стан";
/// About the department.
pub(super) const DEPARTMENT: &str = "Підрозділ";
/// About departments that take part.
pub(super) const CO_EXECUTORS: &str = "Співвиконавці";
/// About marks of control.
pub(super) const CONTROL: &str = "Контроль";
/// About the term.
pub(crate) const TERM: &str = "Строк";
/// About the applicant's part.
pub(super) const APPLICANT: &str = "Заявник";
/// About the answer cell.
pub(super) const ANSWER: &str = "Відповідь";
/// Typical answers that fit.
pub(super) const TYPICAL: &str = "Типові відповіді";
/// When the department was reminded last.
pub(crate) const REMINDED: &str = "Підрозділу нагадано";
/// When the supervisor was told last.
pub(crate) const ESCALATED: &str = "Керівнику";
/// That the applicant must be called.
pub(super) const CALL: &str = "Зателефонувати";

/// The hint with its line about this replaced by another one, or taken away.
pub(crate) fn with_line(hint: &str, about: &str, line: Option<&str>) -> String {
    let head = format!("{about}: ");
    let mut line = line.map(|line| format!("{head}{line}"));
    let mut lines: Vec<String> = Vec::new();
    for known in hint.lines() {
        if known.starts_with(&head) {
            lines.extend(line.take());
        } else {
            lines.push(known.to_owned());
        }
    }
    lines.extend(line);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_replaced_and_the_rest_stays() {
        let hint = "Пропонований підрозділ: УСЗН.\nСтан: раз.";
        assert_eq!(with_line(hint, STATE, Some("два.")), "Пропонований підрозділ: УСЗН.\nСтан: два.");
        assert_eq!(with_line(hint, STATE, None), "Пропонований підрозділ: УСЗН.");
        assert_eq!(with_line("", STATE, Some("раз.")), "Стан: раз.");
    }
}
