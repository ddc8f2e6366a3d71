//! Departments that take part besides the one that has the appeal: named by an operator in "Примітки" after the word
//! "співвиконавці". One appeal, one answer: they see it and report, its state is for the department that has it.

use crate::domain::department::Department;
use crate::domain::field::Field;
use crate::domain::office::Office;
use crate::domain::register::Row;

/// The word that begins the list, in any form of it.
const WORDS: [&str; 2] = ["співвик", "соисполн"];
/// What stands between two names; a name may hold some of it ("обліку житла та майна").
const BETWEEN: [&str; 6] = [",", ";", " та ", " і ", " й ", "+"];

/// What a note names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Codes of departments, each once, in order.
    pub codes: Vec<String>,
    /// Words that are no department's name.
    pub unknown: Vec<String>,
}

/// The co-executors of an appeal.
pub fn of(office: &Office, row: &Row) -> Named {
    let mut named = Named::default();
    for line in row.get(Field::Notes).to_string().lines() {
        if let Some(list) = list(line) {
            read(office, list, &mut named);
        }
    }
    named
}

/// Whether a department takes part.
pub fn takes_part(office: &Office, row: &Row, code: &str) -> bool {
    of(office, row).codes.iter().any(|named| named == code)
}

/// What follows the word, up to the end of the sentence.
fn list(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let word = words.find(|word| WORDS.iter().any(|begin| word.to_lowercase().starts_with(begin)))?;
    let (_, rest) = line.split_once(word)?;
    let rest = rest.split(". ").next().unwrap_or(rest);
    Some(rest.trim_matches(|c: char| c.is_whitespace() || ":–—-.".contains(c)))
}

/// Reads a list: at each place the longest name that is known.
fn read(office: &Office, list: &str, named: &mut Named) {
    let mut rest = list;
    while !rest.is_empty() {
        let mut ends: Vec<usize> = BETWEEN
            .iter()
            .flat_map(|between| rest.match_indices(between).map(|(at, _)| at))
            .chain([rest.len()])
            .collect();
        ends.sort_unstable();
        let known = ends.iter().rev().find_map(|end| {
            let department = office.department_called(rest.get(..*end)?)?;
            Some((*end, department))
        });
        let end = known.map_or(ends.first().copied().unwrap_or(rest.len()), |(end, _)| end);
        let name = rest.get(..end).unwrap_or_default().trim();
        match known {
            Some((_, Department { code, .. })) if !named.codes.contains(code) => named.codes.push(code.clone()),
            None if !name.is_empty() => named.unknown.push(name.to_owned()),
            Some(_) | None => {}
        }
        let after = rest.get(end..).unwrap_or_default();
        let between = BETWEEN.iter().find(|between| after.starts_with(**between)).map_or(0, |between| between.len());
        rest = after.get(between..).unwrap_or_default().trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::value::Value;

    #[test]
    fn departments_are_named_after_the_word_by_any_of_their_names() {
        let department = |code: &str, name: &str, aliases: &[&str]| {
            let text = format!(
                "code = \"{code}\"\nname = \"{name}\"\ntopic = \"t\"\nsupport = \"legal\"\nemail = \"{code}@x.example\"\n\
                 aliases = {aliases:?}\ntriggers = []"
            );
            toml::from_str::<Department>(&text).unwrap()
        };
        let office = Office {
            departments: vec![
                department("soc", "Управління соціального захисту", &["УСЗН"]),
                department("land", "Відділ обліку житла, землі та зруйнованого майна", &["ЗЕМ"]),
                department("cnap", "ЦНАП", &[]),
            ],
            ..Office::default()
        };
        for (notes, codes, unknown) in [
            ("", &[][..], &[][..]),
            ("повторне до К-101/2022", &[], &[]),
            ("співвиконавці: УСЗН, ЦНАП", &["soc", "cnap"], &[]),
            ("Терміново. Співвик. – ЦНАП; УСЗН; усзн", &["cnap", "soc"], &[]),
            (
                "співвиконавець Відділ обліку житла, землі та зруйнованого майна та УСЗН. Телефонувати.",
                &["land", "soc"],
                &[],
            ),
            ("дзвонили\nспіввиконавці: ЦНАП і пожежна", &["cnap"], &["пожежна"]),
        ] {
            let mut row = Row::default();
            row.set(Field::Notes, Value::text(notes));
            let named = of(&office, &row);
            assert_eq!(
                (named.codes, named.unknown),
                (
                    codes.iter().map(|code| (*code).to_owned()).collect(),
                    unknown.iter().map(|word| (*word).to_owned()).collect()
                ),
                "{notes}"
            );
        }
    }
}
