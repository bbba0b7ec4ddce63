"""Turns whatever was raised into the words of a record: the event `exception`, and the error of a call."""

import errno

STACK_CHARACTERS = 64 * 1024
CAUSES = 5

# What the operating system says by a class of its own.
_CODES = (
    (ConnectionRefusedError, "ECONNREFUSED"),
    (ConnectionResetError, "ECONNRESET"),
    (ConnectionAbortedError, "ECONNRESET"),
    (BrokenPipeError, "EPIPE"),
)
# Clients that wrap these errors in classes of their own, by the name of the class.
_NAMES = {
    "RemoteDisconnected": "ECONNRESET", "ServerDisconnectedError": "ECONNRESET", "IncompleteRead": "ECONNRESET",
    "ClientPayloadError": "ECONNRESET", "RemoteProtocolError": "ECONNRESET",
}
_CERTIFICATE = {
    9: "CERT_NOT_YET_VALID", 10: "CERT_HAS_EXPIRED", 18: "DEPTH_ZERO_SELF_SIGNED_CERT",
    19: "SELF_SIGNED_CERT_IN_CHAIN", 20: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", 21: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    62: "ERR_TLS_CERT_ALTNAME_INVALID", 64: "ERR_TLS_CERT_ALTNAME_INVALID",
}
# Numbers of getaddrinfo, which are not those of the system's errors.
_RESOLVER = {-2: "ENOTFOUND", -3: "EAI_AGAIN", -4: "EAI_FAIL", -5: "ENOTFOUND"}


def type_of(error):
    """The class by its name, with its module where that says something."""
    kind = type(error)
    module = getattr(kind, "__module__", None)
    return kind.__qualname__ if module in (None, "builtins", "__main__") else "{}.{}".format(module, kind.__qualname__)


def message_of(error):
    try:
        return str(error)
    except Exception:
        return "(a message that cannot be had)"


def chain_of(error):
    """The error and what it came of, nearest first."""
    found = []
    while error is not None and error not in found and len(found) <= CAUSES:
        found.append(error)
        cause = error.__cause__
        error = cause if cause is not None else (None if error.__suppress_context__ else error.__context__)
    return found


def is_timeout(error):
    """Whether the caller's own time limit cut the call."""
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return getattr(error, "errno", None) != errno.ETIMEDOUT
    return type(error).__name__ == "timeout"


def code_of(error):
    """The code of a failed call, as `ECONNREFUSED`, where there is one; of a wrapped failure that of its cause."""
    for link in chain_of(error):
        code = _own_code(link)
        if code:
            return code
    return type(error).__name__


def _own_code(error):
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code
    name = type(error).__name__
    if name in _NAMES:
        return _NAMES[name]
    if name == "gaierror":
        return _RESOLVER.get(error.errno, "ENOTFOUND")
    if name == "SSLCertVerificationError":
        return _certificate_code(error)
    if name == "SSLError":
        return _wrapped_certificate_code(error) or "EPROTO"
    # Several addresses were tried; the last one's error is told.
    inner = getattr(error, "os_error", None)
    if isinstance(inner, BaseException) and inner is not error:
        return _own_code(inner)
    return errno.errorcode.get(getattr(error, "errno", None)) if isinstance(error, OSError) else None


def _certificate_code(error):
    return _CERTIFICATE.get(getattr(error, "verify_code", None), "UNABLE_TO_VERIFY_LEAF_SIGNATURE")


def _wrapped_certificate_code(error):
    """What is wrong with a certificate, of an error that urllib3 and requests hold as an argument or a reason instead of
    raising from it."""
    for _ in range(CAUSES):
        held = [getattr(error, "reason", None), *error.args[:1]]
        error = next((one for one in held if isinstance(one, BaseException)), None)
        if error is None:
            return None
        if type(error).__name__ == "SSLCertVerificationError":
            return _certificate_code(error)
    return None


def stack_of(error):
    """The stack as Python prints it, with its causes."""
    import traceback

    try:
        text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    except Exception:
        return "{}: {}".format(type_of(error), message_of(error))
    if len(text) <= STACK_CHARACTERS:
        return text.rstrip("\n")
    # The end says what was raised and where.
    return "…" + text[-STACK_CHARACTERS:].rstrip("\n")


def describe(error, phase=None, compared=None):
    """The attributes of the event for a raised value. `compared` are what an assertion expected and got, as JSON."""
    attributes = {
        "exception.type": type_of(error), "exception.message": message_of(error), "exception.stacktrace": stack_of(error),
    }
    if phase:
        attributes["flakescope.failure.phase"] = phase
    if compared:
        expected, actual = compared
        attributes["flakescope.assertion.expected"] = expected
        attributes["flakescope.assertion.actual"] = actual
    return attributes
