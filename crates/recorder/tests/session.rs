//! Spool in, store out: real segments, written by the Node agent, through a session into a real store.

mod support;

use support::{Recording, Run};

#[test]
fn a_killed_process_leaves_what_it_had_written() {
    insta::assert_snapshot!(Recording::of("killed").describe());
}

#[test]
fn parallel_workers_are_one_run() {
    insta::assert_snapshot!(Recording::of("parallel").describe());
}

#[test]
fn console_output_is_kept_as_logs() {
    insta::assert_snapshot!(Recording::of("console").describe());
}

#[test]
fn credentials_are_facts_and_pseudonyms() {
    insta::assert_snapshot!(Recording::of("credentials").describe());
}

#[test]
fn fixtures_are_linked() {
    insta::assert_snapshot!(Recording::of("fixture").describe());
}

#[test]
fn retries_are_attempts_of_their_own() {
    insta::assert_snapshot!(Recording::of("retries").describe());
}

#[test]
fn without_an_agent_the_run_says_so() {
    let run = Run::start();
    insta::assert_snapshot!(run.finish().describe());
}
