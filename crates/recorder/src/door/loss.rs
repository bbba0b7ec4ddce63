//! What was wrong with a request, as gaps: what of it is missing, in which span, how often.

use std::collections::BTreeMap;

use model::GapKind;
use otlp::{Decoded, Problem, ProblemKind, Signal, response::PartialSuccess};

use super::inbox::Loss;

/// Losses of one request that are told apart by their span.
const MOST: usize = 100;

/// What of a request is missing. The decoder's numbers of what it gave up are told as they are; of the single problems,
/// those that cost a value.
pub(super) fn losses(decoded: &Decoded) -> Vec<Loss> {
    let counts = decoded.counts;
    let mut sums: BTreeMap<Loss, u64> = BTreeMap::new();
    let mut add = |loss: Loss| {
        let count = loss.count;
        let place = Loss { count: 0, ..loss };
        let is_new = !sums.contains_key(&place);
        let place = match is_new && sums.len() >= MOST {
            true => Loss::of_run(place.kind, 0, "parts of records"),
            false => place,
        };
        let sum = sums.entry(place).or_default();
        *sum = sum.saturating_add(count);
    };
    add(Loss::of_run(
        GapKind::OtlpRejected,
        counts.rejected,
        "records that could not be read",
    ));
    add(Loss::of_run(
        GapKind::OtlpDropped,
        counts.dropped_by_sender,
        "attributes, events and links",
    ));
    add(Loss::of_run(
        GapKind::OtlpIgnored,
        counts.ignored,
        "metrics",
    ));
    for problem in &decoded.problems {
        if let Some((kind, detail)) = meaning(problem) {
            add(Loss {
                kind,
                trace_id: problem.trace_id,
                span_id: problem.span_id,
                count: 1,
                detail,
            });
        }
    }
    let told = u64::try_from(decoded.problems.len()).unwrap_or(u64::MAX);
    let untold = counts.problems.saturating_sub(told);
    add(Loss::of_run(
        GapKind::OtlpRejected,
        untold,
        "parts of records",
    ));
    sums.into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(loss, count)| Loss { count, ..loss })
        .collect()
}

/// What a problem costs; nothing when the record is counted as rejected, or only its looks suffer.
fn meaning(problem: &Problem) -> Option<(GapKind, Option<&'static str>)> {
    match problem.kind {
        ProblemKind::TooLong => Some((GapKind::AttributeCut, None)),
        ProblemKind::GarbledBody => Some((GapKind::BodyUndecodable, None)),
        ProblemKind::MissingId | ProblemKind::InvalidUtf8 => None,
        // Every record that is left out for it is counted as rejected.
        ProblemKind::TooMany if problem.field == "record" => None,
        ProblemKind::Torn => Some((
            GapKind::OtlpRejected,
            Some("a request broke off or was malformed"),
        )),
        ProblemKind::WrongType
        | ProblemKind::InvalidValue
        | ProblemKind::InvalidId
        | ProblemKind::TooMany
        | ProblemKind::TooDeep => Some((GapKind::OtlpRejected, Some("parts of records"))),
    }
}

/// What the exporter is told of it: nothing when all was taken.
pub(super) fn partial(decoded: &Decoded, signal: Signal) -> Option<PartialSuccess> {
    let Decoded {
        problems, counts, ..
    } = decoded;
    if counts.rejected == 0 && counts.problems == 0 {
        return None;
    }
    // An exporter prints this on its own side, so that it may name what was sent by place and field, never by value.
    let first = problems.first().map(ToString::to_string);
    let records = match signal {
        Signal::Traces => "spans",
        Signal::Logs => "log records",
        Signal::Metrics => "data points",
    };
    Some(PartialSuccess {
        rejected: counts.rejected,
        message: format!(
            "{} {records} rejected, {} problems; the first: {}",
            counts.rejected,
            counts.problems,
            first.as_deref().unwrap_or("not told"),
        ),
    })
}

#[cfg(test)]
mod tests {
    use otlp::{Encoding, Limits, decode};

    use super::*;

    /// What a request in JSON loses: kind, span, count.
    fn check(json: &str, expected: &[(GapKind, Option<&str>, u64)]) {
        let limits = Limits {
            text_bytes: 8,
            problems: 3,
            ..Limits::default()
        };
        let decoded = decode(Encoding::Json, Signal::Traces, json.as_bytes(), &limits);
        let losses = losses(&decoded);
        let spans: Vec<Option<String>> = losses
            .iter()
            .map(|loss| loss.span_id.map(|id| id.to_string()))
            .collect();
        let found: Vec<_> = losses
            .iter()
            .zip(&spans)
            .map(|(loss, span)| (loss.kind, span.as_deref(), loss.count))
            .collect();
        assert_eq!(found, expected, "{json} {:?}", decoded.problems);
        let partial = partial(&decoded, Signal::Traces);
        assert_eq!(partial.is_some(), !decoded.problems.is_empty(), "{json}");
    }

    fn request(span: &str) -> String {
        let ids = r#""traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","startTimeUnixNano":"1""#;
        format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{{ids}{span}}}]}}]}}]}}"#)
    }

    #[test]
    fn a_loss_is_told_once_and_of_its_span() {
        let span = Some("0102030405060708");
        check(&request(""), &[]);
        check(
            &request(r#","name":"longer than the limit""#),
            &[(GapKind::AttributeCut, span, 1)],
        );
        check(
            &request(r#","name":7,"kind":{}"#),
            &[(GapKind::OtlpRejected, span, 2)],
        );
        check(
            &request(r#","droppedAttributesCount":5"#),
            &[(GapKind::OtlpDropped, None, 5)],
        );
        check(
            r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"1"}]}]}]}"#,
            &[(GapKind::OtlpRejected, None, 1)],
        );
        check("{", &[(GapKind::OtlpRejected, None, 1)]);
    }
}
