//! `zvernennia try-letter` (hidden): the child that reads a suspect letter; started by the service itself.

use crate::engine::try_letter::serve;
use std::io::{self, stdin, stdout};

/// Reads a letter from standard input.
///
/// # Errors
/// Only of the pipes and of the limits.
pub fn run() -> io::Result<()> {
    serve(&mut stdin().lock(), &mut stdout().lock())
}
