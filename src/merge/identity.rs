//! Whose row is it? A row of the sheet is found by its number, never by its position; a number that was copied, cleared
//! or retyped is seen through by the content of the row.

use crate::domain::field::Field;
use crate::domain::form::Form;
use crate::domain::number;
use crate::domain::register::Row;
use crate::domain::value::Value;
use std::collections::BTreeMap;

/// Cells of the register that tell one appeal from another; a row that lost its number is recognised by them.
const TELLING: &[Field] = &[
    Field::ReceivedDate,
    Field::ReceivedTime,
    Field::Applicant,
    Field::Phone,
    Field::Email,
    Field::RegisteredAddress,
    Field::TemporaryAddress,
    Field::Essence,
    Field::Notes,
    Field::OnBehalfOf,
];
/// The same of a department's workbook, which shows less.
const TELLING_DEPARTMENT: &[Field] = &[Field::Applicant, Field::Essence, Field::DueDate];
/// So many telling cells must agree.
const RECOGNISED: usize = 3;

/// One of these must be among them: many people live at one address, and write within one minute.
const TELLING_MOST: [Field; 2] = [Field::Applicant, Field::Essence];

/// An appeal as the ledger has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Its id in the ledger.
    pub appeal: i64,
    /// Its number.
    pub number: String,
    /// Its row now.
    pub now: Row,
    /// Its row as the copy at hand showed it; `None` if that copy did not show it.
    pub base: Option<Row>,
    /// Its rows at later revisions, oldest first: what the ledger took or decided since that copy was written.
    pub since: Vec<Row>,
    /// It was made of a row typed into this workbook and its number was never seen there.
    pub adopted: bool,
}

impl Known {
    /// What the copy at hand most likely shows of it.
    fn shown(&self) -> &Row {
        self.base.as_ref().unwrap_or(&self.now)
    }
}

/// What a row of the sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The row of this appeal (position in the list of the known).
    Appeal(usize),
    /// A copy of the row of this appeal.
    Copy(usize),
    /// A number that the ledger has never issued.
    Foreign,
    /// A row without a number.
    New,
}

/// What each row of the sheet is.
pub fn places(form: Form, rows: &[Row], known: &[Known]) -> Vec<Place> {
    let by_number: BTreeMap<String, usize> =
        known.iter().enumerate().map(|(position, known)| (number::fold(&known.number), position)).collect();
    let mut claims: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut places: Vec<Place> = rows
        .iter()
        .enumerate()
        .map(|(position, row)| match row.get(Field::Number) {
            Value::Empty => Place::New,
            typed @ (Value::Text(_) | Value::Number(_) | Value::Date(_) | Value::Time(_)) => {
                match by_number.get(&number::fold(&typed.to_string())) {
                    Some(known) => {
                        claims.entry(*known).or_default().push(position);
                        Place::Appeal(*known)
                    }
                    None => Place::Foreign,
                }
            }
        })
        .collect();
    settle_claims(rows, known, &claims, &mut places);
    recognise(telling(form), rows, (known, &claims), &mut places);
    places
}

/// Of several rows with one number, the one most like what was shown is the original; the others are copies.
fn settle_claims(rows: &[Row], known: &[Known], claims: &BTreeMap<usize, Vec<usize>>, places: &mut [Place]) {
    for (appeal, claimants) in claims.iter().filter(|(_, claimants)| claimants.len() > 1) {
        let Some(shown) = known.get(*appeal).map(Known::shown) else { continue };
        let likeness = |position: &usize| rows.get(*position).map_or(0, |row| equal_cells(row, shown));
        // The first of the likest: `max_by_key` would take the last.
        let original = claimants.iter().rev().max_by_key(|position| likeness(position)).copied();
        for claimant in claimants {
            if Some(*claimant) != original
                && let Some(place) = places.get_mut(*claimant)
            {
                *place = Place::Copy(*appeal);
            }
        }
    }
}

/// Rows without a (known) number, or with that of another row, that are plainly those of an appeal that is otherwise
/// missing.
fn recognise(
    telling: &[Field],
    rows: &[Row],
    (known, claims): (&[Known], &BTreeMap<usize, Vec<usize>>),
    places: &mut [Place],
) {
    let missing: Vec<usize> = known
        .iter()
        .enumerate()
        .filter(|(position, known)| (known.base.is_some() || known.adopted) && !claims.contains_key(position))
        .map(|(position, _)| position)
        .collect();
    if missing.is_empty() {
        return;
    }
    let mut index: BTreeMap<(Field, &Value), Vec<usize>> = BTreeMap::new();
    for position in &missing {
        if let Some(shown) = known.get(*position).map(Known::shown) {
            for field in telling {
                let value = shown.get(*field);
                if !value.is_empty() {
                    index.entry((*field, value)).or_default().push(*position);
                }
            }
        }
    }
    // Appeals that are there, by applicant and essence: a row like one of them may be its copy without the number.
    let mut present: BTreeMap<(Value, Value), usize> = BTreeMap::new();
    for position in claims.keys() {
        if let Some(matter) = known.get(*position).and_then(|known| known.shown().matter()) {
            present.entry(matter).or_insert(*position);
        }
    }
    let mut candidates = Vec::new();
    for (row, place) in places.iter().enumerate() {
        // What a copy shares with its original says nothing about another appeal.
        let original = match place {
            Place::Appeal(_) => continue,
            Place::Copy(original) => Some(original),
            Place::Foreign | Place::New => rows.get(row).and_then(Row::matter).and_then(|matter| present.get(&matter)),
        };
        let shared = original.map_or(0, |original| 1 + telling_cells(telling, rows.get(row), known.get(*original)));
        let enough = RECOGNISED.max(shared);
        let mut likeness: BTreeMap<usize, usize> = BTreeMap::new();
        for field in telling {
            let value = rows.get(row).map_or(&Value::Empty, |row| row.get(*field));
            for position in index.get(&(*field, value)).into_iter().flatten() {
                *likeness.entry(*position).or_default() += 1;
            }
        }
        let alike = |position: &usize| {
            let (row, known) = (rows.get(row), known.get(*position));
            telling_cells(&TELLING_MOST, row, known) > 0 && !is_another_matter(row, known)
        };
        candidates.extend(
            likeness
                .into_iter()
                .filter(|(position, count)| *count >= enough && alike(position))
                .map(|(known, count)| (count, row, known)),
        );
    }
    // The likest pairs first; each row and each appeal once.
    candidates.sort_by_key(|(count, row, known)| (std::cmp::Reverse(*count), *row, *known));
    let mut taken = std::collections::BTreeSet::new();
    for (_, row, appeal) in candidates {
        if let Some(place) = places.get_mut(row)
            && !matches!(place, Place::Appeal(_))
            && taken.insert(appeal)
        {
            *place = Place::Appeal(appeal);
        }
    }
}

/// Whether a row tells another matter than the appeal: one person has several, all with the same phone and address, but
/// not in one minute.
fn is_another_matter(row: Option<&Row>, known: Option<&Known>) -> bool {
    let (Some(row), Some(shown)) = (row, known.map(Known::shown)) else { return false };
    let (told, kept) = (row.get(Field::Essence), shown.get(Field::Essence));
    let minute = [Field::ReceivedDate, Field::ReceivedTime];
    told != kept
        && !told.is_empty()
        && !kept.is_empty()
        && telling_cells(&minute, Some(row), known) < minute.len()
        && row.get(Field::Applicant) == shown.get(Field::Applicant)
}

fn telling(form: Form) -> &'static [Field] {
    match form {
        Form::Register => TELLING,
        Form::Department => TELLING_DEPARTMENT,
    }
}

/// How many telling cells a row shares with what is shown of an appeal.
fn telling_cells(telling: &[Field], row: Option<&Row>, known: Option<&Known>) -> usize {
    let (Some(row), Some(shown)) = (row, known.map(Known::shown)) else { return 0 };
    telling.iter().filter(|field| !row.get(**field).is_empty() && row.get(**field) == shown.get(**field)).count()
}

fn equal_cells(row: &Row, shown: &Row) -> usize {
    Field::all().filter(|field| !row.get(*field).is_empty() && row.get(*field) == shown.get(*field)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(Field, &str)]) -> Row {
        let mut row = Row::default();
        cells.iter().for_each(|(field, text)| row.set(*field, Value::text(text)));
        row
    }

    fn known(appeal: i64, row: &Row) -> Known {
        Known {
            appeal,
            number: row.get(Field::Number).to_string(),
            now: row.clone(),
            base: Some(row.clone()),
            since: Vec::new(),
            adopted: false,
        }
    }

    #[test]
    fn neighbours_who_wrote_in_one_minute_are_not_taken_for_each_other() {
        let row = |number: &str, applicant: &str, essence: &str| {
            row(&[
                (Field::Number, number),
                (Field::ReceivedDate, "02.03.2026"),
                (Field::ReceivedTime, "10:30"),
                (Field::TemporaryAddress, "м. Дніпро, вул. Робоча, буд. 7"),
                (Field::Applicant, applicant),
                (Field::Essence, essence),
            ])
        };
        let known = [known(7, &row("Ш-7/2026", "Шевчук Андрій", "Просить відремонтувати дах"))];
        let places = |row: Row| places(Form::Register, &[row], &known);
        assert_eq!(places(row("", "Петренко Іван", "Просить субсидію")), [Place::New]);
        assert_eq!(places(row("", "Шевчук Андрій", "Просить субсидію")), [Place::Appeal(0)]);
        assert_eq!(places(row("", "Шевчук А. І.", "Просить відремонтувати дах")), [Place::Appeal(0)]);
    }

    #[test]
    fn a_copy_without_its_number_is_no_other_appeal_of_the_same_person() {
        let row = |number: &str, time: &str, essence: &str, note: &str| {
            row(&[
                (Field::Number, number),
                (Field::ReceivedDate, "02.03.2026"),
                (Field::ReceivedTime, time),
                (Field::Phone, "+380661234567"),
                (Field::RegisteredAddress, "м. Сєвєродонецьк, вул. Гагаріна, буд. 7"),
                (Field::Applicant, "Шевчук Андрій"),
                (Field::Essence, essence),
                (Field::Notes, note),
            ])
        };
        let roof = row("П-2/2026", "10:30", "Просить відремонтувати дах", "нотатка");
        let pipe = row("П-6/2026", "11:45", "Просить замінити трубу", "інша нотатка");
        let all = [known(2, &roof), known(6, &pipe)];
        let copy = row("", "10:30", "Просить відремонтувати дах", "стара нотатка");
        assert_eq!(places(Form::Register, &[roof.clone(), copy], &all), [Place::Appeal(0), Place::New]);
        let typed = row("", "", "Просить матеріальну допомогу", "");
        assert_eq!(places(Form::Register, &[roof.clone(), typed], &all), [Place::Appeal(0), Place::New]);
        let unnumbered = row("", "11:45", "Просить замінити трубу", "інша нотатка");
        assert_eq!(places(Form::Register, &[roof, unnumbered], &all), [Place::Appeal(0), Place::Appeal(1)]);
    }
}
