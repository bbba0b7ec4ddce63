//! Spool in, store out: real segments, written by the Node agent, through a session into a real store.

mod door;
mod support;

use std::sync::Arc;

use model::{Exit, GapKind, RunId, RunState};
use recorder::{MaskRules, Masker, Recovered, Recovery, Spool, SpoolOptions, recover};
use support::{RUN, Recording, Run, segments};

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

#[test]
fn a_service_of_the_run_is_known_by_its_listener() {
    insta::assert_snapshot!(Recording::of("service").describe());
}

#[test]
fn lines_that_cannot_be_read_are_counted_one_by_one() {
    let run = Run::start();
    let good = segments("console").into_values().next().unwrap();
    let middle = good.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let bad: &[&[u8]] = &[
        b"not json\n",
        b"{\"t\":\"span\",\"trace\":\"zz\"}\n",
        b"{\"t\":\"span\",\"trace\":\"aa000000000000000000000000000001\",\"id\":\"bb00000000000001\",\"name\":5,\"start\":\"1\",\"attrs\":{\"a\":{\"$bytes\":\"%\"},\"b\":1},\"events\":[5]}\n",
        b"[]\n\xff\xfe\n",
        b"{\"t\":\"new\"}\n",
    ];
    run.write("99000001-7c316910-0.seg", &good[..middle]);
    run.write("99000001-7c316910-0.seg", &bad.concat());
    run.write("99000001-7c316910-0.seg", &good[middle..]);
    insta::assert_snapshot!(run.finish().describe());
}

#[test]
fn a_body_that_is_not_in_its_coding_is_told_once_and_at_its_span() {
    let told = |end: &str| {
        format!(
            r#"{{"t":"span","trace":"aa000000000000000000000000000001","id":"bb00000000000001","name":"GET","kind":3,"start":"1"{end},"attrs":{{"http.request.method":"GET","url.full":"http://h/","flakescope.client":"node:http","http.response.status_code":200,"http.response.header.content-encoding":["gzip"],"http.response.body.content":{{"$bytes":"eyJhIjoxfQ=="}}}}}}"#
        )
    };
    let head = r#"{"t":"head","v":1,"agent":"node","pid":99000001,"instance":"80d57c93"}"#;
    let lines = [head.to_owned(), told(""), told(r#","end":"2""#)];
    let run = Run::start();
    run.write(
        "99000001-80d57c93-0.seg",
        (lines.join("\n") + "\n").as_bytes(),
    );
    let gaps = run.finish().summary.gaps;
    let undecodable: Vec<_> = gaps
        .iter()
        .filter(|gap| gap.kind == GapKind::BodyUndecodable)
        .map(|gap| (gap.span_id.is_some(), gap.count, gap.detail.as_deref()))
        .collect();
    assert_eq!(undecodable, [(true, 1, Some("response"))]);
}

#[test]
fn a_torn_last_line_is_counted() {
    let run = Run::start();
    for (segment, text) in segments("killed") {
        run.write(&segment, &text[..text.len() - 20]);
    }
    let recording = run.finish();
    let kinds: Vec<_> = recording.summary.gaps.iter().map(|gap| gap.kind).collect();
    assert!(
        kinds.contains(&GapKind::RecordTorn) && kinds.contains(&GapKind::ProcessKilled),
        "{kinds:?}"
    );
}

#[test]
fn closed_segments_are_deleted_and_open_ones_stay() {
    let run = Run::start();
    let alive = format!("{}-0a0a0a0a-0.seg", std::process::id());
    let (closed, text) = segments("parallel").into_iter().nth(1).unwrap();
    run.write(&alive, b"{\"t\":\"head\",\"v\":1,\"pid\":1}\n");
    run.write(&closed, &text);
    while run.dir.join(&closed).exists() {
        std::thread::yield_now();
    }
    assert!(run.dir.join(&alive).exists());
    let recording = run.finish();
    assert_eq!((recording.summary.attempts, recording.left), (3, 0));
    let killed = recording
        .summary
        .gaps
        .iter()
        .any(|gap| gap.kind == GapKind::ProcessKilled);
    assert!(!killed, "a process that outlives the run was not killed");
}

#[test]
fn a_spool_removed_in_mid_run_costs_only_what_comes_after() {
    let run = Run::start();
    let mut segments = segments("parallel").into_iter();
    let (_, (second, text)) = (segments.next(), segments.next().unwrap());
    let half = text.len() / 2;
    run.write(&second, &text[..half]);
    run.wait_for_spans(1);
    std::fs::remove_dir_all(&run.dir).unwrap();
    let recording = run.finish();
    let gone: Vec<_> = recording
        .summary
        .gaps
        .iter()
        .filter(|gap| gap.kind == GapKind::SpoolGone)
        .collect();
    assert_eq!(gone.len(), 1);
    assert!(recording.summary.spans > 0 && !recording.summary.problems.is_empty());
    assert_eq!(recording.summary.run.state, RunState::Sealed);
}

#[test]
fn masking_can_be_switched_off() {
    let rules = MaskRules {
        enabled: false,
        ..MaskRules::default()
    };
    let run = Run::start_with(store::open_in_memory().unwrap(), &rules);
    for (segment, text) in segments("service") {
        run.write(&segment, &text);
    }
    assert!(run.finish().describe().contains("s3cr3tpassw0rd"));
}

#[test]
fn an_orphan_is_recovered_and_others_are_left_alone() {
    let store = store::open_in_memory().unwrap();
    let base = tempfile::tempdir().unwrap();
    let options = support::spool_options(base.path());
    let orphan = Spool::create(RUN, &options, &support::key()).unwrap();
    for (segment, text) in segments("killed") {
        std::fs::write(orphan.dir().join(segment), text).unwrap();
    }
    let living = Spool::create(RunId([8; 16]), &options, &support::key()).unwrap();
    let elsewhere = SpoolOptions {
        store_dir: "/elsewhere".into(),
        ..options.clone()
    };
    let foreign = Spool::create(RunId([9; 16]), &elsewhere, &support::key()).unwrap();
    let (dir, foreign_dir) = (orphan.dir().to_owned(), foreign.dir().to_owned());
    drop((orphan, foreign));

    let masker = Arc::new(Masker::new(&MaskRules::default(), support::key()).unwrap());
    let bases = [base.path().to_owned(), base.path().join("missing")];
    let recovery = Recovery {
        store: &store,
        store_dir: &options.store_dir,
        spool_bases: &bases,
        masker: &masker,
        project: "shop",
        clock: || support::NOW,
    };
    assert_eq!(
        recover(&recovery),
        [Recovered {
            run_id: RUN,
            attempts: 2
        }]
    );
    assert_eq!(store.run(RUN).unwrap().unwrap().state, RunState::Recovered);
    assert!(!dir.exists() && living.dir().exists() && foreign_dir.exists());
    assert_eq!(recover(&recovery), []);
}

#[test]
fn a_spool_can_be_opened_only_by_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let base = tempfile::tempdir().unwrap();
    let spool = Spool::create(RUN, &support::spool_options(base.path()), &support::key()).unwrap();
    let mode = |name: &str| {
        std::fs::metadata(spool.dir().join(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(
        [mode(""), mode("key"), mode("run.json"), mode("lock")],
        [0o700, 0o600, 0o600, 0o600]
    );
    let run: serde_json::Value =
        serde_json::from_slice(&std::fs::read(spool.dir().join("run.json")).unwrap()).unwrap();
    let expected = [
        "capture",
        "declared_hosts",
        "key_id",
        "project_root",
        "protocol",
        "run_id",
        "segment_bytes",
        "spool_cap_bytes",
        "store",
    ];
    assert_eq!(
        run.as_object().unwrap().keys().collect::<Vec<_>>(),
        expected
    );
    assert!(Spool::create(RUN, &support::spool_options(base.path()), &support::key()).is_err());
}

#[test]
fn a_run_that_was_asked_to_end_is_an_interrupted_one() {
    let check = |exit: Exit, asked: bool, expected: RunState| {
        let Run { session, .. } = Run::start();
        let summary = if asked {
            session.finish_interrupted(Some(exit))
        } else {
            session.finish(Some(exit))
        };
        assert_eq!(
            (summary.run.state, summary.run.exit),
            (expected, Some(exit)),
            "{exit:?}"
        );
    };
    check(Exit::Signal(2), false, RunState::Interrupted);
    check(Exit::Code(143), false, RunState::Interrupted);
    check(Exit::Code(1), true, RunState::Interrupted);
    check(Exit::Code(1), false, RunState::Sealed);
    check(Exit::Signal(9), false, RunState::Sealed);
}

#[test]
fn a_run_whose_recorder_and_spool_are_gone_does_not_go_on_for_ever() {
    let base = tempfile::tempdir().unwrap();
    let options = support::spool_options(base.path());
    std::fs::create_dir(&options.store_dir).unwrap();
    let store = store::open_in_memory().unwrap();
    let masker = Arc::new(Masker::new(&MaskRules::default(), support::key()).unwrap());
    let recovery = Recovery {
        store: &store,
        store_dir: &options.store_dir,
        spool_bases: &[base.path().to_owned()],
        masker: &masker,
        project: "shop",
        clock: || support::NOW,
    };
    let spool = Spool::create(RUN, &options, &support::key()).unwrap();
    store.put_run(&support::run()).unwrap();
    std::fs::remove_dir_all(spool.dir()).unwrap();
    assert_eq!(recover(&recovery), [], "its recorder lives");
    drop(spool);
    let lost = Recovered {
        run_id: RUN,
        attempts: 0,
    };
    assert_eq!(recover(&recovery), [lost]);
    let run = store.run(RUN).unwrap().unwrap();
    assert_eq!((run.state, run.ended), (RunState::Recovered, None));
    let gaps = store.gaps(RUN).unwrap();
    assert_eq!(
        gaps.iter().map(|gap| gap.kind).collect::<Vec<_>>(),
        [GapKind::SpoolGone]
    );
    assert_eq!(recover(&recovery), []);
    let locks = std::fs::read_dir(options.store_dir.join("recording")).unwrap();
    assert_eq!(locks.count(), 0);
}

/// Two processes: one prints a password before the other sends it, and it comes up in every place afterwards.
#[test]
fn a_secret_that_a_call_shows_is_masked_in_what_was_said_before_and_after() {
    const TRACE: &str = "aa000000000000000000000000000001";
    let span = |id: u32, rest: &str| {
        format!(
            r#"{{"t":"span","trace":"{TRACE}","id":"bb0000000000000{id}","parent":"bb00000000000001",{rest}}}"#
        )
    };
    let root =
        format!(r#""trace":"{TRACE}","id":"bb00000000000001","name":"signs in","start":"1""#);
    let is_attempt = r#""flakescope.span.type":"attempt","flakescope.test.name":"signs in""#;
    let call = r#""name":"POST","kind":3,"start":"3","end":"4""#;
    let worker = [
        r#"{"t":"head","v":1,"agent":"node","pid":99000002,"instance":"80d57c94","argv":["node","x","s3cr3t-Pa55"]}"#.to_owned(),
        format!(r#"{{"t":"log","trace":"{TRACE}","time":"2","severity":9,"body":"try s3cr3t-Pa55\nnow"}}"#),
        r#"{"t":"log","time":"2","severity":9,"body":"of no test: s3cr3t-Pa55"}"#.to_owned(),
        // The agent has masked this one in a header, so that only its hash and length are known.
        r#"{"t":"log","time":"3","severity":9,"body":"will send k3y-Zx81kq0Tv4n4d1um."}"#.to_owned(),
    ];
    let test = [
        r#"{"t":"head","v":1,"agent":"node","pid":99000001,"instance":"80d57c93"}"#.to_owned(),
        format!(r#"{{"t":"span",{root},"attrs":{{{is_attempt}}}}}"#),
        r#"{"t":"tag","key":"who","value":"s3cr3t-Pa55"}"#.to_owned(),
        span(
            2,
            &format!(
                r#"{call},"attrs":{{"http.request.method":"GET","flakescope.credential.scheme":"Bearer","flakescope.credential.length":20,"flakescope.credential.pseudonym":"30299961ab64","url.full":"http://h/s3cr3t-Pa55/x?q=s3cr3t%2DPa55","http.response.body.content":"{{\"echo\":\"s3cr3t-Pa55\"}}"}}"#
            ),
        ),
        span(
            3,
            &format!(
                r#"{call},"attrs":{{"http.request.method":"POST","url.full":"http://h/login","http.request.body.content":"{{\"password\":\"s3cr3t-Pa55\",\"pin\":4711}}"}}"#
            ),
        ),
        format!(
            r#"{{"t":"span",{root},"end":"9","attrs":{{{is_attempt},"test.case.result.status":"fail"}},"events":[{{"name":"exception","time":"8","attrs":{{"exception.type":"AssertionError","exception.message":"expected 's3cr3t-Pa55' to be 'x' (czNjcjN0LVBhNTU=)","exception.stacktrace":"at s3cr3t-Pa55","flakescope.assertion.expected":"\"x\"","flakescope.assertion.actual":"\"s3cr3t-Pa55\""}}}}]}}"#
        ),
    ];
    let run = Run::start();
    run.write(
        "99000002-80d57c94-0.seg",
        (worker.join("\n") + "\n").as_bytes(),
    );
    run.write(
        "99000001-80d57c93-0.seg",
        (test.join("\n") + "\n").as_bytes(),
    );
    let recording = run.finish();
    let all = format!("{}{:?}", recording.describe(), recording.raw());
    for trace in [
        "s3cr3t-Pa55",
        "s3cr3t%2DPa55",
        "czNjcjN0LVBhNTU",
        "4711",
        "Zx81kq0T",
    ] {
        assert!(!all.contains(trace), "{trace} in {all}");
    }
    insta::assert_snapshot!(recording.describe());
}
