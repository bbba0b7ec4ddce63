//! A recording as lines that can be compared: what a test was, said and asked for, without what differs from run to run.

use regex::Regex;
use serde_json::Value;

/// Headers that the tests and the product set themselves; the others are their libraries' and Node's.
const HEADERS: [&str; 5] = [
    "authorization",
    "content-type",
    "x-request-source",
    "retry-after",
    "set-cookie",
];

/// What `show ATTEMPT --json` says, as lines.
pub(super) fn lines(shown: &Value) -> String {
    let attempt = &shown["test"]["attempts"][0];
    let mut lines = vec![format!(
        "{} {}",
        text(&attempt["status"]),
        text(&shown["test"]["name"])
    )];
    if let Some(message) = attempt["error"]["message"].as_str() {
        lines.push(format!(
            "! {}",
            message.split_whitespace().collect::<Vec<_>>().join(" ")
        ));
    }
    let tags = attempt["tags"].as_object().unwrap();
    lines.extend(
        tags.iter()
            .map(|(key, value)| format!("{key}: {}", text(value))),
    );
    for exchange in list(&shown["exchanges"]) {
        let (method, url) = (text(&exchange["method"]), text(&exchange["url"]));
        lines.push(format!("{method} {url} {}", exchange["status"]));
        lines.extend(message('>', &exchange["request"]));
        lines.extend(message('<', &exchange["response"]));
    }
    // Those of one millisecond come in any order: the loggers keep no more of the time.
    let log = |log: &Value| format!("log {} {}", log["severity"], text(&log["body"]));
    let mut logs: Vec<String> = list(&shown["logs"]).iter().map(log).collect();
    logs.sort();
    lines.extend(logs);
    steady(&lines.join("\n"))
}

fn message(mark: char, message: &Value) -> Vec<String> {
    let headers = list(&message["headers"]).iter();
    let headers = headers.map(|header| (text(&header["name"]).to_lowercase(), &header["value"]));
    let mut lines: Vec<String> = headers
        .filter(|(name, _)| HEADERS.contains(&name.as_str()))
        .map(|(name, value)| format!("{mark} {name}: {}", text(value)))
        .collect();
    lines.sort();
    lines.extend(
        message["body"]
            .as_str()
            .map(|body| format!("{mark} {body}")),
    );
    lines
}

/// Ports and pseudonyms differ, and who was the first to mask a value: the distribution leaves no scheme.
fn steady(text: &str) -> String {
    let text = Regex::new(r"(Bearer )?(\[masked:[0-9a-f:]+\]|\*{4})")
        .unwrap()
        .replace_all(text, "[masked]");
    let ports = Regex::new(r"(localhost|127\.0\.0\.1):\d+").unwrap();
    ports.replace_all(&text, "$1").into_owned()
}

fn list(value: &Value) -> &[Value] {
    value
        .as_array()
        .unwrap_or_else(|| panic!("no list: {value:#}"))
}

fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value:#}"))
}
