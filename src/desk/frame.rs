//! Everything in a register but its rows: title, lists of the dropdowns, the sheets beside the register.

use crate::desk::calls::{self, Call};
use crate::desk::conflict::{self, Conflict};
use crate::desk::typical::{self, Typical};
use crate::desk::unregistered::{self, UnregisteredLine};
use crate::domain::field::List;
use crate::domain::grid::Stamp;
use crate::domain::register::{Frame, Heading, Title};
use crate::domain::status::STATUSES;
use crate::settings::valid::Settings;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// What the sheets beside the register show.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// Letters that got no row.
    pub unregistered: &'a [UnregisteredLine],
    /// Cells that two sides changed differently.
    pub conflicts: &'a [Conflict],
    /// Who must be called.
    pub calls: &'a [Call],
    /// Typical answers.
    pub answers: &'a [Typical],
}

/// The frame of the register of a year.
pub fn frame(settings: &Settings, year: i32, beside: &Beside<'_>, stamp: Stamp, created: DateTime<Utc>) -> Frame {
    let office = &settings.office;
    Frame {
        heading: Heading::Register(Title {
            organisation: office.organisation.clone(),
            centre: office.centre.clone(),
            reference: settings.register.reference.clone(),
            year,
        }),
        lists: lists(settings),
        tables: vec![
            calls::table(beside.calls),
            typical::table(beside.answers),
            unregistered::table(beside.unregistered),
            conflict::table(beside.conflicts),
        ],
        stamp: Some(stamp),
        created,
    }
}

fn lists(settings: &Settings) -> BTreeMap<List, Vec<String>> {
    let departments = &settings.office.departments;
    let mut lists: BTreeMap<List, Vec<String>> = BTreeMap::new();
    for list in [List::Channel, List::Category, List::Kind, List::Sign, List::Notified, List::Control] {
        lists.insert(list, list.fixed_values().iter().map(|value| (*value).to_owned()).collect());
    }
    let mut operators = vec![crate::desk::registration::SERVICE.to_owned()];
    operators.extend(settings.people.operators.iter().cloned());
    lists.insert(List::Operator, operators);
    let topics: BTreeSet<String> =
        departments.iter().map(|department| format!("{} / {}", department.topic, department.support.label())).collect();
    lists.insert(List::Topic, topics.into_iter().collect());
    lists.insert(List::Department, departments.iter().map(|department| department.name.clone()).collect());
    lists.insert(List::Status, STATUSES.iter().map(|spec| spec.label.to_owned()).collect());
    lists
}
