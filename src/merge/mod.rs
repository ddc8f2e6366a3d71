//! merge

mod moment;
mod phone;
pub mod value;
