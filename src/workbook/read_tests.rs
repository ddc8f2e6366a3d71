//! What people and programs do to a register, and how it is read all the same.

use crate::domain::field::Field;
use crate::domain::grid::{Raw, Sheet, Stamp};
use crate::workbook::create::create;
use crate::workbook::inspect::inspect;
use crate::workbook::prepass::{Limits, look, prepass};
use crate::workbook::read::{HeaderMap, Layout, read_in_process};
use crate::workbook::refusal::Cause;
use crate::workbook::samples;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

fn made(count: usize) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    create(&samples::frame(), &mut samples::rows(count), &mut out).unwrap();
    out.into_inner()
}

/// A workbook as an office might have it: the closure draws the sheet.
fn drawn(name: &str, draw: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "Пояснення до реєстру").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name(name).unwrap();
    draw(sheet);
    book.save_to_buffer().unwrap()
}

fn headers(sheet: &mut Worksheet, row: u32, texts: &[&str]) {
    for (column, text) in (0u16..).zip(texts) {
        sheet.write(row, column, *text).unwrap();
    }
}

fn read(bytes: &[u8]) -> Sheet {
    read_in_process(bytes, &Layout::default()).unwrap()
}

fn text(value: &str) -> Raw {
    Raw::Text(value.to_owned())
}

const HEADERS: [&str; 6] = ["№ з/п", "Рег. №", "Дата", "ПІБ заявника", "Телефон", "Суть\nпитання"];

#[test]
fn what_was_made_is_read_with_its_stamp_and_all_its_cells() {
    let sheet = read(&made(15));
    assert_eq!((sheet.name.as_str(), sheet.header_row, sheet.last_row, sheet.rows.len()), ("Реєстр", 4, 19, 15));
    assert_eq!(sheet.stamp, Some(Stamp { replica: "register-2022".into(), revision: 5_000_000_000 }));
    assert_eq!(sheet.columns.len(), 28);
    assert_eq!(sheet.remarks, []);
    for (index, row) in sheet.rows.iter().enumerate() {
        let expected = samples::row(index);
        assert_eq!(row.cells.len(), expected.filled().count());
        assert_eq!(row.cells[&Field::Essence], text(&expected.get(Field::Essence).to_string()));
        assert!(matches!(row.cells[&Field::DueDate], Raw::Number(_)));
    }
}

#[test]
fn a_register_of_an_office_is_found_by_its_headers_wherever_they_stand() {
    let bytes = drawn("Липень", |sheet| {
        sheet.merge_range(0, 0, 0, 5, "РЕЄСТР звернень громадян", &Format::new()).unwrap();
        headers(
            sheet,
            3,
            &["Телефон", "Відмітка начальника", "  ПІБ\u{a0}заявника", "СУТЬ питання", "Cтатус", "Рег. №"],
        );
        for column in 0..6u16 {
            sheet.write(4, column, f64::from(column) + 1.0).unwrap();
        }
        sheet.write(5, 0, 662_838_182).unwrap().write(5, 1, "до наради").unwrap().write(5, 5, "К-1").unwrap();
        // A blank row, a hidden row, a row far below.
        sheet.write(7, 5, "К-2").unwrap().set_row_hidden(7).unwrap();
        sheet.write(40, 5, "К-3").unwrap();
    });
    let sheet = read(&bytes);
    assert_eq!((sheet.name.as_str(), sheet.header_row, sheet.last_row), ("Липень", 4, 41));
    let rows: Vec<u32> = sheet.rows.iter().map(|row| row.row).collect();
    assert_eq!(rows, [6, 8, 41]);
    assert_eq!(sheet.columns[&Field::Phone], 0);
    assert_eq!(sheet.columns[&Field::Status], 4);
    assert_eq!(sheet.rows[0].cells[&Field::Phone], Raw::Number(662_838_182.0));
    assert_eq!(sheet.rows[0].extra["Відмітка начальника"], text("до наради"));
}

#[test]
fn lines_between_appeals_are_not_appeals() {
    let bytes = drawn("Реєстр", |sheet| {
        headers(sheet, 0, &HEADERS);
        sheet.write(1, 0, "11 липня 2022 року").unwrap();
        sheet.write(2, 0, 1).unwrap().write(2, 1, "К-1").unwrap().write(2, 3, "Коваленко О. П.").unwrap();
        headers(sheet, 3, &HEADERS);
        sheet.write(4, 0, 2).unwrap().write(4, 3, "Мельник І. Ю.").unwrap();
        sheet.write(5, 0, "Разом:").unwrap().write(5, 2, 2).unwrap();
    });
    let sheet = read(&bytes);
    assert_eq!(sheet.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [3, 5]);
    assert_eq!(sheet.last_row, 6);
}

#[test]
fn the_same_as_above_becomes_the_value_from_above() {
    let bytes = drawn("Реєстр", |sheet| {
        headers(sheet, 0, &HEADERS);
        sheet.write(1, 1, "К-1").unwrap().write(1, 3, "Коваленко О. П.").unwrap().write(1, 2, 44753).unwrap();
        sheet.write(2, 1, "К-2").unwrap().write(2, 3, "-//-").unwrap().write(2, 2, "так само").unwrap();
        sheet.write(3, 1, "-//-").unwrap().write(3, 3, "″").unwrap();
    });
    let sheet = read(&bytes);
    assert_eq!(sheet.rows[1].cells[&Field::Applicant], text("Коваленко О. П."));
    assert_eq!(sheet.rows[1].cells[&Field::ReceivedDate], Raw::Number(44753.0));
    assert_eq!(sheet.rows[1].dittos, [Field::ReceivedDate, Field::Applicant]);
    assert_eq!(sheet.rows[2].cells[&Field::Applicant], text("Коваленко О. П."));
    assert_eq!(sheet.rows[2].cells[&Field::Number], text("-//-"), "a number is nobody else's");
    assert_eq!(sheet.remarks.len(), 2, "missing columns, repetitions: {:?}", sheet.remarks);
}

#[test]
fn formulas_give_their_cached_value_and_errors_stay_errors() {
    let bytes = drawn("Реєстр", |sheet| {
        headers(sheet, 0, &HEADERS);
        sheet.write(1, 1, "К-1").unwrap();
        sheet.write(1, 0, Formula::new("=ROW()-1").set_result("1")).unwrap();
        sheet.write(1, 3, Formula::new("=B9").set_result("#REF!")).unwrap();
    });
    let row = read(&bytes).rows.remove(0);
    assert_eq!(row.formulas, [Field::Ordinal, Field::Applicant]);
    assert_eq!(row.cells[&Field::Ordinal], Raw::Number(1.0));
    assert_eq!(row.cells[&Field::Applicant], Raw::Error("#REF!".into()));
}

#[test]
fn merged_cells_among_the_rows_are_remarked() {
    let bytes = drawn("Реєстр", |sheet| {
        headers(sheet, 0, &HEADERS);
        sheet.write(1, 1, "К-1").unwrap().write(2, 1, "К-2").unwrap();
        sheet.merge_range(1, 3, 2, 3, "родина Коваленків", &Format::new()).unwrap();
    });
    let sheet = read(&bytes);
    assert!(sheet.remarks.iter().any(|remark| remark.text.contains("D2:D3")), "{:?}", sheet.remarks);
    assert!(!sheet.rows[1].cells.contains_key(&Field::Applicant));
}

#[test]
fn configured_headers_win_and_a_doubled_header_is_refused() {
    let draw = |sheet: &mut Worksheet| {
        headers(sheet, 0, &["Реєстраційний №", "Фігурант", "Телефон", "Суть питання", "Суть питання", "Дата"]);
        sheet.write(1, 0, "К-1").unwrap().write(1, 1, "Ткачук А.").unwrap();
    };
    let bytes = drawn("Реєстр", draw);
    assert_eq!(read_in_process(&bytes, &Layout::default()).unwrap_err().cause, Cause::DoubleHeader);
    let bytes = drawn("Реєстр", |sheet| {
        draw(sheet);
        sheet.write(0, 4, "Суть").unwrap();
    });
    let configured = HeaderMap::from([(Field::Applicant, "фігурант".to_owned())]);
    let sheet = read_in_process(&bytes, &Layout::register(&configured)).unwrap();
    assert_eq!(sheet.columns[&Field::Applicant], 1);
    assert_eq!(sheet.columns[&Field::Essence], 3, "the exact header wins over its synonym");
}

#[test]
fn what_is_not_our_register_is_refused_with_its_cause() {
    let foreign = drawn("Бюджет", |sheet| headers(sheet, 0, &["Стаття", "Сума", "Дата", "Примітки"]));
    let mut cut = made(3);
    cut.truncate(cut.len() / 2);
    let mut flipped = made(200);
    let middle = flipped.len() / 4;
    flipped[middle] ^= 0xff;
    let mut ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    let old = ole.clone();
    ole.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    for (what, bytes, cause) in [
        ("foreign", foreign.as_slice(), Cause::NoHeader),
        ("cut off", &cut, Cause::Damaged),
        ("one byte changed", &flipped, Cause::Damaged),
        ("password", &ole, Cause::Encrypted),
        ("old format", &old, Cause::OldFormat),
        ("text", b"hello", Cause::NotWorkbook),
        ("empty", b"", Cause::Damaged),
    ] {
        let refusal = read_in_process(bytes, &Layout::default()).unwrap_err();
        assert_eq!(refusal.cause, cause, "{what}: {refusal}");
    }
}

/// A zip with the given parts beside those that a workbook must have.
fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut packer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in
        [("[Content_Types].xml", &b"<Types/>"[..]), ("xl/workbook.xml", b"<workbook/>")].iter().chain(parts)
    {
        packer.start_file(*name, SimpleFileOptions::default()).unwrap();
        packer.write_all(content).unwrap();
    }
    packer.finish().unwrap().into_inner()
}

#[test]
fn the_look_before_the_parser_finds_what_parsers_die_of() {
    let spaces = vec![b' '; 2 << 20];
    let utf16: Vec<u8> = "\u{feff}<worksheet/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let link = br#"<Relationship Type="http://x/externalLink" Target="file:///etc" TargetMode="External"/>"#;
    let mail = br#"<Relationship Type="http://x/hyperlink" Target="mailto:a@b" TargetMode="External"/>"#;
    let small = Limits { part: 1 << 20, ..Limits::STRANGER };
    for (what, bytes, limits, expected) in [
        ("sound", zipped(&[]), small, None),
        ("bomb", zipped(&[("xl/a.xml", &spaces)]), small, Some(Cause::TooLarge)),
        ("utf-16", zipped(&[("xl/a.xml", &utf16)]), small, Some(Cause::Encoding)),
        (
            "declared encoding",
            zipped(&[("xl/a.xml", b"<?xml version='1.0' encoding='windows-1251'?><a/>")]),
            small,
            Some(Cause::Encoding),
        ),
        ("entities", zipped(&[("xl/a.xml", b"<!DOCTYPE a><a/>")]), small, Some(Cause::Doctype)),
        (
            "count of strings",
            zipped(&[("xl/sharedStrings.xml", b"<sst uniqueCount=\"4000000000\"/>")]),
            small,
            Some(Cause::Damaged),
        ),
        ("macros", zipped(&[("xl/vbaProject.bin", b"")]), small, Some(Cause::Macros)),
        ("path", zipped(&[("../a.xml", b"")]), small, Some(Cause::OddArchive)),
        ("doubled name", zipped(&[("XL/workbook.xml", b"")]), small, Some(Cause::OddArchive)),
        ("outside", zipped(&[("xl/_rels/a.rels", link)]), small, Some(Cause::External)),
        ("outside in the register", zipped(&[("xl/_rels/a.rels", link)]), Limits::REGISTER, None),
        ("link to an address", zipped(&[("xl/_rels/a.rels", mail)]), small, None),
        ("something before", [b"PK\x03\x04junk".to_vec(), zipped(&[])].concat(), small, Some(Cause::OddArchive)),
        ("xlsb", zipped(&[("xl/workbook.bin", b"")]), small, Some(Cause::OldFormat)),
    ] {
        assert_eq!(look(&bytes, limits).err().map(|refusal| refusal.cause), expected, "{what}");
    }
}

#[test]
fn real_workbooks_of_excel_pass_the_look_or_are_refused_by_name() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples/workbooks");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("skipped: the real workbooks are not here");
        return;
    };
    let mut refused = Vec::new();
    for path in files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e != "md")) {
        let bytes = std::fs::read(&path).unwrap();
        if let Err(refusal) = prepass(&bytes) {
            refused.push((path.file_name().unwrap().to_string_lossy().into_owned(), refusal.cause));
        } else {
            assert_eq!(inspect(&bytes, &HeaderMap::new()).refusal.unwrap().cause, Cause::NoHeader, "{path:?}");
        }
    }
    refused.sort();
    let macros = ["poi_stress002.xlsx", "sheetjs_numfmt_1_russian.xlsm"].map(|name| (name.to_owned(), Cause::Macros));
    assert_eq!(refused, macros);
}

#[test]
fn an_inspection_names_sheets_tables_columns_and_never_content() {
    let inspection = inspect(&made(2), &HeaderMap::new());
    let register = inspection.register.clone().unwrap();
    assert_eq!((register.rows, register.numbered, register.columns.len()), (2, 2, 28));
    assert_eq!(inspection.sheets[0].tables, ["Реєстр"]);
    let json = serde_json::to_string(&inspection).unwrap();
    assert!(!json.contains("Коваленко") && !json.contains("+380"));
    assert_eq!(inspect(b"hello", &HeaderMap::new()).refusal.unwrap().cause, Cause::NotWorkbook);
}
