//! The mail codec: bytes of a letter in, [`crate::domain::letter::Letter`] out, and back.
//!
//! `decode` never fails: what cannot be understood becomes empty fields and remarks. Sending, fetching and storing are
//! not here (`world`, `ledger`); what a letter means is decided by `reading`.
//! Invariants: no time, no randomness, no files; every loop over foreign bytes is linear or has a named limit;
//! a panic of a third-party parser stays inside of `decode`.

pub mod clean;
pub mod compose;
pub mod decode;
pub mod extract;
pub mod header_text;
mod html;
mod html_entities;
#[cfg(test)]
mod html_tests;
mod html_writer;
pub mod token;

pub use compose::{AutoSubmitted, ComposeError, Outgoing, OutgoingFile, Party, compose};
pub use decode::decode;
pub use header_text::HeaderText;
