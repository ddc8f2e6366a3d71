//! Jobs of the schedule: which occurrence was carried out last, and which one was begun.
//!
//! Noted before a job begins and after it ends, so that one that was killed in the middle is begun again.

use crate::domain::schedule::Occurrence;
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::{stamp, unstamp};
use crate::ledger::open::Ledger;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;

/// What is remembered of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JobRecord {
    /// Its name.
    pub name: String,
    /// The last occurrence that was carried out or given up, as `Occurrence` writes itself.
    pub last_run: String,
    /// The occurrence that was begun and has not ended; "" = none.
    pub begun: String,
    /// How often that was begun.
    pub attempts: u32,
    /// It failed and is not tried again before this time.
    pub not_before: Option<DateTime<Utc>>,
    /// How it ended last; no personal data.
    pub report: String,
}

const COLUMNS: &str = "name, last_run, begun, attempts, not_before, report";

impl Ledger {
    /// All jobs that were ever looked at.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn jobs(&self) -> Result<Vec<JobRecord>, LedgerError> {
        self.db
            .prepare_cached(&format!("SELECT {COLUMNS} FROM job ORDER BY name"))
            .and_then(|mut statement| statement.query_map([], record)?.collect())
            .attempted("list the jobs")
    }

    /// One job; `None` if it was never looked at.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn job(&self, name: &str) -> Result<Option<JobRecord>, LedgerError> {
        self.db
            .prepare_cached(&format!("SELECT {COLUMNS} FROM job WHERE name = ?1"))
            .and_then(|mut statement| statement.query_row(params![name], record).optional())
            .attempted("look up a job")
    }

    /// Lets a job's schedule count from here: what came before is not owed.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn count_job_from(&mut self, name: &str, from: Occurrence) -> Result<(), LedgerError> {
        self.db
            .execute(
                "INSERT INTO job (name, last_run, begun, attempts, not_before, report) VALUES (?1, ?2, '', 0, '', '')
                 ON CONFLICT (name) DO UPDATE SET last_run = ?2, begun = '', attempts = 0, not_before = ''",
                params![name, from.to_string()],
            )
            .map(|_| ())
            .attempted("let a job begin")
    }

    /// Notes that an occurrence is begun; tells how often it was by now.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn begin_job(&mut self, name: &str, occurrence: Occurrence) -> Result<u32, LedgerError> {
        self.db
            .query_row(
                "UPDATE job SET attempts = CASE WHEN begun = ?2 THEN attempts + 1 ELSE 1 END, begun = ?2, not_before = ''
                 WHERE name = ?1 RETURNING attempts",
                params![name, occurrence.to_string()],
                |row| row.get(0),
            )
            .attempted("begin a job")
    }

    /// Notes that a begun occurrence failed and when it may be tried again.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn note_job_failed(&mut self, name: &str, why: &str, not_before: DateTime<Utc>) -> Result<(), LedgerError> {
        self.db
            .execute(
                "UPDATE job SET report = ?2, not_before = ?3 WHERE name = ?1",
                params![name, why, stamp(not_before)],
            )
            .map(|_| ())
            .attempted("note that a job failed")
    }

    /// Notes that an occurrence was carried out or given up.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn end_job(&mut self, name: &str, occurrence: Occurrence, report: &str) -> Result<(), LedgerError> {
        self.db
            .execute(
                "UPDATE job SET last_run = ?2, begun = '', attempts = 0, not_before = '', report = ?3 WHERE name = ?1",
                params![name, occurrence.to_string(), report],
            )
            .map(|_| ())
            .attempted("end a job")
    }
}

fn record(row: &Row<'_>) -> Result<JobRecord, rusqlite::Error> {
    Ok(JobRecord {
        name: row.get(0)?,
        last_run: row.get(1)?,
        begun: row.get(2)?,
        attempts: row.get(3)?,
        not_before: Some(row.get::<_, String>(4)?).filter(|time| !time.is_empty()).map(|time| unstamp(&time)),
        report: row.get(5)?,
    })
}
