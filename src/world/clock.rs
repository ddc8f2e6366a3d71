//! The clock. The only place, beside `main`, that asks what time it is; everything below `engine` is told.

use chrono::{DateTime, Utc};
use std::time::SystemTime;

/// The present moment.
pub fn now() -> DateTime<Utc> {
    DateTime::<Utc>::from(SystemTime::now())
}

/// Seconds of a clock that only goes forward, for measuring waits.
pub fn monotonic_seconds() -> u64 {
    u64::try_from(rustix::time::clock_gettime(rustix::time::ClockId::Monotonic).tv_sec).unwrap_or(0)
}

/// Milliseconds of the same clock.
pub fn monotonic_millis() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    let (seconds, nanos) = (u64::try_from(time.tv_sec).unwrap_or(0), u64::try_from(time.tv_nsec).unwrap_or(0));
    seconds.saturating_mul(1000).saturating_add(nanos / 1_000_000)
}

/// A point on the steady clock, to measure waits from.
pub fn instant() -> std::time::Instant {
    std::time::Instant::now()
}
