//! The only input and output of the service: mail servers, Maildirs, files, locks, the clock, randomness.
//!
//! Nothing here decides: a caller says what is to be done, `world` does that one thing durably or says why not.
//! Deliberately absent: SQL (`ledger`), the meaning of letters and workbooks, retry policies (`engine`).
//! Invariants: what is reported as done survives a power cut; nobody else's file is ever modified in place;
//! every loop, size and wait has a named limit; no error text carries what a stranger or a server wrote.

pub mod clock;
pub mod copies;
pub mod credentials;
pub mod entropy;
pub mod error;

pub mod maildir;
pub mod sent_folder;
pub mod store;

pub mod file;
pub mod folder;
pub mod key_files;
pub mod lease;
pub mod lock;
pub mod marker;
pub mod office_lock;
pub mod samba;
pub mod steady;
pub mod watch;

pub mod parser_child;

pub mod imap;
pub mod mail_error;
pub mod net;
pub mod oauth;
pub mod smtp;
pub mod wire;
pub mod wish;
