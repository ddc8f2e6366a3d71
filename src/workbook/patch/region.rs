//! Where the next row goes: which table, which columns, which row is the last that shows data.
//!
//! The last `<row>` is not the last data row: LibreOffice leaves blank rows at the very end of the sheet, people leave
//! bordered blank rows under the table. And data may stand below the table's own end, since LibreOffice never extends
//! a table while people type. So rows are read from the bottom up until one shows something in a column of the table.

use super::SheetEdit;
use super::areas::{Frame, Growth, Owner, Table};
use super::place::{Area, COLUMNS, LAST_ROW};
use super::rows::{Row, SheetText};
use crate::workbook::refusal::{Cause, Refusal};

/// The part of a sheet that the register occupies.
#[derive(Debug, Clone)]
pub struct Region {
    /// First column.
    pub left: u32,
    /// Last column.
    pub right: u32,
    /// Row of the headers, if known.
    pub header: Option<u32>,
    /// The table among those of the sheet.
    pub table: Option<usize>,
    /// Bottom row of the table or of the filter.
    pub bottom: Option<u32>,
    /// Last row that shows data; the headers' row, or 0, where there is none.
    pub last: u32,
}

impl Region {
    /// Finds the region that an edit is about.
    pub fn find(
        edit: &SheetEdit,
        sheet: &SheetText<'_>,
        rows: &[Row],
        frame: &Frame,
        tables: &[Table],
    ) -> Result<Self, Refusal> {
        let columns: Vec<u32> = edit.append.iter().flat_map(|row| row.keys().copied()).collect();
        let (low, high) =
            (columns.iter().min().copied().unwrap_or(0), columns.iter().max().copied().unwrap_or(COLUMNS));
        let wanted = |left: u32, right: u32| {
            let shared = right.min(high).checked_sub(left.max(low)).map(|width| width.saturating_add(1));
            shared.unwrap_or(0)
        };
        let table = (0..tables.len())
            .filter_map(|at| tables.get(at).map(|t| (wanted(t.area.left, t.area.right), t.area.bottom, at)))
            .filter(|(shared, ..)| *shared > 0)
            .max()
            .and_then(|(.., at)| tables.get(at).map(|t| (at, t)));
        let filter = frame.areas(Owner::Filter).first().copied();
        let mut region = match (table, filter) {
            (Some((at, table)), _) => Self {
                left: table.area.left,
                right: table.area.right,
                header: edit.header_row.or(table.header),
                table: Some(at),
                bottom: Some(table.area.bottom),
                last: 0,
            },
            (None, Some(area)) if wanted(area.left, area.right) > 0 => Self {
                left: 0,
                right: COLUMNS,
                header: edit.header_row.or(Some(area.top)),
                table: None,
                bottom: Some(area.bottom),
                last: 0,
            },
            (None, _) => Self { left: 0, right: COLUMNS, header: edit.header_row, table: None, bottom: None, last: 0 },
        };
        region.last = match edit.after {
            Some(row) => row,
            None => region.last_shown(sheet, rows)?,
        };
        Ok(region)
    }

    fn last_shown(&self, sheet: &SheetText<'_>, rows: &[Row]) -> Result<u32, Refusal> {
        let floor = self.header.unwrap_or(0);
        for row in rows.iter().rev().take_while(|row| row.number > floor) {
            if self.shows(sheet, row)? {
                return Ok(row.number);
            }
        }
        Ok(floor)
    }

    /// Whether a row shows something in a column of the region.
    pub fn shows(&self, sheet: &SheetText<'_>, row: &Row) -> Result<bool, Refusal> {
        if row.closed() {
            return Ok(false);
        }
        let cells = sheet.cells(row)?;
        Ok(cells.iter().any(|cell| (self.left..=self.right).contains(&cell.column) && sheet.shows(cell)))
    }

    /// Whether the last row is data, not the row of the headers.
    pub fn has_data(&self) -> bool {
        self.last > self.header.unwrap_or(0)
    }

    /// How areas grow when `count` rows are appended.
    pub fn growth(&self, count: u32) -> Growth {
        let to = self.last.saturating_add(count);
        let mut froms: Vec<u32> = self.bottom.into_iter().collect();
        if count == 0 {
            froms.clear();
        } else if self.has_data() && !froms.contains(&self.last) {
            froms.push(self.last);
        }
        Growth { pairs: froms.into_iter().map(|from| (from, to)).collect(), header: self.header, told: false }
    }

    /// Refuses where the new rows have no room: totals, the end of the sheet, another table, merged cells, data.
    pub fn check_room(
        &self,
        new_rows: &[u32],
        (sheet, rows): (&SheetText<'_>, &[Row]),
        frame: &Frame,
        tables: &[Table],
    ) -> Result<(), Refusal> {
        let (Some(first), Some(bottom)) = (new_rows.iter().min().copied(), new_rows.iter().max().copied()) else {
            return Ok(());
        };
        if bottom > LAST_ROW {
            return Err(Refusal::at(Cause::RowLimit, sheet.part));
        }
        let own = self.table.and_then(|at| tables.get(at));
        if own.is_some_and(|table| table.totals > 0 && bottom > table.area.bottom.saturating_sub(table.totals)) {
            return Err(Refusal::at(Cause::TotalsRow, sheet.part));
        }
        let top = own.map_or(first, |table| first.min(table.area.bottom.saturating_add(1)));
        let ground = Area { left: self.left, right: self.right, top, bottom };
        let other_table = (0..tables.len())
            .filter(|at| Some(*at) != self.table)
            .filter_map(|at| tables.get(at))
            .any(|table| table.area.meets(&ground));
        let merged = frame.areas(Owner::Merged).iter().any(|area| area.meets(&ground) && self.table.is_some());
        if other_table || merged {
            return Err(Refusal::at(Cause::PlaceTaken, sheet.part));
        }
        for row in new_rows {
            let existing = rows.binary_search_by_key(row, |r| r.number).ok().and_then(|at| rows.get(at));
            if existing.map(|row| self.shows(sheet, row)).transpose()? == Some(true) {
                return Err(Refusal::at(Cause::PlaceTaken, sheet.part));
            }
        }
        Ok(())
    }
}
