//! `zvernennia parse-workbook` (hidden): the child in which workbooks are parsed; started by the service itself.

use crate::engine::parse_workbook::serve;
use clap::Args;
use std::io::{self, BufWriter, stdin, stdout};

/// Arguments of the child.
#[derive(Debug, Args)]
pub struct ParseWorkbookArgs {
    /// What is asked, as JSON.
    pub question: String,
}

/// Reads a workbook from standard input, writes what stands in it to standard output.
///
/// # Errors
/// Only of the pipes and of the limits.
pub fn run(args: &ParseWorkbookArgs) -> io::Result<()> {
    let mut output = BufWriter::new(stdout().lock());
    serve(&args.question, &mut stdin().lock(), &mut output)
}
