//! Owner files as Excel and LibreOffice write them; replacing while somebody has, or opens, the workbook.

use super::*;
use std::fs::OpenOptions;
use std::path::PathBuf;

/// An owner file as Excel writes it: 165 bytes, the 8-bit half in whatever the machine's code page makes of it.
fn excel_owner_file(name: &str) -> Vec<u8> {
    let units: Vec<u16> = name.encode_utf16().collect();
    let mut bytes = vec![u8::try_from(units.len()).unwrap()];
    bytes.extend(name.chars().map(|c| if c.is_ascii() { u8::try_from(c).unwrap() } else { b'?' }));
    bytes.resize(55, b' ');
    bytes.extend(u16::try_from(units.len()).unwrap().to_le_bytes());
    bytes.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    while bytes.len() < 165 {
        bytes.extend([0x20, 0x00]);
    }
    bytes.truncate(165);
    bytes
}

fn workbook() -> (tempfile::TempDir, PathBuf, Fingerprint) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("Реєстр.xlsx");
    fs::write(&path, b"old").unwrap();
    let fingerprint = Fingerprint::of(&path).unwrap().unwrap();
    (dir, path, fingerprint)
}

fn leases_work(path: &Path) -> bool {
    let file = File::open(path).unwrap();
    let known = !matches!(Lease::take(&file, Against::Everyone), Err(NoLease::Unknown));
    if !known {
        println!("no leases on this file system: skipped");
    }
    known
}

#[test]
fn the_name_in_an_excel_owner_file_keeps_its_cyrillic() {
    for name in ["Олена Петренко", "Olena P", "Ї"] {
        assert_eq!(excel_name(&excel_owner_file(name)), name);
    }
    assert_eq!(excel_name(b"\x05Olena and nothing more"), "Olena");
    assert_eq!(excel_name(b""), "");
    assert!(excel_name(&[0xff; 165]).chars().count() <= MAX_NAME);
}

#[test]
fn the_name_in_a_libreoffice_lock_is_the_persons_or_else_the_accounts() {
    for (text, name) in [
        (",root,vm,23.11.2026 17:04,file:///root/.config/libreoffice/4;", "root (vm)"),
        ("Олена\\, оператор,op1,pc-7,23.11.2026 17:04,file:///x;", "Олена, оператор"),
        ("a\\\\b,c,d;", "a\\b"),
        ("", ""),
        (",op1", "op1"),
    ] {
        assert_eq!(libreoffice_name(text.as_bytes()), name, "{text}");
    }
    assert_eq!(libreoffice_name("\u{202e}evil\nname,,".as_bytes()), "evilname");
}

#[test]
fn a_workbook_open_for_writing_is_held_and_the_owner_file_says_by_whom() {
    let (dir, path, before) = workbook();
    if !leases_work(&path) {
        return;
    }
    let operator = OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let Use::Held(held) = look(&path).unwrap() else { panic!("free") };
    assert_eq!((held.by.as_str(), held.how), ("", How::OpenFile));
    fs::write(dir.path().join("~$Реєстр.xlsx"), excel_owner_file("Олена")).unwrap();
    let Use::Held(held) = look(&path).unwrap() else { panic!("free") };
    assert_eq!((held.by.as_str(), held.how), ("Олена", How::Excel));
    assert!(matches!(replace(&path, &before, b"new").unwrap(), Placed::Held(_)));
    assert_eq!(fs::read(&path).unwrap(), b"old");
    drop(operator);
    let Use::Free { left_behind: Some(left) } = look(&path).unwrap() else { panic!("held") };
    assert_eq!(left.by, "Олена");
    assert!(matches!(replace(&path, &before, b"new").unwrap(), Placed::Replaced(_)));
    assert_eq!(fs::read(&path).unwrap(), b"new");
}

#[test]
fn while_excel_saves_and_the_file_is_absent_the_owner_file_speaks() {
    let (dir, path, _) = workbook();
    fs::write(dir.path().join(".~lock.Реєстр.xlsx#"), "Олена,op,pc,,;").unwrap();
    fs::remove_file(&path).unwrap();
    assert!(matches!(look(&path).unwrap(), Use::Held(Held { how: How::LibreOffice, .. })));
    fs::remove_file(dir.path().join(".~lock.Реєстр.xlsx#")).unwrap();
    assert_eq!(look(&path).unwrap(), Use::Free { left_behind: None });
}

#[test]
fn somebody_who_only_reads_does_not_stop_the_service() {
    let (_dir, path, before) = workbook();
    let _backup = File::open(&path).unwrap();
    assert!(matches!(replace(&path, &before, b"new").unwrap(), Placed::Replaced(_)));
}

#[test]
fn whoever_opens_the_workbook_in_the_moment_of_the_rename_gets_the_file_that_stays() {
    let (_dir, path, before) = workbook();
    if !leases_work(&path) {
        return;
    }
    let staged = Staged::prepare(&path, b"new").unwrap();
    let file = File::open(&path).unwrap();
    std::thread::scope(|scope| {
        let lease = Lease::take(&file, Against::Everyone).unwrap();
        let operator = scope.spawn(|| OpenOptions::new().write(true).open(&path).unwrap());
        while lease.undisturbed() {
            std::thread::yield_now();
        }
        let placed = replace_under(&lease, staged, &before).unwrap();
        drop(lease);
        assert!(matches!(placed, Placed::Held(_)), "{placed:?}");
        let opened = Fingerprint::from(&operator.join().unwrap().metadata().unwrap());
        assert_eq!(Some(opened), Fingerprint::of(&path).unwrap(), "he writes into the file that bears the name");
    });
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no link and no temporary file is left");
}

#[test]
fn a_workbook_saved_since_it_was_read_is_not_replaced() {
    let (_dir, path, before) = workbook();
    fs::write(&path, b"theirs").unwrap();
    assert_eq!(replace(&path, &before, b"new").unwrap_err().trouble, Trouble::Changed);
    assert_eq!(fs::read(&path).unwrap(), b"theirs");
}

#[test]
fn names_of_people_do_not_get_into_logs() {
    let held = Held { by: "Олена".into(), since: None, how: How::Excel };
    assert!(!format!("{held:?}").contains("Олена"));
}
