//! The letters themselves, counted against what was asked. One letter that breaks the parser or that the server will
//! not give must not stop the others: the batch is halved until it is alone.

use super::super::mail_error::{MailError, MailTrouble};
use super::{ImapMailbox, names};
use async_imap::imap_proto::{AttributeValue, Response};
use std::collections::BTreeMap;

/// Most letters in one command; more is not faster.
pub const LETTERS_A_BATCH: usize = 50;
/// Most bytes of letters in one command, so that memory stays bounded.
pub const BYTES_A_BATCH: u64 = 32_000_000;
/// Most connections that one batch may use up by letters that cannot be parsed.
const RECONNECTS: usize = 16;

/// What became of a letter that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Its bytes; only the beginning if it was asked for by `fetch_head`.
    Letter(Vec<u8>),
    /// It is no longer in the folder: moved or deleted by a person.
    Vanished,
    /// It is there, but the server does not give it. The cursor must not pass it; try again a few times.
    Withheld,
    /// The server's answer for it cannot be parsed, again and again: register it for a person to look at.
    Unreadable,
}

impl Body {
    /// How many bytes came.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Letter(bytes) => bytes.len() as u64,
            Self::Vanished | Self::Withheld | Self::Unreadable => 0,
        }
    }
}

/// Divides letters into batches for `fetch_batch`, in order, bounded in number and in bytes.
pub fn batches<T>(letters: Vec<T>, size_of: impl Fn(&T) -> u64) -> Vec<Vec<T>> {
    let mut batches: Vec<Vec<T>> = Vec::new();
    let mut filled = 0;
    for letter in letters {
        let size = size_of(&letter);
        match batches.last_mut() {
            Some(batch) if batch.len() < LETTERS_A_BATCH && filled + size <= BYTES_A_BATCH => {
                batch.push(letter);
                filled += size;
            }
            Some(_) | None => {
                batches.push(vec![letter]);
                filled = size;
            }
        }
    }
    batches
}

impl ImapMailbox {
    /// Fetches letters without marking them as read. Each UID asked for has its answer in the result, in order.
    pub async fn fetch_batch(&mut self, uids: &[u32]) -> Result<Vec<(u32, Body)>, MailError> {
        let mut answers = BTreeMap::new();
        let mut parts = vec![uids.to_vec()];
        let mut reconnects = 0;
        while let Some(part) = parts.pop() {
            if part.is_empty() {
                continue;
            }
            match self.fetch(&part, "BODY.PEEK[]").await {
                Ok(found) => self.settle(&part, found, &mut answers).await?,
                Err(error) => {
                    let broken = error.trouble == MailTrouble::Protocol;
                    if !broken && error.trouble != MailTrouble::Refused {
                        return Err(error);
                    }
                    if broken {
                        reconnects += 1;
                        if reconnects > RECONNECTS {
                            return Err(error);
                        }
                        self.reconnect().await?;
                    }
                    match part.as_slice() {
                        [alone] => {
                            answers.insert(*alone, if broken { Body::Unreadable } else { Body::Withheld });
                        }
                        many => {
                            let (left, right) = many.split_at(many.len() / 2);
                            parts.extend([right.to_vec(), left.to_vec()]);
                        }
                    }
                }
            }
        }
        Ok(uids.iter().map(|uid| (*uid, answers.remove(uid).unwrap_or(Body::Withheld))).collect())
    }

    /// The first `max_bytes` of a letter that is over the limit.
    pub async fn fetch_head(&mut self, uid: u32, max_bytes: u32) -> Result<Body, MailError> {
        let mut answers = BTreeMap::new();
        match self.fetch(&[uid], &format!("BODY.PEEK[]<0.{max_bytes}>")).await {
            Ok(found) => self.settle(&[uid], found, &mut answers).await?,
            Err(error) if error.trouble == MailTrouble::Refused => return Ok(Body::Withheld),
            Err(error) if error.trouble == MailTrouble::Protocol => {
                self.reconnect().await?;
                return Ok(Body::Unreadable);
            }
            Err(error) => return Err(error),
        }
        Ok(answers.remove(&uid).unwrap_or(Body::Withheld))
    }

    async fn fetch(&mut self, uids: &[u32], what: &str) -> Result<BTreeMap<u32, Vec<u8>>, MailError> {
        let mut found = BTreeMap::new();
        let command = format!("UID FETCH {} (UID {what})", names::uid_set(uids));
        self.dialogue
            .command("fetch", &command, |response| {
                if let Response::Fetch(_, attributes) = response
                    && let Some((uid, bytes)) = body(attributes)
                {
                    found.insert(uid, bytes);
                }
            })
            .await?;
        Ok(found)
    }

    /// Counts what came against what was asked; what did not come is either gone or withheld.
    async fn settle(
        &mut self,
        asked: &[u32],
        mut found: BTreeMap<u32, Vec<u8>>,
        answers: &mut BTreeMap<u32, Body>,
    ) -> Result<(), MailError> {
        let missing: Vec<u32> = asked.iter().copied().filter(|uid| !found.contains_key(uid)).collect();
        let still_there = match missing.as_slice() {
            [] => Vec::new(),
            some => self.search(&format!("UID {}", names::uid_set(some))).await?,
        };
        for uid in asked {
            let answer = match found.remove(uid) {
                Some(bytes) => Body::Letter(bytes),
                None if still_there.contains(uid) => Body::Withheld,
                None => Body::Vanished,
            };
            answers.insert(*uid, answer);
        }
        Ok(())
    }
}

/// `None`: another program's change of flags, told in passing.
fn body(attributes: &[AttributeValue<'_>]) -> Option<(u32, Vec<u8>)> {
    let (mut uid, mut bytes) = (None, None);
    for attribute in attributes {
        if let AttributeValue::Uid(value) = attribute {
            uid = Some(*value);
        } else if let AttributeValue::BodySection { section: None, data: Some(data), .. } = attribute {
            bytes = Some(data.to_vec());
        }
    }
    uid.zip(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_bounded_in_number_and_in_bytes() {
        let sizes: Vec<usize> = batches(vec![1_000_u64; 120], |size| *size).iter().map(Vec::len).collect();
        assert_eq!(sizes, [50, 50, 20]);
        assert_eq!(
            batches(vec![20_000_000_u64, 20_000_000, 40_000_000, 1], |size| *size),
            [vec![20_000_000], vec![20_000_000], vec![40_000_000], vec![1]]
        );
        assert!(batches(Vec::<u64>::new(), |size| *size).is_empty());
    }
}
