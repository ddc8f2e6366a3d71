//! Waiting until the server tells that something happened (IDLE, RFC 2177). A hint only.

use super::super::mail_error::{MailError, MailTrouble, Why};
use super::super::wire::Wire;
use super::dialogue::{End, end, is_news};
use super::{ImapMailbox, login};
use async_imap::Session;
use async_imap::imap_proto::{RequestId, Response, Status};
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// Longer than any wait: the deadline of IDLE itself bounds the silence.
const NO_HURRY: Duration = Duration::from_secs(3600);

/// Why the waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woke {
    /// Something changed in the folder.
    News,
    /// Nothing was told for the whole time. List nevertheless.
    Quiet,
    /// The server cannot or will not wake us: poll.
    Unsupported,
}

impl ImapMailbox {
    /// Waits at most `max` (5 minutes are good: proxies and Gmail forget longer silences). Returns at once if
    /// something was told since the last listing.
    pub async fn idle(&mut self, max: Duration) -> Result<Woke, MailError> {
        const STEP: &str = "wait for news";
        if self.dialogue.take_news() {
            return Ok(Woke::News);
        }
        if !self.can_idle() {
            return Ok(Woke::Unsupported);
        }
        let limits = self.dialogue.limits().clone();
        let mut session = self.dialogue.take(STEP)?;
        let woke = match timeout(limits.silence, begin(&mut session)).await {
            Err(_) => Err(MailTrouble::Network(Why::Silence)),
            Ok(Err(trouble)) => Err(trouble),
            Ok(Ok(Begun::Refused)) => {
                self.dialogue.give_back(session);
                return Ok(Woke::Unsupported);
            }
            Ok(Ok(Begun::Waiting { id, news })) => {
                session.get_mut().set_patience(NO_HURRY);
                let woke = if news { Ok(Woke::News) } else { wait(&mut session, &id, Instant::now() + max).await };
                session.get_mut().set_patience(limits.silence);
                match woke {
                    // A server that has gone answers nothing to DONE: it is noticed here, not in the next command.
                    Ok(woke) => match timeout(limits.done, finish(&mut session, &id)).await {
                        Ok(Ok(late)) => Ok(if late { Woke::News } else { woke }),
                        Ok(Err(trouble)) => Err(trouble),
                        Err(_) => Err(MailTrouble::Network(Why::Silence)),
                    },
                    Err(trouble) => Err(trouble),
                }
            }
        };
        if woke.is_ok() {
            self.dialogue.give_back(session);
        }
        woke.map_err(|trouble| self.dialogue.error(STEP, trouble))
    }
}

enum Begun {
    Waiting { id: RequestId, news: bool },
    Refused,
}

/// Sends IDLE and waits for the `+`; news may come before it, and a refusal instead of it.
async fn begin(session: &mut Session<Wire>) -> Result<Begun, MailTrouble> {
    let id = session.run_command("IDLE").await.map_err(login::trouble)?;
    let mut news = false;
    loop {
        match hear(session, &id).await? {
            Heard::GoAhead => return Ok(Begun::Waiting { id, news }),
            Heard::Ended(_) => return Ok(Begun::Refused),
            Heard::News => news = true,
            Heard::Goodbye => return Err(MailTrouble::Network(Why::Closed)),
            Heard::Else => {}
        }
    }
}

async fn wait(session: &mut Session<Wire>, id: &RequestId, until: Instant) -> Result<Woke, MailTrouble> {
    loop {
        let Ok(heard) = timeout_at(until, hear(session, id)).await else { return Ok(Woke::Quiet) };
        match heard? {
            Heard::News => return Ok(Woke::News),
            // A server may end IDLE by itself only by hanging up.
            Heard::Goodbye | Heard::Ended(_) => return Err(MailTrouble::Network(Why::Closed)),
            // A change of flags is no news to us; "* OK Still here" neither, but it shows that the server lives.
            Heard::GoAhead | Heard::Else => {}
        }
    }
}

/// Sends DONE and waits for the tagged end; tells whether there was news in between.
async fn finish(session: &mut Session<Wire>, id: &RequestId) -> Result<bool, MailTrouble> {
    session.run_command_untagged("DONE").await.map_err(login::trouble)?;
    let mut news = false;
    loop {
        match hear(session, id).await? {
            Heard::Ended(End::Ok) => return Ok(news),
            Heard::Ended(End::No(trouble)) => return Err(trouble),
            Heard::News => news = true,
            Heard::Goodbye => return Err(MailTrouble::Network(Why::Closed)),
            Heard::GoAhead | Heard::Else => {}
        }
    }
}

enum Heard {
    GoAhead,
    News,
    Goodbye,
    Ended(End),
    Else,
}

/// The next answer, as far as IDLE `id` cares. Dropping the wait loses nothing: what was half read stays in the session.
async fn hear(session: &mut Session<Wire>, id: &RequestId) -> Result<Heard, MailTrouble> {
    let answer = session.read_response().await.map_err(|error| MailTrouble::of(&error))?;
    let answer = answer.ok_or(MailTrouble::Network(Why::Closed))?;
    let answer = answer.parsed();
    Ok(if let Response::Continue(_) = answer {
        Heard::GoAhead
    } else if let Response::Done { tag, status, outcome } = answer
        && tag == id
    {
        Heard::Ended(end(status, outcome.information.as_deref().unwrap_or_default()))
    } else if let Response::Data { status: Status::Bye, .. } = answer {
        Heard::Goodbye
    } else if is_news(answer) {
        Heard::News
    } else {
        Heard::Else
    })
}
