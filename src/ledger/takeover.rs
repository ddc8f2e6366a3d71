//! Taking over what people did to a workbook: their cells, their new rows, what lost against them. One transaction.

use crate::desk::action::Registration;
use crate::desk::calls::Entry;
use crate::desk::conflict::Decision;
use crate::desk::typical::Typical;
use crate::domain::digest::Digest;
use crate::domain::field::Field;
use crate::domain::form::Form;
use crate::domain::kyiv::to_kyiv;
use crate::domain::register::Row;
use crate::domain::value::Value;
use crate::ledger::commit::{Commit, JournalLine};
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::stamp;
use crate::ledger::open::{Ledger, next_revision};
use chrono::{DateTime, Utc};
use rusqlite::params;
use std::collections::BTreeSet;

/// What becomes of one cell that a person changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The ledger takes it.
    Taken,
    /// The ledger takes it; what it had is kept as a conflict.
    Won,
    /// The ledger's value stands; what the person typed is in the journal.
    PutBack,
    /// It will be put back when the file can be written; what the person typed is in the journal, once.
    Noted,
}

/// One cell that a person changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellEdit {
    /// The appeal.
    pub appeal: i64,
    /// The column.
    pub field: Field,
    /// What the ledger has.
    pub old: Value,
    /// What the person typed.
    pub new: Value,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// Everything that is taken over in one pass.
#[derive(Debug, Clone, Default)]
pub struct TakeOver {
    /// Who edited, as the lock file told; else "оператор".
    pub actor: String,
    /// In which replica.
    pub replica: String,
    /// Cells.
    pub cells: Vec<CellEdit>,
    /// Rows that people typed and that are complete.
    pub registrations: Vec<Registration>,
    /// Lines to be added to the hints of rows.
    pub hints: Vec<(i64, String)>,
    /// Appeals whose number was seen in the workbook.
    pub seen: Vec<i64>,
    /// What operators entered in the sheet of calls.
    pub calls: Vec<Entry>,
    /// Revision that the workbook shows.
    pub stamped: i64,
    /// What the sheet of typical answers had said, and says now.
    pub typical: Option<(Vec<Typical>, Vec<Typical>)>,
    /// Conflicts that a person decided.
    pub decisions: Vec<(i64, Decision)>,
    /// Letters that may speak for a department: whether they do.
    pub approvals: Vec<(i64, bool)>,
    /// What rows that are no appeal say now, if that changed.
    pub unnumbered: Option<Vec<Row>>,
    /// What such rows said that stands nowhere any more.
    pub gone: BTreeSet<(Field, Value)>,
}

impl TakeOver {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
            && self.registrations.is_empty()
            && self.hints.is_empty()
            && self.seen.is_empty()
            && self.decisions.is_empty()
            && self.calls.is_empty()
            && self.approvals.is_empty()
            && self.typical.is_none()
            && self.unnumbered.is_none()
            && self.gone.is_empty()
    }
}

/// An appeal with its rows since a revision.
#[derive(Debug, Clone, PartialEq)]
pub struct Versions {
    /// Its id.
    pub appeal: i64,
    /// Its number.
    pub number: String,
    /// Its row at the revision; `None` if it was not there yet.
    pub base: Option<Row>,
    /// Its rows after the revision, oldest first.
    pub since: Vec<Row>,
    /// Its number was not yet seen in the workbook that it was typed into.
    pub adopted: bool,
}

impl Versions {
    /// Its row now.
    pub fn now(&self) -> Option<&Row> {
        self.since.last().or(self.base.as_ref())
    }
}

impl Ledger {
    /// Takes over what people did.
    ///
    /// # Errors
    /// `Stale` if a number was foreseen that is not the next; nothing is taken over then.
    pub fn take_over(&mut self, take: &TakeOver, now: DateTime<Utc>) -> Result<Vec<i64>, LedgerError> {
        let transaction = self.immediate()?;
        let mut appeals = Vec::new();
        {
            let revision = next_revision(&transaction)?;
            let commit = Commit { transaction: &transaction, at: stamp(now), revision };
            for edit in &take.cells {
                commit.take_cell(edit, take)?;
            }
            for registration in &take.registrations {
                let appeal = commit.register(registration)?;
                commit.journal_typed(appeal, registration, &take.actor)?;
                transaction
                    .execute("INSERT INTO adopted (appeal_id) VALUES (?1)", params![appeal])
                    .attempted("note an adopted row")?;
                appeals.push(appeal);
            }
            if let Some((known, lines)) = &take.typical {
                commit.take_typical(known, lines, take)?;
            }
            for entry in &take.calls {
                commit.take_call(entry, take)?;
            }
            for (conflict, decision) in &take.decisions {
                commit.decide_conflict(*conflict, *decision, take)?;
            }
            let day = to_kyiv(now).format("%d.%m.%Y").to_string();
            for approval in &take.approvals {
                commit.approve(*approval, &day, take)?;
            }
            for (appeal, hint) in &take.hints {
                commit.add_hint(*appeal, hint, &format!("put back in {}", take.replica))?;
            }
            commit.remember_unnumbered(take)?;
            for appeal in &take.seen {
                transaction
                    .execute("DELETE FROM adopted WHERE appeal_id = ?1", params![appeal])
                    .attempted("note that a number was seen")?;
            }
        }
        transaction.commit().attempted("commit what people did")?;
        Ok(appeals)
    }

    /// What rows of a workbook that are no appeal said when it was last read, in the order of the sheet.
    ///
    /// # Errors
    /// If SQLite fails or a row cannot be understood.
    pub fn unnumbered(&self, replica: &str) -> Result<Vec<Row>, LedgerError> {
        let cells: Vec<String> = self
            .db
            .prepare_cached("SELECT cells FROM unnumbered WHERE replica = ?1 ORDER BY place")
            .and_then(|mut statement| statement.query_map(params![replica], |row| row.get(0))?.collect())
            .attempted("look for rows that are no appeal")?;
        let row = |cells: &String| {
            Row::decode(cells).ok_or_else(|| LedgerError::Unreadable(format!("a row that is no appeal of {replica}")))
        };
        cells.iter().map(row).collect()
    }

    /// What the register of a year shows of its appeals if it agrees with the ledger: appeal, number, digest. Without
    /// those whose number was not yet seen in the workbook that they were typed into.
    ///
    /// # Errors
    /// If SQLite fails or a row cannot be understood.
    pub fn digests(&self, year: i32) -> Result<Vec<(i64, String, Digest)>, LedgerError> {
        let mut statement = self
            .db
            .prepare_cached(
                "SELECT appeal.id, number, cells FROM appeal JOIN row_version ON row_version.appeal_id = appeal.id
                 WHERE year = ?1 AND to_rev IS NULL
                   AND NOT EXISTS (SELECT 1 FROM adopted WHERE adopted.appeal_id = appeal.id) ORDER BY seq",
            )
            .attempted("read the rows of a year")?;
        let mut rows = statement.query(params![year]).attempted("read the rows of a year")?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().attempted("read the rows of a year")? {
            let appeal: i64 = row.get(0).attempted("read a row")?;
            let cells = row.get_ref(2).attempted("read a row")?.as_str().unwrap_or_default();
            let digest = Row::decode(cells)
                .ok_or_else(|| LedgerError::Unreadable(format!("the row of appeal {appeal}")))?
                .digest(Form::Register);
            found.push((appeal, row.get(1).attempted("read a row")?, digest));
        }
        Ok(found)
    }

    /// The appeals of a year, but for these, with their rows since a revision, in the order of their numbers.
    ///
    /// # Errors
    /// If SQLite fails or a row cannot be understood.
    pub fn versions(&self, year: i32, revision: i64, but_for: &BTreeSet<i64>) -> Result<Vec<Versions>, LedgerError> {
        let mut statement = self
            .db
            .prepare_cached(
                "SELECT appeal.id, number, from_rev, cells,
                        EXISTS (SELECT 1 FROM adopted WHERE adopted.appeal_id = appeal.id)
                 FROM appeal JOIN row_version ON row_version.appeal_id = appeal.id
                 WHERE year = ?1 AND (to_rev IS NULL OR to_rev > ?2) ORDER BY seq, from_rev",
            )
            .attempted("read the versions of rows")?;
        let mut rows = statement.query(params![year, revision]).attempted("read the versions of rows")?;
        let mut found: Vec<Versions> = Vec::new();
        while let Some(row) = rows.next().attempted("read the versions of rows")? {
            let appeal: i64 = row.get(0).attempted("read a version")?;
            if but_for.contains(&appeal) {
                continue;
            }
            let from: i64 = row.get(2).attempted("read a version")?;
            let cells: String = row.get(3).attempted("read a version")?;
            let cells =
                Row::decode(&cells).ok_or_else(|| LedgerError::Unreadable(format!("the row of appeal {appeal}")))?;
            if found.last().is_none_or(|last| last.appeal != appeal) {
                found.push(Versions {
                    appeal,
                    number: row.get(1).attempted("read a version")?,
                    base: None,
                    since: Vec::new(),
                    adopted: row.get(4).attempted("read a version")?,
                });
            }
            if let Some(last) = found.last_mut() {
                if from <= revision { last.base = Some(cells) } else { last.since.push(cells) }
            }
        }
        Ok(found)
    }
}

impl Commit<'_> {
    fn take_cell(&self, edit: &CellEdit, take: &TakeOver) -> Result<(), LedgerError> {
        let cause = match edit.outcome {
            Outcome::Taken | Outcome::Won => format!("edited in {}", take.replica),
            Outcome::PutBack | Outcome::Noted => format!("put back in {}: the column is the service's", take.replica),
        };
        match edit.outcome {
            Outcome::Taken | Outcome::Won => {
                self.set_cells(edit.appeal, &[(edit.field, edit.new.clone())], &take.actor, &cause)?;
            }
            Outcome::Noted if self.journalled(edit.appeal, edit.field, &edit.new)? => {}
            Outcome::PutBack | Outcome::Noted => self.journal(&JournalLine {
                actor: &take.actor,
                cause: &cause,
                appeal: Some(edit.appeal),
                field: edit.field.id(),
                old: &edit.new.encode(),
                new: &edit.old.encode(),
            })?,
        }
        if edit.outcome == Outcome::Won {
            self.keep_conflict(edit, &take.actor)?;
        }
        Ok(())
    }

    /// Whether the journal names this value of this cell as one that was replaced.
    fn journalled(&self, appeal: i64, field: Field, value: &Value) -> Result<bool, LedgerError> {
        self.transaction
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM journal WHERE appeal_id = ?1 AND field = ?2 AND old = ?3)")
            .and_then(|mut statement| {
                statement.query_row(params![appeal, field.id(), value.encode()], |row| row.get(0))
            })
            .attempted("look into the journal")
    }

    /// Remembers what rows that are no appeal say; what is gone goes to the journal.
    fn remember_unnumbered(&self, take: &TakeOver) -> Result<(), LedgerError> {
        let cause = format!("gone from {}: the row was no appeal", take.replica);
        for (field, value) in &take.gone {
            self.journal(&JournalLine {
                actor: &take.actor,
                cause: &cause,
                appeal: None,
                field: field.id(),
                old: &value.encode(),
                new: "",
            })?;
        }
        let Some(rows) = &take.unnumbered else { return Ok(()) };
        let remember = || -> rusqlite::Result<()> {
            self.transaction.execute("DELETE FROM unnumbered WHERE replica = ?1", params![take.replica])?;
            let mut insert = self
                .transaction
                .prepare_cached("INSERT INTO unnumbered (replica, place, cells) VALUES (?1, ?2, ?3)")?;
            for (row, place) in rows.iter().zip(0_i64..) {
                insert.execute(params![take.replica, place, row.encode()])?;
            }
            Ok(())
        };
        remember().attempted("remember rows that are no appeal")
    }

    /// The cells that a person typed into a new row, one line of the journal each.
    fn journal_typed(&self, appeal: i64, registration: &Registration, actor: &str) -> Result<(), LedgerError> {
        for (field, value) in &registration.typed {
            self.journal(&JournalLine {
                actor,
                cause: &registration.cause,
                appeal: Some(appeal),
                field: field.id(),
                old: "",
                new: &value.encode(),
            })?;
        }
        Ok(())
    }
}
