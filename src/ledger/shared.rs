//! The one ledger, shared by the loops. A loop holds it for one transaction at a time, never while it waits for anybody.

use crate::ledger::{Ledger, LedgerError};
use std::sync::{Arc, Mutex, PoisonError};

/// A handle to the one ledger.
#[derive(Clone)]
pub struct Shared {
    inner: Arc<Mutex<Ledger>>,
}

impl Shared {
    /// Shares a ledger.
    pub fn new(ledger: Ledger) -> Self {
        Self { inner: Arc::new(Mutex::new(ledger)) }
    }

    /// Does one thing with the ledger.
    ///
    /// # Errors
    /// What the thing itself returns.
    pub fn with<T>(&self, work: impl FnOnce(&mut Ledger) -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        // A panic inside a transaction rolls it back (rusqlite's Drop), so the ledger behind a poisoned lock is whole.
        let mut ledger = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut ledger)
    }
}
