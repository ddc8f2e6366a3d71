//! The real program, killed with SIGKILL at random between an IMAP server and an SMTP server: no letter is lost, none is
//! registered twice, and no more copies go out than letters were killed in the one stage where nobody can know.

use super::served::{MAILBOXES, Served};
use crate::office::letter;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// A number from the environment.
fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn killed_between_real_servers_nothing_is_lost_and_nothing_is_doubled_that_could_be_known() {
    let Some(served) = Served::whole("imaps") else { return };
    let count = number("ZVERNENNIA_LETTERS", 60);
    for n in 0..count {
        served.stack.put(MAILBOXES[n % 2].0, n, &letter(n));
    }
    // A letter takes some 20 ms from the mailbox to the acknowledgement; the first kills come before it is half done.
    let whole = Duration::from_millis(20) * u32::try_from(count).unwrap();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..number("ZVERNENNIA_KILLS", 20) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let share = f64::from(u32::try_from(random % 1_000).unwrap()) / 1_000.0;
        let mut pass = served.office.start_once();
        std::thread::sleep(whole.mul_f64(share * share));
        pass.kill().unwrap();
        pass.wait().unwrap();
    }
    let begun = Instant::now();
    let open = || served.outbox().iter().filter(|mail| mail["stage"] != "sent").count();
    served.pass();
    while open() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(120), "{} letters do not leave", open());
        served.pass();
    }
    let rows = served.office.rows();
    let matters: BTreeSet<&str> = rows.iter().map(|row| row["Електронна адреса"].as_str().unwrap()).collect();
    assert_eq!((rows.len(), matters.len()), (count, count));
    let copies = served.stack.recipients();
    let extra = copies.values().sum::<usize>() - copies.len();
    let unclear: u64 = served.outbox().iter().map(|mail| mail["unclear"].as_u64().unwrap()).sum();
    println!("{count} letters, {unclear} killed while they were being sent, {extra} extra copies");
    assert_eq!(copies.len(), count);
    assert!(extra as u64 <= unclear);
}
