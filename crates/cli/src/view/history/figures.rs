//! Figures in words. Each says how many it was counted of.

use server::document::{CallId, Rate, Spread};

use crate::report::units;

/// `3 of 41`.
pub(super) fn counted(rate: &Rate) -> String {
    format!(
        "{} of {}",
        units::grouped(rate.count),
        units::grouped(rate.of)
    )
}

/// `7 %`; nothing where there was nothing to count.
pub(super) fn percent(rate: &Rate) -> Option<String> {
    let percent = (rate.count * 100 + rate.of / 2).checked_div(rate.of)?;
    Some(format!("{percent} %"))
}

/// `2 to 20 %`, outwards to whole percents; nothing where there was nothing to count.
pub(super) fn bounds(rate: &Rate) -> Option<String> {
    let (low, high) = (rate.low_permille / 10, rate.high_permille.div_ceil(10));
    (rate.of > 0).then(|| format!("{low} to {high} %"))
}

/// `95 % interval 2 to 20 %`; nothing where there was nothing to count.
pub(super) fn interval(rate: &Rate) -> Option<String> {
    bounds(rate).map(|bounds| format!("95 % interval {bounds}"))
}

/// `of 5 reviewed claims 4 were right (95 % interval 37 to 97 %)`.
pub(crate) fn precision(rate: &Rate) -> String {
    match interval(rate) {
        None => "no claim has been reviewed yet".to_owned(),
        Some(interval) => {
            let claims = units::count(rate.of, "reviewed claim");
            let were = if rate.count == 1 { "was" } else { "were" };
            format!("of {claims} {} {were} right ({interval})", rate.count)
        }
    }
}

/// `0.8s to 9.6s (n = 12)`.
pub(super) fn spread(spread: &Spread) -> String {
    let (shortest, longest) = (
        units::duration(spread.shortest_ms),
        units::duration(spread.longest_ms),
    );
    let range = match shortest == longest {
        true => shortest,
        false => format!("{shortest} to {longest}"),
    };
    format!("{range} (n = {})", units::grouped(spread.recordings))
}

/// `GET stock /items/*`, with its operation.
pub(super) fn call(call: &CallId) -> String {
    let operation = call.operation.iter().map(|name| format!("#{name}"));
    let operation: String = operation.collect();
    format!("{} {} {}{operation}", call.method, call.peer, call.template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_say_of_how_many() {
        let rate = |count, of, low_permille, high_permille| Rate {
            count,
            of,
            low_permille,
            high_permille,
        };
        let some = rate(3, 41, 25, 195);
        assert_eq!(counted(&some), "3 of 41");
        assert_eq!(percent(&some).as_deref(), Some("7 %"));
        assert_eq!(interval(&some).as_deref(), Some("95 % interval 2 to 20 %"));
        let none = rate(0, 0, 0, 1000);
        assert_eq!((percent(&none), interval(&none)), (None, None));
        assert_eq!(precision(&none), "no claim has been reviewed yet");
        assert_eq!(
            precision(&rate(4, 5, 375, 964)),
            "of 5 reviewed claims 4 were right (95 % interval 37 to 97 %)"
        );
    }
}
