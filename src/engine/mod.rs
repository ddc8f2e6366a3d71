//! engine

pub mod parse_workbook;
