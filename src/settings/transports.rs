//! Where mail comes from and where it goes: the blocks `[[mailbox]]` and the section `[post]`.
//!
//! Both are closed choices: a Maildir or an IMAP server, a folder or an SMTP server. Mixing a real inbox with a folder
//! outbox (or the reverse) is refused unless the configuration says so.

use crate::settings::raw::{Section, Text};
use crate::settings::scan;
use crate::settings::secret::{CREDENTIAL_PREFIX, SecretPlace, SecretRef};
use crate::settings::valid::{
    ImapSource, Mailbox, OAuth, Post, Proof, Safety, Server, SmtpTransport, Source, Tls, Transport,
};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// RFC 2177: IDLE must be begun anew before 29 minutes are over.
const LONGEST_IDLE: Duration = Duration::from_secs(29 * 60);

/// Stand-in for a server that has a problem; never used.
fn no_server() -> Server {
    Server {
        host: String::new(),
        port: 0,
        tls: Tls::Implicit,
        ca_file: None,
        timeout: Duration::ZERO,
        user: String::new(),
        proof: Proof::Password(SecretRef {
            place: SecretPlace::Credential(String::new()),
            named_by: (String::new(), 0, String::new()),
        }),
    }
}

/// Ports of a protocol: implicit TLS, STARTTLS.
#[derive(Clone, Copy)]
struct Ports(u64, u64);

/// The blocks `[[mailbox]]` with what they mean.
pub(crate) fn mailboxes<'d, 't>(root: &Section<'d, 't>, home: &Path) -> Vec<(Section<'d, 't>, Mailbox)> {
    let blocks = root.sections("mailbox");
    if blocks.is_empty() {
        root.problem("mailbox", "there is no mailbox; add a block [[mailbox]]");
    }
    blocks
        .into_iter()
        .enumerate()
        .map(|(index, block)| {
            let mailbox = mailbox(&block, home, index + 1);
            (block, mailbox)
        })
        .collect()
}

fn mailbox(block: &Section<'_, '_>, home: &Path, number: usize) -> Mailbox {
    let name = block.required("name").map(|text| {
        if !text.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') || text.text.len() > 20 {
            block.problem_at(&text, "must be 1 to 20 latin letters, digits, \"-\" or \"_\", like \"1\"");
        }
        text.text
    });
    let address = block.required("address").and_then(|text| block.understand(&text, scan::email)).unwrap_or_default();
    let channel = block.text_or("channel", &format!("е-пошта {number}"));
    let poll = Duration::from_secs(block.integer("poll_seconds", 60, 1..=3600));
    let maildir = block.optional("maildir");
    let imap = block.section("imap");
    let source = match (maildir, imap.is_present()) {
        (Some(path), false) => Source::Maildir { path: home.join(path.text) },
        (None, true) => Source::Imap(Box::new(imap_source(&imap, home, &address))),
        (Some(path), true) => {
            block.problem_at(
                &path,
                "a mailbox is either a Maildir or on an IMAP server; remove `maildir` or [mailbox.imap]",
            );
            imap_source(&imap, home, &address);
            Source::Maildir { path: home.join(path.text) }
        }
        (None, false) => {
            block.problem("maildir", "is missing; add `maildir = \"path\"` or a table [mailbox.imap]");
            Source::Maildir { path: PathBuf::new() }
        }
    };
    Mailbox { name: name.unwrap_or_default(), address, channel, source, poll }
}

fn imap_source(imap: &Section<'_, '_>, home: &Path, address: &str) -> ImapSource {
    let idle = imap.parsed_or("idle", Duration::from_secs(180), |text| {
        scan::duration(text).and_then(|idle| {
            if idle <= LONGEST_IDLE { Ok(idle) } else { Err("must be at most \"29m\" (RFC 2177)".to_owned()) }
        })
    });
    ImapSource {
        server: server(imap, home, address, (Ports(993, 143), Duration::from_secs(60))).unwrap_or_else(no_server),
        folder: imap.text_or("folder", "INBOX"),
        spam_folder: imap.optional("spam_folder").map(|text| text.text),
        move_to: imap.optional("move_to").map(|text| text.text),
        idle,
        longest_pause: imap.parsed_or("longest_pause", Duration::from_secs(300), scan::duration),
        per_day: imap.integer("per_day_megabytes", 2_000, 1..=1_000_000) * 1024 * 1024,
    }
}

fn server(section: &Section<'_, '_>, home: &Path, user: &str, defaults: (Ports, Duration)) -> Option<Server> {
    let (Ports(implicit, starttls), timeout) = defaults;
    let host = section.required("host").and_then(|text| section.understand(&text, scan::host));
    let tls = section.parsed_or("tls", Tls::Implicit, |text| match text {
        "implicit" => Ok(Tls::Implicit),
        "starttls" => Ok(Tls::StartTls),
        other => {
            Err(format!("\"{other}\" is not known; write \"implicit\" or \"starttls\", there is no way without TLS"))
        }
    });
    let usual = match tls {
        Tls::Implicit => implicit,
        Tls::StartTls => starttls,
    };
    let port = section.integer("port", usual, 1..=65535) as u16;
    let timeout = section.parsed_or("timeout", timeout, scan::duration);
    let user = section.text_or("user", user);
    let ca_file = section.optional("ca_file").and_then(|text| existing_file(section, &text, home));
    let proof = proof(section, home);
    Some(Server { host: host?, port, tls, ca_file, timeout, user, proof: proof? })
}

fn proof(section: &Section<'_, '_>, home: &Path) -> Option<Proof> {
    let password = section.optional("password_file");
    let oauth = section.section("oauth");
    for table in [section, &oauth] {
        for key in ["password", "client_secret", "refresh_token"] {
            table.forbidden(key, "secrets do not belong here; put it into a file of mode 0600 and name the file");
        }
    }
    match (password, oauth.is_present()) {
        (Some(text), false) => Some(Proof::Password(secret(section, &text, home)?)),
        (None, true) => {
            let endpoint = oauth.required("token_endpoint").and_then(|text| oauth.understand(&text, scan::endpoint));
            let client_id = oauth.required("client_id").map(|text| text.text);
            let client_secret = oauth.required("client_secret_file").and_then(|text| secret(&oauth, &text, home));
            let refresh_token = oauth.required("refresh_token_file").and_then(|text| secret(&oauth, &text, home));
            Some(Proof::OAuth(OAuth {
                token_endpoint: endpoint?,
                client_id: client_id?,
                client_secret: client_secret?,
                refresh_token: refresh_token?,
            }))
        }
        (Some(text), true) => {
            section.problem_at(&text, "one proof is enough; remove `password_file` or `oauth`");
            // The one contradiction is told, not what follows from it.
            oauth.whole();
            None
        }
        (None, false) => {
            section.problem("password_file", "is missing; name the file with the password, or \"credential:NAME\"");
            None
        }
    }
}

fn secret(section: &Section<'_, '_>, text: &Text, home: &Path) -> Option<SecretRef> {
    let place = match text.text.strip_prefix(CREDENTIAL_PREFIX) {
        Some(name) => {
            let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
            if !plain || name.starts_with('.') {
                section.problem_at(
                    text,
                    "a credential is named in latin letters, digits, \"-\", \"_\", like \"credential:mailbox-1\"",
                );
                return None;
            }
            SecretPlace::Credential(name.to_owned())
        }
        None => SecretPlace::File(home.join(&text.text)),
    };
    let (file, line) = section.place(text);
    Some(SecretRef { place, named_by: (file, line, text.key.clone()) })
}

/// A file that must be there.
pub(crate) fn existing_file(section: &Section<'_, '_>, text: &Text, home: &Path) -> Option<PathBuf> {
    let path = home.join(&text.text);
    if path.is_file() {
        return Some(path);
    }
    section.problem_at(text, format!("there is no file {}; create it or correct the path", path.display()));
    None
}

/// `[post]`.
pub(crate) fn post(root: &Section<'_, '_>, home: &Path, mailboxes: &[String], key_file: PathBuf) -> Post {
    let post = root.section("post");
    let from_text = post.required("from");
    let from = from_text.as_ref().and_then(|text| post.understand(text, scan::email)).unwrap_or_default();
    if let Some(text) = &from_text
        && !from.is_empty()
        && !mailboxes.contains(&from)
    {
        post.problem_at(
            text,
            format!("{from} is none of the mailboxes, answers would not come back; write one of them"),
        );
    }
    let folder = post.optional("folder");
    let smtp = post.section("smtp");
    let transport = match (folder, smtp.is_present()) {
        (Some(path), false) => Transport::Folder { path: home.join(path.text) },
        (None, true) => Transport::Smtp(Box::new(smtp_transport(&smtp, home, &from))),
        (Some(path), true) => {
            post.problem_at(&path, "letters leave either into a folder or by SMTP; remove `folder` or [post.smtp]");
            smtp_transport(&smtp, home, &from);
            Transport::Folder { path: home.join(path.text) }
        }
        (None, false) => {
            post.problem("folder", "is missing; add `folder = \"path\"` or a table [post.smtp]");
            Transport::Folder { path: PathBuf::new() }
        }
    };
    let spare = post.section("spare");
    let spare = spare.is_present().then(|| Box::new(smtp_transport(&spare, home, &from)));
    if spare.is_some() && matches!(transport, Transport::Folder { .. }) {
        post.problem("spare", "a second account without a first; add a table [post.smtp], or remove [post.spare]");
    }
    Post {
        from,
        spare,
        from_name: post.text_or("from_name", "Контактний центр"),
        transport,
        key_file,
        per_address_per_day: post.integer("per_address_per_day", 5, 1..=100) as u32,
        per_hour: post.integer("per_hour", 60, 1..=10_000) as u32,
    }
}

fn smtp_transport(smtp: &Section<'_, '_>, home: &Path, from: &str) -> SmtpTransport {
    SmtpTransport {
        server: server(smtp, home, from, (Ports(465, 587), Duration::from_secs(300))).unwrap_or_else(no_server),
        pause: smtp.parsed_or("pause", Duration::from_secs(1), scan::pause),
        per_day: smtp.integer("per_day", 400, 1..=100_000) as u32,
        longest_pause: smtp.parsed_or("longest_pause", Duration::from_secs(3600), scan::duration),
        unclear_wait: smtp.parsed_or("unclear_wait", Duration::from_secs(120), scan::duration),
    }
}

/// Real letters in and none out, or strangers' letters out of a test: refused unless allowed.
pub(crate) fn refuse_mixture(root: &Section<'_, '_>, mailboxes: &[Mailbox], post: &Post, safety: Safety) {
    if safety.allow_mixed_transports {
        return;
    }
    let real = |mailbox: &&Mailbox| match &mailbox.source {
        Source::Imap(_) => true,
        Source::Maildir { .. } => false,
    };
    let real_inboxes = mailboxes.iter().filter(real).count();
    match &post.transport {
        Transport::Folder { .. } if real_inboxes > 0 => root.problem(
            "post",
            "a real inbox with a folder outbox: applicants would never get a letter; use [post.smtp], \
             or set allow_mixed_transports = true in [safety]",
        ),
        Transport::Smtp(_) if real_inboxes < mailboxes.len() => root.problem(
            "post",
            "a Maildir with a real outbox: letters of a test would go to strangers; use `folder`, \
             or set allow_mixed_transports = true in [safety]",
        ),
        Transport::Folder { .. } | Transport::Smtp(_) => {}
    }
}
