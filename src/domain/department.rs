//! A structural unit of the administration: who it is, how to reach it, by which words its matters are known.

use serde::{Deserialize, Serialize};

/// The six kinds of support that the order names (п. 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// логістичний
    Logistic,
    /// правовий
    Legal,
    /// фінансовий
    Financial,
    /// медичний
    Medical,
    /// кадровий
    Personnel,
    /// морально-психологічний
    Psychological,
}

impl Support {
    /// The Ukrainian adjective as it stands in the column "Тематика (вид забезпечення)".
    pub fn label(self) -> &'static str {
        match self {
            Self::Logistic => "логістичний",
            Self::Legal => "правовий",
            Self::Financial => "фінансовий",
            Self::Medical => "медичний",
            Self::Personnel => "кадровий",
            Self::Psychological => "морально-психологічний",
        }
    }
}

/// A department of the administration, one `[[department]]` block of `config/departments.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Short latin code, unique (`soc`).
    pub code: String,
    /// Full name as it stands in the register and in letters.
    pub name: String,
    /// Name in the genitive/destination form for letters ("до Управління …"); defaults to the name.
    #[serde(default)]
    pub name_to: Option<String>,
    /// Subject of the matters, for the column "Тематика".
    pub topic: String,
    /// Kind of support, for the same column.
    pub support: Support,
    /// Address of the department's mailbox; its replies come from here.
    pub email: String,
    /// Further addresses whose letters are the department's (deputies, secretary).
    #[serde(default)]
    pub more_emails: Vec<String>,
    /// Path of a workbook on the share that always shows its appeals; empty: it has none.
    #[serde(default)]
    pub workbook: String,
    /// The head, as in a signature ("Олена КОВАЛЕНКО"); shown nowhere but in letters to the department.
    #[serde(default)]
    pub head: String,
    /// Other names that people use ("УСЗН", "соцзахист"), for recognising a complaint about it and typed cells.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Trigger terms: words with `*` for any ending, several words for a phrase; Ukrainian and Russian.
    pub triggers: Vec<String>,
}
