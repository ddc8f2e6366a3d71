//! Answers of departments as they should not be: spoiled workbooks, letters with little or much in them. A remark or an
//! operator, never a lost answer, never a crash.

use crate::departments::{answer, cell, department, fill, line, sent_to, told};
use crate::office::Office;
use std::path::{Path, PathBuf};

const STATUS: &str = "Статус";
const ANSWER: &str = "Відповідь (результат розгляду)";
const GIVEN: &str = "Надана відповідь (результат розгляду)";

fn spoil(book: &Path, how: &str) {
    department(&["spoil", book.to_str().unwrap(), how]);
}

/// The echo of an answer of the department as one line.
fn echo(office: &Office, letter: &Path, words: &str, book: Option<&Path>) -> String {
    let before = office.sent();
    answer(office, letter, ("a", "soc@smva.example", words), book);
    assert_eq!(office.rows().len(), 2, "no answer becomes an appeal");
    let echo = sent_to(office, &before, "soc@smva.example");
    assert_eq!(echo.len(), 1, "{echo:?}");
    line(&echo[0])
}

#[test]
fn a_workbook_that_is_none_is_told_of_and_changes_nothing() {
    for (how, says) in [("password", "паролем"), ("list", "не прочитано"), ("macros", "макроси")]
    {
        let (office, letter, book) = told();
        spoil(&book, how);
        let echo = echo(&office, &letter, "Відповідь у вкладенні.", Some(&book));
        assert!(echo.contains(says), "{how}: {echo}");
        assert_eq!(cell(&office, "П-1/2026", STATUS), "Зареєстровано", "{how}");
        assert!(for_operator(&office).contains(says), "{how}: {}", for_operator(&office));
    }
}

/// Why letters stand in the sheet of those that an operator must read.
fn for_operator(office: &Office) -> String {
    let lines = office.beside("Не зареєстровано");
    lines.iter().filter_map(|line| line["Чому не зареєстровано"].as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_formula_is_no_answer() {
    let (office, letter, book) = told();
    fill(&book, "П-1/2026", STATUS, "в роботі");
    fill(&book, "П-2/2026", STATUS, "=\"вико\"&\"нано\"");
    fill(&book, "П-2/2026", ANSWER, "=A5");
    let echo = echo(&office, &letter, "У вкладенні.", Some(&book));
    assert_eq!(cell(&office, "П-1/2026", STATUS), "В роботі", "{echo}");
    assert_eq!(cell(&office, "П-2/2026", STATUS), "Зареєстровано");
    assert_eq!(cell(&office, "П-2/2026", GIVEN), "");
    assert!(echo.contains("формулу не враховано"), "{echo}");
}

#[test]
fn a_hundred_thousand_rows_are_not_too_many_and_the_real_ones_count() {
    let (office, letter, book) = told();
    fill(&book, "П-1/2026", STATUS, "в роботі");
    spoil(&book, "long");
    let start = std::time::Instant::now();
    let echo = echo(&office, &letter, "У вкладенні.", Some(&book));
    println!("{:?}", start.elapsed());
    assert_eq!(cell(&office, "П-1/2026", STATUS), "В роботі", "{echo}");
    assert!(echo.contains("такого номера в реєстрі немає"), "{echo}");
    assert!(echo.len() < 20_000, "{}", echo.len());
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}

#[test]
fn rows_of_another_department_are_refused_and_named() {
    let (office, letter, book) = told();
    department(&["notice", office.path("ledger.sqlite").to_str().unwrap(), "П-2/2026", "zhkg"]);
    fill(&book, "П-1/2026", STATUS, "в роботі");
    fill(&book, "П-2/2026", STATUS, "в роботі");
    let echo = echo(&office, &letter, "У вкладенні.", Some(&book));
    assert_eq!(cell(&office, "П-1/2026", STATUS), "В роботі");
    assert_eq!(cell(&office, "П-2/2026", STATUS), "Зареєстровано");
    assert!(echo.contains("№ П-2/2026: звернення не на розгляді у Вашого підрозділу"), "{echo}");
    assert!(for_operator(&office).contains("№ П-2/2026"), "{}", for_operator(&office));
}

#[test]
fn words_are_heard_however_they_are_wrapped() {
    let paid = "Субсидію призначено, кошти надійдуть на картку.";
    for (how, words) in [
        (
            "table",
            format!(
                "Доброго дня!\n\n№\tСтан\tВідповідь\nП-1/2026\tвиконано\t{paid}\nП-2/2026\tв роботі\tочікуємо довідку\n"
            ),
        ),
        (
            "html table",
            format!(
                "<html><body><p>Доброго дня!</p><table><tr><th>№</th><th>Стан</th><th>Відповідь</th></tr>\
                 <tr><td>П-1/2026</td><td>виконано</td><td>{paid}</td></tr>\
                 <tr><td>П-2/2026</td><td>в роботі</td><td>очікуємо довідку</td></tr></table></body></html>"
            ),
        ),
        (
            "secretary",
            format!(
                "Доброго дня!\nЗа дорученням начальника управління надсилаю відповіді:\n1. П-1/2026 – виконано. {paid}\n\
                 2. П-2/2026 – в роботі, очікуємо довідку.\n\nЗ повагою,\nсекретар Мельник О. В., тел. 0501234567"
            ),
        ),
    ] {
        let (office, letter, _) = told();
        let echo = echo(&office, &letter, &words, None);
        assert_eq!(cell(&office, "П-1/2026", STATUS), "Виконано (вирішено позитивно)", "{how}: {echo}");
        assert!(cell(&office, "П-1/2026", GIVEN).contains(paid), "{how}: {}", cell(&office, "П-1/2026", GIVEN));
        assert!(!cell(&office, "П-1/2026", GIVEN).contains("секретар"), "{how}");
        assert_eq!(cell(&office, "П-2/2026", STATUS), "В роботі", "{how}: {echo}");
    }
}

#[test]
fn a_scan_alone_is_for_the_operator_and_is_said_so() {
    let (office, letter, _) = told();
    let scan: PathBuf = office.path("Відповідь.pdf");
    std::fs::write(&scan, b"%PDF-1.4 a picture").unwrap();
    let echo = echo(&office, &letter, "", Some(&scan));
    assert!(echo.contains("Вкладення «Відповідь.pdf» прочитає оператор"), "{echo}");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Зареєстровано");
    assert!(for_operator(&office).contains("Вкладення «Відповідь.pdf» прочитає оператор"), "{}", for_operator(&office));
}
