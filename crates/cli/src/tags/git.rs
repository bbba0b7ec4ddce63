//! What git says about the working tree. Asked of the `git` program, because only it knows worktrees, includes and
//! conditional settings; each question is bounded in time, and no answer is no tag.

use std::path::Path;
use std::time::{Duration, Instant};

use super::{Environment, Tags};
use crate::os;

/// How long git may take for all answers before we go on without.
const PATIENCE: Duration = Duration::from_secs(2);

/// What git says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct GitFacts {
    /// The commit that is checked out.
    pub(crate) revision: Option<String>,
    /// The branch, unless a commit is checked out directly.
    pub(crate) branch: Option<String>,
    /// The address of the remote `origin`, as it is written there.
    pub(crate) remote: Option<String>,
    /// The user's name.
    pub(crate) user_name: Option<String>,
    /// The user's address.
    pub(crate) user_email: Option<String>,
}

impl GitFacts {
    /// Asks git about the tree that `folder` is in.
    pub(crate) fn gather(folder: &Path) -> Self {
        let deadline = Instant::now() + PATIENCE;
        let head = ask(
            deadline,
            folder,
            &["rev-parse", "HEAD", "--abbrev-ref", "HEAD"],
        );
        let settings = ask(
            deadline,
            folder,
            &[
                "config",
                "-z",
                "--get-regexp",
                r"^(user\.(name|email)|remote\.origin\.url)$",
            ],
        );
        Self::read(&head.unwrap_or_default(), &settings.unwrap_or_default())
    }

    fn read(head: &str, settings: &str) -> Self {
        let mut lines = head.lines().map(str::to_owned);
        let mut facts = Self {
            revision: lines.next(),
            branch: lines.next().filter(|name| name != "HEAD"),
            ..Self::default()
        };
        // A later line beats an earlier one, except for an address: the first is the one that is fetched from.
        for (key, value) in settings
            .split('\0')
            .filter_map(|line| line.split_once('\n'))
        {
            match key {
                "user.name" => facts.user_name = Some(value.to_owned()),
                "user.email" => facts.user_email = Some(value.to_owned()),
                _ if facts.remote.is_none() => facts.remote = Some(value.to_owned()),
                _ => {}
            }
        }
        facts
    }

    /// The repository's address as it may be shown.
    pub(crate) fn repository_url(&self) -> Option<String> {
        self.remote.as_deref().map(canonical_url)
    }

    /// What is checked out.
    pub(super) fn tree_tags(&self) -> Tags {
        present([
            ("vcs.repository.url.full", self.repository_url()),
            ("vcs.ref.head.name", self.branch.clone()),
            ("vcs.ref.head.revision", self.revision.clone()),
        ])
    }

    /// Who works here.
    pub(super) fn user_tags(&self, environment: &Environment) -> Tags {
        let login = ["USER", "LOGNAME"]
            .iter()
            .find_map(|name| environment.get(*name))
            .cloned();
        let name = self.user_name.clone().or(login);
        present([
            ("actor", self.user_email.clone().or_else(|| name.clone())),
            ("user.name", name),
            ("user.email", self.user_email.clone()),
        ])
    }
}

fn present<const N: usize>(rows: [(&str, Option<String>); N]) -> Tags {
    rows.into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value.filter(|value| !value.is_empty())?)))
        .collect()
}

/// The address of a repository as people open it: `https`, no user, no password, no `.git` at its end. What is not
/// known to be an address of a host (a path) stays as it is.
pub(super) fn canonical_url(remote: &str) -> String {
    let remote = remote.trim();
    let (scheme, rest) = match remote.split_once("://") {
        Some((scheme, rest)) => (scheme, rest.to_owned()),
        None => match remote.split_once(':') {
            // The short form of ssh, `git@host:path`. A path that has a colon has a slash before it.
            Some((host, path)) if !host.contains('/') => ("ssh", format!("{host}/{path}")),
            _ => return remote.to_owned(),
        },
    };
    if scheme == "file" {
        return remote.to_owned();
    }
    let (authority, path) = rest.split_once('/').unwrap_or((&rest, ""));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    // The port of ssh is not the port of the pages.
    let (scheme, host) = match scheme {
        "http" => ("http", host),
        "https" => ("https", host),
        _ => ("https", host.split(':').next().unwrap_or(host)),
    };
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    format!("{scheme}://{host}/{path}")
}

fn ask(deadline: Instant, folder: &Path, question: &[&str]) -> Option<String> {
    let mut command = std::process::Command::new("git");
    // A checkout that belongs to another user is common in containers. Nothing asked here runs the repository's code.
    command
        .args(["-c", "safe.directory=*", "-C"])
        .arg(folder)
        .args(question)
        .env("GIT_OPTIONAL_LOCKS", "0");
    os::output_within(command, deadline.saturating_duration_since(Instant::now()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_for_people_and_hold_no_secret() {
        let check = |remote: &str, expected: &str| assert_eq!(canonical_url(remote), expected);
        check(
            "https://github.com/acme/shop.git",
            "https://github.com/acme/shop",
        );
        check(
            "https://robot:s3cret@github.com/acme/shop",
            "https://github.com/acme/shop",
        );
        check(
            "https://s3cret@github.com/acme/shop",
            "https://github.com/acme/shop",
        );
        check(
            "https://a:b@c@host.example/acme/shop",
            "https://host.example/acme/shop",
        );
        check(
            "https://host.example/acme/shop?token=s3cret",
            "https://host.example/acme/shop",
        );
        check(
            "http://host.example:8080/acme/shop/",
            "http://host.example:8080/acme/shop",
        );
        check(
            "git@github.com:acme/shop.git",
            "https://github.com/acme/shop",
        );
        check(
            "ssh://git@host.example:2222/acme/shop.git",
            "https://host.example/acme/shop",
        );
        check(
            "git://host.example/acme/shop",
            "https://host.example/acme/shop",
        );
        check("/srv/git/shop.git", "/srv/git/shop.git");
        check("file:///srv/git/shop.git", "file:///srv/git/shop.git");
        check("../shop:1", "../shop:1");
        check("", "");
    }

    #[test]
    fn answers_are_read() {
        let check = |head: &str, settings: &str, expected: GitFacts| {
            assert_eq!(GitFacts::read(head, settings), expected);
        };
        check("", "", GitFacts::default());
        check(
            "abc\nHEAD\n",
            "",
            GitFacts {
                revision: Some("abc".into()),
                ..GitFacts::default()
            },
        );
        check(
            "abc\nmain\n",
            "user.name\nglobal\0user.name\nlocal\0user.email\na@b\0remote.origin.url\nfirst\0remote.origin.url\nsecond\0",
            GitFacts {
                revision: Some("abc".into()),
                branch: Some("main".into()),
                remote: Some("first".into()),
                user_name: Some("local".into()),
                user_email: Some("a@b".into()),
            },
        );
    }

    proptest! {
        #[test]
        fn no_password_survives(
            scheme in "(https?|ssh|git|ftp)",
            user in "[a-z]{0,6}",
            password in "S3[A-Za-z0-9%@:!$&*]{1,12}",
            path in "[a-z/.]{0,12}",
        ) {
            let url = canonical_url(&format!("{scheme}://{user}:{password}@host.example/{path}"));
            prop_assert!(!url.contains("S3"), "{}", url);
            prop_assert_eq!(canonical_url(&url), url);
        }
    }
}
