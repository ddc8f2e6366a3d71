//! Letters of ours that did not arrive: refused, given up, returned. People are told of each once.

use crate::desk::snapshot::Undelivered;
use crate::domain::kyiv::to_kyiv;
use crate::ledger::commit::Commit;
use crate::ledger::error::{Attempted, LedgerError};
use crate::ledger::facts::unstamp;
use crate::ledger::open::Ledger;
use rusqlite::params;

/// Beginning of the report on a letter of which nobody knows whether it left.
pub(crate) const PERHAPS_SENT: &str = "perhaps sent";

impl Ledger {
    /// Letters that did not arrive and that nobody was told of, oldest first.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn undelivered(&self, limit: usize) -> Result<Vec<Undelivered>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.db
            .prepare_cached(
                "SELECT outbox.id, kind, recipient, outbox.queued_at, report,
                        COALESCE(outbox.appeal_id, letter.appeal_id), letter.id
                 FROM outbox LEFT JOIN letter ON letter.id = outbox.letter_id
                 WHERE stage IN ('failed', 'bounced') AND told = 0 ORDER BY outbox.id LIMIT ?1",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![limit], |row| {
                        let queued: String = row.get(3)?;
                        let report: String = row.get(4)?;
                        let appeal: Option<i64> = row.get(5)?;
                        let letter: Option<i64> = row.get(6)?;
                        Ok(Undelivered {
                            id: row.get(0)?,
                            kind: row.get(1)?,
                            recipient: row.get(2)?,
                            queued: to_kyiv(unstamp(&queued)),
                            perhaps_sent: report.starts_with(PERHAPS_SENT),
                            report,
                            appeal,
                            aside: letter.filter(|_| appeal.is_none()),
                        })
                    })?
                    .collect()
            })
            .attempted("list the letters that did not arrive")
    }
}

impl Commit<'_> {
    /// A notice of a mail server about a letter of ours.
    pub(crate) fn returned(
        &self,
        letter: i64,
        mail: i64,
        appeal: Option<i64>,
        (code, delayed): (&str, bool),
    ) -> Result<(), LedgerError> {
        let outcome = if appeal.is_some() { "attached" } else { "aside" };
        self.decide(letter, outcome, (appeal, None), "")?;
        let (sql, report) = if delayed {
            ("UPDATE outbox SET report = ?2 WHERE id = ?1 AND stage = 'sent' AND ?3 <> ''", format!("delayed: {code}"))
        } else {
            // A letter that was bounced already, or withdrawn by a person, stays what it is.
            (
                "UPDATE outbox SET stage = 'bounced', report = ?2, changed_at = ?3, told = 0
                 WHERE id = ?1 AND stage IN ('sent', 'uncertain')",
                format!("returned: {code}"),
            )
        };
        self.transaction
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params![mail, report, self.at]))
            .map(|_| ())
            .attempted("note that a letter came back")
    }

    /// People are told of a letter that did not arrive.
    pub(crate) fn tell_of_undelivered(
        &self,
        mail: i64,
        appeal: Option<i64>,
        aside: Option<i64>,
        hint: &str,
    ) -> Result<(), LedgerError> {
        if let Some(appeal) = appeal {
            self.add_hint(appeal, hint, &format!("outbox {mail} did not arrive"))?;
        }
        if let Some(letter) = aside {
            self.transaction
                .prepare_cached(
                    "UPDATE letter SET reason = trim(reason || ' ' || ?2), decided_rev = ?3
                     WHERE id = ?1 AND outcome = 'aside'",
                )
                .and_then(|mut statement| statement.execute(params![letter, hint, self.revision]))
                .attempted("tell of a question that did not arrive")?;
        }
        self.transaction
            .prepare_cached("UPDATE outbox SET told = 1 WHERE id = ?1")
            .and_then(|mut statement| statement.execute(params![mail]))
            .map(|_| ())
            .attempted("note what people know of a letter")
    }
}
