//! What a server's answer means at each stage: for this letter, or for everything that we send through this account.
//! Only the numbers are kept; the words echo addresses.

use super::super::mail_error::Denial;
use super::SendOutcome;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::Response;
use std::fmt;

/// The numbers of an answer: `550` and, where the server gives it, `5.4.5` (RFC 3463).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    /// Three digits.
    pub code: u16,
    /// Class, subject, detail.
    pub enhanced: Option<(u16, u16, u16)>,
}

/// How long an account should rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// An hour: too many logins or connections, a temporary fault of the server.
    Hour,
    /// A day: the quota of letters is used up.
    Day,
    /// Until somebody has looked: the server takes nothing from this sender.
    Sender(Reply),
}

/// How far the dialogue has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Greeting and EHLO.
    Greeting,
    /// AUTH.
    Login,
    /// MAIL: what is refused here concerns the account as a rule.
    Sender,
    /// RCPT and DATA.
    Letter,
    /// The letter has gone out.
    Dot,
}

impl Reply {
    /// The numbers of an answer.
    pub(super) fn of(response: &Response) -> Self {
        let code = response.code();
        let digits = code.to_string().parse().unwrap_or(250);
        Self { code: digits, enhanced: response.first_line().and_then(enhanced) }
    }

    /// The numbers of a refusal; `None` if there was no answer at all.
    pub(super) fn of_error(error: &Error) -> Option<Self> {
        let code = error.status()?.to_string().parse().ok()?;
        let words = std::error::Error::source(error).map(ToString::to_string);
        Some(Self { code, enhanced: words.as_deref().and_then(enhanced) })
    }

    /// The answer that a server would give to an address that cannot be one; made here, without asking.
    pub(super) fn bad_address() -> Self {
        Self { code: 553, enhanced: Some((5, 1, 3)) }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.enhanced {
            Some((class, subject, detail)) => write!(f, "{} {class}.{subject}.{detail}", self.code),
            None => write!(f, "{}", self.code),
        }
    }
}

/// `5.4.5 Daily user sending quota exceeded` → (5, 4, 5).
fn enhanced(text: &str) -> Option<(u16, u16, u16)> {
    let word = text.split_whitespace().next()?;
    let mut parts = word.splitn(3, '.').map(|part| part.parse::<u16>().ok().filter(|number| *number < 1000));
    let (class, subject, detail) = (parts.next()??, parts.next()??, parts.next()??);
    matches!(class, 2 | 4 | 5).then_some((class, subject, detail))
}

/// What a refusal means.
pub(super) fn judge(stage: Stage, reply: Reply) -> SendOutcome {
    let subject_detail = reply.enhanced.map(|(_, subject, detail)| (subject, detail));
    // Gmail's daily quota is a 5xx, and must not be taken for a refusal of the letter.
    if subject_detail == Some((4, 5)) {
        return SendOutcome::AccountPaused(Pause::Day);
    }
    let denied = matches!(reply.code, 530 | 534 | 535 | 538) || (reply.code >= 500 && stage == Stage::Login);
    if denied && stage != Stage::Dot {
        return SendOutcome::AuthFailed(Denial::Password);
    }
    match (stage, reply.code) {
        (_, 421 | 454) => SendOutcome::AccountPaused(Pause::Hour),
        (Stage::Greeting | Stage::Login, _) => SendOutcome::AccountPaused(Pause::Hour),
        (Stage::Sender, 500..=599) => SendOutcome::AccountPaused(Pause::Sender(reply)),
        (Stage::Letter | Stage::Dot, 500..=599) => SendOutcome::Refused(reply),
        (Stage::Sender | Stage::Letter | Stage::Dot, _) => SendOutcome::Later(reply),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_concerns_the_letter_or_the_account() {
        let reply = |code, text| Reply { code, enhanced: enhanced(text) };
        let hour = SendOutcome::AccountPaused(Pause::Hour);
        let denied = SendOutcome::AuthFailed(Denial::Password);
        for (stage, code, text, outcome) in [
            (Stage::Greeting, 421, "4.7.0 try again", hour.clone()),
            (Stage::Greeting, 554, "no service", hour.clone()),
            (Stage::Login, 535, "5.7.8 Username and Password not accepted", denied.clone()),
            (Stage::Login, 454, "4.7.0 Too many login attempts", hour.clone()),
            (Stage::Sender, 530, "5.7.0 Authentication Required", denied),
            (Stage::Sender, 421, "4.3.0 Temporary System Problem", hour.clone()),
            (
                Stage::Sender,
                550,
                "5.7.1 account suspended",
                SendOutcome::AccountPaused(Pause::Sender(reply(550, "5.7.1"))),
            ),
            (Stage::Letter, 550, "5.4.5 Daily user sending quota exceeded", SendOutcome::AccountPaused(Pause::Day)),
            (Stage::Letter, 550, "5.1.1 no such user", SendOutcome::Refused(reply(550, "5.1.1"))),
            (Stage::Letter, 450, "4.2.0 greylisted", SendOutcome::Later(reply(450, "4.2.0"))),
            (Stage::Dot, 552, "message too large", SendOutcome::Refused(reply(552, ""))),
            (Stage::Dot, 451, "4.3.0 queue full", SendOutcome::Later(reply(451, "4.3.0"))),
            (Stage::Dot, 421, "bye", hour),
        ] {
            assert_eq!(judge(stage, reply(code, text)), outcome, "{stage:?} {code} {text}");
        }
    }

    #[test]
    fn only_what_is_an_enhanced_code_is_taken_for_one() {
        for (text, code) in [("5.1.1 no", Some((5, 1, 1))), ("127.0.0.1 said", None), ("3.1.1", None), ("", None)] {
            assert_eq!(enhanced(text), code, "{text}");
        }
    }
}
