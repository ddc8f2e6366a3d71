//! What is fetched from which folder, how much of it, and where it lies afterwards, with the real program and Dovecot.

use super::served::{MAILBOXES, Served};
use crate::office::letter;
use toml_edit::{Item, value};

const USER: &str = MAILBOXES[0].0;

/// Changes a key of the first mailbox.
fn set(served: &Served, key: &str, to: Item) {
    served.change(|config| {
        config["mailbox"].as_array_of_tables_mut().unwrap().get_mut(0).unwrap()["imap"][key] = to.clone();
    });
}

/// A letter with so many kilobytes of something that is attached.
fn heavy(n: usize, kilobytes: usize) -> Vec<u8> {
    let plain = String::from_utf8(letter(n)).unwrap();
    let (head, text) = plain.split_once("\r\n\r\n").unwrap();
    let head: Vec<&str> = head.split("\r\n").filter(|line| !line.starts_with("Content-")).collect();
    let line = "A".repeat(76) + "\r\n";
    let attached = line.repeat(kilobytes * 1024 / line.len());
    format!(
        "{}\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n--b\r\nContent-Type: application/octet-stream\r\n\
         Content-Disposition: attachment; filename=\"foto.bin\"\r\nContent-Transfer-Encoding: base64\r\n\r\n\
         {attached}\r\n--b--\r\n",
        head.join("\r\n")
    )
    .into_bytes()
}

fn hint(served: &Served, n: usize) -> String {
    let rows = served.office.rows();
    let address = format!("petrenko{n}@ukr.net");
    let row =
        rows.iter().find(|row| row["Електронна адреса"] == address.as_str()).unwrap_or_else(|| panic!("{rows:?}"));
    row["Підказка системи"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn folders_and_sizes() {
    let Some(served) = Served::whole("imaps") else { return };
    letters_of_our_applicants_come_out_of_the_folder_of_spam(&served);
    letters_are_moved_once_they_are_durable(&served);
    of_a_letter_that_is_too_large_the_beginning_is_read(&served);
    the_bytes_of_a_day_are_kept(&served);
}

fn letters_of_our_applicants_come_out_of_the_folder_of_spam(served: &Served) {
    let spam = served.stack.declare(USER, ("Спам", ".&BCEEPwQwBDw-"), "\\Junk");
    set(served, "spam_folder", value("\\Junk"));
    served.stack.put(USER, 0, &letter(0));
    assert_eq!(served.office.once(&[])["decided"]["appeals"], 1);
    let again = String::from_utf8(letter(0)).unwrap().replace("letter-0", "again").replace("субсидію", "пільгу");
    served.stack.put_into(&spam, 900, again.as_bytes());
    served.stack.put_into(&spam, 901, &letter(901));
    let passed = served.office.once(&[]);
    assert_eq!(passed["decided"]["appeals"], 1, "the applicant we know: {passed}");
    assert_eq!(passed["decided"]["aside"], 1, "a stranger there is shown to the operators: {passed}");
    let text = served.office.aside();
    assert!(text.contains("теці небажаної пошти"), "{text}");
    assert_eq!(served.stack.taken_for("petrenko0@ukr.net"), 2);
    assert_eq!(served.stack.taken_for("petrenko901@ukr.net"), 0, "nobody writes to those who send spam");
    // A folder that is not there keeps nothing from coming in.
    set(served, "spam_folder", value("Нема такої"));
    served.stack.put(USER, 1, &letter(1));
    assert_eq!(served.office.once(&[])["decided"]["appeals"], 1);
    set(served, "spam_folder", Item::None);
}

fn letters_are_moved_once_they_are_durable(served: &Served) {
    let in_folder = |folder: &str| served.stack.run(&["count", USER, folder], b"").parse::<usize>().unwrap();
    assert_eq!(in_folder("INBOX"), 2);
    set(served, "move_to", value("Зареєстровано"));
    for n in 2..7 {
        served.stack.put(USER, n, &letter(n));
    }
    let passed = served.office.once(&[]);
    assert_eq!(
        (&passed["decided"]["appeals"], in_folder("Зареєстровано")),
        (&5.into(), 7),
        "and the older ones: {passed}"
    );
    assert_eq!(in_folder("INBOX"), 0);
    // Killed after the commit and before the move: moved by the next run, registered once.
    served.stack.put(USER, 7, &letter(7));
    set(served, "move_to", Item::None);
    assert_eq!(served.office.once(&[])["decided"]["appeals"], 1);
    set(served, "move_to", value("Зареєстровано"));
    assert_eq!(served.office.once(&[])["decided"]["appeals"], 0);
    assert_eq!((in_folder("INBOX"), in_folder("Зареєстровано")), (0, 8));
    set(served, "move_to", Item::None);
}

fn of_a_letter_that_is_too_large_the_beginning_is_read(served: &Served) {
    served.change(|config| config["intake"]["max_megabytes"] = value(1));
    let before = served.office.traffic();
    served.stack.put(USER, 8, &heavy(8, 3 * 1024));
    served.stack.put(USER, 9, &heavy(9, 100));
    assert_eq!(served.office.once(&[])["decided"]["appeals"], 2);
    assert!(hint(served, 8).contains("Лист завеликий (4 МБ): прочитано лише його початок"), "{}", hint(served, 8));
    assert!(!hint(served, 9).contains("завеликий"), "{}", hint(served, 9));
    let fetched = served.office.traffic() - before;
    assert!(fetched < 1_300_000, "{fetched} bytes for a letter of 3 MB and one of 100 KB");
}

fn the_bytes_of_a_day_are_kept(served: &Served) {
    let used = served.office.traffic();
    let megabytes = i64::try_from(used / 1_048_576 + 1).unwrap();
    let left = u64::try_from(megabytes).unwrap() * 1_048_576 - used;
    set(served, "per_day_megabytes", value(megabytes));
    let kilobytes = usize::try_from(left / 1024).unwrap();
    // The first fits, the second does not, the third, which is small, does.
    served.stack.put(USER, 10, &heavy(10, kilobytes / 2));
    served.stack.put(USER, 11, &heavy(11, kilobytes * 2 / 3));
    served.stack.put(USER, 12, &letter(12));
    let passed = served.pass();
    assert_eq!(passed["decided"]["appeals"], 2, "{passed}");
    assert!(passed["mailboxes"][0]["error"].as_str().unwrap().contains("per_day_megabytes"), "{passed}");
    assert!(served.trouble("mailbox 1").contains("fetched again tomorrow"));
    let fetched = served.office.traffic();
    assert_eq!(served.pass()["decided"]["appeals"], 0);
    assert_eq!(served.office.traffic(), fetched, "nothing more is fetched that day");
    set(served, "per_day_megabytes", value(megabytes + 10));
    assert_eq!(served.office.once(&[])["decided"]["appeals"], 1, "what did not fit waited");
    assert_eq!(served.trouble("mailbox 1"), "");
    assert_eq!(served.office.rows().len(), 14);
}
