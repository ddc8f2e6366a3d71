//! The guard: a workbook that suddenly lacks much of what it showed changes nothing until a person has looked.

/// So many rows may vanish at once without a question.
const FEW: usize = 20;
/// Of small registers one row in so many may vanish, but never fewer than `ALWAYS`.
const ONE_IN: usize = 10;
/// So many may always vanish.
const ALWAYS: usize = 5;

/// Why nothing may be changed, or `None` if nothing is wrong. `shown`: rows that this copy showed; `missing`: those of
/// them that are not there; `stamped`: the file says itself that it is this register.
pub fn suspicion(rows: usize, shown: usize, missing: usize, stamped: bool) -> Option<String> {
    let share = (shown / ONE_IN).max(ALWAYS);
    if rows == 0 && shown > 0 {
        Some(format!("у книзі немає жодного рядка, а було {shown}"))
    } else if !stamped && shown > 0 && missing == shown {
        Some(format!("у книзі немає жодного з {shown} рядків цього реєстру і немає мітки системи"))
    } else if missing > FEW || missing > share {
        Some(format!("у книзі бракує {missing} рядків із {shown}"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_vanished_rows_stop_everything_and_a_few_do_not() {
        assert!(suspicion(4, 2, 2, false).is_some(), "somebody else's register");
        assert!(suspicion(4, 2, 2, true).is_none(), "ours, with two rows deleted");
        for (rows, shown, missing, stops) in [
            (0, 0, 0, false),
            (0, 1, 1, true),
            (3, 4, 1, false),
            (179, 200, 21, true),
            (180, 200, 20, false),
            (979, 1000, 21, true),
            (44, 50, 6, true),
            (45, 50, 5, false),
        ] {
            assert_eq!(suspicion(rows, shown, missing, true).is_some(), stops, "{rows} {shown} {missing}");
        }
    }
}
