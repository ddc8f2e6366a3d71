//! Who may change the state of an appeal by a letter: THE table of decisions.
//!
//! A letter of ours to a department carries a Message-ID that only its recipients know and that an answer repeats; the
//! address in From can be written by anybody, but our mail server says whether it was. Two of three must speak for the
//! sender and none against him; the number in a subject proves nothing.
//!
//! | thread | sender | our mail server | decision |
//! |---|---|---|---|
//! | any | any | says forged, or several senders | quarantine |
//! | a letter of ours to department D | an address of D | confirms or is silent | applied |
//! | a letter of ours to department D | an address of D | could not find out | an operator is asked |
//! | a letter of ours to department D | unknown, in the domain of D | confirms, is silent, could not find out | an operator is asked |
//! | a letter of ours to department D | anybody else | any | quarantine |
//! | none | an address of a department | any | quarantine |
//!
//! The operator is asked in the sheet "Не зареєстровано": «так» in its column "Рішення" takes the letter in as the
//! department's, «ні» leaves it aside (`desk::unregistered`).
//!
//! Whatever is decided, an answer to a letter of ours to a department is never an appeal. A domain in which everybody can
//! get an address (gmail.com, ukr.net) is no department's domain.

use crate::domain::department::Department;
use crate::domain::office::Office;
use crate::domain::reading::Authenticity;

/// Domains in which everybody can get an address.
const PUBLIC_DOMAINS: [&str; 24] = [
    "gmail.com",
    "googlemail.com",
    "ukr.net",
    "i.ua",
    "ua.fm",
    "meta.ua",
    "bigmir.net",
    "online.ua",
    "email.ua",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "proton.me",
    "protonmail.com",
    "gmx.net",
    "gmx.com",
    "aol.com",
    "mail.com",
    "zoho.com",
    "freemail.ua",
];

/// What is known of a letter that may speak for a department.
#[derive(Debug, Clone, Copy)]
pub struct Witness<'a> {
    /// The department to which the letter of ours went that this one answers; `None`: it answers none.
    pub thread: Option<&'a Department>,
    /// Address in From, lower case.
    pub sender: &'a str,
    /// What our mail server says.
    pub server: Authenticity,
}

/// What becomes of the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It speaks for the department with this code.
    Apply(String),
    /// It may speak for the department with this code: an operator says so by one word.
    Ask {
        /// The code.
        department: String,
        /// Why, for the operator.
        why: String,
    },
    /// It is put aside; why, for the operator.
    Quarantine(String),
}

/// Decides by the table.
pub fn decide(office: &Office, witness: &Witness<'_>) -> Decision {
    let quarantine = |why: &str| Decision::Quarantine(why.to_owned());
    if witness.server == Authenticity::Failed {
        return quarantine("поштовий сервер не підтвердив відправника або відправників кілька");
    }
    let own = office.department_by_email(witness.sender);
    let Some(department) = witness.thread else {
        return match own {
            Some(_) => quarantine("це не відповідь на лист контактного центру, тому нічого не змінено"),
            None => quarantine("невідомий відправник"),
        };
    };
    let ask = |why: &str| Decision::Ask { department: department.code.clone(), why: why.to_owned() };
    match (own, witness.server) {
        (Some(own), Authenticity::Confirmed | Authenticity::Silent) if own.code == department.code => {
            Decision::Apply(department.code.clone())
        }
        (Some(own), Authenticity::Doubtful | Authenticity::Failed) if own.code == department.code => {
            ask("поштовий сервер не зміг перевірити відправника")
        }
        (Some(other), _) => Decision::Quarantine(format!(
            "лист, надісланий до підрозділу «{}», а відповідає «{}»",
            department.name, other.name
        )),
        (None, _) if shares_domain(department, witness.sender) => ask("адреси немає серед відомих адрес підрозділу"),
        (None, _) => quarantine("на лист до підрозділу відповідає сторонній відправник"),
    }
}

/// Whether an address lies in the domain of the department, and that domain is not everybody's.
fn shares_domain(department: &Department, address: &str) -> bool {
    let domain = |address: &str| address.rsplit_once('@').map(|(_, domain)| domain.trim().to_lowercase());
    let Some(theirs) = domain(address).filter(|domain| !PUBLIC_DOMAINS.contains(&domain.as_str())) else {
        return false;
    };
    std::iter::once(&department.email).chain(&department.more_emails).any(|own| domain(own).as_ref() == Some(&theirs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office() -> Office {
        let department = |code: &str, email: &str, more: &[&str]| {
            let text = format!(
                "code = \"{code}\"\nname = \"{code}\"\ntopic = \"t\"\nsupport = \"legal\"\nemail = \"{email}\"\n\
                 more_emails = {more:?}\ntriggers = []"
            );
            toml::from_str::<Department>(&text).unwrap()
        };
        Office {
            departments: vec![
                department("soc", "soc@smva.example", &["zastupnyk@smva.example"]),
                department("hub", "hub.smva@gmail.com", &[]),
                department("zhkg", "zhkg@smva.example", &[]),
            ],
            ..Office::default()
        }
    }

    #[test]
    fn the_table_of_who_may_change_a_state() {
        use Authenticity::{Confirmed, Doubtful, Failed, Silent};
        let office = office();
        let rows: &[(Option<&str>, &str, Authenticity, &str)] = &[
            (Some("soc"), "soc@smva.example", Confirmed, "apply soc"),
            (Some("soc"), "soc@smva.example", Silent, "apply soc"),
            (Some("soc"), "Zastupnyk@smva.example", Silent, "apply soc"),
            (Some("soc"), "soc@smva.example", Doubtful, "ask soc"),
            (Some("soc"), "soc@smva.example", Failed, "quarantine"),
            (Some("soc"), "sekretar@smva.example", Confirmed, "ask soc"),
            (Some("soc"), "sekretar@smva.example", Silent, "ask soc"),
            (Some("soc"), "sekretar@smva.example", Failed, "quarantine"),
            (Some("soc"), "zhkg@smva.example", Confirmed, "quarantine"),
            (Some("soc"), "olena@ukr.net", Confirmed, "quarantine"),
            (Some("soc"), "soc@smva.example.evil.example", Confirmed, "quarantine"),
            (Some("hub"), "hub.smva@gmail.com", Confirmed, "apply hub"),
            (Some("hub"), "hub.smva2@gmail.com", Confirmed, "quarantine"),
            (None, "soc@smva.example", Confirmed, "quarantine"),
            (None, "sekretar@smva.example", Confirmed, "quarantine"),
        ];
        for (thread, sender, server, expected) in rows {
            let witness = Witness { thread: thread.and_then(|code| office.department(code)), sender, server: *server };
            let shown = match decide(&office, &witness) {
                Decision::Apply(code) => format!("apply {code}"),
                Decision::Ask { department, .. } => format!("ask {department}"),
                Decision::Quarantine(_) => "quarantine".to_owned(),
            };
            assert_eq!(shown, *expected, "{thread:?} {sender} {server:?}");
        }
    }
}
