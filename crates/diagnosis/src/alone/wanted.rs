//! What a failure says that the test wanted and did not get, in the words of pytest, unittest, Chai, Jest, Vitest and Node.

use crate::failure::Failure;

/// Longest name of a key or member that is believed to be one.
const NAME_CHARS: usize = 120;

/// How runners and libraries say that an error was wanted.
const ERROR_WANTED: &[&str] = &[
    "DID NOT RAISE",
    "not raised",
    "Missing expected rejection",
    "Missing expected exception",
    "resolved instead of rejected",
    "to be rejected",
    "did not throw",
    "to throw",
];

/// How languages say that a value is of another kind than the code takes it for.
const OTHER_KIND: &[&str] = &[
    "indices must be integers",
    "object has no attribute",
    "object is not subscriptable",
    "object is not iterable",
    "is not iterable",
    "is not a function",
    "argument of type",
    "Cannot read properties of undefined",
    "Cannot read properties of null",
];

/// What stands before the name of a key that was looked for in vain.
const KEY_WANTED: &[&str] = &[
    "to have property ",
    "to have own property ",
    "to have key ",
    "to have a property ",
    "Expected path: ",
];

/// What the test wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Want {
    /// A key of this name.
    Key(String),
    /// The one value, and met the other; runners do not agree on which is which.
    Value { wanted: String, met: String },
    /// So many items, and met so many; not known where it reached for one that was not there.
    Items {
        wanted: Option<usize>,
        met: Option<usize>,
    },
    /// That this be among them.
    Member(String),
    /// That this not be among them.
    NoMember(String),
    /// An error.
    Error,
    /// A value of another kind.
    Kind,
}

/// What the failure says, if that can be read.
pub(crate) fn want(failure: &Failure) -> Option<Want> {
    let message = failure.message();
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    if says(ERROR_WANTED) || wants_a_refusal(failure) {
        return Some(Want::Error);
    }
    key(failure)
        .map(Want::Key)
        .or_else(|| member(message))
        .or_else(|| items(message))
        .or_else(|| says(OTHER_KIND).then_some(Want::Kind))
        .or_else(|| value(failure))
}

/// Whether it wanted a status above 399 and met one below.
fn wants_a_refusal(failure: &Failure) -> bool {
    let status = |text: &str| text.trim().parse::<u16>().ok();
    let Some((wanted, met)) = failure.compared() else {
        return false;
    };
    matches!(
        (status(wanted), status(met)),
        (Some(400..=499), Some(200..=299))
    )
}

fn key(failure: &Failure) -> Option<String> {
    let message = failure.message();
    if failure.is_of_type("KeyError") {
        let name = message.lines().next()?.trim();
        let name = quoted(name).filter(|quoted| quoted.len() + 2 == name.len())?;
        // Variables of the environment are looked up like keys.
        let is_variable = !name.bytes().any(|byte| byte.is_ascii_lowercase())
            && name.len() > 2
            && failure.mentions("environ");
        return (!is_variable).then(|| name.to_owned());
    }
    let mut after = KEY_WANTED
        .iter()
        .filter_map(|words| Some(message.split_once(words)?.1));
    after.find_map(quoted).map(str::to_owned)
}

/// `assert 'x' in […]`, `'x' not found in`, `to include 'x'`, `Expected value: not "x"`.
fn member(message: &str) -> Option<Want> {
    let first = message.lines().next().unwrap_or_default();
    let words = first.strip_prefix("assert ").unwrap_or(first);
    if let Some(name) = quoted(words) {
        let after = words.get(name.len() + 2..).unwrap_or_default().trim_start();
        if after.starts_with("not in ") || after.starts_with("unexpectedly found in") {
            return Some(Want::NoMember(name.to_owned()));
        }
        if ["is True", "is False"]
            .iter()
            .any(|kind| after.starts_with(kind))
        {
            return Some(Want::Kind);
        }
        if after.starts_with("in ") || after.starts_with("not found in") {
            return Some(Want::Member(name.to_owned()));
        }
    }
    for (words, wanted) in [
        (" not to include ", false),
        (" not to contain ", false),
        (" to not include ", false),
        (" to include ", true),
        (" to contain ", true),
        ("Expected value: not ", false),
        ("Expected value: ", true),
    ] {
        if let Some(name) = message
            .split_once(words)
            .and_then(|(_, after)| quoted(after))
        {
            let name = name.to_owned();
            return Some(if wanted {
                Want::Member(name)
            } else {
                Want::NoMember(name)
            });
        }
    }
    None
}

/// `assert 2 == 1` where `2 = len(…)`, `a length of 2 but got 1`, `Expected length: 2`, `list index out of range`.
fn items(message: &str) -> Option<Want> {
    if message.contains("index out of range") {
        return Some(Want::Items {
            wanted: None,
            met: None,
        });
    }
    let after = |words: &str| number(message.split_once(words)?.1);
    for (wanted, met) in [
        ("Expected length: ", "Received length: "),
        ("length of ", "but got "),
    ] {
        if let (Some(wanted), Some(met)) = (after(wanted), after(met)) {
            return Some(Want::Items {
                wanted: Some(wanted),
                met: Some(met),
            });
        }
    }
    let (before, _) = message.split_once(" = len(")?;
    let met: usize = before.rsplit([' ', '\n']).next()?.parse().ok()?;
    let compared = message.lines().next()?.strip_prefix("assert ")?;
    let (left, right) = compared.split_once(" == ")?;
    let (left, right): (usize, usize) = (left.trim().parse().ok()?, number(right)?);
    let wanted = if left == met { right } else { left };
    Some(Want::Items {
        wanted: Some(wanted),
        met: Some(met),
    })
}

fn value(failure: &Failure) -> Option<Want> {
    let (wanted, met) = failure.compared()?;
    (wanted != met).then(|| Want::Value {
        wanted: wanted.to_owned(),
        met: met.to_owned(),
    })
}

/// The digits at the start.
fn number(text: &str) -> Option<usize> {
    let end = text
        .bytes()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(text.len());
    text[..end].parse().ok()
}

/// What stands in quotes at the start.
fn quoted(text: &str) -> Option<&str> {
    let quote = text
        .chars()
        .next()
        .filter(|quote| "'\"`".contains(*quote))?;
    let (name, _) = text.get(1..)?.split_once(quote)?;
    (!name.is_empty() && name.len() <= NAME_CHARS).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;

    #[track_caller]
    fn check(error: &str, message: &str, expected: Option<Want>) {
        let failure = Failure::said(error, message, "", "");
        assert_eq!(want(&failure), expected, "{error}: {message}");
    }

    fn items_of(wanted: usize, met: usize) -> Option<Want> {
        Some(Want::Items {
            wanted: Some(wanted),
            met: Some(met),
        })
    }

    #[test]
    fn keys_and_members_are_read_from_the_words_of_many_libraries() {
        let key = |name: &str| Some(Want::Key(name.to_owned()));
        let member = |name: &str| Some(Want::Member(name.to_owned()));
        let no_member = |name: &str| Some(Want::NoMember(name.to_owned()));
        let is = "AssertionError";
        check("KeyError", "'permissions'", key("permissions"));
        check("KeyError", "17", None);
        check(is, "expected { a: 1 } to have property 'b'", key("b"));
        check("Error", "toHaveProperty\n\nExpected path: \"b\"", key("b"));
        check(is, "assert 'a' in {'b': 1}", member("a"));
        check(is, "assert 'a' not in ['a']", no_member("a"));
        check(is, "'a' not found in ['b']", member("a"));
        check(is, "expected [ 'b' ] to include 'a'", member("a"));
        check(is, "expected [ 'a' ] to not include 'a'", no_member("a"));
        check("Error", "toContain\n\nExpected value: \"a\"", member("a"));
    }

    #[test]
    fn counts_and_errors_are_read_from_the_words_of_many_libraries() {
        let is = "AssertionError";
        check(is, "assert 1 == 2\n +  where 1 = len([{}])", items_of(2, 1));
        check(is, "assert 2 == 1\n +  where 1 = len([{}])", items_of(2, 1));
        check(
            is,
            "expected [] to have a length of 2 but got 0",
            items_of(2, 0),
        );
        check(
            "Error",
            "Expected length: 2\nReceived length: 3",
            items_of(2, 3),
        );
        let reached = Want::Items {
            wanted: None,
            met: None,
        };
        check("IndexError", "list index out of range", Some(reached));
        check(
            "Failed",
            "DID NOT RAISE <class 'NotFound'>",
            Some(Want::Error),
        );
        check("TypeError", "x.map is not a function", Some(Want::Kind));
        let kind = "string indices must be integers, not 'str'";
        check("TypeError", kind, Some(Want::Kind));
        check(is, "assert 'true' is True", Some(Want::Kind));
        check("ConnectionError", "connection refused", None);
    }

    #[test]
    fn values_are_those_that_were_compared() {
        let check = |wanted: &str, met: &str, expected: Option<Want>| {
            let failure = Failure::said("AssertionError", "not equal", wanted, met);
            assert_eq!(want(&failure), expected, "{wanted} {met}");
        };
        let value = |wanted: &str, met: &str| {
            Some(Want::Value {
                wanted: wanted.to_owned(),
                met: met.to_owned(),
            })
        };
        check("\"a\"", "\"b\"", value("\"a\"", "\"b\""));
        check("404", "200", Some(Want::Error));
        check("200", "404", value("200", "404"));
        check("", "", None);
    }
}
