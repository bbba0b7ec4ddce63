//! Where the project is: its root, its settings, its store, and what it is called when nobody says so.

use std::path::{Path, PathBuf};

/// The name of the settings file.
pub(crate) const CONFIG_FILE: &str = "flakescope.toml";
/// The name of the store's folder.
const STORE_FOLDER: &str = ".flakescope";

/// The places of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Project {
    /// File names in recordings are relative to this folder.
    pub(crate) root: PathBuf,
    /// The settings, if there are any.
    pub(crate) config: Option<PathBuf>,
    /// The repository's top folder, if there is one.
    pub(crate) repository: Option<PathBuf>,
}

impl Project {
    /// Looks upwards from `cwd`. The root is the folder of `flakescope.toml`, else the repository's top, else the
    /// folder of the nearest `package.json`, else `cwd` itself. A `config` that was asked for is taken as it is, and
    /// its folder is the root.
    pub(crate) fn locate(cwd: &Path, config: Option<&Path>) -> Self {
        let holding = |name: &str| {
            cwd.ancestors()
                .find(|folder| folder.join(name).exists())
                .map(Path::to_owned)
        };
        let repository = holding(".git");
        let config = match config {
            Some(file) => Some(cwd.join(file)),
            None => holding(CONFIG_FILE).map(|folder| folder.join(CONFIG_FILE)),
        };
        let root = config
            .as_deref()
            .and_then(Path::parent)
            .map(Path::to_owned)
            .or_else(|| repository.clone())
            .or_else(|| holding("package.json"))
            .unwrap_or_else(|| cwd.to_owned());
        Self {
            root,
            config,
            repository,
        }
    }

    /// The settings' file, or where it would be.
    pub(crate) fn settings(&self) -> PathBuf {
        let there = self.config.clone();
        there.unwrap_or_else(|| self.root.join(CONFIG_FILE))
    }

    /// The store's folder, unless another was asked for.
    pub(crate) fn store(&self, cwd: &Path, asked: Option<&Path>) -> PathBuf {
        asked.map_or_else(|| self.root.join(STORE_FOLDER), |folder| cwd.join(folder))
    }

    /// What the project is called when neither the command line nor the settings say so: the repository's address
    /// and the root's path in it, else the name of its package, else of its folder. The same on every machine that
    /// has a clone, because the identity of tests hangs on it.
    pub(crate) fn default_name(&self, repository_url: Option<&str>) -> String {
        if let Some(url) = repository_url {
            let address = url.split_once("://").map_or(url, |(_, rest)| rest);
            let inside = self
                .repository
                .as_deref()
                .and_then(|top| self.root.strip_prefix(top).ok())
                .map(|path| path.to_string_lossy().into_owned())
                .filter(|path| !path.is_empty());
            return inside.map_or_else(|| address.to_owned(), |path| format!("{address}/{path}"));
        }
        package_name(&self.root.join("package.json")).unwrap_or_else(|| {
            self.root.file_name().map_or_else(
                || "project".into(),
                |name| name.to_string_lossy().into_owned(),
            )
        })
    }
}

fn package_name(file: &Path) -> Option<String> {
    let text = std::fs::read(file).ok()?;
    let package: serde_json::Value = serde_json::from_slice(&text).ok()?;
    package
        .get("name")?
        .as_str()
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes these files (a name with a slash at its end is a folder), and tells where the project in `cwd` is.
    fn locate(files: &[&str], cwd: &str) -> (tempfile::TempDir, Project) {
        let top = tempfile::tempdir().unwrap();
        for file in files {
            let path = top.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            match file.ends_with('/') {
                true => std::fs::create_dir_all(path).unwrap(),
                false => std::fs::write(path, r#"{"name":"@acme/shop"}"#).unwrap(),
            }
        }
        let project = Project::locate(&top.path().join(cwd), None);
        (top, project)
    }

    #[test]
    fn the_root_is_the_first_that_says_so() {
        let check = |files: &[&str], expected: &str| {
            let (top, project) = locate(files, "a/b/c");
            assert_eq!(project.root, top.path().join(expected), "{files:?}");
        };
        check(
            &["a/flakescope.toml", "a/b/.git/", "a/b/c/package.json"],
            "a",
        );
        check(&["a/.git/", "a/b/c/package.json"], "a");
        check(&["a/.git", "a/b/c/package.json"], "a");
        check(&["a/package.json", "a/b/c/"], "a");
        check(&["a/b/package.json", "a/package.json", "a/b/c/"], "a/b");
        check(&["a/b/c/"], "a/b/c");
    }

    #[test]
    fn a_name_is_the_same_on_every_machine() {
        let check = |files: &[&str], url: Option<&str>, expected: &str| {
            let (_top, project) = locate(files, "a/b");
            assert_eq!(project.default_name(url), expected, "{files:?}");
        };
        let url = Some("https://github.com/acme/shop");
        check(&[".git/", "a/b/"], url, "github.com/acme/shop");
        check(
            &[".git/", "a/b/flakescope.toml"],
            url,
            "github.com/acme/shop/a/b",
        );
        check(&["a/b/package.json"], None, "@acme/shop");
        check(&["a/b/"], None, "b");
    }
}
