//! What stands in the folder: UID, size and time of arrival; by cursor, or by date for the reconciliation.

use super::super::mail_error::MailError;
use super::{ImapMailbox, names};
use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;

/// Most UIDs that are named in one command; a line of a few kilobytes.
const UIDS_A_COMMAND: usize = 500;

/// A letter in the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Its UID, valid together with `Opened::uid_validity`.
    pub uid: u32,
    /// Its size in bytes as the server counts; ask for the head only if it is over the limit.
    pub size: u32,
    /// When the server took it in.
    pub received: Option<DateTime<Utc>>,
}

impl ImapMailbox {
    /// All letters from UID `cursor` on, in the order of their UIDs. Complete, or an error.
    pub async fn list_since(&mut self, cursor: u32) -> Result<Vec<Listed>, MailError> {
        // News up to here is in the answer.
        self.dialogue.take_news();
        let from = cursor.max(1);
        let mut found = self.describe(&format!("{from}:*")).await?;
        // `n:*` always gives the last letter, also where its UID is below n (RFC 3501 section 6.4.8).
        found.retain(|letter| letter.uid >= from);
        Ok(found)
    }

    /// All letters that the server took in on this day or later, whatever their UIDs.
    pub async fn list_days(&mut self, since: NaiveDate) -> Result<Vec<Listed>, MailError> {
        self.dialogue.take_news();
        let uids = self.search(&format!("SINCE {}", since.format("%-d-%b-%Y"))).await?;
        let mut found = Vec::with_capacity(uids.len());
        for part in uids.chunks(UIDS_A_COMMAND) {
            // What vanishes between the two commands is gone, and is not missed.
            found.extend(self.describe(&names::uid_set(part)).await?);
        }
        Ok(found)
    }

    /// UIDs that match a search key, ascending.
    pub(super) async fn search(&mut self, key: &str) -> Result<Vec<u32>, MailError> {
        let mut uids = Vec::new();
        self.dialogue
            .command("search", &format!("UID SEARCH {key}"), |response| {
                if let Response::MailboxData(MailboxDatum::Search(found)) = response {
                    uids.extend_from_slice(found);
                }
            })
            .await?;
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    async fn describe(&mut self, set: &str) -> Result<Vec<Listed>, MailError> {
        let mut found = BTreeMap::new();
        self.dialogue
            .command("list", &format!("UID FETCH {set} (UID RFC822.SIZE INTERNALDATE)"), |response| {
                if let Response::Fetch(_, attributes) = response
                    && let Some(letter) = listed(attributes)
                {
                    found.insert(letter.uid, letter);
                }
            })
            .await?;
        Ok(found.into_values().collect())
    }
}

/// `None`: another program's change of flags, told in passing.
fn listed(attributes: &[AttributeValue<'_>]) -> Option<Listed> {
    let (mut uid, mut size, mut received) = (None, None, None);
    for attribute in attributes {
        if let AttributeValue::Uid(value) = attribute {
            uid = Some(*value);
        } else if let AttributeValue::Rfc822Size(value) = attribute {
            size = Some(*value);
        } else if let AttributeValue::InternalDate(text) = attribute {
            received = DateTime::parse_from_str(text.trim(), "%d-%b-%Y %H:%M:%S %z").ok();
        }
    }
    Some(Listed { uid: uid?, size: size?, received: received.map(|at| at.with_timezone(&Utc)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_listed_and_a_change_of_flags_is_not() {
        let date = || AttributeValue::InternalDate(" 3-Nov-2026 17:04:05 +0200".into());
        let letter = listed(&[AttributeValue::Uid(7), AttributeValue::Rfc822Size(12), date()]).unwrap();
        assert_eq!((letter.uid, letter.size), (7, 12));
        assert_eq!(letter.received.unwrap().to_rfc3339(), "2026-11-03T15:04:05+00:00");
        assert_eq!(listed(&[AttributeValue::Uid(7), AttributeValue::Flags(vec![])]), None);
    }
}
