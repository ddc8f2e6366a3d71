//! Reading a workbook through a child process: question and answer between the daemon and its parser.
//!
//! The child gets the file as its standard input and the question, with what to look for, as an argument; it answers
//! in JSON with what it found or the refusal. Whatever happens to the child becomes a refusal in the words of an operator.

use crate::domain::grid::Sheet;
use crate::merge::settled::{Settling, Told};
use crate::workbook::inspect::{Inspection, inspect};
use crate::workbook::prepass::prepass;
use crate::workbook::read::{Asked, HeaderMap, Layout, read_with_beside};
use crate::workbook::refusal::{Cause, Refusal};
use crate::workbook::stamp::read_stamp;
use crate::world::parser_child::{ChildFailure, ChildLimits, ask, limit_myself, unnamed};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
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

/// What the child is asked about the workbook on its standard input.
#[derive(Debug, Serialize, Deserialize)]
enum Question {
    /// The appeals in it and these tables beside them. So many bytes of the input, before the workbook, tell what the
    /// asker knows of the appeals.
    Appeals(Layout, Vec<Asked>, u64),
    /// What it looks like.
    Inspect(HeaderMap),
    /// Whose copy it is, by its stamp.
    Owner,
}

/// Reads the appeals in a workbook whose bytes are in memory, so that what is read is what will be changed. Rows that show
/// an appeal just as `told` are left out (`Sheet::settled`).
///
/// # Errors
/// Why it could not be read.
pub fn read_in_child(
    exe: &Path,
    bytes: &[u8],
    layout: &Layout,
    beside: &[Asked],
    told: &[Told],
) -> Result<Sheet, Refusal> {
    let told = serde_json::to_vec(told).map_err(|_| Refusal::whole(Cause::ServiceFault))?;
    let question = Question::Appeals(layout.clone(), beside.to_vec(), told.len() as u64);
    ask_child::<Result<Sheet, Refusal>>(exe, &[&told, bytes], &question)?
}

/// What a workbook looks like to the service.
///
/// # Errors
/// The child could not look at it.
pub fn inspect_in_child(exe: &Path, bytes: &[u8], headers: &HeaderMap) -> Result<Inspection, Refusal> {
    ask_child(exe, &[bytes], &Question::Inspect(headers.clone()))
}

/// Whose copy a workbook is, by its stamp; `None`: nobody's of ours.
///
/// # Errors
/// The child could not look at it.
pub fn owner_in_child(exe: &Path, bytes: &[u8]) -> Result<Option<String>, Refusal> {
    ask_child(exe, &[bytes], &Question::Owner)
}

fn ask_child<A: DeserializeOwned>(exe: &Path, bytes: &[&[u8]], question: &Question) -> Result<A, Refusal> {
    let fault = |_| Refusal::whole(Cause::ServiceFault);
    let question = serde_json::to_string(question).map_err(|_| Refusal::whole(Cause::ServiceFault))?;
    let answer = ask(exe, &[SUBCOMMAND, &question], unnamed(bytes).map_err(fault)?, LIMITS).map_err(|failure| {
        let cause = match &failure {
            ChildFailure::Timeout(_) | ChildFailure::TooLong => Cause::TooMuchData,
            ChildFailure::Died(_) => Cause::Damaged,
            ChildFailure::Start(_) => Cause::ServiceFault,
        };
        tracing::warn!(%failure, "reading a workbook failed");
        Refusal::whole(cause)
    })?;
    serde_json::from_slice(&answer).map_err(|_| Refusal::whole(Cause::Damaged))
}

/// The child's side: limits itself, reads the file from `input`, writes the answer to `output`.
///
/// # Errors
/// Only of its own pipes and limits; a workbook that is refused is an answer, not an error.
pub fn serve(question: &str, input: &mut dyn Read, output: &mut dyn Write) -> io::Result<()> {
    limit_myself(LIMITS)?;
    let question: Question = serde_json::from_str(question).map_err(io::Error::other)?;
    let mut told = Vec::new();
    if let Question::Appeals(_, _, size) = &question {
        input.take(*size).read_to_end(&mut told)?;
    }
    let mut bytes = Vec::new();
    input.take(MAX_INPUT).read_to_end(&mut bytes)?;
    match question {
        Question::Appeals(layout, beside, _) => {
            let told: Vec<Told> = serde_json::from_slice(&told)?;
            let mut settling = Settling::new(layout.form, &told);
            let mut sheet =
                read_with_beside(&bytes, &layout, &beside, &mut |row, date1904| settling.settles(row, date1904));
            if let Ok(sheet) = &mut sheet {
                sheet.settled = settling.found;
            }
            serde_json::to_writer(&mut *output, &sheet)
        }
        Question::Owner => {
            let owner = prepass(&bytes).ok().and_then(|()| read_stamp(&bytes)).map(|stamp| stamp.replica);
            serde_json::to_writer(&mut *output, &owner)
        }
        Question::Inspect(headers) => serde_json::to_writer(&mut *output, &inspect(&bytes, &headers)),
    }
    .map_err(io::Error::other)?;
    output.flush()
}
