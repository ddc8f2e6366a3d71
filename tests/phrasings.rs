//! The reader on matters in words of their own: departments, kinds and alarms, counted over `samples/phrasings`.

use crate::office::reader_office;
use std::path::PathBuf;
use zvernennia::domain::letter::{Correspondent, Letter};
use zvernennia::domain::reading::{Class, Kind};
use zvernennia::reading::Reader;

/// Shares that must be right.
const LEAST: f64 = 0.93;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
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
    let reader = Reader::new(&reader_office());
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
    let reader = Reader::new(&reader_office());
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

#[test]
fn the_essence_of_a_whole_letter_is_its_matter() {
    let reader = Reader::new(&reader_office());
    let table = std::fs::read_to_string(root().join("samples/phrasings/essences.tsv")).unwrap();
    let mut misses = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.splitn(6, '|').collect();
        let [departments, kinds, keep, out, subject, text] = fields[..] else { panic!("{line}") };
        let letter = Letter {
            from: Correspondent { name: "Ірина Коваль".into(), address: "iryna.koval@ukr.net".into() },
            from_count: 1,
            subject: subject.into(),
            text: text.replace("\\n", "\n"),
            ..Letter::default()
        };
        let reading = reader.read(&letter);
        let essence = reading.essence.clone().unwrap_or_default();
        let small = essence.to_lowercase();
        let lost: Vec<&str> = keep.split(';').filter(|phrase| !small.contains(&phrase.to_lowercase())).collect();
        let kept: Vec<&str> = out.split(';').filter(|phrase| essence.contains(phrase)).collect();
        if !lost.is_empty() || !kept.is_empty() {
            misses.push(format!("lost {lost:?}, kept {kept:?}: {essence}"));
        }
        let best = reading.departments.first().map(|best| best.code.clone()).unwrap_or_default();
        if !departments.split(',').any(|code| code == best) {
            misses.push(format!("{best} for {departments}: {:?} {essence}", reading.departments.first()));
        }
        let kind = reading.kind.as_ref().map(|found| found.value);
        if !kinds.chars().any(|letter| Some(kind_of(letter)) == kind) {
            misses.push(format!("{kind:?} for {kinds}: {essence}"));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

#[test]
fn reading_never_fails_whatever_stands_in_a_letter() {
    let reader = Reader::new(&reader_office());
    let pieces = [
        "ЗАЯВА",
        "\n",
        ">",
        "Від:",
        "From: <a@b.c>",
        "Sent:",
        "To:",
        "Тема:",
        "пише:",
        "-----Original Message-----",
        "вул.",
        "5/1",
        "S-000001",
        "тел.",
        "0661234567",
        "Прошу",
        "?",
        "…",
        "\u{202e}",
        "\u{0301}",
        "й\u{0306}",
        "𝓗",
        "İ",
        "ß",
        "\u{0}",
        "«",
        "'",
        "-- ",
        "ПІБ:",
        "Повідомлення:",
        "Іваненко",
        "Іван",
        "м.",
        "кв",
        "68 підписів",
        "http://x",
        "5168000022223333",
        "\t",
        "|",
        "Ѣ",
        "﷽",
    ];
    let mut state = 1_u64;
    for _ in 0..400 {
        let mut text = String::new();
        for _ in 0..60 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
            if state & 1 == 0 {
                text.push(' ');
            }
        }
        let letter = Letter {
            subject: text.chars().take(80).collect(),
            text: text.clone(),
            html_text: text,
            ..Letter::default()
        };
        reader.read(&letter);
    }
    let long = Letter {
        text: "Прошу вул. Гагаріна, 5 тел 0661234567 ".repeat(20_000), ..Letter::default()
    };
    let quotes = Letter { text: "> ".repeat(100_000) + &">\nВід: x\n".repeat(20_000), ..Letter::default() };
    let start = std::time::Instant::now();
    for letter in [long, quotes] {
        reader.read(&letter);
        println!("{:?}", start.elapsed());
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// Share of states that must be understood; a wrong state is worse than a question, so few may be wrong.
const LEAST_STATES: f64 = 0.75;
const MOST_WRONG: f64 = 0.04;

#[test]
fn states_in_other_words_are_understood_or_asked_about() {
    for file in ["statuses.tsv", "statuses_later.tsv"] {
        states_of(&std::fs::read_to_string(root().join("samples/phrasings").join(file)).unwrap());
    }
}

fn states_of(table: &str) {
    let registered = chrono::NaiveDate::from_ymd_opt(2026, 7, 11).unwrap();
    let (mut all, mut asked, mut wrong) = (0, Vec::new(), Vec::new());
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let (expected, text) = line.split_once('|').unwrap();
        let reading = zvernennia::reading::status_words::understand_status(text, registered);
        let found = reading.status.map_or("ask", zvernennia::domain::status::Status::id);
        all += 1;
        if expected.split(',').any(|right| right == found) {
            continue;
        }
        let miss = format!("{expected}, found {found} by {}: {text}", reading.decided_by);
        if reading.status.is_none() { asked.push(miss) } else { wrong.push(miss) }
    }
    let share = |misses: usize| f64::from(u32::try_from(misses).unwrap()) / f64::from(all);
    println!("{all} texts, {} asked about in vain, {} wrong", asked.len(), wrong.len());
    for miss in asked.iter().chain(&wrong) {
        println!("   {miss}");
    }
    assert!(1.0 - share(asked.len() + wrong.len()) >= LEAST_STATES);
    assert!(share(wrong.len()) <= MOST_WRONG);
}
