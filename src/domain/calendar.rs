//! The office's calendar: which days are worked, when the operators sit, on which day a letter is registered.
//!
//! Under martial law public holidays are ordinary working days (Law 2136-IX, art. 6 p. 6); dated exceptions of the
//! configuration override weekends, holidays and martial law. All days and times are Kyiv's local ones.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use std::collections::BTreeSet;

/// The furthest that a search for a working day goes; a calendar without any working day must not hang the service.
const SEARCH_LIMIT_DAYS: u64 = 366;

/// Why a day is worked or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// Monday to Friday.
    Weekday,
    /// Saturday or Sunday.
    Weekend,
    /// A public holiday from Monday to Friday, not worked.
    Holiday,
    /// A public holiday from Monday to Friday, worked under martial law.
    WorkedHoliday,
    /// Off by order.
    OffByOrder,
    /// Worked by order.
    WorkedByOrder,
}

/// Working days and hours of the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Holidays are worked (art. 6 p. 6 of Law 2136-IX).
    pub martial_law: bool,
    /// Public holidays by date; ignored under martial law.
    pub holidays: BTreeSet<NaiveDate>,
    /// Days off by order, whatever else says.
    pub extra_days_off: BTreeSet<NaiveDate>,
    /// Working days by order (a worked Saturday), whatever else says.
    pub extra_working_days: BTreeSet<NaiveDate>,
    /// Operators sit from this time …
    pub open: NaiveTime,
    /// … to this time.
    pub close: NaiveTime,
}

impl Calendar {
    /// What kind of day it is here.
    pub fn kind(&self, day: NaiveDate) -> DayKind {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        if self.extra_working_days.contains(&day) {
            DayKind::WorkedByOrder
        } else if self.extra_days_off.contains(&day) {
            DayKind::OffByOrder
        } else if weekend {
            DayKind::Weekend
        } else if self.holidays.contains(&day) {
            if self.martial_law { DayKind::WorkedHoliday } else { DayKind::Holiday }
        } else {
            DayKind::Weekday
        }
    }

    /// Whether the office works on this day.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        match self.kind(day) {
            DayKind::Weekday | DayKind::WorkedHoliday | DayKind::WorkedByOrder => true,
            DayKind::Weekend | DayKind::Holiday | DayKind::OffByOrder => false,
        }
    }

    /// The day itself if it is worked, else the next one that is.
    pub fn working_on_or_after(&self, day: NaiveDate) -> NaiveDate {
        self.search(day, |day, step| day.checked_add_days(Days::new(step)))
    }

    /// The day itself if it is worked, else the last one before it that is.
    pub fn working_on_or_before(&self, day: NaiveDate) -> NaiveDate {
        self.search(day, |day, step| day.checked_sub_days(Days::new(step)))
    }

    /// The first working day after this one.
    pub fn next_working(&self, day: NaiveDate) -> NaiveDate {
        self.working_on_or_after(day.succ_opt().unwrap_or(day))
    }

    /// The last working day before this one.
    pub fn previous_working(&self, day: NaiveDate) -> NaiveDate {
        self.working_on_or_before(day.pred_opt().unwrap_or(day))
    }

    /// Whether the operators sit at this local time.
    pub fn in_hours(&self, local: NaiveDateTime) -> bool {
        self.is_working(local.date()) && local.time() >= self.open && local.time() < self.close
    }

    /// The day on which a letter received at this local time is registered: the same working day until closing time
    /// (before opening too), else the next working day.
    pub fn registration_day(&self, local: NaiveDateTime) -> NaiveDate {
        if self.is_working(local.date()) && local.time() < self.close {
            local.date()
        } else {
            self.next_working(local.date())
        }
    }

    fn search(&self, day: NaiveDate, step: impl Fn(NaiveDate, u64) -> Option<NaiveDate>) -> NaiveDate {
        (0..=SEARCH_LIMIT_DAYS)
            .map_while(|distance| step(day, distance))
            .find(|candidate| self.is_working(*candidate))
            .unwrap_or(day)
    }
}

/// For tests: hours from 10 to 15, no holiday, no order, martial law.
#[cfg(test)]
pub(crate) fn plain() -> Calendar {
    Calendar {
        martial_law: true,
        holidays: BTreeSet::new(),
        extra_days_off: BTreeSet::new(),
        extra_working_days: BTreeSet::new(),
        open: NaiveTime::from_hms_opt(10, 0, 0).unwrap(),
        close: NaiveTime::from_hms_opt(15, 0, 0).unwrap(),
    }
}
