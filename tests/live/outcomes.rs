//! What becomes of a letter when the mail server fails at a stage in a way, with the real program: it arrives once, and
//! twice only where the server took it and said nothing and there is nothing to look into.

use super::served::Served;
use crate::office::letter;
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
