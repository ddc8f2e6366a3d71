//! Text of .rtf, simply: groups, control words of text, `\'hh` in the charset of the font, `\u` with its fallback.
//!
//! Pictures, styles, fields' instructions, headers of the file are left out. One pass, no recursion.

use std::collections::BTreeMap;

use crate::mail::decode::charset::Charset;

use super::MAX_TEXT;

/// Groups that may be open at once; deeper ones share the last state.
const MAX_GROUPS: usize = 500;
/// Fonts whose charset is remembered.
const MAX_FONTS: usize = 500;

/// What a group remembers.
#[derive(Clone, Copy)]
struct Group {
    skip: bool,
    fonts: bool,
    /// Characters of fallback behind `\u`.
    fallback: usize,
    font: i32,
}

/// A document being read.
struct Document {
    out: String,
    bytes: Vec<u8>,
    groups: Vec<Group>,
    page: Option<Charset>,
    fonts: BTreeMap<i32, Charset>,
    surrogate: Option<u16>,
    /// Fallback characters still to be dropped.
    drop: usize,
}

/// The text of the document; empty if there is none.
pub fn text(content: &[u8]) -> String {
    let first = Group { skip: false, fonts: false, fallback: 1, font: 0 };
    let mut document = Document {
        out: String::new(),
        bytes: Vec::new(),
        groups: vec![first],
        page: None,
        fonts: BTreeMap::new(),
        surrogate: None,
        drop: 0,
    };
    let mut rest = content;
    while let Some((&byte, tail)) = rest.split_first() {
        if document.out.len() > MAX_TEXT {
            break;
        }
        rest = match byte {
            b'{' => document.open(tail),
            b'}' => document.close(tail),
            b'\\' => document.control(tail),
            b'\r' | b'\n' => tail,
            _ => {
                document.byte(byte);
                tail
            }
        };
    }
    document.flush();
    document.out
}

impl Document {
    fn group(&self) -> Group {
        self.groups.last().copied().unwrap_or(Group { skip: false, fonts: false, fallback: 1, font: 0 })
    }

    fn open<'a>(&mut self, tail: &'a [u8]) -> &'a [u8] {
        self.drop = 0;
        if self.groups.len() < MAX_GROUPS {
            self.groups.push(self.group());
        }
        tail
    }

    fn close<'a>(&mut self, tail: &'a [u8]) -> &'a [u8] {
        self.flush();
        self.drop = 0;
        if self.groups.len() > 1 {
            self.groups.pop();
        }
        tail
    }

    fn byte(&mut self, byte: u8) {
        if self.drop > 0 {
            self.drop = self.drop.saturating_sub(1);
            return;
        }
        if !self.group().skip {
            self.bytes.push(byte);
        }
    }

    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let charset = self.fonts.get(&self.group().font).copied().or(self.page);
        match charset {
            Some(charset) => self.out.push_str(&charset.read(&bytes)),
            None => self.out.push_str(&Charset::WINDOWS_1251.read(&bytes)),
        }
    }

    fn push(&mut self, text: &str) {
        self.flush();
        if !self.group().skip {
            self.out.push_str(text);
        }
    }

    /// Handles what follows a backslash; returns the rest.
    fn control<'a>(&mut self, tail: &'a [u8]) -> &'a [u8] {
        let Some((&first, after)) = tail.split_first() else { return tail };
        match first {
            b'\\' | b'{' | b'}' => self.byte(first),
            b'~' => self.push(" "),
            b'_' => self.push("-"),
            b'-' => {}
            b'*' => self.set(|group| group.skip = true),
            b'\r' | b'\n' => self.push("\n"),
            b'\'' => {
                if let [high, low, rest @ ..] = after {
                    let digit = |byte: u8| char::from(byte).to_digit(16);
                    if let (Some(high), Some(low)) = (digit(*high), digit(*low)) {
                        self.byte((high << 4 | low) as u8);
                    }
                    return rest;
                }
            }
            _ if first.is_ascii_alphabetic() => return self.word(tail),
            _ => {}
        }
        after
    }

    fn set(&mut self, change: impl FnOnce(&mut Group)) {
        self.flush();
        if let Some(group) = self.groups.last_mut() {
            change(group);
        }
    }

    /// A control word with its number.
    fn word<'a>(&mut self, tail: &'a [u8]) -> &'a [u8] {
        let length = tail.iter().take(32).position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(tail.len().min(32));
        let (name, rest) = tail.split_at_checked(length).unwrap_or((tail, b""));
        let digits = rest
            .iter()
            .enumerate()
            .take(11)
            .position(|(at, byte)| !(byte.is_ascii_digit() || (at == 0 && *byte == b'-')))
            .unwrap_or(rest.len().min(11));
        let (number, rest) = rest.split_at_checked(digits).unwrap_or((b"", rest));
        let number = std::str::from_utf8(number).ok().and_then(|text| text.parse::<i32>().ok());
        let rest = rest.strip_prefix(b" ").unwrap_or(rest);
        if name == b"bin" {
            let length = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            return rest.get(length..).unwrap_or_default();
        }
        self.apply(name, number);
        rest
    }

    fn apply(&mut self, name: &[u8], number: Option<i32>) {
        match name {
            b"par" | b"line" | b"sect" | b"page" => self.push("\n"),
            b"row" => self.push("\n"),
            b"cell" | b"nestcell" => self.push(" | "),
            b"tab" => self.push("\t"),
            b"emdash" => self.push("—"),
            b"endash" => self.push("–"),
            b"lquote" => self.push("‘"),
            b"rquote" => self.push("’"),
            b"ldblquote" => self.push("“"),
            b"rdblquote" => self.push("”"),
            b"bullet" => self.push("•"),
            b"uc" => {
                let count = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(10);
                self.set(|group| group.fallback = count);
            }
            b"u" => self.unicode(number.unwrap_or(0)),
            b"ansicpg" => self.page = number.and_then(|page| Charset::by_label(&format!("windows-{page}"))),
            b"f" => self.set(|group| group.font = number.unwrap_or(0)),
            b"fcharset" if self.group().fonts && self.fonts.len() < MAX_FONTS => {
                let label = match number {
                    Some(204) => "windows-1251",
                    Some(238) => "windows-1250",
                    Some(161) => "windows-1253",
                    Some(162) => "windows-1254",
                    _ => return,
                };
                if let Some(charset) = Charset::by_label(label) {
                    self.fonts.insert(self.group().font, charset);
                }
            }
            b"fonttbl" => self.set(|group| {
                group.skip = true;
                group.fonts = true;
            }),
            b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object" | b"themedata" | b"listtable"
            | b"listoverridetable" | b"header" | b"headerl" | b"headerr" | b"headerf" | b"footer" | b"footerl"
            | b"footerr" | b"footerf" | b"fldinst" | b"generator" | b"datastore" | b"xmlnstbl" | b"rsidtbl" => {
                self.set(|group| group.skip = true);
            }
            _ => {}
        }
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        let group = self.group();
        self.drop = group.fallback;
        if group.skip {
            return;
        }
        let unit = (number & 0xffff) as u16;
        let units = match self.surrogate.take() {
            Some(high) => vec![high, unit],
            None if (0xd800..0xdc00).contains(&unit) => {
                self.surrogate = Some(unit);
                return;
            }
            None => vec![unit],
        };
        self.out.extend(char::decode_utf16(units).filter_map(Result::ok));
    }
}
