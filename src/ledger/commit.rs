//! Carrying out a plan: numbers, rows, outcomes and promised letters in one transaction, or nothing of it.

use crate::desk::action::{Action, Plan, Registration};
use crate::desk::registration::SERVICE;
use crate::domain::field::Field;
use crate::domain::kyiv::from_kyiv;
use crate::domain::register::Row;
use crate::domain::value::Value;
use crate::ledger::course::first_status;
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::stamp;
use crate::ledger::numbers::take_number;
use crate::ledger::open::{Ledger, next_revision};
use crate::ledger::outbox::{NewMail, queue};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::BTreeMap;

/// What a commit brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Committed {
    /// New appeals.
    pub appeals: usize,
    /// Letters recorded as copies of earlier ones.
    pub copies: usize,
    /// Letters joined to an appeal.
    pub attached: usize,
    /// Letters without a row.
    pub aside: usize,
    /// Letters promised.
    pub letters: usize,
}

impl std::ops::Add for Committed {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            appeals: self.appeals + other.appeals,
            copies: self.copies + other.copies,
            attached: self.attached + other.attached,
            aside: self.aside + other.aside,
            letters: self.letters + other.letters,
        }
    }
}

/// One line of the journal.
pub(crate) struct JournalLine<'a> {
    pub(crate) actor: &'a str,
    pub(crate) cause: &'a str,
    pub(crate) appeal: Option<i64>,
    pub(crate) field: &'a str,
    pub(crate) old: &'a str,
    pub(crate) new: &'a str,
}

/// The transaction of a commit with its time and revision.
pub(crate) struct Commit<'a> {
    pub(crate) transaction: &'a Transaction<'a>,
    pub(crate) at: String,
    pub(crate) revision: i64,
}

impl Ledger {
    /// Carries out a plan together with the letters it promises, whose bytes are final.
    ///
    /// # Errors
    /// `Stale` if the plan does not fit the ledger any more; nothing is carried out then.
    pub fn commit(&mut self, plan: &Plan, mails: &[NewMail], now: DateTime<Utc>) -> Result<Committed, LedgerError> {
        let transaction = self.immediate()?;
        let mut committed = Committed::default();
        let mut numbers = BTreeMap::new();
        {
            let revision = next_revision(&transaction)?;
            let commit = Commit { transaction: &transaction, at: stamp(now), revision };
            for action in &plan.actions {
                commit.carry_out(action, &mut numbers, &mut committed)?;
            }
            for mail in mails {
                let appeal = match &mail.number {
                    None => None,
                    Some(number) => match numbers.get(number) {
                        Some(id) => Some(*id),
                        None => Some(commit.appeal_id(number)?),
                    },
                };
                committed.letters += queue(&transaction, mail, appeal, now)?;
            }
        }
        transaction.commit().attempted("commit a plan")?;
        Ok(committed)
    }
}

impl Commit<'_> {
    fn carry_out(
        &self,
        action: &Action,
        numbers: &mut BTreeMap<String, i64>,
        committed: &mut Committed,
    ) -> Result<(), LedgerError> {
        match action {
            Action::Register(registration) => {
                let id = self.register(registration)?;
                numbers.insert(registration.number.clone(), id);
                committed.appeals += 1;
            }
            Action::Copy { letter, of } => {
                self.decide(*letter, "copy", (None, Some(*of)), "")?;
                self.transaction
                    .execute(
                        "UPDATE letter SET appeal_id = (SELECT appeal_id FROM letter WHERE id = ?2) WHERE id = ?1",
                        params![letter, of],
                    )
                    .attempted("tie a copy to its appeal")?;
                committed.copies += 1;
            }
            Action::Attach { letter, appeal, hint } => {
                self.decide(*letter, "attached", (Some(*appeal), None), hint)?;
                self.add_hint(*appeal, hint, &format!("letter {letter}"))?;
                committed.attached += 1;
            }
            Action::Entrust { letter, department } => {
                self.decide(*letter, "entrusted", (None, None), "")?;
                self.transaction
                    .execute("UPDATE letter SET department = ?2 WHERE id = ?1", params![letter, department])
                    .attempted("note for whom a letter speaks")?;
                committed.attached += 1;
            }
            Action::AskWhether { letter, department, reason } => {
                self.decide(*letter, "aside", (None, None), reason)?;
                self.transaction
                    .execute(
                        "UPDATE letter SET department = ?2, approval = 'asked' WHERE id = ?1",
                        params![letter, department],
                    )
                    .attempted("note for whom a letter may speak")?;
                committed.aside += 1;
            }
            Action::SetAside { letter, reason, reply_by } => {
                self.decide(*letter, "aside", (None, None), reason)?;
                if let Some(day) = reply_by {
                    self.transaction
                        .execute("UPDATE letter SET reply_by = ?2 WHERE id = ?1", params![letter, day.to_string()])
                        .attempted("note until when data were asked for")?;
                }
                committed.aside += 1;
            }
            Action::Settle { letter, reason } => {
                self.transaction
                    .execute(
                        "UPDATE letter SET reply_by = '', reason = ?2, decided_rev = ?3 WHERE id = ?1",
                        params![letter, reason, self.revision],
                    )
                    .attempted("settle a letter put aside")?;
            }
            Action::AddHint { appeal, line } => self.add_hint(*appeal, line, "letter of the applicant")?,
            Action::SetCells { appeal, cells, actor, cause } => {
                self.set_cells(*appeal, cells, actor, cause)?;
            }
            Action::Move(moved) => self.move_appeal(moved)?,
            Action::Notify { appeal, department, cause, urgent } => {
                self.notify(*appeal, (department, cause), *urgent)?;
            }
            Action::Attended { appeal, closed, next } => self.attended(*appeal, closed, *next)?,
            Action::Returned { letter, mail, appeal, code, delayed } => {
                self.returned(*letter, *mail, *appeal, (code, *delayed))?;
                committed.attached += 1;
            }
            Action::TellOfUndelivered { mail, appeal, aside, hint } => {
                self.tell_of_undelivered(*mail, *appeal, *aside, hint)?;
            }
            Action::TellOfChannel { channel, since } => {
                let told = since.map(|since| stamp(from_kyiv(since))).unwrap_or_default();
                self.transaction
                    .execute("UPDATE channel SET told = ?2 WHERE name = ?1", params![channel, told])
                    .attempted("note what people know of a channel")?;
            }
            Action::Write(_) => {}
        }
        Ok(())
    }

    /// Issues the number and keeps the row.
    pub(crate) fn register(&self, registration: &Registration) -> Result<i64, LedgerError> {
        take_number(self.transaction, registration.year, registration.seq)?;
        let id = self.insert_appeal(registration.year, registration.seq, &registration.number, &registration.row)?;
        if let Some(letter) = registration.letter {
            self.decide(letter, "registered", (Some(id), None), "")?;
        }
        if let Some(earlier) = registration.completes {
            self.transaction
                .execute(
                    "UPDATE letter SET outcome = 'registered', appeal_id = ?2, reply_by = '', decided_rev = ?3
                     WHERE id = ?1",
                    params![earlier, id, self.revision],
                )
                .attempted("tie a completed letter to its appeal")?;
        }
        self.know_address(id, &registration.address)?;
        for event in &registration.events {
            self.happened(id, event, SERVICE)?;
        }
        self.journal(&JournalLine {
            actor: SERVICE,
            cause: &registration.cause,
            appeal: Some(id),
            field: "",
            old: "",
            new: &registration.number,
        })?;
        Ok(id)
    }

    /// Inserts an appeal with its first row.
    pub(crate) fn insert_appeal(&self, year: i32, seq: i64, number: &str, row: &Row) -> Result<i64, LedgerError> {
        let id = self
            .transaction
            .prepare_cached(
                "INSERT INTO appeal (year, seq, number, created_at, status, department, attend_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, '', '')",
            )
            .and_then(|mut statement| statement.insert(params![year, seq, number, self.at, first_status(row).id()]))
            .attempted("register an appeal")?;
        self.insert_row(id, row)?;
        Ok(id)
    }

    /// Remembers an address from which an applicant writes.
    pub(crate) fn know_address(&self, appeal: i64, address: &str) -> Result<(), LedgerError> {
        if address.is_empty() {
            return Ok(());
        }
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO known_address (appeal_id, address) VALUES (?1, ?2)")
            .and_then(|mut statement| statement.execute(params![appeal, address]))
            .attempted("note an address")?;
        Ok(())
    }

    pub(crate) fn decide(
        &self,
        letter: i64,
        outcome: &str,
        (appeal, of): (Option<i64>, Option<i64>),
        reason: &str,
    ) -> Result<(), LedgerError> {
        let changed = self
            .transaction
            .prepare_cached(
                "UPDATE letter SET outcome = ?2, appeal_id = ?3, copy_of = ?4, reason = ?5, decided_rev = ?6
                 WHERE id = ?1 AND outcome = 'pending'",
            )
            .and_then(|mut statement| statement.execute(params![letter, outcome, appeal, of, reason, self.revision]))
            .attempted("note a decision")?;
        if changed == 1 { Ok(()) } else { Err(LedgerError::Stale(format!("letter {letter} was decided already"))) }
    }

    fn appeal_id(&self, number: &str) -> Result<i64, LedgerError> {
        self.transaction
            .prepare_cached("SELECT id FROM appeal WHERE number = ?1")
            .and_then(|mut statement| statement.query_row(params![number], |row| row.get(0)).optional())
            .attempted("look up a number")?
            .ok_or_else(|| LedgerError::Stale("a letter is about a number that was never issued".to_owned()))
    }

    /// The current row of an appeal.
    pub(crate) fn current_row(&self, appeal: i64) -> Result<Row, LedgerError> {
        let cells: String = self
            .transaction
            .prepare_cached("SELECT cells FROM row_version WHERE appeal_id = ?1 AND to_rev IS NULL")
            .and_then(|mut statement| statement.query_row(params![appeal], |row| row.get(0)))
            .attempted("read a row")?;
        Row::decode(&cells).ok_or_else(|| LedgerError::Unreadable(format!("the row of appeal {appeal}")))
    }

    fn insert_row(&self, appeal: i64, row: &Row) -> Result<(), LedgerError> {
        self.transaction
            .prepare_cached("INSERT INTO row_version (appeal_id, from_rev, to_rev, cells) VALUES (?1, ?2, NULL, ?3)")
            .and_then(|mut statement| statement.execute(params![appeal, self.revision, row.encode()]))
            .attempted("keep a row")?;
        self.know_person(appeal, row)
    }

    /// Puts new values into cells of an appeal, with a line in the journal for each that changes.
    pub(crate) fn set_cells(
        &self,
        appeal: i64,
        cells: &[(Field, Value)],
        actor: &str,
        cause: &str,
    ) -> Result<bool, LedgerError> {
        let mut row = self.current_row(appeal)?;
        let mut changed = false;
        for (field, value) in cells {
            let old = row.get(*field).clone();
            if old == *value {
                continue;
            }
            changed = true;
            self.journal(&JournalLine {
                actor,
                cause,
                appeal: Some(appeal),
                field: field.id(),
                old: &old.encode(),
                new: &value.encode(),
            })?;
            row.set(*field, value.clone());
        }
        if changed {
            self.replace_row(appeal, &row)?;
        }
        Ok(changed)
    }

    fn replace_row(&self, appeal: i64, row: &Row) -> Result<(), LedgerError> {
        self.attend(appeal)?;
        // A row that this very commit made or changed is no version that any replica has shown.
        let same = self
            .transaction
            .prepare_cached("UPDATE row_version SET cells = ?3 WHERE appeal_id = ?1 AND from_rev = ?2")
            .and_then(|mut statement| statement.execute(params![appeal, self.revision, row.encode()]))
            .attempted("keep a row")?;
        if same == 1 {
            return Ok(());
        }
        self.transaction
            .prepare_cached("UPDATE row_version SET to_rev = ?2 WHERE appeal_id = ?1 AND to_rev IS NULL")
            .and_then(|mut statement| statement.execute(params![appeal, self.revision]))
            .attempted("close a version of a row")?;
        self.insert_row(appeal, row)
    }

    /// Adds a line to the hint of an appeal.
    pub(crate) fn add_hint(&self, appeal: i64, hint: &str, cause: &str) -> Result<(), LedgerError> {
        if hint.is_empty() {
            return Ok(());
        }
        let row = self.current_row(appeal)?;
        let text = match row.get(Field::Hint) {
            Value::Text(present) => format!("{present}\n{hint}"),
            Value::Empty | Value::Number(_) | Value::Date(_) | Value::Time(_) => hint.to_owned(),
        };
        self.set_cells(appeal, &[(Field::Hint, Value::text(&text))], SERVICE, cause).map(|_| ())
    }

    /// Adds a line to the journal.
    pub(crate) fn journal(&self, line: &JournalLine<'_>) -> Result<(), LedgerError> {
        self.transaction
            .prepare_cached(
                "INSERT INTO journal (at, revision, actor, cause, appeal_id, field, old, new)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    self.at,
                    self.revision,
                    line.actor,
                    line.cause,
                    line.appeal,
                    line.field,
                    line.old,
                    line.new
                ])
            })
            .attempted("write the journal")?;
        Ok(())
    }
}
