//! Randomness, for the one thing that needs it: the key that signs Message-IDs, made once by `init`.

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
