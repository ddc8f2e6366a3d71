//! Whose matter an appeal surely is, and whom it complains of: what registration notes for the routing.
//!
//! A department is sure when its words weigh much and no other department's come near. Complaints are never given away by
//! the service (art. 7 of the law: not to those complained of; a person must see who they are), nor is word of corruption.

use crate::desk::action::NewEvent;
use crate::desk::context::Desk;
use crate::domain::event::EventKind;
use crate::domain::reading::{Alarm, Candidate, Kind, Reading};
use crate::settings::valid::RoutingMode;

/// Score from which a department's words could not weigh more: two phrases of its own in a request.
const FULL_SCORE: f32 = 6.0;

/// How sure the first department is, from 0 (as good as the second, or no word at all) to 1.
pub fn sureness(departments: &[Candidate]) -> f32 {
    let mut scores = departments.iter().map(|candidate| candidate.score);
    let first = scores.next().unwrap_or(0.0);
    if first <= 0.0 {
        return 0.0;
    }
    let lead = 1.0 - scores.next().unwrap_or(0.0) / first;
    lead * (first / FULL_SCORE).min(1.0)
}

/// The department that the service may choose by itself.
pub fn sure<'r>(desk: &Desk<'_>, reading: &'r Reading) -> Option<&'r str> {
    let routing = &desk.settings.routing;
    let complaint = reading.kind.as_ref().is_some_and(|kind| kind.value == Kind::Complaint);
    let corruption = reading.alarm.as_ref().is_some_and(|alarm| alarm.value == Alarm::Corruption);
    let withheld = complaint || corruption || !reading.complained_of.is_empty() || reading.complains_of_official;
    let sure = routing.mode == RoutingMode::Auto && !withheld && sureness(&reading.departments) >= routing.threshold;
    let first = reading.departments.first().filter(|_| sure)?;
    desk.settings.office.department(&first.code).map(|_| first.code.as_str())
}

/// What registration notes.
pub fn noted(desk: &Desk<'_>, reading: &Reading) -> Vec<NewEvent> {
    let event = |kind, detail: &str, open| NewEvent { kind, detail: detail.to_owned(), open };
    let official = reading.complains_of_official.then(|| event(EventKind::Complains, "", true));
    let complains = reading.complained_of.iter().map(|code| event(EventKind::Complains, code, true));
    let sure = sure(desk, reading).map(|code| event(EventKind::Sure, code, false));
    complains.chain(official).chain(sure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_weigh_much_and_stand_alone_make_sure() {
        let of = |scores: &[f32]| {
            let candidate = |score: &f32| Candidate { code: "soc".into(), score: *score, words: Vec::new() };
            sureness(&scores.iter().map(candidate).collect::<Vec<_>>())
        };
        for (scores, at_least, at_most) in [
            (&[][..], 0.0, 0.0),
            (&[0.0][..], 0.0, 0.0),
            (&[12.0, 1.0][..], 0.9, 1.0),
            (&[6.0][..], 1.0, 1.0),
            // One phrase, whoever else is named.
            (&[3.3][..], 0.5, 0.6),
            // Much is said of two.
            (&[10.0, 9.0][..], 0.0, 0.2),
        ] {
            let found = of(scores);
            assert!((at_least..=at_most).contains(&found), "{scores:?}: {found}");
        }
    }
}
