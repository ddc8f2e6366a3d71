//! `zvernennia change-key`: another key signs our Message-IDs from now on; the former ones go on verifying.

use crate::cli::{ConfigArgs, exit};
use crate::settings::load;
use crate::world::lock::Lock;
use crate::world::{entropy, key_files};
use anyhow::{Context, Result};

/// Changes the key.
///
/// # Errors
/// Wrong settings, no key yet, a file that cannot be written.
pub fn run(args: &ConfigArgs) -> Result<()> {
    let settings = load(&args.file())?;
    let fresh = entropy::key().context("no randomness for a key")?;
    let kept = key_files::change(&settings.post.key_file, &fresh)?;
    let then = match Lock::holder(settings.state_folder())? {
        Some(holder) => {
            format!("; the service ({holder}) signs with the new key once it reads its configuration again (SIGHUP)")
        }
        None => String::new(),
    };
    exit::say(&format!(
        "a new key signs from now on; the former one is kept as {} and goes on verifying: remove it when nobody answers \
         its letters any more{then}",
        kept.display()
    ))
}
