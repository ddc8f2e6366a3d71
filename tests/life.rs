//! The life of an appeal after its registration, with an operator who works only in the register.

use crate::office::{Office, Open, letter};

/// An office with one appeal (П-1/2026) whose files need be quiet for a second only.
fn office() -> Office {
    let office = Office::new();
    office.configure("quiet_seconds = 3", "quiet_seconds = 1");
    office.drop_letter(1, "one", &letter(1));
    office.at("2026-03-02T10:30:00+02:00");
    office
}

/// Types into cells of П-1/2026 and lets the service look at a time of 2 March 2026.
fn typed(office: &Office, time: &str, cells: &[(&str, &str)]) {
    let script: Vec<String> =
        cells.iter().map(|(header, value)| format!("cell('П-1/2026', '{header}').value = '{value}'")).collect();
    office.person(&office.register(), &script.join("\n"));
    office.at(&format!("2026-03-02T{time}:00+02:00"));
}

fn shown(office: &Office, header: &str) -> String {
    office.rows()[0][header].as_str().unwrap_or_default().to_owned()
}

/// Texts of the letters sent, by the kind in their Message-ID.
fn letters(office: &Office, kind: &str) -> u32 {
    let ledger = rusqlite::Connection::open(office.path("ledger.sqlite")).unwrap();
    ledger.query_row("SELECT COUNT(*) FROM outbox WHERE kind = ?1", [kind], |row| row.get(0)).unwrap()
}

const STATUS: &str = "Статус";
const ANSWER: &str = "Надана відповідь (результат розгляду)";
const DEPARTMENT: &str = "Структурний підрозділ (виконавець)";
const HINT: &str = "Підказка системи";

#[test]
fn an_appeal_is_routed_answered_and_told_from_the_register_alone() {
    let office = office();
    typed(&office, "11:00", &[(DEPARTMENT, "УСЗН")]);
    assert_eq!(shown(&office, DEPARTMENT), "Управління праці та соціального захисту населення");
    assert_eq!(shown(&office, STATUS), "Передано на розгляд");
    assert_eq!(shown(&office, "Дата передачі на розгляд"), "2026-03-02");
    assert_eq!(letters(&office, "routed"), 1);
    // A final state without a text waits, as it was typed.
    typed(&office, "12:00", &[(STATUS, "викон.")]);
    assert_eq!(shown(&office, STATUS), "викон.");
    assert!(shown(&office, HINT).contains("Стан: Стан «Виконано (вирішено позитивно)» буде встановлено, коли"));
    assert_eq!(letters(&office, "solved"), 0);
    typed(&office, "12:30", &[(ANSWER, "Субсидію призначено з 01.03.2026, кошти надійдуть до 10 числа.")]);
    assert_eq!(shown(&office, STATUS), "Виконано (вирішено позитивно)");
    assert_eq!(shown(&office, "Дата відповіді заявнику"), "2026-03-02");
    assert_eq!(shown(&office, "Спосіб повідомлення заявника"), "е-поштою");
    assert!(!shown(&office, HINT).contains("Стан:"), "{}", shown(&office, HINT));
    assert_eq!(letters(&office, "solved"), 1);
    let sent = office.sent().len();
    // The second pass changes nothing.
    assert_eq!(office.at("2026-03-02T12:40:00+02:00")["registers"][0]["state"], "unchanged");
    assert_eq!(office.sent().len(), sent);
    // What the table does not allow is put back, and the remark says what is allowed.
    typed(&office, "13:00", &[(STATUS, "В роботі")]);
    assert_eq!(shown(&office, STATUS), "Виконано (вирішено позитивно)");
    assert!(shown(&office, HINT).contains("Дозволено: «На доопрацюванні»"), "{}", shown(&office, HINT));
    assert_eq!(letters(&office, "solved"), 1);
}

#[test]
fn a_refusal_names_law_and_motives_and_only_a_department_or_the_supervisor_refuses() {
    let office = office();
    typed(&office, "11:00", &[(DEPARTMENT, "УСЗН"), (STATUS, "відмовлено"), (ANSWER, "Немає підстав, на жаль.")]);
    assert_eq!(shown(&office, STATUS), "Передано на розгляд");
    assert!(shown(&office, HINT).contains("структурний підрозділ або керівник"), "{}", shown(&office, HINT));
    // Nobody but the supervisor agrees, and where none is named nobody does.
    typed(&office, "11:10", &[("Контроль", "погоджено"), (STATUS, "відмовлено")]);
    assert_eq!((shown(&office, "Контроль").as_str(), shown(&office, STATUS).as_str()), ("", "Передано на розгляд"));
    assert!(shown(&office, HINT).contains("ставить лише керівник (у налаштуваннях його не названо)"));
    office.configure("supervisors = []", "supervisors = [\"Стрюк О. С.\"]");
    typed(&office, "11:20", &[("Контроль", "К; продовжити до 10.04")]);
    assert_eq!(shown(&office, "Контроль"), "");
    assert!(shown(&office, HINT).contains("ставить лише керівник (Стрюк О. С.)"), "{}", shown(&office, HINT));
    let open = Open::by("Стрюк О. С.", &office.register());
    office.at("2026-03-02T11:25:00+02:00");
    drop(open);
    typed(&office, "11:30", &[("Контроль", "погоджено"), (STATUS, "відмовлено")]);
    assert_eq!(shown(&office, "Контроль"), "Погоджено");
    assert!(shown(&office, HINT).contains("не бракуватиме правової підстави"), "{}", shown(&office, HINT));
    let answer = "Доходи Вашої сім`ї перевищують межу для субсидії. Підстава: п. 14 Положення № 848.";
    typed(&office, "12:00", &[(ANSWER, answer)]);
    assert_eq!(shown(&office, STATUS), "Відмовлено у задоволенні", "{}", shown(&office, HINT));
    assert_eq!(letters(&office, "refused"), 1);
}

#[test]
fn who_asked_for_no_letters_is_called() {
    let office = office();
    typed(
        &office,
        "11:00",
        &[
            ("Примітки", "не писати, лише телефон"),
            (STATUS, "роз'яснено".replace('\'', "’").as_str()),
            (ANSWER, "Субсидію призначають за заявою до ЦНАП."),
        ],
    );
    assert_eq!(shown(&office, STATUS), "Надано роз'яснення");
    assert!(shown(&office, HINT).contains("Зателефонувати: "), "{}", shown(&office, HINT));
    assert_eq!(letters(&office, "explained"), 0);
    assert_eq!(shown(&office, "Дата відповіді заявнику"), "");
    typed(&office, "12:00", &[("Спосіб повідомлення заявника", "телефоном")]);
    assert_eq!(shown(&office, "Дата відповіді заявнику"), "2026-03-02");
    assert!(!shown(&office, HINT).contains("Зателефонувати"));
    assert_eq!(letters(&office, "explained"), 0);
}

/// A letter of the applicant that answers the last letter of ours of this kind.
fn replied(office: &Office, kind: &str, name: &str, text: &str, moment: &str) {
    let ledger = rusqlite::Connection::open(office.path("ledger.sqlite")).unwrap();
    let id: String = ledger
        .query_row("SELECT message_id FROM outbox WHERE kind = ?1 ORDER BY id DESC", [kind], |row| row.get(0))
        .unwrap();
    let letter = format!(
        "From: petrenko1@ukr.net\r\nTo: 9a010722@gmail.com\r\nSubject: Re: [П-1/2026]\r\nMessage-ID: <{name}@ukr.net>\r\n\
         In-Reply-To: <{id}>\r\nDate: Tue, 03 Mar 2026 10:00:00 +0200\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    );
    office.drop_letter(1, name, letter.as_bytes());
    office.at(moment);
}

#[test]
fn an_applicant_asks_for_the_state_says_it_is_not_solved_and_gives_thanks() {
    let office = office();
    replied(&office, "registered", "state", "статус", "2026-03-02T10:40:00+02:00");
    assert_eq!(letters(&office, "state"), 1);
    typed(&office, "11:00", &[(DEPARTMENT, "УСЗН")]);
    typed(&office, "12:00", &[(STATUS, "виконано"), (ANSWER, "Субсидію призначено з 01.03.2026.")]);
    assert_eq!(letters(&office, "solved"), 1);
    let text = "Питання не вирішено, субсидії так і не отримала.";
    replied(&office, "solved", "unsolved", text, "2026-03-03T10:00:00+02:00");
    assert_eq!(shown(&office, STATUS), "На доопрацюванні");
    assert!(shown(&office, HINT).contains("доопрацювання (1 раз)"), "{}", shown(&office, HINT));
    office.person(
        &office.register(),
        &format!("cell('П-1/2026', '{STATUS}').value = 'вик.'\ncell('П-1/2026', '{ANSWER}').value = 'Кошти перераховано 03.03.2026.'"),
    );
    office.at("2026-03-03T11:00:00+02:00");
    assert_eq!(letters(&office, "solved"), 2);
    replied(&office, "solved", "thanks", "Щиро дякую, все отримала!", "2026-03-04T11:00:00+02:00");
    assert_eq!(shown(&office, STATUS), "Виконано (вирішено позитивно)");
    assert!(shown(&office, HINT).contains("Заявник підтвердив"), "{}", shown(&office, HINT));
}

#[test]
fn a_term_is_extended_by_the_supervisors_mark_alone_and_what_runs_out_is_overdue() {
    let office = office();
    office.configure("supervisors = []", "supervisors = [\"Стрюк О. С.\"]");
    typed(&office, "11:00", &[(DEPARTMENT, "УСЗН")]);
    let reason = "Очікуємо відповіді Пенсійного фонду.";
    typed(&office, "11:10", &[(STATUS, "продовжено до 10.04"), (ANSWER, reason)]);
    assert_eq!(shown(&office, STATUS), "Передано на розгляд");
    assert!(shown(&office, HINT).contains("«Продовжити до …»"), "{}", shown(&office, HINT));
    let open = Open::by("Стрюк О. С.", &office.register());
    office.at("2026-03-02T11:20:00+02:00");
    drop(open);
    typed(&office, "11:30", &[("Контроль", "продовжити до 10.04"), (STATUS, "Термін продовжено")]);
    assert_eq!(shown(&office, STATUS), "Термін продовжено", "{}", shown(&office, HINT));
    assert_eq!(shown(&office, "Термін виконання (до)"), "2026-04-10");
    assert_eq!(letters(&office, "interim"), 1, "the applicant hears of it (art. 20)");
    office.at("2026-04-10T12:00:00+03:00");
    assert!(!shown(&office, "Контроль").contains("Прострочено"));
    office.at("2026-04-11T12:00:00+03:00");
    assert!(shown(&office, "Контроль").contains("Прострочено"), "{}", shown(&office, "Контроль"));
}
