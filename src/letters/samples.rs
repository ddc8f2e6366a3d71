//! Parameters of letters as they occur, for golden letters and for trying out an office's own templates.

use crate::domain::reading::{Alarm, Missing};
use crate::letters::kind::LetterKind;
use crate::letters::params::{AppealRow, LetterParams};
use chrono::{NaiveDate, NaiveDateTime};

fn day(day: u32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(2022, month, day)
}

fn moment(date: Option<NaiveDate>, hour: u32, minute: u32) -> Option<NaiveDateTime> {
    date?.and_hms_opt(hour, minute, 0)
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A letter with everything that it may say.
pub fn full(kind: LetterKind) -> LetterParams {
    let base = LetterParams {
        name: some("Олена"),
        patronymic: some("Петрівна"),
        number: some("К-128/2022"),
        received: moment(day(11, 7), 10, 35),
        department: some("soc"),
        due: day(26, 7),
        ..LetterParams::default()
    };
    match kind {
        LetterKind::Registered | LetterKind::State => LetterParams { status: some("В роботі"), ..base },
        LetterKind::OutOfHours => LetterParams {
            received: moment(day(15, 7), 18, 40),
            registered_on: day(18, 7),
            handled_on: day(18, 7),
            ..base
        },
        LetterKind::Clarification | LetterKind::Returned => LetterParams {
            missing: vec![Missing::Phone, Missing::RegisteredAddress, Missing::TemporaryAddress],
            reply_by: day(18, 7),
            ..base
        },
        LetterKind::Anonymous => LetterParams { name: None, patronymic: None, number: None, ..base },
        LetterKind::Routed => {
            LetterParams {
                routed_on: day(12, 7), contacts: some("тел. 095 000 00 00, робочі дні, 9:00–16:00"), ..base
            }
        }
        LetterKind::Forwarded => LetterParams {
            body: some("Головне управління Пенсійного фонду України в Луганській області"),
            sent_on: day(14, 7),
            contacts: some("тел. 0 800 503 753"),
            ..base
        },
        LetterKind::Interim => LetterParams {
            text: some("Направлено запит до Державної казначейської служби. Очікуємо на відповідь."),
            extended_to: day(25, 8),
            decided_by: some("заступник керівника адміністрації"),
            ..base
        },
        LetterKind::Solved => decided(base, SOLVED),
        LetterKind::Explained => decided(base, EXPLAINED),
        LetterKind::Refused => decided(base, REFUSED),
        LetterKind::Stopped => decided(base, ""),
        LetterKind::Withdrawn => base,
        LetterKind::OperatorsWaiting => LetterParams {
            number: None,
            waiting: Some(3),
            since: moment(day(11, 7), 11, 20),
            held_by: some("Іваненко І. І."),
            ..base
        },
        LetterKind::AlertResonant => LetterParams {
            alarm: Some(Alarm::Life),
            quote: some("мама лежача, п'ятий день без води, допоможіть"),
            phones: vec!["+380661234567".to_owned()],
            channel: some("е-пошта 1"),
            ..base
        },
        LetterKind::AlertChannel | LetterKind::ChannelRestored => broken_channel(base),
        LetterKind::AlertRegister => LetterParams {
            number: None,
            channel: some("Реєстр звернень 2022.xlsx"),
            since: moment(day(11, 7), 12, 5),
            text: some("книгу захищено паролем; зніміть пароль і збережіть її знову"),
            waiting: Some(3),
            ..base
        },
        LetterKind::Escalation => LetterParams { rows: rows(), ..LetterParams::default() },
        LetterKind::Complaint => LetterParams {
            text: some("Управління праці та соціального захисту населення"),
            rows: rows().into_iter().take(1).collect(),
            ..base
        },
        LetterKind::DepartmentNew | LetterKind::DepartmentReminder | LetterKind::DepartmentEcho => LetterParams {
            department: some("soc"),
            rows: rows(),
            remarks: vec!["Рядок 7: стан «надано» не розпізнано; напишіть, наприклад, «виконано».".to_owned()],
            ..LetterParams::default()
        },
    }
}

const SOLVED: &str =
    "Допомогу на проживання внутрішньо переміщеним особам за липень нараховано і виплачено 20.07.2022.";

const EXPLAINED: &str = "Для отримання довідки внутрішньо переміщеної особи потрібні:\n- паспорт;\n- реєстраційний номер \
                         облікової картки платника податків.\n\nЗаяву можна подати через застосунок «Дія» або особисто.";

const REFUSED: &str = "За даними обстеження від 14.07.2022 помешкання придатне для проживання.";

fn decided(base: LetterParams, text: &str) -> LetterParams {
    LetterParams {
        text: some(text),
        legal_basis: some("постанова Кабінету Міністрів України від 20.03.2022 № 332"),
        contacts: some("тел. 095 000 00 00"),
        valid_on: day(20, 7),
        decided_by: some("керівник адміністрації"),
        earlier_number: some("К-101/2022"),
        earlier_answered_on: day(1, 7),
        ..base
    }
}

fn broken_channel(base: LetterParams) -> LetterParams {
    LetterParams {
        number: None,
        channel: some("е-пошта 1"),
        since: moment(day(11, 7), 12, 5),
        text: some("сервер не приймає пароль поштової скриньки"),
        remedy: some("створити новий пароль застосунку й записати його до файлу, названого в налаштуваннях"),
        ..base
    }
}

fn rows() -> Vec<AppealRow> {
    let row = |number: &str, applicant: &str, left: i64| AppealRow {
        number: number.to_owned(),
        received: day(11, 7),
        applicant: applicant.to_owned(),
        phone: "+380661234567".to_owned(),
        address: "м. Дніпро, вул. Робоча, буд. 7".to_owned(),
        essence: "Просить роз'яснити, чому за липень не виплачено допомогу на проживання.".to_owned(),
        due: day(26, 7),
        days_left: Some(left),
        status: "В роботі".to_owned(),
        answer: "Виплату здійснено 20.07.2022.".to_owned(),
        control: String::new(),
        department: "Управління праці та соціального захисту населення".to_owned(),
    };
    let mut rows =
        vec![row("К-128/2022", "Коваленко Олена Петрівна", 3), row("Ш-129/2022", "Шевчук Андрій Миколайович", -2)];
    if let Some(first) = rows.first_mut() {
        first.control = "К".to_owned();
    }
    rows
}

/// A letter with nothing but what it cannot do without.
pub fn bare(kind: LetterKind) -> LetterParams {
    let full = full(kind);
    let mut bare = LetterParams::default();
    for needed in kind.spec().needed {
        bare.copy(*needed, &full);
    }
    bare
}
