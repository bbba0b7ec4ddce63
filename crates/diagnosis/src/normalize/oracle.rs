//! The normal form by way of a tree, as plain as can be: what the writing while reading is held against.

use model::Value;
use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use crate::canonical::Writer;
use crate::coded;
use crate::compare::differing_values;
use crate::normal::{Ids, Normal};
use crate::volatile;

/// The tree, and its identifiers in the order of the value with its keys sorted.
fn by_tree(text: &str) -> Option<(Json, Vec<String>)> {
    let mut json: Json = serde_json::from_str(text).ok()?;
    let mut ids = Vec::new();
    normalize(&mut json, "", &mut ids);
    Some((json, ids))
}

fn normalize(json: &mut Json, key: &str, ids: &mut Vec<String>) {
    match json {
        Json::Object(members) => {
            // In the order of the keys as they were: of two that become one the last stays.
            let mut members_by_key: Vec<(String, Json)> =
                std::mem::take(members).into_iter().collect();
            members_by_key.sort_by(|left, right| left.0.cmp(&right.0));
            let mut renamed: Vec<(String, Json)> = members_by_key
                .into_iter()
                .map(|(key, value)| (replaced(&key, &mut Vec::new()), value))
                .collect::<Map<_, _>>()
                .into_iter()
                .collect();
            renamed.sort_by(|left, right| left.0.cmp(&right.0));
            for (key, value) in &mut renamed {
                normalize(value, key, ids);
            }
            *members = renamed.into_iter().collect();
        }
        Json::Array(items) => items.iter_mut().for_each(|item| normalize(item, key, ids)),
        Json::String(text) if coded::may_be_under(key) && coded::text(text).is_some() => {
            let mut decoded = Json::from(coded::text(text));
            normalize(&mut decoded, "", ids);
            *json = decoded;
        }
        Json::String(text) => match embedded(text) {
            Some(mut inner) => {
                normalize(&mut inner, "", ids);
                *json = inner;
            }
            None => *text = replaced(text, ids),
        },
        Json::Number(number) => {
            let digits = number.to_string();
            if volatile::is_epoch(&digits) {
                *json = Json::from("<epoch>");
            } else if volatile::names_an_id(key) && number.is_i64() {
                ids.push(digits);
                *json = Json::from("<id>");
            }
        }
        Json::Null | Json::Bool(_) => {}
    }
}

/// What a text holds that is itself an object or a list of JSON.
fn embedded(text: &str) -> Option<Json> {
    let inner: Json = serde_json::from_str(text).ok()?;
    let bare = text == text.trim() && text.len() > 2;
    (bare && (inner.is_object() || inner.is_array())).then_some(inner)
}

fn replaced(text: &str, ids: &mut Vec<String>) -> String {
    let (mut normal, mut found) = (String::new(), Ids::default());
    volatile::replace(text, &mut normal, &mut found);
    ids.extend(found.iter().map(str::to_owned));
    normal
}

fn alike(left: &Json, right: &Json) -> bool {
    let is_word = |text: &str| {
        (1..=24).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
    };
    match (left, right) {
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, value)| right.get(key).is_some_and(|other| alike(value, other)))
        }
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| alike(left, right))
        }
        (Json::String(left), Json::String(right)) => {
            left == right || !(is_word(left) && is_word(right))
        }
        (Json::Number(_), Json::Number(_)) => true,
        (left, right) => left == right,
    }
}

/// The zeros that are one value are shown as one.
fn shown(value: &Json) -> String {
    if value.as_f64() == Some(0.0) && value.is_f64() {
        return "0.0".to_owned();
    }
    value.to_string()
}

fn differing(
    path: &str,
    here: &Json,
    there: &Json,
    limit: usize,
    values: &mut Vec<(String, String, String)>,
) {
    if here == there || values.len() >= limit {
        return;
    }
    match (here, there) {
        (Json::Object(left), Json::Object(right)) => {
            let mut shared: Vec<&String> =
                left.keys().filter(|key| right.contains_key(*key)).collect();
            shared.sort_unstable();
            for key in shared {
                let inner = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                differing(&inner, &left[key], &right[key], limit, values);
            }
        }
        (Json::Array(left), Json::Array(right)) => {
            for (at, (left, right)) in left.iter().zip(right).enumerate() {
                differing(&format!("{path}[{at}]"), left, right, limit, values);
            }
        }
        (Json::Object(_) | Json::Array(_), _) | (_, Json::Object(_) | Json::Array(_)) => {}
        (left, right) => values.push((path.to_owned(), shown(left), shown(right))),
    }
}

/// What is read must be what the tree says, in one way of writing it.
fn check(text: &str) -> Result<Option<(Json, Normal)>, TestCaseError> {
    let (read, tree) = (super::json(text), by_tree(text));
    prop_assert_eq!(read.is_some(), tree.is_some(), "{}", text);
    let (Some(normal), Some((value, ids))) = (read, tree) else {
        return Ok(None);
    };
    let again: Json = serde_json::from_str(&normal.text).unwrap_or_default();
    prop_assert_eq!(&again, &value, "{} became {}", text, normal.text);
    prop_assert!(
        normal.ids.iter().eq(ids.iter()),
        "{}: {:?} {:?}",
        text,
        normal.ids,
        ids
    );
    // Both zeros are one value, so they are one text.
    let written = value.to_string();
    if !written.contains("-0.0") {
        prop_assert_eq!(&normal.text, &written, "{}", text);
    }
    Ok(Some((value, normal)))
}

fn check_pair(left: &str, right: &str) -> Result<(), TestCaseError> {
    if let (Some((left_value, left)), Some((right_value, right))) = (check(left)?, check(right)?) {
        prop_assert_eq!(left.text == right.text, left_value == right_value);
        prop_assert_eq!(left.is_like(&right), alike(&left_value, &right_value));
        prop_assert_eq!(right.is_like(&left), alike(&right_value, &left_value));
        for limit in [1, 3, usize::MAX] {
            let mut values = Vec::new();
            differing("", &left_value, &right_value, limit, &mut values);
            prop_assert_eq!(differing_values(&left, &right, limit), values);
        }
    }
    Ok(())
}

/// Few keys, so that there are duplicates; some become the same name when their identifiers are replaced.
fn any_key() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec!["id", "userId", "user_id", "state", "ok", "error", "errors", "message", "a"]).prop_map(str::to_owned),
        1 => "(k-)?[0-9]{6,7}(_id)?",
        1 => prop::sample::select(vec!["\\u0069d", "a\\\"b", "", "é", "<id>", "a b\\n"]).prop_map(str::to_owned),
    ]
}

fn any_leaf() -> impl Strategy<Value = String> {
    let texts = vec![
        "open",
        "closed",
        "two words",
        "2026-11-22T18:42:45Z",
        "Sun, 22 Nov 2026 18:42:45 GMT",
        "5f2b8c1e-9d3a-4c6b-8e7f-001122334455",
        "k3j9x0a1b2c order 123456",
        "[masked:1a2b:0123456789ab]",
        "[masked:a\\\"1]",
        "a\\\\",
        "\\\"",
        "1\\u00e9\\n\\ud83d\\ude00",
        "\\ud800",
        "{\\\"ok\\\":false}",
        "{\\\"b\\\":[123456],\\\"a\\\":{\\\"id\\\":7}}",
        "[1,\\\"open\\\"",
        "",
    ];
    prop_oneof![
        prop::sample::select(vec![
            "null", "true", "false", "-0", "-0.0", "0.0", "1.0", "1.50"
        ])
        .prop_map(str::to_owned),
        prop::sample::select(vec![
            "1e3",
            "1e400",
            "-7",
            "1795372965",
            "1795372965123",
            "18446744073709551615",
            "01",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "nul",
        ])
        .prop_map(str::to_owned),
        (0_i64..50).prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("JSON", |number| number.is_finite())
            .prop_map(|number| format!("{number:e}")),
        prop::sample::select(texts).prop_map(|text| format!("\"{text}\"")),
    ]
}

/// JSON as a text, with the spaces, escapes, duplicate keys and now and then the faults that a tree would not keep.
fn any_json() -> impl Strategy<Value = String> {
    any_leaf().prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5)
                .prop_map(|items| format!("[{}]", items.join(" ,"))),
            prop::collection::vec((any_key(), inner), 0..6).prop_map(|members| {
                let members: Vec<String> = members
                    .into_iter()
                    .map(|(key, value)| format!("\"{key}\" :{value}"))
                    .collect();
                format!("{{{}}}", members.join(",\n"))
            }),
        ]
    })
}

/// The same text with another value in one place or none, so that most pairs are nearly equal.
fn any_pair() -> impl Strategy<Value = (String, String)> {
    (any_json(), any_leaf(), any_leaf())
        .prop_map(|(text, old, new)| (text.clone(), text.replace(&old, &new)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn any_two_texts((left, right) in (any_json(), any_json())) {
        check_pair(&left, &right)?;
    }

    #[test]
    fn any_two_texts_that_differ_in_one_value((left, right) in any_pair()) {
        check_pair(&left, &right)?;
    }

    #[test]
    fn what_is_no_json_leaves_no_trace(text in any_json(), cut in any::<prop::sample::Index>()) {
        let mut writer = Writer::default();
        writer.raw("[");
        let end = text.floor_char_boundary(cut.index(text.len() + 1));
        writer.json(&text[..end]);
        if !writer.json(&text) {
            writer.raw("null");
        }
        writer.raw("]");
        let normal = writer.finish();
        let expected = check(&text)?.map_or(Json::Null, |(value, _)| value);
        let mut written: Vec<Json> = Vec::new();
        if end < text.len() && by_tree(&text[..end]).is_none() {
            written.extend(serde_json::from_str::<Vec<Json>>(&normal.text).unwrap());
            prop_assert_eq!(written, vec![expected]);
        }
    }
}

#[test]
fn nesting_is_followed_as_far_as_the_tree_goes() {
    for depth in [1, 126, 127, 128, 129, 4_000] {
        let text = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        check(&text).unwrap();
        let text = format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
        check(&text).unwrap();
    }
}

#[test]
fn likeness_is_structure_truth_and_words() {
    let check = |left: &str, right: &str, expected: bool| {
        let read = |text| super::json(text).unwrap();
        assert_eq!(read(left).is_like(&read(right)), expected, "{left} {right}");
        check_pair(left, right).unwrap();
    };
    check(r#"{"a":1,"b":"x y"}"#, r#"{"b":"z w","a":2}"#, true);
    check(r#"{"state":"open"}"#, r#"{"state":"closed"}"#, false);
    check(r#"{"a":true}"#, r#"{"a":false}"#, false);
    check(r#"{"a":1}"#, r#"{"a":"1"}"#, false);
    check(r#"{"a":1}"#, r#"{"b":1}"#, false);
    check("[1,2]", "[1]", false);
    check("[1,2]", "[12]", false);
    check(r#"["a"]"#, r#"{"a":1}"#, false);
}

#[test]
fn bodies_are_read_by_content_type() {
    let check = |content: Option<&str>, truncated: bool, kind: &str, size, expected: &str| {
        let body = model::Body {
            content: content.map(Value::from),
            truncated,
            size,
            ..model::Body::default()
        };
        let mut writer = Writer::default();
        super::body(&body, kind, &mut writer);
        assert_eq!(writer.finish().text, expected, "{content:?} {kind}");
    };
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    check(
        Some(r#"{"b":1, "a":2}"#),
        false,
        "",
        None,
        r#"{"a":2,"b":1}"#,
    );
    check(Some(r#"{"a":2}"#), true, "", None, r#""{\"a\":2}""#);
    check(
        Some("b=1&a=123456"),
        false,
        form,
        None,
        r#"["a=<id>","b=1"]"#,
    );
    check(Some("b=1&a=2"), false, "text/plain", None, r#""b=1&a=2""#);
    check(Some("17"), false, "text/plain", None, "17");
    check(Some(""), false, "", Some(3), "null");
    check(None, false, "", Some(3), r#""3 bytes""#);
    check(None, false, "", Some(0), "null");
    check(None, false, "", None, "null");
}
