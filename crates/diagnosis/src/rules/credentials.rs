//! `credentials`: a token revoked, expired or of the wrong scope; not a negative test.
//!
//! | the answer | and | credentials? |
//! |---|---|---|
//! | 401 | the JWT's `exp` had passed | yes: expired, how long ago |
//! | 401 that says that it has expired, by a clock that is off and was not in the passing recording | | no: environment |
//! | 401 | the same credential was accepted before, here or in the passing recording | yes: revoked |
//! | 401 | another credential than in the passing recording, of the same key | no: test-code, at most likely |
//! | 401 | another credential, as every passing recording has one of its own | yes, at most likely |
//! | 401 | the failure repeats it | yes |
//! | 401 | nothing else | no: it may be a negative test |
//! | 403, 400 or an error inside | an authentication error (`invalid_grant`, `ExpiredToken`, `WWW-Authenticate: … error=`) | as for 401 |
//! | 403, 400 or an error inside | words about a session or a token, not one of pages, devices or forms | as for 401, at most likely |
//! | 200 `{"ok":false,"error":"token_revoked"}` (Slack) | | as for 401 |
//! | `grpc-status: 16` | | as for 401 |
//! | 403, 400 or an error inside | JSON or plain text that says that it is not authorized, or which permission or role it needs, not of the product | as for 401, at most likely |
//! | 403 | no such error | no |
//! | 403 | a rate limit | no: rate-limited |
//! | a page or redirection to where one logs in | the passing recording has another answer | yes |
//! | a page or redirection to where one logs in | the passing recording is refused | no |
//! | `null` in place of a credential that a later call presents in the passing recording | not of the product | yes, at most likely |
//! | of an introspection (RFC 7662): that a token is not `active`, which it is in the passing recording | | yes, at most likely |
//! | 401, 400 or 403 within a call that failed, with no passing recording | | yes |
//! | 401 | the passing recording has it too, or the test wanted it | no: a negative test |

use std::time::Duration;

use model::{Cause, Credential, Owner, Response, Signature, Touch};

use super::{
    Stands, Suspect, environment, is_product, meanwhile, rate_limited, shared_state, taken,
};
use crate::answer::Content;
use crate::calls::{Call, Try};
use crate::compare::Difference;
use crate::context::Context;
use crate::innocence;
use crate::issued;
use crate::sentence;

/// Codes of errors about the credential itself, in lower case.
const CODES: &[&str] = &[
    "invalid_grant",
    "invalid_token",
    "invalid_client",
    "token_revoked",
    "token_expired",
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "missing_scope",
    "insufficient_scope",
    "invalid_scope",
    "unauthorized_client",
    "expired",
    "expiredtoken",
    "expiredtokenexception",
    "unrecognizedclientexception",
    "invalidsignatureexception",
    "incompletesignature",
    "signaturedoesnotmatch",
    "invalidclienttokenid",
    "invalidaccesskeyid",
    "authfailure",
    "requestexpired",
    "unauthenticated",
    "accessdenied",
    "accessdeniedexception",
    "unauthorizedoperation",
    "authorizationerror",
    "permission_denied",
    "notauthorized",
];

/// Words of messages about the credential itself, in lower case.
const WORDS: &[&str] = &[
    "token expired",
    "token has expired",
    "token is expired",
    "jwt expired",
    "token revoked",
    "token has been revoked",
    "bad credentials",
    "authentication failed",
    "invalid credentials",
    "incorrect password",
    "wrong password",
    "invalid username or password",
    "invalid email or password",
    "invalid session",
    "session expired",
    "session has expired",
    "invalid access token",
    "invalid token",
    "token is invalid",
    "invalid api key",
    "api key is invalid",
    "not logged in",
    "must be logged in",
    "not authenticated",
    "authentication required",
    "invalid signature",
    "signature verification failed",
    "jwt malformed",
    "malformed token",
    "authorization header",
];

/// What has tokens and sessions of another kind, in lower case.
const OTHER_TOKENS: &[&str] = &[
    "page", "next", "device", "csrf", "pars", "syntax", "checkout", "upload",
];

/// Words of a refusal about what the credential may do, in lower case.
const RIGHTS: &[&str] = &[
    "unauthorized",
    "permission denied",
    "missing permission",
    "lacks permission",
    "required role",
    "requires the role",
    "not an admin",
    "server admin",
    "admin rights",
    "must be admin",
    "administrator rights",
    "administrator role",
    "master key is required",
    "api key is required",
    "access is required",
    "not authorized",
    "not authorised",
    "required permission",
    "permission to",
    "permissions to",
    "insufficient permission",
    "insufficient privilege",
    "insufficient scope",
    "missing scope",
    "required scope",
    "does not have access",
];

/// The class of being led to where one logs in.
const LOGIN: &str = "login";

/// How a refusal is known to be about the credential.
enum Reason {
    Expired(Duration),
    Revoked(&'static str),
    Another,
    Missing,
    Said,
}

/// Calls that were refused for their credential.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    innocence::open_to_question(context)
        .into_iter()
        .filter_map(|place| suspect(context, place))
        .collect()
}

fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let one = context.try_at(place.0, place.1);
    if rate_limited::refusal(one).is_some() {
        return None;
    }
    let class = refusal(one)?;
    let differs = matches!(
        context.difference(place.0),
        Some(Difference::Outcome | Difference::Content)
    );
    // To be shown where one logs in is an answer like any other, if it is the usual one.
    // And in place of a refusal it lets in who was kept out.
    let was_refused = context
        .counterpart(place.0)
        .is_some_and(|there| !there.last().is_fine());
    if class == LOGIN && (!differs || was_refused) {
        return None;
    }
    // Whoever took the account away took its credential, too.
    let took = |touch: &Touch| {
        shared_state::sweeps(touch)
            || touch.call.method == "DELETE"
            || taken::takes_the_account(context, touch, place.0)
    };
    if shared_state::touch(context, place.0).is_some_and(took)
        || meanwhile::took_away(context, place.0)
    {
        return None;
    }
    if is_products_own(context, place) || environment::has_run_out_by_another_clock(context, place)
    {
        return None;
    }
    let mut suspect = Suspect::new(
        Cause::Credentials,
        place,
        class,
        sentence::answered(one),
        92,
    );
    explain(&mut suspect, context, place)?;
    if is_by_words(one) {
        suspect.stands = Stands::Never;
        let doubt = "whether the words are about the credential of this call";
        suspect.doubt.get_or_insert_with(|| doubt.to_owned());
    }
    Some(suspect)
}

/// Whether the product says who may do what, which is its own affair.
pub(crate) fn is_products_own(context: &Context, (call, at): (usize, usize)) -> bool {
    let one = context.try_at(call, at);
    let may_not = one.exchange.status() == Some(403) || is_about_rights(one);
    is_product(&context.calls[call].peer) && may_not
}

/// Whether the test itself presents to the product what the product has not handed out in this recording.
fn is_the_tests_to_renew(context: &Context, (call, at): (usize, usize)) -> bool {
    let peer = &context.calls[call].peer;
    let credential = context.try_at(call, at).exchange.credential.as_ref();
    let mut of_it = context.calls.iter().filter(|other| other.peer == *peer);
    let has_it = |other: &Call| credential.is_some_and(|known| issued::is_by(other, known));
    context.is_own(call) && is_product(peer) && !of_it.any(has_it)
}

/// Says what is known of the credential, and how sure that is; nothing if the refusal may be what the test wants.
fn explain(suspect: &mut Suspect, context: &Context, place: (usize, usize)) -> Option<()> {
    let one = context.try_at(place.0, place.1);
    match reason(context, place)? {
        Reason::Expired(ago) => {
            suspect.strength = 95;
            suspect.detail = Some(format!(
                "to a token that had expired {} earlier",
                sentence::duration(ago)
            ));
            // Whoever presents it has to renew it.
            if is_the_tests_to_renew(context, place) {
                suspect.owner = Some(Owner::Test);
            }
        }
        Reason::Revoked(_) | Reason::Said if is_about_rights(one) => {
            suspect.strength = 85;
            suspect.stands = Stands::Never;
            suspect.doubt = Some("who changed what the credential may do".to_owned());
        }
        // The grant is in the body: that of the header is the client's.
        Reason::Revoked(_) if suspect.class == "invalid_grant" => {
            suspect.stands = Stands::Never;
            suspect.doubt =
                Some("why the grant that was presented is not good any more".to_owned());
        }
        Reason::Revoked(wherever) => {
            suspect.detail = Some(format!("to a credential that it had accepted {wherever}"));
            suspect.findings.push(format!(
                "The same credential was accepted {wherever}: it was revoked or has run out."
            ));
        }
        Reason::Another => {
            suspect.strength = 90;
            suspect.cause = Cause::TestCode;
            suspect.owner = Some(Owner::Test);
            suspect.detail = Some("to another credential than in the passing recording".to_owned());
            suspect.doubt = Some(
                "why the test presents another credential than in the passing recording".to_owned(),
            );
        }
        Reason::Missing => {
            suspect.strength = 90;
            suspect.cause = Cause::TestCode;
            suspect.owner = Some(Owner::Test);
            suspect.detail =
                Some("to a call without the credential of the passing recording".to_owned());
            suspect.doubt = Some("why the test presents no credential".to_owned());
        }
        Reason::Said => {
            suspect.strength = 80;
            if is_new_each_time(context, place) {
                suspect.stands = Stands::Never;
                suspect.doubt = Some(
                    "whether the test presents the credential that it should: each recording has one of its own"
                        .to_owned(),
                );
            }
        }
    }
    Some(())
}

/// The class of the refusal, if the answer is one for the credential.
pub(crate) fn refusal(one: &Try) -> Option<String> {
    let response = one.exchange.response.as_ref()?;
    let answer = &one.answer;
    if answer.grpc_status == Some(16) {
        return Some("UNAUTHENTICATED".to_owned());
    }
    let code = answer
        .code
        .as_deref()
        .filter(|code| CODES.contains(&code.to_ascii_lowercase().as_str()));
    let challenge = response
        .header("www-authenticate")
        .is_some_and(|challenge| challenge.contains("error="));
    if leads_to_login(response) {
        return Some(LOGIN.to_owned());
    }
    match response.status {
        401 => Some(code.unwrap_or("401").to_owned()),
        400 | 403 => code.map(str::to_owned).or_else(|| {
            (challenge || is_about_rights(one) || says_so(one)).then(|| response.status.to_string())
        }),
        200..=299 if answer.error_inside => code.map(str::to_owned).or_else(|| {
            let said = is_about_rights(one) || says_so(one);
            said.then(|| response.status.to_string())
        }),
        _ => None,
    }
}

/// Whether nothing but its words says that it is about a credential.
fn is_by_words(one: &Try) -> bool {
    let code = one.answer.code.as_deref().unwrap_or_default();
    let is_code = CODES.contains(&code.to_ascii_lowercase().as_str());
    let is_refused_otherwise = !matches!(one.exchange.status(), Some(401 | 403));
    is_refused_otherwise && !is_code && says_so(one)
}

/// Whether the words of a message are about a credential.
fn says_so(one: &Try) -> bool {
    one.answer.says(WORDS) && !one.answer.says(OTHER_TOKENS)
}

/// Whether it says that the credential, which is known, may not do that.
fn is_about_rights(one: &Try) -> bool {
    (matches!(one.exchange.status(), Some(400 | 403)) || one.answer.error_inside)
        && matches!(one.answer.content, Content::Json | Content::Other)
        && one.answer.says(RIGHTS)
}

/// Whether the reader is led to where one logs in, or is there already.
fn leads_to_login(response: &Response) -> bool {
    const PLACES: &[&str] = &[
        "login", "signin", "sign-in", "sign_in", "log-in", "/sso", "/auth",
    ];
    let names = |text: &str| PLACES.iter().any(|place| text.contains(place));
    if (300..400).contains(&response.status) {
        let location = response.header("location").unwrap_or_default();
        let path = location.split('?').next().unwrap_or_default();
        return names(&path.to_ascii_lowercase());
    }
    let kind = response.header("content-type").unwrap_or_default();
    let is_page = response.status == 200 && kind.starts_with("text/html");
    is_page
        && response.body.text().is_some_and(|page| {
            let page = page.to_ascii_lowercase();
            page.contains("type=\"password\"") || page.contains("type=password")
        })
}

fn reason(context: &Context, (call, at): (usize, usize)) -> Option<Reason> {
    let one = context.try_at(call, at);
    if let Some(credential) = &one.exchange.credential {
        if let Some(ago) = expired_ago(one, credential) {
            return Some(Reason::Expired(ago));
        }
        let before: Vec<&Call> = (0..context.calls.len())
            .filter(|other| context.precedes(*other, call))
            .map(|other| &context.calls[other])
            .collect();
        // The one from before a change that the passing recording knows, too.
        let there = context.comparison.as_ref();
        let is_known_there =
            there.is_some_and(|there| accepted(there.calls.iter(), one, credential));
        if is_known_there && another(context, call, one, credential) {
            return Some(Reason::Another);
        }
        if accepted(before.into_iter(), one, credential) {
            return Some(Reason::Revoked("earlier in this recording"));
        }
        if let Some(comparison) = &context.comparison {
            if accepted(comparison.calls.iter(), one, credential) {
                return Some(Reason::Revoked("in the passing recording"));
            }
            if another(context, call, one, credential) {
                return Some(Reason::Another);
            }
        }
    }
    let presented_there = context.counterpart(call).is_some_and(|other| {
        other.last().exchange.credential.is_some() && one.exchange.credential.is_none()
    });
    if presented_there {
        return Some(Reason::Missing);
    }
    let differs = matches!(
        context.difference(call),
        Some(Difference::Outcome | Difference::Request)
    );
    // With nothing to compare with, what a failed call did is what it failed over.
    let within = |other: &usize| context.is_inside(call, *other);
    let fails = |other: usize| !context.calls[other].last().is_fine();
    let failed_over_it =
        context.comparison.is_none() && (0..context.calls.len()).filter(within).any(fails);
    let is_meant = differs || failed_over_it || context.failure.repeats(one).is_some();
    is_meant.then_some(Reason::Said)
}

fn expired_ago(one: &Try, credential: &Credential) -> Option<Duration> {
    let sent = one.exchange.start.0 / 1_000_000_000;
    let ago = sent.checked_sub(credential.jwt_expires?)?;
    u64::try_from(ago)
        .ok()
        .filter(|ago| *ago > 0)
        .map(Duration::from_secs)
}

/// Whether the host answered well to that credential in one of the calls.
fn accepted<'a>(calls: impl Iterator<Item = &'a Call>, one: &Try, credential: &Credential) -> bool {
    calls.flat_map(|call| &call.tries).any(|other| {
        other.is_fine()
            && other.exchange.host == one.exchange.host
            && other
                .exchange
                .credential
                .as_ref()
                .is_some_and(|known| known.pseudonym == credential.pseudonym)
    })
}

/// Whether the passing recording presents another credential, which is said only when both are known to be hashed with
/// the same key and neither was issued during its recording.
fn another(context: &Context, call: usize, one: &Try, credential: &Credential) -> bool {
    let Some(other) = context.counterpart(call) else {
        return false;
    };
    // The first try of some clients presents none, to be told how.
    let other = other.last();
    let Some(known) = &other.exchange.credential else {
        return false;
    };
    let there = context
        .comparison
        .as_ref()
        .map_or(&[][..], |comparison| &comparison.calls);
    known.pseudonym != credential.pseudonym
        && !is_always_another(context, call, known)
        && key_id(one).is_some_and(|key| Some(key) == key_id(other))
        && !issued::is_by_any(&context.calls, credential)
        && !issued::is_by_any(there, known)
}

/// Whether no other passing recording presents this credential: a token made anew for each test.
fn is_always_another(context: &Context, call: usize, known: &Credential) -> bool {
    let host = context.calls[call].tries[0].exchange.host.as_str();
    let mut presenting = context.evidence.signatures.iter().filter(|signature| {
        let mut calls = signature.calls.iter();
        calls.any(|other| other.host == host && other.credential.is_some())
    });
    let presents = |signature: &Signature| {
        let mut calls = signature.calls.iter();
        calls.any(|other| other.credential.as_deref() == Some(known.pseudonym.as_str()))
    };
    let of_baseline = context.evidence.baseline.as_ref();
    let baseline = of_baseline.map(|baseline| baseline.attempt.id);
    presenting.clone().count() >= 2
        && presenting.all(|one| Some(one.attempt_id) == baseline || !presents(one))
}

/// The same of the try that is looked at.
fn is_new_each_time(context: &Context, (call, at): (usize, usize)) -> bool {
    let presented = context.counterpart(call).map(Call::last);
    let known = presented.and_then(|there| there.exchange.credential.as_ref());
    context.try_at(call, at).exchange.credential.is_some()
        && known.is_some_and(|known| is_always_another(context, call, known))
}

/// The id of the key in a masked credential: `[masked:1a2b:…]`.
fn key_id(one: &Try) -> Option<&str> {
    let headers = one.exchange.request_headers.iter();
    let masked = headers
        .filter_map(|header| header.value.split_once("[masked:"))
        .next();
    masked.and_then(|(_, rest)| rest.split(':').next())
}
