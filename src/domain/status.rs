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
    /// The supervisor: whatever an operator or a department may, and some alone.
    Supervisor,
    /// The applicant, by answering a letter of ours.
    Applicant,
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

use Setter::{Applicant, Department, Operator, Service, Supervisor};
use Status::*;

/// What may follow work on an appeal. `Routed` is the operator's way to another department.
const RESULTS_AFTER_WORK: &[Status] = &[
    Routed,
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
        setters: &[Service, Operator, Applicant],
        next: &[NeedsClarification, Routed, Explained, Forwarded, NotConsidered, Withdrawn],
        is_final: false,
    },
    StatusSpec {
        status: NeedsClarification,
        id: "needs_clarification",
        label: "Потребує уточнення",
        setters: &[Service, Operator, Department],
        next: &[Registered, Routed, InProgress, Explained, Forwarded, ReturnedToApplicant, NotConsidered, Withdrawn],
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
        next: &[Routed, Forwarded],
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
        setters: &[Operator, Applicant],
        next: &[Routed, InProgress],
        is_final: false,
    },
];

impl Status {
    /// The line of the table.
    pub fn spec(self) -> &'static StatusSpec {
        // The table has a line for each variant, in the order of the variants (kept by a test).
        STATUSES.get(self as usize).unwrap_or(&STATUSES[0])
    }

    /// Stable key.
    pub fn id(self) -> &'static str {
        self.spec().id
    }

    /// As it stands in the register.
    pub fn label(self) -> &'static str {
        self.spec().label
    }

    /// The state with this stable key.
    pub fn from_id(id: &str) -> Option<Self> {
        STATUSES.iter().find(|spec| spec.id == id).map(|spec| spec.status)
    }

    /// Whether consideration is over.
    pub fn is_final(self) -> bool {
        self.spec().is_final
    }

    /// Whether the answer that goes with it is written to the applicant.
    pub fn tells_the_applicant(self) -> bool {
        self.is_final() || matches!(self, InterimAnswer | Extended)
    }

    /// Whether this state may follow another. Whoever gives a result has worked: where work may follow, and a department
    /// has the appeal, so may what follows work.
    pub fn may_follow(self, before: Self, with_department: bool) -> bool {
        let next = before.spec().next;
        next.contains(&self) || (with_department && next.contains(&InProgress) && RESULTS_AFTER_WORK.contains(&self))
    }

    /// Whether he may set this state.
    pub fn may_be_set_by(self, setter: Setter) -> bool {
        let setters = self.spec().setters;
        setters.contains(&setter)
            || (setter == Supervisor && (setters.contains(&Operator) || setters.contains(&Department)))
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
            assert_eq!(Status::from_id(spec.id), Some(spec.status));
            assert!(!spec.setters.is_empty());
            let results: Vec<_> = spec.next.iter().filter(|next| spec.is_final && next.is_final()).collect();
            assert!(results.is_empty(), "{} leads to {results:?}", spec.id);
        }
    }

    #[test]
    fn who_gives_a_result_has_worked() {
        assert!(!Solved.may_follow(Rework, false));
        assert!(Solved.may_follow(Rework, true), "the department did it at once");
        assert!(!Solved.may_follow(Registered, true), "nobody has it yet");
        assert!(Refused.may_be_set_by(Supervisor) && !Refused.may_be_set_by(Operator));
        assert!(InProgress.may_be_set_by(Supervisor) && !InProgress.may_be_set_by(Applicant));
    }
}
