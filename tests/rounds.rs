//! The running daemon and a real LibreOffice on one register, in turn and against each other: no row is lost, doubled or
//! moved to another appeal, no typed text is lost, and what LibreOffice keeps is left as it is.
//!
//! A few rounds by default, `ZVERNENNIA_ROUNDS` sets how many.

use crate::office::{Office, letter, text};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

const NUMBER: &str = "Реєстраційний №";
const NOTES: &str = "Примітки";

/// A person at LibreOffice.
struct Person {
    program: Child,
    to: ChildStdin,
    from: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Person {
    /// `None` where there is no LibreOffice that can be driven.
    fn at(register: &Path) -> Option<Self> {
        let ready =
            Command::new("/usr/bin/python3").args(["-c", "import uno"]).output().is_ok_and(|o| o.status.success());
        if !ready || Command::new("soffice").arg("--version").output().is_err() {
            println!("skipped: this needs LibreOffice and python3-uno");
            return None;
        }
        let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/libreoffice.py");
        let mut program = Command::new("/usr/bin/python3")
            .arg(tool)
            .arg(register)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let to = program.stdin.take().unwrap();
        let from = BufReader::new(program.stdout.take().unwrap()).lines();
        Some(Self { program, to, from })
    }

    fn does(&mut self, action: &Value) -> Value {
        writeln!(self.to, "{action}").unwrap();
        let answer = self.from.next().unwrap_or_else(|| panic!("LibreOffice could not {action}")).unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    fn saves_and_leaves(&mut self) {
        self.does(&json!(["save"]));
        self.does(&json!(["shut"]));
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        let _ = self.to.write_all(b"[\"end\"]\n");
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            if self.program.try_wait().is_ok_and(|ended| ended.is_some()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let _ = self.program.kill();
    }
}

struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn office(letters: usize) -> (Office, Daemon) {
    let office = Office::new();
    office.configure("quiet_seconds = 3", "quiet_seconds = 1");
    for n in 1..=letters {
        office.drop_letter(1, &format!("{n:03}"), &letter(n));
    }
    office.once(&[]);
    let daemon = Daemon(office.start_daemon());
    (office, daemon)
}

/// Waits until the register shows what is asked for.
fn until(office: &Office, what: &str, shows: impl Fn(&[serde_json::Map<String, Value>]) -> bool) {
    let begun = Instant::now();
    loop {
        std::thread::sleep(Duration::from_millis(700));
        let rows = office.rows();
        if shows(&rows) {
            return;
        }
        let brief =
            || rows.iter().map(|row| json!([row[NUMBER], row[NOTES], row["Контроль"], row["Підказка системи"]]));
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{what} within a minute of the release: {:#?}",
            brief().map(|row| row.to_string()).collect::<Vec<_>>()
        );
    }
}

fn numbers(rows: &[serde_json::Map<String, Value>]) -> Vec<String> {
    rows.iter().filter_map(|row| row[NUMBER].as_str().map(str::to_owned)).collect()
}

/// Each appeal stands once, with the notes that were typed to it.
fn each_once(rows: &[serde_json::Map<String, Value>], appeals: usize, notes: &BTreeMap<String, String>) -> bool {
    let found = numbers(rows);
    let different: BTreeSet<&String> = found.iter().collect();
    let noted = notes.iter().all(|(number, note)| {
        rows.iter().any(|row| row[NUMBER].as_str() == Some(number) && row[NOTES].as_str() == Some(note))
    });
    found.len() == appeals && different.len() == appeals && noted
}

/// Fills, comments and parts of the file that are not the register itself.
fn decorations(register: &Path) -> BTreeMap<String, usize> {
    let script = "
import openpyxl, sys, json
b = openpyxl.load_workbook(sys.argv[1])
s = b['Реєстр']
cells = [c for row in s.iter_rows() for c in row]
print(json.dumps({'filled': sum(c.fill.fgColor.rgb == 'FFFFCC00' for c in cells), 'comments': sum(c.comment is not None for c in cells), 'sheets': len(b.sheetnames)}))
";
    let output = crate::office::python().args(["-c", script]).arg(register).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn rounds_with_libreoffice_lose_double_and_move_nothing() {
    let rounds: usize = std::env::var("ZVERNENNIA_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let (office, _daemon) = office(6);
    let register = office.register();
    let Some(mut person) = Person::at(&register) else { return };
    let (mut appeals, mut letters) = (6, 6);
    let mut notes: BTreeMap<String, String> = BTreeMap::new();
    for round in 1..=rounds {
        person.does(&json!(["open"]));
        let known: Vec<String> = serde_json::from_value(person.does(&json!(["numbers"]))).unwrap();
        let known: Vec<String> = known.into_iter().filter(|number| !number.is_empty()).collect();
        let pick = |n: usize| known[(round * 7 + n * 3) % known.len()].clone();
        let note = format!("нотатка кола {round}");
        person.does(&json!(["type", pick(0), NOTES, note]));
        notes.insert(pick(0), note);
        person.does(&json!(["colour", pick(1), "Суть питання", 0x00FF_CC00]));
        person.does(&json!(["comment", pick(2), "Контроль", format!("коментар {round}")]));
        let typed = json!({"Прізвище, ім'я, по батькові заявника": format!("Шевчук Андрій {round}"),
            "Контактний телефон": format!("05011122{round:02}"), "Суть питання": format!("Просить відремонтувати дах, коло {round}"),
            "Прописка (зареєстроване місце проживання)": "м. Лисичанськ, вул. Миру, буд. 3",
            "Місце тимчасового проживання": "м. Дніпро, вул. Робоча, буд. 7"});
        match round % 5 {
            0 => drop(person.does(&json!(["below", typed, pick(3)]))),
            _ => drop(person.does(&json!(["below", typed]))),
        }
        appeals += 1;
        match round % 4 {
            0 => drop(person.does(&json!(["sort", "Прізвище, ім'я, по батькові заявника", round % 8 == 0]))),
            1 => drop(person.does(&json!(["copy", pick(4)]))),
            2 => drop(person.does(&json!(["filter", "Статус", "Зареєстровано"]))),
            _ => drop(person.does(&json!(["delete", pick(5)]))),
        }
        if round % 4 == 3 {
            person.does(&json!(["filter", "Статус", ""]));
        }
        person.saves_and_leaves();
        let kept = decorations(&register);
        letters += 1;
        office.drop_letter(1, &format!("{letters:03}"), &letter(letters));
        appeals += 1;
        until(&office, &format!("round {round}: {appeals} appeals, each once"), |rows| {
            each_once(rows, appeals, &notes)
        });
        // A new row takes its formats from the last one, a colour among them.
        let left = decorations(&register);
        let whole = kept.iter().all(|(what, count)| left.get(what) >= Some(count));
        assert!(whole, "round {round}: what LibreOffice keeps is there: {kept:?}, {left:?}");
        // Copies are told from their originals and get no number.
        if round % 4 == 1 {
            let copy = |row: &serde_json::Map<String, Value>| {
                row[NUMBER].is_null() && row["Підказка системи"].as_str().is_some_and(|hint| hint.contains("Копія"))
            };
            until(&office, &format!("round {round}: the copy is told"), |rows| rows.iter().any(copy));
        }
    }
    drop(person);
    let rows = office.rows();
    let sheet = rows.iter().filter(|row| !row[NUMBER].is_null()).count();
    println!("{rounds} rounds: {sheet} appeals, {:?}", decorations(&register));
}

#[test]
fn a_stale_save_of_libreoffice_over_our_rows_is_repaired_and_the_holder_is_named() {
    let (office, _daemon) = office(3);
    let register = office.register();
    let Some(mut person) = Person::at(&register) else { return };
    person.does(&json!(["open"]));
    office.drop_letter(1, "while-open", &letter(4));
    let begun = Instant::now();
    let waits = loop {
        let status: Value = serde_json::from_slice(&office.run("status", &["--json"]).stdout).unwrap();
        let shown = status["registers"][0].clone();
        if shown["waiting"].as_str().is_some_and(|waiting| !waiting.is_empty()) {
            break shown;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{shown}");
        std::thread::sleep(Duration::from_millis(300));
    };
    println!("while it is open: {waits}");
    assert_eq!(office.rows().len(), 3, "nothing is written while it is open");
    let number = numbers(&office.rows())[0].clone();
    person.does(&json!(["type", number, NOTES, "набрано у відкритому реєстрі"]));
    // Somebody else, who does not look at locks, replaces the file meanwhile; then the holder saves over it.
    let notes = BTreeMap::from([(number.clone(), "набрано у відкритому реєстрі".to_owned())]);
    person.saves_and_leaves();
    until(&office, "the waiting row and the typed note", |rows| each_once(rows, 4, &notes));
    // Now the save comes after our write: the holder's copy is older than the file.
    let old = office.path("old.xlsx");
    std::fs::copy(&register, &old).unwrap();
    office.drop_letter(1, "after", &letter(5));
    until(&office, "the fifth appeal", |rows| each_once(rows, 5, &notes));
    let stale = office.root().join("stale");
    std::fs::create_dir_all(&stale).unwrap();
    let copy = stale.join(register.file_name().unwrap());
    std::fs::copy(&old, &copy).unwrap();
    drop(person);
    let Some(mut person) = Person::at(&copy) else { return };
    person.does(&json!(["open"]));
    let second = numbers(&office.rows())[1].clone();
    person.does(&json!(["type", second, NOTES, "із застарілого вікна"]));
    person.saves_and_leaves();
    std::fs::rename(&copy, &register).unwrap();
    let notes: BTreeMap<String, String> =
        notes.into_iter().chain([(second, "із застарілого вікна".to_owned())]).collect();
    until(&office, "the row that the stale save took away", |rows| each_once(rows, 5, &notes));
}

#[test]
fn two_operators_one_after_another_are_both_kept() {
    let (office, _daemon) = office(4);
    let register = office.register();
    let Some(mut first) = Person::at(&register) else { return };
    first.does(&json!(["open"]));
    let known = numbers(&office.rows());
    first.does(&json!(["type", known[0], NOTES, "перша оператора"]));
    first.does(&json!(["type", known[1], "Категорія заявника", "ВПО"]));
    first.saves_and_leaves();
    drop(first);
    let Some(mut second) = Person::at(&register) else { return };
    second.does(&json!(["open"]));
    second.does(&json!(["sort", NUMBER, false]));
    second.does(&json!(["type", known[2], NOTES, "друга оператора"]));
    second.saves_and_leaves();
    drop(second);
    office.drop_letter(1, "new", &letter(5));
    let notes =
        BTreeMap::from([(known[0].clone(), "перша оператора".into()), (known[2].clone(), "друга оператора".into())]);
    until(&office, "both notes and the new appeal", |rows| {
        let category = rows.iter().any(|row| row[NUMBER] == known[1].as_str() && row["Категорія заявника"] == "ВПО");
        each_once(rows, 5, &notes) && category
    });
}
