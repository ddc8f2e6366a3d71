//! What happens between the passes: the steps of a script, and the world in which they happen.

use super::Random;
use super::book::{self, meant, put, renumber};
use super::model::{Ledger, Passed, REPLICA, Reach};
use std::collections::{BTreeMap, BTreeSet};
use zvernennia::domain::field::{Field, Owner, Shape};
use zvernennia::domain::grid::{Raw, Sheet, SheetRow, Stamp};
use zvernennia::domain::register::Row;
use zvernennia::domain::value::Value;

/// One step; numbers choose among what is there at that moment, so that a step can be left out of a script.
#[derive(Debug, Clone)]
pub enum Step {
    /// A person types a text nobody typed before into a cell.
    Type { row: u64, field: u64 },
    /// A person empties a cell.
    Clear { row: u64, field: u64 },
    /// A person types a new row somewhere; so many of the data that the order asks for are given.
    Insert { at: u64, given: u64 },
    /// A blank row is inserted.
    Blank { at: u64 },
    /// A row is deleted.
    Delete { row: u64 },
    /// A row is copied to another place.
    Copy { row: u64, to: u64 },
    /// The rows are sorted by a column.
    Sort { field: u64, backwards: bool },
    /// A number is replaced: by that of another row, by nothing, by one that was never issued.
    Retype { row: u64, by: u64 },
    /// An earlier file is put in place: from a backup, or saved by somebody who had it open since then.
    Restore { generation: u64 },
    /// A program that drops document properties saved the file.
    Unstamp,
    /// The service registers a letter.
    Letter,
    /// The service (or a department) changes a cell.
    Decide { appeal: u64, field: u64 },
    /// The service looks at the file.
    Pass(Reach),
}

impl Step {
    pub fn random(random: &mut Random, retype: bool) -> Self {
        let (a, b) = (random.next() >> 16, random.next() >> 16);
        match random.below(100) {
            0..26 => Self::Type { row: a, field: b },
            26..30 => Self::Clear { row: a, field: b },
            30..38 => Self::Insert { at: a, given: b },
            38..40 => Self::Blank { at: a },
            40..46 => Self::Delete { row: a },
            46..52 => Self::Copy { row: a, to: b },
            52..57 => Self::Sort { field: a, backwards: b % 2 == 0 },
            57..61 if retype => Self::Retype { row: a, by: b },
            61..67 => Self::Restore { generation: a },
            67..68 => Self::Unstamp,
            68..72 => Self::Letter,
            72..82 => Self::Decide { appeal: a, field: b },
            82..86 => Self::Pass(Reach::Held),
            86..89 => Self::Pass(Reach::Killed),
            _ => Self::Pass(Reach::Whole),
        }
    }
}

/// The ledger, the file, and what the judge remembers.
pub struct World {
    pub ledger: Ledger,
    pub book: Sheet,
    /// The file as it was after each save.
    generations: Vec<Sheet>,
    /// Texts that people typed; each is typed once.
    typed: BTreeSet<String>,
    /// Those of them that were in the file when the service looked, and the number of their row.
    pub seen: BTreeMap<String, Option<String>>,
    /// Texts that were copied with their row: they may belong to several appeals.
    copied: BTreeSet<String>,
    /// Whether a number was ever changed by a person: then a text's row cannot be told by it.
    retyped: bool,
    counter: u64,
    pub passes: usize,
    pub refused: usize,
}

/// Columns of the service are rarely typed into.
fn column(choice: u64) -> Field {
    let all: Vec<Field> = book::columns().filter(|field| *field != Field::Number).collect();
    let field = all[(choice % all.len() as u64) as usize];
    if field.owner() == Owner::Service && (choice / 64).is_multiple_of(2) { Field::Notes } else { field }
}

impl World {
    pub fn new(rows: u64) -> Self {
        let mut world = Self {
            ledger: Ledger::default(),
            book: book::empty(),
            generations: Vec::new(),
            typed: BTreeSet::new(),
            seen: BTreeMap::new(),
            copied: BTreeSet::new(),
            retyped: false,
            counter: 0,
            passes: 0,
            refused: 0,
        };
        world.book.stamp = Some(Stamp { replica: REPLICA.to_owned(), revision: 0 });
        for _ in 0..rows {
            world.letter();
        }
        world.ledger.pass(&mut world.book, Reach::Whole);
        world.generations.push(world.book.clone());
        world
    }

    fn letter(&mut self) {
        self.ledger.next_revision();
        let seq = self.ledger.appeals.len() + 1;
        let number = format!("Л-{seq}/2026");
        let mut row = Row::default();
        row.set(Field::Ordinal, Value::Number(seq as i64));
        for (field, text) in [
            (Field::Number, number.clone()),
            (Field::Channel, "е-пошта 1".into()),
            // Families and neighbours: some data are those of other appeals too.
            (Field::Applicant, format!("Лисенко{} Іван Петрович", seq % 5)),
            (Field::Phone, format!("+38050{:07}", seq % 4)),
            (Field::Email, format!("lysenko{seq}@ukr.net")),
            (Field::RegisteredAddress, format!("вул. Робоча, буд. {}", seq % 3)),
            (Field::TemporaryAddress, if seq.is_multiple_of(2) { "м. Дніпро".into() } else { String::new() }),
            (Field::Essence, format!("Просить про справу {}", seq % 7)),
            (Field::Status, "Зареєстровано".into()),
        ] {
            row.set(field, Value::text(&text));
        }
        let day = chrono::NaiveDate::from_ymd_opt(2026, 2, 1).unwrap() + chrono::Days::new(seq as u64 / 3);
        row.set(Field::ReceivedDate, Value::Date(day));
        row.set(Field::DueDate, Value::Date(day + chrono::Days::new(30)));
        self.ledger.register(row, number, false);
    }

    /// A text that nobody typed before, as it would be typed into such a column.
    fn fresh(&mut self, field: Field) -> Raw {
        self.counter += 1;
        let n = self.counter;
        match field.shape() {
            Shape::Phone => Raw::Text(format!("067 {n:07}")),
            Shape::Date => Raw::Number(60_000.0 + n as f64),
            Shape::Integer => Raw::Number(1_000_000.0 + n as f64),
            Shape::Text if field == Field::Applicant => Raw::Text(format!("Слово{n} Ганна Іванівна")),
            Shape::Text | Shape::Wrapped | Shape::Time | Shape::List(_) => Raw::Text(format!("слово-{n}-є")),
        }
    }

    fn type_into(&mut self, position: usize, field: Field) {
        let raw = self.fresh(field);
        let row = &mut self.book.rows[position];
        put(row, field, raw);
        self.typed.insert(meant(row, field).to_string());
    }

    fn at(&self, choice: u64) -> Option<usize> {
        let rows = self.book.rows.len() as u64;
        (rows > 0).then(|| (choice % rows) as usize)
    }

    pub fn carry_out(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Type { row, field } => {
                if let Some(position) = self.at(*row) {
                    self.type_into(position, column(*field));
                }
            }
            Step::Clear { row, field } => {
                if let Some(position) = self.at(*row) {
                    put(&mut self.book.rows[position], column(*field), Raw::Empty);
                    self.book.rows.retain(|row| !row.cells.is_empty());
                }
            }
            Step::Insert { at, given } => self.insert(*at, *given),
            Step::Blank { at } => {
                if let Some(position) = self.at(*at) {
                    self.book.rows[position..].iter_mut().for_each(|row| row.row += 1);
                    self.book.last_row += 1;
                }
            }
            Step::Delete { row } => {
                if let Some(position) = self.at(*row) {
                    self.book.rows.remove(position);
                    renumber(&mut self.book);
                }
            }
            Step::Copy { row, to } => {
                if let (Some(from), Some(to)) = (self.at(*row), self.at(*to)) {
                    let copied = self.book.rows[from].clone();
                    self.copied.extend(copied.cells.keys().map(|field| meant(&copied, *field).to_string()));
                    self.book.rows.insert(to, copied);
                    renumber(&mut self.book);
                }
            }
            Step::Sort { field, backwards } => {
                let field = book::columns().nth((*field % book::columns().count() as u64) as usize).unwrap();
                self.book.rows.sort_by_cached_key(|row| meant(row, field));
                if *backwards {
                    self.book.rows.reverse();
                }
                renumber(&mut self.book);
            }
            Step::Retype { row, by } => self.retype(*row, *by),
            Step::Restore { generation } => {
                let position = (*generation % self.generations.len() as u64) as usize;
                self.book = self.generations[position].clone();
            }
            Step::Unstamp => self.book.stamp = None,
            Step::Letter => self.letter(),
            Step::Decide { appeal, field } => {
                let appeals = self.ledger.appeals.len() as u64;
                if appeals > 0 {
                    self.ledger.next_revision();
                    self.counter += 1;
                    let text = Value::text(&format!("рішення {}", self.counter));
                    self.ledger.set((*appeal % appeals) as usize, column(*field), &text);
                }
            }
            Step::Pass(reach) => self.pass(*reach)?,
        }
        Ok(())
    }

    fn insert(&mut self, at: u64, given: u64) {
        let asked = [Field::Applicant, Field::Essence, Field::Phone, Field::RegisteredAddress, Field::TemporaryAddress];
        let position = (at % (self.book.rows.len() as u64 + 1)) as usize;
        self.book.rows.insert(position, SheetRow::default());
        // Three of four rows are complete.
        let count = if given.is_multiple_of(4) { 1 + (given / 4 % 4) as usize } else { asked.len() };
        for field in asked.into_iter().take(count) {
            self.type_into(position, field);
        }
        renumber(&mut self.book);
    }

    fn retype(&mut self, row: u64, by: u64) {
        let (Some(position), Some(other)) = (self.at(row), self.at(by / 4)) else { return };
        self.retyped = true;
        let raw = match by % 4 {
            0 => Raw::Empty,
            1 => {
                self.counter += 1;
                Raw::Text(format!("Ф-{}/2019", 1_000 + self.counter))
            }
            2 => self.book.rows[other].cells.get(&Field::Number).cloned().unwrap_or_default(),
            // Two rows exchange their numbers.
            _ => {
                let theirs = self.book.rows[other].cells.get(&Field::Number).cloned().unwrap_or_default();
                let ours = self.book.rows[position].cells.get(&Field::Number).cloned().unwrap_or_default();
                put(&mut self.book.rows[other], Field::Number, ours);
                theirs
            }
        };
        put(&mut self.book.rows[position], Field::Number, raw);
        self.book.rows.retain(|row| !row.cells.is_empty());
    }

    fn pass(&mut self, reach: Reach) -> Result<(), String> {
        self.generations.push(self.book.clone());
        let mut looked = BTreeMap::new();
        let numbers: Vec<Value> = self.book.rows.iter().map(|row| meant(row, Field::Number)).collect();
        for (row, number) in self.book.rows.iter().zip(&numbers) {
            // Of two rows with one number one is a copy and may become an appeal of its own.
            let alone = !number.is_empty() && numbers.iter().filter(|other| *other == number).count() == 1;
            let number = alone.then(|| number.to_string());
            for field in row.cells.keys() {
                let text = meant(row, *field).to_string();
                if self.typed.contains(&text) {
                    looked.insert(text, number.clone());
                }
            }
        }
        self.passes += 1;
        if self.ledger.pass(&mut self.book, reach) == Passed::Refused {
            // As the remark asks: the last good file is put back. What is in the refused one stays with the person.
            self.refused += 1;
            self.book = self.generations.iter().rev().find(|book| self.is_good(book)).unwrap().clone();
            return Ok(());
        }
        for (text, number) in looked {
            self.seen.entry(text).or_insert(number);
        }
        self.nothing_is_lost()?;
        if reach == Reach::Whole {
            self.file_and_ledger_agree()?;
            self.generations.push(self.book.clone());
        }
        Ok(())
    }

    fn is_good(&self, book: &Sheet) -> bool {
        let (mut ledger, mut book) = (self.ledger.clone(), book.clone());
        ledger.pass(&mut book, Reach::Whole) != Passed::Refused
    }

    /// The end of a script: a whole pass, and then nothing is left to do.
    pub fn settle(&mut self) -> Result<(), String> {
        loop {
            let refused = self.refused;
            self.pass(Reach::Whole)?;
            if self.refused == refused {
                break;
            }
        }
        let before = self.book.clone();
        match self.ledger.pass(&mut self.book, Reach::Whole) {
            Passed::Nothing if self.book == before => Ok(()),
            again @ (Passed::Nothing | Passed::Did(..) | Passed::Refused) => {
                let cells = |book: &Sheet| -> BTreeSet<String> {
                    let row = |row: &SheetRow| {
                        let place = row.row;
                        row.cells
                            .iter()
                            .map(move |(field, raw)| format!("{place} {field:?} {raw:?}"))
                            .collect::<Vec<_>>()
                    };
                    book.rows.iter().flat_map(row).collect()
                };
                let (before, after) = (cells(&before), cells(&self.book));
                let (fewer, more) = (before.difference(&after), after.difference(&before));
                let (fewer, more): (Vec<_>, Vec<_>) = (fewer.collect(), more.collect());
                Err(format!("the second pass is not empty: {again:?}\n- {fewer:?}\n+ {more:?}"))
            }
        }
    }

    fn nothing_is_lost(&self) -> Result<(), String> {
        let rows = self.ledger.appeals.iter().flat_map(|appeal| book::columns().map(|field| appeal.now().get(field)));
        let mut kept: BTreeSet<String> = rows.map(Value::to_string).collect();
        kept.extend(self.book.rows.iter().flat_map(|row| row.cells.keys().map(|field| meant(row, *field).to_string())));
        kept.extend(self.ledger.unnumbered.iter().flat_map(Row::filled).map(|(_, value)| value.to_string()));
        for text in self.seen.keys() {
            if !kept.contains(text) && !self.ledger.journal.contains(text) && !self.ledger.conflicts.contains(text) {
                return Err(format!("lost: {text}"));
            }
        }
        if self.retyped {
            return Ok(());
        }
        for appeal in &self.ledger.appeals {
            for field in book::columns() {
                let text = appeal.now().get(field).to_string();
                if let Some(Some(number)) = self.seen.get(&text)
                    && *number != appeal.number
                    && !self.copied.contains(&text)
                {
                    return Err(format!("{text} was typed into {number} and went to {}", appeal.number));
                }
            }
        }
        Ok(())
    }

    fn file_and_ledger_agree(&self) -> Result<(), String> {
        for appeal in &self.ledger.appeals {
            let number = Value::text(&appeal.number);
            let rows: Vec<&SheetRow> =
                self.book.rows.iter().filter(|row| meant(row, Field::Number) == number).collect();
            let [row] = rows[..] else { return Err(format!("{number} has {} rows", rows.len())) };
            for field in book::columns() {
                if meant(row, field) != *appeal.now().get(field) {
                    return Err(format!(
                        "{number} {field:?}: the file says {:?}, the ledger {:?}",
                        meant(row, field),
                        appeal.now().get(field)
                    ));
                }
            }
        }
        Ok(())
    }
}
