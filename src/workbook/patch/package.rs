//! The parts of a workbook and how they refer to each other: found by relationships and names, never by "sheet1.xml".

use super::archive::Archive;
use super::xml::{Kind, Node, Walker};
use crate::workbook::refusal::{Cause, Refusal};
use std::ops::Range;

/// One relationship of a part.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Its id within the part.
    pub id: String,
    /// Last segment of its type (`worksheet`, `table`, …).
    pub kind: String,
    /// Full type.
    pub type_uri: String,
    /// Part that it names, without a leading slash; the raw target where it is external.
    pub target: String,
    /// Where the element stands in the `.rels` part.
    pub place: Range<usize>,
}

/// A sheet as the workbook part lists it.
#[derive(Debug, Clone)]
pub struct ListedSheet {
    /// Name on the tab.
    pub name: String,
    /// Position among all sheets, 0-based.
    pub position: usize,
    /// `sheetId`, which the calculation chain uses.
    pub id: String,
    /// Kind of its relationship (`worksheet`, `chartsheet`, …).
    pub kind: String,
    /// Name of its part.
    pub part: String,
}

/// An opened workbook.
pub struct Package<'a> {
    /// The archive around it.
    pub archive: Archive<'a>,
    /// Relationships of the package.
    pub root: Vec<Relation>,
    /// Name of the workbook part.
    pub workbook: String,
    /// Content of the workbook part.
    pub workbook_text: Vec<u8>,
    /// Relationships of the workbook part.
    pub relations: Vec<Relation>,
    /// Its sheets in the order of the tabs.
    pub sheets: Vec<ListedSheet>,
    /// Days count from 1904.
    pub date1904: bool,
}

/// The part that holds the relationships of `part`; of the package for an empty name.
pub fn relations_part(part: &str) -> String {
    let (folder, base) = part.rsplit_once('/').unwrap_or(("", part));
    if folder.is_empty() { format!("_rels/{base}.rels") } else { format!("{folder}/_rels/{base}.rels") }
}

/// The part that a target names, seen from the folder of `part`.
fn resolve(part: &str, target: &str) -> String {
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
    let full = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in full.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// The relationships of a part; none where it has no `.rels`.
pub fn relations(archive: &Archive<'_>, part: &str) -> Result<Vec<Relation>, Refusal> {
    let name = relations_part(part);
    let Some(index) = archive.find(&name) else { return Ok(Vec::new()) };
    let bytes = archive.content(index)?;
    let mut walker = Walker::new(&bytes, &name)?;
    let mut found: Vec<Relation> = Vec::new();
    // A relationship written as an open and a close tag ends at its close tag.
    while let Some(node) = walker.next()? {
        if node.local != "Relationship" {
            continue;
        }
        if node.kind == Kind::Close {
            if let Some(last) = found.last_mut() {
                last.place.end = node.place.end;
            }
            continue;
        }
        let (Some(id), Some(kind), Some(target)) = (node.value("Id"), node.value("Type"), node.value("Target")) else {
            continue;
        };
        let external = node.value("TargetMode") == Some("External");
        found.push(Relation {
            id: id.to_owned(),
            kind: kind.rsplit('/').next().unwrap_or(kind).to_owned(),
            type_uri: kind.to_owned(),
            target: if external { target.to_owned() } else { resolve(part, target) },
            place: node.place.clone(),
        });
    }
    Ok(found)
}

impl<'a> Package<'a> {
    /// Opens a workbook; refuses signed ones and those with a revision log.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let archive = Archive::open(bytes)?;
        let root = relations(&archive, "")?;
        let signed = root.iter().any(|r| r.type_uri.ends_with("/digital-signature/origin"))
            || archive.entries.iter().any(|entry| entry.name.to_ascii_lowercase().starts_with("_xmlsignatures/"));
        if signed {
            return Err(Refusal::whole(Cause::Signed));
        }
        let workbook = root.iter().find(|r| r.kind == "officeDocument").map(|r| r.target.clone());
        let workbook = workbook.ok_or(Refusal::whole(Cause::NotWorkbook))?;
        let index = archive.find(&workbook).ok_or_else(|| Refusal::at(Cause::Damaged, workbook.clone()))?;
        let workbook_text = archive.content(index)?;
        let relations = relations(&archive, &workbook)?;
        if relations.iter().any(|r| r.kind == "revisionHeaders") {
            return Err(Refusal::whole(Cause::Revisions));
        }
        let mut package =
            Self { archive, root, workbook, workbook_text, relations, sheets: Vec::new(), date1904: false };
        package.list_sheets()?;
        Ok(package)
    }

    fn list_sheets(&mut self) -> Result<(), Refusal> {
        let mut walker = Walker::new(&self.workbook_text, &self.workbook)?;
        let mut sheets = Vec::new();
        let mut date1904 = false;
        let mut root = false;
        while let Some(node) = walker.next()? {
            if matches!(node.kind, Kind::Open | Kind::Empty) && !root {
                root = true;
                if !node.opens("workbook") {
                    return Err(Refusal::whole(Cause::NotWorkbook));
                }
            }
            if node.opens("workbookPr") {
                date1904 = matches!(node.value("date1904"), Some("1" | "true" | "on"));
            }
            if node.opens("sheet") {
                sheets.extend(self.listed(&node, sheets.len()));
            }
        }
        (self.sheets, self.date1904) = (sheets, date1904);
        Ok(())
    }

    fn listed(&self, node: &Node, position: usize) -> Option<ListedSheet> {
        let id = node.attributes.iter().find(|a| a.local == "id" && a.namespace.ends_with("/relationships"))?;
        let relation = self.relations.iter().find(|r| r.id == id.value)?;
        Some(ListedSheet {
            name: node.value("name")?.to_owned(),
            position,
            id: node.value("sheetId").unwrap_or_default().to_owned(),
            kind: relation.kind.clone(),
            part: relation.target.clone(),
        })
    }

    /// The part that a relationship of the workbook names.
    pub fn part_of_kind(&self, kind: &str) -> Option<&str> {
        self.relations.iter().find(|r| r.kind == kind).map(|r| r.target.as_str())
    }

    /// The content of a part and its place in the archive.
    pub fn load(&self, part: &str) -> Result<(usize, Vec<u8>), Refusal> {
        let index = self.archive.find(part).ok_or_else(|| Refusal::at(Cause::Damaged, part))?;
        Ok((index, self.archive.content(index)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved_from_the_folder_of_their_part() {
        for (part, target, expected) in [
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/workbook.xml", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/worksheets/sheet1.xml", "../tables/table1.xml", "xl/tables/table1.xml"),
        ] {
            assert_eq!(resolve(part, target), expected);
        }
        assert_eq!(relations_part(""), "_rels/.rels");
        assert_eq!(relations_part("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
    }
}
