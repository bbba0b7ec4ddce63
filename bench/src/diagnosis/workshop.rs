//! Where everything of the matrix is: suites, recordings, the product's binary.

use std::path::PathBuf;

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

impl Workshop {
    /// Everything of a suite.
    pub(super) fn of(&self, suite: &str) -> PathBuf {
        self.folder.join(suite)
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

    /// The folder with what is said of suites, and what they share.
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
