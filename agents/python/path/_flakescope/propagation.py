"""Whether a call may carry `traceparent`, and the header itself. Only calls that stay in the neighbourhood get one, and
never a call to a server of this very process."""

import re

from .listen import ports

# How many hosts are remembered.
HOSTS = 1000
_near = {}
_IPV4 = re.compile(r"(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}")
_NEAR_IPV6 = re.compile(r"::1?$|f[cd]|fe[89ab]")


def may_propagate(config, host, port):
    """`host` as the client named it; `port` may be None."""
    if config.propagate == "never" or not host:
        return False
    name = host.lower().strip("[]")
    near = _near.get(name)
    if near is None:
        near = _is_near(name)
        if len(_near) < HOSTS:
            _near[name] = near
    if near and port in ports:
        return False
    return near or name in config.declared_hosts or "{}:{}".format(name, port) in config.declared_hosts


def _is_near(name):
    """Loopback, RFC 1918, unique local and link-local addresses."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = name[7:] if name.startswith("::ffff:") else name
    match = _IPV4.fullmatch(address)
    if not match:
        return ":" in name and bool(_NEAR_IPV6.match(name))
    first, second = int(match.group(1)), int(match.group(2))
    return (
        first in (127, 10)
        or address == "0.0.0.0"
        or (first == 172 and 16 <= second <= 31)
        or (first == 192 and second == 168)
        or (first == 169 and second == 254)
    )


def traceparent(span):
    """The value of the header for a call made by `span`."""
    return "00-{}-{}-01".format(span.trace.trace_id, span.id)
