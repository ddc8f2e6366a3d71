//! Who is told that changes wait for a register, when, and in which words.
//!
//! While somebody has it open: the operators after half an hour and after four hours. Where a person must repair
//! something: the administrator and the operators, once.

use crate::desk::action::{Priority, Writing};
use crate::domain::kyiv::to_kyiv;
use crate::domain::letter::Correspondent;
use crate::letters::kind::LetterKind;
use crate::letters::params::LetterParams;
use crate::settings::valid::People;
use chrono::{DateTime, TimeDelta, Utc};

/// A held register is told after these waits.
const HELD: [TimeDelta; 2] = [TimeDelta::minutes(30), TimeDelta::hours(4)];
/// Anything else after this one: a file may be on its way to its place.
const BROKEN: [TimeDelta; 1] = [TimeDelta::minutes(5)];

/// What is to be told about a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter<'a> {
    /// Name of the file.
    pub file: String,
    /// The wait, as it is named in the cause: one letter an episode.
    pub episode: String,
    /// Somebody has it open; who, as far as known.
    pub held_by: Option<&'a str>,
    /// Since when changes wait.
    pub since: DateTime<Utc>,
    /// How many appeals wait.
    pub appeals: usize,
    /// What happened and what to do, Ukrainian.
    pub text: &'a str,
}

/// How many notices are due after such a wait.
pub fn due(matter: &Matter<'_>, now: DateTime<Utc>) -> u32 {
    let (steps, counts) = match matter.held_by {
        // A register that only lacks a few cells disturbs nobody.
        Some(_) => (HELD.as_slice(), matter.appeals > 0),
        None => (BROKEN.as_slice(), true),
    };
    let passed = steps.iter().filter(|step| counts && now - matter.since >= **step).count();
    u32::try_from(passed).unwrap_or(u32::MAX)
}

/// The letters of the notice with this number (from 1).
pub fn letters(people: &People, matter: &Matter<'_>, notice: u32) -> Vec<Writing> {
    let waiting = u32::try_from(matter.appeals).unwrap_or(u32::MAX);
    let since = Some(to_kyiv(matter.since));
    let (kind, to, params) = match matter.held_by {
        Some(by) => (
            LetterKind::OperatorsWaiting,
            people.operators_email.clone(),
            LetterParams {
                waiting: Some(waiting),
                since,
                held_by: Some(by.to_owned()).filter(|by| !by.is_empty()),
                ..LetterParams::default()
            },
        ),
        None => (
            LetterKind::AlertRegister,
            people.administrator_email.iter().chain(&people.operators_email).cloned().collect(),
            LetterParams {
                channel: Some(matter.file.clone()),
                since,
                text: Some(matter.text.to_owned()),
                waiting: Some(waiting).filter(|waiting| *waiting > 0),
                ..LetterParams::default()
            },
        ),
    };
    to.into_iter()
        .map(|address| {
            let to = Correspondent { name: String::new(), address };
            let cause = format!("{} notice {notice}", matter.episode);
            Writing::to_colleague(kind, to, params.clone(), cause, Priority::Alert)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_register_is_told_twice_and_a_broken_one_once() {
        let since = DateTime::UNIX_EPOCH;
        let matter = |held_by, appeals| Matter {
            file: String::new(),
            episode: String::new(),
            held_by,
            since,
            appeals,
            text: "",
        };
        for (held_by, appeals, minutes, expected) in [
            (Some("Олена"), 1, 29, 0),
            (Some("Олена"), 1, 30, 1),
            (Some("Олена"), 1, 239, 1),
            (Some(""), 1, 240, 2),
            (Some("Олена"), 1, 10_000, 2),
            (Some("Олена"), 0, 10_000, 0),
            (None, 0, 4, 0),
            (None, 0, 5, 1),
            (None, 0, 10_000, 1),
        ] {
            let found = due(&matter(held_by, appeals), since + TimeDelta::minutes(minutes));
            assert_eq!(found, expected, "{held_by:?} {appeals} {minutes}");
        }
    }
}
