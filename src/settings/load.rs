//! Reads all files of the configuration and gives either settings that work or everything that is wrong with them.
//!
//! Secrets are not read here: commands that only look need none. The service reads them before it begins, and again
//! whenever it connects.

use crate::domain::calendar::Calendar;
use crate::settings::problem::{Problem, Problems};
use crate::settings::raw::{Document, Section};
use crate::settings::transports::{self, existing_file};
use crate::settings::valid::{Mailbox, Paths, Settings};
use crate::settings::{files, sections};
use chrono::NaiveTime;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Largest file of the configuration in bytes.
const LARGEST_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// Reads `zvernennia.toml` and the files that it names.
///
/// # Errors
/// Every problem with its file, line, key and remedy.
pub fn load(path: &Path) -> Result<Settings, Problems> {
    let shown = path.display().to_string();
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let home = absolute.parent().map_or_else(|| PathBuf::from("/"), Path::to_path_buf);
    match read(path) {
        Ok(text) => load_text(&shown, &text, &home),
        Err(what) => {
            let what = format!("{what}; name the configuration with --config, or create it with `zvernennia init`");
            Err(Problems::of_file(&shown, what))
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    let told = |error: std::io::Error| format!("cannot be read: {error}");
    if std::fs::metadata(path).map_err(told)?.len() > LARGEST_FILE_BYTES {
        return Err(format!("is larger than {LARGEST_FILE_BYTES} bytes"));
    }
    std::fs::read_to_string(path).map_err(told)
}

fn load_text(shown: &str, text: &str, home: &Path) -> Result<Settings, Problems> {
    let document = Document::new(shown, text);
    let mut beside = Vec::new();
    let settings = {
        let tree = document.parse();
        let root = Section::root(&document, &tree);
        whole(&root, home, &mut beside)
    };
    let mut problems = document.into_problems();
    problems.append(&mut beside);
    Problems::none_or(problems)?;
    settings.ok_or_else(|| Problems::of_file(shown, "could not be understood".to_owned()))
}

/// All sections; problems of other files go to `beside`.
fn whole(root: &Section<'_, '_>, home: &Path, beside: &mut Vec<Problem>) -> Option<Settings> {
    let mut office = sections::office(root);
    let people = sections::people(root);
    let named = named_files(root, home, beside);
    let mut calendar = named.calendar;
    office.hours = sections::hours(root, &mut calendar);
    let (numbering, number_pattern) = sections::numbering(root);
    let blocks = transports::mailboxes(root, home);
    sections::mailboxes_differ(&blocks);
    let mailboxes: Vec<Mailbox> = blocks.into_iter().map(|(_, mailbox)| mailbox).collect();
    office.mailboxes = mailboxes.iter().map(|mailbox| mailbox.address.clone()).collect();
    let post = transports::post(root, home, &office.mailboxes, named.key);
    let safety = sections::safety(root);
    transports::refuse_mixture(root, &mailboxes, &post, safety);
    let (routing, default_department) = sections::routing(root, &named.departments);
    own_addresses(root, &office.mailboxes, &named.departments);
    office.number_pattern = number_pattern;
    office.departments = named.departments;
    for department in office.departments.iter_mut().filter(|department| !department.workbook.is_empty()) {
        department.workbook = home.join(&department.workbook).to_string_lossy().into_owned();
    }
    office.default_department = default_department;
    let intake = sections::intake(root);
    let terms = sections::terms(root);
    let register = sections::register(root, home);
    let notice = sections::notice(root);
    let (departments, summary, backup) = sections::schedules(root, home)?;
    Some(Settings {
        home: home.to_owned(),
        office,
        people,
        calendar,
        paths: named.paths,
        numbering,
        mailboxes,
        post,
        intake,
        terms,
        register,
        routing,
        notice,
        departments,
        summary,
        backup,
        safety,
        templates: named.templates,
        templates_folder: named.templates_folder,
    })
}

/// A department that writes from one of our mailboxes would answer itself.
fn own_addresses(root: &Section<'_, '_>, mailboxes: &[String], departments: &[crate::domain::department::Department]) {
    for department in departments {
        if mailboxes.contains(&department.email.to_lowercase()) {
            let what = format!(
                "{} is a mailbox and the address of \"{}\" as well; each needs its own",
                department.email, department.name
            );
            root.problem("mailbox", what);
        }
    }
}

/// What `[files]` names.
struct Named {
    departments: Vec<crate::domain::department::Department>,
    calendar: Calendar,
    paths: Paths,
    key: PathBuf,
    templates: BTreeMap<String, String>,
    templates_folder: PathBuf,
}

fn named_files(root: &Section<'_, '_>, home: &Path, beside: &mut Vec<Problem>) -> Named {
    let section = root.section("files");
    let text_of = |key: &'static str, usual: &str| -> Option<(String, String)> {
        let named = section.optional(key);
        let path = match &named {
            Some(text) => existing_file(&section, text, home)?,
            None => home.join(usual),
        };
        match read(&path) {
            Ok(text) => Some((path.display().to_string(), text)),
            Err(what) => {
                section.problem(key, format!("{} {what}", path.display()));
                None
            }
        }
    };
    let (departments, mut problems) = text_of("departments", "departments.toml")
        .map(|(name, text)| files::departments(&name, &text))
        .unwrap_or_default();
    beside.append(&mut problems);
    let (calendar, mut problems) = text_of("holidays", "holidays.toml")
        .map(|(name, text)| files::calendar(&name, &text))
        .unwrap_or_else(|| (no_calendar(), Vec::new()));
    beside.append(&mut problems);
    let (mut templates, mut templates_folder) = (BTreeMap::new(), PathBuf::new());
    if let Some(folder) = section.optional("templates") {
        templates_folder = home.join(&folder.text);
        match files::templates(&templates_folder) {
            Ok(found) => templates = found,
            Err(what) => section.problem_at(&folder, format!("{what}; correct the path, or leave the key out")),
        }
    }
    let placed = |key, usual| home.join(section.text_or(key, usual));
    Named {
        departments,
        calendar,
        paths: Paths {
            ledger: placed("ledger", "/var/lib/zvernennia/ledger.sqlite"),
            letters: placed("letters", "/var/lib/zvernennia/letters"),
        },
        key: placed("key", "/var/lib/zvernennia/message-id.key"),
        templates,
        templates_folder,
    }
}

/// Stand-in where the file is missing; never used.
fn no_calendar() -> Calendar {
    Calendar {
        martial_law: true,
        holidays: BTreeSet::new(),
        extra_days_off: BTreeSet::new(),
        extra_working_days: BTreeSet::new(),
        open: NaiveTime::MIN,
        close: NaiveTime::MIN,
    }
}
