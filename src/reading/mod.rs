//! reading

pub mod address;
pub mod category;
pub mod fold;
pub mod name;
pub mod person;
pub mod phone;
