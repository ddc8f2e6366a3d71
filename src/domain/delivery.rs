//! Why a letter did not arrive, from the codes of mail servers (RFC 3463), in words for people.

/// What a notice of a mail server says of a letter of ours.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Delivery {
    /// Not given up yet.
    pub delayed: bool,
    /// Addresses that the notice names in its fields; empty where it speaks in free text only.
    pub recipients: Vec<String>,
    /// The code that tells most, "5.1.1" or "550"; empty if there is none.
    pub code: String,
}

/// Code (subject.detail of RFC 3463) → reason.
const REASONS: &[(&str, &str)] = &[
    ("1.1", "такої адреси немає"),
    ("1.2", "такого поштового домену немає"),
    ("1.3", "адресу записано з помилкою"),
    ("1.6", "адресат змінив адресу"),
    ("1.10", "домен адресата не приймає пошти"),
    ("2.1", "скриньку адресата вимкнено"),
    ("2.2", "скринька адресата переповнена"),
    ("2.3", "лист завеликий для скриньки адресата"),
    ("3.4", "лист завеликий для сервера адресата"),
    ("4.1", "сервер адресата не відповідає"),
    ("4.2", "з'єднання із сервером адресата переривається"),
    ("4.4", "поштовий сервер адресата не знайдено"),
    ("4.6", "лист ходить по колу між серверами"),
    ("4.7", "сервер адресата надто довго не приймав листа"),
    ("7.1", "сервер адресата відхилив лист"),
    ("7.26", "сервер адресата не довіряє нашому домену"),
];

/// Most components of a code.
const COMPONENTS: usize = 3;

/// The reason that a code, or a line that holds one, tells.
pub fn reason(report: &str) -> &'static str {
    let Some((_, detail)) = enhanced(report) else {
        return "сервер адресата не прийняв листа";
    };
    let (subject, _) = detail.split_once('.').unwrap_or((detail, ""));
    REASONS.iter().find(|(code, _)| *code == detail).map_or_else(
        || match subject {
            "1" => "адреса не приймає листів",
            "2" => "скринька адресата не приймає листів",
            "4" => "сервер адресата недосяжний",
            "7" => "сервер адресата відхилив лист",
            _ => "сервер адресата не прийняв листа",
        },
        |(_, reason)| reason,
    )
}

/// The first enhanced code (`5.1.1`) of a text: whole, and without its class.
pub fn enhanced(text: &str) -> Option<(&str, &str)> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(|word| {
        let word = word.trim_matches('.');
        let parts: Vec<&str> = word.split('.').collect();
        let digits = |part: &&str| !part.is_empty() && part.len() <= COMPONENTS;
        let code = parts.len() == COMPONENTS && matches!(parts.first(), Some(&("4" | "5"))) && parts.iter().all(digits);
        let detail = word.split_once('.').map(|(_, detail)| detail)?;
        code.then_some((word, detail))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_reasons_wherever_they_stand() {
        for (report, expected) in [
            ("5.1.1", "такої адреси немає"),
            ("refused: 550 5.1.1", "такої адреси немає"),
            ("smtp; 552-5.2.2 The email account is over quota", "скринька адресата переповнена"),
            ("5.1.99", "адреса не приймає листів"),
            ("4.4.7", "сервер адресата надто довго не приймав листа"),
            ("refused: 550", "сервер адресата не прийняв листа"),
            ("connect to 5.9.1.2 failed", "сервер адресата не прийняв листа"),
            ("", "сервер адресата не прийняв листа"),
        ] {
            assert_eq!(reason(report), expected, "{report}");
        }
    }
}
