import asyncio
import http.client
import urllib.error
import urllib.request

import aiohttp
import httpx
import pytest
import requests
from clients import BASE

HOST = BASE.partition("//")[2]


def urllib_status(path):
    try:
        urllib.request.urlopen(BASE + path)
    except urllib.error.HTTPError as error:
        return error.code


def http_client_status(path):
    connection = http.client.HTTPConnection(HOST)
    connection.request("GET", path)
    response = connection.getresponse()
    response.close()
    connection.close()
    return response.status


def requests_status(path):
    with requests.get(BASE + path, stream=True) as response:
        return response.status_code


def httpx_status(path):
    with httpx.stream("GET", BASE + path, trust_env=False) as response:
        return response.status_code


def httpx_async_status(path):
    async def run():
        async with httpx.AsyncClient(trust_env=False) as client, client.stream("GET", BASE + path) as response:
            return response.status_code

    return asyncio.run(run())


def aiohttp_status(path):
    async def run():
        async with aiohttp.ClientSession() as session, session.get(BASE + path) as response:
            return response.status

    return asyncio.run(run())


@pytest.mark.parametrize("path", ["/429", "/429-chunked", "/429-halfway"])
@pytest.mark.parametrize(
    "status_of",
    [urllib_status, http_client_status, requests_status, httpx_status, httpx_async_status, aiohttp_status],
    ids=["urllib", "http.client", "requests", "httpx", "httpx-async", "aiohttp"],
)
def test_looks_at_the_status(status_of, path):
    assert status_of(path) == 429


def test_holds_on_to_the_answer():
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(BASE + "/429-halfway")
    assert caught.value.code == 429
    # As a module does that remembers its last failure.
    test_holds_on_to_the_answer.kept = caught.value
