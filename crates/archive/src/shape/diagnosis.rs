//! The mirrors of a diagnosis and of what it is made of.

use model::{
    AttemptId, BaselineBasis, BaselineCall, BaselineExhibit, Candidate, Cause, Confidence, Culprit,
    CulpritExhibit, Diagnosis, Exhibits, Finding, Owner, Role, RunId, SpanId, Timestamp,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::scalar::{Shape, list, one, option};

shapes! {
    DiagnosisShape for Diagnosis;
    CandidateShape for Candidate;
    FindingShape for Finding;
    CulpritShape for Culprit;
    ExhibitsShape for Exhibits;
    CulpritExhibitShape for CulpritExhibit;
    BaselineExhibitShape for BaselineExhibit;
    BaselineCallShape for BaselineCall;
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Diagnosis")]
struct DiagnosisShape {
    #[serde(with = "one")]
    cause: Cause,
    #[serde(with = "one")]
    owner: Owner,
    #[serde(with = "one")]
    confidence: Confidence,
    #[serde(default)]
    not_your_code: bool,
    summary: String,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    culprit: Option<Culprit>,
    #[serde(with = "list", default, skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Finding>,
    #[serde(with = "list", default, skip_serializing_if = "Vec::is_empty")]
    counter: Vec<Finding>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    therefore: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    missing: Vec<String>,
    #[serde(with = "list", default, skip_serializing_if = "Vec::is_empty")]
    rivals: Vec<Candidate>,
    #[serde(default)]
    fingerprint: String,
    rules_version: u32,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    exhibits: Option<Exhibits>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Candidate")]
struct CandidateShape {
    #[serde(with = "one")]
    cause: Cause,
    summary: String,
    #[serde(
        rename = "span",
        with = "option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    span_id: Option<SpanId>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Finding")]
struct FindingShape {
    text: String,
    #[serde(
        rename = "span",
        with = "option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    span_id: Option<SpanId>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Culprit")]
struct CulpritShape {
    #[serde(rename = "span", with = "one")]
    span_id: SpanId,
    method: String,
    url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    peer: String,
    #[serde(with = "one")]
    role: Role,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Exhibits")]
struct ExhibitsShape {
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    culprit: Option<CulpritExhibit>,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    baseline: Option<BaselineExhibit>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "CulpritExhibit")]
struct CulpritExhibitShape {
    #[serde(with = "one")]
    start: Timestamp,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    end: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    excerpt: Option<String>,
    #[serde(default)]
    excerpt_cut: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "BaselineExhibit")]
struct BaselineExhibitShape {
    #[serde(rename = "run", with = "one")]
    run_id: RunId,
    #[serde(rename = "attempt", with = "one")]
    attempt_id: AttemptId,
    #[serde(with = "one")]
    basis: BaselineBasis,
    #[serde(with = "one")]
    run_started: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    branch: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    call: Option<BaselineCall>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "BaselineCall")]
struct BaselineCallShape {
    #[serde(rename = "span", with = "one")]
    span_id: SpanId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(with = "one")]
    start: Timestamp,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    end: Option<Timestamp>,
}
