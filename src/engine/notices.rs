//! Notices that are due become letters with a workbook: one letter a department, a copy of it to each of its addresses.
//!
//! The workbook is a replica: its stamp names the copy and the revision of the ledger that it shows, read together with
//! the rows. Letters, the note of what the copy shows and the end of the notices' waiting are one transaction.

use crate::desk::action::{Priority, Writing};
use crate::desk::department_sheet::{Copy, file_name, frame, shown};
use crate::desk::notices::{Waiting, due, letter};
use crate::domain::department::Department;
use crate::domain::field::Field;
use crate::domain::grid::Stamp;
use crate::domain::kyiv::to_kyiv;
use crate::domain::letter::Correspondent;
use crate::domain::register::Row;
use crate::engine::error::EngineError;
use crate::engine::prepare::{Enclosed, compose_one};
use crate::engine::service::Service;
use crate::ledger::notice::Mailed;
use crate::letters::kind::LetterKind;
use crate::mail::compose::OutgoingFile;
use crate::workbook::create::create;
use chrono::{DateTime, TimeDelta, Utc};
use std::io::Cursor;

/// MIME type of a workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Promises the letters of all notices that are due; gives how many letters.
///
/// # Errors
/// If the ledger fails, or a letter or its workbook cannot be made.
pub fn step(service: &Service, now: DateTime<Utc>) -> Result<usize, EngineError> {
    let waiting = service.ledger.with(|ledger| ledger.waiting_notices())?;
    let batch = TimeDelta::from_std(service.settings.notice.batch).unwrap_or(TimeDelta::zero());
    let mut promised = 0;
    for (code, notices) in due(&waiting, to_kyiv(now), batch) {
        match service.settings.office.department(&code) {
            Some(department) => promised += one(service, department, &notices, now)?,
            None => tracing::warn!(%code, "notices wait for a department that the configuration does not name"),
        }
    }
    Ok(promised)
}

fn one(
    service: &Service,
    department: &Department,
    notices: &[Waiting],
    now: DateTime<Utc>,
) -> Result<usize, EngineError> {
    let mut appeals: Vec<i64> = notices.iter().map(|notice| notice.appeal).collect();
    appeals.sort_unstable();
    appeals.dedup();
    let (revision, rows) = service.ledger.with(|ledger| {
        let rows = appeals.iter().map(|appeal| ledger.row_now(*appeal)).collect::<Result<Vec<Row>, _>>()?;
        Ok((ledger.revision()?, rows))
    })?;
    let day = to_kyiv(now).date();
    let copy = Copy::mailed(day, notices.iter().map(|notice| notice.id).max().unwrap_or_default());
    let replica = copy.id(&service.ledger_id, &department.code);
    let stamp = Stamp { replica: replica.clone(), revision };
    let frame = frame(&service.settings, department, (&copy, day), stamp, now);
    let mut book = Cursor::new(Vec::new());
    create(&frame, &mut rows.iter().map(|row| shown(&service.settings.office, row)), &mut book).map_err(|error| {
        EngineError::Letter { kind: LetterKind::DepartmentNew.id().to_owned(), why: error.to_string() }
    })?;
    let enclosed = Enclosed {
        about: format!("{}-{}", department.code, replica.rsplit('/').next().unwrap_or_default()),
        files: vec![OutgoingFile {
            name: file_name(department, day),
            mime: XLSX.to_owned(),
            content: book.into_inner(),
        }],
    };
    let params = letter(&department.code, &rows);
    let number = rows.first().filter(|_| rows.len() == 1).map(|row| row.get(Field::Number).to_string());
    let mut mails = Vec::new();
    for address in std::iter::once(&department.email).chain(&department.more_emails) {
        let writing = Writing {
            kind: LetterKind::DepartmentNew,
            to: Correspondent { name: department.name.clone(), address: address.to_lowercase() },
            params: params.clone(),
            number: number.clone(),
            answers: None,
            in_reply_to: String::new(),
            references: Vec::new(),
            cause: replica.clone(),
            priority: if notices.iter().any(|notice| notice.urgent) { Priority::Alert } else { Priority::Department },
        };
        mails.extend(compose_one(service, &writing, &enclosed, now)?);
    }
    let only = appeals.first().copied().filter(|_| appeals.len() == 1);
    let mailed = Mailed {
        replica,
        department: department.code.clone(),
        revision,
        appeals,
        notices: notices.iter().map(|notice| notice.id).collect(),
    };
    let promised = service.ledger.with(|ledger| ledger.send_notice(&mailed, &mails, only, now))?;
    service.beat();
    Ok(promised)
}
