//! What all loops have in common: the settings, the ledger, the reader, the store, the will to stop, the pulse.

use crate::desk::Desk;
use crate::domain::number::NumberFormat;
use crate::engine::error::EngineError;
use crate::engine::register::Memory;
use crate::ledger::{Ledger, Shared};
use crate::letters::render::Templates;
use crate::mail::token::{self, KeyRing};
use crate::reading::Reader;
use crate::settings::valid::Settings;
use crate::world::store::Store;
use crate::world::{clock, entropy, file, key_files};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Key under which the ledger keeps its own identity.
const LEDGER_ID: &str = "ledger_id";

/// The service between its settings and its ledger.
pub struct Service {
    /// The settings.
    pub settings: Settings,
    /// The ledger.
    pub ledger: Shared,
    /// The reader of letters.
    pub reader: Reader,
    /// The store of raw originals.
    pub store: Store,
    /// How appeals are numbered.
    pub numbers: NumberFormat,
    /// The templates of letters.
    pub templates: Templates,
    /// Keys that sign our Message-IDs.
    pub keys: KeyRing,
    /// Identity of the ledger; part of every stamp.
    pub ledger_id: String,
    /// Held while the desk decides: the register's loop lets it decide as well, on what was just taken over.
    pub deciding: Mutex<()>,
    /// What the register's loop remembers.
    pub registers: Memory,
    /// This program, for the child that parses workbooks.
    pub program: PathBuf,
    stop: AtomicBool,
    last_beat: AtomicU64,
}

impl Service {
    /// Opens everything that the settings name.
    ///
    /// # Errors
    /// The first thing that cannot be opened, with its remedy.
    pub fn open(settings: Settings) -> Result<Self, EngineError> {
        let mut ledger = Ledger::open(&settings.paths.ledger)?;
        let ledger_id = match ledger.meta(LEDGER_ID)? {
            Some(id) => id,
            None => {
                let key = fresh_key()?;
                // A ledger without an identity is new, and so is everything beside it.
                if !settings.post.key_file.exists() {
                    file::create_new(&settings.post.key_file, &fresh_key()?, 0o600)?;
                }
                let id: String = key.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
                ledger.set_meta(LEDGER_ID, &id)?;
                id
            }
        };
        let numbers = NumberFormat::parse(&settings.numbering.format)
            .map_err(|error| EngineError::Settings(format!("numbering.format: {error}")))?;
        let keys = key_files::read(&settings.post.key_file)?;
        Ok(Self {
            reader: Reader::new(&settings.office),
            store: Store::open(&settings.paths.letters)?,
            templates: Templates::new(&settings.templates)
                .map_err(|error| EngineError::Settings(format!("templates: {error}")))?,
            keys: KeyRing::new(keys)
                .map_err(|error| EngineError::Settings(format!("{}: {error}", settings.post.key_file.display())))?,
            ledger: Shared::new(ledger),
            numbers,
            ledger_id,
            deciding: Mutex::new(()),
            registers: Memory::default(),
            program: std::env::current_exe().unwrap_or_else(|_| PathBuf::from("zvernennia")),
            settings,
            stop: AtomicBool::new(false),
            last_beat: AtomicU64::new(0),
        })
    }

    /// What the desk knows besides its snapshot.
    pub fn desk(&self) -> Desk<'_> {
        Desk { settings: &self.settings, numbers: &self.numbers }
    }

    /// The number in a Message-ID that one of our keys signed for a letter to this address.
    pub fn vouches(&self, message_id: &str, recipient: &str) -> Option<String> {
        let token = token::verify(message_id, &self.settings.office.message_id_domain, &self.keys)?;
        self.keys.addressed_to(&token, recipient).then_some(token.appeal)
    }

    /// Asks all loops to stop at the next place where they can.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
    }

    /// Whether the loops are asked to stop.
    pub fn stopping(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Says that real work was done; the watchdog is fed by it.
    pub fn beat(&self) {
        self.last_beat.store(clock::monotonic_seconds(), Ordering::Relaxed);
    }

    /// When real work was last done, in seconds of the monotonic clock.
    pub fn last_beat(&self) -> u64 {
        self.last_beat.load(Ordering::Relaxed)
    }
}

fn fresh_key() -> Result<[u8; 32], EngineError> {
    entropy::key().map_err(|error| EngineError::Settings(format!("no randomness for a key: {error}")))
}
