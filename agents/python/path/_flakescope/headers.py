"""Headers as attributes: order kept, credentials pseudonymised, long values cut."""

import re

from .credentials import is_credential, mask_header

VALUE_CHARACTERS = 16 * 1024
# An identifier is shorter.
RETRY_GROUP_CHARACTERS = 256

_RETRY_KEY = re.compile(r"(?:stripe|stainless)-python-retry-")
# What clients repeat on each try of one logical call.
_MADE_BY_CLIENTS = ("amz-sdk-invocation-id", "x-ms-client-request-id")


class Head:
    """The head of one message: `pairs` of names and values, as on the wire."""

    __slots__ = ("pairs", "lower")

    def __init__(self, pairs):
        self.pairs = pairs
        self.lower = [(name.lower(), value) for name, value in pairs]

    def first(self, name):
        """The first value of header `name`, which is in lower case."""
        return next((value for key, value in self.lower if key == name), None)

    @property
    def is_coded(self):
        coding = self.first("content-encoding")
        return coding is not None and coding.strip().lower() not in ("", "identity")

    @property
    def has_credential(self):
        return any(is_credential(name) for name, _ in self.lower)

    @property
    def retry_group(self):
        """What clients repeat on each try of one call; of keys that a caller may choose, only those that clients make."""
        group = next(filter(None, map(self.first, _MADE_BY_CLIENTS)), None)
        if not group:
            key = self.first("idempotency-key")
            group = key if key and _RETRY_KEY.match(key) else None
        return group if group and len(group) <= RETRY_GROUP_CHARACTERS else None

    def attributes(self, side, span):
        """The headers as attributes of the `request` or `response`; `span` is told of what is cut."""
        prefix = "http.{}.header.".format(side)
        found = {}
        for name, value in self.lower:
            safe = mask_header(name, value)
            if len(safe) > VALUE_CHARACTERS:
                span.recorder.gap("header-cut", trace=span.trace.trace_id, span=span.id, detail=name)
                safe = safe[:VALUE_CHARACTERS]
            found.setdefault(prefix + name, []).append(safe)
        found["flakescope.http.{}.header_order".format(side)] = [name for name, _ in self.pairs]
        return found


def pairs_of(headers):
    """Pairs from what a client was given: a mapping or pairs, of text, bytes, or, as vcrpy has them, tuples of these."""
    items = headers.items() if hasattr(headers, "items") else headers or ()
    return [(_text(name), _text(value)) for name, value in items]


def _text(value):
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_text, value))
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def parse_lines(lines):
    """Pairs from the lines of a head, as bytes, without its first."""
    pairs = []
    for line in lines:
        name, colon, value = bytes(line).partition(b":")
        if colon and name:
            pairs.append((name.decode("latin-1"), value.strip().decode("latin-1")))
    return pairs
