//! The command line: one file per command.

pub mod parse_workbook;
pub mod read;
