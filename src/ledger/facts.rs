//! Facts: which messages were seen in which mailbox and what they say. Recorded before anything is decided.
//!
//! A message is known by (mailbox, folder, UIDVALIDITY, UID). A letter is known by its Message-ID together with the digest of
//! its content, so that the second copy of one letter is a copy, and another text under the same Message-ID is not.

use crate::domain::kyiv::kyiv_day;
use crate::domain::reading::Reading;
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::open::{Ledger, next_revision};
use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::BTreeSet;

/// Where a message lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageKey {
    /// Short name of the mailbox.
    pub mailbox: String,
    /// Folder of the mailbox; empty where it has none.
    pub folder: String,
    /// UIDVALIDITY; 0 where the mailbox has none.
    pub validity: i64,
    /// UID, or the stable name of the file.
    pub uid: String,
}

/// What is kept of a letter besides its raw original.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLetter {
    /// Message-ID; empty if it has none.
    pub message_id: String,
    /// Digest of the content.
    pub fingerprint: String,
    /// What the column "Канал надходження" says.
    pub channel: String,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// Its own date is far older than its arrival.
    pub late: bool,
    /// It lay in the folder where the server puts what it takes for spam.
    pub junk: bool,
    /// Address in From.
    pub sender: String,
    /// Name in From.
    pub sender_name: String,
    /// Subject.
    pub subject: String,
    /// Message-IDs of its thread, oldest first.
    pub thread: Vec<String>,
    /// What was understood of it.
    pub reading: Reading,
}

/// A message that an earlier run did not get done with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InHand {
    /// Where it lies.
    pub key: MessageKey,
    /// How often its reading began.
    pub attempts: u32,
    /// How often the server would not give it.
    pub withheld: u32,
}

/// What a message turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// A letter.
    Letter(Box<NewLetter>),
    /// Older than the configured start: counted, nothing else.
    BeforeStart,
    /// It could not be read; the raw original is kept for a person.
    Quarantined(String),
}

/// A message and what it turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Where it lies.
    pub key: MessageKey,
    /// Digest of its raw original in the store; empty if it was not kept.
    pub raw: String,
    /// Size in bytes.
    pub size: u64,
    /// What it turned out to be.
    pub finding: Finding,
}

/// How many of the recorded messages were what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recorded {
    /// New letters.
    pub letters: usize,
    /// Further copies of known letters.
    pub copies: usize,
    /// Older than the start.
    pub before_start: usize,
    /// Put aside as unreadable.
    pub quarantined: usize,
}

impl std::ops::Add for Recorded {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            letters: self.letters + other.letters,
            copies: self.copies + other.copies,
            before_start: self.before_start + other.before_start,
            quarantined: self.quarantined + other.quarantined,
        }
    }
}

/// A time as the ledger stores it.
pub(crate) fn stamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A stored time; the beginning of time for what cannot be read.
pub(crate) fn unstamp(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).map(|time| time.to_utc()).unwrap_or_default()
}

impl Ledger {
    /// Names of the messages of a mailbox without folders that are known.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn known_uids(&self, mailbox: &str) -> Result<BTreeSet<String>, LedgerError> {
        self.db
            .prepare_cached("SELECT uid FROM message WHERE mailbox = ?1 AND folder = '' AND validity = 0")
            .and_then(|mut statement| statement.query_map(params![mailbox], |row| row.get(0))?.collect())
            .attempted("list the known messages")
    }

    /// What each of these messages turned out to be; `None` if it is not known.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn outcomes(&self, keys: &[MessageKey]) -> Result<Vec<Option<String>>, LedgerError> {
        let mut statement = self
            .db
            .prepare_cached(
                "SELECT outcome FROM message WHERE mailbox = ?1 AND folder = ?2 AND validity = ?3 AND uid = ?4",
            )
            .attempted("look up a message")?;
        keys.iter()
            .map(|key| {
                statement
                    .query_row(params![key.mailbox, key.folder, key.validity, key.uid], |row| row.get(0))
                    .optional()
            })
            .collect::<Result<_, _>>()
            .attempted("look up a message")
    }

    /// Messages of a mailbox whose reading began and never ended, or that the server would not give.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn in_hand(&self, mailbox: &str, folder: &str) -> Result<Vec<InHand>, LedgerError> {
        self.db
            .prepare_cached(
                "SELECT validity, uid, attempts, withheld FROM in_hand WHERE mailbox = ?1 AND folder = ?2
                 ORDER BY validity, uid",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![mailbox, folder], |row| {
                        let (mailbox, folder) = (mailbox.to_owned(), folder.to_owned());
                        let key = MessageKey { mailbox, folder, validity: row.get(0)?, uid: row.get(1)? };
                        Ok(InHand { key, attempts: row.get(2)?, withheld: row.get(3)? })
                    })?
                    .collect()
            })
            .attempted("list the messages in hand")
    }

    /// Notes that the server would not give these messages.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn note_withheld(&mut self, keys: &[MessageKey]) -> Result<(), LedgerError> {
        let transaction = self.immediate()?;
        for key in keys {
            transaction
                .prepare_cached(
                    "INSERT INTO in_hand (mailbox, folder, validity, uid, attempts, withheld) VALUES (?1, ?2, ?3, ?4, 0, 1)
                     ON CONFLICT (mailbox, folder, validity, uid) DO UPDATE SET withheld = withheld + 1",
                )
                .and_then(|mut statement| statement.execute(params![key.mailbox, key.folder, key.validity, key.uid]))
                .attempted("note a message that is withheld")?;
        }
        transaction.commit().attempted("note messages that are withheld")
    }

    /// Notes durably that these messages are about to be read.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn take_in_hand(&mut self, keys: &[MessageKey]) -> Result<(), LedgerError> {
        let transaction = self.immediate()?;
        mark(&transaction, keys)?;
        transaction.commit().attempted("commit the messages in hand")
    }

    /// Records what messages turned out to be and takes the next ones in hand, in one transaction.
    ///
    /// # Errors
    /// If SQLite fails; then nothing was recorded.
    pub fn record(&mut self, facts: &[Fact], now: DateTime<Utc>, next: &[MessageKey]) -> Result<Recorded, LedgerError> {
        let transaction = self.immediate()?;
        let mut recorded = Recorded::default();
        for fact in facts {
            record_one(&transaction, fact, now, &mut recorded)?;
        }
        mark(&transaction, next)?;
        transaction.commit().attempted("commit the facts")?;
        Ok(recorded)
    }
}

fn mark(transaction: &Transaction<'_>, keys: &[MessageKey]) -> Result<(), LedgerError> {
    let mut statement = transaction
        .prepare_cached(
            "INSERT INTO in_hand (mailbox, folder, validity, uid, attempts) VALUES (?1, ?2, ?3, ?4, 1)
             ON CONFLICT (mailbox, folder, validity, uid) DO UPDATE SET attempts = attempts + 1",
        )
        .attempted("take messages in hand")?;
    for key in keys {
        statement
            .execute(params![key.mailbox, key.folder, key.validity, key.uid])
            .attempted("take a message in hand")?;
    }
    Ok(())
}

fn record_one(
    transaction: &Transaction<'_>,
    fact: &Fact,
    now: DateTime<Utc>,
    recorded: &mut Recorded,
) -> Result<(), LedgerError> {
    let key = &fact.key;
    let (outcome, letter_id, reason) = match &fact.finding {
        Finding::BeforeStart => {
            recorded.before_start += 1;
            ("before_start", None, "")
        }
        Finding::Quarantined(reason) => {
            recorded.quarantined += 1;
            ("quarantined", None, reason.as_str())
        }
        Finding::Letter(letter) => match known_letter(transaction, letter)? {
            Some(id) if !letter.junk && was_no_junk(transaction, id)? => {
                recorded.letters += 1;
                ("letter", Some(id), "")
            }
            Some(id) => {
                recorded.copies += 1;
                ("copy", Some(id), "")
            }
            None => {
                recorded.letters += 1;
                ("letter", Some(insert_letter(transaction, letter, &fact.raw)?), "")
            }
        },
    };
    let revision = if outcome == "quarantined" { next_revision(transaction)? } else { 0 };
    let size = i64::try_from(fact.size).unwrap_or(i64::MAX);
    transaction
        .prepare_cached(
            "INSERT INTO message (mailbox, folder, validity, uid, raw, size, seen_at, outcome, letter_id, reason, revision)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (mailbox, folder, validity, uid) DO NOTHING",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                key.mailbox,
                key.folder,
                key.validity,
                key.uid,
                fact.raw,
                size,
                stamp(now),
                outcome,
                letter_id,
                reason,
                revision
            ])
        })
        .attempted("record a message")?;
    transaction
        .prepare_cached("DELETE FROM in_hand WHERE mailbox = ?1 AND folder = ?2 AND validity = ?3 AND uid = ?4")
        .and_then(|mut statement| statement.execute(params![key.mailbox, key.folder, key.validity, key.uid]))
        .attempted("put a message out of hand")?;
    Ok(())
}

fn known_letter(transaction: &Transaction<'_>, letter: &NewLetter) -> Result<Option<i64>, LedgerError> {
    transaction
        .prepare_cached("SELECT id FROM letter WHERE message_id = ?1 AND fingerprint = ?2")
        .and_then(|mut statement| {
            statement.query_row(params![letter.message_id, letter.fingerprint], |row| row.get(0)).optional()
        })
        .attempted("look for another copy of a letter")
}

/// A letter that was left in the folder of spam and lies elsewhere now: somebody moved it, and it is decided anew.
fn was_no_junk(transaction: &Transaction<'_>, id: i64) -> Result<bool, LedgerError> {
    transaction
        .prepare_cached(
            "UPDATE letter SET junk = 0, outcome = 'pending', reason = '' WHERE id = ?1 AND junk AND outcome = 'aside'",
        )
        .and_then(|mut statement| statement.execute(params![id]))
        .map(|changed| changed == 1)
        .attempted("take a letter for no spam")
}

fn insert_letter(transaction: &Transaction<'_>, letter: &NewLetter, raw: &str) -> Result<i64, LedgerError> {
    let reading = serde_json::to_string(&letter.reading)
        .map_err(|error| LedgerError::Unreadable(format!("a reading ({error})")))?;
    let thread = serde_json::to_string(&letter.thread).unwrap_or_default();
    transaction
        .prepare_cached(
            "INSERT INTO letter (raw, message_id, fingerprint, channel, received_at, late, junk, sender, sender_name,
                                 subject, thread, reading, text_digest, outcome, reason, reply_by, year, decided_rev)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'pending', '', '', ?14, 0)",
        )
        .and_then(|mut statement| {
            statement.insert(params![
                raw,
                letter.message_id,
                letter.fingerprint,
                letter.channel,
                stamp(letter.received_at),
                letter.late,
                letter.junk,
                letter.sender,
                letter.sender_name,
                letter.subject,
                thread,
                reading,
                letter.reading.text_digest.as_deref().unwrap_or_default(),
                kyiv_day(letter.received_at).year(),
            ])
        })
        .attempted("record a letter")
}
