//! Custom document properties: where the stamp lives. Other properties, their order and their types stay.
//!
//! The part may be missing, may use any prefix, may declare the type namespace on each value (openpyxl does), so it is
//! read with namespaces. A value is written with its own declaration, which is valid anywhere.

use super::bytes::Splice;
use super::package::Package;
use super::xml::{Kind, Node, Walker, escape_into};
use super::{NewPart, Part};
use crate::workbook::refusal::{Cause, Refusal};

const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes";
const PROPERTIES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties";
const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.custom-properties+xml";
/// The only format id that office programs show.
const FORMAT_ID: &str = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}";
const CONTENT_TYPES_PART: &str = "[Content_Types].xml";

fn value_xml(value: &str) -> Vec<u8> {
    let mut out = format!("<vt:lpwstr xmlns:vt=\"{TYPES}\">").into_bytes();
    escape_into(value, &mut out);
    out.extend_from_slice(b"</vt:lpwstr>");
    out
}

fn property_xml(prefix: &str, pid: u32, name: &str, value: &str) -> Vec<u8> {
    let mut out = format!("<{prefix}property fmtid=\"{FORMAT_ID}\" pid=\"{pid}\" name=\"").into_bytes();
    escape_into(name, &mut out);
    out.extend_from_slice(b"\">");
    out.extend(value_xml(value));
    out.extend_from_slice(format!("</{prefix}property>").as_bytes());
    out
}

/// Sets properties; adds the part, its relationship and its content type where the workbook has none.
pub fn set(
    package: &Package<'_>,
    wanted: &[(String, String)],
    parts: &mut Vec<Part>,
    new_parts: &mut Vec<NewPart>,
) -> Result<(), Refusal> {
    if wanted.is_empty() {
        return Ok(());
    }
    if let Some(relation) = package.root.iter().find(|r| r.kind == "custom-properties" || r.kind == "customProperties")
    {
        let (index, bytes) = package.load(&relation.target)?;
        let splice = change(&bytes, &relation.target, wanted)?;
        parts.push(Part { index, original: bytes, splice });
        return Ok(());
    }
    let name = (1_u32..1_000)
        .map(|n| if n == 1 { "docProps/custom.xml".to_owned() } else { format!("docProps/custom{n}.xml") })
        .find(|name| package.archive.find(name).is_none())
        .ok_or(Refusal::whole(Cause::OddArchive))?;
    let mut content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<Properties xmlns=\"{PROPERTIES}\" xmlns:vt=\"{TYPES}\">"
    )
    .into_bytes();
    for ((key, value), pid) in wanted.iter().zip(2_u32..) {
        content.extend(property_xml("", pid, key, value));
    }
    content.extend_from_slice(b"</Properties>");
    let id =
        (1_u32..).map(|n| format!("rIdZ{n}")).find(|id| package.root.iter().all(|r| r.id != *id)).unwrap_or_default();
    append_child(package, "_rels/.rels", parts, |prefix| {
        format!("<{prefix}Relationship Id=\"{id}\" Type=\"{RELATION}\" Target=\"{name}\"/>")
    })?;
    append_child(package, CONTENT_TYPES_PART, parts, |prefix| {
        format!("<{prefix}Override PartName=\"/{name}\" ContentType=\"{CONTENT_TYPE}\"/>")
    })?;
    new_parts.push(NewPart { name, content });
    Ok(())
}

/// Adds one element before the end of the root of a part, or to the change that is already planned for it.
fn append_child(
    package: &Package<'_>,
    part: &str,
    parts: &mut Vec<Part>,
    xml: impl Fn(&str) -> String,
) -> Result<(), Refusal> {
    let (index, bytes) = package.load(part)?;
    let mut splice = Splice::default();
    let root = root(&bytes, part)?;
    insert_at_end(&root, &mut splice, xml(&root.1.prefix).as_bytes());
    match parts.iter_mut().find(|p| p.index == index) {
        Some(planned) => {
            for (range, new) in splice.edits() {
                planned.splice.replace(range.clone(), new);
            }
        }
        None => parts.push(Part { index, original: bytes, splice }),
    }
    Ok(())
}

/// The opening and the closing tag of the root; twice the same where it is self-closed.
fn root(bytes: &[u8], part: &str) -> Result<(Node, Node), Refusal> {
    let mut walker = Walker::new(bytes, part)?;
    let (mut first, mut last): (Option<Node>, Option<Node>) = (None, None);
    while let Some(node) = walker.next()? {
        if node.kind == Kind::Other {
            continue;
        }
        if first.is_none() {
            first = Some(node.clone());
        }
        last = Some(node);
    }
    first.zip(last).ok_or_else(|| Refusal::at(Cause::Damaged, part))
}

fn insert_at_end((open, close): &(Node, Node), splice: &mut Splice, xml: &[u8]) {
    if open.kind == Kind::Empty {
        let end = open.place.end;
        let mut new = b">".to_vec();
        new.extend_from_slice(xml);
        // The name of the closing tag is that of the opening one.
        new.extend_from_slice(format!("</{}{}>", open.prefix, open.local).as_bytes());
        splice.replace(end.saturating_sub(2)..end, new);
    } else {
        splice.replace(close.place.start..close.place.start, xml);
    }
}

fn change(bytes: &[u8], part: &str, wanted: &[(String, String)]) -> Result<Splice, Refusal> {
    let mut splice = Splice::default();
    let mut walker = Walker::new(bytes, part)?;
    let mut pid = 1_u32;
    let mut done: Vec<&str> = Vec::new();
    let mut inside: Option<(usize, &(String, String))> = None;
    while let Some(node) = walker.next()? {
        if node.local != "property" {
            continue;
        }
        let own = wanted.iter().find(|(name, _)| node.value("name") == Some(name));
        pid = pid.max(node.value("pid").and_then(|v| v.parse().ok()).unwrap_or(0));
        match (node.kind, own, inside) {
            (Kind::Empty, Some((name, value)), _) => {
                let mut new = b">".to_vec();
                new.extend(value_xml(value));
                new.extend_from_slice(format!("</{}property>", node.prefix).as_bytes());
                splice.replace(node.place.end.saturating_sub(2)..node.place.end, new);
                done.push(name);
            }
            (Kind::Open, Some(own), _) => inside = Some((node.place.end, own)),
            (Kind::Close, _, Some((start, (name, value)))) => {
                splice.replace(start..node.place.start, value_xml(value));
                done.push(name);
                inside = None;
            }
            _ => {}
        }
    }
    let root = root(bytes, part)?;
    let mut added = Vec::new();
    for (name, value) in wanted.iter().filter(|(name, _)| !done.contains(&name.as_str())) {
        pid = pid.saturating_add(1);
        added.extend(property_xml(&root.0.prefix, pid, name, value));
    }
    if !added.is_empty() {
        insert_at_end(&root, &mut splice, &added);
    }
    Ok(splice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, expected: &[&str], absent: &[&str]) {
        let wanted = [("zvernennia.revision".to_owned(), "8".to_owned())];
        let mut splice = change(before.as_bytes(), "p", &wanted).unwrap();
        splice.settle(before.len()).unwrap();
        let after = String::from_utf8(splice.pieces(before.as_bytes()).concat()).unwrap();
        expected.iter().for_each(|text| assert!(after.contains(text), "{text} in {after}"));
        absent.iter().for_each(|text| assert!(!after.contains(text), "{text} in {after}"));
        let mut walker = Walker::new(after.as_bytes(), "p").unwrap();
        while walker.next().unwrap().is_some() {}
    }

    #[test]
    fn the_stamp_finds_its_property_whatever_stands_around_it() {
        check(
            "<Properties xmlns='c'><property pid='2' name='other'><v:lpwstr xmlns:v='t'>7</v:lpwstr></property>\
             <property pid='5' name='zvernennia.revision'><v:i4 xmlns:v='t'>7</v:i4></property></Properties>",
            &["<v:lpwstr xmlns:v='t'>7</v:lpwstr>", ">8</vt:lpwstr></property></Properties>"],
            &["v:i4"],
        );
        check("<op:Properties xmlns:op='c'/>", &["<op:property fmtid", "pid=\"2\"", "</op:Properties>"], &["/>"]);
        check(
            "<Properties xmlns='c'><property pid='9' name='a'/></Properties>",
            &["<property pid='9' name='a'/>", "pid=\"10\" name=\"zvernennia.revision\""],
            &[],
        );
    }
}
