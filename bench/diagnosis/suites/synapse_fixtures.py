"""What the tests of the tea club's chat share: people who are logged in, an administrator, a room, the desk."""

import asyncio
import hashlib
import hmac
import os
import socket
import subprocess
import sys
import time

import httpx
import pytest
import pytest_asyncio
import requests
from nio import AsyncClient, AsyncClientConfig, ErrorResponse

CHAT = os.environ.get("CHAT_URL", "http://chat.tea.test:8008")
DESK = "http://127.0.0.15:12150"
NO_LIMIT = os.environ.get("CASE_NO_CLIENT_TIMEOUT") == "1"
TIMEOUT = 60 if NO_LIMIT else float(os.environ.get("CASE_TIMEOUT", "4"))
SECRET = os.environ.get("CHAT_SECRET", "oolong-and-milk")
CLIENT = AsyncClientConfig(
    max_limit_exceeded=int(os.environ.get("CASE_LIMITS", "1")),
    max_timeouts=int(os.environ.get("CASE_RETRIES", "1")),
    request_timeout=TIMEOUT,
    encryption_enabled=False,
)


def ok(response):
    """What nio gave back, which tells of refusals by a kind of its own."""
    assert not isinstance(response, ErrorResponse), str(response)
    return response


async def until(look, seconds=5.0, pause=0.25):
    """What `look` finds once it finds something; an error after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        found = await look()
        if found:
            return found
        assert time.monotonic() < end, f"still nothing after {seconds} seconds"
        await asyncio.sleep(pause)


def register(name, admin=False):
    """An account with the shared secret, as whoever runs a server makes them; its token."""
    with httpx.Client(base_url=CHAT, timeout=TIMEOUT) as client:
        nonce = client.get("/_synapse/admin/v1/register").raise_for_status().json()["nonce"]
        words = [nonce, name, f"{name}-password", "admin" if admin else "notadmin"]
        mac = hmac.new(SECRET.encode(), "\0".join(words).encode(), hashlib.sha1).hexdigest()
        account = {"nonce": nonce, "username": name, "password": words[2], "admin": admin, "mac": mac}
        made = client.post("/_synapse/admin/v1/register", json=account).raise_for_status().json()
    return made["access_token"]


async def log_in(name, device="phone"):
    client = AsyncClient(CHAT, f"@{name}:tea.test", config=CLIENT)
    try:
        ok(await client.login(f"{name}-password", device_name=device))
    except BaseException:
        await client.close()
        raise
    return client


async def leave_off(client):
    try:
        if client.access_token:
            ok(await client.logout())
    finally:
        await client.close()


@pytest_asyncio.fixture
async def ada():
    register("ada")
    client = await log_in("ada")
    yield client
    await leave_off(client)


@pytest_asyncio.fixture
async def grey():
    register("grey")
    client = await log_in("grey")
    ok(await client.set_displayname("Earl Grey"))
    yield client
    await leave_off(client)


@pytest.fixture
def admin():
    """Plain HTTP with the token of an administrator."""
    token = register("warden", admin=True)
    with httpx.Client(base_url=CHAT, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT) as client:
        yield client


@pytest_asyncio.fixture
async def room(ada, grey):
    """A room of Ada's that Grey has joined."""
    room = ok(await ada.room_create(name="Tea time", invite=[grey.user_id])).room_id
    ok(await grey.join(room))
    yield room
    ok(await grey.room_leave(room))


async def say(client, room, text, **more):
    content = {"msgtype": "m.text", "body": text, **more}
    return ok(await client.room_send(room, "m.room.message", content)).event_id


def plain(client):
    """The same account by plain HTTP."""
    return httpx.AsyncClient(
        base_url=f"{CHAT}/_matrix/client/v3",
        headers={"Authorization": f"Bearer {client.access_token}"},
        timeout=TIMEOUT,
    )


class Desk:
    """The desk as its agents use it."""

    def __init__(self, agent="@grey:tea.test"):
        self.headers = {"X-Agent": agent}

    def call(self, method, path, body=None, **query):
        # Longer than the desk may take with its own calls.
        return requests.request(
            method, DESK + path, json=body, params=query, headers=self.headers, timeout=TIMEOUT * 3
        )

    def ask(self, method, path, body=None, **query):
        response = self.call(method, path, body, **query)
        assert response.ok, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    def open(self, subject="Pot is cracked", customer="@ada:tea.test"):
        return self.ask("POST", "/tickets", {"customer": customer, "subject": subject})


@pytest.fixture
def desk():
    """The desk, as a process of its own, with nothing in it."""
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "desk.py")
    process = subprocess.Popen([sys.executable, program], env={"CHAT_URL": CHAT, **os.environ})
    end = time.monotonic() + 20
    while not is_up(process):
        assert time.monotonic() < end, "the desk does not come up"
        time.sleep(0.1)
    yield Desk()
    process.terminate()
    process.wait(10)


def is_up(process):
    assert process.poll() is None, f"the desk has ended with {process.returncode}"
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.15", 12150)) == 0
