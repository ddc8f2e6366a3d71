//! The appeals that the desk must look at, each with its course.

use crate::desk::case::{Case, Contact, Event};
use crate::desk::typical::{self, Typical};
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::kyiv::to_kyiv;
use crate::domain::letter::references;
use crate::domain::register::Row;
use crate::domain::status::{STATUSES, Status};
use crate::domain::value::Value;
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::{stamp, unstamp};
use crate::ledger::open::Ledger;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;

impl Ledger {
    /// Appeals whose row changed, to which something happened, or whose time has come, the longest waiting first.
    ///
    /// # Errors
    /// If SQLite fails or a row cannot be understood.
    pub fn cases(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<Case>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let ids: Vec<i64> = self
            .db
            .prepare_cached("SELECT id FROM appeal WHERE attend_at <= ?1 ORDER BY attend_at, id LIMIT ?2")
            .and_then(|mut statement| statement.query_map(params![stamp(now), limit], |row| row.get(0))?.collect())
            .attempted("list the appeals to look at")?;
        ids.into_iter().filter_map(|id| self.case(id).transpose()).collect()
    }

    /// Appeals that are not closed, oldest first.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn open_appeals(&self) -> Result<Vec<i64>, LedgerError> {
        let closed: Vec<&str> = STATUSES.iter().filter(|spec| spec.is_final).map(|spec| spec.id).collect();
        let closed = serde_json::Value::from(closed).to_string();
        self.db
            .prepare_cached("SELECT id FROM appeal WHERE status NOT IN (SELECT value FROM json_each(?1)) ORDER BY id")
            .and_then(|mut statement| statement.query_map(params![closed], |row| row.get(0))?.collect())
            .attempted("list the open appeals")
    }

    /// An appeal with its course.
    ///
    /// # Errors
    /// If SQLite fails or its row cannot be understood.
    pub fn case(&self, id: i64) -> Result<Option<Case>, LedgerError> {
        let found: Option<(String, String, String, String)> = self
            .db
            .prepare_cached(
                "SELECT number, status, department, cells FROM appeal
                 JOIN row_version ON appeal_id = id AND to_rev IS NULL WHERE id = ?1",
            )
            .and_then(|mut statement| {
                statement
                    .query_row(params![id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                    .optional()
            })
            .attempted("read an appeal")?;
        let Some((number, status, department, cells)) = found else { return Ok(None) };
        let row = Row::decode(&cells).ok_or_else(|| LedgerError::Unreadable(format!("the row of appeal {id}")))?;
        let status = Status::from_id(&status)
            .ok_or_else(|| LedgerError::Unreadable(format!("the state of appeal {id} ({status})")))?;
        let events = self.events(id)?;
        let typical = self.typical_of(&row, &events, status)?;
        Ok(Some(Case {
            id,
            number,
            row,
            status,
            department,
            events,
            edits: self.last_edits(id)?,
            contact: self.contact(id)?,
            typical,
        }))
    }

    /// The typical answers that bear on an appeal.
    fn typical_of(&self, row: &Row, events: &[Event], status: Status) -> Result<Vec<Typical>, LedgerError> {
        let mut found = match status.is_final() {
            true => Vec::new(),
            false => self.typical_for(&row.get(Field::Essence).to_string())?,
        };
        let used = events.iter().rev().find(|event| event.kind == EventKind::Typical);
        let used = used.and_then(|event| event.detail.parse().ok());
        for number in typical::named(&row.get(Field::Answer).to_string()).into_iter().chain(used) {
            if found.iter().all(|known| known.number != number) {
                found.extend(self.typical_named(number)?);
            }
        }
        Ok(found)
    }

    fn events(&self, appeal: i64) -> Result<Vec<Event>, LedgerError> {
        let rows: Vec<(i64, String, String, String, String, bool)> = self
            .db
            .prepare_cached("SELECT id, at, kind, detail, actor, open FROM event WHERE appeal_id = ?1 ORDER BY id")
            .and_then(|mut statement| {
                statement
                    .query_map(params![appeal], |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
                    })?
                    .collect()
            })
            .attempted("read the course of an appeal")?;
        rows.into_iter()
            .map(|(id, at, kind, detail, actor, open)| {
                let kind = EventKind::from_id(&kind)
                    .ok_or_else(|| LedgerError::Unreadable(format!("event {id} of appeal {appeal} ({kind})")))?;
                Ok(Event { id, at: to_kyiv(unstamp(&at)), kind, detail, actor, open })
            })
            .collect()
    }

    /// Who changed the cells that are judged last, and what they had shown before.
    fn last_edits(&self, appeal: i64) -> Result<BTreeMap<Field, (String, Value)>, LedgerError> {
        let rows: Vec<(String, String, String)> = self
            .db
            .prepare_cached(
                "SELECT field, actor, old FROM journal
                 WHERE appeal_id = ?1 AND field IN ('status', 'control', 'department')
                   AND cause NOT LIKE 'put back in %' ORDER BY id",
            )
            .and_then(|mut statement| {
                statement.query_map(params![appeal], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
            })
            .attempted("read who changed an appeal")?;
        Ok(rows
            .into_iter()
            .filter_map(|(field, actor, old)| {
                Some((Field::from_id(&field)?, (actor, Value::decode(&old).unwrap_or_default())))
            })
            .collect())
    }

    /// How the applicant wrote last; what a department or a server wrote about the appeal is not his.
    fn contact(&self, appeal: i64) -> Result<Contact, LedgerError> {
        type Letter = (String, String, String, String, Option<String>, Option<bool>);
        let last: Option<Letter> = self
            .db
            .prepare_cached(
                "SELECT sender_name, sender, message_id, thread, reading ->> '$.no_reply',
                        reading ->> '$.collective'
                 FROM letter WHERE appeal_id = ?1 AND outcome IN ('registered', 'attached')
                   AND reading ->> '$.class' IN ('appeal', 'anonymous', 'follow_up') ORDER BY id DESC LIMIT 1",
            )
            .and_then(|mut statement| {
                statement
                    .query_row(params![appeal], |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
                    })
                    .optional()
            })
            .attempted("read how an applicant writes")?;
        let Some((name, address, message_id, thread, no_reply, collective)) = last else {
            return Ok(Contact::default());
        };
        let thread: Vec<String> = serde_json::from_str(&thread).unwrap_or_default();
        let references = references(&thread, &message_id);
        Ok(Contact { name, address, collective: collective.unwrap_or(false), message_id, references, no_reply })
    }
}
