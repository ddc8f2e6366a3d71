//! Our IMAP half against servers that misbehave exactly as scripted: what real servers, networks and Gmail do on bad
//! days. The rule in all cases: never "fine, nothing there" where something was refused, cut or lost.

use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::ServerConfig;
use zvernennia::world::imap::{Body, ImapMailbox, Limits, Listed, Place, Proof, Woke};
use zvernennia::world::mail_error::{Denial, MailError, MailTrouble, Why};
use zvernennia::world::wire::{Endpoint, Tls};

/// What the server does with a command.
enum Act {
    /// Sends this; `TAG` becomes the tag of the command.
    Say(&'static str),
    /// Sends this and hangs up properly.
    SayAndClose(&'static str),
    /// Nothing, for ever.
    Silence,
}
use Act::{Say, SayAndClose, Silence};

/// A script: the number of the connection and the command (without its tag, upper case) → what to do. `None`: as an
/// obliging server would.
type Script = fn(usize, &str) -> Option<Act>;

fn tls(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tools/tls").join(name)
}

fn acceptor() -> TlsAcceptor {
    let chain = vec![CertificateDer::from_pem_file(tls("server.crt")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(tls("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn obliging(command: &str) -> Act {
    let word = command.split(' ').next().unwrap_or_default();
    match word {
        "LOGIN" => Say("TAG OK in\r\n"),
        "DONE" => Say("TAG OK idled\r\n"),
        "CAPABILITY" => Say("* CAPABILITY IMAP4rev1 IDLE MOVE\r\nTAG OK\r\n"),
        "EXAMINE" | "SELECT" => {
            Say("* 3 EXISTS\r\n* OK [UIDVALIDITY 77] x\r\n* OK [UIDNEXT 8] x\r\nTAG OK [READ-ONLY] x\r\n")
        }
        _ => Say("TAG BAD unscripted\r\n"),
    }
}

/// A server on a port of this machine that follows the script.
async fn server(script: Script) -> Place {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let connections = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let number = connections.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::spawn(serve(tcp, number, script));
        }
    });
    let endpoint = Endpoint { host: "localhost".into(), port, tls: Tls::Implicit, ca_file: Some(tls("ca.crt")) };
    Place { endpoint, user: "user".into(), folder: "INBOX".into(), writable: false }
}

async fn serve(tcp: tokio::net::TcpStream, number: usize, script: Script) {
    let Ok(stream) = acceptor().accept(tcp).await else { return };
    let mut stream = BufReader::new(stream);
    match script(number, "GREETING").unwrap_or(Say("* OK ready\r\n")) {
        Say(text) => stream.write_all(text.as_bytes()).await.unwrap(),
        SayAndClose(text) => {
            stream.write_all(text.as_bytes()).await.unwrap();
            let _ = stream.shutdown().await;
            return;
        }
        Silence => std::future::pending().await,
    }
    let mut line = String::new();
    let mut tag = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let text = line.trim_end();
        let command = match text.split_once(' ') {
            Some((first, rest)) => {
                tag = first.to_owned();
                rest.to_owned()
            }
            // A continuation: DONE, an answer to a challenge. The tag is that of its command.
            None => text.to_owned(),
        };
        match script(number, &command).unwrap_or_else(|| obliging(&command)) {
            Say(answer) => {
                if stream.write_all(answer.replace("TAG", &tag).as_bytes()).await.is_err() {
                    return;
                }
                let _ = stream.flush().await;
            }
            SayAndClose(answer) => {
                let _ = stream.write_all(answer.replace("TAG", &tag).as_bytes()).await;
                let _ = stream.shutdown().await;
                return;
            }
            Silence => std::future::pending().await,
        }
    }
}

fn limits() -> Limits {
    Limits { silence: Duration::from_millis(400), command: Duration::from_secs(5), done: Duration::from_millis(400) }
}

fn password() -> Proof {
    Proof::Password(SecretString::from("secret"))
}

async fn connect(script: Script) -> Result<ImapMailbox, MailError> {
    ImapMailbox::connect(&server(script).await, &password(), &limits()).await
}

fn uids(letters: &[Listed]) -> Vec<u32> {
    letters.iter().map(|letter| letter.uid).collect()
}

const CLOSED: MailTrouble = MailTrouble::Network(Why::Closed);
const SILENCE: MailTrouble = MailTrouble::Network(Why::Silence);

#[tokio::test]
async fn a_listing_that_ends_early_is_an_error_and_never_an_empty_mailbox() {
    for (script, trouble) in [
        ((|_, c| c.starts_with("UID FETCH").then_some(Say("TAG NO [SERVERBUG] no\r\n"))) as Script, MailTrouble::Later),
        (|_, c| c.starts_with("UID FETCH").then_some(Say("TAG NO no\r\n")), MailTrouble::Refused),
        (|_, c| c.starts_with("UID FETCH").then_some(Say("TAG BAD what\r\n")), MailTrouble::Refused),
        (|_, c| c.starts_with("UID FETCH").then_some(SayAndClose("")), CLOSED),
        (|_, c| c.starts_with("UID FETCH").then_some(SayAndClose("* BYE kicked\r\n")), CLOSED),
        (|_, c| c.starts_with("UID FETCH").then_some(Silence), SILENCE),
        (
            |_, c| {
                let one = "* 1 FETCH (UID 5 RFC822.SIZE 9 INTERNALDATE \"23-Nov-2026 17:04:05 +0200\")\r\n";
                c.starts_with("UID FETCH").then_some(SayAndClose(one))
            },
            CLOSED,
        ),
    ] {
        let mut mailbox = connect(script).await.unwrap();
        assert_eq!(mailbox.list_since(5).await.unwrap_err().trouble, trouble);
    }
}

#[tokio::test]
async fn a_search_by_date_that_is_refused_is_an_error() {
    let mut mailbox = connect(|_, c| c.starts_with("UID SEARCH").then_some(Say("TAG NO no\r\n"))).await.unwrap();
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 3).unwrap();
    assert_eq!(mailbox.list_days(day).await.unwrap_err().trouble, MailTrouble::Refused);
}

#[tokio::test]
async fn a_listing_leaves_out_the_last_letter_below_the_cursor_and_changes_of_flags() {
    let mut mailbox = connect(|_, c| {
        (c == "UID FETCH 6:* (UID RFC822.SIZE INTERNALDATE)").then_some(Say(
            "* 1 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (UID 5 RFC822.SIZE 9 INTERNALDATE \"23-Nov-2026 17:04:05 +0200\")\r\n\
             * 3 FETCH (UID 9 RFC822.SIZE 9)\r\n* 2 FETCH (UID 7 RFC822.SIZE 9)\r\nTAG OK\r\n",
        ))
    })
    .await
    .unwrap();
    assert_eq!(uids(&mailbox.list_since(6).await.unwrap()), [7, 9]);
}

#[tokio::test]
async fn letters_are_counted_against_what_was_asked() {
    // Of three letters one comes; of the others one is still in the folder and one is gone.
    let mut mailbox = connect(|_, c| match c {
        "UID FETCH 1:3 (UID BODY.PEEK[])" => Some(Say("* 1 FETCH (UID 1 BODY[] {2}\r\nAB)\r\nTAG OK\r\n")),
        "UID SEARCH UID 2:3" => Some(Say("* SEARCH 3\r\nTAG OK\r\n")),
        _ => None,
    })
    .await
    .unwrap();
    let found = mailbox.fetch_batch(&[1, 2, 3]).await.unwrap();
    assert_eq!(found, [(1, Body::Letter(b"AB".to_vec())), (2, Body::Vanished), (3, Body::Withheld)]);
}

#[tokio::test]
async fn a_fetch_that_is_cut_off_or_silent_is_an_error_and_the_session_is_dead() {
    for (script, trouble) in [
        (
            (|_, c| c.starts_with("UID FETCH").then_some(SayAndClose("* 1 FETCH (UID 1 BODY[] {2}\r\nAB)\r\n")))
                as Script,
            CLOSED,
        ),
        (|_, c| c.starts_with("UID FETCH").then_some(SayAndClose("* 1 FETCH (UID 1 BODY[] {200}\r\nAB")), CLOSED),
        (|_, c| c.starts_with("UID FETCH").then_some(Say("* 1 FETCH (UID 1 BODY[] {200}\r\nAB")), SILENCE),
    ] {
        let mut mailbox = connect(script).await.unwrap();
        assert_eq!(mailbox.fetch_batch(&[1, 2]).await.unwrap_err().trouble, trouble);
        // The late answer of the old command must never be read by a new one.
        assert_eq!(mailbox.list_since(1).await.unwrap_err().trouble, CLOSED);
    }
}

#[tokio::test]
async fn one_letter_that_breaks_the_parser_or_is_refused_does_not_stop_the_others() {
    for (script, bad) in [
        (
            (|_, c| match c {
                "UID FETCH 1 (UID BODY.PEEK[])" => Some(Say("* 1 FETCH (UID 1 BODY[] {2}\r\nAB)\r\nTAG OK\r\n")),
                "UID FETCH 3:4 (UID BODY.PEEK[])" => {
                    Some(Say("* 3 FETCH (UID 3 BODY[] {2}\r\nAB)\r\n* 4 FETCH (UID 4 BODY[] {2}\r\nAB)\r\nTAG OK\r\n"))
                }
                _ if c.starts_with("UID FETCH") => Some(Say("* 2 FETCH (((UID %%% \u{1}\r\nTAG OK\r\n")),
                _ => None,
            }) as Script,
            Body::Unreadable,
        ),
        (
            |_, c| match c {
                "UID FETCH 1 (UID BODY.PEEK[])" => Some(Say("* 1 FETCH (UID 1 BODY[] {2}\r\nAB)\r\nTAG OK\r\n")),
                "UID FETCH 3:4 (UID BODY.PEEK[])" => {
                    Some(Say("* 3 FETCH (UID 3 BODY[] {2}\r\nAB)\r\n* 4 FETCH (UID 4 BODY[] {2}\r\nAB)\r\nTAG OK\r\n"))
                }
                _ if c.starts_with("UID FETCH") => Some(Say("TAG NO [CANNOT] one of them\r\n")),
                _ => None,
            },
            Body::Withheld,
        ),
    ] {
        let mut mailbox = connect(script).await.unwrap();
        let good = || Body::Letter(b"AB".to_vec());
        let found = mailbox.fetch_batch(&[1, 2, 3, 4]).await.unwrap();
        assert_eq!(found, [(1, good()), (2, bad), (3, good()), (4, good())]);
    }
}

#[tokio::test]
async fn waiting_for_news_tells_news_from_the_end_of_the_connection() {
    for (script, woke) in [
        ((|_, c| (c == "IDLE").then_some(Say("+ idling\r\n* 4 EXISTS\r\n"))) as Script, Ok(Woke::News)),
        (
            |_, c| (c == "IDLE").then_some(Say("+ idling\r\n* OK Still here\r\n* 1 FETCH (FLAGS ())\r\n")),
            Ok(Woke::Quiet),
        ),
        // News that comes before the go-ahead must not be slept over.
        (|_, c| (c == "IDLE").then_some(Say("* 4 EXISTS\r\n+ idling\r\n")), Ok(Woke::News)),
        (|_, c| (c == "IDLE").then_some(SayAndClose("+ idling\r\n")), Err(CLOSED)),
        (|_, c| (c == "IDLE").then_some(SayAndClose("+ idling\r\n* BYE bye\r\n")), Err(CLOSED)),
        (|_, c| (c == "IDLE").then_some(Say("TAG NO not now\r\n")), Ok(Woke::Unsupported)),
        (|_, c| (c == "IDLE").then_some(Say("TAG BAD what\r\n")), Ok(Woke::Unsupported)),
        (|_, c| (c == "IDLE").then_some(Silence), Err(SILENCE)),
    ] {
        let mut mailbox = connect(script).await.unwrap();
        let started = Instant::now();
        let answer = mailbox.idle(Duration::from_millis(300)).await.map_err(|error| error.trouble);
        assert_eq!(answer, woke);
        assert!(started.elapsed() < Duration::from_secs(3));
    }
}

#[tokio::test]
async fn a_server_that_went_silent_in_idle_is_noticed_when_idle_ends() {
    let mut mailbox = connect(|_, c| match c {
        "IDLE" => Some(Say("+ idling\r\n")),
        "DONE" => Some(Silence),
        _ => None,
    })
    .await
    .unwrap();
    assert_eq!(mailbox.idle(Duration::from_millis(200)).await.unwrap_err().trouble, SILENCE);
}

#[tokio::test]
async fn news_told_in_passing_is_not_slept_over_however_much_it_is() {
    // 150 times EXISTS during a fetch: more than the library's own queue holds.
    let mut mailbox = connect(|_, c| {
        if !c.starts_with("UID FETCH") {
            return None;
        }
        let flood = "* 4 EXISTS\r\n".repeat(150);
        Some(Say(Box::leak(format!("{flood}* 1 FETCH (UID 1 BODY[] {{2}}\r\nAB)\r\nTAG OK\r\n").into_boxed_str())))
    })
    .await
    .unwrap();
    mailbox.fetch_batch(&[1]).await.unwrap();
    assert_eq!(mailbox.idle(Duration::from_secs(60)).await.unwrap(), Woke::News);
}

#[tokio::test]
async fn refusals_of_the_login_are_told_apart() {
    for (script, trouble) in [
        (
            (|_, c| c.starts_with("LOGIN").then_some(Say("TAG NO [AUTHENTICATIONFAILED] no\r\n"))) as Script,
            MailTrouble::Auth(Denial::Password),
        ),
        (
            |_, c| {
                c.starts_with("LOGIN").then_some(Say("TAG NO [ALERT] Too many simultaneous connections. (Failure)\r\n"))
            },
            MailTrouble::Later,
        ),
        (|_, c| c.starts_with("LOGIN").then_some(Say("TAG NO [UNAVAILABLE] temporary\r\n")), MailTrouble::Later),
        (|_, c| c.starts_with("LOGIN").then_some(Silence), SILENCE),
        (|_, c| c.starts_with("LOGIN").then_some(SayAndClose("")), CLOSED),
        (|_, c| (c == "GREETING").then_some(SayAndClose("* BYE too busy\r\n")), MailTrouble::Later),
        (|_, c| (c == "GREETING").then_some(Silence), SILENCE),
        (|_, c| c.starts_with("EXAMINE").then_some(Say("TAG NO no such mailbox\r\n")), MailTrouble::Refused),
        (|_, c| c.starts_with("EXAMINE").then_some(Say("* 1 EXISTS\r\nTAG OK\r\n")), MailTrouble::Protocol),
    ] {
        assert_eq!(connect(script).await.unwrap_err().trouble, trouble);
    }
}

#[tokio::test]
async fn a_refused_token_is_answered_as_the_protocol_wants() {
    let place = server(|_, c| {
        if c == "AUTHENTICATE XOAUTH2" {
            Some(Say("+ \r\n"))
        } else if c == "dXNlcj11c2VyAWF1dGg9QmVhcmVyIHRva2VuAQE=" {
            // {"status":"401"}
            Some(Say("+ eyJzdGF0dXMiOiI0MDEifQ==\r\n"))
        } else if c.is_empty() {
            Some(Say("TAG NO [AUTHENTICATIONFAILED] Invalid credentials\r\n"))
        } else {
            None
        }
    })
    .await;
    let proof = Proof::Token(SecretString::from("token"));
    let error = ImapMailbox::connect(&place, &proof, &limits()).await.unwrap_err();
    assert_eq!(error.trouble, MailTrouble::Auth(Denial::Token));
}

#[tokio::test]
async fn a_server_without_uidnext_is_taken_as_it_is() {
    let mailbox = connect(|_, c| {
        c.starts_with("EXAMINE").then_some(Say("* 3 EXISTS\r\n* OK [UIDVALIDITY 77] x\r\nTAG OK x\r\n"))
    })
    .await
    .unwrap();
    assert_eq!((mailbox.opened().uid_validity, mailbox.opened().uid_next, mailbox.opened().exists), (77, None, 3));
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_never_accepted() {
    let mut place = server(|_, _| None).await;
    place.endpoint.ca_file = None;
    let error = ImapMailbox::connect(&place, &password(), &limits()).await.unwrap_err();
    assert_eq!(error.trouble, MailTrouble::Network(Why::Certificate));
    place.endpoint.ca_file = Some(tls("ca.crt"));
    place.endpoint.host = "127.0.0.1".into();
    let error = ImapMailbox::connect(&place, &password(), &limits()).await.unwrap_err();
    assert_eq!(error.trouble, MailTrouble::Network(Why::Certificate), "the certificate bears another name");
}

#[tokio::test]
async fn nobody_at_the_other_end() {
    let mut place = server(|_, _| None).await;
    place.endpoint.host = "no-such-host.invalid".into();
    let error = ImapMailbox::connect(&place, &password(), &limits()).await.unwrap_err();
    assert_eq!(error.trouble, MailTrouble::Network(Why::NoName));
    place.endpoint.host = "localhost".into();
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    place.endpoint.port = free;
    let error = ImapMailbox::connect(&place, &password(), &limits()).await.unwrap_err();
    assert_eq!(error.trouble, MailTrouble::Network(Why::NoAnswer));
}
