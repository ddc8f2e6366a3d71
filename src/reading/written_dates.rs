//! Days as people write them in a line of text: `12.08`, `12.08.22 р.`, `2022-08-12`, `12-го серпня`, `12 августа`.
//!
//! A day without a year is the nearest one not before a given day (the registration): a status of January about an appeal
//! of December is of the next year. What is not a day of the calendar is not a date: times, sums and phones stay text.

use chrono::{Datelike, NaiveDate};
use regex::{Captures, Regex};
use std::ops::Range;
use std::sync::LazyLock;

/// How many years ahead 29 February is looked for.
const YEARS_AHEAD: i32 = 8;
/// Most dates taken from one text.
const MAX_DATES: usize = 50;

/// Beginnings of the months' names, Ukrainian and Russian, in the genitive that dates use; two letters shorter never fit.
const MONTHS: [&[&str]; 12] = [
    &["січ", "янв"],
    &["лют", "фев"],
    &["берез", "март"],
    &["квіт", "апр"],
    &["трав", r"ма[яй]\b"],
    &["черв", "июн"],
    &["лип", "июл"],
    &["серп", "авг"],
    &["верес", "сент"],
    &["жовт", "окт"],
    &["листоп", "нояб"],
    &["груд", "дек"],
];

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let year = r"(?:\s?(?:року|рік|роки|год[ау]?|р|г)\b\.?)?";
    let names: Vec<&str> = MONTHS.iter().flat_map(|names| names.iter().copied()).collect();
    Regex::new(&format!(
        r"(?xi)
        \b(?<iso_y>\d{{4}})[-./](?<iso_m>\d{{1,2}})[-./](?<iso_d>\d{{1,2}})\b
        | \b(?<d>\d{{1,2}})\s?[./,\-–]\s?(?<m>\d{{1,2}})(?:\s?[./,\-–]\s?(?<y>\d{{4}}|\d{{2}}))?(?:\b|(?:року|р|г)\b){year}
        | \b(?<sd>\d{{1,2}})\s(?<sm>\d{{2}})\s(?<sy>\d{{4}})\b{year}
        | \b(?<rd>\d{{1,2}})[./\ ](?<rm>[IVXІХ]{{1,4}})[./\ ](?<ry>\d{{4}}|\d{{2}})\b{year}
        | \b(?<nd>\d{{1,2}})(?:\s?-?\s?(?:го|ого|е))?\s?(?<nm>{})\p{{L}}*\.?(?:\s?(?<ny>\d{{4}}|\d{{2}}\s?р)\b)?{year}",
        names.join("|")
    ))
    .ok()
});

/// The dates of a text with their places in bytes, in order.
pub fn dates_in(text: &str, not_before: NaiveDate) -> Vec<(Range<usize>, NaiveDate)> {
    let Some(pattern) = DATE.as_ref() else {
        return Vec::new();
    };
    pattern
        .captures_iter(text)
        .take(MAX_DATES)
        .filter_map(|found| {
            let place = found.get(0)?.range();
            if continues_a_number(text, &place) {
                return None;
            }
            Some((place, day_of(&found, not_before)?))
        })
        .collect()
}

/// A phone, an index or a long number, of which the match is only a part.
fn continues_a_number(text: &str, place: &Range<usize>) -> bool {
    let mut before = text.get(..place.start).unwrap_or_default().chars().rev();
    let mut after = text.get(place.end..).unwrap_or_default().chars();
    let joins = |c: Option<char>| matches!(c, Some('.' | '-' | '/' | ','));
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    (joins(before.next()) && digit(before.next())) || (joins(after.next()) && digit(after.next()))
}

fn day_of(found: &Captures<'_>, not_before: NaiveDate) -> Option<NaiveDate> {
    let number = |name: &str| -> Option<u32> {
        let text = found.name(name)?.as_str();
        text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
    };
    if let Some(year) = number("iso_y") {
        return ymd(year, number("iso_m")?, number("iso_d")?);
    }
    if let Some(day) = number("d") {
        return near(number("y"), number("m")?, day, not_before);
    }
    if let Some(day) = number("sd") {
        return near(number("sy"), number("sm")?, day, not_before);
    }
    if let Some(day) = number("rd") {
        return near(number("ry"), roman(found.name("rm")?.as_str())?, day, not_before);
    }
    near(number("ny"), month_named(found.name("nm")?.as_str())?, number("nd")?, not_before)
}

fn near(year: Option<u32>, month: u32, day: u32, not_before: NaiveDate) -> Option<NaiveDate> {
    if let Some(year) = year {
        return ymd(if year < 100 { year.saturating_add(2000) } else { year }, month, day);
    }
    (0..=YEARS_AHEAD)
        .filter_map(|ahead| NaiveDate::from_ymd_opt(not_before.year().checked_add(ahead)?, month, day))
        .find(|candidate| *candidate >= not_before)
}

fn ymd(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let year = i32::try_from(year).ok().filter(|year| (1990..2100).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

fn month_named(name: &str) -> Option<u32> {
    let name = name.to_lowercase();
    let place =
        MONTHS.iter().position(|names| names.contains(&name.as_str())).or((name.starts_with("ма")).then_some(4))?;
    u32::try_from(place.saturating_add(1)).ok()
}

fn roman(text: &str) -> Option<u32> {
    let text: String = text.chars().flat_map(char::to_uppercase).map(latin).collect();
    let names = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    let place = names.iter().position(|name| *name == text)?;
    u32::try_from(place.saturating_add(1)).ok()
}

fn latin(c: char) -> char {
    match c {
        'І' => 'I',
        'Х' => 'X',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> String {
        let registered = NaiveDate::from_ymd_opt(2022, 7, 11).unwrap();
        dates_in(text, registered).iter().map(|(_, day)| day.to_string()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_day_is_read_in_every_form_that_offices_use() {
        for text in [
            "12.08",
            "12.8",
            "12.08.",
            "12.08.22",
            "12.08.2022",
            "12.08.2022р.",
            "12.08.2022 р.",
            "12.08.22р",
            "12/08/2022",
            "12-08-2022",
            "12,08",
            "12. 08. 2022",
            "2022-08-12",
            "2022.08.12",
            "12 08 2022",
            "12.VIII.2022",
            "12 серпня",
            "12 серпня 2022 року",
            "12 СЕРПНЯ 2022 р.",
            "12-го серпня",
            "12серпня",
            "12 серп.",
            "12 августа",
            "12 августа 2022 года",
        ] {
            assert_eq!(days(text), "2022-08-12", "{text}");
        }
    }

    #[test]
    fn a_day_without_a_year_is_the_nearest_not_before_registration() {
        assert_eq!(days("11.07"), "2022-07-11");
        assert_eq!(days("10.07"), "2023-07-10");
        assert_eq!(days("05.01"), "2023-01-05");
        assert_eq!(days("29.02"), "2024-02-29");
        assert_eq!(days("10.07.2022"), "2022-07-10", "a year that is written stays");
    }

    #[test]
    fn other_numbers_are_no_days() {
        for text in [
            "31.02",
            "10.30",
            "45 днів",
            "№ 45",
            "066-283-81-82",
            "К-128/2022",
            "К-12/2022",
            "1.2.3.4",
            "100%",
            "2 листки? ні: 50 листків",
            "",
        ] {
            assert_eq!(days(text), "", "{text}");
        }
    }

    #[test]
    fn several_days_keep_their_order() {
        assert_eq!(days("лист від 12.08 № 45, виконано 15.08.2022"), "2022-08-12 2022-08-15");
    }
}
