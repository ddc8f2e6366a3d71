//! What stands in a file: tables and values with their lines, read key by key.
//!
//! serde stops at the first mistake; an administrator wants all of them. So a file is parsed into a tree with positions,
//! and every reader here reports a problem and goes on with a stand-in. Invariants: a key that nobody asked for is
//! reported when its section is dropped; whoever gets a stand-in has a problem on the list, so that stand-ins never
//! reach the service.

use crate::settings::problem::Problem;
use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Most syntax errors told of one file; behind a lost bracket the rest is noise.
const SYNTAX_ERRORS_TOLD: usize = 10;

/// A file under reading: its name, its text, what was found wrong so far.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    name: String,
    text: &'t str,
    problems: RefCell<Vec<Problem>>,
}

impl<'t> Document<'t> {
    /// A file of this name with this text.
    pub(crate) fn new(name: impl Into<String>, text: &'t str) -> Self {
        Self { name: name.into(), text, problems: RefCell::default() }
    }

    /// The tree of the file; syntax errors are reported and what could be read around them is returned.
    pub(crate) fn parse(&self) -> Spanned<DeTable<'t>> {
        let (tree, errors) = DeTable::parse_recoverable(self.text);
        for error in errors.iter().take(SYNTAX_ERRORS_TOLD) {
            let at = error.span().map_or(0, |span| span.start);
            self.report(at, "", format!("not valid TOML: {}; correct the line", error.message()));
        }
        tree
    }

    /// Puts a problem on the list.
    pub(crate) fn report(&self, at: usize, key: &str, what: impl Into<String>) {
        let line = self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        let problem = Problem { file: self.name.clone(), line: Some(line), key: key.to_owned(), what: what.into() };
        self.problems.borrow_mut().push(problem);
    }

    /// Where something stands, for problems that show up later (`zvernennia.toml:12`).
    pub(crate) fn place(&self, at: usize) -> (String, usize) {
        (self.name.clone(), self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1)
    }

    /// What was found wrong.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }
}

/// A string with its position and the path of its key.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// The string, trimmed.
    pub(crate) text: String,
    /// Offset in the file.
    pub(crate) at: usize,
    /// Dotted path.
    pub(crate) key: String,
}

/// A table of the file, or the stand-in for one that is not there.
#[derive(Debug)]
pub(crate) struct Section<'d, 't> {
    document: &'d Document<'t>,
    path: String,
    at: usize,
    table: Option<&'d DeTable<'t>>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'d, 't> Section<'d, 't> {
    /// The whole file.
    pub(crate) fn root(document: &'d Document<'t>, tree: &'d Spanned<DeTable<'t>>) -> Self {
        Self { document, path: String::new(), at: 0, table: Some(tree.get_ref()), asked: RefCell::default() }
    }

    /// Whether the file has this table at all.
    pub(crate) fn is_present(&self) -> bool {
        self.table.is_some()
    }

    /// Path of a key of this table.
    pub(crate) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Reports about a key of this table, at its own line where it stands, else at the line of the table.
    pub(crate) fn problem(&self, key: &str, what: impl Into<String>) {
        let at = self.peek(key).map_or(self.at, |value| value.span().start);
        self.document.report(at, &self.path_of(key), what);
    }

    /// Reports about a string read before.
    pub(crate) fn problem_at(&self, text: &Text, what: impl Into<String>) {
        self.document.report(text.at, &text.key, what);
    }

    /// File and line of a string read before.
    pub(crate) fn place(&self, text: &Text) -> (String, usize) {
        self.document.place(text.at)
    }

    /// Reports a key that must not stand here, without its value.
    pub(crate) fn forbidden(&self, key: &'static str, what: &str) {
        if self.ask(key).is_some() {
            self.problem(key, what);
        }
    }

    fn peek(&self, key: &str) -> Option<&'d Spanned<DeValue<'t>>> {
        self.table?.get(key)
    }

    fn ask(&self, key: &'static str) -> Option<&'d Spanned<DeValue<'t>>> {
        self.asked.borrow_mut().push(key);
        self.peek(key)
    }

    fn wrong_type(&self, key: &str, span: Range<usize>, found: &DeValue<'_>, wanted: &str) {
        let what = format!("must be {wanted}, but is {}", kind_of(found));
        self.document.report(span.start, &self.path_of(key), what);
    }

    /// A table of this table; a stand-in without keys where there is none.
    pub(crate) fn section(&self, key: &'static str) -> Section<'d, 't> {
        let mut section = Section {
            document: self.document,
            path: self.path_of(key),
            at: self.at,
            table: None,
            asked: RefCell::default(),
        };
        if let Some(value) = self.ask(key) {
            section.at = value.span().start;
            match value.get_ref().as_table() {
                Some(table) => section.table = Some(table),
                None => {
                    self.wrong_type(key, value.span(), value.get_ref(), &format!("a table [{}]", self.path_of(key)))
                }
            }
        }
        section
    }

    /// The blocks `[[key]]` of this table.
    pub(crate) fn sections(&self, key: &'static str) -> Vec<Section<'d, 't>> {
        let Some(value) = self.ask(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            let wanted = format!("blocks [[{}]] with double brackets", self.path_of(key));
            self.wrong_type(key, value.span(), value.get_ref(), &wanted);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (index, item) in array.iter().enumerate() {
            let path = format!("{}[{}]", self.path_of(key), index + 1);
            match item.get_ref().as_table() {
                Some(table) => sections.push(Section {
                    document: self.document,
                    path,
                    at: item.span().start,
                    table: Some(table),
                    asked: RefCell::default(),
                }),
                None => self.wrong_type(key, item.span(), item.get_ref(), "a table"),
            }
        }
        sections
    }

    /// The pairs of a table of strings, in the order of the file.
    pub(crate) fn pairs(&self, key: &'static str) -> Vec<(String, Text)> {
        let Some(value) = self.ask(key) else { return Vec::new() };
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(key, value.span(), value.get_ref(), "a table of strings");
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for (name, value) in table.iter() {
            let path = format!("{}.{}", self.path_of(key), name.get_ref());
            if let Some(text) = self.string(&path, value) {
                pairs.push((name.get_ref().to_string(), text));
            }
        }
        pairs
    }

    fn string(&self, path: &str, value: &Spanned<DeValue<'_>>) -> Option<Text> {
        let at = value.span().start;
        let Some(text) = value.get_ref().as_str() else {
            let what = format!("must be a string in quotes, but is {}", kind_of(value.get_ref()));
            self.document.report(at, path, what);
            return None;
        };
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            self.document.report(at, path, "contains control characters; write the line anew");
            return None;
        }
        Some(Text { text: text.trim().to_owned(), at, key: path.to_owned() })
    }

    /// A string that may be left out or empty.
    pub(crate) fn optional(&self, key: &'static str) -> Option<Text> {
        let value = self.ask(key)?;
        self.string(&self.path_of(key), value).filter(|text| !text.text.is_empty())
    }

    /// A string that must be there.
    pub(crate) fn required(&self, key: &'static str) -> Option<Text> {
        let Some(value) = self.ask(key) else {
            self.problem(key, "is missing; add it, it has no default");
            return None;
        };
        let text = self.string(&self.path_of(key), value)?;
        if text.text.is_empty() {
            self.problem_at(&text, "is empty; fill it in");
            return None;
        }
        Some(text)
    }

    /// A string with a default.
    pub(crate) fn text_or(&self, key: &'static str, default: &str) -> String {
        self.optional(key).map_or_else(|| default.to_owned(), |text| text.text)
    }

    /// A string that means something, with a default.
    pub(crate) fn parsed_or<T>(&self, key: &'static str, default: T, parse: impl Fn(&str) -> Result<T, String>) -> T {
        self.optional(key).and_then(|text| self.understand(&text, parse)).unwrap_or(default)
    }

    /// What a string means; a problem where it means nothing.
    pub(crate) fn understand<T>(&self, text: &Text, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        match parse(&text.text) {
            Ok(value) => Some(value),
            Err(what) => {
                self.problem_at(text, what);
                None
            }
        }
    }

    /// Strings of a list, each with its position.
    pub(crate) fn list(&self, key: &'static str) -> Vec<Text> {
        let Some(value) = self.ask(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value.span(), value.get_ref(), "a list [\"…\", \"…\"]");
            return Vec::new();
        };
        let path = self.path_of(key);
        array.iter().filter_map(|item| self.string(&path, item)).collect()
    }

    /// Strings of a list that mean something.
    pub(crate) fn list_of<T>(&self, key: &'static str, parse: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        self.list(key).iter().filter_map(|text| self.understand(text, &parse)).collect()
    }

    /// A whole number within limits.
    pub(crate) fn integer(&self, key: &'static str, default: u64, limits: RangeInclusive<u64>) -> u64 {
        let Some(value) = self.ask(key) else { return default };
        let Some(integer) = value.get_ref().as_integer() else {
            self.wrong_type(key, value.span(), value.get_ref(), "a whole number without quotes");
            return default;
        };
        let read = u64::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|n| limits.contains(n));
        if read.is_none() {
            self.problem(key, format!("must be a whole number from {} to {}", limits.start(), limits.end()));
        }
        read.unwrap_or(default)
    }

    /// A number from 0 to 1.
    pub(crate) fn share(&self, key: &'static str, default: f32) -> f32 {
        let Some(value) = self.ask(key) else { return default };
        let text = match value.get_ref() {
            DeValue::Float(float) => float.as_str(),
            DeValue::Integer(integer) => integer.as_str(),
            DeValue::String(_) | DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                self.wrong_type(key, value.span(), value.get_ref(), "a number from 0.0 to 1.0 without quotes");
                return default;
            }
        };
        let read = text.parse::<f32>().ok().filter(|number| (0.0..=1.0).contains(number));
        if read.is_none() {
            self.problem(key, "must be a number from 0.0 to 1.0");
        }
        read.unwrap_or(default)
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, key: &'static str, default: bool) -> bool {
        let Some(value) = self.ask(key) else { return default };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(key, value.span(), value.get_ref(), "true or false without quotes");
            default
        })
    }

    /// Dates or date-times of a list or a single one, as text, whether in quotes or not.
    pub(crate) fn moment(&self, key: &'static str) -> Option<Text> {
        let value = self.ask(key)?;
        match value.get_ref().as_datetime() {
            Some(moment) => Some(Text { text: moment.to_string(), at: value.span().start, key: self.path_of(key) }),
            None => self.string(&self.path_of(key), value),
        }
    }

    /// Days of a list, as text, whether in quotes or not.
    pub(crate) fn days(&self, key: &'static str) -> Vec<Text> {
        let Some(value) = self.ask(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value.span(), value.get_ref(), "a list of days [2022-07-15, 2022-07-16]");
            return Vec::new();
        };
        let path = self.path_of(key);
        let text_of = |item: &Spanned<DeValue<'_>>| match item.get_ref().as_datetime() {
            Some(day) => Some(Text { text: day.to_string(), at: item.span().start, key: path.clone() }),
            None => self.string(&path, item),
        };
        array.iter().filter_map(text_of).collect()
    }

    /// The table itself, for a reader of its own; all keys count as asked for.
    pub(crate) fn whole(&self) -> Option<(&'d DeTable<'t>, usize)> {
        self.asked.borrow_mut().push("*");
        self.table.map(|table| (table, self.at))
    }
}

/// A key that nobody asked for is a typing error or belongs elsewhere.
impl Drop for Section<'_, '_> {
    fn drop(&mut self) {
        let asked = self.asked.borrow();
        let Some(table) = self.table else { return };
        if asked.contains(&"*") {
            return;
        }
        for (key, _) in table.iter() {
            let name = key.get_ref().as_ref();
            if asked.contains(&name) {
                continue;
            }
            let what = match nearest(name, &asked) {
                Some(meant) => format!("unknown key; did you mean `{meant}`?"),
                None => format!("unknown key; remove it, or move it to its section (known here: {})", asked.join(", ")),
            };
            self.document.report(key.span().start, &self.path_of(name), what);
        }
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true/false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The known key that a mistyped one most resembles.
fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let best = known.iter().map(|key| (distance(name, key), *key)).min()?;
    (best.0 <= 2 && best.0 < name.chars().count()).then_some(best.1)
}

/// Number of letters to change, add or drop.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.chars().enumerate() {
        let mut next = vec![index + 1];
        for ((above_left, above), other) in row.iter().zip(row.iter().skip(1)).zip(&right) {
            let beside = next.last().copied().unwrap_or(0);
            next.push((above_left + usize::from(letter != *other)).min(above + 1).min(beside + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
