//! What went wrong with a mail server, said so that the reader knows the server, the step and the remedy.
//!
//! A server's own words are never carried: they echo addresses, and a parser's complaint quotes whole letters.
//! Callers branch on `MailTrouble`: try again soon, wait, tell the administrator, or put one letter aside.

use std::fmt;
use std::io;
use tokio_rustls::rustls;

/// Why the network failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The name of the server is unknown (or DNS is down).
    NoName,
    /// Nobody answers at this address and port.
    NoAnswer,
    /// The server fell silent for longer than the limit.
    Silence,
    /// The connection ended.
    Closed,
    /// The certificate is not valid for this server. Never accepted.
    Certificate,
    /// TLS failed otherwise, or STARTTLS is not offered.
    Tls,
}

/// Why the server does not let us in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// User name or password.
    Password,
    /// The access token is expired or belongs to another user.
    Token,
    /// The refresh token is dead (`invalid_grant`).
    Grant,
    /// The token endpoint does not know this client (`invalid_client`).
    Client,
}

/// The kinds of failure that call for different behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTrouble {
    /// Try again, with growing pauses.
    Network(Why),
    /// Stop trying often, tell the administrator.
    Auth(Denial),
    /// The server asks to come later: too many connections, throttled, temporarily not available.
    Later,
    /// The server said no to this command.
    Refused,
    /// The answer could not be understood. The connection is given up.
    Protocol,
    /// A setting cannot be used (a certificate file, a folder name).
    Setting,
}

impl Denial {
    /// What the administrator can do about it.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Password => {
                "check user and password; Gmail wants an app password, and a changed account password revokes it"
            }
            Self::Token => "check that the refresh token was given for this very mailbox and the scope of mail",
            Self::Grant => {
                "authorise anew: the refresh token was revoked, unused for 6 months, ended by a change of password, \
                 or is one of a consent screen in \"Testing\" (7 days)"
            }
            Self::Client => "check client_id and client_secret",
        }
    }
}

impl MailTrouble {
    /// What can be done about it.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Network(Why::NoName) => "check the name of the server and DNS",
            Self::Network(Why::NoAnswer) => "check address, port and firewall",
            Self::Network(Why::Certificate) => "check the server's certificate, the clock, and ca_file",
            Self::Network(Why::Tls) => "check the port and the setting tls (implicit or starttls)",
            Self::Network(Why::Silence | Why::Closed) => "it is tried again by itself",
            Self::Auth(denial) => denial.remedy(),
            Self::Later => "it is tried again later by itself",
            Self::Refused => "if it does not pass, look into the mailbox with another program",
            Self::Protocol => "it is tried again; a letter that causes it is put aside",
            Self::Setting => "correct the configuration",
        }
    }

    /// The kind of an input/output error of a connection.
    pub(super) fn of(error: &io::Error) -> Self {
        let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if let Some(error) = tls {
            let certificate = matches!(error, rustls::Error::InvalidCertificate(_));
            return Self::Network(if certificate { Why::Certificate } else { Why::Tls });
        }
        let kind = error.kind();
        if kind == io::ErrorKind::TimedOut {
            Self::Network(Why::Silence)
        } else if kind == io::ErrorKind::Other {
            // So async-imap reports a line that it cannot parse; the text quotes it and is dropped here.
            Self::Protocol
        } else {
            Self::Network(Why::Closed)
        }
    }
}

impl fmt::Display for MailTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Network(Why::NoName) => "the name of the server is unknown",
            Self::Network(Why::NoAnswer) => "no answer",
            Self::Network(Why::Silence) => "the server fell silent",
            Self::Network(Why::Closed) => "the connection ended",
            Self::Network(Why::Certificate) => "the certificate is not valid",
            Self::Network(Why::Tls) => "no protected connection",
            Self::Auth(Denial::Password) => "user or password is not accepted",
            Self::Auth(Denial::Token) => "the access token is not accepted",
            Self::Auth(Denial::Grant) => "the refresh token is no longer valid",
            Self::Auth(Denial::Client) => "the OAuth client is not accepted",
            Self::Later => "the server asks to come later",
            Self::Refused => "the server refused",
            Self::Protocol => "the answer cannot be understood",
            Self::Setting => "a setting cannot be used",
        })
    }
}

/// A failed step of a dialogue with a mail server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{server}: cannot {step}: {trouble} ({})", trouble.remedy())]
pub struct MailError {
    /// Server and port.
    pub server: String,
    /// What was attempted ("connect", "log in", "fetch").
    pub step: &'static str,
    /// What stood in the way.
    pub trouble: MailTrouble,
}

impl MailError {
    /// A failure of this step at this server.
    pub fn new(server: &str, step: &'static str, trouble: MailTrouble) -> Self {
        Self { server: server.to_owned(), step, trouble }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_server_step_and_remedy_and_nothing_that_the_server_said() {
        let parser = io::Error::other("during parsing of \"Шановний пане, моя адреса …\"");
        let error = MailError::new("imap.gmail.com:993", "fetch", MailTrouble::of(&parser));
        assert_eq!(
            error.to_string(),
            "imap.gmail.com:993: cannot fetch: the answer cannot be understood \
             (it is tried again; a letter that causes it is put aside)"
        );
    }

    #[test]
    fn kinds_of_connection_errors() {
        let invalid = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        for (error, trouble) in [
            (io::Error::from(io::ErrorKind::TimedOut), MailTrouble::Network(Why::Silence)),
            (io::Error::from(io::ErrorKind::ConnectionReset), MailTrouble::Network(Why::Closed)),
            (io::Error::new(io::ErrorKind::InvalidData, invalid), MailTrouble::Network(Why::Certificate)),
        ] {
            assert_eq!(MailTrouble::of(&error), trouble);
        }
    }
}
