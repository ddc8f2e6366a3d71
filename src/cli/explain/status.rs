//! `explain status`: what a status cell means, and which test decided.

use super::batch::{self, Row};
use super::{Ways, day, iso};
use crate::domain::kyiv::kyiv_day;
use crate::domain::status::Status;
use crate::reading::status_words::{StatusReading, understand_status};
use crate::world::clock;
use anyhow::{Context, anyhow};
use chrono::{Months, NaiveDate};
use clap::Args;
use serde::Serialize;

/// Arguments of `explain status`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  zvernennia explain status \"буде виконано до 15.08\" --registered 2026-07-11\n  \
                  zvernennia explain status --batch cells.csv --out answered.csv\n\n\
                  Columns: text; optional registered_date.\n\
                  Added: expected_status, promised_date, completed_date, needs_operator.")]
pub(super) struct StatusArgs {
    /// What stands in the cell.
    #[arg(value_name = "TEXT", required_unless_present = "batch", conflicts_with = "batch")]
    text: Option<String>,
    /// When the appeal was registered; a day without a year is the nearest one not before. Without it a day on which
    /// something was done is the last one before today, a promised one the next.
    #[arg(long, value_name = "DATE", conflicts_with = "batch")]
    registered: Option<String>,
    #[command(flatten)]
    ways: Ways,
}

#[derive(Serialize)]
struct Answer<'a> {
    expected_status: Option<&'static str>,
    promised_date: Option<NaiveDate>,
    completed_date: Option<NaiveDate>,
    needs_operator: bool,
    decided_by: &'static str,
    remark: &'a str,
}

/// Answers as the register would.
pub(super) fn run(args: &StatusArgs) -> anyhow::Result<()> {
    let today = kyiv_day(clock::now());
    if let Some(files) = args.ways.files() {
        let added = ["expected_status", "promised_date", "completed_date", "needs_operator"];
        return batch::run(&files, &["text"], &added, |row| row_of(row, today));
    }
    let registered = args.registered.as_deref().map(day).transpose();
    let registered = registered.map_err(|why| anyhow!(why)).context("--registered")?;
    let found = understood(args.text.as_deref().unwrap_or_default(), registered, today);
    let answer = Answer {
        expected_status: found.status.map(Status::label),
        promised_date: found.promised,
        completed_date: found.completed,
        needs_operator: found.needs_operator,
        decided_by: found.decided_by,
        remark: &found.remark,
    };
    let fields = [
        ("status", label(&found)),
        ("promised", iso(found.promised)),
        ("completed", iso(found.completed)),
        ("operator", if found.needs_operator { "is asked" } else { "is not asked" }.to_owned()),
    ];
    args.ways.say(&answer, &fields, &reasons(&found))
}

fn row_of(row: &Row<'_>, today: NaiveDate) -> Result<Vec<String>, String> {
    let registered = row.get("registered_date");
    let registered = if registered.is_empty() { None } else { Some(day(registered)?) };
    let found = understood(row.get("text"), registered, today);
    Ok(vec![label(&found), iso(found.promised), iso(found.completed), found.needs_operator.to_string()])
}

/// What the words mean. Where nobody says when the appeal was registered, a day without a year on which something was done
/// is the last one before today, and a promised one the next.
fn understood(text: &str, registered: Option<NaiveDate>, today: NaiveDate) -> StatusReading {
    match registered {
        Some(registered) => understand_status(text, registered),
        None => {
            let promised = understand_status(text, today).promised;
            let year_ago = today.checked_sub_months(Months::new(12)).and_then(|day| day.succ_opt()).unwrap_or(today);
            StatusReading { promised, ..understand_status(text, year_ago) }
        }
    }
}

fn label(found: &StatusReading) -> String {
    found.status.map(Status::label).unwrap_or_default().to_owned()
}

fn reasons(found: &StatusReading) -> Vec<String> {
    let test = match found.decided_by {
        "negation" => "Something was not done (negation): it is still in work.",
        "future" => "Something will be done (future): it is still in work.",
        "partial" => "Something was done in part: it is still in work.",
        "order" => "An order to do something (the chief's resolution) is no status.",
        "cell" => "The whole cell is a known form.",
        "phrase" => "A known phrase.",
        "stem" => "A word by its beginning.",
        "repaired" => "A word after repair of one slip.",
        "ambiguous" => "It says that the matter is closed, but not with which result.",
        "question" => "A question is no statement.",
        "empty" => "The cell is empty.",
        _ => "Nothing known stands in the cell.",
    };
    let mut reasons = vec![format!("Test \"{}\". {test}", found.decided_by)];
    if !found.remark.is_empty() {
        reasons.push(format!("Shown to the operator: {}", found.remark));
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_day_of_registration_what_was_done_lies_behind_and_what_is_promised_ahead() {
        let day = |text: &str| NaiveDate::parse_from_str(text, "%d.%m.%Y").unwrap();
        let today = day("25.11.2026");
        for (text, completed, promised) in [
            ("виконано 12.08", Some("12.08.2026"), None),
            ("виконано 25.11", Some("25.11.2026"), None),
            ("виконано 26.11", Some("26.11.2025"), None),
            ("буде виконано до 15.01", None, Some("15.01.2027")),
            ("буде виконано до 01.12", None, Some("01.12.2026")),
        ] {
            let found = understood(text, None, today);
            assert_eq!((found.completed, found.promised), (completed.map(day), promised.map(day)), "{text}");
        }
        assert_eq!(understood("виконано 12.08", Some(day("11.07.2022")), today).completed, Some(day("12.08.2022")));
    }
}
