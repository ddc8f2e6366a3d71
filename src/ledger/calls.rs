//! Applicants who must be called, and what operators entered about them.

use crate::desk::action::NewEvent;
use crate::desk::calls::{Call, Entry, attempt};
use crate::desk::clarification::Asked;
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::kyiv::to_kyiv;
use crate::domain::register::Row;
use crate::domain::value::Value;
use crate::ledger::commit::{Commit, JournalLine};
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::unstamp;
use crate::ledger::open::Ledger;
use crate::ledger::takeover::TakeOver;
use rusqlite::{OptionalExtension, params};

impl Ledger {
    /// Who of a year must be called, longest waiting first.
    ///
    /// # Errors
    /// If SQLite fails or a row cannot be understood.
    pub fn calls(&self, year: i32) -> Result<Vec<Call>, LedgerError> {
        type Found = (i64, i64, String, String, String, String, Option<String>);
        let found: Vec<Found> = self
            .db
            .prepare_cached(
                "SELECT event.id, event.appeal_id, number, at, detail, cells,
                        (SELECT asked.detail FROM event AS asked
                         WHERE asked.appeal_id = event.appeal_id AND asked.kind = 'asked' ORDER BY asked.id DESC LIMIT 1)
                 FROM event JOIN appeal ON appeal.id = event.appeal_id
                 JOIN row_version ON row_version.appeal_id = event.appeal_id AND to_rev IS NULL
                 WHERE kind = 'call_owed' AND open = 1 AND year = ?1 ORDER BY event.id",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![year], |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
                    })?
                    .collect()
            })
            .attempted("list who must be called")?;
        let mut calls: Vec<Call> = Vec::new();
        for (event, appeal, number, at, kind, cells, asked) in found {
            let row =
                Row::decode(&cells).ok_or_else(|| LedgerError::Unreadable(format!("the row of appeal {appeal}")))?;
            // A later letter takes the place of an earlier one.
            calls.retain(|call| call.number != number);
            calls.push(Call {
                number,
                row,
                kind,
                missing: asked.as_deref().and_then(Asked::read).map(|asked| asked.missing).unwrap_or_default(),
                since: to_kyiv(unstamp(&at)).date(),
                attempts: self.calls_since(appeal, event)?.iter().filter_map(|said| attempt(said)).collect(),
            });
        }
        Ok(calls)
    }

    /// Whether this is the number of an appeal.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn is_issued(&self, number: &str) -> Result<bool, LedgerError> {
        self.db
            .prepare_cached("SELECT 1 FROM appeal WHERE number = ?1")
            .and_then(|mut statement| statement.exists(params![number]))
            .attempted("look up a number")
    }

    fn calls_since(&self, appeal: i64, event: i64) -> Result<Vec<String>, LedgerError> {
        self.db
            .prepare_cached("SELECT detail FROM event WHERE appeal_id = ?1 AND id > ?2 AND kind = 'called' ORDER BY id")
            .and_then(|mut statement| statement.query_map(params![appeal, event], |row| row.get(0))?.collect())
            .attempted("list what was entered about a call")
    }
}

impl Commit<'_> {
    /// Takes in what an operator entered, once: a file that could not be written shows it again.
    pub(crate) fn take_call(&self, entry: &Entry, take: &TakeOver) -> Result<(), LedgerError> {
        let appeal: Option<i64> = self
            .transaction
            .query_row("SELECT id FROM appeal WHERE number = ?1", params![entry.number], |row| row.get(0))
            .optional()
            .attempted("look up a number")?;
        let Some(appeal) = appeal else { return Ok(()) };
        let written = entry.day.map_or(String::new(), |day| day.to_string());
        let known: bool = self
            .transaction
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM called WHERE appeal_id = ?1 AND how = ?2 AND day = ?3 AND note = ?4
                                AND revision > ?5)",
                params![appeal, entry.how, written, entry.note, take.stamped],
                |row| row.get(0),
            )
            .attempted("look for an entry about a call")?;
        if known {
            return Ok(());
        }
        self.transaction
            .execute(
                "INSERT INTO called (appeal_id, how, day, note, revision) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![appeal, entry.how, written, entry.note, self.revision],
            )
            .attempted("keep an entry about a call")?;
        let day = entry.day.unwrap_or_else(|| to_kyiv(unstamp(&self.at)).date());
        let cause = format!("entered in the sheet of calls of {}", take.replica);
        let said: Vec<&str> =
            [&entry.how, &entry.note].into_iter().map(String::as_str).filter(|t| !t.is_empty()).collect();
        self.journal(&JournalLine {
            actor: &take.actor,
            cause: &cause,
            appeal: Some(appeal),
            field: "",
            old: "",
            new: &format!("{day} {}", said.join("; ")),
        })?;
        if !entry.note.is_empty() {
            let notes = self.current_row(appeal)?.get(Field::Notes).to_string();
            let line = format!("{}: {}", day.format("%d.%m.%Y"), entry.note);
            let notes = if notes.is_empty() { line } else { format!("{notes}\n{line}") };
            self.set_cells(appeal, &[(Field::Notes, Value::text(&notes))], &take.actor, &cause)?;
        }
        if !entry.how.is_empty() {
            let event = NewEvent { kind: EventKind::Called, detail: format!("{day} {}", entry.how), open: false };
            self.happened(appeal, &event, &take.actor)?;
        }
        self.attend(appeal)
    }
}
