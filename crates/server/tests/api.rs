//! The API as a client sees it: every path of its description, what is refused, and the description itself.

#[path = "support/sample.rs"]
mod sample;

use std::path::Path;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::Value;
use server::api::{Access, Api, PREFIX, openapi, router};
use tower::ServiceExt as _;

const OPENAPI: &str = "../../protocol/openapi.json";

struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    /// The body; null when it is not JSON.
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

async fn ask(access: Access, path: &str, headers: &[(&str, &str)]) -> anyhow::Result<Answer> {
    let api = Api {
        store: sample::sample_store()?,
        folder: "/project/.flakescope".into(),
        access,
        version: "0.0.0",
    };
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty())?;
    let answer = router(api).oneshot(request).await?;
    let (parts, body) = answer.into_parts();
    Ok(Answer {
        status: parts.status,
        headers: parts.headers,
        body: to_bytes(body, usize::MAX).await?.to_vec(),
    })
}

async fn get(path: &str) -> anyhow::Result<Answer> {
    ask(Access::Loopback, path, &[("host", "localhost:1")]).await
}

/// The id of the sample's test that failed.
fn failing_test() -> String {
    let test = model::Test {
        project: "shop".into(),
        file: "test/shop.spec.js".into(),
        suite: vec!["shop".into()],
        name: "fails".into(),
        ordinal: 1,
        ..model::Test::default()
    };
    test.id().to_string()
}

/// A path of the description with ids of the sample.
fn filled(path: &str) -> String {
    let path = path
        .replace("{test}", &failing_test())
        .replace("{run}", &"8f".repeat(16))
        .replace("{attempt}", &"02".repeat(16))
        .replace("{span}", &"02".repeat(8))
        .replace("{format}", "har")
        .replace("{prefix}", &"8f".repeat(4));
    format!("{PREFIX}{path}")
}

#[tokio::test]
async fn every_path_answers_as_described() {
    let document = openapi::document();
    for operation in openapi::OPERATIONS {
        let answer = get(&filled(operation.path)).await.unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{}", operation.path);
        let described = &document["paths"][format!("{PREFIX}{}", operation.path)]["get"];
        let content = &described["responses"]["200"]["content"];
        let kind = answer.headers["content-type"].to_str().unwrap();
        assert!(content[kind].is_object(), "{}: {kind}", operation.path);
        if kind != "application/json" {
            continue;
        }
        let mut schema = content[kind]["schema"].clone();
        schema["components"] = document["components"].clone();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let problems: Vec<String> = validator
            .iter_errors(&answer.json())
            .map(|problem| format!("{}: {problem}", problem.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{}: {problems:?}", operation.path);
    }
}

#[tokio::test]
async fn answers_are_as_they_were() {
    for path in [
        "/runs",
        "/attempts/{attempt}",
        "/attempts/{attempt}/exchanges",
        "/attempts/{attempt}/graph",
        "/attempts/{attempt}/logs",
        "/attempts/{attempt}/spans/{span}",
        "/find/{prefix}",
        "/tests/{test}",
        "/dependencies",
        "/incidents",
    ] {
        let answer = get(&filled(path)).await.unwrap();
        let name = path.replace(['/', '{', '}'], "_");
        insta::assert_json_snapshot!(name, answer.json());
    }
}

/// Also where runs began at the same instant.
#[tokio::test]
async fn runs_are_told_page_by_page() {
    let all = get("/api/v1/runs").await.unwrap().json();
    let started = |at: &Value| at["started"].as_str().unwrap().to_owned();
    let all: Vec<String> = all["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(started)
        .collect();
    assert!(all.len() > 1);
    let (mut told, mut before) = (Vec::new(), String::new());
    loop {
        let page = get(&format!("/api/v1/runs?limit=1{before}")).await.unwrap();
        let page = page.json();
        told.extend(page["runs"].as_array().unwrap().iter().map(started));
        assert_eq!(page["more"].as_bool().unwrap(), page["next"].is_string());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        before = format!("&before={next}");
    }
    assert_eq!(told, all);
    let earlier = get(&format!("/api/v1/runs?before={}", all[0]))
        .await
        .unwrap();
    let earlier: Vec<String> = earlier.json()["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(started)
        .collect();
    assert_eq!(earlier, all[1..]);
}

#[tokio::test]
async fn exports_are_saved_as_files() {
    for format in ["otlp.json", "har"] {
        let path = filled("/attempts/{attempt}/export/") + format;
        let answer = get(&path).await.unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{format}");
        let file = answer.headers["content-disposition"].to_str().unwrap();
        let expected = format!("attachment; filename=\"flakescope-020202020202.{format}\"");
        assert_eq!(file, expected);
    }
}

#[test]
fn the_description_in_the_protocol_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(OPENAPI);
    let current = format!("{:#}\n", openapi::document());
    if std::env::var_os("UPDATE_PROTOCOL").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == current,
        "protocol/openapi.json is stale; UPDATE_PROTOCOL=1 rewrites it"
    );
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let check = async |path: &str, status: u16, code: &str| {
        let answer = get(&format!("{PREFIX}{path}")).await.unwrap();
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert_eq!(answer.json()["error"]["code"], code, "{path}");
    };
    check("/runs/xyz", 400, "not-an-id").await;
    check("/runs/8f", 400, "not-an-id").await;
    check("/runs/abcdef", 404, "unknown").await;
    check("/runs/020202", 404, "unknown").await;
    check("/attempts/8f8f8f", 404, "unknown").await;
    check("/attempts/020202/spans/ff", 400, "not-an-id").await;
    check("/attempts/020202/spans/ffffffffffffffff", 404, "unknown").await;
    check("/runs?before=yesterday", 400, "not-an-instant").await;
    check("/attempts/020202/export/zip", 404, "unknown").await;
    check("/attempts/8f8f8f/export/har", 404, "unknown").await;
    check("/nothing", 404, "unknown").await;
}

#[tokio::test]
async fn only_those_who_may_are_answered() {
    let token = || Access::Token("secret".to_owned());
    let check = async |access: Access, path: &str, headers: &[(&str, &str)], expected: u16| {
        let answer = ask(access, path, headers).await.unwrap();
        assert_eq!(answer.status.as_u16(), expected, "{path} {headers:?}");
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"));
        assert!(!policy.contains("unsafe"));
    };
    let api = "/api/v1/health";
    check(Access::Loopback, api, &[("host", "localhost:4318")], 200).await;
    check(
        Access::Loopback,
        api,
        &[("host", "rebound.example:4318")],
        403,
    )
    .await;
    check(Access::Loopback, api, &[], 403).await;
    check(Access::Loopback, "/", &[("host", "rebound.example")], 403).await;
    let same = [("host", "localhost:1"), ("origin", "http://localhost:1")];
    check(Access::Loopback, api, &same, 200).await;
    let other = [("host", "localhost:1"), ("origin", "http://localhost:2")];
    check(Access::Loopback, api, &other, 403).await;
    let null = [("host", "localhost:1"), ("origin", "null")];
    check(Access::Loopback, api, &null, 403).await;
    check(token(), api, &[("host", "ci.example")], 401).await;
    check(token(), api, &[("authorization", "Bearer secret")], 200).await;
    check(token(), api, &[("authorization", "Bearer other")], 401).await;
    check(
        token(),
        api,
        &[("cookie", "a=b; flakescope_token=secret")],
        200,
    )
    .await;
    check(token(), "/runs?token=secret", &[], 303).await;
    check(token(), "/runs?token=wrong", &[], 401).await;
}

#[tokio::test]
async fn what_a_client_has_is_not_sent_again() {
    let path = filled("/attempts/{attempt}/timeline");
    let first = get(&path).await.unwrap();
    let tag = first.headers["etag"].to_str().unwrap();
    let headers = [("host", "localhost"), ("if-none-match", tag)];
    let again = ask(Access::Loopback, &path, &headers).await.unwrap();
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.body.is_empty());
}
