//! The job that reminds of terms: once a day, in working hours, of every open appeal whose term comes near.

use crate::desk::deadlines::{cause, digests, near};
use crate::domain::kyiv::to_kyiv;
use crate::domain::schedule::Occurrence;
use crate::engine::error::EngineError;
use crate::engine::jobs::Ended;
use crate::engine::prepare::prepare;
use crate::engine::service::Service;
use crate::letters::kind::LetterKind;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::sync::PoisonError;

/// Reminds departments and the supervisor; made up for outside of working hours, it leaves it to the next time.
///
/// # Errors
/// If the ledger fails or a letter of ours cannot be written.
pub fn run(service: &Service, _occurrence: Occurrence, now: DateTime<Utc>) -> Result<Ended, EngineError> {
    let local = to_kyiv(now);
    if !service.settings.calendar.in_hours(local) {
        return Ok(Ended::Done("nothing is sent outside of working hours".to_owned()));
    }
    let desk = service.desk();
    let _deciding = service.deciding.lock().unwrap_or_else(PoisonError::into_inner);
    let mut found = Vec::new();
    for appeal in service.ledger.with(|ledger| ledger.open_appeals())? {
        let case = service.ledger.with(|ledger| ledger.case(appeal))?;
        found.extend(case.and_then(|case| near(&desk, &case, local.date())));
        service.beat();
    }
    let kinds = [LetterKind::DepartmentReminder.id(), LetterKind::Escalation.id()];
    let beginning = cause("", local.date());
    let causes: BTreeSet<String> = service.ledger.with(|ledger| ledger.causes_beginning(&kinds, &beginning))?;
    let plan = digests(&desk, &found, local.date(), |cause| causes.contains(cause));
    if plan.is_empty() {
        return Ok(Ended::Done("no term comes near".to_owned()));
    }
    let mails = prepare(service, &plan, now)?;
    let committed = service.ledger.with(|ledger| ledger.commit(&plan, &mails, now))?;
    Ok(Ended::Done(format!("{} letters, {} appeals near their term", committed.letters, found.len())))
}
