//! An account at a mail server: how the server is reached and how the user proves that it is he.
//!
//! Secrets are read each time a connection is made, so that a corrected file needs no restart; access tokens are kept
//! while they live.

use crate::settings::Problem;
use crate::settings::valid::{OAuth, Proof as Means, Server, Tls};
use crate::world::credentials;
use crate::world::imap::{self, Place, Proof};
use crate::world::mail_error::MailError;
use crate::world::oauth::{Grant, Tokens};
use crate::world::wire::{self, Endpoint};
use std::path::Path;
use std::time::{Duration, Instant};

/// One command with all of its answer may take so many times as long as the longest silence in it.
const COMMAND_FACTOR: u32 = 10;
/// Longest wait for the end of IDLE.
const DONE: Duration = Duration::from_secs(15);

/// Why there is no connection to a server, or none any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// A dialogue with the server failed.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// A secret could not be read.
    #[error("{0}")]
    Secret(Problem),
}

/// An account.
#[derive(Debug)]
pub struct Account {
    server: Server,
    tokens: Option<Tokens>,
}

impl Account {
    /// Nothing is read or asked yet.
    pub fn new(server: &Server) -> Self {
        Self { server: server.clone(), tokens: None }
    }

    /// The server.
    pub fn endpoint(&self) -> Endpoint {
        let Server { host, port, ca_file, tls, .. } = &self.server;
        let tls = match tls {
            Tls::Implicit => wire::Tls::Implicit,
            Tls::StartTls => wire::Tls::StartTls,
        };
        Endpoint { host: host.clone(), port: *port, tls, ca_file: ca_file.clone() }
    }

    /// A folder of this account, if it is one on an IMAP server.
    pub fn place(&self, folder: &str, writable: bool) -> Place {
        Place { endpoint: self.endpoint(), user: self.server.user.clone(), folder: folder.to_owned(), writable }
    }

    /// How long an IMAP server is waited for.
    pub fn imap_limits(&self) -> imap::Limits {
        let silence = self.server.timeout;
        imap::Limits { silence, command: silence.saturating_mul(COMMAND_FACTOR), done: silence.min(DONE) }
    }

    /// Name of the user.
    pub fn user(&self) -> &str {
        &self.server.user
    }

    /// The proof, and until when a connection made with it is good (a token's life ends before the server says so).
    ///
    /// # Errors
    /// A secret that cannot be read, a token endpoint that gives no token.
    pub async fn proof(&mut self) -> Result<(Proof, Option<Instant>), AccountError> {
        let credentials = credentials::folder();
        let credentials = credentials.as_deref();
        match &self.server.proof {
            Means::Password(secret) => {
                let password = secret.read(credentials).map_err(AccountError::Secret)?;
                Ok((Proof::Password(password), None))
            }
            Means::OAuth(oauth) => {
                let mut tokens = match self.tokens.take() {
                    Some(tokens) => tokens,
                    None => Tokens::new(self.grant(oauth, credentials)?),
                };
                // After a failure they are made anew: the refresh token may have been written anew.
                let (token, until) = tokens.access().await?;
                self.tokens = Some(tokens);
                Ok((Proof::Token(token), Some(until)))
            }
        }
    }

    /// The server did not let us in: the next proof is made anew.
    pub fn refused(&mut self) {
        self.tokens = None;
    }

    fn grant(&self, oauth: &OAuth, credentials: Option<&Path>) -> Result<Grant, AccountError> {
        Ok(Grant {
            token_endpoint: oauth.token_endpoint.clone(),
            client_id: oauth.client_id.clone(),
            client_secret: oauth.client_secret.read(credentials).map_err(AccountError::Secret)?,
            refresh_token: oauth.refresh_token.read(credentials).map_err(AccountError::Secret)?,
            ca_file: self.server.ca_file.clone(),
        })
    }
}
