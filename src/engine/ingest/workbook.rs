//! What a workbook of a department says: compared cell by cell with what that very copy had shown.

use super::Heard;
use crate::desk::department_reply::Said;
use crate::desk::department_sheet::{Copy, shown, standing};
use crate::domain::department::Department;
use crate::domain::field::{Field, Owner};
use crate::domain::form::Form;
use crate::domain::grid::{Sheet, Stamp};
use crate::domain::register::Row;
use crate::engine::error::EngineError;
use crate::engine::service::Service;
use crate::merge::identity::{Known, Place};
use crate::merge::take::{Understood, take, understand};
use std::collections::BTreeMap;

/// What a workbook says against what it had shown.
pub(super) fn compare(
    service: &Service,
    department: &Department,
    sheet: &Sheet,
    heard: &mut Heard,
) -> Result<Understood, EngineError> {
    let understood = understand(sheet, Form::Department);
    let stamp = stamp(service, department, sheet);
    let known = known(service, department, &understood, stamp)?;
    let taken = take(&understood, &known, true);
    for (position, place) in taken.places.iter().enumerate() {
        let row = understood.positions.get(position).copied().unwrap_or_default();
        let number = understood.rows.get(position).map(|row| row.get(Field::Number).to_string()).unwrap_or_default();
        match place {
            Place::Appeal(_) => {}
            Place::Copy(_) => {
                heard.remarks.push(format!("Рядок {row}: номер {number} повторюється; враховано перший."))
            }
            Place::Foreign => heard.said.push(Said { number: written(service, &number), ..Said::default() }),
            Place::New => heard.remarks.push(format!("Рядок {row}: немає номера звернення; рядок не враховано.")),
        }
    }
    let mut said: BTreeMap<usize, Said> = BTreeMap::new();
    for edit in &taken.edits {
        let Some(known) = known.get(edit.known) else { continue };
        // Without a stamp, what the ledger ever had is what the copy may have shown.
        let had = |row: &Row| row.get(edit.field) == &edit.new;
        if Form::Department.owner(edit.field) == Owner::Service || (stamp.is_none() && known.since.iter().any(had)) {
            continue;
        }
        let one = said.entry(edit.known).or_insert_with(|| Said { number: known.number.clone(), ..Said::default() });
        if edit.field == Field::Status {
            one.status = edit.new.to_string();
        } else if edit.field != Field::Answer {
            one.others.push((edit.field, edit.new.clone()));
        } else if !edit.new.is_empty() {
            // An answer once given is not taken back by emptying its cell.
            one.answer = Some(edit.new.to_string());
        }
    }
    heard.said.extend(said.into_values());
    let formulas = sheet.rows.iter().filter(|row| row.formulas.iter().any(|field| is_own(*field)));
    for row in formulas {
        heard.remarks.push(format!("Рядок {}: формулу не враховано; впишіть саме значення.", row.row));
    }
    Ok(understood)
}

/// Whether it is the stamp of the department's workbook on the share.
fn is_standing(service: &Service, department: &Department, stamp: &Stamp) -> bool {
    stamp.replica == Copy::Standing.id(&service.ledger_id, &department.code)
}

/// Whether the department may fill in the column.
fn is_own(field: Field) -> bool {
    Form::Department.owner(field) != Owner::Service
}

/// The stamp of a sheet, if it is that of a workbook of this department.
pub(super) fn stamp<'s>(service: &Service, department: &Department, sheet: &'s Sheet) -> Option<&'s Stamp> {
    let of =
        |stamp: &&Stamp| Copy::of(&stamp.replica, &service.ledger_id).is_some_and(|(code, _)| code == department.code);
    sheet.stamp.as_ref().filter(of)
}

/// The appeals whose numbers stand in a sheet, with what the copy had shown of them.
fn known(
    service: &Service,
    department: &Department,
    sheet: &Understood,
    stamp: Option<&Stamp>,
) -> Result<Vec<Known>, EngineError> {
    let mut known: Vec<Known> = Vec::new();
    for row in &sheet.rows {
        let number = written(service, &row.get(Field::Number).to_string());
        if known.iter().any(|one| one.number == number) {
            continue;
        }
        let found = service.ledger.with(|ledger| {
            let Some(given) = ledger.given(&number)? else { return Ok(None) };
            let replica = stamp.map(|stamp| stamp.replica.as_str());
            let at = match stamp.filter(|stamp| is_standing(service, department, stamp)) {
                Some(stamp) => Some(stamp.revision),
                None => ledger.shown_at(given.id, &department.code, replica)?,
            };
            let mut rows = at.map(|revision| ledger.rows_of_since(given.id, revision)).transpose()?;
            if stamp.is_none()
                && let Some(rows) = &mut rows
            {
                // Nobody knows which copy it is: whatever the ledger ever had it may have shown.
                rows.since = ledger.rows_of_since(given.id, -1)?.since;
            }
            Ok(Some((given, rows)))
        })?;
        let office = &service.settings.office;
        let is_standing = stamp.is_some_and(|stamp| is_standing(service, department, stamp));
        let shown = |row: &Row| if is_standing { standing(office, &department.code, row) } else { shown(office, row) };
        let Some((given, rows)) = found.filter(|(given, _)| given.part(office, &department.code).is_some()) else {
            continue;
        };
        known.push(Known {
            appeal: given.id,
            number,
            now: shown(&given.row),
            base: rows.as_ref().and_then(|rows| rows.base.as_ref()).map(shown),
            since: rows.iter().flat_map(|rows| &rows.since).map(shown).collect(),
            adopted: false,
        });
    }
    Ok(known)
}

/// A number as the ledger writes it; what is none stays as it stands.
pub(super) fn written(service: &Service, typed: &str) -> String {
    service.numbers.read(typed).map_or_else(|| typed.trim().to_owned(), |number| service.numbers.spell(&number))
}
