//! The outbox: letters that were promised, with their final bytes, and how far each of them got.
//!
//! A letter goes queued → connecting → data → sent. Whoever dies in `data`, or gets no answer there, cannot know whether
//! the letter left: it is `uncertain` and is looked for before it may be sent again. Attempts are counted before they begin.

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

    pub(crate) fn from_id(id: &str) -> Option<Self> {
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
    /// How often it went out and no answer came.
    pub unclear: u32,
    /// How often it was looked for in vain since then.
    pub looks: u32,
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

const COLUMNS: &str = "id, kind, recipient, message_id, body, stage, attempts, queued_at, unclear, looks";

/// Most unclear letters that are looked for at once.
const UNCLEAR_AT_ONCE: u32 = 20;

impl Ledger {
    /// The letter that is due next and no less urgent than this, if any.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn due_mail(&self, now: DateTime<Utc>, least_urgent: i64) -> Result<Option<Mail>, LedgerError> {
        self.db
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM outbox WHERE stage = 'queued' AND not_before <= ?1 AND priority <= ?2
                 ORDER BY priority, id LIMIT 1"
            ))
            .and_then(|mut statement| statement.query_row(params![stamp(now), least_urgent], mail).optional())
            .attempted("look for a due letter")
    }

    /// Letters whose outcome is unclear and that should be looked for now, the oldest first.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn unclear_mail(&self, now: DateTime<Utc>) -> Result<Vec<Mail>, LedgerError> {
        self.db
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM outbox WHERE stage = 'uncertain' AND not_before <= ?1 ORDER BY id LIMIT ?2"
            ))
            .and_then(|mut statement| statement.query_map(params![stamp(now), UNCLEAR_AT_ONCE], mail)?.collect())
            .attempted("look for unclear letters")
    }

    /// After a start: what an earlier run was about to send waits again, what it was sending is unclear, and is looked
    /// for from `look_at` on.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn resume_interrupted(&mut self, look_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), LedgerError> {
        self.db
            .execute(
                "UPDATE outbox SET stage = CASE stage WHEN 'data' THEN 'uncertain' ELSE 'queued' END,
                                   not_before = CASE stage WHEN 'data' THEN ?1 ELSE not_before END,
                                   unclear = unclear + (stage = 'data'),
                                   looks = CASE stage WHEN 'data' THEN 0 ELSE looks END,
                                   report = 'interrupted', changed_at = ?2
                 WHERE stage IN ('connecting', 'data')",
                params![stamp(look_at), stamp(now)],
            )
            .map(|_| ())
            .attempted("take up interrupted letters")
    }

    /// Notes durably that an attempt begins. `false` if the letter does not wait any more: somebody withdrew it.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn begin_attempt(&mut self, id: i64, now: DateTime<Utc>) -> Result<bool, LedgerError> {
        self.db
            .prepare_cached(
                "UPDATE outbox SET stage = 'connecting', attempts = attempts + 1, changed_at = ?2, report = ''
                 WHERE id = ?1 AND stage = 'queued'",
            )
            .and_then(|mut statement| statement.execute(params![id, stamp(now)]))
            .map(|changed| changed == 1)
            .attempted("begin to send a letter")
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
        let unclear = i64::from(stage == Stage::Uncertain);
        let sent_at = if stage == Stage::Sent { stamp(now) } else { String::new() };
        self.db
            .prepare_cached(
                "UPDATE outbox SET stage = ?2, report = ?3, not_before = ?4, changed_at = ?5,
                                   sent_at = CASE ?6 WHEN '' THEN sent_at ELSE ?6 END, unclear = unclear + ?7,
                                   looks = CASE ?7 WHEN 0 THEN looks ELSE 0 END
                 WHERE id = ?1",
            )
            .and_then(|mut statement| {
                statement.execute(params![id, stage.id(), report, stamp(not_before), stamp(now), sent_at, unclear])
            })
            .map(|_| ())
            .attempted("note how far a letter got")
    }

    /// Notes that an unclear letter was looked for in vain; it is looked for again at `again`.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn note_look(&mut self, id: i64, again: DateTime<Utc>) -> Result<(), LedgerError> {
        self.db
            .prepare_cached("UPDATE outbox SET looks = looks + 1, not_before = ?2 WHERE id = ?1")
            .and_then(|mut statement| statement.execute(params![id, stamp(again)]))
            .map(|_| ())
            .attempted("note that a letter was looked for")
    }

    /// Notes why a letter waits on, without any change of its stage.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn note_wait(&mut self, id: i64, until: DateTime<Utc>, report: &str) -> Result<(), LedgerError> {
        self.db
            .prepare_cached("UPDATE outbox SET report = ?3, not_before = ?2 WHERE id = ?1")
            .and_then(|mut statement| statement.execute(params![id, stamp(until), report]))
            .map(|_| ())
            .attempted("note why a letter waits")
    }

    /// How many letters were sent since a time.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn sent_since(&self, since: DateTime<Utc>) -> Result<u32, LedgerError> {
        self.db
            .prepare_cached("SELECT COUNT(*) FROM outbox WHERE sent_at <> '' AND sent_at >= ?1")
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
                "SELECT MIN(not_before) FROM (
                     SELECT MIN(not_before) AS not_before FROM outbox WHERE stage = 'queued'
                     UNION ALL
                     SELECT MIN(not_before) FROM outbox WHERE stage = 'uncertain')",
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
        unclear: row.get(8)?,
        looks: row.get(9)?,
    })
}
