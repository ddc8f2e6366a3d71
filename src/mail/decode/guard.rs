//! What must not reach mail-parser: it keeps enclosed letters as nested values (dropped by recursion) and copies the
//! whole letter for every letter enclosed in an encoded one.
//!
//! A pass over the bytes counts the places where a structure could begin. Too many: the letter is not taken apart. An
//! enclosed letter in base64 or quoted-printable (forbidden by RFC 2046, seen in attacks and from old gateways) is
//! renamed, so that it arrives as bytes and is decoded by ourselves, with our limits.

use std::borrow::Cow;

use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Most multiparts and enclosed letters in one letter (Postfix has the same limit for nesting).
const MAX_STRUCTURES: usize = 100;
/// Most lines that look like boundaries.
const MAX_BOUNDARY_LINES: usize = 20_000;
/// Most continued parameters (`name*7=`): mail-parser joins them in quadratic time.
const MAX_CONTINUATIONS: usize = 5_000;
/// Bytes of a part's header block that are looked at around an enclosed letter's type.
const MAX_BLOCK: usize = 8 * 1024;
/// Type given to an enclosed letter that is encoded; as long as `message`.
pub const RENAMED: &str = "xletter";

/// What is counted: the first two begin structures, then a boundary, then the digits of continued parameters.
const PATTERNS: [&str; 13] =
    ["message", "multipart", "\n--", "*0", "*1", "*2", "*3", "*4", "*5", "*6", "*7", "*8", "*9"];

static TYPES: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(PATTERNS).ok());

/// The letter, ready for mail-parser or not.
pub enum Tamed<'a> {
    /// May be parsed.
    Ready(Cow<'a, [u8]>),
    /// Would cost too much.
    TooComplex,
}

/// Counts structures and renames what must not be parsed in place.
pub fn tame(raw: &[u8]) -> Tamed<'_> {
    let Some(types) = TYPES.as_ref() else { return Tamed::TooComplex };
    let mut structures = 0_usize;
    let mut boundaries = 0_usize;
    let mut continuations = 0_usize;
    let mut rename: Vec<usize> = Vec::new();
    for found in types.find_iter(raw) {
        match found.pattern().as_usize() {
            0 | 1 => {}
            2 => {
                boundaries = boundaries.saturating_add(1);
                continue;
            }
            _ => {
                continuations = continuations.saturating_add(1);
                continue;
            }
        }
        let after = raw.get(found.end()..).unwrap_or_default();
        if !after.trim_ascii_start().starts_with(b"/") {
            continue;
        }
        structures = structures.saturating_add(1);
        if structures > MAX_STRUCTURES {
            break;
        }
        let digest = after.trim_ascii_start().get(1..7).is_some_and(|kind| kind.eq_ignore_ascii_case(b"digest"));
        if digest || (found.pattern().as_usize() == 0 && encoded(raw, found.start())) {
            rename.push(found.start());
        }
    }
    if structures > MAX_STRUCTURES || boundaries > MAX_BOUNDARY_LINES || continuations > MAX_CONTINUATIONS {
        return Tamed::TooComplex;
    }
    if rename.is_empty() {
        return Tamed::Ready(Cow::Borrowed(raw));
    }
    let mut copy = raw.to_vec();
    for at in rename {
        if let Some(slot) = copy.get_mut(at..at.saturating_add(RENAMED.len()))
            && slot.eq_ignore_ascii_case(b"message")
        {
            slot.copy_from_slice(RENAMED.as_bytes());
        } else if let Some(slot) = copy.get_mut(at.saturating_add("multipart".len())..) {
            // A digest makes letters of parts without a type: an ordinary multipart does not.
            if let Some(kind) = slot.iter().position(|byte| byte.eq_ignore_ascii_case(&b'd'))
                && let Some(slot) = slot.get_mut(kind..kind.saturating_add(6))
            {
                slot.copy_from_slice(b"xmixed");
            }
        }
    }
    Tamed::Ready(Cow::Owned(copy))
}

/// Whether the header block round this place names a transfer encoding that changes bytes.
fn encoded(raw: &[u8], at: usize) -> bool {
    let before = raw.get(at.saturating_sub(MAX_BLOCK)..at).unwrap_or_default();
    let after = raw.get(at..at.saturating_add(MAX_BLOCK)).or_else(|| raw.get(at..)).unwrap_or_default();
    let head = blank_line_back(before);
    let tail = blank_line(after);
    [head, tail].into_iter().any(|block| {
        let lower = block.to_ascii_lowercase();
        memchr::memmem::find(&lower, b"base64").is_some() || memchr::memmem::find(&lower, b"quoted").is_some()
    })
}

fn blank_line(bytes: &[u8]) -> &[u8] {
    let end = memchr::memmem::find(bytes, b"\n\r\n").or_else(|| memchr::memmem::find(bytes, b"\n\n"));
    bytes.get(..end.unwrap_or(bytes.len())).unwrap_or(bytes)
}

fn blank_line_back(bytes: &[u8]) -> &[u8] {
    let start = memchr::memmem::rfind(bytes, b"\n\r\n").max(memchr::memmem::rfind(bytes, b"\n\n"));
    bytes.get(start.unwrap_or(0)..).unwrap_or(bytes)
}
