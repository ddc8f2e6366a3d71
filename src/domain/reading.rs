//! What a clerk would understand of a letter: its class, the applicant, the matter. Made by `reading`, used by `desk`.
//!
//! Every field carries the quotation that it came from and a confidence in [0, 1], so that the operator can check it.

use crate::domain::delivery::Delivery;
use crate::domain::remark::Remark;
use serde::{Deserialize, Serialize};

/// What kind of mail it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A citizen's appeal.
    Appeal,
    /// An appeal by nobody who can be named: not registered (п. 3.6 of the statute, art. 8 of the law).
    Anonymous,
    /// An answer to a letter of ours, a reminder, thanks.
    FollowUp,
    /// A department's answer about an appeal.
    DepartmentReply,
    /// A notice of failed or delayed delivery.
    Bounce,
    /// A vacation answer, a ticket system.
    AutoReply,
    /// Mass mail that one may unsubscribe from.
    Newsletter,
    /// Other unwanted mail.
    Spam,
    /// A notice of success, a read receipt.
    Receipt,
    /// A meeting request.
    Invite,
    /// Nothing but white space or a client's signature.
    #[default]
    Empty,
}

/// The kind of appeal (art. 3 of the law; a request for information is kept apart).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Advice on the work of the body.
    #[serde(rename = "пропозиція")]
    Proposal,
    /// A request to realise rights or a report of a shortcoming.
    #[serde(rename = "заява")]
    Application,
    /// A demand to restore a violated right.
    #[serde(rename = "скарга")]
    Complaint,
    /// A question that asks for information only.
    #[serde(rename = "запит на довідку")]
    Inquiry,
}

/// What must be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Surname or given name (a patronymic alone is never asked for).
    Name,
    /// A contact phone.
    Phone,
    /// Registered address (прописка): settlement, street and house.
    RegisteredAddress,
    /// Where the applicant lives now; a settlement is enough.
    TemporaryAddress,
    /// What it is about.
    Essence,
}

impl Missing {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Name, "name"),
        (Self::Phone, "phone"),
        (Self::RegisteredAddress, "registered_address"),
        (Self::TemporaryAddress, "temporary_address"),
        (Self::Essence, "essence"),
    ];

    /// Stable key.
    pub fn id(self) -> &'static str {
        Self::ALL.get(self as usize).map_or("", |(_, id)| id)
    }

    /// What has this key.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == id).map(|(missing, _)| *missing)
    }

    /// Art. 5 of the law wants name, place of residence and matter; the rest is asked for by the office's statute (п. 3.5).
    pub fn is_required_by_law(self) -> bool {
        match self {
            Self::Name | Self::RegisteredAddress | Self::Essence => true,
            Self::Phone | Self::TemporaryAddress => false,
        }
    }
}

/// Why an appeal must be reported at once (п. 3 of annex 2 to the order; levels of the office's rules).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// Somebody's life is in danger now.
    Life,
    /// Corruption.
    Corruption,
    /// Media, protest, politics.
    Media,
    /// Twenty people or more.
    Mass,
}

/// What our own mail server says about the sender of a letter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authenticity {
    /// The letter comes from the domain in From.
    Confirmed,
    /// No server of ours says anything, or nothing that decides.
    #[default]
    Silent,
    /// The server could not find out, or only suspects.
    Doubtful,
    /// The letter does not come from the domain in From, or names several senders.
    Failed,
}

/// A value, the words of the letter that it came from, and how sure the reader is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found<T> {
    /// The value as a clerk would write it.
    pub value: T,
    /// The words of the letter (or header) it was taken from.
    pub quote: String,
    /// 0 = a guess, 1 = stated in so many words.
    pub confidence: f32,
}

/// A department that the matter may belong to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Code of the department.
    pub code: String,
    /// Score; only the order and the ratio matter.
    pub score: f32,
    /// The trigger words found, as they stand in the letter.
    pub words: Vec<String>,
}

/// The reading of one letter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// What kind of mail it is.
    pub class: Class,
    /// Why, in one short Ukrainian phrase for the operator.
    pub class_reason: String,
    /// Surname of the applicant, nominative.
    pub surname: Option<Found<String>>,
    /// Given name, nominative; an initial stays an initial only if nothing fuller is known.
    pub name: Option<Found<String>>,
    /// Patronymic, nominative.
    pub patronymic: Option<Found<String>>,
    /// The person or group in whose interest the applicant acts.
    pub representative_of: Option<Found<String>>,
    /// The appeal is made by or for a group.
    pub collective: bool,
    /// Contact phones, E.164.
    pub phones: Vec<Found<String>>,
    /// Where an answer goes.
    pub email: Option<String>,
    /// Registered address as a clerk would write it.
    pub registered_address: Option<Found<String>>,
    /// Address of temporary residence as a clerk would write it.
    pub temporary_address: Option<Found<String>>,
    /// The applicant's category ("ВПО", "пенсіонер" …), one of the list of the register.
    pub category: Option<Found<String>>,
    /// The matter in the applicant's own words: no greeting, address block, quoted history, signature.
    pub essence: Option<String>,
    /// Kind; `None` if the class is not an appeal.
    pub kind: Option<Found<Kind>>,
    /// Departments, best first; empty if the class is not an appeal.
    pub departments: Vec<Candidate>,
    /// Departments that are complained about (codes): the appeal must not go to them (art. 7).
    pub complained_of: Vec<String>,
    /// An official is complained about whose department the words do not name.
    #[serde(default)]
    pub complains_of_official: bool,
    /// What must be asked for.
    pub missing: Vec<Missing>,
    /// Why it must be reported at once.
    pub alarm: Option<Found<Alarm>>,
    /// Number of the appeal that a reply, bounce or receipt is about.
    pub refers_to: Option<String>,
    /// Message-IDs of ours that the letter answers to, nearest first.
    pub answers: Vec<String>,
    /// What our own mail server says about the sender.
    #[serde(default)]
    pub authenticity: Authenticity,
    /// What a notice of a mail server says of a letter of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// Whether an automatic answer is forbidden (robots, lists, bounces, ourselves; RFC 3834), with the reason.
    pub no_reply: Option<String>,
    /// A short letter of thanks.
    #[serde(default)]
    pub thanks: bool,
    /// The text is only in pictures.
    pub needs_ocr: bool,
    /// Digest of the folded own text, for recognising the same text in another envelope (hex SHA-256); empty text: none.
    pub text_digest: Option<String>,
    /// What the operator should know.
    pub remarks: Vec<Remark>,
}
