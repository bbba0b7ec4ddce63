"""Another test of the same run, which does something to the shared server while its neighbour is in the middle."""

import json
import os
import time

import httpx
from conftest import ADMIN, MLFLOW


def test_neighbour():
    signal, words = os.environ["CASE_SIGNAL"], os.environ["CASE_NEIGHBOUR"].split(" ", 2)
    end = time.monotonic() + 20
    # The proxy makes the file when its neighbour is where it can be hit.
    while not os.path.exists(signal):
        assert time.monotonic() < end, "the neighbour never came"
        time.sleep(0.02)
    body = json.loads(words[2]) if len(words) > 2 else None
    path = MLFLOW + "/api/2.0/mlflow/" + words[1]
    httpx.request(words[0], path, json=body, auth=ADMIN, timeout=5).raise_for_status()
