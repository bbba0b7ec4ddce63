//! What a recording looked like, call by call and without its bytes: for what varies among passing recordings, and for
//! what other tests of a run did. Made from the same logical calls as a diagnosis, so that both can be held against each
//! other; and the same on every machine, because it is kept.

use model::{
    Attempt, CALL_LIMIT, CallSignature, ID_BYTES, ID_LIMIT, Listener, PATH_BYTES, PeerDeclaration,
    Recording, Signature, SmolStr,
};

use crate::calls::{self, Call, Directory, Outcome, Try};
use crate::normal::Ids;
use crate::rules::rate_limited;
use crate::trouble::Trouble;
use crate::writes;

/// Raised whenever a recording gets another signature than before: what was kept is then made again.
pub const SIGNATURE_VERSION: u32 = 9;

/// gRPC's status of a server that cannot serve now (gRPC, `doc/statuscodes.md`).
const GRPC_UNAVAILABLE: u32 = 14;

/// The most bytes of an error's name in an outcome.
const ERROR_BYTES: usize = 64;

/// The signature of an attempt: of its recording and those of its fixtures, in a run that declares these peers and has
/// these server sockets.
///
/// Unlike the calls that a diagnosis reads, those that went on when the attempt had ended are as they came out in the end.
#[must_use]
pub fn signature(
    attempt: &Attempt,
    recording: &Recording,
    fixtures: &[Recording],
    peers: &[PeerDeclaration],
    listeners: &[Listener],
) -> Signature {
    let directory = Directory::of(peers, listeners);
    let calls = calls::read(directory, recording, fixtures, None);
    Signature {
        attempt_id: attempt.id,
        run_id: attempt.run_id,
        start: attempt.start,
        end: attempt.end,
        left_out: calls.len().saturating_sub(CALL_LIMIT) as u64,
        calls: calls.iter().take(CALL_LIMIT).map(of_call).collect(),
    }
}

/// What a logical call looked like.
pub(crate) fn of_call(call: &Call) -> CallSignature {
    let key = &call.signature;
    let (first, last) = (&call.tries[0].exchange, call.last());
    let ids = distinct(&call.request.ids, &[]);
    let mocked = first.mocked.is_some();
    let writes = !mocked && writes::asks_for_change(first, key.operation.as_deref());
    CallSignature {
        span_id: first.span_id,
        start: first.start,
        end: last.exchange.end,
        phase: key.phase,
        in_fixture: key.in_fixture,
        peer: SmolStr::new(&key.peer),
        host: SmolStr::new(&first.host),
        port: first.port,
        method: SmolStr::new(&key.method),
        path: SmolStr::new(cut(first.path(), PATH_BYTES)),
        template: SmolStr::new(cut(&key.template, PATH_BYTES)),
        operation: key.operation.as_ref().map(SmolStr::new),
        made: match writes {
            true => distinct(&call.reply.ids, &ids),
            false => Vec::new(),
        },
        ids,
        request: hash(&call.request.text),
        reply: hash(&call.reply.text),
        outcome: outcome(last).into(),
        fine: last.is_fine(),
        refused: !mocked && refused(last),
        tries: u32::try_from(call.tries.len()).unwrap_or(u32::MAX),
        credential: last
            .exchange
            .credential
            .as_ref()
            .map(|credential| SmolStr::new(&credential.pseudonym)),
        writes,
        mocked,
    }
}

/// Identifiers in order of appearance, each once, without those that are known.
fn distinct(ids: &Ids, known: &[SmolStr]) -> Vec<SmolStr> {
    let mut found: Vec<SmolStr> = Vec::new();
    let plausible = ids.iter().filter(|id| id.len() <= ID_BYTES);
    for id in plausible {
        if found.len() >= ID_LIMIT {
            break;
        }
        let is_known = |list: &[SmolStr]| list.iter().any(|other| other == id);
        if !is_known(&found) && !is_known(known) {
            found.push(SmolStr::new(id));
        }
    }
    found
}

/// How a try came out, in a few words that are the same for all clients.
pub(crate) fn outcome(one: &Try) -> String {
    let exchange = &one.exchange;
    match one.outcome() {
        Outcome::Fine { .. } => exchange.status().unwrap_or_default().to_string(),
        Outcome::Refused { status, code } => {
            let rpc = exchange.rpc.as_ref().and_then(|rpc| rpc.failure());
            match code.as_deref().or(rpc) {
                Some(code) => format!("{status} {}", cut(code, ERROR_BYTES)),
                None => status.to_string(),
            }
        }
        Outcome::Broken(trouble) => match (trouble_name(trouble), &exchange.error) {
            (Some(name), _) => name.to_owned(),
            (None, Some(error)) => cut(&error.error_type, ERROR_BYTES).to_owned(),
            (None, None) => "error".to_owned(),
        },
        Outcome::Open => "open".to_owned(),
    }
}

/// Whether the peer refused a try or was silent. What the client cut short or could not read says nothing of that.
fn refused(one: &Try) -> bool {
    match one.outcome() {
        Outcome::Fine { .. } => false,
        Outcome::Refused { status, .. } => {
            let unavailable = one.answer.grpc_status == Some(GRPC_UNAVAILABLE);
            status >= 500 || unavailable || rate_limited::refusal(one).is_some()
        }
        Outcome::Broken(trouble) => !matches!(
            trouble,
            Trouble::Cancelled | Trouble::Garbled | Trouble::Other
        ),
        Outcome::Open => true,
    }
}

fn trouble_name(trouble: Trouble) -> Option<&'static str> {
    Some(match trouble {
        Trouble::Timeout => "timeout",
        Trouble::Cancelled => "cancelled",
        Trouble::Refused => "ECONNREFUSED",
        Trouble::Reset => "ECONNRESET",
        Trouble::NameUnknown => "ENOTFOUND",
        Trouble::ResolverFailed => "EAI_AGAIN",
        Trouble::NoRoute => "EHOSTUNREACH",
        Trouble::CertificateExpired => "certificate expired",
        Trouble::CertificateUntrusted => "certificate untrusted",
        Trouble::CertificateName => "certificate name",
        Trouble::Tls => "tls",
        Trouble::Garbled => "garbled",
        Trouble::Other => return None,
    })
}

/// The text, or as much of it as has so many bytes.
fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// FNV-1a with 64 bits. Not the standard library's hash, which may be another one with each of its versions.
pub(crate) fn hash(text: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    text.bytes().fold(OFFSET, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published values of FNV-1a.
    #[test]
    fn hashes_are_the_same_everywhere() {
        let check = |text: &str, expected: u64| assert_eq!(hash(text), expected, "{text}");
        check("", 0xcbf2_9ce4_8422_2325);
        check("a", 0xaf63_dc4c_8601_ec8c);
        check("foobar", 0x8594_4171_f739_67e8);
    }

    #[test]
    fn identifiers_are_told_once() {
        let ids = |list: &[&str]| {
            let mut ids = Ids::default();
            list.iter().for_each(|id| ids.push(id));
            ids
        };
        let check = |given: &[&str], known: &[&str], expected: &[&str]| {
            let known: Vec<SmolStr> = known.iter().copied().map(SmolStr::new).collect();
            assert_eq!(distinct(&ids(given), &known), expected);
        };
        let long = "1".repeat(ID_BYTES + 1);
        check(&["b", "a", "b", &long], &[], &["b", "a"]);
        check(&["b", "a"], &["b"], &["a"]);
        let many: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        check(&many, &[], &many[..ID_LIMIT]);
    }

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut("aé", 2), "a");
        assert_eq!(cut("aé", 3), "aé");
        assert_eq!(cut("", 3), "");
    }
}
