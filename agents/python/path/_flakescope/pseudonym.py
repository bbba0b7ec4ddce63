"""Keyed hashes (protocol/masking.md). The library's functions are taken hold of when the first client is loaded: before
a test can have replaced them."""

import hmac
import re

_MASKED = re.compile(r"\[masked:[0-9a-f]{4}:[0-9a-f]{12}\]")


class _Functions:
    """Kept in an object, as in `natives`. `key` is None when there is none to be read."""

    __slots__ = ("new", "digest", "key", "key_id")


_f = _Functions()
_f.new = hmac.new
_f.digest = hmac.digest
_f.key = None
_f.key_id = "0000"


def configure(config):
    _f.key = config.key
    _f.key_id = config.key_id


def digest(value):
    """The keyed hash of a whole value as hex; None without a key."""
    return None if _f.key is None else _f.digest(_f.key, value, "sha256").hex()


def hasher():
    """A keyed hash to be fed piece by piece; None without a key."""
    return None if _f.key is None else _f.new(_f.key, digestmod="sha256")


def pseudonym(value):
    """12 hex digits that stand for `value`; zeros when there is no key, so that nothing can be learned."""
    found = digest(value.encode("utf-8", "surrogateescape"))
    return found[:12] if found else "000000000000"


def masked(value):
    """What takes the place of a secret."""
    if _MASKED.fullmatch(value):
        return value
    return "[masked:{}:{}]".format(_f.key_id, pseudonym(value))
