//! XML as JSON, so that everything that is said about the one can be said about the other.
//!
//! An element is an object: its attributes as `@name`, and for each name of its children the list of these children, also
//! where there is one only, because one item or two make no other shape. An element with nothing but text is that text;
//! one with nothing is left out of its list. Prefixes of namespaces are left out: servers choose them freely.

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Map, Value as Json};

/// Most nodes that are read.
const NODES: u32 = 100_000;
/// Deepest nesting that is read; what is deeper is left out.
const NESTING: usize = 64;

/// The document, if it is well-formed and declares no entities.
pub(crate) fn to_json(text: &str) -> Option<Json> {
    if !text.trim_start().starts_with('<') {
        return None;
    }
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text.trim_start(), options).ok()?;
    let root = document.root_element();
    let name = root.tag_name().name().to_owned();
    let value = element(root, NESTING).unwrap_or_else(|| Json::Object(Map::new()));
    Some(Json::Object(Map::from_iter([(name, value)])))
}

/// None when there is nothing in it.
fn element(node: Node<'_, '_>, depth: usize) -> Option<Json> {
    let mut members = Map::new();
    for attribute in node.attributes() {
        members.insert(format!("@{}", attribute.name()), attribute.value().into());
    }
    for child in node.children().filter(Node::is_element) {
        let list = members
            .entry(child.tag_name().name())
            .or_insert_with(|| Json::Array(Vec::new()));
        let inner = (depth > 0).then(|| element(child, depth - 1)).flatten();
        if let (Json::Array(items), Some(inner)) = (list, inner) {
            items.push(inner);
        }
    }
    let text: String = node
        .children()
        .filter_map(|child| child.text().filter(|_| child.is_text()))
        .collect();
    let text = text.trim();
    match (members.is_empty(), text.is_empty()) {
        (true, true) => None,
        (true, false) => Some(text.into()),
        (false, true) => Some(Json::Object(members)),
        (false, false) => {
            members.insert("#text".to_owned(), text.into());
            Some(Json::Object(members))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_become_objects_of_lists() {
        let check = |text: &str, expected: Option<Json>| {
            assert_eq!(to_json(text), expected, "{text}");
        };
        check("<a/>", Some(json!({"a": {}})));
        check("<a>1</a>", Some(json!({"a": "1"})));
        check(
            r#"<?xml version="1.0"?><a xmlns="urn:x" k="v"><b>1</b><b>2</b><c/></a>"#,
            Some(json!({"a": {"@k": "v", "b": ["1", "2"], "c": []}})),
        );
        check(
            r#"<d:a xmlns:d="DAV:"><d:b>1</d:b> and <d:b>2</d:b></d:a>"#,
            Some(json!({"a": {"b": ["1", "2"], "#text": "and"}})),
        );
        check("<a>", None);
        check("", None);
        check("a", None);
        check("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", None);
    }

    #[test]
    fn deep_nesting_is_cut_and_harms_nobody() {
        let deep = format!("{}{}", "<a>".repeat(500), "</a>".repeat(500));
        assert!(to_json(&deep).is_some());
    }
}
