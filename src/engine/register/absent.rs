//! The register is not there: a new year, a share that is not mounted, or somebody moved it. Made anew only where it is
//! certain that there never was one.

use super::{Fault, Synchronised, Why, make, twins};
use crate::domain::kyiv::kyiv_day;
use crate::engine::service::Service;
use crate::ledger::LedgerError;
use crate::ledger::replica::Replica;
use crate::world::file;
use crate::world::marker;
use chrono::{DateTime, Datelike, Utc};
use std::path::Path;

/// What becomes of a register whose file is not there.
pub(super) fn absent(
    service: &Service,
    replica: &mut Replica,
    path: &Path,
    revision: i64,
    now: DateTime<Utc>,
) -> Result<Synchronised, Fault> {
    let Some(folder) = path.parent() else { return make::make(service, replica, path, revision, now) };
    let was_made = replica.written_rev >= 0;
    let is_past = replica.year < kyiv_day(now).year();
    if was_made && is_past && !service.ledger.with(|ledger| ledger.has_open_appeals(replica.year))? {
        // All is closed and shown: the office may put the file where it keeps old ones.
        return Ok(Synchronised::Unchanged);
    }
    match marker::read(folder)? {
        Some(owner) if owner != service.ledger_id => Err(Fault::refused(
            Why::Foreign,
            format!(
                "тека «{}» належить іншій обліковій базі (файл {}); вкажіть у налаштуваннях іншу теку для реєстру",
                folder.display(),
                marker::NAME
            ),
        )),
        None if was_made || others_were_made(service, folder)? => Err(Fault::refused(
            Why::Gone,
            format!(
                "тека «{}» не та, у якій лежав реєстр: немає файлу {}. Імовірно, мережевий диск не під'єднано; \
                 під'єднайте його",
                folder.display(),
                marker::NAME
            ),
        )),
        Some(_) if was_made => {
            service.registers.of(&replica.id, |known| known.marked = true);
            Err(gone(service, replica, path))
        }
        Some(_) => make::make(service, replica, path, revision, now),
        None => {
            file::make_folder(folder)?;
            marker::write(folder, &service.ledger_id)?;
            make::make(service, replica, path, revision, now)
        }
    }
}

/// The folder is the right one and the file is gone: perhaps it was renamed.
fn gone(service: &Service, replica: &Replica, path: &Path) -> Fault {
    let name = twins::name(path);
    let found: Vec<String> = twins::twins(service, replica, path).iter().map(|twin| twins::name(twin)).collect();
    let remedy = if found.is_empty() {
        "поверніть його (підійде й резервна копія: новіші рядки буде додано)".to_owned()
    } else {
        format!("його знайдено під назвою «{}»; поверніть файлу попередню назву", found.join("», «"))
    };
    Fault::refused(Why::Gone, format!("реєстру «{name}» немає на місці; {remedy}"))
}

/// Whether no register was ever made.
pub(super) fn none_was_made(service: &Service) -> Result<bool, LedgerError> {
    let replicas = service.ledger.with(|ledger| ledger.replicas())?;
    Ok(replicas.iter().all(|replica| replica.written_rev < 0))
}

/// Whether a register of another year was made in this folder before.
fn others_were_made(service: &Service, folder: &Path) -> Result<bool, Fault> {
    let replicas = service.ledger.with(|ledger| ledger.replicas())?;
    Ok(replicas.iter().any(|replica| replica.written_rev >= 0 && Path::new(&replica.path).parent() == Some(folder)))
}
