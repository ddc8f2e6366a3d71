//! Conflicts: cells that two sides changed differently, and what people decided about them.

use crate::desk::conflict::{Conflict, Decision, Settled};
use crate::domain::field::Field;
use crate::domain::value::Value;
use crate::ledger::commit::{Commit, JournalLine};
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::unstamp;
use crate::ledger::open::Ledger;
use crate::ledger::takeover::{CellEdit, TakeOver};
use rusqlite::{Row, params};

const COLUMNS: &str = "conflict.id, appeal_id, number, field, workbook, ledger, actor, at, conflict.revision, decision,
                       overtaken, decided_at";

impl Ledger {
    /// The conflicts of a year (`None`: of all), oldest first.
    ///
    /// # Errors
    /// If SQLite fails or a value cannot be understood.
    pub fn conflicts(&self, year: Option<i32>) -> Result<Vec<Conflict>, LedgerError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM conflict JOIN appeal ON appeal.id = appeal_id
             WHERE ?1 IS NULL OR year = ?1 ORDER BY conflict.id"
        );
        let mut statement = self.db.prepare_cached(&sql).attempted("list the conflicts")?;
        let mut rows = statement.query(params![year]).attempted("list the conflicts")?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().attempted("list the conflicts")? {
            found.push(conflict(row)?);
        }
        Ok(found)
    }
}

impl Commit<'_> {
    /// Keeps what lost against a person's edit.
    pub(crate) fn keep_conflict(&self, edit: &CellEdit, actor: &str) -> Result<(), LedgerError> {
        self.transaction
            .prepare_cached(
                "INSERT INTO conflict (appeal_id, field, workbook, ledger, actor, at, revision, decision, overtaken,
                                       decided_at, decided_rev)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', 0, '', 0)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    edit.appeal,
                    edit.field.id(),
                    edit.new.encode(),
                    edit.old.encode(),
                    actor,
                    self.at,
                    self.revision
                ])
            })
            .map(|_| ())
            .attempted("keep a conflict")
    }

    /// Carries out what a person decided about a conflict.
    pub(crate) fn decide_conflict(&self, id: i64, decision: Decision, take: &TakeOver) -> Result<(), LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM conflict JOIN appeal ON appeal.id = appeal_id WHERE conflict.id = ?1");
        let conflict = {
            let mut statement = self.transaction.prepare_cached(&sql).attempted("look up a conflict")?;
            let mut rows = statement.query(params![id]).attempted("look up a conflict")?;
            match rows.next().attempted("look up a conflict")? {
                Some(row) => conflict(row)?,
                None => return Ok(()),
            }
        };
        let Some(field) = Field::from_id(&conflict.field) else { return Ok(()) };
        let now = self.current_row(conflict.appeal)?.get(field).clone();
        let cause = format!("conflict {id} decided in {}: {}", take.replica, decision.id());
        let settled = conflict.settle(decision, &now);
        match &settled {
            Settled::Set(value) => {
                self.set_cells(conflict.appeal, &[(field, value.clone())], &take.actor, &cause)?;
            }
            Settled::Stands | Settled::Overtaken => self.journal(&JournalLine {
                actor: &take.actor,
                cause: &cause,
                appeal: Some(conflict.appeal),
                field: field.id(),
                old: &now.encode(),
                new: &now.encode(),
            })?,
        }
        self.transaction
            .prepare_cached(
                "UPDATE conflict SET decision = ?2, overtaken = ?3, decided_at = ?4, decided_rev = ?5 WHERE id = ?1",
            )
            .and_then(|mut statement| {
                let overtaken = settled == Settled::Overtaken;
                statement.execute(params![id, decision.id(), overtaken, self.at, self.revision])
            })
            .map(|_| ())
            .attempted("keep a decision")
    }
}

fn conflict(row: &Row<'_>) -> Result<Conflict, LedgerError> {
    let text = |at: usize| row.get::<_, String>(at).attempted("read a conflict");
    let value = |at: usize| {
        Value::decode(&text(at)?).ok_or_else(|| LedgerError::Unreadable("a value of a conflict".to_owned()))
    };
    let decided_at = text(11)?;
    Ok(Conflict {
        id: row.get(0).attempted("read a conflict")?,
        appeal: row.get(1).attempted("read a conflict")?,
        number: text(2)?,
        field: text(3)?,
        workbook: value(4)?,
        ledger: value(5)?,
        actor: text(6)?,
        at: unstamp(&text(7)?),
        revision: row.get(8).attempted("read a conflict")?,
        decision: Decision::from_id(&text(9)?),
        overtaken: row.get(10).attempted("read a conflict")?,
        decided_at: (!decided_at.is_empty()).then(|| unstamp(&decided_at)),
    })
}
