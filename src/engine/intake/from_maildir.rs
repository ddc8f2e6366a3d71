//! Letters of a Maildir on this machine.

use super::Taken;
use super::take::{Fault, Fetched, Inbox, Intake, Waiting, apart, take_in};
use super::understand::Message;
use crate::engine::error::EngineError;
use crate::ledger::channel::ChannelTrouble;
use crate::ledger::facts::MessageKey;
use crate::world::error::Trouble;
use crate::world::maildir::{self, Entry};
use std::collections::BTreeMap;
use std::path::Path;

/// Takes in everything that is new.
pub(super) fn step(
    intake: &Intake<'_>,
    root: &Path,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Result<Taken, ChannelTrouble>, EngineError> {
    let listed = match maildir::list(root) {
        Ok(listed) => listed,
        Err(error) => return Ok(Err((&error).into())),
    };
    let name = &intake.mailbox.name;
    let ledger = &intake.service.ledger;
    let known = ledger.with(|ledger| ledger.known_uids(name))?;
    let in_hand = ledger.with(|ledger| ledger.in_hand(name, ""))?;
    let entries: BTreeMap<String, Entry> = listed
        .iter()
        .filter(|entry| !known.contains(&entry.uid))
        .map(|entry| (entry.uid.clone(), entry.clone()))
        .collect();
    // In the order of the listing: the oldest delivery first.
    let waiting = listed.into_iter().filter(|entry| entries.contains_key(&entry.uid)).map(|entry| Waiting {
        key: MessageKey { mailbox: name.clone(), folder: String::new(), validity: 0, uid: entry.uid },
        delivered: entry.delivered,
        size: 0,
    });
    let (fresh, suspects) = apart(waiting.collect(), &in_hand);
    let size = intake.service.settings.intake.batch.max(1);
    let batches: Vec<Vec<Waiting>> = fresh.chunks(size).chain(suspects.chunks(1)).map(<[Waiting]>::to_vec).collect();
    let max_bytes = intake.service.settings.intake.max_bytes;
    let mut inbox = Maildir { root, entries, max_bytes };
    let run = take_in(intake, &batches, &in_hand, &mut inbox, progress)?;
    Ok(match run.trouble {
        None => Ok(run.taken),
        Some(trouble) => Err(trouble),
    })
}

struct Maildir<'a> {
    root: &'a Path,
    entries: BTreeMap<String, Entry>,
    max_bytes: u64,
}

impl Inbox for Maildir<'_> {
    fn fetch(&mut self, batch: &[Waiting]) -> Result<Vec<Fetched>, Fault> {
        batch.iter().map(|waiting| self.read(waiting)).collect()
    }

    /// The folder belongs to others: nothing in it is ever moved.
    fn put_away(&mut self, _taken: &[MessageKey]) -> Result<(), Fault> {
        Ok(())
    }
}

impl Maildir<'_> {
    fn read(&self, waiting: &Waiting) -> Result<Fetched, Fault> {
        let Some(entry) = self.entries.get(&waiting.key.uid) else { return Ok(Fetched::Gone) };
        match maildir::read(self.root, entry, self.max_bytes) {
            Ok(maildir::Fetched::Letter { bytes, size, modified }) => Ok(Fetched::Letter(Message {
                key: waiting.key.clone(),
                partial: size > bytes.len() as u64,
                bytes,
                size,
                delivered: waiting.delivered.unwrap_or(modified),
            })),
            Ok(maildir::Fetched::Gone) => Ok(Fetched::Gone),
            // One file that may not be read must not hold up the others.
            Err(error) if error.trouble == Trouble::Denied => Ok(Fetched::Withheld),
            Err(error) => Err(Fault::Mailbox((&error).into())),
        }
    }
}
