//! `explain due`: day of registration, legal and control date of one term, and why.

use super::batch::{self, Row};
use super::{Ways, day};
use crate::cli::{ConfigArgs, shipped};
use crate::domain::calendar::{Calendar, DayKind};
use crate::domain::deadline::{Deadline, LONGEST_DAYS, Rule, due};
use crate::domain::kyiv::to_kyiv;
use crate::settings::load;
use anyhow::{Context, anyhow};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeSet;

/// Arguments of `explain due`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  zvernennia explain due --received 2026-03-14T17:20:00+02:00 --rule 15d\n  \
                  zvernennia explain due --batch terms.csv --out answered.csv\n\n\
                  Columns: received_local_datetime, rule; optional martial_law (true/false), extra_days_off and \
                  extra_working_days (days joined by ;), which then stand for those of the calendar.\n\
                  Added: registered_date, legal_due, control_date.")]
pub(super) struct DueArgs {
    /// When it was received; without an offset it is Kyiv's local time.
    #[arg(long, value_name = "RFC3339", required_unless_present = "batch", conflicts_with = "batch")]
    received: Option<String>,
    /// 5d, 10d, 15d, month, 45d or another number of days.
    #[arg(long, value_name = "RULE", required_unless_present = "batch", conflicts_with = "batch")]
    rule: Option<String>,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    ways: Ways,
}

#[derive(Serialize)]
struct Answer<'a> {
    received: NaiveDateTime,
    rule: String,
    registered_date: NaiveDate,
    legal_due: NaiveDate,
    control_date: NaiveDate,
    derivation: &'a [String],
    derivation_uk: &'a [String],
}

/// Answers with the calendar of the configuration that is named, else with the shipped one.
pub(super) fn run(args: &DueArgs) -> anyhow::Result<()> {
    let settings = if args.config.config.is_some() { load(&args.config.file())? } else { shipped()? };
    if let Some(files) = args.ways.files() {
        let needed = ["received_local_datetime", "rule"];
        let added = ["registered_date", "legal_due", "control_date"];
        return batch::run(&files, &needed, &added, |row| row_of(row, &settings.calendar));
    }
    let (received, rule) = (args.received.as_deref().unwrap_or_default(), args.rule.as_deref().unwrap_or_default());
    let received = moment(received).map_err(|why| anyhow!(why)).context("--received")?;
    let rule = rule_of(rule).map_err(|why| anyhow!(why)).context("--rule")?;
    let found = due(received, rule, &settings.calendar);
    let derivation = reasons(received, rule, &found, &settings.calendar);
    let answer = Answer {
        received,
        rule: rule.id(),
        registered_date: found.registered_on,
        legal_due: found.legal,
        control_date: found.control,
        derivation: &derivation,
        derivation_uk: &found.derivation,
    };
    let fields = [
        ("registered", named(found.registered_on)),
        ("legal due", named(found.legal)),
        ("control", named(found.control)),
    ];
    args.ways.say(&answer, &fields, &derivation)
}

fn row_of(row: &Row<'_>, usual: &Calendar) -> Result<Vec<String>, String> {
    let received = moment(row.get("received_local_datetime"))?;
    let rule = rule_of(row.get("rule"))?;
    let mut calendar = usual.clone();
    if let Some(martial_law) = yes_or_no(row.get("martial_law"))? {
        calendar.martial_law = martial_law;
    }
    if let Some(days) = days(row.get("extra_days_off"))? {
        calendar.extra_days_off = days;
    }
    if let Some(days) = days(row.get("extra_working_days"))? {
        calendar.extra_working_days = days;
    }
    let found = due(received, rule, &calendar);
    Ok([found.registered_on, found.legal, found.control].map(|day| day.to_string()).into())
}

/// A moment as Kyiv's local time.
fn moment(text: &str) -> Result<NaiveDateTime, String> {
    let text = text.trim();
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(to_kyiv(instant.with_timezone(&Utc)));
    }
    let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"];
    forms
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .ok_or_else(|| format!("\"{text}\" is no moment like 2026-03-14T17:20:00+02:00 or 2026-03-14 17:20"))
}

fn rule_of(text: &str) -> Result<Rule, String> {
    Rule::parse(text).ok_or_else(|| format!("\"{text}\" is no term like 5d, 10d, 15d, month, 45d"))
}

fn yes_or_no(text: &str) -> Result<Option<bool>, String> {
    match text.to_lowercase().as_str() {
        "" => Ok(None),
        "true" | "1" | "yes" | "так" => Ok(Some(true)),
        "false" | "0" | "no" | "ні" => Ok(Some(false)),
        _ => Err(format!("\"{text}\" is neither true nor false")),
    }
}

fn days(text: &str) -> Result<Option<BTreeSet<NaiveDate>>, String> {
    let parts: Vec<&str> = text.split([';', ',']).map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return Ok(None);
    }
    parts.into_iter().map(day).collect::<Result<_, _>>().map(Some)
}

/// Why each date is what it is.
fn reasons(received: NaiveDateTime, rule: Rule, found: &Deadline, calendar: &Calendar) -> Vec<String> {
    vec![registered(received, found, calendar), legal(rule, found), control(found, calendar)]
}

fn registered(received: NaiveDateTime, found: &Deadline, calendar: &Calendar) -> String {
    let kind = kind(calendar.kind(found.received_on));
    let moment = format!("Received on {} at {} Kyiv time, {kind}", named(found.received_on), received.format("%H:%M"));
    let close = calendar.close.format("%H:%M");
    if found.registered_on == found.received_on {
        format!("{moment}, before {close}: registered on the same day.")
    } else if calendar.is_working(found.received_on) {
        format!("{moment}, not before {close}: registered on the next working day, {}.", named(found.registered_on))
    } else {
        format!("{moment}: registered on the next working day, {}.", named(found.registered_on))
    }
}

fn legal(rule: Rule, found: &Deadline) -> String {
    let law = match rule {
        Rule::Days5 => "art. 7 of Law 393/96: forwarding, or returning for lack of data".to_owned(),
        Rule::Days10 => "art. 5 of Law 393/96: returning what does not meet the requirements".to_owned(),
        Rule::Days15 => "art. 20 of Law 393/96: what needs no study".to_owned(),
        Rule::Month => "art. 20 of Law 393/96; the earlier of the calendar month and 30 days".to_owned(),
        Rule::Days45 => format!("art. 20 of Law 393/96: {LONGEST_DAYS} days with all extensions"),
        Rule::Days30 | Rule::Custom(_) => "a term of the office".to_owned(),
    };
    let term = rule.days().map_or_else(|| "one month".to_owned(), |days| format!("{days} calendar days"));
    format!(
        "The term is {term} ({law}), counted from the day of receipt {} and not from registration: {}.",
        found.received_on,
        named(found.legal)
    )
}

fn control(found: &Deadline, calendar: &Calendar) -> String {
    let kind = kind(calendar.kind(found.legal));
    if !calendar.is_working(found.control) {
        format!("No day of the term is worked: the control date is the legal one, {}.", named(found.control))
    } else if found.control == found.legal {
        format!("The legal date is {kind}: the control date is the same.")
    } else {
        format!(
            "The legal date is {kind}: the control date is the last working day before it, {}.",
            named(found.control)
        )
    }
}

fn kind(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Weekday => "a working day",
        DayKind::Weekend => "a weekend",
        DayKind::Holiday => "a public holiday",
        DayKind::WorkedHoliday => "a public holiday that is worked under martial law",
        DayKind::OffByOrder => "a day off by order",
        DayKind::WorkedByOrder => "a working day by order",
    }
}

fn named(day: NaiveDate) -> String {
    day.format("%Y-%m-%d (%A)").to_string()
}
