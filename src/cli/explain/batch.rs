//! A CSV file answered row by row: its own columns as they are, the answers as further columns.
//!
//! Tolerates a byte order mark, CRLF, columns in any order and rows that are too short. A row that cannot be understood
//! gets empty answers and a line on standard error; only a file that cannot be used at all is a failure.

use anyhow::{Context, bail, ensure};
use csv::StringRecord;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 256 * 1024 * 1024;

/// Excel needs this to see that the file is UTF-8.
const MARK: char = '\u{feff}';

/// The two files of a batch.
pub(super) struct Files<'a> {
    /// The questions.
    pub(super) from: &'a Path,
    /// The questions and answers.
    pub(super) to: &'a Path,
}

/// One question.
pub(super) struct Row<'a> {
    headers: &'a [String],
    cells: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// The trimmed cell of this column; empty if the row or the file has none.
    pub(super) fn get(&self, column: &str) -> &'a str {
        let place = self.headers.iter().position(|header| header == column);
        place.and_then(|place| self.cells.get(place)).unwrap_or_default().trim()
    }
}

/// Answers each row.
///
/// `needed` are columns without which the file makes no sense; `added` are those that `answer` gives, in order.
pub(super) fn run(
    files: &Files<'_>,
    needed: &[&str],
    added: &[&str],
    answer: impl Fn(&Row<'_>) -> Result<Vec<String>, String>,
) -> anyhow::Result<()> {
    let text = read(files.from)?;
    let plain = text.strip_prefix(MARK).unwrap_or(&text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(plain.as_bytes());
    let written = reader.headers().with_context(|| format!("reading {}", files.from.display()))?.clone();
    let headers: Vec<String> = written.iter().map(|header| header.trim().to_lowercase()).collect();
    for column in needed {
        if !headers.iter().any(|header| header == column) {
            bail!("{} has no column \"{column}\"; its first line must name the columns", files.from.display());
        }
    }
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(written.iter().chain(added.iter().copied())).context("writing CSV")?;
    for (index, record) in reader.records().enumerate() {
        let cells = record.with_context(|| format!("reading {}", files.from.display()))?;
        let answers = if cells.len() > headers.len() {
            Err(format!("has {} cells for {} columns; is a comma not in quotes?", cells.len(), headers.len()))
        } else {
            answer(&Row { headers: &headers, cells: &cells })
        };
        let answers = answers.unwrap_or_else(|why| {
            // The first line of the file holds the headers. A closed pipe must not stop the rest.
            let _ = writeln!(std::io::stderr(), "{}: row {}: {why}", files.from.display(), index.saturating_add(2));
            vec![String::new(); added.len()]
        });
        let own = (0..headers.len()).map(|place| cells.get(place).unwrap_or_default());
        out.write_record(own.chain(answers.iter().map(String::as_str))).context("writing CSV")?;
    }
    let mut whole = if plain.len() < text.len() { MARK.to_string().into_bytes() } else { Vec::new() };
    whole.extend(out.into_inner().context("writing CSV")?);
    fs::write(files.to, whole).with_context(|| format!("writing {}", files.to.display()))
}

fn read(path: &Path) -> anyhow::Result<String> {
    let told = || format!("reading {}", path.display());
    let size = fs::metadata(path).with_context(told)?.len();
    ensure!(size <= MAX_FILE_BYTES, "{} is larger than {MAX_FILE_BYTES} bytes", path.display());
    String::from_utf8(fs::read(path).with_context(told)?)
        .with_context(|| format!("{} is not UTF-8; save it as \"CSV UTF-8\"", path.display()))
}
