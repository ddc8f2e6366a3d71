//! Makes a new workbook of appeals: heading, the table of appeals, further sheets, the lists behind the dropdowns.
//!
//! rust_xlsxwriter draws a skeleton with everything but the appeals; `create_fill` streams those in (constant memory,
//! strings inline, heights that LibreOffice honours too). Equal input gives equal bytes. Every text is a string cell:
//! nothing that a citizen wrote can become a formula or a link. Absent on purpose: changing an existing file (`patch`),
//! deciding what a row shows (`ledger`).

use crate::domain::register::{Frame, Row, Table};
use crate::workbook::create_lists::{self, Lists};
use crate::workbook::create_style::Styles;
use crate::workbook::{create_fill, create_sheet, create_tables};
use chrono::{DateTime, Datelike, Timelike, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::collections::BTreeSet;
use std::io::{Seek, Write};

/// Name of the sheet with the lists behind the dropdowns.
pub const LISTS_SHEET: &str = "Довідники";
/// Custom document property with the identity of the replica.
pub const STAMP_REPLICA: &str = "zvernennia.replica";
/// Custom document property with the ledger revision.
pub const STAMP_REVISION: &str = "zvernennia.revision";

/// Most rows of appeals in one workbook.
pub const MAX_ROWS: usize = 1_000_000;

/// What was made. Rows are Excel's (1-based).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Created {
    /// Row of the headers.
    pub header_row: u32,
    /// Row of the first appeal; the others follow without gaps.
    pub first_row: u32,
    /// How many appeals were written.
    pub rows: u32,
}

/// Why a workbook could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The writer of workbooks refused or the disk did.
    #[error("cannot make the workbook ({what})")]
    Write {
        /// What was being made.
        what: String,
        /// Its own words.
        #[source]
        source: XlsxError,
    },
    /// More rows or columns than a sheet may have.
    #[error("too many rows or columns for a sheet (at most {MAX_ROWS} rows)")]
    TooMuch,
    /// The parts could not be put together.
    #[error("cannot put the parts of the workbook together")]
    Pack(#[from] zip::result::ZipError),
    /// Writing failed.
    #[error("cannot write the workbook")]
    Disk(#[from] std::io::Error),
    /// The writer of workbooks made something else than this module knows (kept by tests).
    #[error("the skeleton of the workbook lacks {0}")]
    Skeleton(&'static str),
}

/// Attaches what was being made to an error of the writer.
pub(super) fn at(what: &str) -> impl FnOnce(XlsxError) -> CreateError + '_ {
    move |source| CreateError::Write { what: what.to_owned(), source }
}

/// Makes a workbook of appeals in the form of the frame.
///
/// # Errors
/// The disk, or more than `MAX_ROWS` rows.
pub fn create(
    frame: &Frame,
    rows: &mut dyn Iterator<Item = Row>,
    out: impl Write + Seek + Send,
) -> Result<Created, CreateError> {
    create_fill::fill(&skeleton(frame)?, frame.form(), rows, out)
}

/// Makes a workbook of one plain table, for reading only.
///
/// # Errors
/// The disk, or too many rows.
pub fn create_plain(
    table: &Table,
    created: DateTime<Utc>,
    mut out: impl Write + Seek + Send,
) -> Result<(), CreateError> {
    let styles = Styles::new();
    let mut book = Workbook::new();
    book.set_default_format(&styles.base, 20, 64).map_err(at("default format"))?;
    create_tables::draw(&mut book, &styles, table, &mut BTreeSet::new())?;
    for sheet in book.worksheets_mut() {
        sheet.protect();
    }
    let frame = Frame { created, ..Frame::default() };
    book.set_properties(&properties(&frame)?.set_title(&table.name));
    out.write_all(&book.save_to_buffer().map_err(at("plain workbook"))?)?;
    Ok(())
}

/// The whole workbook with one blank row in the place of the appeals.
fn skeleton(frame: &Frame) -> Result<Vec<u8>, CreateError> {
    let styles = Styles::new();
    let lists = Lists::of(frame);
    let mut book = Workbook::new();
    // 20 × 64 pixels: the metrics of Times New Roman 11, whose digits are 7 pixels wide like Calibri's.
    book.set_default_format(&styles.base, 20, 64).map_err(at("default format"))?;
    create_sheet::draw(&mut book, &styles, frame, &lists)?;
    let mut taken = BTreeSet::from([frame.form().sheet().to_lowercase(), LISTS_SHEET.to_lowercase()]);
    for table in &frame.tables {
        create_tables::draw(&mut book, &styles, table, &mut taken)?;
    }
    create_lists::draw(&mut book, &styles, frame.form(), &lists)?;
    book.set_properties(&properties(frame)?);
    book.save_to_buffer().map_err(at("skeleton"))
}

fn properties(frame: &Frame) -> Result<DocProperties, CreateError> {
    let moment = frame.created.naive_utc();
    let year = u16::try_from(moment.year()).unwrap_or(0);
    let created = ExcelDateTime::from_ymd(year, moment.month() as u8, moment.day() as u8)
        .and_then(|day| day.and_hms(moment.hour() as u16, moment.minute() as u8, moment.second() as u8))
        .map_err(at("date of making"))?;
    let mut properties = DocProperties::new()
        .set_title(crate::domain::value::cell_text(&frame.title()))
        .set_author(crate::domain::value::cell_text(frame.organisation()))
        .set_company(crate::domain::value::cell_text(frame.organisation()))
        .set_creation_datetime(&created);
    if let Some(stamp) = &frame.stamp {
        // Both as text: the property's 32-bit number could not hold every revision.
        properties = properties
            .set_custom_property(STAMP_REPLICA, stamp.replica.as_str())
            .set_custom_property(STAMP_REVISION, stamp.revision.to_string());
    }
    Ok(properties)
}
