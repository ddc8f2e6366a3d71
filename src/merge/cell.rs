//! THE rule of one cell: base, ledger, workbook → what happens. Everything else in `merge` finds the cells.

use crate::domain::field::Owner;
use crate::domain::value::Value;

/// What happens to one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Both sides agree.
    Nothing,
    /// The workbook must show the ledger's value.
    Show,
    /// The ledger takes what a person typed.
    Take,
    /// The ledger takes what a person typed; what the ledger had is kept as a conflict.
    TakeAgainst,
    /// The ledger's value stands; what a person typed goes to the journal.
    PutBack,
}

/// Compares the three sides. `None` as base: what this copy showed is not known.
pub fn merge(owner: Owner, base: Option<&Value>, ledger: &Value, workbook: &Value) -> Verdict {
    if ledger == workbook {
        return Verdict::Nothing;
    }
    let changed_here = base.is_none_or(|base| base != workbook);
    let changed_there = base.is_none_or(|base| base != ledger);
    match (owner, changed_here, changed_there) {
        (_, false, _) => Verdict::Show,
        // An emptied cell of the service holds nothing that a person typed.
        (Owner::Service, true, _) if workbook.is_empty() => Verdict::Show,
        (Owner::Service, true, _) => Verdict::PutBack,
        (Owner::People | Owner::Shared, true, false) => Verdict::Take,
        (Owner::People | Owner::Shared, true, true) if base.is_none() && workbook.is_empty() => Verdict::Show,
        (Owner::People | Owner::Shared, true, true) if ledger.is_empty() => Verdict::Take,
        (Owner::People | Owner::Shared, true, true) => Verdict::TakeAgainst,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_one_cell() {
        let value = |text: &str| Value::text(text);
        let rows: &[(Owner, Option<&str>, &str, &str, Verdict)] = &[
            (Owner::Shared, Some("а"), "а", "а", Verdict::Nothing),
            (Owner::Shared, Some("а"), "б", "б", Verdict::Nothing),
            (Owner::Shared, Some("а"), "б", "а", Verdict::Show),
            (Owner::Shared, Some("а"), "а", "б", Verdict::Take),
            (Owner::Shared, Some("а"), "а", "", Verdict::Take),
            (Owner::Shared, Some("а"), "б", "в", Verdict::TakeAgainst),
            (Owner::Shared, Some("а"), "", "в", Verdict::Take),
            (Owner::Shared, Some("а"), "б", "", Verdict::TakeAgainst),
            (Owner::Shared, None, "а", "а", Verdict::Nothing),
            (Owner::Shared, None, "", "а", Verdict::Take),
            (Owner::Shared, None, "а", "", Verdict::Show),
            (Owner::Shared, None, "а", "б", Verdict::TakeAgainst),
            (Owner::Service, Some("а"), "а", "б", Verdict::PutBack),
            (Owner::Service, Some("а"), "б", "в", Verdict::PutBack),
            (Owner::Service, Some("а"), "б", "а", Verdict::Show),
            (Owner::Service, Some("а"), "а", "", Verdict::Show),
            (Owner::Service, None, "а", "б", Verdict::PutBack),
            (Owner::People, Some("а"), "а", "б", Verdict::Take),
        ];
        for (owner, base, ledger, workbook, expected) in rows {
            let base = base.map(value);
            let found = merge(*owner, base.as_ref(), &value(ledger), &value(workbook));
            assert_eq!(found, *expected, "{owner:?} {base:?} {ledger} {workbook}");
        }
    }
}
