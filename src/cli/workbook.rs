//! `zvernennia workbook`, and `workbook edit IN OUT --changes changes.json`: the minimal edit of any workbook, from the command line.
//!
//! The JSON is that of the fidelity checker (`tests/tools/xlsx_fidelity.py --help`), so that one file tells the command
//! what to do and the checker what to expect. Exit codes: 0 done, 1 refused (one sentence in Ukrainian on stderr), 2 the
//! call or the JSON is wrong. OUT appears whole or not at all.

use crate::cli::exit;
use crate::cli::inspect::{self, InspectArgs};
use crate::workbook::patch::{self, Content, NewCell, Options, SheetEdit, SheetName};
use crate::workbook::refusal::Refusal;
use crate::world::file;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Largest workbook that the command reads, in bytes.
const MAX_WORKBOOK: u64 = 256 << 20;
/// Largest list of changes, in bytes.
const MAX_CHANGES: u64 = 64 << 20;
/// Exit code: the workbook was refused; the sentence on stderr is for the operator.
const REFUSED: u8 = 1;
/// Exit code: the call, the JSON or a file name is wrong.
const USAGE: u8 = 2;

/// Workbooks, apart from any register.
#[derive(Debug, clap::Args)]
pub struct WorkbookArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: WorkbookCommand,
}

/// What can be done with a workbook.
#[derive(Debug, clap::Subcommand)]
pub enum WorkbookCommand {
    /// Changes the named cells and nothing else; the rest of the file stays byte for byte.
    Edit(EditArgs),
    /// Tells what the service sees in a workbook: stamp, sheets, tables, columns, remarks.
    Inspect(InspectArgs),
}

/// One edit.
#[derive(Debug, clap::Args)]
pub struct EditArgs {
    /// The workbook to read.
    pub input: PathBuf,
    /// Where to write the changed workbook; may be the same file.
    pub output: PathBuf,
    /// JSON with the changes: sheet, cells, new_rows, grow, delete_rows, custom_props.
    #[arg(long, value_name = "FILE")]
    pub changes: PathBuf,
}

/// Why the command ended without a result.
enum Failure {
    Refused(Refusal),
    Usage(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SheetKey {
    Position(usize),
    Name(String),
}

#[derive(Deserialize)]
struct Grow {
    from: u32,
    to: u32,
}

/// The changes as the checker has them. What only the checker needs is named, so that a slip of the pen is noticed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    sheet: Option<SheetKey>,
    #[serde(default)]
    cells: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    new_rows: BTreeSet<u32>,
    #[serde(default)]
    grow: Vec<Grow>,
    #[serde(default)]
    delete_rows: BTreeSet<u32>,
    #[serde(default)]
    custom_props: BTreeMap<String, serde_json::Value>,
    #[serde(default, rename = "must_grow")]
    _must_grow: Vec<String>,
    #[serde(default, rename = "may_add")]
    _may_add: Vec<String>,
    #[serde(default, rename = "may_drop")]
    _may_drop: Vec<String>,
}

/// Runs a command on a workbook.
pub fn run(args: &WorkbookArgs) -> ExitCode {
    match &args.command {
        WorkbookCommand::Edit(args) => edit(args),
        WorkbookCommand::Inspect(args) => {
            inspect::run(args).map_or_else(|error| exit::report(&error), |()| ExitCode::SUCCESS)
        }
    }
}

/// Runs `workbook edit`.
pub fn edit(args: &EditArgs) -> ExitCode {
    let (code, sentence) = match try_edit(args) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Refused(refusal)) => (REFUSED, format!("{}: {refusal}", refusal.cause.code())),
        Err(Failure::Usage(sentence)) => (USAGE, sentence),
    };
    // Nobody reads stderr: the exit code still says it.
    let _closed = writeln!(std::io::stderr(), "{sentence}");
    ExitCode::from(code)
}

fn try_edit(args: &EditArgs) -> Result<(), Failure> {
    let usage = |path: &Path, error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", path.display()));
    let list = file::read(&args.changes, MAX_CHANGES).map_err(|e| usage(&args.changes, &e))?;
    let changes: Changes = serde_json::from_slice(&list.bytes).map_err(|e| usage(&args.changes, &e))?;
    let (edit, options) = edits(changes).map_err(Failure::Usage)?;
    let input = file::read(&args.input, MAX_WORKBOOK).map_err(|e| usage(&args.input, &e))?;
    // Taken before the work: somebody who saves OUT meanwhile wins.
    let expected = file::Fingerprint::of(&args.output).map_err(|e| usage(&args.output, &e))?;
    let bytes = patch::edit(&input.bytes, &[edit], &options).map_err(Failure::Refused)?;
    file::replace(&args.output, expected.as_ref(), &bytes).map_err(|e| usage(&args.output, &e))?;
    Ok(())
}

fn edits(changes: Changes) -> Result<(SheetEdit, Options), String> {
    let mut edit = SheetEdit::new(match changes.sheet {
        None => SheetName::Nth(0),
        Some(SheetKey::Position(position)) => SheetName::Nth(position),
        Some(SheetKey::Name(name)) => SheetName::Named(name),
    });
    for (name, value) in &changes.cells {
        let (column, row) = patch::parse_cell(name).ok_or_else(|| format!("cells: `{name}` is no cell"))?;
        let cell = cell(value).ok_or_else(|| format!("cells: the value of `{name}` is of no known kind"))?;
        edit.cells.insert((row, column), cell);
    }
    let first = changes.new_rows.first().copied().filter(|row| *row > 0);
    let unbroken = changes.new_rows.iter().zip(first.unwrap_or(0)..).all(|(row, expected)| *row == expected);
    if let Some(first) = first.filter(|_| unbroken) {
        edit.after = Some(first.saturating_sub(1));
        for row in &changes.new_rows {
            let cells: Vec<_> = edit.cells.range((*row, 0)..(row.saturating_add(1), 0)).map(|(at, _)| *at).collect();
            let cells = cells.into_iter().filter_map(|at| Some((at.1, edit.cells.remove(&at)?)));
            edit.append.push(cells.collect());
        }
    }
    edit.remove = changes.delete_rows;
    edit.growth = Some(changes.grow.into_iter().map(|pair| (pair.from, pair.to)).collect());
    let text = |value: serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let properties = changes.custom_props.into_iter().map(|(name, value)| (name, text(value))).collect();
    Ok((edit, Options { properties }))
}

/// A value of `cells`: text, number, true/false, null, `{"f": formula}`, `{"v": value, "s": format}`.
fn cell(value: &serde_json::Value) -> Option<NewCell> {
    use serde_json::Value as Json;
    let content = match value {
        Json::Null => Content::Blank,
        Json::Bool(flag) => Content::Flag(*flag),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| number.as_f64().map(Content::Number), |n| Some(Content::Whole(n)))?
        }
        Json::String(text) => Content::Text(text.clone()),
        Json::Array(_) => return None,
        Json::Object(object) => {
            let style = match object.get("s") {
                None | Some(Json::Null) => None,
                Some(style) => Some(style.as_u64().and_then(|s| u32::try_from(s).ok())?),
            };
            let inner = match object.get("f") {
                Some(formula) => Content::Formula(formula.as_str()?.to_owned()),
                None => cell(object.get("v")?)?.content,
            };
            return Some(NewCell { content: inner, style });
        }
    };
    Some(NewCell { content, style: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<(SheetEdit, Options), String> {
        serde_json::from_str::<Changes>(json).map_err(|e| e.to_string()).and_then(edits)
    }

    #[test]
    fn the_list_of_changes_is_that_of_the_checker() {
        let (edit, options) = read(
            r#"{"sheet": "Реєстр", "cells": {"N17": "Виконано", "A104": 7, "B5": null, "C9": true,
                "T104": {"f": "A104+1"}, "P9": {"v": 45900, "s": 3}}, "new_rows": [104],
                "grow": [{"from": 103, "to": 104}], "must_grow": ["table"], "delete_rows": [],
                "custom_props": {"regsync": "stamp-0001"}, "may_add": ["docProps/custom.xml"], "may_drop": []}"#,
        )
        .unwrap();
        assert_eq!(edit.after, Some(103));
        assert_eq!(edit.append.len(), 1);
        assert_eq!(edit.append[0][&0].content, Content::Whole(7));
        assert_eq!(edit.append[0][&19].content, Content::Formula("A104+1".to_owned()));
        assert_eq!(edit.cells[&(9, 15)], NewCell { content: Content::Whole(45_900), style: Some(3) });
        assert_eq!(edit.cells[&(5, 1)].content, Content::Blank);
        assert_eq!(edit.growth, Some(vec![(103, 104)]));
        assert_eq!(options.properties, [("regsync".to_owned(), "stamp-0001".to_owned())]);
        assert!(read(r#"{"cels": {}}"#).is_err(), "a slip of the pen");
        assert!(read(r#"{"cells": {"A": 1}}"#).is_err(), "no cell");
        assert!(read(r#"{"cells": {"A1": [1]}}"#).is_err(), "no value");
    }
}
