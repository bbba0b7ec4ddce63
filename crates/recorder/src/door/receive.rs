//! The routes of the door: a request to a delivery, and what its sender is told.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Response};
use axum::routing::post;
use model::GapKind;
use otlp::response::PartialSuccess;
use otlp::{Encoding, Limits, Signal};
use tokio::sync::Semaphore;
use tokio::task;
use tokio::time::timeout;

use super::activity::Activity;
use super::answer::{self, Refusal};
use super::body::{self, BodyError, Coding};
use super::inbox::{Delivery, Inbox, Loss};
use super::loss;

/// Bodies that are read or decoded at the same time; further requests wait. Bounds the memory of all of them.
const AT_ONCE: usize = 8;
/// A client that has not sent its whole body after so long is not waited for.
const LONGEST_READ: Duration = Duration::from_secs(30);
/// A header that holds the token, for clients that cannot set `Authorization`.
const TOKEN_HEADER: &str = "x-flakescope-token";

/// Keeps a delivery durably, or says why not. Called where it may block.
pub type Keep = Arc<dyn Fn(Delivery) -> Result<(), NotKept> + Send + Sync>;

/// Why a delivery was not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// Too much at once.
    #[error("too much came in at once")]
    Busy,
    /// The store could not be written.
    #[error("the store could not be written")]
    Store,
}

/// Who takes what comes in.
#[derive(Clone)]
pub enum Taker {
    /// A run. Its exporters are always told of success, because an error there turns suites red: what cannot be kept is a
    /// gap.
    Run {
        /// Where what came in waits for the recorder.
        inbox: Arc<Inbox>,
        /// What a client must show, if anything. What one that does not has sent is a gap too.
        token: Option<String>,
    },
    /// A server. Success is what is on disk; anything else is refused as OTLP wants it.
    Server {
        /// Keeps what came in.
        keep: Keep,
        /// What a client must show, if anything.
        token: Option<String>,
    },
}

impl Taker {
    /// Whether a request may come in, by what it shows.
    fn knows(&self, headers: &HeaderMap) -> bool {
        let (Self::Run { token, .. } | Self::Server { token, .. }) = self;
        token.as_ref().is_none_or(|token| shows(token, headers))
    }
}

struct Receiver {
    taker: Taker,
    activity: Arc<Activity>,
    slots: Arc<Semaphore>,
}

/// The routes `/v1/traces`, `/v1/logs`, `/v1/metrics`, and traces at `/`; what else is asked for goes to `otherwise`.
pub fn router(taker: Taker, otherwise: Router) -> Router {
    routes(taker, Arc::default(), otherwise)
}

pub(super) fn routes(taker: Taker, activity: Arc<Activity>, otherwise: Router) -> Router {
    let receiver = Arc::new(Receiver {
        taker,
        activity,
        slots: Arc::new(Semaphore::new(AT_ONCE)),
    });
    let traces =
        |State(receiver): State<Arc<Receiver>>, request| receive(receiver, Signal::Traces, request);
    let logs =
        |State(receiver): State<Arc<Receiver>>, request| receive(receiver, Signal::Logs, request);
    let metrics = |State(receiver): State<Arc<Receiver>>, request| {
        receive(receiver, Signal::Metrics, request)
    };
    Router::new()
        .route("/", post(traces).fallback_service(otherwise.clone()))
        .route("/v1/traces", post(traces))
        .route("/v1/logs", post(logs))
        .route("/v1/metrics", post(metrics))
        .with_state(receiver)
        .fallback_service(otherwise)
}

async fn receive(receiver: Arc<Receiver>, signal: Signal, request: Request) -> Response<Body> {
    let _under_way = receiver.activity.begin();
    let headers = request.headers();
    let encoding = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(Encoding::from_content_type);
    // Whoever sends neither understands JSON sooner than protobuf.
    let spoken = encoding.unwrap_or(Encoding::Json);
    if !receiver.taker.knows(headers) {
        let unknown = Outcome::unread(Refusal::Unknown, "a request did not show the token");
        return answered(&receiver.taker, spoken, signal, unknown).await;
    }
    let coding = Coding::of(headers);
    // One that is refused for its headers is read too, so that its sender hears the answer.
    let Ok(_slot) = receiver.slots.acquire().await else {
        return answer::refusal(spoken, Refusal::Busy);
    };
    let packed = timeout(LONGEST_READ, body::read(request.into_body())).await;
    let packed = packed.unwrap_or(Err(BodyError::Torn));
    let body = coding.and_then(|coding| Ok((coding, packed?)));
    let outcome = match (encoding, body) {
        (None, _) => Outcome::unread(
            Refusal::UnknownType,
            "a request was neither protobuf nor JSON",
        ),
        (Some(_), Err(error)) => Outcome::unread(refused(error), error.detail()),
        (Some(encoding), Ok((coding, packed))) => {
            let read = task::spawn_blocking(move || read(encoding, signal, coding, packed)).await;
            read.unwrap_or_else(|_| Outcome::unread(Refusal::Malformed, "a defect of the decoder"))
        }
    };
    answered(&receiver.taker, spoken, signal, outcome).await
}

/// Hands on what became of a request, and tells its sender.
async fn answered(
    taker: &Taker,
    spoken: Encoding,
    signal: Signal,
    outcome: Outcome,
) -> Response<Body> {
    match taker {
        Taker::Run { inbox, .. } => {
            let partial = into_inbox(inbox, outcome);
            answer::success(spoken, signal, partial.as_ref())
        }
        Taker::Server { keep, .. } => match into_store(keep, outcome).await {
            Ok(partial) => answer::success(spoken, signal, partial.as_ref()),
            Err(refusal) => answer::refusal(spoken, refusal),
        },
    }
}

/// What became of a request that was received.
enum Outcome {
    /// It was read, with what its sender is to be told.
    Read(Delivery, Option<PartialSuccess>),
    /// Nothing of it can be had.
    Unread(Refusal, Loss),
}

impl Outcome {
    fn unread(refusal: Refusal, detail: &'static str) -> Self {
        Self::Unread(refusal, Loss::of_run(GapKind::OtlpRejected, 1, detail))
    }
}

fn read(encoding: Encoding, signal: Signal, coding: Coding, packed: Vec<u8>) -> Outcome {
    let body = match body::unpack(coding, packed) {
        Ok(body) => body,
        Err(error) => return Outcome::unread(refused(error), error.detail()),
    };
    let decoded = otlp::decode(encoding, signal, &body, &Limits::default());
    if decoded.is_unreadable() {
        return Outcome::unread(Refusal::Malformed, "a request was malformed");
    }
    let partial = loss::partial(&decoded, signal);
    let losses = loss::losses(&decoded);
    let delivery = Delivery {
        spans: decoded.spans,
        logs: decoded.logs,
        measured: decoded.measured,
        losses,
        bytes: body.len(),
    };
    Outcome::Read(delivery, partial)
}

fn into_inbox(inbox: &Inbox, outcome: Outcome) -> Option<PartialSuccess> {
    match outcome {
        Outcome::Read(delivery, partial) => {
            let records = delivery.spans.len() + delivery.logs.len();
            if inbox.put(delivery) {
                return partial;
            }
            Some(PartialSuccess {
                rejected: records as u64,
                message: "too much came in at once".to_owned(),
            })
        }
        Outcome::Unread(_, loss) => {
            let message = loss.detail.unwrap_or_default().to_owned();
            inbox.lose(loss);
            Some(PartialSuccess {
                rejected: 0,
                message,
            })
        }
    }
}

async fn into_store(keep: &Keep, outcome: Outcome) -> Result<Option<PartialSuccess>, Refusal> {
    let (delivery, partial) = match outcome {
        Outcome::Read(delivery, partial) => (delivery, partial),
        Outcome::Unread(refusal, _) => return Err(refusal),
    };
    if delivery.spans.is_empty() && delivery.logs.is_empty() && delivery.losses.is_empty() {
        return Ok(partial);
    }
    let keep = Arc::clone(keep);
    match task::spawn_blocking(move || keep(delivery)).await {
        Ok(Ok(())) => Ok(partial),
        Ok(Err(NotKept::Busy)) => Err(Refusal::Busy),
        Ok(Err(NotKept::Store)) | Err(_) => Err(Refusal::NotKept),
    }
}

fn refused(error: BodyError) -> Refusal {
    match error {
        BodyError::TooLong => Refusal::TooLong,
        BodyError::UnknownCoding => Refusal::UnknownType,
        BodyError::Undecodable | BodyError::Torn => Refusal::Malformed,
    }
}

/// Whether a request shows the token, in one of the ways that exporters can.
fn shows(token: &str, headers: &HeaderMap) -> bool {
    let authorization = headers
        .get_all(AUTHORIZATION)
        .iter()
        .filter_map(|value| value.to_str().ok()?.trim().split_once(' '))
        .filter(|(scheme, _)| {
            let known = ["bearer", "lumigotoken"];
            known.iter().any(|known| scheme.eq_ignore_ascii_case(known))
        })
        .map(|(_, shown)| shown.trim());
    let named = headers.get_all(TOKEN_HEADER).iter();
    let mut shown = authorization.chain(named.filter_map(|value| value.to_str().ok()));
    shown.any(|shown| is_equal(shown, token))
}

/// Compares in a time that does not tell how much was right.
fn is_equal(shown: &str, token: &str) -> bool {
    let pairs = shown.bytes().zip(token.bytes());
    let differing = pairs.fold(0, |bits, (one, other)| bits | (one ^ other));
    shown.len() == token.len() && differing == 0
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_token_is_shown_in_a_header() {
        let check = |name: &'static str, value: &'static str, expected: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            assert_eq!(shows("t0ken", &headers), expected, "{name}: {value}");
        };
        check("authorization", "Bearer t0ken", true);
        check("authorization", "bearer  t0ken", true);
        check("authorization", "LumigoToken t0ken", true);
        check("authorization", "Basic t0ken", false);
        check("authorization", "t0ken", false);
        check("authorization", "Bearer t0ke", false);
        check("authorization", "Bearer t0kenn", false);
        check("x-flakescope-token", "t0ken", true);
        check("x-flakescope-token", "", false);
        check("cookie", "t0ken", false);
    }
}
