//! The ledger as a plain list, and one pass of the service over it and a book.

use super::book;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use zvernennia::desk::Desk;
use zvernennia::desk::bearing::Bearing;
use zvernennia::desk::shown;
use zvernennia::desk::typed_rows::{self, Hint};
use zvernennia::domain::field::Field;
use zvernennia::domain::form::Form;
use zvernennia::domain::grid::{SettledRow, Sheet, Stamp};
use zvernennia::domain::number::NumberFormat;
use zvernennia::domain::reading::{Class, Reading};
use zvernennia::domain::register::Row;
use zvernennia::domain::value::Value;
use zvernennia::merge::cell::Verdict;
use zvernennia::merge::identity::{Known, Place};
use zvernennia::merge::settled::{Settling, Told, put_back};
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
        let (mut understood, settled) = self.settle(book);
        let mut known = self.known(base);
        known.retain(|known| !settled.contains_key(&(known.appeal as usize)));
        let mut taken = take(&understood, &known, book.stamp.is_some());
        self.compare_with_whole(book, base, (&understood, &known, &taken));
        if taken.suspicion.is_some() {
            return Passed::Refused;
        }
        let (hints, took) = self.take_over((&understood, &known, &taken), &settled, reach == Reach::Held);
        let revision = self.register_revision();
        if reach != Reach::Whole {
            return Passed::Did(took, 0, 0);
        }
        let stamp = Stamp { replica: REPLICA.to_owned(), revision };
        let mut rows: BTreeMap<&str, &Row> = BTreeMap::new();
        for (index, appeal) in self.appeals.iter().enumerate() {
            match settled.get(&index) {
                Some((_, row)) if row == appeal.now() => continue,
                // It was settled and has changed in this very pass.
                Some((place, row)) => {
                    understood.positions.push(*place);
                    understood.rows.push(row.clone());
                    taken.places.push(Place::Appeal(known.len()));
                    let base = Some(row.clone());
                    let (now, number) = (appeal.now().clone(), appeal.number.clone());
                    known.push(Known { appeal: index as i64, number, now, base, since: Vec::new(), adopted: false });
                }
                None => {}
            }
            rows.insert(&appeal.number, appeal.now());
        }
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

    /// The rows that must be compared, and those that are just as the ledger has them: appeal → place and row.
    fn settle(&self, book: &Sheet) -> (Understood, BTreeMap<usize, (u32, Row)>) {
        let indexes: Vec<usize> = (0..self.appeals.len()).filter(|index| !self.appeals[*index].adopted).collect();
        let told: Vec<Told> = indexes
            .iter()
            .map(|index| &self.appeals[*index])
            .map(|appeal| Told { number: appeal.number.clone(), digest: appeal.now().digest(Form::Register) })
            .collect();
        let mut settling = Settling::new(Form::Register, &told);
        let mut sheet = book.clone();
        sheet.rows.retain(|row| !settling.settles(row, book.date1904));
        sheet.settled = settling.found;
        let mut understood = understand(&sheet, Form::Register);
        let bearing = Bearing::on(&understood, &sheet.settled, &told);
        let (mut back, mut settled) = (Vec::new(), BTreeMap::new());
        for SettledRow { told, row: place } in sheet.settled {
            let index = indexes[told as usize];
            let row = self.appeals[index].now();
            if bearing.has(told, row) {
                back.push((place, row.clone()));
            } else {
                assert!(settled.insert(index, (place, row.clone())).is_none(), "two settled rows of one appeal");
            }
        }
        understood.settled = settled.len();
        put_back(&mut understood, back);
        (understood, settled)
    }

    /// Whether looking only at the rows that differ finds the same as looking at all of them.
    fn compare_with_whole(&self, book: &Sheet, base: i64, fewer: (&Understood, &[Known], &Taken)) {
        let (sheet, known) = (understand(book, Form::Register), self.known(base));
        let taken = take(&sheet, &known, book.stamp.is_some());
        let found = |(sheet, known, taken): (&Understood, &[Known], &Taken)| {
            let edits: BTreeSet<String> = taken
                .edits
                .iter()
                .map(|edit| format!("{} {:?} {} {:?}", known[edit.known].number, edit.field, edit.new, edit.verdict))
                .collect();
            let missing: BTreeSet<String> = taken.missing.iter().map(|index| known[*index].number.clone()).collect();
            let decided = self.decide((sheet, known, taken));
            let hints: BTreeMap<u32, Hint> =
                decided.hints.into_iter().map(|(at, hint)| (sheet.positions[at], hint)).collect();
            (edits, missing, taken.suspicion.clone(), hints, decided.registrations)
        };
        assert_eq!(found(fewer), found((&sheet, &known, &taken)), "looking at fewer rows found something else");
    }

    fn take_over(
        &mut self,
        (sheet, known, taken): (&Understood, &[Known], &Taken),
        settled: &BTreeMap<usize, (u32, Row)>,
        held: bool,
    ) -> (BTreeMap<usize, Hint>, usize) {
        self.revision += 1;
        let mut took = 0;
        let appeal = |index: usize| known[index].appeal as usize;
        for edit in &taken.edits {
            match edit.verdict {
                Verdict::Take => self.set(appeal(edit.known), edit.field, &edit.new),
                Verdict::TakeAgainst => {
                    self.set(appeal(edit.known), edit.field, &edit.new);
                    self.conflicts.push(edit.old.to_string());
                }
                Verdict::PutBack => {
                    self.journal.insert(edit.new.to_string());
                    if !held {
                        self.hint(appeal(edit.known), "у графі системи було введено інше");
                    }
                }
                Verdict::Nothing | Verdict::Show => continue,
            }
            took += 1;
        }
        let mut hints = BTreeMap::new();
        if !held {
            for missing in &taken.missing {
                self.hint(appeal(*missing), "рядок було видалено з книги");
                took += 1;
            }
            for place in &taken.places {
                if let Place::Appeal(index) = place {
                    let number = Value::text(&known[*index].number);
                    if sheet.rows.iter().any(|row| *row.get(Field::Number) == number) {
                        self.appeals[appeal(*index)].adopted = false;
                    }
                }
            }
            hints = self.new_rows((sheet, known, taken));
            took += hints.values().filter(|hint| matches!(hint, Hint::Registered(_))).count();
        }
        let said: BTreeMap<usize, &str> = hints.iter().filter_map(|(at, hint)| Some((*at, hint.text()?))).collect();
        let mut gone = unnumbered::gone(&self.unnumbered, sheet);
        gone.retain(|(field, value)| settled.values().all(|(_, row)| row.get(*field) != value));
        self.journal.extend(gone.into_iter().map(|(_, value)| value.to_string()));
        self.unnumbered = unnumbered::rows(sheet, &taken.places, known, &said);
        (hints, took)
    }

    fn decide(&self, read: (&Understood, &[Known], &Taken)) -> typed_rows::Decided {
        let now = NaiveDate::from_ymd_opt(YEAR, 3, 2).unwrap().and_hms_opt(10, 30, 0).unwrap();
        let last = self.appeals.len() as i64;
        typed_rows::decide(desk(), &|_| reading().clone(), (YEAR, last, now), read)
    }

    fn new_rows(&mut self, read: (&Understood, &[Known], &Taken)) -> BTreeMap<usize, Hint> {
        let decided = self.decide(read);
        for registration in decided.registrations {
            self.journal.extend(registration.typed.iter().map(|(_, value)| value.to_string()));
            self.register(registration.row, registration.number, true);
        }
        decided.hints
    }
}
