//! What is computed of chunks and kept.

use std::time::Duration;

use model::{AttemptStatus, Log, RunId, RunState, Timestamp, Value};
use store::{CallQuery, Chunk, Derived, DerivedKind, Kept, Part, Store, Tally, tallies};

use crate::samples::*;

const KIND: DerivedKind = DerivedKind {
    name: "test",
    version: 2,
};

fn log(severity: u8) -> Log {
    Log {
        trace_id: Some(trace(1)),
        span_id: None,
        time: Timestamp(i64::from(severity)),
        severity,
        severity_text: String::new(),
        body: Value::from("said"),
        attributes: Default::default(),
        resource: Default::default(),
    }
}

/// Whatever comes in, a tally is that of the merged recording; and of what belongs to no attempt.
pub(crate) fn a_tally_is_of_what_is_there(store: &dyn Store) {
    let mut sealed = run(1);
    sealed.state = RunState::Sealed;
    store.put_run(&sealed).unwrap();
    let check = |own: Tally, rest: Tally| {
        let parts = [Part::Trace(trace(1)), Part::Rest(run_id(1))];
        // Counted, then as it was kept.
        for time in ["first", "second"] {
            let found = tallies(store, &sealed, &parts).unwrap();
            assert_eq!(found, [own, rest], "{time}");
        }
    };
    let none = Tally::default();
    check(none, none);
    let call_of_nobody = Tally {
        spans: 1,
        exchanges: 1,
        ..none
    };
    let mut first = batch(1, run_id(1));
    first.chunks.push(chunk(1, vec![call(1, 1, 200, 1)]));
    first.chunks.push(chunk(2, vec![call(2, 1, 200, 1)]));
    first
        .attempts
        .push(attempt(1, run_id(1), AttemptStatus::Passed));
    store.append(&first).unwrap();
    check(call_of_nobody, call_of_nobody);
    // The same call again, one more, and what was logged.
    let mut second = batch(2, run_id(1));
    second
        .chunks
        .push(chunk(1, vec![call(1, 1, 200, 1), call(1, 2, 200, 1)]));
    second.chunks.push(Chunk {
        logs: vec![log(9), log(13), log(17)],
        ..chunk(1, vec![])
    });
    store.append(&second).unwrap();
    let own = Tally {
        spans: 2,
        exchanges: 2,
        logs: 3,
        warnings: 2,
    };
    check(own, call_of_nobody);
    // A link says whose the other one is, and yet another one comes: as many chunks as before.
    store.adopt(run_id(1), trace(2), trace(1).into()).unwrap();
    let mut third = batch(3, run_id(1));
    let two = vec![call(3, 1, 200, 1), call(3, 2, 200, 1)];
    third.chunks.push(chunk(3, two));
    store.append(&third).unwrap();
    let adopted = Tally {
        spans: 3,
        exchanges: 3,
        ..own
    };
    let rest = Tally {
        spans: 2,
        exchanges: 2,
        ..none
    };
    check(adopted, rest);
}

pub(crate) fn calls_are_counted_once(store: &dyn Store) {
    let mut unfinished = call(1, 9, 200, 1);
    unfinished.end = None;
    let mut unanswered = call(1, 4, 0, 7);
    unanswered.attributes.remove("http.response.status_code");
    let mut first = batch(1, run_id(1));
    first.chunks = vec![chunk(
        1,
        vec![call(1, 1, 200, 10), call(1, 2, 429, 1), unfinished],
    )];
    let mut again = batch(2, run_id(1));
    again.chunks = vec![chunk(
        1,
        vec![call(1, 1, 200, 10), call(1, 3, 200, 30), unanswered],
    )];
    // An SDK tells of a call that the agent told of before.
    let mut outside = call(1, 6, 200, 31);
    outside.start = call(1, 3, 200, 30).start;
    let mut later = batch(4, run_id(1));
    later.chunks = vec![chunk(1, vec![outside.clone()])];
    let seen = &mut again.chunks[0].spans[1];
    seen.parent_span_id = Some(outside.span_id);
    seen.attributes.set("flakescope.client", "node:http");
    let mut elsewhere = batch(3, run_id(2));
    elsewhere.chunks = vec![chunk(2, vec![call(2, 5, 200, 50)])];
    for state in [RunState::Recording, RunState::Sealed] {
        for n in [1, 2] {
            store.put_run(&model::Run { state, ..run(n) }).unwrap();
        }
        for batch in [&first, &again, &elsewhere, &later] {
            store.append(batch).unwrap();
        }
        check_calls(store);
    }
    // As they were kept.
    check_calls(store);
}

fn check_calls(store: &dyn Store) {
    let sums = |run: Option<RunId>| -> Vec<_> {
        let stats = store::calls(store, &CallQuery { run }).unwrap();
        assert!(
            stats
                .iter()
                .all(|stat| stat.host == "api.example.org" && stat.method == "GET")
        );
        let sum = |stat: store::CallStat| (stat.status, stat.count, stat.total, stat.longest);
        stats.into_iter().map(sum).collect()
    };
    let millis = Duration::from_millis;
    let of_run = [
        (None, 1, millis(7), millis(7)),
        (Some(200), 2, millis(40), millis(30)),
        (Some(429), 1, millis(1), millis(1)),
    ];
    assert_eq!(sums(Some(run_id(1))), of_run);
    assert_eq!(sums(None)[1], (Some(200), 3, millis(90), millis(50)));
}

/// What is found, is what was kept last under this mark, kind and version. A store may keep nothing.
pub(crate) fn what_is_derived_holds_for_its_chunks(store: &dyn Store) {
    let part = Part::Trace(trace(1));
    let found = |kind| store.derived(kind, &[part]).unwrap().remove(0);
    let Kept { mark, data } = found(KIND);
    assert_eq!(data, None);
    let derived = |data: &[u8]| Derived {
        part,
        mark,
        kind: KIND,
        data: data.to_vec(),
    };
    store.put_derived(&[derived(b"1"), derived(b"2")]).unwrap();
    let kept = found(KIND).data;
    assert!(kept.is_none_or(|kept| kept == b"2"));
    for other in [
        DerivedKind { version: 1, ..KIND },
        DerivedKind {
            name: "other",
            ..KIND
        },
    ] {
        assert_eq!(found(other).data, None);
    }
    let mut later = batch(1, run_id(1));
    later.chunks.push(chunk(1, vec![call(1, 1, 200, 1)]));
    store.append(&later).unwrap();
    assert_eq!(found(KIND).data, None);
}
