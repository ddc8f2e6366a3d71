//! The settings as the service works with them: checked, paths absolute, times parsed. No secret is in here in clear.

use crate::domain::calendar::Calendar;
use crate::domain::field::Field;
use crate::domain::office::Office;
use crate::domain::schedule::Schedule;
use crate::settings::secret::SecretRef;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
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
    /// Who decides on the department.
    pub routing: Routing,
    /// Notices to operators and departments.
    pub notice: Notice,
    /// When the departments are heard and reminded.
    pub departments: DepartmentsSchedule,
    /// The daily summary.
    pub summary: Summary,
    /// The daily copy of the ledger.
    pub backup: Backup,
    /// Guards that may be switched off.
    pub safety: Safety,
    /// Templates of letters that replace the built-in ones, by their name (`registered/body.txt.j2`).
    pub templates: BTreeMap<String, String>,
    /// The folder that they came from; empty if there are none.
    pub templates_folder: PathBuf,
}

/// People who get notices from the service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// Names of the operators as they stand in the column "Оператор".
    pub operators: Vec<String>,
    /// Names of those whose marks in the column "Контроль" decide, as Excel or LibreOffice knows them; empty: nobody may
    /// put them.
    pub supervisors: Vec<String>,
    /// Where notices to the operators go; may be empty.
    pub operators_email: Vec<String>,
    /// Where the supervisor gets alerts and the summary.
    pub supervisor_email: Vec<String>,
    /// Where faults of the service are reported.
    pub administrator_email: Vec<String>,
}

impl People {
    /// Whether this is one of the supervisors.
    pub fn is_supervisor(&self, name: &str) -> bool {
        self.supervisors.iter().any(|supervisor| crate::domain::label::same(supervisor, name))
    }
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
    /// Stands for the letter where the surname is unknown.
    pub nameless_letter: String,
}

impl Numbering {
    /// Whether ordinal numbers begin anew each year: only where the year is part of the number.
    pub fn restarts_each_year(&self) -> bool {
        self.format.contains("{year}")
    }
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
    /// A mailbox on an IMAP server.
    Imap(Box<ImapSource>),
}

/// A mailbox on an IMAP server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImapSource {
    /// The server and how it is spoken to.
    pub server: Server,
    /// The folder that is watched (`INBOX`).
    pub folder: String,
    /// The folder where the server puts what it takes for spam (or `\Junk`); looked into as well where it is given.
    pub spam_folder: Option<String>,
    /// The folder that letters are moved to once they are taken in; `None`: they stay.
    pub move_to: Option<String>,
    /// How long IDLE lasts before it is begun anew.
    pub idle: Duration,
    /// Longest pause before a lost connection is made anew.
    pub longest_pause: Duration,
    /// Most bytes of letters fetched in a day.
    pub per_day: u64,
}

/// A mail server and how it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected; there is no way without.
    pub tls: Tls,
    /// Certificates to trust besides the public ones (PEM), absolute.
    pub ca_file: Option<PathBuf>,
    /// Longest wait for an answer.
    pub timeout: Duration,
    /// Name of the user.
    pub user: String,
    /// How the user proves that it is he.
    pub proof: Proof,
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte (993, 465).
    Implicit,
    /// After STARTTLS (143, 587); refused where the server does not offer it.
    StartTls,
}

/// How a user proves that it is he.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// A password (at Gmail: an app password).
    Password(SecretRef),
    /// OAuth 2 with a refresh token (XOAUTH2).
    OAuth(OAuth),
}

/// OAuth 2 with a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuth {
    /// Where access tokens are got.
    pub token_endpoint: String,
    /// Public name of the client.
    pub client_id: String,
    /// Secret of the client.
    pub client_secret: SecretRef,
    /// The refresh token.
    pub refresh_token: SecretRef,
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
    /// A second account, for alerts while the first does not work.
    pub spare: Option<Box<SmtpTransport>>,
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
    /// A mail server takes them.
    Smtp(Box<SmtpTransport>),
}

/// A mail server that takes letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpTransport {
    /// The server and how it is spoken to.
    pub server: Server,
    /// Shortest time between two letters.
    pub pause: Duration,
    /// Most letters in a day (Gmail: 500).
    pub per_day: u32,
    /// Longest rest after a failure of the account; only a quota of the day that is used up rests longer.
    pub longest_pause: Duration,
    /// How long after it went out without an answer a letter is looked for among the sent ones.
    pub unclear_wait: Duration,
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
    /// Days after an answer within which the applicant's word reopens the appeal.
    pub reopen_days: u32,
    /// Days after an answer after which the applicant's silence is noted.
    pub silence_days: u32,
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
    /// How often the file is looked at even if nothing was told.
    pub poll: Duration,
    /// The file system tells of changes (does not work over network shares; polling always does).
    pub inotify: bool,
    /// Headers of the office's own form, where they differ.
    pub headers: BTreeMap<Field, String>,
    /// Columns of the office's own, in order.
    pub extra_columns: Vec<ExtraColumn>,
}

/// A free column of the register that people alone fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraColumn {
    /// Its header.
    pub header: String,
    /// Its width in Excel characters.
    pub width: u16,
    /// The column that it stands behind; `None`: behind all.
    pub after: Option<Field>,
}

/// Who decides on the department.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Routing {
    /// Whether the service decides.
    pub mode: RoutingMode,
    /// How sure the service must be (0 to 1) to decide by itself.
    pub threshold: f32,
}

/// Whether the service decides on the department.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoutingMode {
    /// It proposes, an operator decides.
    Suggest,
    /// It decides where it is sure enough.
    Auto,
}

/// Notices to operators and departments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// Notices to one person within this time become one letter.
    pub batch: Duration,
    /// A channel that does not work for this long is reported.
    pub channel: Duration,
}

/// When the departments are heard and reminded; Kyiv time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentsSchedule {
    /// When their answers are taken in.
    pub ingest: Schedule,
    /// When they are reminded of terms; nothing is sent on days off and outside of working hours.
    pub remind: Schedule,
}

/// The daily summary; Kyiv time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The schedule.
    pub at: Schedule,
}

/// The daily copy of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Where the copies lie.
    pub folder: PathBuf,
    /// How many are kept.
    pub keep: usize,
    /// When it is made; Kyiv time.
    pub cron: Schedule,
}

/// Guards that may be switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Safety {
    /// A real inbox with a folder outbox (applicants would never get the letters), or the reverse, is allowed.
    pub allow_mixed_transports: bool,
}

impl Settings {
    /// The folder with the ledger, the lock and the wishes of other processes.
    pub fn state_folder(&self) -> &Path {
        self.paths.ledger.parent().unwrap_or(&self.home)
    }

    /// Path of the register of a year.
    pub fn register_path(&self, year: i32) -> PathBuf {
        PathBuf::from(self.register.path.replace("{year}", &year.to_string()))
    }

    /// All secrets that the service needs.
    pub fn secrets(&self) -> Vec<&SecretRef> {
        let post = match &self.post.transport {
            Transport::Smtp(smtp) => smtp.server.secrets(),
            Transport::Folder { .. } => Vec::new(),
        };
        let spare = self.post.spare.iter().flat_map(|spare| spare.server.secrets());
        self.mailboxes.iter().flat_map(Mailbox::secrets).chain(post).chain(spare).collect()
    }
}

impl Mailbox {
    /// What must be readable to open it.
    pub fn secrets(&self) -> Vec<&SecretRef> {
        match &self.source {
            Source::Imap(imap) => imap.server.secrets(),
            Source::Maildir { .. } => Vec::new(),
        }
    }
}

impl Server {
    fn secrets(&self) -> Vec<&SecretRef> {
        match &self.proof {
            Proof::Password(password) => vec![password],
            Proof::OAuth(oauth) => vec![&oauth.client_secret, &oauth.refresh_token],
        }
    }
}
