//! Randomness: for the key that signs Message-IDs, made once by `init`, and for pauses that must not all be equal.

use rustix::rand::{GetRandomFlags, getrandom};
use std::io;

/// 32 bytes from the kernel's generator; waits until it is seeded.
pub fn key() -> io::Result<[u8; 32]> {
    let mut bytes = [0u8; 32];
    // Up to 256 bytes come whole once the generator is seeded (getrandom(2)), so one call is enough.
    if getrandom(&mut bytes, GetRandomFlags::empty())? == bytes.len() {
        Ok(bytes)
    } else {
        Err(io::Error::other("the kernel gave fewer random bytes than asked"))
    }
}

/// A number from 0 to 1, for pauses; a half where the kernel gives none.
pub fn share() -> f64 {
    let mut bytes = [0u8; 2];
    match getrandom(&mut bytes, GetRandomFlags::empty()) {
        Ok(2) => f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX),
        Ok(_) | Err(_) => 0.5,
    }
}
