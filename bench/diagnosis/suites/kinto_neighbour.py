"""Another test of the same run, which does something to the shared server while its neighbour is in the middle."""

import os
import time
from urllib.parse import urljoin

import requests

from kinto_http.constants import DEFAULT_AUTH, SERVER_URL


def test_neighbour():
    signal, words = os.environ["CASE_SIGNAL"], os.environ["CASE_NEIGHBOUR"].split(" ")
    end = time.monotonic() + 20
    # The proxy makes the file when its neighbour is where it can be hit.
    while not os.path.exists(signal):
        assert time.monotonic() < end, "the neighbour never came"
        time.sleep(0.02)
    body = {"data": {"note": "overwritten"}} if words[0] == "PUT" else None
    requests.request(words[0], urljoin(SERVER_URL, words[1]), json=body, auth=DEFAULT_AUTH, timeout=5)
