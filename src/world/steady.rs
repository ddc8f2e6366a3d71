//! Has a changed workbook come to rest, so that it may be read? Copies arrive in pieces (Explorer, rsync --inplace),
//! and a half-written register must look like "not now", never like "rows are missing".
//!
//! Steady means: size, inode and times have not moved for the quiet time. `is_whole` is the cheap second look: the
//! end of the zip is there. The checksums of the parts are `workbook`'s business.

use super::error::{Attempt, FileError};
use super::file::Fingerprint;
use chrono::{DateTime, TimeDelta, Utc};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// Size of the record at the end of a zip without its comment, in bytes (APPNOTE 4.3.16).
const END_RECORD: usize = 22;
/// Longest comment of a zip, in bytes.
const MAX_COMMENT: usize = 65_535;

/// Watches one file come to rest.
#[derive(Debug)]
pub struct Steady {
    quiet: Duration,
    seen: Option<(Fingerprint, Instant)>,
}

/// What a glance at the file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glance {
    /// At rest: this is what it is.
    AtRest(Fingerprint),
    /// Still moving, or not yet seen at rest for long enough: look again after this time.
    Moving(Duration),
    /// Not there at the moment (Excel's save removes it for an instant).
    Absent,
}

impl Steady {
    /// Watches a file that must not have moved for `quiet`.
    pub fn new(quiet: Duration) -> Self {
        Self { quiet, seen: None }
    }

    /// Looks at the file. `now` and `instant` are the same moment on the clock of the day and on the steady clock.
    pub fn glance(&mut self, path: &Path, now: DateTime<Utc>, instant: Instant) -> Result<Glance, FileError> {
        let about = match fs::metadata(path) {
            Ok(about) => about,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.seen = None;
                return Ok(Glance::Absent);
            }
            Err(error) => return Err(error).attempt("look at", path),
        };
        let fingerprint = Fingerprint::from(&about);
        // The time of the last change of the inode cannot be set by a program, unlike that of the content, which
        // a copying program may set to last week's before it is finished.
        let changed = DateTime::from_timestamp(about.ctime(), u32::try_from(about.ctime_nsec()).unwrap_or(0));
        let quiet = TimeDelta::from_std(self.quiet).unwrap_or(TimeDelta::MAX);
        if changed.is_some_and(|changed| now.signed_duration_since(changed) >= quiet) {
            return Ok(Glance::AtRest(fingerprint));
        }
        // The clock of the day may have been set back, or be another one on a share: then our own watching decides.
        let since = match self.seen {
            Some((seen, since)) if seen == fingerprint => since,
            Some(_) | None => {
                self.seen = Some((fingerprint, instant));
                instant
            }
        };
        let waited = instant.saturating_duration_since(since);
        match self.quiet.checked_sub(waited).filter(|rest| !rest.is_zero()) {
            Some(rest) => Ok(Glance::Moving(rest)),
            None => Ok(Glance::AtRest(fingerprint)),
        }
    }
}

/// Whether bytes begin as a zip and end with its end record, whose central directory lies where it says.
pub fn is_whole(bytes: &[u8]) -> bool {
    let window = bytes.len().saturating_sub(END_RECORD + MAX_COMMENT);
    let tail = bytes.get(window..).unwrap_or_default();
    let Some(at) = memchr::memmem::rfind(tail, b"PK\x05\x06") else { return false };
    let field = |from: usize| {
        let four: Option<&[u8; 4]> = tail.get(at + from..)?.first_chunk();
        four.map(|four| u64::from(u32::from_le_bytes(*four)))
    };
    let comment =
        tail.get(at + 20..).and_then(|rest| rest.first_chunk()).map(|two| usize::from(u16::from_le_bytes(*two)));
    let ends = comment.is_some_and(|comment| at + END_RECORD + comment == tail.len());
    let joined = field(12).zip(field(16)).is_some_and(|(size, start)| {
        u64::try_from(window + at) == Ok(size + start)
            && usize::try_from(start)
                .is_ok_and(|start| bytes.get(start..).is_some_and(|directory| directory.starts_with(b"PK\x01\x02")))
    });
    bytes.starts_with(b"PK\x03\x04") && ends && joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const QUIET: Duration = Duration::from_secs(2);

    fn zip() -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&[b'x'; 500]).unwrap();
        zip.set_comment("a comment").unwrap();
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn every_cut_of_a_workbook_is_seen_as_not_whole() {
        let whole = zip();
        assert!(is_whole(&whole));
        for end in 0..whole.len() {
            assert!(!is_whole(&whole[..end]), "cut at {end}");
        }
        assert!(!is_whole(&[&whole[..], b"\0"].concat()));
    }

    #[test]
    fn a_file_nobody_touched_for_the_quiet_time_is_at_rest_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("r.xlsx");
        std::fs::write(&path, b"x").unwrap();
        let mut steady = Steady::new(QUIET);
        let later = super::super::clock::now() + TimeDelta::seconds(3);
        assert!(matches!(steady.glance(&path, later, Instant::now()).unwrap(), Glance::AtRest(_)));
    }

    #[test]
    fn a_file_that_grows_is_moving_and_rests_only_after_the_quiet_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("r.xlsx");
        let mut steady = Steady::new(QUIET);
        // A clock of the day that lags behind the file's: only our own watching counts.
        let now = DateTime::from_timestamp(0, 0).unwrap();
        let start = Instant::now();
        let mut glance = |seconds| steady.glance(&path, now, start + Duration::from_secs(seconds)).unwrap();
        assert_eq!(glance(0), Glance::Absent);
        std::fs::write(&path, b"x").unwrap();
        assert_eq!(glance(1), Glance::Moving(QUIET));
        std::fs::write(&path, b"xx").unwrap();
        assert_eq!(glance(2), Glance::Moving(QUIET));
        assert_eq!(glance(3), Glance::Moving(Duration::from_secs(1)));
        assert!(matches!(glance(4), Glance::AtRest(_)));
    }
}
