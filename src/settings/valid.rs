//! The settings as the service works with them: checked, paths absolute, times parsed. No secret is in here in clear.

use crate::domain::calendar::Calendar;
use crate::domain::office::Office;
use chrono::{DateTime, Utc};
use std::path::PathBuf;
use std::time::Duration;

/// Everything that the configuration says.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Folder that relative paths start from (where `zvernennia.toml` lies).
    pub home: PathBuf,
    /// The office: names, addresses, departments.
    pub office: Office,
    /// People who get notices.
    pub people: People,
    /// Working days and hours.
    pub calendar: Calendar,
    /// Where files lie.
    pub paths: Paths,
    /// How appeals are numbered.
    pub numbering: Numbering,
    /// The mailboxes in the order of their channels.
    pub mailboxes: Vec<Mailbox>,
    /// How letters leave.
    pub post: Post,
    /// How letters are taken in.
    pub intake: Intake,
    /// Terms.
    pub terms: Terms,
    /// The register.
    pub register: Register,
}

/// People who get notices from the service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// Names of the operators as they stand in the column "Оператор".
    pub operators: Vec<String>,
    /// Where notices to the operators go; may be empty.
    pub operators_email: Vec<String>,
    /// Where the supervisor gets alerts and the summary.
    pub supervisor_email: Vec<String>,
    /// Where faults of the service are reported.
    pub administrator_email: Vec<String>,
}

/// Where files lie; all absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The ledger (SQLite).
    pub ledger: PathBuf,
    /// Raw originals of letters.
    pub letters: PathBuf,
}

/// How appeals are numbered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbering {
    /// Format: `{letter}`, `{seq}`, `{seq:06}`, `{year}`.
    pub format: String,
    /// Stands for the letter in collective appeals (instruction № 348).
    pub collective_letter: String,
}

/// One mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Short name in logs and in the ledger ("1").
    pub name: String,
    /// Its address.
    pub address: String,
    /// What the column "Канал надходження" says ("е-пошта 1").
    pub channel: String,
    /// Where it is.
    pub source: Source,
    /// How often it is looked into besides being watched.
    pub poll: Duration,
}

/// Where a mailbox is. A closed list: a real inbox and a folder outbox are never mixed unawares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A Maildir on this machine.
    Maildir {
        /// The folder that holds `new`, `cur`, `tmp`.
        path: PathBuf,
    },
}

/// How letters leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Address in From.
    pub from: String,
    /// Name in From.
    pub from_name: String,
    /// By what way.
    pub transport: Transport,
    /// File with the key that signs Message-IDs (made by `init`, mode 0600).
    pub key_file: PathBuf,
    /// Most automatic letters to one address in a day.
    pub per_address_per_day: u32,
    /// Most automatic letters in an hour.
    pub per_hour: u32,
}

/// The way out. A closed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transport {
    /// Each letter becomes an `.eml` file; nothing leaves the machine.
    Folder {
        /// The folder.
        path: PathBuf,
    },
}

/// How letters are taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// Letters that the server took in before this are counted, never registered or answered; `None`: everything is.
    pub start: Option<DateTime<Utc>>,
    /// How many letters are committed at once.
    pub batch: usize,
    /// Larger letters are registered without their attachments (bytes).
    pub max_bytes: u64,
    /// How often a letter may bring the reading down before it is put aside.
    pub max_attempts: u32,
}

/// Terms in days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Days that an applicant has to complete his data.
    pub clarification_days: u32,
    /// Term of a request for information, in days (0: the month of the law).
    pub inquiry_days: u32,
}

/// The register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Pattern of the path with `{year}`; absolute.
    pub path: String,
    /// What stands above the title ("Додаток 3 до розпорядження …").
    pub reference: String,
    /// How long a changed file must be quiet before it is read.
    pub quiet: Duration,
}

impl Settings {
    /// Path of the register of a year.
    pub fn register_path(&self, year: i32) -> PathBuf {
        PathBuf::from(self.register.path.replace("{year}", &year.to_string()))
    }
}
