//! Reading: from a decoded letter to what a clerk would understand of it.
//!
//! Pure: no time, no files, no randomness; reading what strangers wrote never fails. `body` cuts the letter into own
//! words and quoted ones; WHO writes (person, phone, address, category) and WHAT about (classify, essence, kind, topic,
//! resonance, thread, repeat) are read from the own words only. `Reader` holds what is compiled once for an office.

pub mod address;
mod address_house;
mod address_odd;
pub mod address_parse;
mod address_town;
pub mod address_words;
pub mod authentication;
pub mod body;
mod body_terms;
pub mod bounce;
mod bounce_terms;
pub mod category;
pub mod classify;
mod classify_terms;
pub mod essence;
mod essence_terms;
pub mod fold;
pub mod folded;
pub mod form;
pub mod form_labels;
pub mod given;
pub mod kind;
mod kind_terms;
pub mod kinship;
pub mod latin;
mod latin_letter;
pub mod lookup;
pub mod machine;
mod machine_terms;
pub mod missing;
pub mod name;
pub mod names_data;
pub mod no_names;
pub mod no_reply;
pub mod noise;
pub mod patronymic;
pub mod pattern;
pub mod person;
pub mod person_cues;
pub mod person_find;
mod person_form;
mod person_shown;
mod person_weight;
pub mod phone;
pub mod places_data;
pub mod quote;
pub mod repeat;
pub mod representative;
pub mod resonance;
mod resonance_terms;
pub mod returned;
pub mod sentence;
pub mod settlement;
pub mod spam;
mod spam_terms;
pub mod status_words;
mod status_words_around;
mod status_words_judge;
mod status_words_table;
mod status_words_text;
pub mod surname;
pub mod terms;
pub mod thread;
pub mod topic;
pub mod words;
pub mod written_dates;

use crate::domain::letter::{Correspondent, Letter};
use crate::domain::office::Office;
use crate::domain::reading::{Authenticity, Candidate, Class, Found, Kind, Missing, Reading};
use crate::domain::remark::Remark;
use crate::reading::address::{Addresses, find_addresses};
use crate::reading::address_words::Homes;
use crate::reading::body::{Body, read_body};
use crate::reading::classify::Signs;
use crate::reading::folded::{Folded, Words};
use crate::reading::person::{Person, Sources, find_applicant};
use crate::reading::spam::Departments;
use crate::reading::thread::Numbers;
use crate::reading::topic::Topics;
use crate::reading::words::{Text, flow};

/// Longest own text that is read, in bytes; what is beyond stays in the letter.
const MAX_OWN: usize = 60_000;

/// Reads letters for one office.
#[derive(Debug)]
pub struct Reader {
    office: Office,
    topics: Topics,
    numbers: Numbers,
    homes: Homes,
    departments: Departments,
}

impl Reader {
    /// Compiles what the office needs: trigger terms, aliases, the pattern of numbers.
    pub fn new(office: &Office) -> Self {
        Self {
            topics: Topics::new(office),
            numbers: Numbers::new(office),
            homes: Homes::of(office),
            departments: Departments::of(office),
            office: office.clone(),
        }
    }

    /// The office that the reader reads for.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// Reads a letter. Never fails; what is odd stands in the remarks.
    pub fn read(&self, letter: &Letter) -> Reading {
        let mut body = read_body(letter, &self.office);
        let mut remarks: Vec<Remark> = letter.remarks.iter().map(Remark::general).collect();
        shorten(&mut body, &mut remarks);
        let thread = thread::find_thread(letter, &body, &self.office, &self.numbers);
        let authenticity = authentication::authenticity(letter, &self.office.authserv_ids);
        let folded = Folded::new(&body.own);
        let own = folded.words();
        let signs = Signs {
            letter,
            body: &body,
            words: own,
            thread: &thread,
            office: &self.office,
            departments: &self.departments,
            forged: authenticity == Authenticity::Failed,
        };
        let (class, reason) = classify::classify(signs);
        let mut reading = blank(letter, &body, own, class);
        reading.authenticity = authenticity;
        reason.clone_into(&mut reading.class_reason);
        reading.refers_to = thread.refers_to;
        reading.answers = thread.answers;
        reading.remarks = remarks;
        self.read_notice(letter, &mut reading);
        match class {
            Class::Appeal | Class::Anonymous | Class::FollowUp => self.read_person(&body, own, &mut reading),
            Class::DepartmentReply => {
                reading.essence = essence::find_essence("", Folded::new(&body.matter).words(), &[]);
            }
            Class::Bounce
            | Class::AutoReply
            | Class::Newsletter
            | Class::Spam
            | Class::Receipt
            | Class::Invite
            | Class::Empty => {}
        }
        reading.no_reply = no_reply::no_reply(letter, &self.office, reading.class);
        reading
    }

    /// What a mail server or a robot says of a letter of ours: which one it was stands anywhere in its notice.
    fn read_notice(&self, letter: &Letter, reading: &mut Reading) {
        if !matches!(reading.class, Class::Bounce | Class::Receipt | Class::AutoReply) {
            return;
        }
        for id in returned::quoted_ids(letter, &self.office) {
            if !reading.answers.contains(&id) {
                reading.answers.push(id);
            }
        }
        reading.delivery = bounce::notice(letter).and_then(|notice| returned::delivery(letter, notice));
    }

    /// Who writes, and what about: for letters of people.
    fn read_person(&self, written: &Body, words: Words<'_>, reading: &mut Reading) {
        let respelled = latin_letter::respelled(written);
        let body = respelled.as_ref().unwrap_or(written);
        let nobody = Correspondent::default();
        let from = if reading.class == Class::FollowUp { &nobody } else { &body.author };
        let flowed = flow(&body.own);
        let text = Text::of(&flowed);
        let person = find_applicant(&Sources { own: &text, from, subject: &body.subject });
        let addresses = find_addresses(&text, &self.homes);
        reading.phones = phone::find_phones(text.flowed, &self.office.own_phones);
        reading.category = category::find_category(&text.folded);
        let names: Vec<String> =
            [&person.surname, &person.name].into_iter().flatten().map(|found| found.value.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        // Nearly always the matter is all that the author wrote, and in one alphabet.
        let apart = (written.matter != written.own).then(|| Folded::new(&written.matter));
        let whole = apart.as_ref().map_or(words, Folded::words);
        reading.essence = essence::find_essence(essence_subject(written), whole, &names);
        self.take_person(person, body, reading);
        let same_place = take_addresses(addresses, reading);
        let essence = reading.essence.clone().unwrap_or_default();
        let essence = if respelled.is_some() { latin_letter::in_cyrillic(&essence) } else { essence };
        let folded = Folded::new(&essence);
        let sentences: Vec<Words<'_>> = folded.words().sentences().collect();
        let cyrillic = respelled.as_ref().map(|body| (Folded::new(&body.own), Folded::new(&body.matter)));
        let (own, matter) = cyrillic.as_ref().map_or((words, whole), |(own, matter)| (own.words(), matter.words()));
        reading.alarm = resonance::find_alarm(&body.subject, &sentences, own);
        if reading.class == Class::Appeal {
            let kind = kind::find_kind(&body.subject, matter, folded.words());
            self.read_matter(&body.subject, kind, &sentences, reading);
            reading.missing = missing::missing(reading, same_place);
            if reading.needs_ocr {
                reading.missing.clear();
                reading
                    .remarks
                    .push(Remark::general("Текст лише на зображенні: прочитайте вкладення і заповніть графи."));
            } else if reading.missing.contains(&Missing::Essence) {
                reading.remarks.push(Remark::general("Не зрозуміло, про що звернення."));
            }
        }
    }

    fn take_person(&self, person: Person, body: &Body, reading: &mut Reading) {
        let nameless = person.surname.is_none() && person.name.is_none();
        if reading.class == Class::Appeal && nameless && !body.needs_ocr {
            reading.class = Class::Anonymous;
            "немає ні прізвища, ні імені заявника".clone_into(&mut reading.class_reason);
        }
        reading.surname = person.surname;
        reading.name = person.name;
        reading.patronymic = person.patronymic;
        reading.representative_of = person.representative_of;
        reading.collective = person.collective;
        reading.remarks.extend(person.remarks);
    }

    fn read_matter(&self, subject: &str, kind: Found<Kind>, sentences: &[Words<'_>], reading: &mut Reading) {
        reading.complained_of = self.topics.complained_of(kind.value, subject, sentences);
        reading.complains_of_official =
            reading.complained_of.is_empty() && self.topics.complains_of_official(kind.value, subject, sentences);
        reading.departments = self.topics.rank(subject, sentences);
        if reading.departments.is_empty() && !self.office.default_department.is_empty() {
            let code = self.office.default_department.clone();
            reading.departments.push(Candidate { code, score: 0.0, words: Vec::new() });
        }
        reading.kind = Some(kind);
    }
}

fn blank(letter: &Letter, body: &Body, own: Words<'_>, class: Class) -> Reading {
    Reading {
        class,
        class_reason: String::new(),
        surname: None,
        name: None,
        patronymic: None,
        representative_of: None,
        collective: false,
        phones: Vec::new(),
        email: answer_address(letter, body, class),
        registered_address: None,
        temporary_address: None,
        category: None,
        essence: None,
        kind: None,
        departments: Vec::new(),
        complained_of: Vec::new(),
        complains_of_official: false,
        missing: Vec::new(),
        alarm: None,
        refers_to: None,
        answers: Vec::new(),
        authenticity: Authenticity::Silent,
        delivery: None,
        no_reply: None,
        thanks: classify::is_thanks(body, own),
        needs_ocr: body.needs_ocr,
        text_digest: repeat::text_digest(own),
        remarks: Vec::new(),
    }
}

fn take_addresses(addresses: Addresses, reading: &mut Reading) -> bool {
    reading.registered_address = addresses.registered;
    reading.temporary_address = addresses.temporary;
    reading.remarks.extend(addresses.remarks);
    addresses.same_place
}

/// The subject as far as it can speak for the matter.
fn essence_subject(body: &Body) -> &str {
    if body.needs_ocr { "" } else { &body.subject }
}

fn answer_address(letter: &Letter, body: &Body, class: Class) -> Option<String> {
    let address = if class == Class::Bounce {
        bounce::failed_recipient(letter)
    } else if body.form || body.forwarded {
        Some(body.author.address.clone()).filter(|address| !address.is_empty())
    } else {
        None
    };
    address.or_else(|| Some(letter.from.address.clone()).filter(|address| !address.is_empty()))
}

fn shorten(body: &mut Body, remarks: &mut Vec<Remark>) {
    if body.own.len() <= MAX_OWN {
        return;
    }
    body.own.truncate(body.own.floor_char_boundary(MAX_OWN));
    body.matter.truncate(body.matter.floor_char_boundary(MAX_OWN));
    remarks.push(Remark::general("Лист дуже довгий: прочитано лише початок."));
}

#[cfg(test)]
mod unusual_tests;

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::department::Department;

    #[derive(serde::Deserialize)]
    struct Departments {
        department: Vec<Department>,
    }

    /// The office of the sample letters.
    pub(crate) fn office() -> Office {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config/departments.toml");
        let departments: Departments = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        Office {
            organisation: "Сєвєродонецька міська військова адміністрація".into(),
            own_phones: vec!["+380662838182".into(), "+380951391978".into()],
            mailboxes: vec!["9a010722@gmail.com".into(), "9a020722@gmail.com".into()],
            message_id_domain: "cc.smva.example".into(),
            number_pattern: r"S-\d{6}".into(),
            home_town: "Сєвєродонецьк".into(),
            departments: departments.department,
            default_department: "soc".into(),
            ..Office::default()
        }
    }

    fn letter(from: &str, subject: &str, text: &str) -> Letter {
        Letter {
            from: Correspondent { name: String::new(), address: from.into() },
            from_count: 1,
            subject: subject.into(),
            text: text.into(),
            ..Letter::default()
        }
    }

    #[test]
    fn a_matter_goes_where_its_words_belong() {
        let reader = Reader::new(&office());
        for (subject, text, code) in [
            ("Субсидія", "Прошу пояснити, чому зняли субсидію.", "soc"),
            ("", "Чи видають гуманітарні набори у хабі в суботу?", "vpo"),
            ("", "Допоможіть вивезти маму з Борівського, вона не ходить.", "evac"),
            ("", "Прошу видати витяг з реєстру територіальної громади про склад сім'ї", "cnap"),
            ("", "Сімейний лікар виїхав, як отримати рецепт на ліки?", "med"),
            ("", "Як отримати атестат дитини, якщо школа не працює?", "edu"),
            ("", "Хто призначить опікуна сироті?", "child"),
            ("", "Потрібна консультація юриста щодо позову до суду", "legal"),
            ("", "Не виплатили заборгованість із зарплати за лютий", "fin"),
            ("", "Як скласти акт обстеження зруйнованої квартири?", "land"),
            ("", "Як оформити відстрочку в ТЦК?", "mil"),
            ("", "Чоловік зник безвісти під Бахмутом, кому писати?", "missing_persons"),
            ("", "Шукаю роботу, чи є вакансії?", "hr"),
            ("", "Чи можна записати дитину до психолога?", "psy"),
            ("", "Чому скасували автобусний рейс?", "transport"),
            ("", "Прорвало трубу, тече дах, ОСББ мовчить", "zhkg"),
            ("", "Почему нет воды и света в доме?", "zhkg"),
        ] {
            let folded = Folded::new(text);
            let sentences: Vec<Words<'_>> = folded.words().sentences().collect();
            let ranked = reader.topics.rank(subject, &sentences);
            assert_eq!(ranked.first().map(|best| best.code.as_str()), Some(code), "{text}: {ranked:?}");
        }
    }

    #[test]
    fn a_complaint_about_a_department_names_it() {
        let reader = Reader::new(&office());
        let kind = crate::domain::reading::Kind::Complaint;
        for (text, codes) in [
            ("Скарга на дії працівників УСЗН, які відмовили", &["soc"][..]),
            ("Скаржуся на сусіда. УСЗН допомогло.", &[]),
        ] {
            let folded = Folded::new(text);
            let sentences: Vec<Words<'_>> = folded.words().sentences().collect();
            assert_eq!(reader.topics.complained_of(kind, "", &sentences), codes, "{text}");
        }
    }

    #[test]
    fn classes_of_letters() {
        let reader = Reader::new(&office());
        for (from, subject, text, class) in [
            ("soc@smva.example", "S-000299", "Виконано.", Class::DepartmentReply),
            ("soc@smva.example", "Нарада", "Запрошуємо на нараду 5 травня.", Class::Invite),
            ("a@i.ua", "", "", Class::Empty),
            ("a@i.ua", "", "Надіслано з iPhone", Class::Empty),
            ("a@i.ua", "Re: Звернення S-000305", "Прописка: Гагаріна, 5.", Class::FollowUp),
            ("a@i.ua", "Подяка", "Дякую за допомогу, довідку отримала.", Class::FollowUp),
            ("a@i.ua", "", "Нагадую про моє звернення від 5 травня, відповіді немає.", Class::FollowUp),
            ("9a010722@gmail.com", "Звернення", "Ваше звернення зареєстровано", Class::AutoReply),
        ] {
            assert_eq!(reader.read(&letter(from, subject, text)).class, class, "{subject} {text}");
        }
    }
}
