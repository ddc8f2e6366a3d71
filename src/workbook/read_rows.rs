//! From a stream of cells to the rows of the register, with all that people do between and below them.
//!
//! Skipped: blank rows, the row of column numbers, repeated headers, day separators, totals. Resolved: "так само" and its
//! signs. Rows below the table and hidden rows are rows like any other. Order of the file is kept; disorder is refused.

use crate::domain::field::Field;
use crate::domain::grid::{Raw, SheetRow};
use crate::domain::label::key;
use crate::workbook::read_header::{Columns, Dictionary};
use crate::workbook::refusal::{Cause, Refusal};

/// Most rows with values.
const MAX_ROWS: usize = 200_000;
/// Most letters of a cell that are kept, a little more than Excel allows.
const MAX_LETTERS: usize = 33_000;

/// Gathers rows.
pub(super) struct Gatherer<'a> {
    columns: &'a Columns,
    dictionary: &'a Dictionary,
    sheet: &'a str,
    current: SheetRow,
    current_column: Option<u32>,
    leave_out: &'a mut dyn FnMut(&SheetRow) -> bool,
    rows: Vec<SheetRow>,
    /// How many rows there were, those that were left out among them.
    count: usize,
    /// The last of the rows is to be left out; until the next one has looked at it, it stays.
    leaves: bool,
    /// Last row with a value under any header, 1-based.
    pub last_row: u32,
    /// How many cells said "the same".
    pub dittos: usize,
}

impl<'a> Gatherer<'a> {
    pub(super) fn new(
        (columns, dictionary, sheet): (&'a Columns, &'a Dictionary, &'a str),
        leave_out: &'a mut dyn FnMut(&SheetRow) -> bool,
    ) -> Self {
        let header = columns.header_row + 1;
        let current = SheetRow { row: header, ..SheetRow::default() };
        Self {
            columns,
            dictionary,
            sheet,
            current,
            current_column: None,
            leave_out,
            rows: Vec::new(),
            count: 0,
            leaves: false,
            last_row: header,
            dittos: 0,
        }
    }

    /// Takes a cell in the order of the file; row and column 0-based.
    ///
    /// # Errors
    /// Rows or cells that do not ascend, or too many of them.
    pub(super) fn cell(&mut self, (row, column): (u32, u32), value: Raw, formula: bool) -> Result<(), Refusal> {
        if row <= self.columns.header_row {
            return Ok(());
        }
        let row = row + 1;
        if row != self.current.row {
            self.finish_row()?;
            if row < self.current.row {
                return Err(Refusal::at(Cause::Disorder, self.sheet));
            }
            self.current.row = row;
            self.current_column = None;
        }
        if self.current_column.is_some_and(|before| before >= column) {
            return Err(Refusal::at(Cause::Disorder, self.sheet));
        }
        self.current_column = Some(column);
        if let Some(field) = self.columns.known.get(&column) {
            if formula {
                self.current.formulas.push(*field);
            }
            if !is_blank(&value) {
                self.current.cells.insert(*field, trimmed(value));
            }
        } else if let Some(header) = self.columns.extra.get(&column)
            && !is_blank(&value)
        {
            self.current.extra.insert(header.clone(), trimmed(value));
        }
        Ok(())
    }

    /// Ends the row; the row number stays, so that what follows can be compared with it.
    ///
    /// # Errors
    /// Too many rows.
    pub(super) fn finish_row(&mut self) -> Result<(), Refusal> {
        let number = self.current.row;
        let mut row = std::mem::replace(&mut self.current, SheetRow { row: number, ..SheetRow::default() });
        if row.cells.is_empty() && row.extra.is_empty() {
            return Ok(());
        }
        self.last_row = row.row;
        let is_first = self.count == 0;
        let skip = row.cells.is_empty()
            || (is_first && is_numbering(&row, self.columns))
            || self.dictionary.repeats_headers(texts(&row))
            || is_separator(&row);
        if skip {
            return Ok(());
        }
        if self.count >= MAX_ROWS {
            return Err(Refusal::at(Cause::TooMuchData, self.sheet));
        }
        self.count += 1;
        self.resolve_dittos(&mut row);
        self.drop_left_out();
        self.leaves = (self.leave_out)(&row);
        self.rows.push(row);
        Ok(())
    }

    fn drop_left_out(&mut self) {
        if self.leaves {
            self.rows.pop();
            self.leaves = false;
        }
    }

    /// The finished rows, but for those that were left out.
    pub(super) fn rows(mut self) -> Vec<SheetRow> {
        self.drop_left_out();
        self.rows
    }

    /// "-//-" means the value above, if the row above is the one just before.
    fn resolve_dittos(&mut self, row: &mut SheetRow) {
        let above = self.rows.last().filter(|above| above.row + 1 == row.row);
        for (field, value) in &mut row.cells {
            let is_ditto = matches!(value, Raw::Text(text) if is_ditto(text));
            if !is_ditto || matches!(field, Field::Number | Field::Ordinal) {
                continue;
            }
            if let Some(source) = above.and_then(|above| above.cells.get(field)) {
                *value = source.clone();
                row.dittos.push(*field);
                self.dittos += 1;
            }
        }
    }
}

fn texts(row: &SheetRow) -> impl Iterator<Item = (Field, &str)> {
    row.cells.iter().filter_map(|(field, value)| match value {
        Raw::Text(text) => Some((*field, text.as_str())),
        Raw::Empty | Raw::Number(_) | Raw::Bool(_) | Raw::Error(_) => None,
    })
}

fn is_blank(value: &Raw) -> bool {
    match value {
        Raw::Empty => true,
        Raw::Text(text) => text.chars().all(char::is_whitespace),
        Raw::Number(_) | Raw::Bool(_) | Raw::Error(_) => false,
    }
}

fn trimmed(value: Raw) -> Raw {
    match value {
        Raw::Text(text) if text.len() > MAX_LETTERS => Raw::Text(text.chars().take(MAX_LETTERS).collect()),
        Raw::Text(_) | Raw::Empty | Raw::Number(_) | Raw::Bool(_) | Raw::Error(_) => value,
    }
}

fn whole(value: &Raw) -> Option<u32> {
    match value {
        Raw::Number(number) if *number >= 0.0 && *number <= 1e6 && number.fract() == 0.0 => Some(*number as u32),
        Raw::Text(text) => text.trim().trim_end_matches('.').parse().ok(),
        Raw::Number(_) | Raw::Empty | Raw::Bool(_) | Raw::Error(_) => None,
    }
}

/// The row "1 2 3 …" under the headers: whole numbers that ascend with the columns, nothing else.
fn is_numbering(row: &SheetRow, columns: &Columns) -> bool {
    let by_column = columns.known.iter().filter_map(|(column, field)| Some((*column, row.cells.get(field)?)));
    let free = columns.extra.iter().filter_map(|(column, header)| Some((*column, row.extra.get(header)?)));
    let mut cells: Vec<(u32, &Raw)> = by_column.chain(free).collect();
    cells.sort_by_key(|(column, _)| *column);
    let numbers: Option<Vec<u32>> = cells.iter().map(|(_, value)| whole(value)).collect();
    numbers.is_some_and(|numbers| {
        numbers.len() >= 4
            && numbers.first().is_some_and(|first| *first <= 2)
            && numbers.windows(2).all(|pair| matches!(pair, [left, right] if *right == left + 1))
    })
}

/// A line between appeals ("12 липня 2022 року") or under them ("Разом"), or a bare number put there in advance.
fn is_separator(row: &SheetRow) -> bool {
    let says_something = [Field::Number, Field::Applicant, Field::Essence, Field::Phone]
        .iter()
        .any(|field| row.cells.contains_key(field));
    let only_ordinal = row.cells.len() == 1 && row.cells.contains_key(&Field::Ordinal);
    let first = row.cells.values().next();
    let is_total = matches!(first, Some(Raw::Text(text)) if ["разом", "всього", "усього", "підсумок"].contains(&key(text).as_str()));
    only_ordinal || (is_total && !says_something)
}

/// `-//-`, `″`, "так само" and their like.
fn is_ditto(text: &str) -> bool {
    let text = text.trim();
    if text.chars().nth(12).is_some() {
        return false;
    }
    let mark = |c: char| matches!(c, '"' | '″' | '”' | '“' | '„' | '〃' | 'ˮ');
    let signs = text.chars().all(|c| mark(c) || matches!(c, '-' | '–' | '—' | '/' | '\\' | '\'' | '’' | ' ' | ','));
    let quotes = text.contains(mark) || text.contains("//") || text.contains("\\\\") || text.contains("''");
    let word = text.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(['т', 'Т', 't', 'T']);
    (signs && quotes)
        || word && ["таксамо", "тесаме", "тежсаме", "тамсамо", "тойсамий", "тасама"].contains(&key(text).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_words_of_repetition() {
        for text in ["-//-", "- // -", "″", "\"", "-\"-", "так само", "Те саме", "- '' -", "—„—"] {
            assert!(is_ditto(text), "{text}");
        }
        for text in ["-", "—", "/", "так", "б/н", "12//", "саме так", ""] {
            assert!(!is_ditto(text), "{text}");
        }
    }
}
