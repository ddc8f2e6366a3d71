//! Tells people by letter that changes wait, once for each step of each wait.

use super::twins;
use super::waiting::{Waiting, Why};
use crate::desk::action::{Action, Plan};
use crate::desk::register_notice::{Matter, due, letters};
use crate::engine::error::EngineError;
use crate::engine::prepare::prepare;
use crate::engine::service::Service;
use crate::ledger::facts::stamp;
use crate::ledger::replica::Replica;
use chrono::{DateTime, Utc};
use std::path::{Path, PathBuf};

/// Writes the letters that are due about a wait; `replica` notes how many were.
pub(super) fn tell(
    service: &Service,
    replica: &mut Replica,
    (path, waiting): (&Path, &Waiting),
    now: DateTime<Utc>,
) -> Result<(), EngineError> {
    let since = replica.waiting_since.unwrap_or(now);
    let matter = Matter {
        file: twins::name(path),
        episode: format!("{} {} {}", replica.id, waiting.why.code(), stamp(since)),
        held_by: (waiting.why == Why::Held).then_some(replica.held_by.as_str()),
        since,
        appeals: waiting.rows.len(),
        text: &waiting.text,
    };
    let due = due(&matter, now);
    if due > replica.notices {
        promise(service, &matter, due, now)?;
        replica.notices = due;
    }
    Ok(())
}

/// Writes once about a copy of the register.
pub(super) fn tell_of_twins(
    service: &Service,
    replica: &Replica,
    (path, copies): (&Path, &[PathBuf]),
    now: DateTime<Utc>,
) -> Result<(), EngineError> {
    let Some(text) = twins::remark(path, copies) else { return Ok(()) };
    let names: Vec<String> = copies.iter().map(|copy| twins::name(copy)).collect();
    let matter = Matter {
        file: twins::name(path),
        episode: format!("{} twins {}", replica.id, names.join("/")),
        held_by: None,
        since: now,
        appeals: 0,
        text: &text,
    };
    promise(service, &matter, 1, now)
}

/// The outbox keeps one letter for each event and recipient, however often it is promised.
fn promise(service: &Service, matter: &Matter<'_>, notice: u32, now: DateTime<Utc>) -> Result<(), EngineError> {
    let writings = letters(&service.settings.people, matter, notice);
    let actions: Vec<Action> = writings.into_iter().map(|writing| Action::Write(Box::new(writing))).collect();
    if actions.is_empty() {
        return Ok(());
    }
    let plan = Plan { actions };
    let mails = prepare(service, &plan, now)?;
    service.ledger.with(|ledger| ledger.commit(&plan, &mails, now))?;
    Ok(())
}
