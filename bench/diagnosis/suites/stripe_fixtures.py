"""What the tests of the tea club share: the SDK set up, a customer with a card, a plan, the shop."""

import os
import socket
import subprocess
import sys
import time

import pytest
import requests
import stripe

SHOP = "http://127.0.0.14:12120"
NO_LIMIT = os.environ.get("CASE_NO_CLIENT_TIMEOUT") == "1"
TIMEOUT = 60 if NO_LIMIT else float(os.environ.get("CASE_TIMEOUT", "4"))

stripe.api_key = os.environ.get("STRIPE_KEY", "sk_test_tests9wQz7LmT")
stripe.api_base = os.environ.get("STRIPE_URL", "http://localhost:12111")
stripe.max_network_retries = int(os.environ.get("CASE_RETRIES", "2"))
stripe.default_http_client = stripe.RequestsClient(timeout=TIMEOUT)
stripe.ca_bundle_path = os.environ["STRIPE_CA"]

GOOD_CARD, CARD_WITHOUT_MONEY, CARD_THAT_ASKS = "4242424242424242", "4000000000000341", "4000002500003155"


def new_card(number=GOOD_CARD):
    return stripe.PaymentMethod.create(type="card", card={"number": number, "exp_month": 11, "exp_year": 2031, "cvc": "314"})


def until(look, seconds=5.0, pause=0.25):
    """What `look` finds once it finds something; an error after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"still nothing after {seconds} seconds")
        time.sleep(pause)


@pytest.fixture
def customer():
    card = new_card()
    customer = stripe.Customer.create(
        email="earl@tea.test", payment_method=card.id, invoice_settings={"default_payment_method": card.id}
    )
    yield customer
    stripe.Customer.delete(customer.id)


@pytest.fixture
def plan():
    product = stripe.Product.create(name="Tea club", metadata={"leaves": "black"})
    plan = stripe.Plan.create(id="tea-monthly", product=product.id, amount=900, currency="eur", interval="month")
    yield plan
    stripe.Plan.delete(plan.id)
    stripe.Product.delete(product.id)


@pytest.fixture
def yearly(plan):
    yearly = stripe.Plan.create(id="tea-yearly", product=plan.product, amount=9000, currency="eur", interval="year")
    yield yearly
    stripe.Plan.delete(yearly.id)


class Shop:
    """The shop as its pages use it."""

    def __init__(self, user="earl@tea.test"):
        self.headers = {"X-User": user}

    def call(self, method, path, body=None):
        # Longer than the shop may take with its own calls.
        return requests.request(method, SHOP + path, json=body, headers=self.headers, timeout=TIMEOUT * 3)

    def ask(self, method, path, body=None):
        response = self.call(method, path, body)
        assert response.ok, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    def check_out(self, number=GOOD_CARD, **more):
        return self.ask("POST", "/orders", {"plan": "tea-monthly", "card": new_card(number).id, **more})


@pytest.fixture
def shop(plan):
    """The shop, as a process of its own, with nothing in it."""
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shop.py")
    process = subprocess.Popen([sys.executable, program], env={**os.environ, "STRIPE_URL": stripe.api_base})
    until(lambda: is_up(process), seconds=20, pause=0.1)
    yield Shop()
    process.terminate()
    process.wait(10)


def is_up(process):
    assert process.poll() is None, f"the shop has ended with {process.returncode}"
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.14", 12120)) == 0
