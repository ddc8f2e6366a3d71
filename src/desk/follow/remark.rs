//! Lines of the column "Підказка системи" that say one thing each and are replaced, not piled up: "Стан: …".

/// About the state of consideration.
pub(super) const STATE: &str = "Стан";
/// About the department.
pub(super) const DEPARTMENT: &str = "Підрозділ";
/// About marks of control.
pub(super) const CONTROL: &str = "Контроль";
/// About the term.
pub(super) const TERM: &str = "Строк";
/// About the applicant's part.
pub(super) const APPLICANT: &str = "Заявник";
/// That the applicant must be called.
pub(super) const CALL: &str = "Зателефонувати";

/// The hint with its line about this replaced by another one, or taken away.
pub(super) fn with_line(hint: &str, about: &str, line: Option<&str>) -> String {
    let head = format!("{about}: ");
    let mut lines: Vec<String> = hint.lines().filter(|line| !line.starts_with(&head)).map(str::to_owned).collect();
    lines.extend(line.map(|line| format!("{head}{line}")));
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
