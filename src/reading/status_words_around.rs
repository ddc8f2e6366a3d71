//! Verbs of a status cell whose meaning the words around them decide: "передано" to whom, "надано" what.

use super::status_words_judge::Form;
use super::status_words_table::{EXECUTORS, GIVEN, INSIDE, Meaning, OUTSIDE};
use super::status_words_text::Word;
use crate::domain::status::Status;
use Meaning::{Ask, Is, Order};

/// Whether any word begins so.
pub(super) fn has(clause: &[Word], stems: &[&str]) -> bool {
    clause.iter().any(|word| stems.iter().any(|stem| word.text.starts_with(stem)))
}

/// "передано", "направлено": to whom and what decides.
pub(super) fn sending(clause: &[Word], word: &str, form: Form) -> Meaning {
    let paper = has(clause, &["відпов", "ответ", "лист", "копі", "інформ", "роз", "документ"]);
    let belongs = has(clause, &["належ", "принадлеж", "підслід"]);
    match form {
        Form::Infinitive if paper => return Order,
        Form::Infinitive => return Is(Status::ReturnedForRerouting),
        Form::NotYet if belongs || word.starts_with("переси") => return Is(Status::Forwarded),
        Form::NotYet => return Is(Status::InProgress),
        Form::Noun => return Order,
        Form::Done => {}
    }
    let applicant = has(clause, &["заявни", "заявит", "громадян"]);
    if belongs {
        return Is(Status::Forwarded);
    }
    if has(clause, &["запит", "запрос"]) {
        return Is(Status::InterimAnswer);
    }
    if has(clause, &["доопрац", "доработ"]) {
        return Is(Status::Rework);
    }
    let to_body = has(clause, &OUTSIDE) || clause.iter().any(|word| word.capitals);
    // "листом" is the means, not what was sent.
    let by_letter = clause.iter().any(|word| word.text == "листом" || word.text == "листами");
    if by_letter && !applicant && !has(clause, &["відпов", "ответ", "роз"]) && (to_body || word.starts_with("пере"))
    {
        return Is(Status::Forwarded);
    }
    if paper || applicant {
        return if to_body && !applicant && has(clause, &["лист"]) { Is(Status::InterimAnswer) } else { Ask };
    }
    if has(clause, &["робот", "виконан", "підпис", "погодж", "комісі"]) || has(clause, &EXECUTORS)
    {
        return Is(Status::InProgress);
    }
    let foreign = has(clause, &OUTSIDE);
    if has(clause, &INSIDE) && !foreign {
        return Is(Status::ReturnedForRerouting);
    }
    if has(clause, &["розгляд", "рассмотр"]) && !clause.iter().any(|word| word.text == "до" || word.capitals)
    {
        return Is(Status::Routed);
    }
    Is(Status::Forwarded)
}

/// "повернуто": where to decides.
pub(super) fn returning(clause: &[Word]) -> Meaning {
    if has(clause, &["перерозпод", "оператор", "перенаправ"]) {
        return Is(Status::ReturnedForRerouting);
    }
    if has(clause, &["доопрац", "доработ"]) {
        return Is(Status::Rework);
    }
    if has(clause, &["кошт", "борг", "гроші"]) {
        return Is(Status::Solved);
    }
    Is(Status::ReturnedToApplicant)
}

/// "надано", "отримано": the object decides.
pub(super) fn giving(clause: &[Word], verb: &Word) -> Meaning {
    let others = clause.iter().filter(|word| *word != verb);
    let object =
        others.filter_map(|word| GIVEN.iter().find(|(stem, _)| word.text.starts_with(stem))).map(|(_, m)| *m).next();
    let received = ["отрим", "получ", "одерж"].iter().any(|stem| verb.text.starts_with(stem));
    match object {
        Some(Is(Status::Explained)) if received => Ask,
        Some(meaning) => meaning,
        None if received && has(clause, &["робот", "виконан"]) => Is(Status::InProgress),
        None => Ask,
    }
}

/// "прийнято", "взято": into what decides.
pub(super) fn taking(clause: &[Word]) -> Meaning {
    if has(clause, &["відом", "ведом", "сведен"]) {
        return Ask;
    }
    if has(clause, &["облік", "учет", "квартоблік"]) {
        return Is(Status::Solved);
    }
    if has(clause, &["рішен", "решен"]) {
        return if has(clause, &["відмов", "отказ", "негатив"]) {
            Is(Status::Refused)
        } else if has(clause, &["позитив", "положит"]) {
            Is(Status::Solved)
        } else {
            Ask
        };
    }
    Is(Status::InProgress)
}

/// "призначено": aid, or only a commission.
pub(super) fn assigning(clause: &[Word]) -> Meaning {
    if has(clause, &["комісі", "обстеж", "виїзд", "виконав", "зустріч", "прийом", "дат", "відповідальн"])
    {
        return Is(Status::InProgress);
    }
    Is(Status::Solved)
}

/// "вирішено" is solved, "вирішено відмовити" is not; "рішення" alone says nothing.
pub(super) fn deciding(clause: &[Word], word: &str) -> Option<Meaning> {
    if has(clause, &["відмов", "отказ", "негатив"]) {
        return Some(Is(Status::Refused));
    }
    if has(clause, &["продовж", "продли"]) {
        return Some(Is(Status::Extended));
    }
    if word.starts_with("рішенн") || word.starts_with("решени") {
        return None;
    }
    Some(Is(Status::Solved))
}
