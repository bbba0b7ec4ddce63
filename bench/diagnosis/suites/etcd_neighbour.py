"""Another test of the same run, which does something to the shared etcd while its neighbour is in the middle.

Its keys and values are written as text in `CASE_NEIGHBOUR`, and sent as etcd wants them.
"""

import json
import os
import time

import requests
from conftest import ETCD, coded


def test_neighbour():
    signal, (path, body) = os.environ["CASE_SIGNAL"], os.environ["CASE_NEIGHBOUR"].split(" ", 1)
    end = time.monotonic() + 20
    # The proxy makes the file when its neighbour is where it can be hit.
    while not os.path.exists(signal):
        assert time.monotonic() < end, "the neighbour never came"
        time.sleep(0.02)
    words = {name: coded(word) if name in ("key", "range_end", "value") else word for name, word in json.loads(body).items()}
    requests.post(ETCD + path, json=words, timeout=4).raise_for_status()
