//! Typical answers: the sheet that people keep, the ones that fit an appeal, and what `ТВ-7` in the answer cell means.
//!
//! The sheet of the current year's register is the truth; the service adds the numbers and counts the uses. An answer that
//! nobody approved, or whose time is over, is neither proposed nor sent. How well one fits is the likeness of the matter
//! with its question or with its key words.

use crate::desk::beside;
use crate::desk::similar::Stems;
use crate::domain::field::Field;
use crate::domain::grid::{BesideTable, Raw, SheetEdits};
use crate::domain::register::Table;
use crate::domain::value::Value;
use crate::merge::value::interpret;
use crate::reading::fold::fold;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Name of the sheet.
pub const ANSWERS_SHEET: &str = "Типові відповіді";
/// Least likeness of one that is named in a hint.
const LEAST: f64 = 0.35;
/// Most that a hint names.
const MOST_NAMED: usize = 3;

const NUMBER: &str = "№";
const TOPIC: &str = "Тема";
const KEYWORDS: &str = "Ключові слова";
const QUESTION: &str = "Питання";
const ANSWER: &str = "Відповідь";
const BASIS: &str = "Правова підстава";
const DEPARTMENT: &str = "Підрозділ";
const APPROVED: &str = "Дата затвердження";
const VALID_TO: &str = "Дійсна до";
const USED: &str = "Використано разів";
/// The columns with their widths in Excel characters.
const COLUMNS: [(&str, u16); 10] = [
    (NUMBER, 6),
    (TOPIC, 24),
    (KEYWORDS, 28),
    (QUESTION, 40),
    (ANSWER, 60),
    (BASIS, 28),
    (DEPARTMENT, 28),
    (APPROVED, 14),
    (VALID_TO, 12),
    (USED, 12),
];

/// A typical answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typical {
    /// Its number; `ТВ-7` names it.
    pub number: i64,
    /// What it is about.
    pub topic: String,
    /// Words by which it is found.
    pub keywords: String,
    /// The question that it answers.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// The law behind it.
    pub basis: String,
    /// Whose it is.
    pub department: String,
    /// When it was approved; `None`: it was not, or not in a way that is a day.
    pub approved: Option<NaiveDate>,
    /// The last day on which it holds; `None`: no end.
    pub valid_to: Option<NaiveDate>,
    /// "Дійсна до" holds something that is no day: nobody knows whether it still holds.
    pub end_unclear: bool,
    /// How often it was sent.
    pub used: i64,
}

impl Typical {
    /// Whether it may be sent on a day; the error says why not, in the middle of a sentence.
    ///
    /// # Errors
    /// If it is not approved, not yet approved on that day, its time is over, or it has no text.
    pub fn usable(&self, today: NaiveDate) -> Result<(), String> {
        if self.answer.split_whitespace().count() < 2 {
            return Err("тексту відповіді немає".to_owned());
        }
        if named(&self.answer).is_some() {
            return Err("її текст сам називає іншу типову відповідь".to_owned());
        }
        match self.approved {
            None => return Err("її не затверджено".to_owned()),
            Some(day) if day > today => return Err(format!("її затверджено з {}", day.format("%d.%m.%Y"))),
            Some(_) => {}
        }
        if self.end_unclear {
            return Err("строк її дії вказано незрозуміло".to_owned());
        }
        match self.valid_to {
            Some(day) if day < today => Err(format!("строк її дії минув {}", day.format("%d.%m.%Y"))),
            Some(_) | None => Ok(()),
        }
    }

    /// What the applicant is told.
    pub fn text(&self) -> String {
        let basis = self.basis.trim().trim_end_matches('.');
        if basis.is_empty() {
            self.answer.clone()
        } else {
            format!("{}\nПідстава: {basis}.", self.answer.trim_end())
        }
    }

    /// How well it fits a matter, from 0 to 1.
    pub fn fits(&self, matter: &Stems) -> f64 {
        matter.likeness(&Stems::of(&self.question)).max(matter.likeness(&Stems::of(&self.keywords)))
    }

    /// Beginnings of words by which it is looked up.
    pub fn words(&self) -> String {
        let stems = Stems::of(&format!("{} {} {}", self.topic, self.keywords, self.question));
        stems.iter().collect::<Vec<_>>().join(" ")
    }
}

/// The number that an answer cell names: "ТВ-7", "тв 7", "TB-7" with Latin letters.
pub fn named(text: &str) -> Option<i64> {
    let folded = fold(text.trim()).replace("tb", "тв");
    let rest = folded.strip_prefix("тв")?.trim_start_matches([' ', '-', '–', '—', '№', '.']);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Whether a cell says nothing but such a number.
pub fn is_only_a_name(text: &str) -> bool {
    named(text).is_some() && text.chars().filter(|c| c.is_alphabetic()).count() == 2
}

/// The best that fit a matter, as a hint names them; `None` if none does.
pub fn proposed(matter: &str, candidates: &[Typical], today: NaiveDate) -> Option<String> {
    let matter = Stems::of(matter);
    let mut fitting: Vec<(f64, i64)> = candidates
        .iter()
        .filter(|typical| typical.usable(today).is_ok())
        .map(|typical| (typical.fits(&matter), typical.number))
        .filter(|(fits, _)| *fits >= LEAST)
        .collect();
    fitting.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let named: Vec<String> =
        fitting.iter().take(MOST_NAMED).map(|(fits, number)| format!("ТВ-{number} ({fits:.2})")).collect();
    (!named.is_empty()).then(|| format!("{}.", named.join(", ")))
}

/// The sheet of a new register.
pub fn table(answers: &[Typical]) -> Table {
    let text = Value::text;
    let date = |day: Option<NaiveDate>| day.map_or(Value::Empty, Value::Date);
    Table {
        name: ANSWERS_SHEET.to_owned(),
        note: "Відповіді на типові питання: «ТВ-7» у графі відповіді реєстру надсилає відповідь № 7. Без дати затвердження \
               або після дати «Дійсна до» відповідь не надсилають."
            .to_owned(),
        columns: beside::columns(&COLUMNS),
        rows: answers
            .iter()
            .map(|one| {
                vec![
                    Value::Number(one.number),
                    text(&one.topic),
                    text(&one.keywords),
                    text(&one.question),
                    text(&one.answer),
                    text(&one.basis),
                    text(&one.department),
                    date(one.approved),
                    date(one.valid_to),
                    Value::Number(one.used),
                ]
            })
            .collect(),
    }
}

/// Headers by which the sheet is found.
pub fn headers() -> Vec<String> {
    beside::headers(&COLUMNS)
}

/// The lines of the sheet with their rows; lines without a number, or with one that stands above already, get the next.
pub fn entries(sheet: &BesideTable, known: &[Typical], date1904: bool) -> Vec<(u32, Typical)> {
    let mut taken: BTreeSet<i64> = BTreeSet::new();
    let mut lines: Vec<(u32, Typical)> = Vec::new();
    for (row, cells) in &sheet.rows {
        let text = |header: &str| beside::word(cells, header);
        let date = |header: &str| interpret(cells.get(header).unwrap_or(&Raw::Empty), Field::AnswerDate, date1904).0;
        if text(QUESTION).is_empty() && text(ANSWER).is_empty() {
            continue;
        }
        let number = text(NUMBER).parse().ok().filter(|number| *number > 0 && taken.insert(*number)).unwrap_or(0);
        lines.push((
            *row,
            Typical {
                number,
                topic: text(TOPIC),
                keywords: text(KEYWORDS),
                question: text(QUESTION),
                answer: text(ANSWER),
                basis: text(BASIS),
                department: text(DEPARTMENT),
                approved: date(APPROVED).as_date(),
                valid_to: date(VALID_TO).as_date(),
                end_unclear: !date(VALID_TO).is_empty() && date(VALID_TO).as_date().is_none(),
                used: 0,
            },
        ));
    }
    let mut last = known.iter().map(|one| one.number).chain(taken.iter().copied()).max().unwrap_or(0);
    for (_, line) in lines.iter_mut().filter(|(_, line)| line.number == 0) {
        // It was numbered before, but the file could not be written.
        let same = |one: &&Typical| one.question == line.question && one.answer == line.answer;
        let before = known.iter().filter(|one| !taken.contains(&one.number)).find(same).map(|one| one.number);
        line.number = before.unwrap_or_else(|| {
            last += 1;
            last
        });
        taken.insert(line.number);
    }
    for (_, line) in &mut lines {
        line.used = known.iter().find(|one| one.number == line.number).map_or(0, |one| one.used);
    }
    lines
}

/// The edits that give the lines their numbers and counts, and append proposals that are newer than the file.
pub fn show(sheet: &BesideTable, known: &[Typical], proposals: &[Typical], date1904: bool) -> SheetEdits {
    let mut edits = SheetEdits::default();
    for (row, line) in entries(sheet, known, date1904) {
        let cells = sheet.rows.iter().find(|(other, _)| *other == row).map(|(_, cells)| cells);
        for (header, value) in [(NUMBER, line.number), (USED, line.used)] {
            let has = cells.and_then(|cells| cells.get(header)).map(Raw::to_string).unwrap_or_default();
            if let Some(column) = sheet.columns.get(header)
                && has.trim() != value.to_string()
                && !(has.trim().is_empty() && header == USED && value == 0)
            {
                edits.cells.insert((row, *column), Value::Number(value));
            }
        }
    }
    edits.append = table(proposals).rows.into_iter().map(|line| beside::line(sheet, &COLUMNS, line)).collect();
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    fn answer() -> Typical {
        Typical {
            number: 7,
            keywords: "субсидія, комунальні послуги, призначення".to_owned(),
            question: "Як призначити субсидію на оплату комунальних послуг?".to_owned(),
            answer: "Заяву подають через ЦНАП.".to_owned(),
            basis: "Положення № 848.".to_owned(),
            approved: Some(day(1)),
            valid_to: Some(day(31)),
            ..Typical::default()
        }
    }

    #[test]
    fn what_is_not_approved_or_over_is_never_usable() {
        assert_eq!(answer().usable(day(15)), Ok(()));
        assert_eq!(answer().usable(day(31)), Ok(()), "the last day counts");
        for (typical, day_of, why) in [
            (Typical { approved: None, ..answer() }, 15, "не затверджено"),
            (Typical { valid_to: Some(day(14)), ..answer() }, 15, "минув 14.03.2026"),
            (Typical { approved: Some(day(20)), ..answer() }, 15, "з 20.03.2026"),
            (Typical { end_unclear: true, valid_to: None, ..answer() }, 15, "незрозуміло"),
            (Typical { answer: String::new(), ..answer() }, 15, "тексту"),
        ] {
            assert!(typical.usable(day(day_of)).is_err_and(|said| said.contains(why)), "{why}");
        }
    }

    #[test]
    fn a_matter_finds_its_answer_whatever_forms_its_words_have() {
        let other = Typical {
            number: 8,
            question: "Як отримати довідку внутрішньо переміщеної особи?".to_owned(),
            keywords: "довідка ВПО".to_owned(),
            ..answer()
        };
        let matter = "Прошу призначити мені субсидії для оплати комунальної послуги";
        let found = proposed(matter, &[other.clone(), answer()], day(15)).unwrap();
        assert!(found.starts_with("ТВ-7 (") && !found.contains("ТВ-8"), "{found}");
        assert_eq!(proposed(matter, &[Typical { approved: None, ..answer() }], day(15)), None);
        assert_eq!(proposed("Протікає дах", &[answer(), other], day(15)), None);
    }

    #[test]
    fn a_number_is_understood_as_people_type_it() {
        for (typed, number, only) in [
            ("ТВ-7", Some(7), true),
            ("тв 7", Some(7), true),
            ("TB-7", Some(7), true),
            ("ТВ № 12.", Some(12), true),
            ("ТВ-7, а ще зверніться до ЦНАП", Some(7), false),
            ("Твоя відповідь", None, false),
            ("", None, false),
        ] {
            assert_eq!((named(typed), is_only_a_name(typed)), (number, only), "{typed}");
        }
        assert_eq!(answer().text(), "Заяву подають через ЦНАП.\nПідстава: Положення № 848.");
    }
}
