//! Dates of headers: RFC 5322 and what is met in its place (no seconds, no zone, zone names, two-digit years, days and
//! months in Ukrainian or Russian). A date that does not exist is no date; a missing zone is taken for UTC.

use chrono::{DateTime, FixedOffset, NaiveDate};

/// Words looked at.
const MAX_WORDS: usize = 12;

/// Beginnings of month names, in small letters.
const MONTHS: [(&str, u32); 36] = [
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("січ", 1),
    ("лют", 2),
    ("бер", 3),
    ("кві", 4),
    ("тра", 5),
    ("чер", 6),
    ("лип", 7),
    ("сер", 8),
    ("вер", 9),
    ("жов", 10),
    ("лис", 11),
    ("гру", 12),
    ("янв", 1),
    ("фев", 2),
    ("мар", 3),
    ("апр", 4),
    ("мая", 5),
    ("июн", 6),
    ("июл", 7),
    ("авг", 8),
    ("сен", 9),
    ("окт", 10),
    ("ноя", 11),
    ("дек", 12),
];

/// Names of zones that mail programs still write, with their hours.
const ZONES: [(&str, i32); 16] = [
    ("gmt", 0),
    ("utc", 0),
    ("ut", 0),
    ("z", 0),
    ("eet", 2),
    ("eest", 3),
    ("msk", 3),
    ("cet", 1),
    ("cest", 2),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("pst", -8),
    ("pdt", -7),
];

/// Reads a date; `None` if it is none.
pub fn parse(text: &str) -> Option<DateTime<FixedOffset>> {
    let lower = text.to_lowercase();
    let (mut day, mut month, mut year, mut clock, mut zone) = (None, None, None, None, None);
    for word in lower.split([' ', '\t', ',', '\r', '\n']).filter(|word| !word.is_empty()).take(MAX_WORDS) {
        if word.starts_with('(') {
            break;
        }
        if word.contains(':') {
            clock = clock.or(time(word));
        } else if clock.is_some() {
            zone = zone.or(offset(word));
        } else if let Ok(number) = word.trim_end_matches('.').parse::<i32>() {
            if day.is_none() {
                day = u32::try_from(number).ok();
            } else {
                year = year.or(Some(number));
            }
        } else if day.is_some() {
            let known = MONTHS.iter().find(|(name, _)| word.starts_with(name));
            month = month.or(known.map(|(_, number)| *number));
        }
    }
    let year = match year? {
        short @ 0..=49 => short.saturating_add(2000),
        short @ 50..=99 => short.saturating_add(1900),
        long => long,
    };
    let (hour, minute, second) = clock?;
    let local = NaiveDate::from_ymd_opt(year, month?, day?)?.and_hms_opt(hour, minute, second)?;
    local.and_local_timezone(zone.unwrap_or(FixedOffset::east_opt(0)?)).single()
}

/// `hh:mm` or `hh:mm:ss`; a leap second is the last second of its minute.
fn time(word: &str) -> Option<(u32, u32, u32)> {
    let mut numbers = word.split(':').map(|part| part.parse::<u32>().ok());
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let second = numbers.next().unwrap_or(Some(0))?;
    Some((hour, minute, if second == 60 { 59 } else { second }))
}

/// `+hhmm`, `-hhmm` or the name of a zone.
fn offset(word: &str) -> Option<FixedOffset> {
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == word) {
        return FixedOffset::east_opt(hours.saturating_mul(3600));
    }
    let (digits, east) = match word.strip_prefix('-') {
        Some(digits) => (digits, false),
        None => (word.strip_prefix('+')?, true),
    };
    if digits.len() != 4 {
        return None;
    }
    let number = digits.parse::<i32>().ok()?;
    let (hours, minutes) = (number.div_euclid(100), number.rem_euclid(100));
    if hours > 14 || minutes > 59 {
        return None;
    }
    let seconds = hours.saturating_mul(3600).saturating_add(minutes.saturating_mul(60));
    FixedOffset::east_opt(if east { seconds } else { seconds.saturating_neg() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_they_are_met() {
        for (raw, want) in [
            ("Mon, 06 Feb 2023 10:12:00 +0200", Some("2023-02-06T10:12:00+02:00")),
            ("Wed, 15 Feb 2023 09:30:00 +0200 (EET)", Some("2023-02-15T09:30:00+02:00")),
            ("15 Feb 2023 09:30 GMT", Some("2023-02-15T09:30:00+00:00")),
            ("15 Feb 23 09:30:05 -0930", Some("2023-02-15T09:30:05-09:30")),
            ("Sun,\t1 Jan 2023 00:00:00 EET", Some("2023-01-01T00:00:00+02:00")),
            ("1 January 2023 00:00:00", Some("2023-01-01T00:00:00+00:00")),
            ("Ср, 15 лют 2023 09:30:00 +0200", Some("2023-02-15T09:30:00+02:00")),
            ("чт, 1 черв. 2023 09:30:00 +0300", Some("2023-06-01T09:30:00+03:00")),
            ("Пн, 30 дек 2024 23:59:60 +0200", Some("2024-12-30T23:59:59+02:00")),
            ("вт, 29 лист. 2022 р. 09:30:00 +0200", Some("2022-11-29T09:30:00+02:00")),
            ("вчора", None),
            ("", None),
            ("Wed, 31 Feb 2023 09:30:00 +0200", None),
            ("Wed, 15 Feb 2023 29:30:00 +0200", None),
            ("Wed, 15 Feb 99999999999 09:30:00 +0200", None),
            ("Wed, 15 Feb 2023", None),
            ("Wed, 15 Feb 2023 09:30:00 +9900", Some("2023-02-15T09:30:00+00:00")),
        ] {
            assert_eq!(parse(raw).map(|date| date.to_rfc3339()).as_deref(), want, "{raw}");
        }
    }
}
