//! Cell references and areas as Excel writes them: `N17`, `$A$3:$T$104`. Rows are 1-based, columns 0-based.

/// Last row of a sheet.
pub const LAST_ROW: u32 = 1_048_576;
/// Number of columns of a sheet.
pub const COLUMNS: u32 = 16_384;

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Leftmost column.
    pub left: u32,
    /// Topmost row.
    pub top: u32,
    /// Rightmost column.
    pub right: u32,
    /// Bottom row.
    pub bottom: u32,
}

impl Area {
    /// Reads `A1` or `A1:B2`, with or without `$`; `None` for whole columns or rows and for everything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (a, b) = text.split_once(':').unwrap_or((text, text));
        let ((left, top), (right, bottom)) = (parse_cell(a)?, parse_cell(b)?);
        (left <= right && top <= bottom).then_some(Self { left, top, right, bottom })
    }

    /// Whether both share a cell.
    pub fn meets(&self, other: &Self) -> bool {
        self.shares_columns(other) && self.top <= other.bottom && other.top <= self.bottom
    }

    /// Whether both share a column.
    pub fn shares_columns(&self, other: &Self) -> bool {
        self.left <= other.right && other.left <= self.right
    }

    /// The text with another bottom row, `$` kept as it was.
    pub fn with_bottom(text: &str, bottom: u32) -> String {
        let last = text.split_once(':').map_or(text, |(_, last)| last);
        let columns = last.trim_end_matches(|c: char| c.is_ascii_digit());
        if last.len() == text.len() {
            format!("{text}:{columns}{bottom}")
        } else {
            let head = text.strip_suffix(last).unwrap_or_default();
            format!("{head}{columns}{bottom}")
        }
    }
}

/// Reads `N17` or `$N$17` into column (0-based) and row (1-based).
pub fn parse_cell(text: &str) -> Option<(u32, u32)> {
    let text = text.strip_prefix('$').unwrap_or(text);
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, row) = text.split_at_checked(letters)?;
    let row = row.strip_prefix('$').unwrap_or(row);
    if !(1..=3).contains(&letters) || row.is_empty() || row.len() > 7 || !row.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let column = name.bytes().fold(0_u32, |sum, letter| {
        sum.saturating_mul(26)
            .saturating_add(u32::from(letter.to_ascii_uppercase().saturating_sub(b'A')))
            .saturating_add(1)
    });
    let row: u32 = row.parse().ok()?;
    (column <= COLUMNS && (1..=LAST_ROW).contains(&row)).then(|| (column.saturating_sub(1), row))
}

/// The letters of a column.
pub fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column.saturating_add(1);
    while left > 0 {
        left = left.saturating_sub(1);
        letters.push(char::from(b'A'.saturating_add(u8::try_from(left % 26).unwrap_or(0))));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// The reference of a cell.
pub fn cell_name(column: u32, row: u32) -> String {
    format!("{}{row}", column_name(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_excel_writes_them() {
        for (text, expected) in [
            ("A1", Some((0, 1))),
            ("$T$104", Some((19, 104))),
            ("aa7", Some((26, 7))),
            ("XFD1048576", Some((16_383, 1_048_576))),
            ("XFE1", None),
            ("A1048577", None),
            ("A0", None),
            ("A", None),
            ("17", None),
            ("AAAA1", None),
            ("A1x", None),
        ] {
            assert_eq!(parse_cell(text), expected, "{text}");
        }
        for column in [0, 25, 26, 701, 702, 16_383] {
            assert_eq!(parse_cell(&cell_name(column, 9)), Some((column, 9)));
        }
    }

    #[test]
    fn an_area_grows_downwards_and_keeps_its_dollars() {
        for (text, expected) in
            [("A3:T103", "A3:T104"), ("$A$3:$T$103", "$A$3:$T$104"), ("T103", "T103:T104"), ("$T$103", "$T$103:$T$104")]
        {
            assert_eq!(Area::with_bottom(text, 104), expected);
        }
        assert_eq!(Area::parse("A:A"), None);
        assert_eq!(Area::parse("B2:A1"), None);
    }
}
