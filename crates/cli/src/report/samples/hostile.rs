//! Samples in which every captured text wants to act on a terminal or in a CI log.

use server::document::{
    Baseline, Culprit, Diagnosis, Document, Error, Finding, Gap, Recording, Refused, Rival,
    RunOutage, Status, Test,
};

use super::documents::flaky;
use super::parts::{diagnosed, document, error, hex, test, throttled};
use super::recording::recording;
use super::unlike::be_odd;

/// Failures in which every captured text is `text`.
pub(crate) fn hostile(text: &str) -> Document {
    let said = || text.to_owned();
    let finding = Finding {
        text: said(),
        span_id: None,
    };
    let base = throttled();
    let diagnosis = Diagnosis {
        summary: said(),
        culprit: base.culprit.clone().map(|culprit| Culprit {
            method: said(),
            url: said(),
            error: Some(said()),
            peer: said(),
            retry_after: Some(said()),
            response_excerpt: Some(said()),
            ..culprit
        }),
        baseline: base.baseline.clone().map(|baseline| Baseline {
            branch: Some(said()),
            ..baseline
        }),
        findings: vec![finding.clone(), finding.clone(), finding.clone()],
        counter: vec![finding],
        therefore: vec![said()],
        missing: vec![said()],
        rivals: vec![Rival {
            cause: said(),
            summary: said(),
            span_id: None,
        }],
        ..base
    };
    let mut failed = diagnosed(1, text, diagnosis.clone());
    failed.suite = vec![said(), said()];
    failed.parameters = said();
    failed.configuration = said();
    failed.attempts[0].error = Some(Error {
        error_type: said(),
        file: Some(said()),
        ..error(text)
    });
    let mut flaky = flaky().tests.remove(0);
    flaky.name = said();
    flaky.attempts[0].diagnosis = Some(diagnosis);
    let mut other = test(3, text, Status::Failed);
    other.attempts[0].error = Some(error(text));
    let again = Test {
        id: hex(2, 32),
        ..failed.clone()
    };
    let mut document = document(vec![failed, again, flaky, other, odd_pass(text)]);
    document.run.command = vec![said()];
    document.outages.push(outage(text));
    document.run.gaps = vec![Gap {
        kind: "agent-error".into(),
        count: 1,
        details: vec![said()],
    }];
    document
}

fn odd_pass(text: &str) -> Test {
    let mut odd = test(4, text, Status::Passed);
    be_odd(&mut odd, text, text);
    odd
}

fn outage(text: &str) -> RunOutage {
    let said = || text.to_owned();
    RunOutage {
        peer: said(),
        cause: said(),
        summary: said(),
        from: said(),
        to: said(),
        refused: Refused { count: 3, of: 3 },
        attempts: 1,
        tests: vec![],
    }
}

/// A recording in which every captured text is `text`.
pub(crate) fn hostile_recording(text: &str) -> Recording {
    let said = || text.to_owned();
    let mut recording = recording();
    recording.test = hostile(text).tests.remove(0);
    be_odd(&mut recording.test, text, text);
    for step in &mut recording.steps {
        step.name = said();
        step.phase = said();
    }
    for log in &mut recording.logs {
        log.severity_text = said();
        log.body = said();
    }
    for call in &mut recording.exchanges {
        call.method = said();
        call.url = said();
        call.phase = said();
        call.error = Some(said());
        call.error_message = Some(said());
        call.mocked = Some(said());
        for message in [Some(&mut call.request), call.response.as_mut()]
            .into_iter()
            .flatten()
        {
            message.body = Some(said());
            for header in &mut message.headers {
                header.name = said();
                header.value = said();
            }
        }
    }
    recording
}
