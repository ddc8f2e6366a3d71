//! Reading a workbook through a child process: question and answer between the daemon and its parser.
//!
//! The child gets the file as its standard input and the configured headers as an argument; it answers in JSON with the
//! sheet or the refusal. Whatever happens to the child becomes a refusal in the words of an operator.

use crate::domain::grid::Sheet;
use crate::workbook::read::{HeaderMap, read_in_process};
use crate::workbook::refusal::{Cause, Refusal};
use crate::world::parser_child::{ChildFailure, ChildLimits, ask, limit_myself, unnamed};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

/// Name of the hidden subcommand.
pub const SUBCOMMAND: &str = "parse-workbook";

/// Limits of the child. A register of 50,000 rows takes about a quarter of them.
pub const LIMITS: ChildLimits =
    ChildLimits { memory: 1 << 30, cpu_seconds: 20, wall: Duration::from_secs(30), answer: 400 << 20 };

/// Largest file that the child takes, bytes; a larger one is refused by the pre-pass anyway.
const MAX_INPUT: u64 = 64 << 20;

/// Reads the register in a workbook by a child process.
///
/// # Errors
/// Why it could not be read.
pub fn read_in_child(exe: &Path, file: &Path, headers: &HeaderMap) -> Result<Sheet, Refusal> {
    let input = File::open(file).map_err(|_| Refusal::whole(Cause::ServiceFault))?;
    ask_child(exe, input, headers)
}

/// The same for bytes that are in memory already, so that what is read is what will be changed.
///
/// # Errors
/// Why it could not be read.
pub fn read_bytes_in_child(exe: &Path, bytes: &[u8], headers: &HeaderMap) -> Result<Sheet, Refusal> {
    let input = unnamed(bytes).map_err(|_| Refusal::whole(Cause::ServiceFault))?;
    ask_child(exe, input, headers)
}

fn ask_child(exe: &Path, input: File, headers: &HeaderMap) -> Result<Sheet, Refusal> {
    let headers = serde_json::to_string(headers).unwrap_or_default();
    let answer = ask(exe, &[SUBCOMMAND, &headers], input, LIMITS).map_err(|failure| {
        let cause = match &failure {
            ChildFailure::Timeout(_) | ChildFailure::TooLong => Cause::TooMuchData,
            ChildFailure::Died(_) => Cause::Damaged,
            ChildFailure::Start(_) => Cause::ServiceFault,
        };
        tracing::warn!(%failure, "reading a workbook failed");
        Refusal::whole(cause)
    })?;
    let answer: Result<Sheet, Refusal> = serde_json::from_slice(&answer).map_err(|_| Refusal::whole(Cause::Damaged))?;
    answer
}

/// The child's side: limits itself, reads the file from `input`, writes the answer to `output`.
///
/// # Errors
/// Only of its own pipes and limits; a workbook that is refused is an answer, not an error.
pub fn serve(headers: &str, input: &mut dyn Read, output: &mut dyn Write) -> io::Result<()> {
    limit_myself(LIMITS)?;
    let headers: HeaderMap = serde_json::from_str(headers).map_err(io::Error::other)?;
    let mut bytes = Vec::new();
    input.take(MAX_INPUT).read_to_end(&mut bytes)?;
    let answer = read_in_process(&bytes, &headers);
    serde_json::to_writer(&mut *output, &answer).map_err(io::Error::other)?;
    output.flush()
}
