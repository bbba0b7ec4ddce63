//! Records by resource and scope, and which of their attributes have fields of their own in OTLP.

use std::sync::Arc;

use model::{Attributes, Resource, Value};

use crate::decode::{EVENT_NAME, SCOPE_NAME, SCOPE_VERSION};

/// Records of one process.
pub(super) struct OfResource<'a, R> {
    pub(super) resource: &'a Arc<Resource>,
    pub(super) scopes: Vec<OfScope<'a, R>>,
}

/// Records of one scope.
pub(super) struct OfScope<'a, R> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
    pub(super) records: Vec<&'a R>,
}

/// Groups records. There are few resources and scopes, so that they are looked for one by one, the last one first.
pub(super) fn groups<'a, R>(
    records: &'a [R],
    facts: impl Fn(&'a R) -> (&'a Arc<Resource>, &'a Attributes),
) -> Vec<OfResource<'a, R>> {
    let mut groups: Vec<OfResource<'a, R>> = Vec::new();
    for record in records {
        let (resource, attributes) = facts(record);
        let at = groups
            .iter()
            .rposition(|group| Arc::ptr_eq(group.resource, resource) || group.resource == resource);
        let at = at.unwrap_or_else(|| {
            groups.push(OfResource {
                resource,
                scopes: Vec::new(),
            });
            groups.len() - 1
        });
        let name = attributes.str(SCOPE_NAME).unwrap_or_default();
        let version = attributes.str(SCOPE_VERSION).unwrap_or_default();
        let scopes = &mut groups[at].scopes;
        let at = scopes
            .iter()
            .rposition(|scope| scope.name == name && scope.version == version);
        let at = at.unwrap_or_else(|| {
            scopes.push(OfScope {
                name,
                version,
                records: Vec::new(),
            });
            scopes.len() - 1
        });
        scopes[at].records.push(record);
    }
    groups
}

/// The attributes that are written as attributes: those of the scope are written with it. A value that the scope's
/// fields cannot hold stays an attribute.
pub(super) fn own(attributes: &Attributes) -> impl Iterator<Item = (&str, &Value)> {
    attributes
        .iter()
        .filter(|(key, value)| !([SCOPE_NAME, SCOPE_VERSION].contains(key) && is_field(value)))
}

/// As [`own`], for a log record, whose event's name has a field.
pub(super) fn own_of_log(attributes: &Attributes) -> impl Iterator<Item = (&str, &Value)> {
    own(attributes).filter(|(key, value)| !(*key == EVENT_NAME && is_field(value)))
}

/// The name of the event that a log record is.
pub(super) fn event_name(attributes: &Attributes) -> &str {
    attributes.str(EVENT_NAME).unwrap_or_default()
}

/// OTLP does not tell an empty text from none.
fn is_field(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}
