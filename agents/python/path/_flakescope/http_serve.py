"""One incoming request, told as a SERVER span, below the call that reached us when we know it. What its handler does
belongs there, too."""

import re

from . import context
from .exchange import arriving
from .failure import message_of, type_of
from .headers import Head
from .span import KIND_SERVER, Span

FIRST_SERVER_ERROR = 500

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_HTTP_VERSION = re.compile(r"(?:HTTP/)?(\d+(?:\.\d+)?)")


class Served:
    """A request from its head to the end of its answer. `client` and `server` are addresses with ports, or None; `headers`
    are pairs."""

    def __init__(self, recorder, method, target, version, headers, client=None, server=None, secure=False):
        head = Head(headers)
        trace, parent, attribution = _caller(head, _port(client), _port(server))
        self.span = Span(recorder, trace, method, KIND_SERVER, parent=parent, attributes=_described(method, target, client, server, secure))
        found = _HTTP_VERSION.match(str(version or ""))
        if found:
            self.span.attributes["network.protocol.version"] = found.group(1)
        self._tell(head, "request")
        self.done = False
        # Headers of the answer, as they become known.
        self._answer = []
        self.span.write()
        self._before = context.enter(context.Place(trace, self.span.id, attribution))

    def _tell(self, head, side):
        told = head.attributes(side, self.span)
        told.pop("flakescope.http.{}.header_order".format(side), None)
        self.span.attributes.update(told)

    def answers(self, status, headers=()):
        """The answer's head is known, or some of its headers: pairs."""
        self.span.attributes["http.response.status_code"] = int(status)
        self._answer += headers
        if int(status) >= FIRST_SERVER_ERROR:
            self.span.attributes["error.type"] = str(int(status))
            self.span.fail()

    def header(self, name, value):
        """Another header of the answer."""
        self._answer.append((str(name), str(value)))

    def over(self, error=None):
        """Its handler is done, or has failed."""
        if self.done:
            return
        self.done = True
        self._tell(Head(self._answer), "response")
        if error is not None:
            self.span.attributes["error.type"] = type_of(error)
            self.span.fail(message_of(error))
        context.enter(self._before)
        self.span.end()
        self.span.write()


def _described(method, target, client, server, secure):
    path, mark, query = target.partition("?")
    attributes = {
        "flakescope.span.type": "server", "http.request.method": method, "url.path": path,
        "url.scheme": "https" if secure else "http",
    }
    if mark:
        attributes["url.query"] = query
    for side, address in (("client", client), ("server", server)):
        if isinstance(address, (tuple, list)) and address:
            attributes[side + ".address"] = str(address[0])
            if _port(address):
                attributes[side + ".port"] = _port(address)
    return attributes


def _port(address):
    return int(address[1]) if isinstance(address, (tuple, list)) and len(address) > 1 and address[1] else None


def _caller(head, client_port, server_port):
    """The caller: by its header, else by the connection when it is in this process, else the only running test."""
    named = _TRACEPARENT.match((head.first("traceparent") or "").strip())
    caller = arriving(client_port, server_port)
    if named and not (caller and caller.span.trace.trace_id == named.group(1)):
        return _known(named.group(1)), named.group(2), "traceparent"
    if caller is not None:
        return caller.span.trace, caller.span.id, caller.attributes["flakescope.attribution"]
    only = context.only_running()
    if only is not None:
        return only.trace, only.span_id, "only-running-test"
    return context.Trace(is_test=False), None, "none"


def _known(trace_id):
    """A trace of this process with that identifier, else one that is only continued here."""
    for place in context.running:
        if place.trace.trace_id == trace_id:
            return place.trace
    return context.Trace(is_test=False, trace_id=trace_id)
