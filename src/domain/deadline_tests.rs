//! The table of the law and ten years of days.

use super::*;
use crate::domain::calendar::plain as calendar;
use chrono::TimeDelta;
use proptest::prelude::*;

const RULES: [Rule; 7] =
    [Rule::Days5, Rule::Days10, Rule::Days15, Rule::Month, Rule::Days30, Rule::Days45, Rule::Custom(7)];

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%d.%m.%Y").unwrap()
}

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%d.%m.%Y %H:%M").unwrap()
}

#[test]
fn the_table_of_counting() {
    use Rule::{Days5, Days10, Days15, Days30, Days45, Month};
    let table: &[(&str, &str, Rule, &str, &str)] = &[
        ("11.07.2022", "11.07.2022", Days5, "16.07.2022", "15.07.2022"),
        ("11.07.2022", "11.07.2022", Days10, "21.07.2022", "21.07.2022"),
        ("11.07.2022", "11.07.2022", Days15, "26.07.2022", "26.07.2022"),
        ("11.07.2022", "11.07.2022", Month, "10.08.2022", "10.08.2022"),
        ("11.07.2022", "11.07.2022", Days30, "10.08.2022", "10.08.2022"),
        ("11.07.2022", "11.07.2022", Days45, "25.08.2022", "25.08.2022"),
        ("15.07.2022", "15.07.2022", Days5, "20.07.2022", "20.07.2022"),
        ("15.07.2022", "15.07.2022", Days10, "25.07.2022", "25.07.2022"),
        ("15.07.2022", "15.07.2022", Days15, "30.07.2022", "29.07.2022"),
        ("15.07.2022", "15.07.2022", Month, "14.08.2022", "12.08.2022"),
        ("15.07.2022", "15.07.2022", Days30, "14.08.2022", "12.08.2022"),
        ("15.07.2022", "15.07.2022", Days45, "29.08.2022", "29.08.2022"),
        ("31.07.2022", "01.08.2022", Days5, "05.08.2022", "05.08.2022"),
        ("31.07.2022", "01.08.2022", Days10, "10.08.2022", "10.08.2022"),
        ("31.07.2022", "01.08.2022", Days15, "15.08.2022", "15.08.2022"),
        ("31.07.2022", "01.08.2022", Month, "30.08.2022", "30.08.2022"),
        ("31.07.2022", "01.08.2022", Days30, "30.08.2022", "30.08.2022"),
        ("31.07.2022", "01.08.2022", Days45, "14.09.2022", "14.09.2022"),
        ("31.01.2023", "31.01.2023", Days5, "05.02.2023", "03.02.2023"),
        ("31.01.2023", "31.01.2023", Days10, "10.02.2023", "10.02.2023"),
        ("31.01.2023", "31.01.2023", Days15, "15.02.2023", "15.02.2023"),
        ("31.01.2023", "31.01.2023", Month, "28.02.2023", "28.02.2023"),
        ("31.01.2023", "31.01.2023", Days30, "02.03.2023", "02.03.2023"),
        ("31.01.2023", "31.01.2023", Days45, "17.03.2023", "17.03.2023"),
        ("30.01.2024", "30.01.2024", Days5, "04.02.2024", "02.02.2024"),
        ("30.01.2024", "30.01.2024", Days10, "09.02.2024", "09.02.2024"),
        ("30.01.2024", "30.01.2024", Days15, "14.02.2024", "14.02.2024"),
        ("30.01.2024", "30.01.2024", Month, "29.02.2024", "29.02.2024"),
        ("30.01.2024", "30.01.2024", Days30, "29.02.2024", "29.02.2024"),
        ("30.01.2024", "30.01.2024", Days45, "15.03.2024", "15.03.2024"),
    ];
    for (received, registered, rule, legal, control) in table {
        let deadline = due(at(&format!("{received} 11:00")), *rule, &calendar());
        assert_eq!(
            (deadline.registered_on, deadline.legal, deadline.control),
            (day(registered), day(legal), day(control)),
            "{received} {rule:?}"
        );
    }
}

#[test]
fn the_hour_decides_the_day_of_registration_and_never_the_term() {
    for (received, registered) in [
        ("11.07.2022 00:00", "11.07.2022"),
        ("11.07.2022 09:59", "11.07.2022"),
        ("11.07.2022 14:59", "11.07.2022"),
        ("11.07.2022 15:00", "12.07.2022"),
        ("11.07.2022 23:59", "12.07.2022"),
        ("15.07.2022 15:01", "18.07.2022"),
        ("16.07.2022 11:00", "18.07.2022"),
        ("17.07.2022 23:59", "18.07.2022"),
    ] {
        let deadline = due(at(received), Rule::Days15, &calendar());
        assert_eq!(deadline.registered_on, day(registered), "{received}");
        assert_eq!(deadline.legal, at(received).date() + Days::new(15), "{received}");
    }
}

#[test]
fn holidays_count_only_without_martial_law_and_dated_exceptions_always() {
    let mut calendar = calendar();
    calendar.holidays.insert(day("24.08.2022"));
    let control = |calendar: &Calendar| due(at("09.08.2022 11:00"), Rule::Days15, calendar).control;
    assert_eq!(control(&calendar), day("24.08.2022"));
    calendar.martial_law = false;
    assert_eq!(control(&calendar), day("23.08.2022"));
    calendar.extra_working_days.insert(day("24.08.2022"));
    assert_eq!(control(&calendar), day("24.08.2022"));
    calendar.extra_working_days.clear();
    calendar.extra_days_off.insert(day("23.08.2022"));
    assert_eq!(control(&calendar), day("22.08.2022"));
    calendar.extra_working_days.insert(day("20.08.2022"));
    assert_eq!(due(at("20.08.2022 11:00"), Rule::Days5, &calendar).registered_on, day("20.08.2022"));
}

#[test]
fn a_term_without_working_days_keeps_its_last_day() {
    let mut calendar = calendar();
    calendar.extra_days_off.extend((11..=31).map(|d| NaiveDate::from_ymd_opt(2022, 7, d).unwrap()));
    let deadline = due(at("11.07.2022 11:00"), Rule::Days5, &calendar);
    assert_eq!((deadline.registered_on, deadline.control), (day("01.08.2022"), day("16.07.2022")));
}

#[test]
fn an_extension_ends_at_the_latest_45_days_after_receipt_and_says_so() {
    let calendar = calendar();
    let month = due(at("11.07.2022 11:00"), Rule::Month, &calendar);
    let longer = extended(&month, day("20.08.2022"), &calendar);
    assert_eq!((longer.legal, longer.control), (day("20.08.2022"), day("19.08.2022")));
    let longest = extended(&month, day("30.09.2022"), &calendar);
    assert_eq!(longest.legal, day("25.08.2022"));
    assert!(longest.derivation.iter().any(|line| line.contains("перевищує граничний строк")));
    assert_eq!(extended(&month, day("01.08.2022"), &calendar).legal, month.legal, "an extension never shortens");
    assert_eq!(extended(&longest, day("30.09.2022"), &calendar).legal, longest.legal, "and does not add up");
}

#[test]
fn pauses_add_each_day_once_within_45_days() {
    let calendar = calendar();
    let month = due(at("11.07.2022 11:00"), Rule::Month, &calendar);
    let pause = |from: &str, to: &str| Pause { from: day(from), to: day(to) };
    let legal = |pauses: &[Pause]| paused(&month, pauses, &calendar).legal;
    assert_eq!(legal(&[]), month.legal);
    assert_eq!(legal(&[pause("12.07.2022", "14.07.2022")]), day("13.08.2022"));
    let overlapping = [pause("13.07.2022", "16.07.2022"), pause("12.07.2022", "14.07.2022")];
    assert_eq!(legal(&overlapping), day("15.08.2022"));
    assert_eq!(legal(&[pause("12.07.2022", "30.09.2022")]), day("25.08.2022"));
    assert_eq!(legal(&[pause("20.09.2022", "30.09.2022")]), month.legal, "a pause after the end revives nothing");
    assert_eq!(legal(&[pause("14.07.2022", "12.07.2022")]), month.legal, "a pause that ends before it begins is none");
}

#[test]
fn each_date_is_derived_in_words() {
    let deadline = due(at("15.07.2022 16:10"), Rule::Month, &calendar());
    let text = deadline.derivation.join("\n");
    for part in [
        "15.07.2022 (п'ятниця) о 16:10",
        "після 15:00",
        "18.07.2022 (понеділок)",
        "стаття 20",
        "календарний місяць спливає 15.08.2022, 30 днів — 14.08.2022",
        "Контрольна дата — 12.08.2022 (п'ятниця)",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}

#[test]
fn rules_are_read_as_people_write_them() {
    for (text, rule) in [
        ("5d", Some(Rule::Days5)),
        ("10", Some(Rule::Days10)),
        ("15 днів", Some(Rule::Days15)),
        ("15 days", Some(Rule::Days15)),
        (" Month ", Some(Rule::Month)),
        ("1 month", Some(Rule::Month)),
        ("1month", Some(Rule::Month)),
        ("1m", Some(Rule::Month)),
        ("місяць", Some(Rule::Month)),
        ("1 міс.", Some(Rule::Month)),
        ("30d", Some(Rule::Days30)),
        ("45 d", Some(Rule::Days45)),
        ("45 календарних днів", Some(Rule::Days45)),
        ("7d", Some(Rule::Custom(7))),
        ("2 months", None),
        ("soon", None),
        ("", None),
        ("99999999999", None),
    ] {
        assert_eq!(Rule::parse(text), rule, "{text:?}");
    }
    for rule in RULES {
        assert_eq!(Rule::parse(&rule.id()), Some(rule));
    }
}

#[test]
fn ten_years_of_days_keep_the_order_of_dates() {
    let calendar = calendar();
    for rule in RULES {
        let mut before: Option<Deadline> = None;
        for step in 0..3653 {
            let deadline = due(at("01.01.2022 12:00") + TimeDelta::days(step), rule, &calendar);
            assert!(deadline.registered_on >= deadline.received_on);
            assert!(deadline.control <= deadline.legal && calendar.is_working(deadline.control));
            assert!((deadline.legal - deadline.control).num_days() <= 2);
            assert!(deadline.legal - deadline.received_on >= TimeDelta::days(5));
            if rule == Rule::Month {
                assert!(deadline.legal <= deadline.received_on + Days::new(30));
                assert!(deadline.legal <= deadline.received_on.checked_add_months(Months::new(1)).unwrap());
            }
            if let Some(before) = before {
                assert!(
                    before.legal <= deadline.legal && before.control <= deadline.control,
                    "{}",
                    deadline.received_on
                );
                assert!(before.registered_on <= deadline.registered_on);
            }
            before = Some(deadline);
        }
    }
}

proptest! {
    #[test]
    fn later_receipt_never_gives_an_earlier_date_whatever_the_calendar(
        minutes in prop::collection::vec(0i64..5_260_000, 2),
        off in prop::collection::btree_set(0u64..3653, 0..60),
        worked in prop::collection::btree_set(0u64..3653, 0..60),
        days in 0u32..100,
    ) {
        let start = at("01.01.2022 00:00");
        let mut calendar = calendar();
        calendar.extra_days_off = off.iter().map(|d| start.date() + Days::new(*d)).collect();
        calendar.extra_working_days = worked.iter().map(|d| start.date() + Days::new(*d)).collect();
        let (early, late) = (minutes[0].min(minutes[1]), minutes[0].max(minutes[1]));
        for rule in RULES.into_iter().chain([Rule::Custom(days)]) {
            let first = due(start + TimeDelta::minutes(early), rule, &calendar);
            let second = due(start + TimeDelta::minutes(late), rule, &calendar);
            prop_assert_eq!(&first, &due(start + TimeDelta::minutes(early), rule, &calendar));
            prop_assert!(first.legal <= second.legal && first.registered_on <= second.registered_on);
            prop_assert!(first.control <= first.legal);
            prop_assert!(calendar.is_working(first.registered_on));
            prop_assert!(calendar.is_working(first.control) || first.control == first.legal);
            prop_assert!(extended(&first, second.legal, &calendar).legal >= first.legal);
        }
    }
}

proptest! {
    #[test]
    fn pauses_and_returns_over_ten_years_keep_the_bounds_of_the_law(
        received in 0i64..5_260_000,
        stretches in prop::collection::vec((0u64..60, 0u64..20), 0..4),
        returned in 0i64..90,
    ) {
        let calendar = calendar();
        let received = at("01.01.2022 00:00") + TimeDelta::minutes(received);
        let day = |after: u64| received.date() + Days::new(after);
        let pauses: Vec<Pause> =
            stretches.iter().map(|(from, days)| Pause { from: day(*from), to: day(from + days) }).collect();
        for rule in [Rule::Month, Rule::Days15] {
            let first = due(received, rule, &calendar);
            let shifted = paused(&first, &pauses, &calendar);
            // Never shorter, never beyond 45 days; the same pauses in any order, told twice, give the same term.
            prop_assert!(first.legal <= shifted.legal && shifted.legal <= received.date() + Days::new(45));
            prop_assert!(shifted.control <= shifted.legal && calendar.is_working(shifted.control));
            let twice: Vec<Pause> = pauses.iter().rev().chain(&pauses).copied().collect();
            prop_assert_eq!(&paused(&first, &twice, &calendar), &shifted);
            prop_assert_eq!(paused(&first, &[], &calendar), first);
            let completed = received + TimeDelta::days(returned);
            let begun = anew(completed, received.date(), rule, &calendar);
            prop_assert_eq!(begun.legal, due(completed, rule, &calendar).legal);
            prop_assert!(begun.in_short().contains("від дня усунення недоліків"));
        }
    }
}
