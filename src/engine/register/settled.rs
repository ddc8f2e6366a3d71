//! Most rows of a register were touched by nobody. What the ledger has is told to the reader as digests; rows that show
//! just that are not held, and their appeals are loaded only where they bear on a row that differs.

use crate::desk::bearing::Bearing;
use crate::domain::field::Field;
use crate::domain::form::Form;
use crate::domain::grid::Sheet;
use crate::domain::value::Value;
use crate::engine::service::Service;
use crate::ledger::LedgerError;
use crate::ledger::replica::Numbered;
use crate::merge::identity::Known;
use crate::merge::settled::{Told, put_back};
use crate::merge::take::Understood;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Rows that are read from the ledger at once.
const PAGE: usize = 500;

/// The appeals of a year as the reader is told of them.
pub(super) struct Ledgered {
    /// What it is told.
    pub(super) told: Vec<Told>,
    /// Revision of the ledger at which it is true.
    pub(super) revision: i64,
    appeals: Vec<i64>,
    year: i32,
}

impl Ledgered {
    /// All of a year.
    pub(super) fn of(service: &Service, year: i32) -> Result<Self, LedgerError> {
        let (digests, revision) = service.ledger.with(|ledger| Ok((ledger.digests(year)?, ledger.revision()?)))?;
        let appeals = digests.iter().map(|(appeal, ..)| *appeal).collect();
        let told = digests.into_iter().map(|(_, number, digest)| Told { number, digest }).collect();
        Ok(Self { told, revision, appeals, year })
    }
}

/// Rows that are as the ledger has them and bear on nothing: appeal → Excel's row.
#[derive(Debug, Default)]
pub(super) struct Settled {
    rows: BTreeMap<i64, u32>,
    year: i32,
    revision: i64,
}

impl Settled {
    /// The settled rows of a sheet. Those that bear on rows which may be no appeal (a new one, a copy) are put among the
    /// rows that are compared cell by cell.
    pub(super) fn of(
        service: &Service,
        ledgered: &Ledgered,
        sheet: &Sheet,
        understood: &mut Understood,
    ) -> Result<Self, LedgerError> {
        let mut rows: BTreeMap<i64, (u32, Vec<u32>)> = BTreeMap::new();
        for row in &sheet.settled {
            if let Some(appeal) = ledgered.appeals.get(row.told as usize) {
                rows.entry(*appeal).or_insert((row.told, Vec::new())).1.push(row.row);
            }
        }
        let bearing = Bearing::on(understood, &sheet.settled, &ledgered.told);
        let mut back = Vec::new();
        if !bearing.is_none(ledgered.told.len()) {
            each_row(service, (ledgered.year, ledgered.revision), |numbered| {
                if let Entry::Occupied(found) = rows.entry(numbered.appeal)
                    && bearing.has(found.get().0, &numbered.row)
                {
                    let shown = numbered.row.as_shown(Form::Register);
                    back.extend(found.remove().1.into_iter().map(|place| (place, shown.clone())));
                }
                true
            })?;
        }
        understood.settled = understood.settled.saturating_sub(back.len());
        put_back(understood, back);
        let rows = rows.into_iter().filter_map(|(appeal, (_, places))| Some((appeal, *places.first()?))).collect();
        Ok(Self { rows, year: ledgered.year, revision: ledgered.revision })
    }

    /// Their appeals.
    pub(super) fn appeals(&self) -> BTreeSet<i64> {
        self.rows.keys().copied().collect()
    }

    /// The row of a settled appeal that has changed since in the ledger, with its place in the sheet; it is settled no
    /// longer.
    pub(super) fn take_back(
        &mut self,
        service: &Service,
        changed: &Numbered,
    ) -> Result<Option<(u32, Known)>, LedgerError> {
        let Some(place) = self.rows.remove(&changed.appeal) else { return Ok(None) };
        let before = service.ledger.with(|ledger| ledger.rows_of_since(changed.appeal, self.revision))?;
        let known = Known {
            appeal: changed.appeal,
            number: changed.number.clone(),
            now: changed.row.clone(),
            base: before.base,
            since: before.since,
            adopted: false,
        };
        Ok(Some((place, known)))
    }

    /// Leaves out what stands in a settled row in the same column.
    pub(super) fn without_standing(
        &self,
        service: &Service,
        gone: &mut BTreeSet<(Field, Value)>,
    ) -> Result<(), LedgerError> {
        if gone.is_empty() || self.rows.is_empty() {
            return Ok(());
        }
        each_row(service, (self.year, self.revision), |numbered| {
            if self.rows.contains_key(&numbered.appeal) {
                gone.retain(|(field, value)| numbered.row.get(*field) != value);
            }
            !gone.is_empty()
        })
    }
}

/// Looks at the rows of a year at a revision, one after another, until `look` says that it is enough.
fn each_row(
    service: &Service,
    (year, revision): (i32, i64),
    mut look: impl FnMut(&Numbered) -> bool,
) -> Result<(), LedgerError> {
    let mut after = 0;
    loop {
        let page = service.ledger.with(|ledger| ledger.page_of_rows(year, revision, after, PAGE))?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.seq;
        if !page.iter().all(&mut look) {
            return Ok(());
        }
    }
}
