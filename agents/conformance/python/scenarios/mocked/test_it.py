import asyncio
import os

import httpx
import pytest
import requests
import responses
import respx
import vcr

BASE = os.environ["SERVER_URL"]
API = "https://api.example"


@respx.mock
def test_respx():
    respx.post(API + "/orders").respond(429, json={"message": "Rate Exceeded"}, headers={"retry-after": "3"})
    answer = httpx.post(API + "/orders", json={"id": 7}, headers={"authorization": "Bearer never-in-spool"})
    assert answer.status_code == 429


@respx.mock
def test_respx_async():
    respx.get(API + "/orders").mock(side_effect=httpx.ReadTimeout)

    async def run():
        async with httpx.AsyncClient() as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get(API + "/orders")

    asyncio.run(run())


@respx.mock
def test_respx_lets_pass():
    respx.route(host="127.0.0.1").pass_through()
    assert httpx.get(BASE + "/json", trust_env=False).json()


@responses.activate
def test_responses():
    responses.get(API + "/orders", status=500, body="first")
    responses.get(API + "/orders", json=[1], status=200)
    assert requests.get(API + "/orders").text == "first"
    assert requests.get(API + "/orders").json() == [1]


@responses.activate
def test_responses_raises():
    responses.post(API + "/orders", body=requests.ConnectionError("gone"))
    with pytest.raises(requests.ConnectionError, match="gone"):
        requests.post(API + "/orders", data="id=7")


@responses.activate
def test_responses_lets_pass():
    responses.add_passthru(BASE)
    assert requests.get(BASE + "/json").json()


@pytest.mark.parametrize("client", ["requests", "httpx"])
def test_vcr(client, tmp_path):
    get = {"requests": lambda url: requests.get(url), "httpx": lambda url: httpx.get(url, trust_env=False)}[client]
    cassette = str(tmp_path / "cassette.yaml")
    for _ in ("recorded", "played"):
        with vcr.use_cassette(cassette):
            assert get(BASE + "/json").json()
