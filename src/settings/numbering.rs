//! The form of registration numbers: checked, turned into a pattern that finds them, and filled in.
//!
//! The pattern is derived from the form, so that a number that we issue is always found again in an answer.

use crate::settings::valid::Numbering;

/// A piece of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'f> {
    /// Stands as it is.
    Literal(&'f str),
    /// First letter of the surname.
    Letter,
    /// Ordinal number, padded with zeros to this width.
    Seq(usize),
    /// Year of registration.
    Year,
}

/// Widest padding of the ordinal number.
const WIDEST: usize = 9;

fn pieces(format: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some((literal, after)) = rest.split_once('{') {
        pieces.push(Piece::Literal(literal));
        let Some((name, tail)) = after.split_once('}') else {
            return Err(format!(
                "\"{format}\" opens a bracket {{ and does not close it; write for example \"{{seq}}\""
            ));
        };
        pieces.push(match name {
            "letter" => Piece::Letter,
            "seq" => Piece::Seq(0),
            "year" => Piece::Year,
            other => match other.strip_prefix("seq:0").and_then(|width| width.parse().ok()) {
                Some(width) if (1..=WIDEST).contains(&width) => Piece::Seq(width),
                _ => {
                    return Err(format!(
                        "{{{other}}} is not known; use {{letter}}, {{seq}}, {{seq:06}} (zeros up to {WIDEST} digits), {{year}}"
                    ));
                }
            },
        });
        rest = tail;
    }
    pieces.push(Piece::Literal(rest));
    Ok(pieces)
}

/// Checks the form of the registration numbers.
pub(crate) fn format(text: &str) -> Result<String, String> {
    let pieces = pieces(text)?;
    let count = pieces.iter().filter(|piece| matches!(piece, Piece::Seq(_))).count();
    if count != 1 {
        return Err(format!("\"{text}\" must contain {{seq}} once, or all numbers would be alike"));
    }
    let shape = pieces.iter().any(|piece| match piece {
        Piece::Literal(literal) => literal.chars().any(|c| c.is_alphabetic() || "-/.".contains(c)),
        Piece::Letter => true,
        Piece::Seq(_) | Piece::Year => false,
    });
    if !shape {
        return Err(format!("\"{text}\" is digits only and would be found in any text; add a letter, \"-\" or \"/\""));
    }
    if text.chars().any(|c| c.is_whitespace() || "[]}<>\"".contains(c.to_ascii_lowercase()) && c != '}') {
        return Err(format!("\"{text}\" must not contain blanks, square or angle brackets, quotes; remove them"));
    }
    Ok(text.to_owned())
}

/// A pattern that finds every number of this form; `{letter}` may be the collective mark or "БП" too.
pub(crate) fn pattern(format: &str) -> String {
    let mut pattern = String::from(r"\b");
    for piece in pieces(format).unwrap_or_default() {
        match piece {
            Piece::Literal(literal) => pattern.push_str(&regex::escape(literal)),
            Piece::Letter => pattern.push_str("[А-ЯҐЄІЇA-Z]{1,2}"),
            Piece::Seq(0) => pattern.push_str(r"\d{1,9}"),
            Piece::Seq(width) => pattern.push_str(&format!(r"\d{{{width},{WIDEST}}}")),
            Piece::Year => pattern.push_str(r"20\d\d"),
        }
    }
    pattern.push_str(r"\b");
    pattern
}

impl Numbering {
    /// The registration number with this letter, ordinal number and year.
    pub fn number(&self, letter: &str, seq: u64, year: i32) -> String {
        let mut number = String::new();
        for piece in pieces(&self.format).unwrap_or_default() {
            match piece {
                Piece::Literal(literal) => number.push_str(literal),
                Piece::Letter => number.push_str(letter),
                Piece::Seq(width) => number.push_str(&format!("{seq:0width$}")),
                Piece::Year => number.push_str(&year.to_string()),
            }
        }
        number
    }

    /// Whether ordinal numbers begin anew each year: only where the year is part of the number.
    pub fn restarts_each_year(&self) -> bool {
        self.format.contains("{year}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbering(format: &str) -> Numbering {
        Numbering { format: format.into(), collective_letter: "КО".into() }
    }

    #[test]
    fn a_number_that_is_issued_is_found_again() {
        for (form, letter, seq, expected) in [
            ("{letter}-{seq}/{year}", "К", 128, "К-128/2022"),
            ("{letter}-{seq}/{year}", "КО", 7, "КО-7/2022"),
            ("S-{seq:06}", "К", 128, "S-000128"),
            ("{year}.{seq:04}-{letter}", "Ї", 12345, "2022.12345-Ї"),
        ] {
            assert_eq!(format(form).as_deref(), Ok(form));
            let number = numbering(form).number(letter, seq, 2022);
            assert_eq!(number, expected);
            let text = format!("Re: [{number}] Ваше звернення");
            let found = regex::Regex::new(&pattern(form)).unwrap().find(&text).map(|found| found.as_str().to_owned());
            assert_eq!(found.as_deref(), Some(expected));
        }
    }

    #[test]
    fn forms_that_cannot_work_are_refused() {
        for wrong in [
            "",
            "S-",
            "{letter}/{year}",
            "{seq}-{seq}",
            "{seq",
            "{seq:6}",
            "{seq:0x}",
            "{seq:010}",
            "{number}-{seq}",
            "{seq}",
            "{year}{seq}",
            "S {seq}",
            "[{seq}]-1",
        ] {
            assert!(format(wrong).is_err(), "{wrong}");
        }
    }
}
