//! Who may still be written to, when the hour's or the day's allowance runs short: the last letters of a day are kept for
//! alerts and departments; an alert waits for no hour.

use crate::desk::action::Priority;

/// This share of the day is kept for alerts and departments: one letter in so many.
const KEPT_SHARE: u32 = 4;

/// What is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Most letters in an hour.
    pub per_hour: u32,
    /// Most letters in a day.
    pub per_day: u32,
}

/// Why letters wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The hour's allowance is used up.
    Hour,
    /// The day's allowance is used up, or what is left of it is kept for the more urgent.
    Day,
    /// The way out rests after a failure, or by the server's wish.
    Rests,
}

impl Allowance {
    /// The least urgent letter that may leave after so many in the last hour and day (`None`: no letter at all), and what
    /// holds the others.
    pub fn least_urgent(self, last_hour: u32, last_day: u32) -> (Option<Priority>, Option<Held>) {
        if last_day >= self.per_day {
            (None, Some(Held::Day))
        } else if last_hour >= self.per_hour {
            (Some(Priority::Alert), Some(Held::Hour))
        } else if last_day >= self.per_day - self.per_day / KEPT_SHARE {
            (Some(Priority::Department), Some(Held::Day))
        } else {
            (Some(Priority::Routine), None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_quarter_of_a_day_is_kept_and_alerts_wait_for_no_hour() {
        let allowance = Allowance { per_hour: 60, per_day: 400 };
        for (hour, day, expected) in [
            (0, 0, (Some(Priority::Routine), None)),
            (59, 299, (Some(Priority::Routine), None)),
            (0, 300, (Some(Priority::Department), Some(Held::Day))),
            (60, 100, (Some(Priority::Alert), Some(Held::Hour))),
            (60, 399, (Some(Priority::Alert), Some(Held::Hour))),
            (0, 400, (None, Some(Held::Day))),
        ] {
            assert_eq!(allowance.least_urgent(hour, day), expected, "{hour} {day}");
        }
        let (all, _) = Allowance { per_hour: 1, per_day: 1 }.least_urgent(0, 0);
        assert_eq!(all, Some(Priority::Routine));
    }
}
