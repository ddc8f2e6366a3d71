//! One pass over a register that exists: read it once, take over what people did, show what the ledger holds.
//!
//! While somebody has the file open nothing is written and rows that are being typed are left alone; cells that were
//! saved meanwhile are taken over all the same. The write is refused if the file changed since it was read.

use super::edits::{Lacks, beside, lacks, patched};
use super::settled::{Ledgered, Settled};
use super::waiting::{Waiting, Why};
use super::{Fault, Synchronised, agree, intend};
use crate::desk::calls::{self, CALLS_SHEET};
use crate::desk::conflict::{self, CONFLICTS_SHEET};
use crate::desk::typed_rows::{self, Hint};
use crate::desk::typical::{self, ANSWERS_SHEET, Typical};
use crate::desk::unregistered::{self, AskedAbout, UNREGISTERED_SHEET};
use crate::domain::field::Field;
use crate::domain::grid::{Sheet, Stamp};
use crate::domain::kyiv::to_kyiv;
use crate::domain::letter::Letter;
use crate::engine::desk;
use crate::engine::error::EngineError;
use crate::engine::parse_workbook::read_in_child;
use crate::engine::service::Service;
use crate::ledger::LedgerError;
use crate::ledger::replica::{Numbered, Replica};
use crate::ledger::takeover::{CellEdit, Outcome, TakeOver, Versions};
use crate::merge::cell::Verdict;
use crate::merge::identity::{Known, Place};
use crate::merge::take::{Edit, Taken, Understood, take, understand};
use crate::merge::unnumbered;
use crate::workbook::read::{Asked, Layout};
use crate::world::file::ReadFile;
use crate::world::office_lock::{self, Held, Placed};
use chrono::{DateTime, Datelike, Utc};
use std::collections::BTreeMap;
use std::path::Path;

/// Who edited when no lock file tells.
const SOMEBODY: &str = "оператор";
/// Most letters of a typed text that a hint repeats; the journal has all of it.
const MOST_QUOTED: usize = 200;

/// The file as it was read, next to the ledger at that moment.
pub(super) struct Read {
    /// The register sheet.
    pub(super) sheet: Sheet,
    /// The same, understood.
    pub(super) understood: Understood,
    /// The appeals of the year, without those whose rows are settled.
    pub(super) known: Vec<Known>,
    /// What people did.
    pub(super) taken: Taken,
    /// Rows that show just what the ledger has; they are not in the others.
    settled: Settled,
    /// Letters that an operator was asked about before it was read.
    asked_about: Vec<AskedAbout>,
    /// It is the register of this year, whose typical answers count; former ones keep what they had.
    pub(super) is_current: bool,
    /// Revision of the ledger when its rows were read.
    revision: i64,
}

/// Merges the register that was just read with the ledger.
pub(super) fn merge(
    service: &Service,
    replica: &mut Replica,
    (path, held): (&Path, Option<&Held>),
    found: &ReadFile,
    now: DateTime<Utc>,
) -> Result<Synchronised, Fault> {
    let mut read = read(service, replica, found, now)?;
    if let Some(why) = &read.taken.suspicion {
        return Err(Fault::refused(
            Why::Suspicious,
            format!("{why}; нічого не змінено. Поверніть на це місце попередню книгу: новіші рядки буде додано до неї",),
        ));
    }
    let hints = take_over(service, replica, &read, held, now)?;
    let (changed, revision) = service.ledger.with(|ledger| {
        Ok((ledger.rows_since(replica.year, read.revision)?, ledger.register_revision(replica.year)?))
    })?;
    unsettle(service, &mut read, &changed)?;
    let lacks = lacks(service, replica.year, &read, changed, &hints)?;
    let stamped = read.sheet.stamp.as_ref().is_some_and(|stamp| stamp.revision >= revision);
    if lacks.is_nothing() && stamped {
        // Nothing was taken and nothing is new: the file as it is agrees.
        replica.intended = found.digest().to_string();
        agree(replica, &found.fingerprint, revision);
        return Ok(Synchronised::Unchanged);
    }
    if let Some(held) = held {
        return Ok(Synchronised::Waits(Waiting::held(held, lacks.rows)));
    }
    let stamp = Stamp { replica: replica.id.clone(), revision };
    let bytes = patched(&lacks, &read.sheet.name, &stamp, &found.bytes)?;
    intend(service, replica, &bytes, revision)?;
    place(service, replica, (path, found, &bytes), lacks)
}

fn place(
    service: &Service,
    replica: &mut Replica,
    (path, found, bytes): (&Path, &ReadFile, &[u8]),
    lacks: Lacks,
) -> Result<Synchronised, Fault> {
    match office_lock::replace(path, &found.fingerprint, bytes)? {
        Placed::Replaced(replaced) => {
            let revision = replica.intended_rev;
            agree(replica, &replaced.fingerprint, revision);
            service.beat();
            Ok(Synchronised::Merged { cells: lacks.cells(), rows: lacks.rows.len() })
        }
        Placed::Held(held) => Ok(Synchronised::Waits(Waiting::held(&held, lacks.rows))),
    }
}

/// Reads the file and compares it with what it had shown.
fn read(service: &Service, replica: &Replica, found: &ReadFile, now: DateTime<Utc>) -> Result<Read, Fault> {
    let mut asked = vec![
        Asked { sheet: CONFLICTS_SHEET.to_owned(), headers: conflict::headers() },
        Asked { sheet: CALLS_SHEET.to_owned(), headers: calls::headers() },
        Asked { sheet: ANSWERS_SHEET.to_owned(), headers: typical::headers() },
    ];
    // Only where it may hold a word that counts: the sheet can be long.
    let asked_about = service.ledger.with(|ledger| ledger.asked_about(replica.year))?;
    if !asked_about.is_empty() {
        asked.push(Asked { sheet: UNREGISTERED_SHEET.to_owned(), headers: unregistered::headers() });
    }
    let layout = Layout::register(&service.settings.register.headers);
    let ledgered = Ledgered::of(service, replica.year)?;
    let sheet = read_in_child(&service.program, &found.bytes, &layout, &asked, &ledgered.told)?;
    let revision = ledgered.revision;
    let base = sheet.stamp.as_ref().map_or(replica.written_rev, |stamp| stamp.revision);
    match &sheet.stamp {
        Some(stamp) if stamp.replica != replica.id => {
            return Err(Fault::refused(
                Why::Foreign,
                format!(
                    "це інший реєстр (мітка {}); покладіть сюди реєстр за {} рік, а цей файл перенесіть",
                    stamp.replica, replica.year
                ),
            ));
        }
        Some(_) if base > revision => {
            return Err(Fault::refused(
                Why::Newer,
                format!(
                    "реєстр новіший за облікову базу (зміна {base} після {revision}): базу відновлено з резервної копії"
                ),
            ));
        }
        Some(_) | None => {}
    }
    let mut understood = understand(&sheet, layout.form);
    let settled = Settled::of(service, &ledgered, &sheet, &mut understood)?;
    let but_for = settled.appeals();
    let versions = service.ledger.with(|ledger| ledger.versions(replica.year, base, &but_for))?;
    let known: Vec<Known> = versions.into_iter().filter_map(as_known).collect();
    let taken = take(&understood, &known, sheet.stamp.is_some());
    let is_current = replica.year == to_kyiv(now).year();
    Ok(Read { sheet, understood, known, taken, settled, asked_about, is_current, revision })
}

/// Settled rows whose appeals changed meanwhile stand among the others from now on.
fn unsettle(service: &Service, read: &mut Read, changed: &[Numbered]) -> Result<(), LedgerError> {
    for numbered in changed {
        let Some((place, known)) = read.settled.take_back(service, numbered)? else { continue };
        let shown = known.base.as_ref().unwrap_or(&known.now).as_shown(read.understood.form);
        read.understood.positions.push(place);
        read.understood.rows.push(shown);
        read.taken.places.push(Place::Appeal(read.known.len()));
        read.known.push(known);
    }
    Ok(())
}

fn as_known(versions: Versions) -> Option<Known> {
    let now = versions.now()?.clone();
    Some(Known {
        appeal: versions.appeal,
        number: versions.number,
        now,
        base: versions.base,
        since: versions.since,
        adopted: versions.adopted,
    })
}

/// Takes over cells and complete rows; gives the hints of rows that have no number (by position in the sheet).
fn take_over(
    service: &Service,
    replica: &Replica,
    read: &Read,
    held: Option<&Held>,
    now: DateTime<Utc>,
) -> Result<BTreeMap<usize, Hint>, Fault> {
    let (sheet, known, taken) = (&read.understood, &read.known, &read.taken);
    let appeal = |index: usize| known.get(index).map(|known| known.appeal);
    let today = to_kyiv(now).format("%d.%m.%Y").to_string();
    let mut over = TakeOver {
        actor: if replica.editor.is_empty() { SOMEBODY.to_owned() } else { replica.editor.clone() },
        replica: replica.id.clone(),
        ..TakeOver::default()
    };
    if let Some(table) = beside(&read.sheet, CONFLICTS_SHEET) {
        let conflicts = service.ledger.with(|ledger| ledger.conflicts(Some(replica.year)))?;
        over.decisions = conflict::decisions(table, &conflicts);
    }
    if let Some(table) = beside(&read.sheet, CALLS_SHEET) {
        let waiting = service.ledger.with(|ledger| ledger.calls(replica.year))?;
        over.calls = calls::entries(table, &waiting, read.sheet.date1904, |number| is_issued(service, number));
        over.stamped = read.sheet.stamp.as_ref().map_or(-1, |stamp| stamp.revision);
    }
    if let Some(table) = beside(&read.sheet, UNREGISTERED_SHEET) {
        over.approvals = unregistered::decisions(table, &read.asked_about);
    }
    if let Some(table) = beside(&read.sheet, ANSWERS_SHEET).filter(|_| read.is_current) {
        let answers = service.ledger.with(|ledger| ledger.typical_answers())?;
        let lines = typical::entries(table, &answers, read.sheet.date1904);
        let lines: Vec<Typical> = lines.into_iter().map(|(_, line)| line).collect();
        let mut sorted = lines.clone();
        sorted.sort_by_key(|line| line.number);
        over.typical = (sorted != answers).then_some((answers, lines));
    }
    for edit in &taken.edits {
        let outcome = match edit.verdict {
            Verdict::Take => Outcome::Taken,
            Verdict::TakeAgainst => Outcome::Won,
            Verdict::PutBack if held.is_none() => Outcome::PutBack,
            Verdict::PutBack => Outcome::Noted,
            Verdict::Nothing | Verdict::Show => continue,
        };
        let Some(appeal) = appeal(edit.known) else { continue };
        if outcome == Outcome::PutBack {
            over.hints.extend(put_back(edit, &today).map(|hint| (appeal, hint)));
        }
        over.cells.push(CellEdit { appeal, field: edit.field, old: edit.old.clone(), new: edit.new.clone(), outcome });
    }
    let mut hints = BTreeMap::new();
    if held.is_none() {
        over.hints.extend(taken.missing.iter().filter_map(|index| appeal(*index)).map(|appeal| {
            (appeal, format!("{today}: рядок було видалено з книги; звернення закривають статусом, а не видаленням."))
        }));
        over.seen = taken.places.iter().filter_map(|place| seen(place, known, sheet)).collect();
        let decided = typed_rows(service, replica.year, (sheet, known, taken), now)?;
        over.registrations = decided.registrations;
        hints = decided.hints;
    }
    let said = hints.iter().filter_map(|(position, hint)| Some((*position, hint.text()?))).collect();
    let unnumbered = unnumbered::rows(sheet, &taken.places, known, &said);
    let remembered = service.ledger.with(|ledger| ledger.unnumbered(&replica.id))?;
    if unnumbered != remembered {
        over.gone = unnumbered::gone(&remembered, sheet);
        read.settled.without_standing(service, &mut over.gone)?;
        over.unnumbered = Some(unnumbered);
    }
    if !over.is_empty() {
        service.ledger.with(|ledger| ledger.take_over(&over, now))?;
        follow_up(service, now)?;
    }
    Ok(hints)
}

/// Lets the desk decide on what was just taken over, so that the register shows the outcome at once.
fn follow_up(service: &Service, now: DateTime<Utc>) -> Result<(), Fault> {
    match desk::step(service, now, &mut |_| {}) {
        Ok(_) => Ok(()),
        Err(EngineError::Ledger(error)) => Err(Fault::Ledger(error)),
        Err(error) => {
            // The desk's own loop meets it as well and says what is to be done.
            tracing::error!(%error, "what was typed could not be followed up");
            Ok(())
        }
    }
}

/// Whether this is the number of an appeal; of most appeals nothing but the number is looked at here.
pub(super) fn is_issued(service: &Service, number: &str) -> bool {
    service.ledger.with(|ledger| ledger.is_issued(number)).unwrap_or(false)
}

/// What becomes of the rows that are no appeal.
fn typed_rows(
    service: &Service,
    year: i32,
    read: (&Understood, &[Known], &Taken),
    now: DateTime<Utc>,
) -> Result<typed_rows::Decided, Fault> {
    let desk = service.desk();
    let last = service.ledger.with(|ledger| ledger.last_number(year))?;
    let reading = |essence: &str| service.reader.read(&Letter { text: essence.to_owned(), ..Letter::default() });
    Ok(typed_rows::decide(&desk, &reading, (year, last, to_kyiv(now)), read))
}

/// What the hint of a row says when a column of the service was changed in it, so that the typed words are not lost.
fn put_back(edit: &Edit, today: &str) -> Option<String> {
    let typed = edit.new.to_string();
    // Somebody only shortened the hint: nothing was said.
    if edit.field == Field::Hint && edit.old.to_string().contains(&typed) {
        return None;
    }
    let typed: String = typed.chars().take(MOST_QUOTED).collect();
    Some(format!(
        "{today}: у графі «{}» було введено «{typed}»; цю графу веде система, для приміток є графа «Примітки».",
        edit.field.spec().header
    ))
}

/// The appeal made of a typed row whose number stands in the sheet now.
fn seen(place: &Place, known: &[Known], sheet: &Understood) -> Option<i64> {
    let Place::Appeal(index) = place else { return None };
    let known = known.get(*index).filter(|known| known.adopted)?;
    let shown = sheet.rows.iter().any(|row| row.get(Field::Number).as_text() == Some(known.number.as_str()));
    shown.then_some(known.appeal)
}
