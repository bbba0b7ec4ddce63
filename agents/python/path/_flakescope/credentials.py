"""Takes from a credential what diagnosis needs, then replaces it by its pseudonym (protocol/masking.md), so that no
secret of a header ever leaves the process."""

import binascii
import re

from .natives import n
from .pseudonym import masked, pseudonym

_SECRET_NAME = re.compile(r"api-?key|token|secret|credential")
# Schemes that sign each request anew, and the parameters that name who signs, the first that is there.
_SIGNED = (
    (re.compile(r"(?:AWS|GOOG)4-", re.IGNORECASE), ("Credential",)),
    (re.compile(r"Digest$", re.IGNORECASE), ("username",)),
    (re.compile(r"Hawk$", re.IGNORECASE), ("id",)),
    (re.compile(r"OAuth$", re.IGNORECASE), ("oauth_token", "oauth_consumer_key")),
    (re.compile(r"Signature$", re.IGNORECASE), ("keyId",)),
)
# Those that write who signs before a colon.
_SIGNED_BY = re.compile(r"(?:AWS|GOOG1|SharedKey|SharedKeyLite)", re.IGNORECASE)
_PARAMETER = re.compile(r'(?:^|[\s,])([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))', re.ASCII)
_AUTHORIZATION = re.compile(r"([A-Za-z][\w.+-]*)\s+(.+)", re.DOTALL | re.ASCII)
_TOKEN = re.compile(r"[\w-]+\.([\w-]+)\.[\w-]*", re.ASCII)


def is_credential(name):
    """Whether header `name` (lower case) may present the credential of a request."""
    return name in ("authorization", "proxy-authorization", "cookie") or bool(_SECRET_NAME.search(name))


def mask_header(name, value):
    """The value of header `name` (lower case) as it may be recorded."""
    if name in ("authorization", "proxy-authorization"):
        scheme, secret = _authorization(value)
        return "{} {}".format(scheme, masked(secret)) if scheme else masked(secret)
    if name == "cookie":
        return ";".join(map(_mask_pair, value.split(";")))
    if name == "set-cookie":
        pair, separator, attributes = value.partition(";")
        return _mask_pair(pair) + separator + attributes
    return masked(value) if _SECRET_NAME.search(name) else value


def _authorization(value):
    """Splits an authorization into its scheme and the secret, or what stands for it."""
    match = _AUTHORIZATION.fullmatch(value.strip())
    if not match:
        return None, value.strip()
    scheme, rest = match.groups()
    return scheme, _signer(scheme, rest) or rest


def _signer(scheme, rest):
    """Who presents a signature, which is another one for each request; nothing where the scheme is none or does not say."""
    if _SIGNED_BY.fullmatch(scheme):
        return rest.partition(":")[0] if ":" in rest else ""
    names = next((names for pattern, names in _SIGNED if pattern.match(scheme)), ())
    found = {name: quoted or plain for name, quoted, plain in _PARAMETER.findall(rest)} if names else {}
    return next((_key_of(name, found[name]) for name in names if found.get(name)), "")


def _key_of(name, value):
    """What AWS and Google call a credential is the key's identifier and the scope of the signature."""
    return value.partition("/")[0] if name.lower().endswith("credential") else value


def _mask_pair(pair):
    name, equals, value = pair.partition("=")
    if not equals:
        return masked(pair.strip()) if pair.strip() else pair
    return name + equals + masked(value.strip())


def facts(headers):
    """The facts of the credential that the headers of a request present; they are pairs, names in lower case, values raw.
    A credential of the query is the recorder's to find: it gets the URL as it is, and knows which keys are secret."""
    found = _find(headers)
    if not found:
        return {}
    scheme, secret = found
    attributes = {
        "flakescope.credential.length": len(secret.encode("utf-8", "surrogateescape")),
        "flakescope.credential.pseudonym": pseudonym(secret),
    }
    if scheme:
        attributes["flakescope.credential.scheme"] = scheme
    attributes.update(_token_times(secret))
    return attributes


def _find(headers):
    first = {}
    for name, value in headers:
        first.setdefault(name, value)
    if "authorization" in first:
        return _authorization(first["authorization"])
    for name in first:
        if _SECRET_NAME.search(name):
            return "ApiKey", first[name]
    if "proxy-authorization" in first:
        return _authorization(first["proxy-authorization"])
    if "cookie" in first:
        return "Cookie", "; ".join(value for name, value in headers if name == "cookie")
    return None


def _token_times(secret):
    """`exp`, `nbf` and `iat` of a JSON web token."""
    match = _TOKEN.fullmatch(secret)
    if not match:
        return {}
    part = match.group(1)
    try:
        text = binascii.a2b_base64(part.translate({45: 43, 95: 47}) + "=" * (-len(part) % 4)).decode("utf-8")
        claims = n.parse(text)
        return {
            "flakescope.credential.jwt." + name: int(claims[name])
            for name in ("exp", "nbf", "iat")
            if isinstance(claims.get(name), (int, float)) and not isinstance(claims[name], bool)
        }
    except Exception:
        # Three parts with dots between them, but no web token.
        return {}
