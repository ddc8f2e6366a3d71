//! A month of one office, as it was written down: 40 letters, 10 rows of the telephone, an operator who works in the
//! register only, departments that answer by workbook (three times an old copy), in words, wrongly and late.
//!
//! After each step the service runs once more and must find nothing to do. At the end each applicant has had his letters in
//! order, and the journal of each number tells how it came to stand as it stands.

use crate::departments::department;
use crate::office::{Office, Open};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use zvernennia::domain::field::Field;
use zvernennia::domain::register::Row;

const STATUS: &str = "Статус";
const ANSWER: &str = "Надана відповідь (результат розгляду)";
const DEPARTMENT: &str = "Структурний підрозділ (виконавець)";
const NOTIFIED: &str = "Спосіб повідомлення заявника";

/// Surnames of the forty; each is one person.
const SURNAMES: [&str; 40] = [
    "Авраменко",
    "Бондаренко",
    "Василенко",
    "Гончаренко",
    "Давиденко",
    "Єременко",
    "Жураленко",
    "Захарченко",
    "Іваненко",
    "Карпенко",
    "Лисенко",
    "Макаренко",
    "Назаренко",
    "Овчаренко",
    "Павленко",
    "Романенко",
    "Савченко",
    "Тимошенко",
    "Усенко",
    "Федоренко",
    "Харченко",
    "Цимбаленко",
    "Чумаченко",
    "Шевченко",
    "Щербаненко",
    "Юрченко",
    "Яременко",
    "Антоненко",
    "Бойченко",
    "Власенко",
    "Герасименко",
    "Дорошенко",
    "Зінченко",
    "Клименко",
    "Левченко",
    "Марченко",
    "Остапенко",
    "Петренко",
    "Руденко",
    "Степаненко",
];
/// What they write about, in turn: no two within two days are about one matter.
const MATTERS: [&str; 10] = [
    "прошу призначити мені субсидію на оплату комунальних послуг",
    "прошу полагодити дах нашого будинку, який протікає після кожного дощу",
    "прошу роз'яснити, як отримати довідку внутрішньо переміщеної особи",
    "прошу видати направлення до міської лікарні на обстеження серця",
    "прошу зарахувати дитину до першого класу дистанційної школи",
    "прошу відновити втрачене свідоцтво про народження сина",
    "прошу включити пошкоджену квартиру до реєстру знищеного майна",
    "прошу повідомити розклад автобусів до гуманітарного хабу",
    "прошу надати консультацію юриста щодо спадщини після батька",
    "прошу поставити на облік для отримання гуманітарних наборів",
];

fn address(at: usize) -> String {
    format!("osoba{at}@ukr.net")
}

fn letter(at: usize, whole: bool) -> Vec<u8> {
    let (surname, matter) = (SURNAMES[at], MATTERS[at % MATTERS.len()]);
    let place = if whole {
        format!(
            "Зареєстрована: м. Сєвєродонецьк, вул. Гагаріна, буд. {}, кв. 12. Тимчасово проживаю: м. Дніпро, вул. Робоча, буд. 7.\r\n",
            at + 1
        )
    } else {
        String::new()
    };
    mail(
        &address(at),
        &format!("zvernennia-{at}"),
        "",
        &format!("Доброго дня! Я, {surname} Олена Петрівна, {matter}.\r\n{place}Тел. 06612345{at:02}\r\n"),
    )
}

fn mail(from: &str, id: &str, answers: &str, body: &str) -> Vec<u8> {
    let thread = if answers.is_empty() { String::new() } else { format!("In-Reply-To: <{answers}>\r\n") };
    format!(
        "From: {from}\r\nTo: 9a010722@gmail.com\r\nSubject: zvernennia\r\nMessage-ID: <{id}@ukr.net>\r\n{thread}\
         Date: Mon, 02 Mar 2026 09:00:00 +0200\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The office of the month.
struct Month {
    office: Office,
    /// All that came out otherwise than it was written down: told together at the end.
    wrong: RefCell<Vec<String>>,
}

/// Notes where two values differ, with the line.
macro_rules! expect {
    ($month:expr, $found:expr, $expected:expr) => {
        let (found, expected) = (&$found, &$expected);
        if found != expected {
            let difference = format!("line {}: {found:?} instead of {expected:?}", line!());
            println!("{difference}");
            $month.wrong.borrow_mut().push(difference);
        }
    };
}

impl Month {
    fn new() -> Self {
        let office = Office::new();
        office.configure("quiet_seconds = 3", "quiet_seconds = 1");
        office.configure("supervisor_email = []", "supervisor_email = [\"kerivnyk@smva.example\"]");
        office.configure("per_hour = 60", "per_hour = 1000");
        office.configure("supervisors = []", "supervisors = [\"Стрюк О. С.\"]");
        Self { office, wrong: RefCell::default() }
    }

    /// A pass at a moment of March 2026 (summer time from the 29th), and a second one that must find nothing to do.
    fn step(&self, day: u32, time: &str) {
        let (month, day) = if day > 31 { (4, day - 31) } else { (3, day) };
        let offset = if (month, day) >= (3, 29) { "+03:00" } else { "+02:00" };
        self.office.at(&format!("2026-{month:02}-{day:02}T{time}:00{offset}"));
        let before = (self.office.rows(), self.promised());
        let again = self.office.at(&format!("2026-{month:02}-{day:02}T{time}:30{offset}"));
        let moment = format!("{day}.{month} {time}");
        if again["registers"][0]["state"] != "unchanged" || (self.office.rows(), self.promised()) != before {
            self.wrong.borrow_mut().push(format!("{moment}: the second run changed something: {again}"));
        }
    }

    fn ledger(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.office.path("ledger.sqlite")).unwrap()
    }

    /// Kinds and recipients of all letters promised, in order.
    fn promised(&self) -> Vec<(String, String)> {
        let ledger = self.ledger();
        let mut all = ledger.prepare("SELECT recipient, kind FROM outbox ORDER BY id").unwrap();
        all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    }

    fn kinds(&self, to: &str) -> Vec<String> {
        self.promised().into_iter().filter(|(recipient, _)| recipient == to).map(|(_, kind)| kind).collect()
    }

    /// The number of an applicant's appeal, by his surname.
    fn number(&self, at: usize) -> String {
        let rows = self.office.rows();
        let of = |row: &&serde_json::Map<String, serde_json::Value>| {
            row["Прізвище, ім'я, по батькові заявника"].as_str().is_some_and(|name| name.starts_with(SURNAMES[at]))
        };
        rows.iter().find(of).unwrap_or_else(|| panic!("{} has no row", SURNAMES[at]))["Реєстраційний №"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    fn shown(&self, at: usize, header: &str) -> String {
        let number = self.number(at);
        let rows = self.office.rows();
        let row = rows.iter().find(|row| row["Реєстраційний №"] == number.as_str()).unwrap();
        row[header].as_str().unwrap_or_default().to_owned()
    }

    /// Types into cells with openpyxl.
    fn type_in(&self, cells: &[(usize, &str, &str)]) {
        let script: Vec<String> = cells
            .iter()
            .map(|(at, header, value)| format!("cell('{}', '{header}').value = '{value}'", self.number(*at)))
            .collect();
        self.office.person(&self.office.register(), &script.join("\n"));
    }

    /// The supervisor has the register open, types his marks and closes it.
    fn supervisor_types(&self, day: u32, time: &str, cells: &[(usize, &str, &str)]) {
        let open = Open::by("Стрюк О. С.", &self.office.register());
        self.office.at(&format!("2026-03-{day:02}T{time}:00+02:00"));
        drop(open);
        self.type_in(cells);
    }

    /// Opens the register in LibreOffice and saves it, as its users do.
    fn through_libreoffice(&self) {
        let book = self.office.register();
        let out = self.office.path("lo");
        std::fs::create_dir_all(&out).unwrap();
        let profile = format!("-env:UserInstallation=file://{}", self.office.path("lo-profile").display());
        let ran = Command::new("soffice")
            .args([&profile, "--headless", "--convert-to", "xlsx", "--outdir"])
            .arg(&out)
            .arg(&book)
            .output();
        match ran {
            Ok(output) if output.status.success() => {
                std::fs::copy(out.join(book.file_name().unwrap()), &book).unwrap();
            }
            _ => assert!(std::env::var_os("CI").is_none(), "LibreOffice is missing; run `make test`"),
        }
    }

    /// The Message-ID of the last letter of a kind to somebody.
    fn id_of(&self, to: &str, kind: &str) -> String {
        self.ledger()
            .query_row(
                "SELECT message_id FROM outbox WHERE recipient = ?1 AND kind = ?2 ORDER BY id DESC",
                [to, kind],
                |row| row.get(0),
            )
            .unwrap_or_else(|_| panic!("no {kind} to {to}"))
    }

    /// An applicant answers the last letter of a kind.
    fn applicant_answers(&self, at: usize, kind: &str, words: &str) {
        let id = self.id_of(&address(at), kind);
        let name = format!("answer-{at}-{kind}");
        self.office.drop_letter(2, &name, &mail(&address(at), &name, &id, &format!("{words}\r\n")));
    }

    /// The letter of a kind to a department that is the so-manyth from the end, as a file.
    fn to_department(&self, code: &str, from_end: u32) -> PathBuf {
        let body: Vec<u8> = self
            .ledger()
            .query_row(
                "SELECT body FROM outbox WHERE recipient = ?1 AND kind = 'department_new' ORDER BY id DESC LIMIT 1 OFFSET ?2",
                rusqlite::params![format!("{code}@smva.example"), from_end],
                |row| row.get(0),
            )
            .unwrap();
        let path = self.office.path(&format!("to-{code}-{from_end}.eml"));
        std::fs::write(&path, body).unwrap();
        path
    }

    /// A department fills in the workbook of one of its letters and sends it back.
    fn by_workbook(&self, (code, from_end, name): (&str, u32, &str), cells: &[(usize, &str, &str)]) {
        let letter = self.to_department(code, from_end);
        let book = self.office.path(&format!("{name}.xlsx"));
        department(&["attachment", letter.to_str().unwrap(), book.to_str().unwrap()]);
        for (at, header, value) in cells {
            department(&["fill", book.to_str().unwrap(), &self.number(*at), header, value]);
        }
        self.reply(code, &letter, (name, "Відповідь у вкладенні."), Some(&book));
    }

    /// A department answers one of its letters in words.
    fn in_words(&self, (code, from_end, name): (&str, u32, &str), words: &str) {
        let letter = self.to_department(code, from_end);
        self.reply(code, &letter, (name, words), None);
    }

    fn reply(&self, code: &str, letter: &std::path::Path, (name, words): (&str, &str), book: Option<&PathBuf>) {
        let out = self.office.path(&format!("mail/1/new/{name}"));
        let sender = format!("{code}@smva.example");
        let mut args = vec!["reply", letter.to_str().unwrap(), out.to_str().unwrap(), &sender, words];
        args.extend(book.map(|book| book.to_str().unwrap()));
        department(&args);
    }

    /// Replays the journal of each appeal: it must end in the row, and each line must say who and why.
    fn journal_explains_every_row(&self) {
        let ledger = self.ledger();
        let mut appeals = ledger
            .prepare(
                "SELECT appeal.id, number, status, cells FROM appeal
                 JOIN row_version ON appeal_id = appeal.id AND to_rev IS NULL ORDER BY appeal.id",
            )
            .unwrap();
        let appeals: Vec<(i64, String, String, String)> = appeals
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(appeals.len(), 49, "39 letters and 10 rows of the telephone");
        for (id, number, status, cells) in appeals {
            let mut lines = ledger
                .prepare("SELECT actor, cause, field, new FROM journal WHERE appeal_id = ?1 ORDER BY id")
                .unwrap();
            let lines: Vec<(String, String, String, String)> = lines
                .query_map([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            assert!(lines.iter().all(|(actor, cause, ..)| !actor.is_empty() && !cause.is_empty()), "{number}");
            assert!(lines.iter().any(|(.., field, new)| field.is_empty() && *new == number), "{number} was registered");
            let mut last: BTreeMap<&str, &str> = BTreeMap::new();
            for (_, cause, field, new) in &lines {
                if !field.is_empty() && !cause.starts_with("put back in") {
                    last.insert(field, new);
                }
            }
            let row = Row::decode(&cells).unwrap();
            for (field, value) in last {
                let has = Field::from_id(field).map(|field| row.get(field).encode()).unwrap_or_default();
                expect!(self, format!("{number} {field} {has}"), format!("{number} {field} {value}"));
            }
            let moved: Option<String> = ledger
                .query_row(
                    "SELECT detail FROM event WHERE appeal_id = ?1 AND kind = 'moved' ORDER BY id DESC LIMIT 1",
                    [id],
                    |row| row.get(0),
                )
                .ok();
            expect!(self, format!("{number} {}", moved.unwrap_or(status.clone())), format!("{number} {status}"));
        }
    }
}

#[test]
fn a_month_of_one_office() {
    let month = Month::new();
    let office = &month.office;
    // 2 to 5 March: forty letters. Three lack the place of residence, one names nobody.
    for (day, range) in [(2, 0..10), (3, 10..20), (4, 20..30), (5, 30..40)] {
        for at in range {
            match at {
                32 => office.drop_letter(
                    1,
                    "anonymous",
                    &mail(
                        "susid@ukr.net",
                        "anonymous",
                        "",
                        "Полагодьте нарешті дорогу біля ринку, ями такі, що не проїхати!\r\n",
                    ),
                ),
                30 | 31 | 33 => office.drop_letter(1, &format!("letter{at}"), &letter(at, false)),
                _ => office.drop_letter(1 + (at % 2) as u8, &format!("letter{at}"), &letter(at, true)),
            }
        }
        month.step(day, "10:35");
    }
    expect!(month, office.rows().len(), 39);
    // Typical answers are approved; ten people telephone.
    office.person(
        &office.register(),
        "t = b['Типові відповіді']\nh = {cell.value: cell.column for cell in t[3]}\n\
         t.cell(4, h['Питання']).value = 'Як отримати довідку внутрішньо переміщеної особи?'\n\
         t.cell(4, h['Відповідь']).value = 'Довідку видають у ЦНАП або через застосунок «Дія».'\n\
         t.cell(4, h['Дата затвердження']).value = '01.02.2026'\n\
         for n in range(10):\n    below(Прізвище='Телефоненко%s Іван Ілліч' % 'абвгдежзик'[n], Контактний='05012345%02d' % n, \
         Прописка='м. Сєвєродонецьк, вул. Науки, буд. %d' % (n + 1), Місце='м. Дніпро', \
         Суть='Питання телефоном: %s' % ['субсидія','дах','довідка','лікар','школа','паспорт','житло','автобус','спадщина','хаб'][n])",
    );
    month.step(5, "12:05");
    expect!(month, office.rows().len(), 49);
    // The operator gives letters away, half of it saved by LibreOffice.
    let soc: Vec<(usize, &str, &str)> = (0..10).map(|at| (at, DEPARTMENT, "УСЗН")).collect();
    month.type_in(&soc);
    month.step(5, "12:35");
    let zhkg: Vec<(usize, &str, &str)> =
        (10..20).map(|at| (at, DEPARTMENT, "Управління житлово-комунального господарства")).collect();
    month.type_in(&zhkg);
    month.through_libreoffice();
    month.step(5, "12:55");
    // Answers at once: typical, forwarded, returned, withdrawn; the head stops one.
    month.type_in(&[
        (20, STATUS, "роз’яснено"),
        (20, ANSWER, "Субсидію призначають за заявою до ЦНАП."),
        (22, STATUS, "роз’яснено"),
        (22, ANSWER, "ТВ-1"),
        (23, STATUS, "Переслано за належністю"),
        (23, ANSWER, "Департамент охорони здоров’я Дніпропетровської ОВА"),
        (24, STATUS, "Потребує уточнення"),
        (24, ANSWER, "Уточніть, до якої школи."),
        (26, STATUS, "Відкликано заявником"),
        (21, DEPARTMENT, "УСЗН"),
        (27, DEPARTMENT, "УСЗН"),
        (28, DEPARTMENT, "УСЗН"),
        (29, DEPARTMENT, "УСЗН"),
    ]);
    month.step(5, "14:05");
    expect!(month, month.kinds(&address(22)), ["registered", "explained"]);
    expect!(month, month.kinds(&address(23)), ["registered", "forwarded"]);
    expect!(month, month.kinds(&address(24)), ["registered", "clarification"]);
    expect!(month, month.kinds(&address(26)), ["registered", "withdrawn"]);
    month.supervisor_types(
        5,
        "14:15",
        &[
            (25, "Контроль", "Погоджено"),
            (25, STATUS, "Не підлягає розгляду"),
            (25, ANSWER, "Питання вже вирішено рішенням суду."),
        ],
    );
    month.step(5, "14:25");
    expect!(month, month.kinds(&address(25)), ["registered", "stopped"]);
    // Applicants answer questions; one whose letter named too little never does.
    month.applicant_answers(
        30,
        "clarification",
        "Зареєстрована: м. Сєвєродонецьк, вул. Гагаріна, буд. 30. Тимчасово проживаю: м. Дніпро.",
    );
    month.applicant_answers(24, "clarification", "До школи № 5, перший клас.");
    month.step(6, "11:05");
    expect!(month, month.shown(30, STATUS), "Зареєстровано");
    // Departments answer: a workbook, an old copy of it, an answer in words, one that is not understood.
    month.by_workbook(
        ("soc", 1, "soc-book"),
        &[
            (0, STATUS, "виконано"),
            (0, "Відповідь (результат розгляду)", "Субсидію призначено з 01.03.2026."),
            (1, STATUS, "В роботі"),
            (2, STATUS, "надано"),
            (3, STATUS, "відмовлено"),
            (3, "Відповідь (результат розгляду)", "Немає підстав."),
        ],
    );
    month.in_words(
        ("zhkg", 0, "zhkg-words"),
        &format!(
            "{} – виконано. Дах полагоджено 05.03.2026, протікань немає.\n{} – в роботі, очікуємо підрядника.\n",
            month.number(10),
            month.number(11)
        ),
    );
    month.step(6, "12:05");
    expect!(month, month.shown(0, STATUS), "Виконано (вирішено позитивно)");
    expect!(month, month.shown(1, STATUS), "В роботі");
    expect!(month, month.shown(2, STATUS), "Передано на розгляд");
    expect!(month, month.shown(3, STATUS), "Передано на розгляд");
    expect!(month, month.shown(10, STATUS), "Виконано (вирішено позитивно)");
    expect!(month, month.shown(11, STATUS), "В роботі");
    expect!(month, month.kinds(&address(0)), ["registered", "routed", "solved"]);
    // Three old copies: only what is new in each of them counts.
    for (name, at, done) in [
        ("old-1", 4, "Документи відновлено й видано заявниці."),
        ("old-2", 5, "Направлення видано 09.03.2026."),
        ("old-3", 6, "Квартиру включено до реєстру."),
    ] {
        month.by_workbook(("soc", 1, name), &[(at, STATUS, "виконано"), (at, "Відповідь (результат розгляду)", done)]);
        month.step(9, &format!("11:{:02}", 5 + 15 * (at - 4)));
        expect!(month, month.shown(at, STATUS), "Виконано (вирішено позитивно)");
        expect!(month, month.shown(at, ANSWER), done);
        expect!(month, month.shown(0, ANSWER), "Субсидію призначено з 01.03.2026.");
    }
    // Corrected answers; a refusal by law; an interim answer; the head extends a term.
    month.by_workbook(
        ("soc", 1, "soc-again"),
        &[
            (2, STATUS, "роз'яснено"),
            (2, "Відповідь (результат розгляду)", "Довідку видають у ЦНАП за паспортом."),
            (3, STATUS, "відмовлено"),
            (
                3,
                "Відповідь (результат розгляду)",
                "Ваші доходи перевищують установлену межу. Підстава: п. 14 Положення № 848.",
            ),
        ],
    );
    month.type_in(&[
        (27, STATUS, "Надано проміжну відповідь"),
        (27, ANSWER, "Направлено запит до казначейства, очікуємо відповідь."),
    ]);
    month.step(10, "12:05");
    month.supervisor_types(
        10,
        "12:15",
        &[
            (28, "Контроль", "Продовжити до 15.04.2026"),
            (28, STATUS, "Термін продовжено"),
            (28, ANSWER, "Потрібне додаткове обстеження."),
        ],
    );
    month.step(10, "12:25");
    expect!(month, month.kinds(&address(3)), ["registered", "routed", "refused"]);
    expect!(month, month.kinds(&address(27)), ["registered", "routed", "interim"]);
    expect!(month, month.shown(28, "Термін виконання (до)"), "2026-04-15");
    // Dialogue: not solved, thanks, the state. Silence closes what nobody could be asked about.
    month.applicant_answers(0, "solved", "Питання не вирішено, субсидії так і не отримала.");
    month.applicant_answers(4, "solved", "Щиро дякую, все отримала!");
    month.applicant_answers(36, "registered", "статус");
    month.step(11, "11:05");
    expect!(month, month.shown(0, STATUS), "На доопрацюванні");
    expect!(month, month.shown(4, "Підказка системи").contains("Заявник підтвердив вирішення."), true);
    expect!(month, month.kinds(&address(36)), ["registered", "state"]);
    expect!(month, month.kinds("susid@ukr.net"), ["clarification", "anonymous"]);
    expect!(month, month.shown(31, "Підказка системи").contains("на запит даних до"), true);
    month.type_in(&[(31, STATUS, "Повернуто заявнику"), (31, ANSWER, "Не вказано місця проживання.")]);
    month.by_workbook(
        ("soc", 0, "soc-rework"),
        &[(0, STATUS, "виконано"), (0, "Відповідь (результат розгляду)", "Кошти перераховано 11.03.2026.")],
    );
    month.step(12, "11:05");
    expect!(month, month.kinds(&address(31)), ["clarification", "returned"]);
    expect!(month, month.kinds(&address(0)), ["registered", "routed", "solved", "solved"]);
    // The telephone: answers typed by the operator, callers listed until told.
    let callers: Vec<String> =
        office.rows().iter().skip(39).map(|row| row["Реєстраційний №"].as_str().unwrap().to_owned()).collect();
    let script: Vec<String> = callers
        .iter()
        .take(5)
        .map(|number| format!("cell('{number}', '{STATUS}').value = 'роз’яснено'\ncell('{number}', '{ANSWER}').value = 'Роз’яснено порядок звернення до ЦНАП.'"))
        .collect();
    office.person(&office.register(), &script.join("\n"));
    month.step(12, "12:05");
    let listed = |office: &Office| {
        office.beside("Зателефонувати").iter().filter(|line| line.values().any(|cell| !cell.is_null())).count()
    };
    expect!(month, listed(office), 5);
    office.person(
        &office.register(),
        "c = b['Зателефонувати']\nh = {cell.value: cell.column for cell in c[3]}\nfor r in range(4, 7):\n    c.cell(r, h['Як повідомлено']).value = 'телефоном'",
    );
    month.through_libreoffice();
    month.step(12, "13:05");
    expect!(month, listed(office), 2);
    let told = office.rows().iter().skip(39).filter(|row| row[NOTIFIED] == "телефоном").count();
    expect!(month, told, 3);
    // Late: reminders, then overdue; the supervisor hears of it; the answer comes after all.
    for day in [25, 26, 27, 30, 31, 32, 33, 34] {
        month.step(day, "10:10");
    }
    let reminders = month.kinds("soc@smva.example").iter().filter(|kind| *kind == "department_reminder").count();
    expect!(month, reminders >= 4, true);
    expect!(month, month.kinds("kerivnyk@smva.example").contains(&"escalation".to_owned()), true);
    expect!(month, month.shown(7, "Контроль").contains("Прострочено"), true);
    month.by_workbook(
        ("soc", 2, "late"),
        &[(7, STATUS, "виконано"), (7, "Відповідь (результат розгляду)", "Розклад надіслано, маршрут відновлено.")],
    );
    month.step(34, "12:05");
    expect!(month, month.shown(7, STATUS), "Виконано (вирішено позитивно)");
    expect!(month, month.kinds(&address(7)), ["registered", "routed", "solved"]);
    month.journal_explains_every_row();
    let wrong = month.wrong.borrow();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
