//! `zvernennia read`: reads letters from files and tells what a clerk would understand of them, as JSON.
//!
//! Works without a ledger: nothing is registered, nothing is sent. Copies are recognised among the files given, in the
//! order given. The keys are those of `samples/appeals/README.md`.

use crate::cli::{ConfigArgs, shipped};
use crate::domain::reading::{Class, Kind, Missing, Reading};
use crate::engine::parse_pdf::decode;
use crate::reading::Reader;
use crate::reading::repeat::same_letter;
use crate::settings::load;
use anyhow::Context;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Arguments of `read`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  zvernennia read letter.eml\n  zvernennia read --out understood letters/*.eml")]
pub struct ReadArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The folder that gets `<stem>.json` for each letter; else one line of JSON each on the standard output.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The letters (.eml).
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Reads letters with the departments and addresses of the configuration, or of the shipped one where there is none.
///
/// # Errors
/// A wrong configuration, or a file that cannot be read or written.
pub fn run(args: &ReadArgs) -> anyhow::Result<()> {
    let config = args.config.file();
    let settings = if args.config.config.is_some() || config.exists() { load(&config)? } else { shipped()? };
    let program = std::env::current_exe().context("finding this program")?;
    read_files(&Reader::new(&settings.office), &program, &args.files, args.out.as_deref()).map(|_| ())
}

/// One letter as the samples describe it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    class: Class,
    class_reason: String,
    duplicate_of: Option<String>,
    surname: Option<String>,
    name: Option<String>,
    patronymic: Option<String>,
    representative_of: Option<String>,
    collective: bool,
    phones: Vec<String>,
    email: Option<String>,
    registered_address: Option<String>,
    temporary_address: Option<String>,
    category: Option<String>,
    essence: Option<String>,
    kind: Option<Kind>,
    department: Option<String>,
    departments: Vec<String>,
    complained_of: Vec<String>,
    missing: Vec<Missing>,
    resonant: bool,
    alarm: Option<String>,
    refers_to: Option<String>,
    no_reply: Option<String>,
    needs_ocr: bool,
    remarks: Vec<String>,
}

/// Reads files in order; with `out` writes `<stem>.json` for each into that folder, else one JSON object a line to the
/// standard output. `program` is this program, started for each PDF. Returns the answers by the files' stems.
pub fn read_files(
    reader: &Reader,
    program: &Path,
    files: &[PathBuf],
    out: Option<&Path>,
) -> anyhow::Result<Vec<(String, Answer)>> {
    if let Some(folder) = out {
        fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    }
    let mut earlier = Earlier::default();
    let mut answers = Vec::with_capacity(files.len());
    for file in files {
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let reading = reader.read(&decode(program, &bytes(file)?));
        let copy_of = earlier.original(&reading);
        let answer = answer(&reading, copy_of);
        earlier.push(&stem, reading);
        match out {
            Some(folder) => {
                let path = folder.join(format!("{stem}.json"));
                let json = serde_json::to_string_pretty(&answer).context("writing JSON")?;
                fs::write(&path, json).with_context(|| format!("writing {}", path.display()))?;
            }
            None => {
                let json = serde_json::to_string(&answer).context("writing JSON")?;
                writeln!(std::io::stdout().lock(), "{json}").context("writing to the standard output")?;
            }
        }
        answers.push((stem, answer));
    }
    Ok(answers)
}

fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    let size = fs::metadata(file).with_context(|| format!("looking at {}", file.display()))?.len();
    anyhow::ensure!(size <= MAX_FILE_BYTES, "{} is larger than {MAX_FILE_BYTES} bytes", file.display());
    fs::read(file).with_context(|| format!("reading {}", file.display()))
}

/// The letters read so far, found by what a copy has in common with them.
#[derive(Default)]
struct Earlier {
    letters: Vec<(String, Reading)>,
    by_key: BTreeMap<String, BTreeSet<usize>>,
}

impl Earlier {
    fn keys(reading: &Reading) -> impl Iterator<Item = String> {
        let surname = reading.surname.as_ref().map(|found| format!("surname {}", found.value.to_lowercase()));
        let email = reading.email.as_ref().map(|email| format!("email {email}"));
        let digest = reading.text_digest.as_ref().map(|digest| format!("digest {digest}"));
        [surname, email, digest].into_iter().flatten()
    }

    fn original(&self, reading: &Reading) -> Option<String> {
        let near: BTreeSet<usize> =
            Self::keys(reading).filter_map(|key| self.by_key.get(&key)).flatten().copied().collect();
        let same =
            near.into_iter().filter_map(|index| self.letters.get(index)).find(|(_, one)| same_letter(one, reading));
        same.map(|(stem, _)| stem.clone())
    }

    fn push(&mut self, stem: &str, reading: Reading) {
        let index = self.letters.len();
        for key in Self::keys(&reading) {
            self.by_key.entry(key).or_default().insert(index);
        }
        self.letters.push((stem.to_owned(), reading));
    }
}

fn answer(reading: &Reading, duplicate_of: Option<String>) -> Answer {
    let value = |found: &Option<crate::domain::reading::Found<String>>| found.as_ref().map(|found| found.value.clone());
    Answer {
        class: reading.class,
        class_reason: reading.class_reason.clone(),
        duplicate_of,
        surname: value(&reading.surname),
        name: value(&reading.name),
        patronymic: value(&reading.patronymic),
        representative_of: value(&reading.representative_of),
        collective: reading.collective,
        phones: reading.phones.iter().map(|found| found.value.clone()).collect(),
        email: reading.email.clone(),
        registered_address: value(&reading.registered_address),
        temporary_address: value(&reading.temporary_address),
        category: value(&reading.category),
        essence: reading.essence.clone(),
        kind: reading.kind.as_ref().map(|found| found.value),
        department: reading.departments.first().map(|best| best.code.clone()),
        departments: reading.departments.iter().map(|one| format!("{} {:.1}", one.code, one.score)).collect(),
        complained_of: reading.complained_of.clone(),
        missing: reading.missing.clone(),
        resonant: reading.alarm.is_some(),
        alarm: reading.alarm.as_ref().map(|found| found.quote.clone()),
        refers_to: reading.refers_to.clone(),
        no_reply: reading.no_reply.clone(),
        needs_ocr: reading.needs_ocr,
        remarks: reading.remarks.iter().map(|remark| remark.text.clone()).collect(),
    }
}
