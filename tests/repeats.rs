//! Repeated, doubled and mass appeals on the real binary: the sign, the link, the alert.

use crate::office::Office;

const SIGN: &str = "Ознака надходження";
const HINT: &str = "Підказка системи";

/// A letter of a person on a matter.
fn letter(id: &str, (name, address, phone): (&str, &str, &str), matter: &str) -> Vec<u8> {
    format!(
        "From: {address}\r\nTo: 9a010722@gmail.com\r\nSubject: zvernennia {id}\r\nMessage-ID: <{id}@ukr.net>\r\n\
         Date: Mon, 02 Mar 2026 09:00:00 +0200\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\nДоброго дня! Я, {name}, {matter}\r\nЗареєстрований: \
         м. Сєвєродонецьк, вул. Гагаріна, буд. 5, кв. 12. Тимчасово проживаю: м. Дніпро, вул. Робоча, буд. 7.\r\n\
         Тел. {phone}\r\n"
    )
    .into_bytes()
}

const OLENA: (&str, &str, &str) = ("Коваленко Олена Петрівна", "olena@ukr.net", "0661234567");
const SUBSIDY: &str = "прошу призначити мені субсидію на оплату комунальних послуг за січень.";
const AGAIN: &str = "мені досі не призначили субсидії для оплати комунальної послуги, звертаюся знову.";

fn office() -> Office {
    let office = Office::new();
    office.configure("quiet_seconds = 3", "quiet_seconds = 1");
    office.configure("supervisor_email = []", "supervisor_email = [\"kerivnyk@smva.example\"]");
    office
}

fn shown(office: &Office, number: &str, header: &str) -> String {
    let rows = office.rows();
    let row = rows.iter().find(|row| row["Реєстраційний №"] == number).unwrap_or_else(|| panic!("{number}: {rows:?}"));
    row[header].as_str().unwrap_or_default().to_owned()
}

fn promised(office: &Office, kind: &str) -> u32 {
    let ledger = rusqlite::Connection::open(office.path("ledger.sqlite")).unwrap();
    ledger.query_row("SELECT COUNT(*) FROM outbox WHERE kind = ?1", [kind], |row| row.get(0)).unwrap()
}

/// An operator answers К-1/2026.
fn explain_the_first(office: &Office) {
    let answer = "Надана відповідь (результат розгляду)";
    office.person(
        &office.register(),
        &format!(
            "cell('К-1/2026', '{answer}').value = 'Субсидію призначають за заявою до ЦНАП.'\n\
             cell('К-1/2026', 'Статус').value = 'роз’яснено'"
        ),
    );
}

#[test]
fn the_same_matter_of_the_same_person_is_a_doublet_then_a_repeat_and_is_linked() {
    let office = office();
    office.drop_letter(1, "one", &letter("one", OLENA, SUBSIDY));
    office.at("2026-03-02T10:30:00+02:00");
    office.drop_letter(1, "two", &letter("two", OLENA, AGAIN));
    office.drop_letter(1, "roof", &letter("roof", OLENA, "прошу полагодити дах будинку, який протікає після дощу."));
    office.at("2026-03-04T10:30:00+02:00");
    assert_eq!(shown(&office, "К-1/2026", SIGN), "первинне");
    let hint = shown(&office, "К-3/2026", HINT);
    assert_eq!(shown(&office, "К-3/2026", SIGN), "дублетне", "{hint}");
    assert!(hint.contains("Дублетне до № К-1/2026 (збіг ") && hint.contains("перше ще розглядають"), "{hint}");
    assert!(hint.contains("Інші звернення цього заявника: № К-2/2026."), "{hint}");
    assert_eq!(shown(&office, "К-2/2026", SIGN), "первинне", "another matter");
    // Once the first was answered, a third one is more than a doublet.
    explain_the_first(&office);
    office.at("2026-03-05T10:30:00+02:00");
    let third = AGAIN.replace("звертаюся знову", "відповідь мене не влаштовує");
    office.drop_letter(1, "three", &letter("three", OLENA, &third));
    office.at("2026-03-06T10:30:00+02:00");
    assert_eq!(shown(&office, "К-4/2026", SIGN), "неодноразове");
    assert_eq!(office.at("2026-03-06T10:40:00+02:00")["registers"][0]["state"], "unchanged");
}

#[test]
fn three_people_on_one_matter_are_a_mass_appeal_and_the_supervisor_hears_of_it_once() {
    let office = office();
    let people = [
        ("Бондар Ганна Ігорівна", "bondar@ukr.net", "0661234561"),
        ("Шевчук Андрій Миколайович", "shevchuk@ukr.net", "0661234562"),
        ("Ткач Ніна Іванівна", "tkach@ukr.net", "0661234563"),
        ("Сич Петро Іванович", "sych@ukr.net", "0661234564"),
    ];
    let matters = [
        "у нашому будинку по вулиці Хіміків третій день немає води, прошу відновити водопостачання.",
        "прошу відновити водопостачання у будинку на Хіміків: води немає третій день.",
        "третій день без води будинок на вулиці Хіміків, відновіть водопостачання.",
        "немає води у будинку по Хіміків уже третій день, коли відновлять водопостачання?",
    ];
    office.drop_letter(1, "w0", &letter("w0", people[0], matters[0]));
    office.at("2026-03-02T10:30:00+02:00");
    office.drop_letter(1, "w1", &letter("w1", people[1], matters[1]));
    office.drop_letter(1, "w2", &letter("w2", people[2], matters[2]));
    office.at("2026-03-02T11:30:00+02:00");
    for number in ["Б-1/2026", "Ш-2/2026", "Т-3/2026"] {
        assert_eq!(shown(&office, number, SIGN), "масове", "{number}: {}", shown(&office, number, HINT));
        assert!(shown(&office, number, HINT).contains("Масове: "), "{number}");
    }
    let alerts = promised(&office, "alert_resonant");
    assert_eq!(alerts, 1);
    office.drop_letter(1, "w3", &letter("w3", people[3], matters[3]));
    office.at("2026-03-02T12:30:00+02:00");
    assert_eq!(shown(&office, "С-4/2026", SIGN), "масове");
    assert_eq!(promised(&office, "alert_resonant"), 1);
}

#[test]
fn a_word_that_comes_too_late_to_reopen_becomes_a_linked_repeat() {
    let office = office();
    office.drop_letter(1, "one", &letter("one", OLENA, SUBSIDY));
    office.at("2026-03-02T10:30:00+02:00");
    explain_the_first(&office);
    office.at("2026-03-03T10:30:00+02:00");
    let ledger = rusqlite::Connection::open(office.path("ledger.sqlite")).unwrap();
    let id: String =
        ledger.query_row("SELECT message_id FROM outbox WHERE kind = 'explained'", [], |row| row.get(0)).unwrap();
    let late = format!(
        "From: olena@ukr.net\r\nTo: 9a010722@gmail.com\r\nSubject: Re: [К-1/2026]\r\nMessage-ID: <late@ukr.net>\r\n\
         In-Reply-To: <{id}>\r\nDate: Mon, 13 Apr 2026 10:00:00 +0300\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         Заяву до ЦНАП я подала, але субсидію так і не призначили.\r\n"
    );
    office.drop_letter(1, "late", late.as_bytes());
    office.at("2026-04-13T11:00:00+03:00");
    assert_eq!(shown(&office, "К-1/2026", "Статус"), "Надано роз'яснення", "closed it stays");
    assert_eq!(shown(&office, "К-2/2026", SIGN), "повторне");
    let hint = shown(&office, "К-2/2026", HINT);
    assert!(hint.contains("Повторне до № К-1/2026: відповідь надано 03.03.2026."), "{hint}");
    assert_eq!(shown(&office, "К-2/2026", "Контактний телефон"), "+380661234567");
    assert_eq!(promised(&office, "registered"), 2);
}
