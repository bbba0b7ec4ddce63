//! `flakescope.toml`: what a project says about itself, its peers, what to mask and how much to keep.
//!
//! [`load`] gives the settings and every mistake in the file at once ([`ConfigError`]). The keys with their meaning stand
//! in `docs/reference/config.md`, which a test holds against [`keys`].

mod keys;
mod mistake;
mod reader;
mod sections;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use model::PeerDeclaration;

pub(crate) use mistake::ConfigError;

/// The settings of a project.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Config {
    /// What the project is called.
    pub(crate) project: Option<String>,
    /// The peers that it declares.
    pub(crate) peers: Vec<PeerDeclaration>,
    /// What to mask.
    pub(crate) mask: Mask,
    /// How much to keep.
    pub(crate) capture: Capture,
}

/// What to mask, in addition to what is always masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mask {
    /// Whether to mask at all.
    pub(crate) enabled: bool,
    /// Names of headers, in lower case.
    pub(crate) headers: Vec<String>,
    /// Keys in JSON and form bodies.
    pub(crate) keys: Vec<String>,
    /// Keys in the query of a URL.
    pub(crate) query: Vec<String>,
    /// Regular expressions; what they match anywhere is masked.
    pub(crate) patterns: Vec<String>,
    /// Names of headers and keys that are never masked.
    pub(crate) keep: Vec<String>,
}

impl Default for Mask {
    fn default() -> Self {
        Self {
            enabled: true,
            headers: Vec::new(),
            keys: Vec::new(),
            query: Vec::new(),
            patterns: Vec::new(),
            keep: Vec::new(),
        }
    }
}

/// How much to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Capture {
    /// The most of one body, in bytes.
    pub(crate) body_bytes: u64,
    /// The most of all bodies of an attempt, in bytes.
    pub(crate) attempt_bytes: u64,
    /// Whether console output is kept.
    pub(crate) console: bool,
    /// Whether calls carry `traceparent` to peers that are near.
    pub(crate) propagate: Propagate,
    /// Where a run takes in OTLP beside the port that it hands on.
    pub(crate) otlp: Option<SocketAddr>,
}

impl Default for Capture {
    fn default() -> Self {
        Self {
            body_bytes: 256 << 10,
            attempt_bytes: 16 << 20,
            console: true,
            propagate: Propagate::Auto,
            otlp: None,
        }
    }
}

/// Which calls carry `traceparent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Propagate {
    /// Those to loopback, private and declared addresses.
    Auto,
    /// None.
    Never,
}

impl Propagate {
    /// The name in the settings and in the spool.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Never => "never",
        }
    }
}

/// Reads the settings from `file`; without a file, the defaults. What is wrong with it comes beside, all of it: then
/// the settings are made of what could be read, and masking is on whatever the file says.
pub(crate) fn load(file: Option<&Path>) -> (Config, Option<ConfigError>) {
    let Some(file) = file else {
        return (Config::default(), None);
    };
    let path = PathBuf::from(file);
    match std::fs::read_to_string(file) {
        Err(error) => (
            Config::default(),
            Some(ConfigError::Unreadable { path, error }),
        ),
        Ok(text) => parse(path, text),
    }
}

/// Reads the settings from the `text` of a file; what is wrong with it comes beside. `path` is for messages only.
pub(crate) fn parse(path: PathBuf, text: String) -> (Config, Option<ConfigError>) {
    let (mut config, mistakes) = sections::read(&text);
    if mistakes.is_empty() {
        return (config, None);
    }
    config.mask.enabled = true;
    (
        config,
        Some(ConfigError::Mistakes {
            path,
            text,
            mistakes,
        }),
    )
}

#[cfg(test)]
mod tests {
    use model::Role;

    use super::*;

    fn parse(text: &str) -> Result<Config, Box<(Config, ConfigError)>> {
        match super::parse("flakescope.toml".into(), text.into()) {
            (config, None) => Ok(config),
            (config, Some(error)) => Err(Box::new((config, error))),
        }
    }

    /// What a user is told about these settings.
    fn told(text: &str) -> String {
        match parse(text) {
            Ok(config) => format!("{config:#?}"),
            Err(wrong) => wrong.1.to_string(),
        }
    }

    #[test]
    fn what_is_right_counts_in_a_file_that_is_wrong() {
        let check = |text: &str, expected: &[&str]| {
            let (config, _) = *parse(text).unwrap_err();
            assert_eq!(config.mask.keys, expected, "{text}");
            assert!(config.mask.enabled, "{text}");
        };
        check(
            "x = 1\n[mask]\nkeys = [\"iban\"]\nenabled = false\n",
            &["iban"],
        );
        check("[mask]\nkeys = [\"iban\", 7]\n", &["iban"]);
        check("[mask]\nkeys = [\"iban\"]\n[capture\n", &["iban"]);
        check("[mask]\nkey = [\"iban\"]\n", &[]);
    }

    #[test]
    fn everything_can_be_set() {
        let config = parse(include_str!("example.toml")).unwrap();
        assert_eq!(config.project.as_deref(), Some("shop"));
        assert_eq!(config.peers[0].role, Role::Dependency);
        insta::assert_debug_snapshot!(config);
    }

    #[test]
    fn nothing_has_to_be_set() {
        assert_eq!(parse("").unwrap(), Config::default());
        assert_eq!(
            parse("# only a comment\n[mask]\n").unwrap(),
            Config::default()
        );
    }

    #[test]
    fn unknown_keys() {
        insta::assert_snapshot!(told(
            "porject = \"shop\"\n\n[[peer]]\nname = \"a\"\nhost = [\"a\"]\nrole = \"product\"\n\n[masks]\nkeys = []\n\n[capture]\nzzz = 1\n"
        ));
    }

    #[test]
    fn wrong_values() {
        insta::assert_snapshot!(told(
            "project = 7\n\n[[peer]]\nname = \"\"\nhosts = [\"ok\", \"http://a/b\", 1]\nrole = \"dependancy\"\n\n[mask]\npatterns = [\"(\"]\nenabled = \"yes\"\n\n[capture]\nbodies = \"a lot\"\nattempt = -1\npropagate = \"always\"\notlp = \"localhost\"\n"
        ));
    }

    #[test]
    fn missing_keys_and_wrong_shapes() {
        insta::assert_snapshot!(told("mask = 1\n[peer]\nname = \"a\"\n"));
        insta::assert_snapshot!(told("[[peer]]\nname = \"a\"\nhosts = []\n"));
        insta::assert_snapshot!(
            "peers_without_an_address",
            told(
                "[[peer]]\nname=\"a\"\nrole=\"product\"\n[[peer]]\nname=\"b\"\nproces=\"x\"\nrole=\"product\"\n[[peer]]\nname=\"c\"\nprocess=[\"x\"]\nrole=\"product\"\n[[peer]]\nname=\"d\"\nprocess=\"*.js\"\nrole=\"product\"\n[[peer]]\nname=\"e\"\nprocess=\"src/\"\nrole=\"product\"\n"
            )
        );
        insta::assert_snapshot!(told(
            "[[peer]]\nname=\"a\"\nhosts=[\"a\"]\nrole=\"product\"\n[[peer]]\nname=\"a\"\nhosts=[\"b\"]\nrole=\"product\"\n"
        ));
    }

    #[test]
    fn not_toml() {
        insta::assert_snapshot!(told("project = \"shop\n[mask\n"));
    }

    #[test]
    fn wide_characters_and_tabs_keep_the_caret_in_place() {
        insta::assert_snapshot!(told("\"日本\" = 1\n\tprojekt = 2\n"));
    }

    #[test]
    fn sizes_have_units() {
        let check = |value: &str, expected: Option<u64>| {
            let config = parse(&format!("[capture]\nbodies = {value}\n"));
            assert_eq!(
                config.ok().map(|config| config.capture.body_bytes),
                expected,
                "{value}"
            );
        };
        check("0", Some(0));
        check("1_000", Some(1000));
        check("0x10", Some(16));
        check("\"64 KiB\"", Some(64 << 10));
        check("\"2MiB\"", Some(2 << 20));
        check("\"100\"", Some(100));
        check("\"16777216 TiB\"", None);
        check("\"1 KB\"", None);
        check("99999999999999999999", None);
        check("1.5", None);
    }

    #[test]
    fn the_reference_page_has_every_key_and_its_example_is_ours() {
        let page = include_str!("../../../../docs/reference/config.md");
        for section in keys::SECTIONS {
            for key in section.keys {
                let row = format!("| `{key}` |");
                assert!(page.contains(&row), "{}: {row}", section.name);
            }
        }
        assert!(page.contains(include_str!("example.toml").trim_end()));
    }
}
