//! THE list of what can happen to an appeal besides changes of its cells. The ledger keeps one line an event; deadlines,
//! counts and "at most once" are computed from them.

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// A state came into force; the detail is its key.
    Moved,
    /// It was given to a department; the detail is its code.
    Routed,
    /// The acknowledgement named the department already; the detail is its code.
    RoutingTold,
    /// Another department takes part; the detail is its code.
    CoExecutor,
    /// It complains of a department; the detail is its code, empty for an official whose department is not named. Never
    /// given to it (art. 7).
    Complains,
    /// The service is sure which department's matter it is; the detail is its code.
    Sure,
    /// It repeats an earlier appeal; the detail is its number and, if it was answered, the day (`П-1/2026 2026-03-05`).
    Repeats,
    /// The term was extended; the detail is the new last day (`2026-08-25`).
    Extended,
    /// Something is promised by a day; the detail is the day.
    Promised,
    /// The applicant wrote; the detail is the id of the letter.
    Wrote,
    /// The applicant's word reopened it; the detail is the id of the letter.
    Reopened,
    /// The applicant completed his data.
    Clarified,
    /// An interim answer went out; the detail is its text.
    Interim,
    /// The applicant was told the result; the detail is its text.
    Answered,
    /// The applicant confirmed that the matter is solved.
    Confirmed,
    /// The applicant kept silent after the answer.
    Silent,
    /// The department was reminded; the detail is stage, control date, code of the department.
    Reminded,
    /// A letter cannot be written; the detail is its kind. Open until the applicant was told otherwise.
    CallOwed,
    /// An operator entered how the applicant was told; the detail is the day, then how (`2026-03-02 телефоном`).
    Called,
    /// A typical answer was put into the row; the detail is its number.
    Typical,
    /// It was what the applicant was told in the end; the detail is its number.
    TypicalUsed,
    /// Data were asked for; the detail is the day until which, and the keys of what is missing (`2026-03-08 name phone`).
    Asked,
    /// The supervisor was told that the term ends; the detail is as in `Reminded`.
    Escalated,
}

impl EventKind {
    const ALL: [(Self, &'static str); 23] = [
        (Self::Moved, "moved"),
        (Self::Routed, "routed"),
        (Self::RoutingTold, "routing_told"),
        (Self::CoExecutor, "co_executor"),
        (Self::Complains, "complains"),
        (Self::Sure, "sure"),
        (Self::Repeats, "repeats"),
        (Self::Extended, "extended"),
        (Self::Promised, "promised"),
        (Self::Wrote, "wrote"),
        (Self::Reopened, "reopened"),
        (Self::Clarified, "clarified"),
        (Self::Interim, "interim"),
        (Self::Answered, "answered"),
        (Self::Confirmed, "confirmed"),
        (Self::Silent, "silent"),
        (Self::Reminded, "reminded"),
        (Self::CallOwed, "call_owed"),
        (Self::Called, "called"),
        (Self::Typical, "typical"),
        (Self::TypicalUsed, "typical_used"),
        (Self::Asked, "asked"),
        (Self::Escalated, "escalated"),
    ];

    /// Stable key in the ledger.
    pub fn id(self) -> &'static str {
        Self::ALL.get(self as usize).map_or("", |(_, id)| id)
    }

    /// The kind with this key.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == id).map(|(kind, _)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_key_in_order() {
        for (position, (kind, id)) in EventKind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, position, "{id}");
            assert_eq!(EventKind::from_id(kind.id()), Some(*kind));
        }
    }
}
