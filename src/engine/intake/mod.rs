//! Intake: what lies in a mailbox becomes facts in the ledger. Nothing is decided here.
//!
//! A mailbox is a Maildir or a folder on an IMAP server; how letters are taken in is one and the same (`take`), what they
//! say is read in `understand`.

mod from_imap;
mod from_maildir;
mod take;
mod understand;

pub use from_imap::ImapWatch;

use crate::engine::error::EngineError;
use crate::engine::health;
use crate::engine::service::Service;
use crate::ledger::channel::ChannelTrouble;
use crate::ledger::facts::Recorded;
use crate::settings::valid::{Mailbox, Source};
use chrono::{DateTime, Utc};
use take::Intake;

/// What a step of intake brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// What the messages were.
    pub recorded: Recorded,
    /// Messages that vanished between listing and reading: somebody else moved or deleted them.
    pub gone: usize,
}

/// Name of a mailbox as a channel.
pub fn channel(mailbox: &Mailbox) -> String {
    format!("mailbox {}", mailbox.name)
}

/// Takes in everything that is new in a mailbox, and notes how the mailbox is.
///
/// # Errors
/// `Err` for a fault of the ledger or of the store of originals; a mailbox that cannot be looked into is `Ok(Err(_))`, to
/// be tried again.
pub fn step(
    service: &Service,
    mailbox: &Mailbox,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Result<Taken, ChannelTrouble>, EngineError> {
    let outcome = match &mailbox.source {
        Source::Maildir { path } => from_maildir::step(&Intake { service, mailbox, junk: false, now }, path, progress)?,
        Source::Imap(imap) => {
            let mut watch = ImapWatch::new(imap)?;
            let outcome = watch.look(service, mailbox, now, progress)?;
            watch.hang_up();
            outcome
        }
    };
    health::note(service, &channel(mailbox), outcome.as_ref().err(), now)?;
    Ok(outcome)
}
