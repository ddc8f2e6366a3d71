//! `zvernennia demo`: the whole service at work on the sample letters, in a folder, with nothing leaving the machine.

use crate::cli::progress::PassBar;
use crate::cli::{CONFIG, exit, init, once, samples};
use crate::engine::Service;
use crate::engine::pass::{Passed, pass};
use crate::engine::register::Synchronised;
use crate::settings::load;
use crate::world::{clock, file};
use anyhow::{Result, bail};
use clap::Args;
use std::path::{Path, PathBuf};

/// Name of the folder that the demo makes where it is run.
const FOLDER: &str = "zvernennia-demo";
/// Most demo folders beside each other.
const MOST_FOLDERS: usize = 1_000;
/// A header with this address went to the second mailbox.
const SECOND_MAILBOX: &[u8] = b"Delivered-To: 9a020722@gmail.com";

/// Arguments of `demo`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  zvernennia demo\n  zvernennia demo --dir office")]
pub struct DemoArgs {
    /// The folder that is made [default: zvernennia-demo, or zvernennia-demo-2 …]
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// Sets up a service, feeds it, runs it and tells what came of it.
///
/// # Errors
/// If the folder is there already or the service fails.
pub fn run(args: &DemoArgs) -> Result<()> {
    let dir = match &args.dir {
        Some(dir) if dir.join(CONFIG).exists() => {
            bail!("{} holds a service already; name another folder", dir.display())
        }
        Some(dir) => dir.clone(),
        None => free_folder()?,
    };
    let begun = clock::monotonic_millis();
    init::embedded(&dir)?;
    for (name, letter) in samples::LETTERS {
        let mailbox = if memchr::memmem::find(letter, SECOND_MAILBOX).is_some() { "2" } else { "1" };
        file::create_new(&dir.join("mail").join(mailbox).join("new").join(name), letter, 0o600)?;
    }
    let (_lock, service) = once::open(load(&dir.join(CONFIG))?)?;
    exit::say(&format!(
        "{} letters lie in the two mailboxes of {}. First pass …",
        samples::LETTERS.len(),
        dir.display()
    ))?;
    let now = clock::now();
    let mut bar = PassBar::new();
    let first = pass(&service, now, &mut |progress| bar.show(progress))?;
    bar.finish();
    exit::say(&once::as_text(&first))?;
    exit::say("\nSecond pass, with nothing new …")?;
    let second = pass(&service, now, &mut |_| {})?;
    exit::say(&once::as_text(&second))?;
    tell(&service, &dir, &first)?;
    let seconds = clock::monotonic_millis().saturating_sub(begun);
    exit::say(&format!("\nAll of it took {}.{:03} s.", seconds / 1000, seconds % 1000))
}

fn free_folder() -> Result<PathBuf> {
    let names = (1..MOST_FOLDERS).map(|n| if n == 1 { FOLDER.to_owned() } else { format!("{FOLDER}-{n}") });
    match names.map(PathBuf::from).find(|path| !path.exists()) {
        Some(path) => Ok(path),
        None => bail!("there are {MOST_FOLDERS} folders {FOLDER}-… here; remove some"),
    }
}

fn tell(service: &Service, dir: &Path, passed: &Passed) -> Result<()> {
    let counts = service.ledger.with(|ledger| ledger.counts())?;
    let table = |title: &str, group: &std::collections::BTreeMap<String, i64>| {
        let lines: Vec<String> = group.iter().map(|(name, count)| format!("  {name:<20} {count:>4}")).collect();
        format!("\n{title}\n{}", lines.join("\n"))
    };
    exit::say(&table("What the letters were:", &counts.classes))?;
    exit::say(&table("What was decided:", &counts.decisions))?;
    exit::say(&table("Letters written to people:", &counts.kinds))?;
    exit::say("\nOpen these:")?;
    for register in &passed.registers {
        if matches!(register.outcome, Synchronised::Written(_)) {
            exit::say(&format!("  the register      {}", register.path.display()))?;
        }
    }
    exit::say(&format!("  letters sent      {}", dir.join("sent").display()))?;
    exit::say(&format!("  the configuration {}", dir.join(CONFIG).display()))?;
    exit::say(&format!(
        "\nTo go on: put a letter into {0}/mail/1/new and run `zvernennia once --config {0}`.",
        dir.display()
    ))
}
