//! `zvernennia parse-pdf` (hidden): the child in which PDFs of letters are read; started by the service itself.

use crate::engine::parse_pdf::serve;
use std::io::{self, BufWriter, stdin, stdout};

/// Reads a PDF from standard input, writes its text to standard output.
///
/// # Errors
/// Only of the pipes and of the limits.
pub fn run() -> io::Result<()> {
    let mut output = BufWriter::new(stdout().lock());
    serve(&mut stdin().lock(), &mut output)
}
