//! The real program on real files, killed with SIGKILL.

use crate::office::{Office, letter};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const LETTERS: usize = 300;
const KILLS: u32 = 50;

/// How many kills; more with ZVERNENNIA_KILLS.
fn kills() -> u32 {
    std::env::var("ZVERNENNIA_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS)
}

#[test]
fn killed_at_random_no_letter_is_lost_and_none_registered_twice() {
    let whole = {
        let office = filled();
        let begun = Instant::now();
        office.once(&[]);
        begun.elapsed()
    };
    let office = filled();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..kills() {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        // A pass that was killed leaves less to do, so the later kills must come sooner to hit anything.
        let share = f64::from(u32::try_from(random % 1_000).unwrap()) / 1_000.0;
        let mut pass = office.start_once(&[]);
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * share * share));
        pass.kill().unwrap();
        pass.wait().unwrap();
    }
    office.once(&[]);
    let settled = office.once(&[]);
    assert_eq!(settled["decided"]["appeals"], 0);
    assert_eq!(settled["registers"][0]["state"], "unchanged", "{settled}");
    let rows = office.rows();
    let numbers: BTreeSet<&str> = rows.iter().map(|row| row["Реєстраційний №"].as_str().unwrap()).collect();
    let matters: BTreeSet<&str> = rows.iter().map(|row| row["Електронна адреса"].as_str().unwrap()).collect();
    assert_eq!((rows.len(), numbers.len(), matters.len()), (LETTERS, LETTERS, LETTERS));
    assert_eq!(office.sent().len(), LETTERS);
    let strays: Vec<_> = std::fs::read_dir(office.path("register"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().contains(".zv."))
        .collect();
    assert!(strays.is_empty(), "{strays:?}");
}

fn filled() -> Office {
    let office = Office::new();
    for n in 0..LETTERS {
        office.drop_letter(1 + u8::try_from(n % 2).unwrap(), &format!("{n:04}"), &letter(n));
    }
    office
}
