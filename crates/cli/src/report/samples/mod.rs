//! Documents for tests: one for each situation that the reports must be good at.

mod documents;
mod hostile;
mod parts;
mod recording;
mod unlike;

use server::document::Document;

pub(crate) use documents::*;
pub(crate) use hostile::{hostile, hostile_recording};
pub(crate) use recording::recording;
pub(crate) use unlike::{failures_and_an_odd_pass, odd_recording, unlike_passes};

/// All of them, with their names.
pub(crate) fn all() -> Vec<(&'static str, Document)> {
    vec![
        ("passed", passed()),
        ("established", established()),
        ("unknown_role", unknown_role()),
        ("three_failures", three_failures()),
        ("three_hundred_failures", three_hundred_failures()),
        ("provider_down", provider_down()),
        ("flaky", flaky()),
        ("fixture_failure", fixture_failure()),
        ("gaps", gaps()),
        ("unlike_passes", unlike_passes()),
        ("failures_and_an_odd_pass", failures_and_an_odd_pass()),
        ("unfinished", unfinished()),
        ("process_exit", process_exit()),
        ("interrupted", interrupted()),
        ("nothing_recorded", nothing_recorded()),
        ("no_runner", no_runner()),
        ("unexplained_exit", unexplained_exit()),
        (
            "hostile",
            hostile("\u{1b}[2J\u{202e}::error::x\r\n##[group]y"),
        ),
    ]
}
