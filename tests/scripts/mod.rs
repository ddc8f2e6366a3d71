//! The promise of the merge, tried on random scripts: whatever people do to a register between the passes of the
//! service (type, clear, sort, delete, insert, copy, retype numbers, restore an older file, save a stale one), no text
//! that was in the file when the service looked is lost, and one further pass finds nothing left to do.
//!
//! The ledger is a plain model of what `ledger` keeps; finding and showing are the product's own functions. A failing
//! script is cut down to the steps that matter and printed. `ZVERNENNIA_SCRIPTS` sets how many are tried,
//! `ZVERNENNIA_SEED` where they begin.

mod book;
mod model;
mod person;

use person::{Step, World};

const SCRIPTS: u64 = 1_500;
const MOST_STEPS: u64 = 30;
/// So many failing scripts are shown.
const ENOUGH: usize = 5;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Small and seeded, so that a script can be told by its number.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d);
        random.next();
        random
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// From 0 up to, not including, `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 11) % bound.max(1)
    }
}

/// What a script did, for the report.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    passes: usize,
    texts: usize,
    refused: usize,
    conflicts: usize,
    appeals: usize,
}

fn run(rows: u64, steps: &[Step]) -> Result<Tally, String> {
    let mut world = World::new(rows);
    for step in steps {
        world.carry_out(step)?;
    }
    world.settle()?;
    Ok(Tally {
        passes: world.passes,
        texts: world.seen.len(),
        refused: world.refused,
        conflicts: world.ledger.conflicts.len(),
        appeals: world.ledger.appeals.len(),
    })
}

fn script(seed: u64) -> (u64, Vec<Step>) {
    let mut random = Random::new(seed);
    let rows = random.below(14);
    let length = 1 + random.below(MOST_STEPS);
    // Half of the scripts leave the numbers alone, so that it can be told which appeal a text belongs to.
    let retype = random.below(2) == 0;
    (rows, (0..length).map(|_| Step::random(&mut random, retype)).collect())
}

/// The shortest part of the script that still fails.
fn cut_down(rows: u64, mut steps: Vec<Step>) -> (Vec<Step>, String) {
    let mut why = run(rows, &steps).map_or_else(|why| why, |_| "it fails only now and then".to_owned());
    let mut position = 0;
    while position < steps.len() {
        let mut fewer = steps.clone();
        fewer.remove(position);
        match run(rows, &fewer) {
            Err(error) => {
                steps = fewer;
                why = error;
            }
            Ok(_) => position += 1,
        }
    }
    (steps, why)
}

#[test]
fn whatever_people_do_between_passes_no_typed_text_is_lost() {
    let (scripts, first) = (setting("ZVERNENNIA_SCRIPTS", SCRIPTS), setting("ZVERNENNIA_SEED", 1));
    let begun = std::time::Instant::now();
    let mut sum = Tally::default();
    let mut failed = Vec::new();
    for seed in first..first + scripts {
        let (rows, steps) = script(seed);
        match run(rows, &steps) {
            Ok(tally) => {
                sum.passes += tally.passes;
                sum.texts += tally.texts;
                sum.refused += tally.refused;
                sum.conflicts += tally.conflicts;
                sum.appeals += tally.appeals;
            }
            Err(_) => {
                let (steps, why) = cut_down(rows, steps);
                failed.push(format!("script {seed}, {rows} rows: {why}\n{steps:?}"));
                if failed.len() == ENOUGH {
                    break;
                }
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
    println!("{scripts} scripts in {:.1} s: {sum:?}", begun.elapsed().as_secs_f64());
    // A test in which nothing happens proves nothing.
    assert!(sum.texts as u64 > scripts && sum.passes as u64 > 3 * scripts && sum.conflicts > 0, "{sum:?}");
}

#[test]
fn a_text_that_is_thrown_away_is_noticed() {
    // The judge itself is tried: a ledger that forgets its journal must be caught.
    let caught = (1..500).any(|seed| {
        let (rows, steps) = script(seed);
        let mut world = World::new(rows);
        steps.iter().any(|step| {
            world.ledger.journal.clear();
            world.carry_out(step).is_err()
        })
    });
    assert!(caught);
}
