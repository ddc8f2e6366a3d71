//! What the desk must know to decide: the letters that wait, and everything in the ledger that bears on them.

use crate::desk::case::Case;
use crate::desk::repeat::Former;
use crate::domain::reading::Reading;
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::{BTreeMap, BTreeSet};

/// A letter that waits for a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// Its id in the ledger.
    pub id: i64,
    /// What the column "Канал надходження" says.
    pub channel: String,
    /// When it was received, Kyiv's local time.
    pub received: NaiveDateTime,
    /// Its own date is far older than its arrival.
    pub late: bool,
    /// It lay in the folder where the server puts what it takes for spam.
    pub junk: bool,
    /// Address in From.
    pub sender: String,
    /// Name in From.
    pub sender_name: String,
    /// Subject.
    pub subject: String,
    /// Message-ID; empty if it has none.
    pub message_id: String,
    /// Message-IDs of its thread, oldest first.
    pub thread: Vec<String>,
    /// Another letter with the same Message-ID but other content is known.
    pub message_id_reused: bool,
    /// What was understood of it.
    pub reading: Reading,
}

/// A letter that was decided earlier and has the same own text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its id in the ledger.
    pub id: i64,
    /// Address in From.
    pub sender: String,
    /// Name of the applicant as read, folded; empty if unknown.
    pub applicant: String,
    /// When it was received, Kyiv's local time.
    pub received: NaiveDateTime,
}

/// An appeal that a waiting letter may be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its id in the ledger.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// Addresses from which its applicant has written.
    pub addresses: Vec<String>,
}

/// A letter of ours that a waiting letter answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Its id in the outbox.
    pub mail: i64,
    /// The appeal that it was about.
    pub appeal: Option<Known>,
    /// The letter put aside that it asked about, where there is no appeal yet.
    pub aside: Option<i64>,
    /// Whom it was sent to.
    pub recipient: String,
    /// It was a letter to a department.
    pub to_department: bool,
}

/// A letter put aside whose sender was asked for data.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The letter.
    pub letter: Pending,
    /// Until when.
    pub reply_by: NaiveDate,
}

/// A letter of ours that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// Its id in the outbox.
    pub id: i64,
    /// Stable key of its kind.
    pub kind: String,
    /// To whom it went.
    pub recipient: String,
    /// When it was promised, Kyiv's local time.
    pub queued: NaiveDateTime,
    /// The last reply.
    pub report: String,
    /// Nobody knows whether it left.
    pub perhaps_sent: bool,
    /// The appeal that it is about.
    pub appeal: Option<i64>,
    /// The letter put aside that it asked about.
    pub aside: Option<i64>,
}

/// How a way to the outside is, as far as people must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its name: "mailbox 1", "post".
    pub name: String,
    /// Since when it does not work, Kyiv's local time.
    pub since: Option<NaiveDateTime>,
    /// Since when the failure lasted that people know of.
    pub told: Option<NaiveDateTime>,
    /// What happened, Ukrainian.
    pub text: String,
    /// What to do, Ukrainian.
    pub remedy: String,
    /// It will not pass by itself.
    pub urgent: bool,
}

/// Everything that one planning needs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    /// Now, Kyiv's local time.
    pub now: NaiveDateTime,
    /// Letters that wait, oldest first.
    pub letters: Vec<Pending>,
    /// The last number issued, by year; a missing year has none.
    pub last_seq: BTreeMap<i32, i64>,
    /// Earlier letters with the same own text as a waiting one, by digest, oldest first.
    pub same_text: BTreeMap<String, Vec<Earlier>>,
    /// Letters of ours that waiting letters answer, by Message-ID.
    pub answered: BTreeMap<String, Answered>,
    /// Appeals to which waiting letters belong, by letter: it answers a Message-ID that the outbox does not know (any
    /// more), but our key signed it for a letter about this appeal to this very sender.
    pub vouched: BTreeMap<i64, Known>,
    /// Appeals whose number a waiting letter names.
    pub named: BTreeMap<String, Known>,
    /// Senders of waiting letters from the folder of spam that are applicants.
    pub known_senders: BTreeSet<String>,
    /// Automatic letters queued today, by recipient.
    pub written_today: BTreeMap<String, u32>,
    /// Letters put aside that a waiting letter may complete, by id.
    pub aside: BTreeMap<i64, Pending>,
    /// Letters of ours that did not arrive and that nobody was told of.
    pub undelivered: Vec<Undelivered>,
    /// The ways to the outside.
    pub channels: Vec<Channel>,
    /// Letters put aside whose time to answer has passed.
    pub unanswered: Vec<Asked>,
    /// Appeals that share a name or phone with a waiting letter, by the letter.
    pub formers: BTreeMap<i64, Vec<Former>>,
    /// The latest appeals of anybody.
    pub recent: Vec<Former>,
    /// Appeals that a waiting letter is about, by id.
    pub written_about: BTreeMap<i64, Case>,
    /// Appeals that the desk must look at.
    pub cases: Vec<Case>,
}
