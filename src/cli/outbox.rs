//! `zvernennia outbox`: our letters, how far each got and why; sent again or withdrawn by a person.

use crate::cli::{ConfigArgs, exit};
use crate::ledger::Ledger;
use crate::ledger::outbox_desk::{MailLine, Obeyed, Order};
use crate::settings::load;
use crate::world::clock;
use anyhow::{Result, bail};
use clap::{Args, Subcommand};

/// Who gives orders here, as the journal says.
const ACTOR: &str = "command line";

/// Arguments of `outbox`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  zvernennia outbox list                 what is not delivered, and why\n  \
                        zvernennia outbox show 17              one letter whole\n  \
                        zvernennia outbox retry 17 18          send them again, the same bytes\n  \
                        zvernennia outbox cancel 19            it does not go out any more")]
pub struct OutboxArgs {
    #[command(subcommand)]
    command: OutboxCommand,
}

#[derive(Debug, Subcommand)]
enum OutboxCommand {
    /// Lists letters that are not delivered (with --all: all).
    List(ListArgs),
    /// Shows one letter whole.
    Show(ShowArgs),
    /// Sends letters again, with the same bytes; the service takes them up within a minute.
    Retry(OrderArgs),
    /// Withdraws letters that have not left.
    Cancel(OrderArgs),
}

#[derive(Debug, Args)]
struct ListArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Also those that were delivered or withdrawn.
    #[arg(long)]
    all: bool,
    /// Tell it as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct ShowArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Number of the letter, as `list` tells it.
    id: i64,
    /// Tell it as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct OrderArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Numbers of the letters, as `list` tells them.
    #[arg(required = true)]
    ids: Vec<i64>,
    /// Tell it as JSON.
    #[arg(long)]
    json: bool,
}

/// Does what is asked.
///
/// # Errors
/// Wrong settings, no ledger, a letter that is not there or cannot take the order.
pub fn run(args: &OutboxArgs) -> Result<()> {
    match &args.command {
        OutboxCommand::List(args) => list(args),
        OutboxCommand::Show(args) => show(args),
        OutboxCommand::Retry(args) => order(args, Order::Retry),
        OutboxCommand::Cancel(args) => order(args, Order::Cancel),
    }
}

fn ledger(config: &ConfigArgs) -> Result<Ledger> {
    super::ledger(&load(&config.file())?)
}

fn list(args: &ListArgs) -> Result<()> {
    let lines = ledger(&args.config)?.mail_lines(args.all)?;
    if args.json {
        return exit::say(&serde_json::to_string(&lines)?);
    }
    if lines.is_empty() {
        return exit::say("all letters are delivered");
    }
    exit::say(&lines.iter().map(one_line).collect::<Vec<_>>().join("\n"))
}

fn one_line(line: &MailLine) -> String {
    let number = line.number.as_deref().unwrap_or("-");
    let report = if line.report.is_empty() { String::new() } else { format!("  {}", line.report) };
    let MailLine { id, stage, kind, recipient, queued_at, attempts, .. } = line;
    format!("{id:>6}  {stage:<10}  {kind:<16}  {number:<12}  {recipient}  {queued_at}  attempts {attempts}{report}")
}

fn show(args: &ShowArgs) -> Result<()> {
    let Some((line, body)) = ledger(&args.config)?.mail_whole(args.id)? else {
        bail!("there is no letter {}; `zvernennia outbox list --all` shows them", args.id);
    };
    let letter = String::from_utf8_lossy(&body);
    if args.json {
        let mut value = serde_json::to_value(&line)?;
        if let Some(fields) = value.as_object_mut() {
            fields.insert("letter".to_owned(), letter.into());
        }
        return exit::say(&value.to_string());
    }
    exit::say(&format!("{}\n\n{letter}", one_line(&line)))
}

fn order(args: &OrderArgs, order: Order) -> Result<()> {
    let mut ledger = ledger(&args.config)?;
    let mut done = Vec::new();
    let mut refused = Vec::new();
    for id in &args.ids {
        match ledger.order(*id, order, ACTOR, clock::now())? {
            Obeyed::Done => done.push(*id),
            Obeyed::Unknown => {
                refused.push(format!("there is no letter {id}; `zvernennia outbox list --all` shows them"))
            }
            Obeyed::Refused(stage) => {
                refused.push(format!("letter {id} cannot take `{}`: it is {}", order.id(), stage.id()))
            }
        }
    }
    if args.json {
        exit::say(&serde_json::json!({ "order": order.id(), "done": done, "refused": refused }).to_string())?;
    } else if !done.is_empty() {
        let shown: Vec<String> = done.iter().map(ToString::to_string).collect();
        exit::say(&format!("{}: {}", order.id(), shown.join(", ")))?;
    }
    if refused.is_empty() { Ok(()) } else { bail!("{}", refused.join("\n")) }
}
