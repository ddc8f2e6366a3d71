//! Replicas: what a workbook shows of the ledger, at any revision, and what is known of the file itself.

use crate::desk::unregistered::UnregisteredLine;
use crate::domain::field::Field;
use crate::domain::kyiv::to_kyiv;
use crate::domain::register::Row;
use crate::domain::status::STATUSES;
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::{stamp, unstamp};
use crate::ledger::open::Ledger;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

/// What is known of a workbook's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replica {
    /// Its identity, as in the stamp.
    pub id: String,
    /// What it shows ("register").
    pub kind: String,
    /// Where it lies.
    pub path: String,
    /// Year of the register.
    pub year: i32,
    /// Revision that our last write showed.
    pub written_rev: i64,
    /// SHA-256 of the file as we last wrote or agreed it; empty before the first write.
    pub digest: String,
    /// Device, inode, size and time of the same, as text; a quick look before the digest.
    pub stat: String,
    /// SHA-256 of what we are about to write; the file has it if we were killed right after the write.
    pub intended: String,
    /// Revision that the intended content shows.
    pub intended_rev: i64,
    /// Who has it open, as far as anything tells; empty: nobody knows who.
    pub held_by: String,
    /// Since when somebody has it open; `None`: nobody has.
    pub held_since: Option<DateTime<Utc>>,
    /// Who had it open last since it and the ledger agreed; empty if nothing told.
    pub editor: String,
    /// Why pending changes wait; empty if they do not.
    pub waiting: String,
    /// Stable key of the same.
    pub waiting_code: String,
    /// Since when.
    pub waiting_since: Option<DateTime<Utc>>,
    /// How many notices were sent about this wait.
    pub notices: u32,
    /// SHA-256 of the workbook beside it that shows what waits; empty: there is none.
    pub companion: String,
}

impl Replica {
    /// The register of a year that was never written.
    pub fn register(id: String, path: String, year: i32) -> Self {
        Self {
            id,
            kind: "register".to_owned(),
            path,
            year,
            written_rev: -1,
            digest: String::new(),
            stat: String::new(),
            intended: String::new(),
            intended_rev: -1,
            held_by: String::new(),
            held_since: None,
            editor: String::new(),
            waiting: String::new(),
            waiting_code: String::new(),
            waiting_since: None,
            notices: 0,
            companion: String::new(),
        }
    }
}

const COLUMNS: &str =
    "id, kind, path, year, written_rev, digest, stat, intended, intended_rev, held_by, held_since, editor,
                       waiting, waiting_since, notices, companion, waiting_code";

/// A row of a register with what identifies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// Id of the appeal in the ledger.
    pub appeal: i64,
    /// Running number in the year.
    pub seq: i64,
    /// Registration number.
    pub number: String,
    /// Its cells.
    pub row: Row,
}

impl Ledger {
    /// What is known of a workbook.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn replica(&self, id: &str) -> Result<Option<Replica>, LedgerError> {
        self.db
            .prepare_cached(&format!("SELECT {COLUMNS} FROM replica WHERE id = ?1"))
            .and_then(|mut statement| statement.query_row(params![id], replica).optional())
            .attempted("look up a replica")
    }

    /// All workbooks, by their identity.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn replicas(&self) -> Result<Vec<Replica>, LedgerError> {
        self.db
            .prepare_cached(&format!("SELECT {COLUMNS} FROM replica ORDER BY id"))
            .and_then(|mut statement| statement.query_map([], replica)?.collect())
            .attempted("list the replicas")
    }

    /// Keeps what is known of a workbook.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn save_replica(&mut self, replica: &Replica) -> Result<(), LedgerError> {
        self.db
            .prepare_cached(&format!(
                "INSERT OR REPLACE INTO replica ({COLUMNS}) VALUES
                 (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
            ))
            .and_then(|mut statement| {
                statement.execute(params![
                    replica.id,
                    replica.kind,
                    replica.path,
                    replica.year,
                    replica.written_rev,
                    replica.digest,
                    replica.stat,
                    replica.intended,
                    replica.intended_rev,
                    replica.held_by,
                    replica.held_since.map(stamp).unwrap_or_default(),
                    replica.editor,
                    replica.waiting,
                    replica.waiting_since.map(stamp).unwrap_or_default(),
                    replica.notices,
                    replica.companion,
                    replica.waiting_code
                ])
            })
            .map(|_| ())
            .attempted("keep a replica")
    }

    /// Years that have at least one appeal.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn years(&self) -> Result<Vec<i32>, LedgerError> {
        self.db
            .prepare_cached("SELECT year FROM counter ORDER BY year")
            .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
            .attempted("list the years")
    }

    /// The last revision that changed what the register of a year shows.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn register_revision(&self, year: i32) -> Result<i64, LedgerError> {
        self.db
            .prepare_cached(
                "SELECT MAX(
                    COALESCE((SELECT from_rev FROM row_version CROSS JOIN appeal ON appeal.id = appeal_id
                              WHERE year = ?1 ORDER BY from_rev DESC LIMIT 1), 0),
                    COALESCE((SELECT MAX(decided_rev) FROM conflict CROSS JOIN appeal ON appeal.id = appeal_id
                              WHERE year = ?1), 0),
                    COALESCE((SELECT MAX(decided_rev) FROM letter WHERE year = ?1 AND reason <> ''), 0),
                    COALESCE((SELECT MAX(revision) FROM message
                              WHERE outcome = 'quarantined' AND substr(seen_at, 1, 4) = CAST(?1 AS TEXT)), 0))",
            )
            .and_then(|mut statement| statement.query_row(params![year], |row| row.get(0)))
            .attempted("look for changes of a register")
    }

    /// Whether an appeal of a year is not closed yet.
    ///
    /// # Errors
    /// If SQLite fails or a row cannot be understood.
    pub fn has_open_appeals(&self, year: i32) -> Result<bool, LedgerError> {
        let closed = |row: &Row| {
            let label = row.get(Field::Status).to_string();
            STATUSES.iter().any(|spec| spec.is_final && spec.label == label)
        };
        Ok(self.current_rows("", (year, -1))?.iter().any(|numbered| !closed(&numbered.row)))
    }

    /// How many rows the register of a year shows at a revision.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn count_rows(&self, year: i32, revision: i64) -> Result<usize, LedgerError> {
        let count: i64 = self
            .db
            .prepare_cached(
                "SELECT COUNT(*) FROM appeal JOIN row_version ON appeal_id = appeal.id
                 WHERE year = ?1 AND from_rev <= ?2 AND (to_rev IS NULL OR to_rev > ?2)",
            )
            .and_then(|mut statement| statement.query_row(params![year, revision], |row| row.get(0)))
            .attempted("count the rows of a year")?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// The rows of a year as they were at a revision, behind a running number, at most `limit`: a page, so that a
    /// writer of many rows does not hold the ledger.
    ///
    /// # Errors
    /// If SQLite fails or a row cannot be understood.
    pub fn page_of_rows(
        &self,
        year: i32,
        revision: i64,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Numbered>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self
            .db
            .prepare_cached(
                "SELECT appeal.id, seq, number, cells FROM appeal JOIN row_version ON appeal_id = appeal.id
                 WHERE year = ?1 AND seq > ?3 AND from_rev <= ?2 AND (to_rev IS NULL OR to_rev > ?2)
                 ORDER BY seq LIMIT ?4",
            )
            .attempted("read a page of rows")?;
        let mut rows = statement.query(params![year, revision, after, limit]).attempted("read a page of rows")?;
        let mut page = Vec::new();
        while let Some(row) = rows.next().attempted("read a page of rows")? {
            page.push(numbered(row)?);
        }
        Ok(page)
    }

    /// The rows of appeals of a year that were registered after a revision, as they are now.
    ///
    /// # Errors
    /// If SQLite fails or a row cannot be understood.
    pub fn new_rows(&self, year: i32, revision: i64) -> Result<Vec<Row>, LedgerError> {
        let new = self.current_rows(
            "AND NOT EXISTS (SELECT 1 FROM row_version old WHERE old.appeal_id = appeal.id AND old.from_rev <= ?2)",
            (year, revision),
        )?;
        Ok(new.into_iter().map(|numbered| numbered.row).collect())
    }

    /// The rows of a year that changed after a revision, as they are now.
    ///
    /// # Errors
    /// If SQLite fails or a row cannot be understood.
    pub fn rows_since(&self, year: i32, revision: i64) -> Result<Vec<Numbered>, LedgerError> {
        self.current_rows("", (year, revision))
    }

    fn current_rows(&self, and: &str, (year, since): (i32, i64)) -> Result<Vec<Numbered>, LedgerError> {
        let sql = format!(
            "SELECT appeal.id, seq, number, cells FROM row_version JOIN appeal ON appeal.id = appeal_id
             WHERE from_rev > ?2 AND to_rev IS NULL AND year = ?1 {and} ORDER BY seq"
        );
        let mut statement = self.db.prepare_cached(&sql).attempted("read changed rows")?;
        let mut rows = statement.query(params![year, since]).attempted("read changed rows")?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().attempted("read changed rows")? {
            found.push(numbered(row)?);
        }
        Ok(found)
    }

    /// Letters of a year that got no row, decided after a revision, oldest first; those that could not be read included.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn unregistered(&self, year: i32, after: i64) -> Result<Vec<UnregisteredLine>, LedgerError> {
        self.db
            .prepare_cached(
                "SELECT received_at, channel, sender, subject, reading ->> '$.class', reason,
                        COALESCE(number, reading ->> '$.refers_to', ''), raw
                 FROM letter LEFT JOIN appeal ON appeal.id = letter.appeal_id
                 WHERE letter.year = ?1 AND reason <> '' AND decided_rev > ?2
                 UNION ALL
                 SELECT seen_at, mailbox, '', '', 'unreadable', reason, '', raw FROM message
                 WHERE outcome = 'quarantined' AND substr(seen_at, 1, 4) = CAST(?1 AS TEXT) AND revision > ?2
                 ORDER BY 1",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![year, after], |row| {
                        let received: String = row.get(0)?;
                        Ok(UnregisteredLine {
                            received: to_kyiv(unstamp(&received)),
                            channel: row.get(1)?,
                            sender: row.get(2)?,
                            subject: row.get(3)?,
                            class: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
                            reason: row.get(5)?,
                            number: row.get(6)?,
                            raw: row.get(7)?,
                        })
                    })?
                    .collect()
            })
            .attempted("list the letters without a row")
    }
}

fn replica(row: &rusqlite::Row<'_>) -> rusqlite::Result<Replica> {
    let moment = |index: usize| -> rusqlite::Result<Option<DateTime<Utc>>> {
        let text: String = row.get(index)?;
        Ok(if text.is_empty() { None } else { Some(unstamp(&text)) })
    };
    Ok(Replica {
        id: row.get(0)?,
        kind: row.get(1)?,
        path: row.get(2)?,
        year: row.get(3)?,
        written_rev: row.get(4)?,
        digest: row.get(5)?,
        stat: row.get(6)?,
        intended: row.get(7)?,
        intended_rev: row.get(8)?,
        held_by: row.get(9)?,
        held_since: moment(10)?,
        editor: row.get(11)?,
        waiting: row.get(12)?,
        waiting_since: moment(13)?,
        notices: row.get(14)?,
        companion: row.get(15)?,
        waiting_code: row.get(16)?,
    })
}

fn numbered(row: &rusqlite::Row<'_>) -> Result<Numbered, LedgerError> {
    let appeal = row.get(0).attempted("read a row")?;
    let cells: String = row.get(3).attempted("read a row")?;
    Ok(Numbered {
        appeal,
        seq: row.get(1).attempted("read a row")?,
        number: row.get(2).attempted("read a row")?,
        row: Row::decode(&cells).ok_or_else(|| LedgerError::Unreadable(format!("the row of appeal {appeal}")))?,
    })
}
