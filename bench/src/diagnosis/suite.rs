//! The suites that the matrix stands on, as data: what `bench/diagnosis/suites/*.suite.toml` say.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::runner::{Runner, file};
use super::workshop::Workshop;
use crate::fault::Call;

/// How the files that describe suites end; what comes before is the suite's name.
const ENDING: &str = ".suite.toml";

/// Tests that somebody else wrote, and the server that they run against.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Suite {
    /// Its name in files of cases.
    #[serde(skip)]
    pub(super) name: String,
    /// What runs its tests.
    pub(super) runner: Runner,
    /// What its server is called where roles are declared.
    pub(super) peer: String,
    /// Where its tests expect the server: the proxy listens there. None: nothing stands in between.
    proxy: Option<u16>,
    /// Variables of its tests; `{folder}` is the suite's folder.
    #[serde(default)]
    pub(super) environment: BTreeMap<String, String>,
    /// Further words for the runner.
    #[serde(default)]
    pub(super) arguments: Vec<String>,
    /// Whether tests are run with all others of their file, because they rely on them.
    #[serde(default)]
    whole_files: bool,
    /// How it gets here: the task `cargo xtask bench diagnosis` reads that.
    #[serde(rename = "install")]
    _install: toml::Table,
    /// The server, as a process of its own. None: the tests start it in their own process.
    pub(super) server: Option<Launch>,
    /// What a mutation of the product edits.
    pub(super) product: Product,
}

/// How a server starts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Launch {
    /// Where it listens.
    port: u16,
    /// Its working folder, in that of the suite.
    pub(super) folder: String,
    /// Program (a path in its working folder, or a name without a slash) and arguments; `{folder}` is the suite's
    /// folder, `{shared}` that of this file, `{product}` the folder of its packages, mutated or not.
    pub(super) words: Vec<String>,
    /// Its variables, with the same folders as its words.
    #[serde(default)]
    pub(super) environment: BTreeMap<String, String>,
    /// A path that it answers once it is up.
    pub(super) ready: String,
    /// Folders, from the suite's, that are to be there before it starts.
    #[serde(default)]
    pub(super) made: Vec<String>,
    /// The call that empties it. None: it is started anew for each recording.
    pub(super) empty: Option<Empty>,
}

/// A call without anything in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Empty {
    method: String,
    path: String,
}

/// What a mutation of the product edits: a copy of a package, or, where the tests start the server themselves, the
/// package itself until the case is over.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Product {
    /// The folder that packages are in, from the suite's folder; one part of it may be `*`.
    packages: String,
    /// The package: a folder there.
    pub(super) name: String,
}

impl Suite {
    /// All of them, by name.
    pub(super) fn all(workshop: &Workshop) -> Result<Vec<Self>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(workshop.shared()).context("failed to list the suites")? {
            let file = entry?.file_name();
            let name = file.to_str().and_then(|file| file.strip_suffix(ENDING));
            names.extend(name.map(str::to_owned));
        }
        names.sort();
        names
            .iter()
            .map(|name| Self::named(workshop, name))
            .collect()
    }

    /// The suite of this name.
    pub(super) fn named(workshop: &Workshop, name: &str) -> Result<Self> {
        let path = workshop.shared().join(format!("{name}{ENDING}"));
        let text = fs::read_to_string(path).with_context(|| format!("there is no suite {name}"))?;
        let suite: Self =
            toml::from_str(&text).with_context(|| format!("{name}{ENDING} is wrong"))?;
        Ok(Self {
            name: name.to_owned(),
            ..suite
        })
    }

    /// What is run for a test: the test, or its file.
    pub(super) fn unit<'a>(&self, test: &'a str) -> &'a str {
        if self.whole_files { file(test) } else { test }
    }

    /// Where the proxy listens, and where the server behind it is.
    pub(super) fn proxied(&self) -> Option<(SocketAddr, SocketAddr)> {
        let proxy = (Ipv4Addr::LOCALHOST, self.proxy?).into();
        Some((proxy, self.server.as_ref()?.address()))
    }

    /// The folder that the product's packages are in.
    pub(super) fn packages(&self, workshop: &Workshop) -> Result<PathBuf> {
        let mut folder = workshop.of(&self.name);
        for part in self.product.packages.split('/') {
            folder = if part == "*" {
                let entries = fs::read_dir(&folder)
                    .with_context(|| format!("{} is not installed", self.name))?;
                let entry = entries.filter_map(Result::ok).next();
                entry.context("an environment has no packages")?.path()
            } else {
                folder.join(part)
            };
        }
        Ok(folder)
    }
}

impl Launch {
    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }
}

impl Empty {
    /// As a call.
    pub(super) fn call(&self) -> Call {
        call(&self.method, &self.path)
    }
}

/// A call without anything in it.
pub(super) fn call(method: &str, path: &str) -> Call {
    Call {
        method: method.to_owned(),
        path: path.to_owned(),
        ..Call::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suites_that_stand_in_the_folder_can_be_read() {
        let repository = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let workshop = Workshop {
            folder: repository.join("target"),
            product: PathBuf::new(),
            repository,
        };
        let suites = Suite::all(&workshop).unwrap();
        assert!(suites.iter().any(|suite| suite.name == "kinto"));
    }
}
