//! From the greeting to a session that may open folders: LOGIN or XOAUTH2, then what the server can, then who we are.

use super::super::mail_error::{Denial, MailError, MailTrouble, Why};
use super::super::wire::{Speech, Tls, Wire};
use super::dialogue::{Dialogue, refusal};
use super::{Limits, Place, Proof};
use async_imap::imap_proto::{Capability, Response, Status};
use async_imap::{Authenticator, Client, Session};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeSet;
use tokio::time::timeout;

/// Connects and logs in.
pub(super) async fn log_in(place: &Place, proof: &Proof, limits: &Limits) -> Result<Dialogue, MailError> {
    let server = place.endpoint.to_string();
    let failed = |step, trouble| MailError::new(&server, step, trouble);
    let wire = Wire::connect(&place.endpoint, Speech::Imap, limits.silence).await?;
    let mut client = Client::new(wire);
    // After STARTTLS the greeting has been read already; else the first answer would be taken for it.
    if place.endpoint.tls == Tls::Implicit {
        greeting(&mut client, limits).await.map_err(|trouble| failed("greet", trouble))?;
    }
    let session = match timeout(limits.command, prove(client, &place.user, proof)).await {
        Ok(session) => session.map_err(|trouble| failed("log in", trouble))?,
        Err(_) => return Err(failed("log in", MailTrouble::Network(Why::Silence))),
    };
    let mut dialogue = Dialogue::new(session, &server, limits);
    // Anew after the login: servers offer more to those whom they know.
    let mut capabilities = BTreeSet::new();
    dialogue
        .command("ask what the server can", "CAPABILITY", |response| {
            if let Response::Capabilities(told) = response {
                capabilities.extend(told.iter().filter_map(atom));
            }
        })
        .await?;
    dialogue.set_capabilities(capabilities);
    if dialogue.can("ID") {
        // Gmail recommends it strongly; a server that does not like it loses nothing.
        let id = concat!("ID (\"name\" \"zvernennia\" \"version\" \"", env!("CARGO_PKG_VERSION"), "\")");
        match dialogue.command("tell who we are", id, |_| {}).await {
            Err(error) if error.trouble != MailTrouble::Refused => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(dialogue)
}

fn atom(capability: &Capability<'_>) -> Option<String> {
    if let Capability::Atom(name) = capability { Some(name.to_ascii_uppercase()) } else { None }
}

async fn greeting(client: &mut Client<Wire>, limits: &Limits) -> Result<(), MailTrouble> {
    let answer = match timeout(limits.command, client.read_response()).await {
        Ok(answer) => answer.map_err(|error| MailTrouble::of(&error))?,
        Err(_) => return Err(MailTrouble::Network(Why::Silence)),
    };
    let answer = answer.ok_or(MailTrouble::Network(Why::Closed))?;
    if let Response::Data { status, .. } = answer.parsed() {
        // BYE: "too busy", "too many connections".
        if *status == Status::Ok { Ok(()) } else { Err(MailTrouble::Later) }
    } else {
        Err(MailTrouble::Protocol)
    }
}

async fn prove(client: Client<Wire>, user: &str, proof: &Proof) -> Result<Session<Wire>, MailTrouble> {
    let (answer, denial) = match proof {
        Proof::Password(password) => (client.login(user, password.expose_secret()).await, Denial::Password),
        Proof::Token(token) => {
            let answer = client.authenticate("XOAUTH2", Xoauth2 { user, token, asked: false }).await;
            (answer, Denial::Token)
        }
    };
    answer.map_err(|(error, _)| match trouble(error) {
        // A tagged NO to the login that does not say "later" means: not with these.
        MailTrouble::Refused => MailTrouble::Auth(denial),
        passing @ (MailTrouble::Network(_)
        | MailTrouble::Auth(_)
        | MailTrouble::Later
        | MailTrouble::Protocol
        | MailTrouble::Setting) => passing,
    })
}

/// The kind of an error of async-imap; its text, which quotes the server, ends here.
pub(super) fn trouble(error: async_imap::error::Error) -> MailTrouble {
    use async_imap::error::Error;
    if let Error::Io(error) = &error {
        MailTrouble::of(error)
    } else if let Error::No(text) = &error {
        refusal(text)
    } else if matches!(error, Error::ConnectionLost) {
        MailTrouble::Network(Why::Closed)
    } else if matches!(error, Error::Validate(_)) {
        // A line end in a user name or a password.
        MailTrouble::Setting
    } else {
        // BAD, and what the parser did not expect.
        MailTrouble::Protocol
    }
}

/// developers.google.com/gmail/imap/xoauth2-protocol: a refusal comes as a second challenge (JSON), which wants an
/// empty answer before the tagged NO.
struct Xoauth2<'a> {
    user: &'a str,
    token: &'a SecretString,
    asked: bool,
}

impl Authenticator for Xoauth2<'_> {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        if std::mem::replace(&mut self.asked, true) {
            String::new()
        } else {
            format!("user={}\x01auth=Bearer {}\x01\x01", self.user, self.token.expose_secret())
        }
    }
}
