//! The whole program with real mail servers on this machine.

use super::Stack;
use crate::office::{Office, text};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};
use toml_edit::{DocumentMut, InlineTable, Item, Table, value};

/// The two mailboxes of the stack and their passwords.
pub const MAILBOXES: [(&str, &str); 2] =
    [("appeals@callcentre.test", "appeals-pw"), ("work@callcentre.test", "work-pw")];

/// Who looks after the machine.
pub const ADMINISTRATOR: &str = "administrator@city.test";

/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// An office whose mail goes through the servers of a stack.
pub struct Served {
    pub office: Office,
    pub stack: Stack,
}

impl Served {
    /// Maildirs in, letters out by SMTP to this port of the stack; `None` where no servers can run.
    pub fn sending(port: &str) -> Option<Self> {
        let served = Self { stack: Stack::start()?, office: Office::new() };
        served.change(|config| {
            served.smtp(config, port);
            config["safety"]["allow_mixed_transports"] = value(true);
        });
        Some(served)
    }

    /// Both mailboxes on the IMAP server behind this port, letters out to the failing SMTP server.
    pub fn whole(imap: &str) -> Option<Self> {
        Self::through(imap, "badsmtps")
    }

    /// Both mailboxes on the IMAP server behind this port, letters out to that SMTP server.
    pub fn through(imap: &str, smtp: &str) -> Option<Self> {
        let served = Self { stack: Stack::start()?, office: Office::new() };
        served.change(|config| {
            for (index, (address, _)) in MAILBOXES.iter().enumerate() {
                let mailbox = config["mailbox"].as_array_of_tables_mut().unwrap().get_mut(index).unwrap();
                let mut server = served.server(imap, index);
                server["idle"] = value("5s");
                server["longest_pause"] = value("1s");
                mailbox.remove("maildir");
                mailbox["address"] = value(*address);
                mailbox.insert("imap", Item::Table(server));
            }
            config["post"]["from"] = value(MAILBOXES[0].0);
            config["notice"]["channel_seconds"] = value(1);
            config["people"]["administrator_email"] = value(toml_edit::Array::from_iter([ADMINISTRATOR]));
            served.smtp(config, smtp);
        });
        Some(served)
    }

    /// Changes the configuration.
    pub fn change(&self, edit: impl FnOnce(&mut DocumentMut)) {
        let path = self.office.path("zvernennia.toml");
        let mut config: DocumentMut = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        edit(&mut config);
        std::fs::write(&path, config.to_string()).unwrap();
    }

    /// A table that names a server of the stack.
    pub fn server(&self, port: &str, mailbox: usize) -> Table {
        let (user, password) = MAILBOXES[mailbox];
        let secret = self.office.path(&format!("password-{mailbox}"));
        std::fs::write(&secret, password).unwrap();
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
        let number = self.stack.port(port);
        let mut table = Table::new();
        table["host"] = value("localhost");
        table["port"] = value(i64::from(number));
        table["ca_file"] = value(self.stack.path().join("ca/ca.crt").to_str().unwrap());
        table["user"] = value(user);
        table["password_file"] = value(secret.to_str().unwrap());
        table["timeout"] = value("1s");
        table
    }

    /// Letters leave by SMTP.
    pub fn smtp(&self, config: &mut DocumentMut, port: &str) {
        let mut smtp = self.server(port, 0);
        smtp["pause"] = value("0s");
        smtp["per_day"] = value(100_000);
        smtp["unclear_wait"] = value("1s");
        smtp["longest_pause"] = value("1s");
        let post = config["post"].as_table_mut().unwrap();
        post.remove("folder");
        post["per_hour"] = value(10_000);
        post.insert("smtp", Item::Table(smtp));
    }

    /// Instead of a password: OAuth with this content of the file with the refresh token.
    pub fn oauth(&self, refresh_token: &Path) -> Item {
        let secret = self.office.path("client-secret");
        std::fs::write(&secret, "client secret").unwrap();
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
        let mut oauth = InlineTable::new();
        oauth.insert("token_endpoint", format!("http://127.0.0.1:{}/token", self.stack.port("oauth")).into());
        oauth.insert("client_id", "client".into());
        oauth.insert("client_secret_file", secret.to_str().unwrap().into());
        oauth.insert("refresh_token_file", refresh_token.to_str().unwrap().into());
        value(oauth)
    }

    /// The trouble of a channel, as `status` tells it; empty if it works.
    pub fn trouble(&self, channel: &str) -> String {
        let status = self.status();
        let channels = status["channels"].as_array().unwrap().iter();
        let found =
            channels.filter(|found| found["name"] == channel).find_map(|found| found["trouble"]["what"].as_str());
        found.unwrap_or_default().to_owned()
    }

    /// Waits until something is so.
    pub fn wait_for(&self, what: &str, so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !so() {
            assert!(begun.elapsed() < PATIENCE, "no {what}: {}", self.status());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What `status` tells.
    pub fn status(&self) -> serde_json::Value {
        let output = self.office.run("status", &["--json"]);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
    }

    /// One pass that may fail; its result as JSON.
    pub fn pass(&self) -> serde_json::Value {
        let output = self.office.run("once", &["--json"]);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
    }

    /// Our letters as `outbox list --all` tells them.
    pub fn outbox(&self) -> Vec<serde_json::Value> {
        let output = self.outbox_command(&["list", "--all", "--json"]);
        serde_json::from_slice(output.as_bytes()).unwrap()
    }

    /// One letter of ours as `outbox show` tells it.
    pub fn mail(&self, id: &str) -> serde_json::Value {
        serde_json::from_str(&self.outbox_command(&["show", id, "--json"])).unwrap()
    }

    /// Runs `outbox`, which must succeed.
    pub fn outbox_command(&self, words: &[&str]) -> String {
        let (word, more) = words.split_first().unwrap();
        let config = self.office.path("zvernennia.toml");
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_zvernennia"))
            .args(["outbox", word, "--config", config.to_str().unwrap()])
            .args(more)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }
}

/// The running service; killed if the test fails.
pub struct Daemon<'a> {
    served: &'a Served,
    child: Child,
}

impl<'a> Daemon<'a> {
    pub fn start(served: &'a Served) -> Self {
        Self { served, child: served.office.start_daemon() }
    }

    /// Waits until `status` tells of this trouble, or of any if it names none.
    pub fn hears_of_trouble(&self, what: &str) {
        self.served.wait_for(&format!("trouble after {what}"), || {
            let status = self.served.status();
            status["channels"].as_array().unwrap().iter().any(|channel| !channel["since"].is_null())
        });
    }

    /// SIGTERM and a clean end.
    pub fn stop(mut self) {
        let pid = rustix::process::Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Daemon<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
