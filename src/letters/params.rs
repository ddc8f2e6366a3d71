//! What a letter says: plain values that the desk fills in. Which of them a letter needs stands in `kind`.
//!
//! No sentences are made here and no dates are written out; that is for `render` and the templates.

use crate::domain::given_name::Gender;
use crate::domain::reading::{Alarm, Missing};
use crate::letters::kind::Needed;
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// What a letter says; all times are Kyiv's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LetterParams {
    /// Given name of the applicant, nominative.
    pub name: Option<String>,
    /// Patronymic of the applicant, nominative.
    pub patronymic: Option<String>,
    /// Gender, where something else than the names tells it.
    pub gender: Option<Gender>,
    /// Several people apply.
    pub collective: bool,
    /// Registration number; stands in front of the subject.
    pub number: Option<String>,
    /// When the letter came.
    pub received: Option<NaiveDateTime>,
    /// Day of registration, where it is not the day of receipt.
    pub registered_on: Option<NaiveDate>,
    /// When an out-of-hours letter will be looked at.
    pub handled_on: Option<NaiveDate>,
    /// Code of the department (or its name, where it has no code).
    pub department: Option<String>,
    /// When the appeal went to the department.
    pub routed_on: Option<NaiveDate>,
    /// Last day of the term.
    pub due: Option<NaiveDate>,
    /// Last day of an extended term.
    pub extended_to: Option<NaiveDate>,
    /// A danger to life was read out of the letter: emergency numbers stand first.
    pub emergency: bool,
    /// What is missing.
    pub missing: Vec<Missing>,
    /// Until when an answer is awaited.
    pub reply_by: Option<NaiveDate>,
    /// The other body that the appeal was sent to, nominative.
    pub body: Option<String>,
    /// When it was sent there.
    pub sent_on: Option<NaiveDate>,
    /// Phones, addresses, hours of whoever answers next.
    pub contacts: Option<String>,
    /// What people wrote: answer, course of the matter, motives; what happened to a channel.
    pub text: Option<String>,
    /// Reference to the law or act.
    pub legal_basis: Option<String>,
    /// On which day the information is in force.
    pub valid_on: Option<NaiveDate>,
    /// Who decided, nominative ("заступник керівника").
    pub decided_by: Option<String>,
    /// Number of the earlier appeal on the matter.
    pub earlier_number: Option<String>,
    /// When it was answered.
    pub earlier_answered_on: Option<NaiveDate>,
    /// State of consideration as the register shows it.
    pub status: Option<String>,
    /// How many appeals wait for the register.
    pub waiting: Option<u32>,
    /// Since when (a held register, a channel that is down).
    pub since: Option<NaiveDateTime>,
    /// Who holds the register, as its lock file tells.
    pub held_by: Option<String>,
    /// Why an appeal must be looked at now.
    pub alarm: Option<Alarm>,
    /// The words of the letter that say so.
    pub quote: Option<String>,
    /// Phones of the applicant, for people who must act.
    pub phones: Vec<String>,
    /// The channel (of an appeal, or the one that is down).
    pub channel: Option<String>,
    /// What the administrator should do.
    pub remedy: Option<String>,
    /// Appeals in a letter to a department.
    pub rows: Vec<AppealRow>,
    /// What could not be understood in a department's answer.
    pub remarks: Vec<String>,
}

/// One appeal in a letter to a department: only what its consideration needs (art. 10 of the law).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppealRow {
    /// Registration number.
    pub number: String,
    /// Day of receipt.
    pub received: Option<NaiveDate>,
    /// Surname, name, patronymic.
    pub applicant: String,
    /// Phones by "; ".
    pub phone: String,
    /// Where the applicant lives now.
    pub address: String,
    /// The matter.
    pub essence: String,
    /// Last day of the term.
    pub due: Option<NaiveDate>,
    /// Days until then; negative: overdue.
    pub days_left: Option<i64>,
    /// State of consideration.
    pub status: String,
    /// What was answered.
    pub answer: String,
    /// Marks of control ("К", "Резонансне").
    pub control: String,
    /// Who has it, for the supervisor; empty: the contact centre.
    pub department: String,
}

impl LetterParams {
    /// Whether this is filled in.
    pub fn has(&self, needed: Needed) -> bool {
        let text = |value: &Option<String>| value.as_deref().is_some_and(|text| !text.trim().is_empty());
        match needed {
            Needed::Number => text(&self.number),
            Needed::Received => self.received.is_some(),
            Needed::HandledOn => self.handled_on.is_some(),
            Needed::Missing => !self.missing.is_empty() || text(&self.text),
            Needed::ReplyBy => self.reply_by.is_some(),
            Needed::Department => text(&self.department),
            Needed::Body => text(&self.body),
            Needed::SentOn => self.sent_on.is_some(),
            Needed::Text => text(&self.text),
            Needed::LegalBasis => text(&self.legal_basis),
            Needed::DecidedBy => text(&self.decided_by),
            Needed::Earlier => text(&self.text) || (text(&self.earlier_number) && self.earlier_answered_on.is_some()),
            Needed::Status => text(&self.status),
            Needed::Waiting => self.waiting.is_some(),
            Needed::Alarm => self.alarm.is_some(),
            Needed::Channel => text(&self.channel),
            Needed::Rows => !self.rows.is_empty(),
        }
    }

    /// Takes over one needed value.
    pub(crate) fn copy(&mut self, needed: Needed, from: &Self) {
        match needed {
            Needed::Number => self.number.clone_from(&from.number),
            Needed::Received => self.received = from.received,
            Needed::HandledOn => self.handled_on = from.handled_on,
            Needed::Missing => self.missing.clone_from(&from.missing),
            Needed::ReplyBy => self.reply_by = from.reply_by,
            Needed::Department => self.department.clone_from(&from.department),
            Needed::Body => self.body.clone_from(&from.body),
            Needed::SentOn => self.sent_on = from.sent_on,
            Needed::Text => self.text.clone_from(&from.text),
            Needed::LegalBasis => self.legal_basis.clone_from(&from.legal_basis),
            Needed::DecidedBy => self.decided_by.clone_from(&from.decided_by),
            Needed::Earlier => {
                self.earlier_number.clone_from(&from.earlier_number);
                self.earlier_answered_on = from.earlier_answered_on;
            }
            Needed::Status => self.status.clone_from(&from.status),
            Needed::Waiting => self.waiting = from.waiting,
            Needed::Alarm => self.alarm = from.alarm,
            Needed::Channel => self.channel.clone_from(&from.channel),
            Needed::Rows => self.rows.clone_from(&from.rows),
        }
    }
}
