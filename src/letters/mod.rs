//! Letters: which there are, what each says, how people are addressed. Pure: no time, no files, no sending.

pub mod kind;
pub mod params;
pub mod render;
pub mod salutation;
pub mod samples;
mod templates;
mod view;
mod vocative_data;
mod wrap;
