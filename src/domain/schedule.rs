//! Schedules in cron's form on the wall clock of Kyiv: each occurrence once, whatever the clocks do.
//!
//! An occurrence is a reading of the wall clock; that is its identity, and the ledger remembers the last one carried out.
//! The `cron` crate is asked about wall time only, where no hour is missing or doubled (told the real zone it skips the
//! spring night and doubles the autumn one); `kyiv` says at which instant a reading comes: one that the spring night
//! swallows at the first instant after the gap, one that the autumn night shows twice at its first time.
//!
//! Invariants: `at` never goes back when `wall` goes forward; after a stop only the latest occurrence is due, so there
//! are no storms; a clock set back repeats nothing. Deliberately absent: what time it is, and what is to be done.

use crate::domain::kyiv::{Wall, from_kyiv, to_kyiv, wall};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use std::fmt;
use std::str::FromStr;

/// A record this far ahead of the clock comes from a clock that was wrong.
const CLOCK_WAS_WRONG: TimeDelta = TimeDelta::days(2);

/// Longest that the autumn night repeats.
const FOLD: TimeDelta = TimeDelta::hours(1);

/// The form in which an occurrence is remembered; sorts by time.
const FORM: &str = "%Y-%m-%dT%H:%M:%S";

/// When something is to be done, on the wall clock of Kyiv.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    cron: cron::Schedule,
}

/// One time at which something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// What the wall clock shows: the identity.
    pub wall: NaiveDateTime,
    /// The instant at which it comes.
    pub at: DateTime<Utc>,
}

impl Occurrence {
    fn of(wall: NaiveDateTime) -> Self {
        Self { wall, at: from_kyiv(wall) }
    }

    /// The occurrence as it was remembered.
    pub fn parse(text: &str) -> Option<Self> {
        NaiveDateTime::parse_from_str(text, FORM).ok().map(Self::of)
    }
}

impl fmt::Display for Occurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.wall.format(FORM))
    }
}

impl Schedule {
    /// Six fields: second, minute, hour, day, month, weekday by name.
    ///
    /// # Errors
    /// What the `cron` crate does not understand.
    pub fn parse(text: &str) -> Result<Self, cron::error::Error> {
        cron::Schedule::from_str(text).map(|cron| Self { cron })
    }

    /// The latest occurrence that has come by `now` and is later than `last`; all before it are given up.
    pub fn latest_due(&self, last: Occurrence, now: DateTime<Utc>) -> Option<Occurrence> {
        let shown = to_kyiv(now);
        // In the second of the doubled hours everything up to its end has come already, in the first one.
        let repeats = wall(shown) == Wall::Fold && from_kyiv(shown) < now;
        let from = if repeats { shown.checked_add_signed(FOLD)? } else { shown };
        // The search goes back from the next second, for the crate looks strictly before.
        let from = from.checked_add_signed(TimeDelta::seconds(1))?.and_utc();
        let earlier = self.cron.after(&from).rev();
        let come = earlier.map(|wall| Occurrence::of(wall.naive_utc())).find(|occurrence| occurrence.at <= now)?;
        (come.wall > last.wall).then_some(come)
    }

    /// The first occurrence that comes after `now`; `None` if there is none any more.
    pub fn next_after(&self, now: DateTime<Utc>) -> Option<Occurrence> {
        let later = self.cron.after(&to_kyiv(now).and_utc());
        later.map(|wall| Occurrence::of(wall.naive_utc())).find(|occurrence| occurrence.at > now)
    }
}

/// What is remembered of a schedule that was never carried out: it begins now and owes nothing of the past.
pub fn beginning(now: DateTime<Utc>) -> Occurrence {
    Occurrence::of(to_kyiv(now))
}

/// Whether a remembered occurrence lies so far ahead that the clock must have been wrong when it was carried out.
pub fn is_of_the_future(last: Occurrence, now: DateTime<Utc>) -> bool {
    last.at.signed_duration_since(now) > CLOCK_WAS_WRONG
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
