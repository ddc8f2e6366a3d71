//! cli

pub mod parse_workbook;
