//! Departments: told of their appeals by a letter with a workbook; their answers by workbook and in words.

use crate::office::{Office, letter, python, text};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Runs the department's tool; gives what it printed.
pub fn department(args: &[&str]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/department.py");
    let output = python().arg(script).args(args).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// An office with two appeals that the department of social protection has; the letters of before are put away.
fn office() -> Office {
    let office = Office::new();
    office.drop_letter(1, "one", &letter(1));
    office.drop_letter(1, "two", &letter(2));
    office.once(&["--at", "2026-03-02T10:30:00+02:00"]);
    for name in office.sent() {
        std::fs::remove_file(office.path("sent").join(name)).unwrap();
    }
    let ledger = office.path("ledger.sqlite");
    for number in ["П-1/2026", "П-2/2026"] {
        department(&["notice", ledger.to_str().unwrap(), number, "soc"]);
    }
    office
}

/// The one letter sent, and its workbook.
fn notice(office: &Office) -> (String, PathBuf, String) {
    let sent = office.sent();
    assert_eq!(sent.len(), 1, "{sent:?}");
    let letter = office.path("sent").join(sent.first().unwrap());
    let book = office.path("answer.xlsx");
    let name = department(&["attachment", letter.to_str().unwrap(), book.to_str().unwrap()]);
    (std::fs::read_to_string(letter).unwrap(), book, name.trim().to_owned())
}

#[test]
fn a_department_gets_one_letter_with_a_workbook_of_the_appeals_newly_given() {
    let office = office();
    office.once(&["--at", "2026-03-02T10:40:00+02:00"]);
    assert!(office.sent().is_empty(), "others may follow within a quarter of an hour");
    office.once(&["--at", "2026-03-02T10:46:00+02:00"]);
    let (mail, book, name) = notice(&office);
    assert!(mail.contains("soc@smva.example"), "{mail}");
    assert_eq!(name, "Звернення – Управління праці та соціального захисту населення – 02.03.2026.xlsx");
    let rows: Vec<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(&department(&["show", book.to_str().unwrap()])).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["Номер звернення"], "П-1/2026");
    assert_eq!(rows[0]["Термін (до)"], "2026-04-01");
    let applicant = rows[0]["Заявник, контакти"].as_str().unwrap();
    assert!(applicant.starts_with("Петренко Іван Степанович\n+380661234567\n"), "{applicant}");
    assert!(rows[0]["Суть питання"].as_str().unwrap().contains("субсиді"));
    let before = office.sent();
    office.once(&["--at", "2026-03-02T11:30:00+02:00"]);
    assert_eq!(office.sent(), before, "a notice goes out once");
}

#[test]
fn an_urgent_appeal_does_not_wait_for_others() {
    let office = Office::new();
    office.drop_letter(1, "one", &letter(1));
    office.once(&["--at", "2026-03-02T10:30:00+02:00"]);
    let before = office.sent().len();
    department(&["notice", office.path("ledger.sqlite").to_str().unwrap(), "П-1/2026", "soc", "urgent"]);
    office.once(&["--at", "2026-03-02T10:31:00+02:00"]);
    assert_eq!(office.sent().len(), before + 1);
}

/// An office whose department has been told, with the letter and its workbook.
pub fn told() -> (Office, PathBuf, PathBuf) {
    let office = office();
    office.once(&["--at", "2026-03-02T10:46:00+02:00"]);
    let (_, book, _) = notice(&office);
    let letter = office.path("sent").join(office.sent().first().unwrap());
    (office, letter, book)
}

/// Drops an answer to a letter and lets the service take it in; gives the echo, if there is one.
pub fn answer(office: &Office, letter: &Path, said: (&str, &str, &str), book: Option<&Path>) -> String {
    answer_at(office, "2026-03-03T11:15:00+02:00", letter, said, book)
}

/// The same at another moment.
pub fn answer_at(
    office: &Office,
    moment: &str,
    letter: &Path,
    (name, sender, words): (&str, &str, &str),
    book: Option<&Path>,
) -> String {
    let before = office.sent();
    let out = office.path("mail/1/new").join(name);
    let mut args = vec!["reply", letter.to_str().unwrap(), out.to_str().unwrap(), sender, words];
    args.extend(book.map(|book| book.to_str().unwrap()));
    department(&args);
    office.at(moment);
    let new: Vec<PathBuf> = office.sent().difference(&before).map(|name| office.path("sent").join(name)).collect();
    // The applicant may be written to as well.
    let is_echo = |letter: &&PathBuf| std::fs::read_to_string(letter).unwrap().contains("@smva.example");
    new.iter().find(is_echo).map_or(String::new(), |letter| plain(letter))
}

/// Text of a letter.
pub fn plain(letter: &Path) -> String {
    let script = "import sys, email, email.policy\nm = email.message_from_binary_file(open(sys.argv[1], 'rb'), \
                  policy=email.policy.default)\nprint(m.get_body(('plain',)).get_content())";
    let output = python().args(["-c", script]).arg(letter).output().unwrap();
    text(&output.stdout).replace('\u{a0}', " ")
}

/// Text of a letter as one line.
pub fn line(letter: &Path) -> String {
    plain(letter).split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn fill(book: &Path, number: &str, header: &str, value: &str) {
    department(&["fill", book.to_str().unwrap(), number, header, value]);
}

pub fn cell(office: &Office, number: &str, header: &str) -> String {
    let rows = office.rows();
    let row = rows.iter().find(|row| row["Реєстраційний №"] == number).unwrap();
    row[header].as_str().unwrap_or_default().to_owned()
}

const STATUS: &str = "Статус";
const ANSWER: &str = "Надана відповідь (результат розгляду)";
const PAID: &str = "Субсидію призначено з 01.02.2026, перший платіж надійде 12.03.2026.";

#[test]
fn an_answer_by_workbook_changes_what_was_filled_in_and_is_echoed() {
    let (office, letter, book) = told();
    fill(&book, "П-1/2026", STATUS, "виконано");
    fill(&book, "П-1/2026", "Відповідь (результат розгляду)", PAID);
    fill(&book, "П-1/2026", "Виконавець", "Гончар О. П.");
    fill(&book, "П-1/2026", "Суть питання", "інша суть");
    fill(&book, "П-2/2026", STATUS, "ок");
    department(&["sort", book.to_str().unwrap()]);
    let echo = answer(&office, &letter, ("a", "soc@smva.example", "Доброго дня, відповідь у вкладенні."), Some(&book));
    assert!(echo.contains("№ П-1/2026: Виконано (вирішено позитивно)"), "{echo}");
    assert!(echo.contains("№ П-2/2026: «ок»: розгляд закрито без зазначення результату"), "{echo}");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Виконано (вирішено позитивно)");
    assert_eq!(cell(&office, "П-1/2026", ANSWER), PAID);
    assert!(cell(&office, "П-1/2026", "Підказка системи").contains("виконавець: Гончар О. П."));
    assert!(cell(&office, "П-1/2026", "Суть питання").contains("субсиді"), "the matter is the contact centre's");
    assert!(cell(&office, "П-2/2026", "Підказка системи").contains("«ок»"));
    let (sent, rows) = (office.sent(), office.rows());
    office.once(&["--at", "2026-03-03T11:30:00+02:00"]);
    assert_eq!((office.sent(), office.rows()), (sent, rows), "an answer is taken in once");
}

#[test]
fn an_old_copy_changes_only_what_was_changed_in_it_and_a_lost_stamp_does_no_harm() {
    let (office, letter, book) = told();
    let old = office.path("old.xlsx");
    std::fs::copy(&book, &old).unwrap();
    fill(&book, "П-1/2026", "Відповідь (результат розгляду)", PAID);
    answer(&office, &letter, ("a", "soc@smva.example", "У вкладенні."), Some(&book));
    assert_eq!(cell(&office, "П-1/2026", ANSWER), PAID);
    fill(&old, "П-2/2026", STATUS, "В роботі");
    department(&["unstamp", old.to_str().unwrap()]);
    let out = office.path("mail/1/new/b");
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    department(&["reply", &path(&letter), &path(&out), "soc@smva.example", "Ще одна.", &path(&old)]);
    office.once(&["--at", "2026-03-03T11:45:00+02:00"]);
    assert_eq!(cell(&office, "П-2/2026", STATUS), "В роботі");
    assert_eq!(cell(&office, "П-1/2026", ANSWER), PAID, "an empty cell of an old copy takes nothing back");
}

#[test]
fn an_answer_in_words_is_read_number_by_number() {
    let (office, letter, _) = told();
    let words = format!("Доброго дня!\n\nП-1/2026 – виконано. {PAID}\n\nП-2/2026 – в роботі, очікуємо довідку.\n");
    let echo = answer(&office, &letter, ("a", "soc@smva.example", &words), None);
    assert!(echo.contains("№ П-1/2026: Виконано") && echo.contains("№ П-2/2026: В роботі"), "{echo}");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Виконано (вирішено позитивно)");
    assert!(cell(&office, "П-1/2026", ANSWER).contains(PAID));
    assert_eq!(cell(&office, "П-2/2026", STATUS), "В роботі");
}

#[test]
fn nobody_else_changes_a_state_and_no_such_letter_becomes_an_appeal() {
    let (office, letter, book) = told();
    fill(&book, "П-1/2026", STATUS, "В роботі");
    for (name, sender) in [("a", "sekretar@smva.example"), ("b", "zhkg@smva.example"), ("c", "olena@ukr.net")] {
        let echo = answer(&office, &letter, (name, sender, "П-1/2026 – в роботі, працюємо."), Some(&book));
        assert_eq!(echo, "", "{sender}");
        assert_eq!(office.rows().len(), 2, "{sender}");
        assert_eq!(cell(&office, "П-1/2026", STATUS), "Зареєстровано", "{sender}");
    }
}

#[test]
fn workbooks_that_cannot_be_read_and_letters_with_nothing_in_them_get_a_remark() {
    let (office, letter, book) = told();
    std::fs::write(&book, b"PK\x03\x04 no workbook").unwrap();
    let echo = answer(&office, &letter, ("a", "soc@smva.example", ""), Some(&book));
    assert!(echo.contains("не прочитано"), "{echo}");
    std::fs::remove_file(office.path("mail/1/new/a")).unwrap();
    let out = office.path("mail/1/new/b");
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let before = office.sent();
    department(&["reply", &path(&letter), &path(&out), "soc@smva.example", ""]);
    office.once(&["--at", "2026-03-03T11:45:00+02:00"]);
    let echo: Vec<String> = office.sent().difference(&before).cloned().collect();
    assert!(plain(&office.path("sent").join(&echo[0])).contains("немає ні відповіді, ні книги"));
}

/// New letters to the department or to the applicant, as text.
pub fn sent_to(office: &Office, before: &BTreeSet<String>, address: &str) -> Vec<PathBuf> {
    let new = office.sent().difference(before).map(|name| office.path("sent").join(name)).collect::<Vec<_>>();
    new.into_iter().filter(|letter| std::fs::read_to_string(letter).unwrap().contains(address)).collect()
}

#[test]
fn the_whole_way_from_a_citizens_letter_to_the_answer() {
    let office = Office::new();
    office.configure("quiet_seconds = 3", "quiet_seconds = 1");
    office.drop_letter(1, "one", &letter(1));
    office.at("2026-03-02T10:30:00+02:00");
    let registered = office.sent();
    office.person(&office.register(), "cell('П-1/2026', 'Структурний підрозділ (виконавець)').value = 'УСЗН'");
    office.at("2026-03-02T11:00:00+02:00");
    office.at("2026-03-02T11:20:00+02:00");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Передано на розгляд");
    assert_eq!(sent_to(&office, &registered, "petrenko1@ukr.net").len(), 1, "the applicant hears who has it");
    let told = sent_to(&office, &registered, "soc@smva.example");
    assert_eq!(told.len(), 1, "the department gets one letter");
    let book = office.path("answer.xlsx");
    department(&["attachment", told[0].to_str().unwrap(), book.to_str().unwrap()]);
    fill(&book, "П-1/2026", STATUS, "виконано");
    fill(&book, "П-1/2026", "Відповідь (результат розгляду)", "Субсидію призначено, кошти надійдуть до 10 числа.");
    let before = office.sent();
    let echo = answer(&office, &told[0], ("a", "soc@smva.example", "Відповідь у вкладенні."), Some(&book));
    assert!(echo.contains("№ П-1/2026: Виконано (вирішено позитивно)"), "{echo}");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Виконано (вирішено позитивно)");
    let answered = sent_to(&office, &before, "petrenko1@ukr.net");
    assert_eq!(answered.len(), 1, "the applicant gets the answer once");
    assert!(plain(&answered[0]).contains("Субсидію призначено, кошти надійдуть до 10 числа."));
    let (sent, rows) = (office.sent(), office.rows());
    office.at("2026-03-03T11:30:00+02:00");
    assert_eq!((office.sent(), office.rows()), (sent, rows), "nothing is done twice");
}

/// A letter that answers the notice of an office, with these headers of mail servers on top; gives the lines of the sheet
/// of letters that got no row.
fn answered_under(headers: &[&str], sender: &str) -> (Office, Vec<serde_json::Map<String, serde_json::Value>>) {
    let (office, letter, _) = told();
    let out = office.path("mail/1/new/a");
    let words = "П-1/2026 – в роботі, працюємо.";
    let mut args = vec!["reply", letter.to_str().unwrap(), out.to_str().unwrap(), sender, words];
    args.extend(headers);
    department(&args);
    office.at("2026-03-03T11:15:00+02:00");
    let lines = office.beside("Не зареєстровано");
    (office, lines)
}

/// Types a word into the column "Рішення" of the one line and lets the service look.
fn decided(office: &Office, word: &str, moment: &str) {
    let script =
        format!("s = b['Не зареєстровано']\ntop, found = heads(s)\ns.cell(top + 1, found['Рішення']).value = '{word}'");
    office.person(&office.register(), &script);
    office.at(moment);
}

#[test]
fn one_word_of_an_operator_takes_in_an_answer_from_an_unknown_address_of_the_department() {
    for (word, state, said) in [
        ("Так", "В роботі", "Враховано як відповідь підрозділу"),
        ("ні", "Зареєстровано", "Не враховано"),
        ("можливо", "Зареєстровано", "Рішення не зрозуміло"),
    ] {
        let (office, lines) = answered_under(&[], "sekretar@smva.example");
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0]["Чому не зареєстровано"].as_str().unwrap().contains("напишіть у графі «Рішення» «так»"));
        assert_eq!(cell(&office, "П-1/2026", STATUS), "Зареєстровано");
        let before = office.sent();
        decided(&office, word, "2026-03-03T11:31:00+02:00");
        office.at("2026-03-03T11:46:00+02:00");
        let lines = office.beside("Не зареєстровано");
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0]["Чому не зареєстровано"].as_str().unwrap().contains(said), "{lines:?}");
        assert_eq!(cell(&office, "П-1/2026", STATUS), state, "{word}");
        assert_eq!(sent_to(&office, &before, "sekretar@smva.example").len(), usize::from(word == "Так"));
        let (sent, rows) = (office.sent(), office.rows());
        office.at("2026-03-03T12:01:00+02:00");
        assert_eq!((office.sent(), office.rows()), (sent, rows), "{word}: nothing is done twice");
    }
}

#[test]
fn only_the_topmost_line_of_our_own_mail_server_says_who_wrote() {
    const FORGED: &str = "Authentication-Results: mx.google.com; dmarc=pass header.from=smva.example";
    const FAILED: &str = "Authentication-Results: mx.google.com; dmarc=fail header.from=smva.example";
    const UNKNOWN: &str = "Authentication-Results: mx.google.com; spf=softfail smtp.mailfrom=smva.example";
    const STRANGE: &str = "Authentication-Results: mx.evil.example; dmarc=pass header.from=smva.example";
    for (headers, sender, state, asked) in [
        (&[FORGED][..], "soc@smva.example", "В роботі", false),
        (&[FAILED, FORGED][..], "soc@smva.example", "Зареєстровано", false),
        (&[FAILED, STRANGE][..], "soc@smva.example", "Зареєстровано", false),
        (&[UNKNOWN, FORGED][..], "soc@smva.example", "Зареєстровано", true),
        (&[FAILED, FORGED][..], "sekretar@smva.example", "Зареєстровано", false),
        (&[STRANGE][..], "olena@ukr.net", "Зареєстровано", false),
    ] {
        let (office, lines) = answered_under(headers, sender);
        assert_eq!(cell(&office, "П-1/2026", STATUS), state, "{headers:?} {sender}");
        let reasons = format!("{lines:?}");
        assert_eq!(reasons.contains("«Рішення»"), asked, "{headers:?} {sender} {reasons}");
        assert_eq!(office.rows().len(), 2, "never an appeal");
    }
}
