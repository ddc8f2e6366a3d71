//! The post half against a real Postfix, and against a server that fails at every stage in every way. The rule: what
//! is called not sent was not taken by the server, what is called sent was, and only what cannot be known is uncertain.

use super::{PASSWORD, Stack, USER};
use secrecy::SecretString;
use std::time::{Duration, Instant};
use zvernennia::world::imap::Proof;
use zvernennia::world::mail_error::Denial;
use zvernennia::world::smtp::{Limits, Outgoing, Pause, Relay, Reply, SendOutcome, SmtpSender};
use zvernennia::world::wire::Tls;

fn limits() -> Limits {
    Limits { answer: Duration::from_secs(2), data: Duration::from_secs(2), dot: Duration::from_secs(2) }
}

fn password() -> Proof {
    Proof::Password(SecretString::from(PASSWORD))
}

fn relay(stack: &Stack, port: &str, tls: Tls) -> Relay {
    Relay { endpoint: stack.endpoint(port, tls), user: USER.into(), hello: "callcentre.test".into() }
}

const LETTER: &[u8] = b"From: appeals@callcentre.test\r\nTo: citizen@example.test\r\nSubject: answer\r\n\
    Message-ID: <ack.1@callcentre.test>\r\n\r\nFirst line\r\n.a line with a dot\r\n";

fn to(address: &str) -> Outgoing<'_> {
    Outgoing { from: USER, to: address, bytes: LETTER }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_smtp_server() {
    let Some(stack) = Stack::start() else { return };
    letters_arrive_as_they_were_sent(&stack).await;
    refusals_of_a_recipient_do_not_end_the_connection(&stack).await;
    wrong_passwords_are_told(&stack).await;
    what_is_held_back_is_not_sent(&stack).await;
    every_fault_at_every_stage_is_told_rightly(&stack).await;
    silence_ends_at_the_limit(&stack).await;
    many_letters_take_one_connection(&stack).await;
}

async fn letters_arrive_as_they_were_sent(stack: &Stack) {
    for (n, (port, tls)) in [("smtps", Tls::Implicit), ("submission", Tls::StartTls)].into_iter().enumerate() {
        let mut sender = SmtpSender::new(&relay(stack, port, tls), &limits());
        let address = format!("citizen{n}@example.test");
        let outcome = sender.send(&password(), to(&address), || true).await;
        assert!(matches!(outcome, SendOutcome::Sent(_)), "{outcome:?}");
        sender.close().await;
        let started = Instant::now();
        let arrived = loop {
            match stack.delivered(&address).pop() {
                Some(letter) => break letter,
                None => tokio::time::sleep(Duration::from_millis(50)).await,
            }
            assert!(started.elapsed() < Duration::from_secs(20), "it does not arrive");
        };
        let text = String::from_utf8(arrived).unwrap().replace("\r\n", "\n");
        assert!(text.contains("Message-ID: <ack.1@callcentre.test>\n"), "{text}");
        assert!(text.trim_end().ends_with("\n\nFirst line\n.a line with a dot"), "{text}");
    }
}

async fn refusals_of_a_recipient_do_not_end_the_connection(stack: &Stack) {
    let mut sender = SmtpSender::new(&relay(stack, "submission", Tls::StartTls), &limits());
    for (address, outcome) in [
        ("nobody@reject.test", SendOutcome::Refused(Reply { code: 550, enhanced: Some((5, 1, 1)) })),
        ("slow@greylist.test", SendOutcome::Later(Reply { code: 450, enhanced: Some((4, 2, 0)) })),
        ("full@big.test", SendOutcome::Refused(Reply { code: 552, enhanced: Some((5, 2, 2)) })),
        ("not an address", SendOutcome::Refused(Reply { code: 553, enhanced: Some((5, 1, 3)) })),
    ] {
        assert_eq!(sender.send(&password(), to(address), || panic!("too early")).await, outcome, "{address}");
    }
    let logins = || {
        let log = std::fs::read_to_string(stack.path().join("log/postfix.log")).unwrap();
        log.lines().filter(|line| line.contains("submission/smtpd") && line.contains(": connect from")).count()
    };
    let before = logins();
    let outcome = sender.send(&password(), to("next@example.test"), || true).await;
    assert!(matches!(outcome, SendOutcome::Sent(_)), "{outcome:?}");
    assert_eq!(logins(), before, "logins are rationed: the connection goes on");
    sender.close().await;
}

async fn wrong_passwords_are_told(stack: &Stack) {
    let mut sender = SmtpSender::new(&relay(stack, "submission", Tls::StartTls), &limits());
    let wrong = Proof::Password(SecretString::from("wrong"));
    assert_eq!(sender.send(&wrong, to("a@example.test"), || true).await, SendOutcome::AuthFailed(Denial::Password));
    let mut sender = SmtpSender::new(&relay(stack, "badsmtp", Tls::StartTls), &limits());
    let forged = Proof::Token(SecretString::from("forged"));
    assert_eq!(sender.send(&forged, to("a@example.test"), || true).await, SendOutcome::AuthFailed(Denial::Token));
    let token = Proof::Token(SecretString::from(stack.run(&["token", USER], b"")));
    let outcome = sender.send(&token, to("a@example.test"), || true).await;
    assert!(matches!(outcome, SendOutcome::Sent(_)), "{outcome:?}");
}

async fn what_is_held_back_is_not_sent(stack: &Stack) {
    let mut sender = SmtpSender::new(&relay(stack, "badsmtps", Tls::Implicit), &limits());
    let before = stack.taken();
    assert_eq!(sender.send(&password(), to("a@example.test"), || false).await, SendOutcome::HeldBack);
    assert_eq!(stack.taken(), before);
    let outcome = sender.send(&password(), to("a@example.test"), || true).await;
    assert!(matches!(outcome, SendOutcome::Sent(_)), "{outcome:?}");
    assert_eq!(stack.taken(), before + 1);
}

/// What an outcome says about the letter.
#[derive(Debug, PartialEq)]
enum Claim {
    Sent,
    NotSent,
    Perhaps,
}

fn claim(outcome: &SendOutcome) -> Claim {
    match outcome {
        SendOutcome::Sent(_) => Claim::Sent,
        SendOutcome::Uncertain(_) => Claim::Perhaps,
        SendOutcome::Refused(_)
        | SendOutcome::Later(_)
        | SendOutcome::NotSent(_)
        | SendOutcome::AccountPaused(_)
        | SendOutcome::AuthFailed(_)
        | SendOutcome::HeldBack => Claim::NotSent,
    }
}

async fn every_fault_at_every_stage_is_told_rightly(stack: &Stack) {
    let stages = ["connect", "ehlo", "auth", "mail", "rcpt", "data", "mid-data", "dot", "sent"];
    for stage in stages {
        for fault in ["451 4.3.0 busy", "550 5.7.1 no", "drop", "rst", "garbage"] {
            let rule = format!(r#"{{"on":"{stage}","do":"{fault}"}}"#);
            stack.run(&["fault", "smtp", &rule], b"");
            let before = stack.taken();
            let mut committed = false;
            let mut sender = SmtpSender::new(&relay(stack, "badsmtps", Tls::Implicit), &limits());
            let commit = || {
                committed = true;
                true
            };
            let outcome = sender.send(&password(), to("a@example.test"), commit).await;
            let taken = stack.taken() > before;
            let shown = format!("{stage}, {fault}: {outcome:?}, taken: {taken}");
            match claim(&outcome) {
                Claim::Sent => assert!(taken, "{shown}"),
                Claim::NotSent => assert!(!taken || fault.starts_with(['4', '5']), "{shown}"),
                Claim::Perhaps => assert!(committed && ["mid-data", "dot", "sent"].contains(&stage), "{shown}"),
            }
            // A stage after which the letter may be out is always announced before.
            assert_eq!(committed, ["data", "mid-data", "dot", "sent"].contains(&stage), "{shown}");
        }
    }
    for (stage, fault, expected) in [
        ("rcpt", "550 5.4.5 Daily user sending quota exceeded", SendOutcome::AccountPaused(Pause::Day)),
        ("mail", "421 4.3.0 Temporary System Problem", SendOutcome::AccountPaused(Pause::Hour)),
        ("auth", "454 4.7.0 Too many login attempts", SendOutcome::AccountPaused(Pause::Hour)),
        ("auth", "535 5.7.8 not accepted", SendOutcome::AuthFailed(Denial::Password)),
        ("dot", "552 5.3.4 too large", SendOutcome::Refused(Reply { code: 552, enhanced: Some((5, 3, 4)) })),
    ] {
        stack.run(&["fault", "smtp", &format!(r#"{{"on":"{stage}","do":"{fault}"}}"#)], b"");
        let mut sender = SmtpSender::new(&relay(stack, "badsmtps", Tls::Implicit), &limits());
        assert_eq!(sender.send(&password(), to("a@example.test"), || true).await, expected);
    }
    stack.run(&["fault", "smtp"], b"");
}

async fn silence_ends_at_the_limit(stack: &Stack) {
    let short = Duration::from_millis(500);
    for stage in ["connect", "auth", "mail", "rcpt", "data", "sent"] {
        stack.run(&["fault", "smtp", &format!(r#"{{"on":"{stage}","do":"stall 20"}}"#)], b"");
        let limits = Limits { answer: short, data: short, dot: short };
        let mut sender = SmtpSender::new(&relay(stack, "badsmtps", Tls::Implicit), &limits);
        let started = Instant::now();
        let outcome = sender.send(&password(), to("a@example.test"), || true).await;
        let expected = if stage == "sent" { Claim::Perhaps } else { Claim::NotSent };
        assert_eq!(claim(&outcome), expected, "{stage}: {outcome:?}");
        assert!(started.elapsed() < Duration::from_secs(5), "{stage}");
    }
    stack.run(&["fault", "smtp"], b"");
}

async fn many_letters_take_one_connection(stack: &Stack) {
    let mut sender = SmtpSender::new(&relay(stack, "badsmtps", Tls::Implicit), &limits());
    let before = stack.taken();
    let started = Instant::now();
    for _ in 0..200 {
        let outcome = sender.send(&password(), to("a@example.test"), || true).await;
        assert!(matches!(outcome, SendOutcome::Sent(_)), "{outcome:?}");
    }
    let rate = 200.0 / started.elapsed().as_secs_f64();
    println!("{rate:.0} letters a second over one connection");
    assert_eq!(stack.taken(), before + 200);
    // Nagle's algorithm would hold it at 25.
    assert!(rate > 50.0, "{rate}");
}
