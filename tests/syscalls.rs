//! SIGKILL before every system call by which the register is written, and power cuts: the file is always the old one or
//! the new one, and the next pass completes what was begun.
//!
//! By default some of the calls and a few cuts; all of them with `ZVERNENNIA_EVERY_SYSCALL=1`, `ZVERNENNIA_CUTS=N` cuts.

use crate::office::{Office, letter, text};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use zvernennia::domain::field::Field;
use zvernennia::domain::grid::{Raw, Sheet};
use zvernennia::workbook::read::{Layout, read_in_process};

const BEFORE: &str = "2026-03-02T10:30:00+02:00";
const MOMENT: &str = "2026-03-02T11:00:00+02:00";
const AFTER: &str = "2026-03-02T11:10:00+02:00";
const NOTE: &str = "дзвонив син";

/// An office whose next pass has to take over a note, register a typed row and a letter, and write all that.
fn owing(office: &Office) {
    office.configure("quiet_seconds = 3", "quiet_seconds = 1");
    office.drop_letter(1, "one", &letter(1));
    office.at(BEFORE);
    office.person(
        &office.register(),
        "cell('П-1/2026', 'Примітки').value = 'дзвонив син'; below(Прізвище='Бойко Оксана Петрівна', Контактний='0501112233', \
         Прописка='м. Лисичанськ, вул. Миру, буд. 3', Місце='м. Дніпро, вул. Робоча, буд. 3', Суть='Просить матеріальну допомогу')",
    );
    office.drop_letter(1, "two", &letter(2));
}

fn shown(register: &Path) -> Sheet {
    read_in_process(&std::fs::read(register).unwrap(), &Layout::default()).unwrap()
}

fn texts(sheet: &Sheet, field: Field) -> BTreeSet<String> {
    sheet.rows.iter().filter_map(|row| row.cells.get(&field)).map(Raw::to_string).collect()
}

/// The register is whole, and shows what people typed whether it is the old or the new one.
fn whole(register: &Path) {
    let sheet = shown(register);
    assert!([2, 3].contains(&sheet.rows.len()), "{} rows", sheet.rows.len());
    assert!(texts(&sheet, Field::Notes).contains(NOTE));
    assert!(texts(&sheet, Field::Applicant).contains("Бойко Оксана Петрівна"));
}

/// The next pass completes everything, the one after it finds nothing.
fn completed(office: &Office) {
    office.at(AFTER);
    let settled = office.at(AFTER);
    assert_eq!(settled["registers"][0]["state"], "unchanged", "{settled}");
    let sheet = shown(&office.register());
    let numbers = texts(&sheet, Field::Number);
    assert_eq!((sheet.rows.len(), numbers.len()), (3, 3), "{numbers:?}");
    assert!(texts(&sheet, Field::Notes).contains(NOTE));
    assert_eq!(office.journal("notes").iter().filter(|(_, new)| new == NOTE).count(), 1, "taken over once");
    assert_eq!(office.sent().len(), 2, "one acknowledgement for each letter");
    let strays: Vec<String> =
        names(&office.path("register")).into_iter().filter(|name| name.contains(".zv.")).collect();
    assert!(strays.is_empty(), "{strays:?}");
}

fn names(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    let copied = Command::new("cp").arg("-a").args([from, to]).status().unwrap();
    assert!(copied.success());
}

/// A pass under strace, which looks at the calls that touch the register or our files beside it; `None` without strace.
fn traced(office: &Office, register: &Path, more: &[&str]) -> Option<Output> {
    let beside =
        |end: &str| register.with_file_name(format!(".{}{end}", register.file_name().unwrap().to_string_lossy()));
    let paths = [register.to_owned(), beside(".zv.tmp"), beside(".zv.old"), office.path("register")];
    Command::new("strace")
        .args(["-f", "-qq"])
        .args(paths.iter().flat_map(|path| [OsStr::new("-P"), path.as_os_str()]))
        .args(more)
        .arg(env!("CARGO_BIN_EXE_zvernennia"))
        .args(["once", "--at", MOMENT, "--config"])
        .arg(office.path("zvernennia.toml"))
        .output()
        .ok()
}

/// How often a pass makes which of these calls.
fn calls(log: &Path) -> BTreeMap<String, usize> {
    let mut calls = BTreeMap::new();
    for line in std::fs::read_to_string(log).unwrap().lines() {
        let name = line.split('(').next().unwrap_or_default().split_whitespace().next_back().unwrap_or_default();
        if !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
            *calls.entry(name.to_owned()).or_default() += 1;
        }
    }
    calls
}

/// Calls that change something.
const CHANGING: &[&str] = &["write", "fsync", "fchmod", "rename", "renameat2", "linkat", "link", "unlink", "unlinkat"];

#[test]
fn killed_before_any_call_of_a_write_the_register_is_the_old_or_the_new_one() {
    let office = Office::new();
    owing(&office);
    let register = office.register();
    let kept = office.root().join("kept");
    let folder = office.root().join("office");
    copy(&folder, &kept);
    let log = office.root().join("calls");
    let looked = traced(&office, &register, &["-o", log.to_str().unwrap()]);
    if looked.is_none_or(|output| !output.status.success()) {
        println!("skipped: this needs strace and a user who may use it");
        return;
    }
    let every = std::env::var_os("ZVERNENNIA_EVERY_SYSCALL").is_some();
    let mut outcomes: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (call, count) in calls(&log).into_iter().filter(|(call, _)| every || CHANGING.contains(&call.as_str())) {
        for nth in 1..=count {
            copy(&kept, &folder);
            let kill = format!("--inject={call}:signal=KILL:when={nth}");
            let done = traced(&office, &register, &["-o", "/dev/null", &kill]).unwrap();
            if done.status.signal() != Some(9) && done.status.code() != Some(137) {
                // Another thread made some of these calls: there are fewer of each.
                assert!(done.status.success(), "{}", text(&done.stderr));
                break;
            }
            whole(&register);
            let outcome = outcomes.entry(call.clone()).or_default();
            *if shown(&register).rows.len() == 2 { &mut outcome.0 } else { &mut outcome.1 } += 1;
            completed(&office);
        }
    }
    println!("killed before a call, and the register is the old, the new one: {outcomes:?}");
    let [old, new] =
        [outcomes.values().map(|(old, _)| old).sum(), outcomes.values().map(|(_, new)| new).sum::<usize>()];
    assert!(old > 2 && new > 0, "{outcomes:?}");
}

/// A file system in a file, so that what was not yet written to the disk can be lost.
struct Disk {
    image: PathBuf,
    place: PathBuf,
}

impl Disk {
    fn mount(image: &Path, place: &Path) -> Option<Self> {
        std::fs::create_dir_all(place).unwrap();
        let mounted = Command::new("mount").args(["-o", "loop"]).args([image, place]).output().ok()?.status.success();
        mounted.then(|| Self { image: image.to_owned(), place: place.to_owned() })
    }

    /// A new one with ext4 on it; `None` where this user may not.
    fn make(image: &Path, place: &Path) -> Option<Self> {
        std::fs::File::create(image).unwrap().set_len(64 << 20).unwrap();
        let made = Command::new("mkfs.ext4").args(["-q", "-F"]).arg(image).output().ok()?.status.success();
        if made { Self::mount(image, place) } else { None }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l".as_ref(), self.place.as_os_str()]).status();
    }
}

#[test]
fn after_a_power_cut_the_register_is_whole_and_what_was_acknowledged_is_there() {
    let cuts: usize = std::env::var("ZVERNENNIA_CUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::make(&folder.path().join("disk"), &folder.path().join("before")) else {
        println!("skipped: mounting a file system needs root");
        return;
    };
    let office = Office::within(&disk.place);
    owing(&office);
    let below = office.root().strip_prefix(&disk.place).unwrap().to_owned();
    let kept = folder.path().join("kept");
    copy(office.root(), &kept);
    let whole_pass = {
        let begun = std::time::Instant::now();
        office.at(MOMENT);
        begun.elapsed()
    };
    let (mut old, mut new) = (0, 0);
    for cut in 1..=cuts {
        copy(&kept, office.root());
        assert!(Command::new("sync").arg("-f").arg(&disk.place).status().unwrap().success());
        let mut pass = office.start_once(&["--at", MOMENT]);
        std::thread::sleep(whole_pass.mul_f64(cut as f64 / (cuts + 1) as f64));
        pass.kill().unwrap();
        // What the disk holds at this moment; the page cache of the running system is not in it.
        let image = folder.path().join("cut");
        std::fs::copy(&disk.image, &image).unwrap();
        pass.wait().unwrap();
        let after = Disk::mount(&image, &folder.path().join("after")).unwrap();
        let left = Office::there(&after.place.join(&below));
        whole(&left.register());
        *if shown(&left.register()).rows.len() == 2 { &mut old } else { &mut new } += 1;
        completed(&left);
    }
    println!("{cuts} power cuts: {old} times the old register, {new} times the new one");
}
