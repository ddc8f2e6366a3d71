//! Days and times as people write them into cells: serial numbers, `11.07.22 р.`, `11 липня 2022`, `10.35`.
//!
//! What could mean two things is not guessed: `None`, and the caller asks the person. No year is ever made up.

use chrono::{Days, NaiveDate, NaiveTime, Timelike};

/// Days outside these years are taken for slips.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;
/// Longest text that can be a day or a time, letters.
const MAX_LETTERS: usize = 40;
/// Days between the two ways of Excel to count.
const DAYS_TO_1904: f64 = 1462.0;

/// Beginnings of the names of months, Ukrainian and Russian.
const MONTHS: [(&str, u32); 25] = [
    ("січ", 1),
    ("лют", 2),
    ("берез", 3),
    ("квіт", 4),
    ("трав", 5),
    ("черв", 6),
    ("лип", 7),
    ("серп", 8),
    ("верес", 9),
    ("жовт", 10),
    ("листоп", 11),
    ("груд", 12),
    ("янв", 1),
    ("фев", 2),
    ("март", 3),
    ("апр", 4),
    ("мая", 5),
    ("май", 5),
    ("июн", 6),
    ("июл", 7),
    ("авг", 8),
    ("сент", 9),
    ("окт", 10),
    ("нояб", 11),
    ("дек", 12),
];

/// The day of a number: Excel's count of days, or eight digits typed without points.
pub(super) fn day_of_number(number: f64, date1904: bool) -> Option<NaiveDate> {
    if !(1.0..1e8).contains(&number) {
        return None;
    }
    let days = number.floor() + if date1904 { DAYS_TO_1904 } else { 0.0 };
    let by_count = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days as u64));
    by_count.filter(|day| in_years(*day)).or_else(|| {
        let typed = number as u32;
        if f64::from(typed) == number && typed >= 1_011_990 {
            ymd(typed % 10_000, typed / 10_000 % 100, typed / 1_000_000)
        } else {
            None
        }
    })
}

/// The day of a text; the time behind it does not matter.
pub(super) fn day_of_text(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    if text.chars().count() > MAX_LETTERS {
        return None;
    }
    let lower = text.to_lowercase();
    let (words, numbers) = tokens(&lower);
    let month = words.iter().find_map(|word| MONTHS.iter().find(|(start, _)| word.starts_with(start)));
    if !words.iter().all(|word| is_noise(word) || MONTHS.iter().any(|(start, _)| word.starts_with(start))) {
        return None;
    }
    match (month, numbers.as_slice()) {
        (Some((_, month)), [day, year, ..]) => ymd(full_year(year)?, *month, value(day)?),
        (Some(_), _) => None,
        (None, [year, month, day, ..]) if year.len() == 4 => ymd(value(year)?, value(month)?, value(day)?),
        (None, [day, month, year, ..]) => {
            let (day, month, year) = (value(day)?, value(month)?, full_year(year)?);
            // 7/11/2022 is July in one system and November in another.
            if lower.contains('/') && day != month && day <= 12 && month <= 12 { None } else { ymd(year, month, day) }
        }
        (None, _) => None,
    }
}

/// The time of a number: part of a day, or hours and minutes typed with a point or without anything.
pub(super) fn time_of_number(number: f64) -> Option<NaiveTime> {
    if !(0.0..1e6).contains(&number) {
        return None;
    }
    if number < 1.0 || (number >= 10_000.0 && number.fract() > 0.0) {
        let minutes = (number.fract() * 1440.0).round() as u32;
        return NaiveTime::from_hms_opt(minutes / 60 % 24, minutes % 60, 0);
    }
    if number.fract() == 0.0 && number >= 100.0 {
        let typed = number as u32;
        return NaiveTime::from_hms_opt(typed / 100, typed % 100, 0);
    }
    let hundredths = (number * 100.0).round();
    if number < 24.0 && (hundredths - number * 100.0).abs() < 1e-6 {
        let typed = hundredths as u32;
        return NaiveTime::from_hms_opt(typed / 100, typed % 100, 0);
    }
    None
}

/// The time of a text.
pub(super) fn time_of_text(text: &str) -> Option<NaiveTime> {
    let lower = text.trim().to_lowercase();
    if lower.chars().count() > MAX_LETTERS {
        return None;
    }
    // An ISO moment: the day does not matter.
    let lower = lower.split_once('t').map_or(lower.as_str(), |(_, time)| time);
    let (words, numbers) = tokens(lower);
    let known = [
        "о",
        "об",
        "год",
        "година",
        "години",
        "годин",
        "хв",
        "хвилин",
        "хвилини",
        "г",
        "ч",
        "час",
        "мин",
        "am",
        "pm",
        "z",
    ];
    if !words.iter().all(|word| known.contains(&word.as_str())) {
        return None;
    }
    let afternoon = words.iter().any(|word| word == "pm");
    let (hour, minute) = match numbers.as_slice() {
        [hour] if hour.len() <= 2 => (value(hour)?, 0),
        [both] if both.len() == 4 => (value(both)? / 100, value(both)? % 100),
        [hour, minute] | [hour, minute, _] | [hour, minute, _, _] if minute.len() == 2 => {
            (value(hour)?, value(minute)?)
        }
        _ => return None,
    };
    let hour = if afternoon && hour < 12 { hour + 12 } else { hour };
    NaiveTime::from_hms_opt(hour, minute, 0).map(|time| time.with_second(0).unwrap_or(time))
}

/// Words and runs of digits of a text, everything else between them.
fn tokens(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut words, mut numbers): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut before = ' ';
    for letter in text.chars() {
        let (list, goes_on) = if letter.is_ascii_digit() {
            (&mut numbers, before.is_ascii_digit())
        } else if letter.is_alphabetic() {
            (&mut words, before.is_alphabetic())
        } else {
            before = letter;
            continue;
        };
        match list.last_mut() {
            Some(last) if goes_on => last.push(letter),
            Some(_) | None => list.push(letter.to_string()),
        }
        before = letter;
    }
    (words, numbers)
}

/// Words that may stand beside a day.
fn is_noise(word: &str) -> bool {
    [
        "р", "рік", "року", "роки", "г", "год", "года", "від", "до", "о", "t", "z", "пн", "вт", "ср", "чт", "пт", "сб",
        "нд",
    ]
    .contains(&word)
}

fn value(digits: &str) -> Option<u32> {
    digits.parse().ok()
}

/// `22` is 2022; a year has two or four digits.
fn full_year(digits: &str) -> Option<u32> {
    let year = value(digits)?;
    match digits.len() {
        4 => Some(year),
        2 if year < 70 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

fn ymd(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).filter(|day| in_years(*day))
}

fn in_years(day: NaiveDate) -> bool {
    use chrono::Datelike;
    YEARS.contains(&day.year())
}
