//! What real exporters sent, as snapshots of what is made of it.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are tests, which clippy cannot tell"
)]

mod show;

use std::path::{Path, PathBuf};

use model::SpanKind;
use otlp::{Decoded, Encoding, Limits, Signal, decode};

fn read(name: &str) -> Decoded {
    let path = fixture(name);
    let bytes = std::fs::read(&path).unwrap();
    let (rest, extension) = name.rsplit_once('.').unwrap();
    let encoding = match extension {
        "json" => Encoding::Json,
        _ => Encoding::Protobuf,
    };
    let signal = match rest.rsplit_once('.').unwrap().1 {
        "logs" => Signal::Logs,
        "metrics" => Signal::Metrics,
        _ => Signal::Traces,
    };
    decode(encoding, signal, &bytes, &Limits::default())
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

#[test]
fn exchanges_of_lumigo_for_javascript() {
    insta::assert_snapshot!(show::exchanges(&read("js-http.traces.json")));
}

#[test]
fn exchanges_of_lumigo_for_javascript_with_stable_conventions() {
    insta::assert_snapshot!(show::exchanges(&read("js-semconv-stable.traces.json")));
}

#[test]
fn exchanges_of_lumigo_for_python() {
    insta::assert_snapshot!(show::exchanges(&read("python-requests.traces.pb")));
}

#[test]
fn exchanges_of_the_vanilla_instrumentation() {
    insta::assert_snapshot!(show::exchanges(&read("node-vanilla.traces.pb")));
}

#[test]
fn exchanges_between_servers_that_are_traced_themselves() {
    insta::assert_snapshot!(show::all(&read("js-servers.traces.json")));
}

#[test]
fn spans_of_a_test_that_never_ended() {
    insta::assert_snapshot!(show::all(&read("js-orphans.traces.json")));
}

#[test]
fn spans_of_servers_databases_and_rpc() {
    insta::assert_snapshot!(show::all(&read("js-instrumentations.traces.json")));
}

#[test]
fn logs_of_lumigo_for_javascript() {
    insta::assert_snapshot!(show::all(&read("js.logs.json")));
}

#[test]
fn logs_of_lumigo_for_python() {
    insta::assert_snapshot!(show::all(&read("python.logs.pb")));
}

#[test]
fn metrics_are_counted() {
    let decoded = read("node-vanilla.metrics.pb");
    assert_eq!(decoded.counts.ignored, 17);
    assert_eq!(decoded.counts.problems, 0);
    let services = decoded.measured.iter();
    let services: Vec<_> = services
        .filter_map(|resource| resource.attributes.str("service.name"))
        .collect();
    assert_eq!(services, ["my-integration-tests"]);
}

/// Whoever sent it, and under whatever names.
#[test]
fn every_call_is_an_exchange() {
    for (name, calls) in [
        ("js-http.traces.json", 34),
        ("js-semconv-stable.traces.json", 34),
        ("python-requests.traces.pb", 23),
        ("node-vanilla.traces.pb", 11),
        ("js-orphans.traces.json", 4),
        ("js-sent-again.traces.json", 1),
    ] {
        let decoded = read(name);
        let clients: Vec<_> = decoded
            .spans
            .iter()
            .filter(|span| span.kind == SpanKind::Client)
            .collect();
        assert_eq!(clients.len(), calls, "{name}");
        for span in clients {
            let exchange = model::Exchange::from_span(span).unwrap();
            let answered = exchange.response.is_some() || exchange.error.is_some();
            assert!(answered, "{name}: {exchange:?}");
            assert!(exchange.url.starts_with("http://"), "{name}: {exchange:?}");
            assert!(!exchange.host.is_empty(), "{name}: {exchange:?}");
            assert!(exchange.port.is_some(), "{name}: {exchange:?}");
        }
    }
}
