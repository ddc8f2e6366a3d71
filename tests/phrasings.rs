//! The reader on matters in words of their own: departments, kinds and alarms, counted over `samples/phrasings`.

use serde::Deserialize;
use std::path::PathBuf;
use zvernennia::domain::department::Department;
use zvernennia::domain::letter::{Correspondent, Letter};
use zvernennia::domain::office::Office;
use zvernennia::domain::reading::{Class, Kind};
use zvernennia::reading::Reader;

/// Shares that must be right.
const LEAST: f64 = 0.93;

#[derive(Deserialize)]
struct Departments {
    department: Vec<Department>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn office() -> Office {
    let text = std::fs::read_to_string(root().join("config/departments.toml")).unwrap();
    let departments: Departments = toml::from_str(&text).unwrap();
    Office {
        mailboxes: vec!["9a010722@gmail.com".into()],
        number_pattern: r"S-\d{6}".into(),
        home_town: "Сєвєродонецьк".into(),
        departments: departments.department,
        default_department: "soc".into(),
        ..Office::default()
    }
}

fn kind_of(letter: char) -> Kind {
    match letter {
        'п' => Kind::Proposal,
        'з' => Kind::Application,
        'с' => Kind::Complaint,
        'д' => Kind::Inquiry,
        other => panic!("{other}"),
    }
}

#[test]
fn matters_in_other_words_are_understood_too() {
    let reader = Reader::new(&office());
    let table = std::fs::read_to_string(root().join("samples/phrasings/matters.tsv")).unwrap();
    let (mut all, mut misses) = (0, [Vec::new(), Vec::new(), Vec::new(), Vec::new()]);
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.splitn(5, '|').collect();
        let [departments, kinds, alarm, subject, text] = fields[..] else { panic!("{line}") };
        let letter = Letter {
            from: Correspondent { name: "Ірина Коваль".into(), address: "iryna.koval@ukr.net".into() },
            from_count: 1,
            subject: subject.into(),
            text: format!("Доброго дня!\n{text}\nКоваль Ірина Петрівна, 066 123 45 67"),
            ..Letter::default()
        };
        let reading = reader.read(&letter);
        all += 1;
        if reading.class != Class::Appeal {
            misses[0].push(format!("{:?}: {subject}: {text}", reading.class));
        }
        let ranked = &reading.departments;
        let best = ranked.first().map(|best| best.code.clone()).unwrap_or_default();
        if !departments.split(',').any(|code| code == best) {
            let why: Vec<String> =
                ranked.iter().take(3).map(|one| format!("{} {:.1} {:?}", one.code, one.score, one.words)).collect();
            misses[1].push(format!("{departments}: {subject}: {text}\n      {}", why.join("\n      ")));
        }
        let kind = reading.kind.as_ref().map(|found| found.value);
        if !kinds.chars().any(|letter| Some(kind_of(letter)) == kind) {
            misses[2].push(format!("{kinds} {kind:?}: {text}"));
        }
        if reading.alarm.is_some() != (alarm == "!") {
            misses[3].push(format!("{:?}: {text}", reading.alarm.as_ref().map(|found| (found.value, &found.quote))));
        }
        let essence = reading.essence.unwrap_or_default();
        assert!(essence.contains(text.split(['.', '?', '!']).next().unwrap()), "{text} became {essence}");
        assert!(!essence.contains("066"), "{essence}");
    }
    for (what, misses) in ["class", "department", "kind", "alarm"].iter().zip(&misses) {
        println!("{what}: {} of {all} missed", misses.len());
        for miss in misses {
            println!("   {miss}");
        }
        let right = 1.0 - misses.len() as f64 / f64::from(all);
        assert!(right >= LEAST || std::env::var("ZVERNENNIA_ALL").is_ok(), "{what}: {right}");
    }
}

#[test]
fn letters_of_every_class_are_told_apart() {
    let reader = Reader::new(&office());
    let table = std::fs::read_to_string(root().join("samples/phrasings/classes.tsv")).unwrap();
    let mut misses = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.splitn(6, '|').collect();
        let [class, address, name, subject, headers, text] = fields[..] else { panic!("{line}") };
        let headers = headers.split(';').filter_map(|header| header.split_once('='));
        let headers: Vec<(String, String)> = if let Some(("authentication-results", value)) = fields[4].split_once('=')
        {
            vec![("authentication-results".into(), value.into())]
        } else {
            headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        };
        let letter = Letter {
            from: Correspondent { name: name.into(), address: address.into() },
            from_count: 1,
            subject: subject.into(),
            text: text.replace("\\n", "\n"),
            headers,
            ..Letter::default()
        };
        let reading = reader.read(&letter);
        let found = serde_json::to_value(reading.class).unwrap();
        if found != class {
            misses.push(format!("{found} ({}): {line}", reading.class_reason));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}
