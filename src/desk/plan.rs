//! From the snapshot to the plan: one decision for each waiting letter, in the order of arrival.
//!
//! The planner keeps what it has just decided in mind (numbers given, texts seen, letters promised), so that ten copies of
//! a letter in one batch are one appeal and a sender is not written to more often than the office allows.

use crate::desk::action::{Action, NewEvent, Plan, Registration};
use crate::desk::case::Case;
use crate::desk::channels;
use crate::desk::clarification::{self, Asked};
use crate::desk::context::{Desk, applicant_key};
use crate::desk::dialogue;
use crate::desk::follow::follow;
use crate::desk::hint::quoted;
use crate::desk::registration;
use crate::desk::repeat::{self, Former};
use crate::desk::returned;
use crate::desk::snapshot::{Answered, Earlier, Known, Pending, Snapshot};
use crate::desk::trust::{self, Decision, Witness};
use crate::desk::writing;
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::reading::{Class, Found};
use crate::domain::value::Value;
use crate::letters::kind::LetterKind;
use chrono::{Datelike, Days, TimeDelta};
use std::collections::BTreeMap;

/// The same text by the same person within this time is the same letter sent again.
const SAME_LETTER_WITHIN: TimeDelta = TimeDelta::days(30);

/// What the planner has in mind while it plans.
pub(crate) struct Mind<'a> {
    pub(crate) desk: &'a Desk<'a>,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) actions: Vec<Action>,
    pub(crate) written_today: BTreeMap<String, u32>,
    last_seq: BTreeMap<i32, i64>,
    same_text: BTreeMap<String, Vec<Earlier>>,
    registered: Vec<Former>,
}

/// Decides on everything in the snapshot.
pub fn plan(desk: &Desk<'_>, snapshot: &Snapshot) -> Plan {
    let mut mind = Mind {
        desk,
        snapshot,
        actions: Vec::new(),
        written_today: snapshot.written_today.clone(),
        last_seq: snapshot.last_seq.clone(),
        same_text: snapshot.same_text.clone(),
        registered: Vec::new(),
    };
    for letter in &snapshot.letters {
        mind.decide(letter);
    }
    for asked in &snapshot.unanswered {
        mind.actions.push(Action::Settle {
            letter: asked.letter.id,
            reason: format!("Анонімне: даних, про які запитано, до {} не надано.", asked.reply_by.format("%d.%m.%Y")),
        });
        writing::anonymous(&mut mind, &asked.letter);
    }
    returned::tell(&mut mind);
    channels::report(&mut mind);
    for case in &snapshot.cases {
        mind.actions.extend(follow(desk, case, snapshot.now));
    }
    Plan { actions: mind.actions }
}

impl Mind<'_> {
    fn decide(&mut self, letter: &Pending) {
        // Before copies are looked for: "Виконано" is the same text about any appeal.
        if let Some(action) = self.of_department(letter) {
            self.actions.push(action);
            return;
        }
        if let Some(of) = self.copy_of(letter) {
            self.actions.push(Action::Copy { letter: letter.id, of });
            return;
        }
        self.remember(letter);
        if letter.junk && !self.known(letter) {
            self.set_aside(letter, junk_reason(letter.reading.class));
            return;
        }
        match letter.reading.class {
            Class::Appeal => match self.asked_about(letter) {
                Some(aside) => self.complete(letter, aside),
                None => self.register(letter, None),
            },
            Class::Anonymous => self.ask(letter),
            Class::FollowUp => self.follow(letter),
            Class::Bounce => returned::notice(self, letter),
            Class::AutoReply if self.desk.settings.office.is_own(&letter.sender) => returned::from_us(self, letter),
            Class::DepartmentReply
            | Class::AutoReply
            | Class::Newsletter
            | Class::Spam
            | Class::Receipt
            | Class::Invite
            | Class::Empty => self.set_aside(letter, letter.reading.class_reason.clone()),
        }
    }

    /// Whether the sender is an applicant, a department, or somebody who answers us: the server took him for spam wrongly.
    fn known(&self, letter: &Pending) -> bool {
        self.snapshot.known_senders.contains(&letter.sender)
            || self.desk.settings.office.department_by_email(&letter.sender).is_some()
            || self.answers(letter).any(|answered| answered.recipient == letter.sender)
    }

    /// What becomes of a letter that speaks, or seems to speak, for a department; `None`: it does not.
    fn of_department(&self, letter: &Pending) -> Option<Action> {
        match letter.reading.class {
            Class::Bounce | Class::AutoReply | Class::Newsletter | Class::Receipt | Class::Invite => return None,
            Class::Appeal
            | Class::Anonymous
            | Class::FollowUp
            | Class::DepartmentReply
            | Class::Spam
            | Class::Empty => {}
        }
        let office = &self.desk.settings.office;
        let to_department = self.answers(letter).filter(|answered| answered.to_department);
        let thread = to_department.into_iter().find_map(|answered| office.department_by_email(&answered.recipient));
        if thread.is_none() && letter.reading.class != Class::DepartmentReply {
            return None;
        }
        let about = letter.reading.refers_to.as_deref().map_or(String::new(), |number| format!(" за № {number}"));
        let aside = |reason: String| Action::SetAside { letter: letter.id, reason, reply_by: None };
        let witness = Witness { thread, sender: &letter.sender, server: letter.reading.authenticity };
        Some(match trust::decide(office, &witness) {
            Decision::Apply(department) => Action::Entrust { letter: letter.id, department },
            Decision::Ask { department, why } => {
                let name = office.department(&department).map_or(department.as_str(), |found| found.name.as_str());
                let reason = format!(
                    "Відповідь від імені підрозділу «{name}»{about}: {why}. Якщо вона справжня, напишіть у графі «Рішення» «так», \
                     якщо ні — «ні»."
                );
                Action::AskWhether { letter: letter.id, department, reason }
            }
            Decision::Quarantine(why) => aside(format!("Відповідь підрозділу{about} не враховано: {why}.")),
        })
    }

    /// The earlier letter of which this one is a copy: the same text by the same person not long before.
    fn copy_of(&self, letter: &Pending) -> Option<i64> {
        let digest = letter.reading.text_digest.as_ref()?;
        let applicant = key(letter);
        self.same_text
            .get(digest)?
            .iter()
            .find(|earlier| {
                let same_person =
                    earlier.sender == letter.sender || (!applicant.is_empty() && earlier.applicant == applicant);
                same_person && (letter.received - earlier.received).abs() <= SAME_LETTER_WITHIN
            })
            .map(|earlier| earlier.id)
    }

    fn remember(&mut self, letter: &Pending) {
        if let Some(digest) = &letter.reading.text_digest {
            self.same_text.entry(digest.clone()).or_default().push(Earlier {
                id: letter.id,
                sender: letter.sender.clone(),
                applicant: key(letter),
                received: letter.received,
            });
        }
    }

    fn register(&mut self, letter: &Pending, completes: Option<i64>) {
        self.register_with(letter, completes, None);
    }

    /// Registers a letter; `after`: the closed appeal that it goes on from.
    fn register_with(&mut self, letter: &Pending, completes: Option<i64>, after: Option<&Case>) {
        let year = registration::deadline(self.desk, letter).registered_on.year();
        let last = self.last_seq.get(&year).copied().unwrap_or(0);
        let mut registration = registration::register(self.desk, letter, last, completes);
        registration.events.extend(self.asked(letter));
        self.last_seq.insert(registration.year, registration.seq);
        let number = registration.number.clone();
        match after {
            Some(case) => repeat::goes_on(&mut registration, case),
            None => self.compare(letter, &mut registration),
        }
        self.actions.push(Action::Register(Box::new(registration)));
        writing::acknowledgement(self, letter, &number);
        writing::alert(self, letter, Some(&number));
    }

    /// Too late to reopen the appeal that it is about: a new one of the same person, linked to it.
    fn register_anew(&mut self, letter: &Pending, case: &Case) {
        let mut whole = letter.clone();
        let reading = &mut whole.reading;
        (reading.class, reading.missing) = (Class::Appeal, Vec::new());
        let applicant = case.row.get(Field::Applicant).to_string();
        let mut words = applicant
            .split_whitespace()
            .map(|word| Some(Found { value: word.to_owned(), quote: String::new(), confidence: 1.0 }));
        let mut next = || words.next().flatten();
        (reading.surname, reading.name, reading.patronymic) = (next(), next(), next());
        self.register_with(&whole, None, Some(case));
    }

    /// Marks what the new appeal repeats, and the others of a mass appeal.
    fn compare(&mut self, letter: &Pending, registration: &mut Registration) {
        let snapshot = self.snapshot;
        let formers = snapshot.formers.get(&letter.id).map(Vec::as_slice).unwrap_or_default();
        let found = {
            let formers: Vec<&Former> = formers.iter().chain(&self.registered).collect();
            let recent: Vec<&Former> = snapshot.recent.iter().chain(&self.registered).collect();
            repeat::find(&registration.row, &formers, &recent)
        };
        repeat::mark(&mut registration.row, &found);
        let link = found.repeats.map(|detail| NewEvent { kind: EventKind::Repeats, detail, open: false });
        registration.events.extend(link);
        for other in &found.mass {
            self.join_mass(other, &registration.number);
        }
        if let Some(first) = found.mass.iter().map(|former| &former.number).min() {
            writing::mass_alert(self, letter, first, &registration.number);
        }
        let (number, row) = (registration.number.clone(), registration.row.clone());
        self.registered.push(Former::new(0, number, row));
    }

    /// An earlier appeal turns out to be one of many.
    fn join_mass(&mut self, other: &Former, number: &str) {
        if other.row.get(Field::Sign).as_text() != Some(repeat::FIRST) {
            return;
        }
        let line = format!("Масове: те саме питання порушує № {number}.");
        let found = repeat::Found { sign: Some(repeat::MASS), lines: vec![line.clone()], ..repeat::Found::default() };
        if other.appeal > 0 {
            self.actions.push(Action::SetCells {
                appeal: other.appeal,
                cells: vec![(Field::Sign, Value::text(repeat::MASS))],
                actor: registration::SERVICE.to_owned(),
                cause: "many people on one matter".to_owned(),
            });
            self.actions.push(Action::AddHint { appeal: other.appeal, line });
        }
        for action in &mut self.actions {
            if let Action::Register(registration) = action
                && registration.number == other.number
            {
                repeat::mark(&mut registration.row, &found);
            }
        }
        for known in self.registered.iter_mut().filter(|known| known.number == other.number) {
            known.row.set(Field::Sign, Value::text(repeat::MASS));
        }
    }

    /// The acknowledgement asks for what is missing; who cannot be written to is to be called.
    fn asked(&self, letter: &Pending) -> Vec<NewEvent> {
        let missing = letter.reading.missing.clone();
        let Some(until) = self.reply_by().filter(|_| !missing.is_empty()) else { return Vec::new() };
        let detail = Asked { until, missing }.detail();
        let mut events = vec![NewEvent { kind: EventKind::Asked, detail, open: false }];
        if self.reachable(letter).is_none() {
            let detail = LetterKind::Clarification.id().to_owned();
            events.push(NewEvent { kind: EventKind::CallOwed, detail, open: true });
        }
        events
    }

    /// An anonymous letter is kept aside and its sender asked, once, who he is.
    fn ask(&mut self, letter: &Pending) {
        let days = u64::from(self.desk.settings.terms.clarification_days);
        let reply_by = self.snapshot.now.date().checked_add_days(Days::new(days));
        let asked = writing::who_are_you(self, letter, reply_by);
        let reason = match &letter.reading.no_reply {
            None if asked => "Анонімне: дані заявника запитано.".to_owned(),
            None => "Анонімне: адреси для запитання немає або денну кількість листів вичерпано.".to_owned(),
            Some(why) => format!("Анонімне: відповісти неможливо ({why})."),
        };
        let reply_by = if asked { reply_by } else { None };
        self.actions.push(Action::SetAside { letter: letter.id, reason, reply_by });
        writing::alert(self, letter, None);
    }

    fn follow(&mut self, letter: &Pending) {
        if let Some(appeal) = self.appeal_of(letter).cloned() {
            let snapshot = self.snapshot;
            let about = snapshot.written_about.get(&appeal.id);
            if let Some(case) = about.filter(|case| dialogue::comes_too_late(self.desk, letter, case)) {
                self.register_anew(letter, case);
                return;
            }
            let text = letter.reading.essence.as_deref().unwrap_or(&letter.subject);
            let hint = format!("{} надійшов лист заявника: {}", letter.received.format("%d.%m.%Y"), quoted(text));
            self.actions.push(Action::Attach { letter: letter.id, appeal: appeal.id, hint });
            let snapshot = self.snapshot;
            if let Some(case) = snapshot.written_about.get(&appeal.id)
                && let Some(line) = dialogue::reply(self, letter, case)
            {
                self.actions.push(Action::AddHint { appeal: appeal.id, line });
            }
        } else if let Some(aside) = self.asked_about(letter) {
            self.complete(letter, aside);
        } else {
            let reason = match &letter.reading.refers_to {
                Some(number) => format!("Лист про № {number}: такого звернення цього заявника в обліковій базі немає."),
                None => "Лист-продовження: звернення, якого він стосується, не знайдено.".to_owned(),
            };
            self.set_aside(letter, reason);
        }
    }

    fn complete(&mut self, letter: &Pending, aside: i64) {
        let whole = self.snapshot.aside.get(&aside).and_then(|first| clarification::completed(first, letter));
        match whole {
            Some(whole) => self.register(&whole, Some(aside)),
            None if letter.reading.class == Class::Appeal => self.register(letter, None),
            None => self.set_aside(letter, "Відповідь на запитання про дані заявника: даних у листі немає.".to_owned()),
        }
    }

    pub(crate) fn set_aside(&mut self, letter: &Pending, reason: String) {
        self.actions.push(Action::SetAside { letter: letter.id, reason, reply_by: None });
    }

    /// The appeal that a letter belongs to: it answers a letter of ours and comes from an address known to us, or our key
    /// signed what it answers for its sender, or it names the number and comes from an address of that applicant. A
    /// number alone joins nothing, nor does an id that looks like ours.
    fn appeal_of<'l>(&'l self, letter: &'l Pending) -> Option<&'l Known> {
        let by_thread = self.answers(letter).find_map(|answered| {
            let appeal = answered.appeal.as_ref()?;
            (answered.recipient == letter.sender || appeal.addresses.contains(&letter.sender)).then_some(appeal)
        });
        by_thread.or_else(|| self.snapshot.vouched.get(&letter.id)).or_else(|| {
            let known = self.snapshot.named.get(letter.reading.refers_to.as_ref()?)?;
            known.addresses.contains(&letter.sender).then_some(known)
        })
    }

    /// The appeal that a letter answers or names, whoever sent it.
    pub(crate) fn named_or_answered<'l>(&'l self, letter: &'l Pending) -> Option<&'l Known> {
        let answered = self.answers(letter).find_map(|answered| answered.appeal.as_ref());
        answered.or_else(|| self.snapshot.named.get(letter.reading.refers_to.as_ref()?))
    }

    /// The letter put aside whose sender was asked for data and answers now.
    fn asked_about(&self, letter: &Pending) -> Option<i64> {
        self.answers(letter).find_map(|answered| answered.aside.filter(|_| answered.recipient == letter.sender))
    }

    fn answers<'l>(&'l self, letter: &'l Pending) -> impl Iterator<Item = &'l Answered> {
        letter.reading.answers.iter().filter_map(|id| self.snapshot.answered.get(id))
    }
}

/// Why a stranger's letter from the folder of spam gets no row: an operator sees those that a person may have written.
fn junk_reason(class: Class) -> String {
    match class {
        Class::Appeal | Class::Anonymous | Class::FollowUp | Class::DepartmentReply => {
            "Лист лежить у теці небажаної пошти, але схожий на звернення: якщо так, перенесіть його до вхідних."
                .to_owned()
        }
        Class::Bounce
        | Class::AutoReply
        | Class::Newsletter
        | Class::Spam
        | Class::Receipt
        | Class::Invite
        | Class::Empty => String::new(),
    }
}

fn key(letter: &Pending) -> String {
    let reading = &letter.reading;
    applicant_key(
        reading.surname.as_ref().map(|found| found.value.as_str()),
        reading.name.as_ref().map(|found| found.value.as_str()),
    )
}
