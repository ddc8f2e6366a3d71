//! What smbd knows about an open file: who, from which machine, since when. Asked of `smbstatus --json` (Samba 4.17
//! and later) only when a lease has shown that somebody holds the workbook and no owner file says who.
//!
//! Only an ornament of the notice: where the command is missing, slow, not permitted or speaks otherwise, nothing is
//! said. It never decides whether a workbook is free.

use chrono::{DateTime, Utc};
use serde_json::Value;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longest wait for the command.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often it is looked whether the command has ended.
const GLANCE: Duration = Duration::from_millis(20);
/// Longest answer that is read, in bytes.
const MAX_ANSWER: u64 = 4_000_000;
/// Where Debian puts it; `PATH` is not searched.
const COMMAND: &str = "/usr/bin/smbstatus";

/// Who has this file open through Samba, and since when.
pub fn who(path: &Path) -> Option<(String, Option<DateTime<Utc>>)> {
    if !Path::new(COMMAND).exists() {
        return None;
    }
    let child = Command::new(COMMAND)
        .arg("--json")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let answer: Value = serde_json::from_slice(&output(child)?).ok()?;
    find(&answer, &path.canonicalize().ok()?)
}

fn output(mut child: Child) -> Option<Vec<u8>> {
    let stdout = child.stdout.take()?;
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.take(MAX_ANSWER).read_to_end(&mut bytes).map(|_| bytes)
    });
    let started = Instant::now();
    let ended = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status.success(),
            Ok(None) if started.elapsed() < PATIENCE => std::thread::sleep(GLANCE),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                break false;
            }
        }
    };
    reader.join().ok()?.ok().filter(|_| ended)
}

/// `open_files` → the one whose `service_path` + `filename` is ours → its `opens` → the session of that process.
fn find(answer: &Value, path: &Path) -> Option<(String, Option<DateTime<Utc>>)> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let open = answer.get("open_files")?.as_object()?.values().find(|open| {
        let (folder, name) = (text(open, "service_path"), text(open, "filename"));
        folder.zip(name).is_some_and(|(folder, name)| Path::new(&folder).join(name) == path)
    })?;
    let handle = open.get("opens")?.as_object()?.values().next()?;
    let pid = |value: &Value| value.pointer("/server_id/pid").map(Value::to_string);
    let session = answer
        .get("sessions")
        .and_then(Value::as_object)
        .and_then(|sessions| sessions.values().find(|session| pid(session).is_some() && pid(session) == pid(handle)));
    let user = session.and_then(|session| text(session, "username")).unwrap_or_default();
    let machine = session.and_then(|session| text(session, "remote_machine")).unwrap_or_default();
    let since = text(handle, "opened_at").and_then(|at| DateTime::parse_from_rfc3339(&at).ok());
    let by = if machine.is_empty() { user } else { format!("{user} ({machine})") };
    Some((by, since.map(|at| at.with_timezone(&Utc))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_of_smbstatus_names_the_person_the_machine_and_the_time() {
        let answer: Value = serde_json::from_str(
            r#"{"sessions": {"1": {"server_id": {"pid": "41"}, "username": "olena", "remote_machine": "10.0.0.7"},
                             "2": {"server_id": {"pid": "42"}, "username": "ivan", "remote_machine": "10.0.0.8"}},
                "open_files": {"/srv/share/r.xlsx": {"service_path": "/srv/share", "filename": "r.xlsx",
                  "opens": {"7/1": {"server_id": {"pid": "42"}, "uid": 1000,
                                    "opened_at": "2026-11-23T17:04:05.123456+02:00"}}}}}"#,
        )
        .unwrap();
        let (by, since) = find(&answer, Path::new("/srv/share/r.xlsx")).unwrap();
        assert_eq!(by, "ivan (10.0.0.8)");
        assert_eq!(since.unwrap().to_rfc3339(), "2026-11-23T15:04:05.123456+00:00");
        assert_eq!(find(&answer, Path::new("/srv/share/other.xlsx")), None);
        assert_eq!(find(&Value::Null, Path::new("/x")), None);
    }
}
