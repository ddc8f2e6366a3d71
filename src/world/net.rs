//! Waiting for the network on a thread that may block: the loops of the engine are plain threads, mail servers are not.

use std::future::Future;
use std::io;
use tokio::runtime::{Builder, Handle, Runtime};

/// The runtime that connections live on; they die with it.
#[derive(Debug)]
pub enum Net {
    /// That of the service.
    Shared(Handle),
    /// One of its own, for a single pass.
    Own(Runtime),
}

impl Net {
    /// The runtime of the service if this thread belongs to it, else a new one.
    ///
    /// # Errors
    /// If the system gives no runtime.
    pub fn here() -> io::Result<Self> {
        match Handle::try_current() {
            Ok(handle) => Ok(Self::Shared(handle)),
            Err(_) => Ok(Self::Own(Builder::new_current_thread().enable_all().build()?)),
        }
    }

    /// Waits for an answer. Not to be called from a task of the runtime itself.
    pub fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        match self {
            Self::Shared(handle) => handle.block_on(answer),
            Self::Own(runtime) => runtime.block_on(answer),
        }
    }
}
