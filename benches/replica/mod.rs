//! The register as a replica: reading and merging it, looking at one that nobody touched, adding a row to it.

use super::{empty_frame, median, office, row, timed};
use calamine::{Reader, Xlsx, open_workbook};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use zvernennia::desk::action::{Action, Plan, Registration};
use zvernennia::domain::field::Field;
use zvernennia::domain::grid::Stamp;
use zvernennia::domain::value::Value;
use zvernennia::engine::Service;
use zvernennia::engine::register::{Synchronised, step};
use zvernennia::workbook::patch::{NewCell, Options, SheetEdit, SheetName, edit};

const ROUNDS: usize = 3;
const ROWS: usize = 50_000;
const EDITS: u32 = 100;

/// A service whose ledger holds so many appeals and whose register shows them.
fn filled(folder: &Path, rows: usize) -> Service {
    let mut service = office(folder, &folder.join("mail/1"));
    service.settings.register.quiet = Duration::ZERO;
    service.program = env!("CARGO_BIN_EXE_zvernennia").into();
    let now = chrono::Utc::now();
    for first in (1..=rows).step_by(5_000) {
        let actions = (first..=rows.min(first + 4_999)).map(registration).collect();
        let plan = Plan { actions };
        service.ledger.with(|ledger| ledger.commit(&plan, &[], now)).unwrap();
    }
    // In life the desk has looked at each of them long before.
    zvernennia::engine::desk::step(&service, now, &mut |_| {}).unwrap();
    let states = step(&service, now).unwrap();
    assert_eq!(states.last().unwrap().outcome, Synchronised::Written(rows));
    service
}

fn registration(n: usize) -> Action {
    Action::Register(Box::new(Registration {
        letter: None,
        completes: None,
        year: 2026,
        seq: n as i64,
        number: format!("К-{n}/2026"),
        row: row(n),
        typed: Vec::new(),
        address: String::new(),
        events: Vec::new(),
        cause: "bench".into(),
    }))
}

/// What a hundred people typed, all over the register, saved as an office program saves: under a new inode.
fn type_into(register: &Path, round: usize) {
    let before = std::fs::read(register).unwrap();
    let mut typed = SheetEdit::new(SheetName::Named("Реєстр".into()));
    let column = Field::Notes.position();
    for n in 0..EDITS {
        let text = format!("передзвонити, коло {round}, рядок {n}");
        typed.cells.insert((10 + n * (ROWS as u32 / EDITS), column), NewCell::from(Value::text(&text)));
    }
    let after = edit(&before, &[typed], &Options::default()).unwrap();
    let saved = register.with_file_name("saved.tmp");
    std::fs::write(&saved, after).unwrap();
    std::fs::rename(&saved, register).unwrap();
}

fn bare_read(register: &Path) -> usize {
    let mut book: Xlsx<_> = open_workbook(register).unwrap();
    book.worksheet_range("Реєстр").unwrap().height()
}

pub fn merge() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("office");
    let service = filled(&dir, ROWS);
    let register = service.settings.register_path(2026);
    let now = chrono::Utc::now();
    let (mut bare, mut merged, mut quiet) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        type_into(&register, round);
        bare.push(timed(|| assert!(bare_read(&register) >= ROWS)));
        // Held: what was typed is read and taken over, nothing is written.
        let lock = register.with_file_name(format!(".~lock.{}#", register.file_name().unwrap().to_string_lossy()));
        let _open = std::fs::OpenOptions::new().append(true).open(&register).unwrap();
        std::fs::write(&lock, ",operator,machine,25.11.2026 10:00,file:///x;").unwrap();
        merged.push(timed(|| {
            let states = step(&service, now).unwrap();
            assert!(matches!(states.last().unwrap().outcome, Synchronised::Waits(_)), "{states:?}");
        }));
        drop(_open);
        std::fs::remove_file(&lock).unwrap();
        let states = step(&service, now).unwrap();
        assert!(matches!(states.last().unwrap().outcome, Synchronised::Merged { .. }), "{states:?}");
        for _ in 0..50 {
            quiet.push(timed(|| {
                let states = step(&service, now).unwrap();
                assert_eq!(states.last().unwrap().outcome, Synchronised::Unchanged);
            }));
        }
    }
    // A process of its own, as it is in life; a file is left alone for some seconds after it was saved.
    type_into(&register, ROUNDS);
    std::thread::sleep(Duration::from_secs(4));
    let memory = alone(&[env!("CARGO_BIN_EXE_zvernennia"), "sync", "--config", dir.to_str().unwrap()]);
    let (bare, merged, quiet) = (median(bare), median(merged), median(quiet));
    println!("register of {ROWS} rows with {EDITS} edits:");
    println!("  bare calamine read    {bare:.2} s");
    println!("  read + merge          {merged:.2} s  = {:.2} x (goal <= 1.5)", merged / bare);
    match memory {
        Some((seconds, memory)) => {
            println!("  a whole pass by itself, read, merged, written: {seconds:.2} s, {memory:.0} MiB (goal <= 150)")
        }
        None => println!("  a whole pass by itself: not measured"),
    }
    println!("  pass over an unchanged register {:.3} ms (goal <= 1)", quiet * 1000.0);
}

/// Runs a program by itself; seconds and the largest resident memory of a process of it, in MiB.
fn alone(program: &[&str]) -> Option<(f64, f64)> {
    let told = Command::new("python3").arg("-c").arg(ALONE).args(program).output().ok()?;
    let told = String::from_utf8(told.stdout).ok()?;
    let (seconds, kilobytes) = told.trim().split_once(' ')?;
    Some((seconds.parse().ok()?, kilobytes.parse::<f64>().ok()? / 1024.0))
}

const ALONE: &str = "
import resource, subprocess, sys, time
begun = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
taken = time.monotonic() - begun
print(taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) if done.returncode == 0 else sys.exit(1)
";

const OPENPYXL: &str = "
import openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1])
book['Реєстр'].append(['один', 'рядок'])
book.save(sys.argv[2])
";

/// One more row in a register of so many: against reading and writing the file once, and against other tools.
pub fn append(rows: usize) {
    let folder = tempfile::tempdir().unwrap();
    let register = folder.path().join("register.xlsx");
    let out = folder.path().join("out.xlsx");
    let service = office(&folder.path().join("office"), &folder.path().join("office/mail/1"));
    let stamp = Stamp { replica: "bench".into(), revision: 1 };
    let frame = empty_frame(&service, &stamp);
    let file = std::fs::File::create(&register).unwrap();
    zvernennia::workbook::create::create(&frame, &mut (1..=rows).map(row), file).unwrap();
    let stamp = Options::stamp(&Stamp { revision: 2, ..stamp });
    let mut one_more = SheetEdit::new(SheetName::Named("Реєстр".into()));
    let cells = row(rows + 1);
    one_more.append.push(cells.filled().map(|(field, value)| (field.position(), value.clone().into())).collect());
    let (mut copy, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        copy.push(timed(|| std::fs::write(&out, std::fs::read(&register).unwrap()).unwrap()));
        ours.push(timed(|| {
            let bytes = std::fs::read(&register).unwrap();
            std::fs::write(&out, edit(&bytes, std::slice::from_ref(&one_more), &stamp).unwrap()).unwrap();
        }));
    }
    let (copy, ours) = (median(copy), median(ours));
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&register).unwrap()).unwrap();
    let sheet = (0..archive.len()).map(|index| archive.by_index(index).unwrap().size()).max().unwrap() as f64;
    let sheet = sheet / f64::from(1 << 20);
    let changes = folder.path().join("changes.json");
    let next = rows + 5;
    let text = format!(r#"{{"sheet": "Реєстр", "cells": {{"A{next}": 1, "B{next}": "один"}}, "new_rows": [{next}]}}"#);
    std::fs::write(&changes, text).unwrap();
    let [register, out, changes] = [&register, &out, &changes].map(|path| path.to_str().unwrap());
    println!("one row more in a register of {rows} ({sheet:.0} MiB of XML in the sheet):");
    println!("  read and write the file  {:.1} ms", copy * 1000.0);
    println!("  ours                     {:.1} ms = {:.1} x (goal <= 20)", ours * 1000.0, ours / copy);
    let program = env!("CARGO_BIN_EXE_zvernennia");
    match alone(&[program, "workbook", "edit", register, out, "--changes", changes]) {
        Some((_, memory)) => {
            println!("  ours, memory             {memory:.0} MiB = {:.2} x the XML (goal <= 2.5)", memory / sheet);
        }
        None => println!("  ours, memory             not measured"),
    }
    told("openpyxl", alone(&["python3", "-c", OPENPYXL, register, out]));
    told("umya", umya().and_then(|program| alone(&[&program, register, out])));
}

fn told(name: &str, measured: Option<(f64, f64)>) {
    match measured {
        Some((seconds, memory)) => {
            println!("  {name:<24} {:.0} ms, {memory:.0} MiB (the whole process)", seconds * 1000.0)
        }
        None => println!("  {name:<24} not here"),
    }
}

/// umya-spreadsheet doing the same: a package of its own, since it may not come near the service.
fn umya() -> Option<String> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/replica/umya");
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/umya");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "--manifest-path"])
        .arg(package.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .status()
        .ok()?;
    built.success().then(|| target.join("release/append").display().to_string())
}
