"""A small project as a user has one: nothing of Flakescope is in it."""

import os
import unittest
import urllib.request

import httpx
import pytest
import requests

BILLING = os.environ["BILLING"]


@pytest.fixture(scope="module")
def session():
    with requests.Session() as session:
        yield session


class TestBilling:
    @pytest.mark.parametrize("plan", ["free", "team"])
    def test_charges(self, session, plan):
        response = session.post(BILLING + "/refuse", json={"plan": plan})
        assert response.status_code == 200, response.text

    def test_knows_its_plans(self, session):
        assert session.get(BILLING + "/fine").json() == {"ok": True}


def test_is_reached_otherwise():
    assert httpx.get(BILLING + "/fine", trust_env=False).json() == {"ok": True}
    assert urllib.request.urlopen(BILLING + "/fine").status == 200


@pytest.mark.skip(reason="no invoices yet")
def test_sends_invoices():
    pass


class Totals(unittest.TestCase):
    def test_adds_up(self):
        self.assertEqual(1 + 1, 3)
