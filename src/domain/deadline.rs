//! Terms of consideration: when an appeal is registered, by when the law wants the answer, by when the office does it.
//!
//! The law (№ 393/96-ВР, art. 5, 7, 20) counts calendar days from the day of receipt in Kyiv and moves nothing to a later
//! day; so does this file. The control date is the last working day not after the legal one. One month is the earlier of
//! the calendar month and 30 days, so that neither reading of "month" is ever broken.
//!
//! Invariants: registered ≥ received; control ≤ legal; no term, however extended or paused, goes beyond 45 days from
//! receipt (art. 20) unless the rule itself was longer. Deliberately absent: what the time is now (`desk::deadlines`) and
//! which term an appeal gets (its topic and department say so).

use crate::domain::calendar::Calendar;
use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, Weekday};
use serde::{Deserialize, Serialize};

/// The longest term that the law allows, from receipt, extensions included (art. 20), in days.
pub const LONGEST_DAYS: u32 = 45;

/// A configured term longer than this is a mistake; it is cut (days).
const CUSTOM_LIMIT_DAYS: u32 = 3660;

/// How long the office has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Five days: forwarding to the competent body, returning for lack of data (art. 7).
    Days5,
    /// Ten days: returning an appeal that does not meet the requirements (art. 5).
    Days10,
    /// Fifteen days: appeals that need no study (art. 20).
    Days15,
    /// One month: the ordinary term (art. 20).
    Month,
    /// Thirty days, where an order of the office says so.
    Days30,
    /// Forty-five days: the ordinary term together with its extension (art. 20).
    Days45,
    /// A term of the office's own, in days.
    Custom(u32),
}

/// The dates of one appeal and why they are what they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Kyiv's calendar day of receipt: the base of counting.
    pub received_on: NaiveDate,
    /// Day of registration: a working day.
    pub registered_on: NaiveDate,
    /// The last day by law.
    pub legal: NaiveDate,
    /// The last working day not after the legal one: what the office works to.
    pub control: NaiveDate,
    /// Sentences in Ukrainian that derive each date, in order.
    pub derivation: Vec<String>,
    /// Why the legal date is what it is, in a few words.
    pub reasons: Vec<String>,
}

/// A stretch in which the term does not run (the applicant was asked for data), both days included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pause {
    /// First day that does not count.
    pub from: NaiveDate,
    /// Last day that does not count.
    pub to: NaiveDate,
}

impl Deadline {
    /// Both dates with the reason, on one line.
    pub fn in_short(&self) -> String {
        let (legal, control) = (shown(self.legal), shown(self.control));
        format!("за законом до {legal} ({}); контрольна дата {control}.", self.reasons.join("; "))
    }
}

impl Rule {
    /// The rule of so many days.
    pub fn of_days(days: u32) -> Self {
        match days {
            5 => Self::Days5,
            10 => Self::Days10,
            15 => Self::Days15,
            30 => Self::Days30,
            45 => Self::Days45,
            other => Self::Custom(other),
        }
    }

    /// The rule as people and settings write it: `5d`, `15`, `15 днів`, `month`, `1 month`, `місяць`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        let unit: String = text.chars().skip(digits.len()).filter(|c| c.is_alphabetic()).collect();
        let month = ["m", "mon", "month", "months", "м", "міс", "місяць", "месяц"].contains(&unit.as_str());
        let day = ["", "d", "day", "days", "д", "дн", "дні", "днів", "день", "дня", "дней"].contains(&unit.as_str())
            || unit.starts_with("calendarday")
            || unit.starts_with("календарн");
        match (digits.parse::<u32>(), month, day) {
            (Err(_), true, _) if digits.is_empty() => Some(Self::Month),
            (Ok(1), true, _) => Some(Self::Month),
            (Ok(days), _, true) if days <= CUSTOM_LIMIT_DAYS => Some(Self::of_days(days)),
            _ => None,
        }
    }

    /// The rule as settings write it: `15d`, `month`.
    pub fn id(self) -> String {
        self.days().map_or_else(|| "month".to_owned(), |days| format!("{days}d"))
    }

    /// Number of days; `None` for a month.
    pub fn days(self) -> Option<u32> {
        match self {
            Self::Days5 => Some(5),
            Self::Days10 => Some(10),
            Self::Days15 => Some(15),
            Self::Month => None,
            Self::Days30 => Some(30),
            Self::Days45 => Some(45),
            Self::Custom(days) => Some(days.min(CUSTOM_LIMIT_DAYS)),
        }
    }

    fn article(self) -> &'static str {
        match self {
            Self::Days5 => "ст. 7",
            Self::Days10 => "ст. 5",
            Self::Days15 | Self::Month | Self::Days45 => "ст. 20",
            Self::Days30 | Self::Custom(_) => "строк за тематикою",
        }
    }

    fn basis(self) -> &'static str {
        match self {
            Self::Days5 => "стаття 7 Закону України «Про звернення громадян»",
            Self::Days10 => "стаття 5 Закону України «Про звернення громадян»",
            Self::Days15 | Self::Month | Self::Days45 => "стаття 20 Закону України «Про звернення громадян»",
            Self::Days30 | Self::Custom(_) => "строк, установлений для цієї тематики",
        }
    }
}

/// The dates of an appeal received at this local time of Kyiv.
pub fn due(received: NaiveDateTime, rule: Rule, calendar: &Calendar) -> Deadline {
    let received_on = received.date();
    let registered_on = calendar.registration_day(received);
    let mut derivation = vec![why_registered(received, registered_on, calendar)];
    let legal = legal_date(received_on, rule, &mut derivation);
    let length = rule.days().map_or_else(|| "один місяць".to_owned(), |days| format!("{days} {}", days_word(days)));
    let reasons = vec![format!("{length} від {}, {}", shown(received_on), rule.article())];
    finish(Deadline { received_on, registered_on, legal, control: legal, derivation, reasons }, calendar)
}

/// The term of an appeal that was returned and completed at this moment: it begins anew (art. 5, 7).
pub fn anew(completed: NaiveDateTime, returned_on: NaiveDate, rule: Rule, calendar: &Calendar) -> Deadline {
    let mut deadline = due(completed, rule, calendar);
    deadline.derivation.insert(
        0,
        format!(
            "Звернення повернуто заявнику {}; строк обчислюється від дня, коли недоліки усунено (статті 5 і 7).",
            shown(returned_on)
        ),
    );
    deadline.reasons.push("від дня усунення недоліків".to_owned());
    deadline
}

/// The same appeal with a new term set by the head (art. 20): not earlier than before, at most 45 days from receipt.
pub fn extended(deadline: &Deadline, wanted: NaiveDate, calendar: &Calendar) -> Deadline {
    let longest = longest(deadline);
    let legal = wanted.clamp(deadline.legal.min(longest), longest);
    let mut derivation = legal_part(deadline);
    derivation.push(format!(
        "Строк продовжено рішенням керівника до {} (стаття 20: загалом не більше {LONGEST_DAYS} днів від надходження).",
        shown(legal)
    ));
    let mut reasons = deadline.reasons.clone();
    reasons.push(format!("продовжено керівником до {}", shown(legal)));
    if wanted > longest {
        derivation
            .push(format!("Запитана дата {} перевищує граничний строк і не може бути встановлена.", shown(wanted)));
    }
    finish(Deadline { legal, derivation, reasons, ..deadline.clone() }, calendar)
}

/// The same appeal when its term did not run on some days; they are added once each, within 45 days from receipt.
pub fn paused(deadline: &Deadline, pauses: &[Pause], calendar: &Calendar) -> Deadline {
    let longest = longest(deadline);
    let mut legal = deadline.legal;
    let mut counted = deadline.received_on;
    let mut days: u64 = 0;
    let mut ordered = pauses.to_vec();
    ordered.sort_unstable();
    for pause in ordered {
        // A pause that begins after the term has run out cannot revive it.
        if pause.from > legal {
            break;
        }
        let from = pause.from.max(counted.succ_opt().unwrap_or(counted));
        let length = u64::try_from(pause.to.signed_duration_since(from).num_days().saturating_add(1)).unwrap_or(0);
        if length == 0 {
            continue;
        }
        counted = pause.to;
        days = days.saturating_add(length);
        legal = deadline.legal.checked_add_days(Days::new(days)).unwrap_or(longest).min(longest);
    }
    if days == 0 {
        return deadline.clone();
    }
    let mut derivation = legal_part(deadline);
    derivation.push(format!(
        "Перебіг строку зупинявся для уточнення даних на {days} дн.; строк — до {} (не більше {LONGEST_DAYS} днів від \
         надходження).",
        shown(legal)
    ));
    let mut reasons = deadline.reasons.clone();
    reasons.push(format!("{days} дн. на уточнення даних"));
    finish(Deadline { legal, derivation, reasons, ..deadline.clone() }, calendar)
}

/// The last day that any extension may reach.
fn longest(deadline: &Deadline) -> NaiveDate {
    plus_days(deadline.received_on, LONGEST_DAYS).max(deadline.legal)
}

fn legal_date(received_on: NaiveDate, rule: Rule, derivation: &mut Vec<String>) -> NaiveDate {
    let Some(days) = rule.days() else {
        let month = received_on.checked_add_months(Months::new(1)).unwrap_or(received_on);
        let thirty = plus_days(received_on, 30);
        let legal = month.min(thirty);
        derivation.push(format!(
            "Строк — один місяць від дня надходження {} ({}): календарний місяць спливає {}, 30 днів — {}; береться раніша \
             дата: {}.",
            shown(received_on),
            rule.basis(),
            shown(month),
            shown(thirty),
            named(legal)
        ));
        return legal;
    };
    let legal = plus_days(received_on, days);
    derivation.push(format!(
        "Строк — {days} {} від дня надходження {} ({}): {}.",
        days_word(days),
        shown(received_on),
        rule.basis(),
        named(legal)
    ));
    legal
}

/// Sets the control date and says why.
fn finish(mut deadline: Deadline, calendar: &Calendar) -> Deadline {
    let candidate = calendar.working_on_or_before(deadline.legal);
    let found = calendar.is_working(candidate) && candidate >= deadline.received_on;
    deadline.control = if found { candidate } else { deadline.legal };
    deadline.derivation.push(match (found, candidate == deadline.legal) {
        (true, true) => format!("Контрольна дата — {}: останній день строку є робочим.", named(candidate)),
        (true, false) => format!(
            "Контрольна дата — {}: {} — неробочий день, тому взято останній робочий день перед ним.",
            named(candidate),
            named(deadline.legal)
        ),
        (false, _) => {
            format!("Контрольна дата — {}: у межах строку немає жодного робочого дня.", named(deadline.legal))
        }
    });
    deadline
}

/// The derivation without its last sentence, the one about the control date.
fn legal_part(deadline: &Deadline) -> Vec<String> {
    let kept = deadline.derivation.len().saturating_sub(1);
    deadline.derivation.iter().take(kept).cloned().collect()
}

fn why_registered(received: NaiveDateTime, registered_on: NaiveDate, calendar: &Calendar) -> String {
    let moment = format!("{} о {}", named(received.date()), received.format("%H:%M"));
    if !calendar.is_working(received.date()) {
        return format!("Надійшло {moment}, у неробочий день; зареєстровано {}.", named(registered_on));
    }
    if received.time() < calendar.close {
        return format!("Надійшло {moment}, у робочий день до {}; зареєстровано того самого дня.", hour(calendar));
    }
    format!(
        "Надійшло {moment}, після {}; зареєстровано наступного робочого дня: {}.",
        hour(calendar),
        named(registered_on)
    )
}

fn hour(calendar: &Calendar) -> String {
    calendar.close.format("%H:%M").to_string()
}

fn plus_days(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}

fn shown(day: NaiveDate) -> String {
    day.format("%d.%m.%Y").to_string()
}

fn named(day: NaiveDate) -> String {
    format!("{} ({})", shown(day), weekday_name(day.weekday()))
}

/// The day of the week in Ukrainian.
pub fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "понеділок",
        Weekday::Tue => "вівторок",
        Weekday::Wed => "середа",
        Weekday::Thu => "четвер",
        Weekday::Fri => "п'ятниця",
        Weekday::Sat => "субота",
        Weekday::Sun => "неділя",
    }
}

/// "день", "дні" or "днів" after a number.
pub fn days_word(count: u32) -> &'static str {
    match (count % 10, count % 100) {
        (_, 11..=14) => "днів",
        (1, _) => "день",
        (2..=4, _) => "дні",
        _ => "днів",
    }
}

#[cfg(test)]
#[path = "deadline_tests.rs"]
mod tests;
