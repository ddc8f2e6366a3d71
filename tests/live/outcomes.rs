//! What becomes of a letter when the mail server fails at a stage in a way, with the real program: it arrives once, and
//! twice only where the server took it and said nothing and there is nothing to look into.

use super::served::{ADMINISTRATOR, MAILBOXES, Served};
use crate::office::letter;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const STAGES: [&str; 9] = ["connect", "ehlo", "auth", "mail", "rcpt", "data", "mid-data", "dot", "sent"];
const FAULTS: [&str; 6] = ["451 4.3.0 busy", "550 5.7.1 no", "drop", "rst", "garbage", "stall 20"];

#[test]
fn every_stage_and_every_fault_with_the_real_program() {
    let Some(served) = Served::sending("badsmtps") else { return };
    let cases: Vec<(&str, &str)> =
        STAGES.iter().flat_map(|stage| FAULTS.iter().map(move |fault| (*stage, *fault))).collect();
    // All letters are promised, and withdrawn until their turn comes.
    for n in 0..cases.len() {
        served.office.drop_letter(1, &format!("{n:04}"), &letter(n));
    }
    served.stack.run(&["fault", "smtp", r#"{"on":"connect","do":"drop"}"#], b"");
    served.pass();
    let mails = served.outbox();
    assert_eq!(mails.len(), cases.len());
    let ids: Vec<String> = mails.iter().map(|mail| mail["id"].to_string()).collect();
    let mut words = vec!["cancel"];
    words.extend(ids.iter().map(String::as_str));
    served.outbox_command(&words);
    println!("stage     fault              first outcome  in the end  copies");
    for ((stage, fault), mail) in cases.into_iter().zip(&mails) {
        one_case(&served, mail, stage, fault);
    }
}

fn one_case(served: &Served, mail: &serde_json::Value, stage: &str, fault: &str) {
    let id = mail["id"].to_string();
    let recipient = mail["recipient"].as_str().unwrap();
    let stage_now = || served.mail(&id)["stage"].as_str().unwrap().to_owned();
    served.outbox_command(&["retry", &id]);
    served.stack.run(&["fault", "smtp", &format!(r#"{{"on":"{stage}","do":"{fault}","times":1}}"#)], b"");
    served.pass();
    served.stack.run(&["fault", "smtp"], b"");
    let first = stage_now();
    // Time is helped on: what waits for minutes goes out now; what is unclear takes its own way.
    let begun = Instant::now();
    let end = loop {
        let now = stage_now();
        match now.as_str() {
            "sent" | "failed" => break now,
            "queued" => {
                served.outbox_command(&["retry", &id]);
            }
            _ => {}
        }
        served.pass();
        assert!(begun.elapsed() < Duration::from_secs(30), "{recipient} hangs at {now}");
    };
    let copies = served.stack.taken_for(recipient);
    let shown = format!("{stage:<9} {fault:<18} {first:<14} {end:<11} {copies}");
    println!("{shown}");
    let permanent = fault.starts_with('5') && !["connect", "ehlo", "auth", "mail"].contains(&stage);
    match (stage, fault) {
        // The server took it and hid that it did: RFC 1047, a second copy cannot be avoided …
        ("sent", "drop" | "rst" | "garbage" | "stall 20") => assert!((1..=2).contains(&copies), "{shown}"),
        // … or lied that it did not.
        ("sent", _) if permanent => assert_eq!((end.as_str(), copies), ("failed", 1), "{shown}"),
        ("sent", _) => assert_eq!(copies, 2, "{shown}"),
        _ if permanent => assert_eq!((end.as_str(), copies), ("failed", 0), "{shown}"),
        _ => assert_eq!((end.as_str(), copies), ("sent", 1), "{shown}"),
    }
}

/// Where sent letters can be looked at, the unknowable becomes known: no letter goes out twice.
#[test]
fn with_a_folder_of_sent_letters_nothing_goes_out_twice() {
    let Some(served) = Served::whole("imaps") else { return };
    served.stack.keep_sent(MAILBOXES[0].0);
    // Where the answer was lost: the server took the letter, or it did not, or it was cut off in the middle of it.
    let cases: Vec<(&str, &str)> = ["mid-data", "dot", "sent"]
        .into_iter()
        .flat_map(|stage| ["drop", "rst", "garbage", "stall 20"].map(|fault| (stage, fault)))
        .collect();
    let rule = |(n, (stage, fault)): (usize, &(&str, &str))| {
        format!(r#"{{"on":"{stage}","do":"{fault}","match":"petrenko{n}@","times":1}}"#)
    };
    let rules: Vec<String> = cases.iter().enumerate().map(rule).collect();
    served.stack.run(&["fault", "smtp", &rules.join("\n")], b"");
    for n in 0..cases.len() {
        served.stack.put(MAILBOXES[1].0, n, &letter(n));
    }
    let begun = Instant::now();
    let mut unclear = BTreeSet::new();
    let mails = loop {
        served.pass();
        let mut mails = served.outbox();
        // The administrator, who is told of the torment, is no applicant.
        mails.retain(|mail| mail["recipient"] != ADMINISTRATOR);
        let uncertain = mails.iter().filter(|mail| mail["stage"] == "uncertain");
        unclear.extend(uncertain.map(|mail| mail["recipient"].as_str().unwrap().to_owned()));
        if mails.len() == cases.len() && mails.iter().all(|mail| mail["stage"] == "sent") {
            break mails;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "{mails:?}");
    };
    println!("stage     fault     unclear  told in the end                                copies");
    for (n, (stage, fault)) in cases.iter().enumerate() {
        let recipient = format!("petrenko{n}@ukr.net");
        let mail = mails.iter().find(|mail| mail["recipient"] == recipient.as_str()).unwrap();
        let report = served.mail(&mail["id"].to_string())["report"].as_str().unwrap().to_owned();
        let copies = served.stack.taken_for(&recipient);
        let shown = format!("{stage:<9} {fault:<9} {:<8} {report:<46} {copies}", unclear.contains(&recipient));
        println!("{shown}");
        assert_eq!(copies, 1, "{shown}");
        // What the server took is found; what it did not take is looked for in vain and goes out once more.
        assert_eq!(report == "found among the sent letters", *stage == "sent", "{shown}");
        assert!(unclear.contains(&recipient), "{shown}");
    }
}
