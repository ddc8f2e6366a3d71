//! The mailbox half against a real Dovecot: listing, fetching, waking, moving, and what happens when it goes away.

use super::{PASSWORD, Stack, USER, letter};
use secrecy::{ExposeSecret, SecretString};
use std::time::{Duration, Instant};
use zvernennia::world::imap::{Body, ImapMailbox, Limits, Place, Proof, Woke, find_in_sent};
use zvernennia::world::mail_error::{Denial, MailTrouble, Why};
use zvernennia::world::oauth::{Grant, Tokens};
use zvernennia::world::wire::Tls;

fn limits() -> Limits {
    Limits { silence: Duration::from_secs(3), command: Duration::from_secs(30), done: Duration::from_secs(1) }
}

fn password() -> Proof {
    Proof::Password(SecretString::from(PASSWORD))
}

fn place(stack: &Stack, port: &str, tls: Tls) -> Place {
    Place { endpoint: stack.endpoint(port, tls), user: USER.into(), folder: "INBOX".into(), writable: true }
}

async fn connect(place: &Place) -> ImapMailbox {
    ImapMailbox::connect(place, &password(), &limits()).await.unwrap()
}

/// One server for the whole story: starting it takes longer than all the rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_imap_server() {
    let Some(stack) = Stack::start() else { return };
    for n in 1..=3 {
        stack.run(&["deliver", USER], &letter(n));
    }
    for (port, tls) in [("imaps", Tls::Implicit), ("imap", Tls::StartTls)] {
        letters_come_as_they_were_sent(&place(&stack, port, tls)).await;
    }
    news_wakes(&stack).await;
    letters_move_to_a_folder_with_a_ukrainian_name(&stack).await;
    heads_of_large_letters(&stack).await;
    tokens_open_the_mailbox(&stack).await;
    wrong_passwords_are_told(&stack).await;
    sent_letters_are_found(&stack).await;
    a_frozen_server_is_noticed(&stack).await;
    a_kicked_session_is_noticed(&stack).await;
    a_rebuilt_mailbox_is_noticed(&stack).await;
    a_stopped_server_is_noticed(&stack).await;
}

async fn letters_come_as_they_were_sent(place: &Place) {
    let mut mailbox = connect(place).await;
    assert_eq!((mailbox.opened().uid_next, mailbox.opened().exists), (Some(4), 3));
    let listed = mailbox.list_since(1).await.unwrap();
    assert_eq!(listed.iter().map(|letter| letter.uid).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(listed.iter().all(|letter| letter.received.is_some()));
    assert_eq!(mailbox.list_since(4).await.unwrap(), []);
    let today = chrono::Utc::now().date_naive();
    assert_eq!(mailbox.list_days(today - chrono::Days::new(1)).await.unwrap(), listed);
    assert_eq!(mailbox.list_days(today + chrono::Days::new(2)).await.unwrap(), []);
    let found = mailbox.fetch_batch(&[1, 2, 3, 9]).await.unwrap();
    for (n, (uid, body)) in (1..).zip(&found[..3]) {
        let Body::Letter(bytes) = body else { panic!("{uid}: {body:?}") };
        assert!(bytes.ends_with(format!("Text of letter {n}.\r\n").as_bytes()));
    }
    assert_eq!(found[3], (9, Body::Vanished));
    mailbox.close().await;
}

async fn news_wakes(stack: &Stack) {
    let mut mailbox = connect(&place(stack, "imaps", Tls::Implicit)).await;
    mailbox.list_since(1).await.unwrap();
    assert_eq!(mailbox.idle(Duration::from_millis(700)).await.unwrap(), Woke::Quiet);
    let started = Instant::now();
    let (woke, ()) = tokio::join!(mailbox.idle(Duration::from_secs(20)), async {
        tokio::task::block_in_place(|| stack.run(&["deliver", USER], &letter(4)));
    });
    assert_eq!(woke.unwrap(), Woke::News);
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(mailbox.list_since(4).await.unwrap()[0].uid, 4);
    mailbox.close().await;
}

async fn letters_move_to_a_folder_with_a_ukrainian_name(stack: &Stack) {
    let inbox = place(stack, "imaps", Tls::Implicit);
    let mut mailbox = connect(&inbox).await;
    mailbox.move_to(&[4], "Зареєстровано").await.unwrap();
    mailbox.move_to(&[4], "Зареєстровано").await.unwrap();
    assert_eq!(mailbox.list_since(4).await.unwrap(), []);
    let mut there = connect(&Place { folder: "Зареєстровано".into(), ..inbox }).await;
    assert_eq!(there.list_since(1).await.unwrap().len(), 1);
    there.close().await;
    mailbox.close().await;
}

async fn heads_of_large_letters(stack: &Stack) {
    let mut large = letter(5);
    large.extend(b"0123456789012345678901234567890123456789\r\n".repeat(5_000));
    stack.run(&["deliver", USER], &large);
    let mut mailbox = connect(&place(stack, "imaps", Tls::Implicit)).await;
    let listed = mailbox.list_since(5).await.unwrap();
    assert!(listed[0].size > 200_000);
    let Body::Letter(head) = mailbox.fetch_head(5, 1_000).await.unwrap() else { panic!("no head") };
    assert_eq!(head.len(), 1_000);
    mailbox.close().await;
}

async fn tokens_open_the_mailbox(stack: &Stack) {
    let oauth = stack.endpoint("oauth", Tls::Implicit);
    let grant = Grant {
        token_endpoint: format!("http://127.0.0.1:{}/token", oauth.port),
        client_id: "client".into(),
        client_secret: SecretString::from("secret"),
        refresh_token: SecretString::from("refresh-appeals"),
        ca_file: None,
    };
    let mut tokens = Tokens::new(grant.clone());
    let (token, _) = tokens.access().await.unwrap();
    assert_eq!(tokens.access().await.unwrap().0.expose_secret(), token.expose_secret(), "it is kept while it lives");
    let place = place(stack, "imaps", Tls::Implicit);
    ImapMailbox::connect(&place, &Proof::Token(token), &limits()).await.unwrap().close().await;
    let bad = Proof::Token(SecretString::from("forged"));
    let error = ImapMailbox::connect(&place, &bad, &limits()).await.unwrap_err();
    assert_eq!(error.trouble, MailTrouble::Auth(Denial::Token));
    for (fault, trouble) in
        [(r#"{"fail": "invalid_grant"}"#, MailTrouble::Auth(Denial::Grant)), (r#"{"fail": "500"}"#, MailTrouble::Later)]
    {
        stack.run(&["fault", "oauth", fault], b"");
        assert_eq!(Tokens::new(grant.clone()).access().await.unwrap_err().trouble, trouble);
    }
    stack.run(&["fault", "oauth"], b"");
}

async fn wrong_passwords_are_told(stack: &Stack) {
    let place = place(stack, "imaps", Tls::Implicit);
    let wrong = Proof::Password(SecretString::from("wrong"));
    let error = ImapMailbox::connect(&place, &wrong, &limits()).await.unwrap_err();
    assert_eq!(error.trouble, MailTrouble::Auth(Denial::Password));
    // The sixteenth connection, as at Gmail, is no question of passwords.
    let mut open = Vec::new();
    let refused = loop {
        match ImapMailbox::connect(&place, &password(), &limits()).await {
            Ok(mailbox) => open.push(mailbox),
            Err(error) => break error,
        }
        assert!(open.len() < 20);
    };
    assert_eq!(refused.trouble, MailTrouble::Later);
    for mailbox in open {
        mailbox.close().await;
    }
}

async fn sent_letters_are_found(stack: &Stack) {
    let place = place(stack, "imaps", Tls::Implicit);
    assert_eq!(find_in_sent(&place, &password(), &limits(), &["1@example.test"]).await.unwrap(), None);
    stack.keep_sent(USER);
    let mut mailbox = connect(&place).await;
    mailbox.move_to(&[2], "Надіслані").await.unwrap();
    mailbox.close().await;
    let found = find_in_sent(&place, &password(), &limits(), &["1@example.test", "2@example.test"]).await.unwrap();
    assert_eq!(found, Some(vec![false, true]));
    stack.run(&["fault", "sent"], b"");
}

async fn a_frozen_server_is_noticed(stack: &Stack) {
    let mut mailbox = connect(&place(stack, "imaps", Tls::Implicit)).await;
    stack.run(&["freeze", USER], b"");
    assert_eq!(mailbox.list_since(1).await.unwrap_err().trouble, MailTrouble::Network(Why::Silence));
    stack.run(&["thaw", USER], b"");
    let mut mailbox = connect(&place(stack, "imaps", Tls::Implicit)).await;
    let (woke, ()) = tokio::join!(mailbox.idle(Duration::from_secs(2)), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        tokio::task::block_in_place(|| stack.run(&["freeze", USER], b""));
    });
    assert_eq!(woke.unwrap_err().trouble, MailTrouble::Network(Why::Silence));
    stack.run(&["thaw", USER], b"");
}

async fn a_kicked_session_is_noticed(stack: &Stack) {
    let mut mailbox = connect(&place(stack, "imaps", Tls::Implicit)).await;
    let (woke, ()) = tokio::join!(mailbox.idle(Duration::from_secs(20)), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        tokio::task::block_in_place(|| stack.run(&["kick", USER], b""));
    });
    assert_eq!(woke.unwrap_err().trouble, MailTrouble::Network(Why::Closed));
}

async fn a_rebuilt_mailbox_is_noticed(stack: &Stack) {
    let place = place(stack, "imaps", Tls::Implicit);
    let mailbox = connect(&place).await;
    let before = mailbox.opened();
    mailbox.close().await;
    stack.run(&["rebuild", USER], b"");
    let mailbox = connect(&place).await;
    assert_ne!(mailbox.opened().uid_validity, before.uid_validity);
    mailbox.close().await;
}

async fn a_stopped_server_is_noticed(stack: &Stack) {
    let place = place(stack, "imaps", Tls::Implicit);
    let mut mailbox = connect(&place).await;
    stack.run(&["stop-imap"], b"");
    assert_eq!(mailbox.list_since(1).await.unwrap_err().trouble, MailTrouble::Network(Why::Closed));
    let error = ImapMailbox::connect(&place, &password(), &limits()).await.unwrap_err();
    assert_eq!(error.trouble, MailTrouble::Network(Why::NoAnswer));
}
