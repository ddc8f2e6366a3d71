//! How a command ends badly: one message that names the thing and the remedy, and an exit code for scripts.

use crate::engine::EngineError;
use crate::settings::Problems;
use crate::world::lock::LockError;
use std::io::Write;
use std::process::ExitCode;

/// Another instance runs (EX_TEMPFAIL).
const BUSY: u8 = 75;
/// The configuration is wrong (EX_CONFIG).
const CONFIG: u8 = 78;

/// Tells a failure on standard error and gives its exit code.
pub fn report(error: &anyhow::Error) -> ExitCode {
    // A closed pipe must not turn a failure into a panic.
    let _ = writeln!(std::io::stderr(), "zvernennia: {}", chain(error));
    if error.is::<Problems>() || matches!(error.downcast_ref(), Some(EngineError::Settings(_))) {
        ExitCode::from(CONFIG)
    } else if error.is::<LockError>() {
        ExitCode::from(BUSY)
    } else {
        ExitCode::FAILURE
    }
}

/// The message with its causes, without saying anything twice.
fn chain(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain() {
        let text = cause.to_string();
        if !said.contains(&text) {
            if !said.is_empty() {
                said.push_str(": ");
            }
            said.push_str(&text);
        }
    }
    said
}

/// Writes lines to standard output; a reader that went away (`| head`) is no failure.
///
/// # Errors
/// Anything but a closed pipe.
pub fn say(text: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}
