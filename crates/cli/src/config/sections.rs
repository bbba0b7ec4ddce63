//! The parts of the settings, from their tables.

use model::{PeerDeclaration, Role};
use toml::de::{DeArray, DeTable};

use super::keys::{CAPTURE, MASK, PEER, TOP};
use super::mistake::Mistake;
use super::reader::{Reader, Value};
use super::{Capture, Config, Mask, Propagate};

const ROLES: &[(&str, Role)] = &[
    ("product", Role::Product),
    ("dependency", Role::Dependency),
    ("infrastructure", Role::Infrastructure),
];

const PROPAGATE: &[(&str, Propagate)] = &[("auto", Propagate::Auto), ("never", Propagate::Never)];

/// Reads the settings. What is wrong is a mistake, and has its default in the settings; everything else counts.
pub(super) fn read(text: &str) -> (Config, Vec<Mistake>) {
    let mut config = Config::default();
    let mut reader = Reader::default();
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let end = text.len();
        let reason = error.message().trim().replace('\n', "; ");
        reader.wrong(error.span().unwrap_or(end..end), reason);
    }
    match errors.is_empty() {
        true => top(&mut reader, table.get_ref(), &mut config),
        // What could not be read would only be complained of a second time, as missing.
        false => top(&mut Reader::default(), table.get_ref(), &mut config),
    }
    (config, reader.into_mistakes())
}

fn top(reader: &mut Reader, table: &DeTable<'_>, config: &mut Config) {
    reader.known_keys(table, &TOP);
    if let Some(value) = table.get("project") {
        config.project = reader.text(value);
    }
    if let Some(value) = table.get("peer") {
        config.peers = peers(reader, value);
    }
    if let Some(table) = table
        .get("mask")
        .and_then(|value| reader.table(value, "`mask`"))
    {
        config.mask = mask(reader, table);
    }
    if let Some(table) = table
        .get("capture")
        .and_then(|value| reader.table(value, "`capture`"))
    {
        config.capture = capture(reader, table);
    }
}

fn peers(reader: &mut Reader, value: &Value<'_>) -> Vec<PeerDeclaration> {
    let Some(items) = value.get_ref().as_array() else {
        reader.wrong_with_hint(
            value.span(),
            "there can be several peers",
            "write it as [[peer]]",
        );
        return Vec::new();
    };
    let mut peers: Vec<PeerDeclaration> = Vec::new();
    for item in items.iter() {
        let Some(table) = reader.table(item, "a peer") else {
            continue;
        };
        let Some(peer) = peer(reader, item, table) else {
            continue;
        };
        if peers.iter().any(|other| other.name == peer.name) {
            reader.wrong(
                item.span(),
                format!("there is another peer `{}`; give one all hosts", peer.name),
            );
        }
        peers.push(peer);
    }
    peers
}

fn peer(reader: &mut Reader, item: &Value<'_>, table: &DeTable<'_>) -> Option<PeerDeclaration> {
    reader.known_keys(table, &PEER);
    for key in ["name", "role"] {
        if !table.contains_key(key) {
            reader.wrong(item.span(), format!("a peer needs `{key}`"));
        }
    }
    if !table.contains_key("hosts") && !table.contains_key("process") {
        reader.wrong_with_hint(
            item.span(),
            "a peer needs `hosts` or `process`",
            "write hosts = [\"localhost:4566\"], or process = \"app.js\" for a server of which the port is not fixed",
        );
    }
    let name = table.get("name").and_then(|value| reader.text(value));
    let hosts = match table.get("hosts") {
        Some(value) => hosts(reader, value),
        None => Some(Vec::new()),
    };
    let process = match table.get("process") {
        Some(value) => reader.checked(value, process).map(Some),
        None => Some(None),
    };
    let role = table
        .get("role")
        .and_then(|value| reader.word(value, ROLES));
    Some(PeerDeclaration {
        name: name?,
        hosts: hosts?,
        process: process?,
        role: role?,
    })
}

fn hosts(reader: &mut Reader, value: &Value<'_>) -> Option<Vec<String>> {
    let hosts = reader.texts(value, host);
    let is_empty = |list: &DeArray<'_>| list.is_empty();
    if value.get_ref().as_array().is_some_and(is_empty) {
        reader.wrong(value.span(), "a peer needs at least one host");
    }
    hosts
}

/// The name of a script or a program, or the end of its path: no command line, no pattern.
fn process(text: &str) -> Result<(), String> {
    if text.contains('*') {
        return Err("`*` stands for nothing here; write the script's name, as in `app.js`".into());
    }
    if text.ends_with('/') || text.contains("../") {
        return Err(
            "not the end of a script's path; write `app.js`, or `orders/app.js` to tell two apart"
                .into(),
        );
    }
    Ok(())
}

/// A host, and a port if only that port is meant: no scheme, no path.
fn host(text: &str) -> Result<(), String> {
    let inside = |c: char| c.is_whitespace() || "/@?#".contains(c);
    if text.contains(inside) {
        return Err(
            "a host is a name or an address, with `:port` if need be, and no scheme or path".into(),
        );
    }
    if text.trim_start_matches("*.").contains('*') {
        return Err("`*` stands only at the beginning, as in `*.example.com`".into());
    }
    Ok(())
}

fn mask(reader: &mut Reader, table: &DeTable<'_>) -> Mask {
    reader.known_keys(table, &MASK);
    let mut mask = Mask::default();
    if let Some(enabled) = table.get("enabled").and_then(|value| reader.switch(value)) {
        mask.enabled = enabled;
    }
    let mut list = |key: &str, check: fn(&str) -> Result<(), String>| {
        let texts = table.get(key).and_then(|value| reader.texts(value, check));
        texts.unwrap_or_default()
    };
    let any = |_: &str| Ok(());
    mask.headers = list("headers", any);
    mask.keys = list("keys", any);
    mask.query = list("query", any);
    mask.patterns = list("patterns", pattern);
    mask.keep = list("keep", any);
    mask.headers
        .iter_mut()
        .for_each(|name| name.make_ascii_lowercase());
    mask
}

fn pattern(text: &str) -> Result<(), String> {
    match regex::Regex::new(text) {
        Ok(regex) if regex.is_match("") => {
            Err("matches nothing at all, so it would match everywhere".into())
        }
        Ok(_) => Ok(()),
        Err(regex::Error::Syntax(shown)) => {
            let reason = shown
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ");
            Err(format!("not a regular expression: {reason}"))
        }
        Err(error) => Err(format!("not a regular expression: {error}")),
    }
}

fn capture(reader: &mut Reader, table: &DeTable<'_>) -> Capture {
    reader.known_keys(table, &CAPTURE);
    let mut capture = Capture::default();
    if let Some(bytes) = table.get("bodies").and_then(|value| reader.bytes(value)) {
        capture.body_bytes = bytes;
    }
    if let Some(bytes) = table.get("attempt").and_then(|value| reader.bytes(value)) {
        capture.attempt_bytes = bytes;
    }
    if let Some(console) = table.get("console").and_then(|value| reader.switch(value)) {
        capture.console = console;
    }
    if let Some(propagate) = table
        .get("propagate")
        .and_then(|value| reader.word(value, PROPAGATE))
    {
        capture.propagate = propagate;
    }
    if let Some(address) = table.get("otlp").and_then(|value| reader.address(value)) {
        capture.otlp = Some(address);
    }
    capture
}
