//! What a new register must be, read back by means other than our own writer.

use crate::domain::field::Field;
use crate::domain::form::Form;
use crate::domain::register::{Frame, Row};
use crate::domain::value::Value;
use crate::workbook::create::{Created, create};
use crate::workbook::samples;
use calamine::{Data, Reader, Xlsx};
use std::io::{Cursor, Read};

fn make(frame: &Frame, rows: &mut dyn Iterator<Item = Row>) -> (Created, Vec<u8>) {
    let mut out = Cursor::new(Vec::new());
    let created = create(frame, rows, &mut out).unwrap();
    (created, out.into_inner())
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn equal_input_gives_equal_bytes() {
    let first = make(&samples::frame(), &mut samples::rows(15)).1;
    let second = make(&samples::frame(), &mut samples::rows(15)).1;
    assert!(first == second);
}

#[test]
fn headers_stand_over_the_values_and_the_stamp_is_in_the_properties() {
    let (created, bytes) = make(&samples::frame(), &mut samples::rows(3));
    assert_eq!(created, Created { header_row: 4, first_row: 5, rows: 3 });
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(&bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["Реєстр", "Не зареєстровано", "Довідники"]);
    let range = book.worksheet_range(Form::Register.sheet()).unwrap();
    for spec in Form::Register.columns() {
        assert_eq!(range.get_value((3, spec.field.position())), Some(&Data::String(spec.header.to_owned())));
    }
    assert_eq!(range.get_value((4, Field::Phone.position())), Some(&Data::String("+380661234567".into())));
    let properties = part(&bytes, "docProps/custom.xml");
    assert!(properties.contains("name=\"zvernennia.replica\"><vt:lpwstr>register-2022<"));
    assert!(properties.contains("name=\"zvernennia.revision\"><vt:lpwstr>5000000000<"));
}

#[test]
fn whatever_a_citizen_wrote_is_a_string_and_never_a_formula_or_a_link() {
    let evil = ["=HYPERLINK(\"http://a.example\")", "+380", "-1", "@SUM(A1)", "https://a.example", "_x0041_", "{=1}"];
    let row = |text: &str| {
        let mut row = Row::default();
        row.set(Field::Essence, Value::text(text));
        row
    };
    let (_, bytes) = make(&samples::frame(), &mut evil.iter().map(|text| row(text)));
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    let data = sheet.split("</sheetData>").next().unwrap();
    assert!(!data.contains("<f>") && !sheet.contains("<hyperlink"));
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(&bytes)).unwrap();
    let range = book.worksheet_range(Form::Register.sheet()).unwrap();
    for (row, text) in (4u32..).zip(evil) {
        assert_eq!(range.get_value((row, Field::Essence.position())), Some(&Data::String(text.to_owned())));
    }
}

#[test]
fn a_register_without_appeals_has_its_table_with_one_blank_row() {
    let (created, bytes) = make(&samples::frame(), &mut std::iter::empty());
    assert_eq!(created.rows, 0);
    assert!(part(&bytes, "xl/tables/table1.xml").contains("ref=\"A4:AB5\""));
}

#[test]
fn table_dropdowns_and_colours_reach_as_far_as_they_should() {
    let (_, bytes) = make(&samples::frame(), &mut samples::rows(7));
    let table = part(&bytes, "xl/tables/table1.xml");
    assert_eq!(table.matches("ref=\"A4:AB11\"").count(), 2, "table and filter");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<conditionalFormatting sqref=\"B5:B511 U5:U511\">"));
    assert!(sheet.contains("errorStyle=\"warning\"") && sheet.contains("sqref=\"V5:V511\"><formula1>Довідник_стани<"));
    assert!(sheet.contains("J5:J11"), "marks of numbers kept as text");
    assert!(!sheet.contains("1048333") && !sheet.contains("1048444"));
    assert!(!sheet.split("<sheetData>").nth(1).unwrap().split("<row r=\"5\"").nth(1).unwrap().contains("customHeight"));
}

/// For looking at: `ZVERNENNIA_LOOK=folder cargo test look_at -- --ignored`.
#[test]
#[ignore = "writes files to look at"]
fn look_at_a_register() {
    let Ok(folder) = std::env::var("ZVERNENNIA_LOOK") else { return };
    for count in [0, 15, 50_000] {
        let started = std::time::Instant::now();
        let bytes = make(&samples::frame(), &mut samples::rows(count)).1;
        println!("{count} rows: {:?}, {} bytes", started.elapsed(), bytes.len());
        std::fs::write(format!("{folder}/register{count}.xlsx"), bytes).unwrap();
    }
    let bytes = make(&samples::department_frame(), &mut samples::department_rows(15)).1;
    std::fs::write(format!("{folder}/department.xlsx"), bytes).unwrap();
}

#[test]
fn a_departments_workbook_has_its_instructions_its_columns_and_a_dropdown_of_its_own() {
    let (created, bytes) = make(&samples::department_frame(), &mut samples::department_rows(3));
    assert_eq!(created, Created { header_row: 4, first_row: 5, rows: 3 });
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(&bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["Звернення", "Довідники"]);
    let range = book.worksheet_range(Form::Department.sheet()).unwrap();
    let text = |row, column| range.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    assert!(text(1, 0).starts_with("Заповніть лише білі графи"));
    assert!(text(2, 0).contains("у відповідь на лист"));
    for (column, spec) in (0..).zip(Form::Department.columns()) {
        assert_eq!(text(3, column), spec.header);
    }
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("sqref=\"F5:F507\"><formula1>Довідник_стани<"), "{sheet}");
    assert!(sheet.contains("<conditionalFormatting sqref=\"A5:A507 D5:D507\">"));
    assert!(!sheet.contains("1048333") && !sheet.contains("1048444"));
}
