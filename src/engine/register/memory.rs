//! What is remembered between the steps so that nothing is done twice. Losing it does no harm: it is found out again.

use super::waiting::Waiting;
use crate::domain::digest::Digest;
use crate::world::file::Fingerprint;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// What is remembered of all registers.
#[derive(Debug, Default)]
pub struct Memory {
    registers: Mutex<BTreeMap<String, Remembered>>,
}

/// What is remembered of one register.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    /// The state of file and ledger that was merged last while nothing could be written, and why it could not.
    pub(super) merged: Option<(String, Waiting)>,
    /// Digest of the rows that the companion shows.
    pub(super) companion: Option<Digest>,
    /// The folder bears our marker.
    pub(super) marked: bool,
    /// The folder when it was looked through last.
    pub(super) folder: Option<Fingerprint>,
    /// Copies of the register that lay there.
    pub(super) twins: Vec<PathBuf>,
    /// Whose the workbooks in the folder are, by path and state of the file.
    pub(super) owners: BTreeMap<PathBuf, (Fingerprint, Option<String>)>,
}

impl Memory {
    /// Looks at or changes what is remembered of a register.
    pub(super) fn of<T>(&self, replica: &str, look: impl FnOnce(&mut Remembered) -> T) -> T {
        let mut registers = self.registers.lock().unwrap_or_else(PoisonError::into_inner);
        look(registers.entry(replica.to_owned()).or_default())
    }
}
