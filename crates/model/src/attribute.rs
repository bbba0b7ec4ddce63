//! Names of attributes. The table and its meaning: `protocol/attributes.md`, against which a test holds this file.

macro_rules! names {
    ($($name:ident = $text:literal;)+) => {
        $(#[doc = concat!("`", $text, "`")] pub const $name: &str = $text;)+

        /// Every name of this file.
        pub const ALL: &[&str] = &[$($name),+];
    };
}

names! {
    TEST_CASE_NAME = "test.case.name";
    TEST_SUITE_NAME = "test.suite.name";
    TEST_RESULT = "test.case.result.status";
    CODE_FILE = "code.file.path";
    CODE_LINE = "code.line.number";
    HTTP_METHOD = "http.request.method";
    HTTP_STATUS = "http.response.status_code";
    HTTP_REQUEST_BODY = "http.request.body.content";
    HTTP_RESPONSE_BODY = "http.response.body.content";
    HTTP_REQUEST_BODY_SIZE = "http.request.body.size";
    HTTP_RESPONSE_BODY_SIZE = "http.response.body.size";
    RPC_SYSTEM = "rpc.system.name";
    RPC_METHOD = "rpc.method";
    RPC_STATUS = "rpc.status_code";
    HTTP_RESEND_COUNT = "http.request.resend_count";
    URL_FULL = "url.full";
    URL_PATH = "url.path";
    URL_QUERY = "url.query";
    URL_SCHEME = "url.scheme";
    SERVER_ADDRESS = "server.address";
    SERVER_PORT = "server.port";
    CLIENT_ADDRESS = "client.address";
    CLIENT_PORT = "client.port";
    PEER_ADDRESS = "network.peer.address";
    PEER_PORT = "network.peer.port";
    PROTOCOL_VERSION = "network.protocol.version";
    ERROR_TYPE = "error.type";
    ERROR_MESSAGE = "error.message";
    EXCEPTION_TYPE = "exception.type";
    EXCEPTION_MESSAGE = "exception.message";
    EXCEPTION_STACK = "exception.stacktrace";
    SERVICE_NAME = "service.name";
    PROCESS_PID = "process.pid";
    RUNTIME_NAME = "process.runtime.name";
    RUNTIME_VERSION = "process.runtime.version";
    SPAN_TYPE = "flakescope.span.type";
    TEST_FRAMEWORK = "flakescope.test.framework";
    TEST_FRAMEWORK_VERSION = "flakescope.test.framework.version";
    TEST_SUITE = "flakescope.test.suite";
    TEST_NAME = "flakescope.test.name";
    TEST_ORDINAL = "flakescope.test.ordinal";
    TEST_PARAMETERS = "flakescope.test.parameters";
    TEST_CONFIGURATION = "flakescope.test.configuration";
    ATTEMPT_NUMBER = "flakescope.attempt.number";
    ATTEMPT_RETRIED = "flakescope.attempt.retried";
    ATTEMPT_SKIP_REASON = "flakescope.attempt.skip_reason";
    ATTEMPT_TIMEOUT_MS = "flakescope.attempt.timeout_ms";
    WORKER = "flakescope.worker";
    HOOK_TYPE = "flakescope.hook.type";
    FIXTURE_NOT_RUN = "flakescope.fixture.not_run";
    FIXTURE_NOT_RUN_TESTS = "flakescope.fixture.not_run_tests";
    PHASE = "flakescope.phase";
    ATTRIBUTION = "flakescope.attribution";
    LINK_TYPE = "flakescope.link.type";
    FAILURE_PHASE = "flakescope.failure.phase";
    ASSERTION_EXPECTED = "flakescope.assertion.expected";
    ASSERTION_ACTUAL = "flakescope.assertion.actual";
    CLIENT = "flakescope.client";
    MOCKED = "flakescope.mocked";
    WRAPS = "flakescope.wraps";
    RETRY_GROUP = "flakescope.retry.group";
    REQUEST_HEADER_ORDER = "flakescope.http.request.header_order";
    RESPONSE_HEADER_ORDER = "flakescope.http.response.header_order";
    REQUEST_BODY_HASH = "flakescope.http.request.body.hash";
    RESPONSE_BODY_HASH = "flakescope.http.response.body.hash";
    REQUEST_BODY_TRUNCATED = "flakescope.http.request.body.truncated";
    RESPONSE_BODY_TRUNCATED = "flakescope.http.response.body.truncated";
    RESPONSE_COMPLETE = "flakescope.http.response.complete";
    CONNECT_OFFSET = "flakescope.http.connect_offset_ns";
    REQUEST_OFFSET = "flakescope.http.request_offset_ns";
    FIRST_BYTE_OFFSET = "flakescope.http.first_byte_offset_ns";
    CONNECTION_REUSED = "flakescope.http.connection_reused";
    ABORTED_BY = "flakescope.http.aborted_by";
    CLIENT_TIMEOUT_MS = "flakescope.http.timeout_ms";
    RPC_REQUEST_MESSAGES = "flakescope.rpc.request.messages";
    RPC_RESPONSE_MESSAGES = "flakescope.rpc.response.messages";
    WEBSOCKET_SENT = "flakescope.websocket.sent";
    WEBSOCKET_RECEIVED = "flakescope.websocket.received";
    WEBSOCKET_CLOSE_CODE = "flakescope.websocket.close.code";
    WEBSOCKET_CLOSE_REASON = "flakescope.websocket.close.reason";
    WEBSOCKET_CLOSE_BY = "flakescope.websocket.close.by";
    WEBSOCKET_CLOSE_OFFSET = "flakescope.websocket.close.offset_ns";
    WEBSOCKET_DIRECTION = "flakescope.websocket.direction";
    WEBSOCKET_MESSAGE_SIZE = "flakescope.websocket.message.size";
    WEBSOCKET_MESSAGE_CONTENT = "flakescope.websocket.message.content";
    EVENT_LOOP_ACTIVE_MS = "flakescope.event_loop.active_ms";
    MONOTONIC_START = "flakescope.time.monotonic_start";
    CREDENTIAL_SCHEME = "flakescope.credential.scheme";
    CREDENTIAL_LENGTH = "flakescope.credential.length";
    CREDENTIAL_PSEUDONYM = "flakescope.credential.pseudonym";
    CREDENTIAL_JWT_EXP = "flakescope.credential.jwt.exp";
    CREDENTIAL_JWT_NBF = "flakescope.credential.jwt.nbf";
    CREDENTIAL_JWT_IAT = "flakescope.credential.jwt.iat";
    RUN = "flakescope.run";
    VCS_CHANGE_URL = "flakescope.vcs.change.url";
}

/// `http.request.header.`, before the header's name in lower case.
pub const HTTP_REQUEST_HEADER_PREFIX: &str = "http.request.header.";
/// `http.response.header.`, before the header's name in lower case.
pub const HTTP_RESPONSE_HEADER_PREFIX: &str = "http.response.header.";
/// The name of the event that holds a failure.
pub const EXCEPTION_EVENT: &str = "exception";

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::GapKind;

    const PAGE: &str = include_str!("../../../protocol/attributes.md");

    #[test]
    fn every_name_is_in_the_protocol() {
        let mentioned = |name: &str| {
            let short = name.strip_prefix("flakescope.credential").unwrap_or(name);
            PAGE.contains(&format!("`{name}`")) || PAGE.contains(&format!("`{short}`"))
        };
        let missing: Vec<_> = ALL.iter().filter(|name| !mentioned(name)).collect();
        assert!(
            missing.is_empty(),
            "not in protocol/attributes.md: {missing:?}"
        );
    }

    #[test]
    fn every_name_of_ours_in_the_protocol_is_here() {
        let listed = PAGE
            .lines()
            .filter_map(|line| line.strip_prefix("| `flakescope."));
        for line in listed {
            let name = format!("flakescope.{}", line.split('`').next().unwrap_or_default());
            assert!(ALL.contains(&name.as_str()), "{name} has no constant");
        }
    }

    #[test]
    fn every_gap_is_in_the_protocol() {
        for kind in GapKind::ALL {
            assert!(
                PAGE.contains(&format!("`{kind}`")),
                "{kind} is not in protocol/attributes.md"
            );
        }
    }
}
