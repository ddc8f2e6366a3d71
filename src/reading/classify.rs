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
use crate::reading::essence::is_generic;
use crate::reading::folded::Folded;
use crate::reading::machine::{is_auto_reply, is_invitation, is_newsletter};
use crate::reading::spam::{Verdict, is_forged, pretended_department, spam};
use crate::reading::terms::Terms;
use crate::reading::thread::Thread;
use std::sync::LazyLock;

/// Fewest words of a subject that can stand for an empty letter.
const MIN_SUBJECT_WORDS: usize = 4;

/// Longest letter of thanks or reminder that is nothing else, in words.
const MAX_THANKS_WORDS: usize = 45;

static REMINDER: LazyLock<Terms<()>> = LazyLock::new(|| {
    Terms::words(&[
        "нагаду* про мо*",
        "нагаду* про сво*",
        "нагаду* щодо",
        "напоминаю о",
        "напоминаю про",
        "щодо мого звернення",
        "щодо моєї заяви",
        "на моє звернення",
        "на моє попереднє",
        "на мою заяву від",
        "на мій лист від",
        "на мое обращение",
        "на мое заявление от",
        "по моєму зверненню",
        "за моїм зверненням",
        "по моему обращению",
        "мого звернення від",
        "моє звернення від",
        "мое обращение от",
        "чи розглянут* мо*",
        "чи розгляда* мо* ~ зверненн*",
        "стан розгляду мо*",
        "статус мого звернення",
        "що з моїм зверненням",
        "що з моєю заявою",
        "що там з моїм",
        "что с моим обращением",
        "что с моим заявлением",
        "коли буде відповідь на мо*",
        "когда будет ответ на мо*",
        "досі не отрима* відповіді на мо*",
        "досі немає відповіді на мо*",
        "досі чекаю відповід*",
        "відповіді на моє звернення",
        "відповіді на мій лист",
        "ответа на мое обращение",
        "ответа на мое письмо",
        "писав вам про",
        "писала вам про",
        "я вам вже писа*",
        "я вам уже писа*",
        "вже писала вам",
        "вже писав вам",
        "уже писала вам",
        "уже писав вам",
        "доповнення до звернення",
        "доповнення до мого",
        "доповнення до заяви",
        "на доповнення до",
        "додатково до звернення",
        "додаю до звернення",
        "до мого звернення",
        "до моєї заяви від",
        "у відповідь на ваш лист",
        "у відповідь на ваш запит",
        "відповідаю на ваш лист",
        "на ваш лист",
        "на ваш запит",
        "на ваш номер",
        "в ответ на ваше письмо",
        "відкликаю ~ звернення",
        "відкликати ~ звернення",
        "прошу не розглядати",
        "уточнення до звернення",
        "уточнюю до звернення",
        "надаю відсутні дані",
        "надсилаю дані яких бракує",
        "як ви просили",
        "как вы просили",
        "ви просили уточнити",
        "ви питали",
    ])
});

static THANKS: LazyLock<Terms<()>> = LazyLock::new(|| {
    Terms::words(&[
        "дякую",
        "дякуємо",
        "дякую вам",
        "вдячн*",
        "подяк*",
        "спасибо",
        "спасибі",
        "благодар*",
        "питання вирішен*",
        "питання закрит*",
        "вопрос решен*",
        "все вирішилося",
        "все вирішилось",
        "все отримал*",
        "отримала відповідь",
        "отримав відповідь",
        "получила ответ",
        "получил ответ",
        "допомогли",
        "помогли",
    ])
});

static FORESEEN: LazyLock<Terms<()>> = LazyLock::new(|| {
    Terms::words(&[
        "заздалегідь",
        "завчасно",
        "наперед",
        "заранее",
        "буду вдячн*",
        "будемо вдячн*",
        "буду благодарн*",
        "прошу",
        "просимо",
    ])
});

/// The class of a letter and why.
pub fn classify(letter: &Letter, body: &Body, thread: &Thread, office: &Office) -> (Class, String) {
    let (class, reason) = decide(letter, body, thread, office);
    (class, reason.to_owned())
}

fn decide(letter: &Letter, body: &Body, thread: &Thread, office: &Office) -> (Class, &'static str) {
    match notice(letter) {
        Some(Notice::Failure) => return (Class::Bounce, "повідомлення поштового сервера про недоставлення"),
        Some(Notice::Delay) => return (Class::Bounce, "повідомлення поштового сервера про затримку"),
        Some(Notice::Success) => return (Class::Receipt, "повідомлення про доставлення"),
        Some(Notice::Read) => return (Class::Receipt, "повідомлення про прочитання"),
        None => {}
    }
    let department = office.department_by_email(&letter.from.address).is_some();
    let forged = is_forged(letter);
    if department && forged {
        return (Class::Spam, "видає себе за структурний підрозділ: сервер не підтвердив відправника");
    }
    if letter.has_calendar {
        return (Class::Invite, "запрошення на зустріч (календар)");
    }
    if !body.form && !body.forwarded {
        if let Some(reason) = is_auto_reply(letter, body) {
            return (Class::AutoReply, reason);
        }
        if office.is_own(&letter.from.address) {
            return (Class::AutoReply, "лист надіслано з нашої ж скриньки");
        }
    }
    if department && !body.forwarded {
        if thread.refers_to.is_none() && thread.answers.is_empty() && is_invitation(letter, body) {
            return (Class::Invite, "запрошення від структурного підрозділу");
        }
        return (Class::DepartmentReply, "лист з адреси структурного підрозділу");
    }
    if !body.form && is_newsletter(letter, body) {
        return (Class::Newsletter, "розсилання, від якого можна відписатися");
    }
    people(letter, body, thread, office)
}

fn people(letter: &Letter, body: &Body, thread: &Thread, office: &Office) -> (Class, &'static str) {
    let words = Folded::new(&body.own);
    let files = letter.attachments.iter().any(|attachment| !attachment.name.is_empty() && attachment.size > 0);
    if words.is_empty() && !body.needs_ocr && !files {
        let subject = Folded::new(&body.subject);
        if subject.len() < MIN_SUBJECT_WORDS || is_generic(&body.subject) {
            return (Class::Empty, "лист без тексту");
        }
    }
    if !thread.answers.is_empty() {
        return (Class::FollowUp, "відповідь на наш лист");
    }
    if !body.form {
        if pretended_department(letter, office) {
            return (Class::Spam, "видає себе за структурний підрозділ з чужої адреси");
        }
        match spam(letter, body, thread.refers_to.is_some()) {
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
    if REMINDER.any(&words) || REMINDER.any(&Folded::new(&body.subject)) {
        return (Class::FollowUp, "нагадування або доповнення до попереднього звернення");
    }
    let thanks = THANKS.any(&words) && !FORESEEN.any(&words) && !body.own.contains('?');
    if thanks && words.len() <= MAX_THANKS_WORDS && !body.needs_ocr {
        return (Class::FollowUp, "подяка");
    }
    (Class::Appeal, "звернення")
}
