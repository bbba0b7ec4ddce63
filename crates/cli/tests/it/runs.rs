//! What is in the store after runs: one, nested, at once, killed.

use model::{Exit, Role, RunState};
use rustix::process::Signal;

use crate::sandbox::{Running, Sandbox, ending, names, spooled_failure};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[test]
fn a_run_is_kept_with_what_is_known_of_it() {
    let sandbox = Sandbox::new();
    sandbox.write("flakescope.toml", "project = \"shop\"\n");
    let script = spooled_failure("pays", TRACE) + "exit 1";
    let status = sandbox
        .flakescope(&[
            "run",
            "--name",
            "nightly",
            "--tag",
            "team=checkout",
            "--",
            "sh",
            "-c",
            &script,
        ])
        .output()
        .unwrap()
        .status;
    assert_eq!(status.code(), Some(1));
    let runs = sandbox.runs();
    let [run] = &*runs else { panic!("{runs:?}") };
    assert_eq!(run.name.as_deref(), Some("nightly"));
    assert_eq!(run.project, "shop");
    assert_eq!(run.tags["team"], "checkout");
    assert_eq!(run.tags["actor"], "ada");
    assert_eq!(
        (run.exit, run.state),
        (Some(Exit::Code(1)), RunState::Sealed)
    );
    assert_eq!(sandbox.attempts(run.id), ["pays failed"]);
    let attempt = TRACE.parse().unwrap();
    assert!(sandbox.store().diagnosis(attempt).unwrap().is_some());
    assert!(names(&sandbox.spools()).is_empty());
}

#[test]
fn a_run_inside_a_run_is_a_run_of_its_own() {
    let sandbox = Sandbox::new();
    let binary = env!("CARGO_BIN_EXE_flakescope");
    std::fs::create_dir_all(sandbox.project().join("inner")).unwrap();
    sandbox.write("inner/flakescope.toml", "project = \"inner\"\n");
    let script = format!("cd inner && {binary} run -- sh -c 'echo $NODE_OPTIONS; exit 6'");
    let output = sandbox.run_script(&script).output().unwrap();
    assert_eq!(ending(&output), "exit 6");
    let options = String::from_utf8(output.stdout).unwrap();
    assert_eq!(options.matches("--require").count(), 1, "{options}");
    let runs = sandbox.runs();
    let [outer, inner] = &*runs else {
        panic!("{runs:?}")
    };
    assert_eq!((outer.parent, inner.parent), (None, Some(outer.id)));
    assert_eq!(inner.project, "inner");
}

#[test]
fn two_runs_at_once_both_end_well() {
    let sandbox = Sandbox::new();
    let wait = |title: &str, trace: &str| {
        let script = spooled_failure(title, trace) + "echo ready; read line";
        let mut running = Running::start(&mut sandbox.run_script(&script));
        assert_eq!(running.line(), "ready");
        running
    };
    let one = wait("one", TRACE);
    let other = wait("other", "0af7651916cd43dd8448eb211c80319c");
    for running in [one, other] {
        assert_eq!(ending(&running.finish()), "exit 1");
    }
    let mut attempts: Vec<String> = sandbox
        .runs()
        .iter()
        .flat_map(|run| sandbox.attempts(run.id))
        .collect();
    attempts.sort();
    assert_eq!(attempts, ["one failed", "other failed"]);
}

#[test]
fn runs_that_make_the_store_at_the_same_moment_share_it() {
    let sandbox = Sandbox::new();
    let start = || {
        let mut command = sandbox.flakescope(&["run", "--quiet", "--", "cat"]);
        Running::start(&mut command)
    };
    let running: Vec<Running> = (0..4).map(|_| start()).collect();
    for output in running.into_iter().map(Running::finish) {
        assert_eq!(ending(&output), "exit 0");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    }
    assert_eq!(sandbox.runs().len(), 4);
}

/// By the next run, and by whoever looks before it.
#[test]
fn what_a_killed_recorder_left_is_taken_in() {
    for next in [&["run", "--", "true"][..], &["list"], &["show", "last"]] {
        let sandbox = Sandbox::new();
        let script = spooled_failure("pays", TRACE) + "echo ready; read line";
        let mut running = Running::start(&mut sandbox.run_script(&script));
        assert_eq!(running.line(), "ready");
        sandbox.wait_for_a_run();
        running.signal(Signal::KILL);
        assert_eq!(ending(&running.finish()), "signal 9");
        assert_eq!(names(&sandbox.spools()).len(), 1);
        let seen = sandbox.seen(&mut sandbox.flakescope(next));
        assert!(names(&sandbox.spools()).is_empty(), "{next:?}");
        if next[0] != "run" {
            assert!(
                seen.contains("interrupted: its recorder was killed"),
                "{seen}"
            );
        }
        let runs = sandbox.runs();
        let recovered = runs
            .iter()
            .find(|run| run.state == RunState::Recovered)
            .unwrap();
        assert_eq!(sandbox.attempts(recovered.id), ["pays failed"]);
        let attempt = TRACE.parse().unwrap();
        assert!(sandbox.store().diagnosis(attempt).unwrap().is_some());
    }
}

/// Whoever ends a run by a signal means it, whatever the command makes of it.
#[test]
fn a_run_that_was_ended_says_so() {
    let check = |script: &str, expected: RunState| {
        let sandbox = Sandbox::new();
        let ended = sandbox.run_script(script).output().unwrap();
        let [run] = &*sandbox.runs() else { panic!() };
        assert_eq!(run.state, expected, "{script}");
        let told = |arguments: &[&str]| sandbox.seen(&mut sandbox.flakescope(arguments));
        for arguments in [&["list"][..], &["show", "last"]] {
            let is_told = told(arguments).contains("interrupted");
            assert_eq!(
                is_told,
                expected == RunState::Interrupted,
                "{script} {ended:?}"
            );
        }
        let json = told(&["show", "last", "--json"]);
        assert!(
            json.contains(&format!("\"state\": \"{}\"", expected.as_str())),
            "{json}"
        );
    };
    // By the signal; by a code of the command's own; and not at all, because it had done its work.
    check("kill -TERM $$", RunState::Interrupted);
    let trapped = |code: u8| {
        format!(
            "trap 'done=1' TERM; kill -TERM $PPID; while [ -z \"$done\" ]; do :; done; exit {code}"
        )
    };
    check(&trapped(3), RunState::Interrupted);
    check(&trapped(0), RunState::Sealed);
    check("exit 3", RunState::Sealed);
}

#[test]
fn the_json_report_is_written_whole_and_where_it_is_wanted() {
    let sandbox = Sandbox::new();
    let script = spooled_failure("pays", TRACE) + "exit 1";
    let output = sandbox
        .flakescope(&[
            "run",
            "--no-report",
            "--report-json",
            "report.json",
            "--",
            "sh",
            "-c",
            &script,
        ])
        .output()
        .unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(1), Vec::new()));
    let text = std::fs::read(sandbox.project().join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(report["run"]["exit_code"], 1);
    assert_eq!(report["tests"][0]["name"], "pays");
    let piped = sandbox
        .flakescope(&[
            "run",
            "--no-report",
            "--report-json",
            "/dev/stdout",
            "--",
            "true",
        ])
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&piped.stdout).unwrap();
    assert_eq!(report["run"]["exit_code"], 0);
}

#[test]
fn secrets_of_the_command_line_are_not_kept() {
    let sandbox = Sandbox::new();
    sandbox
        .run_script(": --password hunter2hunter2")
        .env("DEPLOY_TOKEN", "c0ffee-c0ffee-c0ffee")
        .args(["c0ffee-c0ffee-c0ffee"])
        .output()
        .unwrap();
    let words = sandbox.runs()[0].command.join(" ");
    assert!(!words.contains("c0ffee-c0ffee-c0ffee"), "{words}");
}

#[test]
fn what_was_recorded_can_be_listed_and_shown() {
    let sandbox = Sandbox::new();
    let script = spooled_failure("pays", TRACE) + "exit 1";
    sandbox.run_script(&script).output().unwrap();
    let run = sandbox.runs()[0].id.to_string();
    let json = |arguments: &[&str]| {
        let output = sandbox
            .flakescope(arguments)
            .arg("--json")
            .output()
            .unwrap();
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            (ending(&output), output.stderr),
            ("exit 0".into(), Vec::new())
        );
        value
    };
    assert_eq!(json(&["show", "last"])["run"]["id"], *run);
    assert_eq!(json(&["show", &run[..8]])["run"]["id"], *run);
    assert_eq!(json(&["show", &run.to_uppercase()])["run"]["id"], *run);
    assert!(json(&["show", &TRACE[..6]]).to_string().contains(TRACE));
    assert!(json(&["list"]).to_string().contains(&run));
    assert!(json(&["list", "tests"]).to_string().contains("pays"));
    for arguments in [
        &["list"][..],
        &["list", "tests"],
        &["show", "last"],
        &["show", TRACE],
    ] {
        let output = sandbox.flakescope(arguments).output().unwrap();
        assert_eq!(ending(&output), "exit 0", "{arguments:?}");
        assert!(!output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_list_that_nobody_reads_to_its_end_is_no_error() {
    let sandbox = Sandbox::new();
    sandbox.run_script("true").output().unwrap();
    let binary = env!("CARGO_BIN_EXE_flakescope");
    let script = format!("{{ {binary} list; echo $? >&2; }} | true");
    let output = sandbox
        .program("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "0\n");
}

#[test]
fn a_quiet_run_speaks_up_when_something_failed() {
    let sandbox = Sandbox::new();
    let failing = spooled_failure("pays", TRACE);
    let stderr = |flag: &str, script: &str| {
        let mut command = sandbox.flakescope(&["run", flag, "--", "sh", "-c", script]);
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    assert_eq!(stderr("--quiet", "true"), "");
    assert!(stderr("--quiet", &failing).contains("pays"));
    assert_eq!(stderr("--no-report", &failing), "");
}

#[test]
fn a_run_in_ci_carries_the_facts_of_the_pull_request() {
    let sandbox = Sandbox::new();
    let git = |arguments: &[&str]| {
        let mut command = sandbox.program("git");
        command.args(["-c", "user.name=Ada", "-c", "user.email=ada@acme.example"]);
        assert!(
            command.args(arguments).output().unwrap().status.success(),
            "{arguments:?}"
        );
    };
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["commit", "--quiet", "--allow-empty", "--message", "first"]);
    git(&[
        "remote",
        "add",
        "origin",
        "https://robot:s3cret@github.com/acme/shop.git",
    ]);
    sandbox.run_script("true").output().unwrap();
    sandbox.write(
        "event.json",
        r#"{"pull_request": {"number": 17, "title": "Pay", "head": {"sha": "0123456789012345678901234567890123456789"}}}"#,
    );
    sandbox
        .run_script("true")
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_ACTOR", "grace")
        .env("GITHUB_SHA", "feedfacefeedfacefeedfacefeedfacefeedface")
        .env("GITHUB_EVENT_PATH", sandbox.project().join("event.json"))
        .output()
        .unwrap();
    let runs = sandbox.runs();
    let [desk, ci] = &*runs else {
        panic!("{runs:?}")
    };
    assert_eq!(
        (&*desk.project, &*ci.project),
        ("github.com/acme/shop", "github.com/acme/shop")
    );
    assert_eq!(
        desk.tags["vcs.repository.url.full"],
        "https://github.com/acme/shop"
    );
    assert_eq!(desk.tags["vcs.ref.head.name"], "main");
    assert_eq!(desk.tags["vcs.ref.head.revision"].len(), 40);
    assert_eq!(desk.tags["actor"], "ada");
    assert_eq!(
        ci.tags["vcs.ref.head.revision"],
        "0123456789012345678901234567890123456789"
    );
    assert_eq!(ci.tags["vcs.change.id"], "17");
    assert_eq!(ci.tags["vcs.change.title"], "Pay");
    assert_eq!(ci.tags["actor"], "grace");
}

/// Whoever pressed Ctrl-C knows why the test did not end. A CI system that ends what hangs does not say.
#[test]
fn what_was_interrupted_is_not_explained() {
    for (signal, explained) in [("INT", false), ("TERM", true)] {
        let sandbox = Sandbox::new();
        let started = spooled_failure("hangs", TRACE)
            .replace(r#""end":"1795000000100000000","#, "")
            .replace(r#","test.case.result.status":"fail""#, "");
        let script = format!("{started}kill -{signal} $$");
        sandbox.run_script(&script).output().unwrap();
        let attempt = TRACE.parse().unwrap();
        let diagnosis = sandbox.store().diagnosis(attempt).unwrap();
        assert_eq!(diagnosis.is_some(), explained, "{signal}");
    }
}

/// A service that the command starts has another port in each run; its script is always the same.
#[test]
fn a_peer_can_be_declared_by_the_process_that_listens() {
    const SERVICE: &str = r#"
{"t":"head","v":1,"agent":"node","agent_version":"0.1.0","pid":2,"ppid":1,"tid":0,"instance":"0000000b","seq":0,"wall":"1795000000000000000","mono":"0","argv":["node","/p/services/stock/server.js"],"cwd":"/p","attrs":{}}
{"t":"listen","host":"127.0.0.1","port":43121,"time":"1795000000000000000","open":true}"#;
    const CALL: &str = r#"{"t":"span","trace":"TRACE","id":"00f067aa0ba902b8","parent":"00f067aa0ba902b7","name":"GET","kind":3,"start":"1795000000010000000","end":"1795000000020000000","mono":"0","attrs":{"http.request.method":"GET","url.full":"http://127.0.0.1:43121/stock","server.address":"127.0.0.1","server.port":43121,"http.response.status_code":503,"flakescope.phase":"body"},"status":{"code":2}}"#;
    let check = |process: &str, expected: (&str, Role)| {
        let sandbox = Sandbox::new();
        let peer = format!(
            "[[peer]]\nname = \"stock\"\nprocess = \"{process}\"\nrole = \"infrastructure\"\n"
        );
        sandbox.write("flakescope.toml", &peer);
        let script = format!(
            "{}cat >> \"$FLAKESCOPE_SPOOL/$$-9f2c01aa-0.seg\" <<END\n{}\nEND\n\
             cat > \"$FLAKESCOPE_SPOOL/2-0000000b-0.seg\" <<END\n{}\nEND\nexit 1",
            spooled_failure("reserves", TRACE),
            CALL.replace("TRACE", TRACE),
            SERVICE.trim_start(),
        );
        sandbox.run_script(&script).output().unwrap();
        let stored = sandbox.store().diagnosis(TRACE.parse().unwrap()).unwrap();
        let culprit = stored.unwrap().diagnosis.culprit.unwrap();
        assert_eq!((&*culprit.peer, culprit.role), expected, "{process}");
    };
    check("stock/server.js", ("stock", Role::Infrastructure));
    check("server.js", ("stock", Role::Infrastructure));
    check("other/server.js", ("server.js", Role::Product));
}
