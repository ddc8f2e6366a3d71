//! Post: delivers the outbox, one letter at a time, noting each stage durably before it is entered.
//!
//! Delivery into a folder is idempotent (the name of the file is the letter's own), so a letter whose outcome is unknown
//! is simply delivered again there.

use crate::engine::error::EngineError;
use crate::engine::service::Service;
use crate::ledger::outbox::{Mail, Stage};
use crate::settings::valid::Transport;
use crate::world::sent_folder;
use chrono::{DateTime, TimeDelta, Utc};

/// Waiting times after failed attempts, in minutes; the last one repeats.
const BACK_OFF_MINUTES: [i64; 6] = [1, 5, 15, 30, 60, 120];
/// Given up after this time.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(5);

/// What a step of the post brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Posted {
    /// Letters sent.
    pub sent: usize,
    /// Letters to be tried again later.
    pub later: usize,
    /// Letters given up.
    pub failed: usize,
    /// The hour's allowance is used up; the rest waits.
    pub held: bool,
}

/// Delivers everything that is due.
///
/// # Errors
/// If the ledger fails.
pub fn step(service: &Service, now: DateTime<Utc>, progress: &mut dyn FnMut(usize)) -> Result<Posted, EngineError> {
    let mut posted = Posted::default();
    loop {
        if service.stopping() {
            return Ok(posted);
        }
        let hour = now - TimeDelta::hours(1);
        let limited = matches!(service.settings.post.transport, Transport::Smtp(_));
        if limited && service.ledger.with(|ledger| ledger.sent_since(hour))? >= service.settings.post.per_hour {
            posted.held = service.ledger.with(|ledger| ledger.due_mail(now))?.is_some();
            return Ok(posted);
        }
        let Some(mail) = service.ledger.with(|ledger| ledger.due_mail(now))? else { return Ok(posted) };
        deliver(service, &mail, now, &mut posted)?;
        progress(posted.sent);
        service.beat();
    }
}

fn deliver(service: &Service, mail: &Mail, now: DateTime<Utc>, posted: &mut Posted) -> Result<(), EngineError> {
    let note = |stage, report: &str, not_before| {
        service.ledger.with(|ledger| ledger.note_stage(mail.id, (stage, report), not_before, now))
    };
    match &service.settings.post.transport {
        Transport::Smtp(_) => return Err(EngineError::Settings("post.smtp is not served yet".to_owned())),
        Transport::Folder { path } => {
            note(Stage::Connecting, "", now)?;
            match sent_folder::deliver(path, mail.id, &mail.message_id, &mail.body) {
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
        }
    }
    Ok(())
}

fn back_off(attempts: u32) -> TimeDelta {
    let position = usize::try_from(attempts).unwrap_or(usize::MAX).min(BACK_OFF_MINUTES.len() - 1);
    TimeDelta::minutes(BACK_OFF_MINUTES.get(position).copied().unwrap_or(1))
}
