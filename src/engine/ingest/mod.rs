//! The answers of departments, taken in by the clock: workbooks compared with what that very copy had shown, words read
//! from the letter itself, each answer echoed in one letter.
//!
//! Only what was changed against the copy counts, so an old or a sorted one does no harm. Where the stamp was lost the
//! copy that went out last is compared with, and a value that the ledger ever had is no change. Workbooks are read in a
//! child process; a workbook or letter that cannot be read is told of in the echo and stays with the operator.

mod standing;
mod workbook;

use crate::desk::action::{Move, Priority, Writing};
use crate::desk::department_reply::{Outcome, Said, Source, judge_answer};
use crate::domain::department::Department;
use crate::domain::letter::{Attachment, Correspondent, Letter, references};
use crate::domain::reading::Class;
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
use crate::reading::body::read_body;
use crate::reading::essence::find_essence;
use crate::reading::folded::Folded;
use crate::reading::no_reply::no_reply;
use crate::workbook::read::Layout;
use chrono::{DateTime, Utc};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Answers that are taken in at once.
const BATCH: u32 = 100;
/// Most remarks that the operator is shown.
const MOST_TOLD: usize = 5;
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
            break;
        }
        for answer in &waiting {
            changed += one(service, answer, now)?;
            answers += 1;
            service.beat();
        }
    }
    let books = standing::all(service, now)?;
    Ok(Ended::Done(format!("{answers} answers, {} appeals changed{}", changed + books.changed, books.told())))
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
        service.ledger.with(|ledger| ledger.take_answer((Some((answer.letter.id, "")), None), &[], &[], now))?;
        return Ok(0);
    };
    let heard = match original(service, answer)? {
        Some(letter) => hear(service, answer, department, &letter)?,
        None => Heard {
            remarks: vec!["Лист не вдалося прочитати; його прочитає оператор.".to_owned()],
            ..Heard::default()
        },
    };
    let cause = format!("letter {}", answer.letter.id);
    let source = Source { department, cause: &cause, day: answer.letter.received.date() };
    let robot = heard.robot;
    let judged = judge(service, &source, heard)?;
    let mails = if robot { Vec::new() } else { echo(service, answer, judged.echo, now)? };
    let reason = for_operator(department, &judged.unseen);
    let taken = (Some((answer.letter.id, reason.as_str())), judged.appeal);
    service.ledger.with(|ledger| ledger.take_answer(taken, &judged.moves, &mails, now))?;
    Ok(judged.moves.len())
}

/// Why an operator must read an answer himself; empty if everything stands in the rows.
fn for_operator(department: &Department, unseen: &[String]) -> String {
    if unseen.is_empty() {
        return String::new();
    }
    let more = unseen.len().saturating_sub(MOST_TOLD);
    let rest = if more > 0 { format!(" Ще зауважень: {more}.") } else { String::new() };
    let told = unseen.iter().take(MOST_TOLD).cloned().collect::<Vec<_>>().join(" ");
    format!("Відповідь підрозділу «{}» враховано не всю; прочитайте лист. {told}{rest}", department.name)
}

/// What an answer changes and what is told back.
struct Judgement {
    moves: Vec<Move>,
    /// What stands in no row, so that an operator must read the letter itself.
    unseen: Vec<String>,
    echo: LetterParams,
    appeal: Option<i64>,
}

/// Judges what was heard, appeal by appeal.
fn judge(service: &Service, source: &Source<'_>, heard: Heard) -> Result<Judgement, EngineError> {
    let desk = service.desk();
    let department = source.department;
    let (mut moves, mut rows, mut remarks, mut appeal): (Vec<Move>, _, _, _) =
        (Vec::new(), Vec::new(), heard.remarks, None);
    let mut unseen = remarks.clone();
    for said in &heard.said {
        let given = service.ledger.with(|ledger| ledger.given(&said.number))?;
        let Outcome { change, taken, remark } = judge_answer(&desk, source, said, given.as_ref());
        appeal = appeal.or(given
            .filter(|given| given.part(&service.settings.office, &department.code).is_some())
            .map(|given| given.id));
        unseen.extend(remark.clone().filter(|_| change.is_none()));
        moves.extend(change);
        rows.extend(taken);
        remarks.extend(remark);
    }
    remarks.truncate(MOST_REMARKS);
    let echo = LetterParams { department: Some(department.code.clone()), rows, remarks, ..LetterParams::default() };
    Ok(Judgement { moves, unseen, echo, appeal })
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
            Ok(sheet) => drop(workbook::compare(service, department, &sheet, &mut heard)?),
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
