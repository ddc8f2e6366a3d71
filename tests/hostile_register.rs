//! What may lie in the place of the register: other files, broken ones, and such as bring parsers down. Nothing of it is
//! overwritten, operators read what to do in a text beside it, letters are registered all the same, and with the register
//! back in its place everything is in it.

use crate::office::{Office, letter, python, text};
use std::path::Path;
use std::process::Command;

/// Makes the files of a folder from a sound register. Usage: python -c … REGISTER FOLDER
const MAKE: &str = r#"
import sys, zipfile, io, os
register, folder = sys.argv[1:]
sound = open(register, 'rb').read()
parts = [(i, zipfile.ZipFile(io.BytesIO(sound)).read(i)) for i in zipfile.ZipFile(io.BytesIO(sound)).namelist()]
sheet = 'xl/worksheets/sheet1.xml'
head, tail = [part for name, part in parts if name == sheet][0].split(b'<sheetData>')[0], b'</worksheet>'

def put(name, data):
    open(os.path.join(folder, name + '.xlsx'), 'wb').write(data)

def changed(name, **new):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as book:
        for part, data in parts:
            book.writestr(part, new.get('all', {}).get(part, data))
        for part, data in new.get('more', {}).items():
            book.writestr(part, data)
    put(name, out.getvalue())

put('empty', b'')
put('text', 'це не книга'.encode())
put('page', b'<html><table><tr><td>1</td></tr></table></html>')
put('half', sound[:len(sound) // 2])
put('nothing-at-the-end', sound[:-20] + b'\0' * 20)
put('wrong-checksum', bytes(b ^ (0x55 if 3000 < n < 3010 else 0) for n, b in enumerate(sound)))
put('prefix', b'MZ' + sound)
put('password', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 600 + 'EncryptedPackage'.encode('utf-16-le') + b'\0' * 600)
put('old-format', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 1200)
changed('bomb', more={'xl/media/bomb.bin': b'\0' * (420 << 20)})
changed('utf-16', all={sheet: ('\ufeff' + [p for n, p in parts if n == sheet][0].decode()).encode('utf-16-le')})
changed('doctype', all={sheet: b'<!DOCTYPE a [<!ENTITY b "c">]>' + [p for n, p in parts if n == sheet][0]})
changed('counted', more={'xl/sharedStrings.xml': b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="4000000000"><si><t>a</t></si></sst>'})
changed('far-corners', all={sheet: head + b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>' + tail})
changed('overflowing', all={sheet: head + b'<sheetData><row r="99999999999999999999"><c r="ZZZZZZZZZZZZZZ99999999999999999999"><v>1</v></c></row></sheetData>' + tail})
changed('no-rows', all={sheet: head + b'<sheetData/>' + tail})
changed('cut-xml', all={sheet: [p for n, p in parts if n == sheet][0][:-300]})
changed('twice', more={sheet.upper(): b'<worksheet/>'})
changed('macros', more={'xl/vbaProject.bin': b'x'})
"#;

fn hostile(register: &Path, folder: &Path) -> Vec<std::path::PathBuf> {
    std::fs::create_dir_all(folder).unwrap();
    let made = python().args(["-c", MAKE]).args([register, folder]).output().unwrap();
    assert!(made.status.success(), "{}", text(&made.stderr));
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn whatever_lies_in_the_place_of_the_register_is_told_and_left_alone_and_letters_are_registered() {
    let office = Office::new();
    office.configure("quiet_seconds = 3", "quiet_seconds = 1");
    office.drop_letter(1, "0", &letter(1));
    office.at("2026-03-02T10:00:00+02:00");
    let register = office.register();
    let sound = std::fs::read(&register).unwrap();
    // A sound register of another ledger is the worst of all: it can be read.
    let other = Office::new();
    other.drop_letter(1, "0", &letter(90));
    other.at("2026-03-02T10:00:00+02:00");
    let mut files = hostile(&register, &office.root().join("hostile"));
    files.push(other.register());
    assert!(files.len() > 18);
    for (n, file) in files.iter().enumerate() {
        let name = file.file_stem().unwrap().to_string_lossy();
        let bytes = std::fs::read(file).unwrap();
        std::fs::write(&register, &bytes).unwrap();
        office.drop_letter(1, &format!("{}", n + 1), &letter(n + 2));
        let moment = format!("2026-03-02T{:02}:{:02}:00+02:00", 10 + n / 12, n % 12 * 5 + 1);
        let passed = office.at(&moment);
        let state = &passed["registers"][0];
        assert_eq!(state["state"], "waits", "{name}: {passed}");
        assert!(std::fs::read(&register).unwrap() == bytes, "{name} was overwritten");
        assert_eq!(passed["decided"]["appeals"], 1, "{name}: {passed}");
        let told = std::fs::read_to_string(office.path("register/Увага, реєстр 2026.txt")).unwrap_or_default();
        assert!(told.lines().count() > 2, "{name}: operators are told what to do: {told}");
        println!("{name}: {}", told.lines().nth(2).unwrap_or_default());
    }
    std::fs::write(&register, &sound).unwrap();
    office.at("2026-03-02T13:00:00+02:00");
    assert_eq!(office.rows().len(), files.len() + 1);
    assert_eq!(office.at("2026-03-02T13:05:00+02:00")["registers"][0]["state"], "unchanged");
    assert!(!office.path("register/Увага, реєстр 2026.txt").exists());
    let left = Command::new("pgrep").args(["-f", office.root().to_str().unwrap()]).output().unwrap();
    assert!(left.stdout.is_empty(), "a parser was left behind");
}
