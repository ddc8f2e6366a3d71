//! `zvernennia conflicts`: cells that two sides changed differently; takes no lock and changes nothing.

use crate::cli::{ConfigArgs, exit, ledger};
use crate::desk::conflict::Conflict;
use crate::domain::kyiv::to_kyiv;
use crate::settings::load;
use anyhow::Result;
use clap::Args;
use serde_json::json;

/// Arguments of `conflicts`.
#[derive(Debug, Args)]
#[command(after_help = "People decide in the sheet «Розбіжності» of the register, by the word «реєстр» or «база».\n\n\
                        Examples:\n  zvernennia conflicts --config office\n  zvernennia conflicts --config office --all --json")]
pub struct ConflictsArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Also those that people have decided.
    #[arg(long)]
    all: bool,
    /// Tell it as JSON.
    #[arg(long)]
    json: bool,
}

/// Lists the conflicts.
///
/// # Errors
/// Wrong settings, or a ledger that cannot be opened.
pub fn run(args: &ConflictsArgs) -> Result<()> {
    let settings = load(&args.config.file())?;
    let mut conflicts = ledger(&settings)?.conflicts(None)?;
    conflicts.retain(|conflict| args.all || conflict.decision.is_none());
    if args.json {
        return exit::say(&serde_json::Value::Array(conflicts.iter().map(as_json).collect()).to_string());
    }
    if conflicts.is_empty() {
        return exit::say("no conflicts");
    }
    exit::say(&conflicts.iter().map(as_text).collect::<Vec<_>>().join("\n\n"))
}

fn as_text(conflict: &Conflict) -> String {
    let decided = match (conflict.decision, conflict.overtaken) {
        (None, _) => "open".to_owned(),
        (Some(decision), false) => format!("decided: {}", decision.id()),
        (Some(decision), true) => format!("decided: {}, but the cell had been changed once more", decision.id()),
    };
    format!(
        "{} {}, {}: {decided}\n  register ({}, {}): {}\n  ledger: {}",
        conflict.id,
        conflict.number,
        conflict.header(),
        conflict.actor,
        to_kyiv(conflict.at).format("%d.%m.%Y %H:%M"),
        conflict.workbook,
        conflict.ledger
    )
}

fn as_json(conflict: &Conflict) -> serde_json::Value {
    json!({
        "id": conflict.id, "number": conflict.number, "field": conflict.field,
        "register": conflict.workbook.to_string(), "ledger": conflict.ledger.to_string(),
        "actor": conflict.actor, "at": conflict.at, "decision": conflict.decision.map(|decision| decision.id()),
        "overtaken": conflict.overtaken,
    })
}
