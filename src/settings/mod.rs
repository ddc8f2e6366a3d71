//! Settings: one commented TOML file, the departments, the calendar; read, checked, all problems told at once.
//!
//! `raw` is what stands in the files (unknown keys refused), `valid` is what the service works with, `secret` reads the
//! few things that must not be printed. Nothing else of the service reads configuration or the environment.

pub mod valid;
