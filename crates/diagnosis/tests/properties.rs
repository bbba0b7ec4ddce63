//! What must not change a diagnosis, and what must: over every story and every row of the truth tables.

mod support;

use diagnosis::diagnose;
use model::{AttemptStatus, Diagnosis, attribute};
use proptest::prelude::*;
use support::{Call, Story, get, post};

const HERE: &str = "5f2b8c1e-9d3a-4c6b-8e7f-001122334455";

/// What two equal diagnoses agree on.
fn essence(diagnosis: &Diagnosis) -> String {
    let culprit = diagnosis.culprit.as_ref().map(|culprit| {
        format!(
            "{} {:?} {:?} {}",
            culprit.method, culprit.status, culprit.error, culprit.peer
        )
    });
    format!(
        "{} {} {} {culprit:?}",
        support::conclusion(diagnosis),
        diagnosis.not_your_code,
        diagnosis.fingerprint
    )
}

fn concluded(story: &Story) -> String {
    essence(&diagnose(&story.evidence()))
}

fn any_story() -> impl Strategy<Value = Story> {
    let named = support::stories::all().into_iter().map(|(_, story)| story);
    let rows = support::tables::all().into_iter().map(|(story, _)| story);
    let stories: Vec<Story> = named.chain(rows).collect();
    (0..stories.len()).prop_map(move |at| stories[at].clone())
}

/// Two calls to two peers at the same time, in the failing recording in either order.
fn with_concurrent(story: &Story, swapped: bool) -> Story {
    let pair = |left: i64, right: i64| {
        [
            get("http://127.0.0.1:3000/left", left)
                .takes(30)
                .answers(200, "{}"),
            get("http://127.0.0.1:9200/right", right)
                .takes(30)
                .answers(200, "{}"),
        ]
    };
    let mut story = story.clone();
    story
        .calls
        .extend(if swapped { pair(2, 1) } else { pair(1, 2) });
    if let Some(passing) = &mut story.passing {
        passing.extend(pair(1, 2));
    }
    story
}

/// Work that a service does on behalf of the test while that goes on: lanes of calls, one after the other in each, and
/// looks for what they bring, as often as there was time for. The lanes run as `pace` says, in thousandths of the time
/// until the failure.
fn with_background(story: &Story, pace: &[Vec<u16>], looks: i64) -> Story {
    let lanes = |outer: usize, pace: &[Vec<u16>], looks: i64| -> Vec<Call> {
        let outer_id = u64::try_from(outer + 1).unwrap_or_default();
        let start = post("http://127.0.0.1:3000/jobs", 1).takes(1);
        let mut calls = vec![start.answers(202, "{}")];
        for (lane, pace) in pace.iter().enumerate() {
            let mut pace = pace.clone();
            pace.sort_unstable();
            calls.extend(pace.iter().enumerate().map(|(nth, part)| {
                let at = 3 + (story.failed_at - 10).max(0) * i64::from(*part) / 1_000;
                let url = format!("http://127.0.0.1:9200/lane-{lane}/step-{nth}");
                post(&url, at).takes(1).inside(outer_id).answers(200, "{}")
            }));
        }
        // The first calls of the test: how often it looked is no part of its course.
        calls.extend((0..looks).map(|nth| {
            get("http://127.0.0.1:3000/jobs/a", 3 + nth)
                .takes(1)
                .answers(200, "{}")
        }));
        calls
    };
    let mut story = story.clone();
    let here = lanes(story.calls.len(), pace, looks);
    story.calls.extend(here);
    if let Some(passing) = &mut story.passing {
        let even = vec![vec![0, 100, 200]; pace.len()];
        let there = lanes(passing.len(), &even, 2);
        passing.extend(there);
    }
    story
}

fn any_pace() -> impl Strategy<Value = Vec<Vec<u16>>> {
    prop::collection::vec(prop::collection::vec(0_u16..1_000, 3), 2)
}

/// An earlier try, with the same request, of a call that came out well.
fn with_absorbed_retry(story: &Story, which: usize, reset: bool) -> Option<Story> {
    let mut story = story.clone();
    let well: Vec<usize> = (0..story.calls.len())
        .filter(|at| came_out_well(&story.calls[*at]))
        .collect();
    let call = story
        .calls
        .get(*well.get(which % well.len().max(1))?)?
        .clone();
    let mut before = call.clone().without_answer();
    before.start = call.start - 3;
    before.end = Some(call.start - 1);
    let before = if reset {
        before.fails("ECONNRESET", "socket hang up")
    } else {
        before.answers(503, "{}")
    };
    story.calls.push(before);
    Some(story)
}

fn came_out_well(call: &Call) -> bool {
    let evidence = Story::of(vec![call.clone()]).evidence();
    let exchange = evidence.recording.exchanges().remove(0);
    let body = exchange
        .response
        .as_ref()
        .and_then(|response| response.body.text())
        .unwrap_or_default()
        .to_owned();
    exchange.status().is_some_and(|status| status < 300)
        && exchange.end.is_some()
        && !body.contains("error")
}

/// Whether no call is blamed: nothing is known, or only the test differs.
fn blames_nobody(concluded: &str) -> bool {
    concluded == "undetermined false  None"
        || concluded.starts_with("test-code test ") && concluded.ends_with("Error None")
}

/// Whether a write that failed at first is blamed, which may well be the reason of what is too much: but it is not known.
fn may_have_stayed(before: &str, after: &str) -> bool {
    let is_too_much = ["content", "left-over"]
        .iter()
        .any(|class| before.contains(class));
    let is_write = after.contains("\"POST ") || after.contains("\"PUT ");
    is_too_much && is_write && after.contains(" likely ")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_concurrent_calls_changes_nothing(story in any_story()) {
        prop_assert_eq!(concluded(&with_concurrent(&story, false)), concluded(&with_concurrent(&story, true)));
    }

    #[test]
    fn what_services_do_meanwhile_changes_nothing(story in any_story(), one in any_pace(), other in any_pace(), looks in 1_i64..4) {
        prop_assert_eq!(concluded(&with_background(&story, &one, 1)), concluded(&with_background(&story, &other, looks)));
    }

    #[test]
    fn shifting_all_times_changes_nothing(story in any_story(), shift in 0_i64..1_000_000_000_000_000) {
        // A story may be of another time than its passing recording already.
        let shifted = Story { shift: story.shift + shift, ..story.clone() };
        prop_assert_eq!(concluded(&story), concluded(&shifted));
    }

    #[test]
    fn other_identifiers_change_nothing(story in any_story(), id in "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}") {
        let mut renamed = story.clone();
        for call in &mut renamed.calls {
            call.replace(HERE, &id);
        }
        prop_assert_eq!(concluded(&story), concluded(&renamed));
    }

    #[test]
    fn an_absorbed_retry_changes_nothing(story in any_story(), which in 0_usize..8, reset in any::<bool>()) {
        if let Some(retried) = with_absorbed_retry(&story, which, reset) {
            let (before, after) = (concluded(&story), concluded(&retried));
            prop_assert!(before == after || may_have_stayed(&before, &after), "{before}\n{after}");
        }
    }

    /// At most the test itself is, which then has nothing to point at.
    #[test]
    fn what_the_passing_recording_has_too_is_not_blamed(story in any_story()) {
        let mut same = story.clone();
        same.passing = Some(story.calls.clone());
        same.passing_fixture = story.fixture.clone();
        prop_assert!(blames_nobody(&concluded(&same)), "{}", concluded(&same));
    }

    #[test]
    fn without_the_difference_there_is_no_diagnosis(story in any_story()) {
        if let Some(passing) = story.passing.clone() {
            let fixed = Story { calls: passing, fixture: story.passing_fixture.clone(), ..story };
            prop_assert!(blames_nobody(&concluded(&fixed)), "{}", concluded(&fixed));
        }
    }

    /// Of a call that the test no longer waited for, how and when its client gave up minutes later says nothing.
    #[test]
    fn what_came_after_the_failure_changes_nothing(story in any_story(), which in 0_usize..8, later in 1_000_i64..600_000, answered in any::<bool>()) {
        // An attempt that never ended has nothing after it.
        prop_assume!(story.status == AttemptStatus::Failed);
        let (mut open, mut closed) = (story.clone(), story.clone());
        if let (Some(waits), Some(ends)) = (open.calls.get_mut(which), closed.calls.get_mut(which)) {
            *waits = waits.clone().without_answer().stays_open();
            *ends = waits.clone().takes(story.failed_at + later);
            *ends = match answered {
                true => ends.clone().answers(503, "{}").with(attribute::FIRST_BYTE_OFFSET, (story.failed_at + later) * 1_000_000),
                false => ends.clone().fails("UND_ERR_HEADERS_TIMEOUT", "Headers Timeout Error"),
            };
            prop_assert_eq!(diagnose(&open.evidence()), diagnose(&closed.evidence()));
        }
    }

    #[test]
    fn equal_evidence_gives_an_equal_diagnosis(story in any_story()) {
        prop_assert_eq!(diagnose(&story.evidence()), diagnose(&story.evidence()));
    }

    #[test]
    fn hostile_facts_do_no_harm(url in ".{0,60}", code in ".{0,20}", body in ".{0,200}", status in -5_i64..70_000, start in any::<i32>(), length in any::<i32>()) {
        let odd = get(&url, i64::from(start)).takes(i64::from(length)).answers(status, &body).fails(&code, &body).with(attribute::CREDENTIAL_JWT_EXP, i64::MIN);
        let mut story = Story::of(vec![odd.clone(), odd.clone().stays_open()]).passing(vec![odd]).says(&code, &body);
        for status in [AttemptStatus::Failed, AttemptStatus::Unfinished] {
            story.status = status;
            let diagnosis = diagnose(&story.evidence());
            let texts = diagnosis.findings.iter().map(|finding| &finding.text).chain([&diagnosis.summary, &diagnosis.fingerprint]);
            for text in texts {
                prop_assert!(!text.chars().any(char::is_control), "{:?}", text);
            }
        }
    }
}
