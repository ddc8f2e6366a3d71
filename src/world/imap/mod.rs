//! A mailbox on an IMAP server, as a fetcher: what is new, give it to me, wake me. What it means, where the cursor
//! stands and when to try again is the caller's.
//!
//! async-imap 0.12 does the login and the parsing; the dialogue itself is ours (`dialogue`), because the library says
//! "fine, nothing there" where the server said NO or hung up: a letter would be lost in silence. Here every command
//! ends with its own tagged OK or with an error, every wait has a limit, and what is fetched is counted against what
//! was asked. IDLE is a hint, never the truth: the caller lists after every wake, also after `Woke::Quiet`.
//! Nothing is ever deleted, expunged or marked; a letter may be moved to another folder if the settings say so.

mod dialogue;
mod fetch;
mod idle;
mod list;
mod login;
mod names;
mod sent;
mod special;

pub use fetch::{Body, batches};
pub use idle::Woke;
pub use list::Listed;
pub use sent::find_in_sent;

use super::mail_error::{MailError, MailTrouble};
use super::wire::Endpoint;
use async_imap::imap_proto::{MailboxDatum, Response, ResponseCode};
use dialogue::Dialogue;
use secrecy::SecretString;
use std::time::Duration;

/// Which mailbox, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The server.
    pub endpoint: Endpoint,
    /// Name of the user.
    pub user: String,
    /// The folder, as people write it (`INBOX`, `[Gmail]/Спам`), or its use (`\Junk`, RFC 6154).
    pub folder: String,
    /// Whether letters will be moved; otherwise the folder is opened for reading only.
    pub writable: bool,
}

/// How the user proves that it is he.
#[derive(Debug, Clone)]
pub enum Proof {
    /// A password (LOGIN).
    Password(SecretString),
    /// An OAuth 2 access token (XOAUTH2).
    Token(SecretString),
}

/// How long is waited for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest silence of the server in the middle of an answer.
    pub silence: Duration,
    /// Longest duration of one command with all of its answer.
    pub command: Duration,
    /// Longest wait for the end of IDLE after DONE; a server that is gone is noticed here.
    pub done: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { silence: Duration::from_secs(60), command: Duration::from_secs(600), done: Duration::from_secs(15) }
    }
}

/// The state of the folder as the server told it when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// UIDs mean the same letters as long as this is the same.
    pub uid_validity: u32,
    /// The UID that the next letter will get; some servers do not tell it: then assume that there is something new.
    pub uid_next: Option<u32>,
    /// How many letters stand in the folder.
    pub exists: u32,
}

/// An open folder of a mailbox. After an error of the network or of the protocol it is dead: connect anew.
#[derive(Debug)]
pub struct ImapMailbox {
    dialogue: Dialogue,
    place: Place,
    proof: Proof,
    limits: Limits,
    opened: Opened,
}

impl ImapMailbox {
    /// Connects, logs in and opens the folder.
    pub async fn connect(place: &Place, proof: &Proof, limits: &Limits) -> Result<Self, MailError> {
        let mut dialogue = login::log_in(place, proof, limits).await?;
        let opened = open(&mut dialogue, &place.folder, place.writable).await?;
        Ok(Self { dialogue, place: place.clone(), proof: proof.clone(), limits: limits.clone(), opened })
    }

    /// What the server told about the folder when it was opened.
    pub fn opened(&self) -> Opened {
        self.opened
    }

    /// Opens another folder over the same connection. After a refusal no folder is open.
    pub async fn turn_to(&mut self, folder: &str, writable: bool) -> Result<(), MailError> {
        self.opened = open(&mut self.dialogue, folder, writable).await?;
        folder.clone_into(&mut self.place.folder);
        self.place.writable = writable;
        Ok(())
    }

    /// Whether the server wakes us (IDLE); otherwise poll.
    pub fn can_idle(&self) -> bool {
        self.dialogue.can("IDLE")
    }

    /// Says goodbye; a server that does not answer is left.
    pub async fn close(mut self) {
        let _ = tokio::time::timeout(self.limits.done, self.dialogue.command("log out", "LOGOUT", |_| {})).await;
    }

    /// Moves letters to another folder of this mailbox (made if need be). Already moved ones are no error.
    pub async fn move_to(&mut self, uids: &[u32], folder: &str) -> Result<(), MailError> {
        const STEP: &str = "move letters";
        if uids.is_empty() {
            return Ok(());
        }
        if !self.dialogue.can("MOVE") {
            // Without MOVE it would take an EXPUNGE, which deletes what others have marked as well.
            return Err(self.dialogue.error(STEP, MailTrouble::Setting));
        }
        let name = names::quoted_folder(folder).ok_or_else(|| self.dialogue.error(STEP, MailTrouble::Setting))?;
        let command = format!("UID MOVE {} {name}", names::uid_set(uids));
        match self.dialogue.command(STEP, &command, |_| {}).await {
            Err(error) if error.trouble == MailTrouble::Refused => {
                // Mostly there is no such folder yet. If it is there, CREATE says NO and the second MOVE tells the truth.
                let made = self.dialogue.command("make a folder", &format!("CREATE {name}"), |_| {}).await;
                if let Err(error) = made
                    && error.trouble != MailTrouble::Refused
                {
                    return Err(error);
                }
                self.dialogue.command(STEP, &command, |_| {}).await
            }
            other => other,
        }
    }

    /// Connects anew after an answer that could not be parsed; the folder must still be the same one.
    async fn reconnect(&mut self) -> Result<(), MailError> {
        let again = Self::connect(&self.place, &self.proof, &self.limits).await?;
        if again.opened.uid_validity != self.opened.uid_validity {
            return Err(self.dialogue.error("open the folder again", MailTrouble::Protocol));
        }
        *self = again;
        Ok(())
    }
}

/// SELECT or EXAMINE.
async fn open(dialogue: &mut Dialogue, folder: &str, writable: bool) -> Result<Opened, MailError> {
    const STEP: &str = "open the folder";
    let name = special::written(dialogue, folder).await?;
    let verb = if writable { "SELECT" } else { "EXAMINE" };
    let (mut uid_validity, mut uid_next, mut exists) = (None, None, 0);
    dialogue
        .command(STEP, &format!("{verb} {name}"), |response| {
            if let Response::MailboxData(MailboxDatum::Exists(count)) = response {
                exists = *count;
            }
            if let Response::Data { outcome, .. } = response {
                if let Some(ResponseCode::UidValidity(value)) = outcome.code {
                    uid_validity = Some(value);
                }
                if let Some(ResponseCode::UidNext(value)) = outcome.code {
                    uid_next = Some(value);
                }
            }
        })
        .await?;
    // EXISTS of the opening is no news.
    dialogue.take_news();
    // A server without UIDVALIDITY has no lasting UIDs (RFC 3501 section 2.3.1.1): nothing could be remembered.
    let uid_validity = uid_validity.ok_or_else(|| dialogue.error(STEP, MailTrouble::Protocol))?;
    Ok(Opened { uid_validity, uid_next, exists })
}
