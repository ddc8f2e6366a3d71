//! A protected connection to a mail server: TCP without delay, TLS from the first byte or after STARTTLS, and a limit
//! to how long the other side may be silent. There is no way without TLS.
//!
//! Deliberately absent: the protocols themselves (`imap`, `smtp`); only the few lines before STARTTLS are spoken here,
//! read byte by byte so that nothing an attacker appends to them in clear can reach the protected dialogue.

use super::mail_error::{MailError, MailTrouble, Why};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

/// Longest wait for name, connection, STARTTLS and handshake together.
const CONNECT: Duration = Duration::from_secs(30);
/// Longest line before STARTTLS, in bytes.
const MAX_LINE: usize = 2_000;
/// Most lines of one answer before STARTTLS.
const MAX_LINES: usize = 100;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte.
    Implicit,
    /// After STARTTLS; refused where the server does not offer it.
    StartTls,
}

/// A server and how it is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its name, which its certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// Certificates to trust besides the public ones (PEM).
    pub ca_file: Option<PathBuf>,
}

/// `host:port`.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// Which dialogue precedes STARTTLS.
#[derive(Debug, Clone, Copy)]
pub(super) enum Speech<'a> {
    /// IMAP (RFC 3501 section 6.2.1).
    Imap,
    /// SMTP (RFC 3207), introducing ourselves by this name.
    Smtp(&'a str),
    /// A protocol without STARTTLS.
    None,
}

/// The protected connection. Reading and writing fail with `TimedOut` when nothing moves for the time of patience.
pub struct Wire {
    tls: TlsStream<TcpStream>,
    /// Given to the reader before what the server sends: lettre waits for a greeting, which after STARTTLS never comes.
    before: &'static [u8],
    patience: Duration,
    reading: Alarm,
    writing: Alarm,
}

impl Wire {
    /// Connects; `patience` is how long the server may be silent afterwards.
    pub(super) async fn connect(to: &Endpoint, speech: Speech<'_>, patience: Duration) -> Result<Self, MailError> {
        let failed = |trouble| MailError::new(&to.to_string(), "connect", trouble);
        let config = config(to.ca_file.as_deref()).map_err(failed)?;
        let name = ServerName::try_from(to.host.clone()).map_err(|_| failed(MailTrouble::Setting))?;
        let attempt = async {
            let mut tcp = open(to).await?;
            // Small commands wait for small answers here: Nagle's algorithm would cost 40 ms a letter.
            tcp.set_nodelay(true).map_err(|error| MailTrouble::of(&error))?;
            if to.tls == Tls::StartTls {
                start_tls(&mut tcp, speech).await?;
            }
            let tls = TlsConnector::from(Arc::new(config)).connect(name, tcp).await;
            tls.map_err(|error| MailTrouble::of(&error))
        };
        let tls = match timeout(CONNECT.min(patience), attempt).await {
            Ok(result) => result.map_err(failed)?,
            Err(_) => return Err(failed(MailTrouble::Network(Why::NoAnswer))),
        };
        let greeted = to.tls == Tls::StartTls && matches!(speech, Speech::Smtp(_));
        let before: &[u8] = if greeted { b"220 protected\r\n" } else { b"" };
        Ok(Self { tls, before, patience, reading: Alarm::new(), writing: Alarm::new() })
    }

    /// Changes how long the server may be silent (IDLE is silence by agreement).
    pub(super) fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
        self.reading.armed = false;
    }
}

async fn open(to: &Endpoint) -> Result<TcpStream, MailTrouble> {
    let addresses: Vec<SocketAddr> = tokio::net::lookup_host((to.host.as_str(), to.port))
        .await
        .map_err(|_| MailTrouble::Network(Why::NoName))?
        .collect();
    TcpStream::connect(addresses.as_slice()).await.map_err(|_| MailTrouble::Network(Why::NoAnswer))
}

fn config(ca_file: Option<&Path>) -> Result<ClientConfig, MailTrouble> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = ca_file {
        for certificate in CertificateDer::pem_file_iter(path).map_err(|_| MailTrouble::Setting)? {
            let certificate = certificate.map_err(|_| MailTrouble::Setting)?;
            roots.add(certificate).map_err(|_| MailTrouble::Setting)?;
        }
    }
    // The provider is named, not found: two of them in one program would be a panic at run time.
    let builder = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(|_| MailTrouble::Network(Why::Tls))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

async fn start_tls(tcp: &mut TcpStream, speech: Speech<'_>) -> Result<(), MailTrouble> {
    let offered = match speech {
        Speech::Imap => {
            // Not PREAUTH: that is a dialogue which may no longer be protected.
            let greeting = line(tcp).await?;
            greeting.starts_with("* OK") && imap_answers_ok(tcp).await?
        }
        Speech::Smtp(hello) => {
            smtp_answer(tcp, "220").await?.is_some()
                && smtp_command(tcp, &format!("EHLO {hello}"), "250").await?.is_some_and(|lines| {
                    lines
                        .iter()
                        .any(|line| line.get(4..).is_some_and(|word| word.trim().eq_ignore_ascii_case("STARTTLS")))
                })
                && smtp_command(tcp, "STARTTLS", "220").await?.is_some()
        }
        Speech::None => false,
    };
    if offered { Ok(()) } else { Err(MailTrouble::Network(Why::Tls)) }
}

async fn imap_answers_ok(tcp: &mut TcpStream) -> Result<bool, MailTrouble> {
    send(tcp, "s STARTTLS").await?;
    for _ in 0..MAX_LINES {
        let answer = line(tcp).await?;
        if let Some(status) = answer.strip_prefix("s ") {
            return Ok(status.starts_with("OK"));
        }
    }
    Err(MailTrouble::Protocol)
}

async fn smtp_command(tcp: &mut TcpStream, command: &str, code: &str) -> Result<Option<Vec<String>>, MailTrouble> {
    send(tcp, command).await?;
    smtp_answer(tcp, code).await
}

/// The lines of one answer if it has this code.
async fn smtp_answer(tcp: &mut TcpStream, code: &str) -> Result<Option<Vec<String>>, MailTrouble> {
    let mut lines = Vec::new();
    for _ in 0..MAX_LINES {
        let next = line(tcp).await?;
        let more = next.as_bytes().get(3) == Some(&b'-');
        let expected = next.starts_with(code);
        lines.push(next);
        if !more {
            return Ok(expected.then_some(lines));
        }
    }
    Err(MailTrouble::Protocol)
}

async fn send(tcp: &mut TcpStream, command: &str) -> Result<(), MailTrouble> {
    tcp.write_all(format!("{command}\r\n").as_bytes()).await.map_err(|error| MailTrouble::of(&error))
}

async fn line(tcp: &mut TcpStream) -> Result<String, MailTrouble> {
    let mut bytes = Vec::new();
    while bytes.len() < MAX_LINE {
        match tcp.read_u8().await.map_err(|error| MailTrouble::of(&error))? {
            b'\n' => return Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned()),
            byte => bytes.push(byte),
        }
    }
    Err(MailTrouble::Protocol)
}

/// Rings when nothing has moved for the time of patience.
struct Alarm {
    sleep: Pin<Box<Sleep>>,
    armed: bool,
}

impl Alarm {
    fn new() -> Self {
        Self { sleep: Box::pin(sleep(Duration::ZERO)), armed: false }
    }

    fn watch<T>(
        &mut self,
        moved: Poll<io::Result<T>>,
        patience: Duration,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if moved.is_ready() {
            self.armed = false;
            return moved;
        }
        if !self.armed {
            self.armed = true;
            self.sleep.as_mut().reset(Instant::now() + patience);
        }
        self.sleep.as_mut().poll(cx).map(|()| {
            self.armed = false;
            Err(io::ErrorKind::TimedOut.into())
        })
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.before.is_empty() {
            let (now, later) = this.before.split_at(this.before.len().min(buf.remaining()));
            buf.put_slice(now);
            this.before = later;
            return Poll::Ready(Ok(()));
        }
        let moved = Pin::new(&mut this.tls).poll_read(cx, buf);
        this.reading.watch(moved, this.patience, cx)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let moved = Pin::new(&mut this.tls).poll_write(cx, buf);
        this.writing.watch(moved, this.patience, cx)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let moved = Pin::new(&mut this.tls).poll_flush(cx);
        this.writing.watch(moved, this.patience, cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let moved = Pin::new(&mut this.tls).poll_shutdown(cx);
        this.writing.watch(moved, this.patience, cx)
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

impl lettre::transport::smtp::client::AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.tls.get_ref().0.peer_addr()
    }
}
