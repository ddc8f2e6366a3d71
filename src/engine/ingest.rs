//! The answers of departments, taken in by the clock: workbooks compared with what that very copy had shown, words read
//! from the letter itself, each answer echoed in one letter.
//!
//! Only what was changed against the copy counts, so an old or a sorted one does no harm. Where the stamp was lost the
//! copy that went out last is compared with, and a value that the ledger ever had is no change. Workbooks are read in a
//! child process; a workbook or letter that cannot be read is told of in the echo and stays with the operator.

use crate::desk::action::{Move, Priority, Writing};
use crate::desk::department_reply::{Outcome, Said, Source, judge_answer};
use crate::desk::department_sheet::{Copy, shown};
use crate::domain::department::Department;
use crate::domain::field::{Field, Owner};
use crate::domain::form::Form;
use crate::domain::grid::{Sheet, Stamp};
use crate::domain::letter::{Attachment, Correspondent, Letter, references};
use crate::domain::reading::Class;
use crate::domain::register::Row;
use crate::domain::schedule::Occurrence;
use crate::engine::error::EngineError;
use crate::engine::jobs::Ended;
use crate::engine::parse_workbook::read_in_child;
use crate::engine::prepare::{Enclosed, compose_one};
use crate::engine::service::Service;
use crate::ledger::outbox::NewMail;
use crate::ledger::reply::Answer;
use crate::letters::kind::LetterKind;
use crate::letters::params::LetterParams;
use crate::mail::decode;
use crate::merge::identity::{Known, Place};
use crate::merge::take::{Understood, take, understand};
use crate::reading::body::read_body;
use crate::reading::essence::find_essence;
use crate::reading::folded::Folded;
use crate::reading::no_reply::no_reply;
use crate::workbook::read::Layout;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Answers that are taken in at once.
const BATCH: u32 = 100;
/// Most remarks of one echo.
const MOST_REMARKS: usize = 50;
/// Endings of files that are workbooks.
const ENDINGS: [&str; 5] = [".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"];

/// The job: takes in every answer that waits.
///
/// # Errors
/// If the ledger or the disk under it fails.
pub fn run(service: &Service, _occurrence: Occurrence, now: DateTime<Utc>) -> Result<Ended, EngineError> {
    let (mut answers, mut changed) = (0, 0);
    loop {
        let waiting = service.ledger.with(|ledger| ledger.waiting_answers(BATCH))?;
        if waiting.is_empty() || service.stopping() {
            return Ok(Ended::Done(format!("{answers} answers, {changed} appeals changed")));
        }
        for answer in &waiting {
            changed += one(service, answer, now)?;
            answers += 1;
            service.beat();
        }
    }
}

/// What an answer says, and what could not be read of it.
#[derive(Debug, Default)]
struct Heard {
    said: Vec<Said>,
    remarks: Vec<String>,
    /// Its headers forbid an automatic answer.
    robot: bool,
}

fn one(service: &Service, answer: &Answer, now: DateTime<Utc>) -> Result<usize, EngineError> {
    let Some(department) = service.settings.office.department(&answer.department) else {
        service.ledger.with(|ledger| ledger.take_answer((answer.letter.id, None), &[], &[], now))?;
        return Ok(0);
    };
    let heard = match original(service, answer)? {
        Some(letter) => hear(service, answer, department, &letter)?,
        None => Heard {
            remarks: vec!["Лист не вдалося прочитати; його прочитає оператор.".to_owned()],
            ..Heard::default()
        },
    };
    let desk = service.desk();
    let cause = format!("letter {}", answer.letter.id);
    let source = Source { department, cause: &cause, day: answer.letter.received.date() };
    let (mut moves, mut rows, mut remarks, mut appeal): (Vec<Move>, _, _, _) =
        (Vec::new(), Vec::new(), heard.remarks, None);
    for said in &heard.said {
        let given = service.ledger.with(|ledger| ledger.given(&said.number))?;
        let Outcome { change, taken, remark } = judge_answer(&desk, &source, said, given.as_ref());
        appeal = appeal.or(given
            .filter(|given| given.part(&service.settings.office, &department.code).is_some())
            .map(|given| given.appeal));
        moves.extend(change);
        rows.extend(taken);
        remarks.extend(remark);
    }
    remarks.truncate(MOST_REMARKS);
    let params = LetterParams { department: Some(department.code.clone()), rows, remarks, ..LetterParams::default() };
    let mails = if heard.robot { Vec::new() } else { echo(service, answer, params, now)? };
    service.ledger.with(|ledger| ledger.take_answer((answer.letter.id, appeal), &moves, &mails, now))?;
    Ok(moves.len())
}

/// The letter as it came, decoded once more: only its reading is kept.
fn original(service: &Service, answer: &Answer) -> Result<Option<Letter>, EngineError> {
    let Some(digest) = answer.raw.parse().ok() else { return Ok(None) };
    let Some(bytes) = service.store.get(&digest)? else { return Ok(None) };
    Ok(catch_unwind(AssertUnwindSafe(|| decode(&bytes))).ok())
}

fn hear(service: &Service, answer: &Answer, department: &Department, letter: &Letter) -> Result<Heard, EngineError> {
    // That a department wrote forbids nothing here; what the headers say does.
    let robot = no_reply(letter, &service.settings.office, Class::FollowUp).is_some();
    let mut heard = Heard { robot, ..Heard::default() };
    let workbooks: Vec<&Attachment> = letter.attachments.iter().filter(|file| is_workbook(file)).collect();
    for file in &workbooks {
        match read_in_child(&service.program, &file.content, &Layout::department(), &[], &[]) {
            Ok(sheet) => compare(service, department, &sheet, &mut heard)?,
            Err(refusal) => heard.remarks.push(format!("Книгу «{}» не прочитано. {refusal}", file.name)),
        }
    }
    let spoken = heard.said.iter().any(|said| !said.status.is_empty() || said.answer.is_some());
    if !spoken {
        words(service, answer, letter, &mut heard)?;
    }
    if heard.said.is_empty() && heard.remarks.is_empty() {
        heard.remarks.push(if workbooks.is_empty() {
            "У листі немає ні відповіді, ні книги.".to_owned()
        } else {
            "У книзі нічого не змінено.".to_owned()
        });
    }
    Ok(heard)
}

fn is_workbook(file: &Attachment) -> bool {
    let name = file.name.to_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending)) || file.mime.contains("spreadsheet")
}

/// What a workbook says against what it had shown.
fn compare(service: &Service, department: &Department, sheet: &Sheet, heard: &mut Heard) -> Result<(), EngineError> {
    let understood = understand(sheet, Form::Department);
    let stamp = sheet
        .stamp
        .as_ref()
        .filter(|stamp| Copy::of(&stamp.replica, &service.ledger_id).is_some_and(|(code, _)| code == department.code));
    let known = known(service, department, &understood, stamp)?;
    let taken = take(&understood, &known, true);
    for (position, place) in taken.places.iter().enumerate() {
        let row = understood.positions.get(position).copied().unwrap_or_default();
        let number = understood.rows.get(position).map(|row| row.get(Field::Number).to_string()).unwrap_or_default();
        match place {
            Place::Appeal(_) => {}
            Place::Copy(_) => {
                heard.remarks.push(format!("Рядок {row}: номер {number} повторюється; враховано перший."))
            }
            Place::Foreign => heard.said.push(Said { number: written(service, &number), ..Said::default() }),
            Place::New => heard.remarks.push(format!("Рядок {row}: немає номера звернення; рядок не враховано.")),
        }
    }
    let mut said: BTreeMap<usize, Said> = BTreeMap::new();
    for edit in &taken.edits {
        let Some(known) = known.get(edit.known) else { continue };
        // Without a stamp, what the ledger ever had is what the copy may have shown.
        let had = |row: &Row| row.get(edit.field) == &edit.new;
        if Form::Department.owner(edit.field) == Owner::Service || (stamp.is_none() && known.since.iter().any(had)) {
            continue;
        }
        let one = said.entry(edit.known).or_insert_with(|| Said { number: known.number.clone(), ..Said::default() });
        if edit.field == Field::Status {
            one.status = edit.new.to_string();
        } else if edit.field != Field::Answer {
            one.others.push((edit.field, edit.new.clone()));
        } else if !edit.new.is_empty() {
            // An answer once given is not taken back by emptying its cell.
            one.answer = Some(edit.new.to_string());
        }
    }
    heard.said.extend(said.into_values());
    Ok(())
}

/// The appeals whose numbers stand in a sheet, with what the copy had shown of them.
fn known(
    service: &Service,
    department: &Department,
    sheet: &Understood,
    stamp: Option<&Stamp>,
) -> Result<Vec<Known>, EngineError> {
    let mut known: Vec<Known> = Vec::new();
    for row in &sheet.rows {
        let number = written(service, &row.get(Field::Number).to_string());
        if known.iter().any(|one| one.number == number) {
            continue;
        }
        let found = service.ledger.with(|ledger| {
            let Some(given) = ledger.given(&number)? else { return Ok(None) };
            let replica = stamp.map(|stamp| stamp.replica.as_str());
            let at = ledger.shown_at(given.appeal, &department.code, replica)?;
            let rows = at.map(|revision| ledger.rows_of_since(given.appeal, revision)).transpose()?;
            Ok(Some((given, rows)))
        })?;
        let office = &service.settings.office;
        let shown = |row: &Row| shown(office, row);
        let Some((given, rows)) = found.filter(|(given, _)| given.part(office, &department.code).is_some()) else {
            continue;
        };
        known.push(Known {
            appeal: given.appeal,
            number,
            now: shown(&given.row),
            base: rows.as_ref().and_then(|rows| rows.base.as_ref()).map(shown),
            since: rows.iter().flat_map(|rows| &rows.since).map(shown).collect(),
            adopted: false,
        });
    }
    Ok(known)
}

/// A number as the ledger writes it; what is none stays as it stands.
fn written(service: &Service, typed: &str) -> String {
    service.numbers.read(typed).map_or_else(|| typed.trim().to_owned(), |number| service.numbers.spell(&number))
}

/// What the words of the letter say: of the one appeal that it answers, or of each whose number begins a line.
fn words(service: &Service, answer: &Answer, letter: &Letter, heard: &mut Heard) -> Result<(), EngineError> {
    let body = read_body(letter, &service.settings.office);
    let own = body.own.trim();
    let files: Vec<&str> = letter
        .attachments
        .iter()
        .filter(|file| !is_workbook(file) && !file.name.is_empty())
        .map(|file| file.name.as_str())
        .collect();
    if !files.is_empty() {
        heard.remarks.push(format!("Вкладення «{}» прочитає оператор.", files.join("», «")));
    }
    if own.is_empty() {
        return Ok(());
    }
    let text = find_essence("", Folded::new(&body.matter).words(), &[]).unwrap_or_else(|| own.to_owned());
    let named = service.numbers.find_in(own);
    if named.len() > 1 {
        for (number, words) in service.numbers.spoken_of(own) {
            let number = service.numbers.spell(&number);
            if words.is_empty() {
                heard.remarks.push(format!("№ {number}: не зрозуміло, який стан; напишіть його після номера."));
            } else {
                heard.said.push(Said {
                    number,
                    status: words.clone(),
                    answer: Some(words),
                    in_words: true,
                    ..Said::default()
                });
            }
        }
        return Ok(());
    }
    let number = match named.first() {
        Some(number) => Some(service.numbers.spell(number)),
        None => only_appeal(service, answer)?,
    };
    match number {
        Some(number) => {
            let said = Said { number, status: own.to_owned(), answer: Some(text), in_words: true, ..Said::default() };
            heard.said.push(said);
        }
        None => heard.remarks.push("У відповіді немає номера звернення, а лист стосувався кількох.".to_owned()),
    }
    Ok(())
}

/// The one appeal that the letter of ours was about, which this one answers.
fn only_appeal(service: &Service, answer: &Answer) -> Result<Option<String>, EngineError> {
    for id in &answer.letter.reading.answers {
        let appeals = service.ledger.with(|ledger| ledger.appeals_of_mail(id))?;
        if let [only] = appeals.as_slice() {
            return Ok(Some(service.ledger.with(|ledger| ledger.number_of(*only))?));
        }
    }
    Ok(None)
}

/// The letter that tells the department how it was understood.
fn echo(
    service: &Service,
    answer: &Answer,
    params: LetterParams,
    now: DateTime<Utc>,
) -> Result<Vec<NewMail>, EngineError> {
    let letter = &answer.letter;
    let writing = Writing {
        kind: LetterKind::DepartmentEcho,
        to: Correspondent { name: letter.sender_name.clone(), address: letter.sender.clone() },
        params,
        number: None,
        answers: Some(letter.id),
        in_reply_to: letter.message_id.clone(),
        references: references(&letter.thread, &letter.message_id),
        cause: format!("answer {}", letter.id),
        priority: Priority::Department,
    };
    Ok(compose_one(service, &writing, &Enclosed::default(), now)?.into_iter().collect())
}
