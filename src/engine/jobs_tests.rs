//! Jobs that work, fail and are killed, on a service in a folder.

use super::*;
use crate::settings::{embedded_config, load};
use std::cell::{Cell, RefCell};

thread_local! {
    static RUNS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static FAILS: Cell<bool> = const { Cell::new(false) };
}

const JOB: &[Job] = &[Job { name: "test", schedule: |settings| &settings.summary.at, body }];

fn body(_: &Service, occurrence: Occurrence, _: DateTime<Utc>) -> Result<Ended, EngineError> {
    RUNS.with_borrow_mut(|runs| runs.push(occurrence.to_string()));
    Ok(if FAILS.get() { Ended::Failed("the share is away".to_owned()) } else { Ended::Done("done".to_owned()) })
}

fn runs() -> Vec<String> {
    RUNS.take()
}

/// The summary is due at 17:00 from Monday to Friday.
fn service() -> (tempfile::TempDir, Service) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in embedded_config() {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    std::fs::write(folder.path().join("message-id.key"), [7; 32]).unwrap();
    let service = Service::open(load(&folder.path().join("zvernennia.toml")).unwrap()).unwrap();
    (folder, service)
}

fn utc(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn report(service: &Service) -> String {
    service.ledger.with(|ledger| ledger.job("test")).unwrap().unwrap().report
}

#[test]
fn a_new_job_owes_nothing_of_the_past_and_after_a_stop_only_the_latest() {
    let (_folder, service) = service();
    let look = |at: &str| run_all(&service, JOB, utc(at)).unwrap().len();
    assert_eq!(look("2026-11-02T15:30:00Z"), 0, "17:30: begins to count");
    assert_eq!(look("2026-11-03T14:59:59Z"), 0);
    assert_eq!(look("2026-11-03T15:00:00Z"), 1);
    assert_eq!(look("2026-11-03T15:00:01Z"), 0);
    assert_eq!(look("2026-11-12T08:00:00Z"), 1);
    assert_eq!(look("2026-11-12T08:00:00Z"), 0);
    assert_eq!(runs(), ["2026-11-03T17:00:00", "2026-11-11T17:00:00"]);
}

#[test]
fn a_job_that_was_killed_in_the_middle_is_begun_again_but_not_for_ever() {
    let (_folder, service) = service();
    run_all(&service, JOB, utc("2026-11-02T15:30:00Z")).unwrap();
    let (now, due) = (utc("2026-11-03T15:00:00Z"), Occurrence::parse("2026-11-03T17:00:00").unwrap());
    let killed = || service.ledger.with(|ledger| ledger.begin_job("test", due)).unwrap();
    killed();
    assert_eq!(run_all(&service, JOB, now).unwrap().len(), 1);
    assert_eq!(runs(), ["2026-11-03T17:00:00"]);
    assert_eq!(report(&service), "done");
    // One that always dies of itself is given up, so that the service lives.
    let (now, due) = (utc("2026-11-04T15:00:00Z"), Occurrence::parse("2026-11-04T17:00:00").unwrap());
    let killed = || service.ledger.with(|ledger| ledger.begin_job("test", due)).unwrap();
    for _ in 0..MOST_ATTEMPTS {
        killed();
    }
    assert!(matches!(&run_all(&service, JOB, now).unwrap()[..], [Ran { ended: Ended::Failed(_), .. }]));
    assert_eq!(run_all(&service, JOB, now).unwrap(), []);
    assert_eq!(runs(), [""; 0]);
    assert!(report(&service).contains("given up"));
}

#[test]
fn a_failing_job_rests_is_tried_again_and_waits_for_its_next_occurrence_in_the_end() {
    let (_folder, service) = service();
    FAILS.set(true);
    let begin = utc("2026-11-03T15:00:00Z");
    run_all(&service, JOB, begin - TimeDelta::hours(1)).unwrap();
    for minute in 0..180 {
        run_all(&service, JOB, begin + TimeDelta::minutes(minute)).unwrap();
    }
    assert_eq!(runs().len(), usize::try_from(MOST_ATTEMPTS).unwrap());
    assert_eq!(report(&service), "failed: the share is away");
    FAILS.set(false);
    run_all(&service, JOB, begin + TimeDelta::days(1)).unwrap();
    assert_eq!(runs(), ["2026-11-04T17:00:00"]);
}

#[test]
fn a_clock_that_was_years_ahead_stops_no_job() {
    let (_folder, service) = service();
    for at in ["2036-11-02T15:30:00Z", "2036-11-04T15:30:00Z", "2026-11-03T15:30:00Z", "2026-11-04T15:00:00Z"] {
        run_all(&service, JOB, utc(at)).unwrap();
    }
    assert_eq!(runs(), ["2036-11-04T17:00:00", "2026-11-04T17:00:00"]);
}
