//! The desk: what a good clerk would do, computed from a snapshot of the ledger. Pure.
//!
//! `Snapshot` → `plan` → `Plan`. Planning twice on one snapshot gives equal plans; planning again after the plan was
//! carried out gives an empty one. A plan leaves no choice to its execution: numbers, dates and recipients are in it.
//! Absent on purpose: SQL, files, time, the bytes of letters.

pub mod action;
pub mod bearing;
pub mod beside;
pub mod calls;
pub mod case;
pub mod certainty;
pub mod channels;
pub mod clarification;
pub mod co_executors;
pub mod companion;
pub mod conflict;
pub mod context;
pub mod deadlines;
pub mod department_reply;
pub mod department_sheet;
pub mod dialogue;
pub mod follow;
pub mod frame;
pub mod hint;
pub mod marks;
pub mod moves;
pub mod notices;
pub mod phone;
pub mod plan;
pub mod refusal;
pub mod register_notice;
pub mod registration;
pub mod repeat;
pub mod returned;
pub mod shown;
pub mod similar;
pub mod snapshot;
pub mod trust;
pub mod typed_rows;
pub mod typical;
pub mod unregistered;
pub mod writing;

pub use action::{Action, Plan};
pub use context::Desk;
pub use plan::plan;
pub use snapshot::Snapshot;
