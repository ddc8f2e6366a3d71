//! zvernennia: a contact centre of a city administration, run from two mailboxes and one Excel register.
//!
//! The modules stand in the order in which a letter passes through them; `ARCHITECTURE.md` is the map.

pub mod domain;

pub mod mail;
pub mod reading;

pub mod desk;
pub mod letters;

pub mod merge;
pub mod workbook;

pub mod ledger;
pub mod settings;
pub mod world;

pub mod cli;
pub mod engine;
