//! THE list of letters that the service writes: to whom each goes and without what it cannot be written.
//!
//! A new letter is a variant here with its line in the table, and a folder of its name in `templates`; a test fails until
//! both exist. L1 to L12 are the letters of the appeal's way; the rest are short answers and notices to staff.

use serde::{Deserialize, Serialize};

/// A letter of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// L1: the appeal is registered.
    Registered,
    /// L2: the letter came outside the hours.
    OutOfHours,
    /// L3: data are missing.
    Clarification,
    /// L4: nobody is named, nothing is registered.
    Anonymous,
    /// L5: given to a department.
    Routed,
    /// L6: sent to another body (art. 7).
    Forwarded,
    /// L7: an interim answer, with an extended term where there is one (art. 20).
    Interim,
    /// L8: solved.
    Solved,
    /// L9: explained.
    Explained,
    /// L10: refused (art. 15).
    Refused,
    /// L11: returned with an explanation (art. 5, 7).
    Returned,
    /// L12: stopped, the matter was decided before (art. 8).
    Stopped,
    /// Withdrawn by the applicant.
    Withdrawn,
    /// Answer to «статус».
    State,
    /// To the operators: the register is held, appeals wait.
    OperatorsWaiting,
    /// To supervisor and operators: an appeal that must be looked at now.
    AlertResonant,
    /// To the supervisor: a complaint of a department or an official (art. 7).
    Complaint,
    /// To the administrator: a channel is down.
    AlertChannel,
    /// To the administrator: a channel works again.
    ChannelRestored,
    /// To the administrator and the operators: a person must look at the register.
    AlertRegister,
    /// To a department: new appeals.
    DepartmentNew,
    /// To a department: terms run out.
    DepartmentReminder,
    /// To a department: what was taken over from its answer.
    DepartmentEcho,
    /// To the supervisor: terms that have run out, or that nobody keeps.
    Escalation,
}

/// To whom a letter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Who applied.
    Applicant,
    /// Operators of the contact centre.
    Operators,
    /// The supervisor (and the operators).
    Supervisor,
    /// Who looks after the machine.
    Administrator,
    /// A department.
    Department,
}

/// What a letter cannot be written without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needed {
    /// Registration number.
    Number,
    /// Moment of receipt.
    Received,
    /// When the letter will be looked at.
    HandledOn,
    /// What is missing.
    Missing,
    /// Until when an answer is awaited.
    ReplyBy,
    /// The department.
    Department,
    /// The other body.
    Body,
    /// When it was sent there.
    SentOn,
    /// The text that people wrote: answer, course of the matter, motives.
    Text,
    /// Reference to the law.
    LegalBasis,
    /// Who decided.
    DecidedBy,
    /// The earlier appeal, or a text that says why.
    Earlier,
    /// State of consideration.
    Status,
    /// How many appeals wait.
    Waiting,
    /// Why it must be looked at now.
    Alarm,
    /// The channel that is down.
    Channel,
    /// Rows of appeals.
    Rows,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct LetterSpec {
    /// The letter.
    pub kind: LetterKind,
    /// Stable key; name of the folder of its templates.
    pub id: &'static str,
    /// To whom it goes.
    pub audience: Audience,
    /// Only a person's decision may cause it.
    pub needs_person: bool,
    /// What it cannot be written without.
    pub needed: &'static [Needed],
}

const fn to_applicant(kind: LetterKind, id: &'static str, needed: &'static [Needed]) -> LetterSpec {
    LetterSpec { kind, id, audience: Audience::Applicant, needs_person: false, needed }
}

const fn decided(kind: LetterKind, id: &'static str, needed: &'static [Needed]) -> LetterSpec {
    LetterSpec { kind, id, audience: Audience::Applicant, needs_person: true, needed }
}

const fn notice(kind: LetterKind, id: &'static str, to: (Audience, &'static [Needed])) -> LetterSpec {
    LetterSpec { kind, id, audience: to.0, needs_person: false, needed: to.1 }
}

use LetterKind as L;
use Needed as N;

/// The letters in the order of an appeal's way.
pub const LETTERS: [LetterSpec; 24] = [
    to_applicant(L::Registered, "registered", &[N::Number, N::Received]),
    to_applicant(L::OutOfHours, "out_of_hours", &[N::Received, N::HandledOn]),
    to_applicant(L::Clarification, "clarification", &[N::Missing, N::ReplyBy]),
    to_applicant(L::Anonymous, "anonymous", &[]),
    to_applicant(L::Routed, "routed", &[N::Number, N::Department]),
    decided(L::Forwarded, "forwarded", &[N::Number, N::Body, N::SentOn]),
    decided(L::Interim, "interim", &[N::Number, N::Text]),
    decided(L::Solved, "solved", &[N::Number, N::Text]),
    decided(L::Explained, "explained", &[N::Number, N::Text]),
    decided(L::Refused, "refused", &[N::Number, N::Text, N::LegalBasis]),
    decided(L::Returned, "returned", &[N::Missing]),
    decided(L::Stopped, "stopped", &[N::Number, N::Earlier, N::DecidedBy]),
    decided(L::Withdrawn, "withdrawn", &[N::Number]),
    to_applicant(L::State, "state", &[N::Number, N::Status]),
    notice(L::OperatorsWaiting, "operators_waiting", (Audience::Operators, &[N::Waiting])),
    notice(L::AlertResonant, "alert_resonant", (Audience::Supervisor, &[N::Received, N::Alarm])),
    notice(L::Complaint, "complaint", (Audience::Supervisor, &[N::Number, N::Text, N::Rows])),
    notice(L::AlertChannel, "alert_channel", (Audience::Administrator, &[N::Channel, N::Text])),
    notice(L::ChannelRestored, "channel_restored", (Audience::Administrator, &[N::Channel])),
    notice(L::AlertRegister, "alert_register", (Audience::Administrator, &[N::Text])),
    notice(L::DepartmentNew, "department_new", (Audience::Department, &[N::Department, N::Rows])),
    notice(L::DepartmentReminder, "department_reminder", (Audience::Department, &[N::Department, N::Rows])),
    notice(L::DepartmentEcho, "department_echo", (Audience::Department, &[])),
    notice(L::Escalation, "escalation", (Audience::Supervisor, &[N::Rows])),
];

impl LetterKind {
    /// The line of the table.
    pub fn spec(self) -> &'static LetterSpec {
        // The table has a line for each variant, in the order of the variants (kept by a test).
        LETTERS.get(self as usize).unwrap_or(&LETTERS[0])
    }

    /// Stable key; name of the folder of its templates.
    pub fn id(self) -> &'static str {
        self.spec().id
    }

    /// To whom it goes.
    pub fn audience(self) -> Audience {
        self.spec().audience
    }

    /// The letter with this key.
    pub fn from_id(id: &str) -> Option<Self> {
        LETTERS.iter().find(|spec| spec.id == id).map(|spec| spec.kind)
    }

    /// All letters in the order of an appeal's way.
    pub fn all() -> impl Iterator<Item = Self> {
        LETTERS.iter().map(|spec| spec.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_its_own_line_in_order() {
        for (position, spec) in LETTERS.iter().enumerate() {
            assert_eq!(spec.kind as usize, position, "{}", spec.id);
            assert_eq!(LetterKind::from_id(spec.id), Some(spec.kind));
        }
    }

    #[test]
    fn a_refusal_without_law_and_motives_cannot_be_written() {
        let needed = LetterKind::Refused.spec().needed;
        assert!(needed.contains(&Needed::LegalBasis) && needed.contains(&Needed::Text));
        assert!(LetterKind::Refused.spec().needs_person);
    }
}
