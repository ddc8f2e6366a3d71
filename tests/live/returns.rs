//! What comes back: real notices of Postfix, free text of other servers, vacation answers, our own letters. None makes an
//! appeal or an answer; a failure is told in the row of the very appeal.

use super::served::{MAILBOXES, Served};
use crate::office::{letter, text};

/// A letter of a citizen of this address.
fn from(n: usize, address: &str) -> Vec<u8> {
    text(&letter(n)).replace(&format!("petrenko{n}@ukr.net"), address).into_bytes()
}

#[test]
fn what_comes_back_is_told_in_the_row_and_never_answered() {
    let Some(served) = Served::through("imaps", "smtps") else { return };
    let user = MAILBOXES[0].0;
    let put = |n: usize, bytes: &[u8]| served.stack.put(user, n, bytes);
    put(1, &from(1, "olena@nouser.test"));
    put(2, &from(2, "olena@reject.test"));
    put(3, &from(3, "olena@fine.test"));
    put(4, &from(4, "petro@fine.test"));
    let first = served.office.once(&[]);
    assert_eq!((&first["decided"]["appeals"], &first["letters"]["sent"]), (&4.into(), &3.into()), "{first}");
    let mail = |recipient: &str| {
        served.outbox().into_iter().find(|mail| mail["recipient"] == recipient).unwrap_or_else(|| panic!("{recipient}"))
    };
    assert_eq!(mail("olena@reject.test")["stage"], "failed");
    let fine = mail("olena@fine.test");
    let ours = fine["message_id"].as_str().unwrap();

    // qmail says it in words, a vacation answer in headers, an operator answered by hand, and we get our own letter.
    let number = mail("petro@fine.test")["number"].as_str().unwrap().to_owned();
    put(
        5,
        format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.fine.test\r\nTo: {user}\r\nSubject: failure notice\r\n\
         Message-ID: <5@mx.fine.test>\r\n\r\nHi. This is the qmail-send program at mx.fine.test.\r\n\
         <olena@fine.test>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n\
         --- Below this line is a copy of the message.\r\n\r\nMessage-ID: <{ours}>\r\nSubject: x\r\n"
        )
        .as_bytes(),
    );
    put(
        6,
        format!(
            "Return-Path: <petro@fine.test>\r\nFrom: petro@fine.test\r\nTo: {user}\r\nSubject: Re: {number}\r\n\
         Auto-Submitted: auto-replied\r\nIn-Reply-To: <{ours}>\r\nMessage-ID: <6@fine.test>\r\n\r\nI am on leave.\r\n"
        )
        .as_bytes(),
    );
    put(7, format!(
        "Return-Path: <{user}>\r\nFrom: {user}\r\nTo: petro@fine.test\r\nCc: {user}\r\nSubject: Re: {number} - call me\r\n\
         Message-ID: <7@mail.gmail.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nPlease call us.\r\n"
    ).as_bytes());
    let sent = || served.outbox().iter().filter(|mail| mail["stage"] == "sent").count();
    served.wait_for("notice of Postfix", || {
        let passed = served.office.once(&[]);
        assert_eq!((&passed["decided"]["appeals"], &passed["letters"]["sent"]), (&0.into(), &0.into()), "{passed}");
        mail("olena@nouser.test")["stage"] == "bounced"
    });
    assert_eq!(mail("olena@fine.test")["stage"], "bounced");
    assert_eq!(sent(), 1);
    let rows = served.office.rows();
    let hint = |n: usize| {
        let row = rows.iter().find(|row| text(row["Електронна адреса"].as_str().unwrap().as_bytes()) == mail_of(n));
        row.unwrap()["Підказка системи"].as_str().unwrap_or_default().to_owned()
    };
    for (n, who) in [(1, "olena@nouser.test"), (2, "olena@reject.test"), (3, "olena@fine.test")] {
        let hint = hint(n);
        assert!(hint.contains("ЗАЯВНИКА НЕ ПОВІДОМЛЕНО") && hint.contains(who), "{n}: {hint}");
        assert_eq!(hint.matches("НЕ ПОВІДОМЛЕНО").count(), 1, "{n}: {hint}");
    }
    assert!(hint(1).contains("такої адреси немає"), "{}", hint(1));
    assert!(hint(4).contains("з нашої скриньки надіслано лист"), "{}", hint(4));
    assert!(!hint(4).contains("НЕ ПОВІДОМЛЕНО"), "{}", hint(4));
    assert_eq!(rows.len(), 4);
}

fn mail_of(n: usize) -> &'static str {
    ["", "olena@nouser.test", "olena@reject.test", "olena@fine.test", "petro@fine.test"][n]
}
