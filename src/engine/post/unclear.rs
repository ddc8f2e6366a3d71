//! Letters that went out and were never answered: perhaps they are sent, perhaps not (RFC 1047).
//!
//! Servers such as Gmail file what they took in the folder of sent letters. There the letter is looked for by its
//! Message-ID, twice, some time apart; found means sent. What is not there goes out once more with the same bytes. Where
//! there is nothing to look into, it goes out once more as well: a second copy is better than none.

use super::Posted;
use crate::engine::account::{Account, AccountError};
use crate::engine::error::EngineError;
use crate::engine::service::Service;
use crate::ledger::outbox::{Mail, Stage};
use crate::settings::valid::{Settings, Source, Transport};
use crate::world::imap::find_in_sent;
use crate::world::net::Net;
use chrono::{DateTime, TimeDelta, Utc};

/// The second look is this many first waits after the first one (2 and 10 minutes after the letter went out).
const SECOND_LOOK_FACTOR: i32 = 4;
/// A letter is looked for so often before it is taken for not sent.
const LOOKS: u32 = 2;
/// A letter goes out again so often at most, where sent letters can be looked at …
const REPEATS_WITH_LOOKS: u32 = 2;
/// … and where they cannot.
const REPEATS_WITHOUT_LOOKS: u32 = 1;

/// When a letter is looked for first, after it became unclear.
pub(super) fn first_look(settings: &Settings) -> TimeDelta {
    match &settings.post.transport {
        Transport::Smtp(smtp) => TimeDelta::from_std(smtp.unclear_wait).unwrap_or(TimeDelta::MAX),
        Transport::Folder { .. } => TimeDelta::zero(),
    }
}

/// The folders of sent letters of the accounts that send.
pub(super) struct Unclear {
    wait: TimeDelta,
    accounts: Vec<Account>,
}

/// What looking brought.
enum Look {
    /// For each letter whether it is there.
    Seen(Vec<bool>),
    /// No account keeps its sent letters.
    Nowhere,
    /// It could not be looked; again later.
    Failed(String),
}

impl Unclear {
    /// Looks into the mailboxes that belong to the accounts that send.
    pub(super) fn new(settings: &Settings) -> Self {
        let senders: Vec<&str> = match &settings.post.transport {
            Transport::Smtp(smtp) => {
                let spare = settings.post.spare.iter().map(|spare| spare.server.user.as_str());
                [settings.post.from.as_str(), smtp.server.user.as_str()].into_iter().chain(spare).collect()
            }
            Transport::Folder { .. } => Vec::new(),
        };
        let accounts = settings.mailboxes.iter().filter_map(|mailbox| match &mailbox.source {
            Source::Imap(imap)
                if senders
                    .iter()
                    .any(|sender| [&mailbox.address, &imap.server.user].contains(&&(*sender).to_owned())) =>
            {
                Some(Account::new(&imap.server))
            }
            Source::Imap(_) | Source::Maildir { .. } => None,
        });
        Self { wait: first_look(settings), accounts: accounts.collect() }
    }

    /// Looks for the letters whose time has come and decides on them.
    pub(super) fn settle(
        &mut self,
        service: &Service,
        net: &Net,
        now: DateTime<Utc>,
        posted: &mut Posted,
    ) -> Result<(), EngineError> {
        let mails = service.ledger.with(|ledger| ledger.unclear_mail(now))?;
        if mails.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = mails.iter().map(|mail| mail.message_id.as_str()).collect();
        match net.wait(self.look(&ids)) {
            Look::Seen(seen) => {
                for (mail, seen) in mails.iter().zip(seen) {
                    self.decide(service, (mail, Some(seen)), now, posted)?;
                }
            }
            Look::Nowhere => {
                for mail in &mails {
                    self.decide(service, (mail, None), now, posted)?;
                }
            }
            Look::Failed(why) => {
                tracing::warn!(letters = mails.len(), %why, "sent letters cannot be looked at; unclear ones wait");
                for mail in &mails {
                    let again = now + self.wait;
                    service
                        .ledger
                        .with(|ledger| ledger.note_wait(mail.id, again, &format!("cannot be looked for: {why}")))?;
                }
            }
        }
        service.beat();
        Ok(())
    }

    async fn look(&mut self, ids: &[&str]) -> Look {
        let mut seen: Option<Vec<bool>> = None;
        for account in &mut self.accounts {
            let found = async {
                let proof = account.proof().await?.0;
                let found = find_in_sent(&account.place("INBOX", false), &proof, &account.imap_limits(), ids).await?;
                Ok::<Option<Vec<bool>>, AccountError>(found)
            };
            match found.await {
                Ok(None) => {}
                Ok(Some(found)) => {
                    let before = seen.take().unwrap_or_else(|| vec![false; ids.len()]);
                    seen = Some(before.into_iter().zip(found).map(|(before, found)| before || found).collect());
                }
                Err(error) => {
                    account.refused();
                    return Look::Failed(error.to_string());
                }
            }
        }
        seen.map_or(Look::Nowhere, Look::Seen)
    }

    fn decide(
        &self,
        service: &Service,
        (mail, seen): (&Mail, Option<bool>),
        now: DateTime<Utc>,
        posted: &mut Posted,
    ) -> Result<(), EngineError> {
        let note =
            |stage, report: &str| service.ledger.with(|ledger| ledger.note_stage(mail.id, (stage, report), now, now));
        match judge(mail, seen) {
            Judgement::Sent => {
                note(Stage::Sent, "found among the sent letters")?;
                posted.sent += 1;
            }
            Judgement::LookAgain => {
                let again = now + self.wait * SECOND_LOOK_FACTOR;
                service.ledger.with(|ledger| ledger.note_look(mail.id, again))?;
            }
            Judgement::Repeat => {
                tracing::warn!(outbox = mail.id, unclear = mail.unclear, "an unclear letter goes out once more");
                note(Stage::Queued, "its outcome was unclear; it goes out once more")?;
            }
            Judgement::Person => {
                tracing::error!(outbox = mail.id, "the outcome of a letter stays unclear; a person must decide");
                note(Stage::Failed, "perhaps sent, perhaps not: nothing tells; `outbox retry` sends it again")?;
                posted.failed += 1;
            }
        }
        Ok(())
    }
}

/// What is to be done with an unclear letter.
#[derive(Debug, PartialEq, Eq)]
enum Judgement {
    Sent,
    LookAgain,
    Repeat,
    Person,
}

/// `seen`: whether it is among the sent letters; `None` if there is nothing to look into.
fn judge(mail: &Mail, seen: Option<bool>) -> Judgement {
    let (looked_enough, repeats) = match seen {
        Some(true) => return Judgement::Sent,
        Some(false) => (mail.looks + 1 >= LOOKS, REPEATS_WITH_LOOKS),
        None => (true, REPEATS_WITHOUT_LOOKS),
    };
    if !looked_enough {
        Judgement::LookAgain
    } else if mail.unclear <= repeats {
        Judgement::Repeat
    } else {
        Judgement::Person
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unclear_letter_goes_out_again_only_when_it_was_looked_for_in_vain_and_not_for_ever() {
        for (seen, looks, unclear, expected) in [
            (Some(true), 0, 1, Judgement::Sent),
            (Some(false), 0, 1, Judgement::LookAgain),
            (Some(true), 1, 1, Judgement::Sent),
            (Some(false), 1, 1, Judgement::Repeat),
            (Some(false), 1, 2, Judgement::Repeat),
            (Some(false), 1, 3, Judgement::Person),
            (None, 0, 1, Judgement::Repeat),
            (None, 0, 2, Judgement::Person),
        ] {
            let mail = Mail {
                id: 1,
                kind: String::new(),
                recipient: String::new(),
                message_id: String::new(),
                body: Vec::new(),
                stage: Stage::Uncertain,
                attempts: 1,
                queued_at: DateTime::UNIX_EPOCH,
                unclear,
                looks,
            };
            assert_eq!(judge(&mail, seen), expected, "{seen:?} {looks} {unclear}");
        }
    }
}
