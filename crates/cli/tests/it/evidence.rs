//! Evidence as a file, and passing recordings from elsewhere: with the real binary, on one store and without it.

use insta::assert_snapshot;
use serde_json::Value;

use crate::sandbox::Sandbox;

const FAILED: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PASSED: &str = "5bf92f3577b34da6a3ce929d0e0e4736";

/// A shell script that does what an agent does: it records a test that charges a card.
fn spooled(trace: &str, status: u16) -> String {
    let (result, events) = match status {
        200 => ("pass", String::new()),
        _ => (
            "fail",
            format!(
                r#"{{"name":"exception","time":"1795000000050000000","attrs":{{"exception.type":"Error","exception.message":"answered {status}"}}}}"#
            ),
        ),
    };
    let head = r#"{"t":"head","v":1,"agent":"node","agent_version":"0.1.0","pid":PID,"ppid":1,"tid":0,"instance":"9f2c01aa","seq":0,"wall":"1795000000000000000","mono":"0","argv":["sh"],"cwd":"/","attrs":{}}"#;
    let test = format!(
        r#"{{"t":"span","trace":"{trace}","id":"00f067aa0ba902b7","name":"pays","kind":1,"start":"1795000000000000000","end":"1795000000100000000","mono":"0","attrs":{{"flakescope.span.type":"attempt","flakescope.test.name":"pays","flakescope.test.suite":[],"flakescope.test.ordinal":1,"flakescope.attempt.number":1,"test.case.name":"pays","test.case.result.status":"{result}"}},"events":[{events}]}}"#
    );
    let call = format!(
        r#"{{"t":"span","trace":"{trace}","id":"00f067aa0ba902b8","parent":"00f067aa0ba902b7","name":"POST","kind":3,"start":"1795000000010000000","end":"1795000000040000000","mono":"0","attrs":{{"http.request.method":"POST","url.full":"https://api.example.org/charges","server.address":"api.example.org","server.port":443,"http.response.status_code":{status},"flakescope.http.response.complete":true,"flakescope.phase":"body","flakescope.client":"node:http","flakescope.attribution":"context"}}}}"#
    );
    format!(
        "cat > \"$FLAKESCOPE_SPOOL/$$-9f2c01aa-0.seg\" <<END\n{}\n{test}\n{call}\nEND\n",
        head.replace("PID", "$$")
    )
}

fn record(sandbox: &Sandbox, options: &[&str], trace: &str, status: u16) -> String {
    let exit = i32::from(status != 200);
    let script = format!("{}exit {exit}", spooled(trace, status));
    let mut arguments = vec!["run"];
    arguments.extend_from_slice(options);
    arguments.extend_from_slice(&["--", "sh", "-c", &script]);
    let seen = sandbox.seen(&mut sandbox.flakescope(&arguments));
    assert!(seen.starts_with(&format!("exit {exit}\n")), "{seen}");
    seen
}

fn diagnosis(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let output = sandbox.flakescope(arguments).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    document["test"]["attempts"][0]["diagnosis"].clone()
}

#[test]
fn a_diagnosis_is_the_same_elsewhere() {
    let here = Sandbox::new();
    record(&here, &["--quiet"], PASSED, 200);
    record(&here, &["--quiet"], FAILED, 503);
    let expected = diagnosis(&here, &["show", FAILED, "--json"]);
    assert_eq!(expected["cause"], "dependency-error");
    assert_eq!(expected["baseline"]["attempt"], PASSED);
    let seen = |arguments: &[&str]| here.seen(&mut here.flakescope(arguments));
    assert_snapshot!("export_evidence", seen(&["export", FAILED, "--evidence"]));
    let written = here.project().join("4bf92f35.evidence.flakescope");
    let text = ["export", FAILED, "--evidence", "-o", "e.jsonl"];
    assert!(seen(&text).starts_with("exit 0\n"));
    assert!(
        std::fs::read(here.project().join("e.jsonl"))
            .unwrap()
            .starts_with(br#"{"format":"flakescope","#)
    );

    let elsewhere = Sandbox::new();
    for file in [written, here.project().join("e.jsonl")] {
        let file = file.to_str().unwrap();
        let show = ["show", "--evidence", file, "--json"];
        assert_eq!(diagnosis(&elsewhere, &show), expected);
    }
    let told = |sandbox: &Sandbox, arguments: &[&str]| {
        let output = sandbox.flakescope(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let file = here.project().join("e.jsonl");
    assert_eq!(
        told(&elsewhere, &["show", "--evidence", file.to_str().unwrap()]),
        told(&here, &["show", FAILED])
    );
}

#[test]
fn passing_recordings_come_from_elsewhere() {
    let (main, here) = (Sandbox::new(), Sandbox::new());
    record(&main, &["--quiet"], PASSED, 200);
    record(&here, &["--quiet"], FAILED, 503);
    let alone = diagnosis(&here, &["show", FAILED, "--json"]);
    assert_eq!(alone["baseline"], Value::Null);
    let folder = main.project();
    let folder = folder.to_str().unwrap();
    let baseline = ["show", FAILED, "--json", "--baseline", folder];
    let compared = diagnosis(&here, &baseline);
    assert_eq!(compared["baseline"]["attempt"], PASSED);
    // Showing keeps nothing.
    assert_eq!(diagnosis(&here, &["show", FAILED, "--json"]), alone);

    // The same from a file, and when the tests run.
    let both = Sandbox::new();
    record(&both, &["--quiet"], PASSED, 200);
    record(&both, &["--quiet"], FAILED, 503);
    let file = here.project().join("e.flakescope");
    let file = file.to_str().unwrap();
    let export = ["export", FAILED, "--evidence", "-o", file];
    assert!(both.flakescope(&export).status().unwrap().success());
    let compared = diagnosis(&here, &["show", FAILED, "--json", "--baseline", file]);
    assert_eq!(compared["baseline"]["attempt"], PASSED);
    let fresh = Sandbox::new();
    record(&fresh, &["--quiet", "--baseline", file], FAILED, 503);
    let kept = diagnosis(&fresh, &["show", FAILED, "--json"]);
    assert_eq!(kept["baseline"]["attempt"], PASSED);
}

#[test]
fn what_is_no_evidence_is_told() {
    let sandbox = Sandbox::new();
    let told = record(&sandbox, &["--baseline", "no/such"], FAILED, 503);
    assert!(
        told.contains("lost: failures are compared with less"),
        "{told}"
    );
    let seen = |arguments: &[&str]| sandbox.seen(&mut sandbox.flakescope(arguments));
    sandbox.write("notes.txt", "no archive\n");
    assert_snapshot!(
        "show_evidence_missing",
        seen(&["show", "--evidence", "no/such"])
    );
    assert_snapshot!(
        "show_evidence_other",
        seen(&["show", "--evidence", "notes.txt"])
    );
    assert_snapshot!(
        "show_baseline_other",
        seen(&["show", "last", "--baseline", "notes.txt"])
    );
    assert_snapshot!(
        "show_evidence_and_id",
        seen(&["show", "last", "--evidence", "notes.txt"])
    );
    let refused = seen(&["export", "last", "--evidence"]);
    assert!(
        refused.contains("is a run, and evidence is of one attempt"),
        "{refused}"
    );
    assert_snapshot!("export_no_output", seen(&["export", FAILED]));
}
