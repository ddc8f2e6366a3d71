//! Post: delivers the outbox, one letter at a time, noting each stage durably before it is entered.
//!
//! A letter goes to one recipient in one transaction, with the same bytes at every attempt. What the server says decides
//! between "sent", "later", "never" (`smtp`); what cannot be known is looked for among the sent letters before it may go
//! out again (`unclear`); what the account may send in an hour and a day is kept (`budget`).

pub mod budget;
mod folder;
mod smtp;
mod unclear;
mod verdict;

pub use budget::Held;
pub use smtp::{POST, SPARE};

use crate::engine::error::EngineError;
use crate::engine::service::Service;
use crate::settings::valid::{Settings, Transport};
use crate::world::net::Net;
use chrono::{DateTime, TimeDelta, Utc};
use std::path::PathBuf;

/// Waiting times after failed attempts, in minutes; the last one repeats.
const BACK_OFF_MINUTES: [i64; 6] = [1, 5, 15, 30, 60, 120];
/// Given up after this time.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(5);

/// What a step of the post brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Posted {
    /// Letters sent.
    pub sent: usize,
    /// Letters to be tried again later.
    pub later: usize,
    /// Letters given up.
    pub failed: usize,
    /// Letters that went out without an answer; they will be looked for.
    pub unclear: usize,
    /// Why letters wait that are due.
    pub held: Option<Held>,
    /// What is wrong with the way out, in one line with its remedy.
    pub trouble: Option<String>,
    /// There is more to do at once.
    pub more: bool,
}

impl std::ops::AddAssign for Posted {
    fn add_assign(&mut self, other: Self) {
        self.sent += other.sent;
        self.later += other.later;
        self.failed += other.failed;
        self.unclear += other.unclear;
        self.held = other.held;
        self.trouble = other.trouble;
        self.more = other.more;
    }
}

/// The post with its connection, which is kept while there is something to send.
pub struct Post {
    way: Way,
    resumed: bool,
}

enum Way {
    Folder(PathBuf),
    Smtp(Box<smtp::Smtp>),
}

impl Post {
    /// Nothing is connected yet.
    ///
    /// # Errors
    /// If the system gives no runtime for connections.
    pub fn new(settings: &Settings) -> Result<Self, EngineError> {
        let way = match &settings.post.transport {
            Transport::Folder { path } => Way::Folder(path.clone()),
            Transport::Smtp(transport) => {
                let net = Net::here().map_err(|error| EngineError::Settings(format!("no network runtime: {error}")))?;
                Way::Smtp(Box::new(smtp::Smtp::new(settings, transport, net)))
            }
        };
        Ok(Self { way, resumed: false })
    }

    /// Delivers what is due; `more` in the answer asks to be called again at once.
    ///
    /// # Errors
    /// If the ledger fails.
    pub fn step(
        &mut self,
        service: &Service,
        now: DateTime<Utc>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Posted, EngineError> {
        if !self.resumed {
            // Nobody else sends (the lock of the service's folder), so what was begun was begun by a run that ended.
            let look_at = now + unclear::first_look(&service.settings);
            service.ledger.with(|ledger| ledger.resume_interrupted(look_at, now))?;
            self.resumed = true;
        }
        let posted = match &mut self.way {
            Way::Folder(folder) => folder::step(service, folder, now, progress),
            Way::Smtp(smtp) => smtp.step(service, now, progress),
        };
        // A fault of the ledger may have left a letter at a stage that nobody goes on from.
        self.resumed = posted.is_ok();
        posted
    }
}

fn back_off(attempts: u32) -> TimeDelta {
    let position = usize::try_from(attempts).unwrap_or(usize::MAX).min(BACK_OFF_MINUTES.len() - 1);
    TimeDelta::minutes(BACK_OFF_MINUTES.get(position).copied().unwrap_or(1))
}
