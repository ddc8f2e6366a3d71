use super::*;
use crate::domain::calendar::plain as calendar;
use crate::domain::deadline::{Rule, due};

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%d.%m.%Y").unwrap()
}

/// Judges words typed by somebody while this state is in force; the row has this answer and this control.
fn judged(now: Status, words: &str, by: Setter, answer: &str, control: &str) -> Judged {
    let deadline = due(day("11.07.2022").and_hms_opt(11, 0, 0).unwrap(), Rule::Month, &calendar());
    let mut row = Row::default();
    row.set(Field::Answer, Value::text(answer));
    row.set(Field::Control, Value::text(control));
    row.set(Field::Department, Value::text("Управління соціального захисту населення"));
    let with_department = !matches!(now, Status::Registered | Status::NeedsClarification);
    let standing = Standing { status: now, row: &row, deadline: &deadline, with_department, interim: None };
    judge(&standing, &Wish { status: words.to_owned(), answer: None }, by, &calendar())
}

fn applied(judged: Judged) -> Option<Status> {
    match judged {
        Judged::Apply(change) => change.to,
        Judged::Wait(remark) | Judged::Refuse(remark) => panic!("{remark}"),
    }
}

const ANSWER: &str = "Довідку видано 12.08.2022, її можна отримати у хабі.";

#[test]
fn what_people_type_becomes_the_word_of_the_table() {
    for (now, words, by, to) in [
        (Status::Routed, "викон. 12.08", Setter::Department, Status::Solved),
        (Status::Routed, "у роботі", Setter::Department, Status::InProgress),
        (Status::Routed, "не наше", Setter::Department, Status::ReturnedForRerouting),
        (Status::InProgress, "роз'яснено", Setter::Operator, Status::Explained),
        (Status::Rework, "виконано", Setter::Department, Status::Solved),
        (Status::Solved, "На доопрацюванні", Setter::Applicant, Status::Rework),
    ] {
        assert_eq!(applied(judged(now, words, by, ANSWER, "")), Some(to), "{words}");
    }
    let Judged::Apply(same) = judged(Status::InProgress, "виконується", Setter::Department, "", "") else {
        panic!()
    };
    assert_eq!((same.to, same.cells), (None, vec![(Field::Status, Value::text("В роботі"))]));
}

#[test]
fn a_move_that_the_table_does_not_allow_is_refused_and_the_remark_says_what_is_allowed() {
    for (now, words, by, says) in [
        (Status::Registered, "виконано", Setter::Operator, "Дозволено: «Потребує уточнення», «Передано на розгляд»"),
        (Status::Forwarded, "В роботі", Setter::Operator, "змінювати стан не можна"),
        (Status::InProgress, "не наше", Setter::Operator, "змініть графу «Структурний підрозділ»"),
        (Status::InProgress, "Не підлягає розгляду", Setter::Department, "встановлює керівник"),
        (Status::InProgress, "Відмовлено у задоволенні", Setter::Operator, "структурний підрозділ або керівник"),
        (Status::InProgress, "", Setter::Operator, "порожнім"),
    ] {
        match judged(now, words, by, ANSWER, "") {
            Judged::Refuse(remark) => assert!(remark.contains(says), "{words}: {remark}"),
            other @ (Judged::Apply(_) | Judged::Wait(_)) => panic!("{words}: {other:?}"),
        }
    }
}

#[test]
fn a_final_state_waits_for_its_text_and_a_refusal_for_ground_and_motives() {
    for (words, by, answer, says) in [
        ("виконано", Setter::Department, "", "текст для заявника"),
        ("виконано", Setter::Department, "виконано", "текст для заявника"),
        ("відмовлено", Setter::Department, "Підстав немає, на обліку не перебуває.", "правової підстави"),
        ("відмовлено", Setter::Department, "Ст. 12 Закону.", "мотивів"),
        ("проміжна відповідь", Setter::Department, "", "проміжної"),
        ("закрито", Setter::Operator, ANSWER, "без зазначення результату"),
        ("абракадабра", Setter::Operator, ANSWER, "не розпізнано"),
        ("виконано?", Setter::Operator, ANSWER, "знаком питання"),
    ] {
        match judged(Status::InProgress, words, by, answer, "") {
            Judged::Wait(remark) => assert!(remark.contains(says), "{words}: {remark}"),
            other @ (Judged::Apply(_) | Judged::Refuse(_)) => panic!("{words}: {other:?}"),
        }
    }
    let good = "Вам відмовлено: Ви не перебуваєте на обліку ВПО. Підстава: п. 7 Порядку № 332.";
    assert_eq!(applied(judged(Status::InProgress, "відмовлено", Setter::Department, good, "")), Some(Status::Refused));
}

#[test]
fn only_the_supervisors_mark_extends_a_term_and_never_beyond_45_days() {
    let reason = "Очікуємо відповіді Пенсійного фонду.";
    let refused = judged(Status::InProgress, "продовжено до 20.08", Setter::Operator, reason, "");
    assert!(matches!(refused, Judged::Refuse(remark) if remark.contains("Продовжити до")));
    let marked = judged(Status::InProgress, "Термін продовжено", Setter::Operator, reason, "Продовжити до 20.08.2022");
    let Judged::Apply(change) = marked else { panic!("{marked:?}") };
    assert_eq!(change.extended_to, Some(day("20.08.2022")));
    // A Saturday: the office works to the Friday before.
    assert!(change.cells.contains(&(Field::DueDate, Value::Date(day("19.08.2022")))));
    let far = judged(Status::InProgress, "продовжено до 30.09.2022", Setter::Supervisor, reason, "");
    let Judged::Apply(change) = far else { panic!("{far:?}") };
    assert_eq!(change.extended_to, Some(day("25.08.2022")), "45 days from receipt");
    assert!(change.remark.contains("45 днів"));
    assert!(matches!(judged(Status::InProgress, "Термін продовжено", Setter::Supervisor, reason, ""), Judged::Wait(_)));
}

#[test]
fn an_interim_text_is_no_final_answer() {
    let deadline = due(day("11.07.2022").and_hms_opt(11, 0, 0).unwrap(), Rule::Month, &calendar());
    let mut row = Row::default();
    row.set(Field::Answer, Value::text(ANSWER));
    let standing = Standing {
        status: Status::InterimAnswer,
        row: &row,
        deadline: &deadline,
        with_department: true,
        interim: Some(ANSWER),
    };
    let wish = Wish { status: "виконано".into(), answer: None };
    assert!(matches!(judge(&standing, &wish, Setter::Department, &calendar()), Judged::Wait(_)));
    let wish = Wish { answer: Some("Допомогу призначено з 01.08.2022.".into()), ..wish };
    assert_eq!(applied(judge(&standing, &wish, Setter::Department, &calendar())), Some(Status::Solved));
}
