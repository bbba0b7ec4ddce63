//! No sentence of a diagnosis contradicts another one of it, nor the evidence: over random recordings, in which calls
//! fail, go missing, move to other ports and answer other values than in the passing one.

#![expect(
    clippy::unwrap_used,
    reason = "a recording without its calls fails the test"
)]

mod support;

use diagnosis::diagnose;
use model::{AttemptStatus, Confidence, Diagnosis, attribute};
use proptest::prelude::*;
use support::{Call, Story, call};

const URLS: &[&str] = &[
    "http://127.0.0.1:7000/charges",
    "http://127.0.0.1:3000/orders",
    "http://127.0.0.1:3001/orders",
    "http://10.0.0.7:8080/rates",
    "https://lambda.eu-west-1.amazonaws.com/run",
];
const BODIES: &[&str] = &[
    "{}",
    "[]",
    r#"{"state":"open","count":1}"#,
    r#"{"state":"paid","count":2}"#,
    r#"[{"id":1},{"id":2}]"#,
    r#"{"message":"Rate Exceeded."}"#,
    "<html>",
    "",
];
const MESSAGES: &[(&str, &str)] = &[
    ("Error", "the order could not be placed"),
    ("Error", "Request failed with status code 503"),
    ("AssertionError", "expected 'open' to equal 'paid'"),
    ("AssertionError", "expected 1 to equal 2"),
    (
        "SyntaxError",
        "Unexpected token '<', \"<html>\" is not valid JSON",
    ),
    ("Error", "timeout of 500ms exceeded"),
    ("Error", "Timeout of 2000ms exceeded."),
    ("Error", ""),
];

#[derive(Clone, Debug)]
struct Step {
    url: usize,
    writes: bool,
    body: usize,
    /// What became of it here: 0 as there, 1 left out, 2 extra, 3 answered another body, 4 503, 5 429, 6 refused,
    /// 7 timed out, 8 timed out while the process was busy, 9 still open, 10 moved to another port and refused.
    fate: u8,
    other_body: usize,
}

fn step() -> impl Strategy<Value = Step> {
    let fate = prop_oneof![4 => Just(0_u8), 6 => 1_u8..=10];
    let of = (
        0..URLS.len(),
        any::<bool>(),
        0..BODIES.len(),
        fate,
        0..BODIES.len(),
    );
    of.prop_map(|(url, writes, body, fate, other_body)| Step {
        url,
        writes,
        body,
        fate,
        other_body,
    })
}

impl Step {
    fn there(&self, start: i64) -> Call {
        let method = if self.writes { "POST" } else { "GET" };
        call(method, URLS[self.url], start).answers(200, BODIES[self.body])
    }

    fn here(&self, start: i64) -> Call {
        let as_there = self.there(start);
        let bare = || self.there(start).without_answer();
        let late = || {
            bare()
                .takes(500)
                .fails("ETIMEDOUT", "timeout of 500ms exceeded")
        };
        match self.fate {
            3 => bare().answers(200, BODIES[self.other_body]),
            4 => bare().answers(503, BODIES[self.other_body]),
            5 => bare().answers(429, BODIES[self.other_body]),
            6 => bare().fails("ECONNREFUSED", "connect ECONNREFUSED"),
            7 => late(),
            8 => late().with(attribute::EVENT_LOOP_ACTIVE_MS, 450_i64),
            9 => bare().stays_open(),
            10 => {
                let mut moved = bare().fails("ECONNREFUSED", "connect ECONNREFUSED");
                moved.replace(":8080", ":8081");
                moved.replace(":7000", ":7001");
                moved
            }
            _ => as_there,
        }
    }
}

fn any_story() -> impl Strategy<Value = Story> {
    let status =
        prop_oneof![4 => Just(AttemptStatus::Failed), 1 => Just(AttemptStatus::Unfinished)];
    let compared = proptest::option::of((0..4_usize, 0..4_usize));
    let of = (
        prop::collection::vec(step(), 0..6),
        any::<bool>(),
        0..MESSAGES.len(),
        status,
        compared,
    );
    of.prop_map(|(steps, alone, message, status, compared)| {
        let at = |n: usize| 100 + i64::try_from(n).unwrap() * 600;
        let numbered = || steps.iter().enumerate();
        let here = numbered()
            .filter(|(_, step)| step.fate != 1)
            .map(|(n, step)| step.here(at(n)));
        let there = numbered()
            .filter(|(_, step)| step.fate != 2)
            .map(|(n, step)| step.there(at(n)));
        let (error_type, text) = MESSAGES[message];
        let mut story = Story::of(here.collect()).says(error_type, text);
        if !alone {
            story = story.passing(there.collect());
        }
        if let Some((expected, actual)) = compared {
            let values = ["200", "503", "\"paid\"", "\"open\""];
            story.failure.expected = Some(values[expected].into());
            story.failure.actual = Some(values[actual].into());
        }
        story.status = status;
        story
    })
}

fn texts(diagnosis: &Diagnosis) -> Vec<String> {
    let findings = diagnosis.findings.iter().chain(&diagnosis.counter);
    let rivals = diagnosis.rivals.iter().map(|rival| rival.summary.clone());
    findings
        .map(|finding| finding.text.clone())
        .chain(diagnosis.missing.iter().cloned())
        .chain(diagnosis.therefore.iter().cloned())
        .chain(rivals)
        .chain([diagnosis.summary.clone()])
        .collect()
}

/// Sentences that say there is no difference, and those that name one.
const NO_DIFFERENCE: &[&str] = &[
    "No call before the failure came out otherwise",
    "Every call got the same answer",
];
const A_DIFFERENCE: &[&str] = &[
    "The first difference from",
    "A difference from",
    "; this one never did",
    "; in the passing recording",
    "not all was answered the same",
    " was never made",
    "In the passing recording",
    " where the passing recording has ",
];

/// The pairs that cannot both be true.
const CONTRADICTIONS: &[(&[&str], &[&str])] = &[
    (NO_DIFFERENCE, A_DIFFERENCE),
    (
        &["calls before it are like", "call before it is like"],
        &["Before it, "],
    ),
    (&["the same call "], &["the call goes to port"]),
    (&["No passing recording of this test"], A_DIFFERENCE),
    (&["No difference in your code's calls"], &["Before it, "]),
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn no_sentence_contradicts_another(story in any_story()) {
        let diagnosis = diagnose(&story.evidence());
        let texts = texts(&diagnosis);
        let says = |words: &[&str]| texts.iter().any(|text| words.iter().any(|words| text.contains(words)));
        for (these, those) in CONTRADICTIONS {
            prop_assert!(!(says(these) && says(those)), "{:#?}", texts);
        }
    }

    #[test]
    fn the_words_are_those_of_the_confidence(story in any_story()) {
        let diagnosis = diagnose(&story.evidence());
        let opening = match diagnosis.confidence {
            Confidence::Established => "Failed because",
            Confidence::Likely => "Probably failed because",
            Confidence::Undetermined => "We can't tell",
        };
        prop_assert!(diagnosis.summary.starts_with(opening), "{}", diagnosis.summary);
        // Of a test that differs while all answers are as ever there is no call to point at.
        let itself = diagnosis.fingerprint.contains("|assertion|");
        prop_assert_eq!(diagnosis.culprit.is_none(), itself || diagnosis.confidence == Confidence::Undetermined);
        if diagnosis.confidence == Confidence::Established {
            prop_assert!(diagnosis.missing.is_empty() && diagnosis.counter.iter().all(|finding| !finding.text.starts_with("Before it")), "{:#?}", diagnosis);
        } else {
            prop_assert!(!diagnosis.missing.is_empty() || !diagnosis.findings.is_empty(), "{:#?}", diagnosis);
        }
        if diagnosis.confidence == Confidence::Likely {
            prop_assert!(!diagnosis.missing.is_empty() || !diagnosis.counter.is_empty() || !diagnosis.rivals.is_empty(), "nothing says why it is not established: {:#?}", diagnosis);
        }
    }

    /// Sentences about all calls are held against the recordings themselves.
    #[test]
    fn what_is_said_of_all_calls_is_true(story in any_story()) {
        let evidence = story.evidence();
        let texts = texts(&diagnose(&evidence));
        let answers = |recording: &model::Recording| {
            let mut answers: Vec<String> = recording.exchanges().iter().map(|exchange| {
                let body = exchange.response.as_ref().and_then(|response| response.body.text()).unwrap_or_default();
                let error = exchange.error.as_ref().map(|error| error.error_type.clone());
                format!("{} {} {:?} {body} {error:?}", exchange.method, exchange.path(), exchange.status())
            }).collect();
            answers.sort();
            answers
        };
        // Polls and retries of one request are one call, of which only the last answer counts.
        let mut requests: Vec<_> = evidence.recording.exchanges().into_iter().map(|exchange| (exchange.method, exchange.url)).collect();
        requests.sort();
        let once = requests.windows(2).all(|pair| pair[0] != pair[1]);
        if texts.iter().any(|text| text.contains("before it failed") || text.contains("before the failure was")) {
            prop_assert!(evidence.attempt.status == AttemptStatus::Failed, "{:#?}", texts);
        }
        if once && texts.iter().any(|text| NO_DIFFERENCE.iter().any(|words| text.contains(words))) {
            let there = evidence.baseline.as_ref().map(|baseline| answers(&baseline.recording));
            let here = answers(&evidence.recording);
            prop_assert!(there.is_some_and(|there| here.iter().all(|answer| there.contains(answer))), "{:#?}", texts);
        }
        if texts.iter().any(|text| text.contains("no captured call")) {
            prop_assert!(evidence.recording.exchanges().is_empty());
        }
    }
}
