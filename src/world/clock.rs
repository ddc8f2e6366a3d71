//! The clock. The only place, beside `main`, that asks what time it is; everything below `engine` is told.

use chrono::{DateTime, Utc};
use std::time::SystemTime;

/// The present moment.
pub fn now() -> DateTime<Utc> {
    DateTime::<Utc>::from(SystemTime::now())
}
