//! Against real servers on this machine: Dovecot and Postfix, started and stopped by `tools/mailstack.sh`.
//! Skipped, with a note, where they are not installed or the test does not run as root.

mod alerts;
mod faults;
mod folders;
mod imap;
mod kills;
mod letters;
mod mistakes;
mod oauth;
mod outcomes;
mod returns;
mod served;
mod smtp;
mod stack;

pub use stack::Stack;

pub const USER: &str = "appeals@callcentre.test";
pub const PASSWORD: &str = "appeals-pw";

pub fn letter(n: usize) -> Vec<u8> {
    format!(
        "From: citizen{n}@example.test\r\nTo: {USER}\r\nSubject: letter {n}\r\nMessage-ID: <{n}@example.test>\r\n\r\n\
         Text of letter {n}.\r\n"
    )
    .into_bytes()
}
