//! Measurements, run by hand: `cargo test --release measure -- --ignored --nocapture --test-threads=1`.

use crate::domain::field::{FIELDS, Field};
use crate::domain::form::Form;
use crate::domain::value::Value;
use crate::workbook::create::create;
use crate::workbook::create_rows::{day_part, serial};
use crate::workbook::create_style;
use crate::workbook::prepass::prepass;
use crate::workbook::read::{Layout, read_in_process};
use crate::workbook::samples;
use rust_xlsxwriter::{Format, Workbook};
use std::io::Cursor;
use std::time::Instant;

const ROWS: usize = 50_000;

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned()
}

#[test]
#[ignore = "a measurement"]
fn measure_create() {
    let started = Instant::now();
    let path = std::env::temp_dir().join(format!("zvernennia-measure-{}.xlsx", std::process::id()));
    let file = std::fs::File::create(&path).unwrap();
    create(&samples::frame(), &mut samples::rows(ROWS), file).unwrap();
    println!("create: {:?}, {}", started.elapsed(), peak());
    std::fs::remove_file(path).unwrap();
}

#[test]
#[ignore = "a measurement"]
fn measure_bare_writer() {
    let started = Instant::now();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().unwrap();
    let formats: Vec<(Field, Format)> =
        FIELDS.iter().map(|spec| (spec.field, create_style::data(Form::Register, spec))).collect();
    for (at, row) in (0u32..).zip(samples::rows(ROWS)) {
        for (field, format) in &formats {
            let column = *field as u16;
            match row.get(*field) {
                Value::Empty => sheet.write_blank(at, column, format),
                Value::Text(text) => sheet.write_string_with_format(at, column, text, format),
                Value::Number(number) => sheet.write_number_with_format(at, column, *number as f64, format),
                Value::Date(day) => sheet.write_number_with_format(at, column, serial(*day).unwrap(), format),
                Value::Time(time) => sheet.write_number_with_format(at, column, day_part(*time), format),
            }
            .unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    println!("bare rust_xlsxwriter: {:?}, {} bytes, {}", started.elapsed(), bytes.len(), peak());
}

#[test]
#[ignore = "a measurement"]
fn measure_read() {
    let mut out = Cursor::new(Vec::new());
    create(&samples::frame(), &mut samples::rows(ROWS), &mut out).unwrap();
    let bytes = out.into_inner();
    let started = Instant::now();
    prepass(&bytes).unwrap();
    println!("prepass: {:?}", started.elapsed());
    let sheet = read_in_process(&bytes, &Layout::default()).unwrap();
    println!("prepass and read: {:?}", started.elapsed());
    let started = Instant::now();
    let json = serde_json::to_vec(&sheet).unwrap();
    println!("to JSON: {:?}, {} bytes", started.elapsed(), json.len());
    let started = Instant::now();
    let back: crate::domain::grid::Sheet = serde_json::from_slice(&json).unwrap();
    println!("from JSON: {:?}, {} rows, {}", started.elapsed(), back.rows.len(), peak());
}
