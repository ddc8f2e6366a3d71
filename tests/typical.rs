//! Typical answers on the real binary: the sheet, the hint, the letter, the count.

use crate::office::{Office, letter, python, text};

const HINT: &str = "Підказка системи";
const ANSWER: &str = "Надана відповідь (результат розгляду)";

/// Writes lines into the sheet of typical answers: question, answer, approved, valid to.
fn sheet(office: &Office, lines: &[(&str, &str, &str, &str)]) {
    let mut script = "t = b['Типові відповіді']\nh = {cell.value: cell.column for cell in t[3]}\n".to_owned();
    for (row, (question, answer, approved, valid_to)) in (4..).zip(lines) {
        for (header, value) in
            [("Питання", question), ("Відповідь", answer), ("Дата затвердження", approved), ("Дійсна до", valid_to)]
        {
            script += &format!("t.cell({row}, h['{header}']).value = '{value}' or None\n");
        }
        script += &format!("t.cell({row}, h['Правова підстава']).value = 'Положення № 848'\n");
    }
    office.person(&office.register(), &script);
}

fn shown(office: &Office, header: &str) -> String {
    office.rows()[0][header].as_str().unwrap_or_default().to_owned()
}

fn explained(office: &Office) -> Vec<String> {
    let ledger = rusqlite::Connection::open(office.path("ledger.sqlite")).unwrap();
    let mut all = ledger.prepare("SELECT body FROM outbox WHERE kind = 'explained' ORDER BY id").unwrap();
    let bodies: Vec<Vec<u8>> = all.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let script = "import sys, email, email.policy\nm = email.message_from_binary_file(open(sys.argv[1], 'rb'), \
                  policy=email.policy.default)\nprint(m.get_body(('plain',)).get_content())";
    let plain = |body: Vec<u8>| {
        let path = office.path("one.eml");
        std::fs::write(&path, body).unwrap();
        text(&python().args(["-c", script]).arg(path).output().unwrap().stdout).replace('\u{a0}', " ")
    };
    bodies.into_iter().map(plain).collect()
}

/// Types into the only row and lets the service look.
fn typed(office: &Office, cells: &[(&str, &str)], moment: &str) {
    let script: Vec<String> =
        cells.iter().map(|(header, value)| format!("cell('П-1/2026', '{header}').value = '{value}'")).collect();
    office.person(&office.register(), &script.join("\n"));
    office.at(moment);
}

#[test]
fn a_typical_answer_is_proposed_sent_by_its_number_and_counted() {
    let office = Office::new();
    office.configure("quiet_seconds = 3", "quiet_seconds = 1");
    office.at("2026-03-02T10:00:00+02:00");
    sheet(
        &office,
        &[
            (
                "Як призначають субсидії для оплати комунальної послуги?",
                "Заяву про субсидію подають через ЦНАП або «Дію».",
                "01.02.2026",
                "",
            ),
            (
                "Призначення субсидії на оплату комунальних послуг",
                "Стара відповідь про субсидію.",
                "01.02.2025",
                "31.12.2025",
            ),
            ("Призначення субсидії на оплату комунальних послуг", "Ще ніким не затверджена відповідь.", "", ""),
        ],
    );
    office.at("2026-03-02T10:10:00+02:00");
    let numbers: Vec<_> = office.beside("Типові відповіді").iter().map(|line| line["№"].clone()).collect();
    assert_eq!(numbers, [1, 2, 3], "the service numbers them");
    office.drop_letter(1, "one", &letter(1));
    office.at("2026-03-02T10:30:00+02:00");
    let hint = shown(&office, HINT);
    let line = hint.lines().find(|line| line.starts_with("Типові відповіді: ")).unwrap_or_default();
    assert!(line.starts_with("Типові відповіді: ТВ-1 (0."), "{hint}");
    assert!(!line.contains("ТВ-2") && !line.contains("ТВ-3"), "over, or not approved: {line}");
    // What is over or not approved is never sent, whatever is typed beside it.
    typed(&office, &[(ANSWER, "ТВ-2"), ("Статус", "роз’яснено")], "2026-03-02T11:00:00+02:00");
    assert!(
        shown(&office, HINT).contains("ТВ-2 надіслати не можна: строк її дії минув 31.12.2025"),
        "{}",
        shown(&office, HINT)
    );
    typed(&office, &[(ANSWER, "ТВ-3 див. вище")], "2026-03-02T11:10:00+02:00");
    assert!(shown(&office, HINT).contains("ТВ-3 надіслати не можна: її не затверджено"), "{}", shown(&office, HINT));
    assert_eq!(shown(&office, "Статус"), "роз’яснено", "it waits as it was typed");
    assert_eq!(explained(&office), Vec::<String>::new());
    // The approved one goes out at once, since the state already stands there.
    typed(&office, &[(ANSWER, "тв-1")], "2026-03-02T11:20:00+02:00");
    assert_eq!(shown(&office, "Статус"), "Надано роз'яснення", "{}", shown(&office, HINT));
    let sent = explained(&office);
    assert_eq!(sent.len(), 1);
    assert!(
        sent[0].contains("Заяву про субсидію подають через ЦНАП або «Дію».") && sent[0].contains("Положення № 848"),
        "{}",
        sent[0]
    );
    let used: Vec<_> = office.beside("Типові відповіді").iter().map(|line| line["Використано разів"].clone()).collect();
    assert_eq!(used[0], 1, "{used:?}");
    assert!(used[1].is_null() || used[1] == 0);
    assert_eq!(office.at("2026-03-02T11:30:00+02:00")["registers"][0]["state"], "unchanged");
    assert_eq!(explained(&office).len(), 1);
}
