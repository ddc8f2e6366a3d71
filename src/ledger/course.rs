//! The course of an appeal: its state in force, who has it, what happened to it, whom to tell. Written here, decided by
//! the desk.

use crate::desk::action::{Move, NewEvent};
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::kyiv::from_kyiv;
use crate::domain::register::Row;
use crate::domain::status::Status;
use crate::ledger::commit::Commit;
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::stamp;
use chrono::NaiveDateTime;
use rusqlite::params;

/// Stands for "never by itself": greater than every moment.
const NEVER: &str = "9";

/// The state that a new row begins in: other words in its cell wait for the desk's judgement.
pub(crate) fn first_status(row: &Row) -> Status {
    match row.get(Field::Status).as_text().and_then(Status::from_label) {
        Some(Status::NeedsClarification) => Status::NeedsClarification,
        Some(_) | None => Status::Registered,
    }
}

impl Commit<'_> {
    /// Moves an appeal.
    pub(crate) fn move_appeal(&self, moved: &Move) -> Result<(), LedgerError> {
        self.set_cells(moved.appeal, &moved.cells, &moved.actor, &moved.cause)?;
        if let Some(to) = moved.to {
            self.change_appeal("status", moved.appeal, to.id())?;
            let event = NewEvent { kind: EventKind::Moved, detail: to.id().to_owned(), open: true };
            self.happened(moved.appeal, &event, &moved.actor)?;
        }
        if let Some(department) = &moved.department {
            self.change_appeal("department", moved.appeal, department)?;
        }
        for event in &moved.events {
            self.happened(moved.appeal, event, &moved.actor)?;
        }
        self.attend(moved.appeal)
    }

    /// Notes what happened to an appeal.
    pub(crate) fn happened(&self, appeal: i64, event: &NewEvent, actor: &str) -> Result<(), LedgerError> {
        self.transaction
            .prepare_cached(
                "INSERT INTO event (appeal_id, at, kind, detail, actor, open) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )
            .and_then(|mut statement| {
                statement.execute(params![appeal, self.at, event.kind.id(), event.detail, actor, event.open])
            })
            .attempted("note what happened to an appeal")?;
        Ok(())
    }

    /// Queues a notice to a department; the same cause is told of once.
    pub(crate) fn notify(
        &self,
        appeal: i64,
        (department, cause): (&str, &str),
        urgent: bool,
    ) -> Result<(), LedgerError> {
        self.transaction
            .prepare_cached(
                "INSERT INTO notice (appeal_id, department, cause, urgent, queued_at, sent_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, '') ON CONFLICT (appeal_id, department, cause) DO NOTHING",
            )
            .and_then(|mut statement| statement.execute(params![appeal, department, cause, urgent, self.at]))
            .attempted("queue a notice to a department")?;
        Ok(())
    }

    /// Notes that the desk has done all that is owed to an appeal for now.
    pub(crate) fn attended(&self, appeal: i64, closed: &[i64], next: Option<NaiveDateTime>) -> Result<(), LedgerError> {
        for event in closed {
            self.transaction
                .prepare_cached("UPDATE event SET open = 0 WHERE id = ?1")
                .and_then(|mut statement| statement.execute(params![event]))
                .attempted("close an event")?;
        }
        let next = next.map_or_else(|| NEVER.to_owned(), |next| stamp(from_kyiv(next)));
        self.change_appeal("attend_at", appeal, &next)
    }

    /// The desk must look at an appeal at once.
    pub(crate) fn attend(&self, appeal: i64) -> Result<(), LedgerError> {
        self.change_appeal("attend_at", appeal, "")
    }

    fn change_appeal(&self, column: &str, appeal: i64, value: &str) -> Result<(), LedgerError> {
        self.transaction
            .prepare_cached(&format!("UPDATE appeal SET {column} = ?2 WHERE id = ?1"))
            .and_then(|mut statement| statement.execute(params![appeal, value]))
            .attempted("note the course of an appeal")?;
        Ok(())
    }
}
