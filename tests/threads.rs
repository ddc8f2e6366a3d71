//! To which appeal an answer belongs: what our Message-ID says, who may join by it, and what happens when the key changes.

use crate::office::{Office, letter, text};

/// A second letter of somebody, about no number, that answers this Message-ID.
fn answer(n: usize, from: &str, to: &str) -> Vec<u8> {
    format!(
        "Return-Path: <{from}>\r\nDelivered-To: 9a010722@gmail.com\r\nMIME-Version: 1.0\r\nFrom: {from}\r\n\
         To: 9a010722@gmail.com\r\nSubject: Re: моє питання\r\nMessage-ID: <answer-{n}@ukr.net>\r\nIn-Reply-To: <{to}>\r\n\
         Date: Mon, 02 Mar 2026 11:{n:02}:00 +0200\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\nДодаю, що довідку про доходи за {n} місяць уже принесла сусідка.\r\n"
    )
    .into_bytes()
}

/// An office that registered the letters 1 and 2 and answered them.
struct Correspondence {
    office: Office,
    answers: usize,
}

impl Correspondence {
    fn new() -> Self {
        let office = Office::new();
        office.configure("quiet_seconds = 3", "quiet_seconds = 1");
        for n in [1, 2] {
            office.drop_letter(1, &n.to_string(), &letter(n));
        }
        office.at("2026-03-02T10:30:00+02:00");
        Self { office, answers: 10 }
    }

    fn ledger(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.office.path("ledger.sqlite")).unwrap()
    }

    /// The Message-ID of our letter to the writer of a letter.
    fn our_id(&self, n: usize) -> String {
        let sql = "SELECT message_id FROM outbox WHERE recipient = ?1";
        self.ledger().query_row(sql, [format!("petrenko{n}@ukr.net")], |row| row.get(0)).unwrap()
    }

    /// For each sender and the Message-ID that he answers, the number of the appeal that his letter joined.
    fn joined(&mut self, answers: &[(&str, &str)]) -> Vec<Option<String>> {
        let first = self.answers;
        for (from, to) in answers {
            let n = self.answers;
            self.answers += 1;
            self.office.drop_letter(1, &format!("answer-{n}"), &answer(n, from, to));
        }
        self.office.at(&format!("2026-03-02T12:{first:02}:00+02:00"));
        let sql = "SELECT appeal.number FROM letter LEFT JOIN appeal ON appeal.id = letter.appeal_id
                   WHERE letter.message_id = ?1";
        let number =
            |n: usize| self.ledger().query_row(sql, [format!("answer-{n}@ukr.net")], |row| row.get(0)).unwrap();
        (first..self.answers).map(number).collect()
    }
}

/// One character of the signature changed.
fn forged(id: &str) -> String {
    let (local, host) = id.split_once('@').unwrap();
    let last = if local.ends_with('a') { 'b' } else { 'a' };
    format!("{}{last}@{host}", &local[..local.len() - 1])
}

const FIRST: &str = "petrenko1@ukr.net";
const SECOND: &str = "petrenko2@ukr.net";
const STRANGER: &str = "stranger@example.org";

#[test]
fn an_answer_joins_by_our_message_id_and_a_stranger_never_does() {
    let mut story = Correspondence::new();
    let (first, second) = (story.our_id(1), story.our_id(2));
    let own = story.joined(&[(FIRST, &first), (SECOND, &second)]);
    assert!(own[0].is_some() && own[1].is_some() && own[0] != own[1], "{own:?}");
    let others = story.joined(&[
        // A stranger who saw our letter; another applicant who did.
        (STRANGER, &first),
        (SECOND, &first),
        // An id that nobody signed says nothing, whoever writes.
        (STRANGER, &forged(&first)),
        (FIRST, &forged(&first)),
        (FIRST, &first.replace("cc.smva", "cc.evil")),
    ]);
    assert_eq!(others, [const { None }; 5]);
    assert_eq!(story.office.rows().len(), 2, "no answer became an appeal");
}

#[test]
fn the_signature_speaks_where_the_ledger_forgot_the_letter_and_former_keys_go_on_speaking() {
    let mut story = Correspondence::new();
    let (first, second) = (story.our_id(1), story.our_id(2));
    let number = story.joined(&[(FIRST, &first)]);
    // As after a restored copy of the ledger: the letters are out in the world and the outbox does not know them.
    story.ledger().execute("DELETE FROM outbox", []).unwrap();
    assert_eq!(story.joined(&[(FIRST, &first)]), number);
    let key = story.office.path("message-id.key");
    let before = std::fs::read(&key).unwrap();
    for kept in ["message-id.key.1", "message-id.key.2"] {
        let told = story.office.run("change-key", &[]);
        assert!(told.status.success() && text(&told.stdout).contains(kept), "{told:?}");
    }
    assert_ne!(std::fs::read(&key).unwrap(), before);
    assert_eq!(std::fs::read(story.office.path("message-id.key.1")).unwrap(), before);
    let told = story.joined(&[
        (FIRST, &first),
        (STRANGER, &first),
        (SECOND, &first),
        (FIRST, &forged(&first)),
        (FIRST, &second),
    ]);
    assert_eq!(told, [number[0].clone(), None, None, None, None], "an old key verifies, for its recipient alone");
    // The new key signs.
    story.office.drop_letter(1, "3", &letter(3));
    story.office.at("2026-03-02T13:00:00+02:00");
    let third = story.our_id(3);
    std::fs::remove_file(story.office.path("message-id.key.1")).unwrap();
    story.ledger().execute("DELETE FROM outbox", []).unwrap();
    let told = story.joined(&[(FIRST, &first), ("petrenko3@ukr.net", &third)]);
    assert!(told[0].is_none() && told[1].is_some(), "the old key is gone, and with it its word: {told:?}");
}
