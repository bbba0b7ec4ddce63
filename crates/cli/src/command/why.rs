//! `flakescope why TEST`: what the recordings of a test say together.

use model::{Test, TestId};
use server::document;
use store::{AttemptQuery, PrefixMatch, Store};

use super::{open_store, print};
use crate::args::WhyArgs;
use crate::exit::{self, Ending, Failure};
use crate::report::style::ColorChoice;
use crate::talk::{self, Output};
use crate::view;

/// The fewest digits that are taken for an id: shorter ones may be words.
const SHORTEST_ID: usize = 6;
/// The most tests that are listed when a name means several.
const SHOWN: usize = 8;

/// Prints the history of a test on stdout.
///
/// # Errors
/// When none or several are meant, or the store cannot be read.
pub(crate) fn run(args: &WhyArgs, color: ColorChoice) -> Result<Ending, Failure> {
    let store: &dyn Store = &*open_store(&args.place)?;
    let test = find(store, &args.test)?;
    let history = document::test_history(store, test)?;
    let mut out = Vec::new();
    let style = talk::style(Output::Stdout, color);
    view::why(&history, args.json, &style, &mut out)?;
    print(&out)
}

/// The test that is meant by an id of it or of one of its attempts, a name, a file, or a part of these.
fn find(store: &dyn Store, what: &str) -> Result<TestId, Failure> {
    let tests = store.tests()?;
    if let Some(id) = by_id(store, &tests, what)? {
        return Ok(id);
    }
    let found = by_name(&tests, what);
    match *found {
        [(id, _)] => Ok(*id),
        [] => Err(
            Failure::message(exit::FAILED, format!("no test is called {what}")).hint(
                "a part of its name or file will do; `flakescope list tests` shows those that are recorded",
            ),
        ),
        [..] => Err(ambiguous(what, &found)),
    }
}

type Known = (TestId, Test);

/// None when it is no id, or the id of nothing: then it may be a name.
fn by_id(store: &dyn Store, tests: &[Known], what: &str) -> Result<Option<TestId>, Failure> {
    let digits = what.to_ascii_lowercase();
    let is_id = digits.len() >= SHORTEST_ID && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_id {
        return Ok(None);
    }
    let mut found: Vec<TestId> = tests
        .iter()
        .map(|(id, _)| *id)
        .filter(|id| id.to_string().starts_with(&digits))
        .collect();
    for one in store.find(&digits, SHOWN)? {
        if let PrefixMatch::Attempt(attempt) = one {
            let query = AttemptQuery {
                attempt: Some(attempt),
                ..AttemptQuery::default()
            };
            let rows = store.attempts(&query)?;
            found.extend(rows.iter().map(|(attempt, _)| attempt.test_id));
        }
    }
    found.sort_unstable();
    found.dedup();
    match *found {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        [..] => Err(
            Failure::message(exit::FAILED, format!("several ids begin with {digits}"))
                .hint("give more digits"),
        ),
    }
}

/// Those whose name or file it is; if there are none, those of which it is a part.
fn by_name<'a>(tests: &'a [Known], what: &str) -> Vec<&'a Known> {
    let wanted = what.to_lowercase();
    let texts = |test: &Test| {
        let spaced = [test.suite.join(" "), test.name.clone()].join(" ");
        [test.title(), spaced, test.name.clone(), test.file.clone()].map(|text| text.to_lowercase())
    };
    let mut found: Vec<&Known> = tests
        .iter()
        .filter(|(_, test)| texts(test).contains(&wanted))
        .collect();
    if found.is_empty() {
        let holds = |test: &Test| texts(test).iter().any(|text| text.contains(&wanted));
        found = tests.iter().filter(|(_, test)| holds(test)).collect();
    }
    found.sort_by_key(|(id, test)| (test.file.clone(), test.title(), *id));
    found
}

fn ambiguous(what: &str, found: &[&Known]) -> Failure {
    let name = |(id, test): &&Known| {
        let variants = [&test.parameters, &test.configuration];
        let variants: String = variants
            .iter()
            .filter(|variant| !variant.is_empty())
            .map(|variant| format!(" [{variant}]"))
            .collect();
        let id: String = id.to_string().chars().take(SHORTEST_ID + 2).collect();
        format!("  {id}  {}{variants}  ({})", test.title(), test.file)
    };
    let mut lines: Vec<String> = found.iter().take(SHOWN).map(name).collect();
    if found.len() > SHOWN {
        lines.push(format!("  and {} more", found.len() - SHOWN));
    }
    let text = format!(
        "{} tests are called so: {what}\n{}",
        found.len(),
        lines.join("\n")
    );
    Failure::message(exit::FAILED, text).hint("give more of the name, or the id")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(file: &str, suite: &str, name: &str) -> Known {
        let test = Test {
            file: file.into(),
            suite: vec![suite.into()],
            name: name.into(),
            ordinal: 1,
            ..Test::default()
        };
        (test.id(), test)
    }

    #[test]
    fn tests_are_found_by_what_people_know_of_them() {
        let tests = [
            test("test/orders.js", "orders", "are placed"),
            test("test/orders.js", "orders", "are placed twice"),
            test("test/stock.js", "stock", "falls"),
        ];
        let check = |what: &str, expected: &[&str]| {
            let found = by_name(&tests, what);
            let names: Vec<&str> = found.iter().map(|(_, test)| test.name.as_str()).collect();
            assert_eq!(names, expected, "{what}");
        };
        check("falls", &["falls"]);
        check("FALL", &["falls"]);
        check("test/stock.js", &["falls"]);
        check("stock.js", &["falls"]);
        check("orders are placed twice", &["are placed twice"]);
        check("orders › are placed", &["are placed"]);
        // What is the whole name of one is not a part of another's.
        check("are placed", &["are placed"]);
        check("placed", &["are placed", "are placed twice"]);
        check("nothing", &[]);
    }
}
