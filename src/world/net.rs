//! Waiting for the network on a thread that may block: the loops of the engine are plain threads, mail servers are not.

use std::future::Future;
use std::io;
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};

/// How often a long wait shows that it is one.
const BEAT_EVERY: Duration = Duration::from_secs(20);

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

    /// Waits for an answer that may take long, each wait in it having its own limit; `beat` is called meanwhile, so that
    /// the waiting is not taken for hanging.
    pub fn wait_beating<T>(&self, answer: impl Future<Output = T>, beat: impl Fn()) -> T {
        self.wait(async {
            let mut answer = std::pin::pin!(answer);
            let mut beats = tokio::time::interval(BEAT_EVERY);
            loop {
                tokio::select! {
                    done = &mut answer => return done,
                    _ = beats.tick() => beat(),
                }
            }
        })
    }
}
