//! The few questions to the package of a workbook that its parser does not answer: which part is what.
//!
//! Names of parts are not fixed; they are found through the relations, read as XML with namespaces ignored.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Longest part that is read here, bytes.
const MAX_PART: u64 = 4 << 20;

/// An opened package.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        Some(Self { archive: ZipArchive::new(Cursor::new(bytes)).ok()? })
    }

    /// The text of a part.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let part = self.archive.by_name(name).ok()?;
        let mut text = String::new();
        part.take(MAX_PART).read_to_string(&mut text).ok()?;
        Some(text)
    }

    /// The part to which the package has a relation whose type ends so.
    pub(super) fn part_of_kind(&mut self, ending: &str) -> Option<String> {
        let xml = self.text("_rels/.rels")?;
        let relation = relations(&xml).into_values().find(|relation| relation.kind.ends_with(ending))?;
        Some(resolve("", &relation.target))
    }

    /// Names of sheets and their parts.
    pub(super) fn sheets(&mut self) -> BTreeMap<String, String> {
        self.try_sheets().unwrap_or_default()
    }

    fn try_sheets(&mut self) -> Option<BTreeMap<String, String>> {
        let workbook = self.part_of_kind("/officeDocument")?;
        let (folder, file) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
        let relations = relations(&self.text(&format!("{folder}/_rels/{file}.rels"))?);
        let xml = self.text(&workbook)?;
        let mut sheets = BTreeMap::new();
        each_element(&xml, |element| {
            if element.local_name().as_ref() == "sheet"
                && let (Some(name), Some(id)) = (attribute(element, "name"), attribute(element, "id"))
                && let Some(relation) = relations.get(&id)
            {
                sheets.insert(name, resolve(folder, &relation.target));
            }
        });
        Some(sheets)
    }
}

struct Relation {
    kind: String,
    target: String,
}

fn relations(xml: &str) -> BTreeMap<String, Relation> {
    let mut found = BTreeMap::new();
    each_element(xml, |element| {
        if element.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(kind), Some(target)) =
                (attribute(element, "Id"), attribute(element, "Type"), attribute(element, "Target"))
        {
            found.insert(id, Relation { kind, target });
        }
    });
    found
}

/// Path of a part; a target starts at the folder of the part that names it, or at the root.
fn resolve(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{target}"),
    }
}

fn each_element(xml: &str, mut each: impl FnMut(&BytesStart<'_>)) {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => each(&element),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// The value of an attribute, its prefix ignored (`r:id`); of two the one without prefix, or the first.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}
