//! One command, its whole answer, its own tagged end. The session is taken out while a command runs and put back only
//! after its tagged answer: whatever goes wrong in between (a timeout above all, whose late answer the next command
//! would read) leaves a dead session that cannot be used by mistake.

use super::super::mail_error::{MailError, MailTrouble, Why};
use super::super::wire::Wire;
use super::{Limits, login};
use async_imap::Session;
use async_imap::imap_proto::{MailboxDatum, Response, Status};
use std::collections::BTreeSet;
use tokio::time::timeout;

/// A session that is alive or dead, and what is known about it.
#[derive(Debug)]
pub(super) struct Dialogue {
    session: Option<Session<Wire>>,
    server: String,
    limits: Limits,
    capabilities: BTreeSet<String>,
    news: bool,
}

/// How a command ended.
pub(super) enum End {
    Ok,
    No(MailTrouble),
}

impl Dialogue {
    pub(super) fn new(session: Session<Wire>, server: &str, limits: &Limits) -> Self {
        let (server, limits) = (server.to_owned(), limits.clone());
        Self { session: Some(session), server, limits, capabilities: BTreeSet::new(), news: false }
    }

    pub(super) fn error(&self, step: &'static str, trouble: MailTrouble) -> MailError {
        MailError::new(&self.server, step, trouble)
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(super) fn can(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }

    pub(super) fn set_capabilities(&mut self, capabilities: BTreeSet<String>) {
        self.capabilities = capabilities;
    }

    /// Whether the server told something new since the last call, in passing. Never the news itself.
    pub(super) fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.news)
    }

    /// The live session, out of the dialogue: who takes it gives it back if all went well.
    pub(super) fn take(&mut self, step: &'static str) -> Result<Session<Wire>, MailError> {
        self.session.take().ok_or_else(|| self.error(step, MailTrouble::Network(Why::Closed)))
    }

    pub(super) fn give_back(&mut self, session: Session<Wire>) {
        self.session = Some(session);
    }

    /// Runs a command; `take` sees each answer before the tagged one, news of others in between included.
    pub(super) async fn command(
        &mut self,
        step: &'static str,
        command: &str,
        mut take: impl FnMut(&Response<'_>),
    ) -> Result<(), MailError> {
        let mut session = self.take(step)?;
        let news = &mut self.news;
        let dialogue = async {
            let id = session.run_command(command).await.map_err(login::trouble)?;
            loop {
                let answer = session.read_response().await.map_err(|error| MailTrouble::of(&error))?;
                // A clean end of the stream in the middle of an answer is no answer.
                let answer = answer.ok_or(MailTrouble::Network(Why::Closed))?;
                if let Response::Done { tag, status, outcome } = answer.parsed()
                    && *tag == id
                {
                    return Ok(end(status, outcome.information.as_deref().unwrap_or_default()));
                }
                *news |= is_news(answer.parsed());
                take(answer.parsed());
            }
        };
        let ended: Result<End, MailTrouble> = match timeout(self.limits.command, dialogue).await {
            Ok(ended) => ended,
            Err(_) => Err(MailTrouble::Network(Why::Silence)),
        };
        match ended {
            Ok(End::Ok) => {
                self.give_back(session);
                Ok(())
            }
            // A refusal is a proper end: the session lives on.
            Ok(End::No(trouble)) => {
                self.give_back(session);
                Err(self.error(step, trouble))
            }
            Err(trouble) => Err(self.error(step, trouble)),
        }
    }
}

pub(super) fn end(status: &Status, information: &str) -> End {
    if *status == Status::Ok { End::Ok } else { End::No(refusal(information)) }
}

/// The words by which servers say "not now" (RFC 5530 codes, which the parser leaves in the text, and Gmail's own).
pub(super) fn refusal(information: &str) -> MailTrouble {
    const LATER: [&str; 6] = ["[LIMIT]", "[UNAVAILABLE]", "[INUSE]", "[OVERQUOTA]", "[THROTTLED]", "[SERVERBUG]"];
    if LATER.iter().any(|code| information.contains(code)) || quirk_gmail_too_many(information) {
        MailTrouble::Later
    } else {
        MailTrouble::Refused
    }
}

/// Gmail's sixteenth connection: `NO [ALERT] Too many simultaneous connections. (Failure)`, without a code of its own.
fn quirk_gmail_too_many(information: &str) -> bool {
    information.contains("Too many simultaneous connections")
}

/// What tells that the folder is no longer what it was.
pub(super) fn is_news(response: &Response<'_>) -> bool {
    matches!(
        response,
        Response::MailboxData(MailboxDatum::Exists(_) | MailboxDatum::Recent(_))
            | Response::Expunge(_)
            | Response::Vanished { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_that_passes_is_told_from_one_that_does_not() {
        for (text, trouble) in [
            ("[LIMIT] Maximum number of connections", MailTrouble::Later),
            ("Too many simultaneous connections. (Failure)", MailTrouble::Later),
            ("[OVERQUOTA] Account exceeded command or bandwidth limits", MailTrouble::Later),
            ("Mailbox doesn't exist", MailTrouble::Refused),
        ] {
            assert_eq!(refusal(text), trouble, "{text}");
        }
    }
}
