//! Takes in what waits in a mailbox, whatever kind it is: batch by batch and in order, the raw originals durable before
//! the facts that name them.
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
use crate::world::store::Store;
use chrono::{DateTime, Utc};
use std::collections::VecDeque;
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

/// Takes in these batches. Three of them are under way at once: one is made durable while the next is read and the
/// one after that is fetched.
pub(super) fn take_in(
    intake: &Intake<'_>,
    batches: &[Vec<Waiting>],
    in_hand: &[InHand],
    inbox: &mut dyn Inbox,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Run, EngineError> {
    let mut line = Line { intake, in_hand, run: Run { taken: Taken::default(), open: Vec::new(), trouble: None } };
    let total = batches.iter().map(Vec::len).sum();
    let mut left = batches.iter();
    let mut ahead: VecDeque<Sorted> = VecDeque::new();
    for batch in left.by_ref().take(AHEAD) {
        let fetched = inbox.fetch(batch);
        ahead.extend(line.sorted(batch, fetched)?);
        if line.run.trouble.is_some() {
            break;
        }
    }
    let keys: Vec<MessageKey> = ahead.iter().flat_map(Sorted::keys).collect();
    intake.service.ledger.with(|ledger| ledger.take_in_hand(&keys))?;
    let (mut read, mut done, mut position): (Option<Read>, usize, usize) = (None, 0, 0);
    loop {
        let current = ahead.pop_front();
        if current.is_none() && read.is_none() {
            break;
        }
        // A clean stop must not leave letters behind that look as if they had brought the process down: what is marked
        // is read, what is not is left.
        if intake.service.stopping() || line.run.trouble.is_some() {
            left = [].iter();
            if read.is_some() {
                ahead.clear();
            }
        }
        let next = left.next();
        let marked = ahead.front().map(Sorted::keys).unwrap_or_default();
        let (reading, settled, fetched) = thread::scope(|scope| {
            let fetching = next.map(|next| scope.spawn(|| inbox.fetch(next)));
            let reading = current.map(|current| scope.spawn(|| current.read(intake, in_hand)));
            let settled = read.take().map(|read| line.settle(read, &marked)).transpose();
            let reading = reading.map(|thread| thread.join().map_err(|_| broken("reading letters")));
            let fetched = fetching
                .map(|thread| thread.join().unwrap_or_else(|_| Err(Fault::Service(broken("fetching letters")))));
            (reading, settled, fetched)
        });
        read = reading.transpose()?;
        if let Some(settled) = settled? {
            done += settled.size;
            position += 1;
            progress(done, total);
            intake.service.beat();
            line.note(inbox.put_away(&settled.taken))?;
        }
        if let (Some(batch), Some(fetched)) = (next, fetched) {
            ahead.extend(line.sorted(batch, fetched)?);
        }
    }
    let mut run = line.run;
    run.open.extend(batches.iter().skip(position).flatten().map(|waiting| waiting.key.clone()));
    Ok(run)
}

/// Batches that are fetched before the first is read.
const AHEAD: usize = 2;

/// The intake of one mailbox on its way.
struct Line<'a> {
    intake: &'a Intake<'a>,
    in_hand: &'a [InHand],
    run: Run,
}

/// A batch that is durable.
struct Settled {
    /// How many messages waited in it.
    size: usize,
    /// Those of them that are letters.
    taken: Vec<MessageKey>,
}

impl Line<'_> {
    /// A batch as fetched; `None` if the mailbox is in trouble.
    fn sorted(
        &mut self,
        batch: &[Waiting],
        fetched: Result<Vec<Fetched>, Fault>,
    ) -> Result<Option<Sorted>, EngineError> {
        Ok(self.note(fetched)?.map(|fetched| Sorted::of(batch, fetched, self.in_hand)))
    }

    /// Notes trouble of the mailbox.
    fn note<T>(&mut self, outcome: Result<T, Fault>) -> Result<Option<T>, EngineError> {
        match outcome {
            Ok(good) => Ok(Some(good)),
            Err(Fault::Mailbox(trouble)) => {
                self.run.trouble.get_or_insert(trouble);
                Ok(None)
            }
            Err(Fault::Service(error)) => Err(error),
        }
    }

    /// Makes a batch durable: the raw originals, then the facts; `marked` are taken in hand with it.
    fn settle(&mut self, read: Read, marked: &[MessageKey]) -> Result<Settled, EngineError> {
        let service = self.intake.service;
        let (size, gone, mut withheld) = (read.sorted.size, read.sorted.gone, read.sorted.withheld.clone());
        let facts = read.facts(&service.store)?;
        let recorded = service.ledger.with(|ledger| ledger.record(&facts, self.intake.now, marked))?;
        service.ledger.with(|ledger| ledger.note_withheld(&withheld))?;
        self.run.taken.recorded = self.run.taken.recorded + recorded;
        self.run.taken.gone += gone;
        self.run.open.append(&mut withheld);
        let letters = facts.into_iter().filter(|fact| matches!(fact.finding, Finding::Letter(_)));
        Ok(Settled { size, taken: letters.map(|fact| fact.key).collect() })
    }
}

fn broken(what: &str) -> EngineError {
    EngineError::Settings(format!("{what} broke down"))
}

/// A batch as fetched, sorted by what is to be done.
struct Sorted {
    /// How many messages waited.
    size: usize,
    messages: Vec<Message>,
    aside: Vec<Fact>,
    withheld: Vec<MessageKey>,
    gone: usize,
}

impl Sorted {
    fn of(batch: &[Waiting], fetched: Vec<Fetched>, in_hand: &[InHand]) -> Self {
        let mut sorted =
            Self { size: batch.len(), messages: Vec::new(), aside: Vec::new(), withheld: Vec::new(), gone: 0 };
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

    /// What the messages are.
    fn read(self, intake: &Intake<'_>, in_hand: &[InHand]) -> Read {
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
        Read { sorted: self, findings }
    }
}

/// A batch that was read.
struct Read {
    sorted: Sorted,
    /// One for each message of it.
    findings: Vec<Finding>,
}

impl Read {
    /// The facts; the raw originals of their letters are durable when this returns.
    fn facts(self, store: &Store) -> Result<Vec<Fact>, EngineError> {
        let Self { sorted: Sorted { messages, mut aside, .. }, findings } = self;
        let kept: Vec<&[u8]> = messages
            .iter()
            .zip(&findings)
            .filter(|(_, finding)| !matches!(finding, Finding::BeforeStart))
            .map(|(message, _)| message.bytes.as_slice())
            .collect();
        let mut digests = store.put_batch(&kept)?.into_iter();
        let mut facts: Vec<Fact> = messages
            .into_iter()
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
        facts.append(&mut aside);
        Ok(facts)
    }
}
