//! Intake: what lies in a mailbox becomes facts in the ledger. Nothing is decided here.
//!
//! The raw originals of a batch are durable before its facts are recorded, the facts before the next batch is read. What
//! is about to be read is noted first: a letter that brings the process down is known at the next start, is read alone
//! then, and is put aside after a few attempts, while the others go on.

use crate::domain::kyiv::to_kyiv;
use crate::domain::letter::Letter;
use crate::engine::error::EngineError;
use crate::engine::service::Service;
use crate::ledger::facts::{Fact, Finding, MessageKey, NewLetter, Recorded};
use crate::mail::decode;
use crate::settings::valid::{Mailbox, Source};
use crate::world::error::FileError;
use crate::world::maildir::{self, Entry, Fetched};
use chrono::{DateTime, TimeDelta, Utc};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;

/// A letter found this long after the server took it in was late (a stopped service); later than that it was put into the
/// mailbox by hand and counts as received when it is found.
const BELIEVED_DELAY: TimeDelta = TimeDelta::days(30);
/// Threads that read a batch.
const MOST_READERS: usize = 8;

/// What a step of intake brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// What the messages were.
    pub recorded: Recorded,
    /// Messages that vanished between listing and reading: somebody else moved or deleted them.
    pub gone: usize,
}

/// Takes in everything that is new in a mailbox.
///
/// # Errors
/// `Err` for a fault of the ledger or of the store of originals; a mailbox that cannot be listed is `Ok(Err(_))`, to be
/// tried again.
pub fn step(
    service: &Service,
    mailbox: &Mailbox,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Result<Taken, FileError>, EngineError> {
    match &mailbox.source {
        Source::Maildir { path } => from_maildir(service, mailbox, path, now, progress),
        Source::Imap(_) => Err(EngineError::Settings(format!("mailbox {}: IMAP is not served yet", mailbox.name))),
    }
}

fn from_maildir(
    service: &Service,
    mailbox: &Mailbox,
    root: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Result<Taken, FileError>, EngineError> {
    let listed = match maildir::list(root) {
        Ok(listed) => listed,
        Err(error) => return Ok(Err(error)),
    };
    let known = service.ledger.with(|ledger| ledger.known_uids(&mailbox.name, 0))?;
    let suspects = service.ledger.with(|ledger| ledger.in_hand(&mailbox.name))?;
    let attempts = |uid: &str| suspects.iter().find(|(key, _)| key.uid == uid).map_or(0, |(_, attempts)| *attempts);
    let (suspected, fresh): (Vec<Entry>, Vec<Entry>) =
        listed.into_iter().filter(|entry| !known.contains(&entry.uid)).partition(|entry| attempts(&entry.uid) > 0);
    let total = suspected.len() + fresh.len();
    let mut taken = Taken::default();
    // Fresh letters first, in batches; then each suspect alone, so that it cannot take others with it.
    let batches: Vec<&[Entry]> =
        fresh.chunks(service.settings.intake.batch.max(1)).chain(suspected.chunks(1)).collect();
    let mut done = 0;
    let mut marked = false;
    for (position, batch) in batches.iter().enumerate() {
        if !marked {
            let keys = keys(mailbox, batch);
            service.ledger.with(|ledger| ledger.take_in_hand(&keys))?;
        }
        let too_often = batch.len() == 1
            && batch.first().is_some_and(|entry| attempts(&entry.uid) >= service.settings.intake.max_attempts);
        let facts = read_batch(service, mailbox, (root, batch, too_often), now, &mut taken)?;
        let next = batches.get(position + 1).map(|next| keys(mailbox, next)).unwrap_or_default();
        let recorded = service.ledger.with(|ledger| ledger.record(&facts, now, &next))?;
        marked = true;
        taken.recorded = taken.recorded + recorded;
        done += batch.len();
        progress(done, total);
        service.beat();
        if service.stopping() {
            break;
        }
    }
    Ok(Ok(taken))
}

fn keys(mailbox: &Mailbox, batch: &[Entry]) -> Vec<MessageKey> {
    batch
        .iter()
        .map(|entry| MessageKey { mailbox: mailbox.name.clone(), validity: 0, uid: entry.uid.clone() })
        .collect()
}

/// A message as fetched.
struct Message {
    key: MessageKey,
    bytes: Vec<u8>,
    size: u64,
    /// When it lay in the mailbox at the latest.
    delivered: DateTime<Utc>,
}

fn read_batch(
    service: &Service,
    mailbox: &Mailbox,
    (root, batch, too_often): (&Path, &[Entry], bool),
    now: DateTime<Utc>,
    taken: &mut Taken,
) -> Result<Vec<Fact>, EngineError> {
    let mut messages = Vec::with_capacity(batch.len());
    for (entry, key) in batch.iter().zip(keys(mailbox, batch)) {
        match maildir::read(root, entry, service.settings.intake.max_bytes)? {
            Fetched::Letter { bytes, size, modified } => {
                messages.push(Message { key, bytes, size, delivered: entry.delivered.unwrap_or(modified) });
            }
            Fetched::Gone => taken.gone += 1,
        }
    }
    let findings = if too_often {
        messages.iter().map(|_| Finding::Quarantined(CRASHED.to_owned())).collect()
    } else {
        understand_all(service, mailbox, &messages, now)
    };
    let kept: Vec<&[u8]> = messages
        .iter()
        .zip(&findings)
        .filter(|(_, finding)| !matches!(finding, Finding::BeforeStart))
        .map(|(message, _)| message.bytes.as_slice())
        .collect();
    let mut digests = service.store.put_batch(&kept)?.into_iter();
    Ok(messages
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
        .collect())
}

const CRASHED: &str = "Лист кілька разів зупиняв програму під час читання: прочитайте оригінал.";
const UNREADABLE: &str = "Лист не вдалося прочитати: прочитайте оригінал.";

/// Reads a batch on all processors; the order of the findings is that of the messages.
fn understand_all(service: &Service, mailbox: &Mailbox, messages: &[Message], now: DateTime<Utc>) -> Vec<Finding> {
    let readers = thread::available_parallelism().map_or(1, usize::from).clamp(1, MOST_READERS);
    let share = messages.len().div_ceil(readers).max(1);
    let understand_share =
        |share: &[Message]| share.iter().map(|message| understand(service, mailbox, message, now)).collect::<Vec<_>>();
    if messages.len() < 2 * readers {
        return understand_share(messages);
    }
    thread::scope(|scope| {
        let running: Vec<_> =
            messages.chunks(share).map(|share| (share.len(), scope.spawn(move || understand_share(share)))).collect();
        running
            .into_iter()
            .flat_map(|(count, thread)| {
                thread.join().unwrap_or_else(|_| vec![Finding::Quarantined(UNREADABLE.to_owned()); count])
            })
            .collect()
    })
}

/// Reads one letter; a panic in reading is its own, not the batch's.
fn understand(service: &Service, mailbox: &Mailbox, message: &Message, now: DateTime<Utc>) -> Finding {
    let attempt = catch_unwind(AssertUnwindSafe(|| {
        let letter = decode(&message.bytes);
        let (received_at, late) = received(&letter, message.delivered, now);
        let claimed = letter.received.or(letter.date).map_or(received_at, |date| date.to_utc());
        if service.settings.intake.start.is_some_and(|start| claimed.min(received_at) < start) {
            return Finding::BeforeStart;
        }
        let reading = service.reader.read(&letter);
        let mut thread = letter.references.clone();
        thread.extend(letter.in_reply_to.iter().filter(|id| !letter.references.contains(id)).cloned());
        Finding::Letter(Box::new(NewLetter {
            fingerprint: letter.fingerprint(),
            message_id: letter.message_id.clone().unwrap_or_default(),
            channel: mailbox.channel.clone(),
            received_at,
            late,
            sender: letter.from.address.clone(),
            sender_name: letter.from.name.clone(),
            subject: letter.subject.clone(),
            thread,
            reading,
        }))
    }));
    attempt.unwrap_or_else(|_| Finding::Quarantined(UNREADABLE.to_owned()))
}

/// When a letter counts as received, and whether its own date is far older than that.
///
/// The server's time is believed unless it lies in the future or so far back that the letter must have been put into the
/// mailbox by hand; then it is received now.
fn received(letter: &Letter, delivered: DateTime<Utc>, now: DateTime<Utc>) -> (DateTime<Utc>, bool) {
    let server = letter.received.map_or(delivered, |time| time.to_utc());
    let believed = server <= now && now - server <= BELIEVED_DELAY;
    let received_at = if believed { server } else { now };
    let claimed = letter.date.map_or(server, |date| date.to_utc());
    (received_at, to_kyiv(received_at).date() - to_kyiv(claimed.min(server)).date() > BELIEVED_DELAY)
}
