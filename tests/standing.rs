//! Workbooks of departments that stand on the share: they show all appeals of the department and take its answers.

use crate::departments::{cell, department, fill, line, sent_to};
use crate::office::{Office, Open, letter, text};
use std::path::PathBuf;

const STATUS: &str = "Статус";
const ANSWER: &str = "Відповідь (результат розгляду)";
const DEPARTMENT: &str = "Структурний підрозділ (виконавець)";

/// An office with two appeals of the department of social protection, which has a workbook on the share.
fn office() -> (Office, PathBuf) {
    let office = Office::new();
    office.configure("quiet_seconds = 3", "quiet_seconds = 1");
    let departments = office.path("departments.toml");
    let config = std::fs::read_to_string(&departments).unwrap();
    let key = "code = \"soc\"\n";
    assert!(config.contains(key));
    std::fs::write(&departments, config.replacen(key, &format!("{key}workbook = \"share/УСЗН.xlsx\"\n"), 1)).unwrap();
    for n in [1, 2] {
        office.drop_letter(1, &format!("letter {n}"), &letter(n));
    }
    office.at("2026-03-02T10:30:00+02:00");
    for n in [1, 2] {
        typed(&office, n, "УСЗН");
    }
    office.at("2026-03-02T10:40:00+02:00");
    office.at("2026-03-02T10:56:00+02:00");
    let book = office.path("share/УСЗН.xlsx");
    (office, book)
}

fn typed(office: &Office, n: usize, name: &str) {
    office.person(&office.register(), &format!("cell('П-{n}/2026', '{DEPARTMENT}').value = '{name}'"));
}

fn shown(book: &std::path::Path) -> Vec<serde_json::Map<String, serde_json::Value>> {
    serde_json::from_str(&department(&["show", book.to_str().unwrap()])).unwrap()
}

fn of(book: &std::path::Path, number: &str, header: &str) -> String {
    let rows = shown(book);
    let row = rows.iter().find(|row| row["Номер звернення"] == number).unwrap();
    row[header].as_str().unwrap_or_default().to_owned()
}

#[test]
fn what_is_typed_into_it_counts_by_the_schedule_and_what_is_new_appears() {
    let (office, book) = office();
    assert_eq!(shown(&book).len(), 2);
    assert_eq!(of(&book, "П-1/2026", STATUS), "Передано на розгляд");
    fill(&book, "П-1/2026", STATUS, "викон.");
    fill(&book, "П-1/2026", ANSWER, "Субсидію призначено, кошти надійдуть до 10 числа.");
    fill(&book, "П-2/2026", STATUS, "ок");
    fill(&book, "П-2/2026", "Примітка", "зателефонуємо завтра");
    department(&["sort", book.to_str().unwrap()]);
    let before = office.sent();
    office.at("2026-03-02T10:59:00+02:00");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Передано на розгляд", "not before its time");
    office.at("2026-03-02T11:00:00+02:00");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Виконано (вирішено позитивно)");
    assert_eq!(
        of(&book, "П-1/2026", STATUS),
        "Виконано (вирішено позитивно)",
        "the workbook shows the word of the table"
    );
    assert_eq!(of(&book, "П-2/2026", STATUS), "Передано на розгляд", "what was not understood is put back");
    assert_eq!(of(&book, "П-2/2026", "Примітка"), "зателефонуємо завтра");
    assert!(cell(&office, "П-2/2026", "Підказка системи").contains("«ок»"));
    assert_eq!(sent_to(&office, &before, "petrenko1@ukr.net").len(), 1, "the applicant gets the answer");
    let echo = sent_to(&office, &before, "soc@smva.example");
    assert_eq!(echo.len(), 1, "the department hears how it was understood, once");
    let echo = line(&echo[0]);
    assert!(echo.contains("№ П-1/2026: Виконано") && echo.contains("№ П-2/2026: «ок»"), "{echo}");
    let (sent, rows, bytes) = (office.sent(), office.rows(), std::fs::read(&book).unwrap());
    office.at("2026-03-02T11:15:00+02:00");
    assert_eq!((office.sent(), office.rows()), (sent, rows), "nothing is done twice");
    assert_eq!(std::fs::read(&book).unwrap(), bytes);
}

#[test]
fn an_old_copy_a_lost_stamp_and_a_deleted_row_take_nothing_back() {
    let (office, book) = office();
    let old = std::fs::read(&book).unwrap();
    fill(&book, "П-1/2026", ANSWER, "Готуємо рішення комісії.");
    office.at("2026-03-02T11:00:00+02:00");
    assert_eq!(cell(&office, "П-1/2026", "Надана відповідь (результат розгляду)"), "Готуємо рішення комісії.");
    std::fs::write(&book, old).unwrap();
    fill(&book, "П-2/2026", STATUS, "в роботі");
    department(&["drop", book.to_str().unwrap(), "П-1/2026"]);
    office.at("2026-03-02T11:15:00+02:00");
    assert_eq!(cell(&office, "П-2/2026", STATUS), "В роботі");
    assert_eq!(cell(&office, "П-1/2026", "Надана відповідь (результат розгляду)"), "Готуємо рішення комісії.");
    assert_eq!(of(&book, "П-1/2026", ANSWER), "Готуємо рішення комісії.", "the row stands there again");
    department(&["unstamp", book.to_str().unwrap()]);
    fill(&book, "П-2/2026", "Виконавець", "Гончар О. П.");
    office.at("2026-03-02T11:30:00+02:00");
    assert!(cell(&office, "П-2/2026", "Підказка системи").contains("виконавець: Гончар О. П."));
    assert_eq!(cell(&office, "П-2/2026", STATUS), "В роботі");
    std::fs::remove_file(&book).unwrap();
    office.at("2026-03-02T11:45:00+02:00");
    assert_eq!(shown(&book).len(), 2, "a workbook that somebody removed is made anew");
}

#[test]
fn while_somebody_has_it_open_it_is_read_and_not_written() {
    let (office, book) = office();
    fill(&book, "П-1/2026", STATUS, "працюємо");
    let bytes = std::fs::read(&book).unwrap();
    let open = Open::by("Гончар О. П.", &book);
    office.drop_letter(1, "letter 3", &letter(3));
    office.at("2026-03-02T11:00:00+02:00");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "В роботі");
    assert_eq!(std::fs::read(&book).unwrap(), bytes);
    drop(open);
    office.at("2026-03-02T11:15:00+02:00");
    assert_eq!(of(&book, "П-1/2026", STATUS), "В роботі");
}

#[test]
fn an_appeal_of_another_department_shows_its_number_and_nothing_else() {
    let (office, book) = office();
    typed(&office, 1, "ЖКГ");
    office.at("2026-03-02T10:58:00+02:00");
    office.at("2026-03-02T11:00:00+02:00");
    assert_eq!(of(&book, "П-1/2026", "Заявник, контакти"), "");
    assert_eq!(of(&book, "П-1/2026", "До уваги"), "Звернення не на розгляді у Вашого підрозділу.");
    fill(&book, "П-1/2026", STATUS, "виконано");
    fill(&book, "П-1/2026", ANSWER, "Усе зроблено вчасно.");
    office.at("2026-03-02T11:15:00+02:00");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Передано на розгляд");
    assert_eq!(of(&book, "П-1/2026", ANSWER), "");
}

#[test]
fn a_file_that_is_no_such_workbook_and_a_share_that_is_not_there_change_nothing() {
    let (office, book) = office();
    std::fs::write(&book, b"PK\x03\x04 no workbook").unwrap();
    let before = office.sent();
    office.at("2026-03-02T11:00:00+02:00");
    office.at("2026-03-02T11:15:00+02:00");
    let told = sent_to(&office, &before, "soc@smva.example");
    assert_eq!(told.len(), 1, "told once");
    assert!(line(&told[0]).contains("«УСЗН.xlsx» на спільному диску не прочитано"), "{}", line(&told[0]));
    assert_eq!(std::fs::read(&book).unwrap(), b"PK\x03\x04 no workbook");
    // The share is not mounted: an empty folder is no reason to make a workbook.
    std::fs::remove_dir_all(office.path("share")).unwrap();
    std::fs::create_dir(office.path("share")).unwrap();
    office.at("2026-03-02T11:30:00+02:00");
    assert!(!book.exists());
    assert_eq!(office.rows().len(), 2);
    let log = office.run("status", &[]);
    assert!(log.status.success(), "{}", text(&log.stderr));
}
