import logging
import traceback

import pytest
import requests
from clients import free_port


def refuse():
    requests.get("http://127.0.0.1:%d/" % free_port())


def test_fails_under_a_client():
    refuse()


@pytest.fixture
def broken():
    refuse()


def test_fails_under_a_fixture(broken):
    pass
