//! The reader on the sample letters, scored by the samples' own judge.

use crate::office::reader_office;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use zvernennia::domain::office::Office;
use zvernennia::reading::Reader;

/// What the reader must reach over all fields.
const LEAST_OVERALL: f64 = 0.99;

/// What it must reach on the letters of `samples/heldout`.
const LEAST_HELDOUT: f64 = 0.96;

/// The office of the shipped configuration, streets and villages included.
static OFFICE: LazyLock<Office> = LazyLock::new(|| zvernennia::cli::shipped().unwrap().office);

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn letters(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "eml"));
    files.sort();
    files
}

/// Reads the letters of a folder, lets the judge compare the answers with the truth beside them, and returns the score.
fn score(folder: &str, count: usize) -> (f64, String) {
    let samples = root().join("samples").join(folder);
    let out = tempfile::tempdir().unwrap();
    let answers = out.path().join("answers");
    let files = letters(&samples);
    assert_eq!(files.len(), count);
    let program = Path::new(env!("CARGO_BIN_EXE_zvernennia"));
    zvernennia::cli::read::read_files(&Reader::new(&OFFICE), program, &files, Some(&answers)).unwrap();
    if let Ok(kept) = std::env::var("ZVERNENNIA_KEEP_ANSWERS") {
        std::fs::create_dir_all(&kept).unwrap();
        for file in std::fs::read_dir(&answers).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), Path::new(&kept).join(file.file_name())).unwrap();
        }
    }
    let numbers = out.path().join("numbers.json");
    let judge = Command::new("python3")
        .arg(root().join("samples/appeals/score.py"))
        .arg(&answers)
        .arg("--truth")
        .arg(&samples)
        .args(["--detail", "--json"])
        .arg(&numbers)
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&judge.stdout).into_owned();
    println!("{report}");
    let numbers: serde_json::Value = serde_json::from_slice(&std::fs::read(numbers).unwrap()).unwrap();
    (numbers["overall"].as_f64().unwrap(), report)
}

#[test]
fn the_reader_understands_the_sample_letters() {
    let (overall, report) = score("appeals", 60);
    assert!(overall >= LEAST_OVERALL, "overall {overall}\n{report}");
}

#[test]
fn the_reader_understands_letters_written_after_its_rules() {
    let (overall, report) = score("heldout", 40);
    assert!(overall >= LEAST_HELDOUT, "overall {overall}\n{report}");
}

/// Prints how long one letter takes; says something only of an optimised build.
#[test]
#[ignore = "a measurement, not a check"]
fn reading_a_letter_takes_so_long() {
    let reader = Reader::new(&reader_office());
    let letters: Vec<_> = letters(&root().join("samples/appeals"))
        .iter()
        .map(|file| zvernennia::mail::decode(&std::fs::read(file).unwrap()))
        .collect();
    for letter in &letters {
        reader.read(letter);
    }
    let start = std::time::Instant::now();
    for _ in 0..20 {
        for letter in &letters {
            std::hint::black_box(reader.read(letter));
        }
    }
    println!("{:?} a letter", start.elapsed() / (20 * u32::try_from(letters.len()).unwrap()));
}
