//! The suites that the matrix stands on, and where everything of theirs is.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::fault::Call;

/// Where the matrix is recorded and evaluated.
#[derive(Debug, Clone)]
pub struct Workshop {
    /// The top folder of the repository.
    pub repository: PathBuf,
    /// Where suites are installed and stores are kept.
    pub folder: PathBuf,
    /// The binary of the product.
    pub product: PathBuf,
}

/// A suite that runs against a server, and the server.
pub(super) struct Suite {
    /// Its name in files of cases.
    pub(super) name: &'static str,
    /// What its server is called where roles are declared.
    pub(super) peer: &'static str,
    /// Where its tests expect the server; the proxy listens there.
    proxy_port: u16,
    /// Where the server is.
    server_port: u16,
    /// A path that the server answers once it is up.
    pub(super) ready: &'static str,
    /// The package of the server, which mutations of the product copy.
    pub(super) package: &'static str,
    /// The words that start the server; `{port}` is its port.
    pub(super) server: &'static [&'static str],
    /// Variables of its tests.
    pub(super) environment: &'static [(&'static str, &'static str)],
    /// Method and path of the call that empties the server.
    empty: (&'static str, &'static str),
}

/// All of them.
pub(super) const SUITES: [Suite; 2] = [
    Suite {
        name: "kinto",
        peer: "Kinto",
        proxy_port: 8888,
        server_port: 8889,
        ready: "/v1/",
        package: "kinto",
        // Its port stands in the file of settings.
        server: &["bin/kinto", "start", "--ini", "../server.ini"],
        environment: &[],
        empty: ("POST", "/v1/__flush__"),
    },
    Suite {
        name: "moto",
        peer: "SQS",
        proxy_port: 5000,
        server_port: 5001,
        ready: "/moto-api/",
        package: "moto",
        server: &["bin/moto_server", "-H", "127.0.0.1", "-p", "{port}"],
        environment: &[
            ("TEST_SERVER_MODE", "true"),
            ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "not-a-secret"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            // One try, unless a case says otherwise.
            ("AWS_MAX_ATTEMPTS", "1"),
            ("AWS_RETRY_MODE", "standard"),
        ],
        empty: ("POST", "/moto-api/reset"),
    },
];

/// Every run of pytest: nothing is left in the suite's folder, and clients have limits of seconds.
pub(super) const PYTEST: [&str; 7] = [
    "-m",
    "pytest",
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "client_limits",
];

impl Suite {
    /// The suite of this name.
    pub(super) fn named(name: &str) -> Result<&'static Self> {
        let found = SUITES.iter().find(|suite| suite.name == name);
        found.with_context(|| format!("there is no suite {name}"))
    }

    /// Where the proxy listens.
    pub(super) fn proxy(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.proxy_port).into()
    }

    /// Where the server listens.
    pub(super) fn server(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.server_port).into()
    }

    /// The call that empties the server.
    pub(super) fn empty(&self) -> Call {
        let (method, path) = self.empty;
        call(method, path)
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

impl Workshop {
    /// Everything of a suite.
    pub(super) fn of(&self, suite: &str) -> PathBuf {
        self.folder.join(suite)
    }

    /// The Python environment of a suite.
    pub(super) fn environment(&self, suite: &str) -> PathBuf {
        self.of(suite).join("venv")
    }

    /// The tests of a suite, as they were published.
    pub(super) fn tests(&self, suite: &str) -> PathBuf {
        self.of(suite).join("src")
    }

    /// The passing recordings of a test.
    pub(super) fn passing(&self, suite: &str, test: &str) -> PathBuf {
        let name: String = test
            .rsplit('/')
            .next()
            .unwrap_or(test)
            .chars()
            .map(|letter| {
                if letter.is_alphanumeric() {
                    letter
                } else {
                    '_'
                }
            })
            .collect();
        self.of(suite).join("passing").join(name)
    }

    /// What was recorded of a case.
    pub(super) fn case(&self, suite: &str, case: &str) -> PathBuf {
        self.of(suite).join("cases").join(case)
    }

    /// Where the packages of an environment are.
    pub(super) fn packages(&self, suite: &str) -> Result<PathBuf> {
        let lib = self.environment(suite).join("lib");
        let entries = std::fs::read_dir(&lib)
            .with_context(|| format!("{suite} is not installed: no {}", lib.display()))?;
        let packages = entries
            .filter_map(Result::ok)
            .map(|entry| entry.path().join("site-packages"))
            .find(|path| path.is_dir());
        packages.context("the environment has no packages")
    }

    /// The folder with what every suite shares.
    pub(super) fn shared(&self) -> PathBuf {
        self.repository.join("bench/diagnosis/suites")
    }

    /// The folder with the cases.
    #[must_use]
    pub fn cases(&self) -> PathBuf {
        self.repository.join("bench/diagnosis/cases")
    }

    /// The example that is recorded too.
    pub(super) fn insights(&self) -> PathBuf {
        self.repository.join("examples/insights")
    }
}
