//! OAuth 2: an access token for a refresh token (RFC 6749 section 6), by one small HTTPS request.
//!
//! Deliberately absent: getting the refresh token (done once, by hand, in a browser), service accounts, redirects.
//! Neither tokens nor the server's words appear in errors. Plain HTTP is spoken to this machine only (tests).

use super::mail_error::{Denial, MailError, MailTrouble, Why};
use super::wire::{Endpoint, Speech, Tls, Wire};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longest wait for a token.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest answer, in bytes.
const MAX_ANSWER: u64 = 64 * 1024;
/// A token is used for this share of its life, so that none expires in the middle of a dialogue.
const SHARE_OF_LIFE: f64 = 0.8;
/// Life of a token where the answer does not tell it.
const DEFAULT_LIFE: Duration = Duration::from_secs(3600);

/// Who asks, where, and by what right.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The token endpoint (`https://oauth2.googleapis.com/token`).
    pub token_endpoint: String,
    /// Public name of the client.
    pub client_id: String,
    /// Secret of the client.
    pub client_secret: SecretString,
    /// The refresh token.
    pub refresh_token: SecretString,
    /// Certificates to trust besides the public ones (PEM).
    pub ca_file: Option<PathBuf>,
}

/// Access tokens for one mailbox, got when needed and kept while they live.
#[derive(Debug)]
pub struct Tokens {
    grant: Grant,
    current: Option<(SecretString, Instant)>,
}

impl Tokens {
    /// No token yet.
    pub fn new(grant: Grant) -> Self {
        Self { grant, current: None }
    }

    /// A token that still has a fifth of its life before it, and until when it should be used; then connect anew.
    pub async fn access(&mut self) -> Result<(SecretString, Instant), MailError> {
        if let Some((token, until)) = &self.current
            && Instant::now() < *until
        {
            return Ok((token.clone(), *until));
        }
        let (token, life) = self.grant.refresh().await?;
        let until = Instant::now() + life.mul_f64(SHARE_OF_LIFE);
        self.current = Some((token.clone(), until));
        Ok((token, until))
    }

    /// Forgets the token, because the mail server did not accept it.
    pub fn forget(&mut self) {
        self.current = None;
    }
}

#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    expires_in: Option<u32>,
    error: Option<String>,
}

impl Grant {
    async fn refresh(&self) -> Result<(SecretString, Duration), MailError> {
        let target = Target::parse(&self.token_endpoint)
            .ok_or_else(|| MailError::new("the token endpoint", "get an access token", MailTrouble::Setting))?;
        let server = format!("{}:{}", target.host, target.port);
        let failed = |trouble| MailError::new(&server, "get an access token", trouble);
        let request = target.request(&self.form());
        let exchange = async {
            if target.plain {
                let tcp = TcpStream::connect((target.host.as_str(), target.port)).await;
                exchange(tcp.map_err(|_| failed(MailTrouble::Network(Why::NoAnswer)))?, &request).await.map_err(failed)
            } else {
                let (host, port, ca_file) = (target.host.clone(), target.port, self.ca_file.clone());
                let endpoint = Endpoint { host, port, tls: Tls::Implicit, ca_file };
                exchange(Wire::connect(&endpoint, Speech::None, PATIENCE).await?, &request).await.map_err(failed)
            }
        };
        let bytes = match timeout(PATIENCE, exchange).await {
            Ok(bytes) => bytes?,
            Err(_) => return Err(failed(MailTrouble::Network(Why::Silence))),
        };
        judge(&bytes).map_err(failed)
    }

    fn form(&self) -> String {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", &self.client_id),
            ("client_secret", self.client_secret.expose_secret()),
            ("refresh_token", self.refresh_token.expose_secret()),
        ];
        fields.map(|(key, value)| format!("{key}={}", percent(value))).join("&")
    }
}

/// Where a token endpoint is.
struct Target {
    plain: bool,
    host: String,
    port: u16,
    path: String,
}

impl Target {
    fn parse(url: &str) -> Option<Self> {
        let (plain, rest) = match url.strip_prefix("https://") {
            Some(rest) => (false, rest),
            None => (true, url.strip_prefix("http://")?),
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (authority, if plain { 80 } else { 443 }),
        };
        let odd = |text: &str| text.chars().any(|c| c.is_control() || c.is_whitespace() || !c.is_ascii());
        if host.is_empty() || odd(host) || odd(path) || (plain && host != "127.0.0.1" && host != "localhost") {
            return None;
        }
        Some(Self { plain, host: host.to_owned(), port, path: format!("/{path}") })
    }

    fn request(&self, form: &str) -> String {
        let Self { path, host, .. } = self;
        // HTTP/1.0: the answer comes in one piece and ends with the connection.
        format!(
            "POST {path} HTTP/1.0\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nAccept: application/json\r\n\r\n{form}",
            form.len()
        )
    }
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> Result<Vec<u8>, MailTrouble> {
    stream.write_all(request.as_bytes()).await.map_err(|error| MailTrouble::of(&error))?;
    stream.flush().await.map_err(|error| MailTrouble::of(&error))?;
    let mut answer = Vec::new();
    match stream.take(MAX_ANSWER).read_to_end(&mut answer).await {
        // Many servers end without the farewell of TLS; whether the answer is whole the JSON tells.
        Err(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => Err(MailTrouble::of(&error)),
        Ok(_) | Err(_) => Ok(answer),
    }
}

/// Status line, headers, JSON.
fn judge(answer: &[u8]) -> Result<(SecretString, Duration), MailTrouble> {
    if answer.is_empty() {
        return Err(MailTrouble::Network(Why::Closed));
    }
    let gap = memchr::memmem::find(answer, b"\r\n\r\n").ok_or(MailTrouble::Protocol)?;
    let (head, body) = answer.split_at_checked(gap + 4).ok_or(MailTrouble::Protocol)?;
    let status = head.split(|byte| *byte == b' ').nth(1).and_then(|code| std::str::from_utf8(code).ok());
    let status: u16 =
        status.and_then(|code| code.get(..3)).and_then(|code| code.parse().ok()).ok_or(MailTrouble::Protocol)?;
    if status == 429 || status >= 500 {
        return Err(MailTrouble::Later);
    }
    let answer: Answer = serde_json::from_slice(body).map_err(|_| MailTrouble::Protocol)?;
    match (status, answer.access_token, answer.error.as_deref()) {
        (200, Some(token), None) => {
            let life = answer.expires_in.map_or(DEFAULT_LIFE, |seconds| Duration::from_secs(seconds.into()));
            Ok((SecretString::from(token), life))
        }
        (_, _, Some("invalid_grant")) => Err(MailTrouble::Auth(Denial::Grant)),
        (_, _, Some("invalid_client" | "unauthorized_client")) | (401, _, _) => Err(MailTrouble::Auth(Denial::Client)),
        (_, _, _) => Err(MailTrouble::Refused),
    }
}

/// application/x-www-form-urlencoded.
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: &str, body: &str) -> Result<(String, Duration), MailTrouble> {
        let answer = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\n\r\n{body}");
        judge(answer.as_bytes()).map(|(token, life)| (token.expose_secret().to_owned(), life))
    }

    #[test]
    fn the_answer_of_a_token_endpoint_is_judged_by_its_code() {
        let hour = Duration::from_secs(3599);
        let token = r#"{"access_token": "ya29.x", "expires_in": 3599, "token_type": "Bearer"}"#;
        assert_eq!(answer("200 OK", token), Ok(("ya29.x".to_owned(), hour)));
        for (status, body, trouble) in [
            ("400 Bad Request", r#"{"error": "invalid_grant"}"#, MailTrouble::Auth(Denial::Grant)),
            ("401 Unauthorized", r#"{"error": "invalid_client"}"#, MailTrouble::Auth(Denial::Client)),
            ("400 Bad Request", r#"{"error": "invalid_request"}"#, MailTrouble::Refused),
            ("503 Unavailable", "<html>", MailTrouble::Later),
            ("200 OK", "{}", MailTrouble::Refused),
            ("200 OK", "<html>", MailTrouble::Protocol),
        ] {
            assert_eq!(answer(status, body), Err(trouble), "{status} {body}");
        }
        assert_eq!(judge(b"").map(|_| ()), Err(MailTrouble::Network(Why::Closed)));
        assert_eq!(judge(b"SSH-2.0\r\n").map(|_| ()), Err(MailTrouble::Protocol));
    }

    #[test]
    fn tokens_leave_this_machine_only_protected() {
        let target = Target::parse("https://oauth2.googleapis.com/token").unwrap();
        assert_eq!((target.plain, target.host.as_str(), target.port), (false, "oauth2.googleapis.com", 443));
        assert!(target.request("a=b").starts_with("POST /token HTTP/1.0\r\nHost: oauth2.googleapis.com\r\n"));
        assert!(Target::parse("http://127.0.0.1:8080/token").is_some());
        for url in ["http://example.com/token", "https://", "ftp://x/", "https://a b/", "https://a/\r\nX: y"] {
            assert!(Target::parse(url).is_none(), "{url}");
        }
    }

    #[test]
    fn secrets_are_encoded_in_the_form() {
        assert_eq!(percent("1//0e-a+b&c=ї"), "1%2F%2F0e-a%2Bb%26c%3D%D1%97");
    }
}
