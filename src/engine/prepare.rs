//! From the letters of a plan to final bytes: rendered, addressed, given their Message-ID. Nothing is sent here.

use crate::desk::action::{Action, Plan, Writing};
use crate::domain::digest::Digest;
use crate::domain::kyiv;
use crate::engine::error::EngineError;
use crate::engine::service::Service;
use crate::ledger::outbox::NewMail;
use crate::mail::compose::{AutoSubmitted, Outgoing, OutgoingFile, Party, compose};
use crate::mail::header_text::HeaderText;
use crate::mail::token;
use chrono::{DateTime, Utc};

/// A reply names at most this many letters of its thread (RFC 5322 sets no limit, but relays do).
const MOST_REFERENCES: usize = 20;

/// Digits of the digest of the cause in a Message-ID: two letters of one kind about one appeal differ by them.
const CAUSE_DIGITS: usize = 10;

/// The letters of a plan as they will be sent. A recipient whose address cannot be written to is left out, and said so in
/// the log; everything else that goes wrong is a fault of ours.
///
/// # Errors
/// If a template fails.
pub fn prepare(service: &Service, plan: &Plan, now: DateTime<Utc>) -> Result<Vec<NewMail>, EngineError> {
    let mut mails = Vec::new();
    for action in &plan.actions {
        if let Action::Write(writing) = action {
            mails.extend(compose_one(service, writing, &Enclosed::default(), now)?);
        }
    }
    Ok(mails)
}

/// What goes with a letter besides its words.
#[derive(Debug, Clone, Default)]
pub struct Enclosed {
    /// What the Message-ID names where the letter is not about one appeal; empty: the letter that is answered.
    pub about: String,
    /// Files.
    pub files: Vec<OutgoingFile>,
}

/// One letter as it will be sent; `None` if its recipient cannot be written to.
///
/// # Errors
/// If a template fails.
pub fn compose_one(
    service: &Service,
    writing: &Writing,
    enclosed: &Enclosed,
    now: DateTime<Utc>,
) -> Result<Option<NewMail>, EngineError> {
    let kind = writing.kind.id();
    let fault = |why: String| EngineError::Letter { kind: kind.to_owned(), why };
    let rendered = service
        .templates
        .render(writing.kind, &writing.params, &service.settings.office)
        .map_err(|error| fault(error.to_string()))?;
    let post = &service.settings.post;
    let domain = &service.settings.office.message_id_domain;
    // Where there is no appeal yet, the id carries the letter that is answered.
    let about = writing.number.clone().unwrap_or_else(|| {
        if enclosed.about.is_empty() {
            format!("L{}", writing.answers.map_or(String::new(), |letter| letter.to_string()))
        } else {
            enclosed.about.clone()
        }
    });
    let cause: String = Digest::of(writing.cause.as_bytes()).to_string().chars().take(CAUSE_DIGITS).collect();
    let event = format!("{kind}.{cause}");
    let message_id = token::make(&about, &event, &writing.to.address, domain, &service.keys);
    let mut references = writing.references.clone();
    let surplus = references.len().saturating_sub(MOST_REFERENCES);
    references.drain(..surplus);
    let outgoing = Outgoing {
        from: Party::new(&post.from_name, &post.from),
        to: Party::new(&writing.to.name, &writing.to.address),
        reply_to: None,
        subject: HeaderText::new(&rendered.subject),
        text: rendered.text,
        html: Some(rendered.html),
        message_id: message_id.clone(),
        date: kyiv::with_offset(now),
        in_reply_to: Some(writing.in_reply_to.clone()).filter(|id| !id.is_empty()),
        references,
        auto_submitted: AutoSubmitted::Generated,
        attachments: enclosed.files.clone(),
    };
    match compose(&outgoing) {
        Ok(body) => Ok(Some(NewMail {
            kind: kind.to_owned(),
            number: writing.number.clone(),
            answers: writing.answers,
            recipient: writing.to.address.clone(),
            cause: writing.cause.clone(),
            message_id,
            priority: writing.priority as i64,
            body,
        })),
        Err(error) => {
            tracing::warn!(kind, %error, "a letter cannot be addressed");
            Ok(None)
        }
    }
}
