//! What lies beside a register: other workbooks, which may be copies of it.

use super::error::{Attempt, FileError};
use super::file::Fingerprint;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Most workbooks that are looked at.
const MOST: usize = 40;

/// The other workbooks in the folder of a file, with what they are, in the order of their names.
pub fn other_workbooks(file: &Path) -> Result<Vec<(PathBuf, Fingerprint)>, FileError> {
    let Some(folder) = file.parent() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error).attempt("list", folder),
    };
    for entry in entries {
        let entry = entry.attempt("list", folder)?;
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().to_lowercase());
        let is_workbook = name.ends_with(".xlsx") && !name.starts_with("~$") && !name.starts_with('.');
        if is_workbook
            && path != file
            && let Ok(about) = entry.metadata()
            && about.is_file()
        {
            found.push((path, Fingerprint::from(&about)));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found.truncate(MOST);
    Ok(found)
}
