//! The outbox: letters that were promised, with their final bytes, and how far each of them got.
//!
//! A letter goes queued → connecting → data → sent. A process that died in `data` cannot know whether the letter left:
//! it is `uncertain` and is looked up before it may be sent again. The number of attempts is raised before each attempt.

use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::{stamp, unstamp};
use crate::ledger::open::Ledger;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, Transaction, params};

/// A letter to be promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMail {
    /// Stable key of its kind.
    pub kind: String,
    /// Number of the appeal that it is about.
    pub number: Option<String>,
    /// The letter that it answers.
    pub answers: Option<i64>,
    /// Address of the one recipient.
    pub recipient: String,
    /// The event.
    pub cause: String,
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// Lower goes first.
    pub priority: i64,
    /// The whole letter as it will be sent.
    pub body: Vec<u8>,
}

/// How far a letter got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It waits.
    Queued,
    /// An attempt has begun; nothing of the letter itself was sent.
    Connecting,
    /// The letter itself is being sent.
    Data,
    /// It may or may not have left.
    Uncertain,
    /// It was accepted.
    Sent,
    /// It was refused for good, or given up.
    Failed,
    /// A person withdrew it.
    Cancelled,
    /// It came back.
    Bounced,
}

impl Stage {
    /// Stable key.
    pub fn id(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Connecting => "connecting",
            Self::Data => "data",
            Self::Uncertain => "uncertain",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Bounced => "bounced",
        }
    }

    fn from_id(id: &str) -> Option<Self> {
        [
            Self::Queued,
            Self::Connecting,
            Self::Data,
            Self::Uncertain,
            Self::Sent,
            Self::Failed,
            Self::Cancelled,
            Self::Bounced,
        ]
        .into_iter()
        .find(|stage| stage.id() == id)
    }
}

/// A letter in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its id.
    pub id: i64,
    /// Stable key of its kind.
    pub kind: String,
    /// Address of the one recipient.
    pub recipient: String,
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// The whole letter.
    pub body: Vec<u8>,
    /// How far it got.
    pub stage: Stage,
    /// Attempts begun.
    pub attempts: u32,
    /// When it was promised.
    pub queued_at: DateTime<Utc>,
}

/// A letter in the outbox without its bytes, for lists.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MailLine {
    /// Its id.
    pub id: i64,
    /// Stable key of its kind.
    pub kind: String,
    /// Number of the appeal, if it is about one.
    pub number: Option<String>,
    /// Address of the one recipient.
    pub recipient: String,
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// How far it got.
    pub stage: String,
    /// Attempts begun.
    pub attempts: u32,
    /// When it was promised.
    pub queued_at: String,
    /// Not sent before this time.
    pub not_before: String,
    /// The last reply.
    pub report: String,
}

/// Puts a letter into the outbox; a second one of the same kind for the same event and recipient is not promised again.
pub(crate) fn queue(
    transaction: &Transaction<'_>,
    mail: &NewMail,
    appeal: Option<i64>,
    now: DateTime<Utc>,
) -> Result<usize, LedgerError> {
    transaction
        .prepare_cached(
            "INSERT INTO outbox (kind, appeal_id, letter_id, recipient, cause, message_id, priority, body, queued_at,
                                 stage, attempts, not_before, changed_at, report)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'queued', 0, ?9, ?9, '')
             ON CONFLICT (kind, recipient, cause) DO NOTHING",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                mail.kind,
                appeal,
                mail.answers,
                mail.recipient,
                mail.cause,
                mail.message_id,
                mail.priority,
                mail.body,
                stamp(now)
            ])
        })
        .attempted("promise a letter")
}

impl Ledger {
    /// The letter that is due next, if any.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn due_mail(&self, now: DateTime<Utc>) -> Result<Option<Mail>, LedgerError> {
        self.db
            .prepare_cached(
                "SELECT id, kind, recipient, message_id, body, stage, attempts, queued_at FROM outbox
                 WHERE stage IN ('queued', 'connecting', 'data', 'uncertain') AND not_before <= ?1
                 ORDER BY priority, id LIMIT 1",
            )
            .and_then(|mut statement| statement.query_row(params![stamp(now)], mail).optional())
            .attempted("look for a due letter")
    }

    /// Notes how far a letter got, durably, before the next step is taken.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn note_stage(
        &mut self,
        id: i64,
        (stage, report): (Stage, &str),
        not_before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), LedgerError> {
        let begun = i64::from(stage == Stage::Connecting);
        self.db
            .prepare_cached(
                "UPDATE outbox SET stage = ?2, report = ?3, not_before = ?4, changed_at = ?5, attempts = attempts + ?6
                 WHERE id = ?1",
            )
            .and_then(|mut statement| {
                statement.execute(params![id, stage.id(), report, stamp(not_before), stamp(now), begun])
            })
            .map(|_| ())
            .attempted("note how far a letter got")
    }

    /// How many letters were sent since a time.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn sent_since(&self, since: DateTime<Utc>) -> Result<u32, LedgerError> {
        self.db
            .prepare_cached("SELECT COUNT(*) FROM outbox WHERE stage = 'sent' AND changed_at >= ?1")
            .and_then(|mut statement| statement.query_row(params![stamp(since)], |row| row.get(0)))
            .attempted("count the letters sent")
    }

    /// When the next waiting letter is due; `None` if none waits.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn next_mail_at(&self) -> Result<Option<DateTime<Utc>>, LedgerError> {
        self.db
            .prepare_cached(
                "SELECT MIN(not_before) FROM outbox WHERE stage IN ('queued', 'connecting', 'data', 'uncertain')",
            )
            .and_then(|mut statement| statement.query_row([], |row| row.get::<_, Option<String>>(0)))
            .attempted("look for the next letter")
            .map(|time| time.map(|time| unstamp(&time)))
    }
}

fn mail(row: &Row<'_>) -> rusqlite::Result<Mail> {
    let stage: String = row.get(5)?;
    let queued_at: String = row.get(7)?;
    Ok(Mail {
        id: row.get(0)?,
        kind: row.get(1)?,
        recipient: row.get(2)?,
        message_id: row.get(3)?,
        body: row.get(4)?,
        stage: Stage::from_id(&stage).unwrap_or(Stage::Uncertain),
        attempts: row.get(6)?,
        queued_at: unstamp(&queued_at),
    })
}
