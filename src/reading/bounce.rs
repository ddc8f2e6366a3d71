//! Notices of mail servers and mail programs: not delivered, delayed, delivered, read.
//!
//! RFC 3464 reports say it in fields (Action beats the prose); older servers, Exim and Gmail say it in free text, in the
//! subject or by `X-Failed-Recipients`. The prose counts only from a server's address or a null return path, so that a
//! person who complains about an undelivered parcel is not taken for a server.

use crate::domain::letter::Letter;
use crate::reading::bounce_terms;
use crate::reading::folded::Folded;
use crate::reading::pattern::Pattern;
use crate::reading::terms::Terms;
use std::sync::LazyLock;

/// What a notice tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Not delivered for good.
    Failure,
    /// Not delivered yet.
    Delay,
    /// Delivered, relayed, expanded.
    Success,
    /// Read or displayed (or deleted unread).
    Read,
}

static ACTION: Pattern = Pattern::new(r"(?im)^\s*action\s*:\s*(failed|delayed|delivered|relayed|expanded)");
static DISPOSITION: Pattern = Pattern::new(r"(?im)^\s*disposition\s*:");
static RECIPIENT: Pattern =
    Pattern::new(r"(?im)^\s*(?:final|original)-recipient\s*:\s*(?:rfc822|x-\w+)?\s*;?\s*<?([^\s<>;]+@[^\s<>;]+)");
static ADDRESS: Pattern = Pattern::new(r"[\w.+%\-]+@[\w\-]+(?:\.[\w\-]+)+");
static READ_SUBJECT: Pattern = Pattern::new(
    r"(?i)^\s*(read|прочитано|прочтено|прочитан|lu|gelesen|відкрито|not read|не прочитано|read receipt|return receipt|підтвердження прочитання|сповіщення про прочитання|уведомление о прочтении)(\W|$)",
);
static DELIVERED_SUBJECT: Pattern = Pattern::new(
    r"(?i)^\s*(delivered|relayed|доставлено|доставлен|успішна доставка|successful (mail )?delivery)(\W|$)",
);

static FAILURE: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(bounce_terms::FAILURE));

static DELAY: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(bounce_terms::DELAY));

/// What a server or a mail program tells; `None` for letters of people and robots.
pub fn notice(letter: &Letter) -> Option<Notice> {
    let content_type = letter.header("content-type").unwrap_or_default().to_lowercase();
    if content_type.contains("disposition-notification") || DISPOSITION.is_match(&letter.report) {
        return Some(Notice::Read);
    }
    if let Some(action) = ACTION.group(&letter.report, 1) {
        return Some(match action.to_lowercase().as_str() {
            "failed" => Notice::Failure,
            "delayed" => Notice::Delay,
            _ => Notice::Success,
        });
    }
    if READ_SUBJECT.is_match(&letter.subject) && is_short(letter) {
        return Some(Notice::Read);
    }
    let server = is_server(letter);
    let status = content_type.contains("delivery-status") || letter.header("x-failed-recipients").is_some();
    if !server && !status {
        return None;
    }
    if DELIVERED_SUBJECT.is_match(&letter.subject) {
        return Some(Notice::Success);
    }
    let subject = Folded::new(&letter.subject);
    let text = Folded::new(letter.text.get(..letter.text.floor_char_boundary(2_000)).unwrap_or(&letter.text));
    if DELAY.any(&subject) || (DELAY.any(&text) && !FAILURE.any(&subject)) {
        return Some(Notice::Delay);
    }
    // Nobody but a server writes under this name, whatever its words.
    let daemon = letter.from.address.to_lowercase().starts_with("mailer-daemon");
    (status || daemon || FAILURE.any(&subject) || FAILURE.any(&text)).then_some(Notice::Failure)
}

/// A read receipt says little; a letter that happens to begin so says more.
fn is_short(letter: &Letter) -> bool {
    let sign =
        letter.subject.contains(':') || letter.header("content-type").is_some_and(|value| value.contains("report"));
    sign && Folded::new(&letter.text).words().len() <= 60
}

fn is_server(letter: &Letter) -> bool {
    let local = letter.from.address.split('@').next().unwrap_or_default().to_lowercase();
    let name = letter.from.name.to_lowercase();
    let null_path = letter.return_path.as_deref().is_some_and(|path| path.trim_matches(['<', '>', ' ']).is_empty());
    local.starts_with("mailer-daemon")
        || local.starts_with("postmaster")
        || local.starts_with("mail-daemon")
        || local.starts_with("microsoftexchange")
        || name.contains("mail delivery")
        || name.contains("mailer-daemon")
        || null_path
}

/// The recipient that a notice is about.
pub fn failed_recipient(letter: &Letter) -> Option<String> {
    let address = RECIPIENT.group(&letter.report, 1).or_else(|| {
        let failed = letter.header("x-failed-recipients")?;
        ADDRESS.find(failed).map(|found| found.as_str())
    });
    let from_text = || {
        ADDRESS
            .find_all(&letter.text)
            .into_iter()
            .map(|found| found.as_str())
            .find(|address| !letter.recipients.iter().any(|own| own.address.eq_ignore_ascii_case(address)))
    };
    address.or_else(from_text).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::letter::Correspondent;

    #[test]
    fn patterns_compile() {
        for pattern in [&ACTION, &DISPOSITION, &RECIPIENT, &ADDRESS, &READ_SUBJECT, &DELIVERED_SUBJECT] {
            pattern.assert_compiles();
        }
    }

    fn check(from: &str, subject: &str, text: &str, report: &str, expected: Option<Notice>) {
        let letter = Letter {
            from: Correspondent { name: String::new(), address: from.into() },
            subject: subject.into(),
            text: text.into(),
            report: report.into(),
            ..Letter::default()
        };
        assert_eq!(notice(&letter), expected, "{from} {subject}");
    }

    #[test]
    fn notices_are_told_from_letters() {
        use Notice::{Delay, Failure, Read, Success};
        check("mailer-daemon@x.ua", "Undelivered Mail Returned to Sender", "550 5.7.1 user unknown", "", Some(Failure));
        check("postmaster@x.ua", "Лист не доставлено", "скринька переповнена", "", Some(Failure));
        check(
            "mailer-daemon@googlemail.com",
            "Delivery Status Notification (Delay)",
            "will retry for 47 hours",
            "",
            Some(Delay),
        );
        check(
            "mailer-daemon@x.ua",
            "x",
            "",
            "Final-Recipient: rfc822; a@b.ua\nAction: delayed\nStatus: 4.4.1",
            Some(Delay),
        );
        check("mailer-daemon@x.ua", "x", "", "Action: relayed\nStatus: 2.0.0", Some(Success));
        check("mailer-daemon@x.ua", "mail failed, returning to sender", "unknown host", "", Some(Failure));
        check("o@x.ua", "Прочитано: Звернення S-000001", "Ваше повідомлення прочитано.", "", Some(Read));
        check("o@x.ua", "Посилку не доставлено", "Укрпошта: не доставлено посилку, помилка доставки", "", None);
        check("o@x.ua", "Прочитано лекцію", "Прошу повідомити про наступну", "", None);
    }
}
