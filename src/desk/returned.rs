//! A letter of ours that did not arrive: what the notice of a mail server is about, and what the row of the appeal says
//! then. A notice never makes an appeal and is never answered; without a Message-ID of ours it changes nothing.

use crate::desk::action::Action;
use crate::desk::hint::quoted;
use crate::desk::plan::Mind;
use crate::desk::snapshot::{Answered, Pending, Undelivered};
use crate::domain::delivery::reason;
use crate::letters::kind::{Audience, LetterKind};

/// Decides on the notice of a mail server.
pub(crate) fn notice(mind: &mut Mind<'_>, letter: &Pending) {
    let class_reason = &letter.reading.class_reason;
    let Some(delivery) = &letter.reading.delivery else {
        mind.set_aside(letter, class_reason.clone());
        return;
    };
    let mut ours = letter.reading.answers.iter().filter_map(|id| mind.snapshot.answered.get(id));
    let Some(answered) = ours.next() else {
        mind.set_aside(letter, format!("{class_reason}: нашого листа, якого воно стосується, не знайдено."));
        return;
    };
    let named = &delivery.recipients;
    if !named.is_empty() && !named.contains(&answered.recipient) {
        mind.set_aside(letter, format!("{class_reason}: воно стосується не тієї адреси, на яку надіслано наш лист."));
        return;
    }
    let Answered { mail, appeal, .. } = answered;
    mind.actions.push(Action::Returned {
        letter: letter.id,
        mail: *mail,
        appeal: appeal.as_ref().map(|appeal| appeal.id),
        code: delivery.code.clone(),
        delayed: delivery.delayed,
    });
}

/// A letter from one of our own mailboxes: an operator's answer by hand belongs to its appeal, whatever the service wrote
/// itself to nobody.
pub(crate) fn from_us(mind: &mut Mind<'_>, letter: &Pending) {
    let ours = letter.message_id.ends_with(&format!("@{}", mind.desk.settings.office.message_id_domain));
    let appeal = mind.named_or_answered(letter).map(|appeal| appeal.id);
    match appeal {
        Some(appeal) if !ours => {
            let day = letter.received.format("%d.%m.%Y");
            let hint = format!("{day} з нашої скриньки надіслано лист: {}", quoted(&letter.subject));
            mind.actions.push(Action::Attach { letter: letter.id, appeal, hint });
        }
        Some(_) | None => {
            let reason = if ours { String::new() } else { letter.reading.class_reason.clone() };
            mind.set_aside(letter, reason);
        }
    }
}

/// Tells of letters that did not arrive: in the row of the appeal, or with the letter that waits for an answer.
pub(crate) fn tell(mind: &mut Mind<'_>) {
    for mail in &mind.snapshot.undelivered {
        mind.actions.push(Action::TellOfUndelivered {
            mail: mail.id,
            appeal: mail.appeal,
            aside: mail.aside,
            hint: hint(mail),
        });
    }
}

fn hint(mail: &Undelivered) -> String {
    let audience = LetterKind::from_id(&mail.kind).map_or(Audience::Applicant, LetterKind::audience);
    let (who, remedy) = match audience {
        Audience::Applicant => ("ЗАЯВНИКА НЕ ПОВІДОМЛЕНО", "Зателефонуйте заявникові або уточніть адресу."),
        Audience::Department => {
            ("ПІДРОЗДІЛ НЕ ПОВІДОМЛЕНО", "Повідомте підрозділ іншим способом і перевірте його адресу.")
        }
        Audience::Operators | Audience::Supervisor | Audience::Administrator => {
            ("СПОВІЩЕННЯ НЕ ДОСТАВЛЕНО", "Перевірте адресу в налаштуваннях.")
        }
    };
    let day = mail.queued.format("%d.%m.%Y");
    let what = if mail.perhaps_sent {
        "надіслано, але чи доставлено його, невідомо".to_owned()
    } else {
        format!("не доставлено: {}", reason(&mail.report))
    };
    format!("{who}: лист від {day} на адресу {} {what}. {remedy}", mail.recipient)
}
