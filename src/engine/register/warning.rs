//! A text beside the register that tells the operators what they must repair; it goes when it is repaired.

use super::twins;
use super::waiting::{Waiting, Why};
use crate::engine::service::Service;
use crate::ledger::replica::Replica;
use crate::world::error::FileError;
use crate::world::file::{self, Fingerprint};
use std::path::{Path, PathBuf};

/// Largest text that is read.
const MAX_BYTES: u64 = 100_000;
/// The first line: by it the text is known as ours.
const HEAD: &str = "УВАГА. Повідомлення системи обліку звернень про реєстр";

/// Makes the text say what is to be repaired, or go if there is nothing.
pub(super) fn show(
    service: &Service,
    replica: &Replica,
    (path, waiting): (&Path, Option<&Waiting>),
    copies: &[PathBuf],
) {
    if !service.registers.of(&replica.id, |known| known.marked) {
        return;
    }
    let broken = waiting.filter(|waiting| !matches!(waiting.why, Why::Held | Why::File(_)));
    let mut remarks: Vec<String> = broken.map(|waiting| waiting.text.clone()).into_iter().collect();
    remarks.extend(twins::remark(path, copies));
    let place = path.with_file_name(format!("Увага, реєстр {}.txt", replica.year));
    if let Err(error) = write(&place, text(&twins::name(path), &remarks).as_deref()) {
        tracing::warn!(%error, "the warning beside the register could not be kept");
    }
}

/// For Windows' Notepad: a byte order mark and its line ends.
fn text(register: &str, remarks: &[String]) -> Option<String> {
    if remarks.is_empty() {
        return None;
    }
    let mut lines = vec![format!("{HEAD} «{register}».")];
    lines.extend(remarks.iter().map(|remark| format!("— {}.", remark.trim_end_matches('.'))));
    lines.push("Звернення реєструються й надалі, жодних даних не втрачено. Цей файл зникне сам.".to_owned());
    Some(format!("\u{feff}{}\r\n", lines.join("\r\n\r\n")))
}

fn write(place: &Path, text: Option<&str>) -> Result<(), FileError> {
    let Some(present) = Fingerprint::of(place)? else {
        return text.map_or(Ok(()), |text| file::create_new(place, text.as_bytes(), 0o660));
    };
    let shown = file::read(place, MAX_BYTES)?;
    let shown = String::from_utf8_lossy(&shown.bytes);
    match text {
        Some(text) if shown == text => Ok(()),
        _ if !shown.trim_start_matches('\u{feff}').starts_with(HEAD) => Ok(()),
        Some(text) => file::replace(place, Some(&present), text.as_bytes()).map(|_| ()),
        None => file::remove(place),
    }
}
