//! `zvernennia workbook inspect FILE`: what a workbook looks like to the service; for the question why it was refused.
//!
//! Looks in a child process, as the service does. Names sheets, tables and headers, never the content of a row.

use crate::cli::ConfigArgs;
use crate::cli::exit::say;
use crate::engine::parse_workbook::inspect_in_child;
use crate::settings::load;
use crate::workbook::inspect::{Inspection, RegisterOutline};
use crate::workbook::read::HeaderMap;
use crate::world::file;
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;

/// Largest workbook that is looked at, in bytes.
const MAX_WORKBOOK: u64 = 64 << 20;

/// Which workbook.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  zvernennia workbook inspect register.xlsx\n  \
                        zvernennia workbook inspect register.xlsx --config office --json   (with the headers of your form)")]
pub struct InspectArgs {
    /// The workbook.
    pub file: PathBuf,
    #[command(flatten)]
    config: ConfigArgs,
    /// Tell it as JSON.
    #[arg(long)]
    json: bool,
}

/// Tells what the workbook is.
///
/// # Errors
/// The file cannot be read, the configuration is wrong, or the service would refuse the workbook.
pub fn run(args: &InspectArgs) -> Result<()> {
    let headers = match args.config.config {
        Some(_) => load(&args.config.file())?.register.headers,
        None => HeaderMap::new(),
    };
    let workbook = file::read(&args.file, MAX_WORKBOOK)?;
    let inspection = inspect_in_child(&std::env::current_exe()?, &workbook.bytes, &headers)?;
    say(&if args.json { serde_json::to_string(&inspection)? } else { as_text(&inspection) })?;
    match inspection.refusal {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

fn as_text(inspection: &Inspection) -> String {
    let stamp =
        inspection.stamp.as_ref().map_or("none: not written by the service, or saved without it".to_owned(), |stamp| {
            format!("{} at revision {}", stamp.replica, stamp.revision)
        });
    let mut lines = vec![format!("size: {} bytes", inspection.bytes), format!("stamp: {stamp}")];
    for sheet in &inspection.sheets {
        let kind = if sheet.has_cells { "sheet" } else { "sheet without cells" };
        let hidden = if sheet.visible { "" } else { ", hidden" };
        let tables =
            if sheet.tables.is_empty() { String::new() } else { format!(", tables: {}", sheet.tables.join("; ")) };
        lines.push(format!("{kind}: {}{hidden}{tables}", sheet.name));
    }
    if let Some(register) = &inspection.register {
        lines.extend(of_register(register));
    }
    lines.join("\n")
}

fn of_register(register: &RegisterOutline) -> Vec<String> {
    let mut lines = vec![format!(
        "register: sheet {}, headers in row {}, {} rows until row {}, {} of them numbered",
        register.sheet, register.header_row, register.rows, register.last_row, register.numbered
    )];
    if register.date1904 {
        lines.push("dates: counted from 1904".to_owned());
    }
    for column in &register.columns {
        lines.push(format!("column {}: {} = {}", column.position, column.shown, column.field.id()));
    }
    lines.extend(register.missing.iter().map(|header| format!("missing: {header}")));
    lines.extend(register.unknown.iter().map(|header| format!("left alone: {header}")));
    lines.extend(register.remarks.iter().map(|remark| format!("remark: {}", remark.text)));
    lines
}
