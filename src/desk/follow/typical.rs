//! Typical answers of an appeal: which ones fit, as the hint names them, and the text in place of `ТВ-7`.

use super::{Look, remark};
use crate::desk::action::NewEvent;
use crate::desk::typical::{Typical, is_only_a_name, named, proposed};
use crate::domain::event::EventKind;
use crate::domain::field::Field;
use crate::domain::value::Value;

/// Looks at the answer cell; `true` if the text was put in place of the number.
pub(super) fn put_in(look: &mut Look<'_>) -> bool {
    let case = look.case;
    let cell = case.row.get(Field::Answer).to_string();
    let Some(number) = named(&cell) else {
        look.remark(remark::ANSWER, None);
        return false;
    };
    let typical = case.typical.iter().find(|typical| typical.number == number);
    let usable = typical.map_or_else(|| Err("такої немає".to_owned()), |typical| typical.usable(look.now.date()));
    match (typical, usable) {
        (Some(typical), Ok(())) if is_only_a_name(&cell) => {
            let mut moved = look.change(None, "a typical answer was named");
            if let Some((actor, _)) = case.edits.get(&Field::Status) {
                moved.actor.clone_from(actor);
            }
            moved.cells = vec![(Field::Answer, Value::text(&typical.text()))];
            moved.events.push(NewEvent { kind: EventKind::Typical, detail: number.to_string(), open: false });
            look.remark(remark::ANSWER, None);
            look.go(moved);
            true
        }
        (_, Ok(())) => {
            look.remark(remark::ANSWER, Some(&format!("залиште у графі лише «ТВ-{number}» або впишіть увесь текст.")));
            false
        }
        (_, Err(why)) => {
            let line = format!("відповідь ТВ-{number} надіслати не можна: {why}. Впишіть текст або іншу відповідь.");
            look.remark(remark::ANSWER, Some(&line));
            false
        }
    }
}

/// Names those that fit while nothing is answered.
pub(super) fn propose(look: &mut Look<'_>) {
    let case = look.case;
    let open = !case.status.is_final() && case.row.get(Field::Answer).is_empty();
    let matter = case.row.get(Field::Essence).to_string();
    let line = proposed(&matter, &case.typical, look.now.date()).filter(|_| open);
    look.remark(remark::TYPICAL, line.as_deref());
}

/// The typical answer that stands in the row, if the applicant is told just that.
pub(super) fn told(look: &Look<'_>) -> Option<NewEvent> {
    let number: i64 = look.case.last(EventKind::Typical)?.detail.parse().ok()?;
    let is_it =
        |typical: &&Typical| typical.number == number && typical.text() == look.case.row.get(Field::Answer).to_string();
    let typical = look.case.typical.iter().find(is_it)?;
    Some(NewEvent { kind: EventKind::TypicalUsed, detail: typical.number.to_string(), open: false })
}
