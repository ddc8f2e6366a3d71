//! The configuration as an administrator meets it: shipped, embedded, and broken in every way that was thought of.

use super::*;
use crate::domain::field::Field;
use crate::settings::valid::{RoutingMode, Source, Transport};
use std::path::Path;
use std::time::Duration;

/// Puts the embedded configuration into a folder, with changes made to its text.
fn embedded_in(folder: &Path, change: impl Fn(&str, String) -> String) -> Result<Settings, Problems> {
    for (name, text) in embedded_config() {
        std::fs::write(folder.join(name), change(name, text)).unwrap();
    }
    load(&folder.join("zvernennia.toml"))
}

fn embedded_with(change: impl Fn(&str, String) -> String) -> Result<Settings, Problems> {
    embedded_in(tempfile::tempdir().unwrap().path(), change)
}

/// The embedded configuration with one piece of the main file replaced; the piece must be there.
fn replaced(file: &str, from: &str, to: &str) -> Result<Settings, Problems> {
    embedded_with(|name, text| {
        if name != file {
            return text;
        }
        assert!(text.contains(from), "{from} is not in {file}");
        text.replacen(from, to, 1)
    })
}

#[test]
fn the_embedded_configuration_keeps_everything_in_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let settings = embedded_in(home, |_, text| text).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(settings.home, home);
    assert_eq!(settings.paths.ledger, home.join("ledger.sqlite"));
    assert_eq!(settings.paths.letters, home.join("letters"));
    assert_eq!(settings.register_path(2022), home.join("register/Реєстр звернень 2022.xlsx"));
    assert_eq!(settings.post.transport, Transport::Folder { path: home.join("sent") });
    let sources: Vec<_> = settings.mailboxes.iter().map(|mailbox| mailbox.source.clone()).collect();
    let maildir = |name| Source::Maildir { path: home.join(name) };
    assert_eq!(sources, [maildir("mail/1"), maildir("mail/2")]);
    assert_eq!(settings.intake.start, None);
    assert!(settings.secrets().is_empty());
}

#[test]
fn the_embedded_text_keeps_no_comments_of_the_servers_that_were_taken_out() {
    let [(_, text), _, _] = embedded_config();
    for of_servers in
        ["move_to", "idle =", "timeout", "ca_file", "pause", "# per_day", "oauth", "password_file", "host ="]
    {
        assert!(!text.contains(of_servers), "{of_servers}");
    }
    assert!(text.contains("# The Maildir that") && text.contains("# Letters become .eml files"));
}

#[test]
fn the_shipped_configuration_reads_and_has_the_values_that_it_tells() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in shipped_config() {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let settings = load(&folder.path().join("zvernennia.toml")).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(settings.office.mailboxes, ["9a010722@gmail.com", "9a020722@gmail.com"]);
    assert_eq!(settings.office.own_phones, ["+380662838182", "+380951391978"]);
    assert_eq!(settings.office.message_id_domain, "cc.smva.example");
    assert_eq!(settings.office.departments.len(), 16);
    assert!(settings.calendar.martial_law && settings.calendar.holidays.len() > 60);
    assert_eq!(settings.routing.mode, RoutingMode::Suggest);
    assert_eq!(settings.register.quiet, Duration::from_secs(3));
    assert!(!settings.safety.allow_mixed_transports);
    // Both mailboxes and the post, of which two share a password.
    assert_eq!(settings.secrets().len(), 3);
    let numbers = regex::Regex::new(&settings.office.number_pattern).unwrap();
    for number in ["К-128/2022", "КО-7/2022", "S-000123"] {
        assert_eq!(numbers.find(&format!("Re: [{number}] Відповідь")).map(|m| m.as_str()), Some(number));
    }
}

#[test]
fn every_default_of_the_shipped_text_is_the_default_of_the_program() {
    // Without the optional sections everything is as the text says.
    let whole = embedded_with(|_, text| text).unwrap();
    let bare = embedded_with(|name, text| {
        if name != "zvernennia.toml" {
            return text;
        }
        let mut document: toml_edit::DocumentMut = text.parse().unwrap();
        for section in ["people", "hours", "terms", "notice", "departments", "summary", "safety"] {
            assert!(document.remove(section).is_some(), "{section}");
        }
        for (section, keys) in [
            ("office", &["centre"][..]),
            ("numbering", &["format", "collective_letter", "nameless_letter"]),
            ("post", &["from_name", "per_address_per_day", "per_hour"]),
            ("intake", &["batch", "max_megabytes", "max_attempts"]),
            ("register", &["quiet_seconds", "poll_seconds", "inotify", "headers"]),
            ("routing", &["mode", "threshold"]),
            ("backup", &["keep", "cron"]),
            ("files", &["departments", "holidays"]),
        ] {
            for key in keys {
                assert!(document[section].as_table_mut().unwrap().remove(key).is_some(), "{section}.{key}");
            }
        }
        document.to_string()
    })
    .unwrap_or_else(|problems| panic!("{problems}"));
    let plain = |settings: &Settings| {
        let home = settings.home.display().to_string();
        format!("{settings:#?}").replace(&home, "HOME")
    };
    assert_eq!(plain(&whole), plain(&bare));
}

#[test]
fn commented_keys_of_the_shipped_text_are_known_and_show_their_defaults() {
    // Taking away the "# " of every line that looks like a key must give a file without unknown keys.
    let text = shipped_config()[0].1.clone();
    let key = regex::Regex::new(r"(?m)^# ((?:[a-z_]+ = .*)|(?:\[\[register\.extra_column\]\]))$").unwrap();
    assert!(key.find_iter(&text).count() > 15);
    let text = key.replace_all(&text, "$1").into_owned();
    let folder = tempfile::tempdir().unwrap();
    for (name, shipped) in shipped_config() {
        let text = if name == "zvernennia.toml" { text.clone() } else { shipped };
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    std::fs::create_dir(folder.path().join("templates")).unwrap();
    std::fs::write(folder.path().join("ca.pem"), "").unwrap();
    let problems = load(&folder.path().join("zvernennia.toml")).unwrap_err();
    // The one contradiction that the text offers on purpose: a password or OAuth.
    let told: Vec<String> = problems.list().iter().map(|problem| problem.what.clone()).collect();
    assert_eq!(told, ["one proof is enough; remove `password_file` or `oauth`"]);
}

#[test]
fn ten_mistakes_in_one_file_are_all_told_with_their_lines() {
    let text = r#"[office]
organisation = "Міська військова адміністрація"
own_phones = ["+380662838182", "0951391978"]
message_id_domain = "cc.smva.example"
centr = "Контактний центр"
[office.home]
town = "Сєвєродонецьк"
[people]
supervisor_email = ["керівник"]
[hours]
open = "10:00"
close = "25:00"
[numbering]
format = "{letter}/{year}"
known_patterns = ['S-\d{6']
[[mailbox]]
name = "1"
address = "9a010722@gmail.com"
maildir = "mail/1"
poll_seconds = "60"
[[mailbox]]
name = "1"
address = "9a020722@gmail.com"
maildir = "mail/2"
[post]
from = "9a010722@gmail.com"
folder = "sent"
[intake]
start = "everything"
[register]
path = "register/Реєстр {year}.xlsx"
[routing]
default_department = "socc"
[departments]
ingest = "*/15 10-18 * * Mon-Fri"
"#;
    let problems = embedded_with(|name, shipped| if name == "zvernennia.toml" { text.to_owned() } else { shipped });
    let problems = problems.unwrap_err();
    let told: Vec<(Option<usize>, &str)> =
        problems.list().iter().map(|problem| (problem.line, problem.key.as_str())).collect();
    assert_eq!(
        told,
        [
            (Some(3), "office.own_phones"),
            (Some(5), "office.centr"),
            (Some(9), "people.supervisor_email"),
            (Some(12), "hours.close"),
            (Some(14), "numbering.format"),
            (Some(15), "numbering.known_patterns"),
            (Some(20), "mailbox[1].poll_seconds"),
            (Some(22), "mailbox[2].name"),
            (Some(33), "routing.default_department"),
            (Some(35), "departments.ingest"),
        ],
        "{problems}"
    );
    let shown = problems.to_string();
    assert!(shown.starts_with("10 problems in the configuration:\n"), "{shown}");
    for remedy in
        ["write it like +380662838182", "did you mean `centre`?", "write it like \"10:00\"", "seconds are missing"]
    {
        assert!(shown.contains(remedy), "{remedy} is not in {shown}");
    }
}

/// What is broken, and the key and a piece of the remedy that must be told.
fn check_broken(file: &str, from: &str, to: &str, told: (&str, &str)) {
    let problems = match replaced(file, from, to) {
        Ok(_) => panic!("{to} was accepted"),
        Err(problems) => problems,
    };
    let (key, remedy) = told;
    let found = problems.list().iter().any(|problem| {
        problem.key.contains(key) && problem.what.contains(remedy) && (problem.line.is_some() || problem.key.is_empty())
    });
    assert!(found, "wanted {key}: {remedy}\ngot {problems}");
}

#[test]
fn each_of_many_broken_main_files_is_refused_with_its_key_and_remedy() {
    let imap = "maildir = \"mail/1\"\n";
    let server = |rest: &str| format!("[mailbox.imap]\nhost = \"imap.example.org\"\n{rest}\n");
    let main = "zvernennia.toml";
    let cases: &[(&str, &str, (&str, &str))] = &[
        ("[office]", "[office", ("", "not valid TOML")),
        ("[office]", "[offices]", ("offices", "did you mean `office`")),
        ("centre = ", "center = ", ("office.center", "did you mean `centre`")),
        ("organisation = ", "# organisation = ", ("office.organisation", "is missing")),
        ("town = \"Сєвєродонецьк\"", "town = \"\"", ("office.home.town", "is empty")),
        (
            "message_id_domain = \"cc.smva.example\"",
            "message_id_domain = \"смва\"",
            ("message_id_domain", "latin letters"),
        ),
        ("\nown_phones = [", "\nown_phones = [5, ", ("office.own_phones", "must be a string in quotes")),
        ("operators = []", "operators = \"Іваненко І. І.\"", ("people.operators", "must be a list")),
        ("operators_email = []", "operators_email = [\"a@b\"]", ("people.operators_email", "name@example.org")),
        ("open = \"10:00\"", "open = 10:00", ("", "")),
        ("open = \"10:00\"", "open = \"16:00\"", ("hours.close", "not later than")),
        ("departments = \"departments.toml\"", "departments = \"none.toml\"", ("files.departments", "create it")),
        ("holidays = \"holidays.toml\"", "holidays = \"none.toml\"", ("files.holidays", "create it")),
        ("# templates = \"templates\"", "templates = \"none\"", ("files.templates", "cannot read the templates")),
        ("{letter}-{seq}/{year}", "{letter}-{number}", ("numbering.format", "{seq:06}")),
        ("{letter}-{seq}/{year}", "{seq}/{year}", ("numbering.format", "add a letter")),
        ("{letter}-{seq}/{year}", "S {seq}", ("numbering.format", "must not contain blanks")),
        ("{letter}-{seq}/{year}", "{seq}-{seq}", ("numbering.format", "twice")),
        ("collective_letter = \"КО\"", "collective_letter = \"колективне\"", ("collective_letter", "one or two")),
        (r"'S-\d{6}'", "'('", ("numbering.known_patterns", "not a regular expression")),
        ("name = \"2\"", "name = \"1\"", ("mailbox[2].name", "already the name of mailbox 1")),
        ("9a020722@gmail.com", "9a010722@gmail.com", ("mailbox[2].address", "already the address of mailbox 1")),
        ("9a020722@gmail.com", "soc@smva.example", ("mailbox", "each needs its own")),
        ("channel = \"е-пошта 2\"", "channel = \"е-пошта 1\"", ("mailbox[2].channel", "already the channel")),
        ("poll_seconds = 60", "poll_seconds = 0", ("mailbox[1].poll_seconds", "from 1 to 3600")),
        ("poll_seconds = 60", "poll_seconds = -5", ("mailbox[1].poll_seconds", "from 1 to 3600")),
        (imap, "", ("mailbox[1].maildir", "add `maildir")),
        ("[post]\n", "[post]\nfolder = \"x\"\n", ("", "not valid TOML")),
        ("from = \"9a010722@gmail.com\"", "from = \"x@example.org\"", ("post.from", "answers would not come back")),
        ("folder = \"sent\"", "", ("post.folder", "add `folder")),
        ("per_hour = 60", "per_hour = 0", ("post.per_hour", "from 1")),
        ("start = \"everything\"", "start = \"вчора\"", ("intake.start", "with its offset")),
        ("start = \"everything\"", "start = 2022-07-11", ("intake.start", "with its offset")),
        ("start = \"everything\"", "", ("intake.start", "is missing")),
        ("clarification_days = 5", "clarification_days = 5.5", ("terms.clarification_days", "a whole number")),
        ("register/Реєстр звернень {year}.xlsx", "register/Реєстр.xlsx", ("register.path", "must contain {year}")),
        ("{year}.xlsx", "{year}.xls", ("register.path", "must end in .xlsx")),
        ("inotify = true", "inotify = \"yes\"", ("register.inotify", "true or false")),
        ("[register.headers]", "[register.headers]\nessense = \"Зміст\"", ("register.headers.essense", "the keys are")),
        ("# [[register.extra_column]]", "[[register.extra_column]]", ("register.extra_column[1].header", "is missing")),
        (
            "# [[register.extra_column]]",
            "[[register.extra_column]]\nheader = \"статус\"",
            ("extra_column[1].header", "already has a column"),
        ),
        ("mode = \"suggest\"", "mode = \"guess\"", ("routing.mode", "\"suggest\" or \"auto\"")),
        ("threshold = 0.8", "threshold = 80", ("routing.threshold", "from 0.0 to 1.0")),
        ("default_department = \"soc\"", "", ("routing.default_department", "is missing")),
        ("batch_minutes = 15", "batch_minutes = \"15m\"", ("notice.batch_minutes", "without quotes")),
        ("10-18 * * Mon-Fri", "10-18 * * 1-5", ("departments.ingest", "name them: Mon-Fri")),
        ("0 0 17 * *", "0 0 17 31 2", ("summary.at", "never comes")),
        ("allow_mixed_transports = false", "allow_mixed_transport = false", ("safety", "did you mean")),
    ];
    assert!(cases.len() >= 30);
    for (from, to, told) in cases {
        check_broken(main, from, to, *told);
    }
    for (rest, told) in [
        ("", ("mailbox[1].imap.password_file", "credential:NAME")),
        ("password = \"hunter2\"", ("mailbox[1].imap.password", "secrets do not belong here")),
        ("password_file = \"p\"\ntls = \"none\"", ("mailbox[1].imap.tls", "\"implicit\" or \"starttls\"")),
        ("password_file = \"p\"\nport = 70000", ("mailbox[1].imap.port", "from 1 to 65535")),
        ("password_file = \"p\"\nidle = \"30m\"", ("mailbox[1].imap.idle", "29m")),
        ("password_file = \"p\"\ntimeout = \"30\"", ("mailbox[1].imap.timeout", "\"30s\"")),
        ("password_file = \"p\"\nca_file = \"none.pem\"", ("mailbox[1].imap.ca_file", "create it")),
        ("password_file = \"credential:../x\"", ("mailbox[1].imap.password_file", "a credential is named")),
        ("password_file = \"p\"", ("post", "applicants would never get a letter")),
        ("oauth = { client_id = \"x\" }", ("mailbox[1].imap.oauth.token_endpoint", "is missing")),
    ] {
        check_broken(main, imap, &server(rest), told);
    }
    let shown = replaced(main, imap, &server("password = \"hunter2\"")).unwrap_err().to_string();
    assert!(!shown.contains("hunter2"), "a secret is never shown: {shown}");
}

#[test]
fn broken_files_beside_the_main_one_are_told_with_their_own_names_and_lines() {
    for (file, from, to, told) in [
        ("holidays.toml", "martial_law = true", "martial_law = 1", ("martial_law", "true or false")),
        ("holidays.toml", "2022-01-01", "\"01.01.2022\"", ("holidays", "write it like 2022-07-15")),
        ("holidays.toml", "extra_days_off = []", "extra_day_off = []", ("extra_day_off", "did you mean")),
        ("departments.toml", "code = \"vpo\"", "code = \"soc\"", ("department[3].code", "already the code")),
        ("departments.toml", "vpo@smva.example", "soc@smva.example", ("department[3].email", "already belongs to")),
        ("departments.toml", "vpo@smva.example", "vpo", ("department[3].email", "name@example.org")),
        ("departments.toml", "support = \"legal\"", "support = \"juridical\"", ("department", "unknown variant")),
        ("departments.toml", "topic = ", "topik = ", ("department", "unknown field")),
        ("departments.toml", "code = \"zhkg\"", "code = \"ЖКГ\"", ("department[1].code", "small latin letters")),
    ] {
        check_broken(file, from, to, told);
    }
    let problems = replaced("holidays.toml", "martial_law = true", "martial_law = 1").unwrap_err();
    assert!(problems.list()[0].file.ends_with("holidays.toml") && problems.list()[0].line == Some(5), "{problems}");
}

#[test]
fn a_missing_main_file_is_one_problem_with_the_remedy() {
    let problems = load(Path::new("/nonexistent/zvernennia.toml")).unwrap_err();
    assert_eq!(problems.list().len(), 1);
    assert!(problems.to_string().contains("zvernennia init"));
}

#[test]
fn free_columns_and_own_headers_reach_the_settings() {
    let settings = replaced(
        "zvernennia.toml",
        "[register.headers]",
        "[[register.extra_column]]\nheader = \"Соціальний стан\"\nafter = \"category\"\n[register.headers]\nessence = \"Зміст\"",
    )
    .unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(settings.register.headers.get(&Field::Essence).map(String::as_str), Some("Зміст"));
    let column = &settings.register.extra_columns[0];
    assert_eq!((column.header.as_str(), column.width, column.after), ("Соціальний стан", 20, Some(Field::Category)));
}

#[test]
fn a_mixture_of_real_and_test_transports_needs_a_word() {
    let smtp = "[post.smtp]\nhost = \"127.0.0.1\"\npassword_file = \"p\"\n";
    let problems = replaced("zvernennia.toml", "folder = \"sent\"\n", smtp).unwrap_err();
    assert!(problems.to_string().contains("letters of a test would go to strangers"), "{problems}");
    let settings = embedded_with(|_, text| {
        text.replace("folder = \"sent\"\n", smtp).replace("transports = false", "transports = true")
    });
    assert!(settings.is_ok_and(|settings| settings.secrets().len() == 1));
}
