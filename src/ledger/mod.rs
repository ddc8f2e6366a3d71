//! The ledger: the only SQL of the service. SQLite, one file, one writer.
//!
//! It is the truth for all that was promised: every message received, every number issued, every letter sent, every
//! cell that a person typed. Each public method is one transaction, durable when it returns (WAL, synchronous=FULL).
//! Times go in and come out as values of `chrono`; the ledger itself does not know what time it is.

pub mod approval;
pub mod backup;
pub mod calls;
mod cases;
pub mod channel;
pub mod commit;
pub mod conflict;
pub mod counts;
mod course;
pub mod error;
pub mod facts;
pub mod folder;
mod formers;
pub mod job;
pub mod notice;
pub mod numbers;
pub mod open;
pub mod outbox;
pub mod outbox_desk;
pub mod replica;
pub mod reply;
pub mod shared;
pub mod snapshot;
pub mod takeover;
pub mod typical;
mod undelivered;

pub use error::LedgerError;
pub use open::Ledger;
pub use shared::Shared;
