//! A service in a temporary folder, driven through the real binary.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use zvernennia::domain::{self, department::Department};

/// A folder made by `init --embedded`.
pub struct Office {
    root: PathBuf,
    /// Removes it in the end.
    _dir: Option<tempfile::TempDir>,
}

impl Office {
    pub fn new() -> Self {
        Self::within(&std::env::temp_dir())
    }

    /// An office somewhere below a folder.
    pub fn within(folder: &Path) -> Self {
        let dir = tempfile::tempdir_in(folder).unwrap();
        let office = Self { root: dir.path().to_owned(), _dir: Some(dir) };
        let made = office.command(&["init", office.path("").to_str().unwrap(), "--embedded"]).output().unwrap();
        assert!(made.status.success(), "{}", text(&made.stderr));
        office
    }

    /// One that is there already, as another left it.
    pub fn there(root: &Path) -> Self {
        Self { root: root.to_owned(), _dir: None }
    }

    /// The folder that holds the office and nothing else.
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.root.join("office").join(below)
    }

    pub fn drop_letter(&self, mailbox: u8, name: &str, letter: &[u8]) {
        // As every mail program does: written beside, then moved in whole.
        let beside = self.path(&format!("mail/{mailbox}/tmp/{name}"));
        std::fs::write(&beside, letter).unwrap();
        std::fs::rename(beside, self.path(&format!("mail/{mailbox}/new/{name}"))).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zvernennia"));
        command.args(args).stdin(Stdio::null());
        command
    }

    /// Runs a command of the program on this office.
    pub fn run(&self, command: &str, more: &[&str]) -> Output {
        let config = self.path("zvernennia.toml");
        let mut args = vec![command, "--config", config.to_str().unwrap()];
        args.extend(more);
        self.command(&args).output().unwrap()
    }

    /// Runs `workbook`.
    pub fn workbook(&self, args: &[&str]) -> Output {
        self.command(&[&["workbook"], args].concat()).output().unwrap()
    }

    /// One pass that must succeed; its result as JSON.
    pub fn once(&self, more: &[&str]) -> serde_json::Value {
        let mut args = vec!["--json"];
        args.extend(more);
        let output = self.run("once", &args);
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Starts a pass and lets it run.
    pub fn start_once(&self, more: &[&str]) -> Child {
        let config = self.path("zvernennia.toml");
        self.command(&[&["once", "--config", config.to_str().unwrap()], more].concat())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Starts the daemon and waits until it listens to signals; the rest of its log is drained.
    pub fn start_daemon(&self) -> Child {
        let config = self.path("zvernennia.toml");
        let mut daemon =
            self.command(&["run", "--config", config.to_str().unwrap()]).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(daemon.stderr.take().unwrap()).lines();
        let ready = log.by_ref().map_while(Result::ok).any(|line| line.contains("the service is ready"));
        assert!(ready, "the daemon ended");
        std::thread::spawn(move || log.map_while(Result::ok).for_each(drop));
        daemon
    }

    /// Waits until so many letters were sent; fails if the daemon ends meanwhile.
    pub fn wait_for_letters(&self, daemon: &mut Child, letters: usize) {
        while self.sent().len() < letters {
            assert!(daemon.try_wait().unwrap().is_none(), "the daemon ended");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    /// The one register that the office has.
    pub fn register(&self) -> PathBuf {
        let mut books: Vec<PathBuf> = std::fs::read_dir(self.path("register"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "xlsx"))
            .filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with("Нові звернення"))
            .collect();
        assert_eq!(books.len(), 1, "{books:?}");
        books.remove(0)
    }

    /// Names of the letters sent.
    pub fn sent(&self) -> BTreeSet<String> {
        std::fs::read_dir(self.path("sent"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".eml"))
            .collect()
    }

    /// A pass at a moment that must succeed; its result as JSON.
    pub fn at(&self, moment: &str) -> serde_json::Value {
        self.once(&["--at", moment])
    }

    /// What `sql` gives of the ledger: one value.
    pub fn asked<T: rusqlite::types::FromSql>(&self, sql: &str) -> T {
        let ledger = rusqlite::Connection::open(self.path("ledger.sqlite")).unwrap();
        ledger.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Why letters were put aside.
    pub fn aside(&self) -> String {
        self.asked("SELECT COALESCE(group_concat(reason, '\n'), '') FROM letter WHERE outcome = 'aside'")
    }

    /// Bytes of letters fetched until now.
    pub fn traffic(&self) -> u64 {
        u64::try_from(self.asked::<i64>("SELECT COALESCE(SUM(bytes), 0) FROM traffic")).unwrap()
    }

    /// Changes a key of the configuration.
    pub fn configure(&self, from: &str, to: &str) {
        let path = self.path("zvernennia.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} is not in the configuration");
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    /// What a person does to a workbook with another program, in Python: `b` the workbook, `s` the register sheet,
    /// `cell(number, header)` a cell of an appeal, `line(sheet, header, value)` the row of a sheet, `below(**)` a new row.
    pub fn person(&self, workbook: &Path, script: &str) {
        let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/person.py");
        let output = python().arg(tool).arg(workbook).arg(script).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    }

    /// Who typed what into a column, oldest first, as the journal has it.
    pub fn journal(&self, field: &str) -> Vec<(String, String)> {
        let ledger = rusqlite::Connection::open(self.path("ledger.sqlite")).unwrap();
        let mut lines = ledger.prepare("SELECT actor, new FROM journal WHERE field = ?1 ORDER BY id").unwrap();
        let lines = lines.query_map([field], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).unwrap();
        lines.map(|line| line.map(|(actor, new)| (actor, new.chars().skip(1).collect())).unwrap()).collect()
    }

    /// Rows of a sheet beside the register.
    pub fn beside(&self, sheet: &str) -> Vec<serde_json::Map<String, serde_json::Value>> {
        read_sheet(&self.register(), &[sheet])
    }

    /// Rows of the register as openpyxl sees them, below the headers; each row by header.
    pub fn rows(&self) -> Vec<serde_json::Map<String, serde_json::Value>> {
        read_sheet(&self.register(), &[])
    }
}

/// A person who has the register open in LibreOffice.
pub struct Open {
    lock: PathBuf,
    _file: File,
}

impl Open {
    pub fn by(name: &str, register: &Path) -> Self {
        let lock = register.with_file_name(format!(".~lock.{}#", register.file_name().unwrap().to_str().unwrap()));
        std::fs::write(&lock, format!("{name},operator,pc-2,02.03.2026 10:40,file:///home/operator;")).unwrap();
        Self { lock, _file: OpenOptions::new().append(true).open(register).unwrap() }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        std::fs::remove_file(&self.lock).unwrap();
    }
}

/// Rows of a sheet as openpyxl sees them, each by header.
pub fn read_sheet(workbook: &Path, sheet: &[&str]) -> Vec<serde_json::Map<String, serde_json::Value>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/read_register.py");
    let output = python().arg(script).arg(workbook).args(sheet).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[derive(serde::Deserialize)]
struct Departments {
    department: Vec<Department>,
}

/// The office of the samples, as far as the reader must know it.
pub fn reader_office() -> domain::office::Office {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/departments.toml");
    let departments: Departments = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    domain::office::Office {
        own_phones: vec!["+380662838182".into(), "+380951391978".into()],
        mailboxes: vec!["9a010722@gmail.com".into(), "9a020722@gmail.com".into()],
        message_id_domain: "cc.smva.example".into(),
        number_pattern: r"S-\d{6}".into(),
        home_town: "Сєвєродонецьк".into(),
        departments: departments.department,
        default_department: "soc".into(),
        ..Default::default()
    }
}

/// The interpreter with openpyxl: that of `.venv` if `make test` made one.
pub fn python() -> Command {
    let venv = Path::new(env!("CARGO_MANIFEST_DIR")).join(".venv/bin/python3");
    Command::new(if venv.exists() { venv } else { PathBuf::from("python3") })
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The sample letters by name.
pub fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/appeals");
    let mut letters: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    letters.sort();
    letters
}

/// A plain letter of a citizen who gives all his data.
pub fn letter(n: usize) -> Vec<u8> {
    format!(
        "Return-Path: <petrenko{n}@ukr.net>\r\nDelivered-To: 9a010722@gmail.com\r\nMIME-Version: 1.0\r\n\
         From: petrenko{n}@ukr.net\r\nTo: 9a010722@gmail.com\r\nSubject: zvernennia {n}\r\n\
         Message-ID: <letter-{n}@ukr.net>\r\nDate: Mon, 02 Mar 2026 09:00:00 +0200\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         Доброго дня! Я, Петренко Іван Степанович, прошу призначити мені субсидію на оплату комунальних послуг, \
         справа {n}.\r\nЗареєстрований: м. Сєвєродонецьк, вул. Гагаріна, буд. {n}, кв. 12. Тимчасово проживаю: м. Дніпро, \
         вул. Робоча, буд. 7.\r\nТел. 0661234567\r\n"
    )
    .into_bytes()
}
