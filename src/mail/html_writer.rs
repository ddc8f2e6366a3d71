//! The text side of the HTML conversion: collapses white space, owes line ends until text comes, marks quotations and
//! folds table rows.
//!
//! Owed line ends are a number, not text, so that any mixture of blocks, paragraphs and `<br>` gives what a reader
//! sees: at most two empty lines, none at the beginning.

/// Deepest quotation that is marked.
const MAX_QUOTE: usize = 20;
/// Deepest table nesting whose rows are folded; deeper rows are lines.
const MAX_ROWS: usize = 12;
/// Longest row, in bytes, that is folded into one line.
const MAX_ROW: usize = 16_000;
/// Lines in one cell beyond which a row is layout, not data.
const MAX_CELL_LINES: usize = 12;
/// Most line ends in a row: two empty lines.
const MAX_BREAKS: usize = 3;
/// Deepest list nesting that is counted.
const MAX_LISTS: usize = 30;
/// What a horizontal rule becomes: the same line that Outlook writes above a quoted letter.
const RULE: &str = "________________________________";

/// A row that is open: where it and its cells begin in the output.
struct Row {
    table: usize,
    start: usize,
    cells: Vec<usize>,
}

/// Collects the text.
pub struct Writer {
    out: String,
    breaks: usize,
    space: bool,
    pre: usize,
    quotes: Vec<bool>,
    /// Quotation depth of the line last written.
    depth: usize,
    lists: Vec<Option<u32>>,
    tables: usize,
    rows: Vec<Row>,
    tight: bool,
}

impl Writer {
    /// An empty text; `hint` is the size of the source.
    pub fn new(hint: usize) -> Self {
        Writer {
            out: String::with_capacity(hint / 2),
            breaks: 0,
            space: false,
            pre: 0,
            quotes: Vec::new(),
            depth: 0,
            lists: Vec::new(),
            tables: 0,
            rows: Vec::new(),
            tight: false,
        }
    }

    /// Adds text, collapsing white space outside of `<pre>`.
    pub fn text(&mut self, text: &str) {
        if self.pre > 0 {
            for ch in text.chars() {
                if ch == '\n' { self.line_break() } else { self.put(ch) }
            }
            return;
        }
        for ch in text.chars() {
            if matches!(ch, ' ' | '\n' | '\r' | '\t') {
                self.space = true;
            } else {
                self.put(ch);
            }
        }
    }

    fn put(&mut self, ch: char) {
        if self.breaks > 0 || self.out.is_empty() {
            let depth = self.quotes.iter().filter(|quote| **quote).count();
            if !self.out.is_empty() {
                self.end_lines(depth);
            }
            self.breaks = 0;
            self.space = false;
            self.depth = depth;
            if depth > 0 {
                self.out.extend(std::iter::repeat_n('>', depth));
                self.out.push(' ');
            }
        } else if self.space {
            self.out.push(' ');
            self.space = false;
        }
        self.out.push(ch);
    }

    /// Writes the owed line ends; empty lines between two quoted lines are quoted too.
    fn end_lines(&mut self, depth: usize) {
        let inside = depth.min(self.depth);
        for end in 0..self.breaks.min(MAX_BREAKS) {
            if end > 0 {
                self.out.extend(std::iter::repeat_n('>', inside));
            }
            self.out.push('\n');
        }
    }

    /// `<br>`.
    pub fn line_break(&mut self) {
        self.breaks = self.breaks.saturating_add(1);
        self.space = false;
    }

    /// A block begins or ends: the next text stands on a new line.
    pub fn block(&mut self) {
        self.breaks = self.breaks.max(1);
        self.space = false;
    }

    /// A paragraph begins or ends: an empty line before the next text. `tight`: Outlook's paragraph, which is a line.
    pub fn paragraph(&mut self, closing: bool, tight: bool) {
        let tight = if closing { self.tight } else { tight };
        self.tight = tight;
        self.breaks = self.breaks.max(if tight { 1 } else { 2 });
        self.space = false;
    }

    /// `<hr>`.
    pub fn rule(&mut self) {
        self.block();
        self.text(RULE);
        self.block();
    }

    /// A list begins (`Some(n)`: numbered from n) or ends.
    pub fn list(&mut self, closing: bool, number: Option<u32>) {
        self.block();
        if closing {
            self.lists.pop();
        } else if self.lists.len() < MAX_LISTS {
            self.lists.push(number);
        }
    }

    /// A list item.
    pub fn item(&mut self, closing: bool) {
        self.block();
        if closing {
            return;
        }
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                let mark = format!("{number}. ");
                *number = number.saturating_add(1);
                mark
            }
            Some(None) | None => "- ".to_owned(),
        };
        for ch in mark.chars() {
            self.put(ch);
        }
        self.space = false;
    }

    /// `<pre>`.
    pub fn preformatted(&mut self, closing: bool) {
        self.block();
        self.pre = if closing { self.pre.saturating_sub(1) } else { self.pre.saturating_add(1) };
    }

    /// A blockquote begins; `marked`: it is a quotation, not an indentation.
    pub fn begin_quote(&mut self, marked: bool) {
        self.block();
        if self.quotes.len() < MAX_QUOTE {
            self.quotes.push(marked);
        }
    }

    /// A blockquote ends.
    pub fn end_quote(&mut self) {
        self.block();
        self.quotes.pop();
    }

    /// A table begins or ends.
    pub fn table(&mut self, closing: bool) {
        self.block();
        if closing {
            self.end_rows();
            self.tables = self.tables.saturating_sub(1);
        } else {
            self.tables = self.tables.saturating_add(1);
        }
    }

    /// A row begins or ends; a row that is still open ends too.
    pub fn row(&mut self, closing: bool) {
        self.block();
        self.end_rows();
        if !closing && self.rows.len() < MAX_ROWS {
            self.rows.push(Row { table: self.tables, start: self.out.len(), cells: Vec::new() });
        }
    }

    /// A cell begins or ends.
    pub fn cell(&mut self, closing: bool) {
        self.block();
        if !closing
            && let Some(row) = self.rows.last_mut()
            && row.table == self.tables
        {
            row.cells.push(self.out.len());
        }
    }

    /// Ends the open rows of the present table.
    fn end_rows(&mut self) {
        while let Some(row) = self.rows.pop_if(|row| row.table >= self.tables) {
            self.fold(&row);
        }
    }

    /// Replaces the lines of a row's cells by one line, if the row has two or more cells with text and looks like data.
    fn fold(&mut self, row: &Row) {
        if row.cells.len() < 2 || self.out.len().saturating_sub(row.start) > MAX_ROW {
            return;
        }
        let mut borders = vec![row.start];
        borders.extend_from_slice(&row.cells);
        borders.push(self.out.len());
        let mut cells: Vec<String> = Vec::new();
        for (from, to) in borders.iter().zip(borders.iter().skip(1)) {
            let cell = self.out.get(*from..*to).unwrap_or_default().trim();
            if cell.is_empty() {
                continue;
            }
            if cell.lines().count() > MAX_CELL_LINES {
                return;
            }
            cells.push(cell.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        if cells.len() < 2 {
            return;
        }
        self.out.truncate(row.start);
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.out.push_str(&cells.join(" | "));
        self.block();
    }

    /// The text.
    pub fn finish(mut self) -> String {
        while let Some(row) = self.rows.pop() {
            self.fold(&row);
        }
        self.out
    }
}
