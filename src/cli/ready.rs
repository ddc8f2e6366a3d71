//! Whether the service could start: secrets and templates, before anything is opened. What is wrong is told at once.

use crate::letters::render::{RenderError, Templates};
use crate::settings::secret::SecretRef;
use crate::settings::valid::Mailbox;
use crate::settings::{Problem, Problems, Settings};
use crate::world::{credentials, key_files};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Rights of a group or of others in the mode of a file.
const RIGHTS_OF_OTHERS: u32 = 0o077;

/// Reads all secrets and forgets them, and writes every letter with the office's own templates.
///
/// # Errors
/// Every problem with its file and remedy.
pub fn check(settings: &Settings) -> Result<(), Problems> {
    Problems::none_or([of_secrets(&settings.secrets()), of_files(settings)].concat())
}

/// The same for a start. An account whose secret cannot be read tells so itself, again and again until it is mended; the
/// others begin without it, as long as there is a mailbox that can be opened.
///
/// # Errors
/// Every problem with its file and remedy, if the service must not begin.
pub fn check_start(settings: &Settings) -> Result<(), Problems> {
    let opens = |mailbox: &Mailbox| of_secrets(&mailbox.secrets()).is_empty();
    if of_files(settings).is_empty() && settings.mailboxes.iter().any(opens) {
        return Ok(());
    }
    check(settings)
}

fn of_secrets(secrets: &[&SecretRef]) -> Vec<Problem> {
    let credentials = credentials::folder();
    secrets.iter().filter_map(|secret| secret.read(credentials.as_deref()).err()).collect()
}

/// The key and the templates.
fn of_files(settings: &Settings) -> Vec<Problem> {
    let present = &settings.post.key_file;
    // A folder that cannot be listed is told when the keys are read.
    let former = key_files::former(present).unwrap_or_default();
    let mut problems: Vec<Problem> =
        former.iter().map(|(_, path)| path).chain([present]).filter_map(|path| key(path)).collect();
    // The built-in templates were tested with the program.
    if !settings.templates.is_empty() {
        let mistakes = Templates::check(&settings.templates, &settings.office);
        problems.extend(mistakes.iter().map(|mistake| of_template(&settings.templates_folder, mistake)));
    }
    problems
}

/// A key that signs our Message-IDs, or did; a missing one is made for a new ledger.
fn key(path: &Path) -> Option<Problem> {
    let mode = fs::metadata(path).ok()?.mode();
    let shown = path.display().to_string();
    let what = format!("others may read this key; run: chmod 600 {shown}");
    (mode & RIGHTS_OF_OTHERS != 0).then(|| Problem { file: shown, line: None, key: String::new(), what })
}

fn of_template(folder: &Path, mistake: &RenderError) -> Problem {
    let (name, line, what) = match mistake {
        RenderError::Template { name, line, what } => (name.as_str(), *line, what.clone()),
        RenderError::Missing { .. } | RenderError::TooMany { .. } => ("", None, mistake.to_string()),
    };
    let what = format!("{what}; correct the template, or remove it and the built-in one is used");
    Problem { file: folder.join(name).display().to_string(), line, key: String::new(), what }
}
