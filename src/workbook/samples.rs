//! A small register with plausible appeals, for the tests of this module. All people and addresses are invented.

use crate::domain::field::{Field, List};
use crate::domain::grid::Stamp;
use crate::domain::register::{Frame, Heading, Instructions, Row, Table, Title};
use crate::domain::value::Value;
use chrono::{DateTime, Days, NaiveDate, NaiveTime};
use std::collections::BTreeMap;

/// The frame of a register of 2022.
pub(crate) fn frame() -> Frame {
    let operators = ["Система", "Іваненко І. І.", "Петренко О. В."].map(String::from).to_vec();
    let topics = [
        "Соціальний захист / фінансовий",
        "Житлово-комунальне господарство / логістичний",
        "Охорона здоров'я / медичний",
        "Правова допомога / правовий",
    ];
    let departments = [
        "Управління соціального захисту населення",
        "Департамент житлово-комунального господарства",
        "Відділ охорони здоров'я",
        "Юридичний відділ",
    ];
    Frame {
        heading: Heading::Register(Title {
            organisation: "Сєвєродонецька міська військова адміністрація Сєвєродонецького району Луганської області"
                .into(),
            centre: "Контактний центр (гаряча лінія)".into(),
            reference: "Додаток 3\nдо розпорядження керівника\nміської військової адміністрації\nвід 11.07.2022 № 123"
                .into(),
            year: 2022,
        }),
        lists: BTreeMap::from([
            (List::Operator, operators),
            (List::Topic, topics.map(String::from).to_vec()),
            (List::Department, departments.map(String::from).to_vec()),
        ]),
        tables: vec![Table {
            name: "Не зареєстровано".into(),
            note: "Листи, які не підлягають реєстрації (анонімні, автоматичні, спам).".into(),
            columns: vec![("Дата".into(), 12), ("Від кого".into(), 30), ("Тема".into(), 50), ("Причина".into(), 40)],
            rows: vec![vec![
                Value::Date(day(2022, 7, 11)),
                Value::text("anonim@example.com"),
                Value::text("=2+2 скарга без підпису"),
                Value::text("анонімне звернення (п. 3.6)"),
            ]],
        }],
        stamp: Some(Stamp { replica: "register-2022".into(), revision: 5_000_000_000 }),
        created: DateTime::from_timestamp(1_657_530_000, 0).unwrap_or_default(),
    }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

const STATUSES: [&str; 5] =
    ["Зареєстровано", "Передано на розгляд", "Потребує уточнення", "Надано роз'яснення", "Відмовлено у задоволенні"];
const PEOPLE: [&str; 5] = [
    "Коваленко Олена Петрівна",
    "Шевченко-Григор'єва Марія-Вікторія Олександрівна",
    "Мельник Ігор Юрійович",
    "Бондаренко Ніна Семенівна",
    "Ткачук Андрій",
];
const ESSENCES: [&str; 5] = [
    "Просить роз'яснити порядок отримання довідки про взяття на облік внутрішньо переміщеної особи.",
    "Скаржиться, що з травня не виплачують допомогу на проживання. Документи подано 12.04.2022 через ЦНАП м. Дніпра, \
     двічі зверталася на гарячу лінію, обіцяли передзвонити, але відповіді немає. Просить перевірити, чи внесено її та двох \
     неповнолітніх дітей до реєстру, повідомити дату виплати та прізвище виконавця. Додає копії заяви, довідки ВПО \
     та виписки з банку.",
    "Немає води в будинку третю добу.\nПросить повідомити, коли буде відновлено водопостачання.",
    "=HYPERLINK(\"http://example.com\";\"натисніть\") @SUM(A1) https://example.com/a",
    "Потрібні ліки (інсулін) для матері, особи з інвалідністю ІІ групи, яка виїхала до м. Полтава.",
];

/// Appeal number `index` (from 0).
pub(crate) fn row(index: usize) -> Row {
    let mut row = Row::default();
    let received = day(2022, 7, 11).checked_add_days(Days::new(index as u64 / 3)).unwrap();
    let kind = index % 5;
    let mut text = |field: Field, value: &str| row.set(field, Value::text(value));
    text(Field::Number, &format!("К-{}/2022", index + 1));
    text(Field::Channel, if kind == 2 { "телефон 1" } else { "е-пошта 1" });
    text(Field::Operator, if kind == 2 { "Іваненко І. І." } else { "Система" });
    text(Field::Applicant, PEOPLE[kind]);
    text(Field::Phone, if kind == 1 { "+380661234567; +380509876543" } else { "+380661234567" });
    text(Field::Email, "olena.kovalenko@example.com");
    text(Field::RegisteredAddress, "м. Сєвєродонецьк, вул. Гагаріна, буд. 5, кв. 12");
    text(Field::TemporaryAddress, "м. Дніпро, вул. Робоча, буд. 7");
    text(Field::Category, "ВПО");
    text(Field::Kind, if kind == 1 { "Скарга" } else { "Заява (клопотання)" });
    text(Field::Sign, if kind == 3 { "повторне" } else { "первинне" });
    text(Field::Essence, ESSENCES[kind]);
    text(Field::Topic, "Соціальний захист / фінансовий");
    text(Field::Department, "Управління соціального захисту населення");
    text(Field::Status, STATUSES[kind]);
    if kind == 1 {
        text(Field::Representative, "Коваленко Ігор Юрійович, син, довіреність від 01.06.2022");
        text(Field::OnBehalfOf, "Коваленко Ніна Семенівна");
        text(Field::Control, "Резонансне");
    }
    if kind >= 3 {
        text(Field::Answer, "Надано роз'яснення телефоном: довідку можна отримати у найближчому ЦНАП або через «Дію».");
        text(Field::Notified, "телефоном");
    }
    text(Field::Notes, if kind == 3 { "повторне до К-1/2022" } else { "" });
    text(
        Field::Hint,
        if kind == 2 {
            "Не вказано по батькові; перевірте адресу прописки."
        } else {
            ""
        },
    );
    row.set(Field::Ordinal, Value::Number(index as i64 + 1));
    row.set(Field::ReceivedDate, Value::Date(received));
    row.set(Field::ReceivedTime, NaiveTime::from_hms_opt(9 + kind as u32, 35, 0).map_or(Value::Empty, Value::Time));
    row.set(Field::RoutedDate, Value::Date(received));
    row.set(Field::DueDate, Value::Date(received.checked_add_days(Days::new(30)).unwrap()));
    if kind >= 3 {
        row.set(Field::AnswerDate, Value::Date(received.checked_add_days(Days::new(3)).unwrap()));
    }
    row
}

/// The first `count` appeals.
pub(crate) fn rows(count: usize) -> impl Iterator<Item = Row> {
    (0..count).map(row)
}

/// The frame of a department's workbook.
pub(crate) fn department_frame() -> Frame {
    Frame {
        heading: Heading::Department(Instructions {
            title: "Звернення на розгляд: Управління праці та соціального захисту населення, 12.07.2022".into(),
            lines: [
                "Заповніть лише білі графи: статус виберіть зі списку, відповідь напишіть так, щоб її можна було надіслати \
                 заявникові. Сірі графи змінює контактний центр."
                    .into(),
                "Збережіть книгу й надішліть її у відповідь на лист, не змінюючи теми. Відомості про заявників не \
                 розголошуйте (стаття 10 Закону України «Про звернення громадян»)."
                    .into(),
            ],
            organisation: "Сєвєродонецька міська військова адміністрація".into(),
        }),
        lists: BTreeMap::from([(
            List::Status,
            ["В роботі", "Виконано (вирішено позитивно)", "Надано роз'яснення"].map(String::from).to_vec(),
        )]),
        tables: Vec::new(),
        stamp: Some(Stamp { replica: "0a1b/department/soc/2022-07-12-103507".into(), revision: 42 }),
        created: DateTime::from_timestamp(1_657_530_000, 0).unwrap_or_default(),
    }
}

/// The first `count` appeals as a department's workbook shows them.
pub(crate) fn department_rows(count: usize) -> impl Iterator<Item = Row> {
    rows(count).map(|mut row| {
        let who = [Field::Applicant, Field::Phone, Field::TemporaryAddress].map(|field| row.get(field).to_string());
        row.set(Field::Applicant, Value::text(&who.join("\n")));
        if row.get(Field::Control).as_text() == Some("Резонансне") {
            row.set(Field::Hint, Value::text("Резонансне: розгляньте першочергово."));
        }
        row
    })
}
