//! Letters: which there are, what each says, how people are addressed. Pure: no time, no files, no sending.

pub mod kind;
pub mod params;
pub mod salutation;
mod vocative_data;
