//! The engine: five loops that share the ledger and nothing else, and the waiting between their steps.
//!
//! Intake (one per mailbox), desk, post, register and jobs each have a body `step` that looks at the state and does what is
//! owed, so that start-up, recovery and normal running are one code path; `pass` drives all of them once in one thread,
//! `run` drives them for ever. A wake-up carries no data.

pub mod account;
pub mod backup;
pub mod desk;
pub mod error;
pub mod health;
pub mod ingest;
pub mod intake;
pub mod jobs;
pub mod notices;
pub mod parse_pdf;
pub mod parse_workbook;
pub mod pass;
pub mod post;
pub mod prepare;
pub mod register;
pub mod remind;
pub mod run;
pub mod service;
pub mod trouble;
pub mod try_letter;
mod watch_imap;

pub use error::EngineError;
pub use service::Service;
