//! The sections of `zvernennia.toml`, one function each; where mail comes from and goes to is in `transports`.
//!
//! Defaults stand here and, commented, in `config/zvernennia.toml`; a test keeps the two equal.

use crate::domain::calendar::Calendar;
use crate::domain::department::Department;
use crate::domain::field::{Field, FieldSpec};
use crate::domain::form::Form;
use crate::domain::number::NumberFormat;
use crate::domain::office::Office;
use crate::settings::raw::{Section, Text};
use crate::settings::scan;
use crate::settings::valid::{
    Backup, DepartmentsSchedule, ExtraColumn, Intake, Mailbox, Notice, Numbering, People, Register, Routing,
    RoutingMode, Safety, Summary, Terms,
};
use chrono::NaiveTime;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

/// Longest header of a column in characters (a cell of a heading must stay readable).
const LONGEST_HEADER: usize = 120;

/// Most megabytes of a letter that may be taken in whole.
const MOST_MEGABYTES: u64 = 100;

/// `[office]`; the departments, the mailboxes and the number pattern come from elsewhere and are put in by `load`.
pub(crate) fn office(root: &Section<'_, '_>) -> Office {
    let office = root.section("office");
    let home = office.section("home");
    Office {
        organisation: office.required("organisation").map(|text| text.text).unwrap_or_default(),
        centre: office.text_or("centre", "Контактний центр"),
        shown_phones: texts(&office.list("shown_phones")),
        hours: String::new(),
        higher_body_to: office.text_or("higher_body_to", ""),
        own_phones: office.list_of("own_phones", scan::e164),
        mailboxes: Vec::new(),
        authserv_ids: office.list_of("authserv_ids", scan::host),
        message_id_domain: office
            .required("message_id_domain")
            .and_then(|text| office.understand(&text, scan::domain_name))
            .unwrap_or_default(),
        number_pattern: String::new(),
        home_town: home.required("town").map(|text| text.text).unwrap_or_default(),
        home_town_aliases: texts(&home.list("aliases")),
        home_settlements: texts(&home.list("settlements")),
        home_streets: texts(&home.list("streets")),
        departments: Vec::new(),
        default_department: String::new(),
    }
}

fn texts(list: &[Text]) -> Vec<String> {
    list.iter().map(|text| text.text.clone()).filter(|text| !text.is_empty()).collect()
}

/// `[people]`.
pub(crate) fn people(root: &Section<'_, '_>) -> People {
    let people = root.section("people");
    People {
        operators: texts(&people.list("operators")),
        supervisors: texts(&people.list("supervisors")),
        operators_email: people.list_of("operators_email", scan::email),
        supervisor_email: people.list_of("supervisor_email", scan::email),
        administrator_email: people.list_of("administrator_email", scan::email),
    }
}

/// `[hours]`, put into the calendar; gives them as letters show them.
pub(crate) fn hours(root: &Section<'_, '_>, calendar: &mut Calendar) -> String {
    let hours = root.section("hours");
    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    calendar.open = hours.parsed_or("open", at(10), scan::time_of_day);
    calendar.close = hours.parsed_or("close", at(15), scan::time_of_day);
    if calendar.open >= calendar.close {
        hours.problem("close", "is not later than `open`; write for example open = \"10:00\", close = \"15:00\"");
    }
    format!("{}–{}", calendar.open.format("%H:%M"), calendar.close.format("%H:%M"))
}

/// `[numbering]` with the pattern that finds numbers of this form and of earlier ones.
pub(crate) fn numbering(root: &Section<'_, '_>) -> (Numbering, String) {
    const USUAL: &str = "{letter}-{seq}/{year}";
    let section = root.section("numbering");
    let (format, pattern) = section.optional("format").map_or_else(
        || number_format(USUAL).unwrap_or_default(),
        |text| section.understand(&text, number_format).unwrap_or_default(),
    );
    let collective_letter = section.text_or("collective_letter", "КО");
    let nameless_letter = section.text_or("nameless_letter", "БП");
    for (key, letters) in [("collective_letter", &collective_letter), ("nameless_letter", &nameless_letter)] {
        // The pattern that finds numbers again allows two letters.
        if letters.chars().count() > 2 || !letters.chars().all(char::is_alphabetic) {
            section.problem(key, "must be one or two letters, like \"КО\"");
        }
    }
    let mut patterns = vec![pattern];
    patterns.extend(section.list_of("known_patterns", scan::pattern).into_iter().map(|known| format!("(?:{known})")));
    (Numbering { format, collective_letter, nameless_letter }, patterns.join("|"))
}

/// A form of registration numbers with the pattern that finds them.
fn number_format(text: &str) -> Result<(String, String), String> {
    let format = NumberFormat::parse(text)
        .map_err(|error| format!("{error}; write for example \"{{letter}}-{{seq}}/{{year}}\""))?;
    if !text.contains("{letter}")
        && !text.split(['{', '}']).step_by(2).any(|literal| literal.contains(char::is_alphabetic))
    {
        return Err(format!("\"{text}\" gives digits only, which are found in any text; add a letter"));
    }
    if text.contains(|c: char| c.is_whitespace() || "[]<>\"".contains(c)) {
        return Err(format!("\"{text}\" must not contain blanks, square or angle brackets, quotes; remove them"));
    }
    Ok((text.to_owned(), format.pattern().to_owned()))
}

/// `[intake]`.
pub(crate) fn intake(root: &Section<'_, '_>) -> Intake {
    let intake = root.section("intake");
    let start = match intake.moment("start") {
        Some(text) => intake.understand(&text, scan::start).flatten(),
        None => {
            intake.problem("start", "is missing; write \"everything\", or the moment when the service takes over");
            None
        }
    };
    Intake {
        start,
        batch: intake.integer("batch", 50, 1..=1000) as usize,
        max_bytes: intake.integer("max_megabytes", 30, 1..=MOST_MEGABYTES) * 1024 * 1024,
        max_attempts: intake.integer("max_attempts", 3, 1..=20) as u32,
    }
}

/// `[terms]`.
pub(crate) fn terms(root: &Section<'_, '_>) -> Terms {
    let terms = root.section("terms");
    Terms {
        clarification_days: terms.integer("clarification_days", 5, 1..=30) as u32,
        inquiry_days: terms.integer("inquiry_days", 15, 0..=30) as u32,
        reopen_days: terms.integer("reopen_days", 30, 1..=365) as u32,
        silence_days: terms.integer("silence_days", 14, 1..=365) as u32,
    }
}

/// `[register]`.
pub(crate) fn register(root: &Section<'_, '_>, home: &Path) -> Register {
    let register = root.section("register");
    let path = register.required("path");
    if let Some(path) = &path {
        if !path.text.contains("{year}") {
            register.problem_at(path, "must contain {year}: each year has a register of its own");
        }
        if !path.text.ends_with(".xlsx") {
            register.problem_at(path, "must end in .xlsx: the register is an Excel workbook");
        }
    }
    let path = path.map(|path| home.join(path.text).to_string_lossy().into_owned()).unwrap_or_default();
    let headers = headers(&register);
    Register {
        path,
        reference: register.text_or("reference", ""),
        quiet: Duration::from_secs(register.integer("quiet_seconds", 3, 1..=600)),
        poll: Duration::from_secs(register.integer("poll_seconds", 30, 1..=3600)),
        inotify: register.flag("inotify", true),
        extra_columns: extra_columns(&register, &headers),
        headers,
    }
}

fn headers(register: &Section<'_, '_>) -> BTreeMap<Field, String> {
    let mut headers = BTreeMap::new();
    for (key, header) in register.pairs("headers") {
        let Some(field) = Form::Register.field(&key) else {
            register.problem_at(&header, format!("there is no column \"{key}\"; the keys are: {}", field_ids()));
            continue;
        };
        check_header(register, &header);
        headers.insert(field, header.text);
    }
    headers
}

fn extra_columns(register: &Section<'_, '_>, headers: &BTreeMap<Field, String>) -> Vec<ExtraColumn> {
    let own = |spec: &FieldSpec| headers.get(&spec.field).cloned().unwrap_or(spec.header.to_owned());
    let mut taken: BTreeSet<String> = Form::Register.columns().iter().map(|spec| own(spec).to_lowercase()).collect();
    let mut columns = Vec::new();
    for block in register.sections("extra_column") {
        let header = block.required("header");
        if let Some(header) = &header {
            check_header(&block, header);
            if !taken.insert(header.text.to_lowercase()) {
                block.problem_at(
                    header,
                    format!("the register already has a column \"{}\"; choose another header", header.text),
                );
            }
        }
        let after = block.optional("after").and_then(|text| {
            block.understand(&text, |id| {
                Form::Register
                    .field(id)
                    .ok_or_else(|| format!("there is no column \"{id}\"; the keys are: {}", field_ids()))
            })
        });
        let width = block.integer("width", 20, 4..=120) as u16;
        columns.push(ExtraColumn { header: header.map(|header| header.text).unwrap_or_default(), width, after });
    }
    columns
}

fn check_header(section: &Section<'_, '_>, header: &Text) {
    if header.text.is_empty() || header.text.chars().count() > LONGEST_HEADER {
        section.problem_at(header, format!("a header must have 1 to {LONGEST_HEADER} characters"));
    }
}

fn field_ids() -> String {
    Form::Register.columns().iter().map(|spec| spec.id).collect::<Vec<_>>().join(", ")
}

/// `[routing]` with the department that takes what no word decides.
pub(crate) fn routing(root: &Section<'_, '_>, departments: &[Department]) -> (Routing, String) {
    let routing = root.section("routing");
    let mode = routing.parsed_or("mode", RoutingMode::Suggest, |text| match text {
        "suggest" => Ok(RoutingMode::Suggest),
        "auto" => Ok(RoutingMode::Auto),
        other => Err(format!("\"{other}\" is not a mode; write \"suggest\" or \"auto\"")),
    });
    let threshold = routing.share("threshold", 0.8);
    let default = routing.required("default_department");
    if let Some(default) = &default {
        let codes: Vec<&str> = departments.iter().map(|department| department.code.as_str()).collect();
        if !codes.is_empty() && !codes.contains(&default.text.as_str()) {
            let what = format!("there is no department \"{}\"; the codes are: {}", default.text, codes.join(", "));
            routing.problem_at(default, what);
        }
    }
    (Routing { mode, threshold }, default.map(|text| text.text).unwrap_or_default())
}

/// `[notice]`.
pub(crate) fn notice(root: &Section<'_, '_>) -> Notice {
    let notice = root.section("notice");
    Notice {
        batch: Duration::from_secs(60 * notice.integer("batch_minutes", 15, 1..=1440)),
        channel: Duration::from_secs(notice.integer("channel_seconds", 60, 1..=3600)),
    }
}

/// `[departments]`, `[summary]` and `[backup]`; `None` where a schedule could not be understood.
pub(crate) fn schedules(root: &Section<'_, '_>, home: &Path) -> Option<(DepartmentsSchedule, Summary, Backup)> {
    let read = |section: &Section<'_, '_>, key, default: &str| {
        let text = section.optional(key);
        match text {
            Some(text) => section.understand(&text, scan::schedule),
            None => scan::schedule(default).ok(),
        }
    };
    let departments = root.section("departments");
    let ingest = read(&departments, "ingest", "0 */15 10-18 * * Mon-Fri");
    let remind = read(&departments, "remind", "0 5 10 * * *");
    let at = read(&root.section("summary"), "at", "0 0 17 * * Mon-Fri");
    let backup = root.section("backup");
    let cron = read(&backup, "cron", "0 30 1 * * *");
    let folder = home.join(backup.text_or("folder", "/var/lib/zvernennia/backup"));
    let keep = usize::try_from(backup.integer("keep", 14, 1..=3650)).unwrap_or(usize::MAX);
    Some((
        DepartmentsSchedule { ingest: ingest?, remind: remind? },
        Summary { at: at? },
        Backup { folder, keep, cron: cron? },
    ))
}

/// `[safety]`.
pub(crate) fn safety(root: &Section<'_, '_>) -> Safety {
    Safety { allow_mixed_transports: root.section("safety").flag("allow_mixed_transports", false) }
}

/// What two mailboxes must not share.
pub(crate) fn mailboxes_differ(blocks: &[(Section<'_, '_>, Mailbox)]) {
    let mut seen: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (index, (block, mailbox)) in blocks.iter().enumerate() {
        for (key, value) in [("name", &mailbox.name), ("address", &mailbox.address), ("channel", &mailbox.channel)] {
            if value.is_empty() {
                continue;
            }
            if let Some(first) = seen.insert((key, value.to_lowercase()), index) {
                let what = format!("\"{value}\" is already the {key} of mailbox {}; each needs its own", first + 1);
                block.problem(key, what);
            }
        }
    }
}
