//! What is wrong with a channel, in the words of its readers: English for logs and `status`, Ukrainian for the letter to
//! the administrator.

use crate::engine::account::AccountError;
use crate::ledger::channel::ChannelTrouble;
use crate::world::error::FileError;
use crate::world::mail_error::{Denial, MailError, MailTrouble, Why};
use crate::world::smtp::Pause;

/// What happened and what to do; and whether it will pass by itself.
fn words(trouble: MailTrouble) -> (&'static str, &'static str, bool) {
    const BY_ITSELF: &str = "система повторює спроби сама; якщо це не минає, перевірте мережу";
    match trouble {
        MailTrouble::Network(Why::NoName) => {
            ("ім'я поштового сервера не знайдено", "перевірте налаштування host і роботу DNS", false)
        }
        MailTrouble::Network(Why::NoAnswer) => {
            ("поштовий сервер не відповідає", "перевірте адресу сервера, порт, мережу та мережевий екран", false)
        }
        MailTrouble::Network(Why::Silence) => ("поштовий сервер замовк посеред розмови", BY_ITSELF, false),
        MailTrouble::Network(Why::Closed) => ("з'єднання з поштовим сервером розірвано", BY_ITSELF, false),
        MailTrouble::Network(Why::Certificate) => (
            "сертифікат поштового сервера недійсний",
            "перевірте сертифікат сервера, годинник комп'ютера та налаштування ca_file",
            true,
        ),
        MailTrouble::Network(Why::Tls) => {
            ("захищене з'єднання не встановлено", "перевірте порт і налаштування tls", true)
        }
        MailTrouble::Auth(Denial::Password) => (
            "сервер не приймає ім'я користувача або пароль",
            "перевірте їх; Gmail приймає лише пароль програми, а зміна пароля облікового запису скасовує його",
            true,
        ),
        MailTrouble::Auth(Denial::Token) => (
            "сервер не приймає маркер доступу",
            "перевірте, чи дозвіл надано саме для цієї скриньки та для роботи з поштою",
            true,
        ),
        MailTrouble::Auth(Denial::Grant) => (
            "дозвіл на доступ до скриньки (refresh token) більше не діє",
            "надайте дозвіл наново: його відкликано, ним не користувалися шість місяців, змінено пароль, або екран \
             згоди застосунку має стан «Testing» (тоді дозвіл діє сім днів)",
            true,
        ),
        MailTrouble::Auth(Denial::Client) => {
            ("сервер дозволів не впізнає застосунок", "перевірте client_id та client_secret", true)
        }
        MailTrouble::Later => ("поштовий сервер просить зачекати", BY_ITSELF, false),
        MailTrouble::Refused => (
            "поштовий сервер відмовився виконати команду",
            "перевірте назви тек у налаштуваннях і відкрийте скриньку іншою програмою",
            false,
        ),
        MailTrouble::Protocol => ("відповідь поштового сервера незрозуміла", BY_ITSELF, false),
        MailTrouble::Setting => ("налаштуванням не можна скористатися", "виправте налаштування", true),
    }
}

impl From<&MailError> for ChannelTrouble {
    fn from(error: &MailError) -> Self {
        let (text, remedy, urgent) = words(error.trouble);
        Self { what: error.to_string(), text: text.to_owned(), remedy: remedy.to_owned(), urgent }
    }
}

impl From<&AccountError> for ChannelTrouble {
    fn from(error: &AccountError) -> Self {
        match error {
            AccountError::Mail(error) => Self::from(error),
            AccountError::Secret(problem) => Self {
                what: problem.to_string(),
                text: "пароль або інший секрет не вдалося прочитати".to_owned(),
                remedy: format!("виправте за повідомленням програми: {problem}"),
                urgent: true,
            },
        }
    }
}

impl From<&FileError> for ChannelTrouble {
    fn from(error: &FileError) -> Self {
        Self {
            what: error.to_string(),
            text: "теки з листами недоступні".to_owned(),
            remedy: format!("виправте за повідомленням програми: {error}"),
            urgent: true,
        }
    }
}

impl From<Pause> for ChannelTrouble {
    fn from(pause: Pause) -> Self {
        let (what, text, remedy, urgent) = match pause {
            Pause::Hour => (
                "the mail server asks to come later (nothing to do: it is tried again by itself)".to_owned(),
                "поштовий сервер тимчасово не приймає листів",
                "нічого робити не треба: система надішле листи сама, щойно сервер дозволить",
                false,
            ),
            Pause::Day => (
                "the day's quota of the account is used up (nothing to do: the letters wait; if it happens often, take a \
                 paid account or another relay)"
                    .to_owned(),
                "вичерпано добову кількість листів, яку дозволяє поштова служба",
                "листи чекають і підуть самі; якщо це повторюється, потрібен платний обліковий запис або інший сервер",
                true,
            ),
            Pause::Sender(reply) => (
                format!("the mail server takes nothing from this sender: {reply} (check the address in From and the account)"),
                "поштовий сервер не приймає листів від цього відправника",
                "перевірте адресу відправника (from) і чи не заблоковано обліковий запис",
                true,
            ),
        };
        Self { what, text: text.to_owned(), remedy: remedy.to_owned(), urgent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_names_the_server_and_the_letter_names_the_remedy() {
        let error = MailError::new("imap.gmail.com:993", "log in", MailTrouble::Auth(Denial::Grant));
        let trouble = ChannelTrouble::from(&AccountError::Mail(error));
        assert!(trouble.what.starts_with("imap.gmail.com:993: cannot log in"), "{}", trouble.what);
        assert!(trouble.remedy.contains("надайте дозвіл наново") && trouble.urgent);
    }
}
