//! A letter that was in hand when the process died, several times over: is the letter to blame, or whoever killed us?
//!
//! A child process reads it with limits. If the child lives, so will the service, and the letter is read like any other;
//! if it dies, the letter is put aside with a reason while the others go on.

use crate::domain::office::Office;
use crate::mail;
use crate::reading::Reader;
use crate::world::parser_child::{ChildFailure, ChildLimits, ask, limit_myself, unnamed};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

/// Name of the hidden subcommand.
pub const SUBCOMMAND: &str = "try-letter";

/// Limits of the child; a letter of the largest size that is taken in stays far below.
const LIMITS: ChildLimits =
    ChildLimits { memory: 2 << 30, cpu_seconds: 60, wall: Duration::from_secs(90), answer: 1 << 10 };

/// Whether reading this letter brings a process down; `program` is this program.
pub fn kills(program: &Path, bytes: &[u8]) -> bool {
    let answer =
        unnamed(&[bytes]).map_err(ChildFailure::Start).and_then(|input| ask(program, &[SUBCOMMAND], input, LIMITS));
    match answer {
        Ok(_) => false,
        Err(failure) => {
            tracing::error!(%failure, "a letter stops the program that reads it");
            true
        }
    }
}

/// The child's side: reads the letter from `input` and says so.
///
/// # Errors
/// Only of its own pipes and limits.
pub fn serve(input: &mut dyn Read, output: &mut dyn Write) -> io::Result<()> {
    limit_myself(LIMITS)?;
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let reading = Reader::new(&Office::default()).read(&mail::decode(&bytes));
    write!(output, "{:?}", reading.class)?;
    output.flush()
}
