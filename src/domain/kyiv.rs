//! Kyiv's local time: the one place where instants become local days and back.
//!
//! The law counts Kyiv's calendar days, letters carry instants; everything between the two goes through here. The rules
//! of the zone come from the system's database (it is updated with the system), else from the copy in the binary.
//!
//! Invariants: `from_kyiv` never goes back when the local time goes forward; a local time that does not exist (the
//! spring night) stands for the first instant after the gap, one that exists twice (the autumn night) for its first
//! occurrence. Nothing here asks what time it is.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, offset::Offset};
use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};
use std::sync::LazyLock;

/// Names of the zone, the new one first: system data older than 2022 know only the second.
const NAMES: [&str; 2] = ["Europe/Kyiv", "Europe/Kiev"];

/// The rule in force since 1996, for a machine without any data.
const RULE: &str = "EET-2EEST,M3.5.0/3,M10.5.0/4";

/// How local time is related to instants on a given wall-clock reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wall {
    /// Exists once.
    Once,
    /// Skipped by the clock going forward.
    Gap,
    /// Shown twice by the clock going back.
    Fold,
}

static KYIV: LazyLock<TimeZone> = LazyLock::new(|| {
    let bundled = TimeZoneDatabase::bundled();
    NAMES
        .iter()
        .find_map(|name| TimeZone::get(name).ok())
        .or_else(|| NAMES.iter().find_map(|name| bundled.get(name).ok()))
        .or_else(|| TimeZone::posix(RULE).ok())
        .unwrap_or(TimeZone::UTC)
});

/// What a clock in Kyiv shows at this instant (to the second).
pub fn to_kyiv(instant: DateTime<Utc>) -> NaiveDateTime {
    let Ok(timestamp) = Timestamp::from_second(instant.timestamp()) else {
        return instant.naive_utc();
    };
    let offset = TimeDelta::seconds(i64::from(KYIV.to_offset(timestamp).seconds()));
    instant.naive_utc().checked_add_signed(offset).unwrap_or_else(|| instant.naive_utc())
}

/// The instant with Kyiv's offset, as the Date header of a letter shows it.
pub fn with_offset(instant: DateTime<Utc>) -> DateTime<FixedOffset> {
    let seconds = (to_kyiv(instant) - instant.naive_utc()).num_seconds();
    let offset = i32::try_from(seconds).ok().and_then(FixedOffset::east_opt);
    instant.with_timezone(&offset.unwrap_or_else(|| Utc.fix()))
}

/// The calendar day in Kyiv at this instant.
pub fn kyiv_day(instant: DateTime<Utc>) -> NaiveDate {
    to_kyiv(instant).date()
}

/// The instant at which a clock in Kyiv shows this time: after the gap if it never does, the first one if it does twice.
pub fn from_kyiv(local: NaiveDateTime) -> DateTime<Utc> {
    let Some(civil) = civil_of(local) else {
        return local.and_utc();
    };
    let offset = match KYIV.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset,
        AmbiguousOffset::Fold { before, .. } => before,
        AmbiguousOffset::Gap { before, .. } => {
            if let Some(end) = end_of_gap(civil, before) {
                return end;
            }
            before
        }
    };
    let shift = TimeDelta::seconds(i64::from(offset.seconds()));
    local.checked_sub_signed(shift).unwrap_or(local).and_utc()
}

/// Whether a clock in Kyiv shows this time once, never or twice.
pub fn wall(local: NaiveDateTime) -> Wall {
    match civil_of(local).map(|civil| KYIV.to_ambiguous_timestamp(civil).offset()) {
        Some(AmbiguousOffset::Gap { .. }) => Wall::Gap,
        Some(AmbiguousOffset::Fold { .. }) => Wall::Fold,
        Some(AmbiguousOffset::Unambiguous { .. }) | None => Wall::Once,
    }
}

/// The instant of the change of clocks that swallowed this local time.
fn end_of_gap(civil: civil::DateTime, before: jiff::tz::Offset) -> Option<DateTime<Utc>> {
    // Read with the old offset the time lies after the change, by less than the length of the gap.
    let after = before.to_timestamp(civil).ok()?.checked_add(SignedDuration::from_secs(1)).ok()?;
    let change = KYIV.preceding(after).next()?.timestamp();
    DateTime::from_timestamp(change.as_second(), 0)
}

fn civil_of(local: NaiveDateTime) -> Option<civil::DateTime> {
    let since_midnight = local.time().signed_duration_since(NaiveTime::MIN);
    let day = local.date().signed_duration_since(NaiveDate::default()).num_days();
    let day = civil::date(1970, 1, 1).checked_add(SignedDuration::from_hours(day.checked_mul(24)?)).ok()?;
    day.to_datetime(civil::Time::midnight()).checked_add(SignedDuration::from_secs(since_midnight.num_seconds())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn utc(text: &str) -> DateTime<Utc> {
        local(text).and_utc()
    }

    #[test]
    fn kyiv_is_two_hours_ahead_in_winter_and_three_in_summer() {
        assert_eq!(to_kyiv(utc("2022-07-11 07:35")), local("2022-07-11 10:35"));
        assert_eq!(to_kyiv(utc("2022-01-11 08:35")), local("2022-01-11 10:35"));
        assert_eq!(kyiv_day(utc("2022-07-11 21:30")), local("2022-07-12 00:30").date());
    }

    #[test]
    fn a_time_that_does_not_exist_stands_for_the_first_instant_after_the_gap() {
        for (text, year) in [("2026-03-29 03:30", 2026), ("2027-03-28 03:00", 2027), ("2027-03-28 03:59", 2027)] {
            assert_eq!(wall(local(text)), Wall::Gap, "{text}");
            assert_eq!(to_kyiv(from_kyiv(local(text))).format("%Y %H:%M").to_string(), format!("{year} 04:00"));
        }
        assert_eq!(from_kyiv(local("2026-03-29 04:00")), utc("2026-03-29 01:00"));
        assert_eq!(from_kyiv(local("2026-03-29 02:59")), utc("2026-03-29 00:59"));
    }

    #[test]
    fn a_time_that_exists_twice_stands_for_the_first() {
        assert_eq!(wall(local("2026-10-25 03:30")), Wall::Fold);
        assert_eq!(from_kyiv(local("2026-10-25 03:30")), utc("2026-10-25 00:30"));
        assert_eq!(to_kyiv(utc("2026-10-25 00:30")), to_kyiv(utc("2026-10-25 01:30")));
    }

    #[test]
    fn there_and_back_is_the_same_but_in_gaps_and_second_occurrences_and_order_is_kept() {
        let mut before = from_kyiv(local("2026-01-01 00:00"));
        for step in 0..(2 * 366 * 24 * 4) {
            let time = local("2026-01-01 00:00") + TimeDelta::minutes(15 * step);
            let instant = from_kyiv(time);
            assert!(instant >= before, "{time}");
            if wall(time) != Wall::Gap {
                assert_eq!(to_kyiv(instant), time);
            }
            before = instant;
        }
    }

    #[test]
    fn times_out_of_range_are_no_reason_to_fall() {
        for odd in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
            let _ = to_kyiv(from_kyiv(odd));
            let _ = wall(odd);
        }
    }
}
