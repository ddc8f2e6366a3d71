//! The rules of the source that no compiler keeps: who may import whom, sizes, versions, companions.

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found
}

/// Module → what it may import of ours besides itself.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("reading", &["domain"]),
    ("merge", &["domain"]),
    ("letters", &["domain"]),
    ("reports", &["domain"]),
    ("mail", &["domain"]),
    ("workbook", &["domain"]),
    ("settings", &["domain"]),
    ("world", &["domain"]),
    ("desk", &["domain", "reading", "merge", "letters", "reports", "settings"]),
    ("ledger", &["domain", "desk"]),
];

/// A line of product code that names another module of ours: the name after `crate::`.
fn imports(source: &str) -> impl Iterator<Item = &str> {
    let product = source.split("#[cfg(test)]\nmod tests").next().unwrap_or(source);
    product.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| {
        line.match_indices("crate::").map(|(at, word)| {
            let rest = &line[at + word.len()..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            &rest[..end]
        })
    })
}

#[test]
fn modules_import_only_what_the_architecture_allows() {
    let modules: Vec<&str> = MAY_IMPORT.iter().map(|(module, _)| *module).chain(["engine", "cli"]).collect();
    let mut wrong = Vec::new();
    for (module, allowed) in MAY_IMPORT {
        let folder = root().join("src").join(module);
        for path in if folder.exists() { sources(&folder) } else { Vec::new() } {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if name.ends_with("tests") {
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for import in imports(&source) {
                if modules.contains(&import) && import != *module && !allowed.contains(&import) {
                    wrong.push(format!("{} imports {import}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_edge_knows_time_environment_and_randomness() {
    let mut wrong = Vec::new();
    for path in sources(&root().join("src")) {
        let shown = path.strip_prefix(root().join("src")).unwrap().display().to_string();
        if shown.starts_with("world/") || shown.starts_with("cli/") {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let product = source.split("#[cfg(test)]\nmod tests").next().unwrap();
        for word in ["Utc::now", "Local::now", "SystemTime::now", "Instant::now", "HashMap", "thread_rng"] {
            // There the hash is fixed.
            let fixed = word == "HashMap" && shown == "reading/lookup.rs";
            if product.contains(word) && !fixed && !shown.ends_with("tests.rs") {
                wrong.push(format!("{shown} uses {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_small_and_have_telling_names() {
    let mut wrong = Vec::new();
    for path in sources(&root().join("src")) {
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let data = name.ends_with("_data") || name.ends_with("_table") || name == "field";
        if lines > 500 && !data {
            wrong.push(format!("{} has {lines} lines", path.display()));
        }
        if ["util", "utils", "helper", "helpers", "common", "manager"].contains(&name.as_str()) {
            wrong.push(format!("{} tells nothing by its name", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_ledger_speaks_sql() {
    let wrong: Vec<String> = sources(&root().join("src"))
        .into_iter()
        .filter(|path| !path.starts_with(root().join("src/ledger")))
        .filter(|path| std::fs::read_to_string(path).unwrap().contains("rusqlite"))
        .map(|path| path.display().to_string())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Oldest versions that may be locked: each older one has a known hole or a known bug that concerns us.
const FLOORS: &[(&str, (u64, u64, u64))] = &[
    ("quick-xml", (0, 41, 0)),
    ("zip", (9, 0, 1)),
    ("rustls", (0, 23, 45)),
    ("rustls-webpki", (0, 103, 15)),
    ("tracing-subscriber", (0, 3, 20)),
    // 0.35 carries SQLite 3.51.3; older ones lose data when two connections reset the write-ahead log.
    ("libsqlite3-sys", (0, 35, 0)),
    ("lettre", (0, 11, 22)),
    ("mail-parser", (0, 11, 9)),
];

#[test]
fn no_dependency_with_a_known_hole_is_locked() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let mut name = "";
    for line in lock.lines() {
        if let Some(found) = line.strip_prefix("name = \"") {
            name = found.trim_end_matches('"');
            assert!(!["openssl-sys", "umya-spreadsheet", "phonenumber", "backoff"].contains(&name), "{name} is locked");
        } else if let Some(version) = line.strip_prefix("version = \"") {
            let version = version.trim_end_matches('"').split('+').next().unwrap();
            let numbers: Vec<u64> = version.split('.').filter_map(|part| part.parse().ok()).collect();
            let [major, minor, patch] = numbers[..] else { continue };
            if let Some((_, floor)) = FLOORS.iter().find(|(floored, _)| *floored == name) {
                assert!((major, minor, patch) >= *floor, "{name} {version} is older than {floor:?}");
            }
        }
    }
}

#[test]
fn the_locked_sqlite_has_no_wal_reset_bug() {
    let version = rusqlite::version_number();
    assert!(version >= 3_051_003, "SQLite {version}");
}

#[test]
fn every_letter_has_its_templates() {
    for kind in zvernennia::letters::kind::LetterKind::all() {
        for part in ["subject.txt.j2", "body.txt.j2", "body.html.j2"] {
            let path = root().join("templates").join(kind.id()).join(part);
            assert!(path.exists(), "{} is missing", path.display());
        }
    }
}
