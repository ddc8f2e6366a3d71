//! The key that signs our Message-IDs, and the keys that did so before it: `message-id.key`, `message-id.key.1`, …
//! (the highest number is the youngest). All verify; an old one may be removed once nobody answers its letters any more.

use super::error::{Attempt, FileError};
use super::file::{self, sync_folder_of};
use std::fs;
use std::path::{Path, PathBuf};

/// Largest file of a key.
const LARGEST_KEY_BYTES: u64 = 4096;

/// The keys, the one that signs first.
///
/// # Errors
/// A key that cannot be read, the first one missing.
pub fn read(key: &Path) -> Result<Vec<Vec<u8>>, FileError> {
    let mut keys = vec![file::read(key, LARGEST_KEY_BYTES)?.bytes];
    for (_, path) in former(key)?.iter().rev() {
        keys.push(file::read(path, LARGEST_KEY_BYTES)?.bytes);
    }
    Ok(keys)
}

/// The former keys by number, the oldest first.
///
/// # Errors
/// If the folder cannot be listed.
pub fn former(key: &Path) -> Result<Vec<(u32, PathBuf)>, FileError> {
    let (Some(folder), Some(name)) = (key.parent(), key.file_name()) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for item in fs::read_dir(folder).attempt("list", folder)? {
        let path = item.attempt("list", folder)?.path();
        let number = path
            .file_name()
            .and_then(|other| other.to_str()?.strip_prefix(name.to_str()?)?.strip_prefix('.')?.parse().ok());
        found.extend(number.map(|number| (number, path)));
    }
    found.sort();
    Ok(found)
}

/// A fresh key signs from now on; the present one joins the former ones, under the name that is returned. Killed in
/// between, the present one is there twice, and nothing is lost.
///
/// # Errors
/// If a file cannot be read or written.
pub fn change(key: &Path, fresh: &[u8]) -> Result<PathBuf, FileError> {
    let number = former(key)?.last().map_or(1, |(number, _)| number.saturating_add(1));
    let present = file::read(key, LARGEST_KEY_BYTES)?;
    let kept = key.with_file_name(format!("{}.{number}", key.file_name().unwrap_or_default().display()));
    file::create_new(&kept, &present.bytes, 0o600)?;
    file::replace(key, Some(&present.fingerprint), fresh)?;
    sync_folder_of(key)?;
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_fresh_key_comes_first_and_the_former_ones_follow_from_the_youngest() {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("message-id.key");
        assert!(read(&key).is_err());
        file::create_new(&key, b"first", 0o600).unwrap();
        std::fs::write(folder.path().join("message-id.key.bak"), b"foreign").unwrap();
        for n in 1..=11 {
            let kept = change(&key, format!("fresh {n}").as_bytes()).unwrap();
            assert_eq!(kept, folder.path().join(format!("message-id.key.{n}")));
        }
        let keys = read(&key).unwrap();
        assert_eq!(
            (keys.len(), &keys[0], &keys[1], &keys[11]),
            (12, &b"fresh 11".to_vec(), &b"fresh 10".to_vec(), &b"first".to_vec())
        );
        for path in std::iter::once(key.clone()).chain(former(&key).unwrap().into_iter().map(|(_, path)| path)) {
            assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
