//! The minimal edit judged by an independent checker (`tools/xlsx_fidelity.py`): append 1 and 100 rows, set 100 cells, in
//! registers as other programs leave them and, with `ZVERNENNIA_WORKBOOKS=FOLDER`, in any workbooks of a folder.

use crate::office::{Office, letter, python, text};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Debug, serde::Deserialize)]
struct Trial {
    file: String,
    trial: String,
    result: String,
    said: String,
}

/// Every trial on these workbooks; nothing may be wrong.
fn tried(workbooks: &[PathBuf], more: &[&str]) -> Vec<Trial> {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/fidelity.py");
    let program = env!("CARGO_BIN_EXE_zvernennia");
    let output = python().arg(driver).arg(program).args(workbooks).args(more).output().unwrap();
    let said = text(&output.stdout);
    let trials: Vec<Trial> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let wrong: Vec<&Trial> = trials.iter().filter(|trial| trial.result == "wrong").collect();
    assert!(wrong.is_empty() && output.status.success(), "{wrong:#?}\n{}", text(&output.stderr));
    trials
}

#[test]
fn a_register_saved_by_any_program_is_changed_only_where_it_was_meant() {
    let office = Office::new();
    for n in 1..=8 {
        office.drop_letter(1, &format!("{n}"), &letter(n));
    }
    office.once(&[]);
    let ours = office.path("ours.xlsx");
    std::fs::copy(office.register(), &ours).unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/workbooks");
    let books = [ours, samples.join("saved-by-libreoffice.xlsx"), samples.join("saved-by-openpyxl.xlsx")];
    let trials = tried(&books, &["--sheet", "Реєстр"]);
    assert_eq!(trials.len(), 9);
    assert!(trials.iter().all(|trial| trial.result == "faithful"), "{trials:#?}");
}

#[test]
fn workbooks_of_a_folder_are_changed_only_where_it_was_meant_or_refused() {
    let Some(folder) = std::env::var_os("ZVERNENNIA_WORKBOOKS") else {
        println!("skipped: ZVERNENNIA_WORKBOOKS names no folder");
        return;
    };
    let mut books: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "xlsx" || end == "xlsm"))
        .collect();
    books.sort();
    let trials = tried(&books, &[]);
    // Only these reasons are good ones for a sound workbook.
    let good = ["totals-row:", "signed:"];
    let mut results: BTreeMap<&str, usize> = BTreeMap::new();
    for trial in &trials {
        *results.entry(trial.result.as_str()).or_default() += 1;
        let refused = trial.result == "refused";
        assert!(!refused || good.iter().any(|reason| trial.said.starts_with(reason)), "{trial:?}");
        println!("{} {}: {}", trial.file, trial.trial, trial.result);
    }
    println!("{results:?}");
}
