//! The outbox as a person sees and orders it: lists, one letter whole, sent again, withdrawn.
//!
//! An order counts only where the letter is not being sent this moment; each leaves a line in the journal.

use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::stamp;
use crate::ledger::open::{Ledger, next_revision};
use crate::ledger::outbox::Stage;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

/// A letter of ours without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MailLine {
    /// Its id.
    pub id: i64,
    /// How far it got.
    pub stage: String,
    /// Stable key of its kind.
    pub kind: String,
    /// Number of the appeal, if it is about one.
    pub number: Option<String>,
    /// Address of the one recipient.
    pub recipient: String,
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// When it was promised.
    pub queued_at: String,
    /// When it was accepted; empty: it was not.
    pub sent_at: String,
    /// Attempts begun.
    pub attempts: u32,
    /// Nothing is done with it before this time.
    pub not_before: String,
    /// How often it went out and no answer came.
    pub unclear: u32,
    /// The last reply and what it means.
    pub report: String,
}

/// What a person wants of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// It goes out at once, with the same bytes.
    Retry,
    /// It does not go out any more.
    Cancel,
}

impl Order {
    /// The stages in which a letter can take the order, and the stage that it gets.
    fn moves(self) -> (&'static [Stage], Stage) {
        match self {
            Self::Retry => {
                (&[Stage::Queued, Stage::Uncertain, Stage::Failed, Stage::Cancelled, Stage::Bounced], Stage::Queued)
            }
            Self::Cancel => (&[Stage::Queued, Stage::Uncertain, Stage::Failed], Stage::Cancelled),
        }
    }

    /// The word of the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Cancel => "cancel",
        }
    }
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obeyed {
    /// It was carried out.
    Done,
    /// There is no such letter.
    Unknown,
    /// The letter is at a stage that does not allow it.
    Refused(Stage),
}

const COLUMNS: &str = "outbox.id, stage, kind, number, recipient, message_id, queued_at, sent_at, attempts, not_before, \
                       unclear, report";

impl Ledger {
    /// Letters of ours, oldest first; without `all` only those that a person may care about: not yet or never delivered.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn mail_lines(&self, all: bool) -> Result<Vec<MailLine>, LedgerError> {
        self.db
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM outbox LEFT JOIN appeal ON appeal.id = outbox.appeal_id
                 WHERE ?1 OR stage NOT IN ('sent', 'cancelled') ORDER BY outbox.id"
            ))
            .and_then(|mut statement| statement.query_map(params![all], line)?.collect())
            .attempted("list the letters of ours")
    }

    /// One letter of ours with its bytes.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn mail_whole(&self, id: i64) -> Result<Option<(MailLine, Vec<u8>)>, LedgerError> {
        self.db
            .prepare_cached(&format!(
                "SELECT {COLUMNS}, body FROM outbox LEFT JOIN appeal ON appeal.id = outbox.appeal_id WHERE outbox.id = ?1"
            ))
            .and_then(|mut statement| {
                statement.query_row(params![id], |row| Ok((line(row)?, row.get(12)?))).optional()
            })
            .attempted("look up a letter of ours")
    }

    /// Carries out a person's order.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn order(&mut self, id: i64, order: Order, actor: &str, now: DateTime<Utc>) -> Result<Obeyed, LedgerError> {
        let transaction = self.immediate()?;
        let present: Option<(String, Option<i64>)> = transaction
            .query_row("SELECT stage, appeal_id FROM outbox WHERE id = ?1", params![id], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .attempted("look up a letter of ours")?;
        let Some((stage, appeal)) = present else { return Ok(Obeyed::Unknown) };
        let stage = Stage::from_id(&stage).unwrap_or(Stage::Data);
        let (from, to) = order.moves();
        if !from.contains(&stage) {
            return Ok(Obeyed::Refused(stage));
        }
        transaction
            .execute(
                "UPDATE outbox SET stage = ?2, not_before = ?3, changed_at = ?3, report = ?4, unclear = 0, looks = 0,
                                   told = 0
                 WHERE id = ?1",
                params![id, to.id(), stamp(now), format!("{} by {actor}", order.id())],
            )
            .attempted("carry out an order")?;
        transaction
            .execute(
                "INSERT INTO journal (at, revision, actor, cause, appeal_id, field, old, new)
                 VALUES (?1, ?2, ?3, ?4, ?5, '', ?6, ?7)",
                params![
                    stamp(now),
                    next_revision(&transaction)?,
                    actor,
                    format!("outbox {} {id}", order.id()),
                    appeal,
                    stage.id(),
                    to.id()
                ],
            )
            .attempted("write the journal")?;
        transaction.commit().attempted("commit an order")?;
        Ok(Obeyed::Done)
    }
}

fn line(row: &Row<'_>) -> rusqlite::Result<MailLine> {
    Ok(MailLine {
        id: row.get(0)?,
        stage: row.get(1)?,
        kind: row.get(2)?,
        number: row.get(3)?,
        recipient: row.get(4)?,
        message_id: row.get(5)?,
        queued_at: row.get(6)?,
        sent_at: row.get(7)?,
        attempts: row.get(8)?,
        not_before: row.get(9)?,
        unclear: row.get(10)?,
        report: row.get(11)?,
    })
}
