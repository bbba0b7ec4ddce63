//! The tests that a failed hook took with it, in words.

use model::NotRun;

use crate::text;

/// Names given; the rest is counted.
const NAMES: usize = 3;
/// Characters of a name.
const NAME_CHARS: usize = 120;

/// `2 tests did not run because of it: shop › pays, shop › ships.`
pub(crate) fn sentence(not_run: &NotRun) -> String {
    let count = not_run.count;
    let tests = if count == 1 { "test" } else { "tests" };
    let names: Vec<String> = not_run
        .tests
        .iter()
        .take(NAMES)
        .map(|name| text::one_line(name, NAME_CHARS))
        .collect();
    if names.is_empty() {
        return format!("{count} {tests} did not run because of it.");
    }
    let more = match count.saturating_sub(u64::try_from(names.len()).unwrap_or(count)) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let names = names.join(", ");
    format!("{count} {tests} did not run because of it: {names}{more}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_names_are_given() {
        let check = |count: u64, tests: &[&str], expected: &str| {
            let tests = tests.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(sentence(&NotRun { count, tests }), expected);
        };
        check(1, &["a › b"], "1 test did not run because of it: a › b.");
        check(2, &["a", "b"], "2 tests did not run because of it: a, b.");
        check(
            12,
            &["a", "b\n\u{1b}[2J", "c", "d"],
            "12 tests did not run because of it: a, b [2J, c and 9 more.",
        );
        check(7, &[], "7 tests did not run because of it.");
    }
}
