//! Terms on the real binary: who is reminded when, what stops a term, what the operator sees of it.

use crate::departments::department;
use crate::office::{Office, letter, python, text};

const STATUS: &str = "Статус";
const HINT: &str = "Підказка системи";

/// An office with a supervisor and so many appeals of 2 March 2026 (term: 1 April).
fn office(appeals: u8) -> Office {
    let office = Office::new();
    office.configure("quiet_seconds = 3", "quiet_seconds = 1");
    office.configure("supervisor_email = []", "supervisor_email = [\"kerivnyk@smva.example\"]");
    for number in 1..=appeals {
        office.drop_letter(1, &format!("letter{number}"), &letter(number.into()));
    }
    office.at("2026-03-02T10:30:00+02:00");
    office
}

/// What a person types into cells of an appeal, taken in at a moment.
fn typed(office: &Office, number: &str, cells: &[(&str, &str)], moment: &str) {
    let script: Vec<String> =
        cells.iter().map(|(header, value)| format!("cell('{number}', '{header}').value = '{value}'")).collect();
    office.person(&office.register(), &script.join("\n"));
    office.at(moment);
}

fn shown(office: &Office, number: &str, header: &str) -> String {
    let rows = office.rows();
    let row = rows.iter().find(|row| row["Реєстраційний №"] == number).unwrap();
    row[header].as_str().unwrap_or_default().to_owned()
}

/// Letters of a kind promised so far, as text, in order, with their recipients.
fn letters(office: &Office, kind: &str) -> Vec<(String, String)> {
    let ledger = rusqlite::Connection::open(office.path("ledger.sqlite")).unwrap();
    let mut all = ledger.prepare("SELECT recipient, body FROM outbox WHERE kind = ?1 ORDER BY id").unwrap();
    let all: Vec<(String, Vec<u8>)> =
        all.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    all.into_iter().map(|(to, body)| (to, plain(office, &body))).collect()
}

fn plain(office: &Office, body: &[u8]) -> String {
    let path = office.path("one.eml");
    std::fs::write(&path, body).unwrap();
    let script = "import sys, email, email.policy\nm = email.message_from_binary_file(open(sys.argv[1], 'rb'), \
                  policy=email.policy.default)\nprint(m['subject'])\nprint(m.get_body(('plain',)).get_content())";
    let output = python().args(["-c", script]).arg(path).output().unwrap();
    text(&output.stdout).replace('\u{a0}', " ")
}

#[test]
fn a_department_is_reminded_once_a_stage_in_working_hours_and_the_supervisor_hears_of_what_is_overdue() {
    let office = office(2);
    let department = "Структурний підрозділ (виконавець)";
    typed(&office, "П-1/2026", &[(department, "УСЗН")], "2026-03-02T11:00:00+02:00");
    let mut days = Vec::new();
    for moment in [
        "2026-03-24T10:10:00+02:00",
        "2026-03-25T07:00:00+02:00",
        "2026-03-25T10:10:00+02:00",
        "2026-03-25T11:00:00+02:00",
        "2026-03-26T10:10:00+02:00",
        "2026-03-27T10:10:00+02:00",
        "2026-03-28T10:10:00+02:00",
        "2026-03-29T10:10:00+03:00",
        "2026-03-31T10:10:00+03:00",
        "2026-04-01T10:10:00+03:00",
        "2026-04-02T10:10:00+03:00",
        "2026-04-03T10:10:00+03:00",
    ] {
        let before = (letters(&office, "department_reminder").len(), letters(&office, "escalation").len());
        office.at(moment);
        let after = (letters(&office, "department_reminder").len(), letters(&office, "escalation").len());
        if after != before {
            days.push((moment[5..16].to_owned(), after.0 - before.0, after.1 - before.1));
        }
    }
    let day = |moment: &str, departments, supervisor| (moment.to_owned(), departments, supervisor);
    assert_eq!(
        days,
        [
            day("03-25T10:10", 1, 0),
            day("03-27T10:10", 1, 0),
            // Nobody has the second appeal: the supervisor hears of it a day before its end.
            day("03-31T10:10", 1, 1),
            day("04-01T10:10", 1, 1),
            day("04-02T10:10", 1, 1),
        ]
    );
    let (to, first) = letters(&office, "department_reminder").remove(0);
    assert_eq!(to, "soc@smva.example");
    assert!(first.contains("№ П-1/2026, до 01.04.2026 — залишилося 7 днів"), "{first}");
    assert!(!first.contains("П-2/2026"), "what nobody gave to the department");
    let (to, last) = letters(&office, "escalation").remove(2);
    assert_eq!(to, "kerivnyk@smva.example");
    assert!(last.contains("№ П-1/2026 (Прострочено), до 01.04.2026 — прострочено на 1 день"), "{last}");
    assert!(last.contains("П-2/2026") && last.contains("виконавця не визначено"), "{last}");
    let hint = shown(&office, "П-1/2026", HINT);
    assert!(hint.contains("Підрозділу нагадано: 02.04.2026, строк прострочено на 1 день."), "{hint}");
    assert!(hint.contains("Керівнику: 02.04.2026 повідомлено: строк прострочено на 1 день."), "{hint}");
}

/// The applicant's answer to the last letter of ours of this kind, taken in at a moment.
fn answered(office: &Office, kind: &str, (name, words): (&str, &str), moment: &str) {
    let ledger = rusqlite::Connection::open(office.path("ledger.sqlite")).unwrap();
    let (id, to): (String, String) = ledger
        .query_row("SELECT message_id, recipient FROM outbox WHERE kind = ?1 ORDER BY id DESC", [kind], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let letter = format!(
        "From: {to}\r\nTo: 9a010722@gmail.com\r\nSubject: Re: zvernennia\r\nMessage-ID: <{name}@ukr.net>\r\n\
         In-Reply-To: <{id}>\r\nDate: Fri, 06 Mar 2026 10:00:00 +0200\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{words}\r\n"
    );
    office.drop_letter(1, name, letter.as_bytes());
    office.at(moment);
}

/// An office with one appeal that lacks house and temporary address.
fn incomplete() -> Office {
    let office = office(0);
    let whole = String::from_utf8(letter(1)).unwrap();
    let lacks = whole.replace("вул. Гагаріна, буд. 1, кв. 12. Тимчасово проживаю: м. Дніпро, вул. Робоча, буд. 7.", "");
    assert_ne!(whole, lacks);
    office.drop_letter(1, "incomplete", lacks.as_bytes());
    office.at("2026-03-02T10:40:00+02:00");
    office
}

#[test]
fn an_answer_fills_what_was_asked_and_the_days_of_waiting_do_not_count_where_the_law_itself_wants_the_data() {
    let office = incomplete();
    let hint = shown(&office, "П-1/2026", HINT);
    assert_eq!(shown(&office, "П-1/2026", STATUS), "Потребує уточнення");
    assert!(
        hint.contains(
            "Строк: за законом до 01.04.2026 (один місяць від 02.03.2026, ст. 20); контрольна дата 01.04.2026."
        ),
        "{hint}"
    );
    // A first answer gives a part of it.
    let moment = "2026-03-04T10:10:00+02:00";
    answered(
        &office,
        "clarification",
        ("part", "Доброго дня! Тимчасово проживаю: м. Дніпро, вул. Робоча, буд. 7."),
        moment,
    );
    assert_eq!(shown(&office, "П-1/2026", STATUS), "Потребує уточнення");
    assert_eq!(shown(&office, "П-1/2026", "Місце тимчасового проживання"), "м. Дніпро, вул. Робоча, буд. 7");
    let hint = shown(&office, "П-1/2026", HINT);
    assert!(hint.contains("Ще бракує: прописка."), "{hint}");
    // The second completes it; the term did not run from 3 to 6 March.
    let words = "Зареєстроване місце проживання: м. Сєвєродонецьк, вул. Гагаріна, буд. 1, кв. 12.";
    answered(&office, "clarification", ("rest", words), "2026-03-06T10:10:00+02:00");
    assert_eq!(shown(&office, "П-1/2026", STATUS), "Зареєстровано");
    assert!(shown(&office, "П-1/2026", "Прописка (зареєстроване місце проживання)").contains("Гагаріна, буд. 1"));
    let hint = shown(&office, "П-1/2026", HINT);
    assert!(hint.contains("за законом до 05.04.2026 (один місяць від 02.03.2026, ст. 20; 4 дн. на уточнення даних); контрольна дата 03.04.2026."), "{hint}");
    assert_eq!(shown(&office, "П-1/2026", "Термін виконання (до)"), "2026-04-03");
    assert_eq!(shown(&office, "П-1/2026", "Дата надходження"), "2026-03-02", "one appeal, with its day");
    assert_eq!(office.rows().len(), 1);
}

#[test]
fn silence_is_noted_and_an_appeal_returned_and_completed_begins_its_term_anew() {
    let office = incomplete();
    office.at("2026-03-08T10:10:00+02:00");
    let hint = shown(&office, "П-1/2026", HINT);
    assert!(hint.contains("Заявник: на запит даних до 07.03.2026 не відповів"), "{hint}");
    let answer = "Не вказано місця проживання; без нього звернення не розглядають.";
    let cells = [(STATUS, "Повернуто заявнику"), ("Надана відповідь (результат розгляду)", answer)];
    typed(&office, "П-1/2026", &cells, "2026-03-10T11:00:00+02:00");
    assert_eq!(shown(&office, "П-1/2026", STATUS), "Повернуто заявнику");
    let (_, returned) = letters(&office, "returned").remove(0);
    assert!(returned.contains("зареєстроване місце проживання"), "{returned}");
    let words = "Зареєстрований: м. Сєвєродонецьк, вул. Гагаріна, буд. 1, кв. 12. Тимчасово проживаю: м. Дніпро.";
    answered(&office, "returned", ("rest", words), "2026-03-17T10:10:00+02:00");
    assert_eq!(shown(&office, "П-1/2026", STATUS), "Зареєстровано", "{}", shown(&office, "П-1/2026", HINT));
    let hint = shown(&office, "П-1/2026", HINT);
    assert!(
        hint.contains("за законом до 16.04.2026 (один місяць від 17.03.2026, ст. 20; від дня усунення недоліків)"),
        "{hint}"
    );
    assert!(!hint.contains("Заявник: "), "{hint}");
}

/// Lines of the sheet of calls that hold something.
fn calls(office: &Office) -> Vec<serde_json::Map<String, serde_json::Value>> {
    office.beside("Зателефонувати").into_iter().filter(|line| line.values().any(|cell| !cell.is_null())).collect()
}

#[test]
fn who_cannot_be_written_to_is_listed_until_an_operator_enters_how_he_was_told() {
    let office = office(2);
    let answer = ("Надана відповідь (результат розгляду)", "Субсидію призначають за заявою до ЦНАП.");
    for number in ["П-1/2026", "П-2/2026"] {
        let cells = [("Примітки", "не писати, лише телефон"), (STATUS, "Надано роз’яснення"), answer];
        typed(&office, number, &cells, "2026-03-02T11:00:00+02:00");
    }
    assert_eq!(letters(&office, "explained"), []);
    let listed = calls(&office);
    assert_eq!(listed.len(), 2, "{listed:?}");
    assert_eq!(listed[0]["Реєстраційний №"], "П-1/2026");
    assert_eq!(listed[0]["Телефон"], "+380661234567");
    assert_eq!(listed[0]["Що повідомити"], "Надано роз'яснення. Субсидію призначають за заявою до ЦНАП.");
    assert_eq!(office.at("2026-03-02T11:10:00+02:00")["registers"][0]["state"], "unchanged");
    // Nobody was reached: the line stays and tells it. The other one was told yesterday, with a note.
    office.person(
        &office.register(),
        "c = b['Зателефонувати']\n\
         heads = {cell.value: cell.column for cell in c[3]}\n\
         rows = {c.cell(r, 1).value: r for r in range(4, c.max_row + 1)}\n\
         c.cell(rows['П-1/2026'], heads['Як повідомлено']).value = 'не вдалося'\n\
         c.cell(rows['П-2/2026'], heads['Як повідомлено']).value = 'телефоном'\n\
         c.cell(rows['П-2/2026'], heads['Коли повідомлено']).value = '01.03.2026'\n\
         c.cell(rows['П-2/2026'], heads['Примітка']).value = 'передано дочці'",
    );
    office.at("2026-03-02T12:00:00+02:00");
    let listed = calls(&office);
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0]["Стан"], "02.03.2026 не вдалося");
    assert!(listed[0]["Як повідомлено"].is_null(), "{listed:?}");
    assert!(shown(&office, "П-1/2026", HINT).contains("Спроби: 02.03.2026 не вдалося."));
    assert_eq!(shown(&office, "П-1/2026", "Дата відповіді заявнику"), "");
    assert_eq!(shown(&office, "П-2/2026", "Спосіб повідомлення заявника"), "телефоном");
    assert_eq!(shown(&office, "П-2/2026", "Дата відповіді заявнику"), "2026-03-01");
    assert!(shown(&office, "П-2/2026", "Примітки").ends_with("01.03.2026: передано дочці"));
    assert!(!shown(&office, "П-2/2026", HINT).contains("Зателефонувати"));
    assert_eq!(office.at("2026-03-02T12:10:00+02:00")["registers"][0]["state"], "unchanged");
    // The column of the register serves as well.
    typed(&office, "П-1/2026", &[("Спосіб повідомлення заявника", "поштою")], "2026-03-03T11:00:00+02:00");
    assert_eq!(calls(&office).len(), 0);
    assert_eq!(shown(&office, "П-1/2026", "Дата відповіді заявнику"), "2026-03-03");
}

#[test]
fn a_reminder_of_one_appeal_may_be_answered_in_words_without_its_number() {
    let office = office(1);
    typed(&office, "П-1/2026", &[("Структурний підрозділ (виконавець)", "УСЗН")], "2026-03-02T11:00:00+02:00");
    office.at("2026-03-25T10:10:00+02:00");
    let ledger = rusqlite::Connection::open(office.path("ledger.sqlite")).unwrap();
    let body: Vec<u8> =
        ledger.query_row("SELECT body FROM outbox WHERE kind = 'department_reminder'", [], |row| row.get(0)).unwrap();
    let reminder = office.path("reminder.eml");
    std::fs::write(&reminder, body).unwrap();
    let out = office.path("mail/1/new/done");
    let words = "Виконано. Субсидію призначено з 01.03.2026, кошти перераховано.";
    department(&["reply", reminder.to_str().unwrap(), out.to_str().unwrap(), "soc@smva.example", words]);
    office.at("2026-03-25T11:20:00+02:00");
    assert_eq!(
        shown(&office, "П-1/2026", STATUS),
        "Виконано (вирішено позитивно)",
        "{}",
        shown(&office, "П-1/2026", HINT)
    );
}
