//! CircleCI. It names neither the workflow nor the base branch, and gives the number of a pull request only for
//! forks; the address of the pull request ends in it.

use super::provider::{Derived, Provider};

pub(super) const PROVIDER: Provider = Provider {
    detect: "CIRCLECI",
    rows: &[
        ("actor", &["{CIRCLE_USERNAME}"]),
        ("user.name", &["{CIRCLE_USERNAME}"]),
        ("cicd.pipeline.name", &["{CIRCLE_PROJECT_REPONAME}"]),
        (
            "cicd.pipeline.run.id",
            &["{CIRCLE_WORKFLOW_ID}", "{CIRCLE_PIPELINE_ID}"],
        ),
        (
            "cicd.pipeline.run.url.full",
            &[
                "https://app.circleci.com/pipelines/workflows/{CIRCLE_WORKFLOW_ID}",
                "{CIRCLE_BUILD_URL}",
            ],
        ),
        ("cicd.pipeline.task.name", &["{CIRCLE_JOB}"]),
        ("vcs.repository.url.full", &["{CIRCLE_REPOSITORY_URL}"]),
        ("vcs.ref.head.name", &["{CIRCLE_BRANCH}", "{CIRCLE_TAG}"]),
        ("vcs.ref.head.revision", &["{CIRCLE_SHA1}"]),
        (
            "vcs.change.id",
            &["{CIRCLE_PR_NUMBER}", "{number in CIRCLE_PULL_REQUEST}"],
        ),
        ("flakescope.vcs.change.url", &["{CIRCLE_PULL_REQUEST}"]),
    ],
    derived: &[Derived {
        name: "number in CIRCLE_PULL_REQUEST",
        from: "CIRCLE_PULL_REQUEST",
        read: last_part,
    }],
};

fn last_part(url: &str) -> Option<&str> {
    url.rsplit('/').next().filter(|part| !part.is_empty())
}
