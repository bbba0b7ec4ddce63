//! Arbitrary diagnoses.

use model::{
    AttemptId, BaselineBasis, BaselineCall, BaselineExhibit, Candidate, Cause, Confidence, Culprit,
    CulpritExhibit, Diagnosis, Exhibits, Finding, Owner, Role,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::{run_id, span_id, text, time};

pub(crate) fn diagnosis() -> impl Strategy<Value = Diagnosis> {
    let finding = || (text(), of(span_id())).prop_map(|(text, span_id)| Finding { text, span_id });
    let candidate = (select(Cause::ALL), text(), of(span_id()));
    let candidate = candidate.prop_map(|(cause, summary, span_id)| Candidate {
        cause,
        summary,
        span_id,
    });
    let culprit = (
        span_id(),
        text(),
        text(),
        of(any::<u16>()),
        of(text()),
        text(),
    );
    let culprit = culprit.prop_map(|parts| Culprit {
        span_id: parts.0,
        method: parts.1,
        url: parts.2,
        status: parts.3,
        error: parts.4,
        peer: parts.5,
        role: Role::Dependency,
    });
    let head = (
        select(Cause::ALL),
        select(Owner::ALL),
        select(Confidence::ALL),
        any::<bool>(),
        text(),
    );
    let lists = (
        vec(finding(), 0..3),
        vec(finding(), 0..3),
        vec(text(), 0..3),
        vec(text(), 0..3),
    );
    let tail = (
        of(culprit),
        vec(candidate, 0..3),
        text(),
        any::<u32>(),
        of(exhibits()),
    );
    (head, lists, tail).prop_map(|(head, lists, tail)| Diagnosis {
        cause: head.0,
        owner: head.1,
        confidence: head.2,
        not_your_code: head.3,
        summary: head.4,
        findings: lists.0,
        counter: lists.1,
        therefore: lists.2,
        missing: lists.3,
        culprit: tail.0,
        rivals: tail.1,
        fingerprint: tail.2,
        rules_version: tail.3,
        exhibits: tail.4,
    })
}

pub(super) fn basis() -> impl Strategy<Value = BaselineBasis> {
    select(vec![
        BaselineBasis::SameRun,
        BaselineBasis::SameCommit,
        BaselineBasis::BaseBranch,
        BaselineBasis::Newest,
    ])
}

fn exhibits() -> impl Strategy<Value = Exhibits> {
    let culprit = (time(), of(time()), of(text()), of(text()), any::<bool>());
    let culprit = culprit.prop_map(|parts| CulpritExhibit {
        start: parts.0,
        end: parts.1,
        retry_after: parts.2,
        excerpt: parts.3,
        excerpt_cut: parts.4,
    });
    let call = (span_id(), of(any::<u16>()), of(text()), time(), of(time()));
    let call = call.prop_map(|parts| BaselineCall {
        span_id: parts.0,
        status: parts.1,
        error: parts.2,
        start: parts.3,
        end: parts.4,
    });
    let attempt_id = any::<[u8; 16]>().prop_map(AttemptId);
    let baseline = (
        run_id(),
        attempt_id,
        basis(),
        time(),
        of(text()),
        of(text()),
        of(call),
    );
    let baseline = baseline.prop_map(|parts| BaselineExhibit {
        run_id: parts.0,
        attempt_id: parts.1,
        basis: parts.2,
        run_started: parts.3,
        branch: parts.4,
        commit: parts.5,
        call: parts.6,
    });
    (of(culprit), of(baseline)).prop_map(|(culprit, baseline)| Exhibits { culprit, baseline })
}
