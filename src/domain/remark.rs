//! A remark: what a person should know about data that came out odd. Reading people's data never fails; it remarks.

use crate::domain::field::Field;
use serde::{Deserialize, Serialize};

/// One sentence in Ukrainian for the operator, about one column where there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The column that the remark is about; `None`: the whole row, letter or workbook.
    pub about: Option<Field>,
    /// What is the matter and what to do, in Ukrainian.
    pub text: String,
}

impl Remark {
    /// A remark about the whole row, letter or workbook.
    pub fn general(text: impl Into<String>) -> Self {
        Self { about: None, text: text.into() }
    }

    /// A remark about one column.
    pub fn on(field: Field, text: impl Into<String>) -> Self {
        Self { about: Some(field), text: text.into() }
    }
}
