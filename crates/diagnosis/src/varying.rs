//! What varies among passing recordings of a call: it says nothing when a failing one differs in it.

use std::collections::HashSet;

use crate::changes::{Change, Kind, changes, general};

/// What differs among passing recordings of one call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Varying {
    /// How many passing recordings were held against the first one.
    pub(crate) recordings: usize,
    /// Places whose value varies.
    values: HashSet<String>,
    /// Places that vary with all that is in them.
    whole: HashSet<String>,
    /// Objects whose keys are names that each recording chooses.
    named: HashSet<String>,
}

impl Varying {
    /// Learns from another passing recording.
    pub(crate) fn learn(&mut self, one: &str, other: &str) {
        self.recordings += 1;
        for change in changes(one, other) {
            let place = general(&change.path);
            match change.kind {
                Kind::Value | Kind::Word => self.values.insert(place),
                Kind::Renamed => self.named.insert(object(&place).to_owned()),
                _ => self.whole.insert(place),
            };
        }
    }

    /// Whether a difference from the first passing recording says something.
    pub(crate) fn leaves(&self, change: &Change) -> bool {
        let is_known = self.recordings > 0 || change.is_telling();
        is_known && !change.measures() && !self.varies(change)
    }

    /// Whether the place is known to vary.
    pub(crate) fn varies(&self, change: &Change) -> bool {
        let place = general(&change.path);
        if self.values.contains(&place) && matches!(change.kind, Kind::Value | Kind::Word) {
            return true;
        }
        // `total` in place of `sum` is a changed contract also beside names that vary.
        let jumbled = change.key().bytes().any(|byte| byte.is_ascii_digit());
        if change.kind == Kind::Renamed && jumbled && self.named.contains(object(&place)) {
            return true;
        }
        let mut above = place.as_str();
        loop {
            if self.whole.contains(above) {
                return true;
            }
            match above.rfind(['.', '[']) {
                Some(at) => above = &above[..at],
                None => return self.whole.contains(""),
            }
        }
    }
}

/// The object that a place is a member of.
fn object(place: &str) -> &str {
    place.rsplit_once('.').map_or("", |(object, _)| object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize;

    fn normal(text: &str) -> String {
        normalize::json(text).map_or(String::new(), |normal| normal.text)
    }

    #[test]
    fn what_varies_among_passing_recordings_says_nothing() {
        let check = |passing: &[&str], here: &str, expected: bool| {
            let first = normal(passing[0]);
            let mut varying = Varying::default();
            for other in &passing[1..] {
                varying.learn(&first, &normal(other));
            }
            let found = changes(&normal(here), &first);
            assert!(!found.is_empty());
            let leaves = found.iter().any(|change| varying.leaves(change));
            assert_eq!(leaves, expected, "{passing:?} {here}");
        };
        // With one passing recording a number or a text may vary by itself, a word or the form not.
        check(&[r#"{"n":1}"#], r#"{"n":2}"#, false);
        check(&[r#"{"n":1}"#, r#"{"n":1}"#], r#"{"n":2}"#, true);
        check(&[r#"{"n":1}"#, r#"{"n":3}"#], r#"{"n":2}"#, false);
        check(&[r#"{"s":"open"}"#], r#"{"s":"paid"}"#, true);
        check(
            &[r#"{"s":"open"}"#, r#"{"s":"new"}"#],
            r#"{"s":"paid"}"#,
            false,
        );
        check(&[r#"{"a":1}"#], r#"{"a":1,"b":1}"#, true);
        check(
            &[r#"{"a":1}"#, r#"{"a":1,"b":1}"#],
            r#"{"a":1,"b":2}"#,
            false,
        );
        check(&["[1,2]", "[1,2]"], "[1]", true);
        check(&["[1,2]", "[1,2,3]"], "[1]", false);
        check(
            &[r#"[{"n":1},{"n":5}]"#, r#"[{"n":2},{"n":5}]"#],
            r#"[{"n":1},{"n":6}]"#,
            false,
        );
        // Keys that each recording chooses; others beside them are not.
        let chosen = [r#"{"of":{"x7k":{"yes":1}}}"#, r#"{"of":{"q2m":{"yes":1}}}"#];
        check(&chosen, r#"{"of":{"z9p":{"yes":1}}}"#, false);
        check(&chosen[..1], r#"{"of":{"z9p":{"yes":1}}}"#, true);
        let beside = [
            r#"{"x7k":{"yes":1},"sum":7}"#,
            r#"{"q2m":{"yes":1},"sum":7}"#,
        ];
        check(&beside, r#"{"x7k":{"yes":1},"total":7}"#, true);
        // What measures varies, however often it was the same.
        check(&[r#"{"took":1}"#, r#"{"took":1}"#], r#"{"took":2}"#, false);
        check(&[r#"{"page":1}"#, r#"{"page":1}"#], r#"{"page":2}"#, true);
    }
}
