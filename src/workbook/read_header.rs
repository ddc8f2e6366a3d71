//! Finding the appeals in a workbook: which sheet, which row has the headers, which column is what.
//!
//! Nothing is found by position: the sheet by the name of its table or of itself, or any visible sheet with such headers;
//! columns by header text, compared as the eye compares. Title rows above and free columns between do not matter.

use crate::domain::field::{Field, FieldSpec};
use crate::domain::form::Form;
use crate::domain::label::key;
use crate::domain::remark::Remark;
use crate::workbook::refusal::{Cause, Refusal};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Headers of the configuration: column of the form → what the office calls it.
pub type HeaderMap = BTreeMap<Field, String>;

/// What is looked for in a workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The form.
    pub form: Form,
    /// What the office calls its columns, where it differs.
    pub headers: HeaderMap,
}

impl Layout {
    /// The register with the office's own headers.
    pub fn register(headers: &HeaderMap) -> Self {
        Self { form: Form::Register, headers: headers.clone() }
    }

    /// A department's workbook.
    pub fn department() -> Self {
        Self { form: Form::Department, headers: HeaderMap::new() }
    }
}

/// The headers stand within this many rows.
pub(super) const HEAD_ROWS: u32 = 60;
/// A row with fewer known headers is not the row of headers.
const MIN_HEADERS: usize = 4;
/// By so many letters of their keys texts are first told from headers, and so many letters of them are looked at for it.
const BEGINNING: usize = 3;
const LOOKED_AT: usize = 12;
/// Longest header of a free column that is kept, letters.
const MAX_HEADER: usize = 120;

/// The texts of the first rows of a sheet: row → column → text; both 0-based.
pub(super) type Head = BTreeMap<u32, BTreeMap<u32, String>>;

/// Which columns a sheet has.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// 0-based row of the headers.
    pub header_row: u32,
    /// Known columns by position.
    pub known: BTreeMap<u32, Field>,
    /// Free columns by position.
    pub extra: BTreeMap<u32, String>,
    /// Every header as it stands there.
    pub headers: BTreeMap<u32, String>,
    /// What was odd about the headers.
    pub remarks: Vec<Remark>,
}

/// How sure a header names a column; the surest wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    Configured,
    Exact,
    Synonym,
}

/// Knows all headers that mean a column of a form.
pub(super) struct Dictionary {
    columns: &'static [FieldSpec],
    known: BTreeMap<String, (Match, Field)>,
    /// How the keys that name a column begin: a look at three letters spares the key of a long text.
    beginnings: BTreeSet<(Field, String)>,
}

impl Dictionary {
    pub(super) fn new(layout: &Layout) -> Self {
        let columns = layout.form.columns();
        let mut known = BTreeMap::new();
        for (field, header) in &layout.headers {
            known.insert(key(header), (Match::Configured, *field));
        }
        for spec in columns {
            known.entry(key(spec.header)).or_insert((Match::Exact, spec.field));
        }
        for spec in columns {
            for synonym in spec.synonyms {
                known.entry(key(synonym)).or_insert((Match::Synonym, spec.field));
            }
        }
        known.remove("");
        let beginnings =
            known.iter().map(|(key, (_, field))| (*field, key.chars().take(BEGINNING).collect())).collect();
        Self { columns, known, beginnings }
    }

    fn get(&self, header: &str) -> Option<(Match, Field)> {
        self.known.get(&key(header)).copied()
    }

    /// How many different columns of the form a row names.
    fn score(&self, row: &BTreeMap<u32, String>) -> usize {
        row.values().filter_map(|text| self.get(text)).map(|(_, field)| field).collect::<BTreeSet<_>>().len()
    }

    /// Whether a row repeats the headers, as long registers do on each page.
    pub(super) fn repeats_headers<'t>(&self, texts: impl Iterator<Item = (Field, &'t str)>) -> bool {
        let names = |(field, text): &(Field, &str)| {
            let start: String = text.chars().take(LOOKED_AT).collect();
            self.beginnings.contains(&(*field, key(&start).chars().take(BEGINNING).collect()))
                && self.get(text).is_some_and(|(_, named)| named == *field)
        };
        texts.filter(names).count() >= MIN_HEADERS
    }
}

/// The row of headers in the first rows of a sheet; `None` if there is none.
///
/// # Errors
/// A header that stands twice, so that nobody can tell which column is meant.
pub(super) fn find(head: &Head, dictionary: &Dictionary, sheet: &str) -> Result<Option<Columns>, Refusal> {
    let mut best: Option<(usize, u32, &BTreeMap<u32, String>)> = None;
    for (row, texts) in head {
        let score = dictionary.score(texts);
        if score >= MIN_HEADERS && best.is_none_or(|(most, ..)| score > most) {
            best = Some((score, *row, texts));
        }
    }
    best.map(|(_, row, texts)| assign(row, texts, dictionary, sheet)).transpose()
}

fn assign(
    header_row: u32,
    texts: &BTreeMap<u32, String>,
    dictionary: &Dictionary,
    sheet: &str,
) -> Result<Columns, Refusal> {
    let mut taken: BTreeMap<Field, (Match, u32)> = BTreeMap::new();
    let mut columns = Columns { header_row, headers: texts.clone(), ..Columns::default() };
    for (column, text) in texts {
        let Some((how, field)) = dictionary.get(text) else { continue };
        match taken.get(&field) {
            Some((before, _)) if *before < how => {}
            Some((before, _)) if *before == how && how != Match::Synonym => {
                return Err(Refusal::at(Cause::DoubleHeader, format!("{sheet}: {}", field.spec().header)));
            }
            Some((before, _)) if *before == how => columns.remarks.push(Remark::on(
                field,
                "Дві графи мають схожі заголовки; враховано лише першу з них. Уточніть заголовки.",
            )),
            Some(_) | None => {
                taken.insert(field, (how, *column));
            }
        }
    }
    columns.known = taken.iter().map(|(field, (_, column))| (*column, *field)).collect();
    let mut names = BTreeSet::new();
    for (column, text) in texts {
        let header: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_HEADER).collect();
        if columns.known.contains_key(column) || header.is_empty() {
            continue;
        }
        let name = if names.contains(&header) { format!("{header} ({})", column + 1) } else { header };
        names.insert(name.clone());
        columns.extra.insert(*column, name);
    }
    let missing: Vec<&str> =
        dictionary.columns.iter().filter(|spec| !taken.contains_key(&spec.field)).map(|spec| spec.header).collect();
    if !missing.is_empty() {
        columns.remarks.push(Remark::general(format!("Не знайдено граф: «{}».", missing.join("», «"))));
    }
    Ok(columns)
}
