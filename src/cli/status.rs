//! `zvernennia status`: how the service is, from its ledger; takes no lock and changes nothing.

use crate::cli::{ConfigArgs, exit, ledger};
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
    let holder = Lock::holder(path.parent().unwrap_or(&settings.home))?;
    if args.json {
        return exit::say(
            &json!({ "running": holder, "counts": counts, "channels": channels, "jobs": jobs }).to_string(),
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
    lines.extend(counts.waiting.iter().map(|(path, why)| format!("register {path} waits: {why}")));
    exit::say(&lines.join("\n"))
}
