//! The desk's loop: snapshot, plan, write the letters out in full, commit; again until nothing waits.

use crate::desk::plan;
use crate::engine::error::EngineError;
use crate::engine::notices;
use crate::engine::prepare::prepare;
use crate::engine::service::Service;
use crate::ledger::commit::Committed;
use chrono::{DateTime, Utc};
use std::sync::PoisonError;

/// How many letters are decided in one transaction.
const BATCH: usize = 100;

/// Decides on everything that waits.
///
/// # Errors
/// If the ledger fails or a letter of ours cannot be written.
pub fn step(
    service: &Service,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Committed),
) -> Result<Committed, EngineError> {
    let desk = service.desk();
    // Two loops must not decide on one snapshot.
    let _deciding = service.deciding.lock().unwrap_or_else(PoisonError::into_inner);
    let mut total = Committed::default();
    loop {
        let snapshot = service.ledger.with(|ledger| ledger.snapshot(now, BATCH, &|id, to| service.vouches(id, to)))?;
        let plan = plan(&desk, &snapshot);
        if plan.is_empty() {
            let letters = notices::step(service, now)?;
            return Ok(total + Committed { letters, ..Committed::default() });
        }
        let mails = prepare(service, &plan, now)?;
        let committed = service.ledger.with(|ledger| ledger.commit(&plan, &mails, now))?;
        total = total + committed;
        progress(committed);
        service.beat();
        if service.stopping() {
            return Ok(total);
        }
    }
}
