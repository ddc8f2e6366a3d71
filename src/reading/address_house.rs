//! House, block, flat and room: the numbers of an address, and the numbers that are none.

use crate::reading::address_parse::Look;
use crate::reading::fold::tidy;
use crate::reading::words::Sort;

impl Look<'_> {
    /// House, block and flat from this token on: as a clerk writes them, and the last token.
    pub(super) fn house(&self, from: usize) -> Option<(String, usize)> {
        let mut at = from;
        if self.is_mark(at, ",") || self.is_mark(at, "-–—") && self.number(at + 1).is_some() {
            at += 1;
        }
        // A wrapped line may end before the number.
        if self.token(at).is_some_and(|token| token.lines() == 1) && self.number(at + 1).is_some() {
            at += 1;
        }
        let labelled = self.folded(at).is_some_and(|word| HOUSE.contains(&word));
        if labelled {
            at += 1;
            if self.is_mark(at, ".") {
                at += 1;
            }
        }
        if self.is_mark(at, "№") {
            at += 1;
        }
        let number = self.number(at).filter(|number| number.len() <= 4 && !number.starts_with('0'))?;
        if !labelled && self.no_house_after(at) {
            return None;
        }
        let mut house = number.to_owned();
        let mut last = at;
        let mut dash_flat: Option<String> = None;
        // 32/1, 32-А, 32а, 40-2 (house 40, flat 2).
        if self.is_mark(at + 1, "/\\") && !self.gap(at + 2) {
            if let Some(part) =
                self.token(at + 2).filter(|token| token.sort != Sort::Mark && token.text.chars().count() <= 4)
            {
                house = format!("{house}/{}", tidy(part.text));
                last = at + 2;
            }
        } else if self.is_mark(at + 1, "-–") && !self.gap(at + 1) && !self.gap(at + 2) {
            if let Some(letter) = self.word(at + 2).filter(|word| word.text.chars().count() == 1) {
                house = format!("{house}-{}", tidy(letter.text));
                last = at + 2;
            } else if let Some(flat) = self.number(at + 2).filter(|flat| flat.len() <= 3 && !self.is_mark(at + 3, "-–"))
            {
                dash_flat = Some(flat.to_owned());
                last = at + 2;
            }
        } else if let Some(letter) = self.letter_after(at) {
            house = format!("{house}{letter}");
            last = at + 1;
            // "107б/19": the flat stands behind the stroke.
            if self.is_mark(last + 1, "/")
                && !self.gap(last + 2)
                && let Some(flat) = self.number(last + 2).filter(|flat| flat.len() <= 3)
            {
                return Some((format!("буд. {house}, кв. {flat}"), last + 2));
            }
        }
        // A letter glued to a fraction: 12/14а.
        if last > at
            && self.number(last).is_some()
            && let Some(letter) = self.letter_after(last)
        {
            house.push_str(&letter);
            last += 1;
        }
        let mut shown = format!("буд. {house}");
        if let Some((block, end)) = self.labelled_number(last + 1, BLOCK) {
            shown = format!("{shown}, корп. {block}");
            last = end;
        }
        if let Some(flat) = dash_flat {
            return Some((format!("{shown}, кв. {flat}"), last));
        }
        if let Some((flat, end)) = self.labelled_number(last + 1, FLAT) {
            return Some((format!("{shown}, кв. {flat}"), end));
        }
        if let Some((room, end)) = self.labelled_number(last + 1, ROOM) {
            return Some((format!("{shown}, кімн. {room}"), end));
        }
        // "Сметаніна 18, 42": a small number right behind a comma is the flat.
        if self.is_mark(last + 1, ",")
            && let Some(flat) = self.number(last + 2).filter(|flat| flat.len() <= 3 && !flat.starts_with('0'))
            && !self.no_house_after(last + 2)
            && !self.is_mark(last + 3, "/-")
        {
            return Some((format!("{shown}, кв. {flat}"), last + 2));
        }
        Some((shown, last))
    }

    fn gap(&self, index: usize) -> bool {
        self.token(index).is_some_and(|token| token.gap)
    }

    /// A single letter glued to the number (or with a space, before a comma or an end): 32а, 32 А.
    fn letter_after(&self, at: usize) -> Option<String> {
        let token = self.token(at + 1).filter(|token| token.sort == Sort::Word)?;
        let one = token.text.chars().count() == 1;
        let closed =
            self.token(at + 2).is_none_or(|next| matches!(next.text, "," | ";" | ")") || next.sort == Sort::Break);
        let fits = one && (!token.gap || (token.capital && closed)) && (!token.gap || !self.is_mark(at + 2, "/"));
        fits.then(|| tidy(token.text))
    }

    /// ", кв. 5", "кв 5", "(кімната 105)".
    fn labelled_number(&self, from: usize, labels: &[&str]) -> Option<(String, usize)> {
        let mut at = from;
        let mut bracket = false;
        if self.is_mark(at, ",;/") {
            at += 1;
        }
        if self.is_mark(at, "(") {
            bracket = true;
            at += 1;
        }
        // A wrapped line may end before the label.
        if self.token(at).is_some_and(|token| token.lines() == 1) {
            at += 1;
        }
        if !labels.contains(&self.folded(at)?) {
            return None;
        }
        at += 1;
        while self.is_mark(at, ".№:") || self.token(at).is_some_and(|token| token.lines() == 1) {
            at += 1;
        }
        let number = self.number(at).filter(|number| number.len() <= 4)?;
        let mut value = number.to_owned();
        if self.is_mark(at + 1, "-")
            && !self.gap(at + 1)
            && let Some(letter) = self.word(at + 2).filter(|word| word.text.chars().count() == 1)
        {
            value = format!("{value}-{}", letter.text);
            at += 2;
        } else if let Some(letter) = self.word(at + 1).filter(|word| !word.gap && word.text.chars().count() == 1) {
            value.push_str(letter.text);
            at += 1;
        }
        if bracket && self.is_mark(at + 1, ")") {
            at += 1;
        }
        Some((value, at))
    }

    /// Whether the number is none of a house: a year, a sum, a time, a date, a phone, a count.
    fn no_house_after(&self, at: usize) -> bool {
        let number = self.number(at).unwrap_or("");
        if number.len() == 4 && (number.starts_with("19") || number.starts_with("20")) {
            return true;
        }
        if self.number(at + 1).is_some() && self.gap(at + 1) {
            return true;
        }
        if self.is_mark(at + 1, ".:") && self.number(at + 2).is_some() && !self.gap(at + 2) {
            return true;
        }
        self.folded(at + 1)
            .is_some_and(|word| COUNTED.iter().any(|counted| word.starts_with(counted)) || MONTHS.contains(&word))
    }
}

/// Whether the word announces the number of a house, block, flat or room.
pub(super) fn is_house_label(folded: &str) -> bool {
    [HOUSE, BLOCK, FLAT, ROOM].iter().any(|labels| labels.contains(&folded))
}

const HOUSE: &[&str] = &["буд", "будинок", "будинку", "б", "д", "дом", "дома", "доме", "house"];
const BLOCK: &[&str] = &["корп", "корпус", "блок", "секція"];
const FLAT: &[&str] = &["кв", "квартира", "квартирі", "квартире", "кварт", "apt", "m"];
const ROOM: &[&str] = &["кімн", "кімната", "кімнаті", "кім", "к", "ком", "комната", "комн", "комнате"];

/// Words that count what stands before them.
const COUNTED: &[&str] = &[
    "грн",
    "гривен",
    "рок",
    "років",
    "р.н",
    "год",
    "хв",
    "хвилин",
    "осіб",
    "люд",
    "шт",
    "підпис",
    "відсот",
    "кг",
    "км",
    "тис",
    "млн",
    "дн",
    "місяц",
    "місяч",
    "раз",
    "доб",
    "лет",
    "год",
    "руб",
    "діт",
    "дітей",
    "родин",
    "га",
    "поверх",
    "пункт",
    "статт",
    "клас",
    "літр",
    "мг",
    "група",
    "групи",
];

/// Months as they stand in dates.
pub(super) const MONTHS: &[&str] = &[
    "січня",
    "лютого",
    "березня",
    "квітня",
    "травня",
    "червня",
    "липня",
    "серпня",
    "вересня",
    "жовтня",
    "листопада",
    "грудня",
];
