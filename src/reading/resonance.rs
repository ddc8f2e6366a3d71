//! Why an appeal must be reported at once: danger to life, corruption, a threat to go to the media, twenty people.
//!
//! Words of danger count only for the present: a house that burned down in 2022 is a claim for property. Corruption needs
//! somebody who takes; a landlord's or a bank's demand is none. The media count when somebody threatens to go there. The
//! quotation is shown to a person; neither anonymity nor suspicion of spam suppresses the signal.

use crate::domain::reading::{Alarm, Found};
use crate::reading::folded::{Folded, Words};
use crate::reading::resonance_terms::{BRIBE, DANGER, DYING, MEDIA, NOW, PAST, PROPERTY, RESCUE, THREAT, UNDER_FIRE};
use crate::reading::terms::{Terms, listed};
use std::sync::LazyLock;

/// An appeal of so many people is reported.
const MASS: u32 = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// Somebody is dying, whatever the tense of the rest.
    Dying,
    /// Danger, if it is now.
    Danger,
    /// Somebody is under fire.
    UnderFire,
    /// Somebody is to be brought out or helped.
    Rescue,
    /// Happens now.
    Now,
    /// Happened before.
    Past,
    /// Property and its compensation are spoken of.
    Property,
    /// Somebody takes money for what is free.
    Bribe,
    /// Journalists, television.
    Media,
    /// Somebody will go, write, tell.
    Threat,
}

static SIGNS: LazyLock<Terms<Sign>> = LazyLock::new(|| {
    let lists: [(&str, Sign); 10] = [
        (DYING, Sign::Dying),
        (DANGER, Sign::Danger),
        (UNDER_FIRE, Sign::UnderFire),
        (RESCUE, Sign::Rescue),
        (NOW, Sign::Now),
        (PAST, Sign::Past),
        (PROPERTY, Sign::Property),
        (BRIBE, Sign::Bribe),
        (MEDIA, Sign::Media),
        (THREAT, Sign::Threat),
    ];
    Terms::new(lists.into_iter().flat_map(|(terms, sign)| listed(terms).map(move |term| (term, sign))))
});

/// Why an appeal with this subject, the sentences of its matter and these own words must be reported at once, with the
/// words that say so; the gravest reason first.
pub fn find_alarm(subject: &str, matter: &[Words<'_>], own: Words<'_>) -> Option<Found<Alarm>> {
    let subject = Folded::new(subject);
    let mut best: Option<Found<Alarm>> = None;
    for sentence in subject.words().sentences().chain(matter.iter().copied()) {
        let found =
            alarm_of(sentence).map(|value| Found { value, quote: sentence.source().to_owned(), confidence: 0.8 });
        best = match (best, found) {
            (Some(best), Some(found)) if found.value < best.value => Some(found),
            (None, found) => found,
            (best, _) => best,
        };
    }
    best.or_else(|| {
        let (people, quote) = people(own)?;
        (people >= MASS).then_some(Found { value: Alarm::Mass, quote, confidence: 0.9 })
    })
}

fn alarm_of(sentence: Words<'_>) -> Option<Alarm> {
    let signs: Vec<Sign> = SIGNS.hits(sentence).map(|hit| *hit.value).collect();
    let has = |sign: Sign| signs.contains(&sign);
    let before = has(Sign::Past);
    let danger = has(Sign::Danger) && has(Sign::Now) && !has(Sign::Property);
    let under_fire = has(Sign::UnderFire) && has(Sign::Rescue) && !has(Sign::Property);
    if !before && (has(Sign::Dying) || danger || under_fire) {
        Some(Alarm::Life)
    } else if has(Sign::Bribe) {
        Some(Alarm::Corruption)
    } else if has(Sign::Media) && has(Sign::Threat) {
        Some(Alarm::Media)
    } else {
        None
    }
}

/// Beginnings of tens and hundreds in words.
static NUMERALS: LazyLock<Terms<u32>> = LazyLock::new(|| Terms::new(NUMERAL_WORDS.iter().copied()));

const NUMERAL_WORDS: &[(&str, u32)] = &[
    ("сто", 100),
    ("ста", 100),
    ("двадцят*", 20),
    ("двадцат*", 20),
    ("тридцят*", 30),
    ("тридцат*", 30),
    ("сорок*", 40),
    ("пятдесят*", 50),
    ("пятьдесят*", 50),
    ("шістдесят*", 60),
    ("шестьдесят*", 60),
    ("сімдесят*", 70),
    ("семьдесят*", 70),
    ("вісімдесят*", 80),
    ("восемьдесят*", 80),
    ("девяност*", 90),
    ("двіст*", 200),
    ("двест*", 200),
    ("трист*", 300),
    ("сотн*", 100),
];

/// Words before a number of people that say that these people apply.
const INTRODUCERS: &[&str] = &[
    "нас",
    "ми",
    "мы",
    "від",
    "от",
    "імені",
    "имени",
    "разом",
    "усього",
    "всього",
    "всего",
    "колективн",
    "коллективн",
    "підписал",
    "подписал",
    "підписан",
    "група",
    "групи",
    "группа",
    "представля",
    "обєднує",
    "нижчепідписан",
    "список",
    "списку",
    "додаєм",
];

/// Beginnings of words for those who apply.
const PEOPLE: &[&str] = &[
    "мешканц",
    "мешканк",
    "жител",
    "жильц",
    "осіб",
    "особи",
    "людей",
    "люд",
    "человек",
    "чоловік",
    "родин",
    "сімей",
    "сімї",
    "семей",
    "семьи",
    "квартир",
    "власник",
    "собственник",
    "батьк",
    "родител",
    "переселен",
    "впо",
    "працівник",
    "работник",
    "вчител",
    "учител",
    "пенсіонер",
    "пенсионер",
    "громадян",
    "граждан",
    "заявник",
    "сусід",
    "сосед",
    "матер",
    "дружин",
    "підприєм",
    "водії",
    "студент",
];

/// How many people sign or speak, with the words that say so.
fn people(own: Words<'_>) -> Option<(u32, String)> {
    let begins =
        |word: Option<&str>, stems: &[&str]| word.is_some_and(|word| stems.iter().any(|stem| word.starts_with(stem)));
    for index in 0..own.len() {
        let Some(number) = number(own, index) else { continue };
        let signed = begins(own.word(index + 1), &["підпис", "подпис"]);
        let counted = begins(own.word(index + 1), PEOPLE) || begins(own.word(index + 2), PEOPLE);
        let introduced = (1..=3).filter_map(|back| index.checked_sub(back)).any(|at| begins(own.word(at), INTRODUCERS));
        let list =
            begins(index.checked_sub(1).and_then(|at| own.word(at)), &["підписів", "підписали", "подписей", "підписи"]);
        if number >= MASS && (signed || list || (counted && introduced)) {
            let first = index.saturating_sub(2);
            let quote = own.quote(first, (index + 2).min(own.len().saturating_sub(1)));
            return Some((number, quote.to_owned()));
        }
    }
    None
}

fn number(text: Words<'_>, index: usize) -> Option<u32> {
    let word = text.word(index)?;
    if word.starts_with(|letter: char| letter.is_ascii_digit()) {
        return word.parse().ok().filter(|number| *number < 1900 || *number > 2100);
    }
    NUMERALS.hits_at(text, index).next().map(|hit| *hit.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, alarm: Option<Alarm>) {
        let folded = Folded::new(text);
        let sentences: Vec<Words<'_>> = folded.words().sentences().collect();
        assert_eq!(find_alarm("", &sentences, folded.words()).map(|found| found.value), alarm, "{text}");
    }

    #[test]
    fn what_threatens_now_is_reported_and_what_happened_is_not() {
        check("Нога чорніє, боїмося гангрени. Допоможіть вивезти!", Some(Alarm::Life));
        check("Бабуся сама під обстрілами, допоможіть її евакуювати", Some(Alarm::Life));
        check("Сусід погрожує вбити, щодня ходить з ножем", Some(Alarm::Life));
        check("У під'їзді чути запах газу", Some(Alarm::Life));
        check("Я більше не хочу жити", Some(Alarm::Life));
        check("Под завалами люди", Some(Alarm::Life));
        check("Будинок згорів у 2022 внаслідок обстрілу, прошу компенсацію", None);
        check("Через обстріли втратили житло, допоможіть з ремонтом", None);
        check("Після вибуху вибито вікна. Прошу скласти акт негайно.", None);
        check("Чоловік помер у березні, як отримати допомогу на поховання?", None);
    }

    #[test]
    fn corruption_needs_somebody_who_takes() {
        check("За місце в списку беруть по 15 тисяч гривень", Some(Alarm::Corruption));
        check("У хабі продають гуманітарну допомогу", Some(Alarm::Corruption));
        check("Лікар вимагає хабар за довідку", Some(Alarm::Corruption));
        check("Банк вимагає повернути кредит", None);
        check("Орендодавець вимагає 5000 грн за квартиру", None);
    }

    #[test]
    fn the_media_count_when_somebody_threatens_to_go_there() {
        check("Якщо не вирішите, звернуся до журналістів", Some(Alarm::Media));
        check("Иначе обратимся на телевидение", Some(Alarm::Media));
        check("Бачила сюжет по телебаченню про виплати", None);
        check("Я працюю журналістом у газеті, шукаю роботу", None);
    }

    #[test]
    fn twenty_people_are_a_mass_appeal() {
        check("Від мешканців будинку (68 підписів) просимо", Some(Alarm::Mass));
        check("Ми, 45 родин модульного містечка, просимо", Some(Alarm::Mass));
        check("Нас понад тридцять людей у гуртожитку", Some(Alarm::Mass));
        check("Від імені 12 сімей просимо", None);
        check("З 68 квартир уціліли п'ять", None);
        check("Таких родин близько восьмисот", None);
        check("Від мешканця вул. Новікова, 25, кв. 40", None);
    }
}
