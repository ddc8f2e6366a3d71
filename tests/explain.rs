//! `zvernennia explain`: one question with its reasons, and whole files of them.

use crate::office::text;
use std::process::{Command, Output};

fn explain(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zvernennia")).arg("explain").args(args).output().unwrap()
}

/// Runs a batch over this text; gives the rows of the result and what was said.
fn batch(what: &str, input: &[u8]) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("in.csv"), folder.path().join("out.csv"));
    std::fs::write(&from, input).unwrap();
    let output = explain(&[what, "--batch", from.to_str().unwrap(), "--out", to.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    (std::fs::read_to_string(to).unwrap(), text(&output.stderr))
}

#[test]
fn a_term_is_told_with_its_dates_and_the_reason_for_each() {
    let said = text(&explain(&["due", "--received", "2026-03-14T17:20:00+02:00", "--rule", "15d"]).stdout);
    for part in ["2026-03-16 (Monday)", "2026-03-29 (Sunday)", "2026-03-27 (Friday)", "a weekend", "art. 20"] {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
    // 23:30 UTC is the next day in Kyiv.
    let json = explain(&["due", "--received", "2026-03-16T23:30:00Z", "--rule", "month", "--json"]).stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["registered_date"], "2026-03-17");
    assert_eq!(json["legal_due"], "2026-04-16");
    assert_eq!(json["derivation"].as_array().unwrap().len(), 3);
}

#[test]
fn a_question_that_makes_no_sense_is_refused_with_an_example() {
    for args in [["--received", "tomorrow", "--rule", "15d"], ["--received", "2026-03-14 17:20", "--rule", "soon"]] {
        let output = explain(&[&["due"], &args[..]].concat());
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).contains("like"), "{}", text(&output.stderr));
    }
}

#[test]
fn a_batch_repeats_its_columns_and_adds_the_answers() {
    let (rows, said) = batch(
        "due",
        b"\xef\xbb\xbfid,rule,received_local_datetime,martial_law,extra_days_off,extra_working_days,control_date\r\n\
          1,15d,2022-08-09 11:00,true,,,x\r\n\
          2,15d,2022-08-09T11:00,no,,,x\r\n\
          3,15d,2022-08-09T11:00:59,0,2022-08-23;2022-08-22,2022-08-20,x\r\n\
          4,month,2023-01-31T10:00:00+02:00,,,,x\r\n\
          5,soon,2022-08-09 11:00,,,,x\r\n\
          6,5d\r\n",
    );
    let expected = "\u{feff}id,rule,received_local_datetime,martial_law,extra_days_off,extra_working_days,control_date,\
                    registered_date,legal_due,control_date\n\
                    1,15d,2022-08-09 11:00,true,,,x,2022-08-09,2022-08-24,2022-08-24\n\
                    2,15d,2022-08-09T11:00,no,,,x,2022-08-09,2022-08-24,2022-08-23\n\
                    3,15d,2022-08-09T11:00:59,0,2022-08-23;2022-08-22,2022-08-20,x,2022-08-09,2022-08-24,2022-08-20\n\
                    4,month,2023-01-31T10:00:00+02:00,,,,x,2023-01-31,2023-02-28,2023-02-28\n\
                    5,soon,2022-08-09 11:00,,,,x,,,\n\
                    6,5d,,,,,,,,\n";
    assert_eq!(rows, expected);
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("row 6: \"soon\"") && said.contains("row 7: "), "{said}");
}

#[test]
fn each_question_has_its_columns() {
    let (rows, said) = batch(
        "status",
        "text,registered_date\nвиконано 12.08,2026-07-11\n\"в роб., до 15.08\",\n+,2026-07-11\n".as_bytes(),
    );
    let rows: Vec<&str> = rows.lines().collect();
    assert_eq!(rows[0], "text,registered_date,expected_status,promised_date,completed_date,needs_operator");
    assert_eq!(rows[1], "виконано 12.08,2026-07-11,Виконано (вирішено позитивно),,2026-08-12,false");
    assert!(rows[2].starts_with("\"в роб., до 15.08\",,В роботі,"), "{}", rows[2]);
    assert_eq!(rows[3], "+,2026-07-11,,,,true");
    assert_eq!(said, "");

    let (rows, _) = batch("salutation", "name,patronymic,gender\nОлена,Петрівна,f\nСаша,,m\nЧен,,\n".as_bytes());
    assert_eq!(
        rows,
        "name,patronymic,gender,vocative_name,vocative_patronymic,salutation\n\
         Олена,Петрівна,f,Олено,Петрівно,Шановна Олено Петрівно!\n\
         Саша,,m,Сашо,,Шановний пане Сашо!\n\
         Чен,,,,,Доброго дня!\n"
    );

    let (rows, _) = batch("name", "as_written,surname\nвід Шевчука Андрія Миколайовича,Шевчук\n\"\",\n".as_bytes());
    assert_eq!(
        rows,
        "as_written,surname,surname,name,patronymic\n\
         від Шевчука Андрія Миколайовича,Шевчук,Шевчук,Андрій,Миколайович\n,,,,\n"
    );
}

#[test]
fn a_file_that_cannot_be_used_is_a_failure_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("in.csv"), folder.path().join("out.csv"));
    for (bytes, why) in [
        (&b"term,received\n15d,2022-08-09 11:00\n"[..], "has no column \"received_local_datetime\""),
        (&b"rule,received_local_datetime\n\xe2,1\n"[..], "is not UTF-8"),
    ] {
        std::fs::write(&from, bytes).unwrap();
        let output = explain(&["due", "--batch", from.to_str().unwrap(), "--out", to.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).contains(why), "{}", text(&output.stderr));
        assert!(!to.exists());
    }
}
