"""What the tests of the ferry line share: limits for the client, etcd's gateway asked by hand, log-ins, the berth office.

etcd3gw waits for ever and tries once unless it is told otherwise, so its sessions get limits here.
"""

import base64
import os
import resource
import socket
import subprocess
import sys
import time

import httpx
import pytest
import requests
from etcd3gw.client import Etcd3Client
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

ETCD = os.environ.get("FERRY_ETCD", "http://localhost:2379")
OVER_TLS = "config.ferry.test"
HARBOUR = "http://127.0.0.16:12140"
NO_LIMIT = os.environ.get("CASE_NO_CLIENT_TIMEOUT") == "1"
TIMEOUT = 60 if NO_LIMIT else float(os.environ.get("CASE_TIMEOUT", "4"))
RETRIES = int(os.environ.get("CASE_RETRIES", "2"))
ROOT, OFFICE = ("root", "tide-table"), ("harbour", "bollard-9")


def session():
    """A session that tries again when it is told that there is too much to do."""
    made = requests.Session()
    again = Retry(
        total=RETRIES, status_forcelist=(429, 503), allowed_methods=None, backoff_factor=0.1, raise_on_status=False
    )
    made.mount("http://", HTTPAdapter(max_retries=again))
    made.mount("https://", HTTPAdapter(max_retries=again))
    return made


def limit():
    plain = Etcd3Client.__init__

    def limited(self, *arguments, **options):
        options["timeout"] = options.get("timeout") or TIMEOUT
        if "session" not in options:
            options["session"] = session()
            options["session"].verify = options.get("ca_cert") or True
        plain(self, *arguments, **options)

    Etcd3Client.__init__ = limited


limit()


def coded(text):
    return base64.b64encode(text.encode()).decode()


def plain(word):
    return base64.b64decode(word).decode()


def end_of(prefix):
    """The first key behind all that begin with this."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


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


class Refused(Exception):
    def __init__(self, status, text):
        super().__init__(f"{status}: {text}")
        self.status = status


class Gateway:
    """etcd's gateway, asked by hand; keys and values are text here."""

    def __init__(self, url=ETCD, verify=True):
        self.client = httpx.Client(base_url=url, timeout=TIMEOUT, verify=verify)

    def ask(self, path, **body):
        answer = self.client.post("/v3" + path, json=body)
        if answer.status_code != 200:
            raise Refused(answer.status_code, answer.text)
        return answer.json()

    def log_in(self, name, password):
        token = self.ask("/auth/authenticate", name=name, password=password)["token"]
        self.client.headers["Authorization"] = token
        return token

    def put(self, key, value, **more):
        return self.ask("/kv/put", key=coded(key), value=coded(value), **more)

    def range(self, key, end=None, **more):
        if end:
            more["range_end"] = coded(end)
        return self.ask("/kv/range", key=coded(key), **more)

    def under(self, prefix, **more):
        """All keys that begin so, with their values."""
        found = self.range(prefix, end_of(prefix), **more).get("kvs", [])
        return {plain(one["key"]): plain(one.get("value", "")) for one in found}

    def delete(self, key, end=None, **more):
        if end:
            more["range_end"] = coded(end)
        return self.ask("/kv/deleterange", key=coded(key), **more)


@pytest.fixture
def etcd():
    return Etcd3Client(port=2379, api_path="/v3/")


@pytest.fixture
def gateway():
    return Gateway()


def let_in(gateway, account, role, prefix, kind="READWRITE"):
    """An account that may do so much below a prefix."""
    gateway.ask("/auth/user/add", name=account[0], password=account[1])
    gateway.ask("/auth/role/add", name=role)
    if prefix:
        permission = {"permType": kind, "key": coded(prefix), "range_end": coded(end_of(prefix))}
        gateway.ask("/auth/role/grant", name=role, perm=permission)
    gateway.ask("/auth/user/grant", user=account[0], role=role)


@pytest.fixture
def guarded(gateway):
    """etcd with its log-in switched on; the gateway is `root`'s."""
    let_in(gateway, ROOT, "root", None)
    gateway.ask("/auth/enable")
    gateway.log_in(*ROOT)
    yield gateway
    gateway.log_in(*ROOT)
    gateway.ask("/auth/disable")


class Office:
    """The berth office as a captain asks it."""

    def __init__(self, captain="marit"):
        self.captain, self.headers = captain, {}

    def call(self, method, path, body=None):
        # Longer than the office may take with its own calls.
        return requests.request(method, HARBOUR + path, json=body, headers=self.headers, timeout=TIMEOUT * 3)

    def ask(self, method, path, body=None):
        response = self.call(method, path, body)
        assert response.ok, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    def log_in(self, pin="1881"):
        token = self.ask("POST", "/login", {"captain": self.captain, "pin": pin})["token"]
        self.headers = {"Authorization": f"Bearer {token}"}
        return self


def is_up(process):
    assert process.poll() is None, f"the berth office has ended with {process.returncode}"
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.16", 12140)) == 0


@pytest.fixture
def office(guarded):
    """The berth office, as a process of its own, asked by captain Marit."""
    let_in(guarded, OFFICE, "office", "/harbour/")
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "harbour.py")
    folder = os.environ["HARBOUR_CLOCK"]
    variables = {**os.environ, "ETCD_URL": ETCD, "LD_PRELOAD": f"{folder}/clock.so", "CLOCK_FILE": f"{folder}/clock"}
    files = int(os.environ.get("HARBOUR_FILES", "0"))

    def few_files():
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

    process = subprocess.Popen([sys.executable, program], env=variables, preexec_fn=few_files if files else None)
    until(lambda: is_up(process), seconds=20, pause=0.1)
    yield Office().log_in()
    process.terminate()
    process.wait(10)
