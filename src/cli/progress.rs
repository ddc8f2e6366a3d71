//! Progress bars for a pass, on standard error and only on a terminal.

use crate::engine::pass::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar that follows a pass.
pub struct PassBar {
    bar: ProgressBar,
}

impl Default for PassBar {
    fn default() -> Self {
        Self::new()
    }
}

impl PassBar {
    /// A bar that has not begun.
    pub fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:24} {bar:40} {pos}/{len}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Shows how far the pass has come.
    pub fn show(&mut self, progress: Progress) {
        match progress {
            Progress::Reading(done, total) => self.set("reading letters", done, total),
            Progress::Deciding(committed) => {
                let done = committed.appeals + committed.copies + committed.attached + committed.aside;
                self.set("registering", done, done);
            }
            Progress::Registers => self.bar.set_message("writing the register"),
            Progress::Sending(sent) => self.set("sending letters", sent, sent),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn set(&self, message: &'static str, done: usize, total: usize) {
        self.bar.set_message(message);
        self.bar.set_length(u64::try_from(total).unwrap_or(0));
        self.bar.set_position(u64::try_from(done).unwrap_or(0));
    }
}
