//! zvernennia: a contact centre of a city administration, run from two mailboxes and one Excel register.
//!
#![doc = include_str!("ARCHITECTURE.md")]

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
