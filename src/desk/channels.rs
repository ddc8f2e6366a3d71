//! A mailbox or the way out that does not work is reported once, and its recovery once, to whoever looks after the machine.
//! What passes by itself is waited for a moment first.

use crate::desk::action::{Action, Priority, Writing};
use crate::desk::plan::Mind;
use crate::desk::snapshot::Channel;
use crate::domain::letter::Correspondent;
use crate::letters::kind::LetterKind;
use crate::letters::params::LetterParams;
use chrono::{NaiveDateTime, TimeDelta};

/// Reports what people do not know yet.
pub(crate) fn report(mind: &mut Mind<'_>) {
    for channel in &mind.snapshot.channels {
        match (channel.since, channel.told) {
            (Some(since), None) if due(mind, channel, since) => {
                let params = LetterParams {
                    text: Some(channel.text.clone()),
                    remedy: Some(channel.remedy.clone()).filter(|remedy| !remedy.is_empty()),
                    ..about(mind, channel, since)
                };
                write(mind, channel, (LetterKind::AlertChannel, params), since);
                mind.actions.push(Action::TellOfChannel { channel: channel.name.clone(), since: Some(since) });
            }
            (None, Some(told)) => {
                write(mind, channel, (LetterKind::ChannelRestored, about(mind, channel, told)), told);
                mind.actions.push(Action::TellOfChannel { channel: channel.name.clone(), since: None });
            }
            (Some(_) | None, _) => {}
        }
    }
}

fn due(mind: &Mind<'_>, channel: &Channel, since: NaiveDateTime) -> bool {
    let wait = TimeDelta::from_std(mind.desk.settings.notice.channel).unwrap_or(TimeDelta::MAX);
    channel.urgent || mind.snapshot.now - since >= wait
}

fn about(mind: &Mind<'_>, channel: &Channel, since: NaiveDateTime) -> LetterParams {
    LetterParams { channel: Some(title(mind, &channel.name)), since: Some(since), ..LetterParams::default() }
}

/// What people call a channel.
fn title(mind: &Mind<'_>, name: &str) -> String {
    let settings = mind.desk.settings;
    let mailbox = name.strip_prefix("mailbox ").and_then(|name| settings.mailboxes.iter().find(|one| one.name == name));
    match mailbox {
        Some(mailbox) => format!("поштова скринька {} ({})", mailbox.address, mailbox.channel),
        None if name == "post" => format!("надсилання листів з адреси {}", settings.post.from),
        None => "запасний обліковий запис для надсилання сповіщень".to_owned(),
    }
}

fn write(mind: &mut Mind<'_>, channel: &Channel, (kind, params): (LetterKind, LetterParams), since: NaiveDateTime) {
    let people = &mind.desk.settings.people;
    // Nobody named for the machine: then whoever answers for the office must know.
    let to = [&people.administrator_email, &people.supervisor_email, &people.operators_email];
    for address in to.into_iter().find(|list| !list.is_empty()).into_iter().flatten() {
        let to = Correspondent { name: String::new(), address: address.clone() };
        let cause = format!("{} {}", channel.name, since.format("%Y-%m-%dT%H:%M:%S"));
        let writing = Writing::to_colleague(kind, to, params.clone(), cause, Priority::Alert);
        mind.actions.push(Action::Write(Box::new(writing)));
    }
}
