//! GitHub Actions. For a pull request `GITHUB_SHA` is a merge commit that nobody wrote; the head that was pushed is in
//! the event's file.

use super::provider::{Derived, Provider};

/// The variable that names the event's file.
pub(super) const EVENT_FILE: &str = "GITHUB_EVENT_PATH";

pub(super) const PROVIDER: Provider = Provider {
    detect: "GITHUB_ACTIONS",
    rows: &[
        ("actor", &["{GITHUB_TRIGGERING_ACTOR}", "{GITHUB_ACTOR}"]),
        (
            "user.name",
            &["{GITHUB_TRIGGERING_ACTOR}", "{GITHUB_ACTOR}"],
        ),
        ("cicd.pipeline.name", &["{GITHUB_WORKFLOW}"]),
        ("cicd.pipeline.run.id", &["{GITHUB_RUN_ID}"]),
        (
            "cicd.pipeline.run.url.full",
            &[
                "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}/attempts/{GITHUB_RUN_ATTEMPT}",
                "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}",
            ],
        ),
        ("cicd.pipeline.task.name", &["{GITHUB_JOB}"]),
        (
            "vcs.repository.url.full",
            &["{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}"],
        ),
        (
            "vcs.ref.head.name",
            &["{GITHUB_HEAD_REF}", "{GITHUB_REF_NAME}"],
        ),
        (
            "vcs.ref.head.revision",
            &["{/pull_request/head/sha}", "{GITHUB_SHA}"],
        ),
        ("vcs.ref.base.name", &["{GITHUB_BASE_REF}"]),
        (
            "vcs.change.id",
            &["{/pull_request/number}", "{number in GITHUB_REF}"],
        ),
        (
            "flakescope.vcs.change.url",
            &[
                "{/pull_request/html_url}",
                "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/pull/{number in GITHUB_REF}",
            ],
        ),
        ("vcs.change.title", &["{/pull_request/title}"]),
    ],
    derived: &[Derived {
        name: "number in GITHUB_REF",
        from: "GITHUB_REF",
        read: pull_request_number,
    }],
};

fn pull_request_number(reference: &str) -> Option<&str> {
    reference.strip_prefix("refs/pull/")?.split('/').next()
}
