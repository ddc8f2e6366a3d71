//! THE table of states of an appeal: who may set them, what may follow, which are final.
//!
//! "Прострочено" is computed, never a state; "Знято з контролю" belongs to the column "Контроль".

use serde::{Deserialize, Serialize};

/// State of consideration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Registered.
    Registered,
    /// Data must be asked for.
    NeedsClarification,
    /// Given to a department.
    Routed,
    /// Sent back by the department as not its own.
    ReturnedForRerouting,
    /// The department works on it.
    InProgress,
    /// An interim answer was given.
    InterimAnswer,
    /// The term was extended by the head.
    Extended,
    /// Done, solved.
    Solved,
    /// Explained.
    Explained,
    /// Refused.
    Refused,
    /// Sent to another body (art. 7).
    Forwarded,
    /// Returned to the applicant (art. 5, 7).
    ReturnedToApplicant,
    /// Not to be considered (art. 8, 17).
    NotConsidered,
    /// Withdrawn by the applicant.
    Withdrawn,
    /// Sent back for more work.
    Rework,
}

/// Who may set a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setter {
    /// The service.
    Service,
    /// An operator.
    Operator,
    /// A department.
    Department,
    /// The supervisor.
    Supervisor,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct StatusSpec {
    /// The state.
    pub status: Status,
    /// Stable key.
    pub id: &'static str,
    /// As it stands in the register.
    pub label: &'static str,
    /// Who may set it.
    pub setters: &'static [Setter],
    /// What may follow.
    pub next: &'static [Status],
    /// Consideration is over.
    pub is_final: bool,
}

use Setter::{Department, Operator, Service, Supervisor};
use Status::*;

const RESULTS_AFTER_WORK: &[Status] = &[
    InProgress,
    ReturnedForRerouting,
    InterimAnswer,
    Extended,
    NeedsClarification,
    Solved,
    Explained,
    Refused,
    Forwarded,
    ReturnedToApplicant,
    NotConsidered,
    Withdrawn,
];

/// The states in the order of the dropdown.
pub const STATUSES: [StatusSpec; 15] = [
    StatusSpec {
        status: Registered,
        id: "registered",
        label: "Зареєстровано",
        setters: &[Service, Operator],
        next: &[NeedsClarification, Routed, Explained, Forwarded, NotConsidered, Withdrawn],
        is_final: false,
    },
    StatusSpec {
        status: NeedsClarification,
        id: "needs_clarification",
        label: "Потребує уточнення",
        setters: &[Service, Operator, Department],
        next: &[Registered, Routed, ReturnedToApplicant, Withdrawn],
        is_final: false,
    },
    StatusSpec {
        status: Routed,
        id: "routed",
        label: "Передано на розгляд",
        setters: &[Service, Operator],
        next: RESULTS_AFTER_WORK,
        is_final: false,
    },
    StatusSpec {
        status: ReturnedForRerouting,
        id: "returned_for_rerouting",
        label: "Повернуто на перерозподіл",
        setters: &[Department],
        next: &[Routed],
        is_final: false,
    },
    StatusSpec {
        status: InProgress,
        id: "in_progress",
        label: "В роботі",
        setters: &[Department, Operator],
        next: RESULTS_AFTER_WORK,
        is_final: false,
    },
    StatusSpec {
        status: InterimAnswer,
        id: "interim_answer",
        label: "Надано проміжну відповідь",
        setters: &[Department, Operator],
        next: RESULTS_AFTER_WORK,
        is_final: false,
    },
    StatusSpec {
        status: Extended,
        id: "extended",
        label: "Термін продовжено",
        setters: &[Supervisor],
        next: RESULTS_AFTER_WORK,
        is_final: false,
    },
    StatusSpec {
        status: Solved,
        id: "solved",
        label: "Виконано (вирішено позитивно)",
        setters: &[Department, Operator],
        next: &[Rework],
        is_final: true,
    },
    StatusSpec {
        status: Explained,
        id: "explained",
        label: "Надано роз'яснення",
        setters: &[Department, Operator, Service],
        next: &[Rework],
        is_final: true,
    },
    StatusSpec {
        status: Refused,
        id: "refused",
        label: "Відмовлено у задоволенні",
        setters: &[Department, Supervisor],
        next: &[Rework],
        is_final: true,
    },
    StatusSpec {
        status: Forwarded,
        id: "forwarded",
        label: "Переслано за належністю",
        setters: &[Operator, Department],
        next: &[],
        is_final: true,
    },
    StatusSpec {
        status: ReturnedToApplicant,
        id: "returned_to_applicant",
        label: "Повернуто заявнику",
        setters: &[Operator, Supervisor],
        next: &[Registered],
        is_final: true,
    },
    StatusSpec {
        status: NotConsidered,
        id: "not_considered",
        label: "Не підлягає розгляду",
        setters: &[Supervisor],
        next: &[],
        is_final: true,
    },
    StatusSpec {
        status: Withdrawn,
        id: "withdrawn",
        label: "Відкликано заявником",
        setters: &[Operator],
        next: &[],
        is_final: true,
    },
    StatusSpec {
        status: Rework,
        id: "rework",
        label: "На доопрацюванні",
        setters: &[Operator],
        next: &[InProgress],
        is_final: false,
    },
];

impl Status {
    /// The line of the table.
    pub fn spec(self) -> &'static StatusSpec {
        // The table has a line for each variant, in the order of the variants (kept by a test).
        STATUSES.get(self as usize).unwrap_or(&STATUSES[0])
    }

    /// As it stands in the register.
    pub fn label(self) -> &'static str {
        self.spec().label
    }

    /// The state with exactly this label (apostrophes and case as in the table).
    pub fn from_label(label: &str) -> Option<Self> {
        STATUSES.iter().find(|spec| spec.label == label).map(|spec| spec.status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_own_line_in_order_and_final_ones_never_lead_to_results() {
        for (position, spec) in STATUSES.iter().enumerate() {
            assert_eq!(spec.status as usize, position, "{}", spec.id);
            assert_eq!(Status::from_label(spec.label), Some(spec.status));
            assert!(!spec.setters.is_empty());
        }
    }
}
