//! Which keys there are, and which of them was probably meant.

/// A part of the settings with its keys.
#[derive(Debug)]
pub(super) struct Section {
    /// As it is written in the file; empty for the top.
    pub(super) name: &'static str,
    /// Its keys.
    pub(super) keys: &'static [&'static str],
}

pub(super) const TOP: Section = Section {
    name: "",
    keys: &["project", "peer", "mask", "capture"],
};
pub(super) const PEER: Section = Section {
    name: "[[peer]]",
    keys: &["name", "hosts", "process", "role"],
};
pub(super) const MASK: Section = Section {
    name: "[mask]",
    keys: &["enabled", "headers", "keys", "query", "patterns", "keep"],
};
pub(super) const CAPTURE: Section = Section {
    name: "[capture]",
    keys: &["bodies", "attempt", "console", "propagate", "otlp"],
};

/// All of them.
#[cfg(test)]
pub(super) const SECTIONS: &[Section] = &[TOP, PEER, MASK, CAPTURE];

/// Names less alike than this (Jaro-Winkler, 0 to 1) are different words and not slips of the hand.
const ALIKE: f64 = 0.75;

/// The one of `allowed` that was probably meant by `written`.
pub(super) fn nearest<'a>(written: &str, allowed: &[&'a str]) -> Option<&'a str> {
    let written = written.to_lowercase();
    allowed
        .iter()
        .map(|known| (strsim::jaro_winkler(&written, known), *known))
        .filter(|(alike, _)| *alike > ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, known)| known)
}
