//! Evidence that was written and read back leads to the same diagnosis, so that one can be looked at anywhere.

mod support;

use diagnosis::{diagnose, signature};
use model::{AttemptStatus, Baseline, Evidence, PastAttempt, Touch};
use support::stories;

/// The evidence with all that it may hold besides: what it holds already, in other roles.
fn full(mut evidence: Evidence) -> Evidence {
    if let Some(baseline) = evidence.baseline.clone() {
        let signed = signature(
            &baseline.attempt,
            &baseline.recording,
            &baseline.fixtures,
            &evidence.peers,
            &baseline.listeners,
        );
        let touch = |call: &model::CallSignature| Touch {
            attempt_id: baseline.attempt.id,
            test: "another".into(),
            worker: Some("2".into()),
            call: call.clone(),
        };
        let writes = signed.calls.iter().filter(|call| call.writes);
        evidence.facts.touches.extend(writes.clone().map(touch));
        evidence.variants.push(baseline.clone());
        let touches = writes.map(touch).collect();
        evidence.baseline = Some(Baseline {
            touches,
            ..baseline
        });
        evidence.signatures.push(signed);
    }
    evidence.facts.past.push(PastAttempt {
        attempt_id: evidence.attempt.id,
        run_id: evidence.attempt.run_id,
        status: AttemptStatus::Failed,
        start: evidence.attempt.start,
        commit: Some("aaaa".into()),
        branch: None,
        said: Some("Error: no".into()),
        fingerprint: Some("race|shop|GET /|stale".into()),
    });
    evidence
}

#[test]
fn what_is_read_back_is_diagnosed_alike() {
    for (name, story) in stories::all() {
        let plain = story.named(name).evidence();
        for evidence in [plain.clone(), full(plain)] {
            let expected = diagnose(&evidence);
            let texts = [
                archive::evidence::encode(&evidence).unwrap(),
                archive::evidence::encode_text(&evidence).unwrap(),
            ];
            for bytes in texts {
                let (read, problems) = archive::evidence::decode(&bytes).unwrap();
                assert_eq!(problems, [], "{name}");
                assert_eq!(diagnose(&read), expected, "{name}");
            }
        }
    }
}
