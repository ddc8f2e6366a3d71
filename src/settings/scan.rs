//! What single strings of the configuration mean: times, durations, addresses, phones, schedules, patterns.
//!
//! Each function says in plain English what is wrong and how to write it instead. No files, no time.

use crate::domain::schedule::Schedule;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use std::time::Duration;

/// Longest pause between two letters.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Longest duration that a setting may ask for.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

/// "10:00".
pub(crate) fn time_of_day(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text, "%H:%M")
        .map_err(|_| format!("\"{text}\" is not a time of day; write it like \"10:00\""))
}

/// "30s", "5m", "2h".
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("\"{text}\" is not a duration; write it like \"30s\", \"5m\" or \"2h\"");
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let unit = text.strip_prefix(digits).unwrap_or("").trim();
    let seconds = match unit {
        "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3600),
        _ => None,
    };
    let duration = seconds.and_then(|unit| number.checked_mul(unit)).map(Duration::from_secs).ok_or_else(wrong)?;
    if duration.is_zero() || duration > LONGEST {
        return Err(format!("\"{text}\" is out of range; the shortest is \"1s\", the longest \"168h\""));
    }
    Ok(duration)
}

/// "1s", or "0s" for none, at most a minute.
pub(crate) fn pause(text: &str) -> Result<Duration, String> {
    let pause = if text == "0s" { Duration::ZERO } else { duration(text)? };
    if pause > LONGEST_PAUSE { Err("must be at most \"60s\"".to_owned()) } else { Ok(pause) }
}

/// "2022-07-15".
pub(crate) fn day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| format!("\"{text}\" is not a day; write it like 2022-07-15"))
}

/// "everything" (`None`) or a moment with its offset.
pub(crate) fn start(text: &str) -> Result<Option<DateTime<Utc>>, String> {
    if text == "everything" {
        return Ok(None);
    }
    let moment = DateTime::parse_from_rfc3339(text).map_err(|_| {
        format!("\"{text}\" is not a moment; write \"everything\" or a moment with its offset like 2022-07-11T00:00:00+03:00")
    })?;
    Ok(Some(moment.with_timezone(&Utc)))
}

/// `name@example.org`, lower case.
pub(crate) fn email(text: &str) -> Result<String, String> {
    let wrong =
        || format!("\"{text}\" is not an e-mail address; write it like name@example.org, without a display name");
    let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
    let local_ok = (1..=64).contains(&local.len())
        && local.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
    if !local_ok || domain_name(domain).is_err() {
        return Err(wrong());
    }
    Ok(text.to_lowercase())
}

/// `cc.smva.example`, lower case.
pub(crate) fn domain_name(text: &str) -> Result<String, String> {
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if text.contains('.') && text.len() <= 253 && text.split('.').all(label_ok) {
        Ok(text.to_lowercase())
    } else {
        Err(format!("\"{text}\" is not a domain name; write it like cc.example.org, in latin letters"))
    }
}

/// Name or address of a server.
pub(crate) fn host(text: &str) -> Result<String, String> {
    if text == "localhost" || text.parse::<std::net::IpAddr>().is_ok() {
        return Ok(text.to_owned());
    }
    domain_name(text).map_err(|_| format!("\"{text}\" is not the name of a server; write it like imap.gmail.com"))
}

/// `+380662838182`.
pub(crate) fn e164(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix('+').unwrap_or("");
    if (8..=15).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err(format!("\"{text}\" is not a phone in the international form; write it like +380662838182"))
    }
}

/// An `https` address; `http` only on this machine.
pub(crate) fn endpoint(text: &str) -> Result<String, String> {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|start| text.starts_with(start));
    if (text.starts_with("https://") || local) && text.len() > "https://".len() && !text.contains(char::is_whitespace) {
        Ok(text.to_owned())
    } else {
        Err(format!("\"{text}\" is not a secure address; write it like https://oauth2.googleapis.com/token"))
    }
}

/// A regular expression.
pub(crate) fn pattern(text: &str) -> Result<String, String> {
    match regex::Regex::new(text) {
        Ok(found) if found.is_match("") => {
            Err(format!("the pattern '{text}' matches an empty text; make it more exact, for example 'S-\\d{{6}}'"))
        }
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!("'{text}' is not a regular expression; write it like 'S-\\d{{6}}' in single quotes")),
    }
}

/// A schedule: six fields, days of the week by name.
pub(crate) fn schedule(text: &str) -> Result<Schedule, String> {
    const SHAPE: &str = "six fields: second minute hour day month weekday, like \"0 */15 10-18 * * Mon-Fri\"";
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() == 5 {
        return Err(format!("\"{text}\" has five fields, seconds are missing; write {SHAPE}"));
    }
    if fields.get(5).is_some_and(|weekday| weekday.chars().any(|c| c.is_ascii_digit())) {
        return Err(format!("\"{text}\" counts the days of the week, and counts differ; name them: Mon-Fri, Sun"));
    }
    let schedule = Schedule::parse(text).map_err(|_| format!("\"{text}\" is not a schedule; write {SHAPE}"))?;
    // Any leap year shows whether such a day exists at all (30 February does not).
    let from = Utc.with_ymd_and_hms(2024, 1, 1, 0, 0, 0).single().unwrap_or_default();
    match schedule.next_after(from) {
        Some(_) => Ok(schedule),
        None => Err(format!("\"{text}\" never comes; such a day does not exist")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_whole_numbers_with_a_unit() {
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(duration("2 h"), Ok(Duration::from_secs(7200)));
        for wrong in ["30", "", "s", "-5m", "5 minutes", "0s", "9999999999999999999s", "169h", "5м"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_days_and_moments_are_strict() {
        assert!(time_of_day("10:00").is_ok());
        for wrong in ["25:00", "10", "10.00", "десята"] {
            assert!(time_of_day(wrong).is_err(), "{wrong}");
        }
        assert!(day("2024-02-29").is_ok() && day("2023-02-29").is_err());
        assert_eq!(start("everything"), Ok(None));
        assert!(start("2022-07-11T00:00:00+03:00").is_ok_and(|moment| moment.is_some()));
        assert!(start("2022-07-11").is_err() && start("2022-07-11T00:00:00").is_err());
    }

    #[test]
    fn addresses_phones_and_servers_are_checked() {
        assert_eq!(email("A.B+c@Example.org").as_deref(), Ok("a.b+c@example.org"));
        for wrong in ["", "a", "a@b", "@example.org", "Ім'я <a@example.org>", "a b@example.org", "а@example.org"] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
        assert!(e164("+380662838182").is_ok());
        for wrong in ["0662838182", "+38 066", "380662838182", "+"] {
            assert!(e164(wrong).is_err(), "{wrong}");
        }
        assert!(host("localhost").is_ok() && host("127.0.0.1").is_ok() && host("imap.gmail.com").is_ok());
        assert!(host("https://imap.gmail.com").is_err() && host("imap gmail com").is_err());
        assert!(endpoint("https://oauth2.googleapis.com/token").is_ok() && endpoint("http://127.0.0.1:9/t").is_ok());
        assert!(endpoint("http://example.org/token").is_err());
    }

    #[test]
    fn schedules_have_six_fields_name_the_weekdays_and_come_some_day() {
        assert!(schedule("0 */15 10-18 * * Mon-Fri").is_ok());
        assert!(schedule("0 0 17 * * Mon-Fri").is_ok());
        for wrong in ["*/15 10-18 * * Mon-Fri", "0 0 17 * * 1-5", "0 0 25 * * *", "0 0 17 30 2 *", "щодня", ""] {
            assert!(schedule(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn patterns_must_be_valid_and_must_not_match_nothing() {
        assert!(pattern(r"S-\d{6}").is_ok());
        assert!(pattern("(").is_err() && pattern(r"\d*").is_err());
    }
}
