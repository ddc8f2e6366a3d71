//! All tests of the whole program in one binary.
//!
//! `blackbox` uses the program as a stranger would, `crash` kills it, `tidy` holds the rules of the source.

mod blackbox;
mod crash;
mod office;
mod samples_read;
mod tidy;
