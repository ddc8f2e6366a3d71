//! The stamp in the custom document properties: which replica a workbook is and which ledger revision it shows.
//!
//! The part is found through the relations of the package and read as XML with namespaces ignored, since every office
//! program writes it in its own way (prefixes, order, `lpwstr` or `i4`).

use crate::domain::grid::Stamp;
use crate::workbook::create::{STAMP_REPLICA, STAMP_REVISION};
use crate::workbook::package::{Package, attribute};
use quick_xml::Reader;
use quick_xml::events::Event;

/// Longest value of a property that is kept, letters.
const MAX_VALUE: usize = 256;
/// Where the properties lie if no relation says so.
const USUAL_PART: &str = "docProps/custom.xml";

/// The stamp of a workbook; `None` where there is none or it is not readable.
pub fn read_stamp(bytes: &[u8]) -> Option<Stamp> {
    let mut package = Package::open(bytes)?;
    let part = package.part_of_kind("/custom-properties").unwrap_or_else(|| USUAL_PART.to_owned());
    let xml = package.text(&part)?;
    let (mut replica, mut revision) = (None, None);
    for (name, value) in properties(&xml)? {
        match name.as_str() {
            STAMP_REPLICA => replica = Some(value),
            STAMP_REVISION => revision = value.trim().parse().ok(),
            _ => {}
        }
    }
    let replica = replica.filter(|replica| !replica.trim().is_empty())?;
    Some(Stamp { replica: replica.trim().to_owned(), revision: revision? })
}

/// Names and values of all properties.
fn properties(xml: &str) -> Option<Vec<(String, String)>> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    let mut current: Option<(String, String)> = None;
    loop {
        let event = reader.read_event().ok()?;
        if let Event::Eof = event {
            return Some(found);
        } else if let Event::Start(element) = &event
            && element.local_name().as_ref() == "property"
        {
            current = attribute(element, "name").map(|name| (name, String::new()));
        } else if let Event::End(element) = &event
            && element.local_name().as_ref() == "property"
        {
            found.extend(current.take());
        }
        let Some((_, value)) = &mut current else { continue };
        if value.len() >= MAX_VALUE {
            continue;
        }
        if let Event::Text(text) = &event {
            value.push_str(&text.xml10_content());
        } else if let Event::CData(text) = &event {
            value.push_str(&text.xml10_content());
        } else if let Event::GeneralRef(reference) = &event
            && let Ok(Some(letter)) = reference.resolve_char_ref()
        {
            value.push(letter);
        }
    }
}
