//! What the service must know about its own office to read letters and to write them; filled by `settings`.

use crate::domain::department::Department;
use crate::domain::label::same;

/// The office: names, own addresses and numbers, departments. No secrets, no paths.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Office {
    /// Full name of the organisation as letters must show it.
    pub organisation: String,
    /// Name of the contact centre in signatures.
    pub centre: String,
    /// Phones shown to applicants, as they are to be printed.
    pub shown_phones: Vec<String>,
    /// Hours of the operators as letters show them (`10:00–15:00`, on working days).
    pub hours: String,
    /// The higher body that a refusal may be appealed to, as it stands after "до" (genitive); may be empty.
    pub higher_body_to: String,
    /// Our phones in E.164; found in quoted text, they never belong to an applicant.
    pub own_phones: Vec<String>,
    /// Addresses of our mailboxes, lower case; index + 1 is the number of the channel "е-пошта N".
    pub mailboxes: Vec<String>,
    /// Names under which our mail servers write Authentication-Results; empty: the topmost line is taken for theirs.
    pub authserv_ids: Vec<String>,
    /// Domain of the Message-IDs that we make (`cc.smva.example`).
    pub message_id_domain: String,
    /// Regular expression for a registration number in a subject or text (`S-\d{6}`).
    pub number_pattern: String,
    /// The home town in the nominative as the office writes it (`Сєвєродонецьк`).
    pub home_town: String,
    /// Other spellings of the home town, any language.
    pub home_town_aliases: Vec<String>,
    /// Other settlements of the home community; an address there can be a registered one.
    pub home_settlements: Vec<String>,
    /// Streets of the home town without their type ("Гагаріна"): a bare street of this list lies in the home town.
    pub home_streets: Vec<String>,
    /// The departments in the order of the configuration.
    pub departments: Vec<Department>,
    /// Code of the department that takes what no trigger decides.
    pub default_department: String,
}

impl Office {
    /// The department with this code.
    pub fn department(&self, code: &str) -> Option<&Department> {
        self.departments.iter().find(|department| department.code == code)
    }

    /// The department that people call so: by its name, its code or another name of it.
    pub fn department_called(&self, typed: &str) -> Option<&Department> {
        self.departments.iter().find(|department| {
            same(&department.name, typed)
                || same(&department.code, typed)
                || department.aliases.iter().any(|alias| same(alias, typed))
        })
    }

    /// The department that writes from this address (compared without case).
    pub fn department_by_email(&self, address: &str) -> Option<&Department> {
        let address = address.trim().to_lowercase();
        self.departments.iter().find(|department| {
            department.email.to_lowercase() == address
                || department.more_emails.iter().any(|more| more.to_lowercase() == address)
        })
    }

    /// Whether the address is one of our own mailboxes.
    pub fn is_own(&self, address: &str) -> bool {
        let address = address.trim().to_lowercase();
        self.mailboxes.iter().any(|own| own.to_lowercase() == address)
    }
}
