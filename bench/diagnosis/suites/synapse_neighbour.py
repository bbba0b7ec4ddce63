"""Another test of the same run, which tidies up what it shares with its neighbour in the middle of that."""

import os
import time

import httpx
from conftest import CHAT, register


def test_neighbour():
    signal, (method, path, *body) = os.environ["CASE_SIGNAL"], os.environ["CASE_NEIGHBOUR"].split(" ", 2)
    headers = {"Authorization": f"Bearer {register('tidy', admin=True)}"}
    end = time.monotonic() + 20
    # The proxy makes the file when its neighbour is where it can be hit.
    while not os.path.exists(signal):
        assert time.monotonic() < end, "the neighbour never came"
        time.sleep(0.02)
    with httpx.Client(base_url=CHAT, headers=headers, timeout=4) as client:
        if "{room}" in path:
            rooms = client.get("/_synapse/admin/v1/rooms").raise_for_status().json()["rooms"]
            path = path.replace("{room}", rooms[0]["room_id"])
        client.request(method, path, content=body[0] if body else None).raise_for_status()
