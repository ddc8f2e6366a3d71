//! Letters through a mail server, one recipient and one transaction each, stage by stage, so that it is always known
//! whether a letter was certainly not sent, certainly sent, or perhaps sent.
//!
//! lettre's own transport hides the stage and waits without limit (0.11.23: its timeout covers only connecting); here
//! its lower half is driven over our own connection, every wait limited. What the outcome means for the row in the
//! outbox, pauses and repeats are the caller's.

mod reply;

pub use reply::{Pause, Reply};

use super::imap::Proof;
use super::mail_error::{Denial, MailError, MailTrouble, Why};
use super::wire::{Endpoint, Speech, Wire};
use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use reply::{Stage, judge};
use secrecy::ExposeSecret;
use std::time::Duration;
use tokio::time::timeout;

/// Which server, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// The server.
    pub endpoint: Endpoint,
    /// Name of the user.
    pub user: String,
    /// The name by which we introduce ourselves (EHLO): the domain of our Message-IDs.
    pub hello: String,
}

/// How long is waited for what (RFC 5321 section 4.5.3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Greeting, login, MAIL, RCPT.
    pub answer: Duration,
    /// The answer to DATA.
    pub data: Duration,
    /// The letter and the answer to its final dot; ending earlier makes doubles.
    pub dot: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answer: Duration::from_secs(300), data: Duration::from_secs(120), dot: Duration::from_secs(600) }
    }
}

/// A letter ready to go.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// Envelope sender.
    pub from: &'a str,
    /// The one recipient.
    pub to: &'a str,
    /// The letter with its headers; the same bytes at every attempt.
    pub bytes: &'a [u8],
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// The server has taken it over.
    Sent(Reply),
    /// The server will never take this letter or this recipient.
    Refused(Reply),
    /// The server did not take this letter now.
    Later(Reply),
    /// Certainly not sent: the connection failed before the letter went out.
    NotSent(MailError),
    /// Certainly not sent, and nothing else can be for a while: daily quota, too many logins, "come later".
    AccountPaused(Pause),
    /// Certainly not sent: the server does not let us in. Stop and tell the administrator.
    AuthFailed(Denial),
    /// The letter went out, the answer did not come: perhaps sent. Look for it among the sent ones.
    Uncertain(MailError),
    /// Not sent: `before_data` said so.
    HeldBack,
}

/// Sends letters over one connection, which is made when needed and kept while it is good: logins are rationed.
pub struct SmtpSender {
    relay: Relay,
    limits: Limits,
    connection: Option<AsyncSmtpConnection>,
}

impl SmtpSender {
    /// Nothing is connected yet.
    pub fn new(relay: &Relay, limits: &Limits) -> Self {
        Self { relay: relay.clone(), limits: limits.clone(), connection: None }
    }

    /// Sends one letter. `before_data` is called when the server is ready to take it: what it commits ("from here on
    /// the outcome may be unknown") is durable before the first byte goes out; `false` holds the letter back.
    pub async fn send(
        &mut self,
        proof: &Proof,
        letter: Outgoing<'_>,
        before_data: impl FnOnce() -> bool,
    ) -> SendOutcome {
        let (Ok(from), Ok(to)) = (letter.from.parse::<Address>(), letter.to.parse::<Address>()) else {
            return SendOutcome::Refused(Reply::bad_address());
        };
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => match self.connect(proof).await {
                Ok(connection) => connection,
                Err(outcome) => return outcome,
            },
        };
        match self.transact(&mut connection, (from, to), letter.bytes, before_data).await {
            Ok(outcome) => {
                self.connection = Some(connection);
                outcome
            }
            // Dropped without QUIT: the dialogue is in an unknown state, and waiting for it helps nobody.
            Err(outcome) => outcome,
        }
    }

    /// Says goodbye, if anything is connected.
    pub async fn close(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            let _ = timeout(Duration::from_secs(5), connection.command(Quit)).await;
        }
    }

    async fn connect(&self, proof: &Proof) -> Result<AsyncSmtpConnection, SendOutcome> {
        let Relay { endpoint, user, hello } = &self.relay;
        // Silence is limited stage by stage; the wire itself must only be slower than the slowest of them.
        let patience = self.limits.dot.max(self.limits.answer);
        let wire = Wire::connect(endpoint, Speech::Smtp(hello), patience).await.map_err(SendOutcome::NotSent)?;
        let hello = ClientId::Domain(hello.clone());
        let greeted = timeout(self.limits.answer, AsyncSmtpConnection::connect_with_transport(Box::new(wire), &hello));
        let mut connection = self.judge("greet", Stage::Greeting, greeted.await)?;
        let (mechanisms, secret): (&[Mechanism], _) = match proof {
            Proof::Password(password) => (&[Mechanism::Plain, Mechanism::Login], password),
            Proof::Token(token) => (&[Mechanism::Xoauth2], token),
        };
        let credentials = Credentials::new(user.clone(), secret.expose_secret().to_owned());
        let proved = timeout(self.limits.answer, connection.auth(mechanisms, &credentials)).await;
        // The second challenge, by which XOAUTH2 refuses, is an error of the client to lettre.
        if matches!(&proved, Ok(Err(error)) if error.status().is_none() && error.is_client()) {
            return Err(SendOutcome::AuthFailed(match proof {
                Proof::Password(_) => Denial::Password,
                Proof::Token(_) => Denial::Token,
            }));
        }
        match self.judge("log in", Stage::Login, proved) {
            Ok(_) => Ok(connection),
            Err(SendOutcome::AuthFailed(_)) if matches!(proof, Proof::Token(_)) => {
                Err(SendOutcome::AuthFailed(Denial::Token))
            }
            Err(outcome) => Err(outcome),
        }
    }

    /// `Ok`: the connection is good for the next letter. `Err`: it is not.
    async fn transact(
        &self,
        connection: &mut AsyncSmtpConnection,
        (from, to): (Address, Address),
        bytes: &[u8],
        before_data: impl FnOnce() -> bool,
    ) -> Result<SendOutcome, SendOutcome> {
        let mut options = Vec::new();
        if !bytes.is_ascii() && connection.server_info().supports_feature(Extension::EightBitMime) {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let answer = self.limits.answer;
        let mail = timeout(answer, connection.command(Mail::new(Some(from), options))).await;
        if let Err(outcome) = self.judge("name the sender", Stage::Sender, mail) {
            return self.reset(connection, outcome).await;
        }
        let rcpt = timeout(answer, connection.command(Rcpt::new(to, vec![]))).await;
        if let Err(outcome) = self.judge("name the recipient", Stage::Letter, rcpt) {
            return self.reset(connection, outcome).await;
        }
        if !before_data() {
            return self.reset(connection, SendOutcome::HeldBack).await;
        }
        // Until the server has answered 354, not a byte of the letter is out.
        let data = timeout(self.limits.data, connection.command(Data)).await;
        if let Err(outcome) = self.judge("announce the letter", Stage::Letter, data) {
            return self.reset(connection, outcome).await;
        }
        let sent = timeout(self.limits.dot, connection.message(bytes)).await;
        match self.judge("hand over the letter", Stage::Dot, sent) {
            Ok(response) => Ok(SendOutcome::Sent(Reply::of(&response))),
            Err(outcome) => self.reset(connection, outcome).await,
        }
    }

    /// After a refusal the connection can go on, once the server has forgotten this letter.
    async fn reset(
        &self,
        connection: &mut AsyncSmtpConnection,
        outcome: SendOutcome,
    ) -> Result<SendOutcome, SendOutcome> {
        let goes_on = match outcome {
            SendOutcome::Refused(_) | SendOutcome::Later(_) | SendOutcome::HeldBack => true,
            SendOutcome::Sent(_)
            | SendOutcome::NotSent(_)
            | SendOutcome::AccountPaused(_)
            | SendOutcome::AuthFailed(_)
            | SendOutcome::Uncertain(_) => false,
        };
        if goes_on && matches!(timeout(self.limits.answer, connection.command(Rset)).await, Ok(Ok(_))) {
            Ok(outcome)
        } else {
            Err(outcome)
        }
    }

    /// The answer, or what its absence or refusal means at this stage.
    fn judge<T>(
        &self,
        step: &'static str,
        stage: Stage,
        answer: Result<Result<T, lettre::transport::smtp::Error>, tokio::time::error::Elapsed>,
    ) -> Result<T, SendOutcome> {
        let trouble = match answer {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => match Reply::of_error(&error) {
                Some(reply) => return Err(judge(stage, reply)),
                None => MailTrouble::Network(Why::Closed),
            },
            Err(_) => MailTrouble::Network(Why::Silence),
        };
        let error = MailError::new(&self.relay.endpoint.to_string(), step, trouble);
        Err(match stage {
            Stage::Greeting | Stage::Login | Stage::Sender | Stage::Letter => SendOutcome::NotSent(error),
            Stage::Dot => SendOutcome::Uncertain(error),
        })
    }
}

impl std::fmt::Debug for SmtpSender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let connected = self.connection.is_some();
        f.debug_struct("SmtpSender").field("connected", &connected).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// A command of SMTP ends where its line ends, so an address must not bring a line end of its own.
        #[test]
        fn no_address_that_is_taken_carries_a_second_command(
            local in "[a-z\"\\\\ .<>\r\n\0\u{85}\u{2028}ї]{0,12}",
            quoted in any::<bool>(),
            domain in "[a-z.\\[\\]\r\n >:0-9]{0,12}",
        ) {
            let local = if quoted { format!("\"{local}\"") } else { local };
            for address in [format!("{local}@{domain}"), format!("{local}@ukr.net"), format!("a@{domain}")] {
                if let Ok(taken) = address.parse::<Address>() {
                    for command in [Mail::new(Some(taken.clone()), vec![]).to_string(), Rcpt::new(taken, vec![]).to_string()] {
                        let line = command.strip_suffix("\r\n").unwrap();
                        prop_assert!(!line.contains(['\r', '\n', '\0']), "{:?} gives {:?}", address, line);
                        prop_assert!(line.ends_with('>'), "{:?} gives {:?}", address, line);
                    }
                }
            }
        }
    }
}
