import os

from clients import call


def test_before():
    assert call("requests", "/json")[0] == 200


def test_is_killed():
    call("requests", "/kill?pid=%d" % os.getpid())
