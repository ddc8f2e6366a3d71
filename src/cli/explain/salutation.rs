//! `explain salutation`: how a letter addresses a person.

use super::Ways;
use super::batch::{self, Row};
use crate::domain::given_name::{Gender, gender_of_given_name, gender_of_patronymic};
use crate::letters::salutation::{Address, address};
use anyhow::{Context, anyhow};
use clap::Args;
use serde::Serialize;

/// Arguments of `explain salutation`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  zvernennia explain salutation Олена Петрівна\n  \
                        zvernennia explain salutation Саша --gender f\n  \
                        zvernennia explain salutation --batch names.csv --out answered.csv\n\n\
                        Columns: name; optional patronymic, gender (f or m).\n\
                        Added: vocative_name, vocative_patronymic, salutation.")]
pub(super) struct SalutationArgs {
    /// Given name in the nominative.
    #[arg(value_name = "NAME", required_unless_present = "batch", conflicts_with = "batch")]
    name: Option<String>,
    /// Patronymic in the nominative.
    #[arg(value_name = "PATRONYMIC")]
    patronymic: Option<String>,
    /// Gender, where something else than the names tells it: f or m.
    #[arg(long, value_name = "f|m", conflicts_with = "batch")]
    gender: Option<String>,
    #[command(flatten)]
    ways: Ways,
}

#[derive(Serialize)]
struct Answer<'a> {
    vocative_name: Option<&'a str>,
    vocative_patronymic: Option<&'a str>,
    salutation: &'a str,
}

/// Answers as the letters do.
pub(super) fn run(args: &SalutationArgs) -> anyhow::Result<()> {
    if let Some(files) = args.ways.files() {
        let added = ["vocative_name", "vocative_patronymic", "salutation"];
        return batch::run(&files, &["name"], &added, row_of);
    }
    let (name, patronymic) = (args.name.as_deref().unwrap_or_default(), args.patronymic.as_deref().unwrap_or_default());
    let gender = gender_of(args.gender.as_deref().unwrap_or_default());
    let gender = gender.map_err(|why| anyhow!(why)).context("--gender")?;
    let Address { name: called, patronymic: fathers, salutation } = address(Some(name), Some(patronymic), gender);
    let answer =
        Answer { vocative_name: called.as_deref(), vocative_patronymic: fathers.as_deref(), salutation: &salutation };
    let fields = [
        ("name", called.clone().unwrap_or_default()),
        ("patronymic", fathers.clone().unwrap_or_default()),
        ("salutation", salutation.clone()),
    ];
    args.ways.say(&answer, &fields, &reasons(name, patronymic, gender))
}

fn row_of(row: &Row<'_>) -> Result<Vec<String>, String> {
    let gender = gender_of(row.get("gender"))?;
    let found = address(Some(row.get("name")), Some(row.get("patronymic")), gender);
    Ok(vec![found.name.unwrap_or_default(), found.patronymic.unwrap_or_default(), found.salutation])
}

fn gender_of(text: &str) -> Result<Option<Gender>, String> {
    match text.trim().to_lowercase().as_str() {
        "" | "unknown" | "?" | "-" => Ok(None),
        "f" | "female" | "ж" | "жіноча" => Ok(Some(Gender::Female)),
        "m" | "male" | "ч" | "чоловіча" => Ok(Some(Gender::Male)),
        _ => Err(format!("\"{text}\" is no gender: f or m")),
    }
}

/// Who told what about the gender.
fn reasons(name: &str, patronymic: &str, told: Option<Gender>) -> Vec<String> {
    let shown = |gender: Option<Gender>| match gender {
        Some(Gender::Female) => "a woman",
        Some(Gender::Male) => "a man",
        None => "nothing",
    };
    let capital = name.trim().to_lowercase();
    let capital: String = capital.chars().take(1).flat_map(char::to_uppercase).chain(capital.chars().skip(1)).collect();
    vec![
        format!("The patronymic tells {}.", shown(gender_of_patronymic(patronymic))),
        format!("The table of given names tells {}.", shown(gender_of_given_name(&capital))),
        format!("--gender tells {}.", shown(told)),
        "Where they differ, or none tells, nobody is named.".to_owned(),
    ]
}
