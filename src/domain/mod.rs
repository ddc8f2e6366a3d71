//! The nouns of the contact centre and the tables that define them. Pure: no time, no files, no randomness.
//!
//! Everything else imports `domain`; `domain` imports nothing of ours.

pub mod calendar;
pub mod deadline;
pub mod delivery;
pub mod department;
pub mod digest;
pub mod event;
pub mod field;
pub mod form;
pub mod given_name;
pub mod grid;
pub mod kyiv;
pub mod label;
pub mod letter;
pub mod look_alike;
pub mod number;
pub mod office;
pub mod phone_plan;
pub mod reading;
pub mod register;
pub mod remark;
pub mod reminder;
pub mod schedule;
pub mod status;
pub mod value;
