//! The snapshot: everything in the ledger that bears on the letters that wait.

use crate::desk::repeat::letter_keys;
use crate::desk::snapshot::{Answered, Asked, Channel, Earlier, Known, Pending, Snapshot};
use crate::domain::kyiv::{from_kyiv, to_kyiv};
use crate::domain::reading::Class;
use crate::ledger::channel::{self as ledger, ChannelTrouble};
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::{stamp, unstamp};
use crate::ledger::open::Ledger;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{OptionalExtension, Row, params};
use std::collections::{BTreeMap, BTreeSet};

const LETTER_COLUMNS: &str =
    "id, channel, received_at, late, junk, sender, sender_name, subject, message_id, thread, reading, fingerprint";

/// Of so many letters with one text only the latest are looked at: a storm must not make each letter dearer.
const MOST_ALIKE: i64 = 1000;

/// The empty digest is excluded in words, since only so the partial index serves (SQLite, partial indexes, §2).
const SAME_TEXT: &str =
    "SELECT id, sender, reading ->> '$.surname.value', reading ->> '$.name.value', received_at FROM letter
     WHERE text_digest = ?1 AND text_digest <> '' AND outcome IN ('registered', 'attached', 'aside')
     ORDER BY id DESC LIMIT ?2";

impl Ledger {
    /// What the desk must know to decide on the oldest `limit` waiting letters. `vouches` gives the number in a
    /// Message-ID that one of our keys signed for a letter to this address.
    ///
    /// # Errors
    /// If SQLite fails or a stored reading cannot be understood.
    pub fn snapshot(
        &self,
        now: DateTime<Utc>,
        limit: usize,
        vouches: &dyn Fn(&str, &str) -> Option<String>,
    ) -> Result<Snapshot, LedgerError> {
        let local = to_kyiv(now);
        let mut snapshot = Snapshot { now: local, letters: self.pending(limit)?, ..Snapshot::default() };
        snapshot.last_seq = self.last_numbers()?;
        snapshot.undelivered = self.undelivered(limit)?;
        snapshot.channels = self.channels()?.into_iter().map(as_seen).collect();
        snapshot.unanswered = self.unanswered(local.date(), limit)?;
        snapshot.cases = self.cases(now, limit)?;
        let day_start = from_kyiv(local.date().and_time(chrono::NaiveTime::MIN));
        let mut recipients = BTreeSet::new();
        for letter in &snapshot.letters {
            if let Some(digest) = &letter.reading.text_digest
                && !snapshot.same_text.contains_key(digest)
            {
                snapshot.same_text.insert(digest.clone(), self.same_text(digest)?);
            }
            for id in &letter.reading.answers {
                if let Some(answered) = self.answered(id)? {
                    if let Some(aside) = answered.aside
                        && let Some(pending) = self.letter(aside)?
                    {
                        snapshot.aside.insert(aside, pending);
                    }
                    snapshot.answered.insert(id.clone(), answered);
                } else if let Some(number) = vouches(id, &letter.sender)
                    && let Some(known) = self.appeal_by_number(&number)?
                {
                    snapshot.vouched.entry(letter.id).or_insert(known);
                }
            }
            if let Some(number) = &letter.reading.refers_to
                && let Some(known) = self.appeal_by_number(number)?
            {
                snapshot.named.insert(number.clone(), known);
            }
            if letter.junk && self.is_applicant(&letter.sender)? {
                snapshot.known_senders.insert(letter.sender.clone());
            }
            if matches!(letter.reading.class, Class::Appeal | Class::FollowUp) {
                snapshot.formers.insert(letter.id, self.formers(&letter_keys(&letter.reading))?);
            }
            recipients.insert(letter.sender.clone());
            recipients.extend(letter.reading.email.clone());
        }
        if !snapshot.letters.is_empty() {
            snapshot.recent = self.recent_appeals(now)?;
        }
        let answered = snapshot.answered.values().filter_map(|answered| answered.appeal.as_ref());
        let about: BTreeSet<i64> =
            answered.chain(snapshot.vouched.values()).chain(snapshot.named.values()).map(|known| known.id).collect();
        for id in about {
            snapshot.written_about.extend(self.case(id)?.map(|case| (id, case)));
        }
        recipients.extend(snapshot.unanswered.iter().map(|asked| asked.letter.sender.clone()));
        snapshot.written_today = self.written_since(&recipients, day_start)?;
        Ok(snapshot)
    }

    fn pending(&self, limit: usize) -> Result<Vec<Pending>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let sql = format!("SELECT {LETTER_COLUMNS} FROM letter WHERE outcome = 'pending' ORDER BY id LIMIT ?1");
        let mut statement = self.db.prepare_cached(&sql).attempted("list the waiting letters")?;
        let raw: Vec<RawLetter> = statement
            .query_map(params![limit], raw_letter)
            .and_then(Iterator::collect)
            .attempted("list the waiting letters")?;
        raw.into_iter().map(|letter| self.complete(letter)).collect()
    }

    /// A letter by its id.
    ///
    /// # Errors
    /// If SQLite fails or the stored reading cannot be understood.
    pub fn letter(&self, id: i64) -> Result<Option<Pending>, LedgerError> {
        let sql = format!("SELECT {LETTER_COLUMNS} FROM letter WHERE id = ?1");
        let raw = self
            .db
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.query_row(params![id], raw_letter).optional())
            .attempted("look up a letter")?;
        raw.map(|letter| self.complete(letter)).transpose()
    }

    fn complete(&self, raw: RawLetter) -> Result<Pending, LedgerError> {
        let reused: bool = !raw.message_id.is_empty()
            && self
                .db
                .prepare_cached("SELECT 1 FROM letter WHERE message_id = ?1 AND fingerprint <> ?2 AND id < ?3")
                .and_then(|mut statement| statement.exists(params![raw.message_id, raw.fingerprint, raw.id]))
                .attempted("look for another letter with the same Message-ID")?;
        let reading = serde_json::from_str(&raw.reading)
            .map_err(|error| LedgerError::Unreadable(format!("the reading of letter {} ({error})", raw.id)))?;
        Ok(Pending {
            id: raw.id,
            channel: raw.channel,
            received: to_kyiv(unstamp(&raw.received_at)),
            late: raw.late,
            junk: raw.junk,
            sender: raw.sender,
            sender_name: raw.sender_name,
            subject: raw.subject,
            message_id: raw.message_id,
            thread: serde_json::from_str(&raw.thread).unwrap_or_default(),
            message_id_reused: reused,
            reading,
        })
    }

    fn last_numbers(&self) -> Result<BTreeMap<i32, i64>, LedgerError> {
        self.db
            .prepare_cached("SELECT year, last FROM counter")
            .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .attempted("read the counters")
    }

    /// The last running number issued in a year; 0 if none was.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn last_number(&self, year: i32) -> Result<i64, LedgerError> {
        Ok(self.last_numbers()?.get(&year).copied().unwrap_or(0))
    }

    fn unanswered(&self, today: NaiveDate, limit: usize) -> Result<Vec<Asked>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows: Vec<(i64, String)> = self
            .db
            .prepare_cached(
                "SELECT id, reply_by FROM letter WHERE reply_by <> '' AND reply_by < ?1 ORDER BY id LIMIT ?2",
            )
            .and_then(|mut statement| {
                statement.query_map(params![today.to_string(), limit], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .attempted("list the unanswered questions")?;
        let mut asked = Vec::new();
        for (id, reply_by) in rows {
            if let Some(letter) = self.letter(id)?
                && let Ok(reply_by) = reply_by.parse()
            {
                asked.push(Asked { letter, reply_by });
            }
        }
        Ok(asked)
    }

    fn same_text(&self, digest: &str) -> Result<Vec<Earlier>, LedgerError> {
        let mut earlier: Vec<Earlier> = self
            .db
            .prepare_cached(SAME_TEXT)
            .and_then(|mut statement| {
                statement
                    .query_map(params![digest, MOST_ALIKE], |row| {
                        let surname: Option<String> = row.get(2)?;
                        let name: Option<String> = row.get(3)?;
                        let received: String = row.get(4)?;
                        Ok(Earlier {
                            id: row.get(0)?,
                            sender: row.get(1)?,
                            applicant: crate::desk::context::applicant_key(surname.as_deref(), name.as_deref()),
                            received: to_kyiv(unstamp(&received)),
                        })
                    })?
                    .collect()
            })
            .attempted("look for the same text")?;
        earlier.reverse();
        Ok(earlier)
    }

    fn answered(&self, message_id: &str) -> Result<Option<Answered>, LedgerError> {
        type Found = (i64, Option<i64>, Option<i64>, String, bool);
        let row: Option<Found> = self
            .db
            .prepare_cached(
                "SELECT id, appeal_id, letter_id, recipient, kind LIKE 'department%' FROM outbox WHERE message_id = ?1",
            )
            .and_then(|mut statement| {
                statement
                    .query_row(params![message_id], |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
                    })
                    .optional()
            })
            .attempted("look up a letter of ours")?;
        let Some((mail, appeal_id, letter_id, recipient, to_department)) = row else { return Ok(None) };
        // An appeal may have come of a letter put aside since we asked.
        let later: Option<i64> = match letter_id {
            Some(letter) if appeal_id.is_none() => self
                .db
                .prepare_cached("SELECT appeal_id FROM letter WHERE id = ?1")
                .and_then(|mut statement| statement.query_row(params![letter], |row| row.get(0)).optional())
                .attempted("look up the appeal of a letter")?
                .flatten(),
            Some(_) | None => None,
        };
        let appeal = match appeal_id.or(later) {
            Some(id) => self.appeal(id)?,
            None => None,
        };
        let aside = if appeal.is_none() { letter_id } else { None };
        Ok(Some(Answered { mail, appeal, aside, recipient, to_department }))
    }

    fn appeal_by_number(&self, number: &str) -> Result<Option<Known>, LedgerError> {
        let id: Option<i64> = self
            .db
            .prepare_cached("SELECT id FROM appeal WHERE number = ?1")
            .and_then(|mut statement| statement.query_row(params![number], |row| row.get(0)).optional())
            .attempted("look up a number")?;
        id.map_or(Ok(None), |id| self.appeal(id))
    }

    fn appeal(&self, id: i64) -> Result<Option<Known>, LedgerError> {
        let number: Option<String> = self
            .db
            .prepare_cached("SELECT number FROM appeal WHERE id = ?1")
            .and_then(|mut statement| statement.query_row(params![id], |row| row.get(0)).optional())
            .attempted("look up an appeal")?;
        let Some(number) = number else { return Ok(None) };
        let addresses = self
            .db
            .prepare_cached("SELECT address FROM known_address WHERE appeal_id = ?1 ORDER BY address")
            .and_then(|mut statement| statement.query_map(params![id], |row| row.get(0))?.collect())
            .attempted("list the addresses of an appeal")?;
        Ok(Some(Known { id, number, addresses }))
    }

    fn is_applicant(&self, address: &str) -> Result<bool, LedgerError> {
        self.db
            .prepare_cached("SELECT 1 FROM known_address WHERE address = ?1")
            .and_then(|mut statement| statement.exists(params![address]))
            .attempted("look up an address")
    }

    fn written_since(
        &self,
        recipients: &BTreeSet<String>,
        since: DateTime<Utc>,
    ) -> Result<BTreeMap<String, u32>, LedgerError> {
        let mut statement = self
            .db
            .prepare_cached("SELECT COUNT(*) FROM outbox WHERE recipient = ?1 AND queued_at >= ?2")
            .attempted("count the letters of a day")?;
        let mut counts = BTreeMap::new();
        for recipient in recipients {
            let count: u32 = statement
                .query_row(params![recipient, stamp(since)], |row| row.get(0))
                .attempted("count the letters of a day")?;
            if count > 0 {
                counts.insert(recipient.clone(), count);
            }
        }
        Ok(counts)
    }
}

/// A channel as the desk sees it.
fn as_seen(channel: ledger::Channel) -> Channel {
    let ChannelTrouble { text, remedy, urgent, .. } = channel.trouble;
    let (since, told) = (channel.since.map(to_kyiv), channel.told.map(to_kyiv));
    Channel { name: channel.name, since, told, text, remedy, urgent }
}

/// A letter as its row has it.
struct RawLetter {
    id: i64,
    channel: String,
    received_at: String,
    late: bool,
    junk: bool,
    sender: String,
    sender_name: String,
    subject: String,
    message_id: String,
    thread: String,
    reading: String,
    fingerprint: String,
}

fn raw_letter(row: &Row<'_>) -> rusqlite::Result<RawLetter> {
    Ok(RawLetter {
        id: row.get(0)?,
        channel: row.get(1)?,
        received_at: row.get(2)?,
        late: row.get(3)?,
        junk: row.get(4)?,
        sender: row.get(5)?,
        sender_name: row.get(6)?,
        subject: row.get(7)?,
        message_id: row.get(8)?,
        thread: row.get(9)?,
        reading: row.get(10)?,
        fingerprint: row.get(11)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_for_the_same_text_never_reads_through_all_letters() {
        let ledger = Ledger::in_memory().unwrap();
        let way: String = ledger
            .db
            .query_row(&format!("EXPLAIN QUERY PLAN {SAME_TEXT}"), params!["digest", 1], |row| row.get(3))
            .unwrap();
        assert!(way.contains("letter_text"), "{way}");
    }
}
