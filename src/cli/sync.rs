//! `zvernennia sync`: one merge of the registers now, by the running service or, where none runs, by this process.

use crate::cli::status::register_as_json;
use crate::cli::{ConfigArgs, exit, ledger, once};
use crate::engine::pass::registers;
use crate::ledger::Ledger;
use crate::ledger::counts::TakenOver;
use crate::settings::{Settings, load};
use crate::world::clock;
use crate::world::lock::Lock;
use crate::world::wish;
use anyhow::{Result, bail};
use clap::Args;
use serde_json::json;
use std::path::Path;
use std::time::Duration;

/// Longest wait for the running service.
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// How often its answer is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Arguments of `sync`.
#[derive(Debug, Args)]
#[command(after_help = "Letters are neither fetched nor sent. A running service is asked to do it.\n\n\
                        Example:\n  zvernennia sync --config office")]
pub struct SyncArgs {
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    moment: once::MomentArgs,
    /// Tell the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Merges the registers.
///
/// # Errors
/// Wrong settings, a fault of the ledger, or a running service that does not answer.
pub fn run(args: &SyncArgs) -> Result<()> {
    let settings = load(&args.config.file())?;
    let state = settings.state_folder().to_path_buf();
    let before = if settings.paths.ledger.exists() { ledger(&settings)?.revision()? } else { 0 };
    let running = Lock::holder(&state)?;
    match &running {
        Some(holder) => ask(&state, holder)?,
        None => merge_here(settings.clone(), &args.moment)?,
    }
    tell(&ledger(&settings)?, (before, running), args.json)
}

fn merge_here(settings: Settings, moment: &once::MomentArgs) -> Result<()> {
    let now = moment.of(&settings)?;
    let (_lock, service) = once::open(settings)?;
    registers(&service, now)?;
    Ok(())
}

/// Asks the running service and waits until it has done it.
fn ask(state: &Path, holder: &str) -> Result<()> {
    wish::leave(state)?;
    let begun = clock::instant();
    while wish::is_there(state) {
        if begun.elapsed() > LONGEST_WAIT {
            wish::take(state)?;
            bail!("the running zvernennia ({holder}) did not answer within {} s; see its log", LONGEST_WAIT.as_secs());
        }
        if Lock::holder(state)?.is_none() {
            wish::take(state)?;
            bail!("the running zvernennia ({holder}) has just ended; run `zvernennia sync` again");
        }
        std::thread::sleep(LOOK_EVERY);
    }
    Ok(())
}

fn tell(ledger: &Ledger, (before, running): (i64, Option<String>), as_json: bool) -> Result<()> {
    let taken = ledger.taken_over_since(before)?;
    let replicas = ledger.replicas()?;
    if as_json {
        let registers: Vec<_> = replicas.iter().map(register_as_json).collect();
        return exit::say(&json!({ "service": running, "taken": taken, "registers": registers }).to_string());
    }
    let TakenOver { cells, rows, put_back, decisions } = taken;
    let mut lines = Vec::new();
    lines.extend(running.map(|holder| format!("done by the running service: {holder}")));
    lines.push(format!(
        "taken over: {cells} cells, {rows} new rows, {decisions} decisions; {put_back} cells of the service put back"
    ));
    lines.extend(replicas.iter().map(|replica| {
        let state = if replica.waiting.is_empty() {
            "shows everything".to_owned()
        } else {
            format!("waits: {}", replica.waiting)
        };
        format!("register {}: {state}", replica.year)
    }));
    exit::say(&lines.join("\n"))
}
