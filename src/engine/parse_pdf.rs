//! Letters with the text of their PDFs: each PDF is read in a child process with limits.
//!
//! The child gets the file as its standard input and answers with the text. A PDF that cannot be read, or whose reader
//! dies, has no text; the letter then says that it must be looked at.

use crate::domain::letter::Letter;
use crate::mail;
use crate::mail::extract::{fill_pdf, pdf};
use crate::world::parser_child::{ChildLimits, ask, limit_myself, unnamed};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

/// Name of the hidden subcommand.
pub const SUBCOMMAND: &str = "parse-pdf";

/// Limits of the child; an application of a few pages takes a hundredth of them.
const LIMITS: ChildLimits =
    ChildLimits { memory: 1 << 30, cpu_seconds: 4, wall: Duration::from_secs(6), answer: 1 << 20 };

/// Decodes a letter, the text of its PDFs included; `program` is this program.
pub fn decode(program: &Path, bytes: &[u8]) -> Letter {
    let mut letter = mail::decode(bytes);
    fill_pdf(&mut letter, &|content| text_in_child(program, content));
    letter
}

fn text_in_child(program: &Path, content: &[u8]) -> Option<String> {
    let answer = unnamed(&[content])
        .map_err(|error| error.to_string())
        .and_then(|input| ask(program, &[SUBCOMMAND], input, LIMITS).map_err(|failure| failure.to_string()));
    match answer {
        Ok(text) => String::from_utf8(text).ok().filter(|text| !text.is_empty()),
        Err(failure) => {
            tracing::warn!(failure, "reading a PDF failed");
            None
        }
    }
}

/// The child's side: limits itself, reads the file from `input`, writes its text (none for a scan) to `output`.
///
/// # Errors
/// Only of its own pipes and limits.
pub fn serve(input: &mut dyn Read, output: &mut dyn Write) -> io::Result<()> {
    limit_myself(LIMITS)?;
    let mut bytes = Vec::new();
    input.take(pdf::MAX_INPUT as u64 + 1).read_to_end(&mut bytes)?;
    if let Some(text) = pdf::text(&bytes) {
        output.write_all(text.as_bytes())?;
    }
    output.flush()
}
