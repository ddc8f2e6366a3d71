//! The zip archive around a workbook, at the level of its records, so that untouched parts stay byte for byte.
//!
//! Untouched local records are copied whole, with data descriptors, zip64 extras and Excel's 0xA220 padding; replaced
//! ones are written anew without a descriptor and without extra fields. The central directory keeps its order; only
//! offsets, sizes and checksums move. Deliberately absent: encryption, spanned archives, methods other than deflate
//! and stored, output of 4 GiB and more.

use super::bytes::{cut, rest};
use crate::workbook::refusal::{Cause, Refusal};
use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::collections::BTreeMap;
use std::ops::Range;

/// Entries that an archive may have.
const MAX_ENTRIES: usize = 10_000;
/// Largest part in bytes after inflating (the register sheet at about 400,000 rows).
const MAX_PART: usize = 400 << 20;
/// Largest workbook in bytes.
const MAX_FILE: usize = 256 << 20;
/// Deflate cannot shrink by more than this.
const MAX_RATIO: usize = 1_032;
/// Length of the end-of-central-directory record without its comment.
const EOCD_LEN: usize = 22;
/// Flag bits that a replaced entry keeps: the name is in UTF-8.
const KEPT_FLAGS: u16 = 1 << 11;

/// One part as the central directory describes it.
#[derive(Debug)]
pub struct Entry {
    /// Name as stored; bytes that are not UTF-8 are replaced.
    pub name: String,
    flags: u16,
    method: u16,
    stamp: [u8; 4],
    crc: u32,
    size: usize,
    record: Range<usize>,
    data: Range<usize>,
    central: Range<usize>,
    offset_field: Range<usize>,
}

/// The content of a replaced or added part, deflated.
#[derive(Debug)]
pub struct Packed {
    /// Raw deflate stream.
    pub bytes: Vec<u8>,
    /// CRC-32 of the content.
    pub crc: u32,
    /// Length of the content.
    pub size: usize,
}

/// What becomes of the parts.
#[derive(Debug, Default)]
pub struct Changes {
    /// New contents by entry index.
    pub replaced: BTreeMap<usize, Packed>,
    /// Entries to leave out.
    pub dropped: Vec<usize>,
    /// New parts, written last.
    pub added: Vec<(String, Packed)>,
}

impl Changes {
    /// Whether every part stays as it is.
    pub fn is_empty(&self) -> bool {
        self.replaced.is_empty() && self.dropped.is_empty() && self.added.is_empty()
    }
}

/// An opened archive.
#[derive(Debug)]
pub struct Archive<'a> {
    bytes: &'a [u8],
    /// Parts in the order of the central directory.
    pub entries: Vec<Entry>,
    comment: Range<usize>,
}

fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn le64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

fn size32(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(le32(bytes, at)?).ok()
}

impl<'a> Archive<'a> {
    /// Reads the central directory; says why where the file is no workbook of the kind that can be changed.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            let marker: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
            let encrypted = memchr::memmem::find(bytes, &marker).is_some();
            return Err(Refusal::whole(if encrypted { Cause::Encrypted } else { Cause::OldFormat }));
        }
        if bytes.len() > MAX_FILE {
            return Err(Refusal::whole(Cause::TooLarge));
        }
        if !bytes.starts_with(b"PK\x03\x04") {
            return Err(Refusal::whole(Cause::NotWorkbook));
        }
        let mut archive = Self::directory(bytes).ok_or(Refusal::whole(Cause::Damaged))?;
        archive.place_records().ok_or(Refusal::whole(Cause::OddArchive))?;
        Ok(archive)
    }

    fn directory(bytes: &'a [u8]) -> Option<Self> {
        let window = bytes.len().saturating_sub(EOCD_LEN + 0xffff);
        let end = window.checked_add(memchr::memmem::rfind(rest(bytes, window), b"PK\x05\x06")?)?;
        let mut count = usize::from(le16(bytes, end.checked_add(10)?)?);
        let mut start = u64::from(le32(bytes, end.checked_add(16)?)?);
        let mut stop = end;
        if let Some(locator) = end.checked_sub(20).filter(|at| rest(bytes, *at).starts_with(b"PK\x06\x07")) {
            let end64 = usize::try_from(le64(bytes, locator.checked_add(8)?)?).ok()?;
            if !rest(bytes, end64).starts_with(b"PK\x06\x06") {
                return None;
            }
            count = usize::try_from(le64(bytes, end64.checked_add(32)?)?).ok()?;
            start = le64(bytes, end64.checked_add(48)?)?;
            stop = end64;
        }
        let mut at = usize::try_from(start).ok()?;
        if count > MAX_ENTRIES || at > stop {
            return None;
        }
        let mut entries = Vec::with_capacity(count);
        for _ in 0..count {
            let entry = Entry::central(bytes, at)?;
            at = entry.central.end;
            entries.push(entry);
        }
        let comment_len = usize::from(le16(bytes, end.checked_add(20)?)?);
        let comment = end.checked_add(EOCD_LEN)?..end.checked_add(EOCD_LEN)?.checked_add(comment_len)?;
        (at <= stop && comment.end <= bytes.len()).then_some(Self { bytes, entries, comment })
    }

    /// Finds the extent of every local record: from its header to the next one or to the central directory.
    fn place_records(&mut self) -> Option<()> {
        let bytes = self.bytes;
        let limit = self.entries.iter().map(|entry| entry.central.start).min()?;
        let mut order: Vec<&mut Entry> = self.entries.iter_mut().collect();
        order.sort_by_key(|entry| std::cmp::Reverse(entry.record.start));
        let mut next = limit;
        for entry in order {
            let at = entry.record.start;
            if !rest(bytes, at).starts_with(b"PK\x03\x04") {
                return None;
            }
            let names = usize::from(le16(bytes, at.checked_add(26)?)?) + usize::from(le16(bytes, at.checked_add(28)?)?);
            let data = at.checked_add(30)?.checked_add(names)?;
            entry.data = data..data.checked_add(entry.data.len())?;
            entry.record = at..next;
            if entry.data.end > next {
                return None;
            }
            next = at;
        }
        (next == 0).then_some(())
    }

    /// The index of a part; case and a leading slash do not count.
    pub fn find(&self, name: &str) -> Option<usize> {
        let wanted = name.trim_start_matches('/');
        self.entries.iter().position(|entry| entry.name.trim_start_matches('/').eq_ignore_ascii_case(wanted))
    }

    /// The content of a part, its checksum proved.
    pub fn content(&self, index: usize) -> Result<Vec<u8>, Refusal> {
        let entry = self.entries.get(index).ok_or(Refusal::whole(Cause::NotConfirmed))?;
        let refuse = |cause| Refusal::at(cause, entry.name.clone());
        let packed = cut(self.bytes, entry.data.clone());
        if entry.flags & 1 != 0 {
            return Err(refuse(Cause::Encrypted));
        }
        if entry.size > MAX_PART {
            return Err(refuse(Cause::TooLarge));
        }
        let content = match entry.method {
            0 => packed.to_vec(),
            8 if entry.size <= packed.len().saturating_add(1).saturating_mul(MAX_RATIO) => {
                inflate(packed, entry.size).ok_or_else(|| refuse(Cause::Damaged))?
            }
            8 => return Err(refuse(Cause::Damaged)),
            _ => return Err(refuse(Cause::OddArchive)),
        };
        let mut crc = Crc::new();
        crc.update(&content);
        if content.len() != entry.size || crc.sum() != entry.crc {
            return Err(refuse(Cause::Damaged));
        }
        Ok(content)
    }

    /// The archive with the changes made.
    pub fn assemble(&self, changes: &Changes) -> Result<Vec<u8>, Refusal> {
        let grown: usize = changes
            .replaced
            .values()
            .chain(changes.added.iter().map(|(_, part)| part))
            .fold(0, |sum, p| sum.saturating_add(p.bytes.len()).saturating_add(512));
        let mut out = Vec::with_capacity(self.bytes.len().saturating_add(grown));
        let mut order: Vec<usize> = (0..self.entries.len()).filter(|index| !changes.dropped.contains(index)).collect();
        order.sort_by_key(|index| self.entries.get(*index).map(|entry| entry.record.start));
        let mut offsets = BTreeMap::new();
        for index in order {
            let Some(entry) = self.entries.get(index) else { continue };
            offsets.insert(index, offset(&out)?);
            match changes.replaced.get(&index) {
                None => out.extend_from_slice(cut(self.bytes, entry.record.clone())),
                Some(part) => entry.write_local(self.bytes, part, &mut out)?,
            }
        }
        let stamp = self.entries.first().map_or([0, 0, 0x21, 0], |entry| entry.stamp);
        let added: Vec<(Entry, u32)> = changes
            .added
            .iter()
            .map(|(name, part)| {
                let at = offset(&out)?;
                let entry = Entry::added(name, stamp, part);
                entry.write_added_local(part, &mut out)?;
                Ok((entry, at))
            })
            .collect::<Result<_, Refusal>>()?;
        self.write_directory(changes, &offsets, &added, &mut out)?;
        Ok(out)
    }

    fn write_directory(
        &self,
        changes: &Changes,
        offsets: &BTreeMap<usize, u32>,
        added: &[(Entry, u32)],
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        let start = offset(out)?;
        for (index, entry) in self.entries.iter().enumerate() {
            let Some(at) = offsets.get(&index) else { continue };
            match changes.replaced.get(&index) {
                None => entry.copy_central(self.bytes, *at, out),
                Some(part) => entry.write_central(self.bytes, part, *at, out)?,
            }
        }
        for ((entry, at), (_, part)) in added.iter().zip(&changes.added) {
            entry.write_added_central(part, *at, out)?;
        }
        let size = offset(out)?.saturating_sub(start);
        let count = u16::try_from(offsets.len().saturating_add(added.len()))
            .map_err(|_| Refusal::whole(Cause::OddArchive))?
            .to_le_bytes();
        out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        out.extend_from_slice(&count);
        out.extend_from_slice(&count);
        out.extend_from_slice(&size.to_le_bytes());
        out.extend_from_slice(&start.to_le_bytes());
        let comment = cut(self.bytes, self.comment.clone());
        out.extend_from_slice(&u16::try_from(comment.len()).unwrap_or(0).to_le_bytes());
        out.extend_from_slice(comment);
        Ok(())
    }

    /// Whether part `index` of `self` stands in `other`, at `there`, with the very same local record.
    pub fn same_record(&self, index: usize, other: &Archive<'_>, there: usize) -> bool {
        match (self.entries.get(index), other.entries.get(there)) {
            (Some(a), Some(b)) => {
                let old = cut(self.bytes, a.record.clone());
                !old.is_empty() && a.name == b.name && old == cut(other.bytes, b.record.clone())
            }
            _ => false,
        }
    }
}

/// Where the next record begins.
fn offset(out: &[u8]) -> Result<u32, Refusal> {
    u32::try_from(out.len()).map_err(|_| Refusal::whole(Cause::TooLarge))
}

fn len32(len: usize) -> Result<[u8; 4], Refusal> {
    u32::try_from(len).map(u32::to_le_bytes).map_err(|_| Refusal::whole(Cause::TooLarge))
}

impl Entry {
    /// Reads one header of the central directory; `record` and `data` get their places later.
    fn central(bytes: &[u8], at: usize) -> Option<Self> {
        let head = cut(bytes, at..at.checked_add(46)?);
        if !head.starts_with(b"PK\x01\x02") {
            return None;
        }
        let (name_len, extra_len) = (usize::from(le16(head, 28)?), usize::from(le16(head, 30)?));
        let name = at.checked_add(46)?..at.checked_add(46)?.checked_add(name_len)?;
        let extra = name.end..name.end.checked_add(extra_len)?;
        let end = extra.end.checked_add(usize::from(le16(head, 32)?))?;
        let (mut packed, mut size, mut local) = (size32(head, 20)?, size32(head, 24)?, size32(head, 42)?);
        let mut offset_field = at.checked_add(42)?..at.checked_add(46)?;
        let mut field = extra.start;
        while field.checked_add(4)? <= extra.end {
            let (id, len) = (le16(bytes, field)?, usize::from(le16(bytes, field.checked_add(2)?)?));
            let mut value = field.checked_add(4)?;
            field = value.checked_add(len)?;
            if id != 1 {
                continue;
            }
            for (which, slot) in [&mut size, &mut packed, &mut local].into_iter().enumerate() {
                if *slot == 0xffff_ffff && value.checked_add(8)? <= field {
                    *slot = usize::try_from(le64(bytes, value)?).ok()?;
                    if which == 2 {
                        offset_field = value..value.checked_add(8)?;
                    }
                    value = value.checked_add(8)?;
                }
            }
        }
        let stamp = cut(head, 12..16).try_into().ok()?;
        (end <= bytes.len()).then(|| Self {
            name: String::from_utf8_lossy(cut(bytes, name)).into_owned(),
            flags: le16(head, 8).unwrap_or(0),
            method: le16(head, 10).unwrap_or(0),
            stamp,
            crc: le32(head, 16).unwrap_or(0),
            size,
            record: local..local,
            data: 0..packed,
            central: at..end,
            offset_field,
        })
    }

    /// Whether size and checksum are those of this content.
    pub fn holds(&self, part: &Packed) -> bool {
        (self.size, self.crc) == (part.size, part.crc)
    }

    fn added(name: &str, stamp: [u8; 4], part: &Packed) -> Self {
        Self {
            name: name.to_owned(),
            flags: if name.is_ascii() { 0 } else { KEPT_FLAGS },
            method: 8,
            stamp,
            crc: part.crc,
            size: part.size,
            record: 0..0,
            data: 0..0,
            central: 0..0,
            offset_field: 0..0,
        }
    }

    /// Version needed, flags, method, time, checksum and sizes: the fields that both headers share.
    fn write_common(&self, part: &Packed, out: &mut Vec<u8>) -> Result<(), Refusal> {
        out.extend_from_slice(&20_u16.to_le_bytes());
        out.extend_from_slice(&(self.flags & KEPT_FLAGS).to_le_bytes());
        out.extend_from_slice(&8_u16.to_le_bytes());
        out.extend_from_slice(&self.stamp);
        out.extend_from_slice(&part.crc.to_le_bytes());
        out.extend_from_slice(&len32(part.bytes.len())?);
        out.extend_from_slice(&len32(part.size)?);
        Ok(())
    }

    fn raw_name<'b>(&'b self, bytes: &'b [u8]) -> &'b [u8] {
        let start = self.central.start.saturating_add(46);
        let len = usize::from(le16(bytes, self.central.start.saturating_add(28)).unwrap_or(0));
        cut(bytes, start..start.saturating_add(len))
    }

    fn write_local(&self, bytes: &[u8], part: &Packed, out: &mut Vec<u8>) -> Result<(), Refusal> {
        self.write_record(self.raw_name(bytes), part, out)
    }

    fn write_added_local(&self, part: &Packed, out: &mut Vec<u8>) -> Result<(), Refusal> {
        self.write_record(self.name.as_bytes(), part, out)
    }

    fn write_record(&self, name: &[u8], part: &Packed, out: &mut Vec<u8>) -> Result<(), Refusal> {
        out.extend_from_slice(b"PK\x03\x04");
        self.write_common(part, out)?;
        out.extend_from_slice(&u16::try_from(name.len()).unwrap_or(0).to_le_bytes());
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(name);
        out.extend_from_slice(&part.bytes);
        Ok(())
    }

    /// The header as it was, with the new offset in the field that held the old one.
    fn copy_central(&self, bytes: &[u8], at: u32, out: &mut Vec<u8>) {
        let wide = u64::from(at).to_le_bytes();
        out.extend_from_slice(cut(bytes, self.central.start..self.offset_field.start));
        out.extend_from_slice(cut(&wide, 0..self.offset_field.len()));
        out.extend_from_slice(cut(bytes, self.offset_field.end..self.central.end));
    }

    fn write_central(&self, bytes: &[u8], part: &Packed, at: u32, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let start = self.central.start;
        let comment_len = usize::from(le16(bytes, start.saturating_add(32)).unwrap_or(0));
        let name = self.raw_name(bytes);
        out.extend_from_slice(b"PK\x01\x02");
        out.extend_from_slice(cut(bytes, start.saturating_add(4)..start.saturating_add(6)));
        self.write_common(part, out)?;
        out.extend_from_slice(&u16::try_from(name.len()).unwrap_or(0).to_le_bytes());
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(cut(bytes, start.saturating_add(32)..start.saturating_add(42)));
        out.extend_from_slice(&at.to_le_bytes());
        out.extend_from_slice(name);
        out.extend_from_slice(cut(bytes, self.central.end.saturating_sub(comment_len)..self.central.end));
        Ok(())
    }

    fn write_added_central(&self, part: &Packed, at: u32, out: &mut Vec<u8>) -> Result<(), Refusal> {
        out.extend_from_slice(b"PK\x01\x02\x14\0");
        self.write_common(part, out)?;
        out.extend_from_slice(&u16::try_from(self.name.len()).unwrap_or(0).to_le_bytes());
        out.extend_from_slice(&[0; 12]);
        out.extend_from_slice(&at.to_le_bytes());
        out.extend_from_slice(self.name.as_bytes());
        Ok(())
    }
}

/// Inflates a whole raw stream into exactly `size` bytes.
fn inflate(packed: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(size.max(1));
    let status = Decompress::new(false).decompress_vec(packed, &mut out, FlushDecompress::Finish).ok()?;
    (status == Status::StreamEnd && out.len() == size).then_some(out)
}
