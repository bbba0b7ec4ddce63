//! `unreachable`: refused, reset, unknown name, TLS.
//!
//! | what the client met | unreachable? | whose |
//! |---|---|---|
//! | ECONNREFUSED | yes | by role |
//! | ECONNRESET, EPIPE, socket hang up, other side closed | yes | by role |
//! | ECONNRESET in the middle of an answer | no: dependency-error | |
//! | ENOTFOUND | yes | by role |
//! | EAI_AGAIN: the resolver itself failed | yes | environment |
//! | EHOSTUNREACH, ENETUNREACH | yes | by role |
//! | certificate expired, for another name | yes | by role |
//! | certificate expired, and no answer has a date near that of this machine, nor has a passing recording of the last 30 days | yes, at most likely | by role |
//! | certificate expired, and the clock of this machine is days apart from that of a peer | no: environment | |
//! | certificate not trusted | yes, at most likely | by role |
//! | a reset, then 200 on the retry | no: absorbed | |
//! | ECONNRESET of the declared product, which had answered before | no: product, at most likely | product |
//! | ECONNRESET after the client itself cut the call | no | |
//! | `read ECONNRESET`, after which the client cut the call | yes | by role |
//! | ETIMEDOUT | no: dependency-slow | |

use model::{Cause, Owner};

use super::{Stands, Suspect, environment};
use crate::context::Context;
use crate::innocence;
use crate::trouble::Trouble;

/// Calls that did not get through.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    innocence::open_to_question(context)
        .into_iter()
        .filter_map(|place| suspect(context, place))
        .collect()
}

fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let one = context.try_at(place.0, place.1);
    let answering = one.exchange.response.is_some();
    let (class, happened) = match one.trouble? {
        Trouble::Refused => ("ECONNREFUSED", "refused the connection (ECONNREFUSED)"),
        Trouble::Reset if answering => (
            "ECONNRESET",
            "reset the connection in the middle of its answer (ECONNRESET)",
        ),
        Trouble::Reset => ("ECONNRESET", "reset the connection (ECONNRESET)"),
        Trouble::NameUnknown => ("ENOTFOUND", "could not be found by name (ENOTFOUND)"),
        Trouble::ResolverFailed => (
            "EAI_AGAIN",
            "could not be looked up: the resolver did not answer (EAI_AGAIN)",
        ),
        Trouble::NoRoute => (
            "EHOSTUNREACH",
            "could not be reached: no route (EHOSTUNREACH)",
        ),
        Trouble::CertificateExpired if environment::days_apart(context).is_some() => return None,
        Trouble::CertificateExpired => (
            "certificate-expired",
            "presented a certificate outside its dates",
        ),
        Trouble::CertificateUntrusted => (
            "certificate-untrusted",
            "presented a certificate that is not trusted",
        ),
        Trouble::CertificateName => (
            "certificate-name",
            "presented a certificate for another name",
        ),
        Trouble::Tls => ("tls", "failed the TLS handshake"),
        Trouble::Timeout | Trouble::Cancelled | Trouble::Garbled | Trouble::Other => return None,
    };
    // It had been reached: that is an answer which ends too early, as one without an error of the network.
    let cause = match one.trouble {
        Some(Trouble::Reset) if answering => Cause::DependencyError,
        _ => Cause::Unreachable,
    };
    let mut suspect = Suspect::new(cause, place, class, happened.to_owned(), 95);
    if one.trouble == Some(Trouble::ResolverFailed) {
        suspect.owner = Some(Owner::Environment);
    }
    if one.trouble == Some(Trouble::CertificateUntrusted) {
        suspect.stands = Stands::Never;
        suspect.doubt = Some(
            "whether its certificate is another one, or this machine no longer trusts who signed it"
                .to_owned(),
        );
    }
    if one.trouble == Some(Trouble::CertificateExpired)
        && !environment::is_clock_vouched_for(context)
    {
        suspect.stands = Stands::Never;
        suspect.doubt = Some("whether the clock of this machine is right".to_owned());
    }
    Some(suspect)
}
