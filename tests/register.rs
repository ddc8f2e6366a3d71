//! The register between the service and the people who work in it with other programs.

use crate::office::{Office, letter, text};

/// An office with one appeal (П-1/2026) whose files need be quiet for a second only.
fn office() -> Office {
    let office = Office::new();
    office.configure("quiet_seconds = 3", "quiet_seconds = 1");
    office.drop_letter(1, "one", &letter(1));
    office.at("2026-03-02T10:30:00+02:00");
    office
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
