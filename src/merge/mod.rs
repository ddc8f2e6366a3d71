//! Merging: what people did to a copy of the register, and what the copy must show next. Pure.
//!
//! Two halves of one pass over one reading of the file: `take` finds what people typed (the ledger takes it over, with
//! new numbers for new rows), then `show` compares the ledger's rows with the same reading and gives the edits that make
//! the copy agree. Merging twice is merging once: when the ledger and the copy agree, both halves are empty.

pub mod cell;
pub mod guard;
pub mod identity;
mod moment;
mod phone;
pub mod settled;
pub mod show;
pub mod take;
pub mod unnumbered;
pub mod value;
