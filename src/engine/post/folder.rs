//! Letters into a folder, for trials and tests. Idempotent: the name of the file is the letter's own, so a letter whose
//! delivery was interrupted is simply delivered again.

use super::{GIVE_UP_AFTER, Posted, back_off};
use crate::desk::action::Priority;
use crate::engine::error::EngineError;
use crate::engine::service::Service;
use crate::ledger::outbox::{Mail, Stage};
use crate::world::sent_folder;
use chrono::{DateTime, Utc};
use std::path::Path;

/// Delivers everything that is due.
pub(super) fn step(
    service: &Service,
    folder: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(usize),
) -> Result<Posted, EngineError> {
    let mut posted = Posted::default();
    while !service.stopping() {
        let due = service.ledger.with(|ledger| ledger.due_mail(now, Priority::Routine as i64))?;
        let Some(mail) = due else { break };
        deliver(service, folder, &mail, now, &mut posted)?;
        progress(posted.sent);
        service.beat();
    }
    Ok(posted)
}

fn deliver(
    service: &Service,
    folder: &Path,
    mail: &Mail,
    now: DateTime<Utc>,
    posted: &mut Posted,
) -> Result<(), EngineError> {
    let note = |stage, report: &str, not_before| {
        service.ledger.with(|ledger| ledger.note_stage(mail.id, (stage, report), not_before, now))
    };
    if !service.ledger.with(|ledger| ledger.begin_attempt(mail.id, now))? {
        return Ok(());
    }
    match sent_folder::deliver(folder, mail.id, &mail.message_id, &mail.body) {
        Ok(_) => {
            note(Stage::Sent, "stored in the folder", now)?;
            posted.sent += 1;
        }
        Err(error) if now - mail.queued_at > GIVE_UP_AFTER => {
            note(Stage::Failed, &error.to_string(), now)?;
            posted.failed += 1;
        }
        Err(error) => {
            tracing::warn!(outbox = mail.id, %error, "a letter could not be stored");
            note(Stage::Queued, &error.to_string(), now + back_off(mail.attempts))?;
            posted.later += 1;
        }
    }
    Ok(())
}
