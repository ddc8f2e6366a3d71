//! A parser in a process of its own: the same binary, started for one file, with limits on memory and time.
//!
//! Parsers of strangers' formats abort on a few hostile bytes, and an abort cannot be caught. Here the worst that happens
//! is that the child dies and the caller hears how. Absent on purpose: what is parsed, and what the answer means.

use rustix::fs::{MemfdFlags, memfd_create};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

/// Limits of one child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChildLimits {
    /// Address space in bytes.
    pub memory: u64,
    /// Processor time in seconds.
    pub cpu_seconds: u64,
    /// Time on the clock until the child is killed.
    pub wall: Duration,
    /// Longest answer in bytes.
    pub answer: u64,
}

/// How a child failed.
#[derive(Debug, thiserror::Error)]
pub enum ChildFailure {
    /// It could not be started or spoken with.
    #[error("the parser process could not be run")]
    Start(#[source] io::Error),
    /// It did not answer in time and was killed.
    #[error("the parser process did not answer within {0:?}")]
    Timeout(Duration),
    /// It died: out of memory, out of processor time, an abort.
    #[error("the parser process died ({0})")]
    Died(String),
    /// It answered more than it may.
    #[error("the parser process answered too much")]
    TooLong,
}

/// Limits this very process; the first thing that a child does. No core file: it would hold people's data.
///
/// # Errors
/// The system refused.
pub fn limit_myself(limits: ChildLimits) -> io::Result<()> {
    let fixed = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::As, fixed(limits.memory))?;
    setrlimit(Resource::Cpu, fixed(limits.cpu_seconds))?;
    setrlimit(Resource::Core, fixed(0))?;
    Ok(())
}

/// Starts the binary with arguments and the input as its standard input, and waits for its answer.
///
/// # Errors
/// How the child failed; it does not outlive the call.
pub fn ask(exe: &Path, arguments: &[&str], input: File, limits: ChildLimits) -> Result<Vec<u8>, ChildFailure> {
    let mut child = Command::new(exe)
        .args(arguments)
        .env_clear()
        .stdin(Stdio::from(input))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(ChildFailure::Start)?;
    let Some(output) = child.stdout.take() else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(ChildFailure::Start(io::Error::other("no pipe")));
    };
    let (sender, receiver) = sync_channel(1);
    let most = limits.answer;
    std::thread::spawn(move || {
        let mut answer = Vec::new();
        let result = output.take(most + 1).read_to_end(&mut answer).map(|_| answer);
        // The caller may have given up; then nobody listens.
        let _ = sender.send(result);
    });
    let received = receiver.recv_timeout(limits.wall);
    if received.is_err() || matches!(&received, Ok(Ok(answer)) if answer.len() as u64 > most) {
        let _ = child.kill();
    }
    let status = child.wait().map_err(ChildFailure::Start)?;
    match received {
        Ok(Ok(answer)) if answer.len() as u64 > most => Err(ChildFailure::TooLong),
        Ok(Ok(answer)) if status.success() => Ok(answer),
        Ok(Ok(_)) => Err(ChildFailure::Died(status.to_string())),
        Ok(Err(error)) => Err(ChildFailure::Start(error)),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err(ChildFailure::Timeout(limits.wall)),
    }
}

/// Bytes, one piece behind the other, as a file without a name, to hand to a child.
///
/// # Errors
/// No memory.
pub fn unnamed(pieces: &[&[u8]]) -> io::Result<File> {
    let mut file = File::from(memfd_create("zvernennia-input", MemfdFlags::CLOEXEC)?);
    pieces.iter().try_for_each(|piece| file.write_all(piece))?;
    file.rewind()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: ChildLimits =
        ChildLimits { memory: 512 << 20, cpu_seconds: 5, wall: Duration::from_millis(300), answer: 100 };

    fn run(script: &str, input: &[u8]) -> Result<Vec<u8>, ChildFailure> {
        ask(Path::new("/bin/sh"), &["-c", script], unnamed(&[input]).unwrap(), LIMITS)
    }

    #[test]
    fn a_child_reads_its_input_and_answers() {
        assert_eq!(run("exec cat", b"abc").unwrap(), b"abc");
    }

    #[test]
    fn a_child_that_hangs_dies_or_talks_too_much_is_a_failure_and_nothing_more() {
        assert!(matches!(run("exec sleep 20", b""), Err(ChildFailure::Timeout(_))));
        assert!(matches!(run("kill -ABRT $$", b""), Err(ChildFailure::Died(_))));
        assert!(matches!(run("exit 3", b""), Err(ChildFailure::Died(_))));
        assert!(matches!(run("exec yes", b""), Err(ChildFailure::TooLong)));
    }
}
