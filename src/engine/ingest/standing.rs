//! The workbooks of departments that stand on the share (`workbook` in `departments.toml`): what was typed into each is taken
//! in, then it shows all appeals that its department was ever given.
//!
//! Its stamp says which revision it shows, so that only what was changed since counts, also in an old copy put in its
//! place. While somebody has it open it is read and not written. Rows are never taken out: an appeal that went to another
//! department keeps its number and nothing else. A file that is no such workbook is left alone and told of once.

use super::workbook::{compare, stamp, written};
use super::{Heard, Judgement, judge};
use crate::desk::action::{Priority, Writing};
use crate::desk::department_reply::Source;
use crate::desk::department_sheet::{Copy, frame, standing};
use crate::domain::department::Department;
use crate::domain::digest::Digest;
use crate::domain::field::Field;
use crate::domain::grid::{Sheet, Stamp};
use crate::domain::kyiv::kyiv_day;
use crate::domain::letter::Correspondent;
use crate::domain::register::Row;
use crate::engine::desk;
use crate::engine::error::EngineError;
use crate::engine::parse_workbook::read_in_child;
use crate::engine::prepare::{Enclosed, compose_one};
use crate::engine::service::Service;
use crate::ledger::LedgerError;
use crate::ledger::notice::Mailed;
use crate::ledger::outbox::NewMail;
use crate::letters::kind::LetterKind;
use crate::letters::params::LetterParams;
use crate::merge::show::{Wanted, show};
use crate::merge::take::Understood;
use crate::workbook::create::{CreateError, create};
use crate::workbook::patch::{Options, SheetEdit, edit};
use crate::workbook::read::Layout;
use crate::workbook::refusal::Refusal;
use crate::world::error::{FileError, Trouble};
use crate::world::file::{self, Fingerprint, ReadFile};
use crate::world::office_lock::{self, Placed, Use};
use crate::world::steady::{Glance, Steady};
use crate::world::{clock, marker};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

/// Largest workbook that is read.
const MAX_BYTES: u64 = 40 * 1024 * 1024;
/// How often a file that is being saved is looked at once more.
const MOST_LOOKS: u32 = 3;

/// What became of the workbooks.
#[derive(Debug, Default)]
pub(super) struct Books {
    /// Appeals changed.
    pub(super) changed: usize,
    /// Workbooks written.
    written: usize,
    /// Workbooks that wait.
    waiting: usize,
}

impl Books {
    /// For the report of the job.
    pub(super) fn told(&self) -> String {
        match (self.written, self.waiting) {
            (0, 0) => String::new(),
            (written, waiting) => format!("; {written} workbooks on the share written, {waiting} wait"),
        }
    }
}

/// Why a workbook waits.
#[derive(Debug, thiserror::Error)]
enum Wait {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{0}")]
    Refused(#[from] Refusal),
    #[error("cannot make it: {0}")]
    Create(#[from] CreateError),
    #[error("somebody has it open")]
    Held,
    #[error("it is being saved")]
    Moving,
    #[error("its folder is not the one that it was made in, or belongs to another ledger: is the share mounted?")]
    Folder,
    #[error("another workbook lies in its place")]
    Foreign,
}

/// Takes in and writes the workbook of each department that has one.
///
/// # Errors
/// If the ledger or the disk under it fails; a fault of the share is an outcome.
pub(super) fn all(service: &Service, now: DateTime<Utc>) -> Result<Books, EngineError> {
    let mut books = Books::default();
    for department in service.settings.office.departments.iter().filter(|one| !one.workbook.is_empty()) {
        match one(service, department, now, &mut books) {
            Ok(()) => {}
            Err(Wait::Ledger(error)) => return Err(error.into()),
            Err(Wait::Engine(error)) => return Err(error),
            Err(wait) => {
                books.waiting += 1;
                let why = wait.to_string();
                tracing::warn!(department = department.code, path = department.workbook, why, "a workbook waits");
            }
        }
        service.beat();
    }
    Ok(books)
}

fn one(service: &Service, department: &Department, now: DateTime<Utc>, books: &mut Books) -> Result<(), Wait> {
    let path = Path::new(&department.workbook);
    let replica = Copy::Standing.id(&service.ledger_id, &department.code);
    let made = service.ledger.with(|ledger| ledger.was_mailed(&replica))?;
    let folder = path.parent().unwrap_or(path);
    let owner = marker::read(folder)?;
    if owner.as_ref().is_some_and(|owner| *owner != service.ledger_id) || (made && owner.is_none()) {
        return Err(Wait::Folder);
    }
    let Some(present) = at_rest(service, path)? else {
        return make(service, department, (path, replica), now, books);
    };
    let found = file::read(path, MAX_BYTES)?;
    if found.fingerprint != present {
        return Err(Wait::Moving);
    }
    let sheet = match read_in_child(&service.program, &found.bytes, &Layout::department(), &[], &[]) {
        Ok(sheet) => sheet,
        Err(refusal) => {
            let told = format!("Книгу «{}» на спільному диску не прочитано. {refusal}", name(path));
            let heard = Heard { remarks: vec![told], ..Heard::default() };
            hear(service, department, heard, now)?;
            return Err(refusal.into());
        }
    };
    if sheet.stamp.is_some() && stamp(service, department, &sheet).is_none() {
        return Err(Wait::Foreign);
    }
    let mut heard = Heard::default();
    let understood = compare(service, department, &sheet, &mut heard)?;
    let changed = hear(service, department, heard, now)?;
    books.changed += changed;
    if changed > 0 {
        // The workbook shows the outcome at once.
        desk::step(service, now, &mut |_| {})?;
    }
    update(service, department, (path, replica), (&found, &sheet, &understood), books)
}

/// The file once nobody writes it; `None` if there is none.
fn at_rest(service: &Service, path: &Path) -> Result<Option<Fingerprint>, Wait> {
    let mut steady = Steady::new(service.settings.register.quiet);
    for _ in 0..MOST_LOOKS {
        match steady.glance(path, clock::now(), clock::instant())? {
            Glance::AtRest(seen) => return Ok(Some(seen)),
            Glance::Absent => return Ok(None),
            Glance::Moving(rest) => std::thread::sleep(rest),
        }
    }
    Err(Wait::Moving)
}

/// Judges what was typed and tells the department; gives how many appeals changed.
fn hear(service: &Service, department: &Department, heard: Heard, now: DateTime<Utc>) -> Result<usize, Wait> {
    if heard.said.is_empty() && heard.remarks.is_empty() {
        return Ok(0);
    }
    let cause = format!("workbook of {} on the share", department.code);
    let source = Source { department, cause: &cause, day: kyiv_day(now) };
    let Judgement { moves, echo, .. } = judge(service, &source, heard)?;
    let mails = tell(service, department, echo, now)?;
    service.ledger.with(|ledger| ledger.take_answer((None, None), &moves, &mails, now))?;
    Ok(moves.len())
}

/// The letter that tells the department how it was understood; the same is told once.
fn tell(
    service: &Service,
    department: &Department,
    params: LetterParams,
    now: DateTime<Utc>,
) -> Result<Vec<NewMail>, EngineError> {
    if params.rows.is_empty() && params.remarks.is_empty() {
        return Ok(Vec::new());
    }
    let digest = Digest::of(format!("{:?} {:?}", params.rows, params.remarks).as_bytes());
    let to = Correspondent { name: department.name.clone(), address: department.email.to_lowercase() };
    let cause = format!("standing {} {digest}", department.code);
    let writing = Writing::to_colleague(LetterKind::DepartmentEcho, to, params, cause, Priority::Department);
    let enclosed = Enclosed { about: format!("{}-standing", department.code), ..Enclosed::default() };
    Ok(compose_one(service, &writing, &enclosed, now)?.into_iter().collect())
}

/// What the workbook is to show, by number in the order of the numbers, at which revision.
fn wanted(service: &Service, department: &Department) -> Result<(i64, Vec<i64>, Vec<Row>), Wait> {
    let (revision, appeals) =
        service.ledger.with(|ledger| Ok((ledger.revision()?, ledger.appeals_of_department(&department.code)?)))?;
    let office = &service.settings.office;
    let ids = appeals.iter().map(|(id, _)| *id).collect();
    let rows = appeals.iter().map(|(_, row)| standing(office, &department.code, row)).collect();
    Ok((revision, ids, rows))
}

/// Makes the workbook as soon as there is something to show.
fn make(
    service: &Service,
    department: &Department,
    (path, replica): (&Path, String),
    now: DateTime<Utc>,
    books: &mut Books,
) -> Result<(), Wait> {
    let (revision, appeals, rows) = wanted(service, department)?;
    if rows.is_empty() {
        return Ok(());
    }
    let stamp = Stamp { replica: replica.clone(), revision };
    let frame = frame(&service.settings, department, (&Copy::Standing, kyiv_day(now)), stamp, now);
    let mut book = Cursor::new(Vec::new());
    create(&frame, &mut rows.into_iter(), &mut book)?;
    if let Some(folder) = path.parent() {
        file::make_folder(folder)?;
        marker::write(folder, &service.ledger_id)?;
    }
    file::create_new(path, &book.into_inner(), 0o660)?;
    note(service, department, (replica, revision, appeals))?;
    books.written += 1;
    Ok(())
}

/// Writes what the workbook lacks.
fn update(
    service: &Service,
    department: &Department,
    (path, replica): (&Path, String),
    (found, sheet, understood): (&ReadFile, &Sheet, &Understood),
    books: &mut Books,
) -> Result<(), Wait> {
    let (revision, appeals, rows) = wanted(service, department)?;
    let mut left: BTreeMap<String, &Row> = rows.iter().map(|row| (row.get(Field::Number).to_string(), row)).collect();
    let shown: Vec<Wanted<'_>> = understood
        .rows
        .iter()
        .map(|row| match left.remove(&written(service, &row.get(Field::Number).to_string())) {
            Some(row) => Wanted::Row(row),
            None => Wanted::Untouched,
        })
        .collect();
    let append: Vec<Row> =
        rows.iter().filter(|row| left.contains_key(&row.get(Field::Number).to_string())).cloned().collect();
    let edits = show(understood, &shown, &append);
    if edits.is_nothing() && sheet.stamp.is_some() {
        return Ok(());
    }
    if let Use::Held(_) = office_lock::look(path)? {
        return Err(Wait::Held);
    }
    let stamp = Stamp { replica: replica.clone(), revision };
    let bytes = edit(&found.bytes, &[SheetEdit::of(&sheet.name, &edits)], &Options::stamp(&stamp))?;
    match office_lock::replace(path, &found.fingerprint, &bytes) {
        Ok(Placed::Replaced(_)) => {}
        Ok(Placed::Held(_)) => return Err(Wait::Held),
        Err(error) if error.trouble == Trouble::Changed => return Err(Wait::Moving),
        Err(error) => return Err(error.into()),
    }
    note(service, department, (replica, revision, appeals))?;
    books.written += 1;
    Ok(())
}

/// Notes what the workbook shows, for the day on which it loses its stamp.
fn note(
    service: &Service,
    department: &Department,
    (replica, revision, appeals): (String, i64, Vec<i64>),
) -> Result<(), LedgerError> {
    let mailed = Mailed { replica, department: department.code.clone(), revision, appeals, notices: Vec::new() };
    service.ledger.with(|ledger| ledger.note_shown(&mailed))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
