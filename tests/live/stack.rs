//! Dovecot, Postfix and a server that fails on order, on this machine, by `tools/mailstack.sh`; the benches use it too.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use zvernennia::world::wire::{Endpoint, Tls};

/// Two mailboxes and everything that is needed to torment them; gone when dropped.
pub struct Stack {
    dir: tempfile::TempDir,
}

impl Stack {
    /// `None` where it cannot run.
    pub fn start() -> Option<Self> {
        let root = rustix::process::geteuid().is_root();
        let programs = ["/usr/sbin/dovecot", "/usr/sbin/postfix", "/usr/lib/dovecot/dovecot-lda", "/usr/bin/python3"];
        if !root || programs.iter().any(|program| !Path::new(program).exists()) {
            println!("skipped: needs root, dovecot-imapd, dovecot-lmtpd, postfix, python3");
            return None;
        }
        let mode = std::fs::Permissions::from_mode(0o755);
        let dir = tempfile::Builder::new().prefix("zv-mail-").permissions(mode).tempdir_in("/tmp").unwrap();
        let stack = Self { dir };
        stack.run(&["start"], b"");
        Some(stack)
    }

    /// Runs a command of mailstack.sh (its directory is put in) with this input; returns what it prints.
    pub fn run(&self, words: &[&str], input: &[u8]) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/mailstack.sh");
        let mut child = Command::new("bash")
            .arg(script)
            .arg(words[0])
            .arg(self.dir.path())
            .args(&words[1..])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "mailstack {words:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Number of a port by its name.
    pub fn port(&self, name: &str) -> u16 {
        let ports = std::fs::read_to_string(self.dir.path().join("ports.json")).unwrap();
        let ports: serde_json::Value = serde_json::from_str(&ports).unwrap();
        u16::try_from(ports[name].as_u64().unwrap()).unwrap()
    }

    pub fn endpoint(&self, port: &str, tls: Tls) -> Endpoint {
        Endpoint {
            host: "localhost".into(),
            port: self.port(port),
            tls,
            ca_file: Some(self.dir.path().join("ca/ca.crt")),
        }
    }

    /// Letters that were delivered to an address, by Postfix and Dovecot.
    pub fn delivered(&self, address: &str) -> Vec<Vec<u8>> {
        let new = self.dir.path().join(format!("mail/{address}/Maildir/new"));
        let Ok(items) = std::fs::read_dir(new) else { return Vec::new() };
        items.map(|item| std::fs::read(item.unwrap().path()).unwrap()).collect()
    }

    /// Letters that the failing SMTP server has really taken.
    pub fn taken(&self) -> usize {
        let items = std::fs::read_dir(self.dir.path().join("badsmtp")).unwrap();
        items.filter(|item| item.as_ref().unwrap().path().extension().is_some_and(|end| end == "eml")).count()
    }

    /// Puts a letter into the mailbox of a user as an MDA would, without the cost of one.
    pub fn put(&self, user: &str, n: usize, letter: &[u8]) {
        let home = self.dir.path().join(format!("mail/{user}/Maildir"));
        if !home.join("new").exists() {
            self.run(&["count", user], b"");
        }
        self.put_into(&home, n, letter);
    }

    /// The same into a folder by its place on the disk.
    pub fn put_into(&self, folder: &Path, n: usize, letter: &[u8]) {
        let new = folder.join("new");
        let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let path = new.join(format!("{seconds}.M{n:06}P1.test"));
        let outside = self.dir.path().join(format!("mail/{n}.new"));
        std::fs::write(&outside, letter).unwrap();
        let owner = std::fs::metadata(&new).unwrap();
        std::os::unix::fs::chown(&outside, Some(owner.uid()), Some(owner.gid())).unwrap();
        std::fs::rename(&outside, path).unwrap();
    }

    /// The letters that the failing SMTP server has taken for a recipient.
    pub fn letters_for(&self, recipient: &str) -> Vec<String> {
        let items = std::fs::read_dir(self.dir.path().join("badsmtp")).unwrap().map(|item| item.unwrap().path());
        let envelopes = items.filter(|path| path.extension().is_some_and(|end| end == "json"));
        envelopes
            .filter(|path| std::fs::read_to_string(path).unwrap().contains(&format!("<{recipient}>")))
            .map(|path| String::from_utf8_lossy(&std::fs::read(path.with_extension("eml")).unwrap()).into_owned())
            .collect()
    }

    /// From now on the servers do as Gmail does: what is taken by SMTP is filed in the folder of sent letters of `user`,
    /// which has a translated name and the attribute by which it is found.
    pub fn keep_sent(&self, user: &str) {
        let folder = self.declare(user, ("Надіслані", ".&BB0EMAQ0BFYEQQQ7BDAEPQRW-"), "\\Sent");
        self.run(&["fault", "sent", folder.to_str().unwrap()], b"");
    }

    /// Gives a user a folder, by its name and what Dovecot calls it on disk, and declares its use; returns where it lies.
    pub fn declare(&self, user: &str, (name, on_disk): (&str, &str), usage: &str) -> PathBuf {
        let conf = self.dir.path().join("etc/dovecot.conf");
        let text = std::fs::read_to_string(&conf).unwrap();
        let folder = format!(
            "  mailbox \"{name}\" {{\n    auto = subscribe\n    special_use = {usage}\n  }}\n  mailbox Processed"
        );
        std::fs::write(&conf, text.replace("  mailbox Processed", &folder)).unwrap();
        self.run(&["count", user], b"");
        let home = self.dir.path().join(format!("mail/{user}/Maildir"));
        let owner = std::fs::metadata(&home).unwrap();
        let folder = home.join(on_disk);
        for part in ["", "cur", "new", "tmp"] {
            std::fs::create_dir(folder.join(part)).unwrap();
            std::os::unix::fs::chown(folder.join(part), Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        self.run(&["restart-imap"], b"");
        folder
    }

    /// How many access tokens the token endpoint has given.
    pub fn tokens(&self) -> usize {
        std::fs::read_to_string(self.dir.path().join("log/tokens")).map_or(0, |log| log.lines().count())
    }

    /// How many connections the proxy has cut.
    pub fn cuts(&self) -> usize {
        std::fs::read_to_string(self.dir.path().join("log/cuts")).map_or(0, |log| log.lines().count())
    }

    /// The recipients of letters that the failing SMTP server has taken, with the number of copies.
    pub fn recipients(&self) -> BTreeMap<String, usize> {
        let mut recipients = BTreeMap::new();
        for item in std::fs::read_dir(self.dir.path().join("badsmtp")).unwrap() {
            let path = item.unwrap().path();
            if path.extension().is_some_and(|end| end == "json") {
                // One that is being written this moment counts next time.
                let Ok(envelope) = serde_json::from_slice::<serde_json::Value>(&std::fs::read(path).unwrap()) else {
                    continue;
                };
                let recipient = envelope["rcpt"][0].as_str().unwrap().trim_matches(['<', '>']).to_owned();
                *recipients.entry(recipient).or_default() += 1;
            }
        }
        recipients
    }

    /// Copies that the failing SMTP server has taken for a recipient.
    pub fn taken_for(&self, recipient: &str) -> usize {
        self.recipients().get(recipient).copied().unwrap_or(0)
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().to_owned()
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.run(&["stop"], b"");
    }
}
