//! All tests of the whole program in one binary.
//!
//! `blackbox` uses the program as a stranger would, `crash` kills it, `live` runs it against real mail servers, `scripted`
//! against servers that misbehave as told, `tidy` holds the rules of the source.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests may be blunt; clippy.toml says so for test functions, this for what they share"
)]

mod blackbox;
mod crash;
mod departments;
mod disk;
mod explain;
mod fidelity;
mod hostile;
mod hostile_register;
mod jobs;
mod life;
mod live;
mod month;
mod office;
mod phrasings;
mod register;
mod repeats;
mod rounds;
mod routing;
mod samples_read;
mod scripted;
mod scripts;
mod spoiled;
mod standing;
mod start;
mod syscalls;
mod terms;
mod threads;
mod tidy;
mod typical;
mod workbook;
