//! The ledger as a plain list, and one pass of the service over it and a book.

use super::book;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use zvernennia::desk::Desk;
use zvernennia::desk::shown;
use zvernennia::desk::typed_rows::{self, Hint};
use zvernennia::domain::field::Field;
use zvernennia::domain::form::Form;
use zvernennia::domain::grid::{Sheet, Stamp};
use zvernennia::domain::number::NumberFormat;
use zvernennia::domain::reading::{Class, Reading};
use zvernennia::domain::register::Row;
use zvernennia::domain::value::Value;
use zvernennia::merge::cell::Verdict;
use zvernennia::merge::identity::{Known, Place};
use zvernennia::merge::take::{Taken, Understood, take, understand};
use zvernennia::merge::unnumbered;
use zvernennia::settings::valid::Settings;

pub const REPLICA: &str = "model/register/2026";
const YEAR: i32 = 2026;

fn settings() -> &'static Settings {
    static SETTINGS: OnceLock<Settings> = OnceLock::new();
    SETTINGS.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        zvernennia::cli::init::embedded(&folder.path().join("office")).unwrap();
        zvernennia::settings::load(&folder.path().join("office/zvernennia.toml")).unwrap()
    })
}

fn desk() -> &'static Desk<'static> {
    static NUMBERS: OnceLock<NumberFormat> = OnceLock::new();
    static DESK: OnceLock<Desk<'static>> = OnceLock::new();
    DESK.get_or_init(|| Desk {
        settings: settings(),
        numbers: NUMBERS.get_or_init(|| NumberFormat::parse(&settings().numbering.format).unwrap()),
    })
}

/// A matter in which nothing is found: the row alone decides.
fn reading() -> &'static Reading {
    static READING: OnceLock<Reading> = OnceLock::new();
    READING.get_or_init(|| {
        serde_json::from_value(serde_json::json!({
            "class": Class::Appeal, "class_reason": "", "collective": false, "phones": [], "departments": [],
            "complained_of": [], "missing": [], "answers": [], "needs_ocr": false, "remarks": []
        }))
        .unwrap()
    })
}

/// An appeal with its rows, each from a revision on.
#[derive(Debug, Clone)]
pub struct Appeal {
    pub number: String,
    pub versions: Vec<(i64, Row)>,
    pub adopted: bool,
}

impl Appeal {
    pub fn now(&self) -> &Row {
        &self.versions.last().unwrap().1
    }
}

/// What the real ledger keeps of a register.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    pub revision: i64,
    pub written: i64,
    pub appeals: Vec<Appeal>,
    /// Values that a line of the journal names.
    pub journal: BTreeSet<String>,
    /// What rows that are no appeal said when they were last seen.
    pub unnumbered: Vec<Row>,
    /// Values that lost against a person's.
    pub conflicts: Vec<String>,
}

/// How far a pass comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To the end.
    Whole,
    /// Somebody has the file open: nothing is written.
    Held,
    /// Killed after the ledger's commit, before the file is replaced.
    Killed,
}

/// What a pass did.
#[derive(Debug, PartialEq, Eq)]
pub enum Passed {
    /// Nothing was to be done.
    Nothing,
    /// So much: cells taken, cells shown, rows appended.
    Did(usize, usize, usize),
    /// The guard stopped it.
    Refused,
}

impl Ledger {
    fn register_revision(&self) -> i64 {
        self.appeals.iter().map(|appeal| appeal.versions.last().unwrap().0).max().unwrap_or(0)
    }

    /// A letter became an appeal.
    pub fn register(&mut self, row: Row, number: String, adopted: bool) {
        self.appeals.push(Appeal { number, versions: vec![(self.revision, row)], adopted });
    }

    pub fn next_revision(&mut self) {
        self.revision += 1;
    }

    /// Sets a cell; the journal names the old and the new value.
    pub fn set(&mut self, appeal: usize, field: Field, value: &Value) {
        let revision = self.revision;
        let appeal = &mut self.appeals[appeal];
        let mut row = appeal.now().clone();
        if row.get(field) == value {
            return;
        }
        self.journal.extend([row.get(field).to_string(), value.to_string()]);
        row.set(field, value.clone());
        match appeal.versions.last_mut() {
            Some((from, last)) if *from == revision => *last = row,
            Some(_) | None => appeal.versions.push((revision, row)),
        }
    }

    fn hint(&mut self, appeal: usize, hint: &str) {
        let text = match self.appeals[appeal].now().get(Field::Hint) {
            Value::Text(present) => format!("{present}\n{hint}"),
            Value::Empty | Value::Number(_) | Value::Date(_) | Value::Time(_) => hint.to_owned(),
        };
        self.set(appeal, Field::Hint, &Value::text(&text));
    }

    fn known(&self, base: i64) -> Vec<Known> {
        self.appeals
            .iter()
            .zip(0..)
            .map(|(appeal, id)| {
                let shown = |(from, _): &&(i64, Row)| *from <= base;
                Known {
                    appeal: id,
                    number: appeal.number.clone(),
                    now: appeal.now().clone(),
                    base: appeal.versions.iter().rev().find(shown).map(|(_, row)| row.clone()),
                    since: appeal
                        .versions
                        .iter()
                        .filter(|(from, _)| *from > base)
                        .map(|(_, row)| row.clone())
                        .collect(),
                    adopted: appeal.adopted,
                }
            })
            .collect()
    }

    /// One pass over a book.
    pub fn pass(&mut self, book: &mut Sheet, reach: Reach) -> Passed {
        let base = book.stamp.as_ref().map_or(self.written, |stamp| stamp.revision);
        let understood = understand(book, Form::Register);
        let known = self.known(base);
        let taken = take(&understood, &known, book.stamp.is_some());
        if taken.suspicion.is_some() {
            return Passed::Refused;
        }
        let (hints, took) = self.take_over((&understood, &known, &taken), reach == Reach::Held);
        let revision = self.register_revision();
        if reach != Reach::Whole {
            return Passed::Did(took, 0, 0);
        }
        let stamp = Stamp { replica: REPLICA.to_owned(), revision };
        let rows: BTreeMap<&str, &Row> =
            self.appeals.iter().map(|appeal| (appeal.number.as_str(), appeal.now())).collect();
        let (edits, append) = shown::register((&understood, &known, &taken), &rows, &hints);
        let done = Passed::Did(took, edits.cells.len(), append.len());
        let stamped = book.stamp.as_ref().is_some_and(|stamp| stamp.revision >= revision);
        if done == Passed::Did(0, 0, 0) && stamped {
            return Passed::Nothing;
        }
        book::apply(book, &edits, stamp);
        self.written = revision;
        done
    }

    fn take_over(
        &mut self,
        (sheet, known, taken): (&Understood, &[Known], &Taken),
        held: bool,
    ) -> (BTreeMap<usize, Hint>, usize) {
        self.revision += 1;
        let mut took = 0;
        for edit in &taken.edits {
            match edit.verdict {
                Verdict::Take => self.set(edit.known, edit.field, &edit.new),
                Verdict::TakeAgainst => {
                    self.set(edit.known, edit.field, &edit.new);
                    self.conflicts.push(edit.old.to_string());
                }
                Verdict::PutBack => {
                    self.journal.insert(edit.new.to_string());
                    if !held {
                        self.hint(edit.known, "у графі системи було введено інше");
                    }
                }
                Verdict::Nothing | Verdict::Show => continue,
            }
            took += 1;
        }
        let mut hints = BTreeMap::new();
        if !held {
            for missing in &taken.missing {
                self.hint(*missing, "рядок було видалено з книги");
                took += 1;
            }
            for place in &taken.places {
                if let Place::Appeal(index) = place {
                    let number = Value::text(&known[*index].number);
                    if sheet.rows.iter().any(|row| *row.get(Field::Number) == number) {
                        self.appeals[*index].adopted = false;
                    }
                }
            }
            hints = self.new_rows((sheet, known, taken));
            took += hints.values().filter(|hint| matches!(hint, Hint::Registered(_))).count();
        }
        let said: BTreeMap<usize, &str> = hints.iter().filter_map(|(at, hint)| Some((*at, hint.text()?))).collect();
        let gone = unnumbered::gone(&self.unnumbered, sheet);
        self.journal.extend(gone.into_iter().map(|(_, value)| value.to_string()));
        self.unnumbered = unnumbered::rows(sheet, &taken.places, known, &said);
        (hints, took)
    }

    fn new_rows(&mut self, read: (&Understood, &[Known], &Taken)) -> BTreeMap<usize, Hint> {
        let desk = desk();
        let now = NaiveDate::from_ymd_opt(YEAR, 3, 2).unwrap().and_hms_opt(10, 30, 0).unwrap();
        let last = self.appeals.len() as i64;
        let decided = typed_rows::decide(desk, &|_| reading().clone(), (YEAR, last, now), read);
        for registration in decided.registrations {
            self.journal.extend(registration.typed.iter().map(|(_, value)| value.to_string()));
            self.register(registration.row, registration.number, true);
        }
        decided.hints
    }
}
