"""Captures calls that an interceptor answers in the place of the network: respx, responses, vcrpy. Each is told where it
has chosen its answer, so that what it lets pass is told by the client that makes it, and by nobody else."""

import io
from urllib.parse import urlsplit

from . import exchange, frames
from .exchange import Exchange
from .headers import pairs_of

_DEFAULT_PORTS = {"http": 80, "https": 443}
_recorder = None


class MockedCall:
    """A call that `by` answers. `headers` are pairs, `body` is bytes, text, or what nobody can see without taking it."""

    def __init__(self, by, method, url, headers, body):
        self.exchange = Exchange(_recorder, by, str(method).upper())
        self.exchange.attributes["flakescope.mocked"] = by
        parts = urlsplit(str(url))
        self.exchange.target(str(url), parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme))
        self.exchange.request_head(pairs_of(headers))
        self.exchange.request_body.add_given(body)

    def answered(self, status, headers, body):
        self.exchange.response_head(int(status), None, pairs_of(headers))
        self.exchange.response_body.add_given(body)
        self.exchange.end(complete=True)

    def raised(self, error):
        if not isinstance(error, Exception):
            self.exchange.abandon()
            return
        self.exchange.failed(error)
        self.exchange.end(complete=False)


def install_respx(recorder, module):
    """`module` is `respx.router`, just imported."""
    _prepare(recorder)
    frames.around(module.Router, "handler", _respx, _respx_over)
    frames.around_async(module.Router, "async_handler", _respx, _respx_over)


def _respx(_router, request, *args, **kwargs):
    return MockedCall("respx", request.method, request.url, request.headers.raw, getattr(request, "_content", None))


def _respx_over(call, response, error, *args, **kwargs):
    if type(error).__name__ == "PassThrough":
        call.exchange.discard()
    elif error is not None:
        call.raised(error)
    else:
        call.answered(response.status_code, response.headers.raw, getattr(response, "_content", None))


def install_responses(recorder, module):
    """`module` is `responses`, just imported."""
    _prepare(recorder)
    for name in ("Response", "CallbackResponse"):
        frames.around(getattr(module, name), "get_response", _responses, _responses_over)


def _responses(_mock, request, *args, **kwargs):
    return MockedCall("responses", request.method, request.url, request.headers.items(), request.body)


def _responses_over(call, response, error, *args, **kwargs):
    if error is not None:
        call.raised(error)
        return
    file = getattr(response, "_fp", None)
    call.answered(response.status, response.headers.items(), file.getvalue() if isinstance(file, io.BytesIO) else None)


def install_vcr(recorder, module):
    """`module` is `vcr.cassette`, just imported."""
    _prepare(recorder)
    frames.around(module.Cassette, "play_response", _vcr, _vcr_over)


def _vcr(_cassette, request, *args, **kwargs):
    body = getattr(request, "_body", None)
    return MockedCall("vcrpy", request.method, request.uri, dict(request.headers).items(), body)


def _vcr_over(call, response, error, *args, **kwargs):
    if error is not None:
        call.raised(error)
        return
    status = response["status"]["code"] if "status" in response else response["status_code"]
    headers = [(name, value) for name, values in response["headers"].items() for value in _list(values)]
    content = response["body"]["string"] if "body" in response else response.get("content")
    call.answered(status, headers, content)


def _prepare(recorder):
    global _recorder
    exchange.prepare(recorder)
    _recorder = recorder


def _list(values):
    return values if isinstance(values, (list, tuple)) else [values]
