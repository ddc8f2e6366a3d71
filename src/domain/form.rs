//! The forms in which appeals are shown in workbooks: which columns, under which headers, whose word counts there.
//!
//! The register is the form of Appendix 3 (`field`). A department sees less of an appeal and may change less: number,
//! applicant, matter and term are the contact centre's; state, answer, executor, day and note are its own.

use crate::domain::field::{FIELDS, Field, FieldSpec, List, Owner, REGISTER_COLUMNS, Shape};
use serde::{Deserialize, Serialize};

/// A form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The register of a year.
    #[default]
    Register,
    /// Appeals that a department considers.
    Department,
}

/// The columns of a department's workbook from left to right. What stands under "Заявник" is made by the desk: name,
/// phone and address below each other.
const DEPARTMENT: [FieldSpec; 10] = [
    FieldSpec {
        field: Field::Number,
        id: "number",
        header: "Номер звернення",
        width: 12,
        shape: Shape::Text,
        owner: Owner::Service,
        synonyms: &["реєстраційний №", "реєстраційний номер", "№ звернення", "номер", "№", "рег. №"],
    },
    FieldSpec {
        field: Field::Applicant,
        id: "applicant",
        header: "Заявник, контакти",
        width: 24,
        shape: Shape::Wrapped,
        owner: Owner::Service,
        synonyms: &["заявник", "піб", "піб заявника"],
    },
    FieldSpec {
        field: Field::Essence,
        id: "essence",
        header: "Суть питання",
        width: 40,
        shape: Shape::Wrapped,
        owner: Owner::Service,
        synonyms: &["суть", "зміст", "зміст звернення", "суть звернення"],
    },
    FieldSpec {
        field: Field::DueDate,
        id: "due_date",
        header: "Термін (до)",
        width: 11,
        shape: Shape::Date,
        owner: Owner::Service,
        synonyms: &["термін", "термін виконання", "термін виконання (до)", "строк"],
    },
    FieldSpec {
        field: Field::Hint,
        id: "hint",
        header: "До уваги",
        width: 18,
        shape: Shape::Wrapped,
        owner: Owner::Service,
        synonyms: &["увага", "зауваження"],
    },
    FieldSpec {
        field: Field::Status,
        id: "status",
        header: "Статус",
        width: 17,
        shape: Shape::List(List::Status),
        owner: Owner::Shared,
        synonyms: &["стан", "стан розгляду", "статус звернення"],
    },
    FieldSpec {
        field: Field::Answer,
        id: "answer",
        header: "Відповідь (результат розгляду)",
        width: 34,
        shape: Shape::Wrapped,
        owner: Owner::People,
        synonyms: &["відповідь", "надана відповідь", "результат", "результат розгляду"],
    },
    FieldSpec {
        field: Field::Executor,
        id: "executor",
        header: "Виконавець",
        width: 14,
        shape: Shape::Text,
        owner: Owner::People,
        synonyms: &["піб виконавця", "відповідальний"],
    },
    FieldSpec {
        field: Field::AnswerDate,
        id: "answer_date",
        header: "Дата відповіді",
        width: 11,
        shape: Shape::Date,
        owner: Owner::Shared,
        synonyms: &["дата", "дата відповіді заявнику", "дата виконання"],
    },
    FieldSpec {
        field: Field::DepartmentNote,
        id: "department_note",
        header: "Примітка",
        width: 17,
        shape: Shape::Wrapped,
        owner: Owner::People,
        synonyms: &["примітки", "примітка підрозділу", "коментар"],
    },
];

impl Form {
    /// The columns from left to right.
    pub fn columns(self) -> &'static [FieldSpec] {
        match self {
            Self::Register => FIELDS.split_at(REGISTER_COLUMNS).0,
            Self::Department => &DEPARTMENT,
        }
    }

    /// A column of the form with its position from the left, 0-based; `None` if the form does not show it.
    pub fn column(self, field: Field) -> Option<(u16, &'static FieldSpec)> {
        (0..).zip(self.columns()).find(|(_, spec)| spec.field == field)
    }

    /// Whose word counts in a column; what a form does not show belongs to the service.
    pub fn owner(self, field: Field) -> Owner {
        self.column(field).map_or(Owner::Service, |(_, spec)| spec.owner)
    }

    /// The column of the form with this key.
    pub fn field(self, id: &str) -> Option<Field> {
        self.columns().iter().find(|spec| spec.id == id).map(|spec| spec.field)
    }

    /// Name of the sheet and of the table on it.
    pub fn sheet(self) -> &'static str {
        match self {
            Self::Register => "Реєстр",
            Self::Department => "Звернення",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_shows_each_column_once_and_calls_it_by_its_key() {
        for form in [Form::Register, Form::Department] {
            for (position, spec) in (0..).zip(form.columns()) {
                assert_eq!(form.column(spec.field).unwrap().0, position, "{form:?} {}", spec.id);
                assert_eq!(spec.id, spec.field.id());
                assert_eq!(form.field(spec.id), Some(spec.field));
            }
        }
        assert_eq!(Form::Register.column(Field::Executor).map(|(position, _)| position), None);
        assert_eq!(Form::Register.columns().last().unwrap().field, Field::Hint);
    }

    #[test]
    fn a_department_changes_state_answer_executor_day_and_note_and_nothing_else() {
        let own: Vec<Field> = Field::all().filter(|field| Form::Department.owner(*field) != Owner::Service).collect();
        assert_eq!(own, [Field::Status, Field::Answer, Field::AnswerDate, Field::Executor, Field::DepartmentNote]);
    }
}
