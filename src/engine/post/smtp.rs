//! Letters through a mail server. One account sends; a second one, if there is one, carries alerts while the first rests.
//!
//! A refusal concerns the letter or the account (`world::smtp` tells which). A letter that is not taken now waits by
//! itself; an account that does not work rests, and all its letters with it. Whether the accounts can prove who they are
//! is tried before there is a letter, so that a missing secret or a dead permission is told at the start.

use super::Posted;
use super::budget::{Allowance, Held};
use super::unclear::{Unclear, first_look};
use super::verdict::{Rest, Verdict, verdict};
use crate::desk::action::Priority;
use crate::engine::account::{Account, AccountError};
use crate::engine::error::EngineError;
use crate::engine::service::Service;
use crate::ledger::channel::ChannelTrouble;
use crate::ledger::outbox::{Mail, Stage};
use crate::settings::valid::{Settings, SmtpTransport};
use crate::world::mail_error::Denial;
use crate::world::net::Net;
use crate::world::smtp::{Limits, Outgoing, Relay, SendOutcome, SmtpSender};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// Name of the way out as a channel.
pub const POST: &str = "post";
/// Name of the second account as a channel.
pub const SPARE: &str = "post spare";
/// Letters of one step; then the clock is looked at again.
const LETTERS_A_STEP: usize = 20;
/// Longest wait for the answer to DATA, before a byte of the letter is out (RFC 5321 section 4.5.3.2.4).
const ANSWER_TO_DATA: Duration = Duration::from_secs(120);
/// That an account works is noted at most so often.
const NOTE_WORKS_EVERY: TimeDelta = TimeDelta::seconds(60);
/// A sleep between letters is cut into such pieces, so that the service can stop.
const NAP: Duration = Duration::from_millis(200);

/// An account that sends.
pub(super) struct Out {
    name: &'static str,
    account: Account,
    sender: SmtpSender,
    from: String,
    pause: Duration,
    longest_rest: TimeDelta,
    /// Failures of the account in a row.
    failures: usize,
    rests_until: Option<DateTime<Utc>>,
    noted_at: Option<DateTime<Utc>>,
    used: bool,
    /// A proof could be made; tried until it can.
    proved: bool,
}

impl Out {
    fn new(name: &'static str, smtp: &SmtpTransport, from: &str, hello: &str) -> Self {
        let account = Account::new(&smtp.server);
        let relay = Relay { endpoint: account.endpoint(), user: account.user().to_owned(), hello: hello.to_owned() };
        let timeout = smtp.server.timeout;
        // Ending the wait after the dot too early makes doubles: it is the longest.
        let limits = Limits { answer: timeout, data: timeout.min(ANSWER_TO_DATA), dot: timeout.saturating_mul(2) };
        Self {
            name,
            account,
            sender: SmtpSender::new(&relay, &limits),
            from: from.to_owned(),
            pause: smtp.pause,
            longest_rest: TimeDelta::from_std(smtp.longest_pause).unwrap_or(TimeDelta::MAX),
            failures: 0,
            rests_until: None,
            noted_at: None,
            used: false,
            proved: false,
        }
    }

    fn rests(&self, service: &Service, now: DateTime<Utc>) -> Result<bool, EngineError> {
        if self.rests_until.is_some_and(|until| now < until) {
            return Ok(true);
        }
        // A quota stays used up through a restart.
        let channel = service.ledger.with(|ledger| ledger.channel(self.name))?;
        Ok(channel.and_then(|channel| channel.rests_until).is_some_and(|until| now < until))
    }

    /// Makes a proof, if none could be made yet; nothing is said to the mail server.
    fn prove(
        &mut self,
        service: &Service,
        net: &Net,
        now: DateTime<Utc>,
        posted: &mut Posted,
    ) -> Result<(), EngineError> {
        if self.proved || self.rests(service, now)? {
            return Ok(());
        }
        match net.wait(self.account.proof()) {
            Ok(_) => {
                self.proved = true;
                if self.failures > 0 { self.note_works(service, now) } else { Ok(()) }
            }
            Err(error) => {
                posted.trouble = Some(format!("{}: {error}", self.name));
                self.note_trouble(service, (&(&error).into(), Rest::of(&error)), now)
            }
        }
    }

    fn note_works(&mut self, service: &Service, now: DateTime<Utc>) -> Result<(), EngineError> {
        let stale = self.noted_at.is_none_or(|at| now - at >= NOTE_WORKS_EVERY);
        if self.failures > 0 || stale {
            service.ledger.with(|ledger| ledger.note_works(self.name, now))?;
            self.noted_at = Some(now);
        }
        self.failures = 0;
        self.rests_until = None;
        Ok(())
    }

    fn note_trouble(
        &mut self,
        service: &Service,
        (trouble, rest): (&ChannelTrouble, Rest),
        now: DateTime<Utc>,
    ) -> Result<(), EngineError> {
        let length = rest.length(self.failures);
        // A quota is over when its day is over; what survives a restart is not cut short either.
        let lasts = rest.survives_a_restart();
        let until = now + if lasts { length } else { length.min(self.longest_rest) };
        let lasting = lasts.then_some(until);
        self.failures += 1;
        self.rests_until = Some(until);
        self.noted_at = None;
        tracing::error!(channel = self.name, trouble = %trouble.what, "letters cannot be sent");
        service.ledger.with(|ledger| ledger.note_trouble(self.name, trouble, lasting, now))?;
        Ok(())
    }
}

/// The way out by SMTP.
pub(super) struct Smtp {
    net: Net,
    main: Out,
    spare: Option<Out>,
    unclear: Unclear,
    allowance: Allowance,
}

impl Smtp {
    /// Nothing is connected yet.
    pub(super) fn new(settings: &Settings, smtp: &SmtpTransport, net: Net) -> Self {
        let hello = &settings.office.message_id_domain;
        Self {
            net,
            main: Out::new(POST, smtp, &settings.post.from, hello),
            spare: settings.post.spare.as_ref().map(|spare| Out::new(SPARE, spare, &spare.server.user, hello)),
            unclear: Unclear::new(settings),
            allowance: Allowance { per_hour: settings.post.per_hour, per_day: smtp.per_day },
        }
    }

    /// Delivers what is due, at most as many letters as one step takes.
    pub(super) fn step(
        &mut self,
        service: &Service,
        now: DateTime<Utc>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Posted, EngineError> {
        let mut posted = Posted::default();
        for out in [Some(&mut self.main), self.spare.as_mut()].into_iter().flatten() {
            out.prove(service, &self.net, now, &mut posted)?;
        }
        self.unclear.settle(service, &self.net, now, &mut posted)?;
        while !service.stopping() {
            if posted.sent + posted.later + posted.failed >= LETTERS_A_STEP {
                posted.more = true;
                return Ok(posted);
            }
            let (last_hour, last_day) = service.ledger.with(|ledger| {
                Ok((ledger.sent_since(now - TimeDelta::hours(1))?, ledger.sent_since(now - TimeDelta::days(1))?))
            })?;
            let (mut least_urgent, mut held) = self.allowance.least_urgent(last_hour, last_day);
            let rests = self.main.rests(service, now)?;
            if rests {
                held = Some(Held::Rests);
                least_urgent = least_urgent.and(Some(Priority::Alert)).filter(|_| self.spare.is_some());
            }
            let due = match least_urgent {
                Some(least) => service.ledger.with(|ledger| ledger.due_mail(now, least as i64))?,
                None => None,
            };
            let Some(mail) = due else {
                let waits = service.ledger.with(|ledger| ledger.due_mail(now, Priority::Routine as i64))?.is_some();
                posted.held = held.filter(|_| waits);
                break;
            };
            let out = match (&mut self.spare, rests) {
                (Some(spare), true) => spare,
                (Some(_) | None, _) => &mut self.main,
            };
            if !deliver(service, &self.net, out, &mail, (now, &mut posted))? {
                break;
            }
            progress(posted.sent);
            service.beat();
        }
        self.net.wait(self.main.sender.close());
        if let Some(spare) = &mut self.spare {
            self.net.wait(spare.sender.close());
        }
        Ok(posted)
    }
}

/// One letter by one account. `false`: the account should rest.
fn deliver(
    service: &Service,
    net: &Net,
    out: &mut Out,
    mail: &Mail,
    (now, posted): (DateTime<Utc>, &mut Posted),
) -> Result<bool, EngineError> {
    if std::mem::replace(&mut out.used, true) {
        nap(service, out.pause);
    }
    let note = |stage, report: &str, not_before| {
        service.ledger.with(|ledger| ledger.note_stage(mail.id, (stage, report), not_before, now))
    };
    if !service.ledger.with(|ledger| ledger.begin_attempt(mail.id, now))? {
        return Ok(true);
    }
    let mut fault = None;
    let outcome = net.wait_beating(
        async {
            let proof = out.account.proof().await?.0;
            let letter = Outgoing { from: &out.from, to: &mail.recipient, bytes: &mail.body };
            // From the server's go-ahead on the outcome may be unknown, and that is durable before the first byte is out.
            let before_data = || note(Stage::Data, "", now).map_err(|error| fault = Some(error)).is_ok();
            Ok::<SendOutcome, AccountError>(out.sender.send(&proof, letter, before_data).await)
        },
        || service.beat(),
    );
    if let Some(error) = fault {
        return Err(error.into());
    }
    if let Ok(SendOutcome::AuthFailed(Denial::Token | Denial::Grant)) = &outcome {
        out.account.refused();
    }
    out.proved = outcome.is_ok();
    let Verdict { stage, report, not_before, trouble } = verdict(outcome, mail, now, first_look(&service.settings));
    note(stage, &report, not_before)?;
    match stage {
        Stage::Sent => posted.sent += 1,
        Stage::Failed => {
            tracing::warn!(outbox = mail.id, %report, "a letter was not sent");
            posted.failed += 1;
        }
        Stage::Uncertain => posted.unclear += 1,
        Stage::Queued | Stage::Connecting | Stage::Data | Stage::Cancelled | Stage::Bounced => posted.later += 1,
    }
    match trouble {
        None => out.note_works(service, now).map(|()| true),
        Some((trouble, rest)) => {
            out.note_trouble(service, (&trouble, rest), now)?;
            posted.trouble = Some(format!("{}: {}", out.name, trouble.what));
            Ok(false)
        }
    }
}

fn nap(service: &Service, whole: Duration) {
    let mut left = whole;
    while !left.is_zero() && !service.stopping() {
        let piece = left.min(NAP);
        std::thread::sleep(piece);
        left -= piece;
    }
}
