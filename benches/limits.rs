//! How far the service is from the bare limit, as ratios measured in one run (medians of interleaved rounds).
//!
//! `cargo bench --bench limits [-- NAME]`; letters come from tests/tools/gen_mail.py (seeded).

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench may be blunt, and prints its figures"
)]

mod mail;
#[path = "../tests/office.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod office;
mod replica;

use mail_parser::MessageParser;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use zvernennia::desk::registration::kind_label;
use zvernennia::domain::field::Field;
use zvernennia::domain::grid::Stamp;
use zvernennia::domain::reading::Kind;
use zvernennia::domain::register::{Frame, Row};
use zvernennia::domain::value::Value;
use zvernennia::engine::Service;

const ROUNDS: usize = 3;
const LETTERS: usize = 10_000;
const ROWS: usize = 50_000;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let runs = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| name.contains(wanted.as_str()));
    if runs("intake") {
        intake();
    }
    if runs("mail") {
        mail::measure();
    }
    if runs("register") {
        register();
    }
    if runs("merge") {
        replica::merge();
    }
    if runs("append") {
        replica::append(10_000);
        replica::append(100_000);
    }
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn timed(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64()
}

/// Processor time of this process so far, in seconds, all its threads together.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

/// Resident memory of this process at its highest, in MiB.
fn peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn generated(count: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/gen_mail.py");
    let made = Command::new("python3")
        .arg(script)
        .args(["-n", &count.to_string(), "--format", "maildir", "-o"])
        .arg(folder.path().join("mail"))
        .status()
        .unwrap();
    assert!(made.success());
    folder
}

fn intake() {
    let letters = generated(LETTERS);
    let maildir = letters.path().join("mail");
    let (mut bare, mut taken, mut decided, mut busy) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bare.push(timed(|| bare_intake(&maildir.join("new"))));
        let folder = tempfile::tempdir().unwrap();
        let service = office(&folder.path().join("office"), &maildir);
        let mailbox = service.settings.mailboxes[0].clone();
        let now = chrono::Utc::now();
        let before = processor();
        taken.push(timed(|| {
            let taken = zvernennia::engine::intake::step(&service, &mailbox, now, &mut |_, _| {}).unwrap().unwrap();
            assert_eq!(taken.recorded.letters + taken.recorded.copies, LETTERS);
        }));
        busy.push(processor() - before);
        decided.push(timed(|| {
            zvernennia::engine::desk::step(&service, now, &mut |_| {}).unwrap();
        }));
    }
    let (bare, taken, decided, busy) = (median(bare), median(taken), median(decided), median(busy));
    println!("intake of {LETTERS} letters (5-20 KB) from a Maildir, durable:");
    println!("  bare limit (mail-parser, one row a letter, commit per 50)  {bare:.2} s");
    println!(
        "  reading + committing                                       {taken:.2} s  = {:.2} x (goal <= 4), {busy:.2} s of processor",
        taken / bare
    );
    println!("  deciding + acknowledgements in the outbox                  {decided:.2} s");
}

fn bare_intake(folder: &Path) {
    let place = tempfile::tempdir().unwrap();
    let mut db = rusqlite::Connection::open(place.path().join("bare.sqlite")).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    db.pragma_update(None, "synchronous", "FULL").unwrap();
    db.execute_batch(
        "CREATE TABLE letter (id INTEGER PRIMARY KEY, message_id TEXT, sender TEXT, subject TEXT, body TEXT)",
    )
    .unwrap();
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    for batch in names.chunks(50) {
        let transaction = db.transaction().unwrap();
        for path in batch {
            let raw = std::fs::read(path).unwrap();
            let message = MessageParser::default().parse(&raw).unwrap();
            let sender = message.from().and_then(|from| from.first()).and_then(|from| from.address()).unwrap_or("");
            keep(&transaction, &message, sender);
        }
        transaction.commit().unwrap();
    }
}

/// One row for a letter, as a program would keep it that does nothing else.
fn keep(db: &rusqlite::Connection, message: &mail_parser::Message<'_>, sender: &str) {
    db.prepare_cached("INSERT INTO letter (message_id, sender, subject, body) VALUES (?1, ?2, ?3, ?4)")
        .unwrap()
        .execute(rusqlite::params![
            message.message_id(),
            sender,
            message.subject(),
            message.body_text(0).unwrap_or_default().as_ref()
        ])
        .unwrap();
}

/// The frame of an empty register.
fn empty_frame(service: &Service, stamp: &Stamp) -> Frame {
    zvernennia::desk::frame::frame(
        &service.settings,
        2026,
        &zvernennia::desk::frame::Beside::default(),
        stamp.clone(),
        chrono::Utc::now(),
    )
}

fn office(dir: &Path, maildir: &Path) -> Service {
    zvernennia::cli::init::embedded(dir).unwrap();
    let mut settings = zvernennia::settings::load(&dir.join("zvernennia.toml")).unwrap();
    settings.mailboxes[0].source = zvernennia::settings::valid::Source::Maildir { path: maildir.to_path_buf() };
    Service::open(settings).unwrap()
}

/// A row as appeals are.
fn row(n: usize) -> Row {
    let mut row = Row::default();
    let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(n as u64 % 365);
    let text = |text: String| Value::text(&text);
    for (field, value) in [
        (Field::Ordinal, Value::Number(n as i64)),
        (Field::Number, text(format!("К-{n}/2026"))),
        (Field::ReceivedDate, Value::Date(day)),
        (Field::ReceivedTime, Value::Time(chrono::NaiveTime::from_hms_opt(10, n as u32 % 60, 0).unwrap())),
        (Field::Channel, text("е-пошта 1".into())),
        (Field::Operator, text("Система".into())),
        (Field::Applicant, text(format!("Коваленко Олена Петрівна {n}"))),
        (Field::Phone, text(format!("+38066{n:07}"))),
        (Field::Email, text(format!("olena{n}@example.com"))),
        (Field::RegisteredAddress, text(format!("м. Сєвєродонецьк, вул. Гагаріна, буд. {n}, кв. 12"))),
        (Field::TemporaryAddress, text("м. Дніпро, вул. Робоча, буд. 7".into())),
        (Field::Category, text("ВПО".into())),
        (Field::Kind, text(kind_label(Kind::Application).into())),
        (Field::Sign, text("первинне".into())),
        (
            Field::Essence,
            text(
                format!("Просить роз'яснити порядок отримання довідки та призначення субсидії, справа {n}. ").repeat(4),
            ),
        ),
        (Field::Topic, text("Соціальний захист / фінансовий".into())),
        (Field::DueDate, Value::Date(day)),
        (Field::Status, text("Зареєстровано".into())),
        (Field::Hint, text("Пропонований підрозділ: Управління соціального захисту населення.".into())),
    ] {
        row.set(field, value);
    }
    row
}

fn register() {
    let folder = tempfile::tempdir().unwrap();
    let service = office(&folder.path().join("office"), &folder.path().join("office/mail/1"));
    let stamp = Stamp { replica: "bench".into(), revision: 1 };
    let frame = empty_frame(&service, &stamp);
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    let mut memory = 0.0_f64;
    for _ in 0..ROUNDS {
        bare.push(timed(|| bare_register(&folder.path().join("bare.xlsx"))));
        forget_peak();
        ours.push(timed(|| {
            let file = std::fs::File::create(folder.path().join("ours.xlsx")).unwrap();
            let mut rows = (1..=ROWS).map(row);
            zvernennia::workbook::create::create(&frame, &mut rows, file).unwrap();
        }));
        memory = memory.max(peak_memory());
    }
    let (bare, ours) = (median(bare), median(ours));
    println!("first register of {ROWS} rows:");
    println!("  bare rust_xlsxwriter, same cells  {bare:.2} s");
    println!(
        "  ours                              {ours:.2} s  = {:.2} x (goal <= 1.3), peak memory {memory:.0} MiB (goal <= 150)",
        ours / bare
    );
}

fn bare_register(path: &Path) {
    use chrono::{Datelike, Timelike};
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("dd.mm.yyyy");
    let time = Format::new().set_num_format("hh:mm");
    let text = Format::new().set_num_format("@");
    let sheet = book.add_worksheet_with_constant_memory().unwrap();
    for n in 1..=ROWS {
        let row = row(n);
        for (field, value) in row.filled() {
            let (line, column) = (n as u32, field.position() as u16);
            match value {
                Value::Empty => {}
                Value::Text(value) => drop(sheet.write_string_with_format(line, column, value, &text).unwrap()),
                Value::Number(value) => drop(sheet.write_number(line, column, *value as f64).unwrap()),
                Value::Date(value) => {
                    let day =
                        ExcelDateTime::from_ymd(value.year() as u16, value.month() as u8, value.day() as u8).unwrap();
                    sheet.write_datetime_with_format(line, column, &day, &date).unwrap();
                }
                Value::Time(value) => {
                    let time_of_day = ExcelDateTime::from_hms(value.hour() as u16, value.minute() as u8, 0.0).unwrap();
                    sheet.write_datetime_with_format(line, column, &time_of_day, &time).unwrap();
                }
            }
        }
    }
    book.save(path).unwrap();
}
