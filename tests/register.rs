//! The register between the service and the people who work in it with other programs.

use crate::office::{Office, Open, letter, python, read_sheet, text};

/// An office with one appeal (П-1/2026) whose files need be quiet for a second only.
fn office() -> Office {
    let office = Office::new();
    office.configure("quiet_seconds = 3", "quiet_seconds = 1");
    office.configure("operators_email = []", "operators_email = [\"operator@cc.smva.example\"]");
    office.configure("administrator_email = []", "administrator_email = [\"admin@cc.smva.example\"]");
    office.drop_letter(1, "one", &letter(1));
    office.at("2026-03-02T10:30:00+02:00");
    office
}

#[test]
fn what_an_unfinished_row_said_is_in_the_journal_when_the_row_is_gone() {
    let office = office();
    let register = office.register();
    office.person(&register, "below(Прізвище='Гай Ольга Іванівна', Примітки='передзвонить увечері')");
    office.at("2026-03-02T11:00:00+02:00");
    assert!(office.rows()[1]["Підказка системи"].as_str().unwrap().contains("бракує"));
    office.person(&register, "s.delete_rows(line(s, 'Примітки', 'передзвонить увечері'))");
    office.at("2026-03-02T11:10:00+02:00");
    assert_eq!(office.rows().len(), 1);
    let ledger = rusqlite::Connection::open(office.path("ledger.sqlite")).unwrap();
    let gone: Vec<String> = ledger
        .prepare("SELECT old FROM journal WHERE cause LIKE 'gone from %' ORDER BY field")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(gone, ["TГай Ольга Іванівна", "Tпередзвонить увечері"]);
}

#[test]
fn two_who_changed_one_cell_are_both_kept_and_one_word_decides() {
    let office = office();
    let register = office.register();
    let yesterday = office.path("yesterday.xlsx");
    std::fs::copy(&register, &yesterday).unwrap();
    office.person(&register, "cell('П-1/2026', 'Примітки').value = 'перша примітка'");
    office.at("2026-03-02T11:00:00+02:00");
    // Somebody goes on in yesterday's copy and puts it in the place of the register.
    office.person(&yesterday, "cell('П-1/2026', 'Примітки').value = 'друга примітка'");
    std::fs::copy(&yesterday, &register).unwrap();
    office.at("2026-03-02T12:00:00+02:00");
    assert_eq!(office.rows()[0]["Примітки"], "друга примітка");
    let conflicts = office.beside("Розбіжності");
    let line = &conflicts[0];
    assert_eq!(line["Реєстраційний №"], "П-1/2026");
    assert_eq!(line["Графа"], "Примітки");
    assert_eq!(line["У реєстрі"], "друга примітка");
    assert_eq!(line["В обліковій базі"], "перша примітка");
    assert_eq!(line["Коли"], "02.03.2026 12:00");
    let told = office.run("conflicts", &["--json"]);
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told[0]["ledger"], "перша примітка");
    // A word that means nothing is answered, the right one is carried out.
    office.person(&register, "c = b['Розбіжності']; c.cell(line(c, '№', 1), column(c, 'Рішення')).value = 'так'");
    office.at("2026-03-02T12:10:00+02:00");
    assert!(office.beside("Розбіжності")[0]["Стан"].as_str().unwrap().contains("напишіть"));
    office.person(&register, "c = b['Розбіжності']; c.cell(line(c, '№', 1), column(c, 'Рішення')).value = 'База'");
    office.at("2026-03-02T12:30:00+02:00");
    assert_eq!(office.rows()[0]["Примітки"], "перша примітка");
    let state = office.beside("Розбіжності")[0]["Стан"].as_str().unwrap().to_owned();
    assert_eq!(state, "Вирішено 02.03.2026 12:30: повернено значення з облікової бази.");
    assert_eq!(office.at("2026-03-02T12:40:00+02:00")["registers"][0]["state"], "unchanged");
    let left = office.run("conflicts", &["--json"]);
    assert_eq!(String::from_utf8_lossy(&left.stdout).trim(), "[]");
    // The word is changed: so is the cell.
    office.person(&register, "c = b['Розбіжності']; c.cell(line(c, '№', 1), column(c, 'Рішення')).value = 'реєстр'");
    office.at("2026-03-02T13:00:00+02:00");
    assert_eq!(office.rows()[0]["Примітки"], "друга примітка");
}

#[test]
fn a_workbook_is_explained_without_a_word_of_what_stands_in_its_rows() {
    let office = office();
    let told = office.workbook(&["inspect", office.register().to_str().unwrap(), "--json"]);
    assert!(told.status.success(), "{}", text(&told.stderr));
    assert!(!text(&told.stdout).contains("Петренко"));
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert!(told["stamp"]["replica"].as_str().unwrap().ends_with("/register/2026"), "{told}");
    assert_eq!(told["sheets"][0]["tables"][0], "Реєстр");
    assert_eq!(told["register"]["columns"].as_array().unwrap().len(), 28);
    let letter = office.path("letter.xlsx");
    std::fs::write(&letter, "це не книга").unwrap();
    let refused = office.workbook(&["inspect", letter.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("не є книгою Excel"), "{}", text(&refused.stderr));
}

#[test]
fn the_header_of_a_table_is_not_edited_because_excel_would_take_the_file_for_damaged() {
    let office = office();
    let changes = office.path("changes.json");
    std::fs::write(&changes, r#"{"sheet": "Реєстр", "cells": {"B4": "Номер"}}"#).unwrap();
    let out = office.path("out.xlsx");
    let register = office.register();
    let arguments = [register.to_str().unwrap(), out.to_str().unwrap(), "--changes", changes.to_str().unwrap()];
    let refused = office.workbook(&[&["edit"], &arguments[..]].concat());
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("table-header") && !out.exists());
}

#[test]
fn sync_merges_now_and_asks_the_running_service_where_one_runs() {
    let office = office();
    let register = office.register();
    let sync = || {
        let told = office.run("sync", &["--json"]);
        assert!(told.status.success(), "{}", text(&told.stderr));
        serde_json::from_slice::<serde_json::Value>(&told.stdout).unwrap()
    };
    office.person(&register, "cell('П-1/2026', 'Примітки').value = 'раз'");
    let alone = sync();
    assert_eq!((&alone["service"], &alone["taken"]["cells"]), (&serde_json::Value::Null, &1.into()), "{alone}");
    assert_eq!(sync()["taken"]["cells"], 0);
    let mut daemon = office.start_daemon();
    office.person(&register, "cell('П-1/2026', 'Примітки').value = 'два'");
    let asked = sync();
    assert!(asked["service"].as_str().unwrap().contains(&daemon.id().to_string()), "{asked}");
    let year = asked["registers"].as_array().unwrap().iter().find(|register| register["year"] == 2026).unwrap();
    assert_eq!(year["waiting"], "");
    // The daemon may have been quicker than the wish: what counts is that the ledger has it now.
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    assert_eq!(office.rows()[0]["Примітки"], "два");
    assert_eq!(sync()["taken"]["cells"], 0);
}

/// Letters sent to this address whose subject (decoded by Python) begins so.
fn letters_to(office: &Office, address: &str, subject: &str) -> usize {
    let script = "import sys, glob, email, email.policy\n\
                  ms = [email.message_from_binary_file(open(p, 'rb'), policy=email.policy.default) for p in \
                  glob.glob(sys.argv[1] + '/*.eml')]\n\
                  print(sum(sys.argv[2] in m['To'] and m['Subject'].startswith(sys.argv[3]) for m in ms))";
    let output = python().args(["-c", script]).arg(office.path("sent")).args([address, subject]).output().unwrap();
    text(&output.stdout).trim().parse().unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

fn status(office: &Office) -> serde_json::Value {
    let status = office.run("status", &["--json"]);
    serde_json::from_slice(&status.stdout).unwrap_or_else(|_| panic!("{}", text(&status.stderr)))
}

#[test]
fn while_somebody_has_it_open_nothing_is_written_and_everybody_knows_what_waits() {
    let office = office();
    let register = office.register();
    let companion = register.with_file_name("Нові звернення (реєстр відкрито).xlsx");
    let before = std::fs::read(&register).unwrap();
    let open = Open::by("Олена Іваненко", &register);
    office.drop_letter(1, "two", &letter(2));
    let passed = office.at("2026-03-02T11:00:00+02:00");
    let state = passed["registers"][0].clone();
    assert_eq!((&state["state"], &state["detail"]["why"]), (&"waits".into(), &"held".into()), "{passed}");
    assert_eq!(state["detail"]["appeals"], 1);
    assert_eq!(std::fs::read(&register).unwrap(), before);
    assert_eq!(read_sheet(&companion, &["Нові звернення"])[0]["Реєстраційний №"], "П-2/2026");
    let held = status(&office)["registers"][0].clone();
    assert_eq!((&held["held_by"], &held["why"]), (&"Олена Іваненко".into(), &"held".into()), "{held}");
    assert!(held["held_since"].is_string() && held["waiting_since"] == "2026-03-02T09:00:00Z", "{held}");
    let told = || letters_to(&office, "operator", "Реєстр зайнятий");
    for (moment, letters) in [("11:29", 0), ("11:31", 1), ("14:50", 1), ("15:01", 2), ("18:00", 2)] {
        office.at(&format!("2026-03-02T{moment}:00+02:00"));
        assert_eq!(told(), letters, "{moment}");
    }
    office.drop_letter(1, "three", &letter(3));
    office.at("2026-03-02T18:10:00+02:00");
    assert_eq!(read_sheet(&companion, &["Нові звернення"]).len(), 2);
    drop(open);
    let passed = office.at("2026-03-02T18:20:00+02:00");
    assert_eq!(passed["registers"][0]["detail"]["rows"], 2, "{passed}");
    assert_eq!(office.rows().len(), 3);
    assert!(!companion.exists());
    assert_eq!(status(&office)["registers"][0]["waiting"], "");
}

#[test]
fn a_companion_that_somebody_wrote_into_is_his() {
    let office = office();
    let register = office.register();
    let companion = register.with_file_name("Нові звернення (реєстр відкрито).xlsx");
    let open = Open::by("Олена", &register);
    office.drop_letter(1, "two", &letter(2));
    office.at("2026-03-02T11:00:00+02:00");
    std::fs::set_permissions(&companion, std::os::unix::fs::PermissionsExt::from_mode(0o660)).unwrap();
    office.person(&companion, "b.active.cell(9, 1).value = 'записала сюди'");
    drop(open);
    office.at("2026-03-02T11:20:00+02:00");
    let book = read_sheet(&companion, &["Нові звернення"]);
    assert!(book.iter().any(|row| row.values().any(|value| value == "записала сюди")), "{book:?}");
}

#[test]
fn the_journal_names_who_had_the_register_open_when_it_was_edited() {
    let office = office();
    let register = office.register();
    let open = Open::by("Олена Іваненко", &register);
    office.at("2026-03-02T11:00:00+02:00");
    office.person(&register, "cell('П-1/2026', 'Примітки').value = 'дзвонила'");
    drop(open);
    office.at("2026-03-02T11:10:00+02:00");
    assert_eq!(office.journal("notes"), [("Олена Іваненко".to_owned(), "дзвонила".to_owned())]);
    // Who edits with nobody seen is nobody in particular.
    office.person(&register, "cell('П-1/2026', 'Примітки').value = 'ще раз'");
    office.at("2026-03-02T11:20:00+02:00");
    assert_eq!(office.journal("notes")[1].0, "оператор");
}

#[test]
fn a_stale_save_over_our_rows_is_repaired_in_the_next_pass() {
    let office = office();
    let register = office.register();
    let opened = office.path("opened.xlsx");
    std::fs::copy(&register, &opened).unwrap();
    office.drop_letter(1, "two", &letter(2));
    office.at("2026-03-02T11:00:00+02:00");
    assert_eq!(office.rows().len(), 2);
    // The program of the operator asks "save anyway?", and he does.
    office.person(&opened, "cell('П-1/2026', 'Примітки').value = 'з мого вікна'");
    std::fs::copy(&opened, &register).unwrap();
    let passed = office.at("2026-03-02T12:00:00+02:00");
    assert_eq!(passed["registers"][0]["detail"]["rows"], 1, "{passed}");
    let rows = office.rows();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["Примітки"], &rows[1]["Реєстраційний №"]), (&"з мого вікна".into(), &"П-2/2026".into()));
    assert_eq!(office.at("2026-03-02T12:10:00+02:00")["registers"][0]["state"], "unchanged");
}

#[test]
fn a_share_that_is_not_mounted_never_gets_a_fresh_register() {
    let office = office();
    let (folder, away) = (office.path("register"), office.path("away"));
    std::fs::rename(&folder, &away).unwrap();
    std::fs::create_dir(&folder).unwrap();
    office.drop_letter(1, "two", &letter(2));
    for moment in ["2026-03-02T11:00:00+02:00", "2027-01-04T11:00:00+02:00"] {
        let passed = office.at(moment);
        for register in passed["registers"].as_array().unwrap() {
            assert_eq!(register["detail"]["why"], "gone", "{passed}");
        }
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    std::fs::remove_dir(&folder).unwrap();
    std::fs::rename(&away, &folder).unwrap();
    office.at("2026-03-02T12:00:00+02:00");
    assert_eq!(office.rows().len(), 2);
}

#[test]
fn a_register_that_was_renamed_is_looked_for_and_never_made_anew() {
    let office = office();
    let register = office.register();
    let renamed = register.with_file_name("Реєстр (старий).xlsx");
    std::fs::rename(&register, &renamed).unwrap();
    office.drop_letter(1, "two", &letter(2));
    let passed = office.at("2026-03-02T11:00:00+02:00");
    let why = passed["registers"][0]["detail"].to_string();
    assert!(why.contains("gone") && why.contains("Реєстр (старий).xlsx"), "{why}");
    assert_eq!(office.register(), renamed);
    let warning = office.path("register/Увага, реєстр 2026.txt");
    assert!(std::fs::read_to_string(&warning).unwrap().contains("Реєстр (старий).xlsx"));
    std::fs::rename(&renamed, &register).unwrap();
    office.at("2026-03-02T12:00:00+02:00");
    assert_eq!(office.rows().len(), 2);
    assert!(!warning.exists());
}

#[test]
fn a_copy_beside_the_register_is_named_to_those_who_might_work_in_it() {
    let office = office();
    let register = office.register();
    let copy = register.with_file_name("Реєстр звернень 2026 — копія.xlsx");
    std::fs::copy(&register, &copy).unwrap();
    let warning = office.path("register/Увага, реєстр 2026.txt");
    office.drop_letter(1, "two", &letter(2));
    for _ in 0..2 {
        office.at("2026-03-02T11:00:00+02:00");
        assert!(std::fs::read_to_string(&warning).unwrap().contains("копія.xlsx"));
    }
    assert_eq!(letters_to(&office, "admin", "Увага: потрібно перевірити реєстр"), 1);
    assert_eq!(read_sheet(&register, &[]).len(), 2, "the register itself goes on");
    std::fs::remove_file(&copy).unwrap();
    office.at("2026-03-02T11:10:00+02:00");
    assert!(!warning.exists());
}

#[test]
fn what_is_not_our_register_is_named_left_as_it_is_and_the_ledger_goes_on() {
    let office = office();
    let register = office.register();
    let ours = std::fs::read(&register).unwrap();
    let other = Office::new();
    other.drop_letter(1, "one", &letter(9));
    other.at("2026-03-02T10:30:00+02:00");
    let password = [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &[0; 2000]].concat();
    let foreign = std::fs::read(other.register()).unwrap();
    let half = ours[..ours.len() / 2].to_vec();
    let warning = office.path("register/Увага, реєстр 2026.txt");
    for (n, (name, bytes, why)) in
        [("password", password, ""), ("foreign", foreign, "foreign"), ("half", half, "damaged")].into_iter().enumerate()
    {
        std::fs::write(&register, &bytes).unwrap();
        office.drop_letter(1, name, &letter(n + 2));
        let hour = 11 + n;
        let first = office.at(&format!("2026-03-02T{hour}:00:00+02:00"));
        let detail = &first["registers"][0]["detail"];
        assert_eq!(first["decided"]["appeals"], 1, "{name}: the ledger goes on");
        assert!(why.is_empty() || detail["why"] == why, "{name}: {detail}");
        assert_eq!(std::fs::read(&register).unwrap(), bytes, "{name}: nothing is overwritten");
        let told = std::fs::read_to_string(&warning).unwrap();
        assert!(told.contains(detail["text"].as_str().unwrap().trim_end_matches('.')), "{name}: {told}");
        for minute in [6, 20] {
            office.at(&format!("2026-03-02T{hour}:{minute:02}:00+02:00"));
        }
        assert_eq!(letters_to(&office, "admin", "Увага: потрібно перевірити реєстр"), n + 1, "{name}");
    }
    std::fs::write(&register, &ours).unwrap();
    office.at("2026-03-02T15:00:00+02:00");
    assert_eq!(office.rows().len(), 4);
    assert!(!warning.exists());
}

#[test]
fn at_new_year_a_register_is_handed_over_and_the_old_one_stays_in_step_until_all_is_closed() {
    let office = office();
    let old = office.register();
    let new = old.with_file_name("Реєстр звернень 2027.xlsx");
    office.at("2027-01-01T09:00:00+02:00");
    assert!(new.exists());
    // The old register is still open on somebody's screen.
    let call = "below(Прізвище='Шевчук Андрій Миколайович', Контактний='0951391978', Прописка='м. Сєвєродонецьк', \
                Місце='м. Дніпро', Суть='просить довідку')";
    office.person(&old, &format!("{call}; cell('П-1/2026', 'Примітки').value = 'після свят'"));
    office.at("2027-01-04T11:00:00+02:00");
    let rows = read_sheet(&old, &[]);
    assert_eq!(rows[0]["Примітки"], "після свят");
    assert_eq!(rows[1]["Реєстраційний №"], serde_json::Value::Null);
    assert!(rows[1]["Підказка системи"].as_str().unwrap().contains("до реєстру за 2027 рік"));
    // A call of the old year that is entered late is one of the old year.
    let row = "s.cell(line(s, 'Прізвище, ім\\'я, по батькові заявника', 'Шевчук Андрій Миколайович'), \
               column(s, 'Дата надходження')).value = '31.12.2026'";
    office.person(&old, row);
    office.at("2027-01-04T11:10:00+02:00");
    assert_eq!(read_sheet(&old, &[])[1]["Реєстраційний №"], "Ш-2/2026");
    office.person(&new, call);
    office.at("2027-01-04T11:20:00+02:00");
    assert_eq!(read_sheet(&new, &[])[0]["Реєстраційний №"], "Ш-1/2027");
    // Only when all of the old year is closed may its file go.
    std::fs::rename(&old, office.path("archive.xlsx")).unwrap();
    assert_eq!(office.at("2027-01-05T11:00:00+02:00")["registers"][0]["detail"]["why"], "gone");
}

#[test]
fn columns_of_the_office_stay_its_own_and_its_headers_are_understood() {
    let office = office();
    let register = office.register();
    office.configure("[register.headers]", "[register.headers]\nnotes = \"Позначки зміни\"");
    office.person(
        &register,
        "top, found = heads(s); s.cell(top, found['Примітки']).value = 'Позначки зміни'; \
         s.tables['Реєстр'].tableColumns[found['Примітки'] - 1].name = 'Позначки зміни'; \
         last = max(found.values()); s.cell(top, last + 2).value = 'Мої позначки'; \
         s.cell(top + 1, last + 2).value = 'вдруге дзвонити'; s.cell(top + 1, found['Примітки']).value = 'записано'",
    );
    office.drop_letter(1, "two", &letter(2));
    office.at("2026-03-02T11:00:00+02:00");
    let rows = office.rows();
    assert_eq!((&rows[0]["Мої позначки"], &rows[0]["Позначки зміни"]), (&"вдруге дзвонити".into(), &"записано".into()));
    assert_eq!(rows[1]["Реєстраційний №"], "П-2/2026");
    assert_eq!(office.journal("notes"), [("оператор".to_owned(), "записано".to_owned())]);
}
