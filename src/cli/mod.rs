//! The command line: one file per command, `--help` by example, `--json` where a machine may read.
//!
//! Exit codes: 0 done · 1 failed or refused · 2 wrong usage · 75 another instance runs · 78 wrong configuration.

pub mod change_key;
pub mod conflicts;
pub mod demo;
pub mod exit;
pub mod explain;
pub mod init;
pub mod inspect;
pub mod once;
pub mod outbox;
pub mod parse_pdf;
pub mod parse_workbook;
pub mod progress;
pub mod read;
mod ready;
pub mod run;
pub mod samples;
pub mod status;
pub mod sync;
pub mod try_letter;
pub mod workbook;

use crate::ledger::Ledger;
use crate::settings::{Settings, embedded_config, load};
use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where the configuration of an installed service lies.
const INSTALLED: &str = "/etc/zvernennia/zvernennia.toml";
/// Name of the configuration in its folder.
pub const CONFIG: &str = "zvernennia.toml";

/// Runs a city administration's contact centre from two mailboxes and one shared Excel register.
#[derive(Debug, Parser)]
#[command(name = "zvernennia", version, propagate_version = true)]
#[command(
    after_help = "Try it: zvernennia demo\nSet it up: zvernennia init /etc/zvernennia\nAsk how it is: zvernennia status"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Writes a commented configuration into a folder.
    Init(init::InitArgs),
    /// Shows the whole service at work on sample letters; no server, no network.
    Demo(demo::DemoArgs),
    /// Runs the service until it is told to stop (systemd starts this).
    Run(ConfigArgs),
    /// Makes one full pass of everything and ends.
    Once(once::OnceArgs),
    /// Our letters: which are not delivered and why; sends them again or withdraws them.
    Outbox(outbox::OutboxArgs),
    /// Says what would be understood of letters (.eml files), without registering anything.
    Read(read::ReadArgs),
    /// Says why: a term, a status cell, a salutation, a name; one, or all rows of a CSV file.
    Explain(explain::ExplainArgs),
    /// Merges the registers now, without fetching or sending letters.
    Sync(sync::SyncArgs),
    /// Cells of the register that two sides changed differently.
    Conflicts(conflicts::ConflictsArgs),
    /// Signs our Message-IDs with another key from now on; answers to older letters stay recognised.
    ChangeKey(ConfigArgs),
    /// Edits any workbook in place, or tells what it is.
    Workbook(workbook::WorkbookArgs),
    /// The child in which workbooks are parsed.
    #[command(hide = true)]
    ParseWorkbook(parse_workbook::ParseWorkbookArgs),
    /// The child in which PDFs are read.
    #[command(hide = true, name = crate::engine::parse_pdf::SUBCOMMAND)]
    ParsePdf,
    /// Reads a suspect letter (started by the service).
    #[command(hide = true, name = crate::engine::try_letter::SUBCOMMAND)]
    TryLetter,
    /// Says how the service is: mailboxes, register, letters that wait.
    Status(status::StatusArgs),
}

/// Which configuration.
#[derive(Debug, Clone, Args)]
pub struct ConfigArgs {
    /// The configuration, or the folder in which it lies [default: ./zvernennia.toml, else /etc/zvernennia/zvernennia.toml]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl ConfigArgs {
    /// The file that is meant.
    pub fn file(&self) -> PathBuf {
        match &self.config {
            Some(path) if path.is_dir() => path.join(CONFIG),
            Some(path) => path.clone(),
            None if Path::new(CONFIG).exists() => PathBuf::from(CONFIG),
            None => PathBuf::from(INSTALLED),
        }
    }
}

/// The settings as shipped, for commands that need no installed service.
///
/// # Errors
/// No folder for temporary files.
pub fn shipped() -> anyhow::Result<Settings> {
    let folder = std::env::temp_dir().join(format!("zvernennia-shipped-{}", std::process::id()));
    fs::create_dir(&folder).with_context(|| format!("making the folder {}", folder.display()))?;
    let written = embedded_config().iter().try_for_each(|(name, text)| fs::write(folder.join(name), text));
    let settings = written.map_err(anyhow::Error::from).and_then(|()| Ok(load(&folder.join(CONFIG))?));
    fs::remove_dir_all(&folder).with_context(|| format!("removing the folder {}", folder.display()))?;
    settings
}

/// Opens the ledger of a service that may be running, to look into it.
///
/// # Errors
/// There is none yet, or it cannot be opened.
fn ledger(settings: &Settings) -> anyhow::Result<Ledger> {
    let path = &settings.paths.ledger;
    if !path.exists() {
        anyhow::bail!("there is no ledger at {} yet; run `zvernennia once` or start the service", path.display());
    }
    Ok(Ledger::open(path)?)
}

/// Understands the command line and does what it says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match &cli.command {
        Command::Workbook(args) => return workbook::run(args),
        Command::Init(args) => init::run(args),
        Command::Demo(args) => demo::run(args),
        Command::Run(args) => run::run(args),
        Command::Once(args) => once::run(args),
        Command::Outbox(args) => outbox::run(args),
        Command::Read(args) => read::run(args),
        Command::Explain(args) => explain::run(args),
        Command::ParseWorkbook(args) => parse_workbook::run(args).map_err(anyhow::Error::from),
        Command::ParsePdf => parse_pdf::run().map_err(anyhow::Error::from),
        Command::TryLetter => try_letter::run().map_err(anyhow::Error::from),
        Command::Sync(args) => sync::run(args),
        Command::ChangeKey(args) => change_key::run(args),
        Command::Conflicts(args) => conflicts::run(args),
        Command::Status(args) => status::run(args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::report(&error),
    }
}
