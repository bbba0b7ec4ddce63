import os

from clients import call


def test_passes():
    pass


def test_leaves():
    call("requests", "/json")
    os._exit(7)
