//! `zvernennia status`: how the service is, from its ledger; takes no lock and changes nothing.

use crate::cli::{ConfigArgs, exit, ledger};
use crate::ledger::replica::Replica;
use crate::settings::load;
use crate::world::lock::Lock;
use anyhow::Result;
use clap::Args;
use serde_json::json;

/// Arguments of `status`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  zvernennia status --config office --json")]
pub struct StatusArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Tell it as JSON.
    #[arg(long)]
    json: bool,
}

/// Tells how the service is.
///
/// # Errors
/// Wrong settings, or a ledger that cannot be opened.
pub fn run(args: &StatusArgs) -> Result<()> {
    let settings = load(&args.config.file())?;
    let path = &settings.paths.ledger;
    let ledger = ledger(&settings)?;
    let (counts, channels, jobs) = (ledger.counts()?, ledger.channels()?, ledger.jobs()?);
    let registers = ledger.replicas()?;
    let holder = Lock::holder(path.parent().unwrap_or(&settings.home))?;
    if args.json {
        let registers: Vec<_> = registers.iter().map(register_as_json).collect();
        return exit::say(
            &json!({
                "running": holder, "counts": counts, "channels": channels, "jobs": jobs, "registers": registers,
            })
            .to_string(),
        );
    }
    let mut lines = vec![holder.map_or_else(|| "not running".to_owned(), |holder| format!("running: {holder}"))];
    lines.extend(channels.iter().map(|channel| match (channel.since, channel.works_at) {
        (Some(since), _) => format!("{}: does not work since {since}: {}", channel.name, channel.trouble),
        (None, Some(at)) => format!("{}: works, last seen {at}", channel.name),
        (None, None) => format!("{}: not used yet", channel.name),
    }));
    lines.extend(jobs.iter().map(|job| {
        let ended = if job.report.is_empty() { "not carried out yet" } else { &job.report };
        format!("job {}, counted up to {}: {ended}", job.name, job.last_run)
    }));
    for (title, group) in [
        ("messages", &counts.messages),
        ("letters by class", &counts.classes),
        ("letters by decision", &counts.decisions),
        ("appeals", &counts.appeals),
        ("our letters by stage", &counts.outbox),
    ] {
        let parts: Vec<String> = group.iter().map(|(name, count)| format!("{name} {count}")).collect();
        lines.push(format!("{title}: {}", if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }));
    }
    lines.extend(registers.iter().map(register));
    exit::say(&lines.join("\n"))
}

fn register(replica: &Replica) -> String {
    let mut line = format!("register {}: ", replica.year);
    line.push_str(&match replica.waiting_since {
        Some(since) => format!("changes wait since {since}: {}", replica.waiting),
        None => "shows everything".to_owned(),
    });
    if let Some(since) = replica.held_since {
        let by = if replica.held_by.is_empty() { "somebody" } else { &replica.held_by };
        line.push_str(&format!("; open since {since} by {by}"));
    }
    line
}

/// A register for machines; `sync` tells the same.
pub fn register_as_json(replica: &Replica) -> serde_json::Value {
    json!({
        "year": replica.year, "path": replica.path, "revision": replica.written_rev, "waiting": replica.waiting,
        "why": replica.waiting_code, "waiting_since": replica.waiting_since, "held_by": replica.held_by,
        "held_since": replica.held_since,
    })
}
