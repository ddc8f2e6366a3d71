//! From the bytes of a message to what the ledger keeps of it. A batch is read on all processors; a letter that breaks
//! the reader breaks nothing else.

use super::take::Intake;
use crate::domain::kyiv::to_kyiv;
use crate::domain::letter::Letter;
use crate::domain::remark::Remark;
use crate::engine::parse_pdf::decode;
use crate::ledger::facts::{Finding, MessageKey, NewLetter};
use chrono::{DateTime, TimeDelta, Utc};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

/// A letter found this long after the server took it in was late (a stopped service); later than that it was put into the
/// mailbox by hand and counts as received when it is found.
const BELIEVED_DELAY: TimeDelta = TimeDelta::days(30);
/// Threads that read a batch.
const MOST_READERS: usize = 8;
/// A megabyte as people count it.
const MEGABYTE: u64 = 1024 * 1024;

/// Why a letter is put aside, for the operator.
pub(super) const CRASHED: &str = "Лист кілька разів зупиняв програму під час читання: прочитайте оригінал.";
const UNREADABLE: &str = "Лист не вдалося прочитати: прочитайте оригінал.";
pub(super) const WITHHELD: &str = "Скринька не віддає цього листа: відкрийте її та прочитайте його там.";
pub(super) const UNPARSABLE: &str =
    "Відповідь поштового сервера з цим листом незрозуміла: відкрийте скриньку й прочитайте його там.";

/// A message as fetched.
pub(super) struct Message {
    pub(super) key: MessageKey,
    pub(super) bytes: Vec<u8>,
    /// Size of the whole, in bytes.
    pub(super) size: u64,
    /// Only its beginning is here.
    pub(super) partial: bool,
    /// When it lay in the mailbox at the latest.
    pub(super) delivered: DateTime<Utc>,
}

/// Reads a batch; the order of the findings is that of the messages.
pub(super) fn understand_all(intake: &Intake<'_>, messages: &[Message]) -> Vec<Finding> {
    let readers = thread::available_parallelism().map_or(1, usize::from).clamp(1, MOST_READERS);
    let share = messages.len().div_ceil(readers).max(1);
    let understand_share =
        |share: &[Message]| share.iter().map(|message| understand(intake, message)).collect::<Vec<_>>();
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
fn understand(intake: &Intake<'_>, message: &Message) -> Finding {
    let service = intake.service;
    let attempt = catch_unwind(AssertUnwindSafe(|| {
        let letter = decode(&service.program, &message.bytes);
        let (received_at, late) = received(&letter, message.delivered, intake.now);
        let claimed = letter.received.or(letter.date).map_or(received_at, |date| date.to_utc());
        if service.settings.intake.start.is_some_and(|start| claimed.min(received_at) < start) {
            return Finding::BeforeStart;
        }
        let mut reading = service.reader.read(&letter);
        if message.partial {
            reading.remarks.push(Remark::general(format!(
                "Лист завеликий ({} МБ): прочитано лише його початок; вкладення дивіться в поштовій скриньці.",
                message.size.div_ceil(MEGABYTE)
            )));
        }
        let mut thread = letter.references.clone();
        thread.extend(letter.in_reply_to.iter().filter(|id| !letter.references.contains(id)).cloned());
        Finding::Letter(Box::new(NewLetter {
            fingerprint: letter.fingerprint(),
            message_id: letter.message_id.clone().unwrap_or_default(),
            channel: intake.mailbox.channel.clone(),
            received_at,
            late,
            junk: intake.junk,
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
