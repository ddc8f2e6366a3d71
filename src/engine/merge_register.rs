//! One pass over a register that exists: read it once, take over what people did, show what the ledger holds.
//!
//! While somebody has the file open nothing is written and rows that are being typed are left alone; cells that were
//! saved meanwhile are taken over all the same. The write is refused if the file changed since it was read.

use crate::desk::frame::{CONFLICTS_SHEET, ConflictLine, UNREGISTERED_SHEET, conflict_row, unregistered_row};
use crate::desk::phone::{self, LookAlike, Typed};
use crate::desk::{Desk, context::applicant_key};
use crate::domain::field::Field;
use crate::domain::grid::{SheetEdits, Stamp};
use crate::domain::kyiv::to_kyiv;
use crate::domain::letter::Letter;
use crate::domain::register::Row;
use crate::domain::value::Value;
use crate::engine::parse_workbook::read_bytes_in_child;
use crate::engine::register::{Fault, Synchronised, agree, intend};
use crate::engine::service::Service;
use crate::ledger::replica::Replica;
use crate::ledger::takeover::{CellEdit, Conflict, Outcome, TakeOver, Versions};
use crate::merge::cell::Verdict;
use crate::merge::identity::{Known, Place};
use crate::merge::show::{Wanted, show};
use crate::merge::take::{Taken, Understood, take, understand};
use crate::workbook::patch::{Options, SheetEdit, edit};
use crate::workbook::refusal::{Cause, Refusal};
use crate::world::file::ReadFile;
use crate::world::office_lock::{self, Held, Placed, Use};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::path::Path;

/// Who edited when no lock file tells.
const SOMEBODY: &str = "оператор";

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Register(refusal.to_string())
    }
}

/// Merges the register that was just read with the ledger.
pub(super) fn merge(
    service: &Service,
    replica: &mut Replica,
    path: &Path,
    found: &ReadFile,
    now: DateTime<Utc>,
) -> Result<Synchronised, Fault> {
    let headers = &service.settings.register.headers;
    let sheet = read_bytes_in_child(&service.program, &found.bytes, headers)?;
    let base = base_revision(service, replica, sheet.stamp.as_ref())?;
    let understood = understand(&sheet);
    let known = known(service, replica.year, base)?;
    let taken = take(&understood, &known);
    if let Some(why) = &taken.suspicion {
        return Err(Fault::Register(format!(
            "{}: {why}; нічого не змінено. Поверніть на це місце попередню книгу: новіші рядки буде додано до неї",
            path.display()
        )));
    }
    let held = match office_lock::look(path)? {
        Use::Held(held) => Some(held),
        Use::Free { .. } => None,
    };
    let hints = take_over(service, replica, (&understood, &known, &taken), held.as_ref(), now)?;
    let revision = service.ledger.with(|ledger| ledger.register_revision(replica.year))?;
    if held.is_none() && sheet.stamp.as_ref().is_some_and(|stamp| stamp.revision >= revision) && hints.is_empty() {
        // Nothing was taken and nothing is new: the file as it is agrees.
        replica.intended = found.digest().to_string();
        agree(replica, &found.fingerprint, revision);
        return Ok(Synchronised::Unchanged);
    }
    if let Some(held) = held {
        return Ok(Synchronised::Waits(told(path, &held)));
    }
    let stamp = Stamp { replica: replica.id.clone(), revision };
    let (edits, appended) = edits(service, replica.year, (&understood, &known, &taken), &hints, &stamp)?;
    let stamped = sheet.stamp.map_or(-1, |stamp| stamp.revision);
    let bytes = patched(service, replica.year, (&sheet.name, &edits), (stamped, &stamp), &found.bytes)?;
    intend(service, replica, &bytes, revision)?;
    match office_lock::replace(path, &found.fingerprint, &bytes)? {
        Placed::Replaced(replaced) => {
            agree(replica, &replaced.fingerprint, revision);
            service.beat();
            Ok(Synchronised::Merged { cells: edits.cells.len(), rows: appended })
        }
        Placed::Held(held) => Ok(Synchronised::Waits(told(path, &held))),
    }
}

fn told(path: &Path, held: &Held) -> String {
    let who = if held.by.is_empty() { "somebody" } else { held.by.as_str() };
    let since = held.since.map_or(String::new(), |since| format!(" since {}", to_kyiv(since).format("%d.%m.%Y %H:%M")));
    format!("{who} has {} open{since}; changes follow when it is closed", path.display())
}

/// The revision that the file shows: by its stamp, else what we last wrote.
fn base_revision(service: &Service, replica: &Replica, stamp: Option<&Stamp>) -> Result<i64, Fault> {
    let current = service.ledger.with(|ledger| ledger.revision())?;
    match stamp {
        None if replica.written_rev < 0 => Ok(-1),
        None => Ok(replica.written_rev),
        Some(stamp) if stamp.replica != replica.id => Err(Fault::Register(format!(
            "{} belongs to another service or another year; put the right file there",
            replica.path
        ))),
        Some(stamp) if stamp.revision > current => Err(Fault::Register(format!(
            "{} is newer than the ledger (revision {} > {current}); the ledger was restored from a backup: see docs",
            replica.path, stamp.revision
        ))),
        Some(stamp) => Ok(stamp.revision),
    }
}

fn known(service: &Service, year: i32, base: i64) -> Result<Vec<Known>, Fault> {
    let versions = service.ledger.with(|ledger| ledger.versions(year, base))?;
    Ok(versions.into_iter().filter_map(as_known).collect())
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
    (sheet, known, taken): (&Understood, &[Known], &Taken),
    held: Option<&Held>,
    now: DateTime<Utc>,
) -> Result<BTreeMap<usize, Hint>, Fault> {
    let appeal = |index: usize| known.get(index).map(|known| known.appeal);
    let mut over = TakeOver {
        actor: held.map(|held| held.by.clone()).filter(|by| !by.is_empty()).unwrap_or_else(|| SOMEBODY.to_owned()),
        replica: replica.id.clone(),
        ..TakeOver::default()
    };
    for edit in &taken.edits {
        let outcome = match edit.verdict {
            Verdict::Take => Outcome::Taken,
            Verdict::TakeAgainst => Outcome::Won,
            // Noted when it can be put back, once.
            Verdict::PutBack if held.is_none() => Outcome::PutBack,
            Verdict::PutBack | Verdict::Nothing | Verdict::Show => continue,
        };
        if let Some(appeal) = appeal(edit.known) {
            over.cells.push(CellEdit {
                appeal,
                field: edit.field,
                old: edit.old.clone(),
                new: edit.new.clone(),
                outcome,
            });
        }
    }
    let mut hints = BTreeMap::new();
    if held.is_none() {
        let today = to_kyiv(now).format("%d.%m.%Y").to_string();
        over.put_back = taken
            .missing
            .iter()
            .filter_map(|index| appeal(*index))
            .map(|appeal| {
                (
                    appeal,
                    format!("{today}: рядок було видалено з книги; звернення закривають статусом, а не видаленням."),
                )
            })
            .collect();
        over.seen = taken.places.iter().filter_map(|place| seen(place, known, sheet)).collect();
        hints = new_rows(service, replica.year, (sheet, known, taken), &mut over, now)?;
    }
    if !over.is_empty() {
        service.ledger.with(|ledger| ledger.take_over(&over, now))?;
    }
    Ok(hints)
}

/// The appeal made of a typed row whose number stands in the sheet now.
fn seen(place: &Place, known: &[Known], sheet: &Understood) -> Option<i64> {
    let Place::Appeal(index) = place else { return None };
    let known = known.get(*index).filter(|known| known.adopted)?;
    let shown = sheet.rows.iter().any(|row| row.get(Field::Number).as_text() == Some(known.number.as_str()));
    shown.then_some(known.appeal)
}

/// What a row without an appeal gets.
#[derive(Debug, Clone, PartialEq)]
enum Hint {
    /// A hint; the row is otherwise left alone.
    Left(String),
    /// A hint; it is a copy, so the service's cells are emptied.
    Unnumbered(String),
    /// It became this appeal.
    Registered(String),
}

fn new_rows(
    service: &Service,
    year: i32,
    (sheet, known, taken): (&Understood, &[Known], &Taken),
    over: &mut TakeOver,
    now: DateTime<Utc>,
) -> Result<BTreeMap<usize, Hint>, Fault> {
    let desk = Desk { settings: &service.settings, numbers: service.numbers.clone() };
    let mut last = service.ledger.with(|ledger| ledger.last_number(year))?;
    let mut hints = BTreeMap::new();
    for (position, place) in taken.places.iter().enumerate() {
        let Some(row) = sheet.rows.get(position) else { continue };
        let hint = match place {
            Place::Appeal(_) => None,
            Place::Copy(index) => known.get(*index).map(|original| {
                Hint::Unnumbered(format!(
                    "Копія рядка № {}: змініть дані заявника та суть або видаліть.",
                    original.number
                ))
            }),
            Place::Foreign => Some(Hint::Left(
                "Такого номера в обліковій базі немає. Щоб зареєструвати рядок, очистіть графу «Реєстраційний №»."
                    .into(),
            )),
            Place::New => match repeats(row, known) {
                Some(number) => {
                    Some(Hint::Left(format!("Копія рядка № {number}: змініть дані заявника та суть або видаліть.")))
                }
                None => match decide(service, &desk, row, (year, last, now), known) {
                    Typed::Nothing => None,
                    Typed::Waits(hint) => Some(Hint::Left(hint)),
                    Typed::Registered(registration) => {
                        last = registration.seq;
                        let number = registration.number.clone();
                        over.registrations.push(*registration);
                        Some(Hint::Registered(number))
                    }
                },
            },
        };
        if let Some(hint) = hint {
            let shown = match &hint {
                Hint::Left(text) => row.get(Field::Hint).as_text() == Some(text.as_str()),
                Hint::Unnumbered(_) | Hint::Registered(_) => false,
            };
            if !shown {
                hints.insert(position, hint);
            }
        }
    }
    Ok(hints)
}

/// The number of an appeal that this row merely repeats, person and matter alike.
fn repeats(row: &Row, known: &[Known]) -> Option<String> {
    let same = |field: Field, other: &Row| !row.get(field).is_empty() && row.get(field) == other.get(field);
    known
        .iter()
        .find(|known| same(Field::Applicant, &known.now) && same(Field::Essence, &known.now))
        .map(|known| known.number.clone())
}

fn decide(
    service: &Service,
    desk: &Desk<'_>,
    row: &Row,
    (year, last, now): (i32, i64, DateTime<Utc>),
    known: &[Known],
) -> Typed {
    let essence = row.get(Field::Essence).to_string();
    let letter = Letter { text: essence, ..Letter::default() };
    let reading = service.reader.read(&letter);
    phone::decide(desk, row, &reading, (year, last, to_kyiv(now)), &look_alikes(row, known))
}

/// Appeals of the same person or from the same phone.
fn look_alikes(row: &Row, known: &[Known]) -> Vec<LookAlike> {
    let person = |row: &Row| {
        let name = row.get(Field::Applicant).to_string();
        let mut words = name.split_whitespace();
        applicant_key(words.next(), words.next())
    };
    let (name, phone) = (person(row), row.get(Field::Phone));
    known
        .iter()
        .rev()
        .filter_map(|known| {
            let why = if !name.is_empty() && person(&known.now) == name {
                "той самий заявник"
            } else if !phone.is_empty() && known.now.get(Field::Phone) == phone {
                "той самий телефон"
            } else {
                return None;
            };
            Some(LookAlike { number: known.number.clone(), why })
        })
        .collect()
}

/// The edits of the register sheet, and how many rows are appended.
fn edits(
    service: &Service,
    year: i32,
    (sheet, known, taken): (&Understood, &[Known], &Taken),
    hints: &BTreeMap<usize, Hint>,
    stamp: &Stamp,
) -> Result<(SheetEdits, usize), Fault> {
    let rows: BTreeMap<String, Row> = service
        .ledger
        .with(|ledger| ledger.versions(year, stamp.revision))?
        .into_iter()
        .filter_map(as_known)
        .map(|known| (known.number, known.now))
        .collect();
    let mut shown = std::collections::BTreeSet::new();
    let mut number_of = |number: &String| {
        shown.insert(number.clone());
        rows.get(number).map_or(Wanted::Untouched, |row| Wanted::Row(Box::new(row.clone())))
    };
    let wanted: Vec<Wanted> = taken
        .places
        .iter()
        .enumerate()
        .map(|(position, place)| match (place, hints.get(&position)) {
            (Place::Appeal(index), _) => known.get(*index).map_or(Wanted::Untouched, |known| number_of(&known.number)),
            (_, Some(Hint::Registered(number))) => number_of(number),
            (_, Some(Hint::Left(hint))) => Wanted::Left(hint.clone()),
            (_, Some(Hint::Unnumbered(hint))) => Wanted::Unnumbered(hint.clone()),
            (Place::Copy(_) | Place::Foreign | Place::New, None) => Wanted::Untouched,
        })
        .collect();
    let mut append: Vec<&Row> =
        rows.iter().filter(|(number, _)| !shown.contains(*number)).map(|(_, row)| row).collect();
    append.sort_by_key(|row| match row.get(Field::Ordinal) {
        Value::Number(seq) => *seq,
        Value::Empty | Value::Text(_) | Value::Date(_) | Value::Time(_) => 0,
    });
    let append: Vec<Row> = append.into_iter().cloned().collect();
    Ok((show(sheet, &wanted, &append, stamp.clone()), append.len()))
}

fn conflict_line(conflict: Conflict) -> ConflictLine {
    let header = Field::from_id(&conflict.field).map_or(conflict.field.clone(), |field| field.spec().header.to_owned());
    ConflictLine {
        number: conflict.number,
        column: header,
        workbook: conflict.workbook,
        ledger: conflict.ledger,
        actor: conflict.actor,
        at: to_kyiv(conflict.at.parse().unwrap_or_default()),
    }
}

/// The file with all edits of the pass in one patch.
fn patched(
    service: &Service,
    year: i32,
    (name, edits): (&str, &SheetEdits),
    (stamped, stamp): (i64, &Stamp),
    bytes: &[u8],
) -> Result<Vec<u8>, Fault> {
    let unregistered = service.ledger.with(|ledger| ledger.unregistered(year, stamped))?;
    let conflicts = service.ledger.with(|ledger| ledger.conflicts(Some(year), stamped))?;
    let below = |rows: Vec<Vec<Value>>| {
        let append = rows.into_iter().map(|row| (0..).zip(row).filter(|(_, value)| !value.is_empty()).collect());
        SheetEdits { append: append.collect(), ..SheetEdits::default() }
    };
    let mut all = vec![SheetEdit::of(name, edits)];
    let beside = [
        (UNREGISTERED_SHEET, below(unregistered.iter().map(unregistered_row).collect())),
        (
            CONFLICTS_SHEET,
            below(conflicts.into_iter().map(|conflict| conflict_row(&conflict_line(conflict))).collect()),
        ),
    ];
    all.extend(
        beside.iter().filter(|(_, edits)| !edits.append.is_empty()).map(|(name, edits)| SheetEdit::of(name, edits)),
    );
    match edit(bytes, &all, &Options::stamp(stamp)) {
        // The office removed or renamed a sheet beside the register: the register itself must go on.
        Err(refusal) if refusal.cause == Cause::NoSheet && all.len() > 1 => {
            all.truncate(1);
            Ok(edit(bytes, &all, &Options::stamp(stamp))?)
        }
        other => Ok(other?),
    }
}
