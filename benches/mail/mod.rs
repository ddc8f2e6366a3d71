//! A real mailbox: how fast 10,000 letters in Dovecot become appeals with queued acknowledgements, against the bare crates
//! doing the same; and how long a letter takes from the moment when Dovecot has it to its row in the register, which has
//! some 10,000 rows by then.

#[path = "../../tests/live/served.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod served;
#[path = "../../tests/live/stack.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod stack;

use crate::{LETTERS, ROUNDS, generated, keep, median, timed};
use calamine::{Data, Reader};
use futures_util::StreamExt;
use mail_parser::MessageParser;
use served::{Daemon, MAILBOXES, Served};
use stack::Stack;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};
use zvernennia::engine::Service;
use zvernennia::engine::intake::ImapWatch;
use zvernennia::settings::valid::Source;

/// Letters whose way to the register is measured.
const MEASURED: usize = 40;
const USER: &str = MAILBOXES[0].0;

/// Both measurements; skipped where no servers can run.
pub fn measure() {
    let Some(served) = Served::whole("imaps") else { return };
    throughput(&served);
    latency(&served);
}

fn throughput(served: &Served) {
    let letters = generated(LETTERS);
    let mut names: Vec<_> =
        std::fs::read_dir(letters.path().join("mail/new")).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    for (n, path) in names.iter().enumerate() {
        served.stack.put(USER, n, &std::fs::read(path).unwrap());
    }
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    let rounds = std::env::var("ZVERNENNIA_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    for _ in 0..rounds {
        bare.push(timed(|| assert_eq!(bare_intake(&served.stack), LETTERS)));
        // Each round begins with an empty ledger; the last one stays for what follows.
        for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "message-id.key"] {
            let _ = std::fs::remove_file(served.office.path(name));
        }
        let _ = std::fs::remove_dir_all(served.office.path("letters"));
        let settings = zvernennia::settings::load(&served.office.path("zvernennia.toml")).unwrap();
        let service = Service::open(settings).unwrap();
        ours.push(timed(|| take_in(&service)));
    }
    let (bare, ours) = (median(bare), median(ours));
    println!("{LETTERS} letters (5-20 KB) from Dovecot to appeals with queued acknowledgements, durable:");
    println!("  bare crates (async-imap, mail-parser, a commit a letter)   {bare:.2} s");
    println!(
        "  ours, the desk deciding while letters come in              {ours:.2} s  = {:.2} x (goal <= 2)",
        ours / bare
    );
}

/// What the daemon does: the desk is woken by each batch that is taken in.
fn take_in(service: &Service) {
    let mailbox = service.settings.mailboxes[0].clone();
    let Source::Imap(source) = &mailbox.source else { panic!("no IMAP") };
    let mut watch = ImapWatch::new(source).unwrap();
    let now = chrono::Utc::now();
    let (wake, woken) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while woken.recv().is_ok() {
                zvernennia::engine::desk::step(service, now, &mut |_| {}).unwrap();
            }
        });
        let taken = watch.look(service, &mailbox, now, &mut |_, _| wake.send(()).unwrap()).unwrap().unwrap();
        assert_eq!(taken.recorded.letters + taken.recorded.copies, LETTERS);
        watch.hang_up();
        drop(wake);
    });
}

/// The limit: fetch in batches of 50, parse, one durable commit a letter with its acknowledgement.
fn bare_intake(stack: &Stack) -> usize {
    let place = tempfile::tempdir().unwrap();
    let db = rusqlite::Connection::open(place.path().join("bare.sqlite")).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    db.pragma_update(None, "synchronous", "FULL").unwrap();
    db.execute_batch(
        "CREATE TABLE letter (id INTEGER PRIMARY KEY, message_id TEXT, sender TEXT, subject TEXT, body TEXT);
         CREATE TABLE outbox (id INTEGER PRIMARY KEY, letter INTEGER, recipient TEXT, body TEXT)",
    )
    .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut client = async_imap::Client::new(protected(stack).await);
        client.read_response().await.unwrap();
        let mut session = client.login(USER, MAILBOXES[0].1).await.map_err(|(error, _)| error).unwrap();
        let opened = session.examine("INBOX").await.unwrap();
        let (mut done, last) = (0, opened.uid_next.unwrap());
        let mut from = 1;
        while from < last {
            let set = format!("{from}:{}", (from + 49).min(last - 1));
            let mut letters = session.uid_fetch(&set, "(UID BODY.PEEK[])").await.unwrap();
            while let Some(letter) = letters.next().await {
                let letter = letter.unwrap();
                let Some(raw) = letter.body() else { continue };
                commit(&db, raw);
                done += 1;
            }
            from += 50;
        }
        done
    })
}

/// TLS that trusts the servers' own authority.
async fn protected(stack: &Stack) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(stack.path().join("ca/ca.crt")).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tcp = TcpStream::connect(("127.0.0.1", stack.port("imaps"))).await.unwrap();
    TlsConnector::from(Arc::new(config)).connect("localhost".try_into().unwrap(), tcp).await.unwrap()
}

fn commit(db: &rusqlite::Connection, raw: &[u8]) {
    let message = MessageParser::default().parse(raw).unwrap();
    let sender = message.from().and_then(|from| from.first()).and_then(|from| from.address()).unwrap_or("");
    let transaction = db.unchecked_transaction().unwrap();
    keep(&transaction, &message, sender);
    transaction
        .prepare_cached("INSERT INTO outbox (letter, recipient, body) VALUES (?1, ?2, ?3)")
        .unwrap()
        .execute(rusqlite::params![db.last_insert_rowid(), sender, "Ваше звернення зареєстровано."])
        .unwrap();
    transaction.commit().unwrap();
}

fn latency(served: &Served) {
    // The backlog of acknowledgements is no part of the question.
    let ledger = rusqlite::Connection::open(served.office.path("ledger.sqlite")).unwrap();
    ledger.execute("UPDATE outbox SET stage = 'cancelled' WHERE stage = 'queued'", []).unwrap();
    let rows: i64 = ledger.query_row("SELECT COUNT(*) FROM appeal", [], |row| row.get(0)).unwrap();
    drop(ledger);
    let daemon = Daemon::start(served);
    let books = served.office.path("register");
    while std::fs::read_dir(&books)
        .unwrap()
        .flatten()
        .all(|item| item.path().extension().is_none_or(|end| end != "xlsx"))
    {
        std::thread::sleep(Duration::from_millis(50));
    }
    let register = served.office.register();
    let mut waits: Vec<f64> = Vec::new();
    for n in 0..MEASURED {
        let n = 50_000 + n;
        // Not in step with anything.
        std::thread::sleep(Duration::from_millis(200 + (n as u64 * 7_919) % 600));
        served.stack.run(&["deliver", USER], &crate::office::letter(n));
        let accepted = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
        waits.push(row_of(&register, &format!("petrenko{n}@ukr.net")) - accepted);
    }
    daemon.stop();
    waits.sort_by(f64::total_cmp);
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
    println!("from the moment when Dovecot has a letter to its row in the register ({rows} rows, {MEASURED} letters):");
    println!("  p50 {:.2} s   p95 {:.2} s (goal <= 2)   p99 {:.2} s", at(0.5), at(0.95), at(0.99));
}

/// When the register first showed a row with this address, in seconds of the clock: the change of the file that showed it.
fn row_of(register: &Path, address: &str) -> f64 {
    let begun = Instant::now();
    let mut seen = 0.0;
    loop {
        assert!(begun.elapsed() < Duration::from_secs(120), "{address} has no row");
        let Ok(about) = std::fs::metadata(register) else { continue };
        let changed = about.ctime() as f64 + about.ctime_nsec() as f64 / 1e9;
        if changed <= seen {
            std::thread::sleep(Duration::from_millis(5));
            continue;
        }
        seen = changed;
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(register).unwrap();
        let rows = book.worksheet_range("Реєстр").unwrap();
        let shows = |row: &[Data]| row.iter().any(|cell| matches!(cell, Data::String(text) if text == address));
        if rows.rows().rev().any(shows) {
            return changed;
        }
    }
}
