//! Copies of a register in its folder: people may go on in the wrong one. They are named, never read for the merge.

use crate::engine::parse_workbook::owner_in_child;
use crate::engine::service::Service;
use crate::ledger::replica::Replica;
use crate::world::clock;
use crate::world::file::{self, Fingerprint};
use crate::world::folder;
use std::path::{Path, PathBuf};

/// Largest workbook that is looked into.
const MAX_BYTES: u64 = 40 * 1024 * 1024;
/// A folder or a file that changed within this time may still be changing, in nanoseconds.
const FRESH: i128 = 5_000_000_000;

/// The copies of a register that lie beside it; workbooks that cannot be read are nobody's copies.
pub(super) fn twins(service: &Service, replica: &Replica, path: &Path) -> Vec<PathBuf> {
    let now = clock::now().timestamp_nanos_opt().map_or(i128::MAX, i128::from);
    let folder = path.parent().and_then(|folder| Fingerprint::of(folder).ok().flatten());
    if let Some(twins) = service
        .registers
        .of(&replica.id, |known| (folder.is_some() && known.folder == folder).then(|| known.twins.clone()))
    {
        return twins;
    }
    let others = folder::other_workbooks(path).unwrap_or_default();
    let newest = others.iter().map(|(_, file)| file.mtime_ns).chain(folder.map(|folder| folder.mtime_ns)).max();
    let twins: Vec<PathBuf> = others
        .into_iter()
        .filter(|(other, fingerprint)| owner(service, replica, other, fingerprint).as_ref() == Some(&replica.id))
        .map(|(other, _)| other)
        .collect();
    service.registers.of(&replica.id, |known| {
        known.folder = folder.filter(|_| newest.is_some_and(|newest| now - newest > FRESH));
        known.twins.clone_from(&twins);
    });
    twins
}

/// Whose copy a workbook is.
fn owner(service: &Service, replica: &Replica, path: &Path, fingerprint: &Fingerprint) -> Option<String> {
    let known = service.registers.of(&replica.id, |known| known.owners.get(path).cloned());
    if let Some((_, owner)) = known.filter(|(seen, _)| seen == fingerprint) {
        return owner;
    }
    let found = file::read(path, MAX_BYTES).ok()?;
    let owner = owner_in_child(&service.program, &found.bytes).ok().flatten();
    service.registers.of(&replica.id, |known| known.owners.insert(path.to_owned(), (*fingerprint, owner.clone())));
    owner
}

/// The name of a file for people.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What operators are told about copies.
pub(super) fn remark(path: &Path, twins: &[PathBuf]) -> Option<String> {
    if twins.is_empty() {
        return None;
    }
    let names: Vec<String> = twins.iter().map(|twin| name(twin)).collect();
    Some(format!(
        "поруч із реєстром лежить його копія: «{}». Працюйте лише в «{}»: внесеного до копії система не бачить. Копію \
         перенесіть до іншої теки",
        names.join("», «"),
        name(path)
    ))
}
