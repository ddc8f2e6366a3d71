//! Reading: from a decoded letter to what a clerk would understand of it.
//!
//! Pure: no time, no files, no randomness; reading what strangers wrote never fails. `body` cuts the letter into own
//! words and quoted ones; WHO writes (person, phone, address, category) and WHAT about (classify, essence, kind, topic,
//! resonance, thread, repeat) are read from the own words only.

pub mod address;
pub mod category;
pub mod fold;
pub mod folded;
pub mod given;
pub mod latin;
pub mod name;
pub mod names_data;
pub mod patronymic;
pub mod person;
pub mod person_cues;
pub mod person_find;
pub mod phone;
pub mod phone_plan;
pub mod representative;
pub mod surname;
pub mod terms;
pub mod words;
