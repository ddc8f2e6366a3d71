//! The ways to the outside and how each is: what is wrong with it, since when, and until when it rests.
//!
//! An episode begins with the first failure and ends with the first success; people are told of each end once.

use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::{stamp, unstamp};
use crate::ledger::open::Ledger;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

/// What is wrong with a channel, said for each of its readers.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct ChannelTrouble {
    /// What is wrong and the remedy in one line, for logs and `status`.
    pub what: String,
    /// What happened, Ukrainian, for the letter to the administrator.
    pub text: String,
    /// What to do, Ukrainian.
    pub remedy: String,
    /// It will not pass by itself.
    pub urgent: bool,
}

impl std::fmt::Display for ChannelTrouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)
    }
}

/// How a channel is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Channel {
    /// Its name: "mailbox 1", "post".
    pub name: String,
    /// When it last worked.
    pub works_at: Option<DateTime<Utc>>,
    /// Since when it does not work; `None`: it works.
    pub since: Option<DateTime<Utc>>,
    /// What is wrong.
    pub trouble: ChannelTrouble,
    /// Since when the failure lasted that people know of; `None`: they know of none.
    pub told: Option<DateTime<Utc>>,
    /// Nothing is tried before this time.
    pub rests_until: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "name, works_at, since, what, text, remedy, urgent, told, rests_until";

impl Ledger {
    /// All channels that were ever used.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn channels(&self) -> Result<Vec<Channel>, LedgerError> {
        self.db
            .prepare_cached(&format!("SELECT {COLUMNS} FROM channel ORDER BY name"))
            .and_then(|mut statement| statement.query_map([], channel)?.collect())
            .attempted("list the channels")
    }

    /// One channel; `None` if it was never used.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn channel(&self, name: &str) -> Result<Option<Channel>, LedgerError> {
        self.db
            .prepare_cached(&format!("SELECT {COLUMNS} FROM channel WHERE name = ?1"))
            .and_then(|mut statement| statement.query_row(params![name], channel).optional())
            .attempted("look up a channel")
    }

    /// Notes that a channel works.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn note_works(&mut self, name: &str, now: DateTime<Utc>) -> Result<(), LedgerError> {
        self.db
            .prepare_cached(
                "INSERT INTO channel (name, works_at, since, what, text, remedy, urgent, told, rests_until)
                 VALUES (?1, ?2, '', '', '', '', 0, '', '')
                 ON CONFLICT (name) DO UPDATE SET works_at = ?2, since = '', what = '', text = '', remedy = '',
                                                  urgent = 0, rests_until = ''",
            )
            .and_then(|mut statement| statement.execute(params![name, stamp(now)]))
            .map(|_| ())
            .attempted("note that a channel works")
    }

    /// Notes that a channel does not work. `true` if it did until now.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn note_trouble(
        &mut self,
        name: &str,
        trouble: &ChannelTrouble,
        rests_until: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<bool, LedgerError> {
        let worked = self.channel(name)?.is_none_or(|channel| channel.since.is_none());
        self.db
            .prepare_cached(
                "INSERT INTO channel (name, works_at, since, what, text, remedy, urgent, told, rests_until)
                 VALUES (?1, '', ?2, ?3, ?4, ?5, ?6, '', ?7)
                 ON CONFLICT (name) DO UPDATE SET since = CASE since WHEN '' THEN ?2 ELSE since END, what = ?3, text = ?4,
                                                  remedy = ?5, urgent = ?6, rests_until = ?7",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    name,
                    stamp(now),
                    trouble.what,
                    trouble.text,
                    trouble.remedy,
                    trouble.urgent,
                    rests_until.map(stamp).unwrap_or_default()
                ])
            })
            .attempted("note that a channel does not work")?;
        Ok(worked)
    }
}

fn channel(row: &Row<'_>) -> rusqlite::Result<Channel> {
    let moment = |index: usize| -> rusqlite::Result<Option<DateTime<Utc>>> {
        let text: String = row.get(index)?;
        Ok(if text.is_empty() { None } else { Some(unstamp(&text)) })
    };
    Ok(Channel {
        name: row.get(0)?,
        works_at: moment(1)?,
        since: moment(2)?,
        trouble: ChannelTrouble { what: row.get(3)?, text: row.get(4)?, remedy: row.get(5)?, urgent: row.get(6)? },
        told: moment(7)?,
        rests_until: moment(8)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn an_episode_begins_with_the_first_failure_and_ends_with_the_first_success() {
        let mut ledger = Ledger::in_memory().unwrap();
        let at = |minute| unstamp("2026-03-02T08:00:00Z") + TimeDelta::minutes(minute);
        let trouble = |what: &str| ChannelTrouble { what: what.to_owned(), ..ChannelTrouble::default() };
        assert!(ledger.note_trouble("post", &trouble("one"), Some(at(60)), at(0)).unwrap());
        assert!(!ledger.note_trouble("post", &trouble("two"), None, at(5)).unwrap());
        let channel = ledger.channel("post").unwrap().unwrap();
        assert_eq!((channel.since, channel.trouble.what.as_str(), channel.rests_until), (Some(at(0)), "two", None));
        ledger.note_works("post", at(7)).unwrap();
        let channel = ledger.channels().unwrap().remove(0);
        assert_eq!((channel.since, channel.works_at, channel.trouble), (None, Some(at(7)), ChannelTrouble::default()));
    }
}
