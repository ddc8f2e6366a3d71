//! `zvernennia run`: the service itself.

use crate::cli::{ConfigArgs, once, ready};
use crate::engine::run::{End, serve};
use crate::settings::load;
use anyhow::Result;
use std::path::Path;
use tracing_subscriber::EnvFilter;

/// Runs until SIGTERM or SIGINT; SIGHUP reads the configuration again.
///
/// # Errors
/// Wrong settings at the start, another instance, a fault of the ledger.
pub fn run(args: &ConfigArgs) -> Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    let file = args.file();
    let (mut lock, mut service) = once::open(load(&file)?)?;
    loop {
        match serve(service, &|| is_right(&file))? {
            End::Stopped => return Ok(()),
            End::Reload(old) => {
                let before = old.settings.clone();
                drop(old);
                drop(lock);
                (lock, service) = match load(&file).map_err(anyhow::Error::from).and_then(once::open) {
                    Ok(opened) => opened,
                    Err(error) => {
                        tracing::error!(%error, "{KEPT}");
                        once::open(before)?
                    }
                };
            }
        }
    }
}

/// Said when a changed configuration is of no use.
const KEPT: &str = "the configuration was not read again; the old one stays in force";

fn is_right(file: &Path) -> bool {
    match load(file).and_then(|settings| ready::check(&settings)) {
        Ok(()) => true,
        Err(problems) => {
            tracing::error!(%problems, "{KEPT}");
            false
        }
    }
}
