//! `zvernennia once`: one full pass of everything, then the end.

use crate::cli::progress::PassBar;
use crate::cli::{ConfigArgs, exit, ready};
use crate::engine::Service;
use crate::engine::jobs::Ended;
use crate::engine::pass::{Passed, pass};
use crate::engine::post::Held;
use crate::engine::register::Synchronised;
use crate::settings::load;
use crate::settings::valid::{Settings, Source, Transport};
use crate::world::clock;
use crate::world::lock::Lock;
use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::json;

/// Arguments of `once`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  zvernennia once --config office\n  \
                        zvernennia once --config office --at 2026-03-02T09:00:00+02:00   (only where nothing leaves the machine)")]
pub struct OnceArgs {
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    moment: MomentArgs,
    /// Tell the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Which moment it is to be.
#[derive(Debug, Clone, Args)]
pub struct MomentArgs {
    /// Pretend that it is this moment; refused where letters would really be sent or fetched.
    #[arg(long, value_name = "RFC3339")]
    at: Option<DateTime<Utc>>,
}

impl MomentArgs {
    /// The moment.
    ///
    /// # Errors
    /// Another moment than now, where letters would really be sent or fetched.
    pub fn of(&self, settings: &Settings) -> Result<DateTime<Utc>> {
        match self.at {
            Some(_) if !stays_on_the_machine(settings) => {
                bail!(
                    "--at is for services whose mailboxes are Maildirs and whose letters go into a folder; leave it out here"
                )
            }
            Some(at) => Ok(at),
            None => Ok(clock::now()),
        }
    }
}

/// Makes the pass.
///
/// # Errors
/// Wrong settings, another instance, a fault of the ledger, a mailbox that cannot be looked into.
pub fn run(args: &OnceArgs) -> Result<()> {
    let settings = load(&args.config.file())?;
    let now = args.moment.of(&settings)?;
    let (_lock, service) = open(settings)?;
    let mut bar = PassBar::new();
    let passed = pass(&service, now, &mut |progress| bar.show(progress))?;
    bar.finish();
    if args.json {
        exit::say(&as_json(&passed).to_string())?
    } else {
        exit::say(&as_text(&passed))?
    }
    let told =
        |(name, taken): &(String, Result<_, String>)| taken.as_ref().err().map(|why| format!("mailbox {name}: {why}"));
    let failed: Vec<String> = passed.mailboxes.iter().filter_map(told).chain(passed.posted.trouble.clone()).collect();
    if failed.is_empty() { Ok(()) } else { bail!("{}", failed.join("\n")) }
}

/// Takes the lock of the service's folder and opens it.
///
/// # Errors
/// No mailbox whose secret can be read, a template that cannot be used, another instance, or something that cannot be opened.
pub fn open(settings: Settings) -> Result<(Lock, Service)> {
    ready::check_start(&settings)?;
    let lock = Lock::take(settings.state_folder(), clock::now())?;
    Ok((lock, Service::open(settings)?))
}

fn stays_on_the_machine(settings: &Settings) -> bool {
    let inside = |source: &Source| match source {
        Source::Maildir { .. } => true,
        Source::Imap(_) => false,
    };
    let out = match settings.post.transport {
        Transport::Folder { .. } => true,
        Transport::Smtp(_) => false,
    };
    out && settings.mailboxes.iter().all(|mailbox| inside(&mailbox.source))
}

/// The result for people.
pub fn as_text(passed: &Passed) -> String {
    let mut lines = Vec::new();
    for (name, taken) in &passed.mailboxes {
        lines.push(match taken {
            Ok(taken) => {
                let recorded = taken.recorded;
                format!(
                    "mailbox {name}: {} new, {} copies, {} before the start, {} unreadable",
                    recorded.letters, recorded.copies, recorded.before_start, recorded.quarantined
                )
            }
            Err(why) => format!("mailbox {name}: {why}"),
        });
    }
    lines.extend(passed.jobs.iter().map(|ran| match &ran.ended {
        Ended::Done(what) => format!("job {} of {}: {what}", ran.name, ran.occurrence),
        Ended::Failed(why) => format!("job {} of {} failed: {why}", ran.name, ran.occurrence),
    }));
    let committed = passed.committed;
    lines.push(format!(
        "decided: {} appeals, {} copies, {} joined to an appeal, {} without a row, {} letters promised",
        committed.appeals, committed.copies, committed.attached, committed.aside, committed.letters
    ));
    for register in &passed.registers {
        lines.push(match &register.outcome {
            Synchronised::Unchanged => format!("register {}: up to date", register.year),
            Synchronised::Written(rows) => format!("register {}: written, {rows} rows", register.year),
            Synchronised::Merged { cells, rows } => {
                format!("register {}: {cells} cells set, {rows} rows added", register.year)
            }
            Synchronised::Moving(_) => format!("register {}: is being saved this moment", register.year),
            Synchronised::Waits(waiting) => {
                format!("register {}: {} appeals wait: {}", register.year, waiting.rows.len(), waiting.told())
            }
        });
    }
    let posted = &passed.posted;
    let held = match posted.held {
        None => "",
        Some(Held::Hour) => "; the hour's allowance is used up, the rest waits",
        Some(Held::Day) => "; the day's allowance is used up, the rest waits",
        Some(Held::Rests) => "; the account rests, the rest waits",
    };
    let unclear = if posted.unclear > 0 { format!(", {} unclear", posted.unclear) } else { String::new() };
    lines.push(format!(
        "letters: {} sent, {} later, {} failed{unclear}{held}",
        posted.sent, posted.later, posted.failed
    ));
    lines.extend(posted.trouble.clone());
    lines.join("\n")
}

fn as_json(passed: &Passed) -> serde_json::Value {
    let mailboxes: Vec<_> = passed
        .mailboxes
        .iter()
        .map(|(name, taken)| match taken {
            Ok(taken) => json!({
                "name": name, "letters": taken.recorded.letters, "copies": taken.recorded.copies,
                "before_start": taken.recorded.before_start, "quarantined": taken.recorded.quarantined,
            }),
            Err(why) => json!({ "name": name, "error": why }),
        })
        .collect();
    let registers: Vec<_> = passed
        .registers
        .iter()
        .map(|register| {
            let (state, detail) = match &register.outcome {
                Synchronised::Unchanged => ("unchanged", json!(null)),
                Synchronised::Written(rows) => ("written", json!(rows)),
                Synchronised::Merged { cells, rows } => ("merged", json!({ "cells": cells, "rows": rows })),
                Synchronised::Moving(_) => ("moving", json!(null)),
                Synchronised::Waits(waiting) => {
                    ("waits", json!({ "why": waiting.why.code(), "text": waiting.text, "cause": waiting.cause, "appeals": waiting.rows.len() }))
                }
            };
            json!({ "year": register.year, "path": register.path, "state": state, "detail": detail })
        })
        .collect();
    let jobs: Vec<_> = passed
        .jobs
        .iter()
        .map(|ran| {
            let (state, detail) = match &ran.ended {
                Ended::Done(what) => ("done", what),
                Ended::Failed(why) => ("failed", why),
            };
            json!({ "name": ran.name, "occurrence": ran.occurrence.to_string(), "state": state, "detail": detail })
        })
        .collect();
    let committed = passed.committed;
    let posted = &passed.posted;
    json!({
        "mailboxes": mailboxes,
        "jobs": jobs,
        "decided": {
            "appeals": committed.appeals, "copies": committed.copies, "attached": committed.attached,
            "aside": committed.aside, "letters": committed.letters,
        },
        "registers": registers,
        "letters": {
            "sent": posted.sent, "later": posted.later, "failed": posted.failed, "unclear": posted.unclear,
            "held": posted.held.is_some(), "trouble": posted.trouble,
        },
    })
}
