//! Settings: one commented TOML file, the departments, the calendar; read, checked, all problems told at once.
//!
//! `raw` is what stands in the files (unknown keys refused), `valid` is what the service works with, `secret` reads the
//! few things that must not be printed. Nothing else of the service reads configuration.

pub mod embedded;
mod files;
mod load;
mod problem;
mod raw;
mod scan;
pub mod secret;
mod sections;
mod transports;
pub mod valid;

pub use embedded::{embedded_config, shipped_config};
pub use load::load;
pub use problem::{Problem, Problems};
pub use valid::Settings;

#[cfg(test)]
mod tests;
