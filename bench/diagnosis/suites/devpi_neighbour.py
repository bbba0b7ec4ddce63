"""Another test of the same run, which tidies up the index that it shares with its neighbour in the middle of that."""

import os
import time

from test_shelf import Shelf


def test_neighbour():
    signal, words = os.environ["CASE_SIGNAL"], os.environ["CASE_NEIGHBOUR"].split(" ")
    end = time.monotonic() + 20
    # The proxy makes the file when its neighbour is where it can be hit.
    while not os.path.exists(signal):
        assert time.monotonic() < end, "the neighbour never came"
        time.sleep(0.02)
    Shelf("ada", "lovelace").ask(words[0], words[1])
