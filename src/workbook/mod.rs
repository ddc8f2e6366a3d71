//! Workbooks: made new (`create`), read (`read`, in a child process), changed in place (`patch`).
//!
//! Pure codecs: they know bytes, readers and writers that they are given, and no time. What a column means is
//! `domain/field.rs`'s; what to do with a value is `merge`'s.

pub mod create;
mod create_department;
mod create_fill;
mod create_lists;
mod create_register;
mod create_rows;
mod create_rules;
mod create_sheet;
mod create_style;
mod create_tables;
pub mod inspect;
mod package;
pub mod patch;
pub mod prepass;
pub mod read;
mod read_beside;
mod read_header;
mod read_rows;
pub mod refusal;
pub mod stamp;

#[cfg(test)]
mod create_tests;
#[cfg(test)]
mod measure_tests;
#[cfg(test)]
mod read_tests;
#[cfg(test)]
mod samples;
