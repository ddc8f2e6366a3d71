//! Robots: automatic answers, ticket systems, mass mail, invitations without a calendar.
//!
//! Headers decide where they are; programs without headers are known by their set phrases in short letters.

use crate::domain::letter::Letter;
use crate::reading::body::Body;
use crate::reading::folded::{Folded, Words};
use crate::reading::machine_terms;
use crate::reading::pattern::Pattern;
use crate::reading::terms::Terms;
use std::sync::LazyLock;

/// Longest letter that set phrases alone can make an automatic answer, in words.
const MAX_ROBOT_WORDS: usize = 90;

static AUTO_SUBJECT: Pattern = Pattern::new(concat!(
    r"(?i)^\s*((re|на)\s*:\s*)?(авто(матична|матическ\w+|-)?\s*-?\s*(відповідь|ответ|reply)|автовідповідь|автоответ\w*|автовідповідач|automatic reply|",
    r"auto(matic)?[- ]?(reply|response|answer)|out of (the )?office|відсутн\w+ (на роботі|в офісі)|поза офісом|вне офиса|вакаці|",
    r"i am away|vacation|on leave|у відпустці|в отпуске|нет на месте)",
));

static AWAY: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(machine_terms::AWAY));

static ROBOT: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(machine_terms::ROBOT));

static UNSUBSCRIBE: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(machine_terms::UNSUBSCRIBE));

static INVITATION: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(machine_terms::INVITATION));

static LINK: Pattern = Pattern::new(r"(?i)https?://|www\.");

fn header_begins(letter: &Letter, name: &str, values: &[&str]) -> bool {
    letter.header(name).is_some_and(|value| {
        let value = value.trim().to_lowercase();
        values.iter().any(|one| value.starts_with(one))
    })
}

fn is_list(letter: &Letter) -> bool {
    ["list-unsubscribe", "list-id", "list-unsubscribe-post", "feedback-id", "x-campaign", "x-mailchimp"]
        .iter()
        .any(|name| letter.header(name).is_some())
}

/// Why a letter is the work of a robot that answers; `None` if it is not.
pub fn is_auto_reply(letter: &Letter, words: Words<'_>) -> Option<&'static str> {
    if is_list(letter) {
        return None;
    }
    let replied = header_begins(letter, "auto-submitted", &["auto-replied", "auto-generated", "auto-notified"]);
    let marked = ["x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply"]
        .iter()
        .any(|name| letter.header(name).is_some());
    if replied || marked || header_begins(letter, "precedence", &["auto_reply"]) {
        return Some("автоматична відповідь (за заголовками листа)");
    }
    if AUTO_SUBJECT.is_match(&letter.subject) {
        return Some("автоматична відповідь (за темою листа)");
    }
    if words.len() > MAX_ROBOT_WORDS {
        return None;
    }
    let away = AWAY.hits(words).count();
    let robot = ROBOT.hits(words).count();
    let answer = !letter.in_reply_to.is_empty() || letter.subject.to_lowercase().starts_with("re:");
    if away >= 2 || (away >= 1 && answer) {
        return Some("повідомлення про відсутність");
    }
    let nobody = crate::reading::no_reply::is_robot(&letter.from.address);
    if robot >= 2 || (robot >= 1 && (nobody || answer)) {
        return Some("автоматичне повідомлення іншої системи");
    }
    None
}

/// Whether a letter is mass mail that one may unsubscribe from.
pub fn is_newsletter(letter: &Letter, body: &Body) -> bool {
    if is_list(letter) || header_begins(letter, "precedence", &["bulk", "list", "junk"]) {
        return true;
    }
    // The way out stands at the end, which is often cut off as a quotation or noise: look into the whole text.
    let linked = LINK.is_match(&letter.text) || letter.html_text.contains("http");
    linked && !body.forwarded && UNSUBSCRIBE.any(&Folded::new(&letter.text))
}

/// Whether a letter invites to a meeting without a calendar.
pub fn is_invitation(letter: &Letter, words: Words<'_>) -> bool {
    INVITATION.any(&Folded::new(&letter.subject)) || INVITATION.any(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        AUTO_SUBJECT.assert_compiles();
        LINK.assert_compiles();
    }

    fn check(header: Option<(&str, &str)>, subject: &str, text: &str, automatic: bool, mass: bool) {
        let letter = Letter {
            subject: subject.into(),
            text: text.into(),
            headers: header.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ..Letter::default()
        };
        let body = Body { own: text.into(), ..Body::default() };
        assert_eq!(is_auto_reply(&letter, Folded::new(text).words()).is_some(), automatic, "{subject} {text}");
        assert_eq!(is_newsletter(&letter, &body), mass, "{subject} {text}");
    }

    #[test]
    fn robots_are_told_from_people() {
        check(Some(("auto-submitted", "auto-replied")), "x", "x", true, false);
        check(Some(("auto-submitted", "no")), "x", "x", false, false);
        check(Some(("list-unsubscribe", "<x>")), "Знижки", "Телефони", false, true);
        check(None, "Автовідповідь: Звернення", "x", true, false);
        check(None, "Out of Office", "x", true, false);
        check(None, "Re: x", "Я у відпустці до 5 травня.", true, false);
        check(None, "Відпустка", "Я у відпустці без збереження, прошу пояснити, чи піде стаж", false, false);
        check(None, "Заявка", "Ваш запит № 5 зареєстровано. Це автоматичне повідомлення.", true, false);
        check(None, "Новини", "Читайте нас. Відписатися: https://x.example", false, true);
        check(None, "Субсидія", "Мені кажуть відписатися від лікаря", false, false);
    }
}
