//! The shipped configuration, and what `init --embedded` makes of it: everything in one folder, nothing leaves it.

use toml_edit::{DocumentMut, Item, Table, value};

const ZVERNENNIA: &str = include_str!("../../config/zvernennia.toml");
const DEPARTMENTS: &str = include_str!("../../config/departments.toml");
const HOLIDAYS: &str = include_str!("../../config/holidays.toml");

/// The files of the configuration as they are shipped, by name.
pub fn shipped_config() -> [(&'static str, String); 3] {
    [
        ("zvernennia.toml", ZVERNENNIA.to_owned()),
        ("departments.toml", DEPARTMENTS.to_owned()),
        ("holidays.toml", HOLIDAYS.to_owned()),
    ]
}

/// The same files for a service in one folder: Maildirs `mail/1` and `mail/2`, letters into `sent`, everything taken in.
pub fn embedded_config() -> [(&'static str, String); 3] {
    let [main, departments, holidays] = shipped_config();
    // The shipped text is part of the program and parses (kept by a test); an empty one would be refused by `load`.
    let mut document: DocumentMut = main.1.parse().unwrap_or_default();
    set(&mut document, &["files", "ledger"], "ledger.sqlite");
    set(&mut document, &["files", "letters"], "letters");
    set(&mut document, &["files", "key"], "message-id.key");
    set(&mut document, &["backup", "folder"], "backup");
    set(&mut document, &["register", "path"], "register/Реєстр звернень {year}.xlsx");
    set(&mut document, &["intake", "start"], "everything");
    if let Some(mailboxes) = document.get_mut("mailbox").and_then(Item::as_array_of_tables_mut) {
        for (index, mailbox) in mailboxes.iter_mut().enumerate() {
            mailbox.remove("imap");
            mailbox.insert("maildir", value(format!("mail/{}", index + 1)));
            explain(mailbox, "maildir", "# The Maildir that letters are taken from.\n");
        }
    }
    if let Some(post) = document.get_mut("post").and_then(Item::as_table_mut) {
        post.remove("smtp");
        post.insert("folder", value("sent"));
        explain(post, "folder", "# Letters become .eml files in this folder; nothing leaves the machine.\n");
    }
    [(main.0, document.to_string()), departments, holidays]
}

fn explain(table: &mut Table, key: &str, comment: &str) {
    if let Some(mut key) = table.key_mut(key) {
        key.leaf_decor_mut().set_prefix(comment);
    }
}

fn set(document: &mut DocumentMut, path: &[&str; 2], text: &str) {
    let [section, key] = path;
    if let Some(entry) = document.get_mut(section).and_then(Item::as_table_mut).and_then(|table| table.get_mut(key)) {
        *entry = value(text);
    }
}
