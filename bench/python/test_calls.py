"""200 tests with one call each."""

import os

import pytest
import requests

SESSION = requests.Session()


@pytest.mark.parametrize("number", range(1, 201))
def test_gets_an_item(number):
    answer = SESSION.get(f"{os.environ['BENCH_SERVICE']}/items/{number}")
    assert answer.json()["path"] == f"/items/{number}"
