//! Text that may stand in a header of a letter that we send.
//!
//! Names and subjects come from strangers, and lettre panics on a line break in a display name. This type is the only
//! way into the builder: no control, bidi or invisible characters, one line, at most 200 characters, nothing that a
//! reader could take for an encoded word.

use std::fmt;

use super::clean;

/// Characters of a header text.
const MAX_LENGTH: usize = 200;

/// One clean line of text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeaderText(String);

impl HeaderText {
    /// Cleans a text. Never fails; what may not stand in a header is left out.
    pub fn new(text: &str) -> Self {
        // `=?` begins an encoded word: a space keeps mail programs from decoding what a person typed.
        let mut line = clean::line(text, MAX_LENGTH);
        while line.contains("=?") {
            line = clean::line(&line.replace("=?", "= ?"), MAX_LENGTH);
        }
        HeaderText(line)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for HeaderText {
    fn from(text: &str) -> Self {
        HeaderText::new(text)
    }
}

impl fmt::Display for HeaderText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_breaks_a_header_survives() {
        for (raw, want) in [
            ("Олена\r\nBcc: x@y.ua", "Олена Bcc: x@y.ua"),
            ("a\0b\u{85}c\u{202e}d", "a b cd"),
            ("=?utf-8?Q?a?=", "= ?utf-8?Q?a?="),
            ("  Дем’яненко  ", "Дем’яненко"),
            ("", ""),
        ] {
            assert_eq!(HeaderText::new(raw).as_str(), want, "{raw:?}");
        }
        assert_eq!(HeaderText::new(&"ї".repeat(500)).as_str().chars().count(), 200);
    }
}
