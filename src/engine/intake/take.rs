//! Takes in what waits in a mailbox, whatever kind it is: batch by batch, the raw originals durable before the facts, the
//! facts before the next batch is read; the next batch is fetched while this one is read.
//!
//! What is about to be read is noted first: a letter that brings the process down is known at the next start, is read
//! alone then, and is put aside after a few attempts, while the others go on.

use super::Taken;
use super::understand::{CRASHED, Message, UNPARSABLE, WITHHELD, understand_all};
use crate::engine::error::EngineError;
use crate::engine::service::Service;
use crate::engine::try_letter::kills;
use crate::ledger::channel::ChannelTrouble;
use crate::ledger::facts::{Fact, Finding, InHand, MessageKey};
use crate::settings::valid::Mailbox;
use chrono::{DateTime, Utc};
use std::thread;

/// A letter that the server would not give so many times is put aside for a person.
const MOST_WITHHELD: u32 = 20;

/// Where letters are taken in, and when.
#[derive(Clone, Copy)]
pub(super) struct Intake<'a> {
    pub(super) service: &'a Service,
    pub(super) mailbox: &'a Mailbox,
    /// The folder is the one where the server puts what it takes for spam.
    pub(super) junk: bool,
    pub(super) now: DateTime<Utc>,
}

/// A message that waits in a mailbox.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) key: MessageKey,
    /// When the mailbox took it in, where it tells.
    pub(super) delivered: Option<DateTime<Utc>>,
    /// Its size in bytes, where the mailbox tells.
    pub(super) size: u64,
}

/// What fetching a message gave.
pub(super) enum Fetched {
    Letter(Message),
    /// Somebody else moved or deleted it.
    Gone,
    /// The server does not give it.
    Withheld,
    /// What the server gives cannot be parsed.
    Unparsable,
}

/// A mailbox that messages can be fetched from.
pub(super) trait Inbox: Send {
    /// The messages, one answer for each, in order.
    fn fetch(&mut self, batch: &[Waiting]) -> Result<Vec<Fetched>, Fault>;

    /// These are durable now; the mailbox may put them elsewhere.
    fn put_away(&mut self, taken: &[MessageKey]) -> Result<(), Fault>;
}

/// What stopped the intake of one mailbox.
pub(super) enum Fault {
    /// The mailbox; the service goes on.
    Mailbox(ChannelTrouble),
    /// The service itself.
    Service(EngineError),
}

/// How far the intake came.
pub(super) struct Run {
    pub(super) taken: Taken,
    /// Messages that are neither known nor gone after it.
    pub(super) open: Vec<MessageKey>,
    /// What stopped it early.
    pub(super) trouble: Option<ChannelTrouble>,
}

/// Divides what waits: first what was never touched, then alone each message that an earlier run did not get done with,
/// so that it cannot take others with it.
pub(super) fn apart(waiting: Vec<Waiting>, in_hand: &[InHand]) -> (Vec<Waiting>, Vec<Waiting>) {
    waiting.into_iter().partition(|one| in_hand.iter().all(|held| held.key != one.key))
}

/// Takes in these batches.
pub(super) fn take_in(
    intake: &Intake<'_>,
    batches: &[Vec<Waiting>],
    in_hand: &[InHand],
    inbox: &mut dyn Inbox,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Run, EngineError> {
    let ledger = &intake.service.ledger;
    let total = batches.iter().map(Vec::len).sum();
    let mut run = Run { taken: Taken::default(), open: Vec::new(), trouble: None };
    let mut done = 0;
    let mut position = 0;
    let mut ready = match batches.first() {
        Some(first) => inbox.fetch(first),
        None => return Ok(run),
    };
    let mut marked = false;
    while let Some(batch) = batches.get(position) {
        let fetched = match ready {
            Ok(fetched) => fetched,
            Err(Fault::Mailbox(trouble)) => {
                run.trouble = Some(trouble);
                break;
            }
            Err(Fault::Service(error)) => return Err(error),
        };
        let mut sorted = Sorted::of(batch, fetched, in_hand);
        if !marked {
            ledger.with(|ledger| ledger.take_in_hand(&sorted.keys()))?;
        }
        let next = batches.get(position + 1);
        let (facts, fetched) = thread::scope(|scope| {
            let fetching = next.map(|next| scope.spawn(|| inbox.fetch(next)));
            let facts = sorted.facts(intake, in_hand);
            let fetched = fetching.map(|thread| thread.join().unwrap_or_else(|_| Err(panicked())));
            facts.map(|facts| (facts, fetched))
        })?;
        // A clean stop must not leave letters behind that look as if they had brought the process down.
        let next_keys = match (&fetched, next) {
            (Some(Ok(fetched)), Some(_)) if !intake.service.stopping() => letters(fetched),
            (_, _) => Vec::new(),
        };
        let recorded = ledger.with(|ledger| ledger.record(&facts, intake.now, &next_keys))?;
        ledger.with(|ledger| ledger.note_withheld(&sorted.withheld))?;
        marked = true;
        run.taken.recorded = run.taken.recorded + recorded;
        run.taken.gone += sorted.gone;
        run.open.append(&mut sorted.withheld);
        done += batch.len();
        position += 1;
        progress(done, total);
        intake.service.beat();
        ready = fetched.unwrap_or_else(|| Ok(Vec::new()));
        let taken: Vec<MessageKey> = facts
            .iter()
            .filter(|fact| matches!(fact.finding, Finding::Letter(_)))
            .map(|fact| fact.key.clone())
            .collect();
        match inbox.put_away(&taken) {
            Ok(()) => {}
            Err(Fault::Mailbox(trouble)) => {
                run.trouble = Some(trouble);
                break;
            }
            Err(Fault::Service(error)) => return Err(error),
        }
        if intake.service.stopping() {
            break;
        }
    }
    run.open.extend(batches.iter().skip(position).flatten().map(|waiting| waiting.key.clone()));
    Ok(run)
}

fn panicked() -> Fault {
    Fault::Service(EngineError::Settings("fetching letters broke down".to_owned()))
}

fn letters(fetched: &[Fetched]) -> Vec<MessageKey> {
    fetched
        .iter()
        .filter_map(|one| match one {
            Fetched::Letter(message) => Some(message.key.clone()),
            Fetched::Gone | Fetched::Withheld | Fetched::Unparsable => None,
        })
        .collect()
}

/// A batch as fetched, sorted by what is to be done.
struct Sorted {
    messages: Vec<Message>,
    aside: Vec<Fact>,
    withheld: Vec<MessageKey>,
    gone: usize,
}

impl Sorted {
    fn of(batch: &[Waiting], fetched: Vec<Fetched>, in_hand: &[InHand]) -> Self {
        let mut sorted = Self { messages: Vec::new(), aside: Vec::new(), withheld: Vec::new(), gone: 0 };
        for (waiting, fetched) in batch.iter().zip(fetched) {
            let aside = |reason: &str| Fact {
                key: waiting.key.clone(),
                raw: String::new(),
                size: waiting.size,
                finding: Finding::Quarantined(reason.to_owned()),
            };
            let withheld = in_hand.iter().find(|held| held.key == waiting.key).map_or(0, |held| held.withheld);
            match fetched {
                Fetched::Letter(message) => sorted.messages.push(message),
                Fetched::Gone => sorted.gone += 1,
                Fetched::Withheld if withheld >= MOST_WITHHELD => sorted.aside.push(aside(WITHHELD)),
                Fetched::Withheld => sorted.withheld.push(waiting.key.clone()),
                Fetched::Unparsable => sorted.aside.push(aside(UNPARSABLE)),
            }
        }
        sorted
    }

    fn keys(&self) -> Vec<MessageKey> {
        self.messages.iter().map(|message| message.key.clone()).collect()
    }

    /// What the messages are; their raw originals are durable when this returns.
    fn facts(&mut self, intake: &Intake<'_>, in_hand: &[InHand]) -> Result<Vec<Fact>, EngineError> {
        let most = intake.service.settings.intake.max_attempts;
        let too_often = match self.messages.as_slice() {
            [alone] => {
                in_hand.iter().any(|held| held.key == alone.key && held.attempts >= most)
                    && kills(&intake.service.program, &alone.bytes)
            }
            [] | [_, ..] => false,
        };
        let findings = if too_often {
            self.messages.iter().map(|_| Finding::Quarantined(CRASHED.to_owned())).collect()
        } else {
            understand_all(intake, &self.messages)
        };
        let kept: Vec<&[u8]> = self
            .messages
            .iter()
            .zip(&findings)
            .filter(|(_, finding)| !matches!(finding, Finding::BeforeStart))
            .map(|(message, _)| message.bytes.as_slice())
            .collect();
        let mut digests = intake.service.store.put_batch(&kept)?.into_iter();
        let mut facts: Vec<Fact> = self
            .messages
            .drain(..)
            .zip(findings)
            .map(|(message, finding)| Fact {
                key: message.key,
                raw: match finding {
                    Finding::BeforeStart => String::new(),
                    Finding::Letter(_) | Finding::Quarantined(_) => {
                        digests.next().map(|digest| digest.to_string()).unwrap_or_default()
                    }
                },
                size: message.size,
                finding,
            })
            .collect();
        facts.append(&mut self.aside);
        Ok(facts)
    }
}
