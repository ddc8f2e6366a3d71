//! Ten years of Kyiv, both nights of the clocks, stops and clocks set wrong.

use super::*;
use chrono::{Datelike, NaiveDate, Timelike, Weekday};
use proptest::prelude::*;

/// Schedule and, told independently of the crate, which readings of the wall clock it means (to the minute).
type Means = fn(NaiveDateTime) -> bool;
const SCHEDULES: &[(&str, Means)] = &[
    ("0 30 3 * * *", |t| (t.hour(), t.minute()) == (3, 30)),
    ("0 0 4 * * *", |t| (t.hour(), t.minute()) == (4, 0)),
    ("0 0 3 * * *", |t| (t.hour(), t.minute()) == (3, 0)),
    ("0 59 2 * * *", |t| (t.hour(), t.minute()) == (2, 59)),
    ("0 0 17 * * Mon-Fri", |t| {
        (t.hour(), t.minute()) == (17, 0) && !matches!(t.weekday(), Weekday::Sat | Weekday::Sun)
    }),
    ("0 30 3 * * Sun", |t| (t.hour(), t.minute()) == (3, 30) && t.weekday() == Weekday::Sun),
    ("0 15 3 31 * *", |t| (t.hour(), t.minute(), t.day()) == (3, 15, 31)),
    ("0 0 12 29 2 *", |t| (t.hour(), t.minute(), t.day(), t.month()) == (12, 0, 29, 2)),
];

fn utc(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

/// What a service that looks at these instants carries out.
fn carried_out(schedule: &Schedule, looks: impl Iterator<Item = DateTime<Utc>>) -> Vec<(Occurrence, DateTime<Utc>)> {
    let mut last = None;
    let mut done = Vec::new();
    for now in looks {
        let Some(before) = last else {
            last = Some(beginning(now));
            continue;
        };
        if let Some(due) = schedule.latest_due(before, now) {
            done.push((due, now));
            last = Some(due);
        }
    }
    done
}

fn every(minutes: i64, from: DateTime<Utc>, to: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
    let count = (to - from).num_minutes() / minutes;
    (0..=count).map(move |step| from + TimeDelta::minutes(step * minutes))
}

#[test]
fn in_ten_years_each_reading_of_the_wall_clock_is_carried_out_once_and_in_order() {
    let first = NaiveDate::from_ymd_opt(2022, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap();
    for (text, means) in SCHEDULES {
        let schedule = Schedule::parse(text).unwrap();
        let minutes = (0..3653 * 24 * 60).map(|minute| first + TimeDelta::minutes(minute));
        let wanted: Vec<NaiveDateTime> = minutes.filter(|minute| means(*minute)).collect();
        // A look at every occurrence's instant, as the service makes it, and some between.
        let mut now = from_kyiv(first) - TimeDelta::seconds(1);
        let mut looks = vec![now];
        while let Some(next) = schedule.next_after(now).filter(|next| next.wall < first + TimeDelta::days(3653)) {
            assert!(next.at > now, "{text}");
            looks.extend([next.at - TimeDelta::seconds(1), next.at, next.at + TimeDelta::minutes(61)]);
            now = next.at;
        }
        looks.sort_unstable();
        let done = carried_out(&schedule, looks.into_iter());
        let walls: Vec<NaiveDateTime> = done.iter().map(|(occurrence, _)| occurrence.wall).collect();
        assert_eq!(walls, wanted, "{text}");
        assert!(done.iter().all(|(occurrence, now)| occurrence.at == *now), "{text}: each at its own instant");
        assert!(done.windows(2).all(|two| two[0].0 < two[1].0 && two[0].0.at < two[1].0.at), "{text}");
    }
}

#[test]
fn the_spring_night_runs_what_it_swallows_at_its_first_instant() {
    let schedule = Schedule::parse("0 30 3 * * *").unwrap();
    let gap_ends = utc("2026-03-29T01:00:00Z");
    let next = schedule.next_after(utc("2026-03-28T22:00:00Z")).unwrap();
    assert_eq!((next.wall, next.at), (local("2026-03-29 03:30"), gap_ends));
    let done = carried_out(&schedule, every(1, utc("2026-03-28T22:00:00Z"), utc("2026-03-29T10:00:00Z")));
    assert_eq!(done, [(next, gap_ends)]);
    // Several in the gap are one run, of the latest; the one at its end is the same instant.
    let quarters = Schedule::parse("0 */15 * * * *").unwrap();
    let done = carried_out(&quarters, every(1, utc("2026-03-29T00:40:00Z"), utc("2026-03-29T01:20:00Z")));
    let walls: Vec<String> = done.iter().map(|(occurrence, _)| occurrence.wall.format("%H:%M").to_string()).collect();
    assert_eq!(walls, ["02:45", "04:00", "04:15"]);
}

#[test]
fn the_autumn_night_runs_nothing_twice() {
    let schedule = Schedule::parse("0 30 3 * * *").unwrap();
    let looks = || every(1, utc("2026-10-24T22:00:00Z"), utc("2026-10-25T10:00:00Z"));
    let done = carried_out(&schedule, looks());
    assert_eq!(done.iter().map(|(_, now)| *now).collect::<Vec<_>>(), [utc("2026-10-25T00:30:00Z")]);
    // Begun between the two: the first time has passed, the second is none.
    let late = carried_out(&schedule, every(1, utc("2026-10-25T00:40:00Z"), utc("2026-10-25T10:00:00Z")));
    assert_eq!(late, []);
    assert_eq!(
        schedule.next_after(utc("2026-10-25T00:30:00Z")).unwrap().wall,
        local("2026-10-26 03:30"),
        "after the first comes the next day's"
    );
    let quarters = carried_out(&Schedule::parse("0 */15 * * * *").unwrap(), looks());
    let mut walls: Vec<NaiveDateTime> = quarters.iter().map(|(occurrence, _)| occurrence.wall).collect();
    let count = walls.len();
    walls.dedup();
    assert_eq!((count, walls.len()), (44, 44), "12 hours of quarters, one of them doubled");
}

#[test]
fn after_a_stop_the_latest_is_made_up_for_once() {
    let schedule = Schedule::parse("0 0 17 * * Mon-Fri").unwrap();
    let ran = Occurrence::parse("2026-11-02T17:00:00").unwrap();
    let now = utc("2026-11-11T09:00:00Z");
    let due = schedule.latest_due(ran, now).unwrap();
    assert_eq!(due.to_string(), "2026-11-10T17:00:00");
    assert_eq!(schedule.latest_due(due, now), None);
    assert_eq!(schedule.latest_due(ran, utc("2026-11-03T14:59:59Z")), None);
    assert!(schedule.latest_due(ran, utc("2026-11-03T15:00:00Z")).is_some());
}

#[test]
fn a_clock_set_back_repeats_nothing_and_one_that_was_wrong_is_recognised() {
    let schedule = Schedule::parse("0 30 2 * * *").unwrap();
    let now = utc("2026-11-11T09:00:00Z");
    let due = schedule.latest_due(beginning(now - TimeDelta::days(1)), now).unwrap();
    for back in [TimeDelta::minutes(61), TimeDelta::days(1)] {
        assert_eq!(schedule.latest_due(due, now - back), None);
        assert!(!is_of_the_future(due, now - back));
    }
    assert!(is_of_the_future(Occurrence::parse("2036-11-11T02:30:00").unwrap(), now));
}

#[test]
fn an_occurrence_is_remembered_as_text_that_sorts() {
    let occurrence = Occurrence::parse("2026-03-29T03:30:00").unwrap();
    assert_eq!(Occurrence::parse(&occurrence.to_string()), Some(occurrence));
    assert_eq!(Occurrence::parse("gestern"), None);
    assert!(Schedule::parse("0 0 17 * *").is_err());
}

proptest! {
    #[test]
    fn however_the_service_stops_nothing_runs_twice_and_the_latest_always_runs(
        which in 0..SCHEDULES.len(),
        start in 0i64..5_000_000,
        gaps in prop::collection::vec(1i64..4000, 1..60),
    ) {
        let (text, _) = SCHEDULES[which];
        let schedule = Schedule::parse(text).unwrap();
        let mut now = utc("2022-01-01T00:00:00Z") + TimeDelta::minutes(start);
        let looks: Vec<DateTime<Utc>> = std::iter::once(now)
            .chain(gaps.iter().map(|gap| { now += TimeDelta::minutes(*gap); now }))
            .collect();
        let done = carried_out(&schedule, looks.iter().copied());
        prop_assert!(done.windows(2).all(|two| two[0].0.wall < two[1].0.wall && two[0].0.at < two[1].0.at));
        prop_assert!(done.iter().all(|(occurrence, now)| occurrence.at <= *now));
        // Between the last run and the last look nothing was due.
        let last = done.last().map_or(beginning(looks[0]), |(occurrence, _)| *occurrence);
        let next = schedule.next_after(last.at.max(looks[0])).unwrap();
        prop_assert!(next.at > *looks.last().unwrap(), "{} is still owed", next);
    }
}
