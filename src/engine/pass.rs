//! One full pass of all loops in one thread: what `once` and `demo` do, and what tests drive.

use crate::engine::error::EngineError;
use crate::engine::intake::Taken;
use crate::engine::jobs::Ran;
use crate::engine::post::{Post, Posted};
use crate::engine::register::RegisterState;
use crate::engine::service::Service;
use crate::engine::{desk, intake, jobs, register};
use crate::ledger::commit::Committed;
use chrono::{DateTime, Utc};

/// A register that somebody writes this very moment is looked at again so many times.
const MOST_LOOKS: usize = 5;

/// How far a pass has come, for a progress bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Letters read, and how many there are.
    Reading(usize, usize),
    /// Decisions made in the last transaction.
    Deciding(Committed),
    /// The registers are being written.
    Registers,
    /// Letters sent so far.
    Sending(usize),
}

/// What a pass brought.
#[derive(Debug, Default)]
pub struct Passed {
    /// Each mailbox by name: what came in, or why it could not be looked into.
    pub mailboxes: Vec<(String, Result<Taken, String>)>,
    /// The jobs that were due.
    pub jobs: Vec<Ran>,
    /// What was decided.
    pub committed: Committed,
    /// The registers.
    pub registers: Vec<RegisterState>,
    /// What was sent.
    pub posted: Posted,
}

/// Runs every loop once.
///
/// # Errors
/// If the ledger or the disk under it fails.
pub fn pass(service: &Service, now: DateTime<Utc>, progress: &mut dyn FnMut(Progress)) -> Result<Passed, EngineError> {
    let mut passed = Passed::default();
    for mailbox in &service.settings.mailboxes {
        let taken = intake::step(service, mailbox, now, &mut |done, total| progress(Progress::Reading(done, total)))?;
        passed.mailboxes.push((mailbox.name.clone(), taken.map_err(|error| error.to_string())));
    }
    passed.committed = desk::step(service, now, &mut |committed| progress(Progress::Deciding(committed)))?;
    // After the desk, so that a job finds decided what has just come; what it brings is decided at once.
    passed.jobs = jobs::step(service, now)?;
    if !passed.jobs.is_empty() {
        let after = desk::step(service, now, &mut |committed| progress(Progress::Deciding(committed)))?;
        passed.committed = passed.committed + after;
    }
    progress(Progress::Registers);
    passed.registers = registers(service, now)?;
    let mut post = Post::new(&service.settings)?;
    loop {
        let before = passed.posted.sent;
        let posted = post.step(service, now, &mut |sent| progress(Progress::Sending(before + sent)))?;
        passed.posted += posted;
        if !passed.posted.more || service.stopping() {
            break;
        }
    }
    Ok(passed)
}

/// Merges the registers once; one that is being saved this moment is waited for.
///
/// # Errors
/// If the ledger or the disk under it fails.
pub fn registers(service: &Service, now: DateTime<Utc>) -> Result<Vec<RegisterState>, EngineError> {
    let mut states = register::step(service, now)?;
    for _ in 0..MOST_LOOKS {
        let rest = states.iter().filter_map(|state| state.outcome.moving());
        let Some(rest) = rest.max() else { break };
        std::thread::sleep(rest);
        states = register::step(service, now)?;
    }
    Ok(states)
}
