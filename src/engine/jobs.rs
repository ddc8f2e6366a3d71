//! The jobs of the schedule: what is done at times of the wall clock rather than when something comes.
//!
//! One line of `JOBS` is one job. Each occurrence is noted as begun, carried out, noted as ended: killed in between, it
//! is begun again, so every body must be able to run twice. After a stop only the latest occurrence is made up for. A
//! failing job never ends the service; it is tried again some times and then waits for its next occurrence.

use crate::domain::schedule::{self, Occurrence, Schedule};
use crate::engine::backup;
use crate::engine::error::EngineError;
use crate::engine::ingest;
use crate::engine::remind;
use crate::engine::service::Service;
use crate::settings::Settings;
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// How often one occurrence is begun before it is given up.
const MOST_ATTEMPTS: u32 = 6;
/// A failed job rests this long.
const REST: TimeDelta = TimeDelta::minutes(10);

/// Something to be done by the clock.
pub struct Job {
    /// Its name in the ledger and in logs; never changed.
    pub name: &'static str,
    /// When.
    pub schedule: fn(&Settings) -> &Schedule,
    /// What. May run twice for one occurrence; says what it did in one line without personal data.
    pub body: fn(&Service, Occurrence, DateTime<Utc>) -> Result<Ended, EngineError>,
}

/// THE list of jobs.
pub const JOBS: &[Job] = &[
    Job { name: "backup", schedule: |settings| &settings.backup.cron, body: backup::run },
    Job { name: "departments", schedule: |settings| &settings.departments.ingest, body: ingest::run },
    // After the answers, so that nobody is reminded of what he has just answered.
    Job { name: "remind", schedule: |settings| &settings.departments.remind, body: remind::run },
];

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It did what this says.
    Done(String),
    /// It could not, for this reason.
    Failed(String),
}

/// A job that a step ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Its name.
    pub name: &'static str,
    /// For which occurrence.
    pub occurrence: Occurrence,
    /// How it ended.
    pub ended: Ended,
}

/// Runs every job that is due.
///
/// # Errors
/// If the ledger or the disk under it fails, or a job met damage after which the service must not go on.
pub fn step(service: &Service, now: DateTime<Utc>) -> Result<Vec<Ran>, EngineError> {
    run_all(service, JOBS, now)
}

/// How long nothing is due.
pub fn rest(service: &Service, now: DateTime<Utc>) -> Duration {
    let next = JOBS.iter().filter_map(|job| (job.schedule)(&service.settings).next_after(now));
    let soonest = next.map(|occurrence| occurrence.at).min();
    soonest.and_then(|at| (at - now).to_std().ok()).unwrap_or(Duration::MAX)
}

fn run_all(service: &Service, jobs: &[Job], now: DateTime<Utc>) -> Result<Vec<Ran>, EngineError> {
    let mut ran = Vec::new();
    for job in jobs {
        if service.stopping() {
            break;
        }
        if let Some(occurrence) = owed(service, job, now)? {
            ran.push(Ran { name: job.name, occurrence, ended: run(service, job, occurrence, now)? });
            service.beat();
        }
    }
    Ok(ran)
}

/// The occurrence that is to be carried out now.
fn owed(service: &Service, job: &Job, now: DateTime<Utc>) -> Result<Option<Occurrence>, EngineError> {
    let record = service.ledger.with(|ledger| ledger.job(job.name))?;
    let last = record.as_ref().and_then(|record| Occurrence::parse(&record.last_run));
    let Some(last) = last.filter(|last| !schedule::is_of_the_future(*last, now)) else {
        service.ledger.with(|ledger| ledger.count_job_from(job.name, schedule::beginning(now)))?;
        return Ok(None);
    };
    let due = (job.schedule)(&service.settings).latest_due(last, now);
    let same = |due: &Occurrence| record.as_ref().is_some_and(|record| record.begun == due.to_string());
    let rests = record.as_ref().and_then(|record| record.not_before).is_some_and(|end| now < end && end - now <= REST);
    Ok(due.filter(|due| !(rests && same(due))))
}

fn run(service: &Service, job: &Job, occurrence: Occurrence, now: DateTime<Utc>) -> Result<Ended, EngineError> {
    let attempt = service.ledger.with(|ledger| ledger.begin_job(job.name, occurrence))?;
    let ended = if attempt > MOST_ATTEMPTS {
        Ended::Failed(format!("given up after {MOST_ATTEMPTS} attempts, none of which came to an end"))
    } else {
        match (job.body)(service, occurrence, now) {
            Ok(ended) => ended,
            Err(error) if error.passes() => Ended::Failed(error.to_string()),
            Err(error) => return Err(error),
        }
    };
    service.ledger.with(|ledger| match &ended {
        Ended::Done(what) => ledger.end_job(job.name, occurrence, what),
        Ended::Failed(why) if attempt >= MOST_ATTEMPTS => {
            ledger.end_job(job.name, occurrence, &format!("failed: {why}"))
        }
        Ended::Failed(why) => ledger.note_job_failed(job.name, &format!("failed: {why}"), now + REST),
    })?;
    Ok(ended)
}

#[cfg(test)]
#[path = "jobs_tests.rs"]
mod tests;
