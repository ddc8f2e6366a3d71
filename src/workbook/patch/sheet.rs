//! The patch of one worksheet: which bytes are replaced by which.

use super::areas::{Frame, Growth, Owner, Table, grow_name};
use super::bytes::{Splice, cut};
use super::chain::Gone;
use super::content::{NewCell, Ready, Shown, finish_cell, new_cell, ready};
use super::package::{ListedSheet, Package, relations};
use super::place::{Area, COLUMNS, LAST_ROW, cell_name};
use super::region::Region;
use super::rows::{Cell, Row, SheetText};
use super::styles::Styles;
use super::xml::{Kind, Walker, attributes, escape_into, unescape};
use super::{Part, Report, SheetEdit};
use crate::workbook::refusal::{Cause, Refusal};
use std::collections::BTreeMap;

/// A cell that the changed sheet must show.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Row, 1-based.
    pub row: u32,
    /// Column, 0-based.
    pub column: u32,
    /// What it shows.
    pub ready: Ready,
}

/// The patch of one sheet.
pub struct SheetPatch {
    /// The worksheet part.
    pub part: Part,
    /// Its table parts that grow.
    pub tables: Vec<Part>,
    /// How areas grow; names in the workbook part follow.
    pub growth: Growth,
    /// What must be read back.
    pub expected: Vec<Expected>,
    /// Rows that must be gone.
    pub removed: Vec<u32>,
    /// Formula cells that lost their formula.
    pub gone: Gone,
    /// What the caller may want to know.
    pub report: Report,
}

/// The work on one sheet while it goes on.
struct Work<'a> {
    sheet: &'a SheetText<'a>,
    rows: &'a [Row],
    styles: &'a Styles,
    frame: &'a Frame,
    date1904: bool,
    sheet_id: &'a str,
    guarded: Vec<Area>,
    template: Template,
    splice: Splice,
    expected: Vec<Expected>,
    gone: Gone,
    touched: Option<Area>,
}

/// What a new row takes over from the last data row.
#[derive(Debug, Default)]
struct Template {
    spans: Option<(u32, u32)>,
    /// `x14ac:dyDescent="…"` as written.
    descent: Vec<u8>,
    styles: BTreeMap<u32, u32>,
}

/// Plans the patch of one sheet.
pub fn plan(
    package: &Package<'_>,
    styles: &Styles,
    listed: &ListedSheet,
    edit: &SheetEdit,
) -> Result<SheetPatch, Refusal> {
    if listed.kind != "worksheet" {
        return Err(Refusal::at(Cause::NotCells, listed.name.clone()));
    }
    let (index, bytes) = package.load(&listed.part)?;
    let tables: Vec<(Table, usize, Vec<u8>)> = load_tables(package, &listed.part)?;
    let named = |mut refusal: Refusal| {
        if refusal.place == listed.part {
            refusal.place.clone_from(&listed.name);
        }
        refusal
    };
    let plan = plan_rows(package, styles, listed, edit, (&bytes, &tables)).map_err(named)?;
    let (splice, growth, rest) = plan;
    let mut grown_tables = Vec::new();
    for (table, index, bytes) in tables {
        let Some(bottom) =
            growth.target(table.area.bottom).filter(|_| growth.told || rest.table.as_deref() == Some(&table.part))
        else {
            continue;
        };
        let mut splice = Splice::default();
        for (place, text) in table.grown(bottom) {
            splice.replace(place, text);
        }
        grown_tables.push(Part { index, original: bytes, splice });
    }
    Ok(SheetPatch {
        part: Part { index, original: bytes, splice },
        tables: grown_tables,
        growth,
        expected: rest.expected,
        removed: edit.remove.iter().copied().collect(),
        gone: rest.gone,
        report: rest.report,
    })
}

struct Rest {
    table: Option<String>,
    expected: Vec<Expected>,
    gone: Gone,
    report: Report,
}

fn load_tables(package: &Package<'_>, part: &str) -> Result<Vec<(Table, usize, Vec<u8>)>, Refusal> {
    let mut tables = Vec::new();
    for relation in relations(&package.archive, part)?.into_iter().filter(|r| r.kind == "table") {
        let (index, bytes) = package.load(&relation.target)?;
        if let Some(table) = Table::read(&bytes, &relation.target)? {
            tables.push((table, index, bytes));
        }
    }
    Ok(tables)
}

/// A table with the position of its part and the bytes of it.
type Loaded = (Table, usize, Vec<u8>);

fn plan_rows(
    package: &Package<'_>,
    styles: &Styles,
    listed: &ListedSheet,
    edit: &SheetEdit,
    (bytes, loaded): (&[u8], &[Loaded]),
) -> Result<(Splice, Growth, Rest), Refusal> {
    let sheet = SheetText::open(bytes, &listed.part)?;
    let rows = sheet.rows()?;
    let frame = Frame::read(&sheet)?;
    let tables: Vec<Table> = loaded.iter().map(|(table, ..)| table.clone()).collect();
    let region = Region::find(edit, &sheet, &rows, &frame, &tables)?;
    let count = u32::try_from(edit.append.len()).map_err(|_| Refusal::at(Cause::RowLimit, sheet.part))?;
    let new_rows: Vec<u32> = (1..=count).map(|n| region.last.saturating_add(n)).collect();
    region.check_room(&new_rows, (&sheet, &rows), &frame, &tables)?;
    let growth = match &edit.growth {
        None => region.growth(count),
        Some(pairs) => Growth { pairs: pairs.clone(), header: region.header, told: true },
    };
    if tables.iter().any(|table| table.totals > 0 && growth.told && growth.target(table.area.bottom).is_some()) {
        return Err(Refusal::at(Cause::TotalsRow, sheet.part));
    }
    let mut targets: BTreeMap<u32, BTreeMap<u32, NewCell>> = BTreeMap::new();
    for ((row, column), cell) in &edit.cells {
        check_place(*row, *column, cell, styles)?;
        if tables.iter().any(|table| table.names_column(*row, *column)) {
            return Err(Refusal::at(Cause::TableHeader, cell_name(*column, *row)));
        }
        targets.entry(*row).or_default().insert(*column, cell.clone());
    }
    for (row, cells) in new_rows.iter().zip(&edit.append) {
        for (column, cell) in cells {
            check_place(*row, *column, cell, styles)?;
        }
        targets.entry(*row).or_default().extend(cells.clone());
    }
    let mut work = Work {
        sheet: &sheet,
        rows: &rows,
        styles,
        frame: &frame,
        date1904: package.date1904,
        sheet_id: &listed.id,
        guarded: if edit.cells.is_empty() && edit.remove.is_empty() { Vec::new() } else { sheet.guarded() },
        template: Template::default(),
        splice: Splice::default(),
        expected: Vec::new(),
        gone: Gone::new(),
        touched: None,
    };
    work.read_template(&region)?;
    work.remove_rows(edit)?;
    work.write_rows(&targets, &new_rows)?;
    work.update_frame(&growth);
    let rest = Rest {
        table: region.table.and_then(|at| tables.get(at)).map(|table| table.part.clone()),
        expected: work.expected,
        gone: work.gone,
        report: Report { sheet: listed.name.clone(), new_rows, grown: growth.pairs.clone() },
    };
    Ok((work.splice, growth, rest))
}

fn check_place(row: u32, column: u32, cell: &NewCell, styles: &Styles) -> Result<(), Refusal> {
    if row > LAST_ROW {
        return Err(Refusal::at(Cause::RowLimit, cell_name(column, row)));
    }
    let number = matches!(&cell.content, super::Content::Number(number) if !number.is_finite());
    if row == 0 || column >= COLUMNS || number || cell.style.is_some_and(|style| !styles.has(style)) {
        return Err(Refusal::at(Cause::BadEdit, cell_name(column, row)));
    }
    Ok(())
}

impl<'a> Work<'a> {
    fn row(&self, number: u32) -> Option<&'a Row> {
        self.rows.binary_search_by_key(&number, |row| row.number).ok().and_then(|at| self.rows.get(at))
    }

    fn number(&self, tag: std::ops::Range<usize>, name: &[u8]) -> Option<u32> {
        std::str::from_utf8(self.sheet.attribute(tag, name)?).ok()?.trim().parse().ok()
    }

    fn read_template(&mut self, region: &Region) -> Result<(), Refusal> {
        // A table without data has one blank row that shows how rows look.
        let blank = region.table.and(region.last.checked_add(1)).filter(|_| !region.has_data());
        let Some(row) = self.row(blank.unwrap_or(region.last)).filter(|_| region.has_data() || blank.is_some()) else {
            return Ok(());
        };
        let tag = cut(self.sheet.bytes, row.tag());
        for (name, value) in attributes(tag) {
            let (key, raw) = (cut(tag, name.clone()), cut(tag, value.clone()));
            if key == b"spans" {
                let text = std::str::from_utf8(raw).unwrap_or_default();
                self.template.spans = text.split_once(':').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
            } else if key.ends_with(b":dyDescent") {
                self.template.descent = cut(tag, name.start..value.end.saturating_add(1)).to_vec();
            }
        }
        for cell in self.sheet.cells(row)? {
            if let Some(style) =
                self.number(cell.tag.clone(), b"s").filter(|_| (region.left..=region.right).contains(&cell.column))
            {
                self.template.styles.insert(cell.column, style);
            }
        }
        Ok(())
    }

    fn remove_rows(&mut self, edit: &SheetEdit) -> Result<(), Refusal> {
        for number in &edit.remove {
            let Some(row) = self.row(*number) else { continue };
            for cell in self.sheet.cells(row)? {
                self.check_formula(&cell, *number)?;
            }
            self.splice.replace(row.place(), *b"");
        }
        Ok(())
    }

    /// Refuses cells of array and shared formulas; notes a formula that goes.
    fn check_formula(&mut self, cell: &Cell, row: u32) -> Result<(), Refusal> {
        let own = Area { left: cell.column, right: cell.column, top: row, bottom: row };
        let refuse = || Refusal::at(Cause::FormulaCell, cell_name(cell.column, row));
        if self.guarded.iter().any(|area| area.meets(&own)) {
            return Err(refuse());
        }
        let Some((tag, _)) = self.sheet.child(cell, "f") else { return Ok(()) };
        let kind = self.sheet.attribute(tag.clone(), b"t");
        // The first cell of a shared formula has `ref`; the others lean on it and may go.
        if matches!(kind, Some(b"array" | b"dataTable")) || self.sheet.attribute(tag, b"ref").is_some() {
            return Err(refuse());
        }
        self.gone.insert((self.sheet_id.to_owned(), cell.column, row));
        Ok(())
    }

    fn touch(&mut self, column: u32, row: u32) {
        let area = self.touched.get_or_insert(Area { left: column, right: column, top: row, bottom: row });
        area.left = area.left.min(column);
        area.right = area.right.max(column);
        area.top = area.top.min(row);
        area.bottom = area.bottom.max(row);
    }

    fn expect(&mut self, row: u32, column: u32, ready: &Ready) {
        self.expected.push(Expected { row, column, ready: ready.clone() });
    }

    fn write_rows(&mut self, targets: &BTreeMap<u32, BTreeMap<u32, NewCell>>, new_rows: &[u32]) -> Result<(), Refusal> {
        let mut into_empty = Vec::new();
        for (number, cells) in targets {
            if let Some(row) = self.row(*number) {
                self.change_row(row, cells)?;
                continue;
            }
            if !new_rows.contains(number) && cells.values().all(|cell| cell.content == super::Content::Blank) {
                continue;
            }
            let xml = self.fresh_row(*number, cells);
            let before = self.rows.partition_point(|row| row.number < *number);
            let place = before.checked_sub(1).and_then(|at| self.rows.get(at));
            let at = place.map_or(self.sheet.body.start, |row| row.place().end);
            if self.sheet.closed { into_empty.extend(xml) } else { self.splice.replace(at..at, xml) }
        }
        if !into_empty.is_empty() {
            let end = self.sheet.head.end;
            let mut new = b">".to_vec();
            new.extend(into_empty);
            new.extend_from_slice(format!("</{}sheetData>", self.sheet.prefix).as_bytes());
            self.splice.replace(end.saturating_sub(2)..end, new);
        }
        Ok(())
    }

    fn style_for(&self, column: u32) -> Option<u32> {
        self.template.styles.get(&column).copied().or_else(|| self.frame.column_style(column))
    }

    fn fresh_row(&mut self, number: u32, cells: &BTreeMap<u32, NewCell>) -> Vec<u8> {
        let prefix = &self.sheet.prefix;
        let mut out = format!("<{prefix}row r=\"{number}\"").into_bytes();
        if let Some((low, high)) = self.template.spans {
            let first = cells.keys().next().map_or(low, |c| low.min(c.saturating_add(1)));
            let last = cells.keys().next_back().map_or(high, |c| high.max(c.saturating_add(1)));
            out.extend_from_slice(format!(" spans=\"{first}:{last}\"").as_bytes());
        }
        if !self.template.descent.is_empty() {
            out.push(b' ');
            out.extend_from_slice(&self.template.descent);
        }
        out.push(b'>');
        let mut all: BTreeMap<u32, NewCell> =
            self.template.styles.keys().map(|column| (*column, NewCell::default())).collect();
        all.extend(cells.clone());
        for (column, cell) in &all {
            let ready = ready(cell, self.style_for(*column), false, self.styles, self.date1904);
            if ready.shown == Shown::Nothing && ready.style.is_none() {
                continue;
            }
            new_cell(prefix, *column, number, &ready, &mut out);
            self.touch(*column, number);
            self.expect(number, *column, &ready);
        }
        out.extend_from_slice(format!("</{prefix}row>").as_bytes());
        out
    }

    fn change_row(&mut self, row: &Row, cells: &BTreeMap<u32, NewCell>) -> Result<(), Refusal> {
        let existing = self.sheet.cells(row)?;
        let mut into_closed = Vec::new();
        for (column, new) in cells {
            match existing.binary_search_by_key(column, |cell| cell.column).ok().and_then(|at| existing.get(at)) {
                Some(cell) => self.change_cell(cell, row.number, new)?,
                None if new.content == super::Content::Blank && new.style.is_none() => {}
                None => {
                    self.check_guarded(*column, row.number)?;
                    let ready = ready(new, self.style_for(*column), false, self.styles, self.date1904);
                    let mut xml = Vec::new();
                    new_cell(&self.sheet.prefix, *column, row.number, &ready, &mut xml);
                    self.touch(*column, row.number);
                    self.expect(row.number, *column, &ready);
                    let before = existing.partition_point(|cell| cell.column < *column);
                    let at =
                        before.checked_sub(1).and_then(|at| existing.get(at)).map_or(row.tag().end, |c| c.place.end);
                    if row.closed() { into_closed.extend(xml) } else { self.splice.replace(at..at, xml) }
                }
            }
        }
        if !into_closed.is_empty() {
            let mut new = b">".to_vec();
            new.extend(into_closed);
            new.extend_from_slice(format!("</{}row>", self.sheet.prefix).as_bytes());
            self.splice.replace(row.tag().end.saturating_sub(2)..row.tag().end, new);
        }
        self.widen_spans(row, cells);
        Ok(())
    }

    fn check_guarded(&self, column: u32, row: u32) -> Result<(), Refusal> {
        let own = Area { left: column, right: column, top: row, bottom: row };
        let guarded = self.guarded.iter().any(|area| area.meets(&own));
        if guarded { Err(Refusal::at(Cause::FormulaCell, cell_name(column, row))) } else { Ok(()) }
    }

    /// `spans` is a hint for the reader; a wrong one is worse than a wide one.
    fn widen_spans(&mut self, row: &Row, cells: &BTreeMap<u32, NewCell>) {
        let tag = cut(self.sheet.bytes, row.tag());
        let Some((_, value)) = attributes(tag).find(|(name, _)| cut(tag, name.clone()) == b"spans") else { return };
        let text = std::str::from_utf8(cut(tag, value.clone())).unwrap_or_default();
        let parts = text.split_ascii_whitespace().filter_map(|span| span.split_once(':'));
        let parts: Vec<(u32, u32)> = parts.filter_map(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?))).collect();
        let inside = |column: &u32| parts.iter().any(|(low, high)| (*low..=*high).contains(&column.saturating_add(1)));
        if cells.keys().all(inside) {
            return;
        }
        let low = parts.iter().map(|(low, _)| *low).chain(cells.keys().map(|c| c.saturating_add(1))).min().unwrap_or(1);
        let high =
            parts.iter().map(|(_, high)| *high).chain(cells.keys().map(|c| c.saturating_add(1))).max().unwrap_or(1);
        let base = row.tag().start;
        self.splice.replace(base.saturating_add(value.start)..base.saturating_add(value.end), format!("{low}:{high}"));
    }

    fn change_cell(&mut self, cell: &Cell, row: u32, new: &NewCell) -> Result<(), Refusal> {
        self.check_formula(cell, row)?;
        let style = self.number(cell.tag.clone(), b"s");
        let ready = ready(new, style, true, self.styles, self.date1904);
        let tag = cut(self.sheet.bytes, cell.tag.clone());
        let mut out = format!("<{}c", self.sheet.prefix).into_bytes();
        for (name, value) in attributes(tag) {
            let key = cut(tag, name.clone());
            // `cm` and `vm` point to metadata of the old value; `s` stays unless the caller names another.
            if matches!(key, b"t" | b"cm" | b"vm") || (key == b"s" && new.style.is_some()) {
                continue;
            }
            out.push(b' ');
            out.extend_from_slice(cut(tag, name.start..value.end.saturating_add(1)));
        }
        if let Some(style) = new.style {
            out.extend_from_slice(format!(" s=\"{style}\"").as_bytes());
        }
        finish_cell(&self.sheet.prefix, &ready.shown, &mut out);
        self.splice.replace(cell.place.clone(), out);
        self.touch(cell.column, row);
        self.expect(row, cell.column, &ready);
        Ok(())
    }

    fn update_frame(&mut self, growth: &Growth) {
        for (place, text) in self.frame.grown(growth) {
            self.splice.replace(place, text);
        }
        let Some(touched) = self.touched else { return };
        for found in self.frame.found.iter().filter(|found| found.owner == Owner::Dimension) {
            let Some(old) = Area::parse(&found.text) else { continue };
            let (left, top) = (old.left.min(touched.left), old.top.min(touched.top));
            let (right, bottom) = (old.right.max(touched.right), old.bottom.max(touched.bottom));
            let text = format!("{}:{}", cell_name(left, top), cell_name(right, bottom));
            if (Area { left, top, right, bottom }) != old {
                self.splice.replace(found.place.clone(), text);
            }
        }
    }
}

/// Lets names of the workbook part grow with the areas of their sheets.
pub fn grow_names(package: &Package<'_>, grown: &[(&ListedSheet, &Growth)]) -> Result<Option<Part>, Refusal> {
    let bytes = &package.workbook_text;
    let mut walker = Walker::new(bytes, &package.workbook)?;
    let mut splice = Splice::default();
    let mut open: Option<(usize, bool)> = None;
    while let Some(node) = walker.next()? {
        if node.local != "definedName" {
            continue;
        }
        match (node.kind, open) {
            (Kind::Open, _) => open = Some((node.place.end, node.value("name") == Some("_xlnm._FilterDatabase"))),
            (Kind::Close, Some((start, filter))) => {
                let raw = std::str::from_utf8(cut(bytes, start..node.place.start)).unwrap_or_default();
                let text = unescape(raw);
                let new = grown.iter().find_map(|(sheet, growth)| grow_name(&text, &sheet.name, growth, filter));
                if let Some(new) = new {
                    let mut escaped = Vec::new();
                    escape_into(&new, &mut escaped);
                    splice.replace(start..node.place.start, escaped);
                }
                open = None;
            }
            _ => {}
        }
    }
    if splice.is_empty() {
        return Ok(None);
    }
    let (index, original) = package.load(&package.workbook)?;
    Ok(Some(Part { index, original, splice }))
}
