//! When an automatic answer is forbidden: robots, lists, bounces, ourselves (RFC 3834 and the habits of mail servers).
//!
//! The reason is one Ukrainian phrase for the operator. Caps per address and "already answered" are the desk's.

use crate::domain::letter::Letter;
use crate::domain::office::Office;
use crate::domain::reading::Class;
use crate::reading::thread::is_ours;

/// Most Received headers of a letter that is not in a loop.
const MAX_HOPS: usize = 50;

/// Local parts of addresses that nobody reads.
const ROBOTS: &[&str] = &[
    "mailer-daemon",
    "postmaster",
    "noreply",
    "no-reply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "do_not_reply",
    "bounce",
    "bounces",
    "daemon",
    "nobody",
    "listserv",
    "majordomo",
    "notification",
    "notifications",
    "automailer",
    "robot",
];

/// Why no automatic answer may go to the sender; `None` if one may.
pub fn no_reply(letter: &Letter, office: &Office, class: Class) -> Option<String> {
    let sender = letter.from.address.trim();
    let reason = if sender.is_empty() {
        "немає адреси відправника"
    } else if letter.return_path.as_deref().is_some_and(|path| path.trim_matches(['<', '>', ' ']).is_empty()) {
        "порожній зворотний шлях: це повідомлення поштового сервера"
    } else if is_robot(sender) {
        "адреса відправника не приймає листів"
    } else if office.is_own(sender) {
        "лист надіслано з нашої скриньки"
    } else if letter.from_count > 1 {
        "у листі кілька відправників"
    } else if let Some(reason) = by_headers(letter, office) {
        reason
    } else {
        by_class(class)?
    };
    Some(reason.to_owned())
}

fn by_headers(letter: &Letter, office: &Office) -> Option<&'static str> {
    let says = |name: &str, values: &[&str]| {
        letter.header(name).is_some_and(|value| {
            let value = value.trim().to_lowercase();
            values.is_empty() || values.iter().any(|one| value.starts_with(one))
        })
    };
    let automatic = letter.header("auto-submitted").is_some_and(|value| !value.trim().to_lowercase().starts_with("no"));
    let hops = letter.headers.iter().filter(|(name, _)| name == "received").count();
    let own_id = letter.message_id.as_deref().is_some_and(|id| is_ours(id, office));
    if automatic {
        Some("лист створено автоматично (Auto-Submitted)")
    } else if says("precedence", &["bulk", "junk", "list", "auto_reply"]) {
        Some("масове розсилання (Precedence)")
    } else if ["list-id", "list-unsubscribe", "list-post"].iter().any(|name| says(name, &[])) {
        Some("лист зі списку розсилання")
    } else if says("x-auto-response-suppress", &["all", "oof", "autoreply", "dr", "rn", "nrn"]) {
        Some("відправник просить не відповідати автоматично")
    } else if ["x-loop", "x-autoreply", "x-autorespond", "x-autoresponder", "x-zvernennia-loop"]
        .iter()
        .any(|n| says(n, &[]))
    {
        Some("лист створено автоматично")
    } else if own_id {
        Some("лист створено нами")
    } else if says("content-type", &["multipart/report"]) {
        Some("звіт поштового сервера")
    } else if hops > MAX_HOPS {
        Some("лист ходить по колу")
    } else {
        None
    }
}

fn by_class(class: Class) -> Option<&'static str> {
    match class {
        Class::Bounce => Some("повідомлення про недоставлення"),
        Class::AutoReply => Some("автоматична відповідь"),
        Class::Newsletter => Some("розсилання"),
        Class::Spam => Some("небажаний лист"),
        Class::Receipt => Some("повідомлення про прочитання або доставлення"),
        Class::Invite => Some("запрошення"),
        Class::DepartmentReply => Some("лист структурного підрозділу"),
        Class::Appeal | Class::Anonymous | Class::FollowUp | Class::Empty => None,
    }
}

/// Whether nobody reads the mail of this address.
pub fn is_robot(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_lowercase();
    let plain = local.split('+').next().unwrap_or_default();
    ROBOTS.iter().any(|robot| {
        plain == *robot || plain.strip_prefix(robot).is_some_and(|rest| rest.starts_with(['-', '.', '_', '=']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::letter::Correspondent;

    fn check(change: impl Fn(&mut Letter), forbidden: bool) {
        let office = Office {
            mailboxes: vec!["cc@gmail.com".into()],
            message_id_domain: "cc.example".into(),
            ..Office::default()
        };
        let mut letter = Letter {
            from: Correspondent { name: String::new(), address: "olena@gmail.com".into() },
            from_count: 1,
            return_path: Some("olena@gmail.com".into()),
            ..Letter::default()
        };
        change(&mut letter);
        assert_eq!(no_reply(&letter, &office, Class::Appeal).is_some(), forbidden, "{letter:?}");
    }

    #[test]
    fn robots_lists_and_ourselves_get_no_automatic_answer() {
        let header = |name: &'static str, value: &'static str| {
            move |letter: &mut Letter| letter.headers.push((name.into(), value.into()))
        };
        check(|_| {}, false);
        check(header("auto-submitted", "no"), false);
        check(header("auto-submitted", "auto-replied"), true);
        check(header("precedence", "Bulk"), true);
        check(header("list-id", "<x>"), true);
        check(header("x-auto-response-suppress", "OOF, AutoReply"), true);
        check(header("content-type", "multipart/report; report-type=delivery-status"), true);
        check(|letter| letter.return_path = Some(String::new()), true);
        check(|letter| letter.from.address = "MAILER-DAEMON@x.example".into(), true);
        check(|letter| letter.from.address = "no-reply@x.example".into(), true);
        check(|letter| letter.from.address = "norapostolova@x.example".into(), false);
        check(|letter| letter.from.address = "cc@gmail.com".into(), true);
        check(|letter| letter.from.address.clear(), true);
        check(|letter| letter.from_count = 2, true);
        check(|letter| letter.message_id = Some("appeal.S-1.x@cc.example".into()), true);
        check(|letter| letter.headers.extend((0..51).map(|_| ("received".to_owned(), String::new()))), true);
    }
}
