//! The look at a workbook before any parser sees it: is the container honest, and is everything in it small enough.
//!
//! A 2 KB file can bring a parser down (a bomb, a wrong count, a cell at the far end), a wrong checksum passes unseen, and
//! a part in UTF-16 reads as "no rows". So every part is inflated to its end once, within limits, and looked through.
//! Absent on purpose: what the parts mean (`read`), and trust: even a workbook that passes is parsed in a child process.

use crate::workbook::refusal::{Cause, Refusal};
use memchr::memmem;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// How much of a workbook is looked at. Sizes in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The file itself.
    pub file: u64,
    /// One part, inflated.
    pub part: u64,
    /// All parts together, inflated.
    pub total: u64,
    /// How many parts.
    pub parts: usize,
    /// Whether references to other files are let through (a person's own sheets may have them).
    pub external: bool,
}

impl Limits {
    /// For our own register, which people edit.
    pub const REGISTER: Self = Self { file: 40 << 20, part: 400 << 20, total: 400 << 20, parts: 1_000, external: true };
    /// For workbooks from elsewhere.
    pub const STRANGER: Self = Self { file: 12 << 20, part: 64 << 20, total: 96 << 20, parts: 1_000, external: false };
}

/// Bytes that are inflated at a time.
const CHUNK: usize = 128 * 1024;
/// Longest thing that is searched for across two chunks.
const OVERLAP: usize = 4096;
/// Most merged areas that are kept of a part, and longest text of one.
const MAX_MERGED: usize = 200;
const MAX_AREA: usize = 30;
/// A shared string takes at least this many bytes of its part (`<si/>`).
const BYTES_PER_STRING: u64 = 5;

/// What was noticed on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noticed {
    /// Merged areas (`A5:A7`) by part, the first of them.
    pub merged: BTreeMap<String, Vec<String>>,
}

/// Looks through a register.
///
/// # Errors
/// The cause, in the words of an operator.
pub fn prepass(bytes: &[u8]) -> Result<(), Refusal> {
    look(bytes, Limits::REGISTER).map(|_| ())
}

/// Looks through a workbook within limits.
///
/// # Errors
/// The cause, in the words of an operator.
pub fn look(bytes: &[u8], limits: Limits) -> Result<Noticed, Refusal> {
    container(bytes, limits)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| zip_refusal(&error, ""))?;
    directory(&mut archive, bytes, limits)?;
    let mut total = 0u64;
    let mut noticed = Noticed::default();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| zip_refusal(&error, ""))?;
        let name = part.name().map_err(|_| Refusal::whole(Cause::OddArchive))?.into_owned();
        total = total.saturating_add(part.size());
        if part.size() > limits.part || total > limits.total {
            return Err(Refusal::at(Cause::TooLarge, name));
        }
        let size = part.size();
        let merged = look_through(&mut part, &name, size, limits)?;
        if !merged.is_empty() {
            noticed.merged.insert(name, merged);
        }
    }
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("xl/workbook.bin") {
        return Err(Refusal::whole(Cause::OldFormat));
    }
    if !has("[Content_Types].xml") || !archive.file_names_raw().any(|name| name.starts_with(b"xl/")) {
        return Err(Refusal::whole(Cause::NotWorkbook));
    }
    Ok(noticed)
}

/// Size and the first bytes.
fn container(bytes: &[u8], limits: Limits) -> Result<(), Refusal> {
    let cause = if bytes.len() as u64 > limits.file {
        Cause::TooLarge
    } else if bytes.is_empty() {
        Cause::Damaged
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        ole_cause(bytes)
    } else if !bytes.starts_with(b"PK\x03\x04") {
        Cause::NotWorkbook
    } else {
        return Ok(());
    };
    Err(Refusal::whole(cause))
}

/// An OLE file: a package under a password, or an old workbook.
fn ole_cause(bytes: &[u8]) -> Cause {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if memmem::find(bytes, &name).is_some() { Cause::Encrypted } else { Cause::OldFormat }
}

/// The central directory: where it lies, how many parts, their names.
fn directory(archive: &mut ZipArchive<Cursor<&[u8]>>, bytes: &[u8], limits: Limits) -> Result<(), Refusal> {
    let odd = || Refusal::whole(Cause::OddArchive);
    if archive.len() > limits.parts {
        return Err(Refusal::whole(Cause::TooMuchData));
    }
    if archive.offset() != 0 || archive.has_duplicate_names() || !ends_with_directory(archive, bytes) {
        return Err(odd());
    }
    if archive.has_overlapping_entries().map_err(|error| zip_refusal(&error, ""))? {
        return Err(odd());
    }
    let mut seen = BTreeSet::new();
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|error| zip_refusal(&error, ""))?;
        let name = part.name().map_err(|_| odd())?.into_owned();
        if part.encrypted() {
            return Err(Refusal::whole(Cause::Encrypted));
        }
        let path_is_odd = name.is_empty()
            || name.starts_with('/')
            || name.split('/').any(|step| step == "..")
            || name.contains(['\\', ':', '\0']);
        // Excel takes names without regard to case.
        if path_is_odd || part.is_symlink() || !seen.insert(name.to_lowercase()) {
            return Err(odd());
        }
        if name.to_lowercase().ends_with("vbaproject.bin") {
            return Err(Refusal::whole(Cause::Macros));
        }
    }
    Ok(())
}

/// Nothing lies between the last entry of the directory and the end record (or its 64-bit forerunners), and nothing but
/// a comment behind it.
fn ends_with_directory(archive: &ZipArchive<Cursor<&[u8]>>, bytes: &[u8]) -> bool {
    let Some(end) = memmem::rfind(bytes, b"PK\x05\x06") else { return false };
    let field = |at: usize| {
        let four = bytes.get(end + at..end + at + 4)?;
        Some(u64::from(u32::from_le_bytes(four.try_into().ok()?)))
    };
    let (Some(size), Some(start)) = (field(12), field(16)) else { return false };
    if size == u64::from(u32::MAX) || start == u64::from(u32::MAX) {
        // 64-bit records between; the zip reader has followed them.
        return archive.central_directory_start() < end as u64;
    }
    start == archive.central_directory_start() && start + size <= end as u64 && end as u64 - (start + size) <= 76
}

/// Inflates a part to its end (the zip reader compares size and checksum), looks for what must not be there, and
/// gives back the merged areas.
fn look_through(part: &mut impl Read, name: &str, size: u64, limits: Limits) -> Result<Vec<String>, Refusal> {
    let lower = name.to_lowercase();
    let is_relations = lower.ends_with(".rels");
    // Data of other programs, in any encoding; no parser of ours reads it.
    let is_foreign = lower.starts_with("customxml/");
    let is_xml = !is_foreign && (is_relations || lower.ends_with(".xml") || lower.ends_with(".vml"));
    let damaged = || Refusal::at(Cause::Damaged, name);
    let mut buffer = vec![0u8; OVERLAP + CHUNK];
    let (mut kept, mut read, mut merged) = (0usize, 0u64, Vec::new());
    loop {
        let room = buffer.get_mut(kept..kept + CHUNK).ok_or_else(damaged)?;
        let fresh = part.read(room).map_err(|_| damaged())?;
        if fresh == 0 {
            break;
        }
        let first = read == 0;
        read += fresh as u64;
        if read > size {
            return Err(damaged());
        }
        if is_xml {
            let window = buffer.get(..kept + fresh).unwrap_or_default();
            if first {
                check_encoding(window, name)?;
            }
            check_xml(window, name, (size, is_relations && !limits.external))?;
            merged_areas(window, &mut merged);
            let overlap = window.len().min(OVERLAP);
            let from = window.len() - overlap;
            buffer.copy_within(from..from + overlap, 0);
            kept = overlap;
        }
    }
    if read == size { Ok(merged) } else { Err(damaged()) }
}

/// Office programs write UTF-8; other encodings read as nothing at all in some parsers.
fn check_encoding(start: &[u8], name: &str) -> Result<(), Refusal> {
    let refusal = || Refusal::at(Cause::Encoding, name);
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") || start.iter().take(4).any(|byte| *byte == 0) {
        return Err(refusal());
    }
    let end = memchr::memchr(b'>', start).unwrap_or(start.len());
    let declaration = start.get(..end).unwrap_or_default().to_ascii_lowercase();
    match memmem::find(&declaration, b"encoding") {
        Some(at) if declaration.windows(5).take(4).any(|five| five == b"<?xml") => {
            let value = declaration.get(at..).unwrap_or_default();
            let fits = [&b"utf-8"[..], b"us-ascii", b"ascii"].iter().any(|known| memmem::find(value, known).is_some());
            if fits { Ok(()) } else { Err(refusal()) }
        }
        _ => Ok(()),
    }
}

fn check_xml(window: &[u8], name: &str, (size, no_external): (u64, bool)) -> Result<(), Refusal> {
    if memmem::find(window, b"<!DOCTYPE").is_some() || memmem::find(window, b"<!ENTITY").is_some() {
        return Err(Refusal::at(Cause::Doctype, name));
    }
    for at in memmem::find_iter(window, b"uniqueCount") {
        let digits: String = window
            .get(at + b"uniqueCount".len()..)
            .unwrap_or_default()
            .iter()
            .skip_while(|byte| matches!(byte, b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n'))
            .take_while(|byte| byte.is_ascii_digit())
            .take(24)
            .map(|byte| char::from(*byte))
            .collect();
        // Parsers reserve room for so many strings before they see one.
        let fits = digits.is_empty() || digits.parse::<u64>().is_ok_and(|count| count <= size / BYTES_PER_STRING);
        if !fits {
            return Err(Refusal::at(Cause::Damaged, name));
        }
    }
    if no_external {
        check_external(window, name)?;
    }
    Ok(())
}

/// Areas of `<mergeCell ref="A5:A7"/>`; a text of a cell cannot look like that, since its `"` stands behind no tag.
fn merged_areas(window: &[u8], merged: &mut Vec<String>) {
    for at in memmem::find_iter(window, b"mergeCell ref=") {
        let area = window.get(at + b"mergeCell ref=\"".len()..).unwrap_or_default();
        let end = area.iter().take(MAX_AREA).position(|byte| matches!(byte, b'"' | b'\''));
        let Some(area) = end.and_then(|end| std::str::from_utf8(area.get(..end)?).ok()) else { continue };
        // Two windows overlap, so the same area may come again.
        if merged.len() < MAX_MERGED && !merged.iter().any(|known| known == area) {
            merged.push(area.to_owned());
        }
    }
}

/// A link that a person clicks is harmless; anything else outside the file is not.
fn check_external(window: &[u8], name: &str) -> Result<(), Refusal> {
    for at in memmem::find_iter(window, b"\"External\"") {
        let before = window.get(..at).unwrap_or_default();
        let after = window.get(at..).unwrap_or_default();
        let start = memchr::memrchr(b'<', before).unwrap_or(0);
        let end = at + memchr::memchr(b'>', after).unwrap_or(after.len());
        let element = window.get(start..end).unwrap_or_default();
        if memmem::find(element, b"/hyperlink\"").is_none() {
            return Err(Refusal::at(Cause::External, name));
        }
    }
    Ok(())
}

fn zip_refusal(error: &ZipError, name: &str) -> Refusal {
    let cause = if matches!(error, ZipError::UnsupportedArchive(_)) {
        Cause::OddArchive
    } else if matches!(error, ZipError::InvalidPassword) {
        Cause::Encrypted
    } else {
        Cause::Damaged
    };
    Refusal::at(cause, name)
}
