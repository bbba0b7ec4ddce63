//! Where an error happened, from its stack.

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Relative to the project's root where that can be told, else as the stack has it.
    pub(super) file: String,
    /// Counted from 1.
    pub(super) line: u32,
}

/// Stacks are read up to this line.
const LINES: usize = 100;

/// The innermost place in a stack of Node or Python that is the project's own: not of the runtime, and not of an installed
/// package. The root is known when the test's own file is in the stack.
pub(super) fn place(stack: &str, test_file: &str) -> Option<Place> {
    let mut places: Vec<(&str, u32)> = stack.lines().take(LINES).filter_map(frame).collect();
    if places.is_empty() {
        // Python ends with the innermost, and with the error that counts.
        places = stack
            .lines()
            .rev()
            .take(LINES)
            .filter_map(python_frame)
            .collect();
    }
    let own = places.iter().find(|(path, _)| is_own(path))?;
    let root = places
        .iter()
        .filter(|_| !test_file.is_empty())
        .find_map(|(path, _)| path.strip_suffix(test_file))
        .filter(|root| root.ends_with('/'));
    let file = root
        .and_then(|root| own.0.strip_prefix(root))
        .unwrap_or(own.0);
    Some(Place {
        file: file.to_owned(),
        line: own.1,
    })
}

/// Path and line of `at name (path:line:column)` and `at path:line:column`.
fn frame(line: &str) -> Option<(&str, u32)> {
    let place = line.trim().strip_prefix("at ")?;
    let place = match place.strip_suffix(')') {
        Some(place) => place.rsplit_once('(')?.1,
        None => place.strip_prefix("async ").unwrap_or(place),
    };
    let (place, column) = place.rsplit_once(':')?;
    let (path, line) = place.rsplit_once(':')?;
    column.parse::<u32>().ok()?;
    let path = path.strip_prefix("file://").unwrap_or(path);
    Some((path, line.parse().ok()?))
}

/// Path and line of `File "path", line 1, in name`, also in a group of errors, where each line begins with bars.
fn python_frame(line: &str) -> Option<(&str, u32)> {
    let place = line
        .trim_start_matches([' ', '|'])
        .strip_prefix("File \"")?;
    let (path, line) = place.split_once("\", line ")?;
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    Some((path, line[..digits].parse().ok()?))
}

fn is_own(path: &str) -> bool {
    // Mocha cuts the working directory off, so paths may be relative.
    let of_runtime = path.starts_with("node:") || path.starts_with("internal/");
    let of_package = path.contains("/node_modules/") || path.starts_with("node_modules/");
    // An interpreter's own library, what is installed beside it, and what has no file: `<frozen importlib._bootstrap>`.
    let of_python = path.contains("/lib/python")
        || path.contains("/site-packages/")
        || path.contains("/dist-packages/")
        || path.starts_with('<');
    !of_runtime && !of_package && !of_python
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_own_frame_is_the_place() {
        let check = |stack: &str, expected: Option<(&str, u32)>| {
            let found = place(stack, "test/a.spec.js");
            let found = found
                .as_ref()
                .map(|place| (place.file.as_str(), place.line));
            assert_eq!(found, expected, "{stack}");
        };
        check(
            "AssertionError: no\n    at Context.<anonymous> (/p/test/a.spec.js:63:14)\n    at process.x (node:internal/y:1:2)",
            Some(("test/a.spec.js", 63)),
        );
        check(
            "Error: no\n    at Object.fail (/p/node_modules/chai/x.js:1:1)\n    at call (/p/test/lib/api.js:9:3)\n    at async Context.<anonymous> (file:///p/test/a.spec.js:5:1)",
            Some(("test/lib/api.js", 9)),
        );
        check(
            "Error: no\n    at async /p/src/b.js:7:1",
            Some(("/p/src/b.js", 7)),
        );
        check("Error: no\n    at node:internal/x:1:1", None);
        check(
            "Traceback (most recent call last):\n  File \"/p/test/a.spec.js\", line 7, in test_it\n    ask()\n  File \"/p/client.py\", line 3, in ask\n    raise x\n  File \"/p/.venv/lib/python3.11/site-packages/requests/api.py\", line 59, in get\n    return\nrequests.exceptions.ConnectionError: no",
            Some(("client.py", 3)),
        );
        check(
            "KeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\n  + Exception Group Traceback (most recent call last):\n  |   File \"/q/test_it.py\", line 12, in test_it\n  |     raise",
            Some(("/q/test_it.py", 12)),
        );
        check(
            "  File \"<string>\", line 1\n  File \"/usr/lib/python3/dist-packages/x.py\", line 2, in x",
            None,
        );
        check("  File \"/p/x.py\", line 99999999999, in x", None);
        check("  File \"/p/x.py\", line é", None);
        check("Error: at the gates", None);
        check("at (", None);
        check("at a:b:c", None);
        check("at node:internal/x:1:1", None);
        check("", None);
    }
}
