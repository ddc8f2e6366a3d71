//! `explain name`: the parts of a name in the nominative.

use super::Ways;
use super::batch::{self, Row};
use crate::reading::name::{FullName, Gender, nominative};
use clap::Args;
use serde::Serialize;

/// Arguments of `explain name`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  zvernennia explain name \"від Шевчука Андрія Миколайовича\"\n  \
                        zvernennia explain name --batch names.csv --out answered.csv\n\n\
                        Column: as_written. Added: surname, name, patronymic.")]
pub(super) struct NameArgs {
    /// The name as somebody wrote it.
    #[arg(value_name = "TEXT", required_unless_present = "batch", conflicts_with = "batch")]
    text: Option<String>,
    #[command(flatten)]
    ways: Ways,
}

#[derive(Serialize)]
struct Answer<'a> {
    surname: Option<&'a str>,
    name: Option<&'a str>,
    patronymic: Option<&'a str>,
    gender: Option<&'static str>,
    remarks: Vec<&'a str>,
}

/// Answers as the register shows an applicant.
pub(super) fn run(args: &NameArgs) -> anyhow::Result<()> {
    if let Some(files) = args.ways.files() {
        return batch::run(&files, &["as_written"], &["surname", "name", "patronymic"], row_of);
    }
    let full = nominative(args.text.as_deref().unwrap_or_default());
    let gender = match full.gender {
        Gender::Female => Some("f"),
        Gender::Male => Some("m"),
        Gender::Unknown => None,
    };
    let answer = Answer {
        surname: full.surname.as_deref(),
        name: full.name.as_deref(),
        patronymic: full.patronymic.as_deref(),
        gender,
        remarks: full.remarks.iter().map(|remark| remark.text.as_str()).collect(),
    };
    let fields = [
        ("surname", full.surname.clone().unwrap_or_default()),
        ("name", full.name.clone().unwrap_or_default()),
        ("patronymic", full.patronymic.clone().unwrap_or_default()),
        ("gender", gender.unwrap_or_default().to_owned()),
    ];
    let reasons: Vec<String> = full.remarks.iter().map(|remark| remark.text.clone()).collect();
    args.ways.say(&answer, &fields, &reasons)
}

fn row_of(row: &Row<'_>) -> Result<Vec<String>, String> {
    let FullName { surname, name, patronymic, .. } = nominative(row.get("as_written"));
    Ok([surname, name, patronymic].map(Option::unwrap_or_default).into())
}
