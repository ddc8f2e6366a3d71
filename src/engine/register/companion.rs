//! The companion of a register that cannot be written: a workbook beside it that shows the appeals that wait. It goes when
//! they stand in the register.
//!
//! It is for reading only. If somebody wrote into it all the same it is left as it is; it is never written or removed while
//! somebody has it open. That it could not be made harms nothing: the appeals are in the ledger.

use super::waiting::{Waiting, Why};
use crate::desk::companion;
use crate::domain::digest::Digest;
use crate::domain::kyiv::kyiv_day;
use crate::domain::register::Row;
use crate::engine::service::Service;
use crate::ledger::replica::Replica;
use crate::workbook::create::create_plain;
use crate::world::error::FileError;
use crate::world::file::{self, Fingerprint};
use crate::world::office_lock::{self, Use};
use chrono::{DateTime, Utc};
use std::io::Cursor;
use std::path::Path;

/// Largest companion that is read.
const MAX_BYTES: u64 = 40 * 1024 * 1024;

/// Makes the companion show what waits, or go if nothing does.
pub(super) fn show(
    service: &Service,
    replica: &mut Replica,
    (path, waiting): (&Path, Option<&Waiting>),
    now: DateTime<Utc>,
) {
    let waiting = waiting.filter(|waiting| {
        !waiting.rows.is_empty()
            && !matches!(waiting.why, Why::File(_))
            && service.registers.of(&replica.id, |known| known.marked)
    });
    let [open, broken] = companion::file_names(replica.year, kyiv_day(now)).map(|name| path.with_file_name(name));
    let wanted = waiting.map(|waiting| (waiting, if waiting.why == Why::Held { &open } else { &broken }));
    let unwanted = [&open, &broken].into_iter().filter(|path| wanted.is_none_or(|(_, wanted)| wanted != *path));
    let mut shown = Ok(());
    if !replica.companion.is_empty() {
        shown = unwanted.into_iter().try_for_each(|path| remove(service, replica, path));
    }
    if let (Some((waiting, path)), Ok(())) = (wanted, &shown) {
        shown = write(service, replica, path, waiting, now);
    }
    if let Err(error) = shown {
        tracing::warn!(year = replica.year, %error, "the companion of the register could not be kept");
    }
}

fn write(
    service: &Service,
    replica: &mut Replica,
    path: &Path,
    waiting: &Waiting,
    now: DateTime<Utc>,
) -> Result<(), FileError> {
    let rows = waiting.rows.iter().map(Row::encode).collect::<Vec<_>>().join("\n");
    let wanted = Digest::of(format!("{}\n{rows}", waiting.why.code()).as_bytes());
    if service.registers.of(&replica.id, |known| known.companion == Some(wanted)) {
        return Ok(());
    }
    let present = Fingerprint::of(path)?;
    if present.is_some() && !is_ours_and_free(replica, path)? {
        return Ok(());
    }
    let mut bytes = Cursor::new(Vec::new());
    let table = companion::table(&waiting.rows, &waiting.text);
    if let Err(error) = create_plain(&table, now, &mut bytes) {
        tracing::warn!(%error, "the companion of the register could not be made");
        return Ok(());
    }
    let bytes = bytes.into_inner();
    match present {
        Some(present) => drop(file::replace(path, Some(&present), &bytes)?),
        None => file::create_new(path, &bytes, 0o440)?,
    }
    replica.companion = Digest::of(&bytes).to_string();
    service.registers.of(&replica.id, |known| known.companion = Some(wanted));
    Ok(())
}

fn remove(service: &Service, replica: &mut Replica, path: &Path) -> Result<(), FileError> {
    if Fingerprint::of(path)?.is_some() && is_ours_and_free(replica, path)? {
        file::remove(path)?;
        replica.companion = String::new();
        service.registers.of(&replica.id, |known| known.companion = None);
    }
    Ok(())
}

/// Whether the companion is as we left it and nobody has it open. One that somebody changed is his from now on.
fn is_ours_and_free(replica: &mut Replica, path: &Path) -> Result<bool, FileError> {
    if let Use::Held(_) = office_lock::look(path)? {
        return Ok(false);
    }
    let ours = file::read(path, MAX_BYTES)?.digest().to_string() == replica.companion;
    if !ours && !replica.companion.is_empty() {
        tracing::warn!(path = %path.display(), "somebody changed the companion of the register; it is left there");
        replica.companion = String::new();
    }
    Ok(ours)
}
