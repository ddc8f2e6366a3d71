//! The calculation chain: it may name formula cells only, else Excel repairs the file. Entries of cells that lost their
//! formula go; when none is left, the whole part goes with its relationship and its content type.

use super::Part;
use super::bytes::{Splice, cut};
use super::package::Package;
use super::place::parse_cell;
use super::xml::{Kind, Walker};
use crate::workbook::refusal::Refusal;
use std::collections::BTreeSet;

/// Formula cells that are no more: (`sheetId`, column, row).
pub type Gone = BTreeSet<(String, u32, u32)>;

/// Takes the entries out. Returns the entry of the archive to drop where the chain is empty afterwards.
pub fn drop_entries(package: &Package<'_>, gone: &Gone, parts: &mut Vec<Part>) -> Result<Option<usize>, Refusal> {
    let Some(part) = package.part_of_kind("calcChain").filter(|_| !gone.is_empty()) else { return Ok(None) };
    let (index, bytes) = package.load(part)?;
    let (splice, left) = change(&bytes, part, gone)?;
    if splice.is_empty() {
        return Ok(None);
    }
    if left > 0 {
        parts.push(Part { index, original: bytes, splice });
        return Ok(None);
    }
    drop_relation(package, part, parts)?;
    drop_content_type(package, part, parts)?;
    Ok(Some(index))
}

fn change(bytes: &[u8], part: &str, gone: &Gone) -> Result<(Splice, usize), Refusal> {
    let mut splice = Splice::default();
    let mut walker = Walker::new(bytes, part)?;
    // An entry without `i` belongs to the sheet of the entry before it, which may be one that goes.
    let (mut sheet, mut written, mut left) = (String::new(), String::new(), 0_usize);
    let mut open: Option<usize> = None;
    while let Some(node) = walker.next()? {
        if node.local != "c" {
            continue;
        }
        if node.kind == Kind::Close {
            if let Some(start) = open.take() {
                splice.replace(start..node.place.end, *b"");
            }
            continue;
        }
        if let Some(own) = node.value("i") {
            own.clone_into(&mut sheet);
        }
        let goes = node
            .value("r")
            .and_then(parse_cell)
            .is_some_and(|(column, row)| gone.contains(&(sheet.clone(), column, row)));
        if goes {
            if node.kind == Kind::Empty {
                splice.replace(node.place.clone(), *b"");
            } else {
                open = Some(node.place.start);
            }
            continue;
        }
        left = left.saturating_add(1);
        if node.value("i").is_none() && written != sheet {
            let name_end = cut(bytes, node.place.clone()).iter().position(u8::is_ascii_whitespace).unwrap_or(2);
            let at = node.place.start.saturating_add(name_end);
            splice.replace(at..at, format!(" i=\"{sheet}\""));
        }
        written.clone_from(&sheet);
    }
    Ok((splice, left))
}

fn drop_relation(package: &Package<'_>, part: &str, parts: &mut Vec<Part>) -> Result<(), Refusal> {
    let name = super::package::relations_part(&package.workbook);
    let (index, bytes) = package.load(&name)?;
    let mut splice = Splice::default();
    for relation in package.relations.iter().filter(|r| r.kind == "calcChain" && r.target == part) {
        splice.replace(relation.place.clone(), *b"");
    }
    parts.push(Part { index, original: bytes, splice });
    Ok(())
}

fn drop_content_type(package: &Package<'_>, part: &str, parts: &mut Vec<Part>) -> Result<(), Refusal> {
    let name = "[Content_Types].xml";
    let (index, bytes) = package.load(name)?;
    let mut splice = Splice::default();
    let mut walker = Walker::new(&bytes, name)?;
    let mut open: Option<usize> = None;
    while let Some(node) = walker.next()? {
        if node.local != "Override" {
            continue;
        }
        let own = node.value("PartName").is_some_and(|n| n.trim_start_matches('/').eq_ignore_ascii_case(part));
        match node.kind {
            Kind::Empty if own => splice.replace(node.place.clone(), *b""),
            Kind::Open if own => open = Some(node.place.start),
            Kind::Close => {
                if let Some(start) = open.take() {
                    splice.replace(start..node.place.end, *b"");
                }
            }
            Kind::Empty | Kind::Open | Kind::Other => {}
        }
    }
    parts.push(Part { index, original: bytes, splice });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_that_leaned_on_a_dropped_one_gets_its_own_sheet() {
        let before =
            "<calcChain><c r=\"A1\" i=\"1\"/><c r=\"B1\" i=\"2\"/><c r=\"B2\"/><c r=\"A1\" i=\"1\"/></calcChain>";
        let check = |gone: &[(&str, u32, u32)], expected: &str, count: usize| {
            let gone: Gone = gone.iter().map(|(s, c, r)| ((*s).to_owned(), *c, *r)).collect();
            let (mut splice, left) = change(before.as_bytes(), "p", &gone).unwrap();
            splice.settle(before.len()).unwrap();
            assert_eq!(String::from_utf8(splice.pieces(before.as_bytes()).concat()).unwrap(), expected);
            assert_eq!(left, count);
        };
        check(&[], before, 4);
        check(
            &[("2", 1, 1)],
            "<calcChain><c r=\"A1\" i=\"1\"/><c i=\"2\" r=\"B2\"/><c r=\"A1\" i=\"1\"/></calcChain>",
            3,
        );
        check(&[("1", 0, 1), ("2", 1, 1), ("2", 1, 2)], "<calcChain></calcChain>", 0);
    }
}
