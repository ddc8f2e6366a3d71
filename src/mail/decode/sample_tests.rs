//! Letters of others: public MIME collections and a generator that says what it wrote. Both lie beside the repository
//! (`../shared`); where they are absent the tests say so and pass.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::decode;

/// The folder of shared samples, if it is there.
fn shared(part: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(part);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    None
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
    out.sort();
}

/// No field may carry what could deceive or break a line in a log or a header.
fn assert_clean(letter: &crate::domain::letter::Letter, name: &str) {
    let one_line = [&letter.subject, &letter.from.name, &letter.from.address];
    let names = letter.attachments.iter().map(|one| &one.name);
    for text in one_line.into_iter().chain(names) {
        assert!(!text.chars().any(|ch| ch.is_control() || super::clean::is_invisible(ch)), "{name}: {text:?}");
    }
    let bad = |ch: char| (ch.is_control() && !matches!(ch, '\n' | '\t')) || super::clean::is_invisible(ch);
    for text in [&letter.text, &letter.html_text, &letter.report] {
        assert!(!text.contains(bad), "{name}: control characters in the text");
    }
}

#[test]
fn public_letters_neither_panic_nor_hang() {
    let Some(folder) = shared("samples/mime") else { return };
    let mut all = Vec::new();
    files(&folder, &mut all);
    for path in all {
        let raw = std::fs::read(&path).unwrap();
        let name = path.display().to_string();
        let start = Instant::now();
        let letter = decode(&raw);
        assert!(start.elapsed() < Duration::from_secs(1), "{name} took {:?}", start.elapsed());
        assert_clean(&letter, &name);
        for cut in [raw.len() / 3, raw.len() / 2, raw.len().saturating_sub(7)] {
            assert_clean(&decode(&raw[..cut]), &name);
        }
    }
}

#[test]
fn sample_appeals_have_no_broken_characters() {
    let Some(folder) = shared("samples/appeals") else { return };
    let mut all = Vec::new();
    files(&folder, &mut all);
    for path in all.iter().filter(|path| path.extension().is_some_and(|ending| ending == "eml")) {
        let letter = decode(&std::fs::read(path).unwrap());
        let name = path.display().to_string();
        assert_clean(&letter, &name);
        for text in [&letter.subject, &letter.from.name, &letter.text, &letter.html_text] {
            assert!(!text.contains('\u{fffd}'), "{name}: {text}");
        }
        assert!(!letter.text.trim().is_empty() || !letter.attachments.is_empty(), "{name}: nothing to read");
        assert!(letter.from_count >= 1 && letter.received.is_some(), "{name}");
        assert_eq!(letter.date.is_some(), letter.header("date").is_some(), "{name}: date");
        if std::env::var_os("ZVERNENNIA_SHOW").is_some() {
            println!("=== {name}\n{}", show(&letter));
        }
    }
}

/// The letter for a reader's eyes.
fn show(letter: &crate::domain::letter::Letter) -> String {
    let attachments: Vec<String> =
        letter.attachments.iter().map(|one| format!("{} {} {} {:?}", one.name, one.mime, one.size, one.text)).collect();
    let enclosed: Vec<String> = letter.enclosed.iter().map(show).collect();
    format!(
        "From: {} <{}> x{}\nSubject: {}\nDate: {:?}\nRemarks: {:?}\nhtml only: {}\n{}\n--html\n{}\n--report\n{}\n--attachments {attachments:#?}\n--enclosed\n{}",
        letter.from.name,
        letter.from.address,
        letter.from_count,
        letter.subject,
        letter.date,
        letter.remarks,
        letter.html_only,
        letter.text,
        letter.html_text,
        letter.report,
        enclosed.join("\n~~~\n"),
    )
}

/// Letters of `gen_mail.py` decode to what its manifest says, broken headers and false labels included.
#[test]
fn generated_letters_equal_their_manifest() {
    let Some(script) = shared("tools/gen_mail.py") else { return };
    let folder = tempfile::tempdir().unwrap();
    let count = std::env::var("ZVERNENNIA_GENERATED").unwrap_or_else(|_| "300".to_owned());
    let manifest = folder.path().join("manifest.jsonl");
    let made = std::process::Command::new("python3")
        .arg(script)
        .args(["-n", &count, "--weird", "0.1", "--seed", "7", "--manifest"])
        .arg(&manifest)
        .arg("-o")
        .arg(folder.path().join("letters"))
        .output();
    if !made.is_ok_and(|output| output.status.success()) {
        println!("skipped: python3 is absent");
        return;
    }
    let mut wrong = Vec::new();
    let mut spent = Duration::ZERO;
    let mut slowest = Duration::ZERO;
    let lines = std::fs::read_to_string(&manifest).unwrap();
    for line in lines.lines() {
        let want: serde_json::Value = serde_json::from_str(line).unwrap();
        let file = want["file"].as_str().unwrap();
        let raw = std::fs::read(folder.path().join("letters").join(file)).unwrap();
        let start = Instant::now();
        let got = decode(&raw);
        spent += start.elapsed();
        slowest = slowest.max(start.elapsed());
        if let Some(difference) = difference(&got, &want) {
            wrong.push(format!("{file} ({}): {difference}", want["weird"]));
        }
    }
    let number = u32::try_from(lines.lines().count()).unwrap();
    println!("{number} letters, {:?} each, slowest {slowest:?}, {} wrong", spent / number, wrong.len());
    assert!(wrong.is_empty(), "{} of {number} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn difference(got: &crate::domain::letter::Letter, want: &serde_json::Value) -> Option<String> {
    let text = |key: &str| want[key].as_str().unwrap_or_default().to_owned();
    let attachments: Vec<(String, u64)> = want["attachments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one[0].as_str().unwrap().to_owned(), one[1].as_u64().unwrap()))
        .collect();
    let got_attachments: Vec<(String, u64)> = got.attachments.iter().map(|one| (one.name.clone(), one.size)).collect();
    let folded = got.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let sha = sha1(folded.as_bytes());
    if got.subject != text("subject") {
        return Some(format!("subject {:?} not {:?}", got.subject, text("subject")));
    }
    if (got.from.name.clone(), got.from.address.clone()) != (text("from_name"), text("from_addr")) {
        return Some(format!("from {:?} not {:?}", got.from, text("from_name")));
    }
    if got.message_id.clone().unwrap_or_default() != text("message_id") {
        return Some("message id".to_owned());
    }
    if got_attachments != attachments && want["weird"] != "unterminated-multipart" {
        return Some(format!("attachments {got_attachments:?} not {attachments:?}"));
    }
    // HTML-only letters carry a signature line that the manifest's text does not have.
    if want["structure"] == "html" {
        let cut = folded.strip_suffix(" -- Надіслано з мобільного пристрою").unwrap_or(&folded);
        return (sha1(cut.as_bytes()) != text("text_sha1") && want["weird"] != "empty-body")
            .then(|| format!("html text {folded}"));
    }
    // An empty letter's HTML still has the signature line, which then is its only text.
    let signature_only = want["weird"] == "empty-body" && folded == "-- Надіслано з мобільного пристрою";
    (sha != text("text_sha1") && !signature_only).then(|| format!("text differs: {folded:?}"))
}

/// SHA-1, which the manifest uses; only for this comparison.
fn sha1(bytes: &[u8]) -> String {
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    let mut data = bytes.to_vec();
    data.push(0x80);
    while data.len() % 64 != 56 {
        data.push(0);
    }
    data.extend_from_slice(&(bytes.len() as u64 * 8).to_be_bytes());
    for block in data.chunks(64) {
        let mut words = [0_u32; 80];
        for (word, chunk) in words.iter_mut().zip(block.chunks(4)) {
            *word = u32::from_be_bytes(chunk.try_into().unwrap());
        }
        for at in 16..80 {
            words[at] = (words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16]).rotate_left(1);
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (at, word) in words.iter().enumerate() {
            let (f, k) = match at / 20 {
                0 => ((b & c) | (!b & d), 0x5a82_7999_u32),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6),
            };
            let next = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (slot, value) in state.iter_mut().zip([a, b, c, d, e]) {
            *slot = slot.wrapping_add(value);
        }
    }
    state.iter().map(|word| format!("{word:08x}")).collect()
}
