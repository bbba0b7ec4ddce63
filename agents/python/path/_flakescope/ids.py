"""Random identifiers, from the kernel: tests seed and replace the generators of `random`, and a fork shares their state."""

from .natives import n


def trace_id():
    return n.urandom(16).hex()


def span_id():
    return n.urandom(8).hex()


def instance():
    return n.urandom(4).hex()
