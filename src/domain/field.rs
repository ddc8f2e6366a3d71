//! THE table of the register's columns (Appendix 3): one line each; everything else derives from it.
//!
//! A new column of the form is a line here and nowhere else. Free columns of an office come from the configuration.
//! Headers are compared folded (case, white space, apostrophes, look-alike letters), never by position.

use serde::{Deserialize, Serialize};

/// A column of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Running number in the year.
    Ordinal,
    /// Registration number: the join key of everything.
    Number,
    /// Day of receipt.
    ReceivedDate,
    /// Time of receipt.
    ReceivedTime,
    /// How it came.
    Channel,
    /// Who took it; "Система" for mail.
    Operator,
    /// Nominative, surname first.
    Applicant,
    /// Who speaks, if not the applicant.
    Representative,
    /// The person represented.
    OnBehalfOf,
    /// E.164, several by "; ".
    Phone,
    /// For feedback.
    Email,
    /// Registered address.
    RegisteredAddress,
    /// Temporary residence.
    TemporaryAddress,
    /// Category of the applicant.
    Category,
    /// Kind of appeal (art. 3 of the law).
    Kind,
    /// Sign by the state classifier.
    Sign,
    /// The matter in own words.
    Essence,
    /// Topic and one of six kinds of support.
    Topic,
    /// Who must solve it.
    Department,
    /// When it was sent to the department.
    RoutedDate,
    /// Term by law.
    DueDate,
    /// State of consideration.
    Status,
    /// What was done or answered.
    Answer,
    /// When the applicant was told.
    AnswerDate,
    /// How the applicant was told.
    Notified,
    /// К, Резонансне, Прострочено, Знято.
    Control,
    /// Notes of all.
    Notes,
    /// What is missing, what looks like a repeat, why this department.
    Hint,
    /// Who in the department works on it; not in the register, which shows it in the hint.
    Executor,
    /// What the department notes for the contact centre; not in the register, which shows it in the hint.
    DepartmentNote,
}

/// Whose word counts when both sides changed a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The service alone writes it; what a person typed there goes to the journal.
    Service,
    /// People alone write it; the service never does.
    People,
    /// Both; people win.
    Shared,
}

/// A closed list that the workbook offers in a dropdown (and never forbids to leave).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// Channels of receipt.
    Channel,
    /// Operators, from the configuration.
    Operator,
    /// Categories of applicants.
    Category,
    /// Kinds of appeal.
    Kind,
    /// Signs by the state classifier.
    Sign,
    /// Topics, from the departments.
    Topic,
    /// Departments, from the configuration.
    Department,
    /// Statuses, from `status`.
    Status,
    /// Ways of telling the applicant.
    Notified,
    /// Marks of control.
    Control,
}

impl List {
    /// The values that do not depend on the configuration; empty for lists that do.
    pub fn fixed_values(self) -> &'static [&'static str] {
        match self {
            Self::Channel => &["телефон 1", "телефон 2", "е-пошта 1", "е-пошта 2", "особистий прийом", "інше"],
            Self::Category => {
                &["ВПО", "пенсіонер", "особа з інвалідністю", "багатодітна сім'я", "УБД", "сім'я загиблого", "інші"]
            }
            Self::Kind => &["Пропозиція (зауваження)", "Заява (клопотання)", "Скарга", "Запит на довідку"],
            Self::Sign => &["первинне", "повторне", "дублетне", "неодноразове", "масове"],
            Self::Notified => &["телефоном", "е-поштою", "поштою", "не вдалося"],
            Self::Control => &["К", "Резонансне", "Прострочено", "Знято"],
            Self::Operator | Self::Topic | Self::Department | Self::Status => &[],
        }
    }
}

/// How the cells of a column are written and understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A whole number.
    Integer,
    /// One line of text, number format `@`.
    Text,
    /// Text that wraps, number format `@`.
    Wrapped,
    /// Phones: text `@`, several by "; ".
    Phone,
    /// A day, shown ДД.ММ.РРРР.
    Date,
    /// A time of day, shown ГГ:ХХ.
    Time,
    /// Text with a dropdown.
    List(List),
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct FieldSpec {
    /// The column.
    pub field: Field,
    /// Stable key in the ledger and in JSON.
    pub id: &'static str,
    /// Exact header in a register that we make.
    pub header: &'static str,
    /// Width in Excel characters.
    pub width: u16,
    /// How its cells are written and understood.
    pub shape: Shape,
    /// Whose word counts.
    pub owner: Owner,
    /// Other headers that mean the same column.
    pub synonyms: &'static [&'static str],
}

/// How many of the columns stand in the register; the others only in the workbooks of departments (`form`).
pub const REGISTER_COLUMNS: usize = 28;

/// The columns of the register from left to right, then those that it does not show.
pub const FIELDS: [FieldSpec; 30] = [
    FieldSpec {
        field: Field::Ordinal,
        id: "ordinal",
        header: "№ з/п",
        width: 6,
        shape: Shape::Integer,
        owner: Owner::Service,
        synonyms: &["№", "№ п/п", "номер за порядком", "п/п"],
    },
    FieldSpec {
        field: Field::Number,
        id: "number",
        header: "Реєстраційний №",
        width: 14,
        shape: Shape::Text,
        owner: Owner::Service,
        synonyms: &[
            "реєстраційний номер",
            "реєстраційний індекс",
            "індекс",
            "рег. №",
            "номер звернення",
            "№ звернення",
        ],
    },
    FieldSpec {
        field: Field::ReceivedDate,
        id: "received_date",
        header: "Дата надходження",
        width: 13,
        shape: Shape::Date,
        owner: Owner::Shared,
        synonyms: &["дата", "дата звернення", "дата отримання"],
    },
    FieldSpec {
        field: Field::ReceivedTime,
        id: "received_time",
        header: "Час надходження",
        width: 13,
        shape: Shape::Time,
        owner: Owner::Shared,
        synonyms: &["час", "час звернення"],
    },
    FieldSpec {
        field: Field::Channel,
        id: "channel",
        header: "Канал надходження",
        width: 14,
        shape: Shape::List(List::Channel),
        owner: Owner::Shared,
        synonyms: &["канал", "форма надходження", "джерело"],
    },
    FieldSpec {
        field: Field::Operator,
        id: "operator",
        header: "Оператор",
        width: 16,
        shape: Shape::List(List::Operator),
        owner: Owner::People,
        synonyms: &["прийняв", "хто прийняв", "оператор контактного центру"],
    },
    FieldSpec {
        field: Field::Applicant,
        id: "applicant",
        header: "Прізвище, ім'я, по батькові заявника",
        width: 30,
        shape: Shape::Text,
        owner: Owner::Shared,
        synonyms: &["піб", "піб заявника", "прізвище, ім'я, по батькові", "заявник", "кореспондент"],
    },
    FieldSpec {
        field: Field::Representative,
        id: "representative",
        header: "Представник (ПІБ, підстава повноважень)",
        width: 26,
        shape: Shape::Text,
        owner: Owner::Shared,
        synonyms: &["представник"],
    },
    FieldSpec {
        field: Field::OnBehalfOf,
        id: "on_behalf_of",
        header: "Особа, в інтересах якої подано",
        width: 26,
        shape: Shape::Text,
        owner: Owner::Shared,
        synonyms: &["в інтересах кого", "особа, в інтересах якої"],
    },
    FieldSpec {
        field: Field::Phone,
        id: "phone",
        header: "Контактний телефон",
        width: 16,
        shape: Shape::Phone,
        owner: Owner::Shared,
        synonyms: &["телефон", "контактний номер телефону", "номер телефону", "тел."],
    },
    FieldSpec {
        field: Field::Email,
        id: "email",
        header: "Електронна адреса",
        width: 24,
        shape: Shape::Text,
        owner: Owner::Shared,
        synonyms: &["e-mail", "email", "е-пошта", "електронна пошта"],
    },
    FieldSpec {
        field: Field::RegisteredAddress,
        id: "registered_address",
        header: "Прописка (зареєстроване місце проживання)",
        width: 34,
        shape: Shape::Text,
        owner: Owner::Shared,
        synonyms: &["прописка", "місце реєстрації", "зареєстроване місце проживання", "адреса реєстрації"],
    },
    FieldSpec {
        field: Field::TemporaryAddress,
        id: "temporary_address",
        header: "Місце тимчасового проживання",
        width: 34,
        shape: Shape::Text,
        owner: Owner::Shared,
        synonyms: &["тимчасове проживання", "фактична адреса", "адреса тимчасового проживання", "місце проживання"],
    },
    FieldSpec {
        field: Field::Category,
        id: "category",
        header: "Категорія заявника",
        width: 18,
        shape: Shape::List(List::Category),
        owner: Owner::Shared,
        synonyms: &["категорія"],
    },
    FieldSpec {
        field: Field::Kind,
        id: "kind",
        header: "Вид звернення",
        width: 14,
        shape: Shape::List(List::Kind),
        owner: Owner::Shared,
        synonyms: &["вид"],
    },
    FieldSpec {
        field: Field::Sign,
        id: "sign",
        header: "Ознака надходження",
        width: 13,
        shape: Shape::List(List::Sign),
        owner: Owner::Shared,
        synonyms: &["ознака"],
    },
    FieldSpec {
        field: Field::Essence,
        id: "essence",
        header: "Суть питання",
        width: 60,
        shape: Shape::Wrapped,
        owner: Owner::Shared,
        synonyms: &["суть", "зміст", "зміст звернення", "короткий зміст", "суть звернення"],
    },
    FieldSpec {
        field: Field::Topic,
        id: "topic",
        header: "Тематика (вид забезпечення)",
        width: 22,
        shape: Shape::List(List::Topic),
        owner: Owner::Shared,
        synonyms: &["тематика", "тема", "вид забезпечення"],
    },
    FieldSpec {
        field: Field::Department,
        id: "department",
        header: "Структурний підрозділ (виконавець)",
        width: 28,
        shape: Shape::List(List::Department),
        owner: Owner::Shared,
        synonyms: &["структурний підрозділ", "підрозділ", "виконавець", "кому передано"],
    },
    FieldSpec {
        field: Field::RoutedDate,
        id: "routed_date",
        header: "Дата передачі на розгляд",
        width: 12,
        shape: Shape::Date,
        owner: Owner::Service,
        synonyms: &["дата передачі", "передано"],
    },
    FieldSpec {
        field: Field::DueDate,
        id: "due_date",
        header: "Термін виконання (до)",
        width: 12,
        shape: Shape::Date,
        owner: Owner::Service,
        synonyms: &["термін виконання", "термін", "строк", "строк виконання", "контрольний термін"],
    },
    FieldSpec {
        field: Field::Status,
        id: "status",
        header: "Статус",
        width: 22,
        shape: Shape::List(List::Status),
        owner: Owner::Shared,
        synonyms: &["стан", "стан розгляду", "статус звернення"],
    },
    FieldSpec {
        field: Field::Answer,
        id: "answer",
        header: "Надана відповідь (результат розгляду)",
        width: 50,
        shape: Shape::Wrapped,
        owner: Owner::People,
        synonyms: &["надана відповідь", "відповідь", "результат", "результат розгляду"],
    },
    FieldSpec {
        field: Field::AnswerDate,
        id: "answer_date",
        header: "Дата відповіді заявнику",
        width: 12,
        shape: Shape::Date,
        owner: Owner::Shared,
        synonyms: &["дата відповіді"],
    },
    FieldSpec {
        field: Field::Notified,
        id: "notified",
        header: "Спосіб повідомлення заявника",
        width: 14,
        shape: Shape::List(List::Notified),
        owner: Owner::Shared,
        synonyms: &["спосіб повідомлення"],
    },
    FieldSpec {
        field: Field::Control,
        id: "control",
        header: "Контроль",
        width: 10,
        shape: Shape::List(List::Control),
        owner: Owner::Shared,
        synonyms: &["відмітка про контроль"],
    },
    FieldSpec {
        field: Field::Notes,
        id: "notes",
        header: "Примітки",
        width: 30,
        shape: Shape::Wrapped,
        owner: Owner::Shared,
        synonyms: &["примітка", "коментар"],
    },
    FieldSpec {
        field: Field::Hint,
        id: "hint",
        header: "Підказка системи",
        width: 40,
        shape: Shape::Wrapped,
        owner: Owner::Service,
        synonyms: &["підказка"],
    },
    FieldSpec {
        field: Field::Executor,
        id: "executor",
        header: "Виконавець",
        width: 16,
        shape: Shape::Text,
        owner: Owner::People,
        synonyms: &[],
    },
    FieldSpec {
        field: Field::DepartmentNote,
        id: "department_note",
        header: "Примітка підрозділу",
        width: 18,
        shape: Shape::Wrapped,
        owner: Owner::People,
        synonyms: &[],
    },
];

impl Field {
    /// The line of the table.
    pub fn spec(self) -> &'static FieldSpec {
        // The table has a line for each variant, in the order of the variants (kept by a test).
        FIELDS.get(self as usize).unwrap_or(&FIELDS[0])
    }

    /// Position from the left in a register that we make, 0-based; of no meaning for columns that it does not show.
    pub fn position(self) -> u32 {
        self as u32
    }

    /// Stable key in the ledger and in JSON.
    pub fn id(self) -> &'static str {
        self.spec().id
    }

    /// Whose word counts.
    pub fn owner(self) -> Owner {
        self.spec().owner
    }

    /// How its cells are written and understood.
    pub fn shape(self) -> Shape {
        self.spec().shape
    }

    /// The column with this key.
    pub fn from_id(id: &str) -> Option<Self> {
        FIELDS.iter().find(|spec| spec.id == id).map(|spec| spec.field)
    }

    /// All columns from left to right, those that the register does not show behind the others.
    pub fn all() -> impl Iterator<Item = Self> {
        FIELDS.iter().map(|spec| spec.field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_its_own_line_in_the_order_of_the_form() {
        for (position, spec) in FIELDS.iter().enumerate() {
            assert_eq!(spec.field as usize, position, "{}", spec.id);
            assert_eq!(spec.field.spec().id, spec.id);
            assert_eq!(Field::from_id(spec.id), Some(spec.field));
        }
    }
}
