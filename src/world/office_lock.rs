//! Is somebody working in this workbook, who, and since when; and replacing it only in a moment when nobody is.
//!
//! Signs: Excel's owner file `~$NAME.xlsx`, LibreOffice's `.~lock.NAME#`, and on the server itself a file lease, which
//! is the only certain one (`lease`). Owner files of a program that died are "left behind": told, never deleted.
//! Where there can be no lease (a CIFS or NFS mount, a file of another owner) the owner files decide.
//! Deliberately absent: `flock` and `F_GETLK`, which show nothing of what Excel and smbd do.
//! Names of people are shown to operators only; `Debug` hides them.

use super::error::{Attempt, FileError, Trouble};
use super::file::{self, Fingerprint, Replaced, Staged};
use super::lease::{Against, Lease, NoLease};
use super::samba;
use chrono::{DateTime, Utc};
use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Longest owner file that is looked at, in bytes (Excel's has 165).
const MAX_OWNER_FILE: u64 = 2_000;
/// Longest name of a person that is taken over, in characters.
const MAX_NAME: usize = 60;

/// How we know that a workbook is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Excel's owner file.
    Excel,
    /// LibreOffice's lock file.
    LibreOffice,
    /// smbd tells it.
    Samba,
    /// A program has it open for writing; nothing says which.
    OpenFile,
}

/// Somebody works in the workbook.
#[derive(Clone, PartialEq, Eq)]
pub struct Held {
    /// Who, as the program says it; empty if unknown.
    pub by: String,
    /// Since when, if known.
    pub since: Option<DateTime<Utc>>,
    /// How we know.
    pub how: How,
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("since", &self.since).field("how", &self.how).finish_non_exhaustive()
    }
}

/// Whether a workbook may be written now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// Nobody works in it. An owner file may have been left behind by a program that died.
    Free {
        /// Whose it was.
        left_behind: Option<Held>,
    },
    /// Not now.
    Held(Held),
}

/// What became of an attempt to replace a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placed {
    /// It is replaced.
    Replaced(Replaced),
    /// Somebody works in it, or opened it this very moment: nothing is changed, try again later.
    Held(Held),
}

/// Who, if anybody, works in this workbook now.
pub fn look(path: &Path) -> Result<Use, FileError> {
    let owner = owner(path);
    let file = match File::open(path) {
        Ok(file) => file,
        // Excel's save removes the file for a moment; then only the owner file speaks.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(owner.map_or(Use::Free { left_behind: None }, Use::Held));
        }
        Err(error) => return Err(FileError::io("open", path, error)),
    };
    Ok(match Lease::take(&file, Against::Writers) {
        Ok(_lease) => Use::Free { left_behind: owner },
        Err(NoLease::Open) => Use::Held(holder(path, owner)),
        Err(NoLease::Unknown) => owner.map_or(Use::Free { left_behind: None }, Use::Held),
    })
}

/// Replaces a workbook that nobody works in and that still has the fingerprint `expected`.
///
/// On the server no window is left between the test and the rename: the lease makes everybody who opens the file
/// meanwhile wait, and if somebody did, the old file, which he is about to get, is put back under its name.
pub fn replace(path: &Path, expected: &Fingerprint, bytes: &[u8]) -> Result<Placed, FileError> {
    let staged = Staged::prepare(path, bytes)?;
    let file = File::open(path).attempt("open", path)?;
    // Readers do no harm and may be there for long (a backup, a preview), so then guard against writers alone.
    let lease = match Lease::take(&file, Against::Everyone) {
        Err(NoLease::Open) => Lease::take(&file, Against::Writers),
        other => other,
    };
    match lease {
        Ok(lease) => replace_under(&lease, staged, expected),
        Err(NoLease::Open) => Ok(Placed::Held(holder(path, owner(path)))),
        Err(NoLease::Unknown) => match owner(path) {
            Some(held) => Ok(Placed::Held(held)),
            None => staged.commit(Some(expected)).map(Placed::Replaced),
        },
    }
}

fn replace_under(lease: &Lease<'_>, staged: Staged, expected: &Fingerprint) -> Result<Placed, FileError> {
    let (temp, target) = staged.paths();
    let (temp, target) = (temp.to_owned(), target.to_owned());
    let old = file::beside(&target, ".zv.old");
    file::remove_if_there(&old)?;
    staged.check(expected)?;
    fs::hard_link(&target, &old).attempt("keep the old file of", &target)?;
    // The link must name the file that the lease is on; a save by rename between open and link would be another one.
    if Fingerprint::of(&old)?.as_ref() != Some(expected) {
        file::remove_if_there(&old)?;
        return Err(FileError::found("replace", &target, Trouble::Changed));
    }
    let renamed = fs::rename(&temp, &target).attempt("replace", &target);
    if renamed.is_ok() && !lease.undisturbed() {
        fs::rename(&old, &target).attempt("put back", &target)?;
        file::sync_folder_of(&target)?;
        return Ok(Placed::Held(holder(&target, owner(&target))));
    }
    file::remove_if_there(&old)?;
    renamed?;
    staged.finish().map(Placed::Replaced)
}

/// The best that can be said about a holder: the owner file, else smbd, else only that there is one.
fn holder(path: &Path, owner: Option<Held>) -> Held {
    owner
        .or_else(|| samba::who(path).map(|(by, since)| Held { by: clean(&by), since, how: How::Samba }))
        .unwrap_or(Held { by: String::new(), since: None, how: How::OpenFile })
}

/// What the owner file of Excel or of LibreOffice beside a workbook says.
fn owner(path: &Path) -> Option<Held> {
    let beside = |start: &str, end: &str| {
        let mut name = OsString::from(start);
        name.push(path.file_name().unwrap_or_default());
        name.push(end);
        path.with_file_name(name)
    };
    let excel = read_owner_file(&beside("~$", "")).map(|(bytes, since)| Held {
        by: excel_name(&bytes),
        since: Some(since),
        how: How::Excel,
    });
    excel.or_else(|| {
        let (bytes, since) = read_owner_file(&beside(".~lock.", "#"))?;
        Some(Held { by: libreoffice_name(&bytes), since: Some(since), how: How::LibreOffice })
    })
}

/// An owner file that is there but may not be read (Excel denies it to others) still says that somebody is.
fn read_owner_file(path: &Path) -> Option<(Vec<u8>, DateTime<Utc>)> {
    let about = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    let since = DateTime::from(about.modified().ok()?);
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_OWNER_FILE).read_to_end(&mut bytes));
    if read.is_err() {
        bytes.clear();
    }
    Some((bytes, since))
}

/// Excel: byte 0 the length and 1.. the name in the code page of that machine, padded; 55..57 the length again and
/// 57.. the name in UTF-16LE. Only the second half keeps Cyrillic whatever the code page.
fn excel_name(bytes: &[u8]) -> String {
    let wide = || {
        let length = usize::from(u16::from_le_bytes(*bytes.get(55..57)?.first_chunk()?));
        let units = bytes.get(57..57 + length.min(MAX_NAME) * 2)?;
        let units = units.chunks_exact(2).map(|pair| pair.first_chunk().map_or(0, |pair| u16::from_le_bytes(*pair)));
        Some(char::decode_utf16(units).map(|unit| unit.unwrap_or(' ')).collect::<String>())
    };
    let narrow = || {
        let length = usize::from(*bytes.first()?);
        let (name, _, _) = encoding_rs::WINDOWS_1251.decode(bytes.get(1..=length.min(54))?);
        Some(name.into_owned())
    };
    clean(&wide().filter(|name| !name.trim().is_empty()).or_else(narrow).unwrap_or_default())
}

/// LibreOffice: `user name,system user,host,time,profile;` in UTF-8, with `\` before `,`, `;` and `\`.
fn libreoffice_name(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut fields = vec![String::new()];
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, fields.last_mut()) {
            (';', _) => break,
            (',', _) => fields.push(String::new()),
            ('\\', Some(field)) => field.extend(letters.next()),
            (_, Some(field)) => field.push(letter),
            (_, None) => {}
        }
    }
    let field = |at: usize| fields.get(at).map_or("", |field| field.trim());
    if !field(0).is_empty() {
        clean(field(0))
    } else if !field(2).is_empty() {
        clean(&format!("{} ({})", field(1), field(2)))
    } else {
        clean(field(1))
    }
}

/// Anybody may write into the folder: no control or direction characters, one line, not too long.
fn clean(name: &str) -> String {
    let direction = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    let shown = name.chars().filter(|c| !c.is_control() && !direction(*c) && *c != '\u{feff}');
    shown.take(MAX_NAME).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests;
