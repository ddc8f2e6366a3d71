//! Which reminder about a deadline is owed today, and what is overdue.
//!
//! Stages are counted in working days before the control date; "Прострочено" is computed from the legal date and never
//! stored. Level-triggered: after a stop only the stage of today is owed, not those that passed unsent. A stage that fell
//! on the day of registration or before is never owed: a term of five days needs no warning five days ahead.
//!
//! Deliberately absent: to whom and how (desk, letters) and the hour (the desk reminds in working hours only).

use crate::domain::calendar::Calendar;
use crate::domain::deadline::Deadline;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How near the control date is; later stages are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Five working days are left.
    FiveDays,
    /// Three working days are left.
    ThreeDays,
    /// One working day is left.
    OneDay,
    /// Today is the control date, or a day off between it and the legal one.
    Today,
    /// The legal date has passed.
    Overdue,
}

impl Stage {
    const AHEAD: [(Self, u32); 4] = [(Self::Today, 0), (Self::OneDay, 1), (Self::ThreeDays, 3), (Self::FiveDays, 5)];

    /// Stable key.
    pub fn id(self) -> &'static str {
        match self {
            Self::FiveDays => "five_days",
            Self::ThreeDays => "three_days",
            Self::OneDay => "one_day",
            Self::Today => "today",
            Self::Overdue => "overdue",
        }
    }

    /// The stage with this key.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::FiveDays, Self::ThreeDays, Self::OneDay, Self::Today, Self::Overdue]
            .into_iter()
            .find(|stage| stage.id() == id)
    }
}

/// Whether the term has run out.
pub fn is_overdue(deadline: &Deadline, today: NaiveDate) -> bool {
    today > deadline.legal
}

/// Calendar days since the legal date; 0 if it has not passed.
pub fn days_overdue(deadline: &Deadline, today: NaiveDate) -> u32 {
    u32::try_from(today.signed_duration_since(deadline.legal).num_days()).unwrap_or(0)
}

/// The stage of today; `None` while the control date is far.
pub fn stage(deadline: &Deadline, today: NaiveDate, calendar: &Calendar) -> Option<Stage> {
    if is_overdue(deadline, today) {
        return Some(Stage::Overdue);
    }
    Stage::AHEAD.into_iter().find(|(_, ahead)| today >= day_ahead(deadline.control, *ahead, calendar)).map(|(s, _)| s)
}

/// The reminder to send today, if the last one sent was `sent`: none on days off, none twice.
pub fn owed(deadline: &Deadline, sent: Option<Stage>, today: NaiveDate, calendar: &Calendar) -> Option<Stage> {
    if !calendar.is_working(today) {
        return None;
    }
    let stage = stage(deadline, today, calendar)?;
    let begun = Stage::AHEAD
        .into_iter()
        .find(|(known, _)| *known == stage)
        .map(|(_, ahead)| day_ahead(deadline.control, ahead, calendar));
    let too_early = begun.is_some_and(|begun| begun <= deadline.registered_on);
    (!too_early && sent.is_none_or(|sent| sent < stage)).then_some(stage)
}

/// Working days from today (not counted) to the control date (counted); 0 if it is today or has passed.
pub fn working_days_left(deadline: &Deadline, today: NaiveDate, calendar: &Calendar) -> u32 {
    let mut left = 0_u32;
    let mut day = today;
    while day < deadline.control {
        let next = calendar.next_working(day);
        if next <= day || next > deadline.control {
            break;
        }
        day = next;
        left = left.saturating_add(1);
    }
    left
}

fn day_ahead(control: NaiveDate, working_days: u32, calendar: &Calendar) -> NaiveDate {
    (0..working_days).fold(control, |day, _| calendar.previous_working(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::plain as calendar;
    use crate::domain::deadline::{Rule, due};
    use chrono::Days;

    fn day(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%d.%m.%Y").unwrap()
    }

    fn deadline(received: &str, rule: Rule) -> Deadline {
        due(day(received).and_hms_opt(11, 0, 0).unwrap(), rule, &calendar())
    }

    /// Days and stages of all reminders when the desk looks every day.
    fn reminders(deadline: &Deadline, from: &str, days: u64) -> Vec<String> {
        let mut sent = None;
        let mut all = Vec::new();
        for today in (0..days).map(|step| day(from) + Days::new(step)) {
            if let Some(stage) = owed(deadline, sent, today, &calendar()) {
                all.push(format!("{} {}", today.format("%d.%m"), stage.id()));
                sent = Some(stage);
            }
        }
        all
    }

    #[test]
    fn each_stage_is_reminded_of_once_on_its_working_day() {
        // Control date Fri 29.07, legal Sat 30.07; overdue from Sunday, told on Monday.
        let appeal = deadline("15.07.2022", Rule::Days15);
        assert_eq!(
            reminders(&appeal, "15.07.2022", 40),
            ["22.07 five_days", "26.07 three_days", "28.07 one_day", "29.07 today", "01.08 overdue"]
        );
    }

    #[test]
    fn a_short_term_is_not_warned_about_on_the_day_it_begins() {
        let appeal = deadline("11.07.2022", Rule::Days5);
        assert_eq!(
            reminders(&appeal, "11.07.2022", 10),
            ["12.07 three_days", "14.07 one_day", "15.07 today", "18.07 overdue"]
        );
    }

    #[test]
    fn after_a_stop_only_the_stage_of_today_is_owed() {
        let appeal = deadline("15.07.2022", Rule::Days15);
        assert_eq!(reminders(&appeal, "28.07.2022", 1), ["28.07 one_day"]);
        assert_eq!(reminders(&appeal, "10.08.2022", 3), ["10.08 overdue"]);
    }

    #[test]
    fn overdue_begins_after_the_legal_date() {
        let appeal = deadline("15.07.2022", Rule::Days15);
        for (today, days, left) in
            [("28.07.2022", 0, 1), ("29.07.2022", 0, 0), ("30.07.2022", 0, 0), ("31.07.2022", 1, 0)]
        {
            assert_eq!(days_overdue(&appeal, day(today)), days, "{today}");
            assert_eq!(is_overdue(&appeal, day(today)), days > 0);
            assert_eq!(working_days_left(&appeal, day(today), &calendar()), left);
        }
        assert_eq!(working_days_left(&appeal, day("15.07.2022"), &calendar()), 10);
        assert_eq!(stage(&appeal, day("30.07.2022"), &calendar()), Some(Stage::Today));
    }

    #[test]
    fn stages_never_go_back_over_ten_years() {
        for step in 0..3653 {
            let received = day("01.01.2022") + Days::new(step);
            let appeal = due(received.and_hms_opt(16, 0, 0).unwrap(), Rule::Month, &calendar());
            let mut before = None;
            for today in (0..40).map(|step| received + Days::new(step)) {
                let now = stage(&appeal, today, &calendar());
                assert!(now >= before);
                before = now;
            }
            assert_eq!(before, Some(Stage::Overdue));
        }
    }
}
