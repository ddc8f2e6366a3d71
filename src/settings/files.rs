//! The files beside `zvernennia.toml`: departments, holidays, replaced templates of letters.

use crate::domain::calendar::Calendar;
use crate::domain::department::Department;
use crate::settings::problem::Problem;
use crate::settings::raw::{Document, Section};
use crate::settings::scan;
use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use toml::Spanned;
use toml::de::DeValue;

/// Most departments of an office.
const MOST_DEPARTMENTS: usize = 500;

/// Largest template of a letter in bytes.
const LARGEST_TEMPLATE_BYTES: u64 = 256 * 1024;

/// Ending of the files that are templates.
const TEMPLATE_ENDING: &str = ".j2";

/// The departments of this text, in order.
pub(crate) fn departments(name: &str, text: &str) -> (Vec<Department>, Vec<Problem>) {
    let document = Document::new(name, text);
    let mut departments = Vec::new();
    {
        let tree = document.parse();
        let root = Section::root(&document, &tree);
        let blocks = root.sections("department");
        if blocks.is_empty() {
            root.problem("department", "there is no department; add a block [[department]]");
        }
        if blocks.len() > MOST_DEPARTMENTS {
            root.problem("department", format!("there are more than {MOST_DEPARTMENTS} departments"));
        }
        let mut codes = BTreeMap::new();
        let mut emails = BTreeMap::new();
        let mut books = BTreeMap::new();
        for block in &blocks {
            let Some(department) = department(&document, block) else { continue };
            check(block, &department);
            if let Some(first) = codes.insert(department.code.clone(), department.name.clone()) {
                block.problem(
                    "code",
                    format!("\"{}\" is already the code of \"{first}\"; choose another", department.code),
                );
            }
            for email in std::iter::once(&department.email).chain(&department.more_emails) {
                if let Some(first) = emails.insert(email.to_lowercase(), department.name.clone()) {
                    let what = format!("{email} already belongs to \"{first}\"; an address must tell who answers");
                    block.problem("email", what);
                }
            }
            let book = &department.workbook;
            if !book.is_empty() {
                if let Some(first) = books.insert(book.clone(), department.name.clone()) {
                    block.problem(
                        "workbook",
                        format!("{book} is already the workbook of \"{first}\"; each needs its own"),
                    );
                }
                if !book.ends_with(".xlsx") {
                    block.problem("workbook", "must end in .xlsx: it is an Excel workbook");
                }
            }
            departments.push(department);
        }
    }
    (departments, document.into_problems())
}

/// serde reads a block, so that a new field of `Department` needs no line here.
fn department(document: &Document<'_>, block: &Section<'_, '_>) -> Option<Department> {
    let (table, at) = block.whole()?;
    let value = Spanned::new(at..at, DeValue::Table(table.clone()));
    match Department::deserialize(value.into_deserializer()) {
        Ok(department) => Some(department),
        Err(error) => {
            let at = error.span().map_or(at, |span| span.start);
            document.report(at, &block.path_of(""), error.message().trim().replace('\n', " "));
            None
        }
    }
}

fn check(block: &Section<'_, '_>, department: &Department) {
    let code = &department.code;
    let code_ok = !code.is_empty()
        && code.len() <= 30
        && code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !code_ok {
        block.problem("code", "must be small latin letters, digits or \"_\", like \"soc\"");
    }
    for (key, value) in [("name", &department.name), ("topic", &department.topic)] {
        if value.trim().is_empty() {
            block.problem(key, "is empty; fill it in");
        }
    }
    for email in std::iter::once(&department.email).chain(&department.more_emails) {
        if let Err(what) = scan::email(email) {
            block.problem(if *email == department.email { "email" } else { "more_emails" }, what);
        }
    }
    for trigger in &department.triggers {
        let bare = trigger.replace('*', "");
        if bare.trim().chars().count() < 2 {
            block
                .problem("triggers", format!("\"{trigger}\" is too short and would be found in any letter; remove it"));
        }
    }
}

/// The calendar of this text; the hours are put in by `sections`.
pub(crate) fn calendar(name: &str, text: &str) -> (Calendar, Vec<Problem>) {
    let document = Document::new(name, text);
    let calendar = {
        let tree = document.parse();
        let root = Section::root(&document, &tree);
        let martial_law = root.flag("martial_law", true);
        let holidays = days(&root, "holidays");
        let extra_days_off = days(&root, "extra_days_off");
        let extra_working_days = days(&root, "extra_working_days");
        for day in extra_days_off.intersection(&extra_working_days) {
            root.problem("extra_working_days", format!("{day} is a day off by order as well; remove it from one list"));
        }
        Calendar {
            martial_law,
            holidays,
            extra_days_off,
            extra_working_days,
            open: NaiveTime::MIN,
            close: NaiveTime::MIN,
        }
    };
    (calendar, document.into_problems())
}

fn days(root: &Section<'_, '_>, key: &'static str) -> BTreeSet<NaiveDate> {
    root.days(key).iter().filter_map(|text| root.understand(text, scan::day)).collect()
}

/// The templates of a folder (`<letter>/<part>.j2`) by their name.
pub(crate) fn templates(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let told = |error: std::io::Error| format!("cannot read the templates in {}: {error}", folder.display());
    let mut templates = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(told)? {
        let kind = entry.map_err(told)?;
        let kind_name = kind.file_name().to_string_lossy().into_owned();
        if !kind.path().is_dir() {
            if kind_name.ends_with(TEMPLATE_ENDING) {
                templates.insert(kind_name, template(&kind.path())?);
            }
            continue;
        }
        for part in std::fs::read_dir(kind.path()).map_err(told)? {
            let part = part.map_err(told)?;
            let part_name = part.file_name().to_string_lossy().into_owned();
            if part_name.ends_with(TEMPLATE_ENDING) {
                templates.insert(format!("{kind_name}/{part_name}"), template(&part.path())?);
            }
        }
    }
    Ok(templates)
}

fn template(path: &Path) -> Result<String, String> {
    let told = |error: std::io::Error| format!("cannot read the template {}: {error}", path.display());
    if std::fs::metadata(path).map_err(told)?.len() > LARGEST_TEMPLATE_BYTES {
        return Err(format!("the template {} is larger than {LARGEST_TEMPLATE_BYTES} bytes", path.display()));
    }
    std::fs::read_to_string(path).map_err(told)
}
