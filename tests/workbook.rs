//! A register as a whole: made, saved by other programs, read again, understood.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use zvernennia::domain::field::Field;
use zvernennia::domain::grid::{Raw, Sheet};
use zvernennia::domain::register::{Frame, Row};
use zvernennia::domain::value::Value;
use zvernennia::merge::value::interpret;
use zvernennia::workbook::create::create;
use zvernennia::workbook::read::{Layout, read_in_process};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/workbooks").join(name)
}

fn understood(sheet: &Sheet, index: usize, field: Field) -> String {
    let raw = sheet.rows[index].cells.get(&field).unwrap_or(&Raw::Empty);
    interpret(raw, field, sheet.date1904).0.to_string()
}

#[test]
fn every_value_comes_back_from_a_workbook_as_it_went_in() {
    let long = format!("{}\n{}", "довгий текст ".repeat(400), "ще рядок");
    let texts = [
        "К-1/2022",
        "=1+1",
        "_x0041_ <&>\"'",
        "а\u{a0}б",
        "рядок\nрядок",
        "007",
        "1e5",
        "TRUE",
        "#REF!",
        long.as_str(),
    ];
    let rows: Vec<Row> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let mut row = Row::default();
            row.set(Field::Ordinal, Value::Number(index as i64 + 1));
            row.set(Field::ReceivedDate, Value::Date(chrono::NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()));
            row.set(
                Field::ReceivedTime,
                Value::Time(chrono::NaiveTime::from_hms_opt(23, 59 - index as u32, 0).unwrap()),
            );
            row.set(Field::Phone, Value::text("+380661234567; +380501112233"));
            for field in [Field::Applicant, Field::Essence, Field::Answer, Field::Hint, Field::Operator] {
                row.set(field, Value::text(text));
            }
            row
        })
        .collect();
    let mut out = Cursor::new(Vec::new());
    create(&Frame::default(), &mut rows.clone().into_iter(), &mut out).unwrap();
    let sheet = read_in_process(&out.into_inner(), &Layout::default()).unwrap();
    assert_eq!(sheet.rows.len(), rows.len());
    for (read, written) in sheet.rows.iter().zip(&rows) {
        for field in Field::all() {
            let raw = read.cells.get(&field).unwrap_or(&Raw::Empty);
            let (value, remarks) = interpret(raw, field, sheet.date1904);
            assert_eq!((&value, remarks.len()), (written.get(field), 0), "{field:?}");
        }
    }
}

#[test]
fn registers_saved_by_other_programs_are_understood() {
    for name in ["saved-by-openpyxl.xlsx", "saved-by-libreoffice.xlsx"] {
        let sheet = read_in_process(&std::fs::read(sample(name)).unwrap(), &Layout::default()).unwrap();
        assert_eq!((sheet.header_row, sheet.last_row, sheet.rows.len()), (4, 12, 8), "{name}");
        assert_eq!(sheet.stamp.as_ref().map(|stamp| stamp.revision), Some(5_000_000_000), "{name}");
        for (index, field, expected) in [
            (0, Field::Number, "К-1/2022"),
            (0, Field::ReceivedTime, "09:35"),
            (0, Field::DueDate, "10.08.2022"),
            (
                2,
                Field::Essence,
                "Немає води в будинку третю добу.\nПросить повідомити, коли буде відновлено водопостачання.",
            ),
            (3, Field::Essence, "=HYPERLINK(\"http://example.com\";\"натисніть\") @SUM(A1) https://example.com/a"),
            (6, Field::ReceivedDate, "13.07.2022"),
            (6, Field::ReceivedTime, "11:20"),
            (6, Field::Phone, "+380662838182"),
            (6, Field::Status, "Зареєстровано"),
            (6, Field::Channel, "телефон 1"),
            (7, Field::ReceivedDate, "14.07.2022"),
            (7, Field::ReceivedTime, "09:05"),
            (7, Field::Applicant, "Гончар Петро Іванович"),
            (7, Field::Phone, "+380662838182"),
        ] {
            assert_eq!(understood(&sheet, index, field), expected, "{name}: {field:?} of row {index}");
        }
        assert_eq!(sheet.rows[7].extra["Відмітка начальника"], Raw::Text("до наради".into()), "{name}");
    }
}
