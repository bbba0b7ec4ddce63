"""Another test of the same run, which tidies up what it shares with its neighbour in the middle of that."""

import os
import time

import requests
import stripe


def test_neighbour():
    signal, words = os.environ["CASE_SIGNAL"], os.environ["CASE_NEIGHBOUR"].split(" ")
    end = time.monotonic() + 20
    # The proxy makes the file when its neighbour is where it can be hit.
    while not os.path.exists(signal):
        assert time.monotonic() < end, "the neighbour never came"
        time.sleep(0.02)
    headers = {"Authorization": f"Bearer {stripe.api_key}"}
    data = dict(word.split("=", 1) for word in words[2:])
    requests.request(words[0], stripe.api_base + words[1], data=data, headers=headers, timeout=4).raise_for_status()
