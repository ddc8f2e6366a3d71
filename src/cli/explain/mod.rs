//! `zvernennia explain`: the rules of the service on the command line, with the reason for each answer.
//!
//! One question on the command line is answered in words (or as JSON); `--batch` answers each row of a CSV file and adds
//! its columns to the file's own. Needs no service and no ledger, and changes nothing.

mod batch;
mod due;
mod name;
mod salutation;
mod status;

use crate::cli::exit;
use anyhow::Context;
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde::Serialize;
use std::path::PathBuf;

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// When an appeal is registered and by when it is due, and why.
    Due(due::DueArgs),
    /// What a status cell that somebody typed means.
    Status(status::StatusArgs),
    /// How a letter addresses a person.
    Salutation(salutation::SalutationArgs),
    /// Surname, name and patronymic in the nominative, from any order and case.
    Name(name::NameArgs),
}

/// How the question is put and answered, for each of them.
#[derive(Debug, Args)]
struct Ways {
    /// Answer as JSON.
    #[arg(long, conflicts_with = "batch")]
    json: bool,
    /// Answer each row of this CSV file.
    #[arg(long, value_name = "FILE", requires = "out")]
    batch: Option<PathBuf>,
    /// Where the rows go, with the answers as further columns.
    #[arg(long, value_name = "FILE", requires = "batch")]
    out: Option<PathBuf>,
}

impl Ways {
    /// The files of a batch, if it is one.
    fn files(&self) -> Option<batch::Files<'_>> {
        Some(batch::Files { from: self.batch.as_deref()?, to: self.out.as_deref()? })
    }

    /// Tells one answer: as JSON, or its fields as aligned lines and then the reasons.
    fn say(&self, answer: &impl Serialize, fields: &[(&str, String)], reasons: &[String]) -> anyhow::Result<()> {
        if self.json {
            return exit::say(&serde_json::to_string_pretty(answer).context("writing JSON")?);
        }
        let width = fields.iter().map(|(title, _)| title.len()).max().unwrap_or(0);
        let mut lines: Vec<String> = fields
            .iter()
            .map(|(title, value)| format!("{title:width$}  {}", if value.is_empty() { "–" } else { value }))
            .collect();
        if !reasons.is_empty() {
            lines.push("why:".to_owned());
            lines.extend(reasons.iter().map(|reason| format!("  {reason}")));
        }
        exit::say(&lines.join("\n"))
    }
}

/// Answers one question, or those of a file.
///
/// # Errors
/// A question that cannot be understood, a file that cannot be read or written, a wrong configuration.
pub fn run(args: &ExplainArgs) -> anyhow::Result<()> {
    match &args.what {
        What::Due(args) => due::run(args),
        What::Status(args) => status::run(args),
        What::Salutation(args) => salutation::run(args),
        What::Name(args) => name::run(args),
    }
}

/// A day as ISO, empty if there is none.
fn iso(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// A day as people write it in tables: `2026-03-14`, `14.03.2026`, also with a time behind it.
fn day(text: &str) -> Result<NaiveDate, String> {
    let text = text.trim();
    let first = text.split(['T', ' ']).next().unwrap_or_default();
    ["%Y-%m-%d", "%d.%m.%Y"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(first, form).ok())
        .ok_or_else(|| format!("\"{text}\" is no day like 2026-03-14"))
}
