//! What an outcome means for the letter, and for the account that sent it: the one table of the post.

use super::{GIVE_UP_AFTER, back_off};
use crate::engine::account::AccountError;
use crate::ledger::channel::ChannelTrouble;
use crate::ledger::outbox::{Mail, Stage};
use crate::world::mail_error::{MailError, MailTrouble};
use crate::world::smtp::{Pause, SendOutcome};
use chrono::{DateTime, TimeDelta, Utc};

/// Waits before the account is tried again after the network failed, in seconds; the last one repeats.
const RECONNECT_SECONDS: [i64; 6] = [5, 15, 30, 60, 120, 300];
/// Waits after the server asked to come later, in minutes; the last one repeats.
const LATER_MINUTES: [i64; 3] = [5, 15, 60];
/// Wait after a quota of a day was used up.
const QUOTA: TimeDelta = TimeDelta::hours(24);
/// Wait after the server did not let us in: more attempts than three an hour lock accounts.
const DENIED: TimeDelta = TimeDelta::minutes(20);

/// Why an account rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// The network failed.
    Network,
    /// The server asks to come later.
    Later,
    /// The day's quota is used up.
    Quota,
    /// The server does not let us in.
    Denied,
}

impl Rest {
    /// After an account could not be used.
    pub(super) fn of(error: &AccountError) -> Self {
        match error {
            AccountError::Mail(error) => Self::after(error.trouble),
            // A file that was mended is used soon.
            AccountError::Secret(_) => Self::Network,
        }
    }

    fn after(trouble: MailTrouble) -> Self {
        match trouble {
            MailTrouble::Auth(_) => Self::Denied,
            MailTrouble::Later => Self::Later,
            MailTrouble::Network(_) | MailTrouble::Refused | MailTrouble::Protocol | MailTrouble::Setting => {
                Self::Network
            }
        }
    }

    /// How long, after so many failures in a row before this one.
    pub(super) fn length(self, failures: usize) -> TimeDelta {
        let step = |lengths: &[i64]| lengths.get(failures).or(lengths.last()).copied().unwrap_or(1);
        match self {
            Self::Network => TimeDelta::seconds(step(&RECONNECT_SECONDS)),
            Self::Later => TimeDelta::minutes(step(&LATER_MINUTES)),
            Self::Quota => QUOTA,
            Self::Denied => DENIED,
        }
    }

    /// Whether a restart does not end it; a corrected password must be tried at once.
    pub(super) fn survives_a_restart(self) -> bool {
        match self {
            Self::Quota => true,
            Self::Network | Self::Later | Self::Denied => false,
        }
    }
}

/// What becomes of a letter and of its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    /// How far the letter got.
    pub(super) stage: Stage,
    /// What `outbox show` says.
    pub(super) report: String,
    /// When it is looked at again.
    pub(super) not_before: DateTime<Utc>,
    /// What is wrong with the account.
    pub(super) trouble: Option<(ChannelTrouble, Rest)>,
}

/// Judges the outcome of an attempt.
pub(super) fn verdict(
    outcome: Result<SendOutcome, AccountError>,
    mail: &Mail,
    now: DateTime<Utc>,
    unclear_wait: TimeDelta,
) -> Verdict {
    let end = |stage, report: String| Verdict { stage, report, not_before: now, trouble: None };
    // What the server does not take now waits for itself; the account goes on with the others.
    let later = |report: String, trouble| {
        if now - mail.queued_at > GIVE_UP_AFTER {
            Verdict {
                stage: Stage::Failed,
                report: format!("given up after 5 days; {report}"),
                not_before: now,
                trouble,
            }
        } else {
            Verdict { stage: Stage::Queued, report, not_before: now + back_off(mail.attempts), trouble }
        }
    };
    // Nothing was wrong with the letter: it goes first when the account works again.
    let account = |trouble: ChannelTrouble, rest| Verdict {
        stage: Stage::Queued,
        report: trouble.what.clone(),
        not_before: now,
        trouble: Some((trouble, rest)),
    };
    match outcome {
        Ok(SendOutcome::Sent(reply)) => end(Stage::Sent, format!("accepted: {reply}")),
        Ok(SendOutcome::Refused(reply)) => end(Stage::Failed, format!("refused: {reply}")),
        Ok(SendOutcome::Later(reply)) => later(format!("not now: {reply}"), None),
        Ok(SendOutcome::HeldBack) => end(Stage::Queued, "held back".to_owned()),
        // A letter that ends the connection again and again must not hold up the others, so it waits for itself too.
        Ok(SendOutcome::NotSent(error)) => {
            later(error.to_string(), Some(((&error).into(), Rest::after(error.trouble))))
        }
        Ok(SendOutcome::AccountPaused(pause)) => {
            let rest = match pause {
                Pause::Day => Rest::Quota,
                Pause::Hour | Pause::Sender(_) => Rest::Later,
            };
            account(pause.into(), rest)
        }
        Ok(SendOutcome::AuthFailed(denial)) => {
            let error = MailError::new("the mail server", "log in", MailTrouble::Auth(denial));
            account((&error).into(), Rest::Denied)
        }
        Ok(SendOutcome::Uncertain(error)) => Verdict {
            stage: Stage::Uncertain,
            report: format!("perhaps sent; {error}"),
            not_before: now + unclear_wait,
            trouble: Some(((&error).into(), Rest::Network)),
        },
        Err(error) => account((&error).into(), Rest::of(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::mail_error::{Denial, Why};
    use crate::world::smtp::Reply;

    fn mail(days_old: i64, attempts: u32, now: DateTime<Utc>) -> Mail {
        Mail {
            id: 1,
            kind: String::new(),
            recipient: String::new(),
            message_id: String::new(),
            body: Vec::new(),
            stage: Stage::Queued,
            attempts,
            queued_at: now - TimeDelta::days(days_old),
            unclear: 0,
            looks: 0,
        }
    }

    #[test]
    fn each_outcome_has_its_place_for_the_letter_and_its_rest_for_the_account() {
        let now = DateTime::from_timestamp(1_772_000_000, 0).unwrap();
        let minutes = |minutes| now + TimeDelta::minutes(minutes);
        let busy = Reply { code: 450, enhanced: Some((4, 2, 0)) };
        let closed = MailError::new("smtp:465", "name the sender", MailTrouble::Network(Why::Closed));
        for (outcome, days_old, attempts, stage, at, rest) in [
            (SendOutcome::Sent(Reply { code: 250, enhanced: None }), 0, 0, Stage::Sent, now, None),
            (SendOutcome::Refused(Reply { code: 550, enhanced: None }), 0, 0, Stage::Failed, now, None),
            (SendOutcome::Later(busy), 0, 0, Stage::Queued, minutes(1), None),
            (SendOutcome::Later(busy), 0, 3, Stage::Queued, minutes(30), None),
            (SendOutcome::Later(busy), 0, 99, Stage::Queued, minutes(120), None),
            (SendOutcome::Later(busy), 6, 99, Stage::Failed, now, None),
            (SendOutcome::NotSent(closed.clone()), 0, 1, Stage::Queued, minutes(5), Some(Rest::Network)),
            (SendOutcome::AccountPaused(Pause::Day), 6, 9, Stage::Queued, now, Some(Rest::Quota)),
            (SendOutcome::AccountPaused(Pause::Hour), 0, 0, Stage::Queued, now, Some(Rest::Later)),
            (SendOutcome::AuthFailed(Denial::Password), 6, 9, Stage::Queued, now, Some(Rest::Denied)),
            (SendOutcome::Uncertain(closed), 6, 9, Stage::Uncertain, minutes(2), Some(Rest::Network)),
        ] {
            let shown = format!("{outcome:?}");
            let found = verdict(Ok(outcome), &mail(days_old, attempts, now), now, TimeDelta::minutes(2));
            assert_eq!((found.stage, found.not_before), (stage, at), "{shown}");
            assert_eq!(found.trouble.map(|(_, rest)| rest), rest, "{shown}");
        }
    }

    #[test]
    fn rests_grow_and_only_a_quota_survives_a_restart() {
        assert_eq!(Rest::Network.length(0), TimeDelta::seconds(5));
        assert_eq!(Rest::Network.length(50), TimeDelta::seconds(300));
        assert_eq!(Rest::Later.length(1), TimeDelta::minutes(15));
        assert!(Rest::Quota.survives_a_restart() && !Rest::Denied.survives_a_restart());
    }
}
