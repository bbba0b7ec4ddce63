//! Tags of a run: who started it, for which change, in which job.
//!
//! The keys are those of the OpenTelemetry semantic conventions, plus `actor` and `flakescope.vcs.change.url`. Each CI
//! system is a table ([`provider::Provider`]); everything here is a pure function of the environment, of the event that
//! GitHub leaves in a file, of what git says, and of what the user says. Later ones beat earlier ones: git, CI, user.

mod circleci;
mod git;
mod github_actions;
mod provider;

use std::collections::BTreeMap;

pub(crate) use git::GitFacts;
pub(crate) use provider::Environment;

/// Tags by key.
pub(crate) type Tags = BTreeMap<String, String>;

const PROVIDERS: &[&provider::Provider] = &[&github_actions::PROVIDER, &circleci::PROVIDER];

/// The variable that names the file with the event for which the CI job runs, if one is set.
pub(crate) const EVENT_FILE: &str = github_actions::EVENT_FILE;

/// All tags of a run. `event` is the content of [`EVENT_FILE`].
pub(crate) fn collect(
    environment: &Environment,
    event: Option<&serde_json::Value>,
    git: &GitFacts,
    user: &[(String, String)],
) -> Tags {
    let provider = PROVIDERS
        .iter()
        .find(|provider| provider.runs_here(environment));
    let mut tags = git.tree_tags();
    match provider {
        Some(provider) => tags.extend(provider.tags(environment, event)),
        // In CI git's user is whoever made the image.
        None => tags.extend(git.user_tags(environment)),
    }
    tags.extend(user.iter().cloned());
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect()
    }

    fn render(tags: &Tags) -> String {
        tags.iter()
            .map(|(key, value)| format!("{key} = {value}\n"))
            .collect()
    }

    fn cloned() -> GitFacts {
        GitFacts {
            revision: Some("a1b9d3e0a1b9d3e0a1b9d3e0a1b9d3e0a1b9d3e0".into()),
            branch: Some("main".into()),
            remote: Some("https://robot:s3cret@github.com/acme/shop.git".into()),
            user_name: Some("Ada Lovelace".into()),
            user_email: Some("ada@acme.example".into()),
        }
    }

    const GITHUB_PULL_REQUEST: &[(&str, &str)] = &[
        ("CI", "true"),
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_ACTOR", "ada"),
        ("GITHUB_TRIGGERING_ACTOR", "grace"),
        ("GITHUB_BASE_REF", "main"),
        ("GITHUB_HEAD_REF", "feature/pay"),
        ("GITHUB_JOB", "integration"),
        ("GITHUB_REF", "refs/pull/17/merge"),
        ("GITHUB_REF_NAME", "17/merge"),
        ("GITHUB_REPOSITORY", "acme/shop"),
        ("GITHUB_RUN_ATTEMPT", "2"),
        ("GITHUB_RUN_ID", "9001"),
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_SHA", "feedfacefeedfacefeedfacefeedfacefeedface"),
        ("GITHUB_WORKFLOW", "CI"),
    ];

    #[test]
    fn github_pull_request() {
        let event = serde_json::json!({
            "number": 17,
            "pull_request": {
                "number": 17,
                "html_url": "https://github.com/acme/shop/pull/17",
                "title": "Pay with card",
                "head": {"sha": "0123456789012345678901234567890123456789"},
            },
        });
        let tags = collect(
            &environment(GITHUB_PULL_REQUEST),
            Some(&event),
            &cloned(),
            &[],
        );
        insta::assert_snapshot!(render(&tags));
    }

    #[test]
    fn github_pull_request_without_its_event() {
        let tags = collect(&environment(GITHUB_PULL_REQUEST), None, &cloned(), &[]);
        insta::assert_snapshot!(render(&tags));
    }

    #[test]
    fn github_push() {
        let tags = collect(
            &environment(&[
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_ACTOR", "ada"),
                ("GITHUB_HEAD_REF", ""),
                ("GITHUB_BASE_REF", ""),
                ("GITHUB_JOB", "integration"),
                ("GITHUB_REF", "refs/heads/main"),
                ("GITHUB_REF_NAME", "main"),
                ("GITHUB_REPOSITORY", "acme/shop"),
                ("GITHUB_RUN_ID", "9001"),
                ("GITHUB_SERVER_URL", "https://github.com"),
                ("GITHUB_SHA", "feedfacefeedfacefeedfacefeedfacefeedface"),
                ("GITHUB_WORKFLOW", "CI"),
            ]),
            Some(&serde_json::json!({"ref": "refs/heads/main"})),
            &GitFacts::default(),
            &[],
        );
        insta::assert_snapshot!(render(&tags));
    }

    #[test]
    fn circleci_pull_request() {
        let tags = collect(
            &environment(&[
                ("CI", "true"),
                ("CIRCLECI", "true"),
                ("CIRCLE_BRANCH", "feature/pay"),
                ("CIRCLE_JOB", "integration"),
                ("CIRCLE_PIPELINE_ID", "b2c3"),
                ("CIRCLE_PROJECT_REPONAME", "shop"),
                (
                    "CIRCLE_PULL_REQUEST",
                    "https://github.com/acme/shop/pull/17",
                ),
                ("CIRCLE_REPOSITORY_URL", "git@github.com:acme/shop.git"),
                ("CIRCLE_SHA1", "0123456789012345678901234567890123456789"),
                ("CIRCLE_USERNAME", "grace"),
                ("CIRCLE_WORKFLOW_ID", "a1b2"),
            ]),
            None,
            &cloned(),
            &[],
        );
        insta::assert_snapshot!(render(&tags));
    }

    #[test]
    fn a_clone_on_a_desk() {
        let tags = collect(&environment(&[("USER", "ada")]), None, &cloned(), &[]);
        insta::assert_snapshot!(render(&tags));
    }

    #[test]
    fn no_repository() {
        let tags = collect(
            &environment(&[("USER", "ada")]),
            None,
            &GitFacts::default(),
            &[],
        );
        insta::assert_snapshot!(render(&tags));
    }

    #[test]
    fn the_user_has_the_last_word() {
        let user = [
            ("actor".to_owned(), "nightly".to_owned()),
            ("team".to_owned(), "checkout".to_owned()),
        ];
        let tags = collect(&environment(GITHUB_PULL_REQUEST), None, &cloned(), &user);
        assert_eq!(tags["actor"], "nightly");
        assert_eq!(tags["team"], "checkout");
    }
}
