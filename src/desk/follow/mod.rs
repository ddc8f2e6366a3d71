//! What follows from the present state of an appeal: from words typed into its row, from what happened to it, from time.
//!
//! Level-triggered: every rule looks at the case as it is and says what is owed, whoever changed it (a person in the
//! register, a department, the desk itself). A rule that moves the appeal ends the look: the moved case is looked at again
//! at once, so that each plan is made of what is in force. When nothing is owed any more the look is noted (`Attended`).

mod call;
mod letters;
pub(crate) mod remark;
mod routing;
mod status;
mod typical;

use crate::desk::action::{Action, Move, NewEvent};
use crate::desk::calls::is_in_vain;
use crate::desk::case::Case;
use crate::desk::context::Desk;
use crate::desk::marks::{Mark, cell};
use crate::desk::registration::SERVICE;
use crate::domain::deadline::Deadline;
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::reminder::is_overdue;
use crate::domain::status::Status;
use crate::domain::value::Value;
use chrono::{Days, NaiveDateTime, NaiveTime};

/// What is owed to one appeal.
pub fn follow(desk: &Desk<'_>, case: &Case, now: NaiveDateTime) -> Vec<Action> {
    let mut look = Look {
        desk,
        case,
        now,
        hint: case.row.get(Field::Hint).to_string(),
        cells: Vec::new(),
        actions: Vec::new(),
        closed: Vec::new(),
    };
    let Some(deadline) = case.deadline(desk) else {
        look.remark(remark::TERM, Some("дату надходження не розпізнано: введіть її у вигляді ДД.ММ.РРРР."));
        return look.end(None);
    };
    if look.control(&deadline)
        || routing::department(&mut look)
        || typical::put_in(&mut look)
        || status::judge_cell(&mut look, &deadline)
    {
        return look.moved();
    }
    if !case.status.is_final() {
        look.remark(remark::TERM, Some(&deadline.in_short()));
    }
    routing::co_executors(&mut look);
    typical::propose(&mut look);
    letters::owed(&mut look, &deadline);
    look.computed(&deadline);
    look.told();
    let next = look.silence().into_iter().chain(look.overdue_from(&deadline)).chain(look.unanswered()).min();
    look.end(next)
}

/// One look at one appeal.
struct Look<'a> {
    desk: &'a Desk<'a>,
    case: &'a Case,
    now: NaiveDateTime,
    hint: String,
    cells: Vec<(Field, Value)>,
    actions: Vec<Action>,
    closed: Vec<i64>,
}

impl Look<'_> {
    /// A line of the hint about one thing: replaced, or taken away.
    fn remark(&mut self, about: &str, line: Option<&str>) {
        self.hint = remark::with_line(&self.hint, about, line);
    }

    fn set(&mut self, field: Field, value: Value) {
        if *self.case.row.get(field) != value {
            self.cells.push((field, value));
        }
    }

    /// Moves the appeal; the look is over.
    fn go(&mut self, moved: Move) {
        self.actions.push(Action::Move(Box::new(moved)));
    }

    fn take_hint(&mut self) {
        let hint = Value::text(&self.hint);
        self.set(Field::Hint, hint);
    }

    /// The actions of a look that moved the appeal.
    fn moved(mut self) -> Vec<Action> {
        self.take_hint();
        self.put_cells();
        self.actions
    }

    fn put_cells(&mut self) {
        if !self.cells.is_empty() {
            self.actions.push(Action::SetCells {
                appeal: self.case.id,
                cells: std::mem::take(&mut self.cells),
                actor: SERVICE.to_owned(),
                cause: "followed up".to_owned(),
            });
        }
    }

    /// The actions of a look that left nothing owed.
    fn end(mut self, next: Option<NaiveDateTime>) -> Vec<Action> {
        self.take_hint();
        self.put_cells();
        self.actions.push(Action::Attended { appeal: self.case.id, closed: self.closed, next });
        self.actions
    }

    /// Marks that are the supervisor's, put by somebody else, are put back; `true` if they were.
    fn control(&mut self, deadline: &Deadline) -> bool {
        let people = &self.desk.settings.people;
        let Some((actor, before)) = self.case.edits.get(&Field::Control) else { return false };
        if actor == SERVICE || people.is_supervisor(actor) {
            return false;
        }
        let reserved = |value: &Value| -> Vec<Mark> {
            let marks = crate::desk::marks::marks(value, deadline.registered_on);
            marks.into_iter().filter(Mark::is_supervisors).collect()
        };
        if reserved(before) == reserved(self.case.row.get(Field::Control)) {
            return false;
        }
        let names = if people.supervisors.is_empty() {
            "у налаштуваннях його не названо".to_owned()
        } else {
            people.supervisors.join(", ")
        };
        self.remark(
            remark::CONTROL,
            Some(&format!("відмітки «К», «Знято», «Погоджено», «Продовжити до …» ставить лише керівник ({names}).")),
        );
        let before = before.clone();
        self.set(Field::Control, before);
        true
    }

    /// Cells that are computed: the term and "Прострочено".
    fn computed(&mut self, deadline: &Deadline) {
        self.set(Field::DueDate, Value::Date(deadline.control));
        let mut marks = self.case.marks(self.desk);
        if !self.case.status.is_final() {
            marks.retain(|mark| *mark != Mark::Overdue);
            if is_overdue(deadline, self.now.date()) {
                marks.push(Mark::Overdue);
            }
            self.set(Field::Control, cell(&marks));
        }
    }

    /// A person says how the applicant was told: the day is noted where he left it out.
    fn told(&mut self) {
        let how = self.case.row.get(Field::Notified).to_string();
        let told = !how.is_empty() && !is_in_vain(&how);
        let set = |field| self.cells.iter().any(|(known, _)| *known == field);
        if self.case.status.is_final()
            && told
            && !set(Field::AnswerDate)
            && self.case.row.get(Field::AnswerDate).is_empty()
        {
            self.set(Field::AnswerDate, Value::Date(self.now.date()));
        }
    }

    /// Notes that the applicant kept silent after the answer; else when that will be known.
    fn silence(&mut self) -> Option<NaiveDateTime> {
        let answered = self.case.last(EventKind::Answered)?;
        let later = |kind| self.case.last(kind).is_some_and(|event| event.id > answered.id);
        if later(EventKind::Silent) || later(EventKind::Wrote) || !self.case.status.is_final() {
            return None;
        }
        let days = u64::from(self.desk.settings.terms.silence_days);
        let until = answered.at.date().checked_add_days(Days::new(days + 1))?;
        if self.now.date() < until {
            return Some(until.and_time(NaiveTime::MIN));
        }
        let line = format!("на відповідь від {} не відгукнувся за {days} дн.", answered.at.format("%d.%m.%Y"));
        self.remark(remark::APPLICANT, Some(&line));
        self.actions.push(Action::Move(Box::new(Move {
            appeal: self.case.id,
            to: None,
            department: None,
            cells: Vec::new(),
            events: vec![NewEvent { kind: EventKind::Silent, detail: String::new(), open: false }],
            actor: SERVICE.to_owned(),
            cause: "no word of the applicant".to_owned(),
        })));
        None
    }

    /// Says that the applicant did not answer what he was asked; else when that will be known.
    fn unanswered(&mut self) -> Option<NaiveDateTime> {
        if self.case.status != Status::NeedsClarification {
            if !self.case.status.is_final() {
                self.remark(remark::APPLICANT, None);
            }
            return None;
        }
        let asked = self.case.asked()?;
        let after = asked.until.succ_opt()?;
        if self.now.date() < after {
            return Some(after.and_time(NaiveTime::MIN));
        }
        let until = asked.until.format("%d.%m.%Y");
        let line = format!(
            "на запит даних до {until} не відповів; розгляньте без них або поверніть звернення (стан «Повернуто заявнику», статті 5 і 7)."
        );
        self.remark(remark::APPLICANT, Some(&line));
        None
    }

    /// When the appeal becomes overdue, if it is not yet.
    fn overdue_from(&self, deadline: &Deadline) -> Option<NaiveDateTime> {
        let day = deadline.legal.succ_opt()?;
        (!self.case.status.is_final() && self.now.date() < day).then(|| day.and_time(NaiveTime::MIN))
    }

    /// The move of this appeal by the service; the caller fills in the rest.
    fn change(&self, to: Option<Status>, cause: &str) -> Move {
        Move {
            appeal: self.case.id,
            to,
            department: None,
            cells: Vec::new(),
            events: Vec::new(),
            actor: SERVICE.to_owned(),
            cause: cause.to_owned(),
        }
    }
}
