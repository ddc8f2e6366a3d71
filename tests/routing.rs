//! Who gets an appeal: chosen by an operator or by the service, never those complained of, sent back, shared.

use crate::departments::{answer, answer_at, cell, department, line, sent_to};
use crate::office::{Office, letter, text};
use std::path::{Path, PathBuf};

const STATUS: &str = "Статус";
const DEPARTMENT: &str = "Структурний підрозділ (виконавець)";
const HINT: &str = "Підказка системи";
const SOC: &str = "Управління праці та соціального захисту населення";
const ZHKG: &str = "Управління житлово-комунального господарства";

/// An office in this mode of routing, whose supervisor has a mailbox.
fn office(mode: &str) -> Office {
    let office = Office::new();
    office.configure("quiet_seconds = 3", "quiet_seconds = 1");
    office.configure("mode = \"suggest\"", &format!("mode = \"{mode}\""));
    office.configure("supervisor_email = []", "supervisor_email = [\"kerivnyk@smva.example\"]");
    office
}

/// The letter of a citizen about this matter.
fn about(office: &Office, n: usize, matter: &str) {
    let whole = text(&letter(n));
    let own = "прошу призначити мені субсидію на оплату комунальних послуг";
    assert!(whole.contains(own));
    office.drop_letter(1, &format!("letter {n}"), whole.replace(own, matter).as_bytes());
}

fn typed(office: &Office, number: &str, moment: &str, cells: &[(&str, &str)]) {
    let script: Vec<String> =
        cells.iter().map(|(header, value)| format!("cell('{number}', '{header}').value = '{value}'")).collect();
    office.person(&office.register(), &script.join("\n"));
    office.at(moment);
}

fn oneline(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn only(letters: &[PathBuf]) -> &Path {
    assert_eq!(letters.len(), 1, "{letters:?}");
    &letters[0]
}

const SURE: &str = "прошу оформити пенсію по інвалідності, призначити субсидію та пільги інваліду";
const UNSURE: &str = "прошу призначити субсидію, а також вивезти сміття з двору";

#[test]
fn the_service_gives_an_appeal_away_by_itself_only_where_it_is_told_to_and_sure() {
    let office = office("auto");
    about(&office, 1, SURE);
    about(&office, 2, UNSURE);
    office.at("2026-03-02T10:30:00+02:00");
    assert_eq!(cell(&office, "П-1/2026", DEPARTMENT), SOC, "{}", cell(&office, "П-1/2026", HINT));
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Передано на розгляд");
    assert_eq!(cell(&office, "П-1/2026", "Дата передачі на розгляд"), "2026-03-02");
    assert_eq!(cell(&office, "П-2/2026", DEPARTMENT), "");
    assert_eq!(cell(&office, "П-2/2026", STATUS), "Зареєстровано");
    let told = sent_to(&office, &Default::default(), "petrenko1@ukr.net");
    assert!(
        line(only(&told)).contains("до Управління праці та соціального захисту населення"),
        "one letter says it all"
    );
    let before = office.sent();
    office.at("2026-03-02T10:46:00+02:00");
    only(&sent_to(&office, &before, "soc@smva.example"));
    let (sent, rows) = (office.sent(), office.rows());
    office.at("2026-03-02T11:46:00+02:00");
    assert_eq!((office.sent(), office.rows()), (sent, rows), "nothing is done twice");
}

#[test]
fn in_the_ordinary_mode_the_service_only_suggests() {
    let office = office("suggest");
    about(&office, 1, SURE);
    office.at("2026-03-02T10:30:00+02:00");
    assert_eq!(cell(&office, "П-1/2026", DEPARTMENT), "");
    assert!(cell(&office, "П-1/2026", HINT).contains(&format!("Пропонований підрозділ: {SOC}")));
}

#[test]
fn what_an_operator_emptied_is_not_filled_in_again() {
    let office = office("auto");
    about(&office, 1, SURE);
    office.at("2026-03-02T10:30:00+02:00");
    office.person(&office.register(), &format!("cell('П-1/2026', '{DEPARTMENT}').value = None"));
    office.at("2026-03-02T10:40:00+02:00");
    assert_eq!(cell(&office, "П-1/2026", DEPARTMENT), "");
    let before = office.sent();
    typed(&office, "П-1/2026", "2026-03-02T10:50:00+02:00", &[(DEPARTMENT, "ЖКГ")]);
    office.at("2026-03-02T11:10:00+02:00");
    assert_eq!(cell(&office, "П-1/2026", DEPARTMENT), ZHKG);
    only(&sent_to(&office, &before, "zhkg@smva.example"));
}

#[test]
fn a_complaint_goes_to_the_supervisor_and_never_to_those_complained_of() {
    let office = office("auto");
    about(&office, 1, "скаржуся на бездіяльність працівників УСЗН, які не призначають субсидію, пільги та пенсію");
    about(&office, 2, "подаю скаргу на дії посадової особи Сидоренка, який відмовив прийняти документи на субсидію");
    office.at("2026-03-02T10:30:00+02:00");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Зареєстровано");
    let told = sent_to(&office, &Default::default(), "kerivnyk@smva.example");
    let told: Vec<String> = told.iter().map(|letter| line(letter)).collect();
    let about = |number: &str| told.iter().find(|letter| letter.contains(number)).unwrap();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(about("№ П-1/2026").contains(&format!("На кого скаржаться: {SOC}")), "{told:?}");
    assert!(about("№ П-2/2026").contains("посадова особа, підрозділ якої в тексті не названо"), "{told:?}");
    let before = office.sent();
    typed(&office, "П-1/2026", "2026-03-02T10:40:00+02:00", &[(DEPARTMENT, "УСЗН")]);
    assert_eq!(cell(&office, "П-1/2026", DEPARTMENT), "");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Зареєстровано");
    assert!(cell(&office, "П-1/2026", HINT).contains("не можна передати йому ж (стаття 7 Закону)"));
    typed(
        &office,
        "П-1/2026",
        "2026-03-02T10:50:00+02:00",
        &[(DEPARTMENT, "юридичний відділ"), ("Примітки", "співвиконавці: УСЗН")],
    );
    office.at("2026-03-02T11:10:00+02:00");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Передано на розгляд");
    assert!(cell(&office, "П-1/2026", HINT).contains("не може бути співвиконавцем"));
    only(&sent_to(&office, &before, "legal@smva.example"));
    assert!(sent_to(&office, &before, "soc@smva.example").is_empty());
}

/// An office whose appeal a department was given, with the letter that told it.
fn given(notes: &str) -> (Office, PathBuf) {
    let office = office("suggest");
    about(&office, 1, SURE);
    office.at("2026-03-02T10:30:00+02:00");
    let before = office.sent();
    typed(&office, "П-1/2026", "2026-03-02T10:40:00+02:00", &[(DEPARTMENT, "УСЗН"), ("Примітки", notes)]);
    office.at("2026-03-02T10:56:00+02:00");
    let told = only(&sent_to(&office, &before, "soc@smva.example")).to_owned();
    (office, told)
}

#[test]
fn a_department_sends_an_appeal_back_and_the_operator_chooses_another_one() {
    let (office, told) = given("");
    let words = "П-1/2026 – не наше, просимо передати до ЖКГ.";
    let echo = answer(&office, &told, ("a", "soc@smva.example", words), None);
    assert!(echo.contains("№ П-1/2026: Повернуто на перерозподіл"), "{echo}");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Повернуто на перерозподіл");
    let hint = cell(&office, "П-1/2026", HINT);
    assert!(hint.contains("повернув звернення як не своє") && hint.contains("передати до ЖКГ"), "{hint}");
    let answer_column = "Надана відповідь (результат розгляду)";
    assert_eq!(cell(&office, "П-1/2026", answer_column), "", "«не наше» is nothing for the applicant");
    let before = office.sent();
    typed(&office, "П-1/2026", "2026-03-03T11:30:00+02:00", &[(DEPARTMENT, "ЖКГ")]);
    office.at("2026-03-03T11:50:00+02:00");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Передано на розгляд");
    let hint = cell(&office, "П-1/2026", HINT);
    assert!(!hint.contains("повернув звернення як не своє"), "{hint}");
    only(&sent_to(&office, &before, "zhkg@smva.example"));
    only(&sent_to(&office, &before, "petrenko1@ukr.net"));
    let echo = answer_at(
        &office,
        "2026-03-03T12:00:00+02:00",
        &told,
        ("b", "soc@smva.example", "П-1/2026 – виконано, субсидію призначено."),
        None,
    );
    assert!(oneline(&echo).contains("не на розгляді у Вашого підрозділу"), "{echo}");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Передано на розгляд");
}

#[test]
fn a_co_executor_gets_the_appeal_and_reports_but_does_not_change_its_state() {
    let (office, _) = given("співвиконавці: ЖКГ, пожежна частина");
    let hint = cell(&office, "П-1/2026", HINT);
    assert!(hint.contains("Співвиконавці: співвиконавця «пожежна частина» немає в переліку"), "{hint}");
    let told = sent_to(&office, &Default::default(), "zhkg@smva.example");
    let book = office.path("answer.xlsx");
    department(&["attachment", only(&told).to_str().unwrap(), book.to_str().unwrap()]);
    let shown = department(&["show", book.to_str().unwrap()]);
    assert!(shown.contains(&format!("Відповідає: {SOC}. Співвиконавці: {ZHKG}.")), "{shown}");
    let words = "П-1/2026 – виконано: заборгованості за адресою заявника немає.";
    let echo = answer(&office, only(&told), ("a", "zhkg@smva.example", words), None);
    assert!(oneline(&echo).contains("стан змінює підрозділ, який відповідає"), "{echo}");
    assert_eq!(cell(&office, "П-1/2026", STATUS), "Передано на розгляд");
    let hint = cell(&office, "П-1/2026", HINT);
    assert!(
        hint.contains("як співвиконавець: П-1/2026 – виконано: заборгованості за адресою заявника немає"),
        "{hint}"
    );
}

#[test]
fn a_resonant_appeal_does_not_wait_for_the_batch() {
    let office = office("suggest");
    about(&office, 1, SURE);
    office.at("2026-03-02T10:30:00+02:00");
    let before = office.sent();
    typed(&office, "П-1/2026", "2026-03-02T10:40:00+02:00", &[("Контроль", "Резонансне"), (DEPARTMENT, "УСЗН")]);
    only(&sent_to(&office, &before, "soc@smva.example"));
}
