//! The column "Підказка системи": what a colleague would whisper to the operator about a new row.

use crate::desk::context::Desk;
use crate::desk::follow::remark::{TERM, with_line};
use crate::desk::snapshot::Pending;
use crate::domain::deadline::Deadline;
use crate::domain::reading::{Alarm, Missing, Reading};

/// Values read with less confidence than this are to be checked by the operator.
const SURE: f32 = 0.6;
/// A second department this close to the first is named too.
const CLOSE: f32 = 0.8;
/// Quotations in hints are cut to this many characters.
const QUOTE_LENGTH: usize = 60;

/// What is missing, in the words of the letter to the applicant.
pub fn missing_label(missing: Missing) -> &'static str {
    match missing {
        Missing::Name => "прізвище, ім'я, по батькові",
        Missing::Phone => "контактний телефон",
        Missing::RegisteredAddress => "прописка",
        Missing::TemporaryAddress => "місце тимчасового проживання",
        Missing::Essence => "суть питання",
    }
}

/// Why an appeal is resonant, for people.
pub fn alarm_label(alarm: Alarm) -> &'static str {
    match alarm {
        Alarm::Life => "загроза життю",
        Alarm::Corruption => "повідомлення про корупцію",
        Alarm::Media => "розголос, звернення до ЗМІ",
        Alarm::Mass => "масове звернення",
    }
}

/// A quotation short enough for a hint.
pub fn quoted(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= QUOTE_LENGTH {
        format!("«{line}»")
    } else {
        format!("«{}…»", line.chars().take(QUOTE_LENGTH).collect::<String>().trim_end())
    }
}

/// The hint of a new row, one thought a line.
pub fn of_new_row(desk: &Desk<'_>, letter: &Pending, deadline: &Deadline) -> Vec<String> {
    let reading = &letter.reading;
    let mut lines = Vec::new();
    if let Some(alarm) = &reading.alarm {
        lines.push(format!("РЕЗОНАНСНЕ: {} ({}).", alarm_label(alarm.value), quoted(&alarm.quote)));
    }
    if !reading.missing.is_empty() {
        let missing: Vec<&str> = reading.missing.iter().map(|missing| missing_label(*missing)).collect();
        lines.push(format!("Бракує: {}.", missing.join("; ")));
    }
    lines.extend(department(desk, reading));
    for code in &reading.complained_of {
        let name = desk.settings.office.department(code).map_or(code.as_str(), |found| found.name.as_str());
        lines.push(format!("Скарга на «{name}»: не передавати до нього (ст. 7 Закону), доповісти керівникові."));
    }
    if reading.complains_of_official {
        lines.push("Скарга на посадову особу: не передавати до неї (ст. 7 Закону), доповісти керівникові.".into());
    }
    lines.extend(doubts(reading));
    if letter.message_id_reused {
        lines.push(
            "Інший лист із таким самим Message-ID уже надходив; текст відрізняється — перевірте, чи не повтор.".into(),
        );
    }
    if letter.late {
        lines.push("Лист датовано значно раніше, ніж він надійшов до скриньки.".into());
    }
    if reading.needs_ocr {
        lines.push("Текст лише на зображенні: прочитайте вкладення та заповніть графи.".into());
    }
    if let Some(reason) = &reading.no_reply {
        lines.push(format!("Автоматичного повідомлення заявнику не надіслано: {reason}."));
    }
    lines.extend(reading.remarks.iter().map(|remark| remark.text.clone()));
    lines.push(term(deadline));
    lines
}

/// The line about the term, as it is kept up later.
pub fn term(deadline: &Deadline) -> String {
    with_line("", TERM, Some(&deadline.in_short()))
}

/// Which department the matter seems to belong to, and by which words.
pub fn department(desk: &Desk<'_>, reading: &Reading) -> Option<String> {
    let office = &desk.settings.office;
    let mut candidates = reading.departments.iter().filter(|found| !reading.complained_of.contains(&found.code));
    let Some(first) = candidates.next() else {
        let default = office.department(&office.default_department)?;
        return Some(format!("Підрозділ за текстом не визначено; за замовчуванням: {}.", default.name));
    };
    let name = &office.department(&first.code)?.name;
    let words: Vec<String> = first.words.iter().take(3).map(|word| quoted(word)).collect();
    let why = if words.is_empty() { String::new() } else { format!(" (за словами {})", words.join(", ")) };
    let second = candidates.next().filter(|second| second.score >= first.score * CLOSE);
    let or = second
        .and_then(|second| office.department(&second.code))
        .map_or(String::new(), |other| format!(" Або: {} — оберіть.", other.name));
    Some(format!("Пропонований підрозділ: {name}{why}.{or}"))
}

fn doubts(reading: &Reading) -> Vec<String> {
    let name = [&reading.surname, &reading.name, &reading.patronymic].into_iter().flatten();
    let mut doubtful: Vec<(&str, &str)> =
        name.filter(|found| found.confidence < SURE).map(|found| ("ПІБ", found.quote.as_str())).take(1).collect();
    doubtful.extend(
        reading.phones.iter().filter(|found| found.confidence < SURE).map(|found| ("телефон", found.quote.as_str())),
    );
    for (label, found) in
        [("прописку", &reading.registered_address), ("тимчасове проживання", &reading.temporary_address)]
    {
        if let Some(found) = found.as_ref().filter(|found| found.confidence < SURE) {
            doubtful.push((label, &found.quote));
        }
    }
    doubtful.iter().map(|(label, quote)| format!("Перевірте {label}: прочитано з {}.", quoted(quote))).collect()
}
