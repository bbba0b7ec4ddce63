"""What the tests of the bakery share: the broker's API, a virtual host with its accounts, the dispatcher."""

import json
import os
import socket
import ssl
import subprocess
import sys
import time

import httpx
import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

BROKER = os.environ.get("BROKER_URL", "http://localhost:15672")
SAFE_BROKER = os.environ.get("SAFE_BROKER_URL", "https://broker.test:15671")
DISPATCHER = "http://127.0.0.15:12130"
NO_LIMIT = os.environ.get("CASE_NO_CLIENT_TIMEOUT") == "1"
TIMEOUT = 60 if NO_LIMIT else float(os.environ.get("CASE_TIMEOUT", "4"))
OPS = (os.environ.get("BROKER_USER", "ops"), os.environ.get("BROKER_PASSWORD", "rye-and-spelt"))


def until(look, seconds=12.0, pause=0.3):
    """What `look` finds once it finds something; an error after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"still nothing after {seconds} seconds")
        time.sleep(pause)


class Api:
    """The management API, as somebody; a gateway that is busy is asked three times."""

    def __init__(self, user=OPS, url=BROKER):
        trusted = ssl.create_default_context(cafile=os.environ["BROKER_CA"]) if url.startswith("https") else True
        self.client = httpx.Client(base_url=url + "/api", auth=user, timeout=TIMEOUT, verify=trusted)

    def call(self, method, path, body=None, **more):
        for pause in (0.2, 0.4, None):
            response = self.client.request(method, path, json=body, **more)
            if response.status_code not in (502, 503) or pause is None:
                return response
            time.sleep(pause)

    def ask(self, method, path, body=None, **more):
        response = self.call(method, path, body, **more)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    def publish(self, exchange, key, payload, **properties):
        message = {"routing_key": key, "payload": payload, "payload_encoding": "string", "properties": properties}
        return self.ask("POST", f"/exchanges/bakery/{exchange}/publish", message)["routed"]

    def take(self, queue, count=10, ackmode="ack_requeue_false"):
        return self.ask(
            "POST", f"/queues/bakery/{queue}/get", {"count": count, "ackmode": ackmode, "encoding": "auto"}
        )

    def queue(self, name, **arguments):
        self.ask("PUT", f"/queues/bakery/{name}", {"durable": True, "arguments": arguments})


@pytest.fixture
def ops():
    api = Api()
    yield api
    api.client.close()


def make_account(ops, name, password, tags="", configure="^$", write="^$", read="^$"):
    ops.ask("PUT", f"/users/{name}", {"password": password, "tags": tags})
    ops.ask("PUT", f"/permissions/bakery/{name}", {"configure": configure, "write": write, "read": read})


@pytest.fixture
def bakery(ops):
    """The virtual host of the bakery, with nothing in it."""
    ops.ask("PUT", "/vhosts/bakery", {"description": "orders of the day", "tags": "test"})
    ops.ask("PUT", "/permissions/bakery/ops", {"configure": ".*", "write": ".*", "read": ".*"})
    yield ops
    ops.ask("DELETE", "/vhosts/bakery")


@pytest.fixture
def session():
    """For tests that take requests: GET is tried again when a gateway is busy."""
    with requests.Session() as session:
        retry = Retry(2, status_forcelist=[502, 503], backoff_factor=0.2, raise_on_status=False)
        session.mount("http://", HTTPAdapter(max_retries=retry))
        session.auth = OPS
        yield session


class Dispatcher:
    """The dispatcher as its pages use it."""

    def __init__(self, user="ada@bakery.test"):
        self.headers = {"X-User": user}

    def call(self, method, path, body=None):
        # Longer than the dispatcher may take with its own calls.
        return requests.request(method, DISPATCHER + path, json=body, headers=self.headers, timeout=TIMEOUT * 3)

    def ask(self, method, path, body=None):
        response = self.call(method, path, body)
        assert response.ok, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    def order(self, city="kiel", express=False, **counts):
        lines = [{"bread": bread, "count": count} for bread, count in (counts or {"rye": 1}).items()]
        return self.ask("POST", "/orders", {"city": city, "express": express, "lines": lines})

    def run(self, courier, most=5):
        return self.ask("POST", "/runs", {"courier": courier, "most": most})["orders"]


@pytest.fixture
def dispatcher(bakery):
    """The dispatcher, as a process of its own, and its day opened."""
    make_account(bakery, "dispatcher", "warm-oven", "management", ".*", ".*", ".*")
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dispatcher.py")
    process = subprocess.Popen([sys.executable, program], env={**os.environ, "BROKER_URL": BROKER})
    try:
        until(lambda: is_up(process), seconds=20, pause=0.1)
        ada = Dispatcher()
        assert ada.ask("POST", "/day") == {"bindings": ["delivered.*", "express.#", "failed", "standard.#"]}
        yield ada
    finally:
        process.terminate()
        process.wait(10)


def is_up(process):
    assert process.poll() is None, f"the dispatcher has ended with {process.returncode}"
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.15", 12130)) == 0


def payloads(messages):
    return [message["payload"] for message in messages]


def numbers(messages):
    return [json.loads(message["payload"])["number"] for message in messages]
