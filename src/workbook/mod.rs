//! workbook

pub mod refusal;
