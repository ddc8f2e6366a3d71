//! How folders and sets of letters are written in IMAP commands.

use base64::Engine;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{GeneralPurpose, general_purpose::NO_PAD};
use std::fmt::Write;

/// A folder as people write it, in modified UTF-7 (RFC 3501 section 5.1.3) and quotes; `None` if it has control
/// characters, which could end the command and begin another.
pub(super) fn quoted_folder(name: &str) -> Option<String> {
    quoted(&modified_utf7(name))
}

/// A quoted string; `None` if it has characters that no quoted string can hold.
pub(super) fn quoted(text: &str) -> Option<String> {
    if text.chars().any(|c| c.is_control() || !c.is_ascii()) {
        return None;
    }
    Some(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// `Спам` → `&BCEEPwQwBDw-`.
fn modified_utf7(name: &str) -> String {
    let engine = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);
    let mut written = String::new();
    let mut wide: Vec<u8> = Vec::new();
    let flush = |wide: &mut Vec<u8>, written: &mut String| {
        if !wide.is_empty() {
            written.push('&');
            written.push_str(&engine.encode(&*wide));
            written.push('-');
            wide.clear();
        }
    };
    for letter in name.chars() {
        // Control characters stay as they are, to be refused afterwards.
        if letter.is_ascii() {
            flush(&mut wide, &mut written);
            written.push(letter);
            if letter == '&' {
                written.push('-');
            }
        } else {
            let mut units = [0; 2];
            wide.extend(letter.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut wide, &mut written);
    written
}

/// `[1,2,3,7]` → `1:3,7`: short commands, whatever the order and the doubles.
pub(super) fn uid_set(uids: &[u32]) -> String {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut set = String::new();
    let mut run: Option<(u32, u32)> = None;
    let mut write = |run: (u32, u32)| {
        let comma = if set.is_empty() { "" } else { "," };
        let (first, last) = run;
        // Writing into a String cannot fail.
        let _ = if first == last { write!(set, "{comma}{first}") } else { write!(set, "{comma}{first}:{last}") };
    };
    for uid in sorted {
        run = match run {
            Some((first, last)) if last.checked_add(1) == Some(uid) => Some((first, uid)),
            Some(done) => {
                write(done);
                Some((uid, uid))
            }
            None => Some((uid, uid)),
        };
    }
    if let Some(done) = run {
        write(done);
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_written_in_modified_utf7() {
        for (name, written) in [
            ("INBOX", "\"INBOX\""),
            ("[Gmail]/Спам", "\"[Gmail]/&BCEEPwQwBDw-\""),
            ("A & B", "\"A &- B\""),
            ("~peter/mail/台北/日本語", "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\""),
            ("so \"called\"\\", "\"so \\\"called\\\"\\\\\""),
        ] {
            assert_eq!(quoted_folder(name).unwrap(), written);
        }
        assert_eq!(quoted_folder("INBOX\r\na1 DELETE x"), None);
    }

    #[test]
    fn sets_of_letters_are_short() {
        for (uids, set) in [(&[3, 1, 2, 7, 2][..], "1:3,7"), (&[5], "5"), (&[u32::MAX, 1], "1,4294967295"), (&[], "")] {
            assert_eq!(uid_set(uids), set);
        }
    }
}
