//! What kind of mail a letter is, with the reason in one Ukrainian phrase.
//!
//! Machines first (servers, calendars, robots), then departments, mass mail and spam, then people. A department's letter
//! is one only if it comes from its address and the server does not call it forged; a site's form is a person's letter.
//! In doubt a letter is an appeal: a clerk can put one aside, a lost one is lost.

use crate::domain::letter::Letter;
use crate::domain::office::Office;
use crate::domain::reading::Class;
use crate::reading::body::Body;
use crate::reading::bounce::{Notice, notice};
use crate::reading::classify_terms;
use crate::reading::essence::is_generic;
use crate::reading::folded::{Folded, Words};
use crate::reading::machine::{is_auto_reply, is_invitation, is_newsletter};
use crate::reading::spam::{Departments, Verdict, spam};
use crate::reading::terms::Terms;
use crate::reading::thread::Thread;
use std::sync::LazyLock;

/// Fewest words of a subject that can stand for an empty letter.
const MIN_SUBJECT_WORDS: usize = 4;

/// Longest letter of thanks or reminder that is nothing else, in words.
const MAX_THANKS_WORDS: usize = 45;

/// Fewest words of a repeated appeal that is complete in itself.
const MIN_COMPLETE_WORDS: usize = 30;

static REGISTERED: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(classify_terms::REGISTERED));

static DEMAND: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(classify_terms::DEMAND));

static REMINDER: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(classify_terms::REMINDER));

static THANKS: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(classify_terms::THANKS));

static FORESEEN: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(classify_terms::FORESEEN));

/// What a letter is classified by.
#[derive(Debug, Clone, Copy)]
pub struct Signs<'a> {
    /// The letter.
    pub letter: &'a Letter,
    /// What its author wrote.
    pub body: &'a Body,
    /// The words of `body.own`.
    pub words: Words<'a>,
    /// The correspondence that it belongs to.
    pub thread: &'a Thread,
    /// Our office.
    pub office: &'a Office,
    /// The names of its departments.
    pub departments: &'a Departments,
    /// Our mail server says that the sender is another.
    pub forged: bool,
}

/// The class of a letter and why.
pub fn classify(signs: Signs<'_>) -> (Class, &'static str) {
    let Signs { letter, body, words, thread, office, forged, .. } = signs;
    match notice(letter) {
        Some(Notice::Failure) => return (Class::Bounce, "повідомлення поштового сервера про недоставлення"),
        Some(Notice::Delay) => return (Class::Bounce, "повідомлення поштового сервера про затримку"),
        Some(Notice::Success) => return (Class::Receipt, "повідомлення про доставлення"),
        Some(Notice::Read) => return (Class::Receipt, "повідомлення про прочитання"),
        None => {}
    }
    let department = office.department_by_email(&letter.from.address).is_some();
    if department && forged {
        return (Class::Spam, "видає себе за структурний підрозділ: сервер не підтвердив відправника");
    }
    if letter.has_calendar {
        return (Class::Invite, "запрошення на зустріч (календар)");
    }
    if !body.form && !body.forwarded {
        if let Some(reason) = is_auto_reply(letter, words) {
            return (Class::AutoReply, reason);
        }
        if office.is_own(&letter.from.address) {
            if forged {
                return (Class::Spam, "видає себе за нашу скриньку: сервер не підтвердив відправника");
            }
            return (Class::AutoReply, "лист надіслано з нашої ж скриньки");
        }
    }
    if department && !body.forwarded {
        if thread.refers_to.is_none() && thread.answers.is_empty() && is_invitation(letter, words) {
            return (Class::Invite, "запрошення від структурного підрозділу");
        }
        return (Class::DepartmentReply, "лист з адреси структурного підрозділу");
    }
    if !body.form && is_newsletter(letter, body) {
        return (Class::Newsletter, "розсилання, від якого можна відписатися");
    }
    people(signs)
}

/// Whether the own words are a short letter of thanks, for something done and not asked for.
pub fn is_thanks(body: &Body, words: Words<'_>) -> bool {
    let short = words.len() <= MAX_THANKS_WORDS && !body.needs_ocr;
    short && THANKS.any(words) && !FORESEEN.any(words) && !body.own.contains('?')
}

fn people(signs: Signs<'_>) -> (Class, &'static str) {
    let Signs { letter, body, words, thread, office, departments, forged } = signs;
    let files = letter.attachments.iter().any(|attachment| !attachment.name.is_empty() && attachment.size > 0);
    if words.is_empty() && !body.needs_ocr && !files {
        let subject = Folded::new(&body.subject);
        if subject.words().len() < MIN_SUBJECT_WORDS || is_generic(&body.subject) {
            return (Class::Empty, "лист без тексту");
        }
    }
    if !thread.answers.is_empty() {
        return (Class::FollowUp, "відповідь на наш лист");
    }
    if !body.form {
        if departments.pretended(letter, office) {
            return (Class::Spam, "видає себе за структурний підрозділ з чужої адреси");
        }
        match spam(letter, (body, words), thread.refers_to.is_some(), forged) {
            Verdict::Spam(reason) => return (Class::Spam, reason),
            Verdict::Clean => {}
        }
    }
    if body.forwarded && !office.is_own(&body.quoted_author.address) {
        return (Class::Appeal, "звернення, переслане іншою особою");
    }
    if thread.refers_to.is_some() {
        return (Class::FollowUp, "згадано номер звернення");
    }
    if office.is_own(&body.quoted_author.address) {
        return (Class::FollowUp, "відповідь на лист контактного центру");
    }
    // A reminder that says everything once more (who is registered where, and what is asked) stands for itself.
    let complete = words.len() >= MIN_COMPLETE_WORDS && REGISTERED.any(words) && DEMAND.any(words);
    if !complete && (REMINDER.any(words) || REMINDER.any(&Folded::new(&body.subject))) {
        return (Class::FollowUp, "нагадування або доповнення до попереднього звернення");
    }
    if is_thanks(body, words) {
        return (Class::FollowUp, "подяка");
    }
    (Class::Appeal, "звернення")
}
