//! Whether the service could start: secrets and templates, before anything is opened. Everything wrong is told at once.

use crate::letters::render::{RenderError, Templates};
use crate::settings::{Problem, Problems, Settings, secret};
use crate::world::credentials;
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
    let mut problems = match secret::check_all(settings.secrets(), credentials::folder().as_deref()) {
        Ok(()) => Vec::new(),
        Err(problems) => problems.list().to_vec(),
    };
    problems.extend(key(&settings.post.key_file));
    // The built-in templates were tested with the program.
    if !settings.templates.is_empty() {
        let mistakes = Templates::check(&settings.templates, &settings.office);
        problems.extend(mistakes.iter().map(|mistake| of_template(&settings.templates_folder, mistake)));
    }
    Problems::none_or(problems)
}

/// The key that signs our Message-IDs; a missing one is made for a new ledger.
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
