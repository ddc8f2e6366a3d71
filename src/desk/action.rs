//! THE list of what the desk can decide. Each action is carried out by `ledger::commit` in one transaction.

use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::letter::Correspondent;
use crate::domain::register::Row;
use crate::domain::status::Status;
use crate::domain::value::Value;
use crate::letters::kind::LetterKind;
use crate::letters::params::LetterParams;
use chrono::{NaiveDate, NaiveDateTime};

/// One decision.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The letter becomes an appeal with this number and this row.
    Register(Box<Registration>),
    /// The letter is another copy of an earlier one.
    Copy {
        /// The letter.
        letter: i64,
        /// The earlier letter.
        of: i64,
    },
    /// The letter belongs to an appeal.
    Attach {
        /// The letter.
        letter: i64,
        /// The appeal.
        appeal: i64,
        /// What the hint of its row will say.
        hint: String,
    },
    /// The letter speaks for a department and waits to be taken in.
    Entrust {
        /// The letter.
        letter: i64,
        /// Code of the department.
        department: String,
    },
    /// The letter may speak for a department: it is put aside until an operator says so by one word.
    AskWhether {
        /// The letter.
        letter: i64,
        /// Code of the department.
        department: String,
        /// Why, for the operator.
        reason: String,
    },
    /// The letter gets no row.
    SetAside {
        /// The letter.
        letter: i64,
        /// Why, for the operator.
        reason: String,
        /// Until when data were asked for.
        reply_by: Option<NaiveDate>,
    },
    /// The sender of a letter put aside did not answer; nothing more is asked of him.
    Settle {
        /// The letter put aside.
        letter: i64,
        /// Why it stays aside, for the operator.
        reason: String,
    },
    /// The hint of an appeal gets one more line.
    AddHint {
        /// The appeal.
        appeal: i64,
        /// The line.
        line: String,
    },
    /// Cells of an appeal get new values.
    SetCells {
        /// The appeal.
        appeal: i64,
        /// Its new cells.
        cells: Vec<(Field, Value)>,
        /// Who decided.
        actor: String,
        /// Why.
        cause: String,
    },
    /// An appeal is moved to another state, or its cells change together with what is known of its course. What follows
    /// from its events (letters, notices, dates) the desk decides when it attends to it next.
    Move(Box<Move>),
    /// A department is to be told of an appeal.
    Notify {
        /// The appeal.
        appeal: i64,
        /// Code of the department.
        department: String,
        /// Why; at most one notice a cause.
        cause: String,
        /// Not to wait for others.
        urgent: bool,
    },
    /// The desk has done all that is owed to an appeal for now.
    Attended {
        /// The appeal.
        appeal: i64,
        /// Events that are closed.
        closed: Vec<i64>,
        /// When to look at it again, Kyiv's local time; `None`: when something happens.
        next: Option<NaiveDateTime>,
    },
    /// A mail server tells that a letter of ours did not arrive.
    Returned {
        /// Its notice.
        letter: i64,
        /// The letter of ours, by its id in the outbox.
        mail: i64,
        /// The appeal that it was about.
        appeal: Option<i64>,
        /// The code that tells why; empty if there is none.
        code: String,
        /// Not given up yet.
        delayed: bool,
    },
    /// People are told of a letter that did not arrive.
    TellOfUndelivered {
        /// Its id in the outbox.
        mail: i64,
        /// The appeal whose row says it.
        appeal: Option<i64>,
        /// The letter put aside that says it, where there is no appeal.
        aside: Option<i64>,
        /// What is said.
        hint: String,
    },
    /// People know of the failure of a channel, or that it is over.
    TellOfChannel {
        /// Name of the channel.
        channel: String,
        /// Since when it lasts, Kyiv's local time; `None`: it is over.
        since: Option<NaiveDateTime>,
    },
    /// A letter is promised.
    Write(Box<Writing>),
}

/// A move of an appeal.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// The appeal.
    pub appeal: i64,
    /// The state that comes into force; `None`: it stays.
    pub to: Option<Status>,
    /// The department that has it from now on; `None`: it stays.
    pub department: Option<String>,
    /// Its new cells.
    pub cells: Vec<(Field, Value)>,
    /// What happened; a new state is an event by itself.
    pub events: Vec<NewEvent>,
    /// Who decided.
    pub actor: String,
    /// Why, for the journal.
    pub cause: String,
}

/// Something that happened to an appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// What.
    pub kind: EventKind,
    /// The particulars, as the kind says.
    pub detail: String,
    /// Something follows from it.
    pub open: bool,
}

/// What becomes an appeal: a letter, or a row that a person typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// The letter; `None` for a row that a person typed.
    pub letter: Option<i64>,
    /// An earlier letter put aside that this one completes.
    pub completes: Option<i64>,
    /// Year of the register.
    pub year: i32,
    /// Running number in the year; the next one, or the commit fails.
    pub seq: i64,
    /// Registration number.
    pub number: String,
    /// The row.
    pub row: Row,
    /// Cells that a person typed, as they were typed.
    pub typed: Vec<(Field, Value)>,
    /// Address that the applicant wrote from; empty if unknown.
    pub address: String,
    /// What is known of it from the beginning: whom it complains of, whose matter it surely is.
    pub events: Vec<NewEvent>,
    /// Why, for the journal.
    pub cause: String,
}

/// How soon a letter must leave when the day's allowance runs short; lower goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Something that a person must know at once.
    Alert = 0,
    /// To a department.
    Department = 1,
    /// To an applicant.
    Applicant = 2,
    /// Reminders and summaries.
    Routine = 3,
}

/// A letter to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Writing {
    /// Which letter.
    pub kind: LetterKind,
    /// To whom.
    pub to: Correspondent,
    /// What it says.
    pub params: LetterParams,
    /// Number of the appeal that it is about.
    pub number: Option<String>,
    /// The letter that it answers.
    pub answers: Option<i64>,
    /// Message-ID of the letter that it answers; empty if it has none.
    pub in_reply_to: String,
    /// Message-IDs of the thread, oldest first.
    pub references: Vec<String>,
    /// The event: at most one letter of a kind per event and recipient.
    pub cause: String,
    /// How soon it must leave.
    pub priority: Priority,
}

impl Writing {
    /// A letter to somebody of the office that answers no letter; it is about the appeal that it names.
    pub fn to_colleague(
        kind: LetterKind,
        to: Correspondent,
        params: LetterParams,
        cause: String,
        priority: Priority,
    ) -> Self {
        Self {
            kind,
            to,
            number: params.number.clone(),
            params,
            answers: None,
            in_reply_to: String::new(),
            references: Vec::new(),
            cause,
            priority,
        }
    }
}

/// What is to be done, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The decisions.
    pub actions: Vec<Action>,
}

impl Plan {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }
}
