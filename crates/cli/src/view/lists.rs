//! What `list` prints, as snapshots: of a store with two runs, and of an empty one.

use std::io::Write;

use anyhow::Result;
use model::Timestamp;
use store::Store;

use super::sample::sample_store;
use super::{list_runs, list_tests as view_tests};
use crate::report::style::Style;

fn list_tests(
    store: &dyn Store,
    limit: usize,
    as_json: bool,
    style: &Style,
    out: &mut dyn Write,
) -> Result<()> {
    let list = server::document::test_list(store, limit, false)?;
    let when_empty = "flakescope run -- COMMAND records them.";
    view_tests(&list, when_empty, as_json, style, out)
}

type List = fn(&dyn Store, usize, bool, &Style, &mut dyn Write) -> Result<()>;

fn printed(list: List, store: &dyn Store, as_json: bool) -> String {
    let style = Style {
        width: 80,
        color: false,
        ascii: false,
        now: Timestamp(1_795_090_000_000_000_000),
    };
    let mut out = Vec::new();
    list(store, 10, as_json, &style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn lists_are_printed() {
    let store = sample_store().unwrap();
    let check = |name: &str, list: List, as_json: bool| {
        insta::assert_snapshot!(name, printed(list, &*store, as_json));
    };
    check("runs", list_runs, false);
    check("runs_json", list_runs, true);
    check("tests", list_tests, false);
    check("tests_json", list_tests, true);
}

#[test]
fn an_empty_store_says_what_to_do() {
    let store = store::open_in_memory().unwrap();
    for list in [list_runs as List, list_tests] {
        let seen = printed(list, &*store, false);
        assert!(seen.contains("flakescope run -- COMMAND"), "{seen}");
    }
}
