//! Why a workbook was not read or not changed: a code for the log and one sentence in Ukrainian for the operator.
//!
//! Reading and patching share this one list, so that the operator meets one wording for one cause.
//! Each sentence says what is the matter and what to do. `place` names a sheet, a cell or a part of the file, never
//! what people wrote in it. Deliberately absent: retry policy (`engine`), file locks (`world`).

use serde::{Deserialize, Serialize};
use std::fmt;

/// The cause of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Not an xlsx workbook at all.
    NotWorkbook,
    /// The file is cut off, has a wrong checksum or XML that is not well-formed.
    Damaged,
    /// Protected by a password: an OLE file around an encrypted package.
    Encrypted,
    /// An old binary workbook (.xls).
    OldFormat,
    /// Carries a digital signature, which any edit would break.
    Signed,
    /// A shared workbook with a revision log.
    Revisions,
    /// A part is written in UTF-16 or another encoding than UTF-8.
    Encoding,
    /// Declares entities (DOCTYPE).
    Doctype,
    /// Holds a macro project where none may be.
    Macros,
    /// Refers to files outside itself where it must not.
    External,
    /// The file or what is packed in it is larger than allowed.
    TooLarge,
    /// More rows, columns or cells than are looked at.
    TooMuchData,
    /// The archive is built in a way that no office program builds (paths, overlaps, doubles).
    OddArchive,
    /// There is no sheet of this name.
    NoSheet,
    /// The sheet is a chart or a macro sheet.
    NotCells,
    /// No row of headers was found.
    NoHeader,
    /// A header stands twice.
    DoubleHeader,
    /// Headers without any data row where there must be some.
    NoRows,
    /// A totals row stands under the table.
    TotalsRow,
    /// The cell belongs to an array or shared formula, or to a data table.
    FormulaCell,
    /// The cell is the header of a column of a table.
    TableHeader,
    /// A cell shows an error of a kind that is not known.
    UnknownError,
    /// The sheet has no row left.
    RowLimit,
    /// The place for new rows is taken (another table, notes under the table).
    PlaceTaken,
    /// Rows or cells do not ascend or stand twice.
    Disorder,
    /// The edit names a cell outside the sheet or a style that does not exist.
    BadEdit,
    /// The process that reads workbooks could not be run.
    ServiceFault,
    /// The changed workbook, read again, does not show what it should.
    NotConfirmed,
}

impl Cause {
    /// The stable code for logs, JSON and tests.
    pub fn code(self) -> &'static str {
        self.line().0
    }

    /// Code and sentence of one cause; `{}` is where the place goes.
    fn line(self) -> (&'static str, &'static str) {
        match self {
            Self::NotWorkbook => {
                ("not-workbook", "Файл{} не є книгою Excel; відкрийте його та збережіть як «Книга Excel (*.xlsx)».")
            }
            Self::Damaged => (
                "damaged",
                "Книгу{} пошкоджено або збережено не повністю; відкрийте її в Excel чи LibreOffice, перевірте та збережіть знову або поверніть із резервної копії.",
            ),
            Self::Encrypted => ("encrypted", "Книгу{} захищено паролем; зніміть пароль і збережіть її знову."),
            Self::OldFormat => {
                ("old-format", "Книгу{} збережено у старому форматі; збережіть її як «Книга Excel (*.xlsx)».")
            }
            Self::Signed => (
                "signed",
                "Книгу{} підписано електронним підписом, який буде порушено зміною; вилучіть підпис або надайте непідписану копію.",
            ),
            Self::Revisions => (
                "revisions",
                "Книга{} перебуває у спільному доступі з журналом змін; вимкніть спільний доступ і збережіть її знову.",
            ),
            Self::Encoding => (
                "encoding",
                "Частину книги{} записано не в кодуванні UTF-8; відкрийте книгу в Excel чи LibreOffice та збережіть знову.",
            ),
            Self::Doctype => (
                "doctype",
                "Книга{} містить оголошення, яких офісні програми не створюють; відкрийте її в Excel чи LibreOffice та збережіть знову.",
            ),
            Self::Macros => ("macros", "Книга{} містить макроси; збережіть її як «Книга Excel (*.xlsx)» без макросів."),
            Self::External => {
                ("external", "Книга{} містить посилання на інші файли; розірвіть ці зв’язки та збережіть її знову.")
            }
            Self::TooLarge => {
                ("too-large", "Книга{} більша, ніж дозволено; перенесіть зайві аркуші й зображення до іншої книги.")
            }
            Self::TooMuchData => {
                ("too-much-data", "У книзі{} більше рядків, граф або комірок, ніж дозволено; поділіть її на частини.")
            }
            Self::OddArchive => (
                "odd-archive",
                "Книгу{} упаковано в незвичний спосіб; відкрийте її в Excel чи LibreOffice та збережіть знову.",
            ),
            Self::NoSheet => ("no-sheet", "У книзі немає аркуша{}; поверніть аркушу попередню назву."),
            Self::NotCells => ("not-cells", "Аркуш{} є діаграмою або аркушем макросів; вкажіть аркуш із таблицею."),
            Self::NoHeader => {
                ("no-header", "На аркуші{} не знайдено рядка із заголовками граф; поверніть заголовки на місце.")
            }
            Self::DoubleHeader => {
                ("double-header", "Заголовок графи повторюється{}; залиште його лише в одній графі, іншу перейменуйте.")
            }
            Self::NoRows => {
                ("no-rows", "На аркуші{} немає жодного рядка з даними; перевірте, чи надано потрібну книгу.")
            }
            Self::TotalsRow => (
                "totals-row",
                "Таблиця{} має рядок підсумків, тому нові рядки дописати нікуди; вимкніть рядок підсумків і збережіть книгу.",
            ),
            Self::FormulaCell => (
                "formula-cell",
                "Комірка{} належить до спільної формули або формули масиву; замініть формулу значенням або звичайною формулою.",
            ),
            Self::TableHeader => {
                ("table-header", "Комірка{} є заголовком графи таблиці; змініть заголовок в Excel чи LibreOffice.")
            }
            Self::UnknownError => (
                "unknown-error",
                "На аркуші{} є комірка з помилкою формули, яку не вдалося прочитати (наприклад, #SPILL!); виправте формулу або замініть її значенням.",
            ),
            Self::RowLimit => (
                "row-limit",
                "На аркуші{} більше немає місця для нових рядків; перенесіть частину рядків або очистьте зайві рядки внизу аркуша.",
            ),
            Self::PlaceTaken => {
                ("place-taken", "Місце під таблицею{} зайнято; перенесіть на інший аркуш те, що стоїть під таблицею.")
            }
            Self::Disorder => (
                "disorder",
                "Рядки або комірки аркуша{} записано не за порядком; відкрийте книгу в Excel чи LibreOffice та збережіть знову.",
            ),
            Self::BadEdit => ("bad-edit", "Зміну{} не можна внести: такої комірки, таблиці або стилю немає в книзі."),
            Self::ServiceFault => (
                "service-fault",
                "Книгу{} не прочитано через збій служби; книгу залишено без змін, повідомте адміністратора.",
            ),
            Self::NotConfirmed => (
                "not-confirmed",
                "Перевірка зміненої книги{} не підтвердила зміни; книгу залишено без змін, повідомте адміністратора.",
            ),
        }
    }
}

/// A workbook was not read or not changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct Refusal {
    /// Why.
    pub cause: Cause,
    /// Sheet, cell or part that the sentence is about; empty where the whole workbook is meant.
    pub place: String,
}

impl Refusal {
    /// A refusal that is about the whole workbook.
    pub fn whole(cause: Cause) -> Self {
        Self { cause, place: String::new() }
    }

    /// A refusal that is about one sheet, cell or part of the file.
    pub fn at(cause: Cause, place: impl Into<String>) -> Self {
        Self { cause, place: place.into() }
    }
}

/// The sentence for the operator, in Ukrainian.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.place.is_empty() { String::new() } else { format!(" «{}»", self.place) };
        f.write_str(&self.cause.line().1.replacen("{}", &place, 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_place_and_the_remedy() {
        let refusal = Refusal::at(Cause::TotalsRow, "Реєстр");
        assert_eq!(refusal.cause.code(), "totals-row");
        assert_eq!(
            refusal.to_string(),
            "Таблиця «Реєстр» має рядок підсумків, тому нові рядки дописати нікуди; вимкніть рядок підсумків і збережіть книгу."
        );
        assert_eq!(
            Refusal::whole(Cause::Encrypted).to_string(),
            "Книгу захищено паролем; зніміть пароль і збережіть її знову."
        );
    }
}
