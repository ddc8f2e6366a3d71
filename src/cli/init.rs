//! `zvernennia init`: a commented configuration, and in the embedded form everything else in the same folder.

use crate::cli::{CONFIG, exit};
use crate::settings::{embedded_config, shipped_config};
use crate::world::{entropy, file};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::{Path, PathBuf};

/// Arguments of `init`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  zvernennia init /etc/zvernennia            the configuration of a real service\n  \
                        zvernennia init office --embedded        everything in one folder: Maildirs in, .eml files out"
)]
pub struct InitArgs {
    /// The folder; it is made if there is none.
    dir: PathBuf,
    /// Maildirs, ledger, register and sent letters in the same folder; nothing leaves the machine.
    #[arg(long)]
    embedded: bool,
}

/// Makes the folder.
///
/// # Errors
/// If there is a configuration already, or the folder cannot be written.
pub fn run(args: &InitArgs) -> Result<()> {
    if args.embedded {
        embedded(&args.dir)?;
        return exit::say(&format!(
            "Made {0}: put letters into {0}/mail/1/new and run `zvernennia once --config {0}`.",
            args.dir.display()
        ));
    }
    write_config(&args.dir, shipped_config())?;
    exit::say(&format!(
        "Made {0}. Next: name your mailboxes, start date and register in {0}/{CONFIG}, put the passwords where it says, \
         then `zvernennia once --config {0}` shows what is still wrong.",
        args.dir.display()
    ))
}

/// Makes a service in one folder.
///
/// # Errors
/// If there is a configuration already, or the folder cannot be written.
pub fn embedded(dir: &Path) -> Result<()> {
    write_config(dir, embedded_config())?;
    for mailbox in ["1", "2"] {
        for part in ["new", "cur", "tmp"] {
            file::make_folder(&dir.join("mail").join(mailbox).join(part))?;
        }
    }
    for folder in ["sent", "register", "letters"] {
        file::make_folder(&dir.join(folder))?;
    }
    let key = entropy::key().context("cannot make the key that signs Message-IDs")?;
    file::create_new(&dir.join("message-id.key"), &key, 0o600)?;
    drop(crate::ledger::Ledger::open(&dir.join("ledger.sqlite"))?);
    Ok(())
}

fn write_config(dir: &Path, files: [(&'static str, String); 3]) -> Result<()> {
    let config = dir.join(CONFIG);
    if config.exists() {
        bail!("{} is there already; choose another folder, or edit it", config.display());
    }
    file::make_folder(dir)?;
    for (name, text) in files {
        file::create_new(&dir.join(name), text.as_bytes(), 0o640)?;
    }
    Ok(())
}
