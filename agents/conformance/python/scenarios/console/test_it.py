import logging
import sys
import warnings

import pytest

log = logging.getLogger("shop.cart")
log.info("at import")
print("printed at import")


@pytest.fixture
def user():
    print("set up")
    yield
    print("tear down")


def test_prints(user):
    print("first line\nsecond line")
    print("to stderr", file=sys.stderr)
    log.warning("careful: %s", 7)
    log.info("filtered out")
    try:
        raise ValueError("inner")
    except ValueError:
        log.exception("it broke")
    warnings.warn("a warning")


def test_logs_at_its_own_level(caplog):
    with caplog.at_level(logging.DEBUG):
        log.debug("all of it")
    assert caplog.messages == ["all of it"]


def test_wrong_call_of_log():
    logging.raiseExceptions = False
    log.error("%d", "no number")


def test_fails():
    print("before it fails")
    assert False
